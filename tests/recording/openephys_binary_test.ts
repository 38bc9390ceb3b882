import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import type { EventParts, RecordingParts, SpikeParts } from "../../src/recording/format.ts";
import { openRecording } from "../../src/recording/open_recording.ts";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary.ts";
import { CorruptFileError, LimitError, MicrotomeError, NotFoundError } from "../../src/source/errors.ts";
import { CORPUS } from "../corpus/find.ts";
import { assertGoldenSignals, goldenOf } from "./golden.ts";
import { type MadeRecording, type MadeStream, makeBinary, npy, range, sampleAt } from "./make/openephys_binary.ts";
import { numbers, openParts } from "./support.ts";

const FOLDER = "openephys/ephy_testing_data__binary";
const absent = CORPUS === null ? " (no corpus)" : "";

function corpusTest(
  name: string,
  folder: string,
  fn: (parts: RecordingParts, warnings: string[]) => Promise<void> | void,
): void {
  Deno.test({
    name: `${name}${absent}`,
    ignore: CORPUS === null,
    async fn() {
      await using opened = await openParts(OPENEPHYS_BINARY, `${CORPUS}${FOLDER}/${folder}`);
      assert.equal(OPENEPHYS_BINARY.recognises(opened.probe), true);
      await fn(opened.parts, opened.files.warnings);
    },
  });
}

async function eventsOf(parts: RecordingParts, name: string | number, block = 0, segment = 0): Promise<EventParts> {
  const channel = typeof name === "number" ? name : parts.eventChannels!.findIndex((entry) => entry.name === name);
  return await parts.blocks[block]!.segments[segment]!.events(channel, {});
}

async function spikesOf(parts: RecordingParts, channel: number, block = 0, segment = 0): Promise<SpikeParts> {
  return await parts.blocks[block]!.segments[segment]!.spikes!(channel, {});
}

const signal = (parts: RecordingParts, stream = 0, segment = 0, block = 0) =>
  parts.blocks[block]!.segments[segment]!.signals[stream]!;

const CH = (count: number) => range(1, count).map((i) => ({ name: `CH${i}` }));

function oldStream(parts: Partial<MadeStream> = {}): MadeStream {
  return { folder: "Rhythm_FPGA-100.0", rate: 1000, channels: CH(2), numbers: range(5000, 100), ...parts };
}

function newStream(parts: Partial<MadeStream> = {}): MadeStream {
  return {
    folder: "Acq-100.stream",
    rate: 1000,
    channels: CH(2),
    numbers: range(5000, 100),
    seconds: range(0, 100).map((i) => 5.5 + i / 1000),
    ...parts,
  };
}

const OLD: MadeRecording = { version: "0.4.4", path: "experiment1/recording1/" };
const NEW: MadeRecording = { version: "0.6.7", path: "Record Node 101/experiment1/recording1/" };

corpusTest(
  "neo's streams and samples are read of Open Ephys 0.4 with spikes",
  "v0.4.4.1_with_spikes",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.4.4.1_with_spikes`)!);
  },
);

corpusTest(
  "neo's streams and samples are read of Open Ephys 0.4 with video",
  "v0.4.4.1_with_video_tracking",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.4.4.1_with_video_tracking`)!);
  },
);

corpusTest(
  "neo's streams and samples are read of three experiments of 0.6",
  "v0.6.x_neuropixels_multiexp_multistream",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`)!);
    assert.deepEqual(parts.blocks.map(({ name }) => name), ["experiment1", "experiment3", "experiment6"]);
    assert.deepEqual(parts.blocks[0]!.annotations!.recDatetime, new Date(1651600344618));
  },
);

corpusTest(
  "converters' channels are volts, where neo repeats the header's uV",
  "neural_and_non_neural_data_mixed",
  async (parts) => {
    const golden = goldenOf(`${FOLDER}/neural_and_non_neural_data_mixed`)!;
    await assertGoldenSignals(parts, golden, ["units"]);
    assert.deepEqual(golden.streams.map(({ units }) => units), ["uV", "uV"]);
    assert.deepEqual(parts.streams.map(({ channels }) => channels[0]!.units), ["uV", "V"]);
    // The converter's range is 5 V.
    assert.equal(parts.streams[1]!.channels[0]!.gain * 32768, 5);
  },
);

corpusTest(
  "lines are the epochs that neo finds, by the clock of their samples",
  "v0.4.4.1_with_video_tracking",
  async (parts) => {
    const lines = await eventsOf(parts, "Rhythm FPGA source TTL events input");
    const golden = goldenOf(`${FOLDER}/v0.4.4.1_with_video_tracking`)!.events[1]!;
    assert.equal(lines.timestamps.length, golden.count);
    assert.deepEqual([...lines.timestamps.slice(0, 3)].map((t) => t / lines.ticksPerSecond), golden.first_3_raw);
    assert.deepEqual(lines.labels.slice(0, 3), golden.first_3_labels);
    assert.deepEqual([...lines.durations!], Array(7).fill(1));
  },
);

corpusTest(
  "events of 0.6 have neo's numbers and labels, but the signals' clock",
  "v0.6.x_neuropixels_multiexp_multistream",
  async (parts) => {
    const golden = goldenOf(`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`)!.events;
    assert.deepEqual(parts.eventChannels!.map(({ name }) => name), golden.map(({ name }) => name));
    for (const [i, { count, first_3_labels: labels = [] }] of golden.entries()) {
      const found = await eventsOf(parts, i);
      assert.equal(found.timestamps.length, count);
      assert.deepEqual(found.labels.slice(0, 3), labels);
    }
    const lines = await eventsOf(parts, "PXIe-6341Digital Input Line");
    assert.deepEqual([lines.timestamps[0], lines.ticksPerSecond], [1885389, 30000]);
    // neo tells signals by numbers of samples, and events by synchronised seconds: those stand in an annotation here.
    assert.equal((lines.annotations!.synchronisedTimes as Float64Array)[0], golden[1]!.first_3_raw![0]);
    assert.ok(Math.abs(1885389 / 30000 - golden[1]!.first_3_raw![0]!) > 0.1);
  },
);

corpusTest(
  "both groups of one processor are read, where neo keeps the last",
  "v0.4.4.1_with_spikes",
  async (parts, warnings) => {
    const golden = goldenOf(`${FOLDER}/v0.4.4.1_with_spikes`)!.events;
    assert.equal(golden.filter(({ name }) => name === "Tracking data").length, 1);
    const channels = parts.eventChannels!.flatMap(({ name }, i) => name === "Tracking data" ? [i] : []);
    assert.equal(channels.length, 2);
    const [green, red] = [await eventsOf(parts, channels[0]!), await eventsOf(parts, channels[1]!)];
    assert.deepEqual([...red.timestamps.slice(0, 3)], golden[2]!.first_3_raw);
    assert.deepEqual(red.labels.slice(0, 3), golden[2]!.first_3_labels);
    assert.equal(green.timestamps[0], 108772339576);
    assert.deepEqual(green.annotations!.Color!.slice(0, 2), ["green", "green"]);
    assert.deepEqual((green.annotations!.dataArray![0] as number[]).slice(0, 4), [0, 0, 192, 255]);
    // Ticks of the computer's clock, 10 MHz: by the structure's 30 kHz they'd be 42 days behind the samples.
    assert.equal(red.ticksPerSecond, 1e7);
    const { tStart } = parts.blocks[0]!.segments[0]!;
    assert.ok(Math.abs(red.timestamps[0]! / red.ticksPerSecond - tStart) < 0.1);
    assert.ok(warnings.some((text) => text.includes("computer's clock")));
  },
);

corpusTest(
  "spikes are told apart by electrode, with waveforms, where neo reads none",
  "v0.4.4.1_with_spikes",
  async (parts) => {
    assert.equal(parts.spikeChannels!.length, 8);
    const counts: number[] = [];
    for (const i of range(0, 8)) counts.push((await spikesOf(parts, i)).timestamps.length);
    assert.deepEqual(counts, [85, 25, 130, 536, 315, 1220, 862, 206]);
    const first = await spikesOf(parts, 6);
    assert.equal(first.timestamps[0], 326315052);
    assert.deepEqual(first.waveforms!.shape, [862, 4, 40]);
    assert.deepEqual(parts.spikeChannels![6]!.wfLeftSweep, 8);
    assert.equal(parts.spikeChannels![6]!.wfGain, 0.19499999284744263);
  },
);

corpusTest("nodes that differ are read node by node, where neo fails", "v0.5.x_two_nodes", (parts) => {
  assert.match(goldenOf(`${FOLDER}/v0.5.x_two_nodes`)!.error!, /KeyError/);
  assert.deepEqual(parts.streams.map(({ name }) => name), [
    "RecordNode103#File_Reader-100.0",
    "RecordNode105#File_Reader-100.0",
  ]);
  const { segments } = parts.blocks[0]!;
  assert.deepEqual(segments.map(({ signals }) => signals.map((found) => found?.array.shape ?? null)), [
    [[20000, 16], [20000, 16]],
    [[20000, 16], null],
    [[20000, 16], null],
  ]);
  assert.deepEqual(segments.map(({ tStart }) => tStart * 40000), [181888, 515040, 809216]);
});

corpusTest(
  "a stream whose samples are missing is left out with a warning, where neo fails",
  "v0.5.3_two_neuropixels_stream",
  (parts, warnings) => {
    assert.match(goldenOf(`${FOLDER}/v0.5.3_two_neuropixels_stream`)!.error!, /FileNotFoundError/);
    assert.deepEqual(parts.streams.map(({ name }) => name), ["Record_Node_107#Neuropix-PXI-116.1"]);
    assert.deepEqual(signal(parts).array.shape, [2500, 384]);
    assert.ok(warnings.some((text) => text.includes("Neuropix-PXI-116.0")));
  },
);

Deno.test({
  name: `openRecording knows Open Ephys' folders of the corpus by what lies in them, and its objects load${absent}`,
  ignore: CORPUS === null,
  async fn() {
    const legacy = "openephys/open-ephys-python-tools__v0.6.7_OpenEphys/Record Node 105";
    for (
      const [path, format, shape] of [
        [`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`, "openephysbinary", [100, 8]],
        [`${FOLDER}/v0.4.4.1_with_spikes`, "openephysbinary", [16, 32]],
        [`${FOLDER}/v0.5.x_two_nodes`, "openephysbinary", [20000, 16]],
        [legacy, "openephys", [133120, 2]],
      ] as const
    ) {
      await using recording = await openRecording(`${CORPUS}${path}`);
      assert.equal(recording.format.name, format);
      const segment = await recording.readSegment({ lazy: true });
      assert.deepEqual(segment.analogSignals[0]!.shape, shape);
      await (await recording.readSegment({})).analogSignals[0]!;
      assert.ok(String(recording).length > 100);
    }
  },
});

Deno.test("samples, numbers and times of 0.4, 0.6 and 1.0 are read alike", async () => {
  const recent = { ...NEW, streams: [newStream()] };
  for (const made of [{ ...OLD, streams: [oldStream()] }, recent, { ...recent, version: "1.0.0" as const }]) {
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made));
    const { array, tStart, timestamps } = signal(opened.parts);
    assert.equal(tStart, 5);
    assert.deepEqual(numbers(await array.read([slice(10, 12)])), [
      sampleAt(10, 0),
      sampleAt(10, 1),
      sampleAt(11, 0),
      sampleAt(11, 1),
    ]);
    assert.deepEqual(
      numbers(await timestamps!.read([slice(2)])),
      made.version === "0.4.4" ? [5000, 5001] : [5.5, 5.501],
    );
    assert.deepEqual(opened.files.warnings, []);
    assert.deepEqual(opened.parts.streams[0]!.channels[1], {
      name: "CH2",
      id: "CH2",
      samplingRate: 1000,
      units: "uV",
      gain: 0.195,
      offset: 0,
      annotations: opened.parts.streams[0]!.channels[1]!.annotations,
    });
  }
});

Deno.test("a gap splits a segment, and is not joined in silence", async () => {
  const stream = oldStream({ numbers: [...range(5000, 40), ...range(5100, 60)] });
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...OLD, streams: [stream] }));
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart, tStop }) => [tStart, tStop]), [[5, 5 + 40 / 1000], [5.1, 5.1 + 60 / 1000]]);
  assert.deepEqual(segments.map(({ signals }) => signals[0]!.array.shape), [[40, 2], [60, 2]]);
  assert.deepEqual(numbers(await segments[1]!.signals[0]!.array.read([0])), [sampleAt(40, 0), sampleAt(40, 1)]);
  assert.deepEqual(numbers(await segments[1]!.signals[0]!.timestamps!.read([0])), [5100]);
});

Deno.test("a gap within gapTolerance is taken as none, and one sample's is a gap by default", async () => {
  const files = makeBinary({ ...OLD, streams: [oldStream({ numbers: [...range(5000, 50), ...range(5051, 50)] })] });
  await using split = await openParts(OPENEPHYS_BINARY, files);
  assert.equal(split.parts.blocks[0]!.segments.length, 2);
  await using joined = await openParts(OPENEPHYS_BINARY, files, { options: { gapTolerance: 0.002 } });
  assert.equal(joined.parts.blocks[0]!.segments.length, 1);
});

Deno.test("splinters beyond maxSegments are an error that names gapTolerance", async () => {
  const files = makeBinary({ ...OLD, streams: [oldStream({ numbers: range(0, 100).map((i) => 2 * i) })] });
  await assert.rejects(openParts(OPENEPHYS_BINARY, files, { options: { maxSegments: 20 } }), (error: Error) => {
    assert.ok(error instanceof LimitError);
    assert.match(error.message, /gapTolerance/);
    return true;
  });
});

Deno.test("a clock that is set back at the start makes a segment there", async () => {
  const stream = oldStream({ numbers: [...range(69299863, 30), ...range(0, 70)] });
  const other = oldStream({ folder: "Rhythm_FPGA-100.1", rate: 100, numbers: range(0, 7) });
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...OLD, streams: [stream, other] }));
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ signals }) => signals.map((found) => found?.array.shape[0] ?? null)), [[30, null], [
    70,
    7,
  ]]);
  assert.equal(segments[1]!.tStart, 0);
});

Deno.test("where one stream has a gap the others are cut without loss, and gaps of one moment are one", async () => {
  const ap = oldStream({ numbers: [...range(0, 400), ...range(2000, 600)] });
  const lfp = oldStream({ folder: "Rhythm_FPGA-100.1", rate: 100, numbers: [...range(0, 40), ...range(200, 60)] });
  const nidq = oldStream({ folder: "NI-101.0", rate: 500, numbers: range(0, 1300) });
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...OLD, streams: [ap, lfp, nidq] }));
  const { segments } = opened.parts.blocks[0]!;
  // Sorted by name: NI, then both of the Rhythm FPGA.
  assert.deepEqual(segments.map(({ signals }) => signals.map((found) => found!.array.shape[0])), [[1000, 400, 40], [
    300,
    600,
    60,
  ]]);
  assert.deepEqual(segments[1]!.signals.map((found) => found!.tStart), [2, 2, 2]);
  assert.deepEqual(numbers(await segments[1]!.signals[0]!.array.read([0])), [sampleAt(1000, 0), sampleAt(1000, 1)]);
});

Deno.test("lines: rises with falls, lines that were high before, lines that stay high", async () => {
  const lines = {
    folder: "Acq-100.stream/TTL",
    rate: 1000,
    numbers: [5010, 5020, 5030, 5040, 5050, 5060],
    states: [-2, 1, 3, -1, -4, 1],
    initialState: 0b0010,
  };
  await using opened = await openParts(
    OPENEPHYS_BINARY,
    makeBinary({ ...NEW, streams: [newStream()], lines: [lines] }),
  );
  const found = await eventsOf(opened.parts, "Lines");
  assert.equal(opened.parts.eventChannels![0]!.type, "epoch");
  assert.deepEqual(
    Array.from(found.timestamps, (start, i) => [found.labels[i], start, found.durations![i]]),
    // Line 2 was high from the beginning, line 4 wasn't known to be; lines 3 and 1 stay high to the end, at 5100.
    [["2", 5000, 10], ["1", 5020, 20], ["3", 5030, 70], ["1", 5060, 40]],
  );
  assert.equal(found.ticksPerSecond, 1000);
});

Deno.test("events and spikes lie in the segment of their time, by the clock of their own stream", async () => {
  const stream = newStream({ numbers: [...range(5000, 40), ...range(9000, 60)], seconds: undefined });
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5010, 5020, 9010, 9020], states: [1, -1, 1, -1] };
  const spikes = {
    folder: "Detector-104.stream/Tetrode 1",
    names: ["Tetrode 1"],
    rate: 1000,
    numbers: [5005, 9030, 9040],
    electrodes: [1, 1, 1],
    channels: 4,
    samples: 40,
  };
  const texts = { folder: "MessageCenter", rate: 1000, numbers: [9055], texts: ["Größe"] };
  const made = { ...NEW, streams: [stream], lines: [lines], spikes: [spikes], texts: [texts] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made));
  const { parts } = opened;
  assert.deepEqual([...(await eventsOf(parts, "Lines", 0, 0)).timestamps], [5010]);
  assert.deepEqual([...(await eventsOf(parts, "Lines", 0, 1)).timestamps], [9010]);
  assert.deepEqual((await eventsOf(parts, "Messages", 0, 1)).labels, ["Größe"]);
  assert.deepEqual((await eventsOf(parts, "Messages", 0, 0)).labels, []);
  assert.deepEqual([...(await spikesOf(parts, 0, 0, 0)).timestamps], [5005]);
  const second = await spikesOf(parts, 0, 0, 1);
  assert.deepEqual([...second.timestamps], [9030, 9040]);
  assert.deepEqual([...second.annotations!.clusters as Float64Array], [1, 2]);
  assert.deepEqual(second.waveforms!.shape, [2, 4, 40]);
  assert.equal(numbers(await second.waveforms!.read([0, 0, 0]))[0], sampleAt(160, 0));
  assert.deepEqual(parts.spikeChannels![0], {
    name: "Tetrode 1",
    id: "Record Node 101#Detector-104.stream/Tetrode 1",
    wfUnits: "uV",
    wfGain: 0.05,
    wfOffset: 0,
    wfLeftSweep: 8,
    wfSamplingRate: 1000,
  });
});

Deno.test("by the option clock signals, events and spikes are told by synchronised seconds", async () => {
  const lines = {
    folder: "Acq-100.stream/TTL",
    rate: 1000,
    numbers: [5010, 5020],
    states: [1, -1],
    seconds: [5.51, 5.52],
  };
  const made = { ...NEW, streams: [newStream()], lines: [lines] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made), { options: { clock: "synchronised" } });
  assert.equal(signal(opened.parts).tStart, 5.5);
  const found = await eventsOf(opened.parts, "Lines");
  assert.deepEqual([found.timestamps[0], found.ticksPerSecond], [5.51, 1]);
  assert.ok(Math.abs(found.durations![0]! - 0.01) < 1e-12);
});

Deno.test("times that weren't synchronised fall back to numbers of samples, with a warning", async () => {
  for (const seconds of [Array(100).fill(-1), [...range(0, 50), ...range(0, 50)].map((i) => 1 + i / 1000)]) {
    const made = { ...OLD, version: "0.5.3" as const, streams: [oldStream({ seconds })] };
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made), { options: { clock: "synchronised" } });
    assert.equal(signal(opened.parts).tStart, 5);
    assert.ok(opened.files.warnings.some((text) => text.includes("synchronised")));
  }
});

Deno.test("a .npy whose header wasn't finalised has as many rows as its length says", async () => {
  const files = makeBinary({ ...OLD, streams: [oldStream()] });
  const path = "experiment1/recording1/continuous/Rhythm_FPGA-100.0/timestamps.npy";
  files.set(path, npy("<i8", [100], BigInt64Array.from(range(5000, 100), BigInt), 1));
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  assert.deepEqual(signal(opened.parts).array.shape, [100, 2]);
  assert.ok(opened.files.warnings.some((text) => text.includes("1 rows, there are 100")));
});

Deno.test("of samples and numbers of them the fewer count, with a warning; a broken last sample is left out", async () => {
  for (const [rows, count, expected] of [[103, 100, 100], [98, 100, 98]] as const) {
    const stream = oldStream({ numbers: range(5000, count), rows });
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...OLD, streams: [stream] }));
    assert.deepEqual(signal(opened.parts).array.shape, [expected, 2]);
    assert.ok(opened.files.warnings.some((text) => text.includes("what both have is read")));
  }
  const files = makeBinary({ ...OLD, streams: [oldStream()] });
  const path = "experiment1/recording1/continuous/Rhythm_FPGA-100.0/continuous.dat";
  files.set(path, files.get(path)!.subarray(0, 397));
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  assert.deepEqual(signal(opened.parts).array.shape, [99, 2]);
  assert.ok(opened.files.warnings.some((text) => text.includes("last 1 bytes")));
});

Deno.test("where no numbers of samples are there the sync messages say when a stream begins", async () => {
  const old = "Software time: 999@10000000Hz\nProcessor: Rhythm FPGA Id: 100 subProcessor: 0 start time: 7000@1000Hz\n";
  const recent = "Start Time for Acq (100) - stream @ 1000 Hz: 7000\n";
  for (
    const made of [
      { ...OLD, streams: [oldStream({ numbers: null, rows: 100 })], sync: old },
      { ...NEW, streams: [newStream({ numbers: null, rows: 100, seconds: undefined })], sync: recent },
    ]
  ) {
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made));
    assert.equal(signal(opened.parts).tStart, 7);
    assert.deepEqual(signal(opened.parts).array.shape, [100, 2]);
  }
});

Deno.test("converters' channels and the words of lines are streams of their own, wherever they stand", async () => {
  const channels = [
    { name: "CH1" },
    { name: "ADC1", bitVolts: 0.00015 },
    { name: "CH2" },
    { name: "AP_SYNC", bitVolts: 1 },
    { name: "ADC2", bitVolts: 0.00015 },
  ];
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...NEW, streams: [newStream({ channels })] }));
  const { parts } = opened;
  const name = "Record Node 101#Acq-100.stream";
  assert.deepEqual(parts.streams.map((stream) => [stream.name, stream.id, stream.channels.map((c) => c.name).join()]), [
    [name, "0", "CH1,CH2"],
    [`${name}_ADC`, "1", "ADC1,ADC2"],
    [`${name}SYNC`, "2", "AP_SYNC"],
  ]);
  assert.deepEqual(parts.streams.map(({ channels }) => channels[0]!.units), ["uV", "V", ""]);
  assert.deepEqual(numbers(await signal(parts, 1).array.read([5])), [sampleAt(5, 1), sampleAt(5, 4)]);
  assert.deepEqual(
    numbers(await signal(parts, 0).array.read([slice(5, 7)])),
    [[5, 0], [5, 2], [6, 0], [6, 2]].map(([r, c]) => sampleAt(r!, c!)),
  );
});

Deno.test("an oebin beside its files, a recording's folder and a node's are opened as a session is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, bytes] of makeBinary({ ...NEW, streams: [newStream()] })) {
      await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${folder}/${path}`, bytes);
    }
    const node = `${folder}/Record Node 101`;
    const recording = `${node}/experiment1/recording1`;
    await Deno.writeTextFile(
      `${node}/settings.xml`,
      "<SETTINGS><INFO><DATE>3 May 2022 10:52:24</DATE></INFO></SETTINGS>",
    );
    for (
      const source of [
        folder,
        node,
        `${node}/settings.xml`,
        `${node}/experiment1`,
        recording,
        `${recording}/`,
        `${recording}/structure.oebin`,
      ]
    ) {
      await using opened = await openParts(OPENEPHYS_BINARY, source);
      assert.equal(OPENEPHYS_BINARY.recognises(opened.probe), true, source);
      assert.deepEqual(opened.parts.streams.map(({ name }) => name), ["Record Node 101#Acq-100.stream"], source);
      assert.deepEqual(signal(opened.parts).array.shape, [100, 2]);
      if (source === folder) {
        assert.deepEqual(opened.parts.blocks[0]!.annotations!.recDatetime, new Date("2022-05-03T10:52:24Z"));
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("experiments of one node may have other channels than another: they are streams of their own", async () => {
  const second = { ...NEW, path: "Record Node 101/experiment2/recording1/", streams: [newStream({ channels: CH(3) })] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...NEW, streams: [newStream()] }, second));
  const shapes = opened.parts.blocks.map(({ segments }) =>
    segments[0]!.signals.map((found) => found?.array.shape ?? null)
  );
  assert.deepEqual(shapes, [[[100, 2], null], [null, [100, 3]]]);
});

Deno.test("groups of binary events are kept apart, by the clock that brings them to the samples", async () => {
  const binaries = [
    { folder: "Tracking_Port-127.0/BINARY_group_1", numbers: [50_100_000, 50_200_000] },
    { folder: "Tracking_Port-127.0/BINARY_group_2", numbers: [5_020] },
  ];
  const sync = "Software time: 5000@10000000Hz\n";
  await using opened = await openParts(
    OPENEPHYS_BINARY,
    makeBinary({ ...OLD, streams: [oldStream()], binaries, sync }),
  );
  const [first, second] = [await eventsOf(opened.parts, 0), await eventsOf(opened.parts, 1)];
  assert.deepEqual(Array.from(first.timestamps, (ticks) => ticks / first.ticksPerSecond), [5.01, 5.02]);
  assert.deepEqual(Array.from(second.timestamps, (ticks) => ticks / second.ticksPerSecond), [5.02]);
  assert.deepEqual(first.labels, ["Color=[b'red'];Port=[1]", "Color=[b'red'];Port=[2]"]);
  assert.deepEqual(first.annotations!.Port, [1, 2]);
  assert.deepEqual(first.annotations!.dataArray, [[0, 1, 2, 3], [4, 5, 6, 7]]);
});

Deno.test("a session whose nodes are of the legacy format says so", async () => {
  const files = new Map([["Record Node 105/100_stream_CH1.continuous", new Uint8Array(9)]]);
  await assert.rejects(openParts(OPENEPHYS_BINARY, files), {
    name: "NotFoundError",
    message: /"Record Node 105" is of the legacy/,
  });
});

Deno.test("a recording without samples lasts from its first event to its last", async () => {
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [2000, 2500, 7000], states: [1, -1, 1] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...NEW, lines: [lines] }));
  const [segment] = opened.parts.blocks[0]!.segments;
  assert.deepEqual([segment!.tStart, segment!.tStop, segment!.signals], [2, 7, []]);
  assert.deepEqual([...(await eventsOf(opened.parts, "Lines")).timestamps], [2000]);
});

Deno.test("words of all lines are numbers, of several bytes before 0.6, and bigints where numbers don't hold them", async () => {
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5010, 5020], states: [1, -1] };
  for (
    const [made, words, expected] of [
      [OLD, npy("|u1", [2, 2], Uint8Array.of(1, 2, 0, 0)), 513],
      [NEW, npy("<u8", [2], BigUint64Array.of(2n ** 60n + 1n, 0n)), 2n ** 60n + 1n],
    ] as const
  ) {
    const files = makeBinary({ ...made, lines: [lines] });
    files.set(`${made.path}events/${lines.folder}/full_words.npy`, words);
    await using opened = await openParts(OPENEPHYS_BINARY, files);
    assert.deepEqual((await eventsOf(opened.parts, "Lines")).annotations!.fullWords, [expected]);
  }
});

Deno.test("sessions side by side in one folder are blocks of their own", async () => {
  const other = {
    ...NEW,
    path: `second/${NEW.path}`,
    streams: [newStream({ numbers: range(0, 30), seconds: undefined })],
  };
  const first = { ...NEW, path: `first/${NEW.path}`, streams: [newStream()] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(first, other));
  assert.deepEqual(
    opened.parts.blocks.map(({ segments }) =>
      segments.map(({ signals }) => signals.map((found) => found!.array.shape))
    ),
    [[[[100, 2]]], [[[30, 2]]]],
  );
});

Deno.test("wrong structures are told by file and field", async () => {
  const path = "Record Node 101/experiment1/recording1/structure.oebin";
  const files = makeBinary({ ...NEW, streams: [newStream()] });
  const text = new TextDecoder().decode(files.get(path)!);
  const cases: [string | RegExp, string, RegExp][] = [
    [/"sample_rate": 1000/, '"sample_rate": "often"', /sample_rate is no number: "often"/],
    [/"sample_rate": 1000/, '"sample_rate": 0', /sample_rate is 0/],
    [/"sample_rate": 1000/, '"sample_rate": -30000', /sample_rate is -30000/],
    [/"num_channels": 2/, '"num_channels": 3', /num_channels is 3, but channels has 2/],
    [/"Acq-100.stream\/"/, '"../../secret/"', /leads out of the recording/],
    [/"bit_volts": 0.195/, '"bit_volts": []', /bit_volts is no number/],
    [/"continuous": \[/, '"continuous": 5, "x": [', /continuous is no list/],
    [/^[^]*$/, "[".repeat(5000), /nested/],
    [/^[^]*$/, "not JSON", /no JSON/],
  ];
  for (const [what, by, message] of cases) {
    const changed = new Map(files).set(path, new TextEncoder().encode(text.replace(what, by)));
    await assert.rejects(openParts(OPENEPHYS_BINARY, changed), (error: Error) => {
      assert.ok(error instanceof CorruptFileError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(openParts(OPENEPHYS_BINARY, new Map([["a.txt", new Uint8Array(1)]])), NotFoundError);
});

Deno.test("200 changes and cuts of a recording's files are read or told, and nothing else", async () => {
  const made = {
    ...NEW,
    streams: [newStream({ numbers: [...range(0, 50), ...range(80, 50)] })],
    lines: [{ folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5, 9], states: [1, -1] }],
    texts: [{ folder: "MessageCenter", rate: 1000, numbers: [7], texts: ["hello"] }],
    spikes: [{
      folder: "D-104.stream/T",
      names: ["T"],
      rate: 1000,
      numbers: [3, 90],
      electrodes: [1, 1],
      channels: 2,
      samples: 8,
    }],
  };
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  let failed = 0;
  for (let round = 0; round < 200; round++) {
    const files = makeBinary(made);
    const [path, bytes] = [...files][random(files.size)]!;
    const changed = bytes.slice(0, round % 4 === 0 ? random(bytes.length) : bytes.length);
    for (let i = 0; i < 3 && changed.length > 0; i++) changed[random(Math.min(changed.length, 400))] = random(256);
    files.set(path, changed);
    try {
      await using opened = await openParts(OPENEPHYS_BINARY, files);
      const { parts } = opened;
      for (const segment of parts.blocks.flatMap(({ segments }) => segments)) {
        for (const found of segment.signals) {
          await found?.array.read();
          await found?.timestamps?.read();
        }
        for (const i of parts.eventChannels!.keys()) await segment.events(i, {});
        for (const i of parts.spikeChannels!.keys()) await (await segment.spikes!(i, {})).waveforms?.read();
      }
    } catch (error) {
      failed++;
      assert.ok(error instanceof MicrotomeError, `${path}: ${(error as Error).stack}`);
    }
  }
  assert.ok(failed > 20);
});
