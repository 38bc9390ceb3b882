/**
 * Arrays as JSON and CSV, for other programs.
 *
 * @module
 */

import { toHex } from "./text.ts";
import { plainObject } from "../dtype/object_value.ts";
import { numbersOf } from "../dtype/kinds.ts";
import { SelectionError } from "../../source/errors.ts";
import { formatFloat, formatValue, sequenceValues } from "./format.ts";
import { elements, isNDArray, toNested, valueAt } from "../ndarray.ts";
import type { ArrayData, DType, NDArray } from "../types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/**
 * An array's elements as JSON can hold them, flat in C order: NaN and the infinities as strings, integers beyond
 * 2^53 as strings, truth values as such, complex numbers as pairs, records as objects, opaque bytes in hexadecimal,
 * references as text, sequences as lists.
 *
 * @param array The array
 * @returns One entry per element
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../ndarray.ts";
 * import { toJsonValue } from "./serialise.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(toJsonValue(ndarray(Float64Array.of(1.5, NaN))), [1.5, "NaN"]);
 * assert.deepEqual(toJsonValue(ndarray(BigInt64Array.of(1n, 2n ** 60n))), [1, "1152921504606846976"]);
 * ```
 */
export function toJsonValue(array: NDArray): JsonValue[] {
  const out: JsonValue[] = [];
  for (const value of elements(array)) out.push(jsonElement(value, array.dtype));
  return out;
}

/**
 * One element as JSON can hold it; see {@linkcode toJsonValue}.
 *
 * @param value The element
 * @param dtype Its type
 */
export function jsonElement(value: unknown, dtype: DType): JsonValue {
  if (value === null || value === undefined) return null;
  switch (dtype.kind) {
    case "bool":
      return Boolean(value);
    case "complex":
      return (value as [number, number]).map(jsonNumber);
    case "opaque":
      return value instanceof Uint8Array ? toHex(value) : String(value);
    case "compound": {
      const record = value as Record<string, unknown>;
      return Object.fromEntries(dtype.fields.map(({ name, dtype: field }) => [name, jsonElement(record[name], field)]));
    }
    case "vlen":
      return sequenceValues(value as ArrayData, dtype.base).map((entry) => jsonElement(entry, dtype.base));
    case "array":
      return jsonNested(isNDArray(value) ? toNested(value) : value, dtype.base);
    case "object":
      return plainObject(value);
    case "reference":
      return String(value);
    default:
      return jsonNumber(value);
  }
}

/** Options of {@linkcode toCsv}. */
export interface CsvOptions {
  /**
   * Names of the columns, or whether to write any. By default records have their fields' names and other arrays none.
   */
  readonly header?: boolean | readonly string[] | undefined;
}

/**
 * An array as CSV: a row per index of the first axis, a column per index of the second, or per field of a record.
 * Floats come in the shortest form that reads back to the same value.
 *
 * @param array An array of at most two axes; records may have one
 * @param options Options
 * @returns The text, every line ended by a line feed
 * @throws {SelectionError} If the array has more axes than a table can show
 */
export function toCsv(array: NDArray, options: CsvOptions = {}): string {
  checkOptions(options, CSV_OPTIONS, "write CSV");
  const { shape, stride, dtype } = array;
  const isRecord = dtype.kind === "compound";
  if (shape.length > (isRecord ? 1 : 2)) {
    throw new SelectionError(
      `Cannot write an array of ${shape.length} axes (shape ${shape.join(" x ")}) as CSV: ` +
        `select at most ${isRecord ? "one axis of records" : "two axes"}`,
    );
  }
  const rows = shape[0] ?? 1;
  const columns = isRecord ? dtype.fields.length : shape[1] ?? 1;
  const lines: string[] = [];
  const names = headerOf(options.header, dtype, columns);
  if (names !== null) lines.push(names.map(quoteCell).join(","));
  for (let row = 0; row < rows; row++) {
    const at = row * (stride[0] ?? 0);
    const cells = new Array<string>(columns);
    if (isRecord) {
      const record = valueAt(array, at) as Record<string, unknown>;
      dtype.fields.forEach((field, i) => cells[i] = csvCell(record[field.name], field.dtype));
    } else {
      for (let column = 0; column < columns; column++) {
        cells[column] = csvCell(valueAt(array, at + column * (stride[1] ?? 0)), dtype);
      }
    }
    lines.push(cells.join(","));
  }
  return lines.length === 0 ? "" : lines.join("\n") + "\n";
}

function headerOf(header: CsvOptions["header"], dtype: DType, columns: number): string[] | null {
  if (Array.isArray(header)) {
    if (header.length === columns) return [...header];
    throw new SelectionError(`Cannot name ${columns} columns of a CSV by ${header.length} names`);
  }
  if (header === false || (header === undefined && dtype.kind !== "compound")) return null;
  if (dtype.kind === "compound") return dtype.fields.map((field) => field.name);
  return columns === 1 ? ["value"] : Array.from({ length: columns }, (_, i) => String(i));
}

/** One element as a cell of a CSV, as {@linkcode toCsv} writes it. */
export function csvCell(value: unknown, dtype: DType): string {
  if (value === null || value === undefined) return "";
  switch (dtype.kind) {
    case "string":
      return quoteCell(String(value));
    case "bool":
      return value ? "true" : "false";
    case "float":
      return formatFloat(value as number, dtype.itemsize);
    default: {
      if (numbersOf(dtype) !== null) return formatValue(value, dtype);
      const json = jsonElement(value, dtype);
      return quoteCell(typeof json === "string" ? json : JSON.stringify(json));
    }
  }
}

/** Text as a cell of a CSV, in quotes where it needs them. */
export function quoteCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonNested(value: unknown, base: DType): JsonValue {
  const inner = base.kind === "array" ? base.base : base;
  const isElement = inner.kind === "complex" && Array.isArray(value) && typeof value[0] === "number";
  if (Array.isArray(value) && !isElement) return value.map((entry) => jsonNested(entry, inner));
  return jsonElement(value, inner);
}

function jsonNumber(value: unknown): JsonValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return String(value);
}

const CSV_OPTIONS: OptionNames<CsvOptions> = { header: true };
