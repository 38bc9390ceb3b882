/**
 * What groups can be made of.
 *
 * @module
 */

import { union } from "../../time/intervals.ts";
import { uniteAsPynapple } from "../intervals/fix_intervals.ts";
import { SortedIntervals } from "../intervals/interval_input.ts";
import { IntervalSet } from "../intervals/interval_set.ts";
import { describe } from "../values/numbers.ts";
import type { Warnings } from "../options.ts";

/** Key of a group's member, before it is made an integer. */
export type KeyInput = number | string | bigint;

/** Members by their keys, or in a list. */
export type MembersInput<Given> = ReadonlyMap<KeyInput, Given> | Iterable<Given> | Readonly<Record<string, Given>>;

/**
 * Members and their keys, in the order given.
 *
 * @param input The members
 * @param toMember Makes a member of what is given for one
 * @throws {TypeError} If a key isn't an integer, or two are the same
 */
export function groupEntries<Given, Member>(
  input: MembersInput<Given>,
  toMember: (given: Given) => Member,
): [number, Member][] {
  if (typeof input !== "object" || input === null) {
    throw new TypeError(`Cannot make a group of ${describe(input)}: expected series by their keys, or a list of them`);
  }
  const entries: Iterable<[KeyInput, Given]> = input instanceof Map
    ? input
    : Symbol.iterator in input
    ? Array.from(input as Iterable<Given>, (member, i): [KeyInput, Given] => [i, member])
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
    return [key, toMember(member)];
  });
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
