/**
 * Objects as files have them: the layout that torch_brain and temporaldata write.
 *
 * @module
 */

import { describeDType } from "../array/dtype.ts";
import { elements, isNDArray } from "../array/ndarray.ts";
import type { LazyArray } from "../array/types.ts";
import { Dataset } from "../hdf5/dataset.ts";
import { Group } from "../hdf5/group.ts";
import { FormatError, LimitError, MicrotomeError } from "../source/errors.ts";
import { type AnyArrayDict, type Column, LazyArrayDict, type TableState } from "./array_dict.ts";
import { Frame, memoryBase } from "./frame.ts";
import { type Interval, type LazyInterval, makeInterval } from "./interval.ts";
import { checkDomain, makeIrregular } from "./irregular.ts";
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
  /** What stands for an array of the file; by default the dataset itself. */
  readonly arrayOf?: ((dataset: Dataset) => LazyArray) | undefined;
}

/** What a file says of an object: all that reading it found, of which objects can be made, each on its own. */
export interface Outline {
  /** The group's path. */
  readonly path: string;
  /** The class. */
  readonly type: string;
  /** The group's attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The arrays, none of which was read. */
  readonly arrays: ReadonlyMap<string, LazyArray>;
  /** The objects in it. */
  readonly objects: ReadonlyMap<string, Outline>;
  /** Its domain, in memory: slicing needs it, and it is small. */
  readonly domain: Interval | null;
}

/**
 * Reads what is in a group, and the domains; no other array.
 *
 * @param group The group
 * @param options Abort signal, what stands for arrays
 * @throws {FormatError} If something in it isn't as it should be
 * @throws {LimitError} If it has more groups than any recording has
 */
export async function readOutline(group: Group, options: ReadOptions): Promise<Outline> {
  const looks = await lookAtAll(group, options);
  const domains = await readDomains(looks, options);
  let count = 0;
  const outlineOf = (group: Group, path: string, within: ReadonlySet<Look>): Outline => {
    const look = looks.get(keyOf(group))!;
    if (within.has(look)) throw fault(path, `it leads back to "${look.group.path}", which holds it`);
    // Links can make few groups stand in very many places.
    if (++count > MOST_GROUPS) throw tooMany(path);
    const inside = new Set([...within, look]);
    const objects = [...look.groups].filter(([key]) => key !== "domain")
      .map(([key, child]) => [key, outlineOf(child, `${path === "/" ? "" : path}/${key}`, inside)] as const);
    const { type, attributes, arrays } = look;
    return { path, type, attributes, arrays, objects: new Map(objects), domain: domains.get(look) ?? null };
  };
  return outlineOf(group, group.path, new Set());
}

/** A group that was looked at. */
interface Look {
  readonly group: Group;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly arrays: ReadonlyMap<string, LazyArray>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** Looks at a group and all within it: those of a level together, so that round trips follow the depth. */
async function lookAtAll(root: Group, options: ReadOptions): Promise<Map<string, Look>> {
  const looks = new Map<string, Look>();
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS || looks.size + level.length > MOST_GROUPS) throw tooMany(level[0]!.path);
    const found = await Promise.all(level.map((group) => look(group, options)));
    for (const one of found) looks.set(keyOf(one.group), one);
    const next = new Map<string, Group>();
    for (const { groups } of found) {
      for (const group of groups.values()) if (!looks.has(keyOf(group))) next.set(keyOf(group), group);
    }
    level = [...next.values()];
  }
  return looks;
}

async function look(group: Group, options: ReadOptions): Promise<Look> {
  const [attributes, members] = await Promise.all([group.attributes.all(options), group.members(options)]);
  const { path } = group;
  const type = objectOf(attributes, path);
  const arrays = new Map<string, LazyArray>();
  const groups = new Map<string, Group>();
  const holdsDomain = type === "Data" || type === "IrregularTimeSeries" || type === "RegularTimeSeries";
  for (const { name, object, error } of members) {
    // What Python doesn't count among an object's attributes.
    if (name.startsWith("_")) continue;
    if (error !== undefined) throw error;
    const isDomain = name === "domain" && holdsDomain;
    if (object instanceof Dataset && !isDomain) arrays.set(name, options.arrayOf?.(object) ?? object);
    else if (object instanceof Group && (isDomain || type === "Data")) groups.set(name, object);
    else {
      const expected = isDomain ? "a group" : type === "Data" ? "a group or a dataset" : "a dataset";
      throw fault(path, `its "${name}" is a ${object!.kind}, expected ${expected}`);
    }
  }
  return { group, type, attributes, arrays, groups };
}

/** Reads the domains of all that was looked at, at once. */
async function readDomains(looks: ReadonlyMap<string, Look>, options: ReadOptions): Promise<Map<Look, Interval>> {
  const owners = [...looks.values()].filter(({ groups }) => groups.has("domain"));
  const domains = await Promise.all(owners.map(async (owner): Promise<[Look, Interval]> => {
    const { group, type, attributes, arrays } = looks.get(keyOf(owner.groups.get("domain")!))!;
    const { path } = owner.group;
    if (type !== "Interval") throw fault(path, `its domain is a ${type} object, expected Interval`);
    const outline = { path: group.path, type, attributes, arrays, objects: new Map(), domain: null };
    const domain = await (makeArrays(outline) as LazyInterval).materialize(options);
    const backwards = domain.start.findIndex((start, i) => start > domain.end[i]!);
    if (backwards >= 0) throw fault(path, `interval ${backwards} of its domain ends before it starts`);
    return [owner, formatted(path, () => checkDomain(domain, nameOf(path)) as Interval)];
  }));
  return new Map(domains);
}

/** Far more than any recording has; a file made to be endless ends here. */
const MOST_GROUPS = 100_000;
const MOST_LEVELS = 100;

function tooMany(path: string): LimitError {
  return new LimitError(
    `Cannot read "${path}": there are more than ${
      MOST_GROUPS.toLocaleString("en")
    } groups, or more than ${MOST_LEVELS} ` +
      `within each other`,
    { object: path },
  );
}

function keyOf({ fileIndex, address }: Group): string {
  return `${fileIndex}:${address}`;
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
  const outline = await readOutline(group, options);
  if (outline.type !== expected) throw fault(group.path, `it has a ${outline.type} object, expected ${expected}`);
  return makeArrays(outline);
}

/**
 * Makes a `Data` of what a file says. Reads nothing; nothing is shared with others that are made of the same.
 *
 * @param outline What the file says
 * @param make Makes an object of each `Data` group, inner ones first
 * @throws {FormatError} If something in it isn't as it should be
 */
export function makeData<T>(outline: Outline, make: (stored: StoredData<T>) => T): T {
  const { path, type, attributes, arrays, objects } = outline;
  if (type !== "Data") throw fault(path, `it has a ${type} object, expected Data`);
  const members = new Map<string, unknown>(arrays);
  for (const [key, inner] of objects) {
    members.set(key, inner.type === "Data" ? makeData(inner, make) : makeArrays(inner));
  }
  const start = attributes["absolute_start"] ?? 0;
  const absoluteStart = typeof start === "bigint" ? Number(start) : start;
  if (typeof absoluteStart !== "number") throw fault(path, "its absolute_start isn't a number");
  return make({
    entries: [
      ...[...members.keys()].sort().map((name) => [name, members.get(name)] as const),
      ...Object.keys(attributes).filter((name) => !PRIVATE.has(name) && !name.startsWith("_")).sort()
        .map((name) => [name, plain(attributes[name])] as const),
    ],
    domain: outline.domain === null ? null : copied(outline.domain),
    absoluteStart,
  });
}

/** Attributes that say what a group is, rather than what is in it. */
const PRIVATE: ReadonlySet<string> = new Set(["object", "absolute_start"]);

/** The classes that files have. */
const TYPES: ReadonlySet<string> = new Set([
  "Data",
  "ArrayDict",
  "Interval",
  "IrregularTimeSeries",
  "RegularTimeSeries",
]);

function makeArrays({ path, type, attributes, arrays: stored, domain }: Outline): AnyArrayDict {
  const name = nameOf(path);
  const arrays = new Map(stored);
  const isText = new Set(textsOf(attributes, "_unicode_keys", path));
  switch (type) {
    case "Interval": {
      need(arrays, ["start", "end"], path);
      const table = tableOf(arrays, isText, path);
      const timekeys = textsOf(attributes, "timekeys", path);
      return formatted(path, () => makeInterval(table, { timekeys }, name));
    }
    case "IrregularTimeSeries": {
      need(arrays, ["timestamps"], path);
      const counts = arrays.get("timestamp_indices_1s");
      arrays.delete("timestamp_indices_1s");
      const own = copied(needDomain(domain, path));
      const table = tableOf(arrays, isText, path);
      const timekeys = textsOf(attributes, "timekeys", path);
      const origin = own.start[0];
      const index = counts === undefined || origin === undefined ? null : { counts, origin };
      return formatted(path, () => makeIrregular({ table, domain: own, timekeys, index }, name));
    }
    case "RegularTimeSeries": {
      const own = copied(needDomain(domain, path));
      const table = tableOf(arrays, isText, path);
      const rate = attributes["sampling_rate"];
      if (typeof rate !== "number" && typeof rate !== "bigint") throw fault(path, "it has no sampling_rate");
      return formatted(path, () => makeRegular(table, Number(rate), own, name));
    }
    default: {
      const out = Object.create(LazyArrayDict.prototype) as LazyArrayDict;
      out["adopt"](tableOf(arrays, isText, path));
      return out;
    }
  }
}

function objectOf(attributes: Readonly<Record<string, unknown>>, path: string): string {
  const object = attributes["object"];
  if (object === undefined) throw fault(path, 'it has no attribute "object", so it wasn\'t saved by torch_brain');
  if (typeof object !== "string") throw fault(path, 'its attribute "object" isn\'t text');
  if (!TYPES.has(object)) {
    throw fault(
      path,
      `its attribute "object" is "${object}", expected Data, ArrayDict, Interval, IrregularTimeSeries or RegularTimeSeries`,
    );
  }
  return object;
}

function tableOf(arrays: ReadonlyMap<string, LazyArray>, isText: ReadonlySet<string>, path: string): TableState {
  let first: [key: string, array: LazyArray] | null = null;
  for (const [key, array] of arrays) {
    if (array.shape.length === 0) throw fault(path, `its array "${key}" has no axes`);
    first ??= [key, array];
    if (array.shape[0] !== first[1].shape[0]) {
      throw fault(
        path,
        `its arrays differ in length: "${first[0]}" has ${first[1].shape[0]} rows, "${key}" has ${array.shape[0]}`,
      );
    }
  }
  const frame = Frame.of(memoryBase(first?.[1].shape[0] ?? 0, [], null));
  const columns = [...arrays].map(([key, source]): [string, Column] => {
    if (isText.has(key) && source.dtype.kind !== "string") {
      throw fault(path, `its array "${key}" should be text by _unicode_keys, it holds ${describeDType(source.dtype)}`);
    }
    return [key, { source, frame, isText: isText.has(key) }];
  });
  return { frame, columns: new Map(columns), timekeys: [], warnings: [] };
}

function need(arrays: ReadonlyMap<string, unknown>, keys: readonly string[], path: string): void {
  for (const key of keys) if (!arrays.has(key)) throw fault(path, `it has no dataset "${key}"`);
}

function needDomain(domain: Interval | null, path: string): Interval {
  if (domain === null) throw fault(path, 'it has no group "domain"');
  return domain;
}

/** A domain with arrays of its own: those who get it may change it. */
function copied(domain: Interval): Interval {
  return domain.selectByMask(new Array<boolean>(domain.length).fill(true)) as Interval;
}

function textsOf(attributes: Readonly<Record<string, unknown>>, name: string, path: string): string[] {
  const value = attributes[name];
  if (value === undefined) return [];
  const texts = isNDArray(value) ? [...elements(value)] : [value];
  if (!texts.every((text) => typeof text === "string")) {
    throw fault(path, `its attribute "${name}" isn't a list of names`);
  }
  return texts;
}

/** A list that was saved as an attribute is a list again, so that it is saved as one. Nobody else has it. */
function plain(value: unknown): unknown {
  if (!isNDArray(value)) return value;
  if (!["int", "uint", "float", "string", "bool"].includes(value.dtype.kind)) {
    return { ...value, data: value.data.slice() };
  }
  const entries = elements(value);
  const nest = ([count = 0, ...inner]: readonly number[]): unknown[] =>
    Array.from({ length: count }, () => inner.length === 0 ? entries.next().value : nest(inner));
  return nest(value.shape);
}

/** What an object's own checks refuse is the file's fault here. */
function formatted<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const isCheck = error instanceof RangeError || error instanceof TypeError || error instanceof MicrotomeError;
    if (!isCheck || error instanceof FormatError) throw error;
    throw fault(path, error.message, error);
  }
}

function fault(path: string, why: string, cause?: unknown): FormatError {
  return new FormatError(`Cannot read "${path}": ${why}`, { object: path, cause });
}

/** `spikes`, `sub.spikes`: the path with dots. */
function nameOf(path: string): string {
  return path.slice(1).replaceAll("/", ".") || path;
}
