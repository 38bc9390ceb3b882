/**
 * Ranges along one axis, as zarrita's and Python's `slice` have them.
 *
 * @module
 */

import type { Slice } from "../types.ts";

/**
 * A half-open range along one axis, with NumPy's meaning: `null` leaves a bound open, negative bounds count from the
 * end, bounds beyond the end are clipped, and a negative step walks backwards.
 *
 * Called with one argument it is `slice(stop)`, as in Python and zarrita. The result is what zarrita's own `slice`
 * makes, with `kind` beside it, so either library's slices work in the other.
 *
 * @param stop First index left out; `null` for the end of the axis
 * @returns The range
 *
 * @example Usage
 * ```ts
 * import { slice } from "../../../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(slice(10), { kind: "slice", start: null, stop: 10, step: null });
 * assert.deepEqual(slice(2, 10), { kind: "slice", start: 2, stop: 10, step: null });
 * assert.deepEqual(slice(null, null, -1), { kind: "slice", start: null, stop: null, step: -1 });
 * ```
 */
export function slice(stop: number | null): Slice;
/**
 * A half-open range along one axis, from `start` up to `stop`, taking every `step`-th index.
 *
 * @param start First index; `null` for the first one that the step's direction meets
 * @param stop First index left out; `null` for no bound
 * @param step Distance between indices, not 0; `null` for 1
 * @returns The range
 */
export function slice(start: number | null, stop: number | null, step?: number | null): Slice;
export function slice(first: number | null, stop?: number | null, step: number | null = null): Slice {
  return stop === undefined
    ? { kind: "slice", start: null, stop: first, step }
    : { kind: "slice", start: first, stop, step };
}
