/**
 * Centred, and in units of the spread.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { chooseOf, floatOf, type FloatType, numberOf, perChannelOf } from "../transform/check.ts";
import { blocksOf, eachChannel, evenStretches, medianOf, type Stretch } from "../transform/sample_rows.ts";
import type { FitOptions, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { prepareScaled } from "./rescale.ts";

/** Options of {@linkcode zscore}. */
export interface ZscoreOptions {
  /**
   * What is taken off, and what is divided by: the mean and the standard deviation (NumPy's `std`), or the median and 1.4826 times the
   * median of the distances from it.
   *
   * @default {"mean+std"}
   */
  readonly method?: "mean+std" | "median+mad" | undefined;
  /**
   * How many samples are looked at, in stretches that lie evenly over the whole.
   *
   * @default {all, for mean+std; 200,000, for median+mad}
   */
  readonly samples?: number | undefined;
  /** What is taken off each channel, if it is known: else `fit` finds it. */
  readonly center?: readonly number[] | Float64Array | undefined;
  /** What each channel is divided by, if it is known. */
  readonly scale?: readonly number[] | Float64Array | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * `(value - center) / scale` of each channel; a channel that never changes becomes zero. What its center and scale are is found by `fit`,
 * unless it is given.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options By which statistics
 *
 * @example Usage
 * ```ts
 * import { zscore } from "./zscore.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const scored = await zscore(ndarray(Float64Array.of(1, 3, 1, 3))).fit();
 * assert.deepEqual((await scored.read()).data, Float64Array.of(-1, 1, -1, 1));
 * ```
 */
export function zscore(
  input: LazyArray | NDArray,
  options: ZscoreOptions = {},
): TransformedArray<Float32Array | Float64Array> {
  return transformed(ZSCORE, input, { ...options });
}

const NAMES: OptionNames<ZscoreOptions> = { method: true, samples: true, center: true, scale: true, dtype: true };

/** {@linkcode zscore} as a line of the registry. */
export const ZSCORE: TransformKind = {
  name: "zscore",
  prepare(input, options) {
    checkOptions(options, NAMES, "zscore");
    const method = chooseOf("zscore", "method", options.method ?? "mean+std", ["mean+std", "median+mad"]);
    const samples = options.samples === undefined ? undefined : numberOf("zscore", "samples", options);
    if (samples !== undefined && !(Number.isInteger(samples) && samples > 0)) {
      throw new RangeError(`Cannot zscore by ${samples} samples: expected a whole number above 0`);
    }
    const dtype = floatOf("zscore", input, options.dtype);
    if ((options.center === undefined) !== (options.scale === undefined)) {
      throw new TypeError("Cannot zscore with one of center and scale: give both, or none");
    }
    const needsFit = options.center === undefined;
    const found = needsFit ? undefined : {
      center: perChannelOf("zscore", "center", options.center, input.shape[1]),
      scale: perChannelOf("zscore", "scale", options.scale, input.shape[1]),
    };
    const said = { method, ...(samples === undefined ? {} : { samples }), ...found, dtype };
    const prepared = prepareScaled(input, dtype, said, (channel) => {
      const [center, scale] = [found!.center[channel]!, found!.scale[channel]!];
      return scale === 0 ? (value) => Number.isNaN(value) ? NaN : 0 : (value) => (value - center) / scale;
    });
    return { ...prepared, needsFit };
  },
  async fit(input, options, how) {
    const isMean = options.method === "mean+std";
    const most = (options.samples as number | undefined) ?? (isMean ? Infinity : 200_000);
    const stretches = evenStretches(input.shape[0]!, most);
    if (stretches.length === 0) throw new RangeError("Cannot zscore no samples");
    const { center, scale } = isMean ? await meansOf(input, stretches, how) : await mediansOf(input, stretches, how);
    const wrong = center.findIndex((value, i) => !Number.isFinite(value) || !Number.isFinite(scale[i]!));
    if (wrong >= 0) {
      throw new RangeError(
        `Cannot zscore channel ${wrong}: there are values that aren't finite; give center and scale`,
      );
    }
    return { ...options, center, scale };
  },
};

interface Found {
  readonly center: number[];
  readonly scale: number[];
}

/** Block by block, each joined to those before by their means (Chan, Golub and LeVeque, 1979): nothing large is taken off a larger. */
async function meansOf(input: LazyArray, stretches: readonly Stretch[], how: FitOptions): Promise<Found> {
  const channels = input.shape[1] ?? 1;
  const [mean, square] = [new Float64Array(channels), new Float64Array(channels)];
  let count = 0;
  for await (const { data, rows } of blocksOf(input, stretches, how)) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let at = channel; at < data.length; at += channels) sum += Number(data[at]);
      const here = sum / rows;
      let spread = 0;
      for (let at = channel; at < data.length; at += channels) spread += (Number(data[at]) - here) ** 2;
      const apart = here - mean[channel]!;
      mean[channel]! += apart * rows / (count + rows);
      square[channel]! += spread + apart * apart * count * rows / (count + rows);
    }
    count += rows;
  }
  return { center: [...mean], scale: Array.from(square, (sum) => Math.sqrt(sum / count)) };
}

async function mediansOf(input: LazyArray, stretches: readonly Stretch[], how: FitOptions): Promise<Found> {
  const [center, scale]: [number[], number[]] = [[], []];
  await eachChannel(input, stretches, how, (channel, values) => {
    const median = medianOf(values);
    center[channel] = median;
    scale[channel] = 1.4826022185056018 * medianOf(values.map((value) => Math.abs(value - median)));
  });
  return { center, scale };
}
