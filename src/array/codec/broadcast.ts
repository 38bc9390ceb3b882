/**
 * Broadcasting, as NumPy has it: an array looked at as one of a larger shape, without a copy.
 *
 * @module
 */

import { ShapeError } from "../../source/errors.ts";
import { contiguousStride, sizeOf } from "../ndarray.ts";
import type { ArrayData, NDArray } from "../types.ts";

/**
 * An array as one of another shape that it fits: axes are matched from the last, an axis of length 1 repeats, missing
 * leading axes are added, and leading axes of length 1 too many are left out. An array of one axis (or a plain list)
 * that has as many elements as the shape fills it in C order.
 *
 * @param array The array
 * @param shape The shape to be
 * @param action What is being done, for messages, such as `write dataset "/a"`
 * @returns The array with other strides, sharing the data; a repeated axis has stride 0
 * @throws {ShapeError} If it doesn't fit
 *
 * @example Usage
 * ```ts
 * import { broadcastTo } from "./broadcast.ts";
 * import { ndarray, toNested } from "../ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(toNested(broadcastTo(ndarray(Int8Array.of(1, 2)), [2, 2])), [[1, 2], [1, 2]]);
 * ```
 */
export function broadcastTo<D extends ArrayData>(
  array: NDArray<D>,
  shape: readonly number[],
  action: string = "broadcast",
): NDArray<D> {
  const stride = broadcastStrides(array, shape);
  if (stride !== null) return { ...array, shape, stride };
  if (array.shape.length === 1 && sizeOf(array.shape) === sizeOf(shape)) {
    const [step] = array.stride;
    return { ...array, shape, stride: contiguousStride(shape).map((entries) => entries * step!) };
  }
  throw new ShapeError(
    `Cannot ${action}: data of shape (${array.shape.join(", ")}) doesn't fit the shape (${shape.join(", ")})`,
  );
}

function broadcastStrides(array: NDArray, shape: readonly number[]): number[] | null {
  const extra = array.shape.length - shape.length;
  if (array.shape.slice(0, Math.max(extra, 0)).some((length) => length !== 1)) return null;
  const stride: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const from = axis + extra;
    const length = from < 0 ? 1 : array.shape[from]!;
    if (length === shape[axis]) stride.push(from < 0 ? 0 : array.stride[from]!);
    else if (length === 1) stride.push(0);
    else return null;
  }
  return stride;
}
