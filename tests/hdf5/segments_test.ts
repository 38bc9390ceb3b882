import assert from "node:assert/strict";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import { splitSegments } from "../../src/hdf5/read/segments.ts";

Deno.test("An ascending range is one hyperslab", () => {
  const [axis] = resolveSelection([slice(2, 9, 3)], [10]);
  assert.deepEqual(splitSegments(axis!), {
    segments: [{ start: 2, step: 3, count: 3, place: 0 }],
    total: 3,
    pick: null,
  });
});

Deno.test("A reversed range is read forwards and picked backwards", () => {
  const [axis] = resolveSelection([slice(8, 1, -3)], [10]); // 8 5 2
  assert.deepEqual(splitSegments(axis!), {
    segments: [{ start: 2, step: 3, count: 3, place: 0 }],
    total: 3,
    pick: Float64Array.of(2, 1, 0),
  });
});

Deno.test("A list is read in ascending stretches of even steps, each index once", () => {
  const [axis] = resolveSelection([[9, 1, 2, 3, 9]], [10]);
  assert.deepEqual(splitSegments(axis!), {
    segments: [{ start: 1, step: 1, count: 3, place: 0 }, { start: 9, step: 1, count: 1, place: 3 }],
    total: 4,
    pick: Float64Array.of(3, 0, 1, 2, 3),
  });
});
