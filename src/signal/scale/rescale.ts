/**
 * Gain and offset.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { dtypeOf, floatOf, floats, type FloatType, perChannelOf } from "../transform/check.ts";
import type { Block, Prepared, TransformInput, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";

/** Options of {@linkcode rescale}. */
export interface RescaleOptions {
  /**
   * What values are multiplied by: a number, or one for each channel.
   *
   * @default {1}
   */
  readonly gain?: number | readonly number[] | Float64Array | undefined;
  /**
   * What is added after: a number, or one for each channel.
   *
   * @default {0}
   */
  readonly offset?: number | readonly number[] | Float64Array | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * `value * gain + offset`, worked out in float64 and rounded once.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options Gain and offset
 * @throws {RangeError} If there aren't as many gains, or offsets, as channels
 *
 * @example Usage
 * ```ts
 * import { rescale } from "./rescale.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const volts = rescale(ndarray(Int16Array.of(1, 2, 3, 4), [2, 2]), { gain: [0.5, 2], offset: 1 });
 * assert.deepEqual((await volts.read()).data, Float32Array.of(1.5, 5, 2.5, 9));
 * ```
 */
export function rescale(
  input: LazyArray | NDArray,
  options: RescaleOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(RESCALE, input, { ...options });
}

const NAMES: OptionNames<RescaleOptions> = { gain: true, offset: true, dtype: true };

/** {@linkcode rescale} as a line of the registry. */
export const RESCALE: TransformKind = {
  name: "rescale",
  prepare(input, options) {
    checkOptions(options, NAMES, "rescale");
    const [, channels] = input.shape;
    const gain = perChannelOf("rescale", "gain", options.gain ?? 1, channels);
    const offset = perChannelOf("rescale", "offset", options.offset ?? 0, channels);
    const dtype = floatOf("rescale", input, options.dtype);
    return prepareScaled(
      input,
      dtype,
      { gain, offset, dtype },
      (channel) => (value) => value * gain[channel]! + offset[channel]!,
    );
  },
};

/**
 * A transform that changes each value by itself.
 *
 * @param input The input
 * @param dtype What values come in
 * @param options For the description
 * @param scalerOf Gives the function of a channel
 */
export function prepareScaled(
  input: TransformInput,
  dtype: FloatType,
  options: Prepared["options"],
  scalerOf: (channel: number) => (value: number) => number,
): Prepared {
  return {
    options,
    shape: input.shape,
    dtype: dtypeOf(dtype),
    samplingRate: input.samplingRate,
    isChannelwise: true,
    margin: { before: 0, after: 0 },
    rowsFor: (from, to) => [from, to],
    apply({ data, rows, channels }, place): Block {
      const out = floats(dtype, rows * channels);
      for (let channel = 0; channel < channels; channel++) {
        const scaled = scalerOf(place.channels?.[channel] ?? channel);
        for (let at = channel; at < out.length; at += channels) out[at] = scaled(Number(data[at]));
      }
      return { data: out, rows, channels };
    },
  };
}
