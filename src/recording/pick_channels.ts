/**
 * Which channels of a stream are meant: by where they stand, by name, by id, or by a mask.
 *
 * @module
 */

import { describeValue } from "../source/describe_value.ts";
import { NotFoundError } from "../source/errors.ts";
import type { OptionNames } from "../source/options.ts";

/** A way to say which channels are meant. Of several, indexes win over names, names over ids. */
export interface ChannelPick {
  /** Where they stand in the stream, or truth values, one for each; negative ones count from the end. */
  readonly channelIndexes?: readonly number[] | readonly boolean[] | Int32Array | undefined;
  /** Their names, which must be unique. */
  readonly channelNames?: readonly string[] | undefined;
  /** Their ids. */
  readonly channelIds?: readonly string[] | undefined;
}

/** Names of {@linkcode ChannelPick}. */
export const PICK_OPTIONS: OptionNames<ChannelPick> = { channelIndexes: true, channelNames: true, channelIds: true };

interface Named {
  readonly name: string;
  readonly id: string;
}

/**
 * Where the channels stand that are meant, in the order asked for; `null` for all.
 *
 * @param channels The stream's
 * @param pick What is asked for
 * @throws {RangeError} If an index is out of range, or a mask of another length; or names aren't unique
 * @throws {NotFoundError} If there is no channel of that name or id
 * @throws {TypeError} If it is no list
 */
export function pickedChannels(channels: readonly Named[], pick: ChannelPick): number[] | null {
  const { channelIndexes, channelNames, channelIds } = pick;
  if (channelIndexes !== undefined) {
    return byIndex(Array.from<number | boolean>(list(channelIndexes, "channelIndexes")), channels.length);
  }
  if (channelNames !== undefined) return namesToIndex(channels, channelNames);
  if (channelIds !== undefined) return idsToIndex(channels, channelIds);
  return null;
}

/** One channel is a list of one: a number would be taken as the length of an empty list. */
function list<T extends object>(given: T, name: string): T {
  if (Array.isArray(given) || ArrayBuffer.isView(given)) return given;
  throw new TypeError(`Cannot pick channels by ${name} ${describeValue(given)}: expected a list`);
}

/** Where channels of these names stand. @throws {RangeError} If names aren't unique */
export function namesToIndex(channels: readonly Named[], channelNames: readonly string[]): number[] {
  const names = list(channelNames, "channelNames");
  const places = new Map(channels.map(({ name }, i) => [name, i]));
  if (
    places.size < channels.length && names.some((wanted) => channels.filter(({ name }) => name === wanted).length > 1)
  ) {
    throw new RangeError("Cannot pick channels by name: channel names are not unique; pick them by id or index");
  }
  return names.map((name) => found(places, name, "name"));
}

/** Where channels of these ids stand. */
export function idsToIndex(channels: readonly Named[], channelIds: readonly string[]): number[] {
  const ids = list(channelIds, "channelIds");
  const places = new Map(channels.map(({ id }, i) => [id, i]));
  return ids.map((id) => found(places, id, "id"));
}

function found(places: ReadonlyMap<string, number>, key: string, what: string): number {
  const place = places.get(key);
  if (place !== undefined) return place;
  const some = [...places.keys()].slice(0, 8).map((name) => JSON.stringify(name)).join(", ");
  throw new NotFoundError(
    `Cannot pick the channel of the ${what} ${JSON.stringify(key)}: there is none; there are ${some}${
      places.size > 8 ? ", …" : ""
    }`,
  );
}

function byIndex(given: readonly (number | boolean)[], count: number): number[] {
  if (given.length > 0 && given.every((entry) => typeof entry === "boolean")) {
    if (given.length !== count) {
      throw new RangeError(`Cannot pick channels by a mask of ${given.length}: there are ${count} channels`);
    }
    return given.flatMap((entry, i) => entry ? [i] : []);
  }
  return given.map((entry) => {
    const index = typeof entry === "number" && entry < 0 ? entry + count : entry;
    if (typeof index === "number" && Number.isInteger(index) && index >= 0 && index < count) return index;
    throw new RangeError(`Cannot pick channel ${String(entry)}: there are ${count} channels`);
  });
}
