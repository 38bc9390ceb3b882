/**
 * One axis of a selection as the hyperslabs that `H5Dread` takes: ascending, without repeats.
 *
 * @module
 */
import type { ResolvedAxis } from "../../array/types.ts";

/** Evenly spaced indices, ascending. */
export interface Segment {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** Where it starts among all indices read along the axis. */
  readonly place: number;
}

/** One axis of a selection, in the order in which it can be read. */
export interface SplitAxis {
  readonly segments: Segment[];
  /** Number of indices read. */
  readonly total: number;
  /** For each index of the selection its place among those read; `null` where that is one after the other. */
  readonly pick: Float64Array | null;
}

/**
 * Splits one axis.
 *
 * @param axis The selection along it.
 */
export function splitSegments(axis: ResolvedAxis): SplitAxis {
  if (axis.kind === "range") {
    const { start, step, count } = axis;
    if (count === 0) return { segments: [], total: 0, pick: null };
    if (step > 0) return { segments: [{ start, step, count, place: 0 }], total: count, pick: null };
    const low = start + (count - 1) * step;
    const pick = Float64Array.from({ length: count }, (_, i) => count - 1 - i);
    return { segments: [{ start: low, step: -step, count, place: 0 }], total: count, pick: count > 1 ? pick : null };
  }
  const sorted = [...new Set(axis.indices)].sort((a, b) => a - b);
  const placeOf = new Map(sorted.map((index, place) => [index, place]));
  const segments: Segment[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    const step = to < sorted.length ? sorted[to]! - sorted[from]! : 1;
    while (to < sorted.length && sorted[to]! - sorted[to - 1]! === step) to++;
    segments.push({ start: sorted[from]!, step, count: to - from, place: from });
    from = to;
  }
  const inOrder = axis.indices.length === sorted.length && axis.indices.every((index, i) => index === sorted[i]);
  return {
    segments,
    total: sorted.length,
    pick: inOrder ? null : Float64Array.from(axis.indices, (index) => placeOf.get(index)!),
  };
}
