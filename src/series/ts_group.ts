/**
 * Groups of series: the units of a recording.
 *
 * @module
 */

import { FORMAT_OPTIONS, PRINT_OPTIONS } from "./print/print_options.ts";
import { printsAsText } from "../source/inspect.ts";
import { checkOptions } from "../source/options.ts";
import type { ArrayReadOptions, NDArray } from "../array/types.ts";
import { NotFoundError } from "../source/errors.ts";
import { totalLength } from "../time/intervals.ts";
import type { TimeUnit } from "../time/units.ts";
import { countGroup } from "./bins/count_group.ts";
import { groupEntries, type MembersInput, unionAsPynapple, unionOf } from "./group/group_input.ts";
import { checkIntervals, type IntervalSet } from "./intervals/interval_set.ts";
import { seconds } from "./intervals/lengths.ts";
import { listOf, type Picked, pickIndices } from "./values/picked.ts";
import { MERGE_OPTIONS, mergeGroups, type MergeOptions } from "./group/merge_groups.ts";
import { mergeTimes } from "./group/merge_times.ts";
import { TS_GROUP_OPTIONS, type TsGroupOptions } from "./group/group_options.ts";
import { spreadValues } from "./group/spread_values.ts";
import { type Comparison, membersAbove, membersByBin } from "./group/pick_members.ts";
import { Metadata, type MetadataColumn, type MetadataInput } from "./metadata.ts";
import { describe, type Numbers, toFloat64 } from "./values/numbers.ts";
import { followsPynapple, Warnings } from "./options.ts";
import { formatGroup } from "./print/print_group.ts";
import type { PrintOptions } from "./print/print_options.ts";
import {
  COUNT_OPTIONS,
  type CountOptions,
  TIME_DIFF_OPTIONS,
  type TimeDiffOptions,
  VALUE_FROM_OPTIONS,
  type ValueFromOptions,
} from "./series_options.ts";
import { subsample } from "./process/subsample.ts";
import { type SeriesOptions, TimeIndex } from "./time_index.ts";
import { countTrials, TRIAL_COUNT_OPTIONS, type TrialCountOptions } from "./bins/trials.ts";
import { Ts } from "./ts.ts";
import { Tsd } from "./tsd.ts";
import { TsdFrame } from "./tsd_frame.ts";

/** A group's members by their keys, or in a list; a list of numbers becomes a `Ts`. */
export type GroupInput = MembersInput<Ts | Tsd | Numbers>;

/**
 * An immutable group of series of times, each with an integer for a key, in ascending order, over one time support.
 * Metadata describes the members; `rate` is always among it.
 *
 * @example Usage
 * ```ts
 * import { TsGroup } from "./ts_group.ts";
 * import { Ts } from "./ts.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new TsGroup(new Map([[3, new Ts([0, 1, 2, 10])], [7, new Ts([4, 5])]]), {
 *   metadata: { area: ["pfc", "hpc"] },
 * });
 * assert.deepEqual(units.rates, Float64Array.of(0.4, 0.2));
 * assert.deepEqual(units.getByCategory("area").get("hpc")?.keys(), [7]);
 * assert.deepEqual((await units.count(5).column(3).read()).data, Int32Array.of(3, 1));
 * ```
 */
export class TsGroup {
  /** Where samples were taken. */
  readonly timeSupport: IntervalSet;
  /** Samples of each member per second of the time support. */
  readonly rates: Float64Array;
  /** What describes the members, one row each: `rate` first. */
  readonly metadata: Metadata;
  /** What had to be changed in what was given. */
  readonly warnings: readonly string[];
  readonly #keys: readonly number[];
  readonly #members: ReadonlyMap<number, Ts | Tsd>;

  /**
   * Makes a group. Members are restricted to the time support; by default that is the union of theirs (`"pynapple"`: as
   * pynapple unites them, and what that loses is lost).
   *
   * Of an object JavaScript gives integer keys in ascending order, so metadata belongs to them in that order; a `Map`
   * keeps the order in which it was made.
   *
   * @param members Series by their keys, or a list, which gets the keys 0, 1, 2…
   * @param options Options
   * @throws {TypeError} If a key isn't an integer, two are the same, or a member isn't a series
   * @throws {RangeError} If no time support is given and the members have none
   * @throws {ShapeError} If metadata has another length than the group
   */
  constructor(members: GroupInput, options: TsGroupOptions = {}) {
    printsAsText(TsGroup.prototype);
    checkOptions(options, TS_GROUP_OPTIONS, "make a TsGroup");
    const warnings = new Warnings(options);
    const entries = groupEntries(members, (member) => toMember(member, options, warnings));
    const order = entries.map((_, i) => i).sort((a, b) => entries[a]![0] - entries[b]![0]);
    this.#keys = order.map((i) => entries[i]![0]);
    const sorted = order.map((i) => entries[i]![1]);
    const given = options.timeSupport;
    const pynapple = followsPynapple(options);
    const supports = sorted.map((member) => member.timeSupport);
    const support = given === undefined
      ? pynapple ? unionAsPynapple(supports, warnings) : unionOf(supports)
      : checkIntervals(given, "use as a time support");
    if (given === undefined && support.length === 0) {
      throw new RangeError(
        "Cannot make a group: the union of time supports is empty; consider passing a time support as argument",
      );
    }
    this.timeSupport = support;
    const kept = options.bypassCheck === true
      ? sorted
      : given === undefined && !pynapple
      ? sorted.map((member) => supported(member, support))
      : sorted.map((member) => member.restrict(support));
    this.#members = new Map(kept.map((member, i) => [this.#keys[i]!, member]));
    const length = totalLength(support);
    this.rates = Float64Array.from(kept, ({ length: n }) => n === 0 && length === 0 ? NaN : n / length);
    const info = new Metadata(options.metadata ?? {}, this.#keys.length);
    checkInfo(info.keys());
    this.metadata = new Metadata({ rate: this.rates }, this.#keys.length).set(info.take(order));
    this.warnings = warnings.messages;
  }

  /** Number of members. */
  get length(): number {
    return this.#keys.length;
  }

  /** Keys of the members, ascending. */
  keys(): number[] {
    return [...this.#keys];
  }

  /** Whether there is a member of a key. */
  has(key: number): boolean {
    return this.#members.has(key);
  }

  /** One member. @throws {NotFoundError} If there is none of that key. */
  at(key: number): Ts | Tsd {
    const member = this.#members.get(key);
    if (member === undefined) throw new NotFoundError(`Cannot get a member: key ${describe(key)} not in group index`);
    return member;
  }

  /** The members, by ascending key. */
  members(): (Ts | Tsd)[] {
    return [...this.#members.values()];
  }

  /** The members with their keys, one by one. */
  [Symbol.iterator](): IterableIterator<[number, Ts | Tsd]> {
    return this.#members.entries();
  }

  /**
   * Some of the members.
   *
   * @param which Their keys, in any order; or a mask: booleans, or an array of bools read from a file
   * @throws {NotFoundError} If there is none of a key
   * @throws {RangeError} If a mask has another length
   */
  pick(which: Picked): TsGroup {
    const list = listOf(which, "member");
    if (list.kind === "mask") return this.#take(pickIndices(which, this.length, "member"));
    const keys = Array.from(list.indices as ArrayLike<number | bigint>, Number);
    return this.#take(Array.from(new Set(keys), (key) => {
      this.at(key);
      return this.#keys.indexOf(key);
    }));
  }

  /** The samples that lie in intervals, ends included; they become the time support. */
  restrict(epochs: IntervalSet): TsGroup {
    return this.#map((member) => member.restrict(epochs), checkIntervals(epochs, "restrict to"));
  }

  /** Each member's samples of a stretch of time, ends included; without `end` each one's sample nearest to `start`. */
  get(start: number, end?: number | null, unit: TimeUnit = "s"): TsGroup {
    return this.#map((member) => member.get(start, end, unit), this.timeSupport);
  }

  /**
   * Counts each member's samples in bins, as `Ts.count` does.
   *
   * @returns A frame with a column per member, named after its key, with its metadata
   */
  count(binSize?: number | null, options: CountOptions = {}): TsdFrame {
    checkOptions(options, COUNT_OPTIONS, "count");
    const epochs = checkIntervals(options.epochs ?? this.timeSupport, "count in");
    const size = binSize === undefined || binSize === null ? null : seconds(binSize, options, "bin size");
    const lists = this.members().map(({ times }) => times);
    const { centers, counts } = countGroup(lists, epochs, size, options);
    return new TsdFrame(new TimeIndex(centers, epochs), counts, {
      columns: this.#keys,
      metadata: this.metadata.drop("rate"),
    });
  }

  /**
   * All members' samples as one series, in order of time.
   *
   * @param values A value per member, or the name of a column of metadata; by default the keys
   */
  toTsd(values?: string | Numbers): Tsd {
    const column = typeof values === "string"
      ? this.metadata.get(values)
      : values === undefined
      ? this.#keys
      : toFloat64(values, "values of members");
    if (column.length !== this.length) {
      throw new RangeError(`Cannot take ${column.length} values for ${this.length} members`);
    }
    const { times, source } = mergeTimes(this.members().map((member) => member.times));
    const index = new TimeIndex(times, this.timeSupport);
    return new Tsd(index, spreadValues(column, source, String(values)));
  }

  /** The values that a series has at each member's times, as `Ts.valueFrom` gives them; of lazy values each row once. */
  async valueFrom(data: Tsd, options: ValueFromOptions = {}): Promise<TsGroup> {
    checkOptions(options, VALUE_FROM_OPTIONS, "value from");
    if (!(data instanceof Tsd)) {
      throw new TypeError(`Cannot take values from ${describe(data)}: argument should be an instance of Tsd`);
    }
    const epochs = checkIntervals(options.epochs ?? data.timeSupport, "take values in");
    const { matchMembers } = await import("./group/match_members.ts");
    const lists = this.members().map(({ times }) => times);
    const matched = await matchMembers(lists, data, epochs, options.mode ?? "closest", options);
    const members = matched.map(({ times, values }) => new Tsd(new TimeIndex(times, epochs), values));
    return this.#with(members, epochs);
  }

  /**
   * Counts each member's samples in bins along each trial.
   *
   * @returns Counts of shape (members, trials, bins); shorter trials are padded
   */
  trialCount(epochs: IntervalSet, binSize: number, options: TrialCountOptions = {}): NDArray {
    checkOptions(options, TRIAL_COUNT_OPTIONS, "trial count");
    const lists = this.members().map((member) => member.times);
    return countTrials(lists, checkIntervals(epochs, "count in"), binSize, options);
  }

  /** Differences between neighbouring times of each member, by key. */
  timeDiff(options: TimeDiffOptions = {}): Map<number, Tsd> {
    checkOptions(options, TIME_DIFF_OPTIONS, "time diff");
    return new Map(Array.from(this, ([key, member]) => [key, member.timeDiff(options)]));
  }

  /** The members whose metadata compares with a number. @throws {TypeError} If the comparison isn't known. */
  getByThreshold(name: string, threshold: number, op: Comparison = ">"): TsGroup {
    return this.pick(membersAbove(this.metadata, name, threshold, op));
  }

  /**
   * The members by the bin that their metadata lies in.
   *
   * @param name A column of metadata
   * @param bins Ascending edges; a bin holds its left one
   * @returns The groups of bins that have members, and the centres of those bins
   */
  getByIntervals(name: string, bins: ArrayLike<number>): { groups: TsGroup[]; centers: Float64Array } {
    const found = membersByBin(this.metadata, name, bins);
    return {
      groups: found.map(({ mask }) => this.pick(mask)),
      centers: Float64Array.from(found, ({ center }) => center),
    };
  }

  /** The groups of members that have the same metadata in a column, by what they have. */
  getByCategory(name: string): Map<unknown, TsGroup> {
    return this.groupBy(name);
  }

  /** The groups of members that have the same metadata in a column, or in several, by what they have. */
  groupBy(by: string | readonly string[]): Map<unknown, TsGroup> {
    return new Map([...this.metadata.groupBy(by)].map(([key, rows]) => [key, this.#take(rows)]));
  }

  /** With more metadata. @throws {TypeError} If one is called `rate`. */
  setInfo(metadata: MetadataInput): TsGroup {
    return this.#with(this.members(), this.timeSupport, this.metadata.drop("rate").set(metadata));
  }

  /** One column of metadata. @throws {NotFoundError} If there is none of that name. */
  getInfo(name: string): MetadataColumn {
    return this.metadata.get(name);
  }

  /** Without some columns of metadata. @throws {TypeError} If one is `rate`. */
  dropInfo(names: string | readonly string[]): TsGroup {
    if (names === "rate" || (Array.isArray(names) && names.includes("rate"))) {
      throw new TypeError('Cannot drop the rate of a group: "rate" is always among its metadata');
    }
    return this.#with(this.members(), this.timeSupport, this.metadata.drop(names).drop("rate"));
  }

  /** With some columns of metadata alone, and `rate`. @throws {NotFoundError} If there is none of a name. */
  restrictInfo(names: string | readonly string[]): TsGroup {
    const info = this.metadata.pick(names);
    return this.#with(this.members(), this.timeSupport, info.has("rate") ? info.drop("rate") : info);
  }

  /** This group and others as one. See {@linkcode TsGroup.mergeGroup}. */
  merge(others: readonly TsGroup[], options: MergeOptions = {}): TsGroup {
    checkOptions(options, MERGE_OPTIONS, "merge");
    return TsGroup.mergeGroup([this, ...others], options);
  }

  /**
   * Several groups as one.
   *
   * @param groups The groups
   * @param options What to do where they don't fit each other
   * @throws {RangeError} If keys overlap, or time supports or columns of metadata differ, and no option allows it
   */
  static mergeGroup(groups: readonly TsGroup[], options: MergeOptions = {}): TsGroup {
    checkOptions(options, MERGE_OPTIONS, "merge group");
    const merged = mergeGroups(groups, options);
    return new TsGroup(merged.members, merged.options);
  }

  /**
   * A random part of each member's samples, of exact size.
   *
   * @param fraction Between 0 and 1
   * @param seed The same seed gives the same samples; they aren't those that NumPy would draw
   * @throws {RangeError} If the fraction isn't between 0 and 1
   */
  subsample(fraction: number, seed?: number): TsGroup {
    const draw = subsample(fraction, seed);
    return this.#map((member) => member.select(draw(member.length)), this.timeSupport);
  }

  /** The group as a table of text, all members of it. */
  toString(options?: PrintOptions): string {
    checkOptions(options, PRINT_OPTIONS, "print");
    return formatGroup(this, options);
  }

  /** The group as a table of text. */
  // deno-lint-ignore require-await -- so that a wrong option rejects
  async format(options: PrintOptions & ArrayReadOptions = {}): Promise<string> {
    checkOptions(options, FORMAT_OPTIONS, "print");
    return this.toString({ columns: options.columns, rows: options.rows });
  }

  #take(indices: ArrayLike<number>): TsGroup {
    const taken = Array.from(indices, (i): [number, Ts | Tsd] => [this.#keys[i]!, this.at(this.#keys[i]!)]);
    return new TsGroup(new Map(taken), {
      timeSupport: this.timeSupport,
      metadata: this.metadata.take(indices).drop("rate"),
      bypassCheck: true,
    });
  }

  #map(change: (member: Ts | Tsd) => Ts | Tsd, timeSupport: IntervalSet): TsGroup {
    return this.#with(this.members().map(change), timeSupport);
  }

  #with(members: readonly (Ts | Tsd)[], timeSupport: IntervalSet, metadata = this.metadata.drop("rate")): TsGroup {
    const entries = members.map((member, i): [number, Ts | Tsd] => [this.#keys[i]!, member]);
    return new TsGroup(new Map(entries), { timeSupport, metadata, bypassCheck: true });
  }
}

// A member's own times lie in the union already.
function supported(member: Ts | Tsd, support: IntervalSet): Ts | Tsd {
  const index = new TimeIndex(member.times, support, member.warnings);
  return member instanceof Tsd ? member.like(index, member.values) : new Ts(index);
}

function checkInfo(names: readonly string[]): void {
  if (names.includes("rate")) {
    throw new TypeError('Cannot set the metadata "rate": the rate of a group is computed, and cannot be overwritten');
  }
}

function toMember(member: Ts | Tsd | Numbers, options: SeriesOptions, warnings: Warnings): Ts | Tsd {
  if (member instanceof Ts || member instanceof Tsd) return member;
  const ts = new Ts(member, { unit: options.unit, compatible: options.compatible });
  warnings.add(
    `Elements should not be passed as ${describe(member)}. ` +
      "Default time units is seconds when creating the Ts object.",
  );
  for (const warning of ts.warnings) warnings.add(warning);
  return ts;
}
