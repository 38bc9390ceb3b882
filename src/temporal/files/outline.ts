/**
 * What files of torch_brain's layout say: which objects there are, and their domains.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { Dataset } from "../../hdf5/dataset.ts";
import { Group } from "../../hdf5/group.ts";
import { LimitError } from "../../source/errors.ts";
import { checkDomain } from "../intervals/domain.ts";
import { fault, formatted, nameOf } from "./file_fault.ts";
import type { Interval } from "../intervals/interval.ts";
import { makeArrays, type StoredObject } from "./stored_object.ts";

/** Options of reading. */
export interface ReadOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** What stands for an array of the file; by default the dataset itself. */
  readonly arrayOf?: ((dataset: Dataset) => LazyArray) | undefined;
}

/** What a file says of an object: all that reading it found, of which objects can be made, each on its own. */
export interface Outline extends StoredObject {
  /** The objects in it. */
  readonly objects: ReadonlyMap<string, Outline>;
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
  const { signal } = options;
  const [attributes, members] = await Promise.all([attributesOf(group, { signal }), group.members({ signal })]);
  const { path } = group;
  // A group that was made and never filled, which says nothing: a table without columns.
  const isEmpty = members.length === 0 && !("object" in attributes) && group.path !== "/";
  const type = isEmpty ? "ArrayDict" : objectOf(attributes, path);
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

/** Attributes, integers of any size as bigints: what was saved as an integer stays one. */
async function attributesOf(group: Group, options: ReadOptions): Promise<Record<string, unknown>> {
  const values = await group.attributes.all(options);
  if (!Object.values(values).some((value) => typeof value === "number")) return values;
  const listed = await group.attributes.list(options);
  const integers = new Set(
    listed.filter(({ dtype: { kind } }) => kind === "int" || kind === "uint").map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" && integers.has(name) ? BigInt(value) : value,
    ]),
  );
}

/** Reads the domains of all that was looked at, at once. */
async function readDomains(looks: ReadonlyMap<string, Look>, options: ReadOptions): Promise<Map<Look, Interval>> {
  const owners = [...looks.values()].filter(({ groups }) => groups.has("domain"));
  const domains = await Promise.all(owners.map(async (owner): Promise<[Look, Interval]> => {
    const { group, type, attributes, arrays } = looks.get(keyOf(owner.groups.get("domain")!))!;
    const { path } = owner.group;
    if (type !== "Interval") throw fault(path, `its domain is a ${type} object, expected Interval`);
    const stored = makeArrays({ path: group.path, type, attributes, arrays, domain: null });
    const domain = await (stored as Interval<LazyArray>).materialize({ signal: options.signal });
    const backwards = domain.start.findIndex((start, i) => start > domain.end[i]!);
    if (backwards >= 0) throw fault(path, `interval ${backwards} of its domain ends before it starts`);
    return [owner, formatted(path, () => checkDomain(domain, nameOf(path)))];
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

/** The classes that files have. */
const TYPES: ReadonlySet<string> = new Set([
  "Data",
  "ArrayDict",
  "Interval",
  "IrregularTimeSeries",
  "RegularTimeSeries",
]);

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
