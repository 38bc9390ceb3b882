/**
 * What typed objects a file holds: found level by level, without reading any data.
 *
 * @module
 */

import type { H5File } from "../hdf5/file.ts";
import { Group, type Member } from "../hdf5/group.ts";
import type { H5Object } from "../hdf5/objects.ts";
import { ClosedError, LimitError, MicrotomeError, SourceError } from "../source/errors.ts";
import { textOf, textsOf } from "./values.ts";

/** A group with a neurodata type. */
export interface TypedObject {
  /** Path from the root. */
  readonly path: string;
  /** The names of the typed objects that hold it, and its own: what pynapple calls its full path. */
  readonly shortPath: string;
  /** Its `neurodata_type`; in NWB 1.0 the last of its `ancestry`. */
  readonly type: string;
  /** What it descends from by its own account: NWB 1.0 files say so with each object. */
  readonly ancestry: readonly string[];
  /** Its `namespace`; empty where it has none. */
  readonly namespace: string;
  /** Its `object_id`, a UUID; empty where it has none. */
  readonly objectId: string;
  /** The group. */
  readonly group: Group;
  /** Its attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What lies in it, by name. */
  readonly members: ReadonlyMap<string, Member>;
}

/** An object that couldn't be looked at. */
export interface CatalogFault {
  /** Path from the root. */
  readonly path: string;
  /** Why. */
  readonly error: Error;
}

/** What a walk has found. */
export interface Catalog {
  /** The root group. */
  readonly root: Looked;
  /** All typed groups but the root, parents before their members, members by name. */
  readonly objects: readonly TypedObject[];
  /** Links that lead nowhere, damaged groups: they hide nothing else. */
  readonly faults: readonly CatalogFault[];
}

/** Options of {@linkcode readCatalog}. */
export interface CatalogOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Most groups that are looked at. */
  readonly maxGroups?: number | undefined;
}

/** Groups that hold no objects of the experiment. */
const SKIPPED: ReadonlySet<string> = new Set(["/specifications", "/.specloc"]);
/** Far more than any recording has; a file made to be endless ends here. */
const MOST_GROUPS = 1_000_000;

/**
 * Walks over a file's groups, each level of them in as few round trips as its slowest group needs. An object is met
 * once, at the first of its paths; links to it aren't followed again, so a circle ends.
 *
 * @param file An open HDF5 file
 * @param options Limits
 * @throws {LimitError} If it has more groups than allowed
 */
export async function readCatalog(file: H5File, options: CatalogOptions = {}): Promise<Catalog> {
  const { signal, maxGroups = MOST_GROUPS } = options;
  const objects: TypedObject[] = [];
  const faults: CatalogFault[] = [];
  const seen = new Set([keyOf(file)]);
  let level: Place[] = [{ group: file, holder: "" }];
  let root: Looked | undefined;
  while (level.length > 0) {
    const found = await Promise.all(level.map(({ group }) => look(group, signal, faults)));
    root ??= found[0]!;
    const next: Place[] = [];
    found.forEach(({ group, attributes, members }, i) => {
      const isRoot = group === file;
      const line = isRoot ? [] : lineOf(group, attributes, members);
      const shortPath = line.length === 0 ? level[i]!.holder : `${level[i]!.holder}/${group.name}`;
      if (line.length > 0) objects.push(typed(group, attributes, members, line, shortPath));
      for (const { link, object, error } of members.values()) {
        const path = isRoot ? `/${link.name}` : `${group.path}/${link.name}`;
        if (error !== undefined) faults.push({ path, error });
        // What a soft link leads to stands in this file elsewhere, under its own name.
        if (!(object instanceof Group) || link.type === "soft" || SKIPPED.has(path) || seen.has(keyOf(object))) {
          continue;
        }
        seen.add(keyOf(object));
        next.push({ group: object, holder: shortPath });
      }
    });
    if (seen.size > maxGroups) {
      throw new LimitError(`Cannot list ${file.name}: it has more than ${maxGroups.toLocaleString("en")} groups`, {
        file: file.name,
      });
    }
    level = next;
  }
  return { root: root!, objects, faults };
}

/** A group, and the short path of what holds it. */
interface Place {
  readonly group: Group;
  readonly holder: string;
}

/** A group that was looked at. */
export interface Looked {
  /** The group. */
  readonly group: Group;
  /** Its attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What lies in it, by name. */
  readonly members: ReadonlyMap<string, Member>;
}

async function look(group: Group, signal: AbortSignal | undefined, faults: CatalogFault[]): Promise<Looked> {
  try {
    const [attributes, list] = await Promise.all([
      group.attributeCount === 0 ? {} : group.attributes.all({ signal }),
      group.members({ signal }),
    ]);
    return { group, attributes, members: new Map(list.map((member) => [member.name, member])) };
  } catch (error) {
    if (!(error instanceof MicrotomeError) || error instanceof SourceError || error instanceof ClosedError) throw error;
    faults.push({ path: group.path, error });
    return { group, attributes: {}, members: new Map() };
  }
}

function typed(
  group: Group,
  attributes: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Member>,
  line: readonly string[],
  shortPath: string,
): TypedObject {
  const [namespace, objectId] = ["namespace", "object_id"].map((name) => textOf(attributes, name)) as [string, string];
  const { path } = group;
  return { path, shortPath, type: line[0]!, ancestry: line, namespace, objectId, group, attributes, members };
}

// An object's type, and before NWB 2.0 what it descends from; nothing for a group that is no object. Before NWB 2.0
// epochs and units were groups of groups, which get names of our own here.
function lineOf(
  group: Group,
  attributes: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Member>,
): string[] {
  const holdsGroups = () => [...members.values()].some(({ object }) => object instanceof Group);
  const type = textOf(attributes, "neurodata_type").trim();
  const ancestry = textsOf(Object.hasOwn(attributes, "ancestry") ? attributes.ancestry : undefined);
  if (ancestry.length > 0) return ancestry.reverse();
  if (group.path === "/epochs" && type === "" && holdsGroups()) return ["EpochsBefore2"];
  if (type === "Interface" && group.name === "UnitTimes" && holdsGroups()) return ["UnitTimesBefore2", type];
  return type === "" ? [] : [type];
}

function keyOf(object: H5Object): string {
  return `${object.fileIndex}:${object.address}`;
}
