/**
 * Recordings as text, as torch_brain prints them.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import { AnyArrayDict } from "./array_dict.ts";
import { isArrayValue, isLazyArray } from "./column.ts";
import type { Data } from "./data.ts";
import { printArray } from "./print.ts";

/** `Data(\nkey=value,\n…)`: members by name, not indented. */
export function printData(data: Data): string {
  const lines = [...data.entries()].filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${entryText(key, value, 0)},\n`);
  return `Data(\n${lines.join("")})`;
}

function entryText(key: string, value: unknown, indent: number): string {
  const pad = " ".repeat(indent);
  if (typeof value === "string") return `${pad}${key}='${value}'`;
  if (value instanceof AnyArrayDict || isData(value)) return `${pad}${key}=${value}`;
  if (isNDArray(value) || isArrayValue(value)) return `${pad}${key}=${printArray(key, value)}`;
  if (isLazyArray(value)) return `${pad}${key}=${printArray(key, value)}`;
  if (Array.isArray(value)) return `${pad}${key}=[${value.length}]`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return `${pad}${key}=${recordText(value as Record<string, unknown>, indent)}`;
  }
  return `${pad}${key}=${String(value)}`;
}

function recordText(record: Record<string, unknown>, indent: number): string {
  const entries = Object.entries(record);
  if (entries.length === 0) return "{}";
  const [first] = entries;
  const isNested = typeof first![1] === "object" && first![1] !== null && !Array.isArray(first![1]);
  if (entries.length === 1 && !isNested) return `{ ${entryText(first![0], first![1], 0)} }`;
  const lines = entries.map(([key, value]) => entryText(key, value, indent + 2));
  return `{\n${lines.join(",\n")}\n${" ".repeat(indent)}}`;
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && "absoluteStart" in value && "toHdf5" in value;
}
