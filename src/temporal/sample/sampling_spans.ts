import type { Intervals } from "../../time/intervals.ts";
import { checkIntervals } from "../intervals/check_intervals.ts";
import { timeSlack } from "../intervals/interval_grid.ts";

/** A window of a recording: what to slice. */
export interface DatasetIndex {
  /** Which recording. */
  readonly recordingId: string;
  /** Where the window begins, in seconds. */
  readonly start: number;
  /** Where it ends, in seconds. */
  readonly end: number;
}

/** What may be sampled: intervals by recording. */
export type SamplingIntervals = Readonly<Record<string, Intervals>> | ReadonlyMap<string, Intervals>;

/** An interval to sample: which recording, from where to where, and what rounding may have cost its ends. */
export interface Span extends DatasetIndex {
  /** In seconds. */
  readonly slack: number;
}

/**
 * All intervals of all recordings, checked.
 *
 * @param intervals What was given
 * @throws {TypeError} If it isn't intervals by recording
 * @throws {RangeError} If an interval isn't finite or ends before it starts
 */
export function spansOf(intervals: SamplingIntervals): Span[] {
  if (typeof intervals !== "object" || intervals === null) {
    throw new TypeError("Cannot sample: samplingIntervals must be an object or a Map of intervals by recording");
  }
  const spans: Span[] = [];
  for (const [recordingId, some] of intervals instanceof Map ? intervals : Object.entries(intervals)) {
    checkIntervals(some, `sample "${recordingId}"`);
    for (const [i, start] of some.start.entries()) {
      const end = some.end[i]!;
      if (!(Number.isFinite(end - start) && start <= end)) {
        throw new RangeError(
          `Cannot sample "${recordingId}": interval ${i} from ${start} to ${end} isn't finite and in order`,
        );
      }
      spans.push({ recordingId, start, end, slack: timeSlack(start, end) });
    }
  }
  return spans;
}

/**
 * Intervals with room for a window, and what the others were.
 *
 * @param intervals What was given
 * @param windowLength Length of a window, in seconds
 * @param dropShort Whether others are allowed
 * @throws {TypeError} If it isn't intervals by recording
 * @throws {RangeError} If an interval isn't finite or ends before it starts; if one is too short and this isn't allowed, or
 * all are; if the length is lost in rounding
 */
export function longSpans(
  intervals: SamplingIntervals,
  windowLength: number,
  dropShort: boolean,
): { spans: Span[]; dropped: Span[] } {
  const [spans, dropped]: [Span[], Span[]] = [[], []];
  for (const span of spansOf(intervals)) {
    const { recordingId, start, end, slack } = span;
    if (end - start + slack >= windowLength) {
      checkResolution(windowLength, span, "windowLength");
      spans.push(span);
    } else if (dropShort) dropped.push(span);
    else {
      throw new RangeError(
        `Cannot sample "${recordingId}": interval (${start}, ${end}) is too short, a window takes ${windowLength} s`,
      );
    }
  }
  if (spans.length === 0 && dropped.length > 0) {
    throw new RangeError(`Cannot sample: all intervals are shorter than a window of ${windowLength} s`);
  }
  return { spans, dropped };
}

/**
 * Checks that times of an interval can be told apart at a length.
 *
 * @param length In seconds
 * @param span The interval
 * @param name What the length is called
 * @throws {RangeError} If they can't
 */
export function checkResolution(length: number, { recordingId, start, end, slack }: Span, name: string): void {
  if (length > slack) return;
  throw new RangeError(
    `Cannot sample "${recordingId}" from ${start} to ${end}: ${name} of ${length} is lost in rounding`,
  );
}

/**
 * What to tell about intervals that were left out.
 *
 * @param dropped Those
 * @param count How many windows the others have
 * @param windowLength Length of a window, in seconds
 */
export function warningsOf(dropped: readonly Span[], count: number, windowLength: number): string[] {
  if (dropped.length === 0) return [];
  const seconds = dropped.reduce((sum, { start, end }) => sum + (end - start), 0);
  return [
    `Skipping ${seconds} seconds of data due to ${dropped.length} short intervals. Remaining: ${
      count * windowLength
    } seconds`,
  ];
}
