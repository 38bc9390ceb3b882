/**
 * Which dtype an array's elements are stored as in a `.npy` file.
 *
 * @module
 */

import { describeDType } from "../array/dtype/dtype.ts";
import { numbersOf } from "../array/dtype/kinds.ts";
import { elements, isNDArray } from "../array/ndarray.ts";
import type { DType, NDArray } from "../array/types.ts";
import { UnsupportedError } from "../source/errors.ts";
import { isInOrder } from "./descr.ts";

/** The longest text of each place in a type where texts of any length stand, in characters; places as paths. */
export type TextLengths = Map<string, number>;

/** Whether a type holds texts whose length must be found out before they can be stored. */
export function needsLengths(dtype: DType): boolean {
  if (dtype.kind === "array") return needsLengths(dtype.base);
  if (dtype.kind === "compound") return dtype.fields.some((field) => needsLengths(field.dtype));
  return isFree(dtype);
}

/** NumPy has no text of varying length, and none in UTF-8. */
function isFree(dtype: DType): boolean {
  return dtype.kind === "string" && (dtype.length === null || dtype.charset === "utf8");
}

/**
 * Finds the longest texts.
 *
 * @param array Some of the elements
 * @param lengths What was found before, and is added to
 */
export function measureTexts(array: NDArray, lengths: TextLengths): void {
  measure(elements(array), array.dtype, "", lengths);
}

function measure(values: Iterable<unknown>, dtype: DType, path: string, lengths: TextLengths): void {
  if (!needsLengths(dtype)) return;
  if (dtype.kind === "array") {
    for (const value of values) {
      measure(isNDArray(value) ? elements(value) : value as unknown[], dtype.base, path, lengths);
    }
  } else if (dtype.kind === "compound") {
    for (const record of values) {
      for (const { name, dtype: field } of dtype.fields) {
        measure([(record as Record<string, unknown>)[name]], field, `${path}/${name}`, lengths);
      }
    }
  } else {
    let longest = lengths.get(path) ?? 1;
    for (const value of values) {
      const text = String(value ?? "");
      if (text.length > longest) longest = Math.max(longest, [...text].length);
    }
    lengths.set(path, longest);
  }
}

/**
 * The dtype that elements are stored as: numbers in the byte order asked for, enums as their integers, ASCII text of
 * fixed length as `S`, all other text as `U`.
 *
 * @param dtype Their dtype in memory
 * @param order Byte order of numbers and text
 * @param lengths The longest texts, where {@linkcode needsLengths} says that they are needed
 * @returns A dtype that `descrOf` can describe and `encodeElements` can encode
 * @throws {UnsupportedError} If NumPy could hold the elements only as pickled objects, and they aren't plain ones
 */
export function storedType(dtype: DType, order: "<" | ">", lengths: TextLengths): DType {
  // Whole arrays of objects are pickled.
  return dtype.kind === "object" ? dtype : stored(dtype, order, lengths, "");
}

function stored(dtype: DType, order: "<" | ">", lengths: TextLengths, path: string): DType {
  switch (dtype.kind) {
    case "enum":
      return stored(dtype.base, order, lengths, path);
    case "bool":
    case "opaque":
      return dtype;
    case "string": {
      if (!isFree(dtype) && dtype.charset === "ascii") return { ...dtype, byteOrder: "|", padding: "null-padded" };
      const length = isFree(dtype) ? lengths.get(path) ?? 1 : dtype.length!;
      const byteOrder = order === ">" ? ">" : "|";
      return { kind: "string", length, itemsize: 4 * length, byteOrder, charset: "ucs4", padding: "null-padded" };
    }
    case "array": {
      const base = stored(dtype.base, order, lengths, path);
      const itemsize = dtype.shape.reduce((product, length) => product * length, base.itemsize);
      return { ...dtype, base, itemsize };
    }
    case "compound": {
      const fields = dtype.fields.map((field) => ({
        ...field,
        dtype: stored(field.dtype, order, lengths, `${path}/${field.name}`),
      }));
      const same = { ...dtype, fields };
      if (isInOrder(same)) return same;
      let offset = 0;
      const packed = fields.map((field) => {
        const at = offset;
        offset += field.dtype.itemsize;
        return { ...field, offset: at };
      });
      return { ...dtype, itemsize: offset, fields: packed };
    }
    default:
      if (numbersOf(dtype) !== null) return { ...dtype, byteOrder: dtype.itemsize === 1 ? "|" : order } as DType;
      throw new UnsupportedError(
        `Cannot write ${describeDType(dtype)} as .npy: NumPy could hold it only as pickled objects`,
      );
  }
}
