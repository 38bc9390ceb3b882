/**
 * Objects that are neither tables nor time series: subjects, devices, electrode groups, the file itself.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { LazyArray } from "../array/types.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import type { Member } from "../hdf5/group.ts";
import type { NwbReadOptions } from "./series/read_members.ts";
import { textOf } from "./values.ts";

/** An object as a record: what the file says of it, and what lies in it. */
export interface NwbObject {
  /** Path in the file. */
  readonly path: string;
  /** Its neurodata type; empty for a group that only holds others. */
  readonly type: string;
  /** Its UUID; empty where it has none. */
  readonly objectId: string;
  /** Its metadata: attributes, and datasets of one value or of a list of text, as values. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Its other datasets, by name; read where they are asked. */
  readonly arrays: Readonly<Record<string, LazyArray>>;
  /** Names of the groups in it. */
  readonly members: readonly string[];
  /** What can't be opened, and why. */
  readonly errors: Readonly<Record<string, Error>>;
}

/** Attributes that say what an object is, rather than something about it. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  ".specloc",
  "namespace",
  "neurodata_type",
  "object_id",
]);

/** Longest list of text that counts as metadata. */
const MOST_TEXTS = 1000;

/**
 * Makes a record of a group.
 *
 * @param path Its path
 * @param attributes Its attributes
 * @param members What lies in it
 * @param options Abort signal
 */
export async function readObject(
  path: string,
  attributes: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Member>,
  options: NwbReadOptions,
): Promise<NwbObject> {
  const fields: [string, unknown][] = Object.entries(attributes).filter(([name]) => !BOOKKEEPING.has(name));
  const arrays: Record<string, LazyArray> = {};
  const groups: string[] = [];
  const errors: Record<string, Error> = {};
  await Promise.all([...members].map(async ([name, { object, error }]) => {
    if (error !== undefined) errors[name] = error;
    if (object?.kind === "group") groups.push(name);
    if (object?.kind !== "dataset") return;
    const dataset = object as Dataset;
    if (!isField(dataset)) {
      arrays[name] = dataset;
      return;
    }
    try {
      const values = [...elements(await dataset.read(null, options))];
      fields.push([name, dataset.shape.length === 0 ? values[0] : values]);
    } catch (cause) {
      options.signal?.throwIfAborted();
      errors[name] = cause as Error;
    }
  }));
  return {
    path,
    type: textOf(attributes, "neurodata_type"),
    objectId: textOf(attributes, "object_id"),
    // In an order that doesn't depend on which read ended first.
    fields: Object.fromEntries(fields.sort(([a], [b]) => a < b ? -1 : 1)),
    arrays: Object.fromEntries(Object.entries(arrays).sort(([a], [b]) => a < b ? -1 : 1)),
    members: groups.sort(),
    errors,
  };
}

function isField({ shape, dtype, isNull }: Dataset): boolean {
  if (isNull) return false;
  return shape.length === 0 || (shape.length === 1 && dtype.kind === "string" && shape[0]! <= MOST_TEXTS);
}
