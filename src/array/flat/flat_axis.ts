/**
 * One axis of a selection in the order of the file.
 *
 * @module
 */

import type { AxisPositions } from "../codec/copy.ts";
import type { ResolvedAxis } from "../types.ts";

/** The indices of an axis, ascending, each with its place in the result. */
export interface SortedAxis {
  /** Number of indices; a list may repeat some. */
  readonly count: number;
  /** Distance between neighbours where it is always the same, else `null`. */
  readonly step: number | null;
  /** Distance between the first and the last. */
  readonly reach: number;
  /** Largest distance between neighbours. */
  readonly farthest: number;
  /** Whether they follow each other without gaps, in file and result. */
  readonly consecutive: boolean;
  /** The `i`-th index. */
  index(i: number): number;
  /** Its place along the axis of the result. */
  place(i: number): number;
  /** Whether `count` of them from the `first` on follow each other without gaps, in file and result. */
  isConsecutive(first: number, count: number): boolean;
  /** Positions of `count` of them from the `first` on: in the file counted from that first one, in the result from the axis' start. */
  part(first: number, count: number): { source: AxisPositions; target: AxisPositions };
}

/**
 * Sorts one axis of a selection, which must not be empty.
 *
 * @param axis The selection along it
 * @returns Its indices, ascending
 */
export function sortAxis(axis: ResolvedAxis): SortedAxis {
  return axis.kind === "range" ? sortRange(axis) : sortList(axis.indices);
}

/**
 * Bytes between neighbours along each axis of a selection's result, which lies in C order.
 *
 * @param axes The selection
 * @param itemsize Bytes per element
 */
export function resultStrides(axes: readonly ResolvedAxis[], itemsize: number): number[] {
  const strides = new Array<number>(axes.length);
  let stride = itemsize;
  for (let i = axes.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= axes[i]!.count;
  }
  return strides;
}

function sortRange({ start, step, count }: Extract<ResolvedAxis, { kind: "range" }>): SortedAxis {
  const by = Math.abs(step);
  const low = step > 0 ? start : start + (count - 1) * step;
  const place = (i: number) => step > 0 ? i : count - 1 - i;
  const isConsecutive = (_first: number, count: number) => count === 1 || step === 1;
  return {
    count,
    step: by,
    reach: (count - 1) * by,
    farthest: count === 1 ? 0 : by,
    consecutive: isConsecutive(0, count),
    index: (i) => low + i * by,
    place,
    isConsecutive,
    part: (first) => ({
      source: { start: 0, step: by },
      target: { start: place(first), step: step > 0 ? 1 : -1 },
    }),
  };
}

function sortList(indices: Float64Array): SortedAxis {
  const order = Float64Array.from(indices, (_, i) => i);
  let sorted = indices;
  if (indices.some((index, i) => i > 0 && index < indices[i - 1]!)) {
    order.sort((a, b) => indices[a]! - indices[b]! || a - b);
    sorted = order.map((i) => indices[i]!);
  }
  const count = sorted.length;
  const isConsecutive = (first: number, count: number) => {
    for (let i = first + 1; i < first + count; i++) {
      if (sorted[i]! !== sorted[i - 1]! + 1 || order[i]! !== order[i - 1]! + 1) return false;
    }
    return true;
  };
  let farthest = 0;
  for (let i = 1; i < count; i++) farthest = Math.max(farthest, sorted[i]! - sorted[i - 1]!);
  return {
    count,
    step: null,
    reach: sorted[count - 1]! - sorted[0]!,
    farthest,
    consecutive: isConsecutive(0, count),
    index: (i) => sorted[i]!,
    place: (i) => order[i]!,
    isConsecutive,
    part: (first, count) => ({
      source: { indices: sorted.subarray(first, first + count).map((index) => index - sorted[first]!) },
      target: { indices: order.subarray(first, first + count) },
    }),
  };
}
