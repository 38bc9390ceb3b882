/**
 * Arrays and tables as text for people.
 *
 * @module
 */

import { toHex } from "./text.ts";
import { toHalf } from "../dtype/half.ts";
import { elements, isNDArray, ndarray, toNested, valueAt } from "../ndarray.ts";
import { objectText } from "../dtype/object_value.ts";
import type { ArrayData, DType, NDArray } from "../types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";

/** Options of {@linkcode formatArray}. */
export interface FormatArrayOptions {
  /**
   * Longest axis, other than the last, that is shown whole; of a longer one as many entries are shown at its ends.
   *
   * @default {20}
   */
  readonly maxRows?: number | undefined;
  /**
   * The same for the last axis.
   *
   * @default {12}
   */
  readonly maxColumns?: number | undefined;
  /**
   * Where the middle of an axis is missing from the array already: per axis the index before which "..." belongs, or
   * `null`. For arrays of which only what {@linkcode edges} gives was read.
   */
  readonly gaps?: readonly (number | null)[] | undefined;
}

/**
 * An array as text, much as NumPy prints it: brackets per axis, columns aligned, the middle of long axes left out.
 * Floats come in the shortest form that reads back to the same value.
 *
 * @param array The array
 * @param options Options
 * @returns One or more lines, without a line break at the end
 *
 * @example Usage
 * ```ts
 * import { formatArray } from "./format.ts";
 * import { ndarray } from "../ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatArray(ndarray(Int16Array.of(1, 20, 3, 4), [2, 2])), "[[ 1 20]\n [ 3  4]]");
 * ```
 */
export function formatArray(array: NDArray, options: FormatArrayOptions = {}): string {
  checkOptions(options, FORMAT_ARRAY_OPTIONS, "format an array");
  const { shape, stride, dtype } = array;
  const rank = shape.length;
  if (rank === 0) return formatValue(valueAt(array, 0), dtype);
  if (shape.includes(0)) return "[]";
  const shown = shape.map((length, axis) => {
    const gap = options.gaps?.[axis] ?? null;
    if (gap === null) return shownIndices(length, axis === rank - 1 ? options.maxColumns ?? 12 : options.maxRows ?? 20);
    return shownIndices(length, Infinity).toSpliced(gap, 0, null);
  });
  const build = (axis: number, at: number): Tree =>
    shown[axis]!.map((index) => {
      if (index === null) return null;
      const next = at + index * stride[axis]!;
      return axis === rank - 1 ? formatValue(valueAt(array, next), dtype) : build(axis + 1, next);
    });
  const tree = build(0, 0);
  const width = widest(tree);
  const pad = isNumeric(dtype)
    ? (text: string) => text.padStart(width)
    : (text: string) => rank > 1 ? text.padEnd(width) : text;
  const write = (branch: Tree, depth: number): string => {
    const parts = branch.map((entry) =>
      entry === null ? "..." : typeof entry === "string" ? pad(entry) : write(entry, depth + 1)
    );
    const axesBelow = rank - depth - 1;
    const separator = axesBelow === 0 ? " " : "\n".repeat(axesBelow) + " ".repeat(depth + 1);
    return `[${parts.join(separator).trimEnd()}]`;
  };
  return write(tree, 0);
}

/** One column of a table. */
export interface TableColumn {
  /** What stands above it. */
  readonly name: string;
  /** Its values, as text already. */
  readonly cells: readonly string[];
  /**
   * On which side they are aligned.
   *
   * @default {"right"}
   */
  readonly align?: "left" | "right" | undefined;
}

/**
 * A table as text, with a line of names and aligned columns.
 *
 * @param columns The columns, all of the same length
 * @param options `maxRows`: longest table shown whole (default 20)
 * @returns One or more lines, without a line break at the end
 */
export function formatTable(columns: readonly TableColumn[], options: { readonly maxRows?: number } = {}): string {
  checkOptions(options, FORMAT_TABLE_OPTIONS, "format a table");
  const rows = shownIndices(columns[0]?.cells.length ?? 0, options.maxRows ?? 20);
  const texts = columns.map((
    column,
  ) => [column.name, ...rows.map((row) => row === null ? "..." : column.cells[row] ?? "")]);
  const widths = texts.map((column) => Math.max(...column.map((text) => displayWidth(text))));
  const line = (row: number) =>
    texts.map((column, i) => padTo(column[row]!, widths[i]!, columns[i]!.align ?? "right")).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(0), rule, ...rows.map((_, i) => line(i + 1))].join("\n");
}

/**
 * An array of records as a table with a column per field, one row per record.
 *
 * @param array A one-dimensional array of compound dtype
 * @param options `maxRows`: longest table shown whole (default 20); `gap`: row before which rows are missing already
 */
export function formatRecords(
  array: NDArray,
  options: { readonly maxRows?: number; readonly gap?: number | null } = {},
): string {
  checkOptions(options, FORMAT_RECORDS_OPTIONS, "format records");
  if (array.dtype.kind !== "compound") return formatArray(array, { maxRows: options.maxRows });
  const gap = options.gap ?? null;
  const rows = shownIndices(array.shape[0] ?? 1, gap === null ? options.maxRows ?? 20 : Infinity);
  if (gap !== null) rows.splice(gap, 0, null);
  const columns = array.dtype.fields.map(({ name, dtype }): TableColumn => ({
    name,
    align: isNumeric(dtype) ? "right" : "left",
    cells: rows.map((row) => {
      if (row === null) return "...";
      const record = valueAt(array, row * (array.stride[0] ?? 1)) as Record<string, unknown>;
      return formatValue(record[name], dtype);
    }),
  }));
  return formatTable(columns, { maxRows: Infinity });
}

/**
 * One element as text: strings quoted, floats in the shortest form that reads back to the same value, complex numbers
 * as `1+2j`, bytes in hexadecimal, records as `{a: 1, b: "x"}`.
 *
 * @param value The element
 * @param dtype Its type
 */
export function formatValue(value: unknown, dtype: DType): string {
  if (value === null || value === undefined) return "null";
  switch (dtype.kind) {
    case "bool":
      return value ? "True" : "False";
    case "float":
      return formatFloat(Number(value), dtype.itemsize);
    case "complex": {
      const [re, im] = value as [number, number];
      const size = dtype.itemsize === 8 ? 4 : 8;
      const imaginary = formatFloat(im, size);
      return `${formatFloat(re, size)}${/^[-+]/.test(imaginary) ? "" : "+"}${imaginary}j`;
    }
    case "string":
      return JSON.stringify(value);
    case "opaque":
      return value instanceof Uint8Array ? `0x${toHex(value)}` : String(value);
    case "compound": {
      const record = value as Record<string, unknown>;
      return `{${
        dtype.fields.map((field) => `${field.name}: ${formatValue(record[field.name], field.dtype)}`).join(", ")
      }}`;
    }
    case "vlen":
      return formatList(sequenceValues(value as ArrayData, dtype.base), dtype.base);
    case "array":
      return formatNested(isNDArray(value) ? toNested(value) : value, innermost(dtype));
    case "object":
      return objectText(value);
    default:
      return String(value);
  }
}

/**
 * A float in the shortest decimal form that reads back to the same value of its width.
 *
 * @param value The number
 * @param itemsize Bytes per value: 2, 4 or 8
 */
export function formatFloat(value: number, itemsize: 2 | 4 | 8): string {
  if (itemsize === 8 || value === 0 || !Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  const same = itemsize === 4
    ? (text: string) => Math.fround(Number(text)) === value
    : (text: string) => toHalf(Number(text)) === toHalf(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (same(text)) return formatFloat(Number(text), 8);
  }
  return formatFloat(Number(value.toPrecision(9)), 8);
}

/** The values of a variable-length element, whose data is an array of `base`. */
export function sequenceValues(data: ArrayData, base: DType): unknown[] {
  return [...elements(ndarray(data, undefined, base))];
}

type Tree = (string | null | Tree)[];

function widest(tree: Tree): number {
  let width = 0;
  for (const entry of tree) {
    if (entry !== null) width = Math.max(width, typeof entry === "string" ? entry.length : widest(entry));
  }
  return width;
}

/**
 * What {@linkcode formatArray} shows of an array of a shape: enough to read, and no more.
 *
 * @param shape Length of each axis
 * @param options Options
 * @returns Per axis the indices shown, `null` for all of them; and the gaps to print what was read with
 */
export function edges(
  shape: readonly number[],
  options: FormatArrayOptions = {},
): { readonly selection: (number[] | null)[]; readonly gaps: (number | null)[] } {
  const selection: (number[] | null)[] = [];
  const gaps: (number | null)[] = [];
  shape.forEach((length, axis) => {
    const max = axis === shape.length - 1 ? options.maxColumns ?? 12 : options.maxRows ?? 20;
    const shown = length <= max ? null : shownIndices(length, max);
    selection.push(shown?.filter((index) => index !== null) ?? null);
    gaps.push(shown?.indexOf(null) ?? null);
  });
  return { selection, gaps };
}

function shownIndices(length: number, max: number): (number | null)[] {
  if (length <= max) return Array.from({ length }, (_, i) => i);
  const head = Math.max(1, Math.ceil(max / 2));
  const tail = Math.max(1, Math.floor(max / 2));
  return [
    ...Array.from({ length: head }, (_, i) => i),
    null,
    ...Array.from({ length: tail }, (_, i) => length - tail + i),
  ];
}

function formatList(values: unknown[], dtype: DType): string {
  return `[${values.map((value) => formatValue(value, dtype)).join(", ")}]`;
}

function formatNested(value: unknown, dtype: DType): string {
  // A pair is one complex number, not a level of nesting.
  const isElement = dtype.kind === "complex" && Array.isArray(value) && typeof value[0] === "number";
  if (!Array.isArray(value) || isElement) return formatValue(value, dtype);
  return `[${value.map((entry) => formatNested(entry, dtype)).join(", ")}]`;
}

function innermost(dtype: DType): DType {
  return dtype.kind === "array" ? innermost(dtype.base) : dtype;
}

function isNumeric(dtype: DType): boolean {
  return !["string", "compound", "vlen", "reference", "opaque"].includes(dtype.kind);
}

function displayWidth(text: string): number {
  return [...text].length;
}

function padTo(text: string, width: number, align: "left" | "right"): string {
  const gap = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + gap : gap + text;
}

const FORMAT_ARRAY_OPTIONS: OptionNames<FormatArrayOptions> = { maxRows: true, maxColumns: true, gaps: true };
const FORMAT_TABLE_OPTIONS: OptionNames<NonNullable<Parameters<typeof formatTable>[1]>> = { maxRows: true };
const FORMAT_RECORDS_OPTIONS: OptionNames<NonNullable<Parameters<typeof formatRecords>[1]>> = {
  maxRows: true,
  gap: true,
};
