/**
 * What people give as elements, as arrays: numbers, text, nested lists, typed arrays.
 *
 * @module
 */

import { castNumbers } from "../../array/codec/cast.ts";
import { isNumber } from "../../array/dtype/kinds.ts";
import { describeDType, typedArrayOf, unitsPerElement } from "../../array/dtype/dtype.ts";
import { TEXT } from "../../array/codec/plain.ts";
import { contiguousStride, flatten, isNDArray, ndarray, shapeText, sizeOf } from "../../array/ndarray.ts";
import type { ArrayData, DType, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { arrayAsType, className } from "./data_chunk.ts";

const CLASSES: ReadonlySet<unknown> = new Set([
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
]);

/** Whether a value is a typed array that array data comes in. */
export function isNumericData(value: unknown): value is NumericData {
  return ArrayBuffer.isView(value) && CLASSES.has(value.constructor);
}

/**
 * A value as an array, as NumPy's `asarray` has it: a plain one as an array without axes, lists as an axis each.
 *
 * Without a dtype, numbers become float64 (JavaScript can't tell 1 from 1.0), bigints int64 or uint64, booleans bool.
 * Elements of types that aren't numbers or text (records, lists of varying length) are taken as they are.
 *
 * @param value The value
 * @param dtype Type of the elements, or `null` for what they are
 * @param action What is being done, for messages
 * @throws {DTypeError} If types are mixed, or a value can't become the dtype
 * @throws {ShapeError} If lists on one level have different lengths
 */
export function asArray(value: unknown, dtype: DType | null, action: string): NDArray {
  if (isNDArray(value)) return dtype === null ? value : arrayAsType(value, dtype, { action });
  if (isNumericData(value)) {
    if (dtype !== null && unitsPerElement(dtype) === 2 && value.constructor === typedArrayOf(dtype)) {
      return ndarray(value, undefined, dtype);
    }
    const array = ndarray(value);
    return dtype === null ? array : arrayAsType(array, dtype, { action });
  }
  if (dtype !== null && typedArrayOf(dtype) === null && dtype.kind !== "string") return ndarray([value], [], dtype);
  if (Array.isArray(value)) {
    if (value.some((entry) => typeof entry === "object" && entry !== null)) {
      return stack(value.map((entry) => asArray(entry, dtype, action)), 0, action);
    }
    return arrayOf(value, [value.length], dtype, action);
  }
  return arrayOf([value], [], dtype, action);
}

/**
 * Arrays of one shape and type as one array, along a new axis.
 *
 * @param pieces The arrays, at least one
 * @param axis Where the new axis stands
 * @param action What is being done, for messages
 * @throws {ShapeError} If they differ in shape
 * @throws {DTypeError} If they differ in type
 */
export function stack(pieces: readonly NDArray[], axis: number, action: string): NDArray {
  const { shape, dtype } = pieces[0]!;
  const size = sizeOf(shape) * unitsPerElement(dtype);
  const TypedArray = typedArrayOf(dtype);
  const data: ArrayData = TypedArray === null ? new Array(size * pieces.length) : new TypedArray(size * pieces.length);
  pieces.forEach((piece, i) => {
    if (piece.shape.length !== shape.length || piece.shape.some((length, k) => length !== shape[k])) {
      throw new ShapeError(`Cannot ${action}: shapes ${shapeText(shape)} and ${shapeText(piece.shape)} are mixed`);
    }
    if (describeDType(piece.dtype) !== describeDType(dtype)) {
      throw new DTypeError(`Cannot ${action}: ${describeDType(dtype)} and ${describeDType(piece.dtype)} are mixed`);
    }
    const { data: values } = flatten(piece);
    if (Array.isArray(data)) values.forEach((value: unknown, k: number) => data[i * size + k] = value);
    else data.set(values as never, i * size);
  });
  const first = contiguousStride([pieces.length, ...shape]);
  return flatten({
    data,
    shape: shape.toSpliced(axis, 0, pieces.length),
    stride: first.slice(1).toSpliced(axis, 0, first[0]!),
    dtype,
  });
}

function arrayOf(values: readonly unknown[], shape: number[], dtype: DType | null, action: string): NDArray {
  const gap = values.findIndex((value) => value === null || value === undefined);
  if (gap >= 0) throw new DTypeError(`Cannot ${action}: ${values[gap]} stands within an element`);
  const found = dtype ?? commonType(values, action);
  if (isNumber(found)) return ndarray(castNumbers([...values], found, { action }), shape, found);
  if (found.kind === "string" && values.every((value) => typeof value === "string")) {
    return ndarray([...values], shape, found);
  }
  throw new DTypeError(`Cannot ${action}: ${className(values[0])} is no ${describeDType(found)}`);
}

/** The type that holds plain values, which must be of one kind. */
function commonType(values: readonly unknown[], action: string): DType {
  const kinds = [...new Set(values.map((value) => typeof value))];
  if (kinds.length > 1) throw new DTypeError(`Cannot ${action}: a ${kinds.join(" and a ")} are mixed`);
  switch (kinds[0] ?? "number") {
    case "number":
      return { kind: "float", itemsize: 8, byteOrder: "<" };
    case "bigint": {
      const unsigned = values.some((value) => value as bigint >= 2n ** 63n);
      return { kind: unsigned ? "uint" : "int", itemsize: 8, byteOrder: "<" };
    }
    case "boolean":
      return { kind: "bool", itemsize: 1, byteOrder: "|" };
    case "string":
      return TEXT;
    default:
      throw new DTypeError(`Cannot ${action}: data type could not be determined from ${className(values[0])}`);
  }
}
