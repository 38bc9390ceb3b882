import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { RecordingParts, SegmentParts } from "../../src/recording/format.ts";
import { SPIKEGLX } from "../../src/recording/formats/spikeglx/spikeglx.ts";
import { openRecording, SpikeGLXIO } from "../../src/recording/mod.ts";
import { CORPUS } from "../corpus/find.ts";
import { numbers, openParts } from "./support.ts";

const skipped = CORPUS === null ? " (skipped: no corpus)" : "";

interface GoldenSegment {
  readonly seg: number;
  readonly n_samples: number;
  readonly t_start: number;
  readonly first_5_samples_ch0: readonly number[];
  readonly last_3_samples_chlast: readonly number[];
  readonly int_sum_all: number;
  readonly ch0_min_max: readonly number[];
}

interface GoldenStream {
  readonly id: string;
  readonly name: string;
  readonly n_channels: number;
  readonly channel_names: readonly string[];
  readonly sampling_rate: number;
  readonly units: string;
  readonly gain0: number;
  readonly offset0: number;
  readonly segments: readonly GoldenSegment[];
}

interface Golden {
  readonly nb_block: number;
  readonly nb_segment: readonly number[];
  readonly streams: readonly GoldenStream[];
  readonly events: readonly { readonly name: string; readonly first_3_raw?: readonly number[] }[];
}

function goldens(): [string, Golden][] {
  if (CORPUS === null) return [];
  const all = JSON.parse(readFileSync(`${CORPUS}EXPECTED/neo_golden.json`, "utf8")) as Record<string, Golden>;
  return Object.entries(all).filter(([name]) => name.startsWith("spikeglx/"));
}

Deno.test({
  name: `SpikeGLX: every recording of the corpus reads as neo reads it, but that sync words have no volts${skipped}`,
  ignore: CORPUS === null,
  fn: async (t) => {
    for (const [name, golden] of goldens()) {
      await t.step(name, async () => {
        await using opened = await openParts(SPIKEGLX, `${CORPUS}${name}`);
        assert.ok(SPIKEGLX.recognises(opened.probe));
        await compare(opened.parts, golden);
      });
    }
  },
});

async function compare(parts: RecordingParts, golden: Golden): Promise<void> {
  assert.equal(parts.blocks.length, golden.nb_block);
  assert.deepEqual(parts.blocks.map(({ segments }) => segments.length), golden.nb_segment);
  assert.deepEqual(parts.streams.map(({ id }) => id), golden.streams.map(({ id }) => id));
  for (const [s, expected] of golden.streams.entries()) {
    const { name, dtype, channels } = parts.streams[s]!;
    assert.equal(name, expected.name);
    assert.equal(dtype, "i2");
    assert.equal(channels.length, expected.n_channels);
    const names = channels.map(({ name }) => name);
    assert.deepEqual(names.slice(0, expected.channel_names.length), expected.channel_names.slice(0, names.length));
    assert.ok(channels.every(({ samplingRate }) => samplingRate === expected.sampling_rate));
    const [{ gain, units, offset }] = channels as [typeof channels[0] & object];
    if (name.endsWith("-SYNC")) {
      // neo gives status bits in "uV".
      assert.deepEqual([gain, units], [1, ""]);
      assert.notDeepEqual([gain, units], [expected.gain0, expected.units]);
    } else {
      assert.equal(units, expected.units);
      assert.ok(Math.abs(gain / expected.gain0 - 1) < 1e-12, `${gain} is not ${expected.gain0}`);
    }
    assert.equal(offset, expected.offset0);
    for (const segment of expected.segments) {
      await compareSegment(parts.blocks[0]!.segments[segment.seg]!, s, segment);
    }
  }
  assert.deepEqual(parts.eventChannels!.map(({ name }) => name), golden.events.map(({ name }) => name));
}

async function compareSegment({ signals }: SegmentParts, stream: number, expected: GoldenSegment): Promise<void> {
  const { array, tStart } = signals[stream]!;
  assert.equal(array.shape[0], expected.n_samples);
  assert.equal(tStart, expected.t_start);
  const width = array.shape[1]!;
  const all = numbers(await array.read());
  assert.equal(all.reduce((sum, value) => sum + value, 0), expected.int_sum_all);
  const first = all.filter((_, i) => i % width === 0);
  const last = all.filter((_, i) => i % width === width - 1);
  assert.deepEqual(first.slice(0, 5), expected.first_5_samples_ch0);
  assert.deepEqual(last.slice(-3), expected.last_3_samples_chlast);
  const [least, most] = first.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  assert.deepEqual([least, most], expected.ch0_min_max);
}

Deno.test({
  name: `SpikeGLX: digital events of the corpus stand at neo's samples, by the clock of the signal${skipped}`,
  ignore: CORPUS === null,
  fn: async () => {
    const path = `${CORPUS}spikeglx/ephy_testing_data__DigitalChannelTest_g0`;
    await using opened = await openParts(SPIKEGLX, path);
    const segment = opened.parts.blocks[0]!.segments[0]!;
    const { timestamps, labels, ticksPerSecond } = await segment.events(0, {});
    // neo's own count: 163 times on, 163 times off; it leaves out that the file begins at sample 29752.
    assert.equal(timestamps.length, 326);
    const on = timestamps.filter((_, i) => labels[i] === "XD0 ON");
    assert.deepEqual(Array.from(on.slice(0, 3), (time) => time - 29752), [234, 2734, 5234]);
    assert.equal(on.length, 163);
    assert.ok(on.every((time, i) => i === 0 || Math.abs((time - on[i - 1]!) / ticksPerSecond - 1) < 0.001));
    assert.equal(timestamps[0]! / ticksPerSecond, 11.9944);
    assert.ok(timestamps[0]! / ticksPerSecond >= segment.tStart);
    for (let line = 1; line < 8; line++) assert.equal((await segment.events(line, {})).timestamps.length, 0);
  },
});

/** Headers without samples: what a row of zeros beside them reads as. */
const HEADERS: Readonly<
  Record<string, { stream: string; channels: number; sync: number; gain: number; first: string; tStart: number }>
> = {
  "ibl-neuropixel__NP21_meta__spikeglx_ephysData_g0_t0.imec0.ap":
    // 2.0 alpha, .5 V in 14 bits, gain 80.
    {
      stream: "imec0.ap",
      channels: 384,
      sync: 1,
      gain: 0.5 / 8192 / 80 * 1e6,
      first: "AP0",
      tStart: 110884048 / 30000,
    },
  "ibl-neuropixel__NP2QB_meta__spikeglx_ephysData_g0_t0.imec0.ap":
    // Quad base: four sync words.
    {
      stream: "imec0.ap",
      channels: 1536,
      sync: 4,
      gain: 0.62 / 2048 / 100 * 1e6,
      first: "AP0",
      tStart: 37302898 / 30000,
    },
  "ibl-neuropixel___spikeglx_ephysData_g0_t0.imec0.ap": {
    stream: "imec0.ap",
    channels: 384,
    sync: 1,
    gain: 2.34375,
    first: "AP0",
    tStart: 110884048 / 29999.757983,
  },
  "ibl-neuropixel__sample3A_g0_t0.imec.ap": {
    stream: "imec.ap",
    channels: 384,
    sync: 1,
    gain: 2.34375,
    first: "AP0",
    tStart: 84149244 / 30000,
  },
  "ibl-neuropixel__sample3A_g0_t0.imec.lf": {
    stream: "imec.lf",
    channels: 384,
    sync: 1,
    gain: 4.6875,
    first: "LF0",
    tStart: 6246741 / 2500,
  },
  "ibl-neuropixel__sample3A_short_g0_t0.imec.ap": {
    stream: "imec.ap",
    channels: 384,
    sync: 1,
    gain: 2.34375,
    first: "AP0",
    tStart: 84149244 / 30000,
  },
  "ibl-neuropixel__sample3B_catgt.ap":
    // A name on disk that tells nothing: that in the header does. imMaxInt is missing.
    { stream: "imec0.ap", channels: 384, sync: 1, gain: 2.34375, first: "AP0", tStart: 78553226 / 30000.37095 },
  "ibl-neuropixel__sample3B_g0_t0.imec1.ap": {
    stream: "imec1.ap",
    channels: 384,
    sync: 1,
    gain: 2.34375,
    first: "AP0",
    tStart: 1738008 / 30000.390639481,
  },
  "ibl-neuropixel__sample3B_g0_t0.imec1.lf": {
    stream: "imec1.lf",
    channels: 384,
    sync: 1,
    gain: 4.6875,
    first: "LF0",
    tStart: 144834 / 2500.0325532900833,
  },
  "ibl-neuropixel__sample3B_g0_t0.nidq": {
    stream: "nidq",
    channels: 2,
    sync: 0,
    gain: 5 / 32768,
    first: "XA0",
    tStart: 1738164 / 30003.0003,
  },
  "ibl-neuropixel__sampleNHPlong_prototype.ap": {
    stream: "imec1.ap",
    channels: 384,
    sync: 1,
    gain: 2.34375,
    first: "AP0",
    tStart: 422882 / 30000,
  },
  "ibl-neuropixel__sampleNP2.4_1shank_g0_t0.imec.ap": {
    stream: "imec.ap",
    channels: 384,
    sync: 1,
    gain: 0.762939453125,
    first: "AP0",
    tStart: 115958162 / 30000,
  },
  "ibl-neuropixel__sampleNP2.4_4shanks_g0_t0.imec.ap":
    // Keys of lists without tilde.
    { stream: "imec.ap", channels: 384, sync: 1, gain: 0.762939453125, first: "AP0", tStart: 110884048 / 29999.757983 },
  "ibl-neuropixel__sampleNP2.4_4shanks_while_acquiring_incomplete.ap":
    // Without fileSizeBytes and firstSample.
    { stream: "imec1.ap", channels: 384, sync: 1, gain: 0.762939453125, first: "AP0", tStart: 0 },
};

Deno.test({
  name: `SpikeGLX: headers of every probe of the corpus are read, also where neo fails${skipped}`,
  ignore: CORPUS === null,
  fn: async (t) => {
    for (const [stem, expected] of Object.entries(HEADERS)) {
      await t.step(stem, async () => {
        const meta = new Uint8Array(readFileSync(`${CORPUS}spikeglx/${stem}.meta`));
        const width = expected.channels + expected.sync;
        const source = new Map([[`${stem}.meta`, meta], [`${stem}.bin`, new Uint8Array(2 * 3 * width)]]);
        await using opened = await openParts(SPIKEGLX, source);
        const { streams, blocks: [block] } = opened.parts;
        assert.deepEqual(
          streams.map(({ id, channels }) => [id, channels.length]),
          [[expected.stream, expected.channels], [`${expected.stream}-SYNC`, expected.sync]].slice(0, expected.sync + 1)
            .slice(0, 2),
        );
        const [{ gain, name, annotations }] = streams[0]!.channels as [typeof streams[0]["channels"][0] & object];
        assert.equal(name, expected.first);
        assert.ok(Math.abs(gain / expected.gain - 1) < 1e-12, `${gain} is not ${expected.gain}`);
        const { tStart, tStop, signals: [signal] } = block!.segments[0]!;
        assert.equal(tStart, expected.tStart);
        assert.ok(tStop > tStart);
        assert.deepEqual(signal!.array.shape, [3, expected.channels]);
        if (expected.stream !== "nidq") assert.equal(annotations!.interSampleShift, 0);
      });
    }
  },
});

Deno.test({
  name: `SpikeGLX: the published rule of sampling turns gives what the tables of the corpus' files say${skipped}`,
  ignore: CORPUS === null,
  fn: async () => {
    const files = [
      "ephy_testing_data__NP2_with_sync/all_chan_g0_imec0/all_chan_g0_t0.imec0.ap.meta",
      "ibl-neuropixel__NP2QB_meta__spikeglx_ephysData_g0_t0.imec0.ap.meta",
    ];
    for (const file of files) {
      const text = readFileSync(`${CORPUS}spikeglx/${file}`, "utf8");
      assert.match(text, /^~muxTbl=/m);
      const turns = await Promise.all([text, text.replace(/^~muxTbl=.*\n/m, "")].map(async (meta) => {
        const source = new Map([
          ["a_g0_t0.imec0.ap.meta", new TextEncoder().encode(meta)],
          ["a_g0_t0.imec0.ap.bin", new Uint8Array(0)],
        ]);
        await using opened = await openParts(SPIKEGLX, source);
        return opened.parts.streams[0]!.channels.map((
          { annotations },
        ) => [annotations!.adc, annotations!.interSampleShift]);
      }));
      assert.deepEqual(turns[1], turns[0]);
      assert.deepEqual(turns[0]!.at(-1)![1], 15 / 16);
    }
  },
});

Deno.test({
  name: `SpikeGLX: openRecording knows folders and files of the corpus, and prints them as neo does${skipped}`,
  ignore: CORPUS === null,
  fn: async () => {
    const folder = `${CORPUS}spikeglx/ephy_testing_data__NP2_with_sync`;
    for (
      const [path, streams] of [
        [folder, "imec0.ap (chans: 384), nidq (chans: 2), imec0.ap-SYNC (chans: 1)"],
        [`${folder}/all_chan_g0_t0.nidq.bin`, "nidq (chans: 2)"],
        [`${folder}/all_chan_g0_t0.nidq.meta`, "nidq (chans: 2)"],
      ] as const
    ) {
      const recording = await openRecording(path);
      assert.match(String(recording), /^SpikeGLXIO: /);
      assert.ok(String(recording).includes(`signal_streams: [${streams}]`), String(recording));
      await recording.close();
    }
    // Runs with folders of gates and probes: by the reader's name.
    const reader = new SpikeGLXIO({
      dirname: `${CORPUS}spikeglx/ephy_testing_data__multi_trigger_multi_gate/SpikeGLX`,
    });
    await reader.parseHeader();
    assert.match(String(reader), /nb_segment:\s+\[4\]/);
    await reader.close();
  },
});
