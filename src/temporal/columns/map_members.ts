/**
 * What is done to all members of a recording at once.
 *
 * @module
 */

import type { ArrayReadOptions, LazyArray } from "../../array/types.ts";
import type { SliceOptions } from "../frame/window.ts";
import type { Interval } from "../intervals/interval.ts";
import { waitForAll } from "../wait_for_all.ts";
import { ArrayDict } from "./array_dict.ts";
import { ArraySlot } from "./array_slot.ts";
import { isRecording, isTimed, MEMBERS, putMember, type Recording } from "./members.ts";

/** What can be sliced in time. */
export interface Sliceable {
  slice(start: number, end: number, options: SliceOptions): unknown;
  selectByInterval(interval: Interval<LazyArray>): unknown;
  resetOrigin(origin: number): unknown;
}

/**
 * Puts members of one recording into another: those that have times changed, the others as they are.
 *
 * @param from Whose members
 * @param to Where they go
 * @param change Changes what has times
 */
export function mapMembers(from: Recording, to: Recording, change: (value: Sliceable) => unknown): void {
  for (const [key, value] of from[MEMBERS].entries) {
    const hasTimes = isTimed(value) || (isRecording(value) && value[MEMBERS].domain !== null);
    putMember(to, key, hasTimes ? change(value as unknown as Sliceable) : copied(value));
  }
}

/** Puts copies of the members of one recording into another. */
export function copyMembers(from: Recording, to: Recording): void {
  for (const [key, value] of from[MEMBERS].entries) putMember(to, key, copied(value));
}

/** Whether one of the members isn't all in memory. */
export function lacksValues(recording: Recording): boolean {
  return [...recording[MEMBERS].entries.values()].some((value) => {
    if (value instanceof ArraySlot) return !value.describe().loaded;
    return (isRecording(value) || value instanceof ArrayDict) && value.isLazy;
  });
}

/** Reads what isn't in memory of the members and the domain, all at once. */
export async function materializeMembers(recording: Recording, options: ArrayReadOptions): Promise<void> {
  const { entries, domain } = recording[MEMBERS];
  const reads = [...entries].map(async ([key, value]) => {
    if (isRecording(value) || value instanceof ArrayDict) await value.materialize(options);
    else if (value instanceof ArraySlot) await value.load(key, options);
  });
  await waitForAll<unknown>([...reads, domain?.materialize(options)]);
}

/** A member as another object has it: what is done to the one isn't done to the other. */
function copied(value: unknown): unknown {
  if (isRecording(value) || value instanceof ArrayDict) return value.copy();
  return Array.isArray(value) ? [...value] : value;
}
