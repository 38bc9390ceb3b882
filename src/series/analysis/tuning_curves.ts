/**
 * Tuning curves: how activity depends on features such as position, direction, speed.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NDArray } from "../../array/types.ts";
import { totalLength } from "../../time/intervals.ts";
import { type IndexRange, rangesOf } from "../../time/ranges.ts";
import { binFeatures, type BinnedFeatures, binsAt } from "../bins/binned_features.ts";
import { type BinRange, binRanges, type BinSpec, binSpecs, centersOf } from "../bins/histogram.ts";
import { checkIntervals, type IntervalSet } from "../intervals/interval_set.ts";
import type { LabelledArray, Labels } from "./labelled_array.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import { rowsOfList } from "../values/rows.ts";
import { Ts } from "../ts.ts";
import { TsGroup } from "../ts_group.ts";
import { Tsd } from "../tsd.ts";
import { TsdFrame } from "../tsd_frame.ts";
import { blocksOf, rowSize } from "../values/values.ts";

/** Options of {@linkcode computeTuningCurves}. */
export interface TuningCurvesOptions extends CompatibleOptions, ArrayReadOptions {
  /**
   * How many bins, or their edges: one specification for all features, or a list with one for each.
   *
   * @default {10}
   */
  readonly bins?: number | readonly BinSpec[] | ArrayLike<number> | undefined;
  /**
   * Lowest and highest value in bins: a pair for one feature, else a pair, or `null`, for each. Samples outside are left
   * out.
   *
   * By default the extremes of each feature.
   */
  readonly range?: readonly [number, number] | readonly BinRange[] | undefined;
  /**
   * Where to look.
   *
   * By default the features' time support.
   */
  readonly epochs?: IntervalSet | undefined;
  /**
   * Samples of the features per second.
   *
   * By default one by the mean of the differences between their times within the epochs.
   */
  readonly fs?: number | undefined;
  /**
   * Names of the features.
   *
   * By default the columns' names; `"0"` for a `Tsd`.
   */
  readonly featureNames?: readonly string[] | undefined;
  /**
   * Whether to give the numbers of spikes, or of samples that would be averaged, instead of rates and means.
   *
   * @default {false}
   */
  readonly returnCounts?: boolean | undefined;
}

/** Names of `TuningCurvesOptions`. */
export const TUNING_CURVES_OPTIONS: OptionNames<TuningCurvesOptions> = {
  bins: true,
  range: true,
  epochs: true,
  fs: true,
  featureNames: true,
  returnCounts: true,
  compatible: true,
  signal: true,
  wholePages: true,
};

/** What belongs to tuning curves. */
export interface TuningAttrs {
  /** Samples of the features in each bin. */
  readonly occupancy: NDArray<Float64Array>;
  /** Edges of each feature's bins. */
  readonly binEdges: readonly Float64Array[];
  /** Samples of the features per second. */
  readonly fs: number;
  /** Spikes of each unit per second of the epochs; absent for continuous data. */
  readonly rates?: Float64Array;
}

/** Tuning curves: axes `unit` and one per feature, labelled with keys and the centres of bins. */
export type TuningCurves = LabelledArray<TuningAttrs>;

/**
 * Tuning curves of units, or of columns of a frame, over one or more features.
 *
 * Each spike, or sample of continuous data, is given the features' nearest sample in its epoch (of two equally near the
 * later). Of spikes the result is a rate: spikes in a bin over the time spent there, NaN where the features never were.
 * Of continuous data it is the mean of the samples in a bin; samples that are NaN are left out, and a bin without samples
 * is NaN. (pynapple gives 0 there, also where a single sample is NaN: `compatible: "pynapple"` does so.)
 *
 * Lazy values are read in blocks: the features within the epochs, and of continuous data the rows that fall into bins.
 *
 * @param data Spikes (a `TsGroup`, whose members count by their times; a `Ts`), or continuous data (`Tsd`, `TsdFrame`)
 * @param features A `Tsd`, or a `TsdFrame` with a feature per column
 * @param options Options
 * @returns In Hz for spikes, in the data's unit for continuous data
 * @throws {TypeError} If data or features are of another class, or an option isn't of its type
 * @throws {RangeError} If bins, ranges or names are not as many as features, or make no bins
 *
 * @example What pynapple's tutorial does with `compute_1d_tuning_curves(data["units"], data["y"], 10)`
 * ```ts
 * import { computeTuningCurves } from "./tuning_curves.ts";
 * import { TsGroup } from "../ts_group.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new TsGroup([[0.2, 2.1, 2.2], [3.4, 5.7]]);
 * const y = new Tsd([0, 1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2, 0]);
 *
 * const curves = await computeTuningCurves(units, y, { bins: 3, featureNames: ["y"] });
 *
 * assert.deepEqual(curves.dims, ["unit", "y"]);
 * assert.deepEqual(curves.data.shape, [2, 3]);
 * assert.deepEqual([...curves.attrs.occupancy.data], [3, 2, 2]);
 * assert.deepEqual([...curves.data.data.subarray(0, 3)], [1 / 3, 1, 0]);
 * ```
 */
export async function computeTuningCurves(
  data: TsGroup | Ts | Tsd | TsdFrame,
  features: Tsd | TsdFrame,
  options: TuningCurvesOptions = {},
): Promise<TuningCurves> {
  checkOptions(options, TUNING_CURVES_OPTIONS, "compute tuning curves");
  const pynapple = followsPynapple(options);
  const action = "compute tuning curves";
  checkData(data, action);
  if (!(features instanceof Tsd || features instanceof TsdFrame)) {
    throw new TypeError(`Cannot ${action} over ${describe(features)}: features should be a Tsd or TsdFrame`);
  }
  const names = namesOf(features, options.featureNames);
  const specs = binSpecs(options.bins ?? 10, names.length);
  const ranges = binRanges(options.range, names.length);
  if (options.epochs !== undefined) {
    checkIntervals(options.epochs, `${action} in: epochs should be an IntervalSet, not`);
  }
  const epochs = options.epochs ?? features.timeSupport;
  const fs = options.fs ?? rateIn(features, rangesOf(features.axis, epochs));
  if (typeof fs !== "number") throw new TypeError(`Cannot use ${describe(fs)} as fs: fs should be a number`);

  const binned = await binFeatures(features, epochs, specs, ranges, options);
  const keys = keysOf(data);
  const isSpikes = data instanceof TsGroup || data instanceof Ts;
  const attrs = { occupancy: ndarray(binned.occupancy, binned.shape), binEdges: binned.edges, fs };
  const coords: [string, Labels][] = [
    ["unit", keys],
    ...names.map((name, i): [string, Labels] => [
      name,
      centersOf(binned.edges[i]!),
    ]),
  ];
  const make = (curves: Float64Array, rates?: Float64Array): TuningCurves => ({
    data: ndarray(curves, [keys.length, ...binned.shape]),
    dims: ["unit", ...names],
    coords: Object.fromEntries(coords),
    attrs: rates === undefined ? attrs : { ...attrs, rates },
  });
  if (!isSpikes) return make(await averageBy(binned, data, epochs, options.returnCounts === true, pynapple, options));
  const units = data instanceof Ts ? [data] : data.members();
  const { counts, rates } = countBy(binned, units.map(({ times }) => times), epochs);
  if (options.returnCounts !== true) {
    const { occupancy } = binned;
    for (let i = 0; i < counts.length; i++) counts[i] = counts[i]! / occupancy[i % occupancy.length]! * fs;
  }
  return make(counts, rates);
}

/** Checks that something is spikes or columns. @throws {TypeError} If it isn't. */
export function checkData(data: unknown, action: string): void {
  if (data instanceof TsGroup || data instanceof Ts || data instanceof Tsd || data instanceof TsdFrame) return;
  throw new TypeError(`Cannot ${action} of ${describe(data)}: data should be a TsdFrame, TsGroup, Ts, or Tsd`);
}

/** What a result's units are called: keys of a group, columns of a frame, 0 for a single series. */
export function keysOf(data: TsGroup | Ts | Tsd | TsdFrame): readonly (string | number)[] {
  return data instanceof TsGroup ? data.keys() : data instanceof TsdFrame ? data.columns : [0];
}

function namesOf(features: Tsd | TsdFrame, given: readonly string[] | undefined): string[] {
  const columns = features instanceof TsdFrame ? features.columns : ["0"];
  if (given !== undefined && !(Array.isArray(given) && given.every((name) => typeof name === "string"))) {
    throw new TypeError(`Cannot use ${describe(given)} as names: featureNames should be a list of strings`);
  }
  const names = (given ?? columns).map(String);
  if (names.length !== columns.length) {
    throw new RangeError(
      `Cannot use ${names.length} names: featureNames should match the number of features, ${columns.length}`,
    );
  }
  if (names.length === 0) throw new RangeError("Cannot compute tuning curves over a frame without columns");
  if (new Set(["unit", ...names]).size <= names.length) {
    throw new RangeError(`Cannot name the axes unit, ${names.join(", ")}: names must differ; pass featureNames`);
  }
  return names;
}

function rateIn(features: Tsd | TsdFrame, runs: readonly IndexRange[]): number {
  let duration = 0;
  let steps = 0;
  for (const { from, to } of runs) {
    if (to < from + 2) continue;
    duration += features.axis.at(to - 1) - features.axis.at(from);
    steps += to - from - 1;
  }
  return steps / duration;
}

function countBy(features: BinnedFeatures, units: readonly Float64Array[], epochs: IntervalSet): {
  counts: Float64Array;
  rates: Float64Array;
} {
  const size = features.occupancy.length;
  const counts = new Float64Array(units.length * size);
  const bins = new Int32Array(units.reduce((most, times) => Math.max(most, times.length), 0));
  const duration = totalLength(epochs);
  const rates = Float64Array.from(units, (times, unit) => {
    let inside = 0;
    for (const { from, to, interval } of rangesOf(times, epochs)) {
      binsAt(features, interval, times, from, to, bins, inside);
      inside += to - from;
    }
    const base = unit * size;
    for (let i = 0; i < inside; i++) if (bins[i]! >= 0) counts[base + bins[i]!]!++;
    return inside / duration;
  });
  return { counts, rates };
}

/** Times that are listed at once of data whose times are computed. */
const PIECE = 2 ** 20;

async function averageBy(
  features: BinnedFeatures,
  data: Tsd | TsdFrame,
  epochs: IntervalSet,
  returnCounts: boolean,
  pynapple: boolean,
  options: ArrayReadOptions,
): Promise<Float64Array> {
  const runs = rangesOf(data.axis, epochs);
  const bins = new Int32Array(runs.reduce((sum, { from, to }) => sum + to - from, 0));
  const rows = new Uint32Array(bins.length);
  let kept = 0;
  for (const { from, to, interval } of runs) {
    for (let first = from; first < to; first += PIECE) {
      const length = Math.min(PIECE, to - first);
      const before = kept;
      // Bins are written where those that stay will be moved to the left.
      binsAt(features, interval, data.axis.times(first, first + length), 0, length, bins, before);
      for (let i = 0; i < length; i++) {
        if (bins[before + i]! < 0) continue;
        rows[kept] = first + i;
        bins[kept++] = bins[before + i]!;
      }
    }
  }
  const columns = rowSize(data.values);
  const size = features.occupancy.length;
  const sums = new Float64Array(size * columns);
  const counts = new Float64Array(size * columns);
  for await (const { from, to, numbers } of blocksOf(data.values, rowsOfList(rows.slice(0, kept)), options)) {
    for (let row = from, at = 0; row < to; row++) {
      const base = bins[row]! * columns;
      for (let j = 0; j < columns; j++, at++) {
        const value = numbers[at]!;
        if (Number.isNaN(value) && !pynapple) continue;
        sums[base + j]! += value;
        counts[base + j]!++;
      }
    }
  }
  const curves = new Float64Array(size * columns);
  for (let bin = 0; bin < size; bin++) {
    for (let j = 0; j < columns; j++) {
      const [sum, count] = [sums[bin * columns + j]!, counts[bin * columns + j]!];
      const isMissing = pynapple && (count === 0 || Number.isNaN(sum)) && features.occupancy[bin] !== 0;
      curves[j * size + bin] = returnCounts && !pynapple ? count : isMissing ? 0 : sum / count;
    }
  }
  return curves;
}
