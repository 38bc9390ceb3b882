import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { DataChunk, DType } from "../../src/array/types.ts";
import { chunkAsType, chunkLength, minBounds } from "../../src/batch/iterate/data_chunk.ts";

const CHUNK: DataChunk = {
  data: ndarray(Int16Array.of(1, -2, 3, 4, 5, 6), [3, 2]),
  selection: [slice(4, 7), slice(2)],
};

Deno.test("the length of a chunk is that of its first axis", () => {
  assert.equal(chunkLength(CHUNK), 3);
  assert.equal(chunkLength({ data: ndarray(new Int8Array(0)), selection: [slice(0, 0)] }), 0);
  assert.equal(chunkLength({ data: ndarray(new Int8Array(1), []), selection: [2] }), 1);
});

Deno.test("the room that a chunk needs follows from its selection alone", () => {
  assert.deepEqual(minBounds(CHUNK.selection), [7, 2]);
  assert.deepEqual(minBounds([slice(2, 5), 3, slice(null)]), [5, 4, 0]);
  assert.deepEqual(minBounds(7), [8]);
  assert.deepEqual(minBounds(slice(3, 9)), [9]);
  assert.deepEqual(minBounds(slice(null)), [0]);
  assert.deepEqual(minBounds([]), []);
});

Deno.test("a selection that has no bounds from the start is refused", () => {
  const wrong = [slice(0, -1), -2, [slice(3), -1], "3", null, [[1, 2]], 1.5, { start: 0, stop: 2 }];
  for (const selection of wrong) {
    assert.throws(() => minBounds(selection as number), { name: "SelectionError", message: /bounds of a chunk/ });
  }
});

Deno.test("a chunk of another type keeps its place; numbers that don't fit are an error unless asked for", () => {
  const floats = chunkAsType(CHUNK, "float32");
  assert.deepEqual(floats.selection, CHUNK.selection);
  assert.deepEqual(floats.data.data, Float32Array.of(1, -2, 3, 4, 5, 6));
  assert.deepEqual(floats.data.shape, [3, 2]);
  assert.equal(chunkAsType(CHUNK, ">i2").data, CHUNK.data);
  assert.throws(() => chunkAsType(CHUNK, "uint8"), { name: "DTypeError", message: /-2 doesn't fit uint8/ });
  assert.deepEqual(chunkAsType(CHUNK, "uint8", { overflow: "wrap" }).data.data, Uint8Array.of(1, 254, 3, 4, 5, 6));
  assert.throws(() => chunkAsType(CHUNK, "str"), { name: "DTypeError", message: /int16 can't become string/ });
});

Deno.test("a chunk whose data lies with gaps is converted by its elements", () => {
  const column: DataChunk = {
    data: { data: Int16Array.of(1, 2, 3, 4), shape: [2], stride: [2], dtype: dtypeFromNumpy("<i2") as DType },
    selection: [slice(0, 2)],
  };
  assert.deepEqual(chunkAsType(column, "f8").data.data, Float64Array.of(1, 3));
});
