/**
 * Counting the samples of a group's members.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { IntervalSet } from "../intervals/interval_set.ts";
import { followsPynapple } from "../options.ts";
import type { CountOptions } from "../series_options.ts";
import { binRows, intervalRows, makeBins } from "./bins.ts";
import { countMembers } from "./count_members.ts";
import { countsOf } from "./counts.ts";

/** Counts of a group. */
export interface GroupCounts {
  /** Where the bins have their centres. */
  readonly centers: Float64Array;
  /** Counts of shape (bins, members). */
  readonly counts: NDArray;
}

/**
 * Counts the samples of each member in bins.
 *
 * @param lists The times of each member
 * @param epochs Where to count
 * @param size Length of a bin in seconds; `null` for one count per interval
 * @param options Type of the counts
 */
export function countGroup(
  lists: readonly Float64Array[],
  epochs: IntervalSet,
  size: number | null,
  options: CountOptions,
): GroupCounts {
  const pynapple = followsPynapple(options);
  const bins = makeBins(epochs, size, pynapple);
  const [rows, columns] = [bins.centers.length, lists.length];
  const { data } = countsOf(rows * columns, options);
  countMembers(columns, rows, (member, into) => {
    const times = lists[member]!;
    return size === null ? intervalRows(times, epochs) : binRows(times, epochs, bins, !pynapple, into);
  }, data);
  return { centers: bins.centers, counts: ndarray(data, [rows, columns]) };
}
