import assert from "node:assert/strict";
import fc from "fast-check";
import { linspaceIntervals } from "../../src/temporal/intervals/interval_grid.ts";
import { splitMasks } from "../../src/temporal/frame/split_masks.ts";

const rowsOf = (masks: Uint8Array[]) => masks.map((mask) => [...mask.keys()].filter((i) => mask[i] === 1));

Deno.test("the shuffled halves of ten intervals are NumPy's", () => {
  const starts = linspaceIntervals(0, 1, 10).start;
  const parts = rowsOf(splitMasks(10, [0.5, 0.5], { shuffle: true, seed: 42 }));
  const rounded = parts.map((rows) => rows.map((row) => Math.round(starts[row]! * 10) / 10));
  assert.deepEqual(rounded, [[0, 0.3, 0.5, 0.6, 0.7], [0.1, 0.2, 0.4, 0.8, 0.9]]);
});

Deno.test("counts and fractions say how many go to each part, in order unless shuffled", () => {
  assert.deepEqual(rowsOf(splitMasks(6, [3, 1, 2])), [[0, 1, 2], [3], [4, 5]]);
  // Both are rounded to 2, and the first of the largest takes what is left.
  assert.deepEqual(rowsOf(splitMasks(5, [0.5, 0.5])), [[0, 1, 2], [3, 4]]);
  // 0.7 + 0.2 + 0.1 isn't 1, which the original refuses.
  assert.deepEqual(rowsOf(splitMasks(10, [0.7, 0.2, 0.1])).map((rows) => rows.length), [7, 2, 1]);
});

Deno.test("every row is in one part, also where rounding gives away more than the largest part has", () => {
  const eighths = splitMasks(12, Array(8).fill(0.125)).map((mask) => mask.reduce((a, b) => a + b));
  assert.equal(eighths.reduce((a, b) => a + b), 12);
  const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 12 });
  fc.assert(fc.property(weights, fc.nat(60), fc.boolean(), fc.nat(), (all, more, shuffle, seed) => {
    const total = all.reduce((a, b) => a + b);
    const count = all.length + 1 + more;
    const masks = splitMasks(count, all.map((weight) => weight / total), { shuffle, seed });
    assert.equal(masks.length, all.length);
    for (let row = 0; row < count; row++) assert.equal(masks.filter((mask) => mask[row] === 1).length, 1);
    masks.forEach((mask, i) => {
      const size = mask.reduce((a, b) => a + b);
      assert.ok(Math.abs(size - count * all[i]! / total) <= all.length / 2 + 0.5);
    });
  }));
});

Deno.test("without a seed the order differs", () => {
  const [a, b] = [0, 1].map(() => rowsOf(splitMasks(1000, [500, 500], { shuffle: true })));
  assert.notDeepEqual(a, b);
});

Deno.test("sizes that can't be are refused", () => {
  const refused = (count: number, sizes: number[], message: RegExp) =>
    assert.throws(() => splitMasks(count, sizes), { name: "RangeError", message });
  refused(10, [10], /at least two/);
  refused(10, [], /at least two/);
  refused(3, [1, 1, 1], /Cannot split 3 intervals into 3 parts/);
  refused(10, [5, 4], /must sum to their number/);
  refused(10, [0.5, 0.4], /fractions must sum to 1/);
  for (const sizes of [[0.5, 5], [0, 10], [-1, 11], [NaN, 1], [1.5, 8.5], [1, 0.5]]) {
    refused(10, sizes, /all counts or all fractions/);
  }
  refused(10, ["0.5", "0.5"] as unknown as number[], /all counts or all fractions/);
  refused(NaN, [1, 2], /Cannot split NaN/);
});
