/**
 * What interval sets hold.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import type { Intervals } from "../../time/intervals.ts";
import { lowerBound, upperBound } from "../../time/sorted.ts";
import { type ArrayInput, isLazyArray } from "../columns/column.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import type { Search } from "../frame/steps.ts";
import { isDisjointIntervals, sortIntervalOrder } from "./interval_algebra.ts";
import { readTimes } from "../frame/read_times.ts";
import { anchored, checkTimes, type Column, readOnce, type TableState, withTimes } from "../columns/table.ts";
import { checkTimekeys } from "../frame/window.ts";
import { waitForAll } from "../wait_for_all.ts";

/** Intervals that take 8 KiB. */
const SHORT = 512;

/** Options of an {@linkcode Interval}. */
export interface IntervalOptions {
  /** Names of arrays that hold times, which move with the origin; `start` and `end` always do. */
  readonly timekeys?: readonly string[] | undefined;
}

/** Names of `IntervalOptions`. */
export const INTERVAL_OPTIONS: OptionNames<IntervalOptions> = { timekeys: true };

/** The arrays that hold the times of intervals. */
export const EDGES: readonly ["start", "end"] = ["start", "end"];

/** How intervals are found: those that overlap a window, unclipped. */
export const INTERVAL_SEARCH: Search = {
  find([start, end], from, to) {
    return [upperBound(end!, from), lowerBound(start!, to)];
  },
  order([start, end]) {
    const intervals = { start: start!, end: end! };
    const order = sortIntervalOrder(intervals);
    if (order !== null && !isDisjointIntervals(intervals)) {
      throw new RangeError("Cannot sort intervals that overlap: Intervals must be disjoint");
    }
    return order === null ? null : Float64Array.from(order);
  },
};

/**
 * The state of an interval set.
 *
 * @param table Its columns, `start` and `end` among them
 * @param options Which others hold times
 * @param name What it is called, for messages
 * @throws {ShapeError} If a start or end has more than one axis
 * @throws {TypeError} If a timekey isn't there
 */
export function intervalState(table: TableState, options: IntervalOptions, name: string = "Interval"): TableState {
  const timekeys = checkTimekeys(options.timekeys ?? [], EDGES, table.columns, name);
  const sources = EDGES.map((key) => table.columns.get(key)!.source as NDArray | LazyArray);
  if (sources.every(isNDArray)) return { ...withTimes(table, EDGES, name, INTERVAL_SEARCH), timekeys };
  const edges = sources.map((source, i) =>
    isNDArray(source) ? checkTimes(source, EDGES[i]!, name, table.warnings) : source
  );
  const base = readOnce(
    table.frame.count!,
    INTERVAL_SEARCH,
    // Short ones lie in a page together, often with what else is needed of the object.
    () =>
      waitForAll(
        edges.map((edge, i) =>
          edge instanceof Float64Array
            ? edge
            : readTimes(edge, `${name}.${EDGES[i]}`, undefined, edge.shape[0]! <= SHORT)
        ),
      ),
  );
  return { ...anchored(table, EDGES, base), timekeys };
}

/** The state of a set that has nothing but starts and ends. */
export function bareState({ start, end }: Intervals): TableState {
  const frame = Frame.of(memoryBase(start.length, [start, end], INTERVAL_SEARCH));
  const columns = new Map<string, Column>([
    ["start", { source: ndarray(start), frame }],
    ["end", { source: ndarray(end), frame }],
  ]);
  return { frame, columns, timekeys: EDGES, timeNames: EDGES, warnings: [] };
}

/** A start or end as an array, where it is one number. */
export function listed(value: ArrayInput | number): ArrayInput {
  if (typeof value === "number") return Float64Array.of(value);
  if (!isLazyArray(value) && !isNDArray(value) && !ArrayBuffer.isView(value) && !Array.isArray(value)) {
    throw new ShapeError("Cannot make an Interval: start and end are numbers or arrays of them");
  }
  return value;
}
