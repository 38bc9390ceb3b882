import assert from "node:assert/strict";
import { MicromedIO, openRecording, type Recording } from "../../src/recording/mod.ts";
import { LimitError, MicrotomeError, UnsupportedError } from "../../src/source/mod.ts";
import { CORPUS } from "../corpus/find.ts";
import { startRangeServer } from "../support/range_server.ts";
import { assertGoldenSignals, goldenOf } from "./golden.ts";
import { makeTrc, TRC_DATA, TRC_ZONES, type TrcFile } from "./make/micromed.ts";
import { numbers } from "./support.ts";

const FILE = "micromed/ephy_testing_data__File_micromed_1.TRC";
const golden = goldenOf(FILE);

Deno.test({
  name: "micromed: the corpus' file reads as neo reads it: tables, samples, events" +
    (golden === null ? " (skipped: no corpus)" : ""),
  ignore: golden === null,
  fn: async () => {
    await using reader = new MicromedIO({ filename: `${CORPUS}${FILE}` });
    await reader.parseHeader();
    await assertGoldenSignals(reader.parts, golden!);
    for (const [i, { name, count, first_3_raw = [], first_3_labels = [] }] of golden!.events.entries()) {
      const [timestamps, , labels] = await reader.getEventTimestamps(i);
      assert.deepEqual([reader.header.eventChannels[i]!.name, timestamps.length], [name, count]);
      assert.deepEqual([[...timestamps.slice(0, 3)], labels.slice(0, 3)], [first_3_raw, first_3_labels]);
    }
    assert.deepEqual(reader.warnings, []);
  },
});

/** The conformance case of python-neo's own reader, with what is right where that isn't. */
const CASE: TrcFile = {
  electrodes: [
    { code: 1, name: "Fp1" },
    { code: 3, name: "Cz", physical: [-1, 1], unit: 1 },
  ],
  rate: 100,
  rows: 40,
  value: (row, channel) => 32768 + row * 2 + channel,
  parts: [[100, 0], [300, 20]],
  notes: [[5, "hello"], [25, Uint8Array.of(0x63, 0x61, 0x66, 0xe9)], [0, ""]],
  eventA: { records: [[1, 3, 7], [2, 22, 30]] },
  triggers: [[0, 9], [4, 1], [20, 2], [39, 3], [40, 4]],
};

async function eventsOf(recording: Recording, segmentIndex: number) {
  const { events, epochs } = await recording.readSegment({ segmentIndex });
  return [...events, ...epochs].map(({ name, times, labels, ...rest }) => [
    name,
    [...times],
    labels,
    ...("durations" in rest ? [[...rest.durations as Float64Array]] : []),
  ]);
}

Deno.test("micromed: cut parts are segments of one clock; neo tells the second part's events two seconds early", async () => {
  await using recording = await openRecording(makeTrc(CASE));
  assert.deepEqual(recording.format.name, "micromed");
  assert.deepEqual(recording.channels(), [
    {
      name: "Fp1",
      id: "0",
      samplingRate: 100,
      dtype: "u2",
      units: "uV",
      gain: 0.09765625,
      offset: -3200,
      streamId: "0",
      bufferId: "0",
    },
    {
      name: "Cz",
      id: "1",
      samplingRate: 100,
      dtype: "u2",
      units: "mV",
      gain: 3.0517578125e-5,
      offset: -1,
      streamId: "0",
      bufferId: "0",
    },
  ]);
  const { annotations, segments } = await recording.readBlock({ lazy: true });
  assert.deepEqual(
    [(annotations["recDatetime"] as Date).toISOString(), annotations["firstname"], annotations["surname"]],
    ["2024-01-02T03:04:05.000Z", "JANE", "DOE"],
  );
  assert.deepEqual(segments.map(({ tStart, tStop }) => [tStart, tStop]), [[1, 1.2], [3, 3.2]]);
  // Two units: two signals of one stream, in the order in which units appear.
  assert.deepEqual(segments[0]!.analogSignals.map(({ units, shape }) => [units, shape]), [["uV", [20, 1]], ["mV", [
    20,
    1,
  ]]]);
  assert.deepEqual(segments[0]!.analogSignals[0]!.arrayAnnotations["ground"], ["G2"]);
  const raw = numbers(await recording.getAnalogSignalChunk({ segmentIndex: 1 }));
  assert.deepEqual([raw.slice(0, 2), raw.slice(-2)], [[32808, 32809], [32846, 32847]]);
  const first = await recording.getAnalogSignalChunk({ iStop: 2 });
  const scaled = await recording.rescaleSignalRawToFloat(first);
  assert.deepEqual(scaled.data, Float32Array.of(0, 3.0517578125e-5, 0.1953125, 9.1552734375e-5));
  // neo: the trigger at sample 0 is lost; labels of row 40, behind the last, too.
  assert.deepEqual(await eventsOf(recording, 0), [
    ["Trigger", [1, 1.04], ["9", "1"]],
    ["Note", [1.05], ["hello"]],
    ["Event A", [1.03], ["1"], [0.04]],
    ["Event B", [], [], []],
  ]);
  // neo: 1.20, 1.39, 1.25, 1.22 s, though the segment spans 3.0 to 3.2 s.
  assert.deepEqual(await eventsOf(recording, 1), [
    ["Trigger", [3, 3.19], ["2", "3"]],
    ["Note", [3.05], ["café"]],
    ["Event A", [3.02], ["2"], [0.08]],
    ["Event B", [], [], []],
  ]);
});

const SMALL: TrcFile = {
  electrodes: [{ code: 1, name: "A" }, { code: 2, name: "B" }],
  rows: 10,
  value: (row, channel) => row * 2 + channel,
};

/** What a variant differs in, and what follows from the format. */
const VARIANTS: readonly (readonly [string, TrcFile, (recording: Recording) => Promise<void> | void])[] = [
  ["samples of 1 byte", { ...SMALL, bytes: 1, value: (row, channel) => 255 - row * 2 - channel }, async (recording) => {
    assert.equal(recording.channels()[0]!.dtype, "u1");
    assert.deepEqual(numbers(await recording.rawSignal().read([9])), [237, 236]);
  }],
  ["samples of 4 bytes", { ...SMALL, bytes: 4, value: (row) => 4_000_000_000 + row }, async (recording) => {
    assert.equal(recording.channels()[0]!.dtype, "u4");
    assert.deepEqual(numbers(await recording.rawSignal().read([[0, 9], 1])), [4_000_000_000, 4_000_000_009]);
  }],
  ["zones of named pairs, as the maker writes them", {
    ...SMALL,
    eventA: { name: "Seizure onset", pairs: [[2, 5], [0xffffffff, 0xffffffff]] },
    eventB: { name: "", pairs: [[0, 3]] },
  }, async (recording) => {
    const { epochs } = await recording.readSegment();
    assert.deepEqual(epochs.map(({ name, labels }) => [name, labels]), [["Event A", ["Seizure onset"]], ["Event B", [
      "",
    ]]]);
    assert.deepEqual([...epochs[0]!.times, ...epochs[0]!.durations], [2 / 256, 3 / 256]);
    assert.deepEqual([...epochs[1]!.times, ...epochs[1]!.durations], [0, 3 / 256]);
  }],
  ["slots of zeros, and sample 0", { ...SMALL, emptySlots: "zeros", triggers: [[0, 7], [1, 8]] }, async (recording) => {
    assert.deepEqual((await recording.getEventTimestamps(0))[2], ["7", "8"]);
  }],
  ["a coefficient of 0", { ...SMALL, electrodes: [{ code: 1, name: "A", coefficient: 0 }] }, (recording) => {
    assert.equal(recording.getSignalSamplingRate(), 256);
    assert.match(recording.warnings.join(), /channel 0.*coefficient is 0/);
  }],
  ["a coefficient of 4", { ...SMALL, electrodes: [{ code: 1, name: "A", coefficient: 4 }] }, (recording) => {
    assert.equal(recording.getSignalSamplingRate(), 1024);
    assert.equal(recording.segmentTStop(), 10 / 1024);
  }],
  ["the year 2028, which is 128", { ...SMALL, date: [29, 2, 128, 23, 59, 59] }, (recording) => {
    const { recDatetime } = recording.parts.blocks[0]!.annotations!;
    assert.equal((recDatetime as Date).toISOString(), "2028-02-29T23:59:59.000Z");
  }],
  ["a date that is none", { ...SMALL, date: [40, 13, 0, 0, 0, 0] }, (recording) => {
    assert.equal(recording.parts.blocks[0]!.annotations!["recDatetime"], undefined);
  }],
  ["volts, beats, and a code that says nothing", {
    ...SMALL,
    electrodes: [2, 101, 102, -1, 77].map((unit, i) => ({ code: i, name: `E${i}`, unit })),
  }, (recording) => {
    assert.deepEqual(recording.channels().map(({ units }) => units), ["V", "bpm", "", "nV", ""]);
    assert.match(recording.warnings.join(), /channel 4: its unit has the code 77/);
  }],
  ["electrodes far up in their table", { ...SMALL, electrodes: [{ code: 639, name: "Last" }] }, (recording) => {
    assert.equal(recording.channels()[0]!.name, "Last");
  }],
];

for (const [name, file, check] of VARIANTS) {
  Deno.test(`micromed: ${name}`, async () => {
    await using recording = await openRecording(makeTrc(file));
    await check(recording);
  });
}

Deno.test("micromed: a map or folder with one TRC is that; several are named", async () => {
  const files = new Map([["a.TRC", makeTrc(SMALL)], ["notes.txt", new Uint8Array(3)]]);
  await using recording = await openRecording(files);
  assert.deepEqual([recording.format.name, recording.getSignalSize()], ["micromed", 10]);
  files.set("b.trc", makeTrc(SMALL));
  await assert.rejects(openRecording(files, { format: "micromed" }), /it has several: a\.TRC, b\.trc; open one/);
});

Deno.test("micromed: an umlaut in an electrode's name is read as cp1252", async () => {
  const bytes = makeTrc(SMALL);
  bytes.set([0x52, 0xfc, 0x63, 0x6b], TRC_ZONES.LABCOD[0] + 128 + 2);
  await using recording = await openRecording(bytes);
  assert.equal(recording.channels()[0]!.name, "Rück");
});

Deno.test("micromed: a cut no longer than gapTolerance is taken as none; too many cuts name it", async () => {
  const parts: TrcFile = { ...SMALL, parts: [[0, 0], [4, 3], [100, 6]] };
  await using strict = await openRecording(makeTrc(parts));
  assert.deepEqual(strict.header.segmentCounts, [3]);
  await using lax = await openRecording(makeTrc(parts), { gapTolerance: 0.1 });
  assert.deepEqual([lax.header.segmentCounts, lax.getSignalSize(0, 0)], [[2], 6]);
});

Deno.test("micromed: what is cut off is left out, and said", async () => {
  const whole = makeTrc({ ...SMALL, parts: [[0, 0], [50, 5], [90, 9]], triggers: [[1, 1], [8, 2]] });
  await using recording = await openRecording(whole.subarray(0, TRC_DATA + 7 * 4 + 3));
  assert.deepEqual(recording.header.segmentCounts, [2]);
  assert.deepEqual([recording.getSignalSize(0, 0), recording.getSignalSize(0, 1)], [5, 2]);
  assert.match(recording.warnings.join("\n"), /last 3 bytes.*left out[^]*1 of 3 parts lie behind its end/);
  await using empty = await openRecording(whole.subarray(0, TRC_DATA));
  assert.deepEqual([empty.getSignalSize(), empty.segmentTStop()], [0, 0]);
});

Deno.test("micromed: what isn't read, or can't be, is refused by file, field and offset", async () => {
  const patched = (at: number, value: number, size: 1 | 2 | 4 = 2) => {
    const bytes = makeTrc(SMALL);
    const view = new DataView(bytes.buffer);
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    return bytes;
  };
  const cases: readonly (readonly [Uint8Array<ArrayBuffer>, RegExp])[] = [
    [makeTrc({ ...SMALL, headerType: 3 }), /header is of type 3/],
    [makeTrc({ ...SMALL, compression: 1 }), /samples are compressed/],
    [patched(146, 0), /sampling rate at byte 146 is 0/],
    [patched(142, 0), /number of channels at byte 142 is 0/],
    [patched(142, 60_000), /number of channels at byte 142 is 60000/],
    [patched(148, 3), /bytes of a sample at byte 148 is 3/],
    [patched(138, 12, 4), /start of the data at byte 138 is 12/],
    [patched(193, 0x58, 1), /zone LABCOD at byte 192 is called "LXBCOD"/],
    [patched(TRC_ZONES.ORDER[0], 65535), /electrode of channel 0 stands at byte 8389632, behind its end/],
    [patched(188, 0, 4), /electrode of channel 0 stands at byte 640, behind its end/],
    [makeTrc({ ...SMALL, parts: [[0, 0], [50, 5], [60, 4]] }), /part 2 of the zone TRONCA begins at row 4/],
    [
      makeTrc({ ...SMALL, electrodes: [{ code: 1, name: "A" }, { code: 2, name: "B", coefficient: 2 }] }),
      /256, 512 Hz/,
    ],
    [new TextEncoder().encode("<!doctype html>".repeat(100)), /it isn't Micromed TRC, which begins with/],
    [new Uint8Array(0), /it isn't Micromed TRC/],
    [makeTrc(SMALL).subarray(0, 500), /the zone ORDER begins at byte 640, behind its end at 500/],
    [makeTrc(SMALL).subarray(0, 300), /the zone MONTAGE stands at byte 300, behind its end at 300/],
  ];
  for (const [bytes, message] of cases) {
    await assert.rejects(openRecording(bytes, { format: "micromed" }), (error) => {
      assert.ok(error instanceof MicrotomeError, String(error));
      assert.match(error.message, message);
      assert.ok(error.file !== undefined);
      return true;
    });
  }
});

Deno.test("micromed: zones that claim 4 GB are read as far as a file goes, or refused", async () => {
  for (let zone = 0; zone < 15; zone++) {
    const bytes = makeTrc({ ...SMALL, triggers: [[1, 1]] });
    new DataView(bytes.buffer).setUint32(188 + 16 * zone, 0xffffffff, true);
    await using recording = await openRecording(bytes);
    await recording.readSegment().catch((error) => assert.ok(error instanceof MicrotomeError, String(error)));
  }
  await assert.rejects(openRecording(makeTrc({ ...SMALL, headerType: 9 })), UnsupportedError);
  assert.ok(LimitError !== undefined);
});

Deno.test("micromed: of 300 damaged files each is read, or refused with an error of ours", async () => {
  const sound = makeTrc({ ...CASE, eventB: { name: "b", pairs: [[1, 2]] } });
  let seed = 7;
  const random = (below: number) => {
    seed = Math.imul(seed, 1103515245) + 12345 >>> 0;
    return Math.floor(seed / 2 ** 32 * below);
  };
  let read = 0;
  for (let i = 0; i < 300; i++) {
    let bytes = sound.slice();
    // Where the header lies, and its tables, since samples can't be wrong.
    for (let flips = 0; flips < 3; flips++) bytes[random(i % 2 === 0 ? 700 : 2000)]! ^= 1 << random(8);
    if (i % 5 === 0) bytes = bytes.subarray(0, random(bytes.length));
    try {
      await using recording = await openRecording(bytes, { format: "micromed" });
      await recording.readBlock();
      read++;
    } catch (error) {
      assert.ok(error instanceof MicrotomeError, `${i}: ${(error as Error).stack}`);
    }
  }
  assert.ok(read > 50 && read < 290, String(read));
});

Deno.test("micromed: a second of 64 channels of a 1 GB file by URL costs the header's zones, then one request", async () => {
  const electrodes = Array.from({ length: 64 }, (_, i) => ({ code: i, name: `E${i}` }));
  const head = makeTrc({ electrodes, rows: 8_000_000, value: () => 0, withoutData: true });
  const folder = await Deno.makeTempDir();
  // All of it but the header is a hole.
  await Deno.writeFile(`${folder}/large.TRC`, head);
  await Deno.truncate(`${folder}/large.TRC`, TRC_DATA + 8_000_000 * 128);
  const server = await startRangeServer(folder);
  try {
    await using recording = await openRecording(`${server.url}/large.TRC`);
    const opening = server.log.map(({ bytes }) => bytes);
    assert.ok(opening.length <= 2 && opening.reduce((sum, n) => sum + n, 0) <= 200_000, String(opening));
    server.clear();
    const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
    const loaded = await signal!.load({ timeSlice: [20_000, 20_001] });
    assert.deepEqual(loaded.shape, [256, 64]);
    assert.deepEqual(server.log.map(({ bytes }) => bytes), [256 * 128]);
  } finally {
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
});
