/**
 * A hierarchy as a folder: on disk, or on a server by the address that its keys hang below.
 *
 * @module
 */

import { CostMeter } from "../../source/cost.ts";
import {
  ClosedError,
  CorruptFileError,
  HttpStatusError,
  LimitError,
  NotFoundError,
  WrongKindError,
} from "../../source/errors.ts";
import { resolveLimits } from "../../source/limits.ts";
import { type OpenedSource, openSource, type SourceOptions } from "../../source/open_source.ts";
import { checkKey, joinKey, type KeyStore, placeOf } from "./store.ts";
import type { ZarrGetOptions } from "../types.ts";

// Values that are read by parts (shards) stay open: so many at once.
const KEPT = 16;

/**
 * A folder as a store.
 *
 * @param base Path of the folder, or its address (http, https, file); what an address has behind `?` goes with every key
 * @param options Of HTTP, and limits
 */
export function folderStore(base: string | URL, options: SourceOptions): KeyStore {
  const meter = options.meter ?? new CostMeter({ onRequest: options.onRequest });
  const { maxReadBytes, wholeFileBytes } = resolveLimits(options);
  const address = addressOf(base);
  const name = address === null || address.protocol === "file:" ? String(base) : address.origin + address.pathname;
  const opened = new Map<string, Promise<OpenedSource | undefined>>();
  let isOpen = true;

  // A value that is wanted whole comes by one request, so the first may ask for all of it.
  const open = async (key: string, headBytes: number, { signal }: ZarrGetOptions) => {
    if (!isOpen) throw new ClosedError(`Cannot read ${JSON.stringify(key)} of ${name}: it was closed`, { file: name });
    const at = below(base, address, checkKey(key, name));
    try {
      return await openSource(at, { ...options, meter, headBytes, signal });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const kept = (key: string, getOptions: ZarrGetOptions) => {
    const found = opened.get(key) ?? open(key, 1, getOptions);
    opened.delete(key);
    opened.set(key, found);
    found.catch(() => opened.delete(key));
    if (opened.size > KEPT) drop(opened.keys().next().value!);
    return found;
  };
  const drop = (key: string) => {
    const source = opened.get(key);
    opened.delete(key);
    // What is being read of it is read to its end first.
    source?.then((found) => found?.close()).catch(() => {});
  };

  return {
    name,
    meter,
    deadline: options.deadline,
    async get(key, getOptions) {
      const source = await open(key, Math.min(maxReadBytes, wholeFileBytes), getOptions);
      if (source === undefined) return undefined;
      try {
        const { byteLength } = source.source;
        if (byteLength > maxReadBytes) {
          throw new LimitError(
            `Cannot read ${JSON.stringify(key)} of ${name}: it has ${byteLength.toLocaleString("en")} bytes, ` +
              `more than the limit maxReadBytes of ${maxReadBytes.toLocaleString("en")}`,
            { file: name, object: key },
          );
        }
        return await source.fetcher.read({ offset: 0, length: byteLength }, getOptions);
      } finally {
        await source.close();
      }
    },
    async getRange(key, range, getOptions) {
      const source = await kept(key, getOptions);
      if (source === undefined) return undefined;
      const place = placeOf(range, source.source.byteLength);
      if (place === null) {
        throw new CorruptFileError(
          `Cannot read ${JSON.stringify(key)} of ${name}: it has ${source.source.byteLength} bytes, ` +
            `and ${JSON.stringify(range)} of it is asked for`,
          { file: name, object: key },
        );
      }
      return await source.fetcher.read(place, getOptions);
    },
    async list(prefix) {
      if (address !== null && address.protocol !== "file:") return null;
      const { listFolder } = await import("../../source/local/folder_node.ts");
      return listFolder(prefix === "" ? base : below(base, address, checkKey(prefix, name)));
    },
    async close() {
      isOpen = false;
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map(async (found) => await (await found.catch(() => undefined))?.close()));
    },
  };
}

/** The base as a URL, or `null` where it is a path. */
export function addressOf(base: string | URL): URL | null {
  if (base instanceof URL) return base;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(base) ? new URL(base) : null;
}

function below(base: string | URL, address: URL | null, key: string): string | URL {
  if (address === null) return `${String(base).replace(/[/\\]+$/, "")}/${key}`;
  const at = new URL(address);
  const path = key.split("/").map(encodeURIComponent).join("/");
  at.pathname = joinKey(at.pathname.replace(/\/+$/, ""), path);
  return at;
}

// A folder of a key's name holds other keys, and is no value.
function isMissing(error: unknown): boolean {
  return error instanceof NotFoundError || (error instanceof WrongKindError && /directory/.test(error.message)) ||
    (error instanceof HttpStatusError && (error.status === 404 || error.status === 410));
}
