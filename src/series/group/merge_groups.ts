/**
 * Several groups as one.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import type { IntervalSet } from "../intervals/interval_set.ts";
import type { Metadata } from "../metadata.ts";
import { describe } from "../values/numbers.ts";

/** What to do where groups don't fit each other. */
export interface MergeOptions {
  /** Whether members get the keys 0, 1, 2… */
  readonly resetIndex?: boolean | undefined;
  /** Whether the time support becomes the union of the members'. */
  readonly resetTimeSupport?: boolean | undefined;
  /** Whether metadata is dropped. */
  readonly ignoreMetadata?: boolean | undefined;
}

/** Names of `MergeOptions`. */
export const MERGE_OPTIONS: OptionNames<MergeOptions> = {
  resetIndex: true,
  resetTimeSupport: true,
  ignoreMetadata: true,
};

/** What is merged of a group: members with their keys, and what describes them. */
export interface MergedPart<Member> extends Iterable<[number, Member]> {
  readonly metadata: Metadata;
  readonly timeSupport: IntervalSet;
}

/** What a merged group is made of. */
export interface MergedGroup<Member> {
  /** Members by key. */
  readonly members: Map<number, Member>;
  /** Options to make it with. */
  readonly options: {
    readonly metadata: Metadata | undefined;
    readonly timeSupport: IntervalSet | undefined;
  };
}

/** Puts groups together. See `TsGroup.mergeGroup`. */
export function mergeGroups<Member>(groups: readonly MergedPart<Member>[], options: MergeOptions): MergedGroup<Member> {
  const [first] = groups;
  if (first === undefined) throw new TypeError("Cannot merge groups: there are none");
  const members = new Map<number, Member>();
  let metadata: Metadata | undefined;
  groups.forEach((group, i) => {
    if (typeof group !== "object" || group === null || !("rates" in group)) {
      throw new TypeError(`Cannot merge groups: ${describe(group)} at position ${i + 1} is not a TsGroup`);
    }
    const complain = (fault: string, option: string) =>
      new RangeError(`Cannot merge groups: that at position ${i + 1} has ${fault}; set ${option} to bypass the check`);
    const columns = group.metadata.keys();
    if (options.ignoreMetadata !== true && String(columns) !== String(first.metadata.keys())) {
      throw complain("different metadata columns from the first", "ignoreMetadata");
    }
    if (options.resetTimeSupport !== true && !sameSupport(first.timeSupport, group.timeSupport)) {
      throw complain("a different time support from the first", "resetTimeSupport");
    }
    for (const [key, member] of group) {
      const free = options.resetIndex === true ? members.size : key;
      if (members.has(free)) throw complain(`the overlapping key ${key} with those before`, "resetIndex");
      members.set(free, member);
    }
    const info = group.metadata.drop("rate");
    metadata = metadata === undefined ? info : metadata.concat(info);
  });
  return {
    members,
    options: {
      metadata: options.ignoreMetadata === true ? undefined : metadata,
      timeSupport: options.resetTimeSupport === true ? undefined : first.timeSupport,
    },
  };
}

// Edges that differ by no more than times are rounded to.
function sameSupport(a: IntervalSet, b: IntervalSet): boolean {
  const near = (x: number, y: number | undefined) => Math.abs(x - (y ?? NaN)) <= 1e-9;
  return a.length === b.length && a.start.every((start, i) => near(start, b.start[i])) &&
    a.end.every((end, i) => near(end, b.end[i]));
}
