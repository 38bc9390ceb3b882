/**
 * In which bin the features lie at each of their samples, and the bins at other times.
 *
 * @module
 */

import type { ArrayReadOptions } from "../../array/types.ts";
import type { Intervals } from "../../time/intervals.ts";
import { rangesOf } from "../../time/ranges.ts";
import { lowerBound } from "../../time/sorted.ts";
import { binEdges, binFinder, type BinRange, type BinSpec } from "./histogram.ts";
import { countRows, rowsOfRuns } from "../values/rows.ts";
import { blocksOf, rowSize } from "../values/values.ts";
import type { ValueSeries } from "../value_series.ts";

/** Features in bins. */
export interface BinnedFeatures {
  /** Edges of each feature's bins. */
  readonly edges: readonly Float64Array[];
  /** Number of bins along each feature. */
  readonly shape: readonly number[];
  /** Samples in each bin, in C order. */
  readonly occupancy: Float64Array;
  /** When features were sampled, within the epochs. */
  readonly times: Float64Array;
  /** The bin at each of these times, in C order; -1 outside all. Of samples of one time what came last counts. */
  readonly bins: Int32Array;
  /** First of these times in each epoch, and their number. */
  readonly first: Uint32Array;
}

/** Bytes of features that are kept rather than read again, where bins depend on their extremes. */
const MOST_KEPT = 2 ** 28;

/**
 * Puts features into bins. They are read in blocks, once (twice where bins depend on their extremes and there are more
 * than memory should hold).
 *
 * @param features A `Tsd`, or a `TsdFrame` with a feature per column
 * @param epochs Where to look
 * @param specs Bins of each feature
 * @param ranges Range of each feature; `null` for that of its finite values
 * @param options Options
 * @throws {RangeError} If a range is asked for of no finite value
 */
export async function binFeatures(
  features: ValueSeries,
  epochs: Intervals,
  specs: readonly BinSpec[],
  ranges: readonly BinRange[],
  options?: ArrayReadOptions,
): Promise<BinnedFeatures> {
  const runs = rangesOf(features.axis, epochs);
  const rows = rowsOfRuns(runs);
  const count = countRows(rows);
  const size = rowSize(features.values);
  let blocks: AsyncIterable<Float64Array> | Iterable<Float64Array> = numbersOf(features, rows, options);
  let limits = specs.map((spec, i): readonly [number, number] | null => typeof spec === "number" ? ranges[i]! : [0, 0]);
  if (limits.includes(null)) {
    const keeps = count * size * 8 <= MOST_KEPT;
    const kept: Float64Array[] = [];
    const found = specs.map(() => [Infinity, -Infinity] as [number, number]);
    for await (const numbers of blocks) {
      widen(found, numbers);
      if (keeps) kept.push(numbers);
    }
    limits = limits.map((limit, i) => limit ?? checkFound(found[i]!, i));
    blocks = keeps ? kept : numbersOf(features, rows, options);
  }
  const edges = specs.map((spec, i) => binEdges(spec, ...limits[i]!));
  const shape = edges.map((list) => list.length - 1);
  const occupancy = new Float64Array(shape.reduce((all, length) => all * length, 1));
  const finders = edges.map(binFinder);
  const bins = new Int32Array(count);
  let at = 0;
  for await (const numbers of blocks) {
    for (let i = 0; i < numbers.length; at++) {
      let bin = 0;
      for (let j = 0; j < size; j++, i++) {
        const along = finders[j]!(numbers[i]!);
        bin = along < 0 || bin < 0 ? -1 : bin * shape[j]! + along;
      }
      bins[at] = bin;
      if (bin >= 0) occupancy[bin]!++;
    }
  }
  const times = new Float64Array(count);
  const first = new Uint32Array(runs.length + 1);
  runs.forEach(({ from, to }, i) => {
    times.set(features.axis.times(from, to), first[i]);
    first[i + 1] = first[i]! + to - from;
  });
  for (let i = count - 2; i >= 0; i--) if (times[i] === times[i + 1]) bins[i] = bins[i + 1]!;
  return { edges, shape, occupancy, times, bins, first };
}

async function* numbersOf(...args: Parameters<typeof valuesOf>): AsyncGenerator<Float64Array, void> {
  for await (const { numbers } of valuesOf(...args)) yield numbers;
}

function valuesOf(series: ValueSeries, rows: ReturnType<typeof rowsOfRuns>, options?: ArrayReadOptions) {
  return blocksOf(series.values, rows, options);
}

function widen(limits: readonly [number, number][], numbers: Float64Array): void {
  const size = limits.length;
  for (let j = 0; j < size; j++) {
    let [low, high] = limits[j]!;
    for (let i = j; i < numbers.length; i += size) {
      const value = numbers[i]!;
      if (value < low && value !== -Infinity) low = value;
      if (value > high && value !== Infinity) high = value;
    }
    limits[j]![0] = low;
    limits[j]![1] = high;
  }
}

function checkFound(limits: readonly [number, number], feature: number): readonly [number, number] {
  if (limits[0] <= limits[1]) return limits;
  throw new RangeError(`Cannot find the range of feature ${feature}: it has no finite value in the epochs`);
}

/**
 * The bins of the features at other times: those of the nearest sample in the same epoch, of two equally near the later.
 *
 * @param features The features
 * @param epoch Index of the epoch that the times lie in
 * @param times Ascending
 * @param from First time
 * @param to First time left out
 * @param into Where bins are written
 * @param at Where the first is written
 */
export function binsAt(
  features: BinnedFeatures,
  epoch: number,
  times: Float64Array,
  from: number,
  to: number,
  into: Int32Array,
  at: number,
): void {
  const { times: target, bins } = features;
  const first = features.first[epoch]!;
  const last = features.first[epoch + 1]!;
  if (first === last) {
    into.fill(-1, at, at + to - from);
    return;
  }
  let next = first;
  for (let i = from; i < to; i++, at++) {
    const time = times[i]!;
    if (next < last && target[next]! < time) {
      let step = 1;
      while (next + step < last && target[next + step]! < time) {
        next += step;
        step *= 2;
      }
      next = lowerBound(target, time, next + 1, Math.min(next + step, last));
    }
    const isBefore = next === last || (next > first && target[next]! - time > time - target[next - 1]!);
    into[at] = bins[isBefore ? next - 1 : next]!;
  }
}
