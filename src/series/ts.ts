/**
 * Times alone.
 *
 * @module
 */

import { FORMAT_OPTIONS, PRINT_OPTIONS } from "./print/print_options.ts";
import { checkOptions } from "../source/options.ts";
import { ndarray } from "../array/ndarray.ts";
import type { ArrayReadOptions, NDArray, NumericData } from "../array/types.ts";
import { checkIntervals, type IntervalSet } from "./intervals/interval_set.ts";
import { makeSeries } from "./make_series.ts";
import { describe, type Numbers } from "./values/numbers.ts";
import type { PrintOptions } from "./print/print_options.ts";
import { formatTimes } from "./print/print_series.ts";
import type { Rows } from "./values/rows.ts";
import { Series } from "./series.ts";
import { indexTimes, SERIES_OPTIONS, type SeriesOptions, TimeIndex } from "./time_index.ts";
import { countTrials, TRIAL_COUNT_OPTIONS, type TrialCountOptions } from "./bins/trials.ts";
import type { Tsd } from "./tsd.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import type { Values } from "./values/values.ts";

/**
 * Times without values: spikes, licks, frames of a video.
 *
 * @example Usage
 * ```ts
 * import { Ts } from "./ts.ts";
 * import assert from "node:assert/strict";
 *
 * const spikes = new Ts([500, 1200, 2100], { unit: "ms" });
 * assert.deepEqual(spikes.times, Float64Array.of(0.5, 1.2, 2.1));
 * assert.deepEqual(spikes.get(1, 3).length, 2);
 * ```
 */
export class Ts extends Series {
  /**
   * Makes a series of times. They are brought into order: NaN left out, sorted, rounded to nanoseconds, restricted to the
   * time support; what had to be changed is in `warnings`. A single time has itself for a time support (`"pynapple"`:
   * none).
   *
   * @param times The times
   * @param options Options
   * @throws {TypeError} If these aren't times
   */
  constructor(times: Numbers | TimeIndex, options: SeriesOptions = {}) {
    super(indexTimes(times, options).index);
    checkOptions(options, SERIES_OPTIONS, "make a Ts");
  }

  /** A series with the same value at each time. */
  fillna(value: number): Tsd {
    if (typeof value !== "number") {
      throw new TypeError(`Cannot fill with ${describe(value)}: only a number can be passed`);
    }
    const values = ndarray(new Float64Array(this.length).fill(value));
    return this.make(new TimeIndex(this.times, this.timeSupport), values) as Tsd;
  }

  /**
   * Counts times in bins along each trial.
   *
   * @param epochs The trials
   * @param binSize Length of a bin
   * @param options Options
   * @returns Counts of shape (trials, bins); shorter trials are padded
   */
  trialCount(epochs: IntervalSet, binSize: number, options: TrialCountOptions = {}): NDArray {
    checkOptions(options, TRIAL_COUNT_OPTIONS, "trial count");
    const { data, shape } = countTrials([this.times], checkIntervals(epochs, "count in"), binSize, options);
    return ndarray(data as NumericData, shape.slice(1));
  }

  /** The times as a table of text. */
  override toString(options?: PrintOptions): string {
    checkOptions(options, PRINT_OPTIONS, "print");
    return formatTimes(this.times, options);
  }

  /** The times as a table of text. */
  // deno-lint-ignore require-await -- so that a wrong option rejects
  override async format(options: PrintOptions & ArrayReadOptions = {}): Promise<string> {
    checkOptions(options, FORMAT_OPTIONS, "print");
    return this.toString({ columns: options.columns, rows: options.rows });
  }

  /** Some of the times. */
  protected override withRows(index: TimeIndex, _rows: Rows | null): this {
    return new Ts(index) as this;
  }

  /** A series with values. */
  protected override make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor {
    return makeSeries(index, values);
  }
}
