/**
 * Arrays of tables that come as rows or columns.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { castNumbers } from "../../array/codec/cast.ts";
import { describeDType, dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { numbersOf } from "../../array/dtype/kinds.ts";
import { ndarray, shapeText } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { MicrotomeError, ShapeError } from "../../source/errors.ts";
import { checkKey } from "./property_names.ts";
import { STATE } from "./array_dict.ts";
import { isArrayValue, toArray } from "./column.ts";
import { Interval } from "../intervals/interval.ts";
import type { IntervalOptions } from "../intervals/interval_state.ts";
import { joinArrays } from "./promote.ts";

/** A table: a list of rows, each by column name, or columns by name. */
export type Records =
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, ArrayLike<unknown> | NDArray>>;

/** Options of {@linkcode arraysFromRecords}. */
export interface RecordsOptions {
  /**
   * Whether unsigned integers become int64, which is what most other columns of integers are.
   *
   * @default {true}
   */
  readonly unsignedToLong?: boolean | undefined;
}

/** Names of `RecordsOptions`. */
const RECORDS_OPTIONS: OptionNames<RecordsOptions> = { unsignedToLong: true };

/** What {@linkcode arraysFromRecords} gives. */
export interface RecordArrays {
  /** The arrays by name, in the columns' order; what objects are made of. */
  readonly arrays: Record<string, NDArray>;
  /** Which columns were left out, and why. */
  readonly warnings: readonly string[];
}

/**
 * Makes arrays of a table's columns: numbers (float64; missing ones are NaN), bigints (int64), booleans, texts in ASCII, and
 * arrays or lists of one shape, which are stacked to one array of an axis more. Columns of anything else are left out, with
 * a warning.
 *
 * The original refuses columns named like one of its methods; here they are reached by `get()`.
 *
 * @param records Rows, or columns
 * @param options What becomes of unsigned integers
 * @returns Arrays by name, and warnings
 * @throws {TypeError} If it is no table, or a name can't be one
 * @throws {ShapeError} If columns differ in length
 * @throws {DTypeError} If an unsigned integer is too large for int64
 *
 * @example
 * ```ts
 * import { arraysFromRecords } from "./records.ts";
 * import { ArrayDict } from "./array_dict.ts";
 * import assert from "node:assert/strict";
 *
 * const { arrays, warnings } = arraysFromRecords([
 *   { id: "unit01", depth: 120, waveform: Float32Array.of(0, 1), note: {} },
 *   { id: "unit02", waveform: Float32Array.of(1, 0), note: {} },
 * ]);
 * const units = new ArrayDict(arrays);
 * assert.deepEqual(units.get("depth"), Float64Array.of(120, NaN));
 * assert.deepEqual(units.describe("waveform").shape, [2, 2]);
 * assert.equal(warnings.length, 1);
 * ```
 */
export function arraysFromRecords(records: Records, options: RecordsOptions = {}): RecordArrays {
  checkOptions(options, RECORDS_OPTIONS, "arrays from records");
  const arrays: [name: string, array: NDArray][] = [];
  const warnings: string[] = [];
  for (const [name, values] of columnsOf(records)) {
    checkKey(name);
    const found = columnOf(name, values);
    if (typeof found === "string") warnings.push(`Column ${name} is left out: ${found}`);
    else arrays.push([name, options.unsignedToLong ?? true ? signed(name, found) : found]);
  }
  const [first] = arrays;
  for (const [name, { shape }] of arrays) {
    if (shape[0] === first![1].shape[0]) continue;
    throw new ShapeError(
      `Cannot make arrays of a table: column ${first![0]} has ${first![1].shape[0]} rows, ${name} has ${shape[0]}`,
    );
  }
  return { arrays: Object.fromEntries(arrays), warnings };
}

/**
 * Makes intervals of a table with columns `start` and `end`. Columns that are left out are named in its `warnings`.
 *
 * @param records Rows, or columns
 * @param options What becomes of unsigned integers; which columns are times
 * @throws {TypeError} If a column `start` or `end` is missing, or isn't of numbers
 *
 * @example
 * ```ts
 * import { intervalFromRecords } from "./records.ts";
 * import assert from "node:assert/strict";
 *
 * const trials = intervalFromRecords([{ start: 0, end: 1, go: "left" }, { start: 1, end: 3, go: "right" }]);
 * assert.deepEqual([...trials], [[0, 1], [1, 3]]);
 * assert.deepEqual(trials.get("go"), ["left", "right"]);
 * ```
 */
export function intervalFromRecords(records: Records, options: RecordsOptions & IntervalOptions = {}): Interval {
  const { timekeys, ...columnOptions } = options;
  const { arrays, warnings } = arraysFromRecords(records, columnOptions);
  const { start, end, ...others } = arrays;
  if (start === undefined || end === undefined) {
    const name = start === undefined ? "start" : "end";
    throw new TypeError(`Cannot make intervals of a table: it has no column "${name}" of numbers`);
  }
  const out = new Interval(start, end, others, { timekeys });
  out[STATE].warnings.push(...warnings);
  return out;
}

type Column = readonly [name: string, values: NDArray | ArrayLike<unknown>];

function columnsOf(records: Records): Column[] {
  if (!Array.isArray(records)) {
    if (typeof records !== "object" || records === null || isArrayValue(records)) throw noTable("it is neither");
    return Object.entries(records as Readonly<Record<string, ArrayLike<unknown>>>).map(([name, values]): Column => {
      if (!Array.isArray(values) && !isArrayValue(values)) throw noTable(`column ${name} is no list`);
      return [name, values];
    });
  }
  const rows = records as readonly Readonly<Record<string, unknown>>[];
  for (const [i, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw noTable(`row ${i} is no object`);
  }
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map((name): Column => [name, rows.map((row) => Object.hasOwn(row, name) ? row[name] : undefined)]);
}

function noTable(why: string): TypeError {
  return new TypeError(`Cannot make arrays of a table: ${why}, expected a list of rows or an object of columns`);
}

/** A column as an array, or why it can't be one. */
function columnOf(name: string, values: NDArray | ArrayLike<unknown>): NDArray | string {
  try {
    const array = isArrayValue(values) ? toArray(values, name) : listed(name, values as readonly unknown[]);
    const isText = array.dtype.kind === "string";
    if (!isText && numbersOf(array.dtype) === null) return `it holds ${describeDType(array.dtype)}`;
    return isText && !(array.data as string[]).every(isAscii) ? "it has text that isn't ASCII" : array;
  } catch (error) {
    if (error instanceof MicrotomeError || error instanceof TypeError) return error.message;
    throw error;
  }
}

function listed(name: string, values: readonly unknown[]): NDArray {
  const isMissing = (value: unknown) => value === undefined || value === null;
  const isNumeric = values.some((value) => typeof value === "number") &&
    values.every((value) => typeof value === "number" || isMissing(value));
  if (isNumeric) return ndarray(Float64Array.from(values, (value) => value as number ?? NaN));
  const missing = values.findIndex(isMissing);
  if (missing >= 0) throw new ShapeError(`row ${missing} has no value`);
  const isNested = values.length > 0 && values.every((value) => isArrayValue(value) || Array.isArray(value));
  if (!isNested) return toArray(values, name);
  const rows = values.map((value) => toArray(value, name));
  const { shape } = rows[0]!;
  const other = rows.find((row) => shapeText(row.shape) !== shapeText(shape));
  if (other !== undefined) {
    throw new ShapeError(`its arrays have different shapes, ${shapeText(shape)} and ${shapeText(other.shape)}`);
  }
  return joinArrays(rows.map((row) => ndarray(row.data, [1, ...row.shape], row.dtype)), name);
}

/** Unsigned integers as int64. */
function signed(name: string, array: NDArray): NDArray {
  if (array.dtype.kind !== "uint") return array;
  const dtype = dtypeFromNumpy("<i8");
  return ndarray(castNumbers(array.data, dtype, { action: `take column ${name} as int64` }), array.shape, dtype);
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex -- they are ASCII too
  return /^[\x00-\x7f]*$/.test(text);
}
