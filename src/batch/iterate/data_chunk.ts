/**
 * What blocks on their way from a source to a target are asked for: their length, the room they need, another dtype.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";
import { CAST_OPTIONS, castNumbers, type CastOptions } from "../../array/codec/cast.ts";
import { isNumber } from "../../array/dtype/kinds.ts";
import { describeDType, dtypeFromNumpy, typedArrayOf, unitsPerElement } from "../../array/dtype/dtype.ts";
import { flatten, isNDArray, ndarray, shapeText, sizeOf } from "../../array/ndarray.ts";
import type { ArrayData, DataChunk, DType, NDArray, Slice } from "../../array/types.ts";
import { DTypeError, SelectionError, ShapeError } from "../../source/errors.ts";

/**
 * Length of a chunk's data along its first axis, as hdmf's `len(chunk)`; 1 where it has no axes.
 *
 * @param chunk The chunk
 */
export function chunkLength(chunk: DataChunk): number {
  return chunk.data.shape[0] ?? 1;
}

/**
 * The smallest shape that an array must have to hold a chunk: where each slice stops, one more than each index, 0 for a
 * slice without end.
 *
 * @param selection Where the chunk lies: a slice or an index per axis, or just one of them for an array of one axis
 * @returns Length of each axis
 * @throws {SelectionError} If anything else is in it, or a bound counts from the end
 *
 * @example Usage
 * ```ts
 * import { slice } from "../../array/select/slice.ts";
 * import { minBounds } from "./data_chunk.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(minBounds([slice(2, 5), 3, slice(null)]), [5, 4, 0]);
 * assert.deepEqual(minBounds(7), [8]);
 * ```
 */
export function minBounds(selection: DataChunk["selection"] | number | Slice): number[] {
  const axes = Array.isArray(selection) ? selection as DataChunk["selection"] : [selection as number | Slice];
  return axes.map((axis) => {
    const last = typeof axis === "number" ? axis : axis?.kind === "slice" ? axis.stop ?? 0 : NaN;
    if (Number.isSafeInteger(last) && last >= 0) return typeof axis === "number" ? last + 1 : last;
    throw new SelectionError(
      `Cannot tell the bounds of a chunk: its selection holds ${JSON.stringify(axis)}, ` +
        "expected indices and slices from 0 on",
    );
  });
}

/**
 * A chunk with its values converted to another type, at the same place.
 *
 * @param chunk The chunk
 * @param dtype The type, or NumPy's name of it
 * @param options What becomes of numbers that don't fit: by default an error, with `overflow: "wrap"` what NumPy's
 * `astype` makes of integers
 * @returns A new chunk; its data is the same array where nothing was to be done
 * @throws {DTypeError} If the values can't become that type
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../../array/ndarray.ts";
 * import { slice } from "../../array/select/slice.ts";
 * import { chunkAsType } from "./data_chunk.ts";
 * import assert from "node:assert/strict";
 *
 * const chunk = { data: ndarray(Int32Array.of(1, 2)), selection: [slice(4, 6)] };
 * assert.deepEqual(chunkAsType(chunk, "float64").data.data, Float64Array.of(1, 2));
 * ```
 */
export function chunkAsType(chunk: DataChunk, dtype: DType | string, options: CastOptions = {}): DataChunk {
  checkOptions(options, CAST_OPTIONS, "convert a chunk");
  return { data: arrayAsType(chunk.data, asDType(dtype), options), selection: chunk.selection };
}

/** A dtype, or the one that NumPy calls by a name. */
export function asDType(dtype: DType | string): DType {
  return typeof dtype === "string" ? dtypeFromNumpy(dtype) : dtype;
}

/** An array with its values converted; see {@linkcode chunkAsType}. */
export function arrayAsType(array: NDArray, dtype: DType, options: CastOptions = {}): NDArray {
  if (sameDType(array.dtype, dtype)) return array;
  const { data, shape } = flatten(array);
  if (isNumber(array.dtype) && isNumber(dtype)) return ndarray(castNumbers(data, dtype, options), shape, dtype);
  throw new DTypeError(
    `Cannot ${options.action ?? "convert"}: ${describeDType(array.dtype)} can't become ${describeDType(dtype)}`,
  );
}

/**
 * Checks that what a source has given for a selection is what was asked for.
 *
 * @param data What it has given: an array, or its elements in C order
 * @param shape Expected length of each axis
 * @param dtype Expected type of the elements; byte order makes no difference
 * @param action Beginning of the message
 * @returns The array
 * @throws {ShapeError} If it has another shape
 * @throws {DTypeError} If it is no array, or one of another type
 */
export function checkBlock<D extends ArrayData>(
  data: NDArray<D> | D,
  shape: readonly number[],
  dtype: DType,
  action: string,
): NDArray<D> {
  const array = asBlock(data, shape, dtype, action);
  if (array.shape.length !== shape.length || array.shape.some((length, axis) => length !== shape[axis])) {
    throw new ShapeError(`${action}: got data of shape ${shapeText(array.shape)}, expected ${shapeText(shape)}`);
  }
  const expected = typedArrayOf(dtype);
  const inClass = expected === null ? Array.isArray(array.data) : array.data instanceof expected;
  if (inClass && sameDType(array.dtype, dtype)) return array;
  throw new DTypeError(
    `${action}: got data of type ${describeDType(array.dtype)} in ${className(array.data)}, expected ${
      describeDType(dtype)
    } in ${expected?.name ?? "Array"}`,
  );
}

function asBlock<D extends ArrayData>(
  data: NDArray<D> | D,
  shape: readonly number[],
  dtype: DType,
  action: string,
): NDArray<D> {
  if (isNDArray(data)) return data as NDArray<D>;
  const expected = typedArrayOf(dtype) ?? Array;
  if (!(data instanceof expected)) {
    throw new DTypeError(
      `${action}: got ${className(data)}, expected an array of ${describeDType(dtype)}, or its elements in ` +
        expected.name,
    );
  }
  const size = sizeOf(shape) * unitsPerElement(dtype);
  if (data.length !== size) {
    throw new ShapeError(`${action}: got ${data.length} values, expected ${size} for shape ${shapeText(shape)}`);
  }
  return ndarray<D>(data, shape, dtype);
}

/** Whether two dtypes are held in the same way in memory and mean the same there. */
export function sameDType(one: DType, other: DType): boolean {
  if (one.kind === "string" && other.kind === "string") return true;
  return describeDType({ ...one, byteOrder: "|" } as DType) === describeDType({ ...other, byteOrder: "|" } as DType);
}

/** Class of a value, for messages. */
export function className(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : `a ${typeof value}`;
  return value.constructor?.name ?? "Object";
}
