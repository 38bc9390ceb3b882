/** One of each kind of lazy array, for tests of what holds of all. */
import { MemoryMap, RecordingsReader } from "../../src/batch/mod.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { scaledArray } from "../../src/array/scaled_array.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { LazyArray } from "../../src/array/types.ts";
import { CountedArray } from "../../src/cli/counted.ts";
import { create, type CreateOptions } from "../../src/hdf5/write/create.ts";
import type { Dataset, DatasetReadOptions } from "../../src/hdf5/dataset.ts";
import { open } from "../../src/hdf5/file.ts";
import type { DatasetOptions } from "../../src/hdf5/write/create_dataset.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { openRaw, type RawOptions } from "../../src/raw/open_raw.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { concatRows, stackColumns } from "../../src/recording/arrays/joined.ts";
import { parseMtscomp } from "../../src/recording/arrays/mtscomp.ts";
import { MtscompArray } from "../../src/recording/arrays/mtscomp_array.ts";
import { RecordArray, type RecordLayout } from "../../src/recording/arrays/record_array.ts";
import { bitColumn, WordColumns } from "../../src/recording/arrays/word_columns.ts";
import { openFiles } from "../../src/recording/files/open_files.ts";
import { AsciiArray } from "../../src/recording/formats/brainvision/ascii.ts";
import { AnalogSignal } from "../../src/recording/objects/analog_signal.ts";
import { AnalogSignalProxy } from "../../src/recording/objects/analog_signal_proxy.ts";
import { rescale } from "../../src/signal/scale/rescale.ts";
import { PooledArray } from "../../src/temporal/columns/pooled_array.ts";
import { fromZarr } from "../../src/zarr/from_zarr.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import type { ZarrArray } from "../../src/zarr/read/array.ts";
import { counting, storeOf, v2 } from "../zarr/support.ts";
import { withServer } from "../raw/support.ts";
import { packed } from "../recording/make/mtscomp.ts";
import { sparseSource } from "../recording/make/sparse.ts";

/** A lazy array of two axes, [7, 5]. */
export interface Implementation {
  /** What it is. */
  readonly name: string;
  /** Class, or function, of the source that it is made by, and others that its reads go through. */
  readonly covers: readonly string[];
  /** Runs a test on one. */
  readonly use: (test: (array: LazyArray) => Promise<void>) => Promise<void>;
}

/** Length of each axis of all of them. */
export const SHAPE = [7, 5];
const numbers = ndarray(Int16Array.from({ length: 35 }, (_, i) => 100 * i - 1700), SHAPE);
const halves = ndarray(Float32Array.from({ length: 35 }, (_, i) => i / 2 - 8), SHAPE);
const truths = ndarray(Uint8Array.from({ length: 35 }, (_, i) => i % 3 === 0 ? 1 : 0), SHAPE, {
  kind: "bool",
  itemsize: 1,
  byteOrder: "|",
});
const complex = ndarray(Float64Array.from({ length: 70 }, (_, i) => i * 1.5), SHAPE, {
  kind: "complex",
  itemsize: 16,
  byteOrder: "<",
});
const dates = ndarray(BigInt64Array.from({ length: 35 }, (_, i) => BigInt(i) << 40n), SHAPE, {
  kind: "datetime",
  itemsize: 8,
  byteOrder: "<",
  unit: "ns",
});
const ARRAYS = { numbers, halves, truths, complex, dates };

const implementations: Implementation[] = [];
const add = (name: string, covers: string[], use: Implementation["use"]) => implementations.push({ name, covers, use });

for (const [name, array] of Object.entries(ARRAYS)) {
  add(`memory, ${name}`, ["memoryArray"], (test) => test(memoryArray<never>(array as never)));
  for (const compression of [false, true]) {
    for (const order of ["C", "F"] as const) {
      const covers = ["NpyArray", compression ? "deflatedReader" : "storedReader"];
      add(`NPZ, ${name}, ${JSON.stringify({ compression, order })}`, covers, async (test) => {
        await using npz = await openNpz(await encodeNpz({ a: array }, { compression, order }));
        await test(await npz.get("a"));
      });
    }
  }
  for (const byteOrder of ["<", ">"] as const) {
    add(`NPY, ${name}, ${byteOrder}`, ["NpyArray", "FlatArray"], async (test) => {
      await using npy = await openNpy(encodeNpy(array, { byteOrder }));
      await test(npy);
    });
  }
}
add("a view of a view", ["ArrayView"], async (test) => {
  const large = memoryArray(ndarray(Int32Array.from({ length: 200 }, (_, i) => i), [20, 10]));
  await test(large.view([slice(2, 18), slice(null, null, -1)]).view([slice(null, 14, 2), [0, 9, 2, 2, 5]]));
});
add("YASS' memory map", ["MemoryMap"], async (test) => {
  await using map = await MemoryMap.open(new Uint8Array(halves.data.slice().buffer), {
    dtype: "float32",
    shape: [7, 5],
  });
  await test(map as unknown as LazyArray);
});
add("what YASS reads", ["matrixOf"], async (test) => {
  await using reader = await RecordingsReader.open(memoryArray(halves) as unknown as LazyArray);
  await test(reader.array as unknown as LazyArray);
});
add("what is counted", ["CountedArray"], (test) => test(new CountedArray(memoryArray(numbers), () => {})));
add("values of a series", ["ValueSeries"], async (test) => {
  const times = Float64Array.of(0, 1, 2, 3, 4, 5, 6);
  await test(new TsdFrame(times, memoryArray(numbers)) as unknown as LazyArray);
});

const SCALES = [{ gain: 0.5, offset: 1 }, { gain: [1, 2, 3, 4, 5] }, { gain: [1, 2, 3, 4, 5, 6, 7], axis: 0 }];
for (const scale of SCALES.flatMap((scale) => [scale, { ...scale, dtype: "float32" as const }])) {
  const options = { name: "a", maxReadBytes: 1e6 };
  add(`scaled, ${JSON.stringify(scale)}`, ["ScaledArray"], (test) => {
    return test(scaledArray(memoryArray(numbers), scale, options));
  });
}

const bytes = Uint8Array.from({ length: 280 }, (_, i) => (i * 37) % 251);
const RAW: RawOptions[] = [
  { dtype: "int16" },
  { dtype: ">i2" },
  { dtype: ">f8", order: "F" },
  { dtype: "float16" },
  { dtype: "bool" },
  { dtype: "int24" },
  { dtype: ">i4", scale: { gain: 2 } },
  { dtype: "uint16", scale: { gain: [1, 2, 3, 4, 5], dtype: "float32" } },
];
for (const options of RAW) {
  add(`flat, ${JSON.stringify(options)}`, ["RawArray", "FlatArray"], async (test) => {
    await using raw = await openRaw(bytes, { ...options, shape: SHAPE });
    await test(raw);
  });
}
for (const scale of [undefined, { gain: 3 }]) {
  add(`flat, packed${scale === undefined ? "" : ", scaled"}`, ["RawArray", "FlatArray"], async (test) => {
    await using raw = await openRaw(bytes.subarray(0, 50), { dtype: "uint10:lsb", shape: [8, 5], scale });
    await test(raw.view([slice(0, 7)]));
  });
}
add("flat, of a local file", ["RawArray"], async (test) => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    await using raw = await openRaw(path, { dtype: "int64", shape: SHAPE });
    await test(raw);
  } finally {
    await Deno.remove(path);
  }
});
add("flat, by URL", ["RawArray"], async (test) => {
  await withServer({ "/a.bin": bytes }, async ({ url }) => {
    await using raw = await openRaw(`${url}/a.bin`, { dtype: "uint64", shape: SHAPE });
    await test(raw);
  });
});

/** A dataset of a file in memory. */
async function useDataset(
  write: DatasetOptions,
  test: (dataset: Dataset) => Promise<void>,
  options: CreateOptions = {},
): Promise<void> {
  const file = await create(null, options);
  await file.createDataset("a", write);
  await using opened = await open(await file.bytes());
  await test(await opened.dataset("a"));
}

const HDF5: [name: string, options: DatasetOptions][] = [
  ["contiguous", { data: numbers }],
  ["chunked", { data: numbers, chunkShape: [3, 2], compression: "gzip", shuffle: true }],
  ["big-endian", { data: numbers, dtype: ">i2", chunkShape: [2, 5] }],
  ["halves", { data: halves, dtype: "float16", chunkShape: [2, 5] }],
  ["truths", { data: truths, chunkShape: [2, 2] }],
  ["complex", { data: complex, chunkShape: [2, 2] }],
  ["never written", { shape: SHAPE, dtype: "int32" }],
  ["never written, chunked", { shape: SHAPE, dtype: "int32", chunkShape: [2, 2] }],
  ["never written, chunked, filled", { shape: SHAPE, dtype: "int32", chunkShape: [2, 2], fillValue: 7 }],
];
for (const [name, options] of HDF5) {
  add(`HDF5, ${name}`, ["Dataset"], (test) => useDataset(options, test));
  add(`HDF5, ${name}, by libhdf5`, ["Dataset"], (test) =>
    useDataset(options, (dataset) => {
      const read = (...[selection, more]: Parameters<LazyArray["read"]>) =>
        dataset.read(selection, { ...more, engine: "library" } as DatasetReadOptions);
      return test({
        shape: dataset.shape,
        dtype: dataset.dtype,
        chunkShape: null,
        read,
        view: (s) => dataset.view(s),
      });
    }));
}
add("of a recording that is opened when it is read", ["PooledArray"], async (test) => {
  await useDataset({ data: numbers, chunkShape: [2, 2] }, async (dataset) => {
    const pool = {
      use: (_id: string, run: (opened: unknown) => unknown) =>
        run({ dataset: () => Promise.resolve(dataset), file: { name: "a" } }),
    };
    await test(new PooledArray(pool as never, "a", dataset));
  });
});

add("Zarr, version 3", ["ZarrArray"], async (test) => {
  await using array = await openZarr((await counting(SHAPE, [3, 2])).store) as ZarrArray;
  await test(array);
});
for (const [dtype, fill] of [["<i2", 7], [">f8", 0], [">i4", -1], ["|b1", true], ["<f2", 1.5]] as const) {
  add(`Zarr, version 2, ${dtype}, most of it never written`, ["ZarrArray"], async (test) => {
    const chunk = new Uint8Array(6 * Number(dtype.slice(-1))).fill(1);
    const store = storeOf(v2({ dtype, fill_value: fill, shape: SHAPE, chunks: [3, 2] }), { "1.1": chunk });
    await using array = await openZarr(store) as ZarrArray;
    await test(array);
  });
}
add("zarrita's", ["chunkedArray"], async (test) => test(fromZarr((await counting(SHAPE, [3, 2])).array)));
add("zarrita's, with chunks that were never written", ["chunkedArray"], (test) => {
  return test(
    fromZarr({ shape: SHAPE, chunks: [3, 2], dtype: "int32", getChunk: () => Promise.resolve(null) as never }),
  );
});

/** Bytes of a file, by name; far away they are fetched, and not at hand. */
async function fileOf(name: string, bytes: Uint8Array, isFar = false) {
  const source = isFar ? sparseSource(name, bytes.length, [{ offset: 0, bytes }]) : bytes;
  const { files } = await openFiles(new Map([[name, source]]), { smallFileBytes: 0 });
  return await files.open(name);
}

const columnsOf = (bytes: number) => Array.from({ length: 5 }, (_, i) => ({ offset: i * bytes }));
const RECORDS: [name: string, layout: RecordLayout][] = [
  ["rows", { offset: 0, recordBytes: 10, records: 7, samples: 1, stored: "<i2", columns: columnsOf(2) }],
  ["channels", { offset: 3, recordBytes: 100, records: 1, samples: 7, stored: "<i2", columns: columnsOf(14) }],
  ["big-endian", { offset: 4, recordBytes: 140, records: 1, samples: 7, stored: ">i4", columns: columnsOf(28) }],
  ["24 bits", { offset: 1, recordBytes: 105, records: 1, samples: 7, stored: "<i3", columns: columnsOf(21) }],
  ["gaps", { offset: 5, recordBytes: 33, records: 7, samples: 1, stored: "<u4", columns: columnsOf(6) }],
  ["bits", {
    ...{ offset: 0, recordBytes: 14, records: 1, samples: 7, stored: "<u2" },
    columns: [0, 3, 15, 7, 3].map((bit) => ({ offset: 0, bit })),
  }],
];
for (const [name, layout] of RECORDS) {
  for (const isFar of [false, true]) {
    add(`records, ${name}${isFar ? ", far" : ""}`, ["RecordArray"], async (test) => {
      await test(new RecordArray(await fileOf("a.edf", bytes, isFar), layout));
    });
  }
}
add("records, some of them", ["RecordArray"], async (test) => {
  const layout: RecordLayout = {
    offset: 2,
    recordBytes: 34,
    records: 4,
    samples: 3,
    stored: "<i2",
    columns: columnsOf(6),
  };
  await test(new RecordArray(await fileOf("a.edf", bytes), layout).view([slice(4, 11)]));
});
const rowsOf = (from: number, to: number) => memoryArray(numbers).view([slice(from, to)]);
add(
  "arrays behind each other",
  ["JoinedArray"],
  (test) => test(concatRows([rowsOf(0, 2), rowsOf(2, 2), rowsOf(2, 7)])),
);
add("big-endian arrays behind each other", ["JoinedArray"], async (test) => {
  await using first = await openRaw(bytes, { dtype: ">f4", shape: [3, 5] });
  await using second = await openRaw(bytes, { dtype: ">f4", shape: [4, 5], offset: 60 });
  await test(concatRows([first, second]));
});
add("arrays side by side", ["JoinedArray"], (test) => {
  const some = (...columns: number[]) => memoryArray(numbers).view([null, columns]);
  return test(stackColumns([some(3), memoryArray(numbers).view([null, 0]), some(1, 4), some(2)]));
});
add("columns of words", ["WordColumns"], async (test) => {
  await using words = await openRaw(bytes, { dtype: "uint16", shape: [7, 3] });
  const columns = [
    bitColumn(2, 0),
    bitColumn(0, 15),
    { column: 0, decode: (word: number) => word >> 1 },
    bitColumn(1, 7),
  ];
  await test(new WordColumns(words, "<i2", [...columns, bitColumn(2, 3)]));
});
for (const order of ["C", "F"] as const) {
  add(`mtscomp, ${order}`, ["MtscompArray"], async (test) => {
    const { cbin, ch } = packed(numbers.data, { width: 5, chunk: 3, order });
    const file = await fileOf("a.cbin", cbin);
    await test(new MtscompArray(file, parseMtscomp(new TextDecoder().decode(ch), "a.ch", file, () => {})));
  });
}
add("text of BrainVision", ["AsciiArray"], async (test) => {
  const text = Array.from({ length: 7 }, (_, row) => halves.data.slice(5 * row, 5 * row + 5).join(" ")).join("\n");
  const layout = {
    ...{ channels: 5, isVectorized: false, type: null },
    ascii: { decimalSymbol: ".", skipLines: 0, skipColumns: 0 },
  };
  await test(new AsciiArray(await fileOf("a.dat", new TextEncoder().encode(text)), layout as never, 7));
});
const SIGNAL = {
  ...{ name: "a", units: "uV", samplingRate: 10, tStart: 1, annotations: {}, timestamps: null },
  arrayAnnotations: { channelNames: ["a", "b", "c", "d", "e"], channelIds: ["0", "1", "2", "3", "4"] },
};
add("a signal", ["AnalogSignal"], (test) => test(new AnalogSignal({ ...SIGNAL, magnitude: halves })));
add("a part of a signal", ["AnalogSignal"], (test) => {
  const magnitude = ndarray(Float32Array.from({ length: 50 }, (_, i) => i), [10, 5]);
  return test(new AnalogSignal({ ...SIGNAL, magnitude }).timeSlice(1.2, 1.9));
});
add("a proxy of a signal", ["AnalogSignalProxy"], (test) => {
  const channels = [1, 0.5, 2, -1, 0.25].map((gain, i) => (
    {
      ...{ name: "a", units: "uV", samplingRate: 10, dtype: "i2", offset: i, streamId: "0", bufferId: "" },
      id: `${i}`,
      gain,
    }
  ));
  return test(new AnalogSignalProxy({ ...SIGNAL, raw: memoryArray(numbers), channels, maxReadBytes: 1e6 }));
});

add("a transform", ["TransformedArray"], (test) => test(rescale(memoryArray(numbers), { gain: 0.5, offset: 3 })));

/** All of them. */
export const IMPLEMENTATIONS: readonly Implementation[] = implementations;
