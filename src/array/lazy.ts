/**
 * Telling lazy arrays from other values.
 *
 * @module
 */

import type { LazyArray } from "./types.ts";

/** Whether a value is an array that is read only when it is asked. */
export function isLazyArray(value: unknown): value is LazyArray {
  return isReadable(value) && "view" in value && typeof value.view === "function";
}

/**
 * Whether a value can be read as lazy arrays are. Series are so too, but aren't lazy arrays: what takes the one doesn't take
 * the other for it.
 */
export function isReadable(value: unknown): value is Pick<LazyArray, "shape" | "dtype" | "read"> {
  return typeof value === "object" && value !== null && "shape" in value && "dtype" in value && "read" in value &&
    typeof value.read === "function";
}
