/**
 * Series as text.
 *
 * @module
 */

import { describeDType, numpyName } from "../../array/dtype/dtype.ts";
import { elementAt, shapeText } from "../../array/ndarray.ts";
import type { DType, NDArray } from "../../array/types.ts";
import type { TimeAxis } from "../../time/axis.ts";
import type { Metadata } from "../metadata.ts";
import { alignFloats, reprFloat } from "./number_text.ts";
import { columnTexts } from "./print_metadata.ts";
import { type PrintOptions, shownColumns, shownRows } from "./print_options.ts";
import { type Rows, rowsOfList } from "../values/rows.ts";
import { type Cell, tabulate } from "./tabulate.ts";

/** What is printed of a series with values, beside these. */
export interface PrintedSeries {
  readonly length: number;
  readonly axis: TimeAxis;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What is printed of a series whose values have named columns. */
interface PrintedFrame extends PrintedSeries {
  readonly columns: readonly (string | number)[];
  readonly metadata: Metadata;
}

const TIME = "Time (s)";

/** What stands where values aren't read. */
const UNREAD = "...";

/** Times as text. */
export function formatTimes(times: Float64Array, options?: PrintOptions): string {
  const { indices, gap } = shownRows(times.length, options);
  const lines = indices.map((i) => reprFloat(times[i]!));
  if (gap !== null) lines.splice(gap, 0, "...");
  return [TIME, lines.join("\n"), `shape: ${times.length}`].join("\n");
}

/** Which rows of a series are printed; `null` for all. */
export function printedRows(length: number, options?: PrintOptions): Rows | null {
  const { indices, gap } = shownRows(length, options);
  return gap === null ? null : rowsOfList(Uint32Array.from(indices));
}

/**
 * A series as a table.
 *
 * @param series The series
 * @param values Rows in memory: all of them, or those that are printed; `null` where they aren't read
 * @param options Options
 */
export function formatSeries(series: PrintedSeries, values: NDArray | null, options?: PrintOptions): string {
  const { indices, gap } = shownRows(series.length, options);
  const isPart = values !== null && values.shape[0] !== series.length;
  const shown: Shown = {
    values,
    times: indices.map((i) => ({ float: series.axis.at(i) })),
    rows: indices.map((row, i) => isPart ? i : row),
    gap,
  };
  const table = isFrame(series) ? frameTable(shown, series, options) : valueTable(shown, series.shape.length > 1);
  const shape = shapeText(series.shape);
  return `${table}\ndtype: ${dtypeText(series.dtype, values)}, shape: ${shape}`;
}

function isFrame(series: PrintedSeries): series is PrintedFrame {
  return "columns" in series;
}

interface Shown {
  readonly values: NDArray | null;
  readonly times: readonly Cell[];
  readonly rows: readonly number[];
  readonly gap: number | null;
}

function valueTable({ values, times, rows, gap }: Shown, isTensor: boolean): string {
  const cells = rows.map((row, i): Cell[] => {
    if (values === null) return [times[i]!, UNREAD];
    return [times[i]!, isTensor ? nestedText(values, [row]) : valueCell(values, row, gap !== null)];
  });
  if (gap !== null) cells.splice(gap, 0, ["..."]);
  return tabulate([TIME, ""], cells, { rule: true, firstLeft: true });
}

// NumPy stacks the times and values of a short series, which makes numbers of truth values.
function valueCell(values: NDArray, row: number, isLong: boolean): Cell {
  const value = elementAt(values, row);
  if (typeof value === "boolean") return isLong ? value : { float: Number(value) };
  if (typeof value === "bigint") return isLong ? value : { float: Number(value) };
  if (typeof value !== "number") return text(value);
  if (values.dtype.kind !== "float") return isLong ? value : { float: value };
  return isLong ? reprFloat(value, values.dtype.itemsize) : { float: value };
}

function frameTable({ values, times, rows, gap }: Shown, frame: PrintedFrame, options?: PrintOptions): string {
  const most = shownColumns(100, options);
  const count = frame.columns.length;
  const more = count > most ? ["..."] : [];
  const shown = Array.from({ length: Math.min(most, count) }, (_, i) => i);
  const headers = [TIME, ...shown.map((i) => String(frame.columns[i])), ...more];
  const cells = rows.map((row, i): Cell[] => [
    times[i]!,
    ...shown.map((column) => values === null ? UNREAD : frameCell(values, row, column)),
    ...more,
  ]);
  if (gap !== null) cells.splice(gap, 0, ["...", ...shown.map(() => null), ...more]);
  const names = frame.metadata.keys();
  if (names.length > 0) {
    cells.push(["Metadata", ...shown.map(() => " "), ...more.map(() => " ")]);
    for (const name of names.slice(0, 2)) {
      cells.push([name, ...columnTexts(frame.metadata.get(name), shown), ...more]);
    }
    if (names.length > 2) cells.push(headers.map(() => "..."));
  }
  return tabulate(headers, cells, { rule: true, firstLeft: true });
}

function frameCell(values: NDArray, row: number, column: number): Cell {
  const value = elementAt(values, row, column);
  if (typeof value === "number") return values.dtype.kind === "float" ? { float: value } : value;
  return typeof value === "boolean" || typeof value === "bigint" ? value : text(value);
}

// An array by the first and last element of its first row, as pynapple shows it.
function nestedText(values: NDArray, index: readonly number[]): string {
  const axis = index.length;
  if (axis < values.shape.length - 1) {
    return values.shape[axis] === 0 ? "[]" : `[${nestedText(values, [...index, 0])} ...]`;
  }
  const length = values.shape[axis]!;
  const at = length > 2 ? [0, length - 1] : Array.from({ length }, (_, i) => i);
  const found = at.map((i) => elementAt(values, ...index, i));
  return `[${elementTexts(found, values.dtype).join(length > 2 ? " ... " : ", ")}]`;
}

function elementTexts(values: readonly unknown[], dtype: DType): string[] {
  if (dtype.kind === "float") return alignFloats(values as number[], 6, dtype.itemsize);
  if (dtype.kind === "bool") return values.map((value) => value ? " True" : "False");
  const texts = values.map((value) => typeof value === "string" ? `'${value}'` : text(value));
  const width = Math.max(0, ...texts.map((entry) => entry.length));
  return texts.map((entry) => typeof values[0] === "string" ? entry : entry.padStart(width));
}

function text(value: unknown): string {
  return value === null || value === undefined ? "None" : String(value);
}

// NumPy's name: `float64`, `>i2` where the byte order isn't the machine's, `<U3` for text of at most three characters.
function dtypeText(dtype: DType, values: NDArray | null): string {
  if (dtype.kind === "string") {
    if (values === null || !Array.isArray(values.data)) return "object";
    return `<U${Math.max(1, ...values.data.map((entry) => [...String(entry)].length))}`;
  }
  if (dtype.byteOrder === ">" || !["int", "uint", "float", "complex", "bool"].includes(dtype.kind)) {
    return numpyName(dtype);
  }
  return describeDType(dtype);
}
