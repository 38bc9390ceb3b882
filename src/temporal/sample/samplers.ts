/**
 * Samplers: which windows of which recordings to read, in which order. They read nothing.
 *
 * Windows lie where `start + i * step` is, and one that ends with its interval up to rounding ends with it: none is lost
 * because `start + length` came out a little too large, and none is repeated because it came out a little too small, as
 * happens in the original. What is asked for is checked at once and not when it is first iterated.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { checkLength } from "../intervals/check_intervals.ts";
import { Random } from "./random.ts";
import {
  checkResolution,
  type DatasetIndex,
  longSpans,
  type SamplingIntervals,
  type Span,
  spansOf,
  warningsOf,
} from "./sampling_spans.ts";

/** As many as a permutation has numbers. */
const MOST = 2 ** 32 - 1;

/** An iterable of windows, which can be gone through again. */
export interface Sampler extends Iterable<DatasetIndex> {
  /** How many windows one pass gives. */
  readonly length: number;
  /** What a user should know: data that was left out. */
  readonly warnings: readonly string[];
}

/** What the samplers of windows are made of. */
export interface FixedWindowOptions {
  /** What may be sampled: intervals by recording. They are copied. */
  readonly samplingIntervals: SamplingIntervals;
  /** Length of a window, in seconds. */
  readonly windowLength: number;
  /** Whether intervals shorter than a window are left out, with a warning; else they are an error. */
  readonly dropShort?: boolean | undefined;
}

/** What a {@linkcode SequentialFixedWindowSampler} is made of. Short intervals are an error unless `dropShort` is set. */
export interface SequentialFixedWindowOptions extends FixedWindowOptions {
  /** From the start of a window to that of the next, in seconds. @default {windowLength} */
  readonly step?: number | undefined;
}

/** What a {@linkcode RandomFixedWindowSampler} is made of. Short intervals are left out unless `dropShort` is false. */
export interface RandomFixedWindowOptions extends FixedWindowOptions {
  /** Where random numbers begin; without one they differ each time. */
  readonly seed?: number | bigint | undefined;
}

/** What a {@linkcode TrialSampler} is made of. */
export interface TrialSamplerOptions {
  /** The trials: intervals by recording. They are copied. */
  readonly samplingIntervals: SamplingIntervals;
  /** Whether trials come in random order. @default {false} */
  readonly shuffle?: boolean | undefined;
  /** Where random numbers begin; without one they differ each time. */
  readonly seed?: number | bigint | undefined;
}

const FIXED_WINDOW_OPTIONS: OptionNames<FixedWindowOptions> = {
  samplingIntervals: true,
  windowLength: true,
  dropShort: true,
};
const SEQUENTIAL_OPTIONS: OptionNames<SequentialFixedWindowOptions> = { ...FIXED_WINDOW_OPTIONS, step: true };
const RANDOM_OPTIONS: OptionNames<RandomFixedWindowOptions> = { ...FIXED_WINDOW_OPTIONS, seed: true };
const TRIAL_OPTIONS: OptionNames<TrialSamplerOptions> = { samplingIntervals: true, shuffle: true, seed: true };

/**
 * Windows of one length in order of time, which cover every interval: where the last doesn't reach the end, one more does, and
 * overlaps it. (Windows that are further apart than they are long leave gaps between them.)
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SequentialFixedWindowSampler } from "./samplers.ts";
 *
 * const session = { start: Float64Array.of(0), end: Float64Array.of(10) };
 * const sampler = new SequentialFixedWindowSampler({ samplingIntervals: { session }, windowLength: 4 });
 * assert.equal(sampler.length, 3);
 * assert.deepEqual([...sampler].map(({ start, end }) => [start, end]), [[0, 4], [4, 8], [6, 10]]);
 * ```
 */
export class SequentialFixedWindowSampler implements Sampler {
  /** How many windows one pass gives. */
  readonly length: number;
  /** What was left out. */
  readonly warnings: readonly string[];
  readonly #spans: readonly Span[];
  readonly #windowLength: number;
  readonly #step: number;

  /**
   * Checks the intervals and counts the windows.
   *
   * @param options Intervals, length and step of windows
   * @throws {TypeError} If intervals or numbers are of another type
   * @throws {RangeError} If a length isn't positive and finite, or is lost in rounding; if an interval isn't finite, ends
   * before it starts, or is shorter than a window and `dropShort` isn't set; or if all of them are
   */
  constructor(options: SequentialFixedWindowOptions) {
    checkOptions(options, SEQUENTIAL_OPTIONS, "sample windows");
    const { samplingIntervals, windowLength, step = windowLength, dropShort = false } = options;
    printsAsText(SequentialFixedWindowSampler.prototype);
    checkLength(windowLength, "sample windows", "windowLength");
    checkLength(step, "sample windows", "step");
    const { spans, dropped } = longSpans(samplingIntervals, windowLength, dropShort);
    for (const span of spans) checkResolution(step, span, "step");
    this.#spans = spans;
    this.#windowLength = windowLength;
    this.#step = step;
    this.length = spans.reduce((sum, span) => sum + this.#stepsOf(span) + (this.#restOf(span) ? 1 : 0), 0);
    this.warnings = warningsOf(dropped, this.length, windowLength);
  }

  /** Such as `SequentialFixedWindowSampler(windows=3, window_length=4, step=4)`. */
  toString(): string {
    return `SequentialFixedWindowSampler(windows=${this.length}, window_length=${this.#windowLength}, step=${this.#step})`;
  }

  /** The windows, recording by recording. */
  *[Symbol.iterator](): Generator<DatasetIndex, undefined, undefined> {
    for (const span of this.#spans) {
      const { recordingId, start, end } = span;
      const steps = this.#stepsOf(span);
      for (let i = 0; i < steps; i++) yield windowAt(span, start + i * this.#step, this.#windowLength);
      if (this.#restOf(span)) yield { recordingId, start: end - this.#windowLength, end };
    }
  }

  /** How many steps fit with their windows. */
  #stepsOf({ start, end, slack }: Span): number {
    return Math.max(0, Math.floor((end - start - this.#windowLength + slack) / this.#step)) + 1;
  }

  /** Whether the windows leave something at the end. */
  #restOf(span: Span): boolean {
    const last = span.start + (this.#stepsOf(span) - 1) * this.#step + this.#windowLength;
    return span.end - last > span.slack;
  }
}

/**
 * Windows of one length at random places, as many as fit into each interval side by side, in random order. Each pass moves
 * and shuffles them anew, and goes on in the stream of random numbers; a sampler made with the same seed gives the same
 * passes. Random numbers are NumPy's, not torch's: windows aren't those that the original gives for that seed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { RandomFixedWindowSampler } from "./samplers.ts";
 *
 * const session = { start: Float64Array.of(0), end: Float64Array.of(100) };
 * const sampler = new RandomFixedWindowSampler({ samplingIntervals: { session }, windowLength: 1, seed: 0 });
 * assert.equal(sampler.length, 100);
 * assert.equal([...sampler].length, 100);
 * ```
 */
export class RandomFixedWindowSampler implements Sampler {
  /** How many windows one pass gives. */
  readonly length: number;
  /** What was left out. */
  readonly warnings: readonly string[];
  readonly #spans: readonly Span[];
  readonly #windowLength: number;
  readonly #random: Random;

  /**
   * Checks the intervals and counts the windows.
   *
   * @param options Intervals, length of windows, seed
   * @throws {TypeError} If intervals or numbers are of another type
   * @throws {RangeError} If the length isn't positive and finite, or is lost in rounding; if an interval isn't finite, ends
   * before it starts, or is shorter than a window and `dropShort` is false; if all of them are; or if the seed isn't a
   * whole number
   */
  constructor(options: RandomFixedWindowOptions) {
    checkOptions(options, RANDOM_OPTIONS, "sample windows");
    const { samplingIntervals, windowLength, dropShort = true, seed } = options;
    printsAsText(RandomFixedWindowSampler.prototype);
    checkLength(windowLength, "sample windows", "windowLength");
    const { spans, dropped } = longSpans(samplingIntervals, windowLength, dropShort);
    this.#spans = spans;
    this.#windowLength = windowLength;
    this.#random = new Random(seed);
    this.length = spans.reduce((sum, span) => sum + this.#fitting(span, 0), 0);
    if (this.length > MOST) {
      throw new RangeError(`Cannot sample ${this.length} windows in random order: at most ${MOST}`);
    }
    this.warnings = warningsOf(dropped, this.length, windowLength);
  }

  /** Such as `RandomFixedWindowSampler(windows=100, window_length=1)`. */
  toString(): string {
    return `RandomFixedWindowSampler(windows=${this.length}, window_length=${this.#windowLength})`;
  }

  /** The windows of one pass. All its random numbers are drawn when the first window is asked for. */
  *[Symbol.iterator](): Generator<DatasetIndex, undefined, undefined> {
    const starts = new Float64Array(this.length);
    const owners = new Uint32Array(this.length);
    let at = 0;
    for (const [owner, span] of this.#spans.entries()) {
      const first = at;
      at += this.#fitting(span, 0);
      this.#place(span, starts.subarray(first, at));
      owners.fill(owner, first, at);
    }
    for (const i of this.#random.permutation(this.length)) {
      yield windowAt(this.#spans[owners[i]!]!, starts[i]!, this.#windowLength);
    }
  }

  /** How many windows fit behind an offset. */
  #fitting({ start, end, slack }: Span, offset: number): number {
    return Math.floor((end - start - offset + slack) / this.#windowLength);
  }

  /** Chooses where the windows of an interval begin. */
  #place(span: Span, starts: Float64Array): void {
    const { start, end } = span;
    const offset = this.#random.float() * this.#windowLength;
    // The offset is less than a window, so at most one window doesn't fit.
    const behind = Math.min(starts.length, Math.max(starts.length - 1, this.#fitting(span, offset)));
    for (let i = 0; i < behind; i++) starts[i] = start + offset + i * this.#windowLength;
    // What is left on both sides makes up one more window, at the side where more is left.
    if (behind === starts.length) return;
    const right = end - start - offset - behind * this.#windowLength;
    starts[behind] = right > offset ? Math.max(start, end - this.#windowLength) : start;
  }
}

/**
 * Each interval as it is: a trial, whatever its length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { TrialSampler } from "./samplers.ts";
 *
 * const session = { start: Float64Array.of(0, 5), end: Float64Array.of(2, 8) };
 * assert.deepEqual([...new TrialSampler({ samplingIntervals: { session } })], [
 *   { recordingId: "session", start: 0, end: 2 },
 *   { recordingId: "session", start: 5, end: 8 },
 * ]);
 * ```
 */
export class TrialSampler implements Sampler {
  /** How many trials there are. */
  readonly length: number;
  /** Always empty: no trial is left out. */
  readonly warnings: readonly string[] = [];
  readonly #trials: readonly DatasetIndex[];
  readonly #random: Random | undefined;

  /**
   * Lists the trials.
   *
   * @param options Intervals, whether they are shuffled, seed
   * @throws {TypeError} If intervals are of another type
   * @throws {RangeError} If an interval isn't finite or ends before it starts, or the seed isn't a whole number
   */
  constructor(options: TrialSamplerOptions) {
    checkOptions(options, TRIAL_OPTIONS, "sample trials");
    const { samplingIntervals, shuffle = false, seed } = options;
    printsAsText(TrialSampler.prototype);
    this.#trials = spansOf(samplingIntervals).map(({ recordingId, start, end }) => ({ recordingId, start, end }));
    this.#random = shuffle ? new Random(seed) : undefined;
    this.length = this.#trials.length;
  }

  /** Such as `TrialSampler(trials=2, shuffle=false)`. */
  toString(): string {
    return `TrialSampler(trials=${this.length}, shuffle=${this.#random !== undefined})`;
  }

  /** The trials: as they were given, or shuffled anew in each pass. */
  *[Symbol.iterator](): Generator<DatasetIndex, undefined, undefined> {
    if (this.#random === undefined) yield* this.#trials.map((trial) => ({ ...trial }));
    else for (const i of this.#random.permutation(this.length)) yield { ...this.#trials[i]! };
  }
}

/** A window that begins within an interval. It doesn't leave it, nor end just before it does, by rounding. */
function windowAt({ recordingId, end, slack }: Span, start: number, windowLength: number): DatasetIndex {
  const stop = start + windowLength;
  return { recordingId, start, end: stop < end - slack ? stop : end };
}
