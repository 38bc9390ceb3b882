/**
 * Where the samples of a regular series stand in time.
 *
 * @module
 */

import type { Interval } from "../intervals/interval.ts";
import { countRows, type Rows } from "../columns/rows.ts";

/** Samples at `domain.start[0] + i / samplingRate`. */
export interface Grid {
  /** When samples were taken; what lies between its intervals is filled up. */
  readonly domain: Interval;
  /** Samples per second. */
  readonly samplingRate: number;
  /** Number of samples. */
  readonly count: number;
}

/**
 * A sampling rate that is one.
 *
 * @param rate Samples per second
 * @param name What is made, for messages
 * @throws {RangeError} If it isn't finite and above 0
 */
export function checkRate(rate: unknown, name: string): number {
  if (typeof rate === "number" && Number.isFinite(rate) && rate > 0) return rate;
  throw new RangeError(`Cannot make ${name} with a sampling rate of ${String(rate)}: expected samples per second`);
}

/**
 * The first sample at or after a time, and when it was taken; the ends of the domain beyond it.
 *
 * @param grid The samples
 * @param time In seconds
 * @param eps How near to a sample, in samples, a time is taken to be on it
 */
export function snapped(
  { domain, samplingRate, count }: Grid,
  time: number,
  eps: number,
): { row: number; time: number } {
  const start = domain.start[0] ?? 0;
  const end = domain.end.at(-1) ?? start;
  if (time <= start) return { row: 0, time: start };
  if (time > end) return { row: count, time: end };
  const exact = (time - start) * samplingRate;
  const near = Math.round(exact);
  const row = Math.min(count, Math.ceil(Math.abs(exact - near) < eps ? near : exact));
  return { row, time: start + row / samplingRate };
}

/**
 * The first row whose timestamp isn't before a time, by the timestamps as they are computed.
 *
 * @param grid The samples
 * @param time In seconds
 */
export function rowAt({ domain, samplingRate, count }: Grid, time: number): number {
  const start = domain.start[0] ?? 0;
  let row = Math.min(count, Math.max(0, Math.ceil((time - start) * samplingRate)));
  while (row > 0 && start + (row - 1) / samplingRate >= time) row--;
  while (row < count && start + row / samplingRate < time) row++;
  return row;
}

/**
 * Which samples are real: 1 for each row in the domain, 0 for those in a gap.
 *
 * @param grid The samples
 */
export function realRows({ domain, samplingRate, count }: Grid): Uint8Array {
  if (domain.length <= 1) return new Uint8Array(count).fill(1);
  const mask = new Uint8Array(count);
  const first = domain.start[0]!;
  for (let i = 0; i < domain.length; i++) {
    const start = Math.round((domain.start[i]! - first) * samplingRate);
    mask.fill(1, start, Math.round((domain.end[i]! - first) * samplingRate));
  }
  return mask;
}

/** When rows were taken, in seconds. */
export function timesAt({ domain, samplingRate }: Grid, rows: Rows): Float64Array {
  const start = domain.start[0] ?? 0;
  const times = new Float64Array(countRows(rows));
  if (rows.kind === "range") {
    for (let i = 0; i < times.length; i++) times[i] = start + (rows.start + i) / samplingRate;
  } else {
    for (let i = 0; i < times.length; i++) times[i] = start + rows.list[i]! / samplingRate;
  }
  return times;
}
