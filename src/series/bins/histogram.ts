/**
 * Bins of values, as NumPy's `histogramdd` has them: equal or of given edges, the last one closed at both ends.
 *
 * @module
 */

import { upperBound } from "../../time/sorted.ts";
import { describe } from "../values/numbers.ts";

/** Bins of one value: how many equal ones, or their edges, ascending. */
export type BinSpec = number | ArrayLike<number>;

/** Lowest and highest value that lie in bins; `null` for those of the data. */
export type BinRange = readonly [number, number] | null;

/** Most bins that a histogram may have. */
const MOST_BINS = 2 ** 28;

/**
 * Bins of each of several values, from what a caller gave.
 *
 * @param bins One specification for all, or a list with one each; for a single value also its edges
 * @param count Number of values
 * @throws {TypeError} If a specification isn't one
 * @throws {RangeError} If there are not as many as values, or one has no bin, or edges that don't ascend
 */
export function binSpecs(bins: number | readonly BinSpec[] | ArrayLike<number>, count: number): BinSpec[] {
  const isEdges = typeof bins !== "number" && (!Array.isArray(bins) || (count === 1 && bins.length > 1));
  const specs = typeof bins === "number"
    ? new Array<BinSpec>(count).fill(bins)
    : isEdges && count === 1 && typeof bins[0] === "number"
    ? [bins as ArrayLike<number>]
    : Array.from(bins as ArrayLike<BinSpec>);
  if (specs.length !== count) {
    throw new RangeError(
      `Cannot use ${specs.length} specifications of bins: bins should contain one specification per feature, of which ` +
        `there are ${count}`,
    );
  }
  specs.forEach(checkSpec);
  if (!(specs.reduce<number>((all, spec) => all * binsOf(spec), 1) <= MOST_BINS)) {
    throw new RangeError(`Cannot use more than ${MOST_BINS.toLocaleString("en")} bins`);
  }
  return specs;
}

function binsOf(spec: BinSpec): number {
  return typeof spec === "number" ? spec : spec.length - 1;
}

function checkSpec(spec: BinSpec): void {
  if (typeof spec === "number") {
    if (Number.isInteger(spec) && spec >= 1) return;
    throw new RangeError(`Cannot use ${spec} bins: expected a positive whole number, or edges`);
  }
  if (typeof spec !== "object" || spec === null || typeof spec.length !== "number") {
    throw new TypeError(`Cannot use ${describe(spec)} as bins: expected a number of bins, or their edges`);
  }
  if (spec.length < 2) throw new RangeError(`Cannot make bins of ${spec.length} edge(s): at least two are needed`);
  for (let i = 0; i < spec.length; i++) {
    if (typeof spec[i] !== "number" || Number.isNaN(spec[i])) {
      throw new TypeError(`Cannot use ${describe(spec[i])} as an edge of bins: expected a number`);
    }
    if (i > 0 && spec[i]! < spec[i - 1]!) {
      throw new RangeError(
        `Cannot use edges that go from ${spec[i - 1]} to ${spec[i]}: bins must increase monotonically`,
      );
    }
  }
}

/**
 * Ranges of each of several values, from what a caller gave: one pair for a single value, else a list of pairs.
 *
 * @param range What was given
 * @param count Number of values
 * @throws {RangeError} If there are not as many as values, or one ends before it begins
 */
export function binRanges(
  range: readonly [number, number] | readonly BinRange[] | undefined,
  count: number,
): BinRange[] {
  if (range === undefined) return new Array<BinRange>(count).fill(null);
  const isPair = typeof range[0] === "number";
  if (isPair && count > 1) {
    throw new RangeError("Cannot use one range for several features: range should be a list of pairs, one per feature");
  }
  const ranges = (isPair ? [range] : [...range]) as BinRange[];
  if (ranges.length !== count) {
    throw new RangeError(`Cannot use ${ranges.length} ranges for ${count} feature(s): expected one each`);
  }
  for (const pair of ranges) {
    if (pair === null) continue;
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(Number.isFinite)) {
      throw new TypeError("Cannot use a range that isn't a pair of finite numbers");
    }
    if (pair[0]! > pair[1]!) {
      throw new RangeError(`Cannot use a range from ${pair[0]} to ${pair[1]}: max must be larger`);
    }
  }
  return ranges;
}

/**
 * Edges of bins. A range without length is made one wide, as NumPy does.
 *
 * @param spec How many bins, or their edges
 * @param low Where the first begins
 * @param high Where the last ends
 */
export function binEdges(spec: BinSpec, low: number, high: number): Float64Array {
  if (typeof spec !== "number") return Float64Array.from(spec);
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const step = (to - from) / spec;
  const edges = Float64Array.from({ length: spec + 1 }, (_, i) => i * step + from);
  edges[spec] = to;
  return edges;
}

/** Centres between edges. */
export function centersOf(edges: Float64Array): Float64Array {
  return Float64Array.from({ length: edges.length - 1 }, (_, i) => edges[i]! + (edges[i + 1]! - edges[i]!) / 2);
}

/**
 * A function that finds the bin of a value: -1 for NaN and what lies outside. Each bin holds its left edge, the last one
 * its right edge as well.
 *
 * @param edges Ascending
 */
export function binFinder(edges: Float64Array): (value: number) => number {
  const count = edges.length - 1;
  const low = edges[0]!;
  const high = edges[count]!;
  const scale = count / (high - low);
  const step = (high - low) / count;
  const isEqual = edges.every((edge, i) => Math.abs(edge - (low + i * step)) <= Math.abs(step) * 1e-3);
  if (!isEqual || !Number.isFinite(scale)) {
    return (value) => {
      if (!(value >= low && value <= high)) return -1;
      return value === high ? count - 1 : upperBound(edges, value) - 1;
    };
  }
  return (value) => {
    if (!(value >= low && value <= high)) return -1;
    if (value === high) return count - 1;
    // The division tells about where; the edges beside it tell where exactly.
    let bin = Math.min(count - 1, Math.floor((value - low) * scale));
    while (value < edges[bin]!) bin--;
    while (bin < count - 1 && value >= edges[bin + 1]!) bin++;
    return bin;
  };
}
