/**
 * Sets of intervals: epochs, trials, time supports.
 *
 * @module
 */

import { FORMAT_OPTIONS, PRINT_OPTIONS } from "../print/print_options.ts";
import { printsAsText } from "../../source/inspect.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import * as algebra from "../../time/intervals.ts";
import { fromSeconds, roundTime, type TimeUnit } from "../../time/units.ts";
import { MICROSECOND, uniteAsPynapple } from "./fix_intervals.ts";
import { type IntervalPairs, type IntervalSetOptions, SortedIntervals, sortIntervals } from "./interval_input.ts";
import type { Metadata, MetadataColumn, MetadataInput } from "../metadata.ts";
import { describe, type Numbers, wrapIndex } from "../values/numbers.ts";
import { COMPATIBLE_OPTIONS, type CompatibleOptions, followsPynapple } from "../options.ts";
import { formatIntervals } from "../print/print_intervals.ts";
import { type Picked, pickIndices } from "../values/picked.ts";
import type { PrintOptions } from "../print/print_options.ts";
import type { ArrayReadOptions } from "../../array/types.ts";
import { LENGTH_OPTIONS, type LengthOptions, seconds } from "./lengths.ts";
import { locateTimes } from "./locate_times.ts";
import { splitIntervals } from "./split_intervals.ts";

/**
 * An immutable set of intervals in seconds: sorted, and none overlaps another. Intervals may touch; a sample on the
 * common edge belongs to the first. Each may carry metadata.
 *
 * What is given is brought into that form: sorted by start, each end with its start; intervals that end before they
 * start, or where they start, dropped; overlapping ones joined. Each such change is in `warnings`. Metadata stays with
 * its interval; it is dropped only where intervals were joined. (pynapple sorts starts and ends each on their own, takes
 * a microsecond off touching intervals, and drops metadata on every change: `compatible: "pynapple"` does so.)
 *
 * @example Usage
 * ```ts
 * import { IntervalSet } from "./interval_set.ts";
 * import assert from "node:assert/strict";
 *
 * const epochs = new IntervalSet([0, 10, 20], [5, 12, 33], { metadata: { label: ["a", "b", "c"] } });
 * const window = new IntervalSet(4, 11);
 * assert.deepEqual(epochs.intersect(window).pairs(), [[4, 5], [10, 11]]);
 * assert.deepEqual(epochs.intersect(window).getInfo("label"), ["a", "b"]);
 * ```
 */
export class IntervalSet implements algebra.Intervals {
  /** Where each interval begins, in seconds. Not to be written to. */
  readonly start: Float64Array;
  /** Where each interval ends, in seconds. Not to be written to. */
  readonly end: Float64Array;
  /** What describes the intervals: one row each. */
  readonly metadata: Metadata;
  /** What had to be changed in what was given. */
  readonly warnings: readonly string[];

  /**
   * Makes a set of starts and ends.
   *
   * @param start Where intervals begin
   * @param end Where they end, as many
   * @param options Options
   * @throws {ShapeError} If there are not as many ends as starts, or metadata of another length
   * @throws {TypeError} If the input can't be read as intervals
   */
  constructor(start: Numbers, end: Numbers, options?: IntervalSetOptions);
  /**
   * Makes a set of pairs, or of a record with `start`, `end` and columns of metadata.
   *
   * @param pairs The intervals
   * @param options Options
   */
  constructor(pairs: IntervalPairs | IntervalSet | SortedIntervals, options?: IntervalSetOptions);
  constructor(
    first: Numbers | IntervalPairs | IntervalSet | SortedIntervals,
    second?: Numbers | IntervalSetOptions,
    third: IntervalSetOptions = {},
  ) {
    printsAsText(IntervalSet.prototype);
    const isEnd = typeof second === "number" || Array.isArray(second) || ArrayBuffer.isView(second) ||
      (typeof second === "object" && "data" in second);
    const options = isEnd ? third : second as IntervalSetOptions | undefined ?? {};
    checkOptions(options, INTERVAL_SET_OPTIONS, "make an IntervalSet");
    const sorted = first instanceof SortedIntervals || first instanceof IntervalSet
      ? first
      : sortIntervals(first, isEnd ? second as Numbers : undefined, options);
    this.start = sorted.start;
    this.end = sorted.end;
    this.warnings = sorted.warnings;
    this.metadata = sorted === first && options.metadata !== undefined
      ? sorted.metadata.set(options.metadata)
      : sorted.metadata;
  }

  /** Number of intervals. */
  get length(): number {
    return this.start.length;
  }

  /** Number of intervals, and 2. */
  get shape(): [number, number] {
    return [this.length, 2];
  }

  /** The intervals as pairs of start and end. */
  pairs(): [number, number][] {
    return Array.from(this.start, (start, i) => [start, this.end[i]!]);
  }

  /** The intervals as pairs, one by one. */
  *[Symbol.iterator](): Generator<[number, number], void> {
    for (let i = 0; i < this.length; i++) yield [this.start[i]!, this.end[i]!];
  }

  /** One interval as a set; a negative index counts from the end. @throws {RangeError} If there is none. */
  at(index: number): IntervalSet {
    return this.#take([wrapIndex(index, this.length, "interval")]);
  }

  /** The intervals `from` to, not including, `to`, as `Array.slice` counts. */
  slice(from: number = 0, to: number = this.length): IntervalSet {
    return this.#take(Uint32Array.from(this.start, (_, i) => i).slice(from, to));
  }

  /**
   * Some of the intervals.
   *
   * @param which Their indices, ascending, or for each interval whether it is taken
   * @throws {RangeError} If an index is out of range, not above the one before, or the mask has another length
   */
  pick(which: Picked): IntervalSet {
    return this.#take(pickIndices(which, this.length, "interval"));
  }

  /**
   * What lies in both sets. Where intervals only touch there is nothing.
   *
   * @returns The common parts with the metadata of both; columns that both have are left out, with a warning
   */
  intersect(other: IntervalSet): IntervalSet {
    const found = algebra.intersect(this, checkIntervals(other, "intersect with"), true);
    const shared = this.metadata.keys().filter((name) => other.metadata.has(name));
    const metadata = this.metadata.drop(shared).take(found.parent).set(
      other.metadata.drop(shared).take(found.other),
    );
    const warnings = shared.length === 0
      ? []
      : [`metadata ${JSON.stringify(shared)} is in both sets. dropping it from result`];
    return new IntervalSet(new SortedIntervals(found.start, found.end, metadata, warnings));
  }

  /**
   * What lies in either set: intervals that overlap or touch become one (`"pynapple"`: of those that touch it joins some, and
   * leaves others a microsecond apart). Metadata is dropped.
   */
  union(other: IntervalSet, options: CompatibleOptions = {}): IntervalSet {
    checkOptions(options, COMPATIBLE_OPTIONS, "union");
    checkIntervals(other, "make a union with");
    const warnings = lostMetadata(this, "union");
    if (followsPynapple(options)) {
      const united = uniteAsPynapple(this, other);
      return new IntervalSet(united.start, united.end, options).#warned(warnings);
    }
    return this.#plain(algebra.union(this, other), warnings);
  }

  /** What lies in this set but not in the other, with the metadata of the interval that each is a part of. */
  setDiff(other: IntervalSet): IntervalSet {
    const found = algebra.difference(this, checkIntervals(other, "subtract"));
    return new IntervalSet(new SortedIntervals(found.start, found.end, this.metadata.take(found.parent)));
  }

  /** Joins intervals whose gap is no longer than `threshold`. Metadata is dropped. */
  mergeCloseIntervals(threshold: number, options: LengthOptions = {}): IntervalSet {
    checkOptions(options, LENGTH_OPTIONS, "merge close intervals");
    const merged = algebra.mergeClose(this, seconds(threshold, options, "threshold"));
    return this.#plain(merged, lostMetadata(this, "merge_close_intervals"));
  }

  /** The intervals that are longer than `threshold`. */
  dropShortIntervals(threshold: number, options: LengthOptions = {}): IntervalSet {
    checkOptions(options, LENGTH_OPTIONS, "drop short intervals");
    const shortest = seconds(threshold, options, "threshold");
    return this.pick(Array.from(this.start, (start, i) => this.end[i]! - start > shortest));
  }

  /** The intervals that are shorter than `threshold`. */
  dropLongIntervals(threshold: number, options: LengthOptions = {}): IntervalSet {
    checkOptions(options, LENGTH_OPTIONS, "drop long intervals");
    const longest = seconds(threshold, options, "threshold");
    return this.pick(Array.from(this.start, (start, i) => this.end[i]! - start < longest));
  }

  /**
   * Cuts intervals into pieces of equal length, which touch; what is left at an interval's end is dropped. Metadata is
   * that of the interval cut. (`"pynapple"`: intervals of just that length are dropped, and each piece ends a
   * microsecond early.)
   *
   * @param size Length of a piece
   * @param options Options
   * @throws {RangeError} If the length isn't above zero
   */
  split(size: number, options: LengthOptions & CompatibleOptions = {}): IntervalSet {
    checkOptions(options, SPLIT_OPTIONS, "split intervals");
    const length = seconds(size, options, "interval size");
    if (!(length > 0)) {
      throw new RangeError(`Cannot split intervals into pieces of ${size}: it should be strictly larger than 0`);
    }
    const pynapple = followsPynapple(options);
    const pieces = splitIntervals(this, pynapple ? roundTime(length) : length, pynapple);
    const metadata = this.metadata.take(pieces.parent);
    if (pynapple) return new IntervalSet(pieces.start, pieces.end.map((end) => end - MICROSECOND), { metadata });
    return new IntervalSet(new SortedIntervals(pieces.start, pieces.end, metadata));
  }

  /** One interval from the first start to the last end; none if there is none. Metadata is dropped. */
  timeSpan(): IntervalSet {
    const span = { start: this.start.slice(0, 1), end: this.end.slice(-1) };
    return this.#plain(span, lostMetadata(this, "time_span"));
  }

  /** Length of all intervals together. */
  totLength(unit: TimeUnit = "s"): number {
    return fromSeconds([algebra.totalLength(this)], unit)[0]!;
  }

  /**
   * A time in each interval, in seconds.
   *
   * @param alpha Where in it: 0 for the start, 0.5 for the centre, 1 for the end
   */
  centers(alpha: number = 0.5): Float64Array {
    if (typeof alpha !== "number") throw new TypeError(`Cannot place times at ${describe(alpha)}: expected a number`);
    const part = Math.min(1, Math.max(0, alpha));
    return this.start.map((start, i) => roundTime(start + (this.end[i]! - start) * part));
  }

  /**
   * In which interval each time lies, ends included; one on the common edge of two lies in the first.
   *
   * @param series Ascending times in seconds, or anything that has them
   * @returns Indices of intervals, NaN where there is none
   */
  inInterval(series: { readonly times: Float64Array } | ArrayLike<number>): Float64Array {
    const times = "times" in series ? series.times : series;
    return locateTimes(this, times);
  }

  /** Starts and ends in another unit; microseconds are whole numbers. */
  asUnits(unit: TimeUnit = "s"): { start: Float64Array; end: Float64Array } {
    const convert = (values: Float64Array) => {
      const converted = fromSeconds(values, unit);
      return unit === "us" ? converted.map(Math.trunc) : converted;
    };
    return { start: convert(this.start), end: convert(this.end) };
  }

  /** With more metadata. @throws {ShapeError} If a column has another length than the set. */
  setInfo(metadata: MetadataInput): IntervalSet {
    return new IntervalSet(new SortedIntervals(this.start, this.end, this.metadata.set(metadata)));
  }

  /** One column of metadata. @throws {NotFoundError} If there is none of that name. */
  getInfo(name: string): MetadataColumn {
    return this.metadata.get(name);
  }

  /** Without some columns of metadata. @throws {NotFoundError} If there is none of a name. */
  dropInfo(names: string | readonly string[]): IntervalSet {
    return new IntervalSet(new SortedIntervals(this.start, this.end, this.metadata.drop(names)));
  }

  /** With some columns of metadata alone. @throws {NotFoundError} If there is none of a name. */
  restrictInfo(names: string | readonly string[]): IntervalSet {
    return new IntervalSet(new SortedIntervals(this.start, this.end, this.metadata.pick(names)));
  }

  /** The sets of intervals that have the same metadata in a column, or in several, by what they have. */
  groupBy(by: string | readonly string[]): Map<unknown, IntervalSet> {
    return new Map([...this.metadata.groupBy(by)].map(([key, rows]) => [key, this.#take(rows)]));
  }

  /** The set as a record of columns: start, end, metadata. */
  toRecord(): Record<string, MetadataColumn> {
    return { start: this.start, end: this.end, ...this.metadata.toRecord() };
  }

  /** The set as a table of text. */
  toString(options?: PrintOptions): string {
    checkOptions(options, PRINT_OPTIONS, "print");
    return formatIntervals(this, options);
  }

  /** The set as a table of text. */
  // deno-lint-ignore require-await -- so that a wrong option rejects
  async format(options?: PrintOptions & ArrayReadOptions): Promise<string> {
    checkOptions(options, FORMAT_OPTIONS, "print");
    return formatIntervals(this, options);
  }

  #take(indices: ArrayLike<number>): IntervalSet {
    const { start, end } = algebra.takeIntervals(this, indices);
    return new IntervalSet(new SortedIntervals(start, end, this.metadata.take(indices)));
  }

  #plain({ start, end }: algebra.Intervals, warnings: readonly string[]): IntervalSet {
    return new IntervalSet(new SortedIntervals(start, end, undefined, warnings));
  }

  #warned(warnings: readonly string[]): IntervalSet {
    return new IntervalSet(new SortedIntervals(this.start, this.end, this.metadata, [...warnings, ...this.warnings]));
  }
}

/** Checks that something is a set of intervals. @throws {TypeError} If it isn't. */
export function checkIntervals(value: unknown, action: string): IntervalSet {
  if (value instanceof IntervalSet) return value;
  throw new TypeError(`Cannot ${action} ${describe(value)}: argument should be an IntervalSet`);
}

function lostMetadata(set: IntervalSet, method: string): string[] {
  if (set.metadata.keys().length === 0) return [];
  return [`metadata incompatible with ${method} method. dropping metadata from result`];
}

const INTERVAL_SET_OPTIONS: OptionNames<IntervalSetOptions> = {
  unit: true,
  metadata: true,
  points: true,
  compatible: true,
  onWarning: true,
};

const SPLIT_OPTIONS: OptionNames<LengthOptions & CompatibleOptions> = { unit: true, compatible: true };
