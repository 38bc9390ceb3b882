/**
 * Looking into JSON that anyone may have written.
 *
 * @module
 */

import { parseBoundedJson } from "../source/bounded_json.ts";
import { CorruptFileError } from "../source/errors.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a metadata document. A long integer as fill value is kept as text, since a double would round it.
 *
 * @param bytes The document
 * @param name What messages call it
 * @throws {CorruptFileError} If it isn't a JSON object
 */
export function parseDocument(bytes: Uint8Array, name: string): JsonObject {
  let document: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const kept = text.replace(/("fill_value"\s*:\s*)(-?\d{16,64})(?=\s*[,}])/g, '$1"$2"');
    // NaN and the infinities become text, as Zarr writes them itself.
    document = parseBoundedJson(kept, { nonFinite: true });
  } catch (cause) {
    const why = cause instanceof SyntaxError && cause.message.startsWith("It is nested")
      ? "it is nested too deeply"
      : "it isn't JSON";
    throw new CorruptFileError(`Cannot read ${name}: ${why}`, { cause });
  }
  if (!isObject(document)) throw new CorruptFileError(`Cannot read ${name}: it isn't a JSON object`);
  return document;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of lengths, each at least `least`. */
export function isShape(value: unknown, least: number): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= least);
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
