/**
 * The arrays of an object one by one: found, read and kept, set.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, NDArray } from "../../array/types.ts";
import { MicrotomeError, NotFoundError, ShapeError } from "../../source/errors.ts";
import { type ArrayInput, type ArrayValue, presentArray } from "./column.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import { checkKey } from "./property_names.ts";
import { arrayAtHand, movedColumn, readColumn } from "./read_column.ts";
import { carried, checkTimes, type Column, rebased, sourceOf, type TableState } from "./table.ts";

/** Names of `ArrayReadOptions`. */
export const ARRAY_READ_OPTIONS: OptionNames<ArrayReadOptions> = { signal: true, wholePages: true };

/**
 * The column of a name.
 *
 * @param state What the object holds
 * @param key The name
 * @param objectType The object's class, for messages
 * @throws {NotFoundError} If there is none
 */
export function columnOf(state: TableState, key: string, objectType: string): Column {
  const column = state.columns.get(key);
  if (column === undefined) throw new NotFoundError(`Cannot get ${key}: ${objectType} has no such attribute`);
  return column;
}

/** Which of the times that are looked up an array is, -1 for none. */
export function timeIndex({ timeNames }: TableState, key: string): number {
  return timeNames.indexOf(key);
}

/** An array that there is, where it is in memory; else `null`. */
export function atHand(state: TableState, key: string): NDArray | null {
  return arrayAtHand(state.frame, state.columns.get(key)!, timeIndex(state, key));
}

/** An array as users get it, the same each time. */
export function presented({ columns }: TableState, key: string, array: NDArray): ArrayValue {
  const column = columns.get(key);
  // It may have been set anew while it was read.
  return column?.source === array ? column.value ??= presentArray(array) : presentArray(array);
}

/** An array that there is, read where need be, and kept. */
export async function loadArray(
  state: TableState,
  key: string,
  { signal }: ArrayReadOptions = {},
): Promise<NDArray> {
  const here = atHand(state, key);
  if (here !== null) return here;
  const { frame } = state;
  const column = state.columns.get(key)!;
  const read = () => readColumn(key, column, frame, timeIndex(state, key), signal);
  // A reading that can be aborted belongs to its caller alone.
  if (signal !== undefined) return keep(state, key, column, frame, await read());
  column.loading ??= read();
  try {
    return keep(state, key, column, frame, await column.loading);
  } finally {
    delete column.loading;
  }
}

/** Keeps an array that was read. */
function keep(state: TableState, key: string, column: Column, frame: Frame, array: NDArray): NDArray {
  // It may have been set anew meanwhile, or rows have other times.
  const isCurrent = state.columns.get(key) === column && state.frame === frame;
  if (isCurrent && timeIndex(state, key) < 0) state.columns.set(key, { source: array, frame });
  settle(state);
  return array;
}

/** Once rows are known, cuts them from what an object before this one had in memory. */
export function settle(state: TableState): void {
  const { frame, columns } = state;
  for (const [key, column] of columns) {
    const isElsewhere = column.frame !== frame && isNDArray(column.source) && timeIndex(state, key) < 0;
    if (isElsewhere && frame.rows !== null && column.frame.rows !== null) {
      columns.set(key, movedColumn(key, column, column.frame, frame, -1));
    }
  }
}

/**
 * Sets an array: see `ArrayDict.set`.
 *
 * @param state What the object holds
 * @param key The name
 * @param value The array
 * @param objectType The object's class, for messages
 */
export function setArray(state: TableState, key: string, value: ArrayInput, objectType: string): void {
  checkKey(key);
  const source = sourceOf(key, value);
  const rows = source.shape[0]!;
  if (state.columns.size === 0) state.frame = Frame.of(memoryBase(rows, [], null));
  const { count } = state.frame;
  if (count === null) {
    throw new MicrotomeError(`Cannot set ${key}: how many rows there are isn't known yet; await count() first`);
  }
  if (rows !== count) {
    throw new ShapeError(
      `Cannot set ${key}: all arrays of ${objectType} must have the same first dimension. The first dimension ` +
        `of ${key} is ${rows} but that of existing arrays is ${count}`,
    );
  }
  if (timeIndex(state, key) >= 0) setTimes(state, key, source, objectType);
  else state.columns.set(key, { source, frame: state.frame });
  settle(state);
}

/** Sets times that are looked up. */
function setTimes(state: TableState, key: string, source: NDArray | LazyArray, objectType: string): void {
  const old = state.frame;
  if (!isNDArray(source) || old.known === null) {
    throw new MicrotomeError(`Cannot set ${key}: it can only be set in memory, on an object that is materialized`);
  }
  const times = checkTimes(source, key, objectType, state.warnings);
  state.frame = old.withTimes(old.known.times.map((values, i) => state.timeNames[i] === key ? times : values));
  for (const [name, column] of state.columns) {
    if (column.frame === old && isNDArray(column.source)) state.columns.set(name, { ...column, frame: state.frame });
  }
  state.columns.set(key, { source: ndarray(times), frame: state.frame });
}

/** What another object of the same arrays holds: setting or removing one leaves this one as it is. */
export function copiedState(state: TableState): TableState {
  const columns = [...state.columns].map(([key, column]): [string, Column] => [key, carried(column)]);
  return { ...state, columns: new Map(columns), warnings: [...state.warnings] };
}

/** What an object of other rows holds: those of a frame that comes after its own. */
export function derivedState(state: TableState, to: Frame): TableState {
  const { columns, timekeys, timeNames, frame } = state;
  const moved = new Map<string, Column>();
  for (const [key, column] of columns) moved.set(key, movedColumn(key, column, frame, to, timeIndex(state, key)));
  return rebased({ frame: to, columns: moved, timekeys, timeNames, warnings: [] });
}
