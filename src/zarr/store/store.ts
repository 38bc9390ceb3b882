/**
 * Where the keys of a hierarchy come from.
 *
 * @module
 */

import type { CostMeter } from "../../source/cost.ts";
import { FormatError } from "../../source/errors.ts";
import type { ZarrGetOptions, ZarrRange } from "../types.ts";

/** Keys with bytes. Here keys have no slash in front. */
export interface KeyStore {
  /** What messages call it: a path, a URL. */
  readonly name: string;
  /** Counts what it costs. */
  readonly meter: CostMeter;
  /** How long one call may take that reads it: the option `deadline`. */
  readonly deadline?: number | undefined;
  /** Bytes of the whole, where it is one file. */
  readonly byteLength?: number | undefined;
  /** The value of a key, or `undefined` where there is none. */
  get(key: string, options: ZarrGetOptions): Promise<Uint8Array | undefined>;
  /** A part of a value. */
  getRange(key: string, range: ZarrRange, options: ZarrGetOptions): Promise<Uint8Array | undefined>;
  /** Names directly below a prefix, folders and values alike, sorted; `null` where they can't be listed. */
  list(prefix: string, options: ZarrGetOptions): Promise<string[] | null>;
  /** Releases what it holds. */
  close(): Promise<void>;
}

/**
 * Checks that a key stays below the root: keys are made of paths that users give and of what metadata says.
 *
 * @param key The key, without a slash in front
 * @param store What messages call the store
 * @returns The key
 * @throws {FormatError} If it leads elsewhere
 */
export function checkKey(key: string, store: string): string {
  // deno-lint-ignore no-control-regex -- it is what is looked for
  const bad = /[\\\u0000]/.test(key) || key.split("/").some((part) => part === "" || part === "." || part === "..");
  if (!bad) return key;
  throw new FormatError(`Cannot look up ${JSON.stringify(key)} in ${store}: it is no key that stays within`);
}

/** A path in a hierarchy without slashes at its ends or in a row. */
export function plainPath(path: string): string {
  return path.split("/").filter((part) => part !== "").join("/");
}

/** A path and a name below it. */
export function joinKey(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

/**
 * Where a part of a value lies.
 *
 * @param range The part
 * @param byteLength Length of the value
 * @returns First byte and length, or `null` where the part isn't all there
 */
export function placeOf(range: ZarrRange, byteLength: number): { offset: number; length: number } | null {
  if ("suffixLength" in range) {
    const length = range.suffixLength;
    return length <= byteLength ? { offset: byteLength - length, length } : null;
  }
  const { offset, length } = range;
  const isThere = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset + length <= byteLength;
  return isThere ? { offset, length } : null;
}
