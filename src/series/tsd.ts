/**
 * Times with one value each.
 *
 * @module
 */

import { ShapeError } from "../source/errors.ts";
import { makeSeries } from "./make_series.ts";
import type { Numbers } from "./numbers.ts";
import type { SeriesOptions, TimeIndex } from "./time_index.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import { indexValues, ValueSeries } from "./value_series.ts";
import type { Values, ValuesInput } from "./values.ts";

/**
 * A series with one value per sample: a position, a voltage, a count.
 *
 * @example Usage
 * ```ts
 * import { Tsd } from "./tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const speed = new Tsd([0, 1, 2, 3], [5, 7, 4, 6]);
 * assert.deepEqual((await speed.get(1, 2).read()).data, Float64Array.of(7, 4));
 * ```
 */
export class Tsd extends ValueSeries {
  /**
   * Makes a series of values. Times are brought into order, and values with them (`"pynapple"` leaves values where they
   * were); a lazy array stays lazy, and nothing of it is read.
   *
   * @param times The times
   * @param values A value for each
   * @param options Options
   * @throws {ShapeError} If there are not as many values as times, or values have more than one axis
   * @throws {TypeError} If these aren't times or values
   */
  constructor(times: Numbers | TimeIndex, values: ValuesInput, options: SeriesOptions = {}) {
    const indexed = indexValues(times, values, options);
    if (indexed.values.shape.length !== 1) {
      throw new ShapeError(`Cannot make a Tsd of ${indexed.values.shape.length} axes: data should be 1 dimensional`);
    }
    super(indexed);
  }

  /** A series of other times and values. */
  override like(index: TimeIndex, values: Values): this {
    return new Tsd(index, values) as this;
  }

  /** A series of the class that values ask for. */
  protected override make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor {
    return makeSeries(index, values);
  }
}
