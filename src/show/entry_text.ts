/**
 * Entries of NWB files as JSON and CSV.
 *
 * @module
 */

import { numpyName } from "../array/dtype/dtype.ts";
import { elements, isNDArray } from "../array/ndarray.ts";
import { csvCell, jsonElement, type JsonValue, quoteCell, toJsonValue } from "../array/text/serialise.ts";
import type { FloatDType, NDArray } from "../array/types.ts";
import { IntervalSet } from "../series/intervals/interval_set.ts";
import type { Metadata, MetadataColumn } from "../series/metadata.ts";
import { Ts } from "../series/ts.ts";
import { TsGroup } from "../series/ts_group.ts";
import { TsdFrame } from "../series/tsd_frame.ts";
import { ValueSeries } from "../series/value_series.ts";
import { SelectionError } from "../source/errors.ts";
import type { SeriesEntry } from "./window.ts";

/** An entry whose values are in memory, and what is said of it beside. */
export interface ReadEntry {
  /** Its key. */
  readonly key: string;
  /** As what it is read. */
  readonly type: string;
  /** Unit of its values; `null` where that isn't known. */
  readonly unit: string | null;
  /** The entry. */
  readonly entry: SeriesEntry;
}

const FLOAT64: FloatDType = { kind: "float", itemsize: 8, byteOrder: "<" };
const PIECE = 8192;

/**
 * An entry as one JSON object: `key`, `type`, then `times` and, of what has values, `unit`, `shape`, `dtype` and `data`,
 * flat in C order; of intervals `start` and `end`; of a group the times of its `members`.
 *
 * @param read The entry
 */
export function* entryJson({ key, type, unit, entry }: ReadEntry): Generator<string> {
  const head = (more: Record<string, JsonValue>) => JSON.stringify({ key, type, ...more }).slice(0, -1);
  if (entry instanceof IntervalSet) {
    yield head({});
    yield* list("start", entry.start);
    yield* list("end", entry.end);
    yield `,"metadata":${JSON.stringify(metadataJson(entry.metadata))}}\n`;
  } else if (entry instanceof ValueSeries) {
    const columns = entry instanceof TsdFrame ? { columns: [...entry.columns] } : {};
    const metadata = entry instanceof TsdFrame ? { metadata: metadataJson(entry.metadata) } : {};
    yield head({ unit, shape: [...entry.shape], dtype: numpyName(entry.dtype), ...columns, ...metadata });
    yield* list("times", entry.times);
    yield `,"data":[`;
    yield* joined(elements(entry.values as NDArray), (value) => JSON.stringify(jsonElement(value, entry.dtype)));
    yield "]}\n";
  } else if (entry instanceof Ts) {
    yield head({});
    yield* list("times", entry.times);
    yield "}\n";
  } else {
    const metadata = entry instanceof TsGroup ? { metadata: metadataJson(entry.metadata) } : {};
    const members = [...entry as Iterable<[number | string, Ts | ValueSeries]>];
    yield `${head({ keys: members.map(([name]) => name), ...metadata })},"members":{`;
    for (const [i, [name, { times }]] of members.entries()) {
      yield `${i === 0 ? "" : ","}${JSON.stringify(String(name))}:[`;
      yield* joined(times, numberJson);
      yield "]";
    }
    yield "}}\n";
  }
}

/**
 * An entry as CSV: a header, then a line per sample with its time first, per interval, or per tick of a member.
 *
 * @param read The entry
 * @throws {SelectionError} If samples have more than one axis
 */
export function* entryCsv({ key, entry }: ReadEntry): Generator<string> {
  if (entry instanceof IntervalSet) {
    const names = entry.metadata.keys();
    yield `${["start", "end", ...names].map(quoteCell).join(",")}\n`;
    const columns = names.map((name) => entry.metadata.get(name));
    for (let i = 0; i < entry.length; i++) {
      yield `${number(entry.start[i]!)},${number(entry.end[i]!)}${
        columns.map((of) => `,${plainCell(of[i])}`).join("")
      }\n`;
    }
  } else if (entry instanceof ValueSeries) {
    if (entry.shape.length > 2) {
      throw new SelectionError(
        `Cannot write ${key} of shape (${entry.shape.join(", ")}) as CSV, which has two axes: use .npz, .npy or .json`,
      );
    }
    const names = entry instanceof TsdFrame ? entry.columns.map(String) : ["value"];
    yield `${["time", ...names].map(quoteCell).join(",")}\n`;
    const { times, dtype } = entry;
    const values = elements(entry.values as NDArray)[Symbol.iterator]();
    let piece = "";
    for (let row = 0; row < times.length; row++) {
      piece += number(times[row]!);
      for (const _ of names) piece += `,${csvCell(values.next().value, dtype)}`;
      piece += "\n";
      if (row % PIECE === PIECE - 1) {
        yield piece;
        piece = "";
      }
    }
    yield piece;
  } else if (entry instanceof Ts) {
    yield "time\n";
    yield* lines(entry.times, "");
  } else {
    yield entry instanceof TsGroup ? "unit,time\n" : "column,time\n";
    for (const [name, { times }] of entry as Iterable<[number | string, Ts]>) {
      yield* lines(times, `${quoteCell(String(name))},`);
    }
  }
}

function* list(name: string, numbers: ArrayLike<number> & Iterable<number>): Generator<string> {
  yield `,${JSON.stringify(name)}:[`;
  yield* joined(numbers, numberJson);
  yield "]";
}

function* joined<T>(values: Iterable<T>, text: (value: T) => string): Generator<string> {
  let piece = "";
  let count = 0;
  for (const value of values) {
    piece += (count === 0 ? "" : ",") + text(value);
    if (++count % PIECE === 0) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function* lines(times: Float64Array, before: string): Generator<string> {
  for (let from = 0; from < times.length; from += PIECE) {
    yield Array.from(times.subarray(from, from + PIECE), (time) => `${before}${number(time)}\n`).join("");
  }
}

function metadataJson(metadata: Metadata): { [name: string]: JsonValue } {
  return Object.fromEntries(Object.entries(metadata.toRecord()).map(([name, column]) => [name, columnJson(column)]));
}

function columnJson(column: MetadataColumn): JsonValue[] {
  return Array.from(column as ArrayLike<unknown>, plainJson);
}

function plainJson(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return jsonElement(value, FLOAT64);
  if (isNDArray(value)) return toJsonValue(value);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return Array.from(value as ArrayLike<unknown>, plainJson);
  }
  return String(value);
}

function plainCell(value: unknown): string {
  const plain = plainJson(value);
  if (plain === null) return "";
  return quoteCell(typeof plain === "object" ? JSON.stringify(plain) : String(plain));
}

function numberJson(value: number): string {
  return JSON.stringify(jsonElement(value, FLOAT64));
}

function number(value: number): string {
  return csvCell(value, FLOAT64);
}
