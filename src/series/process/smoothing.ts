/**
 * The window that a series is smoothed with.
 *
 * @module
 */

import { seconds } from "../intervals/lengths.ts";
import type { SmoothOptions } from "../values/value_options.ts";
import { gaussian } from "./convolve.ts";

/**
 * A Gaussian window of an odd number of samples.
 *
 * @param rate Samples per second
 * @param std Standard deviation
 * @param options How long it is, and whether its sum is 1
 * @throws {RangeError} If the standard deviation isn't above zero, or the series has no rate
 */
export function smoothingWindow(rate: number, std: number, options: SmoothOptions): Float64Array {
  const points = rate * seconds(std, options, "standard deviation");
  if (!(points > 0 && points < Infinity)) {
    throw new RangeError(`Cannot smooth with a standard deviation of ${std} at ${rate} samples per second`);
  }
  const length = Math.trunc(
    options.windowSize === undefined
      ? points * (options.sizeFactor ?? 100)
      : rate * seconds(options.windowSize, options, "window size"),
  );
  return gaussian(length % 2 === 0 ? length + 1 : length, points, options.norm !== false);
}
