import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary/binary.ts";
import { LimitError } from "../../src/source/errors.ts";
import { makeBinary, range, sampleAt } from "./make/openephys_binary.ts";
import { numbers, openParts } from "./support.ts";
import { CH, NEW, newStream, OLD, oldStream, signal } from "./make/openephys_streams.ts";

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

Deno.test("times that weren't synchronised fall back to numbers of samples, with a warning", async () => {
  for (const seconds of [Array(100).fill(-1), [...range(0, 50), ...range(0, 50)].map((i) => 1 + i / 1000)]) {
    const made = { ...OLD, version: "0.5.3" as const, streams: [oldStream({ seconds })] };
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made), { options: { clock: "synchronised" } });
    assert.equal(signal(opened.parts).tStart, 5);
    assert.ok(opened.files.warnings.some((text) => text.includes("synchronised")));
  }
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
