/**
 * Sets of intervals, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";
import type { ArrayReadOptions, LazyArray } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { MicrotomeError } from "../../source/errors.ts";
import type { Intervals } from "../../time/intervals.ts";
import { ArrayDict, objectOf, STATE } from "../columns/array_dict.ts";
import { checkNonNegative } from "./check_intervals.ts";
import type { ArrayInput } from "../columns/column.ts";
import { FORMS, type Forms, type Held, type Known, type OnDemand } from "../columns/described.ts";
import {
  andIntervals,
  coalesceIntervals,
  differenceIntervals,
  dilateIntervals,
  isDisjointIntervals,
  isSortedIntervals,
  orIntervals,
} from "./interval_algebra.ts";
import { arangeIntervals, linspaceIntervals, subdivideIntervals } from "./interval_grid.ts";
import { combined, intervalsOf, knownIntervals, mapped, repeated, withEdges, workedOut } from "./interval_results.ts";
import {
  bareState,
  INTERVAL_OPTIONS,
  INTERVAL_SEARCH,
  type IntervalOptions,
  intervalState,
  listed,
} from "./interval_state.ts";
import { SPLIT_OPTIONS, splitMasks, type SplitOptions } from "../frame/split_masks.ts";
import { type Arrays, tableOf, type TableState } from "../columns/table.ts";
import { ARRAY_READ_OPTIONS, settle } from "../columns/table_arrays.ts";
import { addTimekey, checkOrigin, checkWindow, shiftOf, SLICE_OPTIONS, type SliceOptions } from "../frame/window.ts";

/**
 * A set of half-open intervals `[start, end)` in seconds, with arrays beside them. An `Interval` has all arrays in memory, an
 * `Interval<LazyArray>` may have some that are yet to be read, see {@linkcode ArrayDict}.
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
 * assert.deepEqual([...new Interval(0, 5).and(trials.slice(2, 3, { resetOrigin: false }))], [[2, 3]]);
 * ```
 */
export class Interval<out L extends LazyArray = never> extends ArrayDict<L> {
  /** For the compiler only: what it is with all arrays in memory, and else. */
  declare readonly [FORMS]: Forms<Interval, Interval<LazyArray>, "start" | "end">;

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
    start: ArrayInput<L> | number,
    end: ArrayInput<L> | number,
    arrays: Arrays<L> = {},
    options: IntervalOptions = {},
  ) {
    super();
    checkOptions(options, INTERVAL_OPTIONS, "make an Interval");
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
    checkOptions(options, { includeEnd: true }, "arange");
    return bare(arangeIntervals(start, end, step, options.includeEnd ?? true));
  }

  /** The class, as files have it. */
  override get objectType(): "Interval" {
    return "Interval";
  }

  /** Where each interval begins, in seconds; a promise of that where it isn't in memory. */
  get start(): Held<Float64Array, L> {
    return this.get("start") as Held<Float64Array, L>;
  }

  /** Sets all starts. */
  set start(values: ArrayInput) {
    this.set("start", values as ArrayInput<L>);
  }

  /** Where each interval ends, in seconds; a promise of that where it isn't in memory. */
  get end(): Held<Float64Array, L> {
    return this.get("end") as Held<Float64Array, L>;
  }

  /** Sets all ends. */
  set end(values: ArrayInput) {
    this.set("end", values as ArrayInput<L>);
  }

  /** Names of the arrays that hold times. */
  timekeys(): string[] {
    return [...this[STATE].timekeys];
  }

  /**
   * Makes an array one of times, which moves with the origin from now on.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is no such array
   * @throws {TypeError} If it holds no numbers
   */
  registerTimekey(key: string): void {
    addTimekey(this[STATE], key, this.describe(key).dtype, this.objectType);
  }

  /** The starts and ends where they are in memory, else `null`. */
  get known(): Known<Intervals, L> {
    return knownIntervals(this[STATE]) as Known<Intervals, L>;
  }

  /**
   * The starts and ends, read where need be.
   *
   * @param options Abort signal
   */
  async intervals(options: ArrayReadOptions = {}): Promise<Intervals> {
    checkOptions(options, ARRAY_READ_OPTIONS, "intervals");
    options.signal?.throwIfAborted();
    const { times } = await abortable(this[STATE].frame.resolve(), options.signal);
    settle(this[STATE]);
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
    checkOptions(options, SLICE_OPTIONS, "slice");
    const origin = checkWindow(start, end, options);
    const frame = this[STATE].frame.after({ kind: "slice", start, end });
    return this.derive(origin === null ? frame : frame.after(shiftOf(this[STATE], origin)));
  }

  /** The intervals that overlap any of others, whole, without moving the origin. With lazy others the result is lazy. */
  selectByInterval(interval: Interval): this;
  /** The same by intervals that may have to be read. */
  selectByInterval(interval: Interval<LazyArray>): OnDemand<this>;
  selectByInterval(interval: Interval<LazyArray>): unknown {
    const intervals = intervalsOf(operand(interval));
    return this.derive(this[STATE].frame.after({ kind: "within", intervals }));
  }

  /**
   * The same intervals, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the first interval starts
   */
  resetOrigin(origin: number | undefined = knownIntervals(this[STATE])?.start[0]): this {
    if (origin === undefined && this.length === 0) return this.derive(this[STATE].frame);
    if (origin === undefined) throw missing("reset the origin to where it starts");
    checkOrigin(origin);
    return this.derive(this[STATE].frame.after(shiftOf(this[STATE], origin)));
  }

  /**
   * Sorts the intervals in place, and the other arrays with them.
   *
   * @throws {RangeError} If they overlap
   * @throws {MicrotomeError} If starts and ends aren't in memory
   */
  sort(): this {
    const { start, end } = this._here("sort it");
    if (!this.isDisjoint()) throw new RangeError("Cannot sort intervals that overlap: Intervals must be disjoint");
    const order = INTERVAL_SEARCH.order([start, end]);
    if (order === null) return this;
    const sorted = this.derive(this[STATE].frame.after({ kind: "rows", rows: { kind: "list", list: order } }));
    this[STATE] = sorted[STATE];
    return this;
  }

  /** Whether starts and ends never go back. @throws {MicrotomeError} If they aren't in memory */
  isSorted(): boolean {
    return isSortedIntervals(this._here("tell whether it is sorted"));
  }

  /** Whether no two overlap. Touching is allowed. @throws {MicrotomeError} If starts and ends aren't in memory */
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
  and<M extends LazyArray = never>(other: Interval<M>): Interval<L | M> {
    return setOf(combined(intervalsOf(this[STATE]), intervalsOf(operand(other)), andIntervals));
  }

  /** What lies in either; touching intervals become one. See {@linkcode Interval.and}. */
  or<M extends LazyArray = never>(other: Interval<M>): Interval<L | M> {
    return setOf(combined(intervalsOf(this[STATE]), intervalsOf(operand(other)), orIntervals));
  }

  /** What lies in this but not in the other. See {@linkcode Interval.and}. */
  difference<M extends LazyArray = never>(other: Interval<M>): Interval<L | M> {
    return setOf(combined(intervalsOf(this[STATE]), intervalsOf(operand(other)), differenceIntervals));
  }

  /**
   * Joins intervals that are closer than `eps`.
   *
   * @param eps In seconds; a gap of exactly that stays
   * @throws {RangeError} If it is negative
   */
  coalesce(eps: number = 1e-6): Interval<L> {
    checkNonNegative(eps, "coalesce intervals", "eps");
    return setOf(workedOut(intervalsOf(this[STATE]), (all) => coalesceIntervals(all, eps)));
  }

  /**
   * Makes intervals longer on both sides, never past the middle of the gap to the next. Other arrays stay as they are.
   *
   * @param size Seconds on each side; a negative one makes them shorter: those shorter than twice that end before they
   * start, as in the original, and hold no time
   * @param maxLength What no interval grows beyond
   */
  dilate(size: number, maxLength?: number): this {
    return this.alike(mapped(this[STATE], (state, known) => withEdges(state, dilateIntervals(known, size, maxLength))));
  }

  /**
   * Cuts intervals into pieces of `step` seconds; other arrays are repeated, times among them aren't moved.
   *
   * @param step In seconds
   * @param options Whether a shorter last piece is dropped
   */
  subdivide(step: number, options: { readonly dropShort?: boolean | undefined } = {}): this {
    checkOptions(options, { dropShort: true }, "subdivide");
    return this.alike(mapped(this[STATE], (state, known) => {
      const { parent, ...pieces } = subdivideIntervals(known, step, options.dropShort ?? false);
      return repeated(state, pieces, { kind: "list", list: Float64Array.from(parent) });
    }));
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
    checkOptions(options, SPLIT_OPTIONS, "split");
    const count: number | null = this.length;
    if (count === null) throw missing("split it");
    return splitMasks(count, sizes, options).map((mask) => {
      return this.derive(this[STATE].frame.after({ kind: "mask", mask }));
    });
  }

  /** Pairs of start and end. @throws {MicrotomeError} If they aren't in memory; `for await` reads them */
  *[Symbol.iterator](): Generator<[start: number, end: number], void> {
    const { start, end } = this._here("iterate over it");
    for (let i = 0; i < start.length; i++) yield [start[i]!, end[i]!];
  }

  /** Pairs of start and end, read where need be. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[start: number, end: number], void> {
    const { start, end } = await this.intervals();
    for (let i = 0; i < start.length; i++) yield [start[i]!, end[i]!];
  }

  /** Starts and ends, which must be in memory. */
  private _here(what: string): Intervals {
    const known = knownIntervals(this[STATE]);
    if (known === null) throw missing(what);
    return known;
  }
}

function missing(what: string): MicrotomeError {
  return new MicrotomeError(`Cannot ${what}: this Interval isn't in memory; await materialize() first`);
}

/** What another set holds. */
function operand(other: unknown): TableState {
  if (other instanceof Interval) return other[STATE];
  throw new TypeError(`Cannot combine an Interval with ${typeof other}: expected an Interval`);
}

/**
 * An interval set of columns; for files.
 *
 * @param state The columns, `start` and `end` among them
 * @param options Which hold times
 * @param name What it is called, for messages
 * @throws {ShapeError} If a start or end has more than one axis
 */
export function makeInterval(state: TableState, options: IntervalOptions, name: string): Interval<LazyArray> {
  return setOf(intervalState(state, options, name));
}

/** Starts and ends as a set of their own. */
export function bare(intervals: Intervals): Interval {
  return setOf(bareState(intervals));
}

function setOf(state: TableState): Interval {
  const out: Interval<LazyArray> = objectOf(Interval, state);
  return out as Interval;
}
