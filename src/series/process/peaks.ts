/**
 * Peaks of series, epoch by epoch.
 *
 * @module
 */

import { findPeaks, type FindPeaksOptions, type Peaks } from "../../signal/peaks/find_peaks.ts";
import { checkOptions } from "../../source/options.ts";
import { SERIES_PEAKS_OPTIONS, type SeriesPeaksOptions } from "../values/filter_options.ts";
import { ndarray } from "../../array/ndarray.ts";
import { rangesOf } from "../../time/ranges.ts";
import type { IntervalSet } from "../intervals/interval_set.ts";
import { TimeIndex } from "../time_index.ts";
import { loadValues, toNumbers, type Values } from "../values/values.ts";

/** Lists of places, which are counted from the epoch's first row. */
const PLACES = ["peaks", "leftBases", "rightBases", "leftIps", "rightIps"];

/** Peaks of a series. */
export interface SeriesPeaks<S> {
  /** When they are, and how high. */
  readonly peaks: S;
  /** What was found of each; places are rows of the series within its epochs. */
  readonly found: Peaks;
}

/** What a series must have. */
interface Source<S> {
  readonly times: Float64Array;
  readonly timeSupport: IntervalSet;
  readonly values: Values;
  like(index: TimeIndex, values: Values): S;
}

/**
 * The peaks of each epoch by itself: what lies before a gap is no neighbour of what lies behind.
 *
 * @param options Which peaks count
 * @param restrict Gives the series within its epochs
 */
export async function peaksOfEpochs<S>(
  options: SeriesPeaksOptions,
  restrict: () => Source<S>,
): Promise<SeriesPeaks<S>> {
  checkOptions(options, SERIES_PEAKS_OPTIONS, "find peaks");
  const { epochs: _, signal, wholePages, ...rules } = options;
  const part = restrict();
  const { times, timeSupport } = part;
  const numbers = toNumbers(await loadValues(part.values, { signal, wholePages }));
  const found = joined(
    rangesOf(times, timeSupport).map(({ from, to }) => ({ from, found: findPeaks(numbers.subarray(from, to), rules) })),
    rules,
  );
  const index = new TimeIndex(Float64Array.from(found.peaks, (row) => times[row]!), timeSupport);
  return { peaks: part.like(index, ndarray(Float64Array.from(found.peaks, (row) => numbers[row]!))), found };
}

/** Lists of several epochs behind each other; places count from the first row of all. */
function joined(parts: readonly { readonly from: number; readonly found: Peaks }[], rules: FindPeaksOptions): Peaks {
  const first = parts[0]?.found ?? findPeaks([], rules);
  return Object.fromEntries(
    Object.entries(first as object as Record<keyof Peaks, Int32Array | Float64Array>).map(([name, list]) => {
      const values = parts.flatMap(({ from, found }) =>
        Array.from(found[name as keyof Peaks]!, (value) => PLACES.includes(name) ? value + from : value)
      );
      return [name, list instanceof Int32Array ? Int32Array.from(values) : Float64Array.from(values)];
    }),
  ) as unknown as Peaks;
}
