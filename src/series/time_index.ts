/**
 * Times of samples, brought into order once and believed from then on.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { countText, summary } from "../array/text/summary.ts";
import type { OptionNames } from "../source/options.ts";
import { LimitError } from "../source/errors.ts";
import { listedAxis, type TimeAxis } from "../time/axis.ts";
import { rangesOf } from "../time/ranges.ts";
import { isSorted, sortOrder } from "../time/sorted.ts";
import { type TimeUnit, toSeconds } from "../time/units.ts";
import { SortedIntervals } from "./intervals/interval_input.ts";
import { checkIntervals, IntervalSet } from "./intervals/interval_set.ts";
import { type Numbers, toFloat64 } from "./values/numbers.ts";
import { type CompatibleOptions, followsPynapple, type WarningOptions, Warnings } from "./options.ts";
import { composeRows, countRows, type Rows, rowsOfList, rowsOfRuns, takeTimes } from "./values/rows.ts";

/** Options of everything that has times. */
export interface SeriesOptions extends CompatibleOptions, WarningOptions {
  /**
   * Unit of the times given.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
  /**
   * Where samples were taken; those outside are left out.
   *
   * By default from the first sample to the last.
   */
  readonly timeSupport?: IntervalSet | undefined;
}

/** Names of `SeriesOptions`. */
export const SERIES_OPTIONS: OptionNames<SeriesOptions> = {
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

/** Most times that are listed: they take 4 GiB. */
const MOST_LISTED = 2 ** 29;

/** Ascending times, all within a time support. A series made of one believes it. */
export class TimeIndex {
  /** When samples were taken: listed, or computed where they are asked. */
  readonly axis: TimeAxis;
  #times: Float64Array | null;

  /**
   * Takes times that are in order.
   *
   * @param times Ascending, in seconds, rounded to nanoseconds; or an axis that computes them
   * @param support Where samples were taken; it holds all times
   * @param warnings What was warned of on the way
   */
  constructor(
    times: Float64Array | TimeAxis,
    /** Where samples were taken. */
    readonly support: IntervalSet,
    /** What was warned of on the way. */
    readonly warnings: readonly string[] = [],
  ) {
    printsAsText(TimeIndex.prototype);
    this.axis = times instanceof Float64Array ? listedAxis(times) : times;
    this.#times = this.axis.listed;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("TimeIndex", undefined, countText(this.axis.length, "time"));
  }

  /**
   * When samples were taken, in seconds. Computed ones are listed when they are asked for the first time, and kept.
   *
   * @throws {LimitError} If there are more of them than memory should hold
   */
  get times(): Float64Array {
    const { length } = this.axis;
    if (this.#times === null && length > MOST_LISTED) {
      throw new LimitError(
        `Cannot list ${length.toLocaleString("en")} times: they would take ${
          Math.ceil(length / 2 ** 27)
        } GiB; take a ` +
          "part of the series first",
      );
    }
    return this.#times ??= this.axis.times();
  }
}

/**
 * An index of times that need no check: those of an axis, and a time support from the first to the last.
 *
 * @param axis The times
 * @param warnings What was warned of on the way
 */
export function indexAxis(axis: TimeAxis, warnings: readonly string[] = []): TimeIndex {
  const ends = axis.length === 0 ? [] : [axis.at(0), axis.at(axis.length - 1)];
  return new TimeIndex(axis, spanOf(Float64Array.from(ends), false), warnings);
}

/** Some of an index's times, in its time support. A run of computed ones stays computed. */
export function takeIndex({ axis, support }: TimeIndex, rows: Rows): TimeIndex {
  return new TimeIndex(takeAxis(axis, rows), support);
}

function takeAxis(axis: TimeAxis, rows: Rows): Float64Array | TimeAxis {
  if (!(rows instanceof Uint32Array)) return axis.slice(rows.from, rows.to);
  return axis.listed === null ? Float64Array.from(rows, (row) => axis.at(row)) : takeTimes(axis.listed, rows);
}

/** Times in order, and which of the samples given they belong to. */
export interface IndexedTimes {
  /** The times. */
  readonly index: TimeIndex;
  /** Which samples are left, in their new order; `null` for all as they were. */
  readonly rows: Rows | null;
}

/**
 * Brings times into order: in seconds, rounded to nanoseconds, without NaN, ascending, within the time support.
 *
 * @param times The times
 * @param options Options
 * @throws {TypeError} If these aren't times
 */
export function indexTimes(times: Numbers | TimeIndex, options: SeriesOptions): IndexedTimes {
  if (times instanceof TimeIndex) {
    return options.timeSupport === undefined
      ? { index: times, rows: null }
      : restrictTimes(times.axis, options.timeSupport, times.warnings);
  }
  const pynapple = followsPynapple(options);
  const warnings = new Warnings(options);
  const given = toSeconds(toFloat64(times, "times"), options.unit);
  let rows: Rows | null = null;
  let sorted: Float64Array = given;
  if (!isSorted(given)) {
    const known = Uint32Array.from(given, (_, i) => i).filter((i) => !Number.isNaN(given[i]));
    if (known.length < given.length) {
      warnings.add(`${given.length - known.length} row(s) with NaN time(s) were dropped.`);
      rows = rowsOfList(known);
      sorted = takeTimes(given, rows);
    }
    if (!isSorted(sorted)) {
      warnings.add("timestamps are not sorted");
      if (pynapple) {
        sorted = sorted.toSorted();
      } else {
        const order = sortOrder(sorted);
        rows = composeRows(rows, order);
        sorted = takeTimes(given, rows);
      }
    }
  }
  const support = options.timeSupport;
  if (support === undefined) {
    return { index: new TimeIndex(sorted, spanOf(sorted, pynapple), warnings.messages), rows };
  }
  const restricted = restrictTimes(sorted, support, warnings.messages);
  return { index: restricted.index, rows: restricted.rows === null ? rows : composeRows(rows, restricted.rows) };
}

/**
 * The times within a time support.
 *
 * @param times Ascending
 * @param support Where they must lie
 * @param warnings What was warned of before
 */
export function restrictTimes(
  times: Float64Array | TimeAxis,
  support: IntervalSet,
  warnings: readonly string[] = [],
): IndexedTimes {
  const rows = rowsOfRuns(rangesOf(times, checkIntervals(support, "use as a time support")));
  if (countRows(rows) === times.length) return { index: new TimeIndex(times, support, warnings), rows: null };
  const axis = times instanceof Float64Array ? listedAxis(times) : times;
  return { index: new TimeIndex(takeAxis(axis, rows), support, warnings), rows };
}

// From the first to the last; a single time is a point, which pynapple's sets of intervals can't hold.
function spanOf(times: Float64Array, pynapple: boolean): IntervalSet {
  const isLost = times.length === 0 || (pynapple && times[0] === times.at(-1));
  const [from, to] = isLost ? [0, 0] : [1, times.length];
  return new IntervalSet(new SortedIntervals(times.slice(0, from), to === 0 ? times.slice(0, 0) : times.slice(-1)));
}
