/**
 * The class that values ask for.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import type { Numbers } from "./values/numbers.ts";
import { SERIES_OPTIONS, type SeriesOptions, type TimeIndex } from "./time_index.ts";
import { Tsd } from "./tsd.ts";
import { TsdFrame } from "./tsd_frame.ts";
import { TsdTensor } from "./tsd_tensor.ts";
import { toValues, type ValuesInput } from "./values/values.ts";

/**
 * A series of the class that its values' number of axes asks for: one a `Tsd`, two a `TsdFrame`, more a `TsdTensor`.
 *
 * @param times The times
 * @param values A row for each
 * @param options Options
 * @throws {ShapeError} If there are not as many rows as times, or values have no axis
 */
export function makeSeries(
  times: Numbers | TimeIndex,
  values: ValuesInput,
  options: SeriesOptions = {},
): Tsd | TsdFrame | TsdTensor {
  checkOptions(options, SERIES_OPTIONS, "make series");
  const array = toValues(values);
  if (array.shape.length <= 1) return new Tsd(times, array, options);
  return array.shape.length === 2 ? new TsdFrame(times, array, options) : new TsdTensor(times, array, options);
}
