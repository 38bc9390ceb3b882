/**
 * Prints one object of each public class, by `console.log` and by `String`. Bundled, and run in each runtime that logs.
 *
 * @module
 */
import * as library from "../support/all_entries.ts";
import * as zarr from "../../src/zarr/mod.ts";
import { makeTrc } from "../recording/make/micromed.ts";

const { create, open, openNpy, openNpz, openRaw, slice } = library;

/** Classes of torch_brain's objects, whose prints are compared with theirs by the tests of `temporal`. */
const ELSEWHERE =
  /^(Any|Lazy)?(ArrayDict|Data|Interval|IrregularTimeSeries|RegularTimeSeries)$|^(Nested)?RecordingDataset$|Sampler$/;

/** Stands between what is printed. */
const RULE = "=".repeat(20);

/** What was printed. */
const seen = new Set<unknown>();

async function objects(data: string, folder: string): Promise<unknown[]> {
  const made = await create(null);
  const written = await made.createDataset("a/b", {
    data: new Int16Array(1000 * 64),
    shape: [1000, 64],
    chunkShape: [500, 8],
    compression: "gzip",
    attributes: { unit: "V" },
  });
  print(made, await made.group("a"), written, written.attributes);
  const file = await open(await made.bytes());
  const dataset = await file.dataset("/a/b");
  const references = await open(`${data}references.h5`);
  const referring = await firstReference(references);
  const types = await open(`${data}types.h5`);
  const npz = await openNpz(`${data}arrays.npz`);
  const array = await npz.get(npz.keys()[0]!);
  const raw = await openRaw(Int16Array.of(1, 2, 3, 4), { dtype: "int16", shape: [2, 2] });
  const nwb = await library.NWBFile.open(`${data}session.nwb`);
  const views = await Promise.all(nwb.entries().map(([key]) => nwb.at(key)));
  const table = views.find((view) => view instanceof library.NwbTable)!;
  const series = views.find((view) => view instanceof library.NwbTimeSeries)!;
  const tsd = new library.Tsd([0, 1, 2], [5, 6, 7]);
  const frame = new library.TsdFrame([0, 1], [[1, 2], [3, 4]]);
  const group = new library.TsGroup([new library.Ts([0, 1, 2])]);
  const memory = library.memoryArray(library.ndarray([[1, 2], [3, 4]]));
  const sink = library.memorySink("memory");
  const text = new TextEncoder();
  const files: Record<string, Uint8Array> = {
    "/zarr.json": text.encode('{"zarr_format":3,"node_type":"group","attributes":{}}'),
    "/a/zarr.json": text.encode(JSON.stringify({
      zarr_format: 3,
      node_type: "array",
      shape: [4],
      data_type: "int16",
      chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
      chunk_key_encoding: { name: "default" },
      fill_value: 0,
      codecs: [{ name: "bytes", configuration: { endian: "little" } }],
    })),
  };
  const hierarchy = await zarr.openZarr({ get: (key: string) => Promise.resolve(files[key]) });
  const zarrArray = hierarchy.kind === "group" ? await hierarchy.get("a") : hierarchy;
  const seriesNpz = await library.openSeriesNpz(await library.encodeSeriesNpz(tsd));
  return [
    file,
    await file.group("/"),
    dataset,
    dataset.attributes,
    (await dataset.attributes.list())[0],
    dataset.view([slice(0, 10)]),
    referring,
    await namedType(types),
    npz,
    npz.zip,
    array,
    await openNpy(library.encodeNpy([1, 2, 3])),
    raw,
    nwb,
    table,
    [...(table as library.NwbTable).columns.values()][0],
    series,
    (series as library.NwbTimeSeries).data,
    tsd,
    frame,
    new library.TsdTensor([0], [[[1, 2], [3, 4]]]),
    group,
    group.at(0),
    new library.IntervalSet(0, 10),
    new library.SortedIntervals(Float64Array.of(0), Float64Array.of(1)),
    new library.Metadata({ area: ["pfc"] }),
    new library.TimeIndex(Float64Array.of(1), new library.IntervalSet(0, 2)),
    seriesNpz,
    memory,
    sink,
    library.iterateChunks(dataset),
    await library.DataChunkIterator.from([1, 2, 3]),
    new library.GenericDataChunkIterator({
      dtype: "int16",
      maxShape: [100, 4],
      getData: () => library.ndarray(Int16Array.of(0)),
    }),
    library.zarrStore(memory),
    hierarchy,
    zarrArray,
    await library.loadFolder(folder),
    await library.openAny(`${data}arrays.npz`),
    library.notch(library.ndarray(new Float32Array(100)), { samplingRate: 1000, frequency: 50 }),
    ...await recordings(),
    ...await processing(),
  ].filter((object) => object !== null);
}

/** YASS' objects. */
async function processing(): Promise<unknown[]> {
  const bytes = Int16Array.of(1, 2, 3, 4);
  const layout = { dtype: "int16", nChannels: 2, dataOrder: "samples" } as const;
  const step = new library.PipedTransformation((batch) => batch, "same.bin", { mode: "multiChannel" });
  const pipeline = new library.BatchPipeline(bytes, { ...layout, outputPath: "out" });
  pipeline.add(step);
  return [
    await library.RecordingsReader.open(bytes, layout),
    await library.BatchProcessor.open(bytes, layout),
    await library.BinaryReader.open(bytes, { dtype: "int16", shape: [2, 2] }),
    await library.MemoryMap.open(bytes, { dtype: "int16" }),
    step,
    pipeline,
  ];
}

/** neo's readers and objects. */
async function recordings(): Promise<unknown[]> {
  const readers = Object.entries(library).filter(([name]) => /IO$/.test(name)).map(([, Reader]) =>
    new (Reader as typeof library.MicromedIO)({ filename: "none" })
  );
  const trc = makeTrc({
    electrodes: [{ code: 1, name: "Fp1" }, { code: 2, name: "Cz" }],
    rows: 512,
    value: (row) => 32768 + row,
    triggers: [[100, 1], [200, 2]],
    eventA: { name: "seizure", pairs: [[10, 20]] },
  });
  const recording = await library.openRecording(trc);
  const block = await recording.readBlock({ lazy: true });
  const [proxies] = block.segments;
  const eager = await recording.readSegment();
  const channel = { name: "u", id: "0", wfUnits: "", wfGain: 1, wfOffset: 0, wfLeftSweep: 0, wfSamplingRate: 0 };
  const train = new library.SpikeTrainProxy({
    name: "unit 1",
    tStart: 0,
    tStop: 2,
    annotations: {},
    channel,
    read: () => Promise.resolve({ timestamps: Float64Array.of(1, 3), ticksPerSecond: 2 }),
  });
  const objects = [proxies!, eager].flatMap(({ analogSignals, events, epochs }) => [
    ...analogSignals,
    events[0],
    epochs[0],
  ]);
  return [...readers, recording, block, proxies, eager, ...objects, train, await train.load()];
}

async function firstReference(group: library.Group): Promise<unknown> {
  for await (const [, object] of group) {
    if (object instanceof library.Dataset && object.dtype.kind === "reference") {
      const found = Array.from((await object.read()).data as unknown[]).find((one) => one instanceof library.Reference);
      if (found !== undefined) return found;
    }
  }
  return new library.Reference("object", new Uint8Array(8));
}

async function namedType(group: library.Group): Promise<unknown> {
  for await (const [, object] of group) if (object instanceof library.NamedType) return object;
  return null;
}

function print(...things: unknown[]): void {
  for (const thing of things) {
    seen.add(thing);
    console.log(RULE);
    console.log(thing);
    console.log(RULE);
    console.log(String(thing));
  }
}

/** Public classes of which nothing was printed. */
function forgotten(): string[] {
  const classes = new Set<unknown>();
  for (const thing of seen) {
    for (let at = Object.getPrototypeOf(thing); at !== null; at = Object.getPrototypeOf(at)) {
      classes.add(at.constructor);
    }
  }
  return Object.entries({ ...library, ...zarr }).flatMap(([name, value]) => {
    const isClass = typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
    const isError = isClass && value.prototype instanceof Error;
    return isClass && !isError && !ELSEWHERE.test(name) && !classes.has(value) ? [name] : [];
  });
}

/**
 * Prints everything.
 *
 * @param data Folder of the tests' data, with a slash at its end.
 * @param folder A folder with an archive of arrays in it.
 */
export async function main(data: string, folder: string): Promise<void> {
  print(...await objects(data, folder));
  console.log(RULE);
  console.log(`forgotten: ${forgotten().join(" ")}`);
}
