/**
 * Every so many samples one, behind a filter.
 *
 * @module
 */

import type { LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { chebyshevSections } from "../filter/chebyshev.ts";
import { type FilterOptions, prepareFilter } from "../filter/prepare_filter.ts";
import { numberOf } from "../transform/check.ts";
import type { TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";

/** Options of {@linkcode decimate}. */
export interface SignalDecimateOptions extends FilterOptions {
  /** How many samples become one. */
  readonly factor: number;
  /**
   * The order of the filter before.
   *
   * @default {8}
   */
  readonly order?: number | undefined;
}

/**
 * Every `factor`-th sample, after a filter has taken out what these couldn't show: a Chebyshev filter of the first kind, with ripples of
 * 0.05 dB up to 0.8 of half the new rate, forwards and backwards; SciPy's `decimate`.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options How many samples become one
 * @returns A lazy array of `ceil(samples / factor)` samples
 * @throws {RangeError} If the factor isn't a whole number, or there are too few samples
 *
 * @example Usage
 * ```ts
 * import { decimate } from "./decimate.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const fewer = decimate(ndarray(new Float64Array(1001).fill(2)), { factor: 10, samplingRate: 1000 });
 * assert.deepEqual([fewer.shape, fewer.samplingRate], [[101], 100]);
 * assert.ok(Math.abs((await fewer.read([50])).data[0]! - 2) < 0.05);
 * ```
 */
export function decimate(
  input: LazyArray | NDArray,
  options: SignalDecimateOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(DECIMATE, input, { ...options });
}

const NAMES: OptionNames<SignalDecimateOptions> = {
  samplingRate: true,
  causal: true,
  edge: true,
  tolerance: true,
  dtype: true,
  factor: true,
  order: true,
};

/** {@linkcode decimate} as a line of the registry. */
export const DECIMATE: TransformKind = {
  name: "decimate",
  prepare(input, options) {
    checkOptions(options, NAMES, "decimate");
    const factor = numberOf("decimate", "factor", options);
    const order = numberOf("decimate", "order", options, 8);
    if (!(Number.isInteger(factor) && factor >= 1)) {
      throw new RangeError(`Cannot decimate by ${factor}: expected a whole number of at least 1`);
    }
    if (!(Number.isInteger(order) && order >= 1 && order <= 32)) {
      throw new RangeError(`Cannot decimate with an order of ${order}: expected a whole number from 1 to 32`);
    }
    // What a filter does depends on ratios alone: where no rate is known, any is as good.
    const isKnown = options.samplingRate !== undefined || input.samplingRate !== null;
    const design = {
      name: "decimate",
      sections: chebyshevSections(order, 0.05, 0.8 / factor),
      options: { factor, order },
    };
    const filter = prepareFilter(design, input, isKnown ? options : { ...options, samplingRate: 1 });
    const { samplingRate, ...others } = filter.options;
    const [rows, channels] = input.shape;
    return {
      options: isKnown ? { ...others, samplingRate: samplingRate! } : others,
      shape: [Math.ceil(rows / factor), channels],
      dtype: filter.dtype,
      samplingRate: isKnown ? filter.samplingRate! / factor : null,
      isChannelwise: true,
      get margin() {
        return filter.margin;
      },
      rowsFor: (from, to) => filter.rowsFor(from * factor, (to - 1) * factor + 1),
      async apply(block, { from, to, inputFrom, channels: picked }) {
        const place = {
          from: from * factor,
          to: Math.max(from * factor, (to - 1) * factor + 1),
          inputFrom,
          channels: picked,
        };
        const { data } = await filter.apply(block, place);
        const kept = new (data.constructor as new (length: number) => NumericData)((to - from) * block.channels);
        for (let row = 0; row < to - from; row++) {
          const at = row * factor * block.channels;
          (kept as Float64Array).set(data.subarray(at, at + block.channels) as Float64Array, row * block.channels);
        }
        return { data: kept, rows: to - from, channels: block.channels };
      },
    };
  },
};
