/**
 * Names that tell recordings of several datasets apart.
 *
 * @module
 */

import { DTypeError } from "../../source/errors.ts";
import type { Data } from "../data.ts";

/**
 * Puts a namespace before attributes of a recording, in place: texts, and lists of texts or integers. Lazy ones are read.
 *
 * @param data The recording
 * @param paths Which attributes, such as `session.id`, `units.id`
 * @param namespace What is put before them, such as `dataset1/`
 * @returns The recording
 * @throws {NotFoundError} If there is no such attribute
 * @throws {DTypeError} If one is anything else
 */
export async function applyNamespace(data: Data, paths: readonly string[], namespace: string): Promise<Data> {
  const prefixed = await Promise.all(paths.map(async (path) => {
    const value: unknown = await data.get<unknown>(path);
    if (typeof value === "string") return namespace + value;
    const isFloat = value instanceof Float32Array || value instanceof Float64Array;
    if ((Array.isArray(value) || ArrayBuffer.isView(value)) && !isFloat) {
      const names = Array.from(value as ArrayLike<unknown>, (entry) => {
        if (["string", "bigint"].includes(typeof entry) || Number.isInteger(entry)) return namespace + String(entry);
        throw unsupported(path);
      });
      return names;
    }
    throw unsupported(path);
  }));
  paths.forEach((path, i) => data.set(path, prefixed[i]));
  return data;
}

function unsupported(path: string): DTypeError {
  return new DTypeError(`Cannot put a namespace before ${path}: expected text, or a list of texts or integers`);
}
