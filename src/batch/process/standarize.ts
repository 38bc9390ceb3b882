/**
 * YASS' `standarize`, in its own spelling.
 *
 * @module
 */

import { contiguousStride, flatten, isNDArray, ndarray } from "../../array/ndarray.ts";
import type { NDArray, NumericData } from "../../array/types.ts";
import { describeValue } from "../../source/describe_value.ts";
import { ShapeError } from "../../source/errors.ts";
import { checkOptions } from "../../source/options.ts";
import { toFloat64 } from "./apply/samples.ts";

/** Options of {@linkcode standarize}. */
export interface StandarizeOptions {
  /** Samples per second: the scale is taken from the middle 5 s. Needn't be given where `sd` is. */
  readonly samplingFreq?: number | undefined;
  /** The scale of each channel, or of the one. */
  readonly sd?: number | readonly number[] | Float64Array | undefined;
  /**
   * With `head`, what YASS' last version does: the mean of the middle 5 s is taken away first, and channels whose scale is less than 0.1
   * become 0.
   *
   * @default {undefined} (the versions up to 0.9: nothing is taken away, and a scale of 0 gives infinity and NaN)
   */
  readonly compatible?: "head" | undefined;
}

/** From the median of absolute values to the standard deviation of a normal distribution, as YASS has it. */
const MAD = 0.6745;
/** What is looked at for the scale, in seconds. */
const MIDDLE = 5;
/** Channels that vary less are silent, in YASS' last version. */
const SILENT = 0.1;

/**
 * Divides each channel by its scale: the median of its absolute values in the middle 5 s, by 0.6745.
 *
 * @param rec Samples of one channel, or [samples, channels], in memory
 * @param options The rate, or the scale itself
 * @returns The samples in units of their scale, in float64
 * @throws {TypeError} If neither rate nor scale is given
 * @throws {ShapeError} If there are more than two axes, or not one scale for each channel
 *
 * @example Usage
 * ```ts
 * import { standarize } from "./standarize.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(standarize(Float64Array.of(1, -2, 4), { sd: 2 }).data, Float64Array.of(0.5, -1, 2));
 * ```
 */
export function standarize(
  rec: NDArray<NumericData> | NumericData,
  options: StandarizeOptions = {},
): NDArray<Float64Array> {
  checkOptions(options, OPTIONS, "standardize");
  const { samplingFreq, sd, compatible } = options;
  if (compatible !== undefined && compatible !== "head") {
    throw new TypeError(`Cannot standardize as ${describeValue(compatible)}: expected "head"`);
  }
  const array = flatten(isNDArray(rec) ? rec as NDArray<NumericData> : ndarray(rec) as NDArray<NumericData>);
  if (array.shape.length > 2) {
    throw new ShapeError(
      `Cannot standardize an array of shape [${array.shape.join(", ")}]: expected [samples, channels]`,
    );
  }
  const [rows = 0, channels = 1] = array.shape;
  const data = toFloat64(array.data).slice();
  const centred = compatible === "head";
  const scales = sd === undefined
    ? Array.from({ length: channels }, (_, channel) => scaleOf(data, rows, channels, channel, samplingFreq, centred))
    : given(sd, channels).map((scale) => ({ centre: 0, scale }));
  for (let at = 0; at < data.length; at++) {
    const { centre, scale } = scales[at % channels]!;
    data[at] = centred && scale < SILENT ? 0 : (data[at]! - centre) / scale;
  }
  const { shape } = array;
  return { data, shape, stride: contiguousStride(shape), dtype: { kind: "float", itemsize: 8, byteOrder: "<" } };
}

// What the processor adds is no mistake.
const OPTIONS: Readonly<Record<string, true>> = {
  samplingFreq: true,
  sd: true,
  compatible: true,
  local: true,
  index: true,
  previousBatch: true,
};

function given(sd: NonNullable<StandarizeOptions["sd"]>, channels: number): number[] {
  const list = typeof sd === "number" ? Array.from({ length: channels }, () => sd) : Array.from(sd);
  if (list.length === channels) return list;
  throw new ShapeError(`Cannot standardize ${channels} channels by ${list.length} values of sd: expected one each`);
}

function scaleOf(
  data: Float64Array,
  rows: number,
  channels: number,
  channel: number,
  samplingFreq: number | undefined,
  centred: boolean,
): { readonly centre: number; readonly scale: number } {
  if (samplingFreq === undefined || samplingFreq === null) {
    throw new TypeError("Cannot standardize without samplingFreq or sd: give one of them");
  }
  if (!(samplingFreq > 0 && Number.isFinite(samplingFreq))) {
    throw new RangeError(
      `Cannot standardize at a samplingFreq of ${describeValue(samplingFreq)}: expected a number above 0`,
    );
  }
  const length = Math.min(Math.trunc(MIDDLE * samplingFreq), rows);
  const middle = Math.ceil(rows / 2);
  const [from, to] = [Math.trunc(middle - length / 2), Math.trunc(middle + length / 2)];
  const values = Float64Array.from(
    { length: Math.max(0, to - from) },
    (_, i) => data[(from + i) * channels + channel]!,
  );
  const centre = centred ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  return { centre, scale: median(values.map((value) => Math.abs(value - centre))) / MAD };
}

/** NumPy's median: NaN where there is one, or nothing. */
function median(values: Float64Array): number {
  if (values.length === 0 || values.some(Number.isNaN)) return NaN;
  const sorted = values.sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
