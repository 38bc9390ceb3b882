/**
 * YASS's standardization, in both forms that it was published in.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { chooseOf, floatOf, type FloatType, listOf, rateOf } from "../transform/check.ts";
import { eachChannel, medianOf, type Stretch } from "../transform/sample_rows.ts";
import type { TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { prepareScaled } from "./rescale.ts";

/** Options of {@linkcode standardize}. */
export interface StandardizeOptions {
  /**
   * `scaled`, YASS up to 0.9: values by their spread, without centring; a channel of zeros gives NaN. `centered`, YASS's last: values
   * less their mean, by their spread; a channel whose spread is below 0.1 becomes zero.
   *
   * @default {"scaled"}
   */
  readonly form?: "scaled" | "centered" | undefined;
  /** Samples per second, of which the middle five seconds are looked at; may be left out where the array knows it. */
  readonly samplingRate?: number | undefined;
  /** The spread of each channel, if it is known: else `fit` finds it. */
  readonly sd?: readonly number[] | Float64Array | undefined;
  /** The mean of each channel, of the form `centered`, if it is known. */
  readonly center?: readonly number[] | Float64Array | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Values by their spread, which is the median of their magnitudes by 0.6745, over the middle five seconds: YASS's `standarize`. What
 * those five seconds say is found by `fit`, unless it is given.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options Which form
 * @throws {TypeError} If the sampling rate isn't known, nor the spread
 *
 * @example Usage
 * ```ts
 * import { standardize } from "./standardize.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(Float64Array.from({ length: 100 }, (_, i) => i - 50));
 * const standardized = await standardize(samples, { samplingRate: 4 }).fit();
 * assert.deepEqual(standardized.describe()[0]!.options.sd, [5 / 0.6745]);
 * ```
 */
export function standardize(
  input: LazyArray | NDArray,
  options: StandardizeOptions = {},
): TransformedArray<Float32Array | Float64Array> {
  return transformed(STANDARDIZE, input, { ...options });
}

const NAMES: OptionNames<StandardizeOptions> = { form: true, samplingRate: true, sd: true, center: true, dtype: true };

/** Below this spread a channel counts as dead, in the centred form. */
const LEAST = 0.1;

/** {@linkcode standardize} as a line of the registry. */
export const STANDARDIZE: TransformKind = {
  name: "standardize",
  prepare(input, options) {
    checkOptions(options, NAMES, "standardize");
    const form = chooseOf("standardize", "form", options.form ?? "scaled", ["scaled", "centered"]);
    const dtype = floatOf("standardize", input, options.dtype);
    const sd = valuesOf("sd", options.sd, input.shape[1]);
    const center = valuesOf("center", options.center, input.shape[1]);
    if (form === "scaled" && center !== undefined) {
      throw new TypeError('Cannot standardize with center in the form scaled: expected form: "centered"');
    }
    const needsFit = sd === undefined || (form === "centered" && center === undefined);
    const samplingRate = needsFit ? rateOf("standardize", input, options) : options.samplingRate ?? input.samplingRate;
    const said = {
      form,
      ...(samplingRate === null ? {} : { samplingRate: samplingRate as number }),
      ...(sd === undefined ? {} : { sd }),
      ...(center === undefined ? {} : { center }),
      dtype,
    };
    const prepared = prepareScaled(input, dtype, said, (channel) => {
      if (form === "scaled") return (value) => value / sd![channel]!;
      return sd![channel]! < LEAST ? () => 0 : (value) => (value - center![channel]!) / sd![channel]!;
    });
    return { ...prepared, needsFit };
  },
  async fit(input, options, how) {
    const length = input.shape[0]!;
    if (length === 0) throw new RangeError("Cannot standardize no samples");
    const stretch = middleSeconds(length, options.samplingRate as number);
    const [sd, center]: [number[], number[]] = [[], []];
    await eachChannel(input, [stretch], how, (channel, values) => {
      const mean = options.form === "centered" ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
      center[channel] = mean;
      sd[channel] = medianOf(values.map((value) => Math.abs(value - mean))) / 0.6745;
    });
    return options.form === "centered" ? { ...options, sd, center } : { ...options, sd };
  },
};

/** The middle five seconds, as YASS cuts them. */
function middleSeconds(length: number, rate: number): Stretch {
  const count = Math.min(Math.trunc(5 * rate), length);
  const middle = Math.ceil(length / 2);
  return { from: Math.trunc(middle - count / 2), to: Math.min(length, Math.trunc(middle + count / 2)) };
}

/** A list for each channel; spreads that are zero, or NaN, are what a recording has: JSON carries NaN as null. */
function valuesOf(option: string, value: unknown, channels: number): number[] | undefined {
  if (value === undefined) return undefined;
  const given = Array.isArray(value) ? value.map((one) => one === null ? NaN : one) : value;
  const list = listOf("standardize", option, given);
  if (list.length === channels) return list;
  throw new RangeError(`Cannot standardize with ${list.length} values of ${option}: there are ${channels} channels`);
}
