/**
 * The series of a file by their keys.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { ClosedError, FormatError, MicrotomeError, SourceError } from "../source/errors.ts";
import { type Catalog, type Looked, readCatalog, type TypedObject } from "./catalog.ts";
import { shortKeys } from "./keys.ts";
import { descent, seriesKind } from "./kinds.ts";
import type { SeriesKind } from "../series/npz/kind.ts";
import { listingOrder } from "./order.ts";
import { readSpecifications } from "./specifications.ts";
import type { NwbReadOptions } from "./series/read_members.ts";
import { readLayout, type TableLayout } from "./tables/table_layout.ts";
import { TypeTree } from "./types.ts";
import { textOf } from "./values.ts";

/** Groups that files had before NWB 2.0 in place of tables and modules, and that say so by a type. */
const BEFORE_2: ReadonlySet<string> = new Set(["Interface", "Module", "Epoch", "Custom"]);

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
  /** Which type descends from which. */
  readonly types: TypeTree;
  /** What a table's columns are; found once. */
  readonly layout: (object: TypedObject, options: NwbReadOptions) => Promise<TableLayout>;
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
  const layouts = new Map<TypedObject, Promise<TableLayout>>();
  const layout = (object: TypedObject, call: NwbReadOptions): Promise<TableLayout> => {
    const known = layouts.get(object);
    if (known !== undefined) return known;
    const made = readLayout(object.attributes, object.members, { ...call, types });
    layouts.set(object, made);
    made.catch(() => layouts.delete(object));
    return made;
  };
  const kinds = await kindsOf(catalog.objects, types, notes, layout, options);
  const entries = entriesOf(kinds);
  const byPath = new Map([...entries.values()].flatMap((entry) => [[entry.fullPath, entry], [entry.path, entry]]));
  const warnings = new Map<string, string>();
  const keys = new Map([...entries].map(([key, { path }]) => [path, key]));
  const warn = ({ path }: { readonly path: string }, message: string): void => {
    const key = keyAbove(path, keys);
    const before = warnings.get(key);
    if (before === undefined) warnings.set(key, message);
    else if (!before.split("\n").some((line) => says(line, message))) warnings.set(key, `${before}\n${message}`);
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
    layout,
    types,
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

/** An object that is listed. */
interface Kind {
  readonly object: TypedObject;
  readonly kind: SeriesKind | "unknown";
  /** Whether nothing is known of its type. */
  readonly isStrange: boolean;
}

async function kindsOf(
  objects: readonly TypedObject[],
  types: TypeTree,
  notes: [string, string][],
  layout: Listing["layout"],
  options: NwbReadOptions,
): Promise<Kind[]> {
  const found = await Promise.all(objects.map(async (object): Promise<Kind[]> => {
    try {
      const isTable = mayHaveTimes(object) && descent(object, types).has("DynamicTable");
      const kind = seriesKind(object, types, isTable ? await layout(object, options) : undefined);
      // A link that leads nowhere has a note of its own.
      if (kind === "unknown" && object.members.get("data")?.error === undefined) {
        const has = object.members.has("data") ? "its data is a scalar" : "it has no data";
        notes.push([object.path, `Cannot read ${object.path} as a series: ${has}`]);
      }
      if (kind !== null) return [{ object, kind, isStrange: false }];
      if (object.ancestry.length > 1 || types.knows(object.type) || BEFORE_2.has(object.type)) return [];
      notes.push([
        object.path,
        `Its neurodata_type ${JSON.stringify(object.type)} of the namespace ${
          JSON.stringify(object.namespace)
        } isn't ` +
        "known, and the file has no specification of it: it is given as it is",
      ]);
      return [{ object, kind: "unknown", isStrange: true }];
    } catch (error) {
      if (!(error instanceof MicrotomeError) || error instanceof SourceError || error instanceof ClosedError) {
        throw error;
      }
      notes.push([object.path, error.message]);
      return [{ object, kind: "unknown", isStrange: true }];
    }
  }));
  return found.flat();
}

// A table whose columns must be looked at to tell what it is: most have none of times, and cost nothing.
function mayHaveTimes({ attributes, members }: TypedObject): boolean {
  return !Object.hasOwn(attributes, "colnames") || [...members.keys()].some((name) => name.endsWith("_times"));
}

function entriesOf(kinds: readonly Kind[]): Map<string, NwbEntry> {
  const byPath = new Map(kinds.map((one) => [one.object.path, one]));
  const inOrder = listingOrder([...byPath.keys()]).map((path) => byPath.get(path)!);
  // What pynapple doesn't list comes last, so that it changes the key of no series.
  const ordered = [...inOrder.filter(({ isStrange }) => !isStrange), ...inOrder.filter(({ isStrange }) => isStrange)];
  const series = ordered.filter(({ isStrange }) => !isStrange);
  // Where two have the same objects above them, the groups that sort them tell them apart. The last one keeps the path
  // that pynapple gives it; pynapple loses the others.
  const last = new Map([...ordered.slice(series.length), ...series].map(({ object }) => [object.shortPath, object]));
  const paths = ordered.map(({ object }) => last.get(object.shortPath) === object ? object.shortPath : object.path);
  const keys = shortKeys(paths.slice(0, series.length));
  const taken = new Set(keys);
  for (const path of paths.slice(series.length)) {
    const parts = path.split("/").filter((part) => part !== "");
    const ends = parts.map((_, i) => parts.slice(parts.length - 1 - i).join("/"));
    const key = ends.find((end) => !taken.has(end)) ?? path;
    taken.add(key);
    keys.push(key);
  }
  return new Map(ordered.map(({ object, kind }, i): [string, NwbEntry] => {
    const { path, type, objectId } = object;
    return [keys[i]!, { kind, type, path, fullPath: paths[i]!, objectId, object }];
  }));
}

// Whether a warning is told already, perhaps as the reason why something can't be read.
function says(line: string, message: string): boolean {
  return line === message || line.toLowerCase().endsWith(`: ${message.toLowerCase()}`);
}

// The key of the entry that an object is, or lies in; its path where there is none.
function keyAbove(path: string, keys: ReadonlyMap<string, string>): string {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const key = keys.get(at);
    if (key !== undefined) return key;
  }
  return path;
}
