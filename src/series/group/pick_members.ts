/**
 * Which members of a group have metadata of some kind.
 *
 * @module
 */

import { upperBound } from "../../time/sorted.ts";
import { type Metadata, numericColumn } from "../metadata.ts";
import { describe } from "../values/numbers.ts";

/** Comparisons that members can be picked by. */
export type Comparison = ">" | "<" | ">=" | "<=";

const COMPARISONS: Readonly<Partial<Record<string, (a: number, b: number) => boolean>>> = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
};

/**
 * The members whose metadata compares with a number.
 *
 * @param metadata The group's
 * @param name The column
 * @param threshold The number
 * @param op The comparison
 * @returns For each member whether it does
 * @throws {TypeError} If the comparison isn't known
 */
export function membersAbove(metadata: Metadata, name: string, threshold: number, op: Comparison): boolean[] {
  const holds = COMPARISONS[op];
  if (holds === undefined) throw new TypeError(`Cannot compare by ${describe(op)}: operation not recognized`);
  return Array.from(numericColumn(name, metadata.get(name)), (value) => holds(value, threshold));
}

/**
 * The members by the bin that their metadata lies in.
 *
 * @param metadata The group's
 * @param name The column
 * @param bins Ascending edges; a bin holds its left one
 * @returns Of each bin that has members the centre, and for each member whether it is in it
 */
export function membersByBin(
  metadata: Metadata,
  name: string,
  bins: ArrayLike<number>,
): { readonly center: number; readonly mask: boolean[] }[] {
  const values = numericColumn(name, metadata.get(name));
  return Array.from({ length: Math.max(0, bins.length - 1) }, (_, bin) => ({
    center: bins[bin]! + (bins[bin + 1]! - bins[bin]!) / 2,
    mask: Array.from(values, (value) => upperBound(bins, value) - 1 === bin),
  })).filter(({ mask }) => mask.includes(true));
}
