/**
 * Objects into files, in the layout that torch_brain and temporaldata read.
 *
 * @module
 */

import { elements, isNDArray } from "../array/ndarray.ts";
import type { LazyArray, NDArray } from "../array/types.ts";
import type { WritableGroup } from "../hdf5/writable_group.ts";
import type { StorageOptions } from "../hdf5/write_options.ts";
import { DTypeError, MicrotomeError } from "../source/errors.ts";
import { isSorted, lowerBound } from "../time/sorted.ts";
import { AnyArrayDict } from "./array_dict.ts";
import { isLazyArray, toTimes } from "./column.ts";
import { AnyInterval } from "./interval.ts";
import { AnyIrregularTimeSeries } from "./irregular.ts";
import { AnyRegularTimeSeries } from "./regular.ts";

/** Makes something that can be stored of a value that can't: of instances of a class. */
export type Serializer = readonly [
  of: abstract new (...args: never[]) => unknown,
  serialize: (value: never) => unknown,
];

/** How objects are saved. */
export interface SaveOptions {
  /**
   * How arrays are stored: chunks, compression, and whatever else datasets have; a function gives each its own.
   *
   * @default {in one piece, as torch_brain does}
   */
  readonly storage?:
    | StorageOptions
    | ((path: string, array: { readonly shape: readonly number[] }) => StorageOptions | undefined)
    | undefined;
  /**
   * What becomes of attributes that HDF5 can't store: a list of classes, with a function each. They come before
   * the one that is always there, which makes `2021-01-02 03:04:05` (UTC) of a `Date`.
   */
  readonly serializers?: readonly Serializer[] | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Saves an object with arrays into a group. What isn't in memory is copied block by block.
 *
 * @param group The group, empty
 * @param object The object
 * @param options How
 * @throws {DTypeError} If an array can't be stored in this layout: text that isn't ASCII, any text in a regular series
 */
export async function writeArrays(group: WritableGroup, object: AnyArrayDict, options: SaveOptions): Promise<void> {
  const sorted = await inOrder(object);
  const unicode: string[] = [];
  const isRegular = sorted instanceof AnyRegularTimeSeries;
  for (const key of sorted.keys()) {
    options.signal?.throwIfAborted();
    const stored = await sorted.stored(key) ?? await sorted.array(key, options);
    if (isUnicode(stored)) {
      if (isRegular) {
        throw new DTypeError(`Cannot save ${group.path}/${key}: a RegularTimeSeries has no room for text`);
      }
      unicode.push(key);
    }
    await writeArray(group, key, stored, options);
  }
  if (!isRegular) await setNames(group, "_unicode_keys", unicode);
  if (sorted instanceof AnyInterval || sorted instanceof AnyIrregularTimeSeries) {
    await setNames(group, "timekeys", sorted.timekeys());
  }
  if (sorted instanceof AnyIrregularTimeSeries) {
    await sorted.domain.materialize();
    const times = toTimes(await sorted.array("timestamps", options), "timestamps");
    const counts = secondCounts(times, sorted.domain.start[0] ?? 0, sorted.domain.end.at(-1) ?? 0);
    await group.createDataset("timestamp_indices_1s", { data: counts });
    await writeArrays(await group.createGroup("domain"), sorted.domain, { signal: options.signal });
  }
  if (sorted instanceof AnyRegularTimeSeries) {
    await group.attributes.set("sampling_rate", sorted.samplingRate);
    await writeArrays(await group.createGroup("domain"), sorted.domain, { signal: options.signal });
  }
  await group.attributes.set("object", sorted.objectType);
}

/**
 * Saves an array. Text becomes ASCII of fixed length, which is what the layout has.
 *
 * @param group Where
 * @param key Its name
 * @param array The array; a lazy one is copied block by block
 * @param options How it is stored
 */
export async function writeArray(
  group: WritableGroup,
  key: string,
  array: NDArray | LazyArray,
  { storage, signal }: SaveOptions,
): Promise<void> {
  const path = `${group.path === "/" ? "" : group.path}/${key}`;
  const isEmpty = array.shape.length === 0 || array.shape.includes(0);
  const chosen = typeof storage === "function" ? storage(path, array) : storage;
  const how = isEmpty ? {} : chosen ?? {};
  if (isLazyArray(array) && !isUnicode(array)) {
    await group.write(key, array, { ...how, signal });
    return;
  }
  const values = isLazyArray(array) ? await array.read(null, { signal }) : array;
  if (!isUnicode(values)) {
    await group.createDataset(key, { data: values, ...how });
    return;
  }
  const length = asciiLength([...elements(values)] as string[], path);
  await group.createDataset(key, { data: values, dtype: `|S${length}`, ...how });
}

/**
 * Saves what isn't an array as an attribute.
 *
 * @param group Where
 * @param key Its name
 * @param value A text, number, bigint, boolean, list, or what a serializer knows
 * @param options Serializers
 * @throws {DTypeError} If it can't be stored
 */
export async function writeAttribute(
  group: WritableGroup,
  key: string,
  value: unknown,
  options: SaveOptions,
): Promise<void> {
  const plain = serialized(value, options.serializers ?? []);
  if (plain === null || plain === undefined) return;
  try {
    await group.attributes.set(key, plain as string);
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    throw new DTypeError(`Cannot save attribute ${key}: ${error.message}`, { object: group.path, cause: error });
  }
}

/**
 * How many timestamps lie before each second from the start of the domain to a second beyond its end.
 *
 * @param times In order
 * @param start Where the domain starts
 * @param end Where it ends
 */
export function secondCounts(times: ArrayLike<number>, start: number, end: number): BigInt64Array {
  // NumPy's arange(start, end + 1, 1).
  const length = Math.max(0, Math.ceil(end + 1 - start));
  const step = start + 1 - start;
  const counts = new BigInt64Array(length);
  let from = 0;
  for (let i = 0; i < length; i++) {
    from = lowerBound(times, start + i * step, from);
    counts[i] = BigInt(from);
  }
  return counts;
}

/** Series are saved in order of time; this one is left as it is. */
async function inOrder(object: AnyArrayDict): Promise<AnyArrayDict> {
  if (!(object instanceof AnyIrregularTimeSeries)) return object;
  if (isSorted(toTimes(await object.array("timestamps"), "timestamps"))) return object;
  const sorted = object.slice(-Infinity, Infinity, { resetOrigin: false });
  sorted.domain = object.domain;
  return sorted;
}

function isUnicode({ dtype }: NDArray | LazyArray): boolean {
  return dtype.kind === "string" && !(dtype.charset === "ascii" && dtype.length !== null);
}

function asciiLength(texts: readonly string[], path: string): number {
  let length = 1;
  for (const text of texts) {
    // deno-lint-ignore no-control-regex -- these are what ASCII is
    if (!/^[\x00-\x7f]*$/.test(text)) {
      throw new DTypeError(
        `Cannot save ${path}: ${JSON.stringify(text)} isn't ASCII, and the layout has no room for else`,
      );
    }
    length = Math.max(length, text.length);
  }
  return length;
}

async function setNames(group: WritableGroup, name: string, names: readonly string[]): Promise<void> {
  await group.attributes.set(name, names, { dtype: `|S${asciiLength(names, name)}`, shape: [names.length] });
}

function serialized(value: unknown, serializers: readonly Serializer[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => serialized(entry, serializers));
  if (typeof value !== "object" || value === null || isNDArray(value)) return value;
  const exact = serializers.find(([of]) => value.constructor === of) ?? serializers.find(([of]) => value instanceof of);
  if (exact !== undefined) return exact[1](value as never);
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
  return value;
}
