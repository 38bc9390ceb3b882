import fc from "fast-check";
import type { Intervals } from "../../src/time/intervals.ts";

export type Pair = [start: number, end: number];

/** Intervals of pairs. */
export function of(...pairs: Pair[]): Intervals {
  return {
    start: Float64Array.from(pairs, ([start]) => start),
    end: Float64Array.from(pairs, ([, end]) => end),
  };
}

/** Pairs of intervals. */
export function pairsOf({ start, end }: Intervals): Pair[] {
  return [...start].map((value, i) => [value, end[i]!]);
}

/** By start, then by end. */
export function sortPairs(pairs: Pair[]): Pair[] {
  return pairs.sort(([a, b], [c, d]) => a - c || b - d);
}

/** Pairs on a grid of whole numbers, in any order, which may overlap and be points. */
export const anyPairs: fc.Arbitrary<Pair[]> = fc.array(
  fc.tuple(fc.nat(16), fc.nat(4)).map(([start, length]): Pair => [start, start + length]),
  { maxLength: 8 },
);

/** Sorted, disjoint pairs on a grid of whole numbers: many touch, many are points, some come twice. */
export const disjointPairs: fc.Arbitrary<Pair[]> = fc.array(fc.nat(16), { maxLength: 14 }).map((edges) => {
  const sorted = edges.sort((a, b) => a - b);
  return Array.from({ length: sorted.length >> 1 }, (_, i): Pair => [sorted[2 * i]!, sorted[2 * i + 1]!]);
});
