/**
 * Folders of recordings: `.npz` and `.nwb` files in folders in folders, opened where they are asked for.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { parseBoundedJson } from "../../source/bounded_json.ts";
import { CorruptFileError, NotFoundError, UnsupportedError, WrongKindError } from "../../source/errors.ts";
import { Npz } from "../../npy/npz.ts";
import {
  closeEntry,
  entriesByKey,
  type Entry,
  type FolderEntryKind,
  inTreeOrder,
  labelOf,
  seriesOf,
  stemOf,
} from "./entries.ts";
import type { FolderDisk } from "./folder_node.ts";
import {
  checkName,
  folderLabel,
  formatPanel,
  formatTree,
  jsonText,
  printable,
  timeText,
  type TreeNode,
} from "./text.ts";
import { loadNpz, openSeriesNpz } from "../npz/npz.ts";
import { kindOfObject, saveNpz, type SaveNpzOptions, type SeriesObject } from "../npz/write.ts";

/** Options of {@linkcode loadFolder}. */
export interface FolderOptions<N = never> {
  /**
   * Opens an NWB file, by its path: `(path) => NWBFile.open(path)`.
   *
   * By default NWB files are listed, and can't be opened.
   */
  readonly openNwb?: ((path: string) => Promise<N>) | undefined;
  /**
   * Whether values of `.npz` files stay in them until they are asked for. The files are open then until the folder is
   * closed.
   *
   * @default {false}
   */
  readonly lazy?: boolean | undefined;
}

/** Options of {@linkcode Folder.save}. */
export interface FolderSaveOptions extends SaveNpzOptions {
  /**
   * What is written about it into a JSON file beside it.
   *
   * @default {""}
   */
  readonly description?: string | undefined;
}

/** Names of `FolderSaveOptions`. */
export const FOLDER_SAVE_OPTIONS: OptionNames<FolderSaveOptions> = {
  description: true,
  signal: true,
  compression: true,
  blockBytes: true,
  overwrite: true,
};

/** What a folder holds: series, groups, intervals and other archives of `.npz` files, NWB files, folders. */
export type FolderItem<N = never> = SeriesObject | Npz | N | Folder<N>;

/** What a folder lists, with the folder that it is. */
export interface FolderEntry<N> extends Entry<N> {
  readonly folder?: Folder<N> | undefined;
}

/** What a {@linkcode Folder} is made of. */
export interface FolderParts<N> {
  /** The file system. */
  readonly disk: FolderDisk;
  /** Where it is in the folder that was loaded. */
  readonly place: readonly string[];
  /** What is in it, sorted by name. */
  readonly entries: FolderEntry<N>[];
  /** What was left out. */
  readonly warnings: readonly string[];
  /** How files are opened. */
  readonly options: FolderOptions<N>;
}

/**
 * A folder, as a dictionary of what is in it.
 *
 * Keys are the names of folders, and those of files without their ends and whitespace. Where two are the same, that of a
 * folder counts before that of an NWB file, and that before that of an `.npz` file, as in pynapple, which then has no
 * way to the other; here its key is its whole name.
 */
export class Folder<N = never> {
  /** Its name. */
  readonly name: string;
  /** Its path, with all symbolic links resolved but those in it. */
  readonly path: string;
  /** What was left out, and why. */
  readonly warnings: readonly string[];
  readonly #parts: FolderParts<N>;
  #byKey: Map<string, FolderEntry<N>>;

  /** Made by {@linkcode loadFolder}. */
  constructor(parts: FolderParts<N>) {
    printsAsText(Folder.prototype);
    const { disk, place } = parts;
    this.name = place.at(-1) ?? disk.name;
    this.path = [disk.root, ...place].join("/");
    this.warnings = parts.warnings;
    this.#parts = parts;
    this.#byKey = entriesByKey(parts.entries);
  }

  /** Keys: of `.npz` files, NWB files, folders. */
  keys(): string[] {
    return [...this.#byKey.keys()];
  }

  /** Number of entries. */
  get length(): number {
    return this.#byKey.size;
  }

  /** Whether there is an entry of a key. */
  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** What kind of entry it is. @throws {NotFoundError} If there is none of that key. */
  kindOf(key: string): FolderEntryKind {
    return this.#entry(key).kind;
  }

  /**
   * An entry: files are opened when they are asked for the first time, and kept.
   *
   * @param key Its key
   * @returns What the file holds, the NWB file, or the folder
   * @throws {NotFoundError} If there is none of that key
   * @throws {WrongKindError} If a symbolic link has come to lead out of the folder
   * @throws {UnsupportedError} If it is an NWB file, and there is no `openNwb`
   */
  async get(key: string): Promise<FolderItem<N>> {
    const entry = this.#entry(key);
    if (entry.folder !== undefined) return entry.folder;
    entry.item ??= this.#open(entry);
    try {
      return await entry.item;
    } catch (error) {
      delete entry.item;
      throw error;
    }
  }

  /** A folder in this one. @throws {NotFoundError} If there is none. @throws {WrongKindError} If the key is a file's. */
  subfolder(key: string): Folder<N> {
    const { folder } = this.#entry(key);
    if (folder !== undefined) return folder;
    throw new WrongKindError(`Cannot take ${JSON.stringify(key)} of ${this.path} as a folder: it is a file`);
  }

  /** Keys and entries, opened one after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[string, FolderItem<N>], void> {
    for (const key of this.keys()) yield [key, await this.get(key)];
  }

  /** Loads all `.npz` files of this folder, not of those in it. */
  async load(): Promise<void> {
    for (const [key, { kind }] of this.#byKey) if (kind === "npz") await this.get(key);
  }

  /**
   * Saves something as an `.npz` file in the folder, with a JSON file beside it that says when, and what it is. Files that
   * are there already are replaced.
   *
   * @param name Name of the file without its end; no path
   * @param object What is saved
   * @param options Its description, and options of {@linkcode saveNpz}
   * @throws {TypeError} If the name holds separators, colons or control characters, or begins with a dot
   * @throws {WriteError} If it can't be written, or a symbolic link would lead out of the folder
   */
  async save(name: string, object: SeriesObject, options: FolderSaveOptions = {}): Promise<void> {
    checkOptions(options, FOLDER_SAVE_OPTIONS, "save");
    checkName(name);
    const { disk, place, entries } = this.#parts;
    const sidecar = [...place, `${name}.json`];
    await disk.target(sidecar);
    const { description = "", ...saving } = options;
    await saveNpz(await disk.target([...place, `${name}.npz`]), object, saving);
    await disk.writeText(sidecar, jsonText({ time: timeText(new Date()), info: description }));
    const old = entries.findIndex((entry) => entry.name === `${name}.npz`);
    if (old >= 0) await closeEntry(entries.splice(old, 1)[0]!);
    entries.push({ kind: "npz", name: `${name}.npz`, series: kindOfObject(object), item: Promise.resolve(object) });
    entries.sort((a, b) => a.name < b.name ? -1 : 1);
    this.#byKey = entriesByKey(entries);
  }

  /**
   * What stands in the JSON file beside an entry: `time` and `info`.
   *
   * @param key Key of the entry
   * @returns The texts by name; `null` where there is no such file
   * @throws {NotFoundError} If there is no entry of that key
   * @throws {CorruptFileError} If the file isn't JSON
   */
  async describe(key: string): Promise<Record<string, string> | null> {
    const { disk, place } = this.#parts;
    const sidecar = [...place, `${stemOf(this.#entry(key))}.json`];
    const text = await disk.readText(sidecar);
    if (text === null) return null;
    let found: unknown;
    try {
      found = parseBoundedJson(text);
    } catch {
      // Told below.
    }
    if (typeof found !== "object" || found === null || Array.isArray(found)) {
      throw new CorruptFileError(`Cannot read ${JSON.stringify(sidecar.join("/"))}: it is no JSON object`);
    }
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    );
  }

  /** {@linkcode Folder.describe} as a panel of text. */
  async metadata(key: string): Promise<string> {
    const entry = this.#entry(key);
    const found = await this.describe(key);
    const lines = found === null
      ? ["No metadata"]
      : Object.entries(found).flatMap(([name, value]) => `${name} : ${value}`.split(/\r?\n/)).map(printable);
    return formatPanel(`${this.path}/${entry.name}`, lines);
  }

  /** The same as {@linkcode Folder.metadata}. */
  info(key: string): Promise<string> {
    return this.metadata(key);
  }

  /** The same as {@linkcode Folder.metadata}. */
  doc(key: string): Promise<string> {
    return this.metadata(key);
  }

  /** The tree of all that is in it. Opens all `.npz` files, to see what they hold. */
  async expand(): Promise<string> {
    return formatTree(await this.#tree(true));
  }

  /** The tree of what is in it, without what is in its folders. Opens its `.npz` files, to see what they hold. */
  async format(): Promise<string> {
    return formatTree(await this.#tree(false));
  }

  /** As {@linkcode Folder.format}, but opens nothing: of files that weren't opened it says `npz`. */
  toString(): string {
    return formatTree({
      label: folderLabel(this.name),
      children: inTreeOrder(this.#parts.entries).map((entry) => ({ label: labelOf(entry) })),
    });
  }

  /** Closes files that are open: NWB files, and `.npz` files with lazy values, also in folders below. */
  async close(): Promise<void> {
    for (const entry of this.#parts.entries) {
      await entry.folder?.close();
      await closeEntry(entry);
    }
  }

  /** The same as {@linkcode Folder.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #entry(key: string): FolderEntry<N> {
    const entry = this.#byKey.get(key);
    if (entry !== undefined) return entry;
    const keys = this.keys();
    const shown = keys.length > 10 ? [...keys.slice(0, 10), "…"] : keys;
    throw new NotFoundError(
      `Cannot find the key ${JSON.stringify(key)} in the folder ${this.path}: it has ${shown.join(", ") || "none"}`,
      { file: this.path, object: key },
    );
  }

  async #open(entry: Entry<N>): Promise<SeriesObject | Npz | N> {
    const { disk, place, options: { openNwb, lazy } } = this.#parts;
    const path = await disk.find([...place, entry.name]);
    if (entry.kind === "nwb") {
      if (openNwb !== undefined) return await openNwb(path);
      throw new UnsupportedError(`Cannot open ${path}: loadFolder was given no openNwb`, { file: path });
    }
    if (lazy !== true) {
      const item = await loadNpz(path);
      entry.series = item instanceof Npz ? "npz" : kindOfObject(item);
      return item;
    }
    const file = await openSeriesNpz(path);
    entry.series = file.kind ?? "npz";
    entry.file = file;
    return file.kind === null ? file.npz : await file.load();
  }

  async #tree(deep: boolean): Promise<TreeNode> {
    const { disk, place, entries } = this.#parts;
    const children: TreeNode[] = [];
    for (const entry of inTreeOrder(entries)) {
      if (entry.kind === "npz") entry.series ??= await seriesOf(() => disk.find([...place, entry.name]));
      children.push(deep && entry.folder !== undefined ? await entry.folder.#tree(true) : { label: labelOf(entry) });
    }
    return { label: folderLabel(this.name), children };
  }
}
