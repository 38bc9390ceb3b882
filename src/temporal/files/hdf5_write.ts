/**
 * Objects into files, in the layout that torch_brain and temporaldata read.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";
import { elements, isNDArray } from "../../array/ndarray.ts";
import type { DType, LazyArray, NDArray } from "../../array/types.ts";
import { Reference } from "../../hdf5/reference.ts";
import type { WritableGroup } from "../../hdf5/write/writable_group.ts";
import type { StorageOptions } from "../../hdf5/storage/storage_options.ts";
import type { DTypeInput } from "../../hdf5/storage/write_type.ts";
import { ClosedError, DTypeError, MicrotomeError } from "../../source/errors.ts";
import { isSorted, lowerBound } from "../../time/sorted.ts";
import type { ArrayDict } from "../columns/array_dict.ts";
import { isLazyArray, toTimes } from "../columns/column.ts";
import { dateText } from "./date_text.ts";
import { Interval } from "../intervals/interval.ts";
import { IrregularTimeSeries } from "../irregular.ts";
import { RegularTimeSeries } from "../regular/regular.ts";
import { SAVE_OPTIONS, type SaveOptions, type Serializer } from "./save_options.ts";

/** Names that the layout has for something else. */
const TAKEN: Readonly<Record<ArrayDict<LazyArray>["objectType"] | "Data", readonly string[]>> = {
  Data: ["object", "absolute_start"],
  ArrayDict: [],
  Interval: [],
  IrregularTimeSeries: ["domain", "timestamp_indices_1s"],
  RegularTimeSeries: ["domain", "timestamps"],
};

/**
 * Saves an object with arrays into a group: the opposite of {@linkcode loadObject}. What isn't in memory is copied block by
 * block, but for timestamps, which are looked at whole. Events that aren't in order are saved in order; the object
 * stays as it is.
 *
 * @param group The group, empty
 * @param object The object
 * @param options How
 * @throws {DTypeError} If an array can't be stored in this layout: text that isn't ASCII, any text in a regular series
 *
 * @example
 * ```ts
 * import { create } from "../../hdf5/write/create.ts";
 * import { open } from "../../hdf5/file.ts";
 * import { loadObject } from "./load_object.ts";
 * import { saveObject } from "./hdf5_write.ts";
 * import { Interval } from "../intervals/interval.ts";
 * import assert from "node:assert/strict";
 *
 * await using made = await create();
 * await saveObject(await made.createGroup("trials"), new Interval([0, 1], [1, 2]));
 * await using file = await open(await made.bytes());
 * const trials = await loadObject(await file.group("trials"), "Interval");
 * assert.deepEqual(await trials.end, Float64Array.of(1, 2));
 * ```
 */
export async function saveObject(
  group: WritableGroup,
  object: ArrayDict<LazyArray>,
  options: SaveOptions = {},
): Promise<void> {
  checkOptions(options, SAVE_OPTIONS, "save object");
  const { signal } = options;
  // What is read here isn't kept by the object, times aside: all of it may be far larger than memory.
  const sorted = await inOrder(object.isLazy ? object.copy() : object, signal);
  const isRegular = sorted instanceof RegularTimeSeries;
  const unicode: string[] = [];
  for (const key of sorted.keys()) {
    signal?.throwIfAborted();
    const path = pathIn(group, key);
    checkName(key, sorted.objectType, path);
    const stored = await sorted.stored(key) ?? await sorted.array(key, { signal });
    if (isUnicode(stored)) {
      if (isRegular) {
        throw new DTypeError(`Cannot save ${path}: a RegularTimeSeries has no room for text`, { object: path });
      }
      unicode.push(key);
    }
    await writeArray(group, key, stored, options);
  }
  if (!isRegular) await setNames(group, "_unicode_keys", unicode);
  if (sorted instanceof Interval || sorted instanceof IrregularTimeSeries) {
    await setNames(group, "timekeys", sorted.timekeys());
  }
  if (sorted instanceof IrregularTimeSeries) {
    const domain = await sorted.domain.materialize({ signal });
    const times = toTimes(await sorted.array("timestamps", { signal }), "timestamps");
    const counts = secondCounts(times, domain.start[0] ?? 0, domain.end.at(-1) ?? -1);
    await group.createDataset("timestamp_indices_1s", { data: counts });
    await writeDomain(group, domain, options);
  }
  if (sorted instanceof RegularTimeSeries) {
    await group.attributes.set("sampling_rate", sorted.samplingRate);
    await writeDomain(group, sorted.domain, options);
  }
  await group.attributes.set("object", sorted.objectType);
}

/** Saves a domain beside what it is of. */
export async function writeDomain(
  group: WritableGroup,
  domain: Interval<LazyArray>,
  { signal }: SaveOptions,
): Promise<void> {
  await saveObject(await group.createGroup("domain"), domain, { signal });
}

/**
 * Saves an array. Text becomes ASCII of fixed length, which is what the layout has.
 *
 * @param group Where
 * @param key Its name
 * @param array The array; a lazy one is copied block by block
 * @param options How it is stored
 * @throws {DTypeError} If it is text that isn't ASCII
 */
export async function writeArray(
  group: WritableGroup,
  key: string,
  array: NDArray | LazyArray,
  { storage, signal }: SaveOptions,
): Promise<void> {
  const path = pathIn(group, key);
  if (holdsReferences(array.dtype)) throw ofAnotherFile(path);
  // torch_brain can load no array without axes: it is a plain value for it.
  if (array.shape.length === 0) {
    const value = isLazyArray(array) ? await array.read(null, { signal }) : array;
    await group.attributes.set(key, value);
    return;
  }
  const how = storageOf(storage, path, array);
  if (isLazyArray(array) && array.dtype.kind !== "string") {
    await group.write(key, array, { ...how, signal });
    return;
  }
  const values = isLazyArray(array) ? await array.read(null, { signal }) : array;
  const dtype = values.dtype.kind === "string" ? textType(values, values.dtype, path) : undefined;
  await group.createDataset(key, { data: values, ...(dtype === undefined ? {} : { dtype }), ...how });
}

/**
 * Saves what isn't an array as an attribute.
 *
 * @param group Where
 * @param key Its name
 * @param value A text, number, bigint, boolean, list, or what a serializer knows; nothing is saved of `null`
 * @param options Serializers
 * @throws {DTypeError} If it can't be stored
 */
export async function writeAttribute(
  group: WritableGroup,
  key: string,
  value: unknown,
  options: SaveOptions,
): Promise<void> {
  const path = pathIn(group, key);
  checkName(key, "Data", path);
  const plain = serialized(value, options.serializers ?? []);
  if (plain === null || plain === undefined) return;
  const entries: unknown[] = Array.isArray(plain) ? plain.flat(Infinity) : [plain];
  if (entries.some((entry) => entry instanceof Reference)) throw ofAnotherFile(path);
  try {
    await group.attributes.set(key, plain as string);
  } catch (error) {
    if (!(error instanceof MicrotomeError) || error instanceof ClosedError) throw error;
    throw new DTypeError(`Cannot save attribute ${path}: ${error.message}`, { object: path, cause: error });
  }
}

/** Seconds that an index can have: three years. */
const MOST_SECONDS = 100_000_000;

/**
 * How many timestamps lie before each second from the start of the domain to a second beyond its end.
 *
 * @param times In order
 * @param start Where the domain starts
 * @param end Where it ends
 * @throws {RangeError} If that is too long, or without end
 */
export function secondCounts(times: ArrayLike<number>, start: number, end: number): BigInt64Array {
  // NumPy's arange(start, end + 1, 1).
  const length = Math.max(0, Math.ceil(end + 1 - start));
  if (!(length <= MOST_SECONDS)) {
    throw new RangeError(
      `Cannot index timestamps by seconds from ${start} to ${end}: expected at most ${MOST_SECONDS}`,
    );
  }
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
async function inOrder(object: ArrayDict<LazyArray>, signal: AbortSignal | undefined): Promise<ArrayDict<LazyArray>> {
  if (!(object instanceof IrregularTimeSeries)) return object;
  if (isSorted(toTimes(await object.array("timestamps", { signal }), "timestamps"))) return object;
  const sorted = object.slice(-Infinity, Infinity, { resetOrigin: false });
  sorted.domain = object.domain;
  return sorted;
}

function isUnicode({ dtype }: NDArray | LazyArray): boolean {
  return dtype.kind === "string" && dtype.length === null;
}

/** What text is stored as. Bytes stay bytes, also where they are no ASCII. */
function textType(values: NDArray, dtype: DType & { readonly kind: "string" }, path: string): DTypeInput {
  const texts = [...elements(values)] as string[];
  if (isUnicode(values)) return `|S${asciiLength(texts, path)}`;
  return texts.every(isAscii) ? dtype : { ...dtype, charset: "utf8" };
}

function asciiLength(texts: readonly string[], path: string): number {
  let length = 1;
  for (const text of texts) {
    if (!isAscii(text)) {
      throw new DTypeError(
        `Cannot save ${path}: ${JSON.stringify(text)} isn't ASCII, and the layout has no room for else`,
        { object: path },
      );
    }
    length = Math.max(length, text.length);
  }
  return length;
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex -- these are what ASCII is
  return /^[\x00-\x7f]*$/.test(text);
}

async function setNames(group: WritableGroup, name: string, names: readonly string[]): Promise<void> {
  const length = asciiLength(names, `${group.path}, ${name}`);
  await group.attributes.set(name, names, { dtype: `|S${length}`, shape: [names.length] });
}

/** Storage of an array: that of its own, or what is given for all as far as it fits. */
function storageOf(storage: SaveOptions["storage"], path: string, array: NDArray | LazyArray): StorageOptions {
  const { shape, dtype } = array;
  const isOwn = typeof storage === "function";
  const given: StorageOptions = (isOwn ? storage(path, { shape, dtype }) : storage) ?? {};
  const isEmpty = shape.includes(0) && given.maxShape === undefined;
  // A lazy array would bring its own chunks.
  if (isEmpty || !Object.values(given).some((option) => option !== undefined)) return { chunkShape: false };
  const { chunkShape } = given;
  if (isOwn || !Array.isArray(chunkShape)) return given;
  return { ...given, chunkShape: shape.map((length, axis) => Math.min(length, chunkShape[axis] ?? length)) };
}

/** A reference is an address in its file: in another one it would lead to anything. */
function ofAnotherFile(path: string): DTypeError {
  return new DTypeError(`Cannot save ${path}: references lead to objects of the file that they are from`, {
    object: path,
  });
}

function holdsReferences(dtype: DType): boolean {
  if (dtype.kind === "compound") return dtype.fields.some((field) => holdsReferences(field.dtype));
  if (dtype.kind === "array" || dtype.kind === "vlen") return holdsReferences(dtype.base);
  return dtype.kind === "reference";
}

function checkName(key: string, type: keyof typeof TAKEN, path: string): void {
  if (!TAKEN[type].includes(key)) return;
  throw new TypeError(`Cannot save ${path}: files of ${type} objects have something else under that name`);
}

function pathIn(group: WritableGroup, key: string): string {
  return `${group.path === "/" ? "" : group.path}/${key}`;
}

function serialized(value: unknown, serializers: readonly Serializer[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => serialized(entry, serializers));
  if (typeof value !== "object" || value === null || isNDArray(value)) return value;
  const exact = serializers.find(([of]) => value.constructor === of) ?? serializers.find(([of]) => value instanceof of);
  if (exact !== undefined) return exact[1](value as never);
  if (value instanceof Date) return dateText(value);
  return value;
}
