/**
 * What interval sets have in common, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, SLICE_OPTIONS, SPLIT_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions, Mask } from "../array/types.ts";
import { abortable } from "../source/abort.ts";
import { MicrotomeError } from "../source/errors.ts";
import type { Intervals } from "../time/intervals.ts";
import { AnyArrayDict, STATE } from "./any_array_dict.ts";
import { checkNonNegative } from "./check_intervals.ts";
import {
  andIntervals,
  coalesceIntervals,
  differenceIntervals,
  dilateIntervals,
  isDisjointIntervals,
  isSortedIntervals,
  orIntervals,
} from "./interval_algebra.ts";
import { splitMasks } from "./split_masks.ts";
import { subdivideIntervals } from "./interval_grid.ts";
import { combined, intervalsOf, mapped, repeated, workedOut } from "./interval_results.ts";
import { EDGES } from "./interval_state.ts";
import { addTimekey, checkOrigin, checkWindow, type SliceOptions } from "./window.ts";

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
    return EDGES;
  }

  /** Where each interval begins, in seconds; a promise of that where it isn't in memory. */
  abstract get start(): Float64Array | Promise<Float64Array>;

  /** Where each interval ends, in seconds; a promise of that where it isn't in memory. */
  abstract get end(): Float64Array | Promise<Float64Array>;

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
  get known(): Intervals | null {
    const { known } = this[STATE].frame;
    return known === null ? null : { start: known.times[0]!, end: known.times[1]! };
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
    checkOptions(options, SLICE_OPTIONS, "slice");
    const origin = checkWindow(start, end, options);
    const frame = this[STATE].frame.after({ kind: "slice", start, end });
    return this.derive(origin === null ? frame : frame.after(this._shift(origin)));
  }

  /** The intervals that overlap any of others, whole, without moving the origin. */
  selectByInterval(interval: AnyInterval): this {
    return this.derive(this[STATE].frame.after({ kind: "within", intervals: intervalsOf(checkOperand(interval)) }));
  }

  /**
   * The same intervals, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the first interval starts
   */
  resetOrigin(origin: number | undefined = this.known?.start[0]): this {
    if (origin === undefined && this.length === 0) return this.derive(this[STATE].frame);
    if (origin === undefined) throw this._missing("reset the origin to where it starts");
    checkOrigin(origin);
    return this.derive(this[STATE].frame.after(this._shift(origin)));
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: Mask): this {
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
    return combined(this, checkOperand(other), andIntervals);
  }

  /** What lies in either; touching intervals become one. See {@linkcode AnyInterval.and}. */
  or(other: AnyInterval): AnyInterval {
    return combined(this, checkOperand(other), orIntervals);
  }

  /** What lies in this but not in the other. See {@linkcode AnyInterval.and}. */
  difference(other: AnyInterval): AnyInterval {
    return combined(this, checkOperand(other), differenceIntervals);
  }

  /**
   * Joins intervals that are closer than `eps`.
   *
   * @param eps In seconds; a gap of exactly that stays
   * @throws {RangeError} If it is negative
   */
  coalesce(eps: number = 1e-6): AnyInterval {
    checkNonNegative(eps, "coalesce intervals", "eps");
    return workedOut(this, intervalsOf(this), (all) => coalesceIntervals(all, eps));
  }

  /**
   * Makes intervals longer on both sides, never past the middle of the gap to the next. Other arrays stay as they are.
   *
   * @param size Seconds on each side; a negative one makes them shorter: those shorter than twice that end before they
   * start, as in the original, and hold no time
   * @param maxLength What no interval grows beyond
   */
  dilate(size: number, maxLength?: number): this {
    return mapped(this, (set) => {
      const { start, end } = dilateIntervals(set.known!, size, maxLength);
      const out = set.copy();
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
      const { parent, ...pieces } = subdivideIntervals(set.known!, step, options.dropShort ?? false);
      return repeated(set, pieces, { kind: "list", list: Float64Array.from(parent) });
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
    checkOptions(options, SPLIT_OPTIONS, "split");
    const count = this.length;
    if (count === null) throw this._missing("split it");
    return splitMasks(count, sizes, options).map((mask) => {
      return this.derive(this[STATE].frame.after({ kind: "mask", mask }));
    });
  }

  /** The step that moves the origin. */
  private _shift(by: number): { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] } {
    return { kind: "shift", by, timekeys: this[STATE].timekeys };
  }

  /** Starts and ends, which must be in memory. */
  private _here(what: string): Intervals {
    if (this.known === null) throw this._missing(what);
    return this.known;
  }

  /** Says that they aren't. */
  private _missing(what: string): MicrotomeError {
    return new MicrotomeError(`Cannot ${what}: this Interval isn't in memory; await materialize() first`);
  }
}

function checkOperand(other: unknown): AnyInterval {
  if (other instanceof AnyInterval) return other;
  throw new TypeError(`Cannot combine an Interval with ${typeof other}: expected an Interval`);
}
