/**
 * Sets of intervals, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, INTERVAL_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import type { Intervals } from "../time/intervals.ts";
import { AnyInterval } from "./any_interval.ts";
import { type Classes, STATE } from "./any_array_dict.ts";
import type { ArrayInput, ArrayValue } from "./column.ts";
import { arangeIntervals, linspaceIntervals } from "./interval_grid.ts";
import { bareState, INTERVAL_SEARCH, type IntervalOptions, intervalState, listed } from "./interval_state.ts";
import { type Arrays, tableOf, type TableState } from "./table.ts";

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
    checkOptions(options, INTERVAL_OPTIONS, "make a Interval");
    const all = { start: listed(start), end: listed(end), ...arrays };
    this.adopt(intervalState(tableOf(all, "Interval"), options));
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
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
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
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
  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

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
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
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
export function bare(intervals: Intervals): Interval {
  const out = Object.create(Interval.prototype) as Interval;
  out["adopt"](bareState(intervals));
  return out;
}

const CLASSES: Classes = [Interval, LazyInterval];
