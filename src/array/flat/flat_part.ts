/**
 * Where the elements of an array lie, whatever has made it: the flat array that it looks at, and what of it.
 *
 * @module
 */

import { resolveSelection } from "../select/selection.ts";
import { ArrayView } from "../select/view.ts";
import type { LazyArray, ResolvedAxis } from "../types.ts";
import { FlatArray } from "./flat_array.ts";

/** A part of an array that lies flat in a file. */
export interface FlatPart {
  /** The array. */
  readonly flat: FlatArray;
  /** What of it is seen: one entry for each of its axes. */
  readonly axes: readonly ResolvedAxis[];
}

/**
 * Where the elements of an array lie.
 *
 * @param array A flat array, one over a flat file, or a view of these
 * @returns The part, or `null` where its elements don't lie in a file as they are read: stored in pieces, computed, in memory
 */
export function flatPartOf(array: LazyArray): FlatPart | null {
  const whole: unknown = array instanceof ArrayView ? array.reader : array;
  // What stands over a flat array says so.
  const flat = whole instanceof FlatArray ? whole : (whole as { readonly flat?: unknown }).flat;
  if (!(flat instanceof FlatArray)) return null;
  return { flat, axes: array instanceof ArrayView ? array.axes : resolveSelection(null, flat.shape) };
}
