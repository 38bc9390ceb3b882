/**
 * Metadata as it stands in tables.
 *
 * @module
 */

import { alignFloats, reprFloat } from "./number_text.ts";
import type { MetadataColumn } from "../metadata.ts";

/**
 * A column's entries as text: floats to two decimals, lists as NumPy prints arrays.
 *
 * @param column The column; a plain one of whole numbers counts as integers
 * @param indices Which entries
 */
export function columnTexts(column: MetadataColumn, indices: readonly number[]): string[] {
  const isPlain = Array.isArray(column);
  const areNumbers = isPlain ? column.every((value) => typeof value === "number") : isFloats(column);
  const areWhole = isPlain && column.every((value) => Number.isInteger(value));
  const itemsize = column instanceof Float32Array ? 4 : 8;
  // Lists are rows of one array there, so that one fraction makes floats of all.
  const fractions = isPlain && column.some((value) => isList(value) && Array.from(value).some(isFraction));
  return indices.map((i) => {
    const value = column[i] as unknown;
    if (areNumbers && !areWhole) return reprFloat(toHundredths(value as number), itemsize);
    return entryText(value, fractions);
  });
}

function entryText(value: unknown, fractions: boolean = false): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : reprFloat(value);
  if (isList(value)) return listText(Array.from(value), fractions || isFloats(value));
  return String(value);
}

function listText(list: readonly unknown[], floats: boolean): string {
  const numbers = list.every((value) => typeof value === "number") ? list as number[] : null;
  if (numbers !== null && floats) return `[${alignFloats(numbers, 2).join(" ")}]`;
  const texts = list.map((value) => typeof value === "string" ? `'${value}'` : entryText(value));
  const width = numbers === null ? 0 : Math.max(0, ...texts.map((text) => text.length));
  return `[${texts.map((text) => text.padStart(width)).join(" ")}]`;
}

// Halves to even, as NumPy rounds.
function toHundredths(value: number): number {
  const scaled = value * 100;
  if (!Number.isFinite(scaled)) return value;
  const rounded = Math.round(scaled);
  return (rounded - scaled === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded) / 100;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isFraction(value: unknown): boolean {
  return typeof value === "number" && !Number.isInteger(value);
}

function isFloats(value: unknown): boolean {
  return value instanceof Float64Array || value instanceof Float32Array;
}
