/**
 * Convolution along time, within each interval.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import type { Run } from "../values/rows.ts";
import { describe } from "../values/numbers.ts";
import { convolver } from "./fft.ts";
import { isLazy, rowSize, toNumbers, toValues, type ValuesInput } from "../values/values.ts";

/** Where a full convolution is trimmed to the length of the series. */
export type Trim = "both" | "left" | "right";

/** From this length on of both a kernel and an interval, transforming is faster than adding up. */
const LONG = 200;

/**
 * Convolves each column with each kernel.
 *
 * @param rows Numbers, row by row
 * @param runs The rows of each interval; what lies beyond one counts as zero
 * @param kernels Of shape (length, number of kernels)
 * @param trim Which end of the full convolution is cut off
 * @returns Of shape (rows, columns, number of kernels)
 */
export function convolveRows(rows: NDArray, runs: readonly Run[], kernels: NDArray, trim: Trim): NDArray {
  const numbers = toNumbers(rows);
  const size = rowSize(rows);
  const [length, count] = kernels.shape as [number, number];
  const weights = toNumbers(kernels);
  const result = new Float64Array(numbers.length * count);
  for (let k = 0; k < count; k++) {
    const kernel = Float64Array.from({ length }, (_, i) => weights[i * count + k]!);
    const convolve = length < LONG ? (list: Float64Array) => convolveDirectly(list, kernel) : convolver(kernel);
    for (const { from, to } of runs) {
      const n = to - from;
      const cut = trim === "left" ? length - 1 : trim === "right" ? 0 : (length - 1) >> 1;
      const short = n < LONG ? (list: Float64Array) => convolveDirectly(list, kernel) : convolve;
      for (let j = 0; j < size; j++) {
        const column = new Float64Array(n);
        for (let i = 0; i < n; i++) column[i] = numbers[(from + i) * size + j]!;
        const full = short(column);
        for (let i = 0; i < n; i++) result[((from + i) * size + j) * count + k] = full[cut + i]!;
      }
    }
  }
  return ndarray(result, [rows.shape[0]!, size, count]);
}

/**
 * A kernel, or several side by side, as an array of shape (length, number).
 *
 * @throws {TypeError} If it isn't an array in memory
 * @throws {ShapeError} If it is empty or has more than two axes
 */
export function toKernels(input: ValuesInput): { readonly kernels: NDArray; readonly single: boolean } {
  if (typeof input === "number" || isLazy(input)) {
    throw new TypeError(`Cannot convolve with ${describe(input)}: input should be an array in memory`);
  }
  const array = toValues(input) as NDArray;
  const [length = 0, count = 1] = array.shape;
  if (length === 0) throw new ShapeError("Cannot convolve with nothing: input array is length 0");
  if (array.shape.length > 2) {
    throw new ShapeError(`Cannot convolve with ${array.shape.length} axes: array should be 1 or 2 dimensional`);
  }
  return { kernels: ndarray(toNumbers(array), [length, count]), single: array.shape.length === 1 };
}

/**
 * A bell curve.
 *
 * @param length Number of points, odd
 * @param std Standard deviation, in points
 * @param norm Whether it is made to sum up to 1
 */
export function gaussian(length: number, std: number, norm: boolean): Float64Array {
  const window = Float64Array.from({ length }, (_, i) => Math.exp(-0.5 * ((i - (length - 1) / 2) / std) ** 2));
  const sum = norm ? window.reduce((total, value) => total + value, 0) : 1;
  return window.map((value) => value / sum);
}

function convolveDirectly(list: Float64Array, kernel: Float64Array): Float64Array {
  const result = new Float64Array(list.length + kernel.length - 1);
  for (let i = 0; i < list.length; i++) {
    const value = list[i]!;
    for (let j = 0; j < kernel.length; j++) result[i + j]! += value * kernel[j]!;
  }
  return result;
}

/**
 * What to warn of where a kernel is longer than an interval has samples.
 *
 * @param runs Samples of each interval
 * @param length Samples of the kernel
 */
export function longKernels(runs: readonly { readonly from: number; readonly to: number }[], length: number): string[] {
  const short = runs.filter(({ from, to }) => to - from < length).length;
  return short === 0 ? [] : [
    `Kernel size (${length} samples) is larger than the number of samples in ${short} out of ` +
    `${runs.length} epochs. There are zeros beyond the ends of an epoch, so artifacts are expected.`,
  ];
}
