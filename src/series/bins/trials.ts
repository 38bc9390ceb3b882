/**
 * Samples by trial: arrays with an axis of trials and one of time within them.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { binRows, makeBins } from "./bins.ts";
import type { IntervalSet } from "../intervals/interval_set.ts";
import { type LengthOptions, seconds } from "../intervals/lengths.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import type { Run } from "../values/rows.ts";
import { rowSize, toNumbers } from "../values/values.ts";

/** Options of arrays of trials. */
export interface TrialOptions {
  /**
   * Whether trials start or end together.
   *
   * @default {"start"}
   */
  readonly align?: "start" | "end" | undefined;
  /**
   * What fills trials that are shorter than the longest.
   *
   * @default {NaN}
   */
  readonly padding?: number | undefined;
}

/** Options of counts by trial. */
export interface TrialCountOptions extends TrialOptions, LengthOptions, CompatibleOptions {}

/** Names of `TrialCountOptions`. */
export const TRIAL_COUNT_OPTIONS: OptionNames<TrialCountOptions> = {
  align: true,
  padding: true,
  unit: true,
  compatible: true,
};

/**
 * Counts in bins along each trial.
 *
 * @param lists Times to count, a list per unit
 * @param epochs The trials
 * @param binSize Length of a bin
 * @param options Options
 * @returns Counts of shape (units, trials, bins)
 */
export function countTrials(
  lists: readonly Float64Array[],
  epochs: IntervalSet,
  binSize: number,
  options: TrialCountOptions,
): NDArray {
  const align = checkAlign(options);
  const pynapple = followsPynapple(options);
  const bins = makeBins(epochs, seconds(binSize, options, "bin size"), pynapple);
  const lengths = Array.from(epochs.start, (_, i) => bins.first[i + 1]! - bins.first[i]!);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const shape = [lists.length, epochs.length, longest];
  const counts = new Float64Array(lists.length * epochs.length * longest).fill(options.padding ?? NaN);
  lists.forEach((times, unit) => {
    const { from, to } = binRows(times, epochs, bins, !pynapple);
    for (let trial = 0; trial < epochs.length; trial++) {
      const shift = align === "end" ? longest - lengths[trial]! : 0;
      const at = (unit * epochs.length + trial) * longest + shift;
      const first = bins.first[trial]!;
      for (let i = 0; i < lengths[trial]!; i++) counts[at + i] = to[first + i]! - from[first + i]!;
    }
  });
  return ndarray(counts, shape);
}

/**
 * Values by trial.
 *
 * @param rows Numbers, row by row
 * @param runs The rows of each trial
 * @param options Options
 * @returns Of shape (…axes of a row, trials, rows of the longest trial)
 */
export function stackTrials(rows: NDArray, runs: readonly Run[], options: TrialOptions): NDArray {
  const align = checkAlign(options);
  const numbers = toNumbers(rows);
  const size = rowSize(rows);
  const longest = runs.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  const stacked = new Float64Array(size * runs.length * longest).fill(options.padding ?? NaN);
  runs.forEach(({ from, to }, trial) => {
    const shift = align === "end" ? longest - (to - from) : 0;
    for (let i = from; i < to; i++) {
      for (let j = 0; j < size; j++) {
        stacked[(j * runs.length + trial) * longest + shift + i - from] = numbers[i * size + j]!;
      }
    }
  });
  return ndarray(stacked, [...rows.shape.slice(1), runs.length, longest]);
}

/** How trials are aligned. @throws {TypeError} If they can't be aligned so. */
export function checkAlign(options: TrialOptions): "start" | "end" {
  const { align = "start" } = options;
  if (align === "start" || align === "end") return align;
  throw new TypeError(`Cannot align trials by ${describe(align)}: align should be "start" or "end"`);
}
