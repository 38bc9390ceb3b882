/**
 * Opening Zarr.
 *
 * @module
 */

import { CostMeter } from "../source/cost.ts";
import { NotFoundError } from "../source/errors.ts";
import { resolveLimits } from "../source/limits.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { nameOfInput, SOURCE_OPTIONS, type SourceInput, type SourceOptions } from "../source/open_source.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { ZarrArray } from "./read/array.ts";
import { addressOf, folderStore } from "./store/folder_store.ts";
import { openNode, type ZarrGroup } from "./group.ts";
import { checkKey, type KeyStore, plainPath } from "./store/store.ts";
import type { ZarrStore } from "./types.ts";
import { zipStore } from "./store/zip_store.ts";

/** What Zarr can be opened from: a folder or an archive by path or URL, an archive in memory, or a store of zarrita's. */
export type ZarrSource = SourceInput | ZarrStore | ReadonlyMap<string, Uint8Array>;

/** Options of {@linkcode openZarr}: those of HTTP, and limits. */
export interface OpenZarrOptions extends SourceOptions {
  /**
   * Path of the node to open, from the root.
   *
   * @default {"/"}
   */
  readonly path?: string | undefined;
  /**
   * Whether a path or URL leads to a ZIP archive, where its ending doesn't tell.
   *
   * @default {by the ending .zip; on disk by whether it is a folder}
   */
  readonly zip?: boolean | undefined;
}

/**
 * Opens an array or a group of a Zarr hierarchy, version 2 or 3, from disk, by HTTP, or in a ZIP archive. Chunks are
 * decoded by zarrita, what compressed them by us: gzip and zlib by the runtime, blosc, zstd, lz4 and bz2 by the HDF5 module
 * (in Workers too), CRC-32C and Fletcher32 are checked.
 *
 * Where zarrita would give wrong numbers it is helped or refused: checksums are checked, an index at the start of a
 * shard is found, fill values that JSON can't hold exactly are exact, and data never inflates beyond what a chunk takes.
 *
 * @param source A path, a URL, bytes or a `Blob` of an archive, or a store of zarrita's
 * @param options Which node; of HTTP; limits
 * @returns The node. Close it: that closes the hierarchy
 * @throws {NotFoundError} If there is no array or group
 * @throws {CorruptFileError} If its metadata can't be so
 * @throws {UnsupportedError} If it uses what can't be read
 *
 * @example Usage
 * ```ts
 * import { openZarr } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const metadata = {
 *   zarr_format: 2, shape: [4], chunks: [2], dtype: "<i2", order: "C",
 *   compressor: null, filters: null, fill_value: 7,
 * };
 * const store = new Map([
 *   ["/.zarray", new TextEncoder().encode(JSON.stringify(metadata))],
 *   ["/0", Uint8Array.of(1, 0, 2, 0)],
 * ]);
 * await using array = await openZarr(store);
 * assert(array.kind === "array");
 * assert.deepEqual((await array.read()).data, Int16Array.of(1, 2, 7, 7));
 * ```
 */
export async function openZarr(source: ZarrSource, options: OpenZarrOptions = {}): Promise<ZarrArray | ZarrGroup> {
  checkOptions(options, OPTIONS, "open Zarr");
  const file = nameOfInput(source as SourceInput);
  return await bounded({ deadline: options.deadline, what: "open", file }, options, (options) => open(source, options));
}

async function open(source: ZarrSource, options: OpenZarrOptions): Promise<ZarrArray | ZarrGroup> {
  const { path = "/", zip, signal, ...sourceOptions } = options;
  const store = await storeOf(source, zip, { ...sourceOptions, signal });
  try {
    const plain = plainPath(path);
    if (plain !== "") checkKey(plain, store.name);
    const found = await openNode({ store, limits: resolveLimits(options) }, plain, null, { signal });
    if (found !== null) return found;
    throw new NotFoundError(
      `Cannot open ${JSON.stringify(`/${plain}`)} of ${store.name} as Zarr: there is no zarr.json, .zarray or .zgroup`,
      { file: store.name, object: `/${plain}` },
    );
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function storeOf(source: ZarrSource, zip: boolean | undefined, options: SourceOptions): Promise<KeyStore> {
  if (typeof source === "string" || source instanceof URL) {
    return await isArchive(source, zip) ? await zipStore(source, options) : folderStore(source, options);
  }
  if (typeof (source as Partial<ZarrStore>).get === "function") return foreignStore(source as ZarrStore, options);
  return await zipStore(source as SourceInput, options);
}

async function isArchive(source: string | URL, zip: boolean | undefined): Promise<boolean> {
  if (zip !== undefined) return zip;
  const address = addressOf(source);
  if (!/\.zip$/i.test(address === null ? String(source) : address.pathname)) return false;
  if (address !== null && address.protocol !== "file:") return true;
  const { isFolder } = await import("../source/local/folder_node.ts");
  return !isFolder(address ?? source);
}

/** A store of zarrita's as one of ours. */
function foreignStore(store: ZarrStore, options: SourceOptions): KeyStore {
  const name = "the store";
  const meter = options.meter ?? new CostMeter({ onRequest: options.onRequest });
  const get: KeyStore["get"] = async (key, getOptions) => await store.get(`/${checkKey(key, name)}`, getOptions);
  return {
    name,
    meter,
    deadline: options.deadline,
    get,
    async getRange(key, range, getOptions) {
      if (store.getRange !== undefined) return await store.getRange(`/${checkKey(key, name)}`, range, getOptions);
      const bytes = await get(key, getOptions);
      if (bytes === undefined) return undefined;
      return "offset" in range
        ? bytes.subarray(range.offset, range.offset + range.length)
        : bytes.subarray(Math.max(0, bytes.length - range.suffixLength));
    },
    // deno-lint-ignore require-await -- as a store that has to look has it
    async list(prefix) {
      if (!(store instanceof Map)) return null;
      const start = prefix === "" ? "/" : `/${prefix}/`;
      const below = [...store.keys()].filter((key) => String(key).startsWith(start));
      return [...new Set(below.map((key) => String(key).slice(start.length).split("/")[0]!))].sort();
    },
    async close() {},
  };
}

const OPTIONS: OptionNames<OpenZarrOptions> = { ...SOURCE_OPTIONS, path: true, zip: true };
