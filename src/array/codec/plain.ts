/**
 * Plain values: the one rule for what a JavaScript array of numbers, truth values or text is as an array.
 *
 * Numbers are float64, bigints int64 (uint64 where one is larger than that), booleans bool, text text. Arrays in arrays are
 * further axes; rows that are typed arrays of one class keep its type. An empty list is float64. What mixes kinds is
 * refused, and so is what is ragged: nothing is guessed. Where a dtype is given, values only have to fit it.
 *
 * @module
 */

import { ShapeError } from "../../source/errors.ts";
import { castNumbers } from "./cast.ts";
import { typedArrayOf } from "../dtype/dtype.ts";
import type { ArrayData, BoolDType, DType, FloatDType, IntDType, NumericData, StringDType } from "../types.ts";

/** A plain array: values of one kind, or arrays of them, one in another, all of the same lengths. */
export type PlainArray =
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | readonly string[]
  | readonly (PlainArray | NumericData)[];

/** Elements in C order, their shape and type. */
export interface PlainValues {
  /** The elements, as an array in memory has them. */
  readonly data: ArrayData;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
}

/** Text of any length. */
export const TEXT: StringDType = {
  kind: "string",
  length: null,
  itemsize: 0,
  byteOrder: "|",
  charset: "utf8",
  padding: "null-terminated",
};

const BOOL: BoolDType = { kind: "bool", itemsize: 1, byteOrder: "|" };
const FLOAT64: FloatDType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** The dtype of what a typed array holds. */
export function typedDType(data: NumericData): IntDType | FloatDType {
  const itemsize = data.BYTES_PER_ELEMENT as 1 | 2 | 4 | 8;
  const byteOrder = itemsize === 1 ? "|" : "<";
  if (data instanceof Float32Array) return { kind: "float", itemsize: 4, byteOrder };
  if (data instanceof Float64Array) return { kind: "float", itemsize: 8, byteOrder };
  const signed = data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array ||
    data instanceof BigInt64Array;
  return { kind: signed ? "int" : "uint", itemsize, byteOrder };
}

/**
 * Values in any form that isn't an array yet: a typed array, a list, lists in lists, or one value.
 *
 * @param value The values
 * @param action What is being done, for messages, such as `write NPY`
 * @param dtype Type of the elements, where it is known
 * @returns The elements
 * @throws {TypeError} If kinds are mixed (the message names them), or one is none that an array holds
 * @throws {ShapeError} If lists differ in length
 * @throws {DTypeError} If a value doesn't fit `dtype`
 */
export function fromPlain(value: unknown, action: string, dtype?: DType): PlainValues {
  const typed = asTyped(value);
  if (typed !== null) return { data: typed, shape: [typed.length], dtype: typedDType(typed) };
  const { leaves, shape, rows } = flattenLists(value, action);
  if (dtype !== undefined && typedArrayOf(dtype) !== null) {
    return { data: castNumbers(leaves, dtype, { action }), shape, dtype };
  }
  return { ...ofOneKind(leaves, rows, action), shape };
}

/** Whether lists, or a value, hold only kinds that {@linkcode fromPlain} knows: numbers, bigints, booleans, text. */
export function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return ["number", "bigint", "boolean", "string"].includes(typeof value) || asTyped(value) !== null;
}

/**
 * Lists in lists as one list, and their shape.
 *
 * @param value A list, or one value, which has no axis
 * @param action What is being done, for messages
 * @returns The values in C order; `rows` is the first innermost list where all of those are typed arrays of its class
 * @throws {ShapeError} If lists differ in length
 */
export function flattenLists(
  value: unknown,
  action: string,
): { leaves: unknown[]; shape: number[]; rows: NumericData | null } {
  const shape: number[] = [];
  for (let level: unknown = value; isList(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const leaves: unknown[] = [];
  const ragged = (found: unknown, axis: number) =>
    new ShapeError(
      `Cannot ${action}: the list is ragged: ${isList(found) ? `one of ${found.length} entries` : told(found)} along ` +
        `axis ${axis}, expected ${shape[axis] === undefined ? "a value" : `a list of ${shape[axis]}`}`,
    );
  let rows: NumericData | null | undefined;
  const walk = (entry: unknown, axis: number) => {
    if (axis === shape.length) {
      if (isList(entry)) throw ragged(entry, axis);
      leaves.push(entry);
      return;
    }
    if (!isList(entry) || entry.length !== shape[axis]) throw ragged(entry, axis);
    if (axis === shape.length - 1) {
      const typed = asTyped(entry);
      if (rows === undefined) rows = typed;
      else if (rows !== null && typed?.constructor !== rows.constructor) rows = null;
    }
    for (let i = 0; i < entry.length; i++) walk(entry[i], axis + 1);
  };
  walk(value, 0);
  return { leaves, shape, rows: rows ?? null };
}

function ofOneKind(leaves: unknown[], rows: NumericData | null, action: string): { data: ArrayData; dtype: DType } {
  if (rows !== null) {
    const dtype = typedDType(rows);
    return { data: castNumbers(leaves, dtype, { action }), dtype };
  }
  const kinds = new Set(leaves.map(told));
  if (kinds.size > 1) {
    throw new TypeError(
      `Cannot ${action}: the values mix ${[...kinds].sort().join(" and ")}; make them of one kind, or give a dtype`,
    );
  }
  const [kind = "numbers"] = kinds;
  switch (kind) {
    case "numbers":
      return { data: Float64Array.from(leaves as number[]), dtype: FLOAT64 };
    case "booleans":
      return { data: Uint8Array.from(leaves as boolean[], Number), dtype: BOOL };
    case "text":
      return { data: leaves, dtype: TEXT };
    case "bigints": {
      const isUnsigned = (leaves as bigint[]).some((value) => value >= 2n ** 63n);
      const dtype: IntDType = { kind: isUnsigned ? "uint" : "int", itemsize: 8, byteOrder: "<" };
      return { data: castNumbers(leaves, dtype, { action }), dtype };
    }
    default:
      throw new TypeError(
        `Cannot ${action}: ${kind} doesn't tell its dtype: expected numbers, bigints, booleans or text`,
      );
  }
}

/** A kind of values, as messages name it. */
function told(value: unknown): string {
  switch (typeof value) {
    case "number":
      return "numbers";
    case "bigint":
      return "bigints";
    case "boolean":
      return "booleans";
    case "string":
      return "text";
    case "object":
      return value === null ? "null" : `an object of class ${value.constructor?.name ?? "null"}`;
    default:
      return typeof value;
  }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || asTyped(value) !== null;
}

/** A typed array as one of those that data comes in: clamped bytes are bytes, 16-bit floats those of 32 bits. */
function asTyped(value: unknown): NumericData | null {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return null;
  if (value instanceof Uint8ClampedArray) return new Uint8Array(value.buffer, value.byteOffset, value.length);
  const isHalf = value.constructor.name === "Float16Array";
  return isHalf ? Float32Array.from(value as unknown as Iterable<number>) : value as unknown as NumericData;
}
