/**
 * Whitening.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { mixChannels, type NumberRows } from "../../wasm/reader/signal.ts";
import {
  distance,
  dtypeOf,
  floatOf,
  floats,
  type FloatType,
  listOf,
  numberOf,
  perChannelOf,
  positionsOf,
} from "../transform/check.ts";
import { blocksOf, evenStretches, medianOf } from "../transform/sample_rows.ts";
import type { FitOptions, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { eigen } from "./eigen.ts";

/** Options of {@linkcode whiten}. */
export interface WhitenOptions {
  /**
   * Whether the mean of each channel is taken off first.
   *
   * @default {false}
   */
  readonly center?: boolean | undefined;
  /**
   * What is added to each variance, so that directions of nearly none aren't blown up.
   *
   * @default {1e-8; for floats whose median square is below 1, a thousandth of that, and 1e-16 at least}
   */
  readonly eps?: number | undefined;
  /** Where channels lie: then each is whitened by its neighbours alone. */
  readonly positions?: readonly (readonly number[])[] | undefined;
  /**
   * Neighbours lie at most this far away, in the unit of the positions.
   *
   * @default {100}
   */
  readonly radius?: number | undefined;
  /**
   * How many samples the covariance is made of, in stretches that lie evenly over the whole.
   *
   * @default {200,000}
   */
  readonly samples?: number | undefined;
  /** The matrix, a row for each channel that goes in, if it is known: else `fit` finds it. */
  readonly matrix?: readonly (readonly number[])[] | undefined;
  /** What is taken off each channel first, if `matrix` is given. */
  readonly mean?: readonly number[] | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Channels that have nothing in common, and a variance of one: ZCA, `x @ U diag(1 / sqrt(S + eps)) Uᵀ` of the covariance `U diag(S) Uᵀ`,
 * which of all whitenings changes channels least. The covariance is found by `fit`, from samples of the data; it is that about zero, as
 * recordings are filtered before, unless `center`. SpikeInterface's `whiten`.
 *
 * @param input Samples [samples, channels]
 * @param options How much is added, whose neighbours
 * @returns A lazy array of the same shape; a window reads all channels of its samples
 *
 * @example Usage
 * ```ts
 * import { whiten } from "./whiten.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(Float64Array.of(2, 0, -2, 0, 0, 4, 0, -4), [4, 2]);
 * const { data } = await (await whiten(samples, { eps: 0 }).fit()).read();
 * // Each channel's mean square is now one.
 * assert.ok(Math.abs(data[0]! - Math.SQRT2) < 1e-12 && Math.abs(data[5]! - Math.SQRT2) < 1e-12);
 * ```
 */
export function whiten(
  input: LazyArray | NDArray,
  options: WhitenOptions = {},
): TransformedArray<Float32Array | Float64Array> {
  return transformed(WHITEN, input, { ...options });
}

const NAMES: OptionNames<WhitenOptions> = {
  center: true,
  eps: true,
  positions: true,
  radius: true,
  samples: true,
  matrix: true,
  mean: true,
  dtype: true,
};

/** {@linkcode whiten} as a line of the registry. */
export const WHITEN: TransformKind = {
  name: "whiten",
  prepare(input, options) {
    checkOptions(options, NAMES, "whiten");
    const [, channels] = input.shape;
    const dtype = floatOf("whiten", input, options.dtype);
    const center = options.center ?? false;
    if (typeof center !== "boolean") {
      throw new TypeError(`Cannot whiten with center ${String(center)}: expected true or false`);
    }
    const samples = numberOf("whiten", "samples", options, 200_000);
    if (!(Number.isInteger(samples) && samples > 0)) {
      throw new RangeError(`Cannot whiten by ${samples} samples: expected a whole number above 0`);
    }
    const eps = options.eps === undefined ? undefined : numberOf("whiten", "eps", options);
    if (eps !== undefined && !(eps >= 0)) {
      throw new RangeError(`Cannot whiten with an eps of ${eps}: expected 0 or more`);
    }
    const near = options.positions === undefined ? {} : {
      positions: positionsOf("whiten", options.positions, channels),
      radius: numberOf("whiten", "radius", options, 100),
    };
    if (options.positions === undefined && options.radius !== undefined) {
      throw new TypeError("Cannot whiten by radius without positions");
    }
    const matrix = options.matrix === undefined ? undefined : matrixOf(options.matrix, channels);
    if (options.mean !== undefined && matrix === undefined) {
      throw new TypeError("Cannot whiten with mean without matrix");
    }
    const mean = options.mean === undefined ? undefined : perChannelOf("whiten", "mean", options.mean, channels);
    const flat = matrix === undefined ? undefined : Float64Array.from(matrix.flat());
    return {
      options: {
        center,
        ...(eps === undefined ? {} : { eps }),
        ...near,
        samples,
        ...(matrix === undefined ? {} : { matrix }),
        ...(mean === undefined ? {} : { mean }),
        dtype,
      },
      shape: input.shape,
      dtype: dtypeOf(dtype),
      samplingRate: input.samplingRate,
      isChannelwise: false,
      margin: { before: 0, after: 0 },
      needsFit: matrix === undefined,
      rowsFor: (from, to) => [from, to],
      async apply(block) {
        const data = floats(dtype, block.rows * channels);
        const source = mean === undefined ? block : {
          ...block,
          data: Float64Array.from(block.data as Float64Array, (value, i) => Number(value) - mean[i % channels]!),
        };
        mixChannels(await loadReaderInstance(), source as NumberRows, data, flat!);
        return { ...block, data };
      },
    };
  },
  async fit(input, options, how) {
    const channels = input.shape[1] ?? 1;
    const { covariance, mean, medianSquare } = await covarianceOf(input, options, how);
    const isFloat = input.dtype.kind === "float";
    const scaled = isFloat && medianSquare > 0 && medianSquare < 1 ? Math.max(1e-16, medianSquare * 1e-3) : 1e-8;
    const eps = (options.eps as number | undefined) ?? scaled;
    const { positions, radius } = options as { readonly positions?: number[][]; readonly radius?: number };
    const matrix = positions === undefined
      ? await inverseRoot(covariance, channels, eps, how.signal)
      : await inverseRootsNear(covariance, positions, radius!, eps, how.signal);
    const rows = Array.from({ length: channels }, (_, i) => [...matrix.subarray(i * channels, (i + 1) * channels)]);
    return { ...options, eps, matrix: rows, ...(options.center === true ? { mean: [...mean] } : {}) };
  },
};

function matrixOf(value: unknown, channels: number): number[][] {
  if (!Array.isArray(value)) throw new TypeError("Cannot whiten with this matrix: expected a list of rows");
  const rows = value.map((row) => listOf("whiten", "matrix", row));
  if (rows.length !== channels || rows.some((row) => row.length !== channels)) {
    throw new RangeError(
      `Cannot whiten ${channels} channels with this matrix: expected ${channels} rows of ${channels}`,
    );
  }
  return rows;
}

async function covarianceOf(
  input: LazyArray,
  options: Readonly<Record<string, unknown>>,
  how: FitOptions,
): Promise<{ readonly covariance: Float64Array; readonly mean: Float64Array; readonly medianSquare: number }> {
  const channels = input.shape[1] ?? 1;
  const stretches = evenStretches(input.shape[0]!, options.samples as number);
  if (stretches.length === 0) throw new RangeError("Cannot whiten no samples");
  const mean = new Float64Array(channels);
  let count = 0;
  if (options.center === true) {
    for await (const { data, rows } of blocksOf(input, stretches, how)) {
      for (let i = 0; i < data.length; i++) mean[i % channels]! += Number(data[i]);
      count += rows;
    }
    for (let i = 0; i < channels; i++) mean[i]! /= count;
  }
  const covariance = new Float64Array(channels * channels);
  const instance = await loadReaderInstance();
  const squares: number[] = [];
  count = 0;
  for await (const { data, rows } of blocksOf(input, stretches, how)) {
    const centered = Float64Array.from(data as Float64Array, (value, i) => Number(value) - mean[i % channels]!);
    const step = Math.max(1, Math.floor(centered.length / 20_000));
    for (let i = 0; i < centered.length; i += step) squares.push(centered[i]! ** 2);
    // The product with itself: columns as rows of a matrix with as many rows as there are samples.
    const turned = new Float64Array(centered.length);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let channel = 0; channel < channels; channel++, at++) turned[channel * rows + row] = centered[at]!;
    }
    const product = new Float64Array(channels * channels);
    mixChannels(instance, { data: turned, rows: channels, channels: rows }, product, centered);
    for (let i = 0; i < product.length; i++) covariance[i]! += product[i]!;
    count += rows;
  }
  for (let i = 0; i < covariance.length; i++) covariance[i]! /= count;
  if (!covariance.every(Number.isFinite)) {
    throw new RangeError("Cannot whiten: there are values that aren't finite among the samples; give the matrix");
  }
  return { covariance, mean, medianSquare: medianOf(Float64Array.from(squares)) };
}

/** `U diag(1 / sqrt(S + eps)) Uᵀ`. */
async function inverseRoot(matrix: Float64Array, n: number, eps: number, signal?: AbortSignal): Promise<Float64Array> {
  const { values, vectors } = await eigen(matrix, n, signal);
  const out = new Float64Array(n * n);
  values.forEach((value, k) => {
    // Rounding may leave a variance of nothing a little below it.
    const weight = 1 / Math.sqrt(Math.max(0, value) + eps);
    if (!Number.isFinite(weight)) {
      throw new RangeError("Cannot whiten: channels depend on each other, or don't vary; give an eps above 0");
    }
    const row = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      const scaled = weight * row[i]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += scaled * row[j]!;
    }
  });
  return out;
}

/** Column by column: of each channel that column of its neighbourhood's matrix which is its own. */
async function inverseRootsNear(
  covariance: Float64Array,
  positions: readonly (readonly number[])[],
  radius: number,
  eps: number,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const n = positions.length;
  const out = new Float64Array(n * n);
  for (const [channel, point] of positions.entries()) {
    const near = positions.flatMap((other, i) => distance(point, other) <= radius ? [i] : []);
    const some = Float64Array.from(near.flatMap((i) => near.map((j) => covariance[i * n + j]!)));
    const root = await inverseRoot(some, near.length, eps, signal);
    const own = near.indexOf(channel);
    near.forEach((i, k) => out[i * n + channel] = root[k * near.length + own]!);
  }
  return out;
}
