import assert from "node:assert/strict";
import fc from "fast-check";
import {
  andIntervals,
  coalesceIntervals,
  differenceIntervals,
  dilateIntervals,
  isDisjointIntervals,
  isSortedIntervals,
  orIntervals,
  sortIntervalOrder,
} from "../../src/temporal/intervals/interval_algebra.ts";
import type { Intervals } from "../../src/time/intervals.ts";
import { anyPairs, disjointPairs, of, type Pair, pairsOf, sortPairs } from "./interval_pairs.ts";

type Operation = (a: Intervals, b: Intervals) => Intervals;
const on = (operation: Operation) => (a: Pair[], b: Pair[]): Pair[] => pairsOf(operation(of(...a), of(...b)));
const [and, or, minus] = [andIntervals, orIntervals, differenceIntervals].map(on) as [
  ReturnType<typeof on>,
  ReturnType<typeof on>,
  ReturnType<typeof on>,
];

// Section 9 of the facts.
const A: Pair[] = [[1, 2.3], [3, 4], [5.6, 6.9], [8, 10]];
const B: Pair[] = [[1.7, 2.1], [3.2, 4.2], [5.4, 6.7], [8.2, 9], [9.5, 10.2]];

Deno.test("intersection, union and difference agree with torch_brain's on its cases", () => {
  assert.deepEqual(and(A, B), [[1.7, 2.1], [3.2, 4], [5.6, 6.7], [8.2, 9], [9.5, 10]]);
  assert.deepEqual(or(A, B), [[1, 2.3], [3, 4.2], [5.4, 6.9], [8, 10.2]]);
  assert.deepEqual(
    minus([...A, [12, 13]], B),
    [[1, 1.7], [2.1, 2.3], [3, 3.2], [6.7, 6.9], [8, 8.2], [9, 9.5], [12, 13]],
  );
});

Deno.test("touching intervals have nothing in common and become one in a union; points are kept where they lie", () => {
  assert.deepEqual(and([[0, 1]], [[1, 2]]), []);
  assert.deepEqual(and([[5, 5]], [[0, 1], [3, 10]]), [[5, 5]]);
  assert.deepEqual(and([[3, 3]], [[1, 3]]), [[3, 3]]);
  assert.deepEqual(and([[1, 2], [3, 3], [5, 7]], [[0, 1.5], [3, 4], [6, 6]]), [[1, 1.5], [3, 3], [6, 6]]);
  assert.deepEqual(minus([[1, 3]], [[2, 2]]), [[1, 2], [2, 3]]);
  assert.deepEqual(minus([[2, 2]], [[1, 3]]), []);
  assert.deepEqual(minus([[1, 1], [3, 3], [5, 5]], [[3, 3]]), [[1, 1], [5, 5]]);
  assert.deepEqual(or([[0, 1], [1, 2]], []), [[0, 2]]);
  assert.deepEqual(or([[0, 1], [4, 4]], [[1, 1], [4, 4]]), [[0, 1], [4, 4]]);
});

Deno.test("the order of operands doesn't matter to points where intervals meet, and each is found once", () => {
  const cases: [Pair[], Pair[], Pair[]][] = [
    [[[0, 5], [5, 10]], [[5, 5]], [[5, 5]]],
    [[[0, 5], [5, 5]], [[3, 5]], [[3, 5], [5, 5]]],
    [[[0, 5], [5, 5], [5, 9]], [[0, 5], [5, 5], [5, 9]], [[0, 5], [5, 5], [5, 9]]],
    [[[5, 5], [5, 5]], [[5, 5], [5, 7]], [[5, 5]]],
  ];
  for (const [a, b, common] of cases) {
    assert.deepEqual(and(a, b), common);
    assert.deepEqual(and(b, a), common);
  }
});

/** Pairs without those that repeat the one before them. */
const once = (pairs: Pair[]) =>
  pairs.filter(([s, e], i) => i === 0 || s !== pairs[i - 1]![0] || e !== pairs[i - 1]![1]);
const isPoint = ([start, end]: Pair) => start === end;

Deno.test("an intersection is what all pairs have in common, in whichever order", () => {
  fc.assert(fc.property(disjointPairs, disjointPairs, (a, b) => {
    const common = a.flatMap((x) =>
      b.flatMap((y): Pair[] => {
        const [start, end] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
        return start < end || (start === end && (isPoint(x) || isPoint(y))) ? [[start, end]] : [];
      })
    );
    assert.deepEqual(and(a, b), once(sortPairs(common)));
    assert.deepEqual(and(b, a), and(a, b));
  }));
});

/** Joins pairs that `meet` until none do; which pair comes first in order is left to the caller. */
function joined(pairs: Pair[], meet: (a: Pair, b: Pair) => boolean): Pair[] {
  const rest = sortPairs(pairs.map(([start, end]): Pair => [start, end]));
  for (let i = 0; i < rest.length; i++) {
    for (let j = i + 1; j < rest.length; j++) {
      if (!meet(rest[i]!, rest[j]!)) continue;
      rest.push([Math.min(rest[i]![0], rest[j]![0]), Math.max(rest[i]![1], rest[j]![1])]);
      rest.splice(j, 1);
      rest.splice(i, 1);
      return joined(rest, meet);
    }
  }
  return rest;
}

Deno.test("a union is what is left when all that overlaps or touches is joined", () => {
  fc.assert(fc.property(disjointPairs, disjointPairs, (a, b) => {
    assert.deepEqual(or(a, b), joined([...a, ...b], ([, end], [start]) => start <= end));
    assert.deepEqual(or(b, a), or(a, b));
  }));
});

Deno.test("a difference is every cell of the grid that isn't taken, cut where a point was", () => {
  fc.assert(fc.property(disjointPairs, disjointPairs, (a, b) => {
    const expected = a.flatMap(([from, to]): Pair[] => {
      if (from === to) return b.some(([start, end]) => start <= from && from <= end) ? [] : [[from, to]];
      const left: Pair[] = [];
      for (let cell = from; cell < to; cell++) {
        if (b.some(([start, end]) => start <= cell && cell < end)) continue;
        const cut = b.some(([start, end]) => start === cell && end === cell);
        if (left.at(-1)?.[1] === cell && !cut) left.at(-1)![1] = cell + 1;
        else left.push([cell, cell + 1]);
      }
      return left;
    });
    assert.deepEqual(minus(a, b), expected);
  }));
});

Deno.test("intervals that end before they start hold nothing", () => {
  assert.deepEqual(and([[0, 10]], [[3, 1]]), []);
  assert.deepEqual(or([[0, 1], [3, 2]], [[5, 4]]), [[0, 1]]);
  assert.deepEqual(minus([[0, 10], [12, 11]], [[3, 1]]), [[0, 10]]);
  assert.deepEqual(pairsOf(coalesceIntervals(of([0, 2], [5, 3], [4, 6]))), [[0, 2], [4, 6]]);
});

Deno.test("intervals reach as far as infinity", () => {
  const all: Pair[] = [[-Infinity, Infinity]];
  assert.deepEqual(and(all, A), A);
  assert.deepEqual(or(all, A), all);
  assert.deepEqual(minus(all, [[0, 1]]), [[-Infinity, 0], [1, Infinity]]);
});

Deno.test("operands that overlap or aren't sorted are refused by name", () => {
  const [good, overlapping, unsorted] = [of([0, 1]), of([0, 2], [1, 3]), of([4, 5], [0, 1])];
  const cases: [Operation, string][] = [
    [andIntervals, "intersect"],
    [orIntervals, "unite"],
    [differenceIntervals, "subtract"],
  ];
  for (const [operation, verb] of cases) {
    for (const [bad, fault] of [[overlapping, "disjoint"], [unsorted, "sorted"]] as const) {
      const message = (side: string) => `Cannot ${verb}: ${side} Interval object must be ${fault}`;
      assert.throws(() => operation(bad, good), { name: "RangeError", message: message("left") });
      assert.throws(() => operation(good, bad), { name: "RangeError", message: message("right") });
    }
    assert.throws(() => operation(of([0, NaN]), good), {
      name: "RangeError",
      message: /left intervals: interval 0 has NaN/,
    });
    assert.throws(() => operation(good, { start: [0], end: [1] } as unknown as Intervals), TypeError);
    assert.throws(() => operation(good, undefined as unknown as Intervals), TypeError);
    const uneven = { start: Float64Array.of(0, 1), end: Float64Array.of(1) };
    assert.throws(() => operation(uneven, good), { name: "RangeError", message: /2 starts, but 1 ends/ });
  }
});

Deno.test("sorted, disjoint, and the order that sorts", () => {
  assert.deepEqual([of(), of([0, 1]), of([0, 5], [0, 5]), of([0, 5], [1, 4])].map(isSortedIntervals), [
    true,
    true,
    true,
    false,
  ]);
  assert.equal(isDisjointIntervals(of([2, 3], [0, 1], [1, 2])), true);
  assert.equal(isDisjointIntervals(of([2, 3], [0, 2.5])), false);
  assert.equal(isDisjointIntervals(of([1, 2], [1, 1])), true);
  assert.equal(sortIntervalOrder(of([0, 1], [1, 2])), null);
  assert.deepEqual([...sortIntervalOrder(of([3, 4], [1, 2], [1, 1], [0, 9], [1, 2]))!], [3, 2, 1, 4, 0]);
  assert.deepEqual([...sortIntervalOrder(of([-Infinity, 5], [-Infinity, 3]))!], [1, 0]);
  fc.assert(fc.property(anyPairs, (pairs) => {
    const order = sortIntervalOrder(of(...pairs)) ?? pairs.keys();
    const sorted = [...order].map((i) => pairs[i]!);
    assert.deepEqual(sorted.map(([start]) => start), pairs.map(([start]) => start).sort((a, b) => a - b));
    const overlap = pairs.some((x, i) => pairs.some((y, j) => i < j && x[0] < y[1] && y[0] < x[1]));
    assert.equal(isDisjointIntervals(of(...pairs)), !overlap);
  }));
  assert.throws(() => isSortedIntervals(of([NaN, 1])), RangeError);
});

Deno.test("intervals closer than eps are joined; a gap of eps stays", () => {
  const seven = of([0, 0.5], [1, 2], [2, 2.5], [4, 4.5], [4.5, 5], [5, 6], [10, 11]);
  assert.deepEqual(pairsOf(coalesceIntervals(seven)), [[0, 0.5], [1, 2.5], [4, 6], [10, 11]]);
  const gap = of([0, 1], [1.001, 2]);
  assert.deepEqual(pairsOf(coalesceIntervals(gap)), pairsOf(gap));
  assert.deepEqual(pairsOf(coalesceIntervals(gap, 0.01)), [[0, 2]]);
  assert.deepEqual(pairsOf(coalesceIntervals(of([0, 1], [1.5, 2]), 0.5)), [[0, 1], [1.5, 2]]);
  assert.deepEqual(pairsOf(coalesceIntervals(of([0, 10], [1, 2], [11, 12]), 0.5)), [[0, 10], [11, 12]]);
  assert.throws(() => coalesceIntervals(gap, -1), { name: "RangeError", message: /eps must be non-negative, got -1/ });
  assert.throws(() => coalesceIntervals(gap, NaN), RangeError);
  assert.throws(() => coalesceIntervals(gap, "1" as unknown as number), TypeError);
  fc.assert(fc.property(anyPairs, fc.constantFrom(0, 0.5, 1, 1.5, 3), (pairs, eps) => {
    const expected = joined(pairs, ([, end], [start]) => start < end + eps);
    assert.deepEqual(pairsOf(coalesceIntervals(of(...pairs), eps)), expected);
  }));
});

Deno.test("dilating stops at half the gap and at the greatest length", () => {
  const three = of([1, 2], [5, 7], [11, 12]);
  assert.deepEqual(pairsOf(dilateIntervals(three, 0.5)), [[0.5, 2.5], [4.5, 7.5], [10.5, 12.5]]);
  assert.deepEqual(pairsOf(dilateIntervals(three, 4)), [[-3, 3.5], [3.5, 9], [9, 16]]);
  assert.deepEqual(pairsOf(dilateIntervals(three, 4, 2)), [[0.5, 2.5], [5, 7], [10.5, 12.5]]);
  assert.deepEqual(pairsOf(dilateIntervals(of(), 4)), []);
  assert.deepEqual(pairsOf(dilateIntervals(three, Infinity)), [[-Infinity, 3.5], [3.5, 9], [9, Infinity]]);
  fc.assert(fc.property(disjointPairs, fc.constantFrom(0, 0.25, 1, 3), fc.option(fc.nat(5)), (pairs, size, most) => {
    const found = pairsOf(dilateIntervals(of(...pairs), size, most ?? undefined));
    assert.equal(found.length, pairs.length);
    found.forEach(([start, end], i) => {
      const [from, to] = pairs[i]!;
      assert.ok(from - size <= start && start <= from && to <= end && end <= to + 2 * size);
      if (most !== null) assert.ok(end - start <= Math.max(most, to - from));
      if (i > 0) assert.ok(found[i - 1]![1] <= start);
    });
  }));
});

Deno.test("dilating by a negative size shrinks, but not where a longest length is given", () => {
  const two = of([0, 4], [5, 9]);
  assert.deepEqual(pairsOf(dilateIntervals(two, -1)), [[1, 3], [6, 8]]);
  assert.deepEqual(pairsOf(dilateIntervals(two, -1, 10)), [[0, 4], [5, 9]]);
  // Shrunk below nothing: it ends before it starts, as in the original, and holds no time.
  assert.deepEqual(pairsOf(dilateIntervals(two, -2.5)), [[2.5, 1.5], [7.5, 6.5]]);
  assert.deepEqual(pairsOf(orIntervals(dilateIntervals(two, -2.5), of())), []);
});

Deno.test("dilating refuses intervals that overlap and sizes that can't be", () => {
  assert.throws(() => dilateIntervals(of([0, 10], [5, 15]), 1), {
    message: "Cannot dilate: Interval object must be disjoint",
  });
  assert.throws(() => dilateIntervals(of([4, 5], [0, 1]), 1), {
    message: "Cannot dilate: Interval object must be sorted",
  });
  assert.throws(() => dilateIntervals(of([3, 1]), 1), {
    name: "RangeError",
    message: /interval 0 ends before it starts/,
  });
  assert.throws(() => dilateIntervals(of([0, 1]), NaN), { name: "RangeError", message: /size is NaN/ });
  assert.throws(() => dilateIntervals(of([0, 1]), 1, NaN), { name: "RangeError", message: /maxLen/ });
  assert.throws(() => dilateIntervals(of([0, 1]), "1" as unknown as number), TypeError);
});

Deno.test("results share no memory with arguments", () => {
  const [a, b, none] = [of([0, 1], [2, 3]), of([5, 6]), of()];
  const results = [
    andIntervals(a, of([0, 9])),
    orIntervals(a, none),
    orIntervals(none, a),
    differenceIntervals(a, none),
    differenceIntervals(a, b),
    coalesceIntervals(a),
    dilateIntervals(a, 0),
  ];
  for (const { start, end } of results) {
    assert.deepEqual(pairsOf({ start, end }), pairsOf(a));
    start.fill(7);
    end.fill(8);
    assert.deepEqual(pairsOf(a), [[0, 1], [2, 3]]);
  }
});
