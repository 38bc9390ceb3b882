/**
 * Named arrays of one length, in memory or not yet.
 *
 * @module
 */

import type { ArrayReadOptions, DType, LazyArray, NDArray, PartialShape } from "../array/types.ts";
import { flatten, isNDArray, ndarray } from "../array/ndarray.ts";
import { slice } from "../array/slice.ts";
import { MicrotomeError, NotFoundError, ShapeError } from "../source/errors.ts";
import { type ArrayInput, type ArrayValue, isLazyArray, presentArray, toArray, toMask, toTimes } from "./column.ts";
import { Frame, memoryBase, type Search, shifted } from "./frame.ts";
import { printObject } from "./print.ts";
import { readRows, type Rows, rowsWithin, takeRows } from "./rows.ts";

/**
 * Where an object keeps what it holds; for this room only.
 *
 * @internal
 */
export const STATE: unique symbol = Symbol("state");

/** An array that is only there once it was worked out. */
export type Deferred = () => Promise<NDArray>;

/** An array of an object. */
export interface Column {
  /** The array, or where it comes from. */
  readonly source: NDArray | LazyArray | Deferred;
  /** Which rows it has: those of this frame. */
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
  frame: Frame;
  columns: Map<string, Column>;
  timekeys: readonly string[];
  readonly warnings: string[];
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

/** What arrays can be given by name. */
export type Arrays = Readonly<Record<string, ArrayInput>>;

/** What all objects with arrays have in common, lazy or not. Arrays share the length of their first axis. */
export abstract class AnyArrayDict {
  /**
   * What it holds; for this room only.
   *
   * @internal
   */
  declare [STATE]: TableState;

  /** The class, as files have it. */
  get objectType(): "ArrayDict" | "Interval" | "IrregularTimeSeries" | "RegularTimeSeries" {
    return "ArrayDict";
  }

  /** Whether arrays are missing in memory. */
  get isLazy(): boolean {
    return this.keys().some((key) => !this.isLoaded(key));
  }

  /** What was noticed about what it was given, such as times that aren't float64. Nothing is ever logged. */
  get warnings(): readonly string[] {
    return this[STATE].warnings;
  }

  /** Number of rows; `null` where only reading would tell: see {@linkcode count}. */
  get length(): number | null {
    const { frame, columns } = this[STATE];
    return columns.size === 0 ? 0 : frame.count;
  }

  /** Number of rows; reads what is needed to tell. */
  async count(options?: ArrayReadOptions): Promise<number> {
    options?.signal?.throwIfAborted();
    return this.length ?? rowCount(await this[STATE].frame.resolve());
  }

  /** The arrays' names. */
  keys(): string[] {
    return [...this[STATE].columns.keys()];
  }

  /** Whether there is an array of that name. Reads nothing. */
  has(key: string): boolean {
    return this[STATE].columns.has(key);
  }

  /**
   * An array: at once where it is in memory, else as a promise of it.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is none
   */
  get(key: string): ArrayValue | Promise<ArrayValue> {
    const column = this._column(key);
    return this.isLoaded(key) ? this._present(key, column) : this.load(key).then(() => this._present(key, column));
  }

  /**
   * An array as an `NDArray`, whatever its axes; read where need be.
   *
   * @param key Its name
   * @param options Abort signal
   * @throws {NotFoundError} If there is none
   */
  async array(key: string, options?: ArrayReadOptions): Promise<NDArray> {
    options?.signal?.throwIfAborted();
    this._column(key);
    return this.isLoaded(key) ? this._loaded(key) : await this.load(key, options);
  }

  /** What is known of an array without reading it. */
  describe(key: string): ArrayDescription {
    const { source } = this._column(key);
    const loaded = this.isLoaded(key);
    if (loaded) {
      const { shape, dtype } = this._loaded(key);
      return { shape, dtype, loaded };
    }
    if (typeof source === "function") return { shape: [null], dtype: null, loaded };
    return { shape: [this.length, ...source.shape.slice(1)], dtype: source.dtype, loaded };
  }

  /** Whether an array is in memory. */
  isLoaded(key: string): boolean {
    const { frame } = this[STATE];
    const column = this._column(key);
    if (frame.known !== null && this._timeIndex(key) >= 0) return true;
    return column.frame === frame && isNDArray(column.source) && frame.known !== null;
  }

  /** Names and what stands for each: the array where it is in memory, else what it will be read from. Reads nothing. */
  *entries(): Generator<[string, ArrayValue | LazyArray | null], void> {
    for (const [key, column] of this[STATE].columns) {
      const { source } = column;
      yield [key, this.isLoaded(key) ? this._present(key, column) : isLazyArray(source) ? source : null];
    }
  }

  /**
   * Sets an array.
   *
   * @param key Its name: not of this class' own names if it shall be a property, and it never starts with `_`
   * @param value The array
   * @throws {ShapeError} If its first axis has another length than those that are there
   * @throws {TypeError} If the name can't be one
   */
  set(key: string, value: ArrayInput): void {
    const state = this[STATE];
    checkKey(key);
    const source = isLazyArray(value) ? value : toArray(value, key);
    if (source.shape.length === 0) {
      throw new ShapeError(`Cannot set ${key}: ${key} must be at least 1-dimensional, got 0-dimensional array`);
    }
    const rows = source.shape[0]!;
    if (state.columns.size === 0) state.frame = Frame.of(memoryBase(rows, [], null));
    const { count } = state.frame;
    if (count === null) {
      throw new MicrotomeError(`Cannot set ${key}: how many rows there are isn't known before it is materialized`);
    }
    if (rows !== count) {
      throw new ShapeError(
        `Cannot set ${key}: all arrays of ${this.objectType} must have the same first dimension. The first dimension ` +
          `of ${key} is ${rows} but that of existing arrays is ${count}`,
      );
    }
    if (this._timeIndex(key) >= 0) this._setTimes(key, source);
    else state.columns.set(key, this._anchored(source));
    defineAccessor(this, key);
    this.settle();
  }

  /**
   * Removes an array.
   *
   * @throws {TypeError} If the object can't be without it
   * @throws {NotFoundError} If there is none
   */
  delete(key: string): void {
    const state = this[STATE];
    this._column(key);
    if (this._timeIndex(key) >= 0) throw new TypeError(`Cannot delete '${key}' from ${this.objectType}`);
    state.columns.delete(key);
    state.timekeys = state.timekeys.filter((name) => name !== key);
    if (Object.hasOwn(this, key)) delete (this as Record<string, unknown>)[key];
    this.settle();
  }

  /**
   * The rows that a mask picks. Reads nothing; where the number of rows isn't known yet, it is compared with the mask's
   * length when an array is read.
   *
   * @param mask One boolean per row
   * @returns A new object; arrays that weren't read stay lazy
   * @throws {ShapeError} If there aren't as many as rows
   * @throws {DTypeError} If they aren't booleans
   */
  selectByMask(mask: readonly boolean[] | NDArray): AnyArrayDict {
    return this.derive(this[STATE].frame.after({ kind: "mask", mask: toMask(mask) }));
  }

  /**
   * Reads everything that isn't in memory, all at once.
   *
   * @param options Abort signal
   * @returns The object itself, which is no longer lazy, and works when its file is closed
   */
  async materialize(options?: ArrayReadOptions): Promise<AnyArrayDict> {
    options?.signal?.throwIfAborted();
    await Promise.all(this.keys().map((key) => this.isLoaded(key) ? null : this.load(key, options)));
    return this;
  }

  /**
   * An object of its own with the same arrays: setting or removing one leaves this one as it is. The numbers aren't
   * copied.
   */
  copy(): this {
    const state = this[STATE];
    const out = Object.create(this.classes[1]) as this;
    const columns = [...state.columns].map(([key, column]): [string, Column] => [key, carried(column)]);
    out.adopt({ ...state, columns: new Map(columns), warnings: [...state.warnings] });
    for (const key of Object.getOwnPropertySymbols(this)) {
      if (key !== STATE) Reflect.set(out, key, Reflect.get(this, key));
    }
    return out;
  }

  /**
   * What an array can be read from block by block, where it isn't in memory; else `null`. For this room only.
   *
   * @internal
   */
  async stored(key: string): Promise<LazyArray | null> {
    const { source, frame } = this._column(key);
    const now = this[STATE].frame;
    if (this.isLoaded(key) || !isLazyArray(source) || this._timeIndex(key) >= 0) return null;
    const isMoved = now.shifts.slice(frame.shifts.length).some(({ timekeys }) => timekeys.includes(key));
    if (isMoved || this._column(key).isText === true) return null;
    const shown = (await now.resolve()).rows;
    const rows = frame.isOrigin ? shown : rowsWithin((await frame.resolve()).rows, shown);
    if (rows.kind === "list") return source.view([rows.list]);
    const isWhole = rows.start === 0 && rows.stop === source.shape[0];
    return isWhole ? source : source.view([slice(rows.start, rows.stop)]);
  }

  /** As torch_brain prints it: names, and shapes of what is in memory. */
  toString(): string {
    return printObject(this);
  }

  /** For `Deno.inspect` and `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** For Node's and Bun's `inspect` and `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /**
   * Names of the arrays that times are looked up in; for this room only.
   *
   * @internal
   */
  get timeNames(): readonly string[] {
    return [];
  }

  /**
   * The classes that it can be of: with all arrays in memory, and else. For this room only.
   *
   * @internal
   */
  get classes(): readonly [eager: object, lazy: object] {
    return [ArrayDict.prototype, LazyArrayDict.prototype];
  }

  /**
   * Fills a new object; for this room only.
   *
   * @internal
   */
  protected adopt(state: TableState): void {
    Object.defineProperty(this, STATE, { value: state, writable: true });
    for (const key of state.columns.keys()) defineAccessor(this, key);
    this.settle();
  }

  /**
   * Makes an object of other rows of this one; for this room only.
   *
   * @internal
   */
  protected derive(frame: Frame): this {
    const out = Object.create(this.classes[1]) as this;
    const { columns, timekeys } = this[STATE];
    const moved = frame.known === null
      ? new Map([...columns].map(([key, column]) => [key, carried(column)]))
      : new Map([...columns].map(([key, column]) => [key, this._moved(key, column, frame)]));
    out.adopt(rebased({ frame, columns: moved, timekeys, warnings: [] }, this.timeNames));
    return out;
  }

  /**
   * Reads an array and keeps it; for this room only.
   *
   * @internal
   */
  protected async load(key: string, options?: ArrayReadOptions): Promise<NDArray> {
    const column = this._column(key);
    // A reading that can be aborted belongs to its caller alone.
    if (options?.signal !== undefined) return this._keep(key, column, await this._read(key, column, options));
    column.loading ??= this._read(key, column);
    try {
      return this._keep(key, column, await column.loading);
    } finally {
      delete column.loading;
    }
  }

  /**
   * Becomes the plain class once nothing is missing; for this room only.
   *
   * @internal
   */
  protected settle(): void {
    const [eager, lazy] = this.classes;
    const now = this.isLazy ? lazy : eager;
    // An object of a class of the user's own stays one.
    const proto = Object.getPrototypeOf(this);
    if (proto !== now && (proto === eager || proto === lazy)) Object.setPrototypeOf(this, now);
  }

  private _column(key: string): Column {
    const column = this[STATE].columns.get(key);
    if (column === undefined) throw new NotFoundError(`Cannot get ${key}: ${this.objectType} has no such attribute`);
    return column;
  }

  private _timeIndex(key: string): number {
    return this.timeNames.indexOf(key);
  }

  private _loaded(key: string): NDArray {
    const { frame } = this[STATE];
    const { source } = this._column(key);
    if (this._column(key).frame === frame && isNDArray(source)) return source;
    return ndarray(frame.known!.times[this._timeIndex(key)]!);
  }

  private _present(key: string, column: Column): ArrayValue {
    const time = this._timeIndex(key);
    if (time >= 0 && this[STATE].frame.known !== null) return this[STATE].frame.known.times[time]!;
    const now = this[STATE].columns.get(key) ?? column;
    return now.value ??= presentArray(now.source as NDArray);
  }

  private async _read(
    key: string,
    column: Column,
    options?: ArrayReadOptions,
    frame: Frame = this[STATE].frame,
  ): Promise<NDArray> {
    const shown = await frame.resolve();
    const time = this._timeIndex(key);
    if (time >= 0) return ndarray(shown.times[time]!);
    const { source } = column;
    const rows = column.frame.isOrigin ? shown.rows : rowsWithin((await column.frame.resolve()).rows, shown.rows);
    const shifts = frame.shifts.slice(column.frame.shifts.length);
    if (!isLazyArray(source)) return shift(key, takeRows(isNDArray(source) ? source : await source(), rows), shifts);
    const array = flatten(await readRows(source, rows, options));
    return shift(key, column.isText === true ? { ...array, dtype: TEXT } : array, shifts);
  }

  private _keep(key: string, column: Column, array: NDArray): NDArray {
    const { columns, frame } = this[STATE];
    // It may have been set anew meanwhile.
    if (columns.get(key) === column && this._timeIndex(key) < 0) columns.set(key, { source: array, frame });
    this.settle();
    return array;
  }

  private _moved(key: string, column: Column, to: Frame): Column {
    const { frame } = this[STATE];
    const time = this._timeIndex(key);
    const { source } = column;
    const shifts = to.shifts.slice(column.frame.shifts.length);
    const isOwn = column.frame === frame && isNDArray(source);
    if (time >= 0 && (!isOwn || shifts.length > 0)) return { source: ndarray(to.known!.times[time]!), frame: to };
    if (!isOwn) return carried(column);
    const rows: Rows = rowsWithin(frame.known!.rows, to.known!.rows);
    return { source: shift(key, takeRows(source as NDArray, rows), shifts), frame: to };
  }

  /** A new array on the rows that there are. */
  private _anchored(source: NDArray | LazyArray): Column {
    const state = this[STATE];
    if (isNDArray(source) || state.frame.isOrigin) return { source, frame: state.frame };
    const { known } = state.frame;
    if (known === null) {
      throw new MicrotomeError("Cannot set a lazy array: its rows aren't known before it is materialized");
    }
    return { source: () => source.read(), frame: state.frame };
  }

  private _setTimes(key: string, source: NDArray | LazyArray): void {
    const state = this[STATE];
    if (!isNDArray(source) || state.frame.known === null) {
      throw new MicrotomeError(`Cannot set ${key}: it can only be set in memory, on an object that is materialized`);
    }
    const times = checkTimes(source, key, this.objectType, state.warnings);
    const old = state.frame;
    const all = old.known!.times.map((values, i) => this.timeNames[i] === key ? times : values);
    // The other arrays are aligned with the rows of the old frame: what isn't in memory is taken from there.
    const frame = Frame.of(memoryBase(times.length, all, old.base.search));
    for (const [name, column] of state.columns) {
      if (column.frame === old && isNDArray(column.source)) state.columns.set(name, { source: column.source, frame });
      else state.columns.set(name, { source: () => this._read(name, column, {}, old), frame });
    }
    this.timeNames.forEach((name, i) => {
      if (name !== key) state.columns.set(name, { source: ndarray(all[i]!), frame });
    });
    state.columns.set(key, { source, frame });
    state.frame = frame;
  }
}

/**
 * Arrays of one length by name, all in memory. An array is a property of its name, unless the class has one of that name
 * already; {@linkcode AnyArrayDict.get} reaches all.
 *
 * @example
 * ```ts
 * import { ArrayDict } from "./array_dict.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new ArrayDict({ id: ["unit01", "unit02"], depth: [120, 340] });
 * const deep = units.selectByMask([false, true]);
 * assert.deepEqual(deep.get("id"), ["unit02"]);
 * ```
 */
export class ArrayDict extends AnyArrayDict {
  /**
   * Makes an object of arrays.
   *
   * @param arrays The arrays by name; with lazy ones among them the object is a {@linkcode LazyArrayDict}
   * @throws {ShapeError} If their first axes differ in length, or one has none
   */
  constructor(arrays: Arrays = {}) {
    super();
    this.adopt(tableOf(arrays, "ArrayDict"));
  }

  /** Number of rows. */
  override get length(): number {
    return super.length!;
  }

  /** An array. */
  override get(key: string): ArrayValue {
    return super.get(key) as ArrayValue;
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: readonly boolean[] | NDArray): this {
    return super.selectByMask(mask) as this;
  }

  /** Does nothing: all is in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    return await super.materialize(options) as this;
  }
}

/** Arrays of one length by name, some of which are read when they are first asked for. */
export class LazyArrayDict extends AnyArrayDict {
  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: readonly boolean[] | NDArray): this {
    return super.selectByMask(mask) as this;
  }

  /** Reads everything; afterwards it is an {@linkcode ArrayDict}. */
  override async materialize(options?: ArrayReadOptions): Promise<ArrayDict> {
    return await super.materialize(options) as unknown as ArrayDict;
  }
}

/** Text of any length: what columns that Python has as unicode are. */
export const TEXT: DType = {
  kind: "string",
  length: null,
  itemsize: 0,
  byteOrder: "|",
  charset: "utf8",
  padding: "null-terminated",
};

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
    const source = isLazyArray(value) ? value : toArray(value, key);
    const rows = source.shape[0];
    if (rows === undefined) {
      throw new ShapeError(`Cannot set ${key}: ${key} must be at least 1-dimensional, got 0-dimensional array`);
    }
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
  return { frame, columns, timekeys: [], warnings: [] };
}

/**
 * The times of an array in memory, checked.
 *
 * @throws {ShapeError} If it hasn't one axis
 * @throws {RangeError} If one is NaN
 */
export function checkTimes(array: NDArray, key: string, objectType: string, warnings: string[]): Float64Array {
  if (array.shape.length !== 1) throw new ShapeError(`Cannot set ${key} of ${objectType}: ${key} must be 1D`);
  const times = toTimes(array, key);
  if (times.some(Number.isNaN)) throw new RangeError(`Cannot set ${key} of ${objectType}: ${key} cannot contain NaNs`);
  if (!(array.data instanceof Float64Array)) warnings.push(`${key} of ${objectType} isn't float64`);
  return times;
}

/** Puts columns on a base of their own, with times to look up. */
export function withTimes(state: TableState, names: readonly string[], objectType: string, search: Search): TableState {
  const times = names.map((name) =>
    checkTimes(state.columns.get(name)!.source as NDArray, name, objectType, state.warnings)
  );
  const frame = Frame.of(memoryBase(state.frame.count!, times, search));
  const columns = new Map([...state.columns].map(([key, { source }]): [string, Column] => [key, { source, frame }]));
  return { ...state, frame, columns };
}

/** Forgets where rows came from, once all arrays are in memory. */
function rebased(state: TableState, timeNames: readonly string[]): TableState {
  const { frame, columns } = state;
  const { known } = frame;
  if (known === null) return state;
  const isOwn = ({ source, frame: at }: Column) => at === frame && isNDArray(source);
  if (![...columns].every(([key, column]) => timeNames.includes(key) || isOwn(column))) return state;
  const own = Frame.of(memoryBase(rowCount(known), known.times, frame.base.search));
  return {
    ...state,
    frame: own,
    columns: new Map([...columns].map(([key, { source }]): [string, Column] => [key, { source, frame: own }])),
  };
}

/** A column as another object has it: readings under way and values given out are not shared. */
function carried({ source, frame, isText }: Column): Column {
  return { source, frame, isText };
}

function rowCount({ rows }: { readonly rows: Rows }): number {
  return rows.kind === "range" ? rows.stop - rows.start : rows.list.length;
}

/** Subtracts from an array of times what was shifted since. */
function shift(
  key: string,
  array: NDArray,
  shifts: readonly { readonly by: number; readonly timekeys: readonly string[] }[],
): NDArray {
  let out = array;
  for (const { by, timekeys } of shifts) {
    if (timekeys.includes(key)) out = ndarray(shifted(toTimes(out, key), by), out.shape);
  }
  return out;
}

/** Names that would make an object something else, or that files can't have. */
export function checkKey(key: string): void {
  if (key === "" || key.startsWith("_") || /[/\0]/.test(key) || key === "." || key === "..") {
    throw new TypeError(
      `Cannot name an attribute ${JSON.stringify(key)}: names aren't empty, don't start with "_", and have no "/"`,
    );
  }
}

/** Makes an attribute a property, unless the class has one of that name; for this room only. */
export function defineAccessor<V>(
  object: { get(key: string): unknown; set(key: string, value: V): void },
  key: string,
): void {
  // "then" would make it a promise to `await`.
  if (key in object || key === "then") return;
  Object.defineProperty(object, key, {
    get(this: { get(key: string): unknown }) {
      return this.get(key);
    },
    set(this: { set(key: string, value: V): void }, value: V) {
      this.set(key, value);
    },
    // Not enumerable: spreading or comparing an object must not read its arrays.
    enumerable: false,
    configurable: true,
  });
}
