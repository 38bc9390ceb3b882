/**
 * Digests of whatever is read.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { MicrotomeError } from "../../mod.ts";
import type { Reading } from "./kind.ts";

/** A digest of a value: equal for equal values, bit for bit. */
export function digest(value: unknown): string {
  const hash = createHash("sha1");
  add(hash, value);
  return hash.digest("hex");
}

function add(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength}:`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    hash.update(`[${value.length}:`);
    for (const part of value) add(hash, part);
  } else if (value instanceof Map || value instanceof Set) {
    hash.update(`{${value.size}:`);
    for (const part of value) add(hash, part);
  } else if (typeof value === "object" && value !== null) {
    hash.update("{");
    for (const [key, part] of Object.entries(value)) {
      hash.update(`${key}:`);
      add(hash, part);
    }
  } else hash.update(`${typeof value} ${Object.is(value, -0) ? "-0" : String(value)};`);
}

/**
 * Reads one thing and notes its digest, or its error.
 *
 * @param reading Where
 * @param name What it belongs to
 * @param read Reads it
 * @returns What was read, `undefined` where that failed
 */
export async function note<T>(reading: Reading, name: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    const value = await read();
    reading.items.set(name, digest(value));
    return value;
  } catch (error) {
    reading.errors.push(error);
    reading.items.set(name, `error ${error instanceof MicrotomeError ? error.code : "foreign"}`);
    return undefined;
  }
}
