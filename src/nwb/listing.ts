/**
 * The series of a file by their keys.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { FormatError, MicrotomeError } from "../source/errors.ts";
import { type Catalog, type Looked, readCatalog, textOf, type TypedObject } from "./catalog.ts";
import { shortKeys } from "./keys.ts";
import { descent, seriesKind } from "./kinds.ts";
import type { SeriesKind } from "../series/npz_kind.ts";
import { listingOrder } from "./order.ts";
import { readSpecifications } from "./specifications.ts";
import type { NwbReadOptions } from "./time_series.ts";
import { TypeTree } from "./types.ts";

/** What a key stands for. */
export interface NwbEntry {
  /** As what it is read; `unknown` where that can't be told, which its warning explains. */
  readonly kind: SeriesKind | "unknown";
  /** Its neurodata type. */
  readonly type: string;
  /** Path in the file. */
  readonly path: string;
  /** Path as pynapple has it: the names of the objects that hold it. */
  readonly fullPath: string;
  /** Its `object_id`; empty where it has none. */
  readonly objectId: string;
  /** What the file has. */
  readonly object: TypedObject;
}

/** What a file holds. */
export interface Listing {
  /** The root group. */
  readonly root: Looked;
  /** All objects by path. */
  readonly objects: ReadonlyMap<string, TypedObject>;
  /** The series by key, in order. */
  readonly byKey: ReadonlyMap<string, NwbEntry>;
  /** The series by both their paths. */
  readonly byPath: ReadonlyMap<string, NwbEntry>;
  /** What is wrong, by key or path. */
  readonly warnings: ReadonlyMap<string, string>;
  /** Notes what is wrong with an object. */
  readonly warn: (object: { readonly path: string }, message: string) => void;
  /** What an object's type descends from. */
  readonly descent: (object: TypedObject) => ReadonlySet<string>;
}

/**
 * Lists a file's series. Reads no data.
 *
 * @param file An open HDF5 file
 * @param options Abort signal
 * @throws {FormatError} If it isn't an NWB file
 */
export async function readListing(file: H5File, options: NwbReadOptions): Promise<Listing> {
  const catalog = await readCatalog(file, options);
  await checkRoot(file, catalog.root, options);
  const notes: [path: string, message: string][] = catalog.faults.map(({ path, error }) => [path, error.message]);
  const types = await typesOf(catalog, notes, options);
  const kinds = kindsOf(catalog.objects, types, notes);
  const entries = entriesOf(kinds);
  const byPath = new Map([...entries.values()].flatMap((entry) => [[entry.fullPath, entry], [entry.path, entry]]));
  const warnings = new Map<string, string>();
  const keys = new Map([...entries].map(([key, { path }]) => [path, key]));
  const warn = ({ path }: { readonly path: string }, message: string): void => {
    const key = keyAbove(path, keys);
    const before = warnings.get(key);
    if (before === undefined) warnings.set(key, message);
    else if (!before.split("\n").includes(message)) warnings.set(key, `${before}\n${message}`);
  };
  for (const [path, message] of notes) warn({ path }, message);
  const lines = new Map<TypedObject, ReadonlySet<string>>();
  return {
    root: catalog.root,
    objects: new Map(catalog.objects.map((object) => [object.path, object])),
    byKey: entries,
    byPath,
    warnings,
    warn,
    descent(object) {
      const line = lines.get(object) ?? descent(object, types);
      lines.set(object, line);
      return line;
    },
  };
}

/** A table of keys and types: what python-tabulate calls a mixed outline. */
export function formatListing(name: string, entries: ReadonlyMap<string, { readonly kind: string }>): string {
  const rows = [...entries].map(([key, { kind }]) => [key, kind] as const);
  const header = ["Keys", "Type"] as const;
  // A header stands at least two characters from the next.
  const widths = ([0, 1] as const).map((i) => Math.max(header[i].length + 2, ...rows.map((row) => [...row[i]].length)));
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "━".repeat(width + 2)).join(middle) + right;
  const line = (cells: readonly [string, string]) =>
    `│ ${cells.map((cell, i) => cell + " ".repeat(widths[i]! - [...cell].length)).join(" │ ")} │`;
  return [name, rule("┍", "┯", "┑"), line(header), rule("┝", "┿", "┥"), ...rows.map(line), rule("┕", "┷", "┙")]
    .join("\n");
}

async function checkRoot(file: H5File, { attributes, members }: Looked, options: NwbReadOptions): Promise<void> {
  if (textOf(attributes, "neurodata_type") === "NWBFile" || "nwb_version" in attributes) return;
  // Before NWB 2.0 the version was a dataset.
  const version = members.get("nwb_version")?.object;
  if (version?.kind === "dataset") {
    const [text] = elements(await (version as Dataset).read(null, options));
    if (typeof text === "string") return;
  }
  throw new FormatError(
    `Cannot open ${file.name} as an NWB file: its root has no neurodata_type NWBFile, and no nwb_version`,
    { file: file.name },
  );
}

async function typesOf(
  { root, objects }: Catalog,
  notes: [string, string][],
  options: NwbReadOptions,
): Promise<TypeTree> {
  const known = new TypeTree();
  if (objects.every(({ type, ancestry }) => ancestry.length > 1 || known.knows(type))) return known;
  return new TypeTree(await readSpecifications(root, (path, message) => notes.push([path, message]), options));
}

function kindsOf(
  objects: readonly TypedObject[],
  types: TypeTree,
  notes: [string, string][],
): { object: TypedObject; kind: SeriesKind | "unknown" }[] {
  return objects.flatMap((object) => {
    try {
      const kind = seriesKind(object, types);
      if (kind === null) return [];
      // A link that leads nowhere has a note of its own.
      if (kind === "unknown" && object.members.get("data")?.error === undefined) {
        notes.push([object.path, `Cannot read ${object.path}: it has no data`]);
      }
      return [{ object, kind }];
    } catch (error) {
      if (!(error instanceof MicrotomeError)) throw error;
      notes.push([object.path, error.message]);
      return object.members.has("data") ? [{ object, kind: "unknown" as const }] : [];
    }
  });
}

function entriesOf(kinds: readonly { object: TypedObject; kind: SeriesKind | "unknown" }[]): Map<string, NwbEntry> {
  const byPath = new Map(kinds.map((one) => [one.object.path, one]));
  const ordered = listingOrder([...byPath.keys()]).map((path) => byPath.get(path)!);
  // Where two have the same objects above them, the groups that sort them tell them apart. The last one keeps the path
  // that pynapple gives it; pynapple loses the others.
  const last = new Map(ordered.map(({ object }) => [object.shortPath, object]));
  const paths = ordered.map(({ object }) => last.get(object.shortPath) === object ? object.shortPath : object.path);
  const keys = shortKeys(paths);
  return new Map(ordered.map(({ object, kind }, i): [string, NwbEntry] => {
    const { path, type, objectId } = object;
    return [keys[i]!, { kind, type, path, fullPath: paths[i]!, objectId, object }];
  }));
}

// The key of the entry that an object is, or lies in; its path where there is none.
function keyAbove(path: string, keys: ReadonlyMap<string, string>): string {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const key = keys.get(at);
    if (key !== undefined) return key;
  }
  return path;
}
