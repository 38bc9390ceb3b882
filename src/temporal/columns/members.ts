/**
 * What recordings hold, by name.
 *
 * @module
 */

import { isNDArray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray } from "../../array/types.ts";
import type { H5File } from "../../hdf5/file.ts";
import type { WritableGroup } from "../../hdf5/write/writable_group.ts";
import { ArraySlot } from "./array_slot.ts";
import { isArrayValue, isLazyArray, toArray } from "./column.ts";
import type { SaveOptions } from "../files/save_options.ts";
import { checkDomain } from "../intervals/domain.ts";
import { Interval } from "../intervals/interval.ts";
import { IrregularTimeSeries } from "../irregular.ts";
import { checkKey, defineAccessor } from "./property_names.ts";
import { RegularTimeSeries } from "../regular/regular.ts";

/**
 * Where a recording keeps what it holds; for this room only.
 *
 * @internal
 */
export const MEMBERS: unique symbol = /* @__PURE__ */ Symbol("members");

/** What a recording holds. */
export interface Members {
  /** Objects, plain values, and slots of arrays. */
  readonly entries: Map<string, unknown>;
  /** When there is something. */
  domain: Interval<LazyArray> | null;
  /** Seconds that were cut off before its origin. */
  absoluteStart: number;
  /** The file that it is read from. */
  file: H5File | null;
  /** Whether it closes that. */
  ownsFile: boolean;
}

/** A recording, as far as its members go. */
export interface Recording {
  /** What it holds. */
  readonly [MEMBERS]: Members;
  /** Whether arrays are missing in memory. */
  readonly isLazy: boolean;
  /** A member. */
  get(key: string): unknown;
  /** Sets a member. */
  set(key: string, value: unknown): unknown;
  /** A recording of its own with the same members. */
  copy(): Recording;
  /** Reads everything that isn't in memory. */
  materialize(options: ArrayReadOptions): Promise<unknown>;
  /** Saves it into a group. */
  toHdf5(group: WritableGroup, options: SaveOptions): Promise<void>;
}

/** What a recording without anything holds. */
export function noMembers(): Members {
  return { entries: new Map(), domain: null, absoluteStart: 0, file: null, ownsFile: false };
}

/** Whether something is a recording. */
export function isRecording(value: unknown): value is Recording {
  return typeof value === "object" && value !== null && MEMBERS in value;
}

/** Something with times of its own. */
export type Timed = IrregularTimeSeries<LazyArray> | RegularTimeSeries<LazyArray> | Interval<LazyArray>;

/** Whether something has times of its own. */
export function isTimed(value: unknown): value is Timed {
  return value instanceof IrregularTimeSeries || value instanceof RegularTimeSeries || value instanceof Interval;
}

/** The domain of what has one: a series, a recording; else `null`. */
export function domainOf(owner: unknown): Interval<LazyArray> | null {
  if (isRecording(owner)) return owner[MEMBERS].domain;
  return owner instanceof IrregularTimeSeries || owner instanceof RegularTimeSeries ? owner.domain : null;
}

/**
 * Sets a member of that very name.
 *
 * @param owner The recording
 * @param key The name
 * @param value The member
 * @throws {TypeError} If it has times and there is no domain, or the name can't be one
 */
export function setMember(owner: Recording, key: string, value: unknown): void {
  const members = owner[MEMBERS];
  if (key === "domain") {
    members.domain = value === null ? null : checkDomain(value as Interval<LazyArray>, "Data");
    return;
  }
  checkKey(key);
  const hasTimes = isTimed(value) || (isRecording(value) && value[MEMBERS].domain !== null);
  if (members.domain === null && hasTimes) {
    throw new TypeError(
      `Cannot set ${key}: a Data object must have a domain if it contains a time-based attribute (${key})`,
    );
  }
  if (isRecording(value) && holds(value, owner)) {
    throw new TypeError(`Cannot set ${key}: it is the object that it would be in, or holds it`);
  }
  putMember(owner, key, value);
}

/** Puts a member in, unchecked. */
export function putMember(owner: Recording, key: string, value: unknown): void {
  let entry = value;
  if (isLazyArray(value)) entry = new ArraySlot(value);
  else if (isArrayValue(value)) {
    entry = new ArraySlot(isNDArray(value) && value.shape.length === 0 ? value : toArray(value, key));
  }
  owner[MEMBERS].entries.set(key, entry);
  defineAccessor(owner, key);
}

function holds(recording: Recording, other: Recording): boolean {
  return recording === other ||
    [...recording[MEMBERS].entries.values()].some((value) => isRecording(value) && holds(value, other));
}

/** The union of all domains. */
export function unionOf(values: readonly unknown[]): Interval<LazyArray> {
  let union: Interval<LazyArray> = new Interval([], []);
  for (const value of values) {
    const domain = value instanceof Interval ? value : domainOf(value);
    if (domain !== null) union = union.or(domain);
  }
  return union;
}
