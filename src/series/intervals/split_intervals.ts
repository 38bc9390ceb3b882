/**
 * Cutting intervals into pieces of one length.
 *
 * @module
 */

import type { DerivedIntervals, Intervals } from "../../time/intervals.ts";
import { roundTime } from "../../time/units.ts";

/**
 * Cuts intervals into pieces, from each one's start on; a rest that is shorter is left out.
 *
 * @param intervals The intervals
 * @param size Length of a piece, in seconds
 * @param longer Whether only intervals longer than one piece are cut, and others left out
 */
export function splitIntervals(intervals: Intervals, size: number, longer: boolean): DerivedIntervals {
  const start: number[] = [];
  const end: number[] = [];
  const parent: number[] = [];
  for (let i = 0; i < intervals.start.length; i++) {
    const [from, to] = [intervals.start[i]!, intervals.end[i]!];
    const duration = roundTime(to - from);
    if (duration < size || (longer && duration <= size)) continue;
    // Edges are multiples of the size, so that no rounding adds up.
    for (let k = 0;; k++) {
      const left = roundTime(from + k * size);
      const right = roundTime(from + (k + 1) * size);
      if (right > to && roundTime(right - to) > 0) break;
      start.push(left);
      end.push(Math.min(right, to));
      parent.push(i);
    }
  }
  return { start: Float64Array.from(start), end: Float64Array.from(end), parent: Uint32Array.from(parent) };
}
