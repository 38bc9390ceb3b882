/**
 * Which rows of an array are taken, and taking them. Not `series/values/rows.ts`, whose lists are uint32 and of ascending
 * samples: here rows may be of remote arrays longer than 2^32, in any order, and are found again within others.
 *
 * @module
 */

import { flatten, takeResolved } from "../../array/ndarray.ts";
import type { ArrayData, NDArray, NumericData, ResolvedAxis } from "../../array/types.ts";
import { lowerBound } from "../../time/sorted.ts";

/** Rows of an array: a run of them, or single ones in any order, none twice. */
export type Rows =
  | { readonly kind: "range"; readonly start: number; readonly stop: number }
  | { readonly kind: "list"; readonly list: Float64Array };

/** The first `count` rows. */
export function allRows(count: number): Rows {
  return { kind: "range", start: 0, stop: count };
}

/** How many rows there are. */
export function countRows(rows: Rows): number {
  return rows.kind === "range" ? rows.stop - rows.start : rows.list.length;
}

/** Rows of rows: `inner` counts within `outer`. */
export function composeRows(outer: Rows, inner: Rows): Rows {
  if (outer.kind === "range") return movedRows(inner, outer.start);
  if (inner.kind === "range") return { kind: "list", list: outer.list.subarray(inner.start, inner.stop) };
  return { kind: "list", list: pickNumbers(outer.list, inner.list) };
}

/**
 * Where rows stand within others that hold them all: the opposite of {@linkcode composeRows}.
 *
 * @param outer The others
 * @param rows The rows
 */
export function rowsWithin(outer: Rows, rows: Rows): Rows {
  if (outer === rows) return allRows(countRows(rows));
  if (outer.kind === "range") return movedRows(rows, -outer.start);
  const { list } = outer;
  const isAscending = ascends(list);
  if (isAscending && rows.kind === "range") {
    const start = lowerBound(list, rows.start);
    return { kind: "range", start, stop: start + rows.stop - rows.start };
  }
  const wanted = rows.kind === "list" ? rows.list : Float64Array.from({ length: countRows(rows) }, (_, i) => {
    return rows.start + i;
  });
  return { kind: "list", list: isAscending ? placesAscending(list, wanted) : placesAnyhow(list, wanted) };
}

/** The rows whose entry isn't 0: a run where they are one. */
export function rowsOfMask(mask: Uint8Array): Rows {
  const count = countMask(mask);
  const start = mask.findIndex((entry) => entry !== 0);
  if (count === 0) return allRows(0);
  if (mask[start + count - 1] !== 0 && countMask(mask.subarray(start, start + count)) === count) {
    return { kind: "range", start, stop: start + count };
  }
  const list = new Float64Array(count);
  for (let i = start, at = 0; at < count; i++) if (mask[i] !== 0) list[at++] = i;
  return { kind: "list", list };
}

/** How many entries aren't 0. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) count++;
  return count;
}

/** The rows that are among both, which are in ascending order. */
export function commonRows(a: Rows, b: Rows): Rows {
  if (a.kind === "range") return clipped(b, a.start, a.stop);
  if (b.kind === "range") return clipped(a, b.start, b.stop);
  const [short, long] = a.list.length < b.list.length ? [a.list, b.list] : [b.list, a.list];
  const out = new Float64Array(short.length);
  let count = 0;
  for (let i = 0, at = 0; i < short.length; i++) {
    at = nextPlace(long, short[i]!, at);
    if (long[at] === short[i]) out[count++] = short[i]!;
  }
  return { kind: "list", list: out.subarray(0, count) };
}

function clipped(rows: Rows, start: number, stop: number): Rows {
  if (rows.kind === "list") {
    const from = lowerBound(rows.list, start);
    return { kind: "list", list: rows.list.subarray(from, lowerBound(rows.list, stop, from)) };
  }
  const first = Math.min(rows.stop, Math.max(rows.start, start));
  return { kind: "range", start: first, stop: Math.max(first, Math.min(rows.stop, stop)) };
}

/** Numbers by their rows, copied. */
export function takeNumbers(values: Float64Array, rows: Rows): Float64Array {
  return rows.kind === "range" ? values.slice(rows.start, rows.stop) : pickNumbers(values, rows.list);
}

/** Rows of an array in memory, copied. */
export function takeRows(array: NDArray, rows: Rows): NDArray {
  const count = countRows(rows);
  const flat = flatten(array);
  const length = array.shape[0]!;
  const units = length === 0 ? 0 : flat.data.length / length;
  const shape = [count, ...array.shape.slice(1)];
  if (rows.kind === "range") {
    const data = flat.data.slice(rows.start * units, rows.stop * units);
    return { data, shape, stride: flat.stride, dtype: array.dtype };
  }
  if (units === 1 && array.shape.length === 1) {
    return { data: pickElements(flat.data, rows.list), shape, stride: flat.stride, dtype: array.dtype };
  }
  const others = array.shape.slice(1).map((count): ResolvedAxis => {
    return { kind: "range", start: 0, step: 1, count, drop: false };
  });
  return takeResolved(array, [{ kind: "list", indices: rows.list, count, drop: false }, ...others]);
}

/** Rows as they are counted from another place. */
export function movedRows(rows: Rows, by: number): Rows {
  if (by === 0) return rows;
  if (rows.kind === "range") return { kind: "range", start: rows.start + by, stop: rows.stop + by };
  const list = new Float64Array(rows.list.length);
  for (let i = 0; i < list.length; i++) list[i] = rows.list[i]! + by;
  return { kind: "list", list };
}

function pickNumbers(values: Float64Array, list: Float64Array): Float64Array {
  const out = new Float64Array(list.length);
  for (let i = 0; i < out.length; i++) out[i] = values[list[i]!]!;
  return out;
}

function pickElements(data: ArrayData, list: Float64Array): ArrayData {
  if (Array.isArray(data)) return Array.from(list, (row) => data[row]);
  const out = new (data.constructor as new (length: number) => NumericData)(list.length);
  const pick = data.BYTES_PER_ELEMENT === 8 ? pickPairs : pickCells;
  pick(cellsOf(data), cellsOf(out), list);
  return out;
}

type Cells = Uint8Array | Uint16Array | Uint32Array;

/** A typed array's bytes as cells of its elements' size, or half of that: bits are moved, whatever they stand for. */
function cellsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: NumericData): Cells {
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function pickCells(source: Cells, target: Cells, list: Float64Array): void {
  for (let i = 0; i < list.length; i++) target[i] = source[list[i]!]!;
}

/** Elements of 64 bits: making a bigint of each would take ten times as long. */
function pickPairs(source: Cells, target: Cells, list: Float64Array): void {
  for (let i = 0; i < list.length; i++) {
    const at = 2 * list[i]!;
    target[2 * i] = source[at]!;
    target[2 * i + 1] = source[at + 1]!;
  }
}

function ascends(list: Float64Array): boolean {
  for (let i = 1; i < list.length; i++) if (list[i - 1]! >= list[i]!) return false;
  return true;
}

/** Places in an ascending list; quick where what is wanted ascends too. */
function placesAscending(list: Float64Array, wanted: Float64Array): Float64Array {
  const places = new Float64Array(wanted.length);
  let at = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = wanted[i]!;
    at = nextPlace(list, row, list[at]! > row ? 0 : at);
    places[i] = at;
  }
  return places;
}

/** The first place, from one on, whose row isn't below another; mostly near, where walking is quicker than searching. */
function nextPlace(list: Float64Array, row: number, from: number): number {
  let at = from;
  for (let step = 0; step < 16 && list[at]! < row; step++) at++;
  return list[at]! < row ? lowerBound(list, row, at) : at;
}

function placesAnyhow(list: Float64Array, wanted: Float64Array): Float64Array {
  let last = 0;
  for (let i = 0; i < list.length; i++) last = Math.max(last, list[i]!);
  const placeOf = new Float64Array(last + 1);
  for (let i = 0; i < list.length; i++) placeOf[list[i]!] = i;
  return pickNumbers(placeOf, wanted);
}
