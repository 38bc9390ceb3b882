/**
 * What a pickle has put together, made fit for use: boxes opened, circles and bombs refused.
 *
 * @module
 */

import { CorruptFileError, LimitError, UnsupportedError } from "../../source/errors.ts";
import { ArrayBox, DTypeBox, Global } from "./objects.ts";

/** How deep values may be nested. */
const DEEPEST = 200;
/** How many values there may be, one counted as often as it is referred to. */
const MOST = 50_000_000;

/**
 * Opens the boxes in a value, in place.
 *
 * Values that are referred to again and again cost nothing here, but whoever walks through them takes forever: a file of
 * 1 KB can mean 2^100 of them. So each reference counts.
 *
 * @param root The value
 * @param name What messages call the file
 * @returns The value itself, or what was in its box
 * @throws {LimitError} If it is nested too deeply, or holds too many values
 * @throws {UnsupportedError} If it refers to itself
 */
export function openBoxes(root: unknown, name: string): unknown {
  const counts = new Map<object, number>();
  const opened = new Map<object, unknown>();

  const fail = (what: string) => new LimitError(`Cannot read ${name}: its pickle ${what}`);
  const visit = (value: unknown, depth: number): { value: unknown; count: number } => {
    if (typeof value !== "object" || value === null) return { value, count: 1 };
    const known = counts.get(value);
    if (known === 0) throw new UnsupportedError(`Cannot read ${name}: its pickle holds a value that refers to itself`);
    if (known !== undefined) return { value: opened.get(value), count: known };
    if (depth > DEEPEST) throw fail(`is nested more than ${DEEPEST} levels deep`);
    counts.set(value, 0);
    let count = 1;
    const inner = (part: unknown): unknown => {
      const found = visit(part, depth + 1);
      count += found.count;
      if (count > MOST) throw fail(`means more than ${MOST.toLocaleString("en")} values`);
      return found.value;
    };
    const result = open(value, inner, name);
    counts.set(value, count);
    opened.set(value, result);
    return { value: result, count };
  };
  return visit(root, 0).value;
}

function open(value: object, inner: (part: unknown) => unknown, name: string): unknown {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = inner(value[i]);
    return value;
  }
  if (value instanceof Map) {
    const entries = [...value].map(([key, entry]) => [inner(key), inner(entry)] as const);
    value.clear();
    for (const [key, entry] of entries) value.set(key, entry);
    return value;
  }
  if (value instanceof Set) {
    const entries = [...value].map(inner);
    value.clear();
    for (const entry of entries) value.add(entry);
    return value;
  }
  if (value instanceof ArrayBox) {
    if (value.array === undefined) {
      throw new CorruptFileError(`Cannot read ${name}: its pickle leaves an array without data`);
    }
    const { data } = value.array;
    if (Array.isArray(data)) { for (let i = 0; i < data.length; i++) data[i] = inner(data[i]); }
    return value.array;
  }
  if (value instanceof DTypeBox) return value.dtype;
  if (value instanceof Global) {
    throw new UnsupportedError(`Cannot read ${name}: its pickle holds the class ${value.name}`);
  }
  // A record, whose fields may hold boxes; bytes and typed arrays hold none.
  if (Object.getPrototypeOf(value) === Object.prototype && !("data" in value && "stride" in value)) {
    for (const key of Object.keys(value)) {
      (value as Record<string, unknown>)[key] = inner((value as Record<string, unknown>)[key]);
    }
  }
  return value;
}
