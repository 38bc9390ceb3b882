/**
 * Members of recordings by paths, such as `spikes.timestamps`.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { NotFoundError } from "../../source/errors.ts";
import type { Interval } from "../intervals/interval.ts";
import { IrregularTimeSeries } from "../irregular.ts";
import { RegularTimeSeries } from "../regular/regular.ts";
import { ArrayDict } from "./array_dict.ts";
import { ArraySlot } from "./array_slot.ts";
import type { ArrayInput } from "./column.ts";
import { domainOf, isRecording, MEMBERS, type Recording, setMember } from "./members.ts";
import type { ArrayDescription } from "./read_column.ts";

/** What has a member, and the member's name. */
interface Place {
  /** The recording or object. */
  readonly owner: Recording | ArrayDict<LazyArray>;
  /** The name. */
  readonly key: string;
}

/** Where a path leads to, whether there is something or not; `null` where the way there leads to nothing. */
function placeOf(recording: Recording, path: string): Place | null {
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
function isRate(owner: Place["owner"], key: string): owner is RegularTimeSeries<LazyArray> {
  return key === "sampling_rate" && owner instanceof RegularTimeSeries && !owner.has(key);
}

/** Where a path leads to. @throws {NotFoundError} If it leads to nothing */
function needMember(recording: Recording, path: string, what: string): Place {
  const place = findMember(recording, path);
  if (place !== null) return place;
  throw new NotFoundError(`Cannot ${what} ${path}: there is no such attribute`, { object: path });
}

/**
 * What a path leads to: an array at once where it is in memory, else as a promise of it.
 *
 * @param recording Where the path begins
 * @param path The path
 * @throws {NotFoundError} If it leads to nothing
 */
export function getAt(recording: Recording, path: string): unknown {
  const { owner, key } = needMember(recording, path, "get");
  if (isRate(owner, key)) return owner.samplingRate;
  const domain = key === "domain" ? domainOf(owner) : null;
  if (domain !== null) return domain;
  if (!isRecording(owner)) return owner.get(key);
  const value = owner[MEMBERS].entries.get(key);
  return value instanceof ArraySlot ? value.get(path) : value;
}

/** Removes what a path leads to. @throws {NotFoundError} If it leads to nothing */
export function deleteAt(recording: Recording, path: string): void {
  const { owner, key } = needMember(recording, path, "delete");
  if (!isRecording(owner)) return owner.delete(key);
  owner[MEMBERS].entries.delete(key);
  if (Object.hasOwn(owner, key)) Reflect.deleteProperty(owner, key);
}

/** What is known of the array that a path leads to. @throws {NotFoundError} If it leads to no array */
export function describeAt(recording: Recording, path: string): ArrayDescription {
  const { owner, key } = needMember(recording, path, "describe");
  if (!isRecording(owner)) return owner.describe(key);
  const value = owner[MEMBERS].entries.get(key);
  if (value instanceof ArraySlot) return value.describe();
  throw new NotFoundError(`Cannot describe ${path}: it is no array`, { object: path });
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
