import assert from "node:assert/strict";
import { resolveSelection } from "../../src/array/selection.ts";
import { slice } from "../../src/array/slice.ts";
import type { Selection } from "../../src/array/types.ts";
import { blockShape, cutRuns, runsOf } from "../../src/hdf5/plan_runs.ts";

const runs = (selection: Selection, shape: number[], itemsize = 2) => [
  ...runsOf(resolveSelection(selection, shape), shape, itemsize),
];

Deno.test("Everything is one run", () => {
  assert.deepEqual(runs(null, [10, 4]), [{ offset: 0, length: 80, place: 0 }]);
});

Deno.test("Rows taken whole are one run, since trailing axes join", () => {
  assert.deepEqual(runs([slice(3, 6), null], [10, 4]), [{ offset: 24, length: 24, place: 0 }]);
});

Deno.test("Part of each row is a run per row", () => {
  assert.deepEqual(runs([slice(0, 2), slice(1, 3)], [10, 4]), [
    { offset: 2, length: 4, place: 0 },
    { offset: 10, length: 4, place: 4 },
  ]);
});

Deno.test("A list of rows joins neighbours, and a scalar is one element", () => {
  assert.deepEqual(runs([[7, 2, 3]], [10]), [
    { offset: 14, length: 2, place: 0 },
    { offset: 4, length: 4, place: 2 },
  ]);
  assert.deepEqual(runs(null, [], 8), [{ offset: 0, length: 8, place: 0 }]);
  assert.deepEqual(runs([slice(0, 0)], [10]), []);
});

Deno.test("Long runs are cut", () => {
  assert.deepEqual([...cutRuns([{ offset: 100, length: 25, place: 4 }], 10)], [
    { offset: 100, length: 10, place: 4 },
    { offset: 110, length: 10, place: 14 },
    { offset: 120, length: 5, place: 24 },
  ]);
});

const block = (selection: Selection, shape: number[], gap: number) =>
  blockShape(resolveSelection(selection, shape), shape, 2, gap, 64);

Deno.test("One run is read as a run, and so are runs that lie far apart", () => {
  assert.equal(block([slice(2, 5)], [100, 8], 1000), null);
  assert.equal(block([null, 3], [100, 1000], 1000), null);
});

Deno.test("Short runs close together are read in blocks of whole trailing axes", () => {
  assert.deepEqual(block([null, 3], [100, 8], 1000), [4, 8]);
  assert.deepEqual(block([slice(null, null, 3)], [100], 1000), [32]);
  assert.deepEqual(block([null, null, 1], [3, 2, 4], 1000), [3, 2, 4]);
  assert.deepEqual(block([null, null, 1], [9, 3, 4], 1000), [2, 3, 4]);
});
