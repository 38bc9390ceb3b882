/**
 * What intervals can be given as, brought to starts and ends.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { countText, summary } from "../../array/text/summary.ts";
import { flatten, isNDArray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import type { Intervals } from "../../time/intervals.ts";
import { type TimeUnit, toSeconds } from "../../time/units.ts";
import { fixAsPynapple, fixIntervals } from "./fix_intervals.ts";
import { Metadata, type MetadataColumn, type MetadataInput } from "../metadata.ts";
import { describe, type Numbers, toFloat64 } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple, type WarningOptions, Warnings } from "../options.ts";

/** Intervals as a list of `[start, end]` pairs, an array of shape (n, 2), one pair, or a record with both columns. */
export type IntervalPairs =
  | readonly (readonly [number, number])[]
  | readonly ArrayLike<number>[]
  | readonly [number, number]
  | NDArray
  | { readonly start: Numbers; readonly end: Numbers; readonly [name: string]: unknown };

/** Options of a set of intervals. */
export interface IntervalSetOptions extends CompatibleOptions, WarningOptions {
  /**
   * Unit of the times given.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
  /** Columns that describe the intervals, one entry each. */
  readonly metadata?: MetadataInput | undefined;
  /**
   * Whether an interval that starts where it ends is kept, as a point; else it is dropped with a warning.
   *
   * @default {false}
   */
  readonly points?: boolean | undefined;
}

/** Intervals that are in order already; an `IntervalSet` made of one believes it. */
export class SortedIntervals implements Intervals {
  /**
   * Takes intervals that are in order.
   *
   * @param start Ascending
   * @param end None before its start or after the next one's
   * @param metadata One row per interval
   * @param warnings What was warned of on the way
   */
  constructor(
    /** Where each begins, in seconds. */
    readonly start: Float64Array,
    /** Where each ends, in seconds. */
    readonly end: Float64Array,
    /** One row per interval. */
    readonly metadata: Metadata = new Metadata({}, start.length),
    /** What was warned of on the way. */
    readonly warnings: readonly string[] = [],
  ) {
    printsAsText(SortedIntervals.prototype);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("SortedIntervals", undefined, countText(this.start.length, "interval"));
  }
}

/** Brings intervals into order. See the constructor of `IntervalSet`. */
export function sortIntervals(
  starts: Numbers | IntervalPairs,
  ends: Numbers | undefined,
  options: IntervalSetOptions,
): SortedIntervals {
  const pynapple = followsPynapple(options);
  const warnings = new Warnings(options);
  const table = ends === undefined ? fromPairs(starts as IntervalPairs) : fromColumns(starts as Numbers, ends);
  if (table.start.length !== table.end.length) {
    throw new ShapeError(
      `Cannot make intervals: starts and ends are not of the same length (${table.start.length} and ` +
        `${table.end.length})`,
    );
  }
  const given = {
    start: toSeconds(table.start, options.unit),
    end: toSeconds(table.end, options.unit),
  };
  const described = new Metadata(table.columns, given.start.length).set(options.metadata ?? {});
  const known = withoutNaN(given, warnings);
  const fixed = pynapple ? fixAsPynapple(known, warnings) : fixIntervals(known, options.points === true, warnings);
  const count = fixed.start.length;
  if (described.keys().length === 0) return new SortedIntervals(fixed.start, fixed.end, undefined, warnings.messages);
  if (fixed.rows === null) {
    warnings.add("epochs have changed, dropping metadata.");
    return new SortedIntervals(fixed.start, fixed.end, new Metadata({}, count), warnings.messages);
  }
  const metadata = described.take(fixed.rows.map((row) => known.rows[row]!));
  return new SortedIntervals(fixed.start, fixed.end, metadata, warnings.messages);
}

interface Table {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly columns: Record<string, MetadataColumn>;
}

function fromColumns(start: Numbers, end: Numbers): Table {
  return { start: toFloat64(start, "starts of intervals"), end: toFloat64(end, "ends of intervals"), columns: {} };
}

function fromPairs(pairs: IntervalPairs): Table {
  if (isNDArray(pairs)) {
    if (pairs.shape.length !== 2 || pairs.shape[1] !== 2) throw unreadable(pairs);
    return split(toFloat64(flatten(pairs).data as Float64Array, "intervals"));
  }
  if (Array.isArray(pairs) || ArrayBuffer.isView(pairs)) {
    const list = [...pairs as ArrayLike<number>[]];
    if (list.length === 2 && list.every((entry) => typeof entry === "number")) {
      return split(Float64Array.from(list as unknown as number[]));
    }
    if (!list.every((entry) => typeof entry === "object" && entry !== null && entry.length === 2)) {
      throw unreadable(pairs);
    }
    return split(toFloat64(list.flatMap((entry) => [...Array.from(entry)]), "intervals"));
  }
  if (typeof pairs === "object" && pairs !== null && "start" in pairs && "end" in pairs) {
    const { start, end, ...columns } = pairs;
    return { ...fromColumns(start, end), columns: columns as Record<string, MetadataColumn> };
  }
  throw unreadable(pairs);
}

function split(flat: Float64Array): Table {
  return {
    start: flat.filter((_, i) => i % 2 === 0),
    end: flat.filter((_, i) => i % 2 === 1),
    columns: {},
  };
}

function unreadable(pairs: unknown): TypeError {
  return new TypeError(
    `Cannot make intervals of ${describe(pairs)}: accepted formats are starts and ends, a list of start-end pairs, ` +
      "an array of shape (n, 2), or a record with start and end",
  );
}

function withoutNaN(given: Intervals, warnings: Warnings): Intervals & { readonly rows: Uint32Array } {
  const rows: number[] = [];
  given.start.forEach((start, i) => {
    if (!Number.isNaN(start) && !Number.isNaN(given.end[i])) rows.push(i);
  });
  const missing = given.start.length - rows.length;
  if (missing === 0) return { ...given, rows: Uint32Array.from(rows) };
  warnings.add(`${missing} row(s) with NaN start/end time(s) were dropped.`);
  return {
    start: Float64Array.from(rows, (row) => given.start[row]!),
    end: Float64Array.from(rows, (row) => given.end[row]!),
    rows: Uint32Array.from(rows),
  };
}
