import assert from "node:assert/strict";
import fc from "fast-check";
import { listedAxis, regularAxis } from "../../src/time/axis.ts";
import {
  difference,
  intersect,
  type Intervals,
  mergeClose,
  takeIntervals,
  totalLength,
  union,
} from "../../src/time/intervals.ts";
import { countOf, gather, rangesOf } from "../../src/time/ranges.ts";
import { closest, isSorted, lowerBound, sortOrder, upperBound } from "../../src/time/sorted.ts";
import { fromSeconds, roundTime, type TimeUnit, toSeconds } from "../../src/time/units.ts";

const of = (...pairs: [number, number][]): Intervals => ({
  start: Float64Array.from(pairs, ([start]) => start),
  end: Float64Array.from(pairs, ([, end]) => end),
});
const pairs = ({ start, end }: Intervals): number[][] => [...start].map((value, i) => [value, end[i]!]);

// Section 10 of the facts on pynapple; the second set is stored as its constructor leaves it.
const A = of([0, 5], [10, 15], [20, 30], [40, 60]);
const B = of([3, 11], [12, 13], [28, 44.999999], [45, 50], [70, 80]);

Deno.test("intersection, union and difference agree with pynapple's on its cases", () => {
  assert.deepEqual(pairs(intersect(A, B)), [[3, 5], [10, 11], [12, 13], [28, 30], [40, 44.999999], [45, 50]]);
  assert.deepEqual([...intersect(A, B).parent], [0, 1, 1, 2, 3, 3]);
  assert.deepEqual([...intersect(A, B).other], [0, 0, 1, 2, 2, 3]);
  assert.deepEqual(pairs(union(A, B)), [[0, 15], [20, 60], [70, 80]]);
  const left = [[0, 3], [11, 12], [13, 15], [20, 28], [44.999999, 45], [50, 60]];
  assert.deepEqual(pairs(difference(A, B)), left);
  assert.deepEqual([...difference(A, B).parent], [0, 1, 1, 2, 3, 3]);
  assert.deepEqual(pairs(difference(B, A)), [[5, 10], [30, 40], [70, 80]]);
  assert.deepEqual(pairs(mergeClose(A, 5)), [[0, 30], [40, 60]]);
  assert.deepEqual(pairs(mergeClose(A, 4.99)), pairs(A));
  assert.deepEqual(pairs(takeIntervals(A, [2, 3])), [[20, 30], [40, 60]]);
  assert.equal(totalLength(A), 40);
  const none = of();
  assert.deepEqual([intersect(A, none), difference(none, A), union(none, none)].map(pairs), [[], [], []]);
});

Deno.test("touching intervals are joined or kept as asked, and points are found where asked", () => {
  const [left, right] = [of([0, 1]), of([1, 2])];
  assert.deepEqual(pairs(union(left, right)), [[0, 2]]);
  assert.deepEqual(pairs(intersect(left, right)), []);
  assert.deepEqual(pairs(intersect(left, right, true)), []);
  assert.deepEqual(pairs(intersect(of([0, 3]), of([1, 1]), true)), [[1, 1]]);
});

/** Sorted, disjoint intervals with whole edges, which may touch. */
const intervals = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }).map((edges) => {
  const sorted = edges.sort((a, b) => a - b);
  return of(
    ...Array.from({ length: sorted.length >> 1 }, (_, i) => [sorted[2 * i]!, sorted[2 * i + 1]!] as [number, number]),
  );
});
const holds = ({ start, end }: Intervals, x: number) => start.some((value, i) => value < x && x < end[i]!);

Deno.test("the algebra agrees with membership, point by point", () => {
  fc.assert(fc.property(intervals, intervals, (a, b) => {
    const results = [intersect(a, b), union(a, b), difference(a, b)];
    for (let x = 0.5; x < 41; x++) {
      const [inA, inB] = [holds(a, x), holds(b, x)];
      assert.deepEqual(results.map((result) => holds(result, x)), [inA && inB, inA || inB, inA && !inB]);
    }
    for (const { start, end } of results) {
      assert.ok(start.every((value, i) => value < end[i]! && (i === 0 || end[i - 1]! <= value)));
    }
  }));
});

Deno.test("searches agree with a walk, ties and gaps included", () => {
  const values = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 15 }).map((all) => all.sort((a, b) => a - b));
  fc.assert(fc.property(values, fc.integer({ min: -2, max: 44 }), (sorted, twice) => {
    const x = twice / 2;
    assert.equal(lowerBound(sorted, x), sorted.filter((value) => value < x).length);
    assert.equal(upperBound(sorted, x), sorted.filter((value) => value <= x).length);
    if (sorted.length === 0) return;
    const found = sorted[closest(sorted, x)]!;
    const nearest = Math.min(...sorted.map((value) => Math.abs(value - x)));
    assert.equal(Math.abs(found - x), nearest);
    if (sorted.includes(x + nearest)) assert.equal(found, x + nearest);
  }));
  assert.equal(isSorted([1, 1, 2]), true);
  assert.deepEqual([[2, 1], [NaN], [1, NaN, 2]].map(isSorted), [false, false, false]);
  assert.deepEqual([...sortOrder([3, 1, 2, 1])], [1, 3, 2, 0]);
});

Deno.test("samples are found in their intervals, those on a common edge in the first", () => {
  const times = Float64Array.of(0, 1, 2, 3, 5, 5.5, 9);
  assert.deepEqual([...gather(times, rangesOf(times, of([1, 2], [5, 5.5])))], [1, 2, 5, 5.5]);
  assert.deepEqual([...gather(times, rangesOf(times, of([1, 2], [5, 5.5]), "left"))], [1, 5]);
  assert.deepEqual(rangesOf(times, of([0, 2], [2, 3], [6, 7])), [
    { from: 0, to: 3, interval: 0 },
    { from: 3, to: 4, interval: 1 },
    { from: 6, to: 6, interval: 2 },
  ]);
  assert.equal(countOf(rangesOf(times, of([0, 9]))), 7);
});

Deno.test("times are rounded to nanoseconds, halves to even, and converted", () => {
  assert.deepEqual([0.12345678949, 1.0000000006, 2.5e-9, 3.5e-9, -2.5e-9].map(roundTime), [
    0.123456789,
    1.000000001,
    2e-9,
    4e-9,
    -2e-9,
  ]);
  assert.deepEqual([1.7e9 + 0.1, Infinity].map(roundTime), [1.7e9 + 0.1, Infinity]);
  assert.deepEqual([...toSeconds([1, 2500], "ms")], [0.001, 2.5]);
  assert.deepEqual([...fromSeconds(toSeconds([1, 3], "us"), "us")], [1, 3]);
  assert.throws(() => toSeconds([1], "min" as TimeUnit), { name: "TypeError", message: /"min" as a unit of time/ });
});

Deno.test("a regular axis finds what a listed one of the same times finds", () => {
  const one = fc.record({
    start: fc.double({ min: -1000, max: 1000, noNaN: true }),
    rate: fc.constantFrom(0.3, 1, 7, 1000, 24414.0625, 30000),
    length: fc.integer({ min: 0, max: 50 }),
    first: fc.integer({ min: 0, max: 1e9 }),
  });
  fc.assert(fc.property(one, fc.double({ min: -2, max: 52, noNaN: true }), ({ start, rate, length, first }, at) => {
    const regular = regularAxis(start, rate, length, first);
    const listed = listedAxis(regular.times());
    assert.ok(isSorted(regular.times()));
    const asked = [start + (first + at) / rate, regular.length > 0 ? regular.at(Math.trunc(length / 2)) : 0, -1e9, 1e9];
    for (const time of asked) {
      assert.equal(regular.lowerBound(time), listed.lowerBound(time));
      assert.equal(regular.upperBound(time), listed.upperBound(time));
      assert.equal(regular.closest(time), listed.closest(time));
    }
    const [from, to] = [Math.trunc(length / 3), length];
    assert.deepEqual(regular.slice(from, to).times(), listed.slice(from, to).times());
  }));
  assert.throws(() => regularAxis(0, 0, 3), RangeError);
  assert.throws(() => regularAxis(NaN, 1, 3), RangeError);
});

Deno.test("an axis of a day at 30 kHz takes no memory, and finds its way at once", () => {
  const axis = regularAxis(0, 30_000, 24 * 3600 * 30_000);
  assert.equal(axis.lowerBound(43_200), 43_200 * 30_000);
  assert.deepEqual([...axis.slice(3e8, 3e8 + 2).times()], [10_000, 10_000.000033333]);
});
