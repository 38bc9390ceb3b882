/**
 * The values that a series has at the times of many members.
 *
 * @module
 */

import type { ArrayReadOptions, NDArray } from "../../array/types.ts";
import type { TimeAxis } from "../../time/axis.ts";
import type { Intervals } from "../../time/intervals.ts";
import { type MatchMode, matchTimes } from "../process/match.ts";
import { gatherRows } from "../values/gather.ts";
import { takeTimes } from "../values/rows.ts";
import { runOf, type Values } from "../values/values.ts";

/** Where values come from. */
export interface MatchedSeries {
  /** Its times. */
  readonly axis: TimeAxis;
  /** Its values. */
  readonly values: Values;
}

/** What a member has: times within the intervals, and a value for each. */
export interface MatchedMember {
  /** The times. */
  readonly times: Float64Array;
  /** The values. */
  readonly values: NDArray;
}

/**
 * Matches each member's times with a series' samples; of lazy values each row is read once.
 *
 * @param members The times of each member
 * @param data Where values come from
 * @param epochs Where to look
 * @param mode Which sample's value is taken
 * @param options Abort signal
 */
export async function matchMembers(
  members: readonly Float64Array[],
  data: MatchedSeries,
  epochs: Intervals,
  mode: MatchMode,
  options: ArrayReadOptions,
): Promise<MatchedMember[]> {
  const parts = members.map((times) => {
    const { rows, match } = matchTimes(times, data.axis, epochs, mode);
    return { times: takeTimes(times, rows), match };
  });
  const match = new Float64Array(parts.reduce((sum, part) => sum + part.match.length, 0));
  let at = 0;
  for (const part of parts) {
    match.set(part.match, at);
    at += part.match.length;
  }
  const values = await gatherRows(data.values, match, options);
  at = 0;
  return parts.map(({ times }) => ({ times, values: runOf(values, at, at += times.length) }));
}
