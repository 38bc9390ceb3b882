/**
 * What all series share: times, a time support, and all that needs nothing else.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { checkOptions } from "../source/options.ts";
import { ndarray } from "../array/ndarray.ts";
import { slice } from "../array/select/slice.ts";
import type { ArrayReadOptions, Slice } from "../array/types.ts";
import type { TimeAxis } from "../time/axis.ts";
import { totalLength } from "../time/intervals.ts";
import { rangesOf } from "../time/ranges.ts";
import { fromSeconds, roundTime, type TimeUnit, toSeconds } from "../time/units.ts";
import { binRows, intervalRows, makeBins } from "./bins/bins.ts";
import { countsOf } from "./bins/counts.ts";
import { MICROSECOND } from "./intervals/fix_intervals.ts";
import { checkIntervals, IntervalSet } from "./intervals/interval_set.ts";
import { LENGTH_OPTIONS, type LengthOptions, seconds } from "./intervals/lengths.ts";
import { type Picked, pickIndices } from "./values/picked.ts";
import { describe, wrapIndex } from "./values/numbers.ts";
import { followsPynapple } from "./options.ts";
import type { PrintOptions } from "./print/print_options.ts";
import { composeRows, type Rows, rowsOfList, takeTimes } from "./values/rows.ts";
import {
  COUNT_OPTIONS,
  type CountOptions,
  type EpochOptions,
  TIME_DIFF_OPTIONS,
  type TimeDiffOptions,
  VALUE_FROM_OPTIONS,
  type ValueFromOptions,
} from "./series_options.ts";
import { restrictTimes, takeIndex, TimeIndex } from "./time_index.ts";
import type { Tsd } from "./tsd.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import { BOOL, isLazy, type Values } from "./values/values.ts";
import type { ValueSeries } from "./value_series.ts";

/** A series with or without values: the parent of `Ts`, `Tsd`, `TsdFrame` and `TsdTensor`. All are immutable. */
export abstract class Series {
  /** Where samples were taken; all times lie in it. */
  readonly timeSupport: IntervalSet;
  /** What had to be changed in what was given. */
  readonly warnings: readonly string[];
  readonly #index: TimeIndex;

  /** Takes times that are in order. */
  constructor(index: TimeIndex) {
    printsAsText(Series.prototype);
    this.#index = index;
    this.timeSupport = index.support;
    this.warnings = index.warnings;
  }

  /** Some of the samples, which make up `index`; reads nothing. */
  protected abstract withRows(index: TimeIndex, rows: Rows | null): this;

  /** A series with values, of the class that their number of axes asks for. */
  protected abstract make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor;

  /** The series as a table of text; what isn't read yet isn't shown. */
  abstract toString(options?: PrintOptions): string;

  /** The series as a table of text. Of lazy values only what is shown is read. */
  abstract format(options?: PrintOptions & ArrayReadOptions): Promise<string>;

  /**
   * When samples were taken: ascending, in seconds, rounded to nanoseconds. Not to be written to.
   *
   * Those of a series with a rate (as NWB files have them) are computed where they are needed; asking for this lists
   * them all.
   */
  get times(): Float64Array {
    return this.#index.times;
  }

  /** When samples were taken, without listing the times of a series with a rate. */
  get axis(): TimeAxis {
    return this.#index.axis;
  }

  /** Number of samples. */
  get length(): number {
    return this.axis.length;
  }

  /** Length of each axis. */
  get shape(): readonly number[] {
    return [this.length];
  }

  /** Samples per second of the time support; `NaN` for none without a support, infinite for some. */
  get rate(): number {
    const length = totalLength(this.timeSupport);
    return this.length === 0 && length === 0 ? NaN : this.length / length;
  }

  /** The times in another unit. */
  timesIn(unit: TimeUnit): Float64Array {
    return fromSeconds(this.times, unit);
  }

  /** The first time, `null` where there is none. */
  startTime(unit: TimeUnit = "s"): number | null {
    return this.length === 0 ? null : fromSeconds([this.axis.at(0)], unit)[0]!;
  }

  /** The last time, `null` where there is none. */
  endTime(unit: TimeUnit = "s"): number | null {
    return this.length === 0 ? null : fromSeconds([this.axis.at(this.length - 1)], unit)[0]!;
  }

  /**
   * Which samples {@linkcode Series.get} takes.
   *
   * @throws {RangeError} If `start` lies after `end`
   */
  getSlice(start: number, end?: number | null, unit: TimeUnit = "s"): Slice {
    const [from, to] = [start, end ?? start].map((time) => {
      if (typeof time !== "number" || Number.isNaN(time)) {
        throw new TypeError(`Cannot get samples at ${describe(time)}: expected a number`);
      }
      return toSeconds([time], unit)[0]!;
    }) as [number, number];
    if (end === undefined || end === null) {
      if (this.length === 0) return slice(0, 0);
      const nearest = this.axis.closest(from);
      return slice(nearest, nearest + 1);
    }
    if (from > to) throw new RangeError(`Cannot get samples from ${start} to ${end}: start should not precede end`);
    return slice(this.axis.lowerBound(from), this.axis.upperBound(to));
  }

  /**
   * The samples of a stretch of time, both ends included; without `end` the one sample nearest to `start` (of two
   * equally near the later). The time support stays as it is.
   *
   * @throws {RangeError} If `start` lies after `end`
   */
  get(start: number, end?: number | null, unit: TimeUnit = "s"): this {
    const { start: from, stop: to } = this.getSlice(start, end, unit);
    return this.slice(from!, to!);
  }

  /** The samples `from` to, not including, `to`, as `Array.slice` counts. */
  slice(from: number = 0, to: number = this.length): this {
    const clip = (index: number) => Math.min(Math.max(index < 0 ? index + this.length : index, 0), this.length);
    const first = clip(from);
    return this.#take({ from: first, to: Math.max(first, clip(to)) });
  }

  /** One sample, as a series; a negative index counts from the end. @throws {RangeError} If there is none. */
  at(index: number): this {
    const row = wrapIndex(index, this.length, "sample");
    return this.#take({ from: row, to: row + 1 });
  }

  /**
   * Some of the samples.
   *
   * @param which Their indices, ascending; a mask (booleans, or an array of bools read from a file); or a series of truth
   * values in memory
   * @throws {RangeError} If an index is out of range, not above the one before, or a mask has another length
   */
  select(which: Picked | Tsd): this {
    const list = which instanceof Series ? truths(which) : which;
    return this.#take(rowsOfList(pickIndices(list, this.length, "sample")));
  }

  /**
   * The samples that lie in intervals, ends included; they become the time support.
   *
   * @throws {TypeError} If `epochs` isn't an `IntervalSet`
   */
  restrict(epochs: IntervalSet): this {
    const { index, rows } = restrictTimes(this.axis, checkIntervals(epochs, "restrict to"));
    return this.withRows(index, rows);
  }

  /**
   * Counts samples in bins along each interval, from its start on. A bin holds its left edge and not its right one. The
   * last bin of an interval is kept while its centre lies within; where it ends with the interval, a sample there
   * counts in it (not so for `"pynapple"`, which loses it).
   *
   * @param binSize Length of a bin; nothing for one count per interval, ends included
   * @param options Options
   * @returns Counts at the centres of the bins
   * @throws {RangeError} If the length is below a nanosecond
   */
  count(binSize?: number | null, options: CountOptions = {}): Tsd {
    checkOptions(options, COUNT_OPTIONS, "count");
    const epochs = this.epochsOf(options, "count in");
    const size = binSize === undefined || binSize === null ? null : seconds(binSize, options, "bin size");
    const pynapple = followsPynapple(options);
    const bins = makeBins(epochs, size, pynapple);
    const { from, to } = size === null ? intervalRows(this.axis, epochs) : binRows(this.axis, epochs, bins, !pynapple);
    const counts = countsOf(bins.centers.length, options);
    const isBig = counts.data instanceof BigInt64Array || counts.data instanceof BigUint64Array;
    const data = counts.data as Int32Array;
    for (let i = 0; i < from.length; i++) data[i] = (isBig ? BigInt(to[i]! - from[i]!) : to[i]! - from[i]!) as number;
    return this.make(new TimeIndex(bins.centers, epochs), counts) as Tsd;
  }

  /** Differences between the times of neighbouring samples, within each interval. */
  timeDiff(options: TimeDiffOptions = {}): Tsd {
    checkOptions(options, TIME_DIFF_OPTIONS, "time diff");
    const epochs = this.epochsOf(options, "take differences in");
    const { align = "center" } = options;
    const alpha = { start: 0, center: 0.5, end: 1 }[align];
    if (alpha === undefined) {
      throw new TypeError(`Cannot align by ${describe(align)}: align should be "start", "center" or "end"`);
    }
    const ranges = rangesOf(this.times, epochs).filter(({ from, to }) => to > from + 1);
    const count = ranges.reduce((sum, { from, to }) => sum + to - from - 1, 0);
    const times = new Float64Array(count);
    const differences = new Float64Array(count);
    let at = 0;
    for (const { from, to } of ranges) {
      for (let i = from; i < to - 1; i++, at++) {
        const difference = this.times[i + 1]! - this.times[i]!;
        differences[at] = difference;
        times[at] = roundTime(this.times[i]! + alpha * difference);
      }
    }
    return this.make(new TimeIndex(times, epochs), ndarray(differences)) as Tsd;
  }

  /**
   * The smallest set of intervals that holds all samples and has no gap of `minGap` or less. Each ends a microsecond
   * after its last sample.
   */
  findSupport(minGap: number, options: LengthOptions = {}): IntervalSet {
    checkOptions(options, LENGTH_OPTIONS, "find support");
    const gap = seconds(minGap, options, "min gap");
    const starts: number[] = [];
    const ends: number[] = [];
    this.times.forEach((time, i) => {
      if (i > 0 && time - this.times[i - 1]! <= gap) ends[ends.length - 1] = time + MICROSECOND;
      else {
        starts.push(time);
        ends.push(time + MICROSECOND);
      }
    });
    return new IntervalSet(starts, ends);
  }

  /** For each sample whether it lies in intervals, ends included. */
  inInterval(epochs: IntervalSet): Tsd {
    const inside = new Uint8Array(this.length);
    for (const { from, to } of rangesOf(this.axis, checkIntervals(epochs, "look in"))) inside.fill(1, from, to);
    return this.make(new TimeIndex(this.axis, this.timeSupport), ndarray(inside, undefined, BOOL)) as Tsd;
  }

  /**
   * The values that another series has at this one's times. Both are looked at within one interval at a time; times
   * outside the intervals are left out, and where an interval has no sample to take the value is NaN (which makes
   * integers float64). Of lazy values only the rows taken are read.
   *
   * @param data Where values come from
   * @param options Options
   * @returns A series of `data`'s class at this series' times
   * @throws {TypeError} If `data` has no values
   */
  async valueFrom<S extends ValueSeries>(data: S, options: ValueFromOptions = {}): Promise<S> {
    checkOptions(options, VALUE_FROM_OPTIONS, "value from");
    if (!(data instanceof Series) || !("values" in data)) {
      throw new TypeError(
        `Cannot take values from ${describe(data)}: argument should be an instance of Tsd, TsdFrame or TsdTensor`,
      );
    }
    const epochs = checkIntervals(options.epochs ?? data.timeSupport, "take values in");
    const [{ matchTimes }, { gatherRows }] = await Promise.all([
      import("./process/match.ts"),
      import("./values/gather.ts"),
    ]);
    const { rows, match } = matchTimes(this.times, data.axis, epochs, options.mode ?? "closest");
    const values = await gatherRows(data.values, match, options);
    return data.like(new TimeIndex(takeTimes(this.times, rows), epochs), values);
  }

  /** The intervals that options name, else the time support. @throws {TypeError} If they aren't intervals. */
  protected epochsOf(options: EpochOptions, action: string): IntervalSet {
    return checkIntervals(options.epochs ?? this.timeSupport, action);
  }

  #take(rows: Rows): this {
    return this.withRows(takeIndex(this.#index, rows), composeRows(null, rows));
  }
}

function truths(mask: Series): boolean[] {
  const values = "values" in mask ? mask.values as Values : null;
  if (values === null || isLazy(values) || values.dtype.kind !== "bool") {
    throw new TypeError("Cannot select samples by a series: it must contain boolean values, in memory");
  }
  return Array.from(values.data as Uint8Array, Boolean);
}
