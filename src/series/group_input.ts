/**
 * What groups can be made of.
 *
 * @module
 */

import { union } from "../time/intervals.ts";
import { uniteAsPynapple } from "./fix_intervals.ts";
import { SortedIntervals } from "./interval_input.ts";
import { IntervalSet } from "./interval_set.ts";
import { describe, type Numbers } from "./numbers.ts";
import type { Warnings } from "./options.ts";
import { Ts } from "./ts.ts";
import { Tsd } from "./tsd.ts";
import type { SeriesOptions } from "./time_index.ts";

/** Key of a group's member, before it is made an integer. */
export type KeyInput = number | string | bigint;

/** A group's members by their keys, or in a list; a list of numbers becomes a `Ts`. */
export type GroupInput =
  | ReadonlyMap<KeyInput, Ts | Tsd | Numbers>
  | Iterable<Ts | Tsd | Numbers>
  | Readonly<Record<string, Ts | Tsd | Numbers>>;

/**
 * Members and their keys, in the order given.
 *
 * @throws {TypeError} If a key isn't an integer, two are the same, or a member isn't a series
 */
export function groupEntries(
  input: GroupInput,
  options: SeriesOptions,
  warnings: Warnings,
): [number, Ts | Tsd][] {
  if (typeof input !== "object" || input === null) {
    throw new TypeError(`Cannot make a group of ${describe(input)}: expected series by their keys, or a list of them`);
  }
  const entries: Iterable<[KeyInput, Ts | Tsd | Numbers]> = input instanceof Map
    ? input
    : Symbol.iterator in input
    ? Array.from(input as Iterable<Ts | Tsd | Numbers>, (member, i): [KeyInput, Ts | Tsd | Numbers] => [i, member])
    : Object.entries(input);
  const seen = new Set<number>();
  return Array.from(entries, ([given, member]) => {
    const key = typeof given === "string" && given.trim() === "" ? NaN : Number(given);
    if (!Number.isSafeInteger(key)) {
      throw new TypeError(`Cannot use ${describe(given)} as a key: all keys must be convertible to integer`);
    }
    if (seen.has(key)) {
      throw new TypeError(`Cannot use the key ${key} twice: two dictionary keys contain the same integer value`);
    }
    seen.add(key);
    return [key, toMember(member, options, warnings)];
  });
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

/** What lies in any of the sets; touching intervals become one. */
export function unionOf(sets: readonly IntervalSet[]): IntervalSet {
  // Two by two, so that many sets take no more than `n log n` steps.
  let left: { start: Float64Array; end: Float64Array }[] = [...sets];
  while (left.length > 1) {
    left = left.flatMap((set, i) => {
      if (i % 2 === 1) return [];
      const next = left[i + 1];
      return [next === undefined ? set : union(set, next)];
    });
  }
  const [all] = left;
  return all === undefined ? new IntervalSet([]) : new IntervalSet(new SortedIntervals(all.start, all.end));
}

/**
 * The same as pynapple reckons it: of one set itself, of two their union, of more all that overlap or touch joined.
 *
 * @param sets Time supports, in the order of the members
 * @param warnings Told of what pynapple changes
 */
export function unionAsPynapple(sets: readonly IntervalSet[], warnings: Warnings): IntervalSet {
  if (sets.length < 2) return sets[0] ?? new IntervalSet([]);
  const { start, end } = sets.length === 2 ? uniteAsPynapple(sets[0]!, sets[1]!) : unionOf(sets);
  return new IntervalSet(start, end, { compatible: "pynapple", onWarning: (message) => warnings.add(message) });
}
