/**
 * Times alone.
 *
 * @module
 */

import type { ArrayReadOptions } from "../array/types.ts";
import { makeSeries } from "./make_series.ts";
import type { Numbers } from "./numbers.ts";
import type { PrintOptions } from "./print_options.ts";
import { formatTimes } from "./print_series.ts";
import type { Rows } from "./rows.ts";
import { Series } from "./series.ts";
import { indexTimes, type SeriesOptions, type TimeIndex } from "./time_index.ts";
import type { Tsd } from "./tsd.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import type { Values } from "./values.ts";

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
  }

  /** The times as a table of text. */
  override toString(options?: PrintOptions): string {
    return formatTimes(this.times, options);
  }

  /** The times as a table of text. */
  override format(options?: PrintOptions & ArrayReadOptions): Promise<string> {
    return Promise.resolve(this.toString(options));
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
