import assert from "node:assert/strict";
import { slice as zarritaSlice } from "zarrita";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { Selection } from "../../src/array/types.ts";

Deno.test("slice() has the arguments of Python's slice", () => {
  assert.deepEqual(slice(5), { kind: "slice", start: null, stop: 5, step: null });
  assert.deepEqual(slice(null), { kind: "slice", start: null, stop: null, step: null });
  assert.deepEqual(slice(2, 5), { kind: "slice", start: 2, stop: 5, step: null });
  assert.deepEqual(slice(null, null, -2), { kind: "slice", start: null, stop: null, step: -2 });
});

Deno.test("a slice made by zarrita selects what our own does", () => {
  const theirs: Selection = [zarritaSlice(1, 8, 3), zarritaSlice(4)];
  assert.deepEqual(resolveSelection(theirs, [10, 10]), resolveSelection([slice(1, 8, 3), slice(4)], [10, 10]));
});

Deno.test("our slices are zarrita's with a kind beside them", () => {
  const { kind: _, ...rest } = slice(1, 8, 3);
  assert.deepEqual(rest, { ...zarritaSlice(1, 8, 3) });
});
