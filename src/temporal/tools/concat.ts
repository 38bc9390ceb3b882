/**
 * Objects one after another, as one.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { ArrayDict } from "../columns/array_dict.ts";
import { joinRegular } from "../regular/concat_regular.ts";
import type { GapOptions } from "../regular/gap_fill.ts";
import { bare, Interval } from "../intervals/interval.ts";
import { orIntervals } from "../intervals/interval_algebra.ts";
import { IrregularTimeSeries } from "../irregular.ts";
import { joinAll } from "../columns/promote.ts";
import { RegularTimeSeries } from "../regular/regular.ts";

/** Options of {@linkcode concat}. */
export interface ConcatOptions extends GapOptions {
  /**
   * Whether events and intervals are brought in order of time. Regular series always are.
   *
   * @default {true}
   */
  readonly sort?: boolean | undefined;
  /**
   * How far, in samples, a regular series may lie from the grid of the first one.
   *
   * @default {1e-3}
   */
  readonly rtol?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `ConcatOptions`. */
const CONCAT_OPTIONS: OptionNames<ConcatOptions> = {
  sort: true,
  rtol: true,
  signal: true,
  gapValue: true,
  gapValueOf: true,
  maxBytes: true,
};

/**
 * Makes one object of several of a class. They have the same arrays, with the same axes beyond the first; where types
 * differ, the result has the one that NumPy promotes them to, unless that can't hold a number that there is. What isn't in
 * memory is read.
 *
 * The domain of events is the union of all domains. Regular series have one rate, lie on one grid and don't overlap; where
 * they leave gaps the result has gaps, with the fill values of `fromGappyTimeseries`. (The original joins events in memory
 * only.)
 *
 * @param objects The objects, lazy or not
 * @param options Whether the result is sorted; fill values
 * @returns A new object, all in memory, that shares nothing with them
 * @throws {TypeError} If there is none, or they differ in class, arrays or timekeys
 * @throws {ShapeError} If axes beyond the first differ
 * @throws {DTypeError} If the types of an array have none in common, or it can't have gaps where there are some
 * @throws {RangeError} If regular series differ in rate, overlap, or are off the grid of the first; if intervals are to be
 * sorted and overlap
 * @throws {LimitError} If the gaps between regular series would take more than `maxBytes`
 *
 * @example
 * ```ts
 * import { concat } from "./concat.ts";
 * import { IrregularTimeSeries } from "../irregular.ts";
 * import assert from "node:assert/strict";
 *
 * const late = new IrregularTimeSeries({ timestamps: [2, 3], values: [3, 4] });
 * const early = new IrregularTimeSeries({ timestamps: [0, 1], values: [1, 2] });
 * const both = await concat([late, early]);
 * assert.deepEqual(both.timestamps, Float64Array.of(0, 1, 2, 3));
 * assert.deepEqual(both.get("values"), Float64Array.of(1, 2, 3, 4));
 * assert.deepEqual([...both.domain], [[0, 1], [2, 3]]);
 * ```
 */
export async function concat(
  objects: readonly IrregularTimeSeries<LazyArray>[],
  options?: ConcatOptions,
): Promise<IrregularTimeSeries>;
/** The same of regular series. */
export async function concat(
  objects: readonly RegularTimeSeries<LazyArray>[],
  options?: ConcatOptions,
): Promise<RegularTimeSeries>;
/** The same of intervals. */
export async function concat(objects: readonly Interval<LazyArray>[], options?: ConcatOptions): Promise<Interval>;
/** The same of tables. */
export async function concat(objects: readonly ArrayDict<LazyArray>[], options?: ConcatOptions): Promise<ArrayDict>;
export async function concat(
  objects: readonly ArrayDict<LazyArray>[],
  options: ConcatOptions = {},
): Promise<ArrayDict<LazyArray>> {
  checkOptions(options, CONCAT_OPTIONS, "concat");
  const { sort = true, signal } = options;
  signal?.throwIfAborted();
  checkAlike(objects);
  if (areOf(objects, RegularTimeSeries)) return await joinRegular(objects, options);
  const arrays = await joinAll(objects, signal);
  if (areOf(objects, IrregularTimeSeries)) {
    const domains = await Promise.all(objects.map(({ domain }) => domain.intervals({ signal })));
    const none = { start: new Float64Array(), end: new Float64Array() };
    const timekeys = objects[0]!.timekeys();
    const out = new IrregularTimeSeries(
      arrays as typeof arrays & { timestamps: NDArray },
      { timekeys, domain: bare(domains.reduce(orIntervals, none)) },
    );
    return sort ? out.sort() : out;
  }
  if (areOf(objects, Interval)) {
    const { start, end, ...others } = arrays;
    const out = new Interval(start!, end!, others, { timekeys: objects[0]!.timekeys() });
    return sort && !out.isSorted() ? out.sort() : out;
  }
  return new ArrayDict(arrays);
}

function areOf<T extends ArrayDict<LazyArray>>(
  objects: readonly ArrayDict<LazyArray>[],
  type: { readonly prototype: T },
): objects is readonly T[] {
  return objects[0] instanceof (type as unknown as abstract new () => T);
}

function checkAlike(objects: readonly ArrayDict<LazyArray>[]): void {
  const [first] = objects;
  if (first === undefined) throw new TypeError("Cannot concatenate nothing: there is no object");
  for (const [i, object] of objects.entries()) {
    if (!(object instanceof ArrayDict)) {
      throw new TypeError(`Cannot concatenate: object ${i} is no series, Interval or ArrayDict`);
    }
    if (object.objectType !== first.objectType) {
      throw new TypeError(
        `Cannot concatenate: all objects must be of the same type, got ${first.objectType} and ${object.objectType}`,
      );
    }
    checkSame(first.keys(), object.keys(), "keys");
    checkSame(timekeysOf(first), timekeysOf(object), "timekeys");
  }
}

function checkSame(a: readonly string[], b: readonly string[], what: string): void {
  const others = new Set(b);
  if (a.length === b.length && a.every((key) => others.has(key))) return;
  throw new TypeError(`Cannot concatenate: all objects must have the same ${what}, got [${a}] and [${b}]`);
}

function timekeysOf(object: ArrayDict<LazyArray>): string[] {
  return object instanceof IrregularTimeSeries || object instanceof Interval ? object.timekeys() : [];
}
