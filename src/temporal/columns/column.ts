/**
 * The arrays that objects hold: what they may be given as, and what they are given back as.
 *
 * @module
 */

import { isLazyArray } from "../../array/lazy.ts";
import { castNumbers } from "../../array/codec/cast.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { selectedList } from "../../array/select/mask.ts";
import { flatten, isNDArray, ndarray } from "../../array/ndarray.ts";
import type { ArrayData, LazyArray, Mask, NDArray, NumericData, Selection } from "../../array/types.ts";
import { TEXT } from "../../array/codec/plain.ts";
import { inferDType, toValues } from "../../hdf5/storage/write_values.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";

export { isLazyArray };

/**
 * What an array can be given as: a typed array, a list of numbers (float64), bigints (int64), booleans or texts, lists of
 * lists for more axes, an array in memory, or a lazy array of any format, which stays lazy; with `never` for `L` none of
 * those.
 */
export type ArrayInput<L extends LazyArray = LazyArray> =
  | NumericData
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | readonly string[]
  | readonly (readonly unknown[])[]
  | NDArray
  // Said of what `view` gives, so that the compiler finds `L` by lazy arrays alone, and `never` where there is none.
  | (LazyArray & { view(selection: Selection): L });

/**
 * What an array comes back as. One axis: a typed array for integers and floats, a plain array for texts and booleans.
 * Anything else (more axes, float16, complex numbers, records) is an `NDArray`.
 */
export type ArrayValue = NumericData | string[] | boolean[] | NDArray;

/** Whether a value is an array that {@linkcode toArray} takes and that isn't a plain list. */
export function isArrayValue(value: unknown): value is NDArray | NumericData {
  return isNDArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * Anything array-like as an array in C order.
 *
 * @param value The value
 * @param name Its name, for messages
 * @throws {ShapeError} If it has no axis, or is ragged
 * @throws {DTypeError} If it is nothing that an array can hold
 */
export function toArray(value: unknown, name: string): NDArray {
  const action = `set ${name}`;
  if (Array.isArray(value) && value.length > 0 && allLike(value, 0)) return ndarray(Float64Array.from(value));
  const values = toValues(value, undefined, action);
  const inferred = inferDType(values, action);
  const dtype = inferred.kind === "string" && Array.isArray(value) ? TEXT : inferred;
  const array = flatten(values.array);
  if (array.shape.length === 0) {
    throw new ShapeError(`Cannot ${action}: ${name} must be at least 1-dimensional, got 0-dimensional array`);
  }
  const plain = Array.isArray(array.data) && dtype.kind !== "string" && NUMBERS.includes(dtype.kind);
  const data: ArrayData = plain ? castNumbers(array.data, dtype, { action }) : array.data;
  return { data, shape: array.shape, stride: array.stride, dtype };
}

/** An array as users get it. */
export function presentArray(array: NDArray): ArrayValue {
  const { data, dtype, shape } = array;
  if (shape.length !== 1) return array;
  if (dtype.kind === "string") return data as string[];
  if (dtype.kind === "bool") return Array.from(data as Uint8Array, Boolean);
  if (dtype.kind === "int" || dtype.kind === "uint" || (dtype.kind === "float" && dtype.itemsize !== 2)) {
    return data as NumericData;
  }
  return array;
}

/**
 * The numbers of an array as times: float64, of any shape.
 *
 * @param array The array
 * @param name Its name, for messages
 * @throws {DTypeError} If it holds anything but numbers
 */
export function toTimes(array: NDArray, name: string): Float64Array {
  const { data, dtype } = flatten(array);
  if (data instanceof Float64Array && dtype.kind === "float") return data;
  if (!["int", "uint", "float"].includes(dtype.kind)) {
    throw new DTypeError(`Cannot take ${name} as times: it holds ${describeDType(dtype)}`);
  }
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/**
 * A mask: one truth value per row.
 *
 * @param mask Booleans, or an array of h5py's bools
 * @throws {ShapeError} If it has not one axis
 * @throws {DTypeError} If it isn't of booleans
 * @throws {TypeError} If it is bare bytes, which may be a mask or indices
 */
export function toMask(mask: Mask): Uint8Array {
  // Bytes may be a mask or indices; what they aren't is told in the words that are used for all that selects.
  const list = mask instanceof Uint8Array ? selectedList(mask, "select") : null;
  if (list === null && Array.isArray(mask) && mask.length > 0 && allLike(mask, true)) {
    const out = new Uint8Array(mask.length);
    for (let i = 0; i < out.length; i++) out[i] = mask[i] === true ? 1 : 0;
    return out;
  }
  const array = toArray(mask, "mask");
  if (array.shape.length !== 1) {
    throw new ShapeError(`Cannot select by mask: mask must be 1D, got ${array.shape.length}D mask`);
  }
  if (array.dtype.kind !== "bool" && array.shape[0] !== 0) {
    throw new DTypeError(`Cannot select by mask: mask must be boolean, got ${describeDType(array.dtype)}`);
  }
  return Uint8Array.from(flatten(array).data as ArrayLike<unknown>, (entry) => entry ? 1 : 0);
}

export { TEXT } from "../../array/codec/plain.ts";

function allLike(values: readonly unknown[], example: unknown): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== typeof example) return false;
  return true;
}

const NUMBERS: readonly string[] = ["int", "uint", "float", "bool"];
