/**
 * Correlograms: rates of spikes relative to other spikes, or to events.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import { roundTime } from "../../time/units.ts";
import { LimitError } from "../../source/errors.ts";
import { countPairs } from "../bins/count_pairs.ts";
import { checkIntervals, type IntervalSet } from "../intervals/interval_set.ts";
import { type LengthOptions, seconds } from "../intervals/lengths.ts";
import type { LabelledArray, Labels } from "./labelled_array.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import { Series } from "../series.ts";
import { TsGroup } from "../ts_group.ts";

/** Options of correlograms. */
export interface CorrelogramOptions extends CompatibleOptions, LengthOptions {
  /**
   * Where to look.
   *
   * By default the time support of the group; of events that of the events.
   */
  readonly epochs?: IntervalSet | undefined;
  /**
   * Whether rates are divided by the mean rate of the spikes that are counted, so that 1 is chance.
   *
   * @default {true}
   */
  readonly norm?: boolean | undefined;
}

/** Names of `CorrelogramOptions`. */
export const CORRELOGRAM_OPTIONS: OptionNames<CorrelogramOptions> = {
  epochs: true,
  norm: true,
  compatible: true,
  unit: true,
};

/** Options of {@linkcode computeCrossCorrelogram}. */
export interface CrossCorrelogramOptions extends CorrelogramOptions {
  /**
   * Whether the second unit of each pair of one group is the reference.
   *
   * @default {false}
   */
  readonly reverse?: boolean | undefined;
}

/** Names of `CrossCorrelogramOptions`. */
export const CROSS_CORRELOGRAM_OPTIONS: OptionNames<CrossCorrelogramOptions> = {
  reverse: true,
  epochs: true,
  norm: true,
  compatible: true,
  unit: true,
};

/** Correlograms: axes `unit` or `pair`, and `lag`, labelled with keys, or pairs of keys, and centres of bins in seconds. */
export type Correlograms = LabelledArray;

/** Most bins of a correlogram. */
const MOST_BINS = 2 ** 24;

/**
 * Autocorrelograms: the rate of each unit's spikes around its own.
 *
 * The number of bins is odd, so that one is centred on 0. A spike isn't counted with itself. (pynapple empties the bin at
 * 0 instead, which drops spikes that follow within half a bin: `compatible: "pynapple"` does so.)
 *
 * @param group The units
 * @param binSize Length of a bin
 * @param windowSize Longest lag
 * @param options Options
 * @returns Of axes `unit` and `lag`: in Hz, or relative to chance
 * @throws {TypeError} If `group` isn't a group
 * @throws {RangeError} If the bin size is below a nanosecond
 *
 * @example Usage
 * ```ts
 * import { computeAutoCorrelogram } from "./correlograms.ts";
 * import { TsGroup } from "../ts_group.ts";
 * import { Ts } from "../ts.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new TsGroup([new Ts([0, 1, 2, 3, 4])]);
 * const { data, coords } = computeAutoCorrelogram(units, 1, 2, { norm: false });
 * assert.deepEqual(coords["lag"], Float64Array.of(-2, -1, 0, 1, 2));
 * assert.deepEqual(data.data, Float64Array.of(0.6, 0.8, 0, 0.8, 0.6));
 * ```
 */
export function computeAutoCorrelogram(
  group: TsGroup,
  binSize: number,
  windowSize: number,
  options: CorrelogramOptions = {},
): Correlograms {
  checkOptions(options, CORRELOGRAM_OPTIONS, "compute auto correlogram");
  const units = restricted(group, options);
  const correlate = correlator(binSize, windowSize, options);
  const middle = correlate.count >> 1;
  const rows = units.members().map(({ times }, i) => {
    const row = correlate.row(times, times, units.rates[i]!, times.length);
    if (followsPynapple(options)) row[middle] = 0;
    return row;
  });
  return correlate.label("unit", units.keys(), rows);
}

/**
 * Cross-correlograms: the rate of one unit's spikes around another's, for pairs of units.
 *
 * Of one group each pair is taken once, with the unit of the lower key as reference; of two groups each unit of the first
 * is the reference for each of the second. Which bin a lag lies in is reckoned in whole nanoseconds. (pynapple adds up binary
 * fractions, so that a lag on an edge may be in either bin: `compatible: "pynapple"` does so.)
 *
 * @param group A group, or two of them
 * @param binSize Length of a bin
 * @param windowSize Longest lag
 * @param options Options
 * @returns Of axes `pair` and `lag`: in Hz, or relative to chance
 * @throws {TypeError} If these aren't groups
 * @throws {RangeError} If the bin size is below a nanosecond
 *
 * @example Usage
 * ```ts
 * import { computeCrossCorrelogram } from "./correlograms.ts";
 * import { TsGroup } from "../ts_group.ts";
 * import { Ts } from "../ts.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new TsGroup([new Ts([0, 10, 20]), new Ts([1, 11, 21])]);
 * const { data, coords } = computeCrossCorrelogram(units, 1, 1, { norm: false });
 * assert.deepEqual(coords["pair"], [[0, 1]]);
 * assert.deepEqual(data.data, Float64Array.of(0, 0, 1));
 * ```
 */
export function computeCrossCorrelogram(
  group: TsGroup | readonly [TsGroup, TsGroup],
  binSize: number,
  windowSize: number,
  options: CrossCorrelogramOptions = {},
): Correlograms {
  checkOptions(options, CROSS_CORRELOGRAM_OPTIONS, "compute cross correlogram");
  const isTwo = Array.isArray(group);
  if (isTwo && group.length !== 2) {
    throw new TypeError(`Cannot correlate ${group.length} groups: group must be a TsGroup, or a list of two`);
  }
  const given: readonly unknown[] = isTwo ? group : [group, group];
  const [a, b] = given.map((one) => restricted(one, options)) as [TsGroup, TsGroup];
  const correlate = correlator(binSize, windowSize, options);
  const pairs = a.keys().flatMap((i, at) =>
    (isTwo ? b.keys() : b.keys().slice(at + 1)).map((j): [number, number] => [i, j])
  );
  const ordered = options.reverse === true && !isTwo ? pairs.map(([i, j]): [number, number] => [j, i]) : pairs;
  const rates = new Map(b.keys().map((key, i) => [key, b.rates[i]!]));
  const rows = ordered.map(([i, j]) => correlate.row(a.at(i).times, b.at(j).times, rates.get(j)!, 0));
  return correlate.label("pair", ordered, rows);
}

/**
 * Event correlograms: the rate of each unit's spikes around events.
 *
 * @param group The units
 * @param events A series whose times are the events
 * @param binSize Length of a bin
 * @param windowSize Longest lag
 * @param options Options
 * @returns Of axes `unit` and `lag`: in Hz, or relative to chance
 * @throws {TypeError} If `group` isn't a group, or `events` no series
 * @throws {RangeError} If the bin size is below a nanosecond
 *
 * @example Usage
 * ```ts
 * import { computeEventCorrelogram } from "./correlograms.ts";
 * import { TsGroup } from "../ts_group.ts";
 * import { Ts } from "../ts.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new TsGroup([new Ts([1, 11, 21])]);
 * const { data } = computeEventCorrelogram(units, new Ts([0, 10, 30]), 1, 1, { norm: false });
 * assert.deepEqual(data.data, Float64Array.of(0, 0, 2 / 3));
 * ```
 */
export function computeEventCorrelogram(
  group: TsGroup,
  events: Series,
  binSize: number,
  windowSize: number,
  options: CorrelogramOptions = {},
): Correlograms {
  checkOptions(options, CORRELOGRAM_OPTIONS, "compute event correlogram");
  if (!(events instanceof Series)) {
    throw new TypeError(`Cannot correlate with ${describe(events)}: event must be a Ts or Tsd`);
  }
  const epochs = options.epochs ?? events.timeSupport;
  const units = restricted(group, { epochs });
  const correlate = correlator(binSize, windowSize, options);
  const { times } = options.epochs === undefined ? events : events.restrict(epochs);
  const rows = units.members().map((unit, i) => correlate.row(times, unit.times, units.rates[i]!, 0));
  return correlate.label("unit", units.keys(), rows);
}

function restricted(group: unknown, { epochs }: CorrelogramOptions): TsGroup {
  if (!(group instanceof TsGroup)) {
    throw new TypeError(`Cannot correlate ${describe(group)}: group must be a TsGroup, or a list of two`);
  }
  return epochs === undefined ? group : group.restrict(checkIntervals(epochs, "correlate in"));
}

/** What makes correlograms of one set of bins. */
interface Correlator {
  /** Number of bins, odd. */
  readonly count: number;
  /** The correlogram of two lists of times; `self` of the pairs are of a time with itself. */
  row(reference: Float64Array, target: Float64Array, rate: number, self: number): Float64Array;
  /** Correlograms as an array. */
  label(dim: string, keys: Labels, rows: readonly Float64Array[]): Correlograms;
}

function correlator(binSize: number, windowSize: number, options: CorrelogramOptions): Correlator {
  const pynapple = followsPynapple(options);
  const size = seconds(binSize, options, "bin size");
  const window = seconds(windowSize, options, "window size");
  if (!(size >= 1e-9)) throw new RangeError(`Cannot use bins of ${size} s: the bin size must be at least a nanosecond`);
  if (!(window >= 0)) throw new RangeError(`Cannot use a window of ${window} s: expected no less than 0`);
  const fitting = pynapple
    ? floorDivide(window * 2, size)
    : Math.floor(Math.round(window * 2e9) / Math.round(size * 1e9));
  const count = fitting % 2 === 0 ? fitting + 1 : fitting;
  if (!(count <= MOST_BINS)) throw new LimitError(`Cannot make correlograms of ${count} bins: at most ${MOST_BINS}`);
  const left = -count / 2 * size;
  return {
    count,
    row(reference, target, rate, self) {
      const counts = countPairs(reference, target, size, count, pynapple);
      if (!pynapple) counts[count >> 1]! -= self;
      const scale = reference.length * size;
      return counts.map((pairs) => options.norm === false ? pairs / scale : pairs / scale / rate);
    },
    label(dim, keys, rows) {
      const data = new Float64Array(rows.length * count);
      rows.forEach((row, i) => data.set(row, i * count));
      const lag = Float64Array.from({ length: count }, (_, i) => roundTime(left + size / 2 + i * size));
      return { data: ndarray(data, [rows.length, count]), dims: [dim, "lag"], coords: { [dim]: keys, lag }, attrs: {} };
    },
  };
}

// Python's `//` for floats above 0: the floor of the exact quotient, not of the rounded one.
function floorDivide(a: number, b: number): number {
  return Math.round((a - a % b) / b);
}
