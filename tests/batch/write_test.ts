import assert from "node:assert/strict";
import { open, slice } from "../../mod.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import { DataChunkIterator } from "../../src/batch/iterate/data_chunk_iterator.ts";
import { GenericDataChunkIterator } from "../../src/batch/iterate/generic.ts";
import { iterateChunks } from "../../src/batch/iterate/iterate_chunks.ts";
import { create } from "../../src/hdf5/write/create.ts";
import type { WriteOptions, WriteSource } from "../../src/hdf5/write/write_stream.ts";

/** Writes a source into a file in memory, and gives the dataset that is read back. */
async function written(source: WriteSource, options: WriteOptions = {}) {
  await using made = await create();
  await made.write("data", source, options);
  await using file = await open(await made.bytes());
  const dataset = await file.dataset("data");
  const { shape, maxShape, chunkShape, dtype, filters } = dataset;
  const values = toNested(await dataset.read());
  return { shape, maxShape, chunkShape, dtype, filters: filters.length, values };
}

function* once<T>(values: readonly T[]) {
  yield* values;
}

Deno.test("a chunk iterator becomes a dataset of its chunks, with the options of storage that are given", async () => {
  const iterator = new GenericDataChunkIterator({
    maxShape: [6, 4],
    dtype: "int16",
    bufferShape: [4, 2],
    chunkShape: [2, 1],
    getData: ([rows, columns]) =>
      ndarray(
        Int16Array.from({ length: (rows!.stop! - rows!.start!) * 2 }, (_, i) =>
          4 * (rows!.start! + (i >> 1)) + columns!.start! + i % 2),
        [rows!.stop! - rows!.start!, 2],
      ),
  });
  const { shape, maxShape, chunkShape, filters, values } = await written(iterator, {
    compression: "gzip",
    compressionOptions: 4,
    shuffle: true,
  });
  assert.deepEqual([shape, maxShape, chunkShape], [[6, 4], [6, 4], [2, 1]]);
  assert.equal(filters, 2);
  assert.deepEqual(values, Array.from({ length: 6 }, (_, r) => Array.from({ length: 4 }, (_, c) => 4 * r + c)));
});

Deno.test("a stream with gaps leaves the fill value there, and the dataset grows with it", async () => {
  const iterator = await DataChunkIterator.from(once([null, 1, 2, null, 3]), { bufferSize: 2 });
  const { shape, maxShape, values } = await written(iterator, { fillValue: -1 });
  assert.deepEqual([shape, maxShape, values], [[5], [null], [-1, 1, 2, -1, 3]]);
});

Deno.test("a stream of a given type and unknown length can be written, which hdmf can't", async () => {
  for (const options of [{ dtype: "int16" }, { dtype: "int16", maxShape: [null] }]) {
    const { shape, dtype, values } = await written(await DataChunkIterator.from(once([1, 2, 3]), options));
    assert.deepEqual([shape, dtype.kind, dtype.itemsize, values], [[3], "int", 2, [1, 2, 3]]);
  }
  const empty = await written(await DataChunkIterator.from(null, { dtype: "int16", maxShape: [null, 3] }));
  assert.deepEqual([empty.shape, empty.maxShape, empty.values], [[0, 3], [null, 3], []]);
});

Deno.test("columns that come one by one grow along their axis", async () => {
  const iterator = await DataChunkIterator.from(once([[1, 4], [2, 5], [3, 6]]), { iterAxis: 1, bufferSize: 2 });
  const { shape, maxShape, values } = await written(iterator);
  assert.deepEqual([shape, maxShape, values], [[2, 3], [2, null], [[1, 2, 3], [4, 5, 6]]]);
});

Deno.test("a walk over a lazy array, or a part of it, becomes a dataset of the same chunks", async () => {
  const array = memoryArray(ndarray(Int32Array.from({ length: 60 }, (_, i) => i), [10, 6]), { chunkShape: [4, 3] });
  const { shape, chunkShape, values } = await written(iterateChunks(array, { bufferBytes: 60 }));
  assert.deepEqual([shape, chunkShape], [[10, 6], [4, 3]]);
  assert.deepEqual(values, toNested(await array.read()));
  const selection = [slice(3, 9), slice(null, null, 2)];
  const part = await written(iterateChunks(array, { selection, bufferBytes: 30 }));
  assert.deepEqual(part.values, toNested(await array.read(selection)));
});
