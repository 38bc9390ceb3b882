/**
 * Members of recordings: by name, and by paths into what they hold.
 *
 * @module
 */

import { isNDArray } from "../../array/ndarray.ts";
import type { LazyArray } from "../../array/types.ts";
import type { H5File } from "../../hdf5/file.ts";
import { NotFoundError } from "../../source/errors.ts";
import { ArrayDict } from "./array_dict.ts";
import { ArraySlot } from "./array_slot.ts";
import { type ArrayInput, isArrayValue, isLazyArray, toArray } from "./column.ts";
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
  /** A member. */
  get(key: string): unknown;
  /** Sets a member. */
  set(key: string, value: unknown): unknown;
}

/** What has a member, and the member's name. */
export interface Place {
  /** The recording or object. */
  readonly owner: Recording | ArrayDict<LazyArray>;
  /** The name. */
  readonly key: string;
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

/** Where a path leads to, whether there is something or not; `null` where the way there leads to nothing. */
export function placeOf(recording: Recording, path: string): Place | null {
  const { entries, domain } = recording[MEMBERS];
  if (entries.has(path) || !path.includes(".")) return { owner: recording, key: path };
  if (path.startsWith("domain.") && domain !== null) return { owner: domain, key: path.slice(7) };
  // Names may have dots in them.
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const child = entries.get(path.slice(0, dot));
    if (isRecording(child)) return placeOf(child, path.slice(dot + 1));
    if (child instanceof ArrayDict) {
      const key = path.slice(dot + 1);
      const own = key.startsWith("domain.") ? domainOf(child) : null;
      return own === null ? { owner: child, key } : { owner: own, key: key.slice(7) };
    }
  }
  return null;
}

/** Where a path leads to; `null` where there is nothing. */
export function findMember(recording: Recording, path: string): Place | null {
  const place = placeOf(recording, path);
  if (place === null) return null;
  const { owner, key } = place;
  const isOwned = isRecording(owner) ? owner[MEMBERS].entries.has(key) : owner.has(key);
  return isOwned || (key === "domain" && domainOf(owner) !== null) || isRate(owner, key) ? place : null;
}

/** Whether a place is the rate of a regular series: it stands among its attributes in files, and torch_brain has it so. */
export function isRate(owner: Place["owner"], key: string): owner is RegularTimeSeries<LazyArray> {
  return key === "sampling_rate" && owner instanceof RegularTimeSeries && !owner.has(key);
}

/** Where a path leads to. @throws {NotFoundError} If it leads to nothing */
export function needMember(recording: Recording, path: string, what: string): Place {
  const place = findMember(recording, path);
  if (place !== null) return place;
  throw new NotFoundError(`Cannot ${what} ${path}: there is no such attribute`, { object: path });
}

/**
 * Sets what a path leads to.
 *
 * @param recording Where the path begins
 * @param path The path
 * @param value The member, or array
 * @throws {NotFoundError} If the way to it leads to nothing
 */
export function setAt(recording: Recording, path: string, value: unknown): void {
  const place = placeOf(recording, path);
  if (place === null) throw new NotFoundError(`Cannot set ${path}: there is nothing to set it in`, { object: path });
  const { owner, key } = place;
  if (isRecording(owner)) setMember(owner, key, value);
  else if (key === "domain" && owner instanceof IrregularTimeSeries) owner.domain = value as Interval<LazyArray>;
  else owner.set(key, value as ArrayInput);
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
