/**
 * Axes of a checked selection as entries of a new one.
 *
 * @module
 */

import { axisIndex } from "../../array/select/selection.ts";
import type { AxisSelection, ResolvedAxis } from "../../array/types.ts";

/** Indices that follow each other as a slice, which readers are quicker with. */
export function rangeOrList(indices: readonly number[]): AxisSelection {
  const [first] = indices;
  if (first === undefined) return [];
  return indices.every((index, i) => index === first + i)
    ? { start: first, stop: first + indices.length, step: 1 }
    : indices;
}

/** An axis as it is, but kept in the result where it would be dropped. */
export function withoutDropping(axis: ResolvedAxis): AxisSelection {
  if (axis.kind === "list") return axis.indices;
  if (axis.step < 0 || axis.count === 0) return Float64Array.from({ length: axis.count }, (_, i) => axisIndex(axis, i));
  return { start: axis.start, stop: axis.start + (axis.count - 1) * axis.step + 1, step: axis.step };
}
