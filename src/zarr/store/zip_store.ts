/**
 * A hierarchy in a ZIP archive.
 *
 * @module
 */

import { CorruptFileError } from "../../source/errors.ts";
import { type OpenedSource, openSource, type SourceInput, type SourceOptions } from "../../source/open_source.ts";
import type { ZipArchive } from "../../source/zip/zip_archive.ts";
import { openZip } from "../../source/zip/open_zip.ts";
import { loadReader } from "../../wasm/reader/reader.ts";
import { checkKey, type KeyStore, placeOf } from "./store.ts";

/**
 * A ZIP archive as a store.
 *
 * @param input The archive
 * @param options Of HTTP, and limits
 */
export async function zipStore(input: SourceInput, options: SourceOptions): Promise<KeyStore> {
  const opened = await openSource(input, options);
  try {
    const reader = await loadReader();
    const crc32 = (bytes: Uint8Array, initial?: number) => reader.crc32(bytes, initial);
    return keysOf(opened, await openZip(opened, { crc32, signal: options.signal }));
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function keysOf(opened: OpenedSource, zip: ZipArchive): KeyStore {
  const name = opened.source.name ?? "the archive";
  let folders: Map<string, Set<string>> | undefined;
  const isThere = (key: string) => zip.has(checkKey(key, name));
  return {
    name,
    meter: opened.meter,
    deadline: opened.deadline,
    byteLength: opened.source.byteLength,
    // What else zarrita hands through is for its own stores.
    async get(key, { signal } = {}) {
      return isThere(key) ? await zip.read(key, { signal }) : undefined;
    },
    async getRange(key, range, { signal } = {}) {
      if (!isThere(key)) return undefined;
      const { size } = zip.entry(key);
      const place = placeOf(range, size);
      if (place === null) {
        throw new CorruptFileError(
          `Cannot read ${JSON.stringify(key)} of ${name}: it has ${size} bytes, ` +
            `and ${JSON.stringify(range)} of it is asked for`,
          { file: name, object: key },
        );
      }
      return await zip.readRange(key, place.offset, place.length, { signal });
    },
    // deno-lint-ignore require-await -- as a store that has to look has it
    async list(prefix) {
      return [...(folders ??= foldersOf(zip.entries.keys())).get(prefix) ?? []].sort();
    },
    close: () => opened.close(),
  };
}

/** A key is no path of thousands of folders: what lies deeper isn't listed. */
const DEEPEST = 256;

/** Names directly in each folder. Made once: to look through all members for each folder would be quadratic. */
function foldersOf(keys: Iterable<string>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const add = (folder: string, name: string): boolean => {
    let names = folders.get(folder);
    if (names === undefined) folders.set(folder, names = new Set());
    const isNew = !names.has(name);
    if (name !== "") names.add(name);
    return isNew;
  };
  for (const key of keys) {
    let end = key.length;
    // From the end up, as far as it isn't known yet.
    for (let depth = 0; depth < DEEPEST && end >= 0; depth++) {
      const slash = key.lastIndexOf("/", end - 1);
      const isNew = add(slash < 0 ? "" : key.slice(0, slash), key.slice(slash + 1, end));
      if (slash < 0 || !isNew) break;
      end = slash;
    }
  }
  return folders;
}
