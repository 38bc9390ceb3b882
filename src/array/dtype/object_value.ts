/**
 * Elements of object arrays, which hold what Python's objects became, as JSON and as text.
 *
 * @module
 */

import { toHex } from "../text/text.ts";
import { elements, isNDArray } from "../ndarray.ts";
import type { NDArray } from "../types.ts";

/** What an object array's element is made of, without what JSON lacks. */
type Plain = null | boolean | number | string | Plain[] | { [name: string]: Plain };

/** Deeper values are cut off: they may contain themselves. */
const DEEPEST = 100;

/**
 * An element as JSON can hold it: a dictionary is an object, a tuple, list or set an array, an array the nested array of
 * its elements, bytes hexadecimal text; NaN, the infinities and integers beyond 2^53 are text.
 *
 * @param value The element
 * @returns What `JSON.stringify` takes
 */
export function plainObject(value: unknown, depth: number = 0): Plain {
  if (value === null || value === undefined) return null;
  if (depth > DEEPEST) return "…";
  const inner = (item: unknown) => plainObject(item, depth + 1);
  switch (typeof value) {
    case "boolean":
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "object":
      break;
    default:
      return String(value);
  }
  if (isNDArray(value)) return nested(value, depth);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [keyText(key, depth), inner(item)]));
  }
  if (value instanceof Set || Array.isArray(value)) return [...value].map(inner);
  if (value instanceof Uint8Array) return toHex(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inner(item)]));
}

/** An element as one line of text. */
export function objectText(value: unknown): string {
  return JSON.stringify(plainObject(value));
}

function keyText(key: unknown, depth: number): string {
  return typeof key === "string" ? key : JSON.stringify(plainObject(key, depth + 1));
}

function nested(array: NDArray, depth: number): Plain {
  const values = [...elements(array)].map((item) => plainObject(item, depth + 1));
  const gather = (axis: number, from: number, count: number): Plain => {
    if (axis === array.shape.length) return values[from] ?? null;
    const length = array.shape[axis]!;
    const step = length === 0 ? 0 : count / length;
    return Array.from({ length }, (_, i) => gather(axis + 1, from + i * step, step));
  };
  return gather(0, 0, values.length);
}
