import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import { resultShape } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { ResolvedAxis } from "../../src/array/types.ts";
import { ArrayView, type ResolvedReader } from "../../src/array/select/view.ts";
import { SelectionError } from "../../src/source/errors.ts";
import { axisCase, axisCaseOf } from "./arbitrary.ts";

const numbers = (...shape: number[]) =>
  ndarray(Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i), shape);

Deno.test("reading a view of a view gives what reading twice gives", async () => {
  const nested = fc.array(axisCase(), { maxLength: 3 }).chain((outer) =>
    fc.tuple(
      fc.constant(outer),
      fc.tuple(...outer.filter((c) => !c.drop).map((c) => axisCaseOf(c.indices.length))),
    )
  );
  await fc.assert(
    fc.asyncProperty(nested, async ([outer, inner]) => {
      const lazy = memoryArray(numbers(...outer.map((c) => c.length)));
      const first = outer.map((c) => c.selected);
      const second = inner.map((c) => c.selected);
      const twice = await memoryArray(await lazy.read(first)).read(second);
      const view = lazy.view(first);
      assert.deepEqual(toNested(await view.read(second)), toNested(twice));
      assert.deepEqual(toNested(await view.view(second).read()), toNested(twice));
      assert.deepEqual(view.view(second).shape, twice.shape);
    }),
    { numRuns: 300 },
  );
});

Deno.test("making a view reads nothing, and reading one asks for exactly its part", async () => {
  const asked: ResolvedAxis[][] = [];
  const reader: ResolvedReader = {
    shape: [1000, 32],
    dtype: { kind: "int", itemsize: 2, byteOrder: "<" },
    chunkShape: [100, 32],
    readResolved(axes) {
      asked.push([...axes]);
      return Promise.resolve(ndarray(new Int16Array(axes.reduce((n, axis) => n * axis.count, 1)), resultShape(axes)));
    },
  };
  const view = new ArrayView(reader, [
    { kind: "range", start: 100, step: 2, count: 50, drop: false },
    { kind: "range", start: 3, step: 1, count: 1, drop: true },
  ]);
  assert.deepEqual(view.shape, [50]);
  assert.deepEqual(view.chunkShape, [50]);
  assert.equal(view.dtype, reader.dtype);
  const last = view.view([slice(-10, null)]);
  assert.deepEqual(last.chunkShape, [10]);
  assert.equal(asked.length, 0);
  assert.deepEqual((await last.read([slice(null, null, -1)])).shape, [10]);
  assert.deepEqual(asked, [[
    { kind: "range", start: 198, step: -2, count: 10, drop: false },
    { kind: "range", start: 3, step: 1, count: 1, drop: true },
  ]]);
});

Deno.test("a wrong selection of a view rejects when read and throws when viewed", async () => {
  const view = memoryArray(numbers(4, 4)).view([slice(2)]);
  await assert.rejects(view.read([2]), SelectionError);
  assert.throws(() => view.view([2]), SelectionError);
  assert.throws(() => memoryArray(numbers(4)).view([9]), SelectionError);
});

Deno.test("a read of a lazy array over memory is a copy, and can be aborted", async () => {
  const array = numbers(4);
  const read = await memoryArray(array).read();
  assert.deepEqual(read, array);
  assert.notEqual(read.data, array.data);
  const reason = new Error("no longer wanted");
  await assert.rejects(memoryArray(array).read([0], { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(memoryArray(array).view([0]).read([], { signal: AbortSignal.abort(reason) }), reason);
});

Deno.test("a lazy array over memory can claim chunks", () => {
  assert.deepEqual(memoryArray(numbers(4, 4), { chunkShape: [2, 4] }).view([null, 0]).chunkShape, [2]);
  assert.equal(memoryArray(numbers(4, 4)).view([0]).chunkShape, null);
});
