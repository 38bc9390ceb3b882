/**
 * Ticks and shaded intervals for drawing, no more of them than there are pixels.
 *
 * @module
 */

import type { TimeAxis } from "../../time/axis.ts";
import type { IntervalSet } from "../../series/intervals/interval_set.ts";
import type { Line } from "./figure.ts";

/** Ticks that one figure holds at most, whatever its size. */
const MOST_TICKS = 400_000;
/** Half of what a tick takes of its row. */
const HALF = 0.4;

/**
 * The ticks of a raster as one path. Of ticks that share a pixel the first is drawn.
 *
 * @param rows Times, one row each, ascending, in the domain
 * @param domain What is shown of time
 * @param pixels How wide that is
 * @returns A path that goes up and down for each tick, row `i` around `y = i`
 */
export function tickLine(rows: readonly TimeAxis[], domain: readonly [number, number], pixels: number): Line {
  const buckets = Math.max(1, Math.min(Math.ceil(pixels), Math.floor(MOST_TICKS / Math.max(1, rows.length))));
  const width = (domain[1] - domain[0]) / buckets;
  const pixelOf = (time: number) => Math.floor((time - domain[0]) / width);
  const kept = rows.map((axis) => {
    const times: number[] = [];
    // From tick to the first that lies in a later pixel: as many steps as there are ticks to draw.
    for (let i = 0; i < axis.length;) {
      const time = axis.at(i);
      const pixel = pixelOf(time);
      times.push(time);
      i = Math.max(i + 1, axis.lowerBound(domain[0] + (pixel + 1) * width));
      // The edge between pixels may be rounded to this side of a tick.
      while (i < axis.length && pixelOf(axis.at(i)) === pixel) i++;
    }
    return times;
  });
  const count = kept.reduce((sum, { length }) => sum + length, 0);
  const x = new Float64Array(3 * count).fill(NaN);
  const y = new Float64Array(3 * count).fill(NaN);
  let at = 0;
  kept.forEach((times, row) => {
    for (const time of times) {
      x.fill(time, at, at + 2);
      y[at] = row - HALF;
      y[at + 1] = row + HALF;
      at += 3;
    }
  });
  return { x, y };
}

/**
 * Stretches to shade: intervals within the domain, those that lie less than a pixel apart as one.
 *
 * @param intervals The intervals
 * @param domain What is shown of time
 * @param pixels How wide that is
 */
export function shadedSpans(
  intervals: Pick<IntervalSet, "start" | "end">,
  domain: readonly [number, number],
  pixels: number,
): [number, number][] {
  const [first, last] = domain;
  const pixel = (last - first) / pixels;
  const spans: [number, number][] = [];
  intervals.start.forEach((begin, i) => {
    const [start, end] = [Math.max(begin, first), Math.min(intervals.end[i]!, last)];
    if (!(start <= end)) return;
    const before = spans.at(-1);
    // Only what is smaller than a pixel is joined: two long ones beside each other stay two.
    const isSmall = before !== undefined && start - before[1] < pixel &&
      (end - start < pixel || before[1] - before[0] < pixel);
    if (isSmall) before[1] = Math.max(before[1], end);
    else spans.push([start, end]);
  });
  return spans;
}
