/**
 * Arrays of an object: whether they are in memory, reading them, taking rows of them.
 *
 * @module
 */

import { flatten, isNDArray, ndarray } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import type { DType, LazyArray, NDArray, PartialShape } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { isLazyArray, TEXT, toTimes } from "./column.ts";
import type { Frame } from "../frame/frame.ts";
import { type Shift, shifted } from "../frame/steps.ts";
import { namingArray } from "../files/naming_array.ts";
import { readRows } from "./read_rows.ts";
import { rowsWithin, takeRows } from "./rows.ts";
import { carried, type Column, type TableState } from "./table.ts";

/**
 * The array in memory, `null` where it isn't.
 *
 * @param frame The rows that the object has
 * @param column The column
 * @param time Which of the frame's times it is, -1 for none
 */
export function arrayAtHand(frame: Frame, column: Column, time: number): NDArray | null {
  if (time >= 0) return frame.known === null ? null : ndarray(frame.known.times[time]!);
  return column.frame === frame && isNDArray(column.source) ? column.source : null;
}

/** What is known of an array without reading it. */
export interface ArrayDescription {
  /** Length of each axis; `null` where only reading would tell how many rows a slice has. */
  readonly shape: PartialShape;
  /** Type of the elements, `null` where that isn't known before they are worked out. */
  readonly dtype: DType | null;
  /** Whether it is in memory. */
  readonly loaded: boolean;
}

/**
 * What is known of a column without reading it.
 *
 * @param frame The rows that the object has
 * @param column The column
 * @param time Which of the frame's times it is, -1 for none
 * @param count How many rows, `null` where only reading would tell
 */
export function describeColumn(frame: Frame, column: Column, time: number, count: number | null): ArrayDescription {
  const array = arrayAtHand(frame, column, time);
  if (array !== null) return { shape: array.shape, dtype: array.dtype, loaded: true };
  const { source, isText } = column;
  const stored = typeof source === "function" ? null : source;
  const dtype = time >= 0 ? FLOAT64 : isText === true ? TEXT : stored?.dtype ?? null;
  return { shape: [count, ...stored?.shape.slice(1) ?? []], dtype, loaded: false };
}

/** What times come as. */
const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/**
 * Whether arrays are missing in memory.
 *
 * @param state What the object holds
 */
export function isLazyState({ frame, columns, timeNames }: TableState): boolean {
  for (const [key, column] of columns) {
    if (arrayAtHand(frame, column, timeNames.indexOf(key)) === null) return true;
  }
  return false;
}

/**
 * Reads a column.
 *
 * @param key Its name
 * @param column The column
 * @param frame The rows that are wanted
 * @param time Which of the frame's times it is, -1 for none
 * @param signal Aborts
 */
export async function readColumn(
  key: string,
  column: Column,
  frame: Frame,
  time: number,
  signal: AbortSignal | undefined,
): Promise<NDArray> {
  if (time >= 0) return ndarray((await abortable(frame.resolve(), signal)).times[time]!);
  const { source } = column;
  const shown = await abortable(frame.resolveRows(), signal);
  const rows = rowsWithin(await abortable(column.frame.resolveRows(), signal), shown);
  const shifts = shiftsBetween(column.frame, frame);
  if (!isLazyArray(source)) {
    return shiftTimes(key, takeRows(isNDArray(source) ? source : await abortable(source(), signal), rows), shifts);
  }
  return await namingArray(key, source, async () => {
    const array = flatten(await readRows(source, rows, { signal, wholePages: frame.base.history.again(source) }));
    return shiftTimes(key, column.isText === true ? { ...array, dtype: TEXT } : array, shifts);
  });
}

/**
 * A column as an object of other rows has it: cut at once where it is in memory and the rows are known.
 *
 * @param key Its name
 * @param column The column
 * @param frame The rows that it has
 * @param to The rows that are wanted, of a frame that comes after it
 * @param time Which of the frame's times it is, -1 for none
 */
export function movedColumn(key: string, column: Column, frame: Frame, to: Frame, time: number): Column {
  if (time >= 0) return to.known === null ? carried(column) : { source: ndarray(to.known.times[time]!), frame: to };
  const { source } = column;
  if (column.frame !== frame || !isNDArray(source) || to.rows === null) return carried(column);
  const isSame = frame.rows === to.rows;
  const taken = isSame ? source : takeRows(source, rowsWithin(frame.rows!, to.rows));
  return { source: shiftTimes(key, taken, shiftsBetween(frame, to)), frame: to };
}

/**
 * What a column can be read from block by block, `null` where it can't: it is in memory, holds times that were shifted,
 * or text.
 *
 * @param state What the object holds
 * @param key The column's name
 */
export async function blocksOf({ frame, columns }: TableState, key: string): Promise<LazyArray | null> {
  const column = columns.get(key)!;
  if (!isLazyArray(column.source) || column.isText === true) return null;
  if (shiftsBetween(column.frame, frame).some(({ timekeys }) => timekeys.includes(key))) return null;
  const rows = rowsWithin(await column.frame.resolveRows(), await frame.resolveRows());
  if (rows.kind === "list") return column.source.view([rows.list]);
  const isWhole = rows.start === 0 && rows.stop === column.source.shape[0];
  return isWhole ? column.source : column.source.view([slice(rows.start, rows.stop)]);
}

function shiftsBetween(from: Frame, to: Frame): readonly Shift[] {
  return to.shifts.slice(from.shifts.length);
}

/** Subtracts from an array of times what was shifted since. */
function shiftTimes(key: string, array: NDArray, shifts: readonly Shift[]): NDArray {
  let out = array;
  for (const { by, timekeys } of shifts) {
    if (timekeys.includes(key)) out = ndarray(shifted(toTimes(out, key), by), out.shape);
  }
  return out;
}
