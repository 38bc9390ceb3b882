/**
 * Counting the samples of many members in bins: a row per bin, a column per member.
 *
 * @module
 */

import type { NumericData } from "../../array/types.ts";
import type { BinnedRows } from "./bins.ts";

/** Members counted together: their counts in a row are one line of the processor's cache. */
const TILE = 16;

/**
 * Counts samples into an array of bins by members.
 *
 * @param count Number of members
 * @param rows Number of bins
 * @param binsOf The samples of each bin of a member; it may write to the memory given
 * @param target Where counts are written
 */
export function countMembers(
  count: number,
  rows: number,
  binsOf: (member: number, into: BinnedRows) => BinnedRows,
  target: NumericData,
): void {
  // Written member by member, each count would be on a memory page of its own.
  const tile = new Uint32Array(Math.min(TILE, count) * rows);
  const into = { from: new Uint32Array(rows), to: new Uint32Array(rows) };
  const isBig = target instanceof BigInt64Array || target instanceof BigUint64Array;
  for (let first = 0; first < count; first += TILE) {
    const width = Math.min(TILE, count - first);
    for (let k = 0; k < width; k++) subtract(binsOf(first + k, into), tile, k * rows);
    if (isBig) spreadBig(tile, target, first, rows, count, width);
    else spread(tile, target as Int32Array, first, rows, count, width);
  }
}

function subtract({ from, to }: BinnedRows, tile: Uint32Array, base: number): void {
  for (let row = 0; row < to.length; row++) tile[base + row] = to[row]! - from[row]!;
}

function spread(
  tile: Uint32Array,
  target: Int32Array,
  first: number,
  rows: number,
  columns: number,
  width: number,
): void {
  for (let row = 0, at = first; row < rows; row++, at += columns) {
    for (let k = 0, from = row; k < width; k++, from += rows) target[at + k] = tile[from]!;
  }
}

function spreadBig(
  tile: Uint32Array,
  target: BigInt64Array | BigUint64Array,
  first: number,
  rows: number,
  columns: number,
  width: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) target[row * columns + first + k] = BigInt(tile[k * rows + row]!);
  }
}
