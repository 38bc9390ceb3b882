/**
 * Making sets of intervals out of whatever pairs of starts and ends there are.
 *
 * @module
 */

import type { Intervals } from "../../time/intervals.ts";
import { sortOrder } from "../../time/sorted.ts";
import type { Warnings } from "../options.ts";

/** Intervals in order, and which of the rows given each came of. */
export interface FixedIntervals extends Intervals {
  /** Index of the row that each came of; `null` where rows no longer correspond to intervals. */
  readonly rows: Uint32Array | null;
}

const NO_DURATION = "Some epochs have no duration";
const REVERSED = "Some ends precede the relative start. Dropping them!";
const OVERLAPPING = "Some starts precede the previous end. Joining them!";
const TOUCHING = "Some starts and ends are equal. Removing 1 microsecond!";

/** What pynapple takes off the end of an interval that another touches, in seconds. */
export const MICROSECOND = 1e-6;

/**
 * Sorts intervals by start, each with its end; drops those that end before they start and, unless points are wanted,
 * those without duration; joins those that overlap. Touching ones are kept as they are.
 *
 * @param given The pairs, in any order
 * @param points Whether an interval without duration is kept, as a point
 * @param warnings Told of each kind of change
 */
export function fixIntervals(given: Intervals, points: boolean, warnings: Warnings): FixedIntervals {
  const { start, end } = given;
  let isSorted = true;
  for (let i = 1; i < start.length; i++) if (start[i]! < start[i - 1]!) isSorted = false;
  if (!isSorted) warnings.add("start is not sorted. Sorting it.");
  const order = isSorted ? null : sortOrder(start);

  const starts: number[] = [];
  const ends: number[] = [];
  const rows: number[] = [];
  let [empty, reversed, joined] = [false, false, false];
  for (let i = 0; i < start.length; i++) {
    const row = order === null ? i : order[i]!;
    const [from, to] = [start[row]!, end[row]!];
    if (to < from) {
      reversed = true;
      continue;
    }
    if (to === from && !points) {
      empty = true;
      continue;
    }
    const last = ends.length - 1;
    const touchesPoint = last >= 0 && from === ends[last]! && (to === from || starts[last] === ends[last]);
    if (last >= 0 && (from < ends[last]! || touchesPoint)) {
      joined = true;
      ends[last] = Math.max(ends[last]!, to);
    } else {
      starts.push(from);
      ends.push(to);
      rows.push(row);
    }
  }
  if (reversed) warnings.add(REVERSED);
  if (joined) warnings.add(OVERLAPPING);
  if (empty) warnings.add(NO_DURATION);
  return {
    start: Float64Array.from(starts),
    end: Float64Array.from(ends),
    rows: joined ? null : Uint32Array.from(rows),
  };
}

/**
 * What pynapple's constructor makes of pairs: starts and ends sorted each on their own, points dropped, and a
 * microsecond taken off where intervals touch (which compares with the next start even where that is dropped later).
 * Only a point behind one that ends before it starts is dropped here and kept, even reversed, there.
 *
 * @param given The pairs, in any order
 * @param warnings Told of each kind of change
 */
export function fixAsPynapple(given: Intervals, warnings: Warnings): FixedIntervals {
  const start = ascending(given.start, "start", warnings);
  const end = ascending(given.end, "end", warnings);
  const starts: number[] = [];
  const ends: number[] = [];
  const rows: number[] = [];
  let [touching, reversed, joined, empty] = [false, false, false, false];
  const count = start.length;
  for (let i = 0; i < count; i++) {
    if (end[i]! <= start[i]!) {
      if (end[i] === start[i]) empty = true;
      else reversed = true;
      continue;
    }
    const from = i;
    let to = end[i]!;
    for (; i + 1 < count && start[i + 1]! < end[i]!; i++) {
      joined = true;
      to = Math.max(end[i]!, end[i + 1]!);
    }
    if (i + 1 < count && to === start[i + 1]) {
      touching = true;
      to -= MICROSECOND;
    }
    starts.push(start[from]!);
    ends.push(to);
    rows.push(from);
  }
  if (touching) warnings.add(TOUCHING);
  if (reversed) warnings.add(REVERSED);
  if (joined) warnings.add(OVERLAPPING);
  if (empty) warnings.add(NO_DURATION);
  const changed = reversed || joined || empty || start !== given.start || end !== given.end;
  return {
    start: Float64Array.from(starts),
    end: Float64Array.from(ends),
    rows: changed ? null : Uint32Array.from(rows),
  };
}

// The values themselves where each is above the one before, else sorted ones, which may be the same again.
function ascending(values: Float64Array, name: string, warnings: Warnings): Float64Array {
  for (let i = 1; i < values.length; i++) {
    if (!(values[i]! > values[i - 1]!)) {
      warnings.add(`${name} is not sorted. Sorting it.`);
      return values.toSorted();
    }
  }
  return values;
}

/**
 * What lies in either set, as pynapple reckons it: intervals that only touch become one where the first of them overlapped
 * one before and is of the other set, and stay two elsewhere.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 */
export function uniteAsPynapple(a: Intervals, b: Intervals): Intervals {
  const start: number[] = [];
  const end: number[] = [];
  // Whose interval ends last of those joined, and whether they are several.
  let [isOfA, overlapped] = [false, false];
  for (let i = 0, j = 0; i < a.start.length || j < b.start.length;) {
    const takesA = j === b.start.length || (i < a.start.length && a.start[i]! <= b.start[j]!);
    const [from, to] = takesA ? [a.start[i]!, a.end[i++]!] : [b.start[j]!, b.end[j++]!];
    const last = end.length - 1;
    if (last >= 0 && (from < end[last]! || (from === end[last] && overlapped && takesA !== isOfA))) {
      if (to > end[last]! || (to === end[last] && takesA)) isOfA = takesA;
      end[last] = Math.max(end[last]!, to);
      overlapped = true;
    } else {
      start.push(from);
      end.push(to);
      [isOfA, overlapped] = [takesA, false];
    }
  }
  return { start: Float64Array.from(start), end: Float64Array.from(end) };
}
