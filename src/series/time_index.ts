/**
 * Times of samples, brought into order once and believed from then on.
 *
 * @module
 */

import { rangesOf } from "../time/ranges.ts";
import { isSorted, sortOrder } from "../time/sorted.ts";
import { type TimeUnit, toSeconds } from "../time/units.ts";
import { SortedIntervals } from "./interval_input.ts";
import { checkIntervals, IntervalSet } from "./interval_set.ts";
import { type Numbers, toFloat64 } from "./numbers.ts";
import { type CompatibleOptions, followsPynapple, type WarningOptions, Warnings } from "./options.ts";
import { composeRows, countRows, type Rows, rowsOfList, rowsOfRuns, takeTimes } from "./rows.ts";

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

/** Ascending times, all within a time support. A series made of one believes it. */
export class TimeIndex {
  /**
   * Takes times that are in order.
   *
   * @param times Ascending, in seconds, rounded to nanoseconds
   * @param support Where samples were taken; it holds all times
   * @param warnings What was warned of on the way
   */
  constructor(
    /** When samples were taken, in seconds. */
    readonly times: Float64Array,
    /** Where samples were taken. */
    readonly support: IntervalSet,
    /** What was warned of on the way. */
    readonly warnings: readonly string[] = [],
  ) {}
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
      : restrictTimes(times.times, options.timeSupport, times.warnings);
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
  times: Float64Array,
  support: IntervalSet,
  warnings: readonly string[] = [],
): IndexedTimes {
  const rows = rowsOfRuns(rangesOf(times, checkIntervals(support, "use as a time support")));
  if (countRows(rows) === times.length) return { index: new TimeIndex(times, support, warnings), rows: null };
  return { index: new TimeIndex(takeTimes(times, rows), support, warnings), rows };
}

// From the first to the last; a single time is a point, which pynapple's sets of intervals can't hold.
function spanOf(times: Float64Array, pynapple: boolean): IntervalSet {
  const isLost = times.length === 0 || (pynapple && times[0] === times.at(-1));
  const [from, to] = isLost ? [0, 0] : [1, times.length];
  return new IntervalSet(new SortedIntervals(times.slice(0, from), to === 0 ? times.slice(0, 0) : times.slice(-1)));
}
