/**
 * Values of samples: an array in memory, or a lazy one that is read only where and when it is asked.
 *
 * @module
 */

import { memoryArray } from "../../array/memory.ts";
import { flatten, isNDArray, ndarray, sizeOf, takeResolved } from "../../array/ndarray.ts";
import { isLazyArray } from "../../array/lazy.ts";
import { fromPlain } from "../../array/codec/plain.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import { slice } from "../../array/select/slice.ts";
import { allocate, unitsPerElement } from "../../array/dtype/dtype.ts";
import type {
  ArrayReadOptions,
  AxisSelection,
  BoolDType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  Selection,
} from "../../array/types.ts";
import { DTypeError } from "../../source/errors.ts";
import { describe } from "./numbers.ts";
import { type Rows, rowsOfMask } from "./rows.ts";

/** Values of samples, one row each: in memory, or lazy. */
export type Values = NDArray | LazyArray;

/** What values can be given as: a typed array, plain arrays one in another, an array in memory, or a lazy one. */
export type ValuesInput = NumericData | readonly unknown[] | number | NDArray | LazyArray;

/** Truth values. */
export const BOOL: BoolDType = { kind: "bool", itemsize: 1, byteOrder: "|" };

/** Whether values are still to be read. */
export function isLazy(values: unknown): values is LazyArray {
  return isLazyArray(values);
}

/**
 * Values as they are kept: a lazy array as it is, all else as an array in memory in C order.
 *
 * @param input The values; plain arrays by the rule of {@linkcode ndarray}
 * @throws {TypeError} If these aren't values, or plain arrays mix kinds
 * @throws {ShapeError} If plain arrays are ragged
 */
export function toValues(input: ValuesInput): Values {
  if (isLazy(input)) return input;
  if (isNDArray(input)) return flatten(input);
  if (typeof input === "number") return ndarray([input]);
  if (Array.isArray(input) || (ArrayBuffer.isView(input) && !(input instanceof DataView))) {
    const { data, shape, dtype } = fromPlain(input, "make values");
    return ndarray(data, shape, dtype);
  }
  throw new TypeError(
    `Cannot use ${describe(input)} as values: data should be array-like, a typed array, plain arrays, an array in ` +
      "memory or a lazy one",
  );
}

/** Some rows of values; of lazy ones a view, which reads nothing. */
export function takeRows(values: Values, rows: Rows | null): Values {
  if (rows === null || (!(rows instanceof Uint32Array) && rows.from === 0 && rows.to === values.shape[0])) {
    return values;
  }
  const selected = rows instanceof Uint32Array ? rows : slice(rows.from, rows.to);
  if (isLazy(values)) return values.view([selected]);
  if (!(rows instanceof Uint32Array)) return runOf(values, rows.from, rows.to);
  return takeResolved(values, resolveSelection([selected], values.shape));
}

/** Rows `from` to, not including, `to` of an array in C order; they share its memory. */
export function runOf(array: NDArray, from: number, to: number): NDArray {
  const row = rowSize(array) * unitsPerElement(array.dtype);
  const data = Array.isArray(array.data)
    ? array.data.slice(from * row, to * row)
    : array.data.subarray(from * row, to * row);
  return { ...array, data, shape: [to - from, ...array.shape.slice(1)] };
}

/** A selection along the axes behind the first; of lazy values a view, which reads nothing. */
export function takeAxes(values: Values, axes: readonly AxisSelection[]): Values {
  const selection: Selection = [null, ...axes];
  if (isLazy(values)) return values.view(selection);
  return takeResolved(values, resolveSelection(selection, values.shape));
}

/** What reads take, of options that may say more. */
function readOptionsOf({ signal, wholePages }: ArrayReadOptions = {}): ArrayReadOptions {
  return { signal, wholePages };
}

/** Values in memory, in C order; lazy ones are read. */
export async function loadValues(values: Values, options?: ArrayReadOptions): Promise<NDArray> {
  return isLazy(values) ? flatten(await values.read(null, readOptionsOf(options))) : values;
}

/** A selection of values. */
// deno-lint-ignore require-await -- so that a wrong selection rejects
export async function readValues(
  values: Values,
  selection: Selection,
  options?: ReadIntoOptions,
): Promise<NDArray> {
  return (isLazy(values) ? values : memoryArray(values)).read(selection, {
    ...readOptionsOf(options),
    into: options?.into,
  });
}

/** Elements per row. */
export function rowSize(values: { readonly shape: readonly number[] }): number {
  return sizeOf(values.shape.slice(1));
}

/** A block of rows. */
export interface Block {
  /** Which of the rows asked for is the first. */
  readonly from: number;
  /** The first of the rows asked for that isn't in the block. */
  readonly to: number;
  /** The rows as they are. */
  readonly array: NDArray;
  /** The same as float64, row by row. */
  readonly numbers: Float64Array;
}

/** Bytes that a block should take at most, unless one row, or one stored piece, takes more. */
const BLOCK_BYTES = 16 * 2 ** 20;

/**
 * Reads rows in blocks of bounded size, in order, whole stored pieces at a time where that is known.
 *
 * @param values What to read
 * @param rows Which rows
 * @param options Options
 * @throws {DTypeError} If the values aren't real numbers
 */
export async function* blocksOf(
  values: Values,
  rows: Rows | null,
  options?: ArrayReadOptions,
): AsyncGenerator<Block, void> {
  checkReal(values);
  const wanted = takeRows(values, rows);
  const count = wanted.shape[0]!;
  if (!isLazy(wanted)) {
    if (count > 0) yield { from: 0, to: count, array: wanted, numbers: toNumbers(wanted) };
    return;
  }
  const piece = wanted.chunkShape?.[0] ?? 1;
  const fitting = Math.floor(BLOCK_BYTES / Math.max(1, 8 * rowSize(values)));
  const step = Math.max(piece, fitting - fitting % piece, 1);
  for (let from = 0; from < count; from += step) {
    const to = Math.min(from + step, count);
    const array = flatten(await wanted.read([slice(from, to)], readOptionsOf(options)));
    yield { from, to, array, numbers: toNumbers(array) };
  }
}

/** Rows that passed a test. */
export interface PassedRows {
  /** For each row 1 if it passed, else 0. */
  readonly passed: Uint8Array;
  /** Those that passed, of the type they had. */
  readonly values: NDArray;
}

/**
 * Reads rows, block by block, and keeps those that pass a test.
 *
 * @param values What to read
 * @param test Given numbers, where a row starts and where it ends, whether the row is kept
 * @param options Options
 */
export async function passingRows(
  values: Values,
  test: (numbers: Float64Array, from: number, to: number) => boolean,
  options?: ArrayReadOptions,
): Promise<PassedRows> {
  const size = rowSize(values);
  const passed = new Uint8Array(values.shape[0]!);
  const kept: NDArray[] = [];
  for await (const { from, to, array, numbers } of blocksOf(values, null, options)) {
    for (let row = from, at = 0; row < to; row++, at += size) if (test(numbers, at, at + size)) passed[row] = 1;
    kept.push(takeRows(array, rowsOfMask(passed.subarray(from, to))) as NDArray);
  }
  return { passed, values: joinRows(kept, values) };
}

// The rows of arrays one after the other; without arrays, no rows of the type and shape that `like` has.
function joinRows(arrays: readonly NDArray[], like: Values): NDArray {
  if (arrays.length === 1) return arrays[0]!;
  const count = arrays.reduce((sum, array) => sum + array.shape[0]!, 0);
  const shape = [count, ...like.shape.slice(1)];
  const dtype = arrays[0]?.dtype ?? like.dtype;
  const data = allocate(dtype, sizeOf(shape)) as Float64Array;
  let at = 0;
  for (const array of arrays) {
    data.set(array.data as Float64Array, at);
    at += array.data.length;
  }
  return ndarray(data, shape, dtype);
}

/** The elements of an array as float64, in C order. @throws {DTypeError} If they aren't real numbers. */
export function toNumbers(array: NDArray): Float64Array {
  checkReal(array);
  const { data } = flatten(array);
  if (data instanceof Float64Array) return data;
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return new Float64Array(data as Int32Array);
  // By halves, which is exact up to the one addition, and many times as fast as bigints.
  const low = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
  const high = data instanceof BigUint64Array ? low : new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const numbers = new Float64Array(data.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = high[2 * i + 1]! * 2 ** 32 + low[2 * i]!;
  return numbers;
}

/** Checks that values are real numbers. @throws {DTypeError} If they aren't. */
export function checkReal(values: Values): void {
  const { kind } = values.dtype;
  if (!["int", "uint", "float", "bool", "enum"].includes(kind)) {
    throw new DTypeError(`Cannot compute with values of type ${kind}: they aren't real numbers`);
  }
}
