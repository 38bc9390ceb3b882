import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { slice } from "../../src/array/select/slice.ts";
import type { EventParts, RecordingParts, SpikeParts } from "../../src/recording/format.ts";
import { OPENEPHYS } from "../../src/recording/formats/openephys/legacy/legacy.ts";
import {
  CorruptFileError,
  LimitError,
  MicrotomeError,
  NotFoundError,
  TruncatedError,
  UnsupportedError,
} from "../../src/source/errors.ts";
import { CORPUS } from "../corpus/find.ts";
import { assertGoldenSignals, goldenOf } from "./golden.ts";
import { legacySample, makeContinuous, makeEvents, makeSpikes, records } from "./make/openephys_legacy.ts";
import { numbers, openParts } from "./support.ts";

const SAMPLE = "openephys/ephy_testing_data__legacy/OpenEphys_SampleData_1";
const TOOLS = "openephys/open-ephys-python-tools__v0.6.7_OpenEphys/Record Node 105";
const absent = CORPUS === null ? " (no corpus)" : "";

function corpusTest(name: string, folder: string, fn: (parts: RecordingParts, folder: string) => Promise<void>): void {
  Deno.test({
    name: `${name}${absent}`,
    ignore: CORPUS === null,
    async fn() {
      await using opened = await openParts(OPENEPHYS, `${CORPUS}${folder}`);
      assert.equal(OPENEPHYS.recognises(opened.probe), true);
      assert.deepEqual(opened.files.warnings, []);
      await fn(opened.parts, `${CORPUS}${folder}/`);
    },
  });
}

async function eventsOf(parts: RecordingParts, name: string, segment = 0): Promise<EventParts> {
  const channel = parts.eventChannels!.findIndex((entry) => entry.name === name);
  return await parts.blocks[0]!.segments[segment]!.events(channel, {});
}

async function spikesOf(parts: RecordingParts, channel = 0, segment = 0): Promise<SpikeParts> {
  return await parts.blocks[0]!.segments[segment]!.spikes!(channel, {});
}

const shapes = (parts: RecordingParts) =>
  parts.blocks[0]!.segments.map(({ signals }) => signals.map((found) => found?.array.shape ?? null));

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

corpusTest("neo's streams and samples are read of Open Ephys legacy 0.4", SAMPLE, async (parts) => {
  await assertGoldenSignals(parts, goldenOf(SAMPLE)!);
  assert.deepEqual(parts.eventChannels, [{ name: "all_channels", id: "", type: "event" }]);
  assert.equal((await eventsOf(parts, "all_channels")).timestamps.length, 0);
  assert.deepEqual(parts.blocks[0]!.annotations!.recDatetime, new Date("2018-10-03T13:16:50Z"));
});

corpusTest("neo's streams and samples are read of Open Ephys legacy 0.6", TOOLS, async (parts) => {
  await assertGoldenSignals(parts, goldenOf(TOOLS)!);
});

corpusTest("spikes of legacy 0.4 are all there, where neo counts none", SAMPLE, async (parts, folder) => {
  const golden = goldenOf(SAMPLE) as unknown as { spikes: { name: string; count: number }[] };
  assert.deepEqual(golden.spikes, [{ name: "STp106.0n0#0", count: 0 }]);
  assert.deepEqual(parts.spikeChannels!.map(({ name, wfGain, wfOffset }) => [name, wfGain, wfOffset]), [
    ["STp106.0n0#0", 0.05, -1638.4],
  ]);
  const spikes = await spikesOf(parts);
  // By hand: records of 216 bytes behind the header, the time at byte 1, the waveform of 2 channels at byte 42.
  const bytes = readFileSync(`${folder}STp106.0n0.spikes`);
  assert.equal(spikes.timestamps.length, (bytes.length - 1024) / 216);
  for (const i of [0, 200, 453]) {
    assert.equal(spikes.timestamps[i], Number(bytes.readBigInt64LE(1024 + 216 * i + 1)));
    assert.equal(numbers(await spikes.waveforms!.read([i, 1, 3]))[0], bytes.readUInt16LE(1024 + 216 * i + 42 + 2 * 43));
  }
});

corpusTest("events and messages of legacy 0.6 are read, where neo finds no file of its name", TOOLS, async (parts) => {
  assert.deepEqual(goldenOf(TOOLS)!.events, []);
  const lines = await eventsOf(parts, "100_example-data");
  assert.equal(lines.timestamps.length, 128);
  assert.deepEqual([lines.timestamps[0], lines.labels[0], lines.ticksPerSecond], [251635, "3#108#0", 40000]);
  const messages = await eventsOf(parts, "messages");
  assert.equal(messages.labels.length, 15);
  assert.deepEqual([messages.timestamps[1], messages.labels[1]], [252488, "TTL Line=3 State=0"]);
  assert.deepEqual(parts.blocks[0]!.annotations!.recDatetime, new Date(1743680325032));
});

Deno.test("samples are big-endian, in records, one file a channel, in the order of numbers", async () => {
  const files = new Map(
    [1, 2, 10].map((channel) => [`100_CH${channel}.continuous`, makeContinuous(channel, records(5000, 3))] as const),
  );
  await using opened = await openParts(OPENEPHYS, files);
  const { parts } = opened;
  assert.deepEqual(parts.streams[0]!.channels.map(({ name, id, units }) => [name, id, units]), [
    ["CH1", "1", "uV"],
    ["CH2", "2", "uV"],
    ["CH10", "10", "uV"],
  ]);
  const { array, tStart } = parts.blocks[0]!.segments[0]!.signals[0]!;
  assert.equal(tStart, 5);
  assert.deepEqual(array.shape, [3072, 3]);
  assert.deepEqual(
    numbers(await array.read([slice(1023, 1025)])),
    [6023, 6024].flatMap((n) => [1, 2, 10].map((channel) => legacySample(n, channel))),
  );
});

Deno.test("a gap between records makes a segment, where neo fills up with zeros", async () => {
  const made = [...records(5000, 2), ...records(9000, 1)];
  const files = new Map([["100_CH1.continuous", makeContinuous(1, made)], [
    "100_CH2.continuous",
    makeContinuous(2, made),
  ]]);
  await using opened = await openParts(OPENEPHYS, files);
  assert.deepEqual(shapes(opened.parts), [[[2048, 2]], [[1024, 2]]]);
  const second = opened.parts.blocks[0]!.segments[1]!.signals[0]!;
  assert.equal(second.tStart, 9);
  assert.deepEqual(numbers(await second.array.read([0])), [legacySample(9000, 1), legacySample(9000, 2)]);
  await using joined = await openParts(OPENEPHYS, files, { options: { gapTolerance: 3 } });
  assert.deepEqual(shapes(joined.parts), [[[3072, 2]]]);
  await assert.rejects(openParts(OPENEPHYS, files, { options: { maxSegments: 1 } }), LimitError);
});

Deno.test("recordings of one file are segments, also where samples are numbered on, or from 0 again", async () => {
  const made = [...records(0, 2, 0), ...records(2048, 3, 1), ...records(0, 1, 2)];
  await using opened = await openParts(OPENEPHYS, new Map([["100_CH1.continuous", makeContinuous(1, made)]]));
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(shapes(opened.parts), [[[2048, 1]], [[3072, 1]], [[1024, 1]]]);
  assert.deepEqual(segments.map(({ annotations }) => annotations!.recordingNumber), [0, 1, 2]);
  assert.deepEqual(segments.map(({ tStart }) => tStart), [0, 2.048, 0]);
});

Deno.test("channels that don't begin and end together are cut to what all have, with a warning", async () => {
  const files = new Map([
    ["100_CH1.continuous", makeContinuous(1, records(5000, 4))],
    ["100_CH2.continuous", makeContinuous(2, records(5100, 2))],
  ]);
  await using opened = await openParts(OPENEPHYS, files);
  assert.deepEqual(shapes(opened.parts), [[[2048, 2]]]);
  const { array, tStart } = opened.parts.blocks[0]!.segments[0]!.signals[0]!;
  assert.equal(tStart, 5.1);
  assert.deepEqual(numbers(await array.read([2047])), [legacySample(7147, 1), legacySample(7147, 2)]);
  assert.ok(opened.files.warnings.some((message) => message.includes("don't begin and end together")));
});

Deno.test("experiments, files with _2 behind, are segments; other kinds and processors are streams", async () => {
  const files = new Map([
    ["100_CH1.continuous", makeContinuous(1, records(0, 1))],
    ["100_CH1_2.continuous", makeContinuous(1, records(7000, 2))],
    ["100_ADC1.continuous", makeContinuous(3, records(0, 1), { bitVolts: 0.00015 })],
    ["100_ADC1_2.continuous", makeContinuous(3, records(7000, 2), { bitVolts: 0.00015 })],
    ["200_CH1.continuous", makeContinuous(4, records(0, 1))],
  ]);
  await using opened = await openParts(OPENEPHYS, files);
  const { parts } = opened;
  assert.deepEqual(parts.streams.map(({ name, channels }) => [name, channels[0]!.units, channels[0]!.gain]), [
    ["Signals 100_CH_1000", "uV", 0.195],
    ["Signals 200_CH_1000", "uV", 0.195],
    ["Signals ADC", "V", 0.00015],
  ]);
  assert.deepEqual(shapes(parts), [[[1024, 1], [1024, 1], [1024, 1]], [[2048, 1], null, [2048, 1]]]);
  assert.deepEqual(parts.blocks[0]!.segments.map(({ annotations }) => annotations!.openephysSegmentIndex), [1, 2]);
});

Deno.test("recordings with files of their own are segments of their experiment", async () => {
  const files = new Map([
    ...[0, 1, 2].map((part) =>
      [`100_CH1_${part}.continuous`, makeContinuous(1, records(5000 * part, 1 + part, part))] as const
    ),
    ["100_CH1_2_0.continuous", makeContinuous(1, records(9000, 1))] as const,
    ["all_channels.events", makeEvents([{ time: 10010, recording: 2 }])] as const,
  ]);
  await using opened = await openParts(OPENEPHYS, files);
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(shapes(opened.parts), [[[1024, 1]], [[2048, 1]], [[3072, 1]], [[1024, 1]]]);
  assert.deepEqual(
    segments.map((
      { tStart, annotations },
    ) => [tStart, annotations!.openephysSegmentIndex, annotations!.recordingNumber]),
    [[0, 1, 0], [5, 1, 1], [10, 1, 2], [9, 2, 0]],
  );
  assert.deepEqual([...(await eventsOf(opened.parts, "all_channels", 2)).timestamps], [10010]);
});

Deno.test("names since 0.6 have a stream between processor and channel", async () => {
  const files = new Map([
    ["100_probe-a_CH1.continuous", makeContinuous(1, records(0, 1), { version: 0.6 })],
    ["100_probe-b_CH1.continuous", makeContinuous(2, records(0, 1), { version: 0.6, rate: 500 })],
    ["100_probe-b_CH1_2.continuous", makeContinuous(2, records(0, 1), { version: 0.6, rate: 500 })],
  ]);
  await using opened = await openParts(OPENEPHYS, files);
  assert.deepEqual(opened.parts.streams.map(({ name }) => name), [
    "Signals 100_probe-a_CH_1000",
    "Signals 100_probe-b_CH_500",
  ]);
  assert.deepEqual(shapes(opened.parts), [[[1024, 1], [1024, 1]], [null, [1024, 1]]]);
});

Deno.test("events, messages and spikes lie in the segment of their recording and time", async () => {
  const made = [...records(0, 1, 0), ...records(5000, 1, 0), ...records(0, 1, 1)];
  const files = new Map([
    ["100_CH1.continuous", makeContinuous(1, made)],
    [
      "all_channels.events",
      makeEvents([
        { time: 10, channel: 2 },
        { time: 5010, id: 0 },
        { time: 20, recording: 1 },
      ]),
    ],
    [
      "messages.events",
      text("0 Software time: 0@1000Hz\n0 Processor: A Id: 100 subProcessor: 0 start time: 0@1000Hz\n5020 begun\n"),
    ],
    ["STp106.0n0.spikes", makeSpikes([{ time: 30, unit: 0 }, { time: 5030, unit: 2 }, { time: 40, recording: 1 }])],
  ]);
  await using opened = await openParts(OPENEPHYS, files);
  const { parts } = opened;
  const times: unknown[] = [];
  for (const segment of [0, 1, 2]) {
    const events = await eventsOf(parts, "all_channels", segment);
    const messages = await eventsOf(parts, "messages", segment);
    const spikes = await Promise.all([0, 1].map((channel) => spikesOf(parts, channel, segment)));
    times.push([
      [...events.timestamps],
      events.labels,
      messages.labels,
      ...spikes.map(({ timestamps }) => [...timestamps]),
    ]);
  }
  assert.deepEqual(parts.spikeChannels!.map(({ name }) => name), ["STp106.0n0#0", "STp106.0n0#2"]);
  assert.deepEqual(times, [
    [[10], ["3#100#2"], [], [30], []],
    [[5010], ["3#100#0"], ["begun"], [], [5030]],
    [[20], ["3#100#0"], [], [40], []],
  ]);
  const second = await spikesOf(parts, 1, 1);
  assert.deepEqual(second.waveforms!.shape, [1, 2, 40]);
  assert.equal(numbers(await second.waveforms!.read([0, 1, 5]))[0], 32768 + 100 + 10 + 5);
});

Deno.test("an index tells units without a scan, and a wrong one is told", async () => {
  const files = new Map([
    ["100_CH1.continuous", makeContinuous(1, records(0, 1))],
    ["ST1.spikes", makeSpikes([{ time: 1, unit: 3 }, { time: 2, unit: 1 }])],
  ]);
  await using first = await openParts(OPENEPHYS, files);
  const index = JSON.parse(JSON.stringify(await first.parts.index!({})));
  assert.deepEqual(index, { version: 1, units: { ST1: [1, 3] } });
  await using again = await openParts(OPENEPHYS, files, { options: { index } });
  assert.deepEqual(again.parts.spikeChannels!.map(({ name }) => name), ["ST1#1", "ST1#3"]);
  for (
    const wrong of [5, {}, { version: 1 }, { version: 1, units: { ST1: ["a"] } }, { version: 1, units: { ST1: [1e9] } }]
  ) {
    await assert.rejects(openParts(OPENEPHYS, files, { options: { index: wrong } }), CorruptFileError);
  }
});

Deno.test("by the option clock times are told by the seconds beside the records", async () => {
  const seconds = new Uint8Array(Float64Array.of(77, 78.024).buffer);
  const files = new Map([
    ["100_probe_CH1.continuous", makeContinuous(1, records(5000, 2), { version: 0.6 })],
    ["100_probe.timestamps", seconds],
    ["100_probe.events", makeEvents([{ time: 5500 }])],
  ]);
  await using opened = await openParts(OPENEPHYS, files, { options: { clock: "synchronised" } });
  assert.equal(opened.parts.blocks[0]!.segments[0]!.tStart, 77);
  const events = await eventsOf(opened.parts, "100_probe");
  assert.deepEqual([events.timestamps[0], events.ticksPerSecond], [77.5, 1]);
  await using plain = await openParts(OPENEPHYS, files);
  assert.equal(plain.parts.blocks[0]!.segments[0]!.tStart, 5);
});

Deno.test("a folder that can't be listed is read by what its structure names", async () => {
  const structure = text(
    `<?xml version="1.0"?><EXPERIMENT number="1"><RECORDING number="1"><STREAM name="probe" source_node_id="100">` +
      `<CHANNEL name="CH1" filename="100_probe_CH1.continuous"/><CHANNEL name="CH2" filename="100_probe_CH2.continuous"/>` +
      `<EVENTS filename="100_probe.events"/></STREAM></RECORDING></EXPERIMENT>`,
  );
  const files: Record<string, Uint8Array> = {
    "structure.openephys": structure,
    "100_probe_CH1.continuous": makeContinuous(1, records(0, 1), { version: 0.6 }),
    "100_probe.events": makeEvents([{ time: 5 }]),
  };
  for (const name of ["structure.openephys", "100_probe_CH1.continuous"]) {
    const source = { name, bytes: files[name]! };
    await using opened = await openParts(OPENEPHYS, new Blob([source.bytes as BlobPart]), {
      siblings: (path) => files[path] ?? null,
    });
    assert.deepEqual(shapes(opened.parts), [[[1024, 1]]]);
    assert.equal((await eventsOf(opened.parts, "100_probe")).timestamps[0], 5);
  }
});

Deno.test("wrong headers and broken ends are told by file and field", async () => {
  const good = makeContinuous(1, records(0, 2));
  const change = (from: string, to: string) => {
    const changed = good.slice();
    const at = new TextDecoder("latin1").decode(good.subarray(0, 1024)).indexOf(from);
    changed.set(text(to.padEnd(from.length)), at);
    return changed;
  };
  const cases: [Uint8Array, new (...args: never[]) => Error, RegExp][] = [
    [good.subarray(0, 500), TruncatedError, /1024 bytes, but the file only 500/],
    [good.subarray(0, 1024), TruncatedError, /none of its .continuous files has samples/],
    [change("sampleRate = 1000", "sampleRate = 0"), CorruptFileError, /header.sampleRate is 0/],
    [change("sampleRate = 1000", "sampleRate = x"), CorruptFileError, /header.sampleRate is no number: "x"/],
    [change("header_bytes = 1024", "header_bytes = 99"), CorruptFileError, /header_bytes is 99/],
    [change("header.format", "nothing"), CorruptFileError, /doesn't begin with header.format/],
    [change("blockLength = 1024", "blockLength = 1e9"), CorruptFileError, /blockLength is 1000000000/],
    [change("blockLength = 1024", "blockLength = 512"), CorruptFileError, /record at byte 1024 has 1024 samples/],
  ];
  for (const [bytes, kind, message] of cases) {
    await assert.rejects(openParts(OPENEPHYS, new Map([["100_CH1.continuous", bytes]])), (error: Error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(openParts(OPENEPHYS, new Map([["a.txt", new Uint8Array(9)]])), NotFoundError);
  const short = good.slice();
  new DataView(short.buffer).setUint16(1024 + 2070 + 8, 700, true);
  await assert.rejects(openParts(OPENEPHYS, new Map([["100_CH1.continuous", short]])), UnsupportedError);
  await using cut = await openParts(OPENEPHYS, new Map([["100_CH1.continuous", good.subarray(0, good.length - 7)]]));
  assert.deepEqual(shapes(cut.parts), [[[1024, 1]]]);
  assert.ok(cut.files.warnings.some((message) => message.includes("no whole record")));
});

Deno.test("200 changes and cuts of legacy files are read or told, and nothing else", async () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  let failed = 0;
  for (let round = 0; round < 200; round++) {
    const made = [...records(0, 2), ...records(5000, 1), ...records(0, 1, 1)];
    const files = new Map([
      ["100_CH1.continuous", makeContinuous(1, made)],
      ["100_CH2.continuous", makeContinuous(2, made)],
      ["all_channels.events", makeEvents([{ time: 10 }, { time: 5010 }])],
      ["messages.events", text("5020 begun\n")],
      ["ST1.spikes", makeSpikes([{ time: 1 }, { time: 5002, unit: 1 }])],
    ]);
    const [path, bytes] = [...files][random(files.size)]!;
    const changed = bytes.slice(0, round % 4 === 0 ? random(bytes.length) : bytes.length);
    for (let i = 0; i < 3 && changed.length > 0; i++) {
      // Headers, and those of records, are where it matters.
      const at = random(2) === 0 ? random(Math.min(changed.length, 1100)) : 1024 + 2070 * random(4) + random(12);
      if (at < changed.length) changed[at] = random(256);
    }
    files.set(path, changed);
    try {
      await using opened = await openParts(OPENEPHYS, files);
      const { parts } = opened;
      for (const segment of parts.blocks[0]!.segments) {
        for (const found of segment.signals) await found?.array.read();
        for (const i of parts.eventChannels!.keys()) await segment.events(i, {});
        for (const i of parts.spikeChannels!.keys()) await (await segment.spikes!(i, {})).waveforms?.read();
      }
    } catch (error) {
      failed++;
      assert.ok(error instanceof MicrotomeError, `${path}: ${(error as Error).stack}`);
    }
  }
  assert.ok(failed > 10);
});
