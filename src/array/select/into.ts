/**
 * Reading into memory that the caller gives.
 *
 * {@linkcode readSelection} checks it once, hands it to the reader as a typed array that fits, and copies the result into it
 * where the reader didn't put it there itself. So every lazy array takes it, and those for which it pays fill it directly.
 *
 * @module
 */

import { describeValue } from "../../source/describe_value.ts";
import { describeDType, typedArrayOf, unitsPerElement } from "../dtype/dtype.ts";
import { isContiguous, isNDArray, shapeText, sizeOf } from "../ndarray.ts";
import type { ArrayData, DType, NDArray, NumericData, ReadIntoOptions } from "../types.ts";

type Into = ReadIntoOptions["into"];

/**
 * Checks memory against what is to be read into it.
 *
 * @param into The memory, if any
 * @param dtype Type of the elements
 * @param shape Shape of the result
 * @returns Its typed array
 * @throws {TypeError} If it isn't of the class that the elements come in, or has gaps
 * @throws {RangeError} If it is too long or too short
 */
export function checkInto(into: Into, dtype: DType, shape: readonly number[]): NumericData | undefined {
  if (into === undefined) return undefined;
  const isArray = isNDArray(into);
  const data: unknown = isArray ? into.data : into;
  const TypedArray = typedArrayOf(dtype);
  const what = `Cannot read ${describeDType(dtype)} into ${describe(data)}`;
  if (TypedArray === null) {
    throw new TypeError(`${what}: only numbers can be read into memory that is given`);
  }
  if (classOf(data) !== TypedArray.name) throw new TypeError(`${what}: expected ${named(TypedArray.name)}`);
  const typed = data as NumericData;
  const expected = sizeOf(shape) * unitsPerElement(dtype);
  const held = isArray ? sizeOf(into.shape) * unitsPerElement(into.dtype) : expected;
  if (held !== expected || typed.length !== expected) {
    const got = held === expected ? describe(data) : `an array of shape ${shapeText((into as NDArray).shape)}`;
    throw new RangeError(
      `Cannot read into ${got}: the selection has the shape ${shapeText(shape)}, which takes a length of ${expected}`,
    );
  }
  if (isArray && !isContiguous(into)) {
    throw new TypeError(
      `Cannot read into an array of shape ${shapeText(into.shape)}: it must lie in C order without gaps`,
    );
  }
  return typed;
}

/**
 * Bytes that elements can be put into as they are stored: those of the memory that was given, where elements take as many
 * in memory as stored, else new ones.
 *
 * @param into Memory that {@linkcode checkInto} gave, if any; it isn't zeroed
 * @param byteLength How many
 */
export function bytesFor(into: Into, byteLength: number): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(into) || into.byteLength !== byteLength) return new Uint8Array(byteLength);
  return new Uint8Array(into.buffer as ArrayBuffer, into.byteOffset, byteLength);
}

/**
 * A result whose data is the memory that was given: copied there, unless the reader has put it there itself.
 *
 * @param result What the reader gave
 * @param into Memory that {@linkcode checkInto} gave, if any
 */
export function filled<D extends ArrayData>(result: NDArray<D>, into: NumericData | undefined): NDArray<D> {
  if (into === undefined) return result;
  const data: ArrayData = result.data;
  if (data === into) return result;
  if (classOf(data) !== classOf(into) || data.length !== into.length) {
    throw new TypeError(`Cannot read into ${describe(into)}: the values came as ${describe(data)}`);
  }
  const typed = data as NumericData;
  const isThere = typed.buffer === into.buffer && typed.byteOffset === into.byteOffset;
  if (!isThere) (into as Float64Array).set(typed as Float64Array);
  return { ...result, data: into as ArrayData as D };
}

/**
 * The same options for a read whose result is something else than what `into` is for.
 *
 * @param options The options
 */
export function withoutInto<O extends ReadIntoOptions>(options: O | undefined): O | undefined {
  return options?.into === undefined ? options : { ...options, into: undefined };
}

/** Name of the class of a typed array, whatever realm or subclass it is of. */
function classOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? (value as NumericData)[Symbol.toStringTag] : undefined;
}

function describe(value: unknown): string {
  const name = classOf(value);
  if (name !== undefined) return `${named(name)} of length ${(value as NumericData).length}`;
  return describeValue(value);
}

function named(name: string): string {
  return `${name.startsWith("Int") ? "an" : "a"} ${name}`;
}
