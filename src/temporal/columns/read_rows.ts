/**
 * Rows of an array that is read.
 *
 * @module
 */

import { flatten, sizeOf } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import type { ArrayData, ArrayReadOptions, LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { movedRows, type Rows, takeRows } from "./rows.ts";
import { waitForAll } from "../wait_for_all.ts";

/**
 * Rows of a lazy array. Rows that lie close are read in one run, and picked in memory.
 *
 * @param array The array
 * @param rows Which
 * @param options Abort signal, and whether whole pages are fetched
 */
export async function readRows(array: LazyArray, rows: Rows, options?: ArrayReadOptions): Promise<NDArray> {
  if (rows.kind === "range") return await array.read([slice(rows.start, rows.stop)], options);
  const rowBytes = Math.max(1, sizeOf(array.shape.slice(1)) * (array.dtype.itemsize || 16));
  const runs = runsOf(rows.list, FAR_BYTES / rowBytes);
  if (runs.length > MOST_RUNS) return await readRun(array, rows.list, options);
  return concatenated(await waitForAll(runs.map((run) => readRun(array, run, options))));
}

/** Bytes that are rather read along than asked around. */
const FAR_BYTES = 65_536;

/** The most runs that are read apart. */
const MOST_RUNS = 64;

/** Rows are read one by one only where they are fewer than one in so many. */
const SPARSE = 8;

async function readRun(array: LazyArray, list: Float64Array, options: ArrayReadOptions | undefined): Promise<NDArray> {
  let from = Infinity;
  let to = 0;
  for (let i = 0; i < list.length; i++) {
    from = Math.min(from, list[i]!);
    to = Math.max(to, list[i]! + 1);
  }
  if (list.length === 0) return await array.read([slice(0, 0)], options);
  if (list.length * SPARSE < to - from) return await array.read([list], options);
  const run = await array.read([slice(from, to)], options);
  return list.length === to - from && list[0] === from && list.at(-1) === to - 1 && isRising(list)
    ? run
    : takeRows(run, movedRows({ kind: "list", list }, -from));
}

function isRising(list: Float64Array): boolean {
  for (let i = 1; i < list.length; i++) if (list[i - 1]! >= list[i]!) return false;
  return true;
}

/** Rows cut where more than so many lie between two; all in one where they aren't in order. */
function runsOf(list: Float64Array, most: number): Float64Array[] {
  if (list.length === 0 || !isRising(list)) return [list];
  const runs: Float64Array[] = [];
  let start = 0;
  for (let i = 1; i <= list.length; i++) {
    if (i < list.length && list[i]! - list[i - 1]! <= most) continue;
    runs.push(list.subarray(start, i));
    start = i;
  }
  return runs;
}

function concatenated(arrays: readonly NDArray[]): NDArray {
  const [first] = arrays as readonly [NDArray, ...NDArray[]];
  if (arrays.length === 1) return first;
  const parts = arrays.map((array) => flatten(array).data);
  const shape = [arrays.reduce((sum, array) => sum + array.shape[0]!, 0), ...first.shape.slice(1)];
  return { data: joined(parts), shape, stride: flatten(first).stride, dtype: first.dtype };
}

function joined(parts: readonly ArrayData[]): ArrayData {
  const [first] = parts as readonly [ArrayData, ...ArrayData[]];
  if (Array.isArray(first)) return (parts as readonly unknown[][]).flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new (first.constructor as new (length: number) => NumericData)(length);
  let at = 0;
  for (const part of parts as readonly NumericData[]) {
    out.set(part as never, at);
    at += part.length;
  }
  return out;
}
