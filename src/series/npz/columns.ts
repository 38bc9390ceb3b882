/**
 * Columns of metadata as NumPy's arrays, and back.
 *
 * @module
 */

import { flatten, isNDArray, ndarray, sizeOf, toNested } from "../../array/ndarray.ts";
import type { NDArray, NumericData, ObjectDType } from "../../array/types.ts";
import type { Metadata, MetadataColumn } from "../metadata.ts";
import { BOOL } from "../values/values.ts";

/** Python objects. */
export const OBJECT: ObjectDType = { kind: "object", itemsize: 8, byteOrder: "|" };

/**
 * A column as `numpy.array` would make one of it: typed arrays keep their type; of plain ones whole numbers become int64,
 * other numbers float64, truth values bool, text `<U`, rows of equally many numbers a table; all else objects.
 *
 * @param column The column
 */
export function encodeColumn(column: MetadataColumn): NDArray {
  if (!Array.isArray(column)) return ndarray(column as NumericData);
  const plain = encodePlain(column);
  if (plain !== null) return plain;
  const width = isRow(column[0]) ? column[0].length : 0;
  if (!column.every((row) => isRow(row) && row.length === width)) return ndarray(column, [column.length], OBJECT);
  const rows = column as readonly MetadataColumn[];
  const table = joinTyped(rows) ?? encodePlain(rows.flatMap((row): unknown[] => [...row]));
  return table === null
    ? ndarray(rows as unknown[], [rows.length], OBJECT)
    : ndarray(table.data, [rows.length, width], table.dtype);
}

/** Typed arrays of one class as one, else `null`. */
function joinTyped(rows: readonly MetadataColumn[]): NDArray | null {
  const [first] = rows;
  if (Array.isArray(first) || !rows.every((row) => row.constructor === first!.constructor)) return null;
  const typed = rows as readonly Float64Array[];
  const joined = new (typed[0]!.constructor as Float64ArrayConstructor)(typed.length * typed[0]!.length);
  typed.forEach((row, i) => joined.set(row, i * row.length));
  return ndarray(joined);
}

/** A column of numbers, truth values or texts alone, else `null`. */
function encodePlain(column: readonly unknown[]): NDArray | null {
  const all = (test: (value: unknown) => boolean) => column.every(test);
  if (column.length > 0) {
    if (all((value) => typeof value === "boolean")) {
      return ndarray(Uint8Array.from(column as boolean[], Number), [column.length], BOOL);
    }
    if (all((value) => typeof value === "bigint" ? BigInt.asIntN(64, value) === value : isWhole(value))) {
      return ndarray(BigInt64Array.from(column as (number | bigint)[], BigInt));
    }
    // NumPy cuts NULs off the end of text that isn't an object.
    if (all((value) => typeof value === "string" && !value.endsWith("\0"))) return ndarray([...column] as string[]);
  }
  return all((value) => typeof value === "number") ? ndarray(Float64Array.from(column as number[])) : null;
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function isRow(value: unknown): value is MetadataColumn {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * An array of a file as a column: numbers in a typed array, integers of 64 bits in a plain one, as numbers where all are
 * safe; truth values, texts and objects in a plain one; a table as its rows.
 *
 * @param array The array
 */
export function decodeColumn(array: NDArray): MetadataColumn {
  const { data, dtype, shape } = flatten(array);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = Array.from(data, Number);
    if (shape.length === 1) return numbers.every(Number.isSafeInteger) ? numbers : [...data];
    if (numbers.every(Number.isSafeInteger)) return toNested(ndarray(Float64Array.from(numbers), shape)) as unknown[];
  }
  const isPlain = shape.length === 1 && dtype.kind !== "bool" && dtype.kind !== "complex";
  return isPlain ? data : toNested(array) as unknown[];
}

/**
 * What a `_metadata` array holds: columns by name, today's or those of pandas, as older files have them.
 *
 * @param array The array of one object
 * @param labels Labels of the rows, in order
 * @returns The columns
 * @throws {TypeError} If it holds no columns, or one that isn't
 */
export function decodeMetadata(array: NDArray, labels: readonly unknown[]): [string, MetadataColumn][] {
  const [found] = sizeOf(array.shape) === 1 ? flatten(array).data as readonly unknown[] : [];
  if (found === null) return [];
  if (!(found instanceof Map)) throw new TypeError("its _metadata is no dictionary of columns");
  return [...found].map(([name, column]): [string, MetadataColumn] => {
    if (typeof name !== "string") {
      throw new TypeError(`its _metadata has a column called ${String(name)}, which is no text`);
    }
    if (isNDArray(column)) return [name, decodeColumn(column)];
    if (Array.isArray(column)) return [name, column];
    if (column instanceof Map) return [name, labelled(column, labels)];
    throw new TypeError(`${JSON.stringify(name)} in its _metadata is no column`);
  });
}

/** A column of pandas': values by the labels of the rows, or by others, in order. */
function labelled(column: ReadonlyMap<unknown, unknown>, labels: readonly unknown[]): unknown[] {
  const isOurs = column.size === labels.length && labels.every((label) => column.has(label));
  return isOurs ? labels.map((label) => column.get(label)) : [...column.values()];
}

/** Metadata as the array of one object that pynapple stores: a dictionary of columns. */
export function encodeMetadata(metadata: Metadata): NDArray {
  const columns = metadata.keys().map((name) => [name, encodeColumn(metadata.get(name))] as const);
  return ndarray([new Map(columns)], [], OBJECT);
}
