/**
 * Bad channels made up from those around them.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { mixChannels, type NumberRows } from "../../wasm/reader/signal.ts";
import {
  channelsOf,
  distance,
  dtypeOf,
  floatOf,
  floats,
  type FloatType,
  numberOf,
  positionsOf,
} from "../transform/check.ts";
import type { TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";

/** Options of {@linkcode interpolateBadChannels}. */
export interface InterpolateBadChannelsOptions {
  /** Which channels, by where they stand. */
  readonly channels: readonly number[];
  /** Where all channels lie. */
  readonly positions: readonly (readonly number[])[];
  /**
   * How far neighbours reach, in the unit of the positions.
   *
   * @default {the most frequent distance of channels along the last axis}
   */
  readonly sigma?: number | undefined;
  /**
   * How steeply weights fall: `exp(-(distance / sigma) ** power)`.
   *
   * @default {1.3}
   */
  readonly power?: number | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Channels as weighted means of the others: weights fall with the distance, those below 0.005 count for nothing; SpikeInterface's and
 * IBL's `interpolate_bad_channels`. A channel that no other reaches becomes zero.
 *
 * @param input Samples [samples, channels]
 * @param options Which channels, where they lie
 * @throws {RangeError} If a channel isn't there
 *
 * @example Usage
 * ```ts
 * import { interpolateBadChannels } from "./interpolate_bad_channels.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(Float64Array.of(1, 99, 3), [1, 3]);
 * const whole = interpolateBadChannels(samples, { channels: [1], positions: [[0, 0], [0, 20], [0, 40]] });
 * assert.deepEqual((await whole.read()).data, Float64Array.of(1, 2, 3));
 * ```
 */
export function interpolateBadChannels(
  input: LazyArray | NDArray,
  options: InterpolateBadChannelsOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(INTERPOLATE_BAD_CHANNELS, input, { ...options });
}

const NAMES: OptionNames<InterpolateBadChannelsOptions> = {
  channels: true,
  positions: true,
  sigma: true,
  power: true,
  dtype: true,
};

/** Weights below this count for nothing. */
const LEAST = 0.005;

/** {@linkcode interpolateBadChannels} as a line of the registry. */
export const INTERPOLATE_BAD_CHANNELS: TransformKind = {
  name: "interpolateBadChannels",
  prepare(input, options) {
    const name = "interpolateBadChannels";
    checkOptions(options, NAMES, name);
    const dtype = floatOf(name, input, options.dtype);
    const count = input.shape[1];
    const bad = channelsOf(name, "channels", options.channels, count);
    const positions = positionsOf(name, options.positions, count);
    const sigma = numberOf(name, "sigma", options, pitchOf(positions));
    const power = numberOf(name, "power", options, 1.3);
    if (!(sigma > 0 && power > 0)) {
      throw new RangeError(`Cannot ${name} with sigma ${sigma} and power ${power}: expected numbers above 0`);
    }
    const matrix = weightsOf(bad, positions, sigma, power);
    return {
      options: { channels: bad, positions, sigma, power, dtype },
      shape: input.shape,
      dtype: dtypeOf(dtype),
      samplingRate: input.samplingRate,
      isChannelwise: false,
      margin: { before: 0, after: 0 },
      rowsFor: (from, to) => [from, to],
      async apply(block) {
        const data = floats(dtype, block.rows * count);
        for (let i = 0; i < data.length; i++) data[i] = Number(block.data[i]);
        if (bad.length > 0 && block.rows > 0) {
          // Channels that are bad have no weight, but a NaN times nothing is one.
          const source = { ...block, data: data.map((value, i) => bad.includes(i % count) ? 0 : value) };
          const made = new Float64Array(block.rows * bad.length);
          mixChannels(await loadReaderInstance(), source as NumberRows, made, matrix);
          made.forEach((value, i) => data[Math.floor(i / bad.length) * count + bad[i % bad.length]!] = value);
        }
        return { ...block, data };
      },
    };
  },
};

/** `[channels][bad]`, each column's sum one. */
function weightsOf(bad: readonly number[], positions: number[][], sigma: number, power: number): Float64Array {
  const matrix = new Float64Array(positions.length * bad.length);
  bad.forEach((channel, column) => {
    const weights = positions.map((point, i) => {
      if (bad.includes(i)) return 0;
      const weight = Math.exp(-((distance(point, positions[channel]!) / sigma) ** power));
      return weight < LEAST ? 0 : weight;
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    weights.forEach((weight, i) => matrix[i * bad.length + column] = sum === 0 ? 0 : weight / sum);
  });
  return matrix;
}

/** The most frequent step between depths; of several that are as frequent the smallest. */
function pitchOf(positions: readonly number[][]): number | undefined {
  const depths = [...new Set(positions.map((point) => point.at(-1)!))].sort((a, b) => a - b);
  const counts = new Map<number, number>();
  for (let i = 1; i < depths.length; i++) {
    const step = depths[i]! - depths[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return best?.[0];
}
