import assert from "node:assert/strict";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import { piecesAt, planChunks, splitAxis } from "../../src/array/select/plan_chunks.ts";

Deno.test("A range is split at chunk borders, and the pieces follow each other in the result", () => {
  const [axis] = resolveSelection([slice(5, 23)], [100]);
  assert.deepEqual(splitAxis(axis!, 10), [
    { chunk: 0, count: 5, local: { start: 5, step: 1 }, place: { start: 0, step: 1 } },
    { chunk: 1, count: 10, local: { start: 0, step: 1 }, place: { start: 5, step: 1 } },
    { chunk: 2, count: 3, local: { start: 0, step: 1 }, place: { start: 15, step: 1 } },
  ]);
});

Deno.test("A stepped range enters each chunk where its step falls", () => {
  const [axis] = resolveSelection([slice(1, 30, 7)], [30]); // 1 8 15 22 29
  assert.deepEqual(splitAxis(axis!, 10), [
    { chunk: 0, count: 2, local: { start: 1, step: 7 }, place: { start: 0, step: 1 } },
    { chunk: 1, count: 1, local: { start: 5, step: 7 }, place: { start: 2, step: 1 } },
    { chunk: 2, count: 2, local: { start: 2, step: 7 }, place: { start: 3, step: 1 } },
  ]);
});

Deno.test("A step longer than a chunk skips chunks", () => {
  const [axis] = resolveSelection([slice(0, 100, 25)], [100]);
  assert.deepEqual(splitAxis(axis!, 10).map(({ chunk, local }) => ({ chunk, local })), [
    { chunk: 0, local: { start: 0, step: 25 } },
    { chunk: 2, local: { start: 5, step: 25 } },
    { chunk: 5, local: { start: 0, step: 25 } },
    { chunk: 7, local: { start: 5, step: 25 } },
  ]);
});

Deno.test("A reversed range gives its chunks in the order of the file", () => {
  const [axis] = resolveSelection([slice(null, null, -1)], [15]);
  assert.deepEqual(splitAxis(axis!, 10), [
    { chunk: 0, count: 10, local: { start: 9, step: -1 }, place: { start: 5, step: 1 } },
    { chunk: 1, count: 5, local: { start: 4, step: -1 }, place: { start: 0, step: 1 } },
  ]);
});

Deno.test("An index list is grouped by chunk, whatever its order, and repeats stay", () => {
  const [axis] = resolveSelection([[12, 3, 11, 3]], [20]);
  assert.deepEqual(splitAxis(axis!, 10), [
    {
      chunk: 0,
      count: 2,
      local: Uint32Array.of(3, 3),
      place: { indices: Float64Array.of(1, 3) },
    },
    {
      chunk: 1,
      count: 2,
      local: Uint32Array.of(1, 2),
      place: { indices: Float64Array.of(2, 0) },
    },
  ]);
});

Deno.test("The chunks of a plan are the cross product of its axes, in C order", () => {
  const plan = planChunks(resolveSelection([slice(0, 20), slice(5, 15)], [20, 20]), [10, 10]);
  assert.equal(plan.chunks, 4);
  const corners = [0, 1, 2, 3].map((i) => piecesAt(plan, i).map((piece) => piece.chunk));
  assert.deepEqual(corners, [[0, 0], [0, 1], [1, 0], [1, 1]]);
});

Deno.test("An empty selection touches no chunk", () => {
  assert.equal(planChunks(resolveSelection([slice(4, 4), null], [10, 10]), [5, 5]).chunks, 0);
});
