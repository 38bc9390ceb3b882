import assert from "node:assert/strict";
import * as main from "../support/all_entries.ts";
import type { NwbTable } from "../support/all_entries.ts";
import * as zarr from "../../src/zarr/mod.ts";
import { CostMeter } from "../../src/source/cost.ts";
import { makeTrc } from "../recording/make/micromed.ts";
import { publicOptions } from "../support/public_options.ts";

/**
 * Every public function, constructor and method with options is found in the types that the package exports, and called
 * with one that there is not. What stands before the options is left out: names are checked first. Where that can't be,
 * the arguments stand in {@linkcode ARGUMENTS}.
 */
const NAMES = await publicOptions(["tests/support/all_entries.ts"]);

/** Those that take options of no names of ours, or whose names are checked elsewhere, with the reason. */
const EXEMPT: readonly (readonly [names: RegExp, reason: string])[] = [
  [/#readResolved$/, "reads what `read` has checked, for arrays that are built upon others"],
  [/^GenericDataChunkIterator#getData$/, "is the user's own, called by us"],
  [/^RecordingFile#flat$/, "is for formats: where samples lie, as the file has it"],
  [/^new (BatchProcessor|RecordingsReader)$/, "is made by `open`"],
  [/^new ZipArchive$/, "is made by openNpz"],
  [/^encodeSidecar$/, "takes a sidecar, which may hold fields of the user's own"],
  [/^(new )?(RecordingDataset|NestedRecordingDataset|NwbTable)$/, "is made by `open`"],
];

const encodedHdf5 = await (async () => {
  await using file = await main.create();
  await (await file.createDataset("a", { data: [1, 2, 3] })).attributes.set("b", 1);
  return await file.bytes();
})();

/** Functions whose first argument is an array, which is looked at first. */
const TRANSFORMS = [
  ...["bandpass", "castTo", "commonReference", "decimate", "highpass", "interpolateBadChannels", "lowpass", "notch"],
  ...["phaseShift", "removeArtifacts", "resample", "rescale", "standardize", "whiten", "zscore"],
];

/** How what YASS' classes read is laid out. */
const YASS = { dtype: "int16", nChannels: 2, dataOrder: "samples" } as const;

/** Arguments before the options, where they are looked at first. */
const ARGUMENTS: Record<string, readonly unknown[]> = {
  "Data.load": [new Uint8Array(16)],
  "NwbTable.open": [await main.open(encodedHdf5)],
  "encodeSeriesNpz": [new main.Ts([0, 1])],
  "new IntervalSet": [[0], [1]],
  ...Object.fromEntries(TRANSFORMS.map((name) => [name, [main.ndarray(new Float32Array(100))]])),
  "new Recording": [new Uint8Array(4)],
  "new Ts": [[0, 1]],
};

/** What methods are called on. */
const INSTANCES: Record<string, () => unknown> = await instances();

async function instances(): Promise<Record<string, () => unknown>> {
  const made = await main.create();
  const root = await made.group("/");
  const dataset = await made.createDataset("a", { data: [1, 2, 3] });
  await dataset.attributes.set("b", 1);
  const file = await main.open(encodedHdf5);
  const read = await file.dataset("a");
  const attributes = read.attributes;
  const [attribute] = await attributes.list();
  const npy = await main.openNpy(main.encodeNpy([1, 2, 3]));
  const npz = await main.openNpz(await main.encodeNpz({ a: [1, 2, 3] }));
  const raw = await main.openRaw(new Uint8Array(4), { dtype: "|u1", shape: [4] });
  const zarrArray = new TextEncoder().encode(JSON.stringify({
    zarr_format: 3,
    node_type: "array",
    shape: [2],
    data_type: "uint8",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
    chunk_key_encoding: { name: "default" },
    codecs: [{ name: "bytes" }],
    fill_value: 0,
    attributes: {},
  }));
  const store = new Map([
    ["/zarr.json", new TextEncoder().encode('{"zarr_format":3,"node_type":"group","attributes":{}}')],
  ]);
  const group = await zarr.openZarr(store);
  const recording = await main.openRecording(
    makeTrc({ electrodes: [{ code: 1, name: "Fp1" }], rows: 4, value: () => 1 }),
  );
  const segment = await recording.readSegment({ lazy: true });
  const eager = await recording.readSegment();
  const spikeTrain = {
    name: "unit",
    tStart: 0,
    tStop: 1,
    annotations: {},
    channel: { name: "unit", id: "0", wfUnits: "", wfGain: 1, wfOffset: 0, wfLeftSweep: 0, wfSamplingRate: 1 },
    read: () => Promise.resolve({ timestamps: new Float64Array(0), ticksPerSecond: 1 }),
  };
  const tsd = new main.Tsd([0, 1, 2], [1, 2, 3]);
  const nwb = await main.NWBFile.open(new URL("../data/session.nwb", import.meta.url));
  const table = await nwb.at("/units") as NwbTable;
  const recordings = await main.RecordingDataset.open({ one: await new main.Data({}).toBytes() });
  const values: Record<string, unknown> = {
    Opened: await main.openAny(encodedHdf5),
    ArrayView: read.view([main.slice(0, 2)]),
    Attribute: attribute,
    AttributeSet: attributes,
    Dataset: read,
    Group: await file.group("/"),
    H5File: file,
    NpyArray: npy,
    Npz: npz,
    RawArray: raw,
    WritableAttributeSet: dataset.attributes,
    WritableDataset: dataset,
    WritableFile: made,
    WritableGroup: root,
    ZarrGroup: group,
    ZarrArray: await zarr.openZarr(new Map([["/zarr.json", zarrArray]])),
    Folder: Object.create(main.Folder.prototype),
    SeriesNpz: await main.openSeriesNpz(await main.encodeSeriesNpz(tsd)),
    ZipArchive: npz.zip,
    IntervalSet: new main.IntervalSet([0], [1]),
    Ts: new main.Ts([0, 1, 2]),
    TsGroup: new main.TsGroup([new main.Ts([0, 1])]),
    Tsd: tsd,
    Series: tsd,
    ValueSeries: tsd,
    Interval: new main.Interval([0], [1]),
    ArrayDict: new main.ArrayDict({ x: [1] }),
    IrregularTimeSeries: new main.IrregularTimeSeries({ timestamps: [0, 1] }),
    RegularTimeSeries: new main.RegularTimeSeries({ x: [1, 2] }, { samplingRate: 1 }),
    Recording: recording,
    BatchProcessor: await main.BatchProcessor.open(new Uint8Array(8), YASS),
    RecordingsReader: await main.RecordingsReader.open(new Uint8Array(8), YASS),
    BatchPipeline: new main.BatchPipeline("none", { ...YASS, outputPath: "none" }),
    BinaryReader: await main.BinaryReader.open(new Uint8Array(8), { dtype: "int16", shape: [2, 2] }),
    MemoryMap: await main.MemoryMap.open(new Uint8Array(8), { dtype: "int16", shape: [2, 2] }),
    TransformedArray: main.notch(main.ndarray(new Float32Array(100)), { samplingRate: 1000, frequency: 50 }),
    Segment: segment,
    AnalogSignal: eager.analogSignals[0],
    AnalogSignalProxy: segment.analogSignals[0],
    EventProxy: segment.events[0],
    EpochProxy: segment.epochs[0],
    SpikeTrainProxy: new main.SpikeTrainProxy(spikeTrain),
    NWBFile: nwb,
    NwbTable: table,
    NwbColumn: [...table.columns.values()][0],
    NwbTimeSeries: await nwb.at("/processing/behavior/position/x"),
    RecordingDataset: recordings,
    NestedRecordingDataset: new main.NestedRecordingDataset({ a: recordings }),
    Data: new main.Data({ trials: new main.Interval([0], [1]) }, { domain: "auto" }),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => value]));
}

type Callable = (...args: unknown[]) => unknown;

const ROOTS: Record<string, unknown> = { ...zarr, ...main, CostMeter };

for (const { name, at } of NAMES) {
  const exempt = EXEMPT.find(([names]) => names.test(name));
  if (exempt !== undefined) continue;
  const [, made, owner, mark, method] = /^(new )?(\w+)(?:([#.])(\w+))?$/.exec(name)!;
  Deno.test(`${name} refuses an option that it doesn't have, by its name`, async () => {
    const before = ARGUMENTS[name] ?? new Array(at).fill(undefined);
    const call = async (options: unknown) => {
      const root = ROOTS[owner!] as
        & Record<string, Callable | undefined>
        & Callable
        & (new (...args: unknown[]) => unknown);
      if (made !== undefined) return new root(...before, options);
      if (mark === undefined) return await root(...before, options);
      const instance = mark === "." ? root : INSTANCES[owner!]?.() as Record<string, Callable | undefined> | undefined;
      assert.ok(instance !== undefined, `INSTANCES has none of ${owner}`);
      const result = instance[method!]!(...before, options);
      // Generators start when they are asked.
      const { next } = (result ?? {}) as { next?: Callable };
      return typeof next === "function" ? await next.call(result) : await result;
    };
    await assert.rejects(async () => await call({ nonsense: 1 }), (error) => {
      assert.ok(error instanceof TypeError, String(error));
      assert.match(error.message, /unknown option "nonsense"/);
      return true;
    });
  });
}

Deno.test("what is listed is found, and what takes options of no names is there", () => {
  const names = NAMES.map(({ name }) => name);
  assert.ok(names.length > 150, String(names.length));
  for (const [pattern] of EXEMPT) assert.ok(names.some((name) => pattern.test(name)), String(pattern));
  for (const name of Object.keys(ARGUMENTS)) assert.ok(names.includes(name), name);
  // What isn't called is listed, with the reason; a class whose methods are called has an instance.
  const owners = new Set(names.flatMap((name) => /^(\w+)#/.exec(name)?.[1] ?? []));
  const apart = (owner: string) =>
    names.filter((name) => name.startsWith(`${owner}#`)).every((name) => EXEMPT.some(([names]) => names.test(name)));
  assert.deepEqual([...owners].filter((owner) => !(owner in INSTANCES) && !apart(owner)), []);
});
