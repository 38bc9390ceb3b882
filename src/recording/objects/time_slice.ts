/**
 * Which samples, and which events, lie in a stretch of time.
 *
 * @module
 */

import { rint, seconds, type TimeSlice } from "./seconds.ts";

/** Where a signal lies in time. */
export interface SampledSpan {
  /** When its first sample was taken, in seconds. */
  readonly tStart: number;
  /** When it ends, in seconds. */
  readonly tStop: number;
  /** Samples per second. */
  readonly samplingRate: number;
  /** Number of samples. */
  readonly length: number;
}

/** Samples of a stretch of time. */
export interface SampleSlice {
  /** First sample. */
  readonly start: number;
  /** First sample left out. */
  readonly stop: number;
  /** When the first of them was taken: on the grid of samples, not the time asked for. */
  readonly tStart: number;
}

/** A stretch of time in seconds, without open ends. */
export interface Span {
  /** Its begin. */
  readonly start: number;
  /** Its end. */
  readonly stop: number;
}

/**
 * A stretch of time, checked against where there is something.
 *
 * @param slice What is asked for; `null` for all
 * @param span Where there is something
 * @param strict Whether what reaches beyond is refused, rather than cut
 * @throws {RangeError} If it reaches beyond, or ends before it begins
 * @throws {TypeError} If it is none
 */
export function spanOf(
  slice: TimeSlice | null | undefined,
  { tStart, tStop }: { readonly tStart: number; readonly tStop: number },
  strict: boolean,
): Span {
  if (slice === null || slice === undefined) return { start: tStart, stop: tStop };
  if (!Array.isArray(slice) || slice.length !== 2) {
    throw new TypeError("Cannot slice in time: expected a list of two times, from and to");
  }
  const ends = [slice[0] === null ? tStart : seconds(slice[0]), slice[1] === null ? tStop : seconds(slice[1])] as const;
  const [start, stop] = ends.map((time, i) => {
    if (time >= tStart && time <= tStop) return time;
    if (!strict) return Math.min(tStop, Math.max(tStart, time));
    throw new RangeError(
      `Cannot slice in time: \`${
        i === 0 ? "t_start" : "t_stop"
      }\` is outside of the time range: ${time} s isn't within ` +
        `${tStart} to ${tStop} s; strictSlicing: false cuts instead`,
    );
  }) as [number, number];
  if (ends[1] < ends[0]) throw new RangeError(`Cannot slice in time: ${ends[1]} s lies before ${ends[0]} s`);
  return { start, stop };
}

/**
 * Which samples lie in a stretch of time: it begins at the sample nearest to its begin, and is as many samples long as its length asks
 * for, wherever it begins. So windows of one length have one number of samples.
 *
 * @param slice What is asked for; `null` for all
 * @param signal Where samples lie
 * @param strict Whether what reaches beyond is refused, rather than cut
 */
export function samplesOf(slice: TimeSlice | null | undefined, signal: SampledSpan, strict: boolean): SampleSlice {
  const { tStart, samplingRate, length } = signal;
  if (slice === null || slice === undefined) return { start: 0, stop: length, tStart };
  const span = spanOf(slice, signal, strict);
  const first = Math.min(length, Math.max(0, rint((span.start - tStart) * samplingRate)));
  const count = slice[1] === null ? length - first : Math.min(length, rint((span.stop - span.start) * samplingRate));
  // Where both begin and length lie half way between samples the sample before the nearest to the begin is as near.
  const start = Math.min(first, length - count);
  return { start, stop: start + count, tStart: tStart + start / samplingRate };
}
