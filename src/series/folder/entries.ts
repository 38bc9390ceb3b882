/**
 * What a folder lists.
 *
 * @module
 */

import type { Npz } from "../../npy/npz.ts";
import { fileLabel, folderLabel } from "./text.ts";
import { openSeriesNpz, type SeriesNpz } from "../npz/npz.ts";
import type { SeriesObject } from "../npz/write.ts";

/** What kind of entry it is. */
export type FolderEntryKind = "npz" | "nwb" | "folder";

/** A file that a folder lists, or a folder as far as it is one entry of several. */
export interface Entry<N> {
  /** What it is. */
  readonly kind: FolderEntryKind;
  /** Its name in the file system. */
  readonly name: string;
  /** What an `.npz` file holds, once that is known. */
  series?: string;
  /** What the file holds, once it was asked for. */
  item?: Promise<SeriesObject | Npz | N>;
  /** The file that lazy values are read from. */
  file?: SeriesNpz;
}

const KINDS: readonly FolderEntryKind[] = ["npz", "nwb", "folder"];

/** A file's name without its end; a folder's name. */
export function stemOf({ kind, name }: Entry<unknown>): string {
  return kind === "folder" ? name : name.slice(0, -`.${kind}`.length);
}

/** Entries by their keys: see `Folder`. */
export function entriesByKey<E extends Entry<unknown>>(entries: readonly E[]): Map<string, E> {
  const sorted = KINDS.flatMap((kind) => entries.filter((entry) => entry.kind === kind));
  // The one that has a short key is that of the last kind, and the first by name.
  const owners = new Map<string, E>();
  for (const entry of sorted) {
    const key = shortKey(entry);
    if (owners.get(key)?.kind !== entry.kind) owners.set(key, entry);
  }
  const keys = new Map<string, E>();
  for (const entry of sorted) {
    const key = shortKey(entry);
    if (owners.get(key) === entry) keys.set(key, entry);
    else if (!owners.has(entry.name)) keys.set(entry.name, entry);
  }
  return keys;
}

function shortKey(entry: Entry<unknown>): string {
  return entry.kind === "folder" ? entry.name : stemOf(entry).replace(/\s/g, "");
}

/** Folders, then `.npz` files, then NWB files. */
export function inTreeOrder<E extends Entry<unknown>>(entries: readonly E[]): E[] {
  return (["folder", "npz", "nwb"] as const).flatMap((kind) => entries.filter((entry) => entry.kind === kind));
}

/** An entry's line in a tree. */
export function labelOf({ kind, name, series }: Entry<unknown>): string {
  if (kind === "folder") return folderLabel(name);
  return fileLabel(name, kind === "nwb" ? "NWB file" : series ?? "npz");
}

/** What a file holds, for people: a kind, `npz` for something else, `unreadable` for one that is damaged. */
export async function seriesOf(path: () => Promise<string>): Promise<string> {
  try {
    await using file = await openSeriesNpz(await path());
    return file.kind ?? "npz";
  } catch {
    return "unreadable";
  }
}

/** Closes what an entry holds open. */
export async function closeEntry(entry: Entry<unknown>): Promise<void> {
  const { item, file } = entry;
  delete entry.item;
  delete entry.file;
  await file?.close();
  const opened = await item?.catch(() => undefined) as { close?: unknown } | undefined;
  if (typeof opened?.close === "function") await opened.close();
}
