/**
 * Times are seconds in float64. Other units are converted where they come in and go out.
 *
 * @module
 */

/** Unit of a time: seconds, milliseconds, microseconds. */
export type TimeUnit = "s" | "ms" | "us";

const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6 };

/** Times are kept to this fraction of a second, so that computed and stored ones compare equal: pynapple's choice. */
const RESOLUTION = 1e9;

/** The largest time that has a nanosecond digit at all; beyond it rounding would only add error. */
const LARGEST = 2 ** 53 / RESOLUTION;

/**
 * Rounds a time to whole nanoseconds, halves to even, as NumPy's `round(t, 9)` does.
 *
 * @param seconds The time
 */
export function roundTime(seconds: number): number {
  if (!(Math.abs(seconds) < LARGEST)) return seconds;
  const scaled = seconds * RESOLUTION;
  const rounded = Math.round(scaled);
  const even = rounded - scaled === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return even / RESOLUTION;
}

/**
 * Times of any unit as seconds, rounded to nanoseconds.
 *
 * @param times The times
 * @param unit Their unit
 * @returns Their seconds, in an array of their own
 * @throws {TypeError} If the unit isn't one
 */
export function toSeconds(times: ArrayLike<number>, unit: TimeUnit = "s"): Float64Array<ArrayBuffer> {
  const scale = perSecond(unit);
  const seconds = new Float64Array(times.length);
  for (let i = 0; i < seconds.length; i++) seconds[i] = roundTime(times[i]! / scale);
  return seconds;
}

/**
 * Seconds in another unit, rounded to nine decimals of it.
 *
 * @param seconds The times
 * @param unit The unit wanted
 * @throws {TypeError} If the unit isn't one
 */
export function fromSeconds(seconds: ArrayLike<number>, unit: TimeUnit): Float64Array<ArrayBuffer> {
  const scale = perSecond(unit);
  const times = new Float64Array(seconds.length);
  for (let i = 0; i < times.length; i++) times[i] = roundTime(seconds[i]! * scale);
  return times;
}

/** How many of a unit make a second. @throws {TypeError} If the unit isn't one. */
export function perSecond(unit: TimeUnit): number {
  const scale = Object.hasOwn(PER_SECOND, unit) ? PER_SECOND[unit] : undefined;
  if (scale === undefined) {
    throw new TypeError(`Cannot take ${JSON.stringify(unit)} as a unit of time: it is one of "s", "ms" and "us"`);
  }
  return scale;
}
