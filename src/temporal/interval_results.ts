/**
 * Interval sets that are worked out of others: at once where these are in memory, else when they are first read.
 *
 * @module
 */

import type { NDArray } from "../array/types.ts";
import type { Intervals } from "../time/intervals.ts";
import { STATE } from "./any_array_dict.ts";
import type { AnyInterval } from "./any_interval.ts";
import { Frame, memoryBase } from "./frame.ts";
import { bareState, EDGES, INTERVAL_SEARCH } from "./interval_state.ts";
import { type Rows, takeRows } from "./rows.ts";
import { type Column, readOnce, type TableState } from "./table.ts";

/**
 * The starts and ends of a set as it is now: themselves where they are in memory, else what reads them.
 *
 * @param set The set
 */
export function intervalsOf(set: AnyInterval): Intervals | (() => Promise<Intervals>) {
  const { frame } = set[STATE];
  if (frame.known !== null) return asIntervals(frame.known.times);
  return async () => asIntervals((await frame.resolve()).times);
}

function asIntervals(times: readonly Float64Array[]): Intervals {
  return { start: times[0]!, end: times[1]! };
}

/** A set worked out of two others: at once where they are in memory. */
export function combined(
  a: AnyInterval,
  b: AnyInterval,
  operation: (a: Intervals, b: Intervals) => Intervals,
): AnyInterval {
  const [left, right] = [intervalsOf(a), intervalsOf(b)];
  if (typeof left !== "function" && typeof right !== "function") return made(a, bareState(operation(left, right)));
  return workedOut(a, async () => {
    return operation(
      typeof left === "function" ? await left() : left,
      typeof right === "function" ? await right() : right,
    );
  }, (all) => all);
}

/** A set of nothing but starts and ends worked out of others: at once where they are in memory. */
export function workedOut(
  like: AnyInterval,
  intervals: Intervals | (() => Promise<Intervals>),
  operation: (intervals: Intervals) => Intervals,
): AnyInterval {
  if (typeof intervals !== "function") return made(like, bareState(operation(intervals)));
  return deferred(like, EDGES, EDGES, async () => made(like, bareState(operation(await intervals()))));
}

/** A set worked out of another one with its other arrays: at once where starts and ends are in memory. */
export function mapped(set: AnyInterval, operation: (set: AnyInterval) => AnyInterval): AnyInterval {
  if (set.known !== null) return operation(set);
  // What becomes of the set later doesn't concern the result.
  const own = set.copy();
  return deferred(set, set.keys(), set.timekeys(), async () => {
    await own.intervals();
    return operation(own);
  });
}

/** A lazy set that is made when it is first read. */
function deferred(
  like: AnyInterval,
  keys: readonly string[],
  timekeys: readonly string[],
  make: () => Promise<AnyInterval>,
): AnyInterval {
  let started: Promise<AnyInterval> | null = null;
  const once = (): Promise<AnyInterval> => {
    started ??= make().catch((error) => {
      started = null;
      throw error;
    });
    return started;
  };
  const frame = Frame.of(readOnce(null, INTERVAL_SEARCH, async () => (await once())[STATE].frame.known!.times));
  const columns = keys.map((key): [string, Column] => {
    return [key, { source: async () => await (await once()).array(key), frame }];
  });
  return made(like, { frame, columns: new Map(columns), timekeys, warnings: [] });
}

/** A set of intervals that came of others, with the arrays of those: what isn't in memory stays lazy. */
export function repeated(set: AnyInterval, pieces: Intervals, parents: Rows): AnyInterval {
  const own = set.copy();
  const frame = Frame.of(memoryBase(pieces.start.length, [pieces.start, pieces.end], INTERVAL_SEARCH));
  const { columns } = bareState(pieces);
  const all = set.keys().map((key): [string, Column] => {
    const edge = columns.get(key);
    if (edge !== undefined) return [key, { source: edge.source, frame }];
    const { source } = own[STATE].columns.get(key)!;
    const isHere = own.isLoaded(key);
    return [key, {
      source: isHere ? takeRows(source as NDArray, parents) : async () => takeRows(await own.array(key), parents),
      frame,
    }];
  });
  return made(set, { frame, columns: new Map(all), timekeys: set.timekeys(), warnings: [] });
}

function made(like: AnyInterval, state: TableState): AnyInterval {
  const out = Object.create(like.classes[1].prototype) as AnyInterval;
  out["adopt"](state);
  return out;
}
