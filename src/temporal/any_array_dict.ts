/**
 * What all objects with arrays have in common.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions, LazyArray, Mask, NDArray } from "../array/types.ts";
import { isNDArray, ndarray } from "../array/ndarray.ts";
import { abortable } from "../source/abort.ts";
import { MicrotomeError, NotFoundError, ShapeError } from "../source/errors.ts";
import { type ArrayInput, type ArrayValue, isLazyArray, presentArray, toMask } from "./column.ts";
import { Frame, memoryBase } from "./frame.ts";
import { printsAsText } from "./inspect.ts";
import { printObject } from "./print.ts";
import { checkKey, defineAccessor } from "./property_names.ts";
import {
  arrayAtHand,
  type ArrayDescription,
  blocksOf,
  describeColumn,
  isLazyState,
  movedColumn,
  readColumn,
} from "./read_column.ts";

import { countRows } from "./rows.ts";
import { carried, checkTimes, type Column, rebased, sourceOf, type TableState } from "./table.ts";
import { waitForAll } from "./wait_for_all.ts";

/**
 * Where an object keeps what it holds; for this room only.
 *
 * @internal
 */
export const STATE: unique symbol = /* @__PURE__ */ Symbol("state");

/**
 * The classes of an object with all arrays in memory, and of one without. For this room only.
 *
 * @internal
 */
export type Classes = readonly [eager: { readonly prototype: object }, lazy: { readonly prototype: object }];

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
    return isLazyState(this[STATE], this.timeNames);
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

  /**
   * Number of rows; reads what is needed to tell.
   *
   * @param options Abort signal
   */
  async count(options: ArrayReadOptions = {}): Promise<number> {
    checkOptions(options, ARRAY_READ_OPTIONS, "count");
    options.signal?.throwIfAborted();
    const { length } = this;
    if (length !== null) return length;
    const { rows } = await abortable(this[STATE].frame.resolve(), options.signal);
    this.settle();
    return countRows(rows);
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
    const array = arrayAtHand(this[STATE].frame, column, this._timeIndex(key));
    return array === null ? this.load(key).then((read) => this._present(key, read)) : this._present(key, array);
  }

  /**
   * An array as an `NDArray`, whatever its axes; read where need be.
   *
   * @param key Its name
   * @param options Abort signal
   * @throws {NotFoundError} If there is none
   */
  async array(key: string, options: ArrayReadOptions = {}): Promise<NDArray> {
    checkOptions(options, ARRAY_READ_OPTIONS, "array");
    options.signal?.throwIfAborted();
    const column = this._column(key);
    return arrayAtHand(this[STATE].frame, column, this._timeIndex(key)) ?? await this.load(key, options);
  }

  /**
   * What is known of an array without reading it.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is none
   */
  describe(key: string): ArrayDescription {
    return describeColumn(this[STATE].frame, this._column(key), this._timeIndex(key), this.length);
  }

  /**
   * Whether an array is in memory.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is none
   */
  isLoaded(key: string): boolean {
    return arrayAtHand(this[STATE].frame, this._column(key), this._timeIndex(key)) !== null;
  }

  /**
   * Names and what stands for each: the array where it is in memory, else what it will be read from, `null` where it is
   * yet to be worked out. Reads nothing.
   */
  *entries(): Generator<[string, ArrayValue | LazyArray | null], void> {
    for (const [key, column] of this[STATE].columns) {
      const array = arrayAtHand(this[STATE].frame, column, this._timeIndex(key));
      const { source } = column;
      yield [key, array !== null ? this._present(key, array) : isLazyArray(source) ? source : null];
    }
  }

  /**
   * Sets an array.
   *
   * @param key Its name: not of this class' own names if it shall be a property, and it never starts with `_`
   * @param value The array
   * @throws {ShapeError} If its first axis has another length than those that are there
   * @throws {TypeError} If the name can't be one
   * @throws {RangeError} If it is of times that are looked up, and one is NaN
   * @throws {MicrotomeError} If there isn't enough in memory to tell whether it fits
   */
  set(key: string, value: ArrayInput): void {
    const state = this[STATE];
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
        `Cannot set ${key}: all arrays of ${this.objectType} must have the same first dimension. The first dimension ` +
          `of ${key} is ${rows} but that of existing arrays is ${count}`,
      );
    }
    if (this._timeIndex(key) >= 0) this._setTimes(key, source);
    else state.columns.set(key, { source, frame: state.frame });
    defineAccessor(this, key);
    this.settle();
  }

  /**
   * Removes an array.
   *
   * @param key Its name
   * @throws {TypeError} If the object can't be without it
   * @throws {NotFoundError} If there is none
   */
  delete(key: string): void {
    const state = this[STATE];
    this._column(key);
    if (this._timeIndex(key) >= 0) throw new TypeError(`Cannot delete '${key}' from ${this.objectType}`);
    state.columns.delete(key);
    state.timekeys = state.timekeys.filter((name) => name !== key);
    if (Object.hasOwn(this, key)) Reflect.deleteProperty(this, key);
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
  selectByMask(mask: Mask): AnyArrayDict {
    return this.derive(this[STATE].frame.after({ kind: "mask", mask: toMask(mask) }));
  }

  /**
   * Reads everything that isn't in memory, all at once.
   *
   * @param options Abort signal
   * @returns The object itself, which is no longer lazy, and works when its file is closed
   */
  async materialize(options: ArrayReadOptions = {}): Promise<AnyArrayDict> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    options.signal?.throwIfAborted();
    await waitForAll(this.keys().map((key) => this.isLoaded(key) ? null : this.load(key, options)));
    this.settle();
    return this;
  }

  /**
   * An object of its own with the same arrays: setting or removing one leaves this one as it is. The numbers aren't
   * copied.
   */
  copy(): this {
    const state = this[STATE];
    const columns = [...state.columns].map(([key, column]): [string, Column] => [key, carried(column)]);
    const out = this._made({ ...state, columns: new Map(columns), warnings: [...state.warnings] });
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
    return this.isLoaded(key) || this._timeIndex(key) >= 0 ? null : await blocksOf(this[STATE], key);
  }

  /** As torch_brain prints it: names, and shapes of what is in memory. */
  toString(): string {
    return printObject(this);
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
  abstract get classes(): Classes;

  /**
   * Fills a new object; for this room only.
   *
   * @internal
   */
  protected adopt(state: TableState): void {
    printsAsText(AnyArrayDict.prototype);
    Object.defineProperty(this, STATE, { value: state, writable: true });
    for (const key of state.columns.keys()) defineAccessor(this, key);
    this.settle();
  }

  /**
   * Makes an object of other rows of this one; for this room only.
   *
   * @internal
   */
  protected derive(to: Frame): this {
    const { columns, timekeys, frame } = this[STATE];
    const moved = new Map<string, Column>();
    for (const [key, column] of columns) moved.set(key, movedColumn(key, column, frame, to, this._timeIndex(key)));
    return this._made(rebased({ frame: to, columns: moved, timekeys, warnings: [] }, this.timeNames));
  }

  /**
   * Reads an array and keeps it; for this room only.
   *
   * @internal
   */
  protected async load(key: string, { signal }: ArrayReadOptions = {}): Promise<NDArray> {
    const column = this._column(key);
    const { frame } = this[STATE];
    const read = () => readColumn(key, column, frame, this._timeIndex(key), signal);
    // A reading that can be aborted belongs to its caller alone.
    if (signal !== undefined) return this._keep(key, column, frame, await read());
    column.loading ??= read();
    try {
      return this._keep(key, column, frame, await column.loading);
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
    const { frame, columns } = this[STATE];
    for (const [key, column] of columns) {
      // Now that rows are known, they are cut from what an object before this one had in memory.
      const isElsewhere = column.frame !== frame && isNDArray(column.source) && this._timeIndex(key) < 0;
      if (isElsewhere && frame.rows !== null && column.frame.rows !== null) {
        columns.set(key, movedColumn(key, column, column.frame, frame, -1));
      }
    }
    const [{ prototype: eager }, { prototype: lazy }] = this.classes;
    const now = this.isLazy ? lazy : eager;
    // An object of a class of the user's own stays one.
    const proto = Object.getPrototypeOf(this);
    if (proto !== now && (proto === eager || proto === lazy)) Object.setPrototypeOf(this, now);
  }

  /** An object of the same class with other contents. */
  private _made(state: TableState): this {
    const [{ prototype: eager }, { prototype: lazy }] = this.classes;
    const proto = Object.getPrototypeOf(this);
    const isOwn = proto === eager || proto === lazy;
    const out = Object.create(isOwn ? (isLazyState(state, this.timeNames) ? lazy : eager) : proto) as this;
    out.adopt(state);
    return out;
  }

  /** The column of a name. */
  private _column(key: string): Column {
    const column = this[STATE].columns.get(key);
    if (column === undefined) throw new NotFoundError(`Cannot get ${key}: ${this.objectType} has no such attribute`);
    return column;
  }

  /** Which of the times that are looked up an array is, -1 for none. */
  private _timeIndex(key: string): number {
    return this.timeNames.indexOf(key);
  }

  /** An array as users get it, the same each time. */
  private _present(key: string, array: NDArray): ArrayValue {
    const column = this[STATE].columns.get(key);
    // It may have been set anew while it was read.
    return column?.source === array ? column.value ??= presentArray(array) : presentArray(array);
  }

  /** Keeps an array that was read. */
  private _keep(key: string, column: Column, frame: Frame, array: NDArray): NDArray {
    const state = this[STATE];
    // It may have been set anew meanwhile, or rows have other times.
    const isCurrent = state.columns.get(key) === column && state.frame === frame;
    if (isCurrent && this._timeIndex(key) < 0) state.columns.set(key, { source: array, frame });
    this.settle();
    return array;
  }

  /** Sets times that are looked up. */
  private _setTimes(key: string, source: NDArray | LazyArray): void {
    const state = this[STATE];
    const old = state.frame;
    if (!isNDArray(source) || old.known === null) {
      throw new MicrotomeError(`Cannot set ${key}: it can only be set in memory, on an object that is materialized`);
    }
    const times = checkTimes(source, key, this.objectType, state.warnings);
    state.frame = old.withTimes(old.known.times.map((values, i) => this.timeNames[i] === key ? times : values));
    for (const [name, column] of state.columns) {
      if (column.frame === old && isNDArray(column.source)) state.columns.set(name, { ...column, frame: state.frame });
    }
    state.columns.set(key, { source: ndarray(times), frame: state.frame });
  }
}
