/**
 * Arrays in memory: making them, looking into them, laying them out anew.
 *
 * @module
 */

import { SelectionError } from "../source/errors.ts";
import { type CopyAxis, copyBytes, copyValues } from "./codec/copy.ts";
import { allocate, typedArrayOf, unitsPerElement } from "./dtype/dtype.ts";
import { fromPlain, type PlainArray, type PlainValues, TEXT, typedDType } from "./codec/plain.ts";
import type { ArrayData, DType, NDArray, NumericData, PartialShape, ResolvedAxis } from "./types.ts";

/**
 * An array in memory.
 *
 * Of a typed array it is over its memory. Of a plain array, by one rule for the whole library: numbers are float64, bigints
 * int64 (uint64 where one is larger), booleans bool, text text; arrays in arrays are further axes; an empty list is float64.
 * What mixes kinds, or is ragged, is refused.
 *
 * @param data The elements in C order; complex numbers take two entries each
 * @param shape Length of each axis; by default one axis of all elements, for arrays in arrays theirs
 * @param dtype Type of the elements; by default that of `data`'s class, or of the values. Plain numbers are converted to it
 * @returns The array; it shares a typed array's memory
 * @throws {TypeError} If a plain array mixes kinds
 * @throws {ShapeError} If a plain array is ragged
 * @throws {SelectionError} If the shape doesn't hold as many elements as there are
 * @throws {DTypeError} If a plain number doesn't fit the dtype
 *
 * @example Usage
 * ```ts
 * import { ndarray, toNested } from "./ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const table = ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * assert.deepEqual(toNested(table), [[1, 2, 3], [4, 5, 6]]);
 * assert.deepEqual(ndarray([[1, 2.5], [3, 4]]).data, Float64Array.of(1, 2.5, 3, 4));
 * ```
 */
export function ndarray<D extends NumericData>(data: D, shape?: readonly number[], dtype?: DType): NDArray<D>;
export function ndarray(data: readonly number[] | readonly (readonly number[])[], shape?: readonly number[]): NDArray<
  Float64Array
>;
export function ndarray(data: readonly string[], shape?: readonly number[]): NDArray<string[]>;
export function ndarray(data: readonly boolean[], shape?: readonly number[]): NDArray<Uint8Array>;
export function ndarray(data: readonly bigint[], shape?: readonly number[]): NDArray<BigInt64Array | BigUint64Array>;
export function ndarray<D extends ArrayData>(data: D, shape: readonly number[] | undefined, dtype: DType): NDArray<D>;
export function ndarray(data: ArrayData | PlainArray, shape?: readonly number[], dtype?: DType): NDArray;
export function ndarray(data: ArrayData | PlainArray, shape?: readonly number[], dtype?: DType): NDArray {
  const held = asHeld(data, dtype);
  const units = unitsPerElement(held.dtype);
  const lengths = shape ?? held.shape ?? [held.data.length / units];
  if (sizeOf(lengths) * units !== held.data.length) {
    throw new SelectionError(
      `Cannot give ${held.data.length / units} elements the shape (${lengths.join(", ")}): it holds ${sizeOf(lengths)}`,
    );
  }
  return { data: held.data, shape: lengths, stride: contiguousStride(lengths), dtype: held.dtype };
}

function innermost(dtype: DType): DType {
  return dtype.kind === "array" ? innermost(dtype.base) : dtype;
}

/** Data as an array holds it; plain numbers of a dtype that has typed arrays are put into one. */
function asHeld(data: ArrayData | PlainArray, dtype: DType | undefined): Omit<PlainValues, "shape"> & {
  readonly shape?: readonly number[];
} {
  const action = "make an array";
  if (dtype === undefined) return fromPlain(data, action);
  if (!Array.isArray(data)) return { data: data as NumericData, dtype };
  const base = innermost(dtype);
  const { kind, itemsize } = base;
  if (kind === "complex") {
    const part: DType = { kind: "float", itemsize: itemsize === 16 ? 8 : 4, byteOrder: "<" };
    return { data: fromPlain(data, action, part).data, dtype };
  }
  if (typedArrayOf(dtype) === null) return { data: data as unknown[], dtype };
  const { data: cast, shape } = fromPlain(data, action, base);
  return { data: cast, dtype, ...(dtype.kind === "array" ? {} : { shape }) };
}

/**
 * A shape as NumPy prints it: `(2, 3)`, `(5,)`, `()`.
 *
 * @param shape Length of each axis, `null` where it isn't known
 * @param unknown What stands for such an axis
 */
export function shapeText(shape: PartialShape, unknown: string = "null"): string {
  return `(${shape.map((length) => length ?? unknown).join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** Whether a value is an array in memory. */
export function isNDArray(value: unknown): value is NDArray {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value && "stride" in value;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Strides, in elements, of an array that lies in C order. */
export function contiguousStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= shape[axis]!;
  }
  return stride;
}

/** Whether an array's elements lie in C order without gaps. */
export function isContiguous(array: NDArray): boolean {
  const expected = contiguousStride(array.shape);
  return array.shape.every((length, axis) => length === 1 || array.stride[axis] === expected[axis]) ||
    sizeOf(array.shape) === 0;
}

/** The dtype of what a typed array holds; for a plain array that is held as it is, text. */
export function nativeDType(data: ArrayData): DType {
  return Array.isArray(data) ? TEXT : typedDType(data);
}

/**
 * One element by its indices, as a JavaScript value: a bool as true or false, a complex number as a pair, an element
 * of anything else as `data` holds it.
 *
 * @param array The array
 * @param indices One index per axis; negative ones count from the end
 * @returns The element
 * @throws {SelectionError} If an index is out of range, or there are too many or too few
 */
export function elementAt(array: NDArray, ...indices: number[]): unknown {
  if (indices.length !== array.shape.length) {
    throw new SelectionError(
      `Cannot take an element by ${indices.length} indices: the array has ${array.shape.length} axes`,
    );
  }
  let at = 0;
  indices.forEach((given, axis) => {
    const length = array.shape[axis]!;
    const index = given < 0 ? given + length : given;
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new SelectionError(
        `Cannot take index ${given} along axis ${axis}: it is out of range for length ${length}`,
      );
    }
    at += index * array.stride[axis]!;
  });
  return valueAt(array, at);
}

/**
 * The elements of an array in C order, one by one, as {@linkcode elementAt} gives them.
 *
 * @param array The array
 */
export function* elements(array: NDArray): Generator<unknown, void> {
  const { shape, stride } = array;
  if (sizeOf(shape) === 0) return;
  const index = new Array<number>(shape.length).fill(0);
  let at = 0;
  while (true) {
    yield valueAt(array, at);
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      at += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/**
 * An array as nested JavaScript arrays; an array without axes as its one value.
 *
 * @param array The array
 */
export function toNested(array: NDArray): unknown {
  const { shape, stride } = array;
  const build = (axis: number, at: number): unknown =>
    axis === shape.length
      ? valueAt(array, at)
      : Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, at + i * stride[axis]!));
  return build(0, 0);
}

/**
 * The same elements in C order without gaps.
 *
 * @param array The array
 * @returns The array itself where it already is so, else a copy
 */
export function flatten<D extends ArrayData>(array: NDArray<D>): NDArray<D> {
  const units = unitsPerElement(array.dtype);
  const size = sizeOf(array.shape) * units;
  if (isContiguous(array)) {
    if (array.data.length === size) return array;
    const data = Array.isArray(array.data) ? array.data.slice(0, size) : array.data.subarray(0, size);
    return { ...array, data: data as D, stride: contiguousStride(array.shape) };
  }
  return takeResolved(array, array.shape.map((count) => ({ kind: "range", start: 0, step: 1, count, drop: false })));
}

/**
 * A checked selection of an array in memory, copied.
 *
 * @param array The array
 * @param axes The selection, as `resolveSelection` gives it
 * @param into Memory of the right length that the elements go into, where it is of the same class and another buffer
 * @returns A new array in C order
 */
export function takeResolved<D extends ArrayData>(
  array: NDArray<D>,
  axes: readonly ResolvedAxis[],
  into?: NumericData,
): NDArray<D> {
  const counts = axes.map((axis) => axis.count);
  const shape = axes.filter((axis) => !axis.drop).map((axis) => axis.count);
  const units = unitsPerElement(array.dtype);
  const size = sizeOf(counts);
  const data = isUsable(into, array.data) ? into : sameClass(array.data, size * units);
  const cell = Array.isArray(data) ? 1 : data.BYTES_PER_ELEMENT;
  const targetStride = contiguousStride(counts);
  const box = axes.map((axis, i): CopyAxis => ({
    count: axis.count,
    source: axis.kind === "list" ? axis : { start: axis.start, step: axis.step },
    sourceStride: array.stride[i]! * units * cell,
    target: { start: 0, step: 1 },
    targetStride: targetStride[i]! * units * cell,
  }));
  if (Array.isArray(data)) copyValues(array.data as unknown[], data, box);
  else copyBytes(view8(array.data as NumericData), view8(data), box, units * cell);
  return { data: data as D, shape, stride: contiguousStride(shape), dtype: array.dtype };
}

/**
 * An array of one value throughout.
 *
 * @param shape Length of each axis
 * @param dtype Type of the elements
 * @param value The value: a number, a bigint for 64-bit integers, a boolean, a pair for complex numbers, or anything
 */
export function fullArray(shape: readonly number[], dtype: DType, value: unknown): NDArray {
  const data = allocate(dtype, sizeOf(shape));
  if (dtype.kind === "complex") {
    const [re, im] = value as [number, number];
    (data as Float64Array).forEach((_, i) => data[i] = i % 2 === 0 ? re : im);
  } else if (Array.isArray(data)) {
    data.fill(value);
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    data.fill(BigInt(value as bigint | number));
  } else {
    data.fill(Number(value));
  }
  return { data, shape, stride: contiguousStride(shape), dtype };
}

/** The element that starts `at` elements into an array's data, as {@linkcode elementAt} gives it. */
export function valueAt(array: NDArray, at: number): unknown {
  const { data, dtype } = array;
  if (dtype.kind === "bool") return Boolean(data[at]);
  if (dtype.kind === "complex") return [data[2 * at], data[2 * at + 1]];
  if (dtype.kind === "array") {
    const units = unitsPerElement(dtype);
    return toNested({
      data: data.slice(at * units, (at + 1) * units),
      shape: dtype.shape,
      stride: contiguousStride(dtype.shape),
      dtype: dtype.base,
    });
  }
  return data[at];
}

/** Elements of an array that goes into its own memory would be overwritten before they are read. */
function isUsable(into: NumericData | undefined, data: ArrayData): into is NumericData {
  return into !== undefined && !Array.isArray(data) && into.buffer !== data.buffer &&
    into[Symbol.toStringTag] === data[Symbol.toStringTag];
}

function sameClass(data: ArrayData, length: number): ArrayData {
  if (Array.isArray(data)) return new Array<unknown>(length);
  return new (data.constructor as new (length: number) => NumericData)(length);
}

function view8(data: NumericData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
