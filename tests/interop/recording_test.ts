// What neo, pyEDFlib, MNE and SpikeInterface read of the corpus' recordings, beside what is read here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { headerText, openRecording, type Recording, type RecordingHeader } from "../../src/recording/mod.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import { CORPUS } from "../corpus/find.ts";
import { findNeoPython, findSpikeInterfacePython } from "./python.ts";

const NEO = findNeoPython();
const SPIKEINTERFACE = findSpikeInterfacePython();

/** Asks a peer about many recordings; one process reads them all. */
function ask<T>(python: string, requests: readonly object[]): (T & { readonly error?: string })[] {
  const script = fileURLToPath(new URL("./recording.py", import.meta.url));
  // Both ends of a pipe would wait for each other where there is much of both.
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
    const text = execFileSync(python, [script, path], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 240_000,
    });
    return text.trim().split("\n").map((line) => JSON.parse(line));
  } finally {
    Deno.removeSync(path);
  }
}

function compare(name: string, python: string | null, what: string, fn: () => Promise<void>): void {
  const why = CORPUS === null
    ? "no corpus"
    : python === null
    ? `no Python with ${what}; see tests/interop/python.ts`
    : null;
  Deno.test({ name: `${name}${why === null ? "" : ` (skipped: ${why})`}`, ignore: why !== null, fn });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NumericData) => new Uint8Array(buffer, byteOffset, byteLength);
const digest = (...parts: readonly NDArray<NumericData>[]) => {
  const hash = createHash("sha256");
  for (const { data } of parts) hash.update(bytesOf(data));
  return hash.digest("hex");
};

/** Numbers that are the same, up to the rounding of single precision where `scale` is what they were made of. */
function assertNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  relative: number,
  scale: number,
  what: string,
) {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) => {
    const off = Math.abs(actual[i]! - value);
    assert.ok(off <= relative * Math.max(Math.abs(value), scale), `${what}: ${actual[i]}, expected ${value}, at ${i}`);
  });
}

/** Files below a folder of the corpus, relative to the corpus. */
function filesBelow(folder: string, ending: RegExp): string[] {
  if (CORPUS === null) return [];
  return readdirSync(CORPUS + folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).flatMap((
    entry,
  ) =>
    entry.isDirectory()
      ? filesBelow(`${folder}/${entry.name}`, ending)
      : ending.test(entry.name)
      ? [`${folder}/${entry.name}`]
      : []
  );
}

// ---- neo ----

interface NeoSegment {
  readonly tStart: number;
  readonly tStop: number;
  readonly signals: readonly {
    readonly size: number;
    readonly tStart: number;
    readonly dtype: string;
    readonly sha256: string;
    readonly scaled: readonly number[];
  }[];
  readonly events: readonly {
    readonly times: readonly number[];
    readonly durations: readonly number[] | null;
    readonly labels: readonly string[];
  }[];
  readonly spikes: readonly (readonly number[])[];
}

interface NeoAnswer {
  readonly text: string;
  readonly header: string;
  readonly streams: readonly {
    readonly name: string;
    readonly id: string;
    readonly channels: readonly {
      readonly name: string;
      readonly id: string;
      readonly samplingRate: number;
      readonly dtype: string;
      readonly units: string;
      readonly gain: number;
      readonly offset: number;
    }[];
  }[];
  readonly eventChannels: readonly string[];
  readonly spikeChannels: readonly string[];
  readonly blocks: readonly (readonly NeoSegment[])[];
}

/**
 * What isn't compared with neo, since neo errs there (docs/differences/neo.md, and the tests of the format):
 * `text`, `tables`: what is printed; `streams`: names of streams; `scale`: gains, offsets, physical values; `times`: when
 * segments start and stop; `events`, `spikes`.
 */
type Part = "text" | "tables" | "streams" | "scale" | "times" | "events" | "spikes";

interface NeoCase {
  readonly reader: string;
  readonly by: "filename" | "dirname";
  readonly paths: readonly string[];
  readonly except: readonly Part[];
  /** Paths whose gains are wrong in neo. */
  readonly wrongScale?: RegExp;
  /** Samples by which neo's events are late. */
  readonly late?: number;
  /** Paths that neo can't read, with what it says. */
  readonly neoFails?: Readonly<Record<string, RegExp>>;
}

const GLX = "spikeglx/ephy_testing_data__";
const RUN = `${GLX}multi_trigger_multi_gate/SpikeGLX/5-19-2022-CI0/5-19-2022-CI0_g0/5-19-2022-CI0_g0_imec`;
const OEB = "openephys/ephy_testing_data__binary/";

const NEO_CASES: readonly NeoCase[] = [
  {
    reader: "MicromedRawIO",
    by: "filename",
    paths: ["micromed/ephy_testing_data__File_micromed_1.TRC"],
    except: [],
  },
  {
    reader: "BrainVisionRawIO",
    by: "filename",
    paths: filesBelow("brainvision", /\.vhdr$/),
    except: [],
    // Positions of markers count from 1.
    late: 1,
    // It has a resolution of floats, which neo takes as 1, MNE as it is.
    wrongScale: /longname/,
    neoFails: { "test_old_layout_latin1_software_filter.vhdr": /UnicodeDecodeError/ },
  },
  {
    reader: "IntanRawIO",
    by: "filename",
    paths: ["intan/load-rhd-notebook-python__sampledata_fmt3.0.rhd"],
    except: [],
  },
  {
    reader: "SpikeGLXRawIO",
    by: "dirname",
    paths: [`${GLX}NP2_with_sync`, `${GLX}Noise4Sam_g0`, `${GLX}TEST_20210920_0_g0`, `${RUN}0`, `${RUN}1`],
    // Channels of sync streams stand elsewhere and have the probe's gain; segments start at 0, though signals don't.
    except: ["text", "tables", "times", "events"],
  },
  {
    reader: "OpenEphysBinaryRawIO",
    by: "dirname",
    paths: [
      `${OEB}neural_and_non_neural_data_mixed`,
      `${OEB}v0.4.4.1_with_spikes`,
      `${OEB}v0.6.x_neuropixels_multiexp_multistream`,
      `${OEB}v0.5.x_two_nodes`,
    ],
    // Two clocks are mixed in one segment; spikes aren't read; segments are counted by a dict.
    except: ["text", "tables", "times", "events", "spikes"],
    neoFails: { "v0.5.x_two_nodes": /KeyError/ },
  },
  {
    reader: "OpenEphysRawIO",
    by: "dirname",
    paths: [
      "openephys/ephy_testing_data__legacy/OpenEphys_SampleData_1",
      "openephys/open-ephys-python-tools__v0.6.7_OpenEphys/Record Node 105",
    ],
    // Spikes are lost, since their times are compared with samples of another rate; offsets of waveforms are single precision's.
    except: ["text", "tables", "events", "spikes"],
  },
  {
    reader: "EDFRawIO",
    by: "filename",
    paths: filesBelow("edf", /\.edf$/),
    // Streams are called by a tuple; gains are by one step of the digital range too small; events without a duration are lost.
    except: ["text", "tables", "streams", "scale", "events"],
    neoFails: {
      "EDF.jl__bdf_test.edf": /not EDF/,
      "mne-testing-data__SC4001EC-Hypnogram.edf": /IndexError/,
    },
  },
];

/** What isn't said is microvolts by BrainVision's description; neo takes the text as it is, or one of its own. */
const DEFAULT_UNITS: Readonly<Record<string, string>> = { "": "uV", u: "uV" };

/** Readers of neo write out dtypes in different ways. */
function dtypesOf(header: string): string {
  const names: Readonly<Record<string, string>> = { int16: "i2", uint16: "u2", int32: "i4", float32: "f4" };
  return header.replace(/'(u?int16|int32|float32)'/g, (_, name: string) => `'${names[name]}'`);
}

/** Streams whose gains are wrong in neo, and so in SpikeInterface: words of bits; volts that a header of Open Ephys calls microvolts. */
const WRONG_GAINS = /SYNC$|_ADC$/;

async function rawOf(recording: Recording, streamIndex: number, blockIndex: number, segmentIndex: number) {
  return await recording.getAnalogSignalChunk({ streamIndex, blockIndex, segmentIndex });
}

async function checkNeo(
  recording: Recording,
  neo: NeoAnswer,
  { except, late = 0, wrongScale }: NeoCase,
  label: string,
): Promise<void> {
  const has = (part: Part) => !except.includes(part);
  const { header } = recording;
  // Gaps split segments here, and aren't seen by neo.
  const isSplit = header.segmentCounts.some((count, i) => count > neo.blocks[i]!.length);
  const lines = (text: string) =>
    text.split("\n").slice(1).filter((line) => !isSplit || !line.startsWith("nb_segment"));
  if (has("text")) assert.deepEqual(lines(String(recording)), lines(neo.text), label);
  const isNamed = neo.streams.every(({ channels }) => channels.every(({ units }) => !(units in DEFAULT_UNITS)));
  if (has("tables") && !isSplit && isNamed) {
    assert.equal(headerText(header, { buffers: true }), dtypesOf(neo.header), label);
  }
  assert.equal(header.blockCount, neo.blocks.length, label);
  assert.equal(header.signalStreams.length, neo.streams.length, label);
  for (const [i, stream] of neo.streams.entries()) {
    if (has("streams")) {
      assert.deepEqual([header.signalStreams[i]!.name, header.signalStreams[i]!.id], [stream.name, stream.id], label);
    }
    const own = recording.channels(i);
    const isWrong = WRONG_GAINS.test(stream.name) || wrongScale?.test(label) === true;
    for (const [c, channel] of stream.channels.entries()) {
      const { name, id, samplingRate, units, gain, offset } = own[c]!;
      const what = `${label}: ${stream.name}: ${channel.name}`;
      assert.deepEqual([name, id, samplingRate], [channel.name, channel.id, channel.samplingRate], what);
      if (has("scale") && !isWrong) {
        assert.deepEqual([units, gain, offset], [
          DEFAULT_UNITS[channel.units] ?? channel.units,
          channel.gain,
          channel.offset,
        ], what);
      }
    }
    assert.equal(own.length, stream.channels.length, label);
    for (const [b, segments] of neo.blocks.entries()) {
      const all = header.segmentCounts[b]!;
      for (const [s, { signals }] of segments.entries()) {
        const signal = signals[i]!;
        const indexes = isSplit ? Array.from({ length: all }, (_, k) => k) : [s];
        const raws = await Promise.all(indexes.map((k) => rawOf(recording, i, b, k)));
        const what = `${label}: ${stream.name}, ${b}/${s}`;
        assert.equal(raws.reduce((sum, { shape }) => sum + shape[0]!, 0), signal.size, what);
        assert.equal(own[0]!.dtype, signal.dtype, what);
        assert.equal(digest(...raws), signal.sha256, what);
        const tStart = recording.getSignalTStart(b, s, i);
        assert.ok(Math.abs(tStart - signal.tStart) < 1e-9, `${what}: starts at ${tStart}, in neo at ${signal.tStart}`);
        if (!has("scale") || isWrong) continue;
        const few = await recording.scaledSignal({ streamIndex: i, blockIndex: b, segmentIndex: s }).read([
          { start: 0, stop: 20, step: 1 },
        ]);
        // neo rounds to single precision twice: behind the gain, and behind the offset.
        const values = signal.scaled.slice(0, few.data.length);
        assertNear(few.data, values, 2.4e-7, Math.abs(own[0]!.offset), what);
      }
    }
  }
  if (has("spikes")) assert.deepEqual(header.spikeChannels.map(({ name }) => name), neo.spikeChannels, label);
  if (has("events")) assert.deepEqual(header.eventChannels.map(({ name }) => name), neo.eventChannels, label);
  for (const [b, segments] of neo.blocks.entries()) {
    for (const [s, segment] of isSplit ? [] : segments.entries()) {
      const place = { blockIndex: b, segmentIndex: s };
      const what = `${label}, ${b}/${s}`;
      if (has("times")) {
        assertNear(
          [recording.segmentTStart(b, s), recording.segmentTStop(b, s)],
          [segment.tStart, segment.tStop],
          1e-12,
          1,
          what,
        );
      }
      for (const [i, events] of has("events") ? segment.events.entries() : []) {
        const { timestamps, durations, labels, ticksPerSecond } = await recording.getEvents(i, place);
        const shift = late / recording.getSignalSamplingRate(0);
        assertNear(timestamps.map((tick) => tick / ticksPerSecond + shift), events.times, 1e-9, 1, what);
        assert.deepEqual(labels, events.labels, what);
        assert.equal(durations === null, events.durations === null, what);
        if (durations !== null) {
          assertNear(durations.map((tick) => tick / ticksPerSecond), events.durations!, 1e-9, 1, what);
        }
      }
      for (const [i, spikes] of has("spikes") ? segment.spikes.entries() : []) {
        const { timestamps, ticksPerSecond } = await recording.getSpikes(i, place);
        assertNear(timestamps.map((tick) => tick / ticksPerSecond), spikes, 1e-12, 1, what);
      }
    }
  }
}

for (const neoCase of NEO_CASES) {
  const { reader, by, paths, neoFails = {} } = neoCase;
  const but = neoCase.except.length === 0 ? "" : `, but for ${neoCase.except.join(", ")}`;
  compare(`neo's ${reader} reads what is read here: channels, samples, gains, events${but}`, NEO, "neo", async () => {
    const answers = ask<NeoAnswer>(
      NEO!,
      paths.map((path) => ({ call: "neo", reader, by, source: CORPUS + path, options: {} })),
    );
    assert.equal(answers.length, paths.length);
    for (const [i, answer] of answers.entries()) {
      const path = paths[i]!;
      await using recording = await openRecording(CORPUS + path);
      const fails = Object.entries(neoFails).find(([name]) => path.endsWith(name));
      if (fails !== undefined) {
        assert.match(answer.error ?? "", fails[1], path);
        continue;
      }
      assert.equal(answer.error, undefined, path);
      await checkNeo(recording, answer, neoCase, path);
    }
  });
}

// ---- pyEDFlib ----

interface EdfAnswer {
  readonly channels: readonly {
    readonly name: string;
    readonly units: string;
    readonly samplingRate: number;
    readonly sha256: string;
    readonly count: number;
    readonly scaled: readonly number[];
  }[];
  readonly onsets: readonly number[];
  readonly durations: readonly number[];
  readonly texts: readonly string[];
}

compare(
  "pyEDFlib reads the digital and physical values of EDF and BDF that are read here, and their annotations",
  NEO,
  "pyedflib",
  async () => {
    const paths = filesBelow("edf", /\.(edf|bdf)$/);
    const answers = ask<EdfAnswer>(NEO!, paths.map((path) => ({ call: "pyedflib", source: CORPUS + path })));
    let [channels, annotations] = [0, 0];
    for (const [i, answer] of answers.entries()) {
      const path = paths[i]!;
      if (path.endsWith("EDF.jl__bdf_test.edf")) {
        // A label that begins with a blank.
        assert.match(answer.error ?? "", /label is incorrect/);
        continue;
      }
      assert.equal(answer.error, undefined, path);
      await using recording = await openRecording(CORPUS + path);
      for (const expected of answer.channels) {
        const found = recording.header.signalStreams.keys().flatMap((streamIndex) =>
          recording.channels(streamIndex).flatMap((channel, index) =>
            channel.name === expected.name && channel.samplingRate === expected.samplingRate
              ? [{ streamIndex, index }]
              : []
          )
        ).next().value;
        assert.ok(found !== undefined, `${path} has no ${expected.name} of ${expected.samplingRate} Hz`);
        const what = `${path}: ${expected.name}`;
        const { streamIndex, index } = found;
        const raw = await recording.getAnalogSignalChunk({ streamIndex, channelIndexes: [index] });
        assert.equal(raw.shape[0], expected.count, what);
        const digital = { ...raw, data: Int32Array.from(raw.data as Int32Array) };
        assert.equal(digest(digital), expected.sha256, what);
        const few = await recording.scaledSignal({ streamIndex, dtype: "float64" }).read([
          { start: 0, stop: expected.scaled.length, step: 1 },
          [index],
        ]);
        assertNear(few.data, expected.scaled, 1e-9, 1, what);
        channels++;
      }
      const own: { time: number; text: string }[] = [];
      for (const index of recording.header.eventChannels.keys()) {
        if (!["Event", "Epoch"].includes(recording.header.eventChannels[index]!.name)) continue;
        const { timestamps, labels, ticksPerSecond } = await recording.getEvents(index);
        own.push(...labels.map((text, k) => ({ time: timestamps[k]! / ticksPerSecond, text })));
      }
      // pyEDFlib reads one signal of annotations, and times of microseconds; it keeps 40 bytes of texts.
      for (const [k, onset] of answer.onsets.entries()) {
        const text = answer.texts[k]!;
        assert.ok(
          own.some((event) => Math.abs(event.time - onset) < 1e-6 && event.text.trim() === text.trim()),
          `${path}: ${JSON.stringify(text)} at ${onset} s`,
        );
        annotations++;
      }
    }
    assert.ok(channels > 100 && annotations > 100, `${channels} channels, ${annotations} annotations`);
  },
);

// ---- MNE ----

interface MneAnswer {
  readonly names: readonly string[];
  readonly samplingRate: number;
  readonly count: number;
  readonly first: readonly (readonly number[])[];
  readonly onsets: readonly number[];
  readonly texts: readonly string[];
}

/** Volts of a unit, where MNE knows it: it leaves others as they are. */
const VOLTS: Readonly<Record<string, number>> = { V: 1, mV: 1e-3, uV: 1e-6, nV: 1e-9 };

compare(
  "MNE reads the volts of BrainVision, EDF and BDF that are read here, and BrainVision's markers",
  NEO,
  "mne",
  async () => {
    const paths = [...filesBelow("brainvision", /\.vhdr$/), ...filesBelow("edf", /\.(edf|bdf)$/)];
    const answers = ask<MneAnswer>(NEO!, paths.map((path) => ({ call: "mne", source: CORPUS + path })));
    let [compared, markers] = [0, 0];
    for (const [i, answer] of answers.entries()) {
      const path = paths[i]!;
      if (/Hypnogram/.test(path)) {
        // Nothing but annotations.
        assert.match(answer.error ?? "", /No appropriate channels/);
        continue;
      }
      assert.equal(answer.error, undefined, path);
      await using recording = await openRecording(CORPUS + path);
      // Where rates differ, MNE resamples to the highest.
      for (const streamIndex of recording.header.signalStreams.keys()) {
        if (recording.getSignalSamplingRate(streamIndex) !== answer.samplingRate) continue;
        const sizes = recording.parts.blocks[0]!.segments.map((_, s) => recording.getSignalSize(0, s, streamIndex));
        assert.equal(sizes.reduce((sum, size) => sum + size, 0), answer.count, path);
        const rows = Math.min(20, sizes[0]!);
        const few = await recording.scaledSignal({ streamIndex, dtype: "float64" }).read([{
          start: 0,
          stop: rows,
          step: 1,
        }]);
        const channels = recording.channels(streamIndex);
        for (const [c, { name, units }] of channels.entries()) {
          const at = answer.names.indexOf(name);
          // Of several of one name MNE renames all; its trigger channels have no unit.
          if (at < 0 || !(units in VOLTS) || isTrigger(name)) continue;
          const own = Array.from({ length: rows }, (_, row) => few.data[row * channels.length + c]! * VOLTS[units]!);
          assertNear(own, answer.first[at]!.slice(0, rows), 1e-9, 1e-6, `${path}: ${name}`);
          compared++;
        }
      }
      if (!path.endsWith(".vhdr")) continue;
      const own = (await Promise.all(recording.header.eventChannels.flatMap(({ name }, index) =>
        recording.parts.blocks[0]!.segments.map(async (_, segmentIndex) => {
          const { timestamps, labels, ticksPerSecond } = await recording.getEvents(index, { segmentIndex });
          return labels.map((label, k) => ({ time: timestamps[k]! / ticksPerSecond, text: `${name}/${label}` }));
        })
      ))).flat();
      // Where segments were cut out, MNE's times are those of the samples, ours those of the clock.
      if (recording.segmentCount() > 1) {
        continue;
      }
      for (const [k, onset] of answer.onsets.entries()) {
        const text = answer.texts[k]!;
        assert.ok(
          own.some((event) =>
            Math.abs(event.time - onset) < 1e-6 && event.text.replace(/\s/g, "") === text.replace(/\s/g, "")
          ),
          `${path}: ${text} at ${onset} s`,
        );
        markers++;
      }
    }
    assert.ok(compared > 300 && markers > 50, `${compared} channels, ${markers} markers`);
  },
);

function isTrigger(name: string): boolean {
  return /status|trigger|trig$/i.test(name);
}

// ---- SpikeInterface ----

interface SpikeInterfaceAnswer {
  readonly gains: readonly number[];
  readonly offsets: readonly number[];
  readonly samplingRate: number;
  readonly ids: readonly string[];
  readonly segments: readonly { readonly count: number; readonly sha256: string; readonly dtype: string }[];
}

/** Microvolts of a unit: what SpikeInterface's gains are in. */
const MICROVOLTS: Readonly<Record<string, number>> = { V: 1e6, mV: 1e3, uV: 1 };

const SI_PATHS: readonly (readonly [reader: string, path: string])[] = [
  ["read_spikeglx", `${GLX}Noise4Sam_g0`],
  ["read_spikeglx", `${GLX}NP2_with_sync`],
  ["read_spikeglx", `${RUN}0`],
  ["read_openephys", `${OEB}neural_and_non_neural_data_mixed`],
  ["read_openephys", `${OEB}v0.4.4.1_with_spikes`],
  ["read_intan", "intan/load-rhd-notebook-python__sampledata_fmt3.0.rhd"],
];

compare(
  "SpikeInterface reads samples and gains of SpikeGLX, Open Ephys and Intan that are read here",
  SPIKEINTERFACE,
  "spikeinterface",
  async () => {
    const opened: { recording: Recording; streamIndex: number; label: string }[] = [];
    try {
      const requests: object[] = [];
      for (const [reader, path] of SI_PATHS) {
        const recording = await openRecording(CORPUS + path);
        for (const [streamIndex, { id, name }] of recording.header.signalStreams.entries()) {
          opened.push({ recording, streamIndex, label: `${path}: ${name}` });
          requests.push({ call: "spikeinterface", reader, source: CORPUS + path, stream: id });
        }
      }
      const answers = ask<SpikeInterfaceAnswer>(SPIKEINTERFACE!, requests);
      let compared = 0;
      for (const [i, answer] of answers.entries()) {
        const { recording, streamIndex, label } = opened[i]!;
        assert.equal(answer.error, undefined, label);
        const channels = recording.channels(streamIndex);
        assert.equal(answer.samplingRate, channels[0]!.samplingRate, label);
        assert.equal(answer.ids.length, channels.length, label);
        if (!WRONG_GAINS.test(label) && channels.every(({ units }) => units in MICROVOLTS)) {
          assertNear(channels.map(({ gain, units }) => gain * MICROVOLTS[units]!), answer.gains, 1e-12, 0, label);
          assertNear(channels.map(({ offset, units }) => offset * MICROVOLTS[units]!), answer.offsets, 1e-12, 1, label);
        }
        for (const [s, segment] of answer.segments.entries()) {
          const raw = await rawOf(recording, streamIndex, 0, s);
          assert.equal(raw.shape[0], segment.count, label);
          assert.equal(digest(raw), segment.sha256, label);
          compared++;
        }
      }
      assert.ok(compared >= 12, String(compared));
    } finally {
      await Promise.all([...new Set(opened.map(({ recording }) => recording))].map((recording) => recording.close()));
    }
  },
);

compare("what neo can't open for a fault of its own is opened here", NEO, "neo", async () => {
  for (const { paths, neoFails = {} } of NEO_CASES) {
    for (const name of Object.keys(neoFails)) {
      const path = paths.find((one) => one.endsWith(name));
      assert.ok(path !== undefined, name);
      try {
        await using recording = await openRecording(CORPUS + path);
        assert.ok(recording.blockCount() > 0, path);
      } catch (error) {
        assert.fail(`${path}: ${error instanceof MicrotomeError ? error.message : String(error)}`);
      }
    }
  }
});

Deno.test({
  name: `tables of any header are printed as NumPy prints neo's${
    NEO === null ? " (skipped: no Python with neo; see tests/interop/python.ts)" : ""
  }`,
  ignore: NEO === null,
  fn: () => {
    const text = fc.oneof(
      fc.string({ maxLength: 8, unit: "grapheme-ascii" }),
      fc.constantFrom("", "it's", '"', "'\"", "a\\b", "µV", "\n\t", "\u00a0", "é".repeat(70), "x\0\0", "日本"),
    );
    const id = fc.integer({ min: 0, max: 2000 }).map(String);
    const number = fc.oneof(
      fc.constantFrom(0, 1, 0.195, 1e-9, 3.02734375, 1e8, 30000.061088, -3200, 6.5e-5, 1 / 3, 123456.789),
      // Numbers below the normal ones have few digits, which NumPy tells in its own way.
      fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((value) => Math.abs(value) < 1e-300 ? 0 : value),
    );
    const rows = <T>(row: fc.Arbitrary<T>, most = 5) => fc.array(row, { maxLength: most });
    const headers = fc.record({
      signalBuffers: rows(fc.record({ name: text, id })),
      signalStreams: rows(fc.record({ name: text, id, bufferId: id })),
      signalChannels: rows(
        fc.record({
          ...{ name: text, id, samplingRate: number, dtype: fc.constantFrom("i2", "f4"), units: text },
          ...{ gain: number, offset: number, streamId: id, bufferId: id },
        }),
        12,
      ),
      spikeChannels: rows(
        fc.record({
          ...{ name: text, id, wfUnits: text, wfGain: number, wfOffset: number },
          ...{ wfLeftSweep: fc.integer({ min: -100, max: 1000 }), wfSamplingRate: number },
        }),
      ),
      eventChannels: rows(fc.record({ name: text, id, type: fc.constantFrom("event" as const, "epoch" as const) })),
    });
    const made: RecordingHeader[] = fc.sample(headers, 100).map((tables) => ({
      blockCount: 1,
      segmentCounts: [1],
      ...tables,
    }));
    // More than a thousand are printed by their first and last ones.
    for (const count of [1000, 1001, 1500]) {
      const channels = Array.from({ length: count }, (_, i) => ({
        ...{ name: `ch${i}`, id: `${i}`, samplingRate: 1000, dtype: "i2", units: "uV", gain: i < 5 ? 0.5 : 1e-7 * i },
        ...{ offset: 0, streamId: "0", bufferId: "" },
      }));
      const streams = Array.from({ length: count }, (_, i) => ({ name: "s", id: `${i}`, bufferId: "" }));
      made.push({ ...made[0]!, signalChannels: channels, signalStreams: streams });
    }
    const tables = (header: RecordingHeader) => ({
      signal_buffers: header.signalBuffers.map(({ name, id }) => [name, id]),
      signal_streams: header.signalStreams.map(({ name, id, bufferId }) => [name, id, bufferId]),
      signal_channels: header.signalChannels.map((c) => [
        ...[c.name, c.id, c.samplingRate, c.dtype, c.units, c.gain, c.offset, c.streamId, c.bufferId],
      ]),
      spike_channels: header.spikeChannels.map((c) => [
        ...[c.name, c.id, c.wfUnits, c.wfGain, c.wfOffset, c.wfLeftSweep, c.wfSamplingRate],
      ]),
      event_channels: header.eventChannels.map(({ name, id, type }) => [name, id, type]),
    });
    const answers = ask<{ header: string }>(NEO!, made.map((header) => ({ call: "print", tables: tables(header) })));
    for (const [i, header] of made.entries()) {
      assert.equal(answers[i]!.error, undefined);
      assert.equal(headerText(header, { buffers: true }), answers[i]!.header, JSON.stringify(header).slice(0, 2000));
    }
  },
});
