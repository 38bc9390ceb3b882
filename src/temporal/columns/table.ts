/**
 * Columns of one length, and the rows that they have.
 *
 * @module
 */

import { isNDArray, ndarray } from "../../array/ndarray.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import { type ArrayInput, type ArrayValue, isLazyArray, toArray, toTimes } from "./column.ts";
import type { Base } from "../frame/gather.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import type { Search } from "../frame/steps.ts";
import { checkKey } from "./property_names.ts";
import { hasNaN } from "../frame/read_times.ts";
import { allRows, countRows } from "./rows.ts";
import { ReadHistory } from "./read_history.ts";

/** An array that is only there once it was worked out. */
export type Deferred = () => Promise<NDArray>;

/** An array of an object. */
export interface Column {
  /** The array, or where it comes from. */
  readonly source: NDArray | LazyArray | Deferred;
  /** Which rows it has: those of this frame, one for one. */
  readonly frame: Frame;
  /** Whether it is text that was stored as bytes. */
  readonly isText?: boolean | undefined;
  /** What users get; kept, so that they always get the same. */
  value?: ArrayValue;
  /** The reading under way. */
  loading?: Promise<NDArray>;
}

/** What an object holds. */
export interface TableState {
  /** Which rows it has, and their times. */
  frame: Frame;
  /** Its arrays by name. Of those that times are looked up in, the frame has the values. */
  columns: Map<string, Column>;
  /** The arrays that hold times. */
  timekeys: readonly string[];
  /** Of those the ones that times are looked up in, as the frame has them. */
  readonly timeNames: readonly string[];
  /** What was noticed when it was made. */
  readonly warnings: string[];
}

/** What arrays can be given by name. */
export type Arrays<L extends LazyArray = LazyArray> = Readonly<Record<string, ArrayInput<L>>>;

/**
 * Columns of one length.
 *
 * @param arrays The arrays by name
 * @param objectType The class, for messages
 * @throws {ShapeError} If their first axes differ in length, or one has none
 */
export function tableOf(arrays: Arrays, objectType: string): TableState {
  const sources = new Map<string, NDArray | LazyArray>();
  let count: number | null = null;
  for (const [key, value] of Object.entries(arrays)) {
    checkKey(key);
    const source = sourceOf(key, value);
    const rows = source.shape[0]!;
    count ??= rows;
    if (rows !== count) {
      throw new ShapeError(
        `Cannot make ${objectType}: all arrays must have the same first dimension. The first dimension of ${key} is ` +
          `${rows} but that of the arrays before it is ${count}`,
      );
    }
    sources.set(key, source);
  }
  const frame = Frame.of(memoryBase(count ?? 0, [], null));
  const columns = new Map<string, Column>([...sources].map(([key, source]) => [key, { source, frame }]));
  return { frame, columns, timekeys: [], timeNames: [], warnings: [] };
}

/**
 * An array as users give it, in memory or not.
 *
 * @param key Its name, for messages
 * @param value What was given
 * @throws {ShapeError} If it has no axis
 */
export function sourceOf(key: string, value: ArrayInput): NDArray | LazyArray {
  const source = isLazyArray(value) ? value : toArray(value, key);
  if (source.shape.length > 0) return source;
  throw new ShapeError(`Cannot set ${key}: ${key} must be at least 1-dimensional, got 0-dimensional array`);
}

/**
 * The times of an array in memory, checked.
 *
 * @param array The array
 * @param key Its name, for messages
 * @param objectType The class, for messages
 * @param warnings Where it is noted if they aren't float64
 * @throws {ShapeError} If it hasn't one axis
 * @throws {RangeError} If one is NaN
 */
export function checkTimes(array: NDArray, key: string, objectType: string, warnings: string[]): Float64Array {
  if (array.shape.length !== 1) throw new ShapeError(`Cannot set ${key} of ${objectType}: ${key} must be 1D`);
  const times = toTimes(array, key);
  if (hasNaN(times)) throw new RangeError(`Cannot set ${key} of ${objectType}: ${key} cannot contain NaNs`);
  if (!(array.data instanceof Float64Array)) warnings.push(`${key} of ${objectType} isn't float64`);
  return times;
}

/**
 * Puts columns on a base of their own, with times to look up, which are in memory.
 *
 * @param state The columns
 * @param names Those that times are looked up in
 * @param objectType The class, for messages
 * @param search How times are looked up
 */
export function withTimes(state: TableState, names: readonly string[], objectType: string, search: Search): TableState {
  const times = names.map((name) => {
    return checkTimes(state.columns.get(name)!.source as NDArray, name, objectType, state.warnings);
  });
  return anchored(state, names, memoryBase(state.frame.count!, times, search));
}

/** The same columns on another base of as many rows, with times to look up. */
export function anchored(table: TableState, timeNames: readonly string[], base: Base): TableState {
  const frame = Frame.of(base);
  const columns = [...table.columns].map(([key, column]): [string, Column] => [key, { ...column, frame }]);
  return { ...table, frame, columns: new Map(columns), timeNames };
}

/** Forgets where rows came from, once all arrays are in memory. */
export function rebased(state: TableState): TableState {
  const { frame, columns, timeNames } = state;
  const { known } = frame;
  if (known === null) return state;
  for (const [key, { source, frame: at }] of columns) {
    if (!timeNames.includes(key) && !(at === frame && isNDArray(source))) return state;
  }
  const base = memoryBase(countRows(known.rows), known.times, frame.base.search);
  if (known.ordered === known) base.known!.ordered = base.known!;
  const own = Frame.of(base);
  const moved = [...columns].map(([key, { source }]): [string, Column] => {
    const time = timeNames.indexOf(key);
    return [key, { source: time < 0 ? source : ndarray(known.times[time]!), frame: own }];
  });
  return { ...state, frame: own, columns: new Map(moved) };
}

/** A column as another object has it: readings under way and values given out are not shared. */
export function carried({ source, frame, isText }: Column): Column {
  return { source, frame, isText };
}

/** A base whose times are read when they are first asked for, all at once, and once only. */
export function readOnce(count: number | null, search: Search, read: () => Promise<readonly Float64Array[]>): Base {
  let whole: ReturnType<Base["all"]> | null = null;
  return {
    count,
    known: null,
    search,
    history: new ReadHistory(),
    all() {
      whole ??= read().then((times) => ({ rows: allRows(times[0]!.length), times })).catch((error) => {
        whole = null;
        throw error;
      });
      return whole;
    },
  };
}
