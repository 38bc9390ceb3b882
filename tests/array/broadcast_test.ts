import assert from "node:assert/strict";
import { broadcastTo } from "../../src/array/codec/broadcast.ts";
import { flatten, ndarray, toNested } from "../../src/array/ndarray.ts";
import { ShapeError } from "../../src/source/errors.ts";

const array = ndarray(Int8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);

Deno.test("axes of length 1 and missing leading axes repeat, as NumPy's broadcast_to has it", () => {
  assert.deepEqual(toNested(broadcastTo(ndarray(Int8Array.of(1, 2)), [3, 2])), [[1, 2], [1, 2], [1, 2]]);
  assert.deepEqual(toNested(broadcastTo(ndarray(Int8Array.of(1, 2), [2, 1]), [2, 3])), [[1, 1, 1], [2, 2, 2]]);
  assert.deepEqual(toNested(broadcastTo(ndarray(Int8Array.of(9), []), [2, 1])), [[9], [9]]);
  assert.deepEqual(flatten(broadcastTo(ndarray(Int8Array.of(9), []), [2, 2])).data, Int8Array.of(9, 9, 9, 9));
});

Deno.test("leading axes of length 1 too many are left out, as in an assignment", () => {
  assert.deepEqual(toNested(broadcastTo(ndarray(Int8Array.of(1, 2), [1, 1, 2]), [2])), [1, 2]);
});

Deno.test("one axis of as many elements fills a shape in C order", () => {
  assert.deepEqual(toNested(broadcastTo(ndarray(array.data), [3, 2])), [[1, 2], [3, 4], [5, 6]]);
});

Deno.test("what doesn't fit is a ShapeError that names both shapes", () => {
  for (const shape of [[3, 2], [2], [6], [2, 2, 2], []]) {
    assert.throws(
      () => broadcastTo(array, shape, "write x"),
      (error: Error) =>
        error instanceof ShapeError && error.message ===
          `Cannot write x: data of shape (2, 3) doesn't fit the shape (${shape.join(", ")})`,
    );
  }
});
