/**
 * Recordings by what a file says: the layout that torch_brain and temporaldata write.
 *
 * @module
 */

import { elements, isNDArray } from "../../array/ndarray.ts";
import { fault } from "./file_fault.ts";
import type { Interval } from "../intervals/interval.ts";
import type { Outline } from "./outline.ts";
import { makeArrays, ownDomain } from "./stored_object.ts";

/** What a `Data` group holds. */
export interface StoredData {
  /** Groups and arrays by name, then what its attributes say. */
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  /** Its domain, `null` where it has none. */
  readonly domain: Interval | null;
  /** Seconds that were cut off before its origin. */
  readonly absoluteStart: number;
  /** Whether it is the recording itself, rather than one within. */
  readonly isWhole: boolean;
}

/**
 * Makes a `Data` of what a file says. Reads nothing; nothing is shared with others that are made of the same.
 *
 * @param outline What the file says
 * @param make Makes an object of each `Data` group, inner ones first
 * @param isWhole Whether it isn't within another one
 * @throws {FormatError} If something in it isn't as it should be
 */
export function makeData<T>(outline: Outline, make: (stored: StoredData) => T, isWhole: boolean = true): T {
  const { path, type, attributes, arrays, objects } = outline;
  if (type !== "Data") throw fault(path, `it has a ${type} object, expected Data`);
  const members = new Map<string, unknown>(arrays);
  for (const [key, inner] of objects) {
    members.set(key, inner.type === "Data" ? makeData(inner, make, false) : makeArrays(inner));
  }
  const start = attributes["absolute_start"] ?? 0;
  const absoluteStart = typeof start === "bigint" ? Number(start) : start;
  if (typeof absoluteStart !== "number") throw fault(path, "its absolute_start isn't a number");
  return make({
    entries: [
      ...[...members.keys()].sort().map((name) => [name, members.get(name)] as const),
      ...Object.keys(attributes).filter((name) => !PRIVATE.has(name) && !name.startsWith("_")).sort()
        .map((name) => [name, plain(attributes[name])] as const),
    ],
    domain: outline.domain === null ? null : ownDomain(outline.domain),
    absoluteStart,
    isWhole,
  });
}

/** Attributes that say what a group is, rather than what is in it. */
const PRIVATE: ReadonlySet<string> = new Set(["object", "absolute_start"]);

/**
 * A list that was saved as an attribute is a list again, so that it is saved as one, its integers as bigints. Nobody else
 * has it.
 */
function plain(value: unknown): unknown {
  if (!isNDArray(value)) return value;
  if (!["int", "uint", "float", "string", "bool"].includes(value.dtype.kind)) {
    return { ...value, data: value.data.slice() };
  }
  const isInteger = value.dtype.kind === "int" || value.dtype.kind === "uint";
  const entries = elements(value);
  const next = (): unknown => isInteger ? BigInt(entries.next().value as number | bigint) : entries.next().value;
  const nest = ([count = 0, ...inner]: readonly number[]): unknown[] =>
    Array.from({ length: count }, () => inner.length === 0 ? next() : nest(inner));
  return nest(value.shape);
}
