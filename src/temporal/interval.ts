/**
 * Sets of intervals, in memory or not yet.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, NDArray } from "../array/types.ts";
import { MicrotomeError, ShapeError } from "../source/errors.ts";
import type { Intervals } from "../time/intervals.ts";
import { lowerBound, upperBound } from "../time/sorted.ts";
import { AnyArrayDict, type Arrays, type Column, STATE, tableOf, type TableState, withTimes } from "./array_dict.ts";
import { type ArrayInput, type ArrayValue, isLazyArray } from "./column.ts";
import { type Base, Frame, type Search } from "./frame.ts";
import {
  andIntervals,
  arangeIntervals,
  coalesceIntervals,
  differenceIntervals,
  dilateIntervals,
  isDisjointIntervals,
  isSortedIntervals,
  linspaceIntervals,
  orIntervals,
  sortIntervalOrder,
  splitMasks,
  subdivideIntervals,
} from "./interval_algebra.ts";
import { readTimes } from "./read_times.ts";
import { allRows, type Rows } from "./rows.ts";
import { checkTimekeys, checkWindow, type SliceOptions } from "./window.ts";

/** Options of an {@linkcode Interval}. */
export interface IntervalOptions {
  /** Names of arrays that hold times, which move with the origin; `start` and `end` always do. */
  readonly timekeys?: readonly string[] | undefined;
}

/** Options of {@linkcode AnyInterval.split}. */
export interface SplitOptions {
  /**
   * Whether intervals are dealt out at random, as NumPy's `default_rng(seed).permutation` orders them.
   *
   * @default {false}
   */
  readonly shuffle?: boolean | undefined;
  /** Seed of the order; a different one each time by default. */
  readonly seed?: number | bigint | undefined;
}

/** How intervals are found: those that overlap a window, unclipped. */
export const INTERVAL_SEARCH: Search = {
  find([start, end], from, to) {
    return [upperBound(end!, from), lowerBound(start!, to)];
  },
  order([start, end]) {
    const intervals = { start: start!, end: end! };
    const order = sortIntervalOrder(intervals);
    if (order !== null && !isDisjointIntervals(intervals)) {
      throw new RangeError("Cannot sort intervals that overlap: Intervals must be disjoint");
    }
    return order === null ? null : Float64Array.from(order);
  },
};

/** What interval sets have in common, lazy or not: half-open intervals `[start, end)` in seconds, and arrays beside them. */
export abstract class AnyInterval extends AnyArrayDict {
  /** The class, as files have it. */
  override get objectType(): "Interval" {
    return "Interval";
  }

  /**
   * The arrays that times are looked up in; for this room only.
   *
   * @internal
   */
  override get timeNames(): readonly string[] {
    return ["start", "end"];
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): readonly [eager: object, lazy: object] {
    return [Interval.prototype, LazyInterval.prototype];
  }

  /** Names of the arrays that hold times. */
  timekeys(): string[] {
    return [...this[STATE].timekeys];
  }

  /**
   * Makes an array one of times, which moves with the origin from now on.
   *
   * @throws {NotFoundError} If there is no such array
   */
  registerTimekey(key: string): void {
    this.describe(key);
    if (!this[STATE].timekeys.includes(key)) this[STATE].timekeys = [...this[STATE].timekeys, key];
  }

  /** The starts and ends where they are in memory, else `null`. */
  get known(): Intervals | null {
    const { known } = this[STATE].frame;
    return known === null ? null : { start: known.times[0]!, end: known.times[1]! };
  }

  /** The starts and ends, read where need be. */
  async intervals(options?: ArrayReadOptions): Promise<Intervals> {
    options?.signal?.throwIfAborted();
    const { times } = await this[STATE].frame.resolve();
    this.settle();
    return { start: times[0]!, end: times[1]! };
  }

  /**
   * The intervals that overlap a window, whole: nothing is clipped, so that after the origin moved a start may be
   * negative. Unsorted intervals are sorted first.
   *
   * @param start First second of the window
   * @param end First second behind it
   * @param options Whether times count from `start` afterwards, which they do by default
   * @throws {RangeError} If the window ends before it starts; if unsorted intervals overlap
   */
  slice(start: number, end: number, options: SliceOptions = {}): this {
    const origin = checkWindow(start, end, options);
    const frame = this[STATE].frame.after({ kind: "slice", start, end });
    return this.derive(origin === null ? frame : frame.after(this._shift(origin)));
  }

  /** The intervals that overlap any of others, whole, without moving the origin. */
  selectByInterval(interval: AnyInterval): this {
    const intervals = interval.known ?? (() => interval.intervals());
    return this.derive(this[STATE].frame.after({ kind: "within", intervals }));
  }

  /**
   * The same intervals, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the first interval starts
   */
  resetOrigin(origin: number | undefined = this.known?.start[0]): this {
    if (origin === undefined && this.length === 0) return this.derive(this[STATE].frame);
    if (typeof origin !== "number" || !Number.isFinite(origin)) {
      throw new RangeError(`Cannot reset the origin to ${origin}: expected seconds; a lazy Interval must be told`);
    }
    return this.derive(this[STATE].frame.after(this._shift(origin)));
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: readonly boolean[] | NDArray): this {
    return super.selectByMask(mask) as this;
  }

  /** Whether starts and ends never go back. */
  isSorted(): boolean {
    return isSortedIntervals(this._here("tell whether it is sorted"));
  }

  /** Whether no two overlap. Touching is allowed. */
  isDisjoint(): boolean {
    return isDisjointIntervals(this._here("tell whether it is disjoint"));
  }

  /**
   * What lies in both. Points (start equal to end) that lie in the other are kept; where intervals only touch there is
   * nothing. The result has starts and ends only, as that of all operations on two sets.
   *
   * With a lazy operand the result is lazy, and what is wrong with it shows when it is read.
   *
   * @throws {RangeError} If either isn't sorted or disjoint
   */
  and(other: AnyInterval): AnyInterval {
    return combined(this, other, andIntervals);
  }

  /** What lies in either; touching intervals become one. See {@linkcode AnyInterval.and}. */
  or(other: AnyInterval): AnyInterval {
    return combined(this, other, orIntervals);
  }

  /** What lies in this but not in the other. See {@linkcode AnyInterval.and}. */
  difference(other: AnyInterval): AnyInterval {
    return combined(this, other, differenceIntervals);
  }

  /**
   * Joins intervals that are closer than `eps`.
   *
   * @param eps In seconds; a gap of exactly that stays
   * @throws {RangeError} If it is negative
   */
  coalesce(eps: number = 1e-6): AnyInterval {
    return mapped(this, (set) => bare(coalesceIntervals(set.known!, eps)));
  }

  /**
   * Makes intervals longer on both sides, never past the middle of the gap to the next. Other arrays stay as they are.
   *
   * @param size Seconds on each side
   * @param maxLength What no interval grows beyond
   */
  dilate(size: number, maxLength?: number): this {
    return mapped(this, (set) => {
      const { start, end } = dilateIntervals(set.known!, size, maxLength);
      const out = set.derive(set[STATE].frame);
      out.set("start", start);
      out.set("end", end);
      return out;
    }) as this;
  }

  /**
   * Cuts intervals into pieces of `step` seconds; other arrays are repeated, times among them aren't moved.
   *
   * @param step In seconds
   * @param options Whether a shorter last piece is dropped
   */
  subdivide(step: number, options: { readonly dropShort?: boolean | undefined } = {}): this {
    return mapped(this, (set) => {
      const { start, end, parent } = subdivideIntervals(set.known!, step, options.dropShort ?? false);
      const rows: Rows = { kind: "list", list: Float64Array.from(parent) };
      const out = set.derive(set[STATE].frame.after({ kind: "rows", rows }));
      out.set("start", start);
      out.set("end", end);
      return out;
    }) as this;
  }

  /**
   * Deals intervals out. Each part keeps their order.
   *
   * @param sizes Numbers of intervals that sum to all, or fractions that sum to 1
   * @param options Whether at random, and by which seed
   * @returns A part for each size
   * @throws {RangeError} If sizes are neither, or there are fewer intervals than parts
   */
  split(sizes: readonly number[], options: SplitOptions = {}): this[] {
    const count = this.length;
    if (count === null) throw this._missing("split it");
    return splitMasks(count, sizes, options).map((mask) => {
      return this.derive(this[STATE].frame.after({ kind: "mask", mask }));
    });
  }

  private _shift(by: number): { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] } {
    return { kind: "shift", by, timekeys: this[STATE].timekeys };
  }

  private _here(what: string): Intervals {
    if (this.known === null) throw this._missing(what);
    return this.known;
  }

  private _missing(what: string): MicrotomeError {
    return new MicrotomeError(`Cannot ${what}: this Interval isn't in memory; await materialize() first`);
  }
}

/**
 * A set of half-open intervals `[start, end)` in seconds, with arrays beside them.
 *
 * @example
 * ```ts
 * import { Interval } from "./interval.ts";
 * import assert from "node:assert/strict";
 *
 * const trials = new Interval([0, 1, 2], [1, 2, 3], { go_cue: [0.5, 1.5, 2.5] }, { timekeys: ["go_cue"] });
 * const later = trials.slice(1, 3);
 * assert.deepEqual(later.start, Float64Array.of(0, 1));
 * assert.deepEqual(later.get("go_cue"), Float64Array.of(0.5, 1.5));
 * assert.deepEqual([...new Interval(0, 5).and(trials.slice(2, 3, { resetOrigin: false })) as Interval], [[2, 3]]);
 * ```
 */
export class Interval extends AnyInterval {
  /**
   * Makes a set of intervals.
   *
   * @param start Where each begins, shape (N,), or one number
   * @param end Where each ends
   * @param arrays Arrays beside them, shape (N, …)
   * @param options Which of those hold times
   * @throws {ShapeError} If lengths differ, or a start or end has more than one axis
   * @throws {RangeError} If a start or end is NaN
   */
  constructor(
    start: ArrayInput | number,
    end: ArrayInput | number,
    arrays: Arrays = {},
    options: IntervalOptions = {},
  ) {
    super();
    const all = { start: listed(start), end: listed(end), ...arrays };
    this.adopt(intervalState(tableOf(all, "Interval"), options));
  }

  /** Intervals of pairs. */
  static fromList(pairs: Iterable<readonly [start: number, end: number]>): Interval {
    const all = [...pairs];
    return new Interval(Float64Array.from(all, ([start]) => start), Float64Array.from(all, ([, end]) => end));
  }

  /**
   * A span in equal pieces.
   *
   * @param start Where it begins
   * @param end Where it ends
   * @param steps Number of pieces
   */
  static linspace(start: number, end: number, steps: number): Interval {
    return bare(linspaceIntervals(start, end, steps));
  }

  /**
   * A span in pieces of a length.
   *
   * @param start Where it begins
   * @param end Where it ends
   * @param step Seconds of a piece
   * @param options Whether a shorter piece at the end is kept, which it is by default
   */
  static arange(
    start: number,
    end: number,
    step: number,
    options: { readonly includeEnd?: boolean | undefined } = {},
  ): Interval {
    return bare(arangeIntervals(start, end, step, options.includeEnd ?? true));
  }

  /** Where each interval begins, in seconds. */
  get start(): Float64Array {
    return this[STATE].frame.known!.times[0]!;
  }

  /** Sets all starts. */
  set start(values: ArrayInput) {
    this.set("start", values);
  }

  /** Where each interval ends, in seconds. */
  get end(): Float64Array {
    return this[STATE].frame.known!.times[1]!;
  }

  /** Sets all ends. */
  set end(values: ArrayInput) {
    this.set("end", values);
  }

  /** Number of intervals. */
  override get length(): number {
    return super.length!;
  }

  /** An array. */
  override get(key: string): ArrayValue {
    return super.get(key) as ArrayValue;
  }

  /**
   * Sorts the intervals in place, and the other arrays with them.
   *
   * @throws {RangeError} If they overlap
   */
  sort(): this {
    if (!this.isDisjoint()) throw new RangeError("Cannot sort intervals that overlap: Intervals must be disjoint");
    const order = INTERVAL_SEARCH.order(this[STATE].frame.known!.times);
    if (order === null) return this;
    const sorted = this.derive(this[STATE].frame.after({ kind: "rows", rows: { kind: "list", list: order } }));
    this[STATE] = sorted[STATE];
    return this;
  }

  /** What lies in both: see {@linkcode AnyInterval.and}. */
  override and(other: Interval): Interval;
  /** The same with an operand that isn't in memory. */
  override and(other: AnyInterval): AnyInterval;
  override and(other: AnyInterval): AnyInterval {
    return super.and(other);
  }

  /** What lies in either: see {@linkcode AnyInterval.or}. */
  override or(other: Interval): Interval;
  /** The same with an operand that isn't in memory. */
  override or(other: AnyInterval): AnyInterval;
  override or(other: AnyInterval): AnyInterval {
    return super.or(other);
  }

  /** What lies in this but not in the other: see {@linkcode AnyInterval.difference}. */
  override difference(other: Interval): Interval;
  /** The same with an operand that isn't in memory. */
  override difference(other: AnyInterval): AnyInterval;
  override difference(other: AnyInterval): AnyInterval {
    return super.difference(other);
  }

  /** Joins intervals that are close: see {@linkcode AnyInterval.coalesce}. */
  override coalesce(eps?: number): Interval {
    return super.coalesce(eps) as Interval;
  }

  /** Does nothing: all is in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    return await super.materialize(options) as this;
  }

  /** Pairs of start and end. */
  *[Symbol.iterator](): Generator<[start: number, end: number], void> {
    const { start, end } = this;
    for (let i = 0; i < start.length; i++) yield [start[i]!, end[i]!];
  }
}

/** A set of intervals whose arrays are read when they are first asked for. */
export class LazyInterval extends AnyInterval {
  /** Where each interval begins, in seconds; read where need be. */
  get start(): Float64Array | Promise<Float64Array> {
    return super.get("start") as Float64Array | Promise<Float64Array>;
  }

  /** Where each interval ends, in seconds; read where need be. */
  get end(): Float64Array | Promise<Float64Array> {
    return super.get("end") as Float64Array | Promise<Float64Array>;
  }

  /** Reads everything; afterwards it is an {@linkcode Interval}. */
  override async materialize(options?: ArrayReadOptions): Promise<Interval> {
    return await super.materialize(options) as unknown as Interval;
  }

  /** Pairs of start and end, once they were read. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[start: number, end: number], void> {
    const { start, end } = await this.intervals();
    for (let i = 0; i < start.length; i++) yield [start[i]!, end[i]!];
  }
}

/**
 * An interval set of columns; for files.
 *
 * @param state The columns, `start` and `end` among them
 * @param options Which hold times
 * @param name What it is called, for messages
 * @throws {ShapeError} If a start or end has more than one axis
 */
export function makeInterval(state: TableState, options: IntervalOptions, name: string): AnyInterval {
  const out = Object.create(LazyInterval.prototype) as LazyInterval;
  out["adopt"](intervalState(state, options, name));
  return out;
}

/** Starts and ends as a set of their own. */
export function bare({ start, end }: Intervals): Interval {
  return new Interval(start, end);
}

function intervalState(table: TableState, options: IntervalOptions, name: string = "Interval"): TableState {
  const timekeys = checkTimekeys(options.timekeys ?? [], ["start", "end"], table.columns, name);
  const sources = ["start", "end"].map((key) => table.columns.get(key)!.source);
  if (sources.every(isNDArray)) return { ...withTimes(table, ["start", "end"], name, INTERVAL_SEARCH), timekeys };
  const count = table.frame.count!;
  const base: Base = {
    count,
    known: null,
    search: INTERVAL_SEARCH,
    async all() {
      const times = await Promise.all(
        sources.map((source, i) => readTimes(source as LazyArray, `${name}.${["start", "end"][i]}`)),
      );
      return { rows: allRows(count), times };
    },
  };
  return { ...anchored(table, Frame.of(base)), timekeys };
}

/** The same columns on another frame of as many rows. */
export function anchored(table: TableState, frame: Frame): TableState {
  const columns = [...table.columns].map(([key, column]): [string, Column] => [key, { ...column, frame }]);
  return { ...table, frame, columns: new Map(columns) };
}

/** A set worked out of others: at once where they are in memory. */
function combined(
  a: AnyInterval,
  b: AnyInterval,
  operation: (a: Intervals, b: Intervals) => Intervals,
): AnyInterval {
  if (!(b instanceof AnyInterval)) {
    throw new TypeError(`Cannot combine an Interval with ${typeof b}: expected an Interval`);
  }
  if (a.known !== null && b.known !== null) return bare(operation(a.known, b.known));
  return deferred(["start", "end"], [], async () => bare(operation(await a.intervals(), await b.intervals())));
}

function mapped(set: AnyInterval, operation: (set: AnyInterval) => AnyInterval): AnyInterval {
  if (set.known !== null) return operation(set);
  return deferred(set.keys(), set.timekeys(), async () => {
    await set.materialize();
    return operation(set);
  });
}

/** A lazy set that is made when it is first read. */
function deferred(
  keys: readonly string[],
  timekeys: readonly string[],
  make: () => Promise<AnyInterval>,
): LazyInterval {
  let made: Promise<AnyInterval> | null = null;
  const once = (): Promise<AnyInterval> => {
    made ??= make().catch((error) => {
      made = null;
      throw error;
    });
    return made;
  };
  const base: Base = {
    count: null,
    known: null,
    search: INTERVAL_SEARCH,
    async all() {
      const { start, end } = await (await once()).intervals();
      return { rows: allRows(start.length), times: [start, end] };
    },
  };
  const frame = Frame.of(base);
  const out = Object.create(LazyInterval.prototype) as LazyInterval;
  const columns = keys.map((
    key,
  ): [string, Column] => [key, { source: async () => await (await once()).array(key), frame }]);
  out["adopt"]({
    frame,
    columns: new Map(columns),
    timekeys: timekeys.length === 0 ? ["start", "end"] : timekeys,
    warnings: [],
  });
  return out;
}

function listed(value: ArrayInput | number): ArrayInput {
  if (typeof value === "number") return Float64Array.of(value);
  if (!isLazyArray(value) && !isNDArray(value) && !ArrayBuffer.isView(value) && !Array.isArray(value)) {
    throw new ShapeError("Cannot make an Interval: start and end are numbers or arrays of them");
  }
  return value;
}
