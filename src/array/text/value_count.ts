/**
 * What elements become in memory: a bound that a file can't lie about.
 *
 * @module
 */

import { LimitError } from "../../source/errors.ts";
import { typedArrayOf } from "../dtype/dtype.ts";
import type { DType } from "../types.ts";

/** What a text, or a value in a record, takes in memory at least, in bytes. */
const VALUE = 16;
/** How many values may come of no bytes at all: they cost a file nothing to claim. */
const MOST_EMPTY = 1_000_000;

/**
 * How many JavaScript values an element becomes: 1 for a number or a text, one per leaf for a record.
 *
 * @param dtype Type of the element
 */
export function valuesPerElement(dtype: DType): number {
  if (dtype.kind === "array") return dtype.shape.reduce((n, length) => n * length, valuesPerElement(dtype.base));
  if (dtype.kind !== "compound") return 1;
  return dtype.fields.reduce((sum, field) => sum + valuesPerElement(field.dtype), 1);
}

/**
 * Bytes that an element takes in memory at least: those that it takes in the file, or {@linkcode VALUE} for each value
 * that isn't held by a typed array.
 *
 * @param dtype Type of the element
 */
export function memoryPerElement(dtype: DType): number {
  if (typedArrayOf(dtype) !== null) return dtype.itemsize;
  return Math.max(dtype.itemsize, VALUE * valuesPerElement(dtype));
}

/**
 * Makes sure that a read can be held: elements that aren't numbers take memory of their own, however short they are in
 * the file, and elements without bytes take it as well.
 *
 * @param what What is read, for messages
 * @param dtype Type of the elements, as stored
 * @param count How many
 * @param limit The limit `maxReadBytes`
 * @param file What messages call the file
 * @throws {LimitError} If it takes more
 */
export function checkReadSize(what: string, dtype: DType, count: number, limit: number, file?: string): void {
  const taken = count * memoryPerElement(dtype);
  if (taken > limit) {
    throw new LimitError(
      `Cannot read ${what}: the selection takes ${taken.toLocaleString("en")} bytes, ` +
        `more than the limit maxReadBytes of ${limit.toLocaleString("en")}`,
      { file },
    );
  }
  const values = count * valuesPerElement(dtype);
  if (values > count * dtype.itemsize + MOST_EMPTY) {
    throw new LimitError(
      `Cannot read ${what}: its ${count * dtype.itemsize} bytes mean ${values.toLocaleString("en")} values, ` +
        `more than ${MOST_EMPTY.toLocaleString("en")} of which take no bytes`,
      { file },
    );
  }
}
