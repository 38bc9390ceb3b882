/**
 * Times with an array of values each.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import type { AxisSelection } from "../array/types.ts";
import { ShapeError } from "../source/errors.ts";
import { makeSeries } from "./make_series.ts";
import type { Numbers } from "./values/numbers.ts";
import { SERIES_OPTIONS, type SeriesOptions, type TimeIndex } from "./time_index.ts";
import type { Tsd } from "./tsd.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import { indexValues } from "./indexed_values.ts";
import { ValueSeries } from "./value_series.ts";
import { takeAxes, type Values, type ValuesInput } from "./values/values.ts";

/**
 * A series with an array of two or more axes per sample: frames of a film.
 *
 * @example Usage
 * ```ts
 * import { TsdTensor } from "./tsd_tensor.ts";
 * import assert from "node:assert/strict";
 *
 * const film = new TsdTensor([0, 0.1], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
 * assert.deepEqual((await film.pick([1, 0]).read()).data, Float64Array.of(3, 7));
 * ```
 */
export class TsdTensor extends ValueSeries {
  /**
   * Makes a series of arrays. Times are brought into order, and values with them; a lazy array stays lazy, and nothing of
   * it is read.
   *
   * @param times The times
   * @param values An array for each
   * @param options Options
   * @throws {ShapeError} If there are not as many rows as times, or values have fewer than three axes
   */
  constructor(times: Numbers | TimeIndex, values: ValuesInput, options: SeriesOptions = {}) {
    checkOptions(options, SERIES_OPTIONS, "make a TsdTensor");
    const indexed = indexValues(times, values, options);
    if (indexed.values.shape.length < 3) {
      throw new ShapeError(
        `Cannot make a TsdTensor of ${indexed.values.shape.length} axes: data should have more than 2 dimensions; ` +
          "use TsdFrame or Tsd",
      );
    }
    super(indexed);
  }

  /**
   * Part of each sample's array; reads nothing.
   *
   * @param axes What to take along each axis behind the first
   * @returns A series of the class that the axes left ask for
   * @throws {SelectionError} If the selection doesn't fit the shape
   */
  pick(axes: readonly AxisSelection[]): Tsd | TsdFrame | TsdTensor {
    return this.make(this.index(), takeAxes(this.values, axes));
  }

  /** A series of other times and values. */
  override like(index: TimeIndex, values: Values): this {
    return new TsdTensor(index, values) as this;
  }

  /** A series of the class that values ask for. */
  protected override make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor {
    return makeSeries(index, values);
  }
}
