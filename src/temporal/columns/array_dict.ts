/**
 * Named arrays of one length, in memory or not yet; what series and intervals are made of.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";
import type { ArrayReadOptions, LazyArray, Mask, NDArray } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { type ArrayInput, type ArrayValue, isLazyArray, toMask } from "./column.ts";
import { FORMS, type Forms, type Held, type InMemory, type Known, type Masked } from "./described.ts";
import type { Frame } from "../frame/frame.ts";
import { printsAsText } from "../../source/inspect.ts";
import { printObject } from "../print/print.ts";
import { defineAccessor } from "./property_names.ts";
import { type ArrayDescription, blocksOf, describeColumn, isLazyState } from "./read_column.ts";
import { countRows } from "./rows.ts";
import { type Arrays, tableOf, type TableState } from "./table.ts";
import {
  ARRAY_READ_OPTIONS,
  atHand,
  columnOf,
  copiedState,
  derivedState,
  loadArray,
  presented,
  setArray,
  settle,
  timeIndex,
} from "./table_arrays.ts";
import { waitForAll } from "../wait_for_all.ts";

/**
 * Where an object keeps what it holds; for this room only.
 *
 * @internal
 */
export const STATE: unique symbol = /* @__PURE__ */ Symbol("state");

/** The classes, as files have them. */
export type ObjectType = "ArrayDict" | "Interval" | "IrregularTimeSeries" | "RegularTimeSeries";

/**
 * Arrays of one length by name. An array is a property of its name, unless the class has one of that name already;
 * {@linkcode ArrayDict.get} reaches all. Arrays that aren't in memory are read when they are first asked for: they come as a
 * promise then, and at once from then on, so `await` always gives them.
 *
 * Its type says which: an `ArrayDict` has all arrays in memory, an `ArrayDict<LazyArray>` may have lazy ones.
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
export class ArrayDict<out L extends LazyArray = never> {
  /** For the compiler only: what it is with all arrays in memory, and else. */
  declare readonly [FORMS]: Forms<ArrayDict, ArrayDict<LazyArray>>;
  /**
   * What it holds; for this room only.
   *
   * @internal
   */
  declare [STATE]: TableState;

  /**
   * Makes an object of arrays.
   *
   * @param arrays The arrays by name; lazy ones among them stay lazy
   * @throws {ShapeError} If their first axes differ in length, or one has none
   */
  constructor(arrays: Arrays<L> = {}) {
    this.adopt(tableOf(arrays, "ArrayDict"));
  }

  /** The class, as files have it. */
  get objectType(): ObjectType {
    return "ArrayDict";
  }

  /** Whether arrays are missing in memory. */
  get isLazy(): [L] extends [never] ? false : boolean {
    return isLazyState(this[STATE]) as [L] extends [never] ? false : boolean;
  }

  /** What was noticed about what it was given, such as times that aren't float64. Nothing is ever logged. */
  get warnings(): readonly string[] {
    return this[STATE].warnings;
  }

  /** Number of rows; `null` where only reading would tell, of some slices: see {@linkcode count}. */
  get length(): Known<number, L> {
    const { frame, columns } = this[STATE];
    return (columns.size === 0 ? 0 : frame.count) as Known<number, L>;
  }

  /**
   * Number of rows; reads what is needed to tell.
   *
   * @param options Abort signal
   */
  async count(options: ArrayReadOptions = {}): Promise<number> {
    checkOptions(options, ARRAY_READ_OPTIONS, "count");
    options.signal?.throwIfAborted();
    const length: number | null = this.length;
    if (length !== null) return length;
    const { rows } = await abortable(this[STATE].frame.resolve(), options.signal);
    settle(this[STATE]);
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
  get(key: string): Held<ArrayValue, L> {
    const state = this[STATE];
    columnOf(state, key, this.objectType);
    const array = atHand(state, key);
    const value = array === null
      ? loadArray(state, key).then((read) => presented(this[STATE], key, read))
      : presented(state, key, array);
    return value as Held<ArrayValue, L>;
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
    columnOf(this[STATE], key, this.objectType);
    return await loadArray(this[STATE], key, options);
  }

  /**
   * What is known of an array without reading it.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is none
   */
  describe(key: string): ArrayDescription {
    const state = this[STATE];
    return describeColumn(state.frame, columnOf(state, key, this.objectType), timeIndex(state, key), this.length);
  }

  /**
   * Whether an array is in memory.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is none
   */
  isLoaded(key: string): boolean {
    columnOf(this[STATE], key, this.objectType);
    return atHand(this[STATE], key) !== null;
  }

  /**
   * Names and what stands for each: the array where it is in memory, else what it will be read from, `null` where it is
   * yet to be worked out. Reads nothing.
   */
  *entries(): Generator<[key: string, value: [L] extends [never] ? ArrayValue : ArrayValue | LazyArray | null], void> {
    const state = this[STATE];
    for (const [key, { source }] of state.columns) {
      const array = atHand(state, key);
      const value = array !== null ? presented(state, key, array) : isLazyArray(source) ? source : null;
      yield [key, value as [L] extends [never] ? ArrayValue : ArrayValue | LazyArray | null];
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
  set(key: string, value: ArrayInput<L>): void {
    setArray(this[STATE], key, value, this.objectType);
    defineAccessor(this, key);
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
    columnOf(state, key, this.objectType);
    if (timeIndex(state, key) >= 0) throw new TypeError(`Cannot delete '${key}' from ${this.objectType}`);
    state.columns.delete(key);
    state.timekeys = state.timekeys.filter((name) => name !== key);
    if (Object.hasOwn(this, key)) Reflect.deleteProperty(this, key);
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
  selectByMask(mask: Mask): Masked<this> {
    return this.derive(this[STATE].frame.after({ kind: "mask", mask: toMask(mask) })) as Masked<this>;
  }

  /**
   * Reads everything that isn't in memory, all at once.
   *
   * @param options Abort signal
   * @returns The object itself, which is no longer lazy, and works when its file is closed
   */
  async materialize(options: ArrayReadOptions = {}): Promise<InMemory<this>> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    options.signal?.throwIfAborted();
    const state = this[STATE];
    await waitForAll(this.keys().map((key) => loadArray(state, key, options)));
    settle(this[STATE]);
    return this as unknown as InMemory<this>;
  }

  /**
   * An object of its own with the same arrays: setting or removing one leaves this one as it is. The numbers aren't
   * copied.
   */
  copy(): this {
    const out = this.alike(copiedState(this[STATE]));
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
    return this.isLoaded(key) || timeIndex(this[STATE], key) >= 0 ? null : await blocksOf(this[STATE], key);
  }

  /** As torch_brain prints it: names, and shapes of what is in memory. */
  toString(): string {
    return printObject(`${this.isLazy ? "Lazy" : ""}${this.objectType}`, this.entries());
  }

  /**
   * Fills a new object; for this room only.
   *
   * @internal
   */
  protected adopt(state: TableState): void {
    printsAsText(ArrayDict.prototype);
    Object.defineProperty(this, STATE, { value: state, writable: true, configurable: true });
    for (const key of state.columns.keys()) defineAccessor(this, key);
    settle(state);
  }

  /**
   * Makes an object of the same class that holds something else; for this room only.
   *
   * @internal
   */
  protected alike(state: TableState): this {
    return objectOf({ prototype: Object.getPrototypeOf(this) }, state) as this;
  }

  /**
   * Makes an object of other rows of this one; for this room only.
   *
   * @internal
   */
  protected derive(to: Frame): this {
    return this.alike(derivedState(this[STATE], to));
  }
}

/**
 * Makes an object of what it shall hold; for this room only.
 *
 * @param type Its class
 * @param state What it holds
 */
export function objectOf<T extends ArrayDict<LazyArray>>(type: { readonly prototype: T }, state: TableState): T {
  const out = Object.create(type.prototype) as T;
  out["adopt"](state);
  return out;
}
