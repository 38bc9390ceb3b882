/**
 * Interval sets that are worked out of others: at once where these are in memory, else when they are first read.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Intervals } from "../../time/intervals.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import { bareState, EDGES, INTERVAL_SEARCH } from "./interval_state.ts";
import { type Rows, takeRows } from "../columns/rows.ts";
import { type Column, readOnce, type TableState } from "../columns/table.ts";
import { atHand, copiedState, loadArray, setArray, settle } from "../columns/table_arrays.ts";

/** Starts and ends, or what reads them. */
export type IntervalsSource = Intervals | (() => Promise<Intervals>);

/** The starts and ends of a set, where they are in memory; else `null`. */
export function knownIntervals({ frame: { known } }: TableState): Intervals | null {
  return known === null ? null : { start: known.times[0]!, end: known.times[1]! };
}

/**
 * The starts and ends of a set as it is now: themselves where they are in memory, else what reads them.
 *
 * @param state What the set holds
 */
export function intervalsOf(state: TableState): IntervalsSource {
  const { frame } = state;
  return knownIntervals(state) ?? (async () => {
    const { times } = await frame.resolve();
    return { start: times[0]!, end: times[1]! };
  });
}

/** A set worked out of two others: at once where they are in memory. */
export function combined(
  left: IntervalsSource,
  right: IntervalsSource,
  operation: (a: Intervals, b: Intervals) => Intervals,
): TableState {
  if (typeof left !== "function" && typeof right !== "function") return bareState(operation(left, right));
  return workedOut(async () => {
    return operation(
      typeof left === "function" ? await left() : left,
      typeof right === "function" ? await right() : right,
    );
  }, (all) => all);
}

/** A set of nothing but starts and ends worked out of others: at once where they are in memory. */
export function workedOut(intervals: IntervalsSource, operation: (intervals: Intervals) => Intervals): TableState {
  if (typeof intervals !== "function") return bareState(operation(intervals));
  return deferred(EDGES, EDGES, async () => bareState(operation(await intervals())));
}

/**
 * A set worked out of another one with its other arrays: at once where starts and ends are in memory.
 *
 * @param state What the other one holds
 * @param operation Works it out of what a set with starts and ends in memory holds
 */
export function mapped(
  state: TableState,
  operation: (state: TableState, known: Intervals) => TableState,
): TableState {
  const known = knownIntervals(state);
  if (known !== null) return operation(state, known);
  // What becomes of the set later doesn't concern the result.
  const own = copiedState(state);
  return deferred([...state.columns.keys()], state.timekeys, async () => {
    await own.frame.resolve();
    settle(own);
    return operation(own, knownIntervals(own)!);
  });
}

/** A lazy set that is made when it is first read. */
function deferred(
  keys: readonly string[],
  timekeys: readonly string[],
  make: () => Promise<TableState>,
): TableState {
  let started: Promise<TableState> | null = null;
  const once = (): Promise<TableState> => {
    started ??= make().catch((error) => {
      started = null;
      throw error;
    });
    return started;
  };
  const frame = Frame.of(readOnce(null, INTERVAL_SEARCH, async () => (await once()).frame.known!.times));
  const columns = keys.map((key): [string, Column] => {
    return [key, { source: async () => await loadArray(await once(), key), frame }];
  });
  return { frame, columns: new Map(columns), timekeys, timeNames: EDGES, warnings: [] };
}

/** The same set with other starts and ends. */
export function withEdges(state: TableState, { start, end }: Intervals): TableState {
  const own = copiedState(state);
  setArray(own, "start", ndarray(start), "Interval");
  setArray(own, "end", ndarray(end), "Interval");
  return own;
}

/** A set of intervals that came of others, with the arrays of those: what isn't in memory stays lazy. */
export function repeated(state: TableState, pieces: Intervals, parents: Rows): TableState {
  const own = copiedState(state);
  const frame = Frame.of(memoryBase(pieces.start.length, [pieces.start, pieces.end], INTERVAL_SEARCH));
  const { columns } = bareState(pieces);
  const all = [...own.columns].map(([key, { source }]): [string, Column] => {
    const edge = columns.get(key);
    if (edge !== undefined) return [key, { source: edge.source, frame }];
    const isHere = atHand(own, key) !== null;
    return [key, {
      source: isHere ? takeRows(source as NDArray, parents) : async () => takeRows(await loadArray(own, key), parents),
      frame,
    }];
  });
  return { frame, columns: new Map(all), timekeys: state.timekeys, timeNames: EDGES, warnings: [] };
}
