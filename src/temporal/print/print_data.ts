/**
 * Recordings as text, as torch_brain prints them.
 *
 * @module
 */

import { isNDArray } from "../../array/ndarray.ts";
import { ArrayDict } from "../columns/array_dict.ts";
import { isArrayValue, isLazyArray } from "../columns/column.ts";
import { dateText } from "../files/date_text.ts";
import { isRecording } from "../columns/members.ts";
import { printArray } from "./print.ts";

/**
 * `Data(\nkey=value,\n…)`: members by name, not indented.
 *
 * @param entries Names of the members, and what stands for each
 */
export function printData(entries: Iterable<[string, unknown]>): string {
  const lines = [...entries].filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${entryText(key, value, 0)},\n`);
  return `Data(\n${lines.join("")})`;
}

function entryText(key: string, value: unknown, indent: number): string {
  const pad = " ".repeat(indent);
  if (typeof value === "string") return `${pad}${key}='${value}'`;
  if (value instanceof ArrayDict || isRecording(value)) return `${pad}${key}=${value}`;
  if (isNDArray(value) || isArrayValue(value)) return `${pad}${key}=${printArray(key, value)}`;
  if (isLazyArray(value)) return `${pad}${key}=${printArray(key, value)}`;
  if (Array.isArray(value)) return `${pad}${key}=[${value.length}]`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return `${pad}${key}=${recordText(value as Record<string, unknown>, indent)}`;
  }
  return `${pad}${key}=${scalarText(value)}`;
}

/** As Python's `str` has it, and dates as they are saved: the same text whatever the runtime's language and time zone. */
function scalarText(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return floatText(value);
  return value instanceof Date && Number.isFinite(value.getTime()) ? dateText(value) : String(value);
}

/** Python goes over to powers of ten at other places than JavaScript, and never leaves out that it is a float. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [digits, power] = value.toExponential().split("e") as [string, string];
  if (value !== 0 && (Number(power) < -4 || Number(power) >= 16)) {
    return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
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
