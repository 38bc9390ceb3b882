/**
 * Which rows of an array are taken, and taking them.
 *
 * @module
 */

import { flatten, takeResolved } from "../array/ndarray.ts";
import { slice } from "../array/slice.ts";
import type { ArrayReadOptions, LazyArray, NDArray, ResolvedAxis } from "../array/types.ts";

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
  if (outer.kind === "range") {
    const { start } = outer;
    if (inner.kind === "range") return { kind: "range", start: start + inner.start, stop: start + inner.stop };
    return start === 0 ? inner : { kind: "list", list: inner.list.map((row) => start + row) };
  }
  const { list } = outer;
  if (inner.kind === "range") return { kind: "list", list: list.slice(inner.start, inner.stop) };
  return { kind: "list", list: inner.list.map((row) => list[row]!) };
}

/** Where rows stand within others that hold them all: the opposite of {@linkcode composeRows}. */
export function rowsWithin(outer: Rows, rows: Rows): Rows {
  if (outer.kind === "range") {
    const { start } = outer;
    if (rows.kind === "range") return { kind: "range", start: rows.start - start, stop: rows.stop - start };
    return start === 0 ? rows : { kind: "list", list: rows.list.map((row) => row - start) };
  }
  const places = new Map(Array.from(outer.list, (row, place) => [row, place]));
  return { kind: "list", list: Float64Array.from(eachRow(rows), (row) => places.get(row)!) };
}

/** The rows whose entry isn't 0. */
export function rowsOfMask(mask: Uint8Array): Rows {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) count++;
  const list = new Float64Array(count);
  for (let i = 0, at = 0; i < mask.length; i++) if (mask[i] !== 0) list[at++] = i;
  return { kind: "list", list };
}

/** Rows of an array in memory, copied. */
export function takeRows(array: NDArray, rows: Rows): NDArray {
  if (rows.kind === "range" && array.shape.length === 1) {
    const { data } = flatten(array);
    const units = data.length / Math.max(1, array.shape[0]!);
    const taken = data.slice(rows.start * units, rows.stop * units);
    return { ...array, data: taken, shape: [rows.stop - rows.start], stride: [1] };
  }
  const first: ResolvedAxis = rows.kind === "range"
    ? { kind: "range", start: rows.start, step: 1, count: rows.stop - rows.start, drop: false }
    : { kind: "list", indices: rows.list, count: rows.list.length, drop: false };
  const others = array.shape.slice(1).map((count): ResolvedAxis => ({
    kind: "range",
    start: 0,
    step: 1,
    count,
    drop: false,
  }));
  return takeResolved(array, [first, ...others]);
}

/**
 * Rows of a lazy array. Rows that lie close are read in one run, and picked in memory.
 *
 * @param array The array
 * @param rows Which
 * @param options Abort signal
 */
export async function readRows(array: LazyArray, rows: Rows, options: ArrayReadOptions = {}): Promise<NDArray> {
  // Windows of a recording come in numbers, often one beside the other.
  const near = { ...options, near: true };
  if (rows.kind === "range") return await array.read([slice(rows.start, rows.stop)], near);
  const { list } = rows;
  let from = Infinity;
  let to = 0;
  for (let i = 0; i < list.length; i++) {
    from = Math.min(from, list[i]!);
    to = Math.max(to, list[i]! + 1);
  }
  if (list.length === 0) return await array.read([slice(0, 0)], near);
  if (list.length * SPARSE < to - from) return await array.read([list], near);
  return takeRows(await array.read([slice(from, to)], near), { kind: "list", list: list.map((row) => row - from) });
}

/** Rows are read one by one only where they are fewer than one in so many. */
const SPARSE = 8;

function* eachRow(rows: Rows): Generator<number, void> {
  if (rows.kind === "list") yield* rows.list;
  else for (let row = rows.start; row < rows.stop; row++) yield row;
}
