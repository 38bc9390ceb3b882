/**
 * Windows around events, and whether samples are regular enough for them.
 *
 * @module
 */

import type { TimeAxis } from "../../time/axis.ts";
import type { Intervals } from "../../time/intervals.ts";
import { rangesOf } from "../../time/ranges.ts";
import { roundTime, type TimeUnit, toSeconds } from "../../time/units.ts";
import { describe } from "../values/numbers.ts";
import type { ValueSeries } from "../value_series.ts";

/** A window around events: how long before and after, or both by one number. Signs don't matter. */
export type EventWindow = number | readonly [number, number];

/**
 * A window in seconds.
 *
 * @param window What was given
 * @param unit Its unit
 * @throws {TypeError} If it isn't one or two numbers, or the unit isn't one
 * @throws {RangeError} If a number isn't finite
 */
export function windowSeconds(window: EventWindow, unit: TimeUnit | undefined): [number, number] {
  const pair: unknown = typeof window === "number" ? [window, window] : window;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((side) => typeof side === "number")) {
    throw new TypeError(
      `Cannot use ${describe(window)} as a window: window should be a tuple of 2 numbers or a single number`,
    );
  }
  if (!pair.every(Number.isFinite)) {
    throw new RangeError(`Cannot use a window of ${pair.join(", ")}: it must be finite`);
  }
  return [...toSeconds(pair.map(Math.abs), unit)] as [number, number];
}

/** How much differences between times may differ, relatively. */
const TOLERANCE = 1e-6;

/** Times are rounded to nanoseconds, so that each of two differences may be wrong by one. */
const ROUNDING = 2.1e-9;

/**
 * The time between samples that come regularly.
 *
 * Two differences between times may differ by a millionth, or by what rounding to nanoseconds makes (pynapple allows for
 * the first alone, and takes 30 kHz for irregular).
 *
 * @param series The samples
 * @param action What is to be done, for the error
 * @returns In seconds; `null` where there are not two samples in any interval of the time support
 * @throws {RangeError} If they don't
 */
export function regularStep(series: ValueSeries, action: string): number | null {
  const { axis, timeSupport } = series;
  if (axis.rate !== null) return 1 / axis.rate;
  const runs = rangesOf(axis, timeSupport).filter(({ from, to }) => to > from + 1);
  if (runs.length === 0) return null;
  const step = axis.at(runs[0]!.from + 1) - axis.at(runs[0]!.from);
  const allowed = Math.max(TOLERANCE * step, ROUNDING);
  let duration = 0;
  let count = 0;
  for (const { from, to } of runs) {
    const times = axis.times(from, to);
    for (let i = 1; i < times.length; i++) {
      if (Math.abs(times[i]! - times[i - 1]! - step) < allowed) continue;
      throw new RangeError(
        `Cannot ${action}: continuous data must be regularly sampled, but times ${times[i - 1]} and ${
          times[i]
        } differ ` +
          `by other than ${step} s; interpolate them to regular times, or NaN-pad them`,
      );
    }
    duration += times.at(-1)! - times[0]!;
    count += times.length - 1;
  }
  return isFirstExact(axis, timeSupport, step) ? step : duration / count;
}

// Where all times are multiples of the first difference the mean would only add error.
function isFirstExact(axis: TimeAxis, support: Intervals, step: number): boolean {
  return rangesOf(axis, support).every(({ from, to }) =>
    to <= from + 1 || Math.abs(axis.at(to - 1) - axis.at(from) - (to - 1 - from) * step) < ROUNDING / 2
  );
}

/**
 * How many steps fit into a time.
 *
 * @param time In seconds
 * @param step In seconds
 * @param exact Whether their length isn't rounded to nanoseconds, so that the last may be lost to binary fractions, as
 * pynapple loses it
 */
export function lagsIn(time: number, step: number, exact: boolean = false): number {
  let count = Math.round(time / step);
  while (count > 0 && (exact ? count * step : roundTime(count * step)) > time) count--;
  return count;
}
