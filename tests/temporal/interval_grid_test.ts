import assert from "node:assert/strict";
import fc from "fast-check";
import { arangeIntervals, linspaceIntervals, subdivideIntervals } from "../../src/temporal/intervals/interval_grid.ts";
import { disjointPairs, of, pairsOf } from "./interval_pairs.ts";

Deno.test("a span in steps ends with what is left of it, if that is wanted", () => {
  const found = arangeIntervals(0, 1, 0.3);
  assert.deepEqual([...found.end].map((end) => Math.round(end * 1e9) / 1e9), [0.3, 0.6, 0.9, 1]);
  assert.equal(found.end[3], 1);
  assert.equal(arangeIntervals(0, 1, 0.3, false).start.length, 3);
  assert.deepEqual(pairsOf(arangeIntervals(2, 2, 1)), []);
  assert.deepEqual(pairsOf(arangeIntervals(0, 0.5, 2)), [[0, 0.5]]);
  assert.deepEqual(pairsOf(arangeIntervals(0, 0.5, 2, false)), []);
});

Deno.test("rounding neither loses a step nor adds a sliver", () => {
  // (0.3 - 0) / 0.1 is 2.9999999999999996.
  assert.deepEqual(pairsOf(arangeIntervals(0, 0.3, 0.1, false)), [[0, 0.1], [0.1, 0.2], [0.2, 0.3]]);
  assert.equal(arangeIntervals(0, 1 + Number.EPSILON, 0.1).start.length, 10);
  assert.equal(arangeIntervals(0, 1 + Number.EPSILON, 0.1).end[9], 1 + Number.EPSILON);
  // As many pieces as were laid out, wherever they begin.
  const origin = fc.constantFrom(0, 0.1, -3.7, 12345.678, 1.7e9);
  fc.assert(
    fc.property(origin, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 100 }), (start, count, n) => {
      const step = n / 100;
      for (const includeEnd of [true, false]) {
        const found = arangeIntervals(start, start + count * step, step, includeEnd);
        assert.equal(found.start.length, count);
        assert.equal(found.end.at(-1), start + count * step);
        assert.deepEqual(found.start.subarray(1), found.end.subarray(0, -1));
        assert.ok(found.start.every((value, i) => value < found.end[i]!));
      }
    }),
  );
});

Deno.test("a span in equal parts begins and ends where it should", () => {
  assert.deepEqual(pairsOf(linspaceIntervals(0, 1, 4)), [[0, 0.25], [0.25, 0.5], [0.5, 0.75], [0.75, 1]]);
  assert.deepEqual(pairsOf(linspaceIntervals(0, 1, 0)), []);
  assert.deepEqual(pairsOf(linspaceIntervals(3, 3, 2)), [[3, 3], [3, 3]]);
  assert.equal(linspaceIntervals(0.1, 0.7, 3).end[2], 0.7);
});

Deno.test("pieces tile their intervals and know them; points are pieces", () => {
  const cut = subdivideIntervals(of([0, 10.5]), 3);
  assert.deepEqual(pairsOf(cut), [[0, 3], [3, 6], [6, 9], [9, 10.5]]);
  assert.deepEqual(pairsOf(subdivideIntervals(of([0, 10.5]), 3, true)), [[0, 3], [3, 6], [6, 9]]);
  assert.deepEqual(pairsOf(subdivideIntervals(of([0, 0.5]), 2)), [[0, 0.5]]);
  assert.deepEqual(pairsOf(subdivideIntervals(of([0, 0.5]), 2, true)), []);
  const two = subdivideIntervals(of([0, 6], [20, 26]), 2);
  assert.deepEqual([...two.parent], [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(pairsOf(subdivideIntervals(of([5, 5], [3, 1], [7, 8]), 1)), [[5, 5], [7, 8]]);
  assert.deepEqual(pairsOf(subdivideIntervals(of([5, 5]), 1, true)), []);
  assert.deepEqual(pairsOf(subdivideIntervals(of(), 1)), []);
  fc.assert(fc.property(disjointPairs, fc.constantFrom(0.3, 0.5, 1, 2, 7), (pairs, step) => {
    const { start, end, parent } = subdivideIntervals(of(...pairs), step);
    pairs.forEach(([from, to], i) => {
      const mine = [...parent.keys()].filter((k) => parent[k] === i);
      assert.equal(mine.length, from === to ? 1 : Math.ceil((to - from) / step - 1e-9));
      assert.deepEqual([start[mine[0]!], end[mine.at(-1)!]], [from, to]);
      for (const k of mine) {
        assert.ok(end[k]! - start[k]! <= step + 1e-12 && (k === mine[0] || end[k - 1] === start[k]));
      }
    });
    const whole = subdivideIntervals(of(...pairs), step, true);
    assert.ok(whole.start.every((from, k) => Math.abs(whole.end[k]! - from - step) < 1e-12));
    assert.equal(whole.start.length, start.filter((from, k) => end[k]! - from > step - 1e-9).length);
  }));
});

Deno.test("spans and steps that can't be are refused", () => {
  for (const [start, end] of [[1, 0], [NaN, 1], [0, Infinity], [-1.7e308, 1.7e308]] as const) {
    assert.throws(() => arangeIntervals(start, end, 1), { name: "RangeError", message: /finite, and in order/ });
    assert.throws(() => linspaceIntervals(start, end, 1), { name: "RangeError", message: /finite, and in order/ });
  }
  for (const step of [0, -1, NaN, Infinity]) {
    assert.throws(() => arangeIntervals(0, 1, step), {
      name: "RangeError",
      message: /step must be positive and finite/,
    });
    assert.throws(() => subdivideIntervals(of(), step), { name: "RangeError", message: /positive and finite/ });
  }
  assert.throws(() => arangeIntervals(0, 1, "1" as unknown as number), TypeError);
  for (const steps of [-1, 1.5, NaN, 2 ** 32]) assert.throws(() => linspaceIntervals(0, 1, steps), RangeError);
  assert.throws(() => arangeIntervals(1e9, 1e9 + 1, 1e-8), { name: "RangeError", message: /lost in rounding/ });
  assert.throws(() => arangeIntervals(0, 1, 1e-11), {
    name: "RangeError",
    message: /Cannot make 1\d* intervals: at most/,
  });
  assert.throws(() => subdivideIntervals(of([0, Infinity]), 1), RangeError);
});
