/**
 * What picks samples, intervals, members and columns.
 *
 * @module
 */

import { flaggedIndices, type SelectedList, selectedList } from "../../array/select/mask.ts";
import type { Mask } from "../../array/types.ts";
import { describe, wrapIndex } from "./numbers.ts";

/** What picks: indices, or a mask, which is also an array of bools as it was read from a file (see {@linkcode Mask}). */
export type Picked = readonly number[] | Uint32Array | Mask;

/** A list that picks, of one axis. @throws {TypeError} If it is none, or bytes, which may be a mask or indices. */
export function listOf(which: Picked, what: string): SelectedList {
  const list = selectedList(which, `pick ${what}s`);
  if (list?.shape.length === 1) return list;
  throw new TypeError(
    `Cannot pick ${what}s by ${list === null ? describe(which) : `an array of ${list.shape.length} axes`}: ` +
      "expected a list of indices or a mask",
  );
}

/** Indices out of indices or a mask: ascending ones. @throws {RangeError} If they don't fit. */
export function pickIndices(
  which: Picked,
  length: number,
  what: string,
): Uint32Array {
  const list = listOf(which, what);
  if (list.kind === "mask") {
    if (list.flags.length !== length) {
      throw new RangeError(`Cannot pick ${what}s by a mask of ${list.flags.length}: there are ${length}`);
    }
    return Uint32Array.from(flaggedIndices(list.flags));
  }
  const indices = Uint32Array.from(
    list.indices as ArrayLike<number>,
    (index) => wrapIndex(Number(index), length, what),
  );
  indices.forEach((index, i) => {
    if (i > 0 && index <= indices[i - 1]!) {
      throw new RangeError(`Cannot pick ${what} ${index} after ${indices[i - 1]}: indices must ascend`);
    }
  });
  return indices;
}
