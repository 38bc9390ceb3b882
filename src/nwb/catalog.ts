/**
 * What typed objects a file holds: found level by level, without reading any data.
 *
 * @module
 */

import type { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { Group, type Member } from "../hdf5/group.ts";
import type { H5Object } from "../hdf5/objects.ts";
import { ClosedError, LimitError, MicrotomeError, SourceError } from "../source/errors.ts";
import type { TypeTree } from "./types.ts";

/** A group with a neurodata type. */
export interface TypedObject {
  /** Path from the root. */
  readonly path: string;
  /** Its `neurodata_type`. */
  readonly type: string;
  /** Its `namespace`; empty where it has none. */
  readonly namespace: string;
  /** Its `object_id`, a UUID; empty where it has none. */
  readonly objectId: string;
  /** The group. */
  readonly group: Group;
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
  const seen = new Set([keyOf(file.root)]);
  let level: Group[] = [file.root];
  while (level.length > 0) {
    const found = await Promise.all(level.map((group) => look(group, signal, faults)));
    const next: Group[] = [];
    for (const { group, members, typed } of found) {
      if (typed !== undefined && group !== file.root) objects.push(typed);
      for (const { link, object, error } of members.values()) {
        const path = group === file.root ? `/${link.name}` : `${group.path}/${link.name}`;
        if (error !== undefined) faults.push({ path, error });
        // What a soft link leads to stands in this file elsewhere, under its own name.
        if (!(object instanceof Group) || link.type === "soft" || SKIPPED.has(path) || seen.has(keyOf(object))) {
          continue;
        }
        seen.add(keyOf(object));
        next.push(object);
      }
    }
    if (seen.size > maxGroups) {
      throw new LimitError(`Cannot list ${file.name}: it has more than ${maxGroups.toLocaleString("en")} groups`, {
        file: file.name,
      });
    }
    level = next;
  }
  return { objects, faults };
}

interface Looked {
  readonly group: Group;
  readonly members: ReadonlyMap<string, Member>;
  readonly typed?: TypedObject;
}

async function look(group: Group, signal: AbortSignal | undefined, faults: CatalogFault[]): Promise<Looked> {
  const none = new Map<string, Member>();
  try {
    const [attributes, list] = await Promise.all([
      group.attributeCount === 0 ? {} : group.attributes.all({ signal }),
      group.members({ signal }),
    ]);
    const members = new Map(list.map((member) => [member.name, member]));
    const type = textOf(attributes, "neurodata_type");
    if (type === "") return { group, members };
    const namespace = textOf(attributes, "namespace");
    const objectId = textOf(attributes, "object_id");
    return { group, members, typed: { path: group.path, type, namespace, objectId, group, members } };
  } catch (error) {
    if (!(error instanceof MicrotomeError) || error instanceof SourceError || error instanceof ClosedError) throw error;
    faults.push({ path: group.path, error });
    return { group, members: none };
  }
}

function textOf(attributes: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === "string" ? value : "";
}

function keyOf(object: H5Object): string {
  return `${object.fileIndex}:${object.address}`;
}

/** The kinds of series that an object can be read as. */
export type SeriesKind = "Ts" | "Tsd" | "TsdFrame" | "TsdTensor" | "TsGroup" | "IntervalSet";

/**
 * Tells as what an object is read, by pynapple's rules: a table with a ragged column of times is a group of units,
 * `TimeIntervals` are intervals, a table with a column of times is times, annotations are times, any other time series
 * is one by the number of its axes. Types that descend from these count as they do.
 *
 * @param object A typed object
 * @param types What descends from what
 * @returns The kind, or `null` for what is no series
 */
export function seriesKind(object: TypedObject, types: TypeTree): SeriesKind | null {
  const line = new Set(types.ancestry(object.type));
  const names = [...object.members.keys()];
  if (line.has("DynamicTable")) {
    if (names.some((name) => name.endsWith("_times_index"))) return "TsGroup";
    if (line.has("TimeIntervals")) return "IntervalSet";
    return names.some((name) => name.endsWith("_times")) ? "Ts" : null;
  }
  if (!line.has("TimeSeries")) return null;
  if (line.has("AnnotationSeries")) return "Ts";
  const data = object.members.get("data")?.object;
  if (data?.kind !== "dataset") return null;
  const { length } = (data as Dataset).shape;
  return length === 1 ? "Tsd" : length === 2 ? "TsdFrame" : length >= 3 ? "TsdTensor" : null;
}
