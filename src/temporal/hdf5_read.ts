/**
 * Objects as files have them: the layout that torch_brain and temporaldata write.
 *
 * @module
 */

import { elements, isNDArray } from "../array/ndarray.ts";
import type { LazyArray } from "../array/types.ts";
import { Dataset } from "../hdf5/dataset.ts";
import { Group } from "../hdf5/group.ts";
import { FormatError, MicrotomeError } from "../source/errors.ts";
import { type AnyArrayDict, type Column, LazyArrayDict, type TableState } from "./array_dict.ts";
import { Frame, memoryBase } from "./frame.ts";
import { type Interval, type LazyInterval, makeInterval } from "./interval.ts";
import { makeIrregular } from "./irregular.ts";
import { makeRegular } from "./regular.ts";

/** What a `Data` group holds. */
export interface StoredData<T> {
  /** Groups and arrays by name, then what its attributes say. */
  readonly entries: readonly (readonly [key: string, value: AnyArrayDict | T | LazyArray | unknown])[];
  /** Its domain, `null` where it has none. */
  readonly domain: Interval | null;
  /** Seconds that were cut off before its origin. */
  readonly absoluteStart: number;
}

/** Options of reading. */
export interface ReadOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A group that was looked at. */
interface Look {
  readonly group: Group;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * Reads a `Data` group: what is in it, and the domains; no other array.
 *
 * @param group The group
 * @param make Makes an object of each `Data` group, inner ones first
 * @param options Abort signal
 * @throws {FormatError} If something in it isn't as it should be
 */
export async function readData<T>(group: Group, make: (stored: StoredData<T>) => T, options: ReadOptions): Promise<T> {
  return await makeData(await look(group, options), make, options);
}

/**
 * Reads a group of any class but `Data`.
 *
 * @param group The group
 * @param expected The class that it must be of
 * @param options Abort signal
 * @throws {FormatError} If it is of another, or something in it isn't as it should be
 */
export async function readArrays(group: Group, expected: string, options: ReadOptions): Promise<AnyArrayDict> {
  const looked = await look(group, options);
  const found = objectOf(looked);
  if (found !== expected) throw fault(group, `it has a ${found} object, expected ${expected}`);
  return await makeArrays(looked, found, options);
}

async function makeData<T>(looked: Look, make: (stored: StoredData<T>) => T, options: ReadOptions): Promise<T> {
  const { group, attributes, datasets, groups } = looked;
  const found = objectOf(looked);
  if (found !== "Data") throw fault(group, `it has a ${found} object, expected Data`);
  const inner = [...groups].map(async ([key, child]): Promise<[string, AnyArrayDict | T]> => {
    if (key === "domain") return [key, await readDomain(groups, group, options)];
    const inside = await look(child, options);
    const type = objectOf(inside);
    if (type === "Data") return [key, await makeData(inside, make, options)];
    return [key, await makeArrays(inside, type, options)];
  });
  const members = new Map<string, unknown>([...datasets, ...await Promise.all(inner)]);
  const domain = (members.get("domain") ?? null) as Interval | null;
  members.delete("domain");
  const names = [...members.keys()].sort();
  const absoluteStart = attributes["absolute_start"] ?? 0;
  if (typeof absoluteStart !== "number") throw fault(group, "its absolute_start isn't a number");
  return make({
    entries: [
      ...names.map((name) => [name, members.get(name)] as const),
      ...Object.keys(attributes).filter((name) => !PRIVATE.has(name)).sort()
        .map((name) => [name, listed(attributes[name])] as const),
    ],
    domain,
    absoluteStart,
  });
}

/** Attributes that say what a group is, rather than what is in it. */
const PRIVATE: ReadonlySet<string> = new Set(["object", "absolute_start"]);

async function makeArrays(looked: Look, type: string, options: ReadOptions): Promise<AnyArrayDict> {
  const { group, attributes, datasets, groups } = looked;
  const name = nameOf(group);
  for (const key of groups.keys()) {
    if (key !== "domain" || type === "ArrayDict" || type === "Interval") throw fault(group, `it has a group "${key}"`);
  }
  const arrays = new Map(datasets);
  const isText = new Set(textsOf(attributes, "_unicode_keys", group) ?? []);
  switch (type) {
    case "ArrayDict": {
      const out = Object.create(LazyArrayDict.prototype) as LazyArrayDict;
      out["adopt"](tableOf(arrays, isText, group));
      return out;
    }
    case "Interval": {
      need(arrays, ["start", "end"], group);
      const table = tableOf(arrays, isText, group);
      const timekeys = textsOf(attributes, "timekeys", group) ?? [];
      return await formatted(group, () => makeInterval(table, { timekeys }, name));
    }
    case "IrregularTimeSeries": {
      need(arrays, ["timestamps"], group);
      const counts = arrays.get("timestamp_indices_1s");
      arrays.delete("timestamp_indices_1s");
      const domain = await readDomain(groups, group, options);
      const table = tableOf(arrays, isText, group);
      const timekeys = textsOf(attributes, "timekeys", group) ?? [];
      const origin = domain.start[0];
      const index = counts === undefined || origin === undefined ? null : { counts, origin };
      return await formatted(group, () => makeIrregular({ table, domain, timekeys, index }, name));
    }
    case "RegularTimeSeries": {
      const domain = await readDomain(groups, group, options);
      const table = tableOf(arrays, isText, group);
      const rate = attributes["sampling_rate"];
      if (typeof rate !== "number" && typeof rate !== "bigint") throw fault(group, "it has no sampling_rate");
      return await formatted(group, () => makeRegular(table, Number(rate), domain, name));
    }
    default:
      throw fault(
        group,
        `its attribute "object" is "${type}", expected Data, ArrayDict, Interval, IrregularTimeSeries or RegularTimeSeries`,
      );
  }
}

async function look(group: Group, options: ReadOptions): Promise<Look> {
  const [attributes, members] = await Promise.all([group.attributes.all(options), group.members(options)]);
  const datasets = new Map<string, Dataset>();
  const groups = new Map<string, Group>();
  for (const { name, object, error } of members) {
    if (error !== undefined) throw error;
    if (object instanceof Dataset) datasets.set(name, object);
    else if (object instanceof Group) groups.set(name, object);
    else throw fault(group, `its member "${name}" is neither a group nor a dataset`);
  }
  return { group, attributes, datasets, groups };
}

function objectOf({ group, attributes }: Look): string {
  const object = attributes["object"];
  if (object === undefined) throw fault(group, 'it has no attribute "object", so it wasn\'t saved by torch_brain');
  if (typeof object !== "string") throw fault(group, 'its attribute "object" isn\'t text');
  return object;
}

function tableOf(arrays: ReadonlyMap<string, Dataset>, isText: ReadonlySet<string>, group: Group): TableState {
  let first: Dataset | null = null;
  for (const [key, array] of arrays) {
    if (array.shape.length === 0) throw fault(group, `its array "${key}" has no axes`);
    first ??= array;
    if (array.shape[0] !== first.shape[0]) {
      throw fault(
        group,
        `its arrays differ in length: "${first.name}" has ${first.shape[0]} rows, "${key}" has ${array.shape[0]}`,
      );
    }
  }
  const frame = Frame.of(memoryBase(first?.shape[0] ?? 0, [], null));
  const columns = [...arrays].map((
    [key, source],
  ): [string, Column] => [key, { source, frame, isText: isText.has(key) }]);
  return { frame, columns: new Map(columns), timekeys: [], warnings: [] };
}

function need(arrays: ReadonlyMap<string, unknown>, keys: readonly string[], group: Group): void {
  for (const key of keys) if (!arrays.has(key)) throw fault(group, `it has no dataset "${key}"`);
}

/** A domain is read with its object: slicing needs it, and it is small. */
async function readDomain(groups: ReadonlyMap<string, Group>, group: Group, options: ReadOptions): Promise<Interval> {
  const child = groups.get("domain");
  if (child === undefined) throw fault(group, 'it has no group "domain"');
  const looked = await look(child, options);
  const type = objectOf(looked);
  if (type !== "Interval") throw fault(group, `its domain is a ${type} object, expected Interval`);
  return await (await makeArrays(looked, type, options) as LazyInterval).materialize(options);
}

function textsOf(attributes: Readonly<Record<string, unknown>>, name: string, group: Group): string[] | null {
  const value = attributes[name];
  if (value === undefined) return null;
  const texts = isNDArray(value) ? [...elements(value)] : [value];
  if (!texts.every((text) => typeof text === "string")) {
    throw fault(group, `its attribute "${name}" isn't a list of names`);
  }
  return texts;
}

/** A list that was saved as an attribute is a list again, so that it is saved as one. */
function listed(value: unknown): unknown {
  return isNDArray(value) && value.shape.length === 1 && ["int", "float", "string", "bool"].includes(value.dtype.kind)
    ? [...elements(value)]
    : value;
}

/** What an object's own checks refuse is the file's fault here. */
async function formatted<T>(group: Group, make: () => T): Promise<T> {
  try {
    return await make();
  } catch (error) {
    const isCheck = error instanceof RangeError || error instanceof TypeError || error instanceof MicrotomeError;
    if (!isCheck || error instanceof FormatError) throw error;
    throw fault(group, error.message, error);
  }
}

function fault(group: Group, why: string, cause?: unknown): FormatError {
  return new FormatError(`Cannot read "${group.path}": ${why}`, { object: group.path, cause });
}

/** `spikes`, `sub.spikes`: the path with dots. */
function nameOf(group: Group): string {
  return group.path.slice(1).replaceAll("/", ".") || group.path;
}
