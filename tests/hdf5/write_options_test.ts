import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { slice } from "../../src/array/select/slice.ts";
import { guessChunk } from "../../src/hdf5/write/chunk_guess.ts";
import { create } from "../../src/hdf5/write/create.ts";
import type { DatasetOptions } from "../../src/hdf5/write/create_dataset.ts";
import type { Dataset } from "../../src/hdf5/dataset.ts";
import { DTypeError, SelectionError, ShapeError, WriteError } from "../../src/source/errors.ts";
import { written } from "./write_support.ts";

/** What a dataset of those options is once the file is finished, and read through libhdf5 and past it. */
async function stored(options: DatasetOptions): Promise<Dataset> {
  const file = await written((file) => file.createDataset("d", options));
  const dataset = await file.dataset("d");
  const direct = await dataset.read();
  assert.deepEqual((await dataset.read(null, { engine: "library" })).data, direct.data);
  if (options.data !== undefined && options.scaleOffset === undefined) {
    assert.deepEqual(direct.data, options.data);
  }
  await file.close();
  return dataset;
}

const DATA = Int16Array.from({ length: 6000 }, (_, i) => 900 * Math.sin(i / 50));

Deno.test("chunks are guessed as h5py guesses them", () => {
  // Printed by h5py._hl.filters.guess_chunk.
  const cases: [number[], number, number[]][] = [
    [[30000, 384], 2, [938, 24]],
    [[200000, 8], 2, [12500, 1]],
    [[0], 8, [1024]],
    [[1], 3000000, [1]],
    [[10, 10, 10], 8, [10, 10, 10]],
    [[1000000, 3], 4, [7813, 1]],
    [[0, 64], 2, [256, 16]],
  ];
  for (const [shape, itemsize, chunk] of cases) assert.deepEqual(guessChunk(shape, itemsize), chunk, String(shape));
  assert.deepEqual(guessChunk([30000, 384], 2, [null, 384])[1], 384);
});

Deno.test("a dataset is contiguous unless something needs chunks", async () => {
  assert.equal((await stored({ data: DATA })).layout, "contiguous");
  assert.equal((await stored({ data: DATA, chunkShape: false })).chunkShape, null);
  for (
    const options of [{ maxShape: [null] }, { compression: true }, { shuffle: true }, { fletcher32: true }, {
      chunkShape: true,
    }]
  ) {
    assert.deepEqual((await stored({ data: DATA, ...options })).chunkShape, [6000], JSON.stringify(options));
  }
  assert.deepEqual((await stored({ data: DATA, chunkShape: [7] })).chunkShape, [7]);
  assert.deepEqual((await stored({ shape: [6000, 64], dtype: "<i2", chunkShape: [null, 64] })).chunkShape?.[1], 64);
  assert.deepEqual((await stored({ shape: [3, 4], dtype: "<i2", maxShape: true })).maxShape, [null, null]);
  assert.deepEqual((await stored({ shape: [3, 4], dtype: "<i2", maxShape: [9, null] })).maxShape, [9, null]);
});

const filters = async (options: DatasetOptions): Promise<unknown> =>
  (await stored({ data: DATA, ...options })).filters.map(({ id, values }) => [id, values[0]]);

Deno.test("every filter that can be written is, with its options, in h5py's order", async () => {
  assert.deepEqual(await filters({ compression: true }), [[1, 4]]);
  assert.deepEqual(await filters({ compression: 9 }), [[1, 9]]);
  assert.deepEqual(await filters({ compression: 0 }), [[1, 0]]);
  assert.deepEqual(await filters({ compression: "gzip", compressionOptions: 1, shuffle: true, fletcher32: true }), [
    [2, 2],
    [1, 1],
    [3, undefined],
  ]);
  assert.deepEqual((await filters({ compression: "lzf" }) as number[][])[0]![0], 32000);
  assert.deepEqual(await filters({ compression: "lz4" }), [[32004, 0]]);
  assert.deepEqual(await filters({ compression: "zstd" }), [[32015, 3]]);
  assert.deepEqual(await filters({ compression: "zstd", compressionOptions: 19 }), [[32015, 19]]);
  assert.deepEqual((await filters({ compression: "szip" }) as number[][])[0]![0], 4);
  assert.deepEqual((await filters({ compression: "szip", compressionOptions: ["ec", 16] }) as number[][])[0]![0], 4);
  assert.deepEqual((await filters({ nbit: true, compression: 1 }) as number[][]).map(([id]) => id), [5, 1]);
  assert.deepEqual((await filters({ scaleOffset: true, shuffle: true }) as number[][]).map(([id]) => id), [6, 2]);
});

Deno.test("scale-offset keeps integers exactly and floats to the digits asked for", async () => {
  await using file = await written(async (file) => {
    await file.createDataset("i", { data: DATA, scaleOffset: true });
    await file.createDataset("f", { data: [1.2345, 2.3456], scaleOffset: 2 });
  });
  assert.deepEqual((await (await file.dataset("i")).read()).data, DATA);
  const [a, b] = (await (await file.dataset("f")).read()).data as Float64Array;
  assert.ok(Math.abs(a! - 1.2345) <= 0.005 && Math.abs(b! - 2.3456) <= 0.005);
  assert.notEqual(b, 2.3456);
});

Deno.test("what was never written holds the fill value, of any type", async () => {
  const fill = { x: 1, name: "none" };
  await using file = await written(async (file) => {
    await file.createDataset("n", { shape: [4], dtype: "<i2", chunkShape: [2], maxShape: [null], fillValue: -7 });
    await file.createDataset("s", { shape: [2], dtype: "str", fillValue: "none" });
    await file.createDataset("b", { shape: [2], dtype: "bool", fillValue: true });
    await file.createDataset("r", {
      shape: [2],
      dtype: {
        kind: "compound",
        itemsize: 0,
        byteOrder: "|",
        fields: [
          { name: "x", offset: 0, dtype: dtypeFromNumpy("<f8") },
          { name: "name", offset: 0, dtype: dtypeFromNumpy("str") },
        ],
      },
      fillValue: fill,
    });
    const dataset = await file.dataset("n");
    await dataset.write([1], 5);
    await dataset.resize([6]);
    assert.deepEqual((await dataset.read()).data, Int16Array.of(-7, 5, -7, -7, -7, -7));
  });
  assert.deepEqual((await (await file.dataset("n")).read()).data, Int16Array.of(-7, 5, -7, -7, -7, -7));
  assert.equal((await file.dataset("n")).fillValue, -7);
  assert.deepEqual((await (await file.dataset("s")).read()).data, ["none", "none"]);
  assert.deepEqual((await (await file.dataset("b")).read()).data, Uint8Array.of(1, 1));
  assert.deepEqual((await (await file.dataset("r")).read()).data, [fill, fill]);
});

Deno.test("scalars, empty datasets and null dataspaces", async () => {
  await using file = await written(async (file) => {
    await file.createDataset("scalar", { data: 5 });
    await file.createDataset("empty", { shape: [0, 3], dtype: "<i2" });
    await file.createDataset("null", { shape: null, dtype: "<f4" });
    await assert.rejects((await file.dataset("null")).write(null, 1), SelectionError);
  });
  assert.deepEqual((await (await file.dataset("scalar")).read()).shape, []);
  assert.deepEqual((await file.dataset("empty")).shape, [0, 3]);
  assert.equal((await file.dataset("null")).isNull, true);
});

Deno.test("options that can't be are refused by the class that fits, and leave nothing behind", async () => {
  type Class = new (...args: never[]) => Error;
  const base = { shape: [10, 4], dtype: "<i2" };
  const cases: [DatasetOptions, Class, RegExp][] = [
    [{}, TypeError, /dtype and shape are needed/],
    [{ shape: [2] }, TypeError, /needed/],
    [
      { ...base, compression: "gzip", compressionOptions: 11 },
      RangeError,
      /GZIP compressionOptions must be an integer from 0 to 9, not 11/,
    ],
    [{ ...base, compression: 10 }, RangeError, /GZIP/],
    [{ ...base, compression: "lzf", compressionOptions: 1 }, TypeError, /LZF compression accepts no/],
    [{ ...base, compression: "szip", compressionOptions: ["ec", 7] }, RangeError, /SZIP .* must be a pair/],
    [{ ...base, compression: "szip", compressionOptions: 4 }, RangeError, /SZIP/],
    [{ ...base, compression: "zstd", compressionOptions: 40 }, RangeError, /ZSTD/],
    [{ ...base, compression: "bzip2" as "gzip" }, TypeError, /no compression is called bzip2/],
    [{ ...base, compressionOptions: 4 }, TypeError, /need a compression/],
    [{ ...base, compression: 4, compressionOptions: 4 }, TypeError, /one too many/],
    [{ ...base, scaleOffset: -1 }, RangeError, /scaleOffset/],
    [{ ...base, dtype: "str", scaleOffset: 1 }, DTypeError, /integers and floats/],
    [{ ...base, dtype: "<f4", scaleOffset: true }, TypeError, /decimal digits/],
    [{ ...base, scaleOffset: 3, fletcher32: true }, TypeError, /fletcher32/],
    [{ ...base, dtype: "str", compression: "szip" }, DTypeError, /szip takes numbers/],
    [{ ...base, chunkShape: [10] }, ShapeError, /1 axes, expected 2/],
    [{ ...base, chunkShape: [0, 4] }, ShapeError, /at least 1/],
    [{ ...base, chunkShape: [20, 4] }, ShapeError, /longer than the dataset/],
    [{ ...base, chunkShape: false, compression: true }, ShapeError, /need chunks/],
    [{ ...base, chunkShape: [2 ** 31, 4], maxShape: true }, ShapeError, /4 GiB/],
    [{ ...base, maxShape: [5, 4] }, ShapeError, /less than the shape/],
    [{ ...base, maxShape: [null] }, ShapeError, /1 axes/],
    [{ ...base, shape: [-1] }, ShapeError, /-1/],
    [{ ...base, shape: [1.5] }, ShapeError, /1\.5/],
    [{ ...base, shape: [2 ** 40, 2 ** 40] }, ShapeError, /Cannot/],
    [{ data: 5, compression: true }, ShapeError, /of one element/],
    [{ shape: null, dtype: "<i2", chunkShape: true }, ShapeError, /without elements/],
    [{ data: [1, 2, 3], shape: [2, 2] }, ShapeError, /\(3\) doesn't fit the shape \(2, 2\)/],
    [{ data: [[1, 2], [3]] }, ShapeError, /ragged/],
    [{ data: [[1, 2], 3] }, ShapeError, /ragged/],
  ];
  await using file = await create();
  for (const [options, expected, message] of cases) {
    await assert.rejects(file.createDataset("d", options), (error: Error) => {
      assert.ok(error instanceof expected, `${JSON.stringify(options)}: ${error.name}: ${error.message}`);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await file.keys(), [], JSON.stringify(options));
  }
});

Deno.test("resize and append: shape is current, what doesn't fit is refused, nothing changes then", async () => {
  await using file = await written(async (file) => {
    const rows = await file.createDataset("rows", {
      shape: [0, 3],
      maxShape: [null, 3],
      dtype: "<i2",
      chunkShape: [2, 3],
    });
    await rows.append([[1, 2, 3], [4, 5, 6]]);
    await rows.append(Int16Array.of(7, 8, 9));
    assert.deepEqual([rows.shape, rows.size], [[3, 3], 9]);
    await assert.rejects(rows.append([[1, 2]]), ShapeError);
    await assert.rejects(rows.append([[1, 2, 70000]]), DTypeError);
    await assert.rejects(rows.append([1, 2, 3], 1), ShapeError);
    await assert.rejects(rows.append([1, 2, 3], 2), ShapeError);
    await assert.rejects(rows.resize([3, 4]), ShapeError);
    await assert.rejects(rows.resize([3]), ShapeError);
    assert.deepEqual(rows.shape, [3, 3]);
    const columns = await file.createDataset("columns", { data: [[1], [2]], maxShape: [2, null] });
    await columns.append([[3, 4], [5, 6]], 1);
    await columns.append([7, 8], 1);
    assert.deepEqual(columns.shape, [2, 4]);
    const fixed = await file.createDataset("fixed", { data: [1, 2] });
    await assert.rejects(fixed.resize([3]), /isn't chunked/);
    await fixed.resize([2]);
    await rows.resize([2, 3]);
    await assert.rejects(rows.write([2], 0), SelectionError);
    await assert.rejects(rows.write([slice(0, 2)], [[1, 2]]), ShapeError);
  });
  assert.deepEqual((await (await file.dataset("rows")).read()).data, Int16Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual((await (await file.dataset("columns")).read()).data, Float64Array.of(1, 3, 4, 7, 2, 5, 6, 8));
});

Deno.test("a number that doesn't fit stops the write before anything is written, also of many pieces", async () => {
  await using file = await create();
  const data = new Float64Array(5_000_000).fill(3);
  data[4_999_999] = 0.5;
  const dataset = await file.createDataset("d", { shape: [5_000_000], dtype: "<i4" });
  await assert.rejects(dataset.write(null, data), /0\.5 doesn't fit int32/);
  assert.deepEqual((await dataset.read([slice(0, 3)])).data, Int32Array.of(0, 0, 0));
  await dataset.write(null, data, { overflow: "clip" });
  assert.deepEqual((await dataset.read([slice(4_999_998, null)])).data, Int32Array.of(3, 0));
});

Deno.test("overwrite puts a dataset in place of what was there, or leaves that where it fails", async () => {
  await using file = await written(async (file) => {
    await file.createDataset("d", { data: [1, 2], attributes: { old: 1 } });
    await assert.rejects(file.createDataset("d", { data: [3] }), WriteError);
    await assert.rejects(file.createDataset("d", { data: ["x"], dtype: "<i2", overwrite: true }), DTypeError);
    assert.deepEqual((await (await file.dataset("d")).read()).data, Float64Array.of(1, 2));
    const made = await file.createDataset("d", { data: ["x"], overwrite: true, attributes: { unit: "V" } });
    assert.deepEqual((await made.read()).data, ["x"]);
    assert.equal(made.attributeCount, 1);
    await file.link("dangling", { soft: "/nowhere" });
    await file.createDataset("dangling", { data: 1, overwrite: true });
  });
  assert.deepEqual(await file.keys(), ["d", "dangling"]);
  assert.deepEqual(await (await file.dataset("d")).attributes.all(), { unit: "V" });
});
