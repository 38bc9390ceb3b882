/**
 * Windows of time over whatever a file's entry is.
 *
 * @module
 */

import { IntervalSet } from "../series/intervals/interval_set.ts";
import type { Ts } from "../series/ts.ts";
import { TsGroup } from "../series/ts_group.ts";
import type { ValueSeries } from "../series/value_series.ts";

/** A stretch of time in seconds, both ends included; where one wasn't given it is infinite. */
export interface TimeWindow {
  /** First time. */
  readonly from: number;
  /** Last time. */
  readonly to: number;
}

/** What entries are. */
export type SeriesEntry = Ts | ValueSeries | TsGroup | IntervalSet | ReadonlyMap<string, Ts>;

/** All of time. */
export const ALWAYS: TimeWindow = { from: -Infinity, to: Infinity };

/**
 * What of an entry lies in a window. Samples of a series, of each member of a group; intervals that share some time with
 * it, whole: where a trial began isn't changed by where one looks. Reads nothing.
 *
 * @param entry The entry
 * @param window The window
 */
export function windowOf<T extends SeriesEntry>(entry: T, window: TimeWindow): T {
  const { from, to } = window;
  if (from === -Infinity && to === Infinity) return entry;
  return cut(entry, from, to) as T;
}

function cut(entry: SeriesEntry, from: number, to: number): SeriesEntry {
  if (entry instanceof IntervalSet) {
    return entry.pick(Array.from(entry.start, (start, i) => start <= to && entry.end[i]! >= from));
  }
  if (entry instanceof TsGroup) return entry.get(from, to);
  if (entry instanceof Map) return new Map([...entry].map(([name, series]) => [name, (series as Ts).get(from, to)]));
  return (entry as Ts | ValueSeries).get(from, to);
}
