/**
 * Objects in one line, for `String(x)` and `console.log(x)`.
 *
 * @module
 */

import { describeDType } from "../dtype/dtype.ts";
import { shapeText } from "../ndarray.ts";
import type { DType } from "../types.ts";

/** Longest name of a type that is shown in full; records have longer ones. */
const LONGEST_TYPE = 60;

/** Most names that are listed. */
const MOST_NAMES = 8;

/**
 * What an object is, in one line: words, those that are missing left out.
 *
 * @param kind Name of its class
 * @param name What it is called; `undefined` for none
 * @param words What else there is to say
 *
 * @example Usage
 * ```ts
 * import { summary } from "./summary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(summary("Group", "/a", "3 members", null), 'Group "/a" 3 members');
 * ```
 */
export function summary(kind: string, name: string | undefined, ...words: (string | null | undefined)[]): string {
  return [kind, name === undefined ? null : JSON.stringify(name), ...words]
    .filter((word) => word !== null && word !== undefined && word !== "")
    .join(" ");
}

/** Type and shape of an array, such as `int16 (1000, 64)`. */
export function typeAndShape({ dtype, shape }: {
  readonly dtype: DType;
  readonly shape: readonly (number | null)[];
}): string {
  const type = describeDType(dtype);
  return `${type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE)}…` : type} ${shapeText(shape)}`;
}

/** Shape of its chunks, such as `chunks (100, 64)`; `null` where it has none. */
export function chunksText(chunkShape: readonly number[] | null): string | null {
  return chunkShape === null ? null : `chunks ${shapeText(chunkShape)}`;
}

/** A number of things, such as `1 member` or `3 members`; `null` where it isn't known. */
export function countText(count: number | null, thing: string): string | null {
  return count === null ? null : `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** Things and their names, such as `2 columns: id, times`; of many the first ones. */
export function namesText(names: readonly string[], thing: string): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return `${countText(names.length, thing)}${names.length === 0 ? "" : ": "}${shown}${
    names.length > MOST_NAMES ? ", …" : ""
  }`;
}
