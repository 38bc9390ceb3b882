/**
 * Times as people write them.
 *
 * @module
 */

import { describeValue } from "../../source/describe_value.ts";

/** A time: seconds, or text with a unit, such as `"-20 ms"`. */
export type Time = number | string;

/** A stretch of time: from, to; `null` for the beginning or the end. */
export type TimeSlice = readonly [start: Time | null, stop: Time | null];

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  ms: 1e3,
  us: 1e6,
  µs: 1e6,
  μs: 1e6,
  ns: 1e9,
  min: 1 / 60,
  h: 1 / 3600,
};

/**
 * A time in seconds.
 *
 * @param time Seconds, or text with a unit: s, ms, us, ns, min, h
 * @returns Seconds
 * @throws {TypeError} If it is neither
 *
 * @example Usage
 * ```ts
 * import { seconds } from "./seconds.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(seconds("-20 ms"), -0.02);
 * assert.equal(1.5 + seconds("1 min"), 61.5);
 * ```
 */
export function seconds(time: Time): number {
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  const match = typeof time === "string"
    ? /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-zµμ]+)\s*$/i.exec(time)
    : null;
  const per = match === null ? undefined : Object.hasOwn(UNITS, match[2]!) ? UNITS[match[2]!] : undefined;
  if (per === undefined) {
    throw new TypeError(
      `Cannot take ${describeValue(time)} as a time: expected seconds, or text such as "-20 ms", "1.5 s", "2 min"`,
    );
  }
  // Divided, where that is exact: -20 / 1000 is the number nearest to -0.02, -20 * 0.001 isn't.
  return per >= 1 ? Number(match![1]) / per : Number(match![1]) * Math.round(1 / per);
}

/** Rounds as NumPy's `rint`: halves to even. */
export function rint(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
