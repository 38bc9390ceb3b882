/**
 * Events of several units in bins, as lists of what there is: most bins of most units hold none.
 *
 * @module
 */

import type { TimeAxis } from "../../time/axis.ts";
import type { Intervals } from "../../time/intervals.ts";
import { binRows, type Bins } from "./bins.ts";

/** Events in bins. */
export interface BinnedEvents {
  /** First entry of each bin, and the number of entries. */
  readonly first: Uint32Array;
  /** The unit of each entry. */
  readonly unit: Uint32Array;
  /** How many of its events lie in the bin. */
  readonly count: Uint32Array;
  /** Events of each unit in all bins. */
  readonly totals: Float64Array;
}

/**
 * Counts events of units in bins.
 *
 * @param units Times of each unit's events, ascending
 * @param intervals What the bins were made along
 * @param bins The bins
 * @param closed Whether an event at the end of an interval and of its last bin counts
 */
export function binEvents(
  units: readonly (Float64Array | TimeAxis)[],
  intervals: Intervals,
  bins: Bins,
  closed: boolean,
): BinnedEvents {
  const count = bins.centers.length;
  const first = new Uint32Array(count + 1);
  const each = (visit: (bin: number, unit: number, events: number) => void) =>
    units.forEach((times, unit) => {
      const { from, to } = binRows(times, intervals, bins, closed);
      for (let bin = 0; bin < count; bin++) {
        const events = to[bin]! - from[bin]!;
        if (events > 0) visit(bin, unit, events);
      }
    });
  each((bin) => first[bin + 1]!++);
  for (let bin = 0; bin < count; bin++) first[bin + 1]! += first[bin]!;
  const next = first.slice();
  const unit = new Uint32Array(first[count]!);
  const counts = new Uint32Array(first[count]!);
  const totals = new Float64Array(units.length);
  each((bin, index, events) => {
    unit[next[bin]!] = index;
    counts[next[bin]!++] = events;
    totals[index]! += events;
  });
  return { first, unit, count: counts, totals };
}
