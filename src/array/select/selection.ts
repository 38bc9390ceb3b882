/**
 * Checking selections against a shape, by NumPy's rules, and putting them together.
 *
 * Where more than one axis is selected by a list or a mask, the lists are independent: the result is their outer
 * product (`np.ix_`, zarrita's `orthogonal` indexing), not NumPy's pairing of them. A mask of several axes, which no
 * entry per axis can express, is `read_selection.ts`'s business.
 *
 * Indices are doubles throughout and never meet a bit operation, since an axis may be longer than 2^32.
 *
 * @module
 */

import { flaggedIndices, type SelectedList, selectedList } from "./mask.ts";
import { isNDArray, shapeText } from "../ndarray.ts";
import { describeValue } from "../../source/describe_value.ts";
import { SelectionError } from "../../source/errors.ts";
import type { AxisSelection, ResolvedAxis, Selection } from "../types.ts";

/**
 * Checks a selection against a shape and gives, for each axis, which indices are taken and in which order.
 *
 * @param selection What to take; axes left out at the end are taken whole
 * @param shape Length of each axis
 * @returns One entry per axis of `shape`
 * @throws {SelectionError} If an index is out of range, or anything in the selection isn't one
 * @throws {TypeError} If it holds bare bytes, which may be a mask or indices
 *
 * @example Usage
 * ```ts
 * import { resolveSelection } from "./selection.ts";
 * import { slice } from "./slice.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(resolveSelection([-1, slice(null, null, 2)], [4, 5]), [
 *   { kind: "range", start: 3, step: 1, count: 1, drop: true },
 *   { kind: "range", start: 0, step: 2, count: 3, drop: false },
 * ]);
 * ```
 */
export function resolveSelection(selection: Selection, shape: readonly number[]): ResolvedAxis[] {
  if (selection === null || selection === undefined) return shape.map(wholeAxis);
  if (!Array.isArray(selection)) {
    const way = isNDArray(selection) || ArrayBuffer.isView(selection)
      ? "; a mask or indices for the first axis are [mask] or [indices]"
      : "";
    throw new SelectionError(`Cannot select by ${describe(selection)}: expected a list with one entry per axis${way}`);
  }
  if (selection.length > shape.length && selection.some((entry) => typeof entry === "boolean")) {
    throw new SelectionError("Cannot select by a list of booleans: a mask for the first axis is [mask]");
  }
  if (selection.length > shape.length) {
    throw new SelectionError(
      `Cannot select along ${selection.length} axes: the array has ${shape.length} (shape ${shapeText(shape)})`,
    );
  }
  return shape.map((length, axis) => resolveAxis(selection[axis], length, axis));
}

/** Shape of what a checked selection gives: the counts of the axes that aren't dropped. */
export function resultShape(axes: readonly ResolvedAxis[]): number[] {
  return axes.filter((axis) => !axis.drop).map((axis) => axis.count);
}

/** Number of elements that a checked selection gives. */
export function selectionSize(axes: readonly ResolvedAxis[]): number {
  return axes.reduce((product, axis) => product * axis.count, 1);
}

/** Whether one axis is taken whole, in order. */
export function isWholeAxis(axis: ResolvedAxis, length: number): boolean {
  return axis.kind === "range" && !axis.drop && axis.count === length && axis.start === 0 &&
    (axis.step === 1 || length <= 1);
}

/** Whether a checked selection is the whole array, in order, with every axis kept. */
export function isWhole(axes: readonly ResolvedAxis[], shape: readonly number[]): boolean {
  return axes.length === shape.length && axes.every((axis, i) => isWholeAxis(axis, shape[i]!));
}

/** The indices of one checked axis, one by one. */
export function axisIndices(axis: ResolvedAxis): Float64Array {
  if (axis.kind === "list") return axis.indices;
  const indices = new Float64Array(axis.count);
  for (let i = 0; i < axis.count; i++) indices[i] = axis.start + i * axis.step;
  return indices;
}

/** The `i`-th index of one checked axis; `i` must lie within its count. */
export function axisIndex(axis: ResolvedAxis, i: number): number {
  return axis.kind === "list" ? axis.indices[i]! : axis.start + i * axis.step;
}

/** Smallest and largest index that a checked axis takes, or `null` where it takes none. */
export function axisBounds(axis: ResolvedAxis): { min: number; max: number } | null {
  if (axis.count === 0) return null;
  if (axis.kind === "range") {
    const last = axis.start + (axis.count - 1) * axis.step;
    return { min: Math.min(axis.start, last), max: Math.max(axis.start, last) };
  }
  let min = Infinity;
  let max = -Infinity;
  for (const index of axis.indices) {
    if (index < min) min = index;
    if (index > max) max = index;
  }
  return { min, max };
}

/**
 * The selection `inner` of the result of the selection `outer`, as one selection of the original array.
 *
 * @param outer Checked selection of the array
 * @param inner Checked selection of what `outer` gives: one entry per axis that `outer` keeps
 * @returns One entry per axis of the array
 * @throws {SelectionError} If `inner` has another number of axes than `outer` keeps
 */
export function composeSelections(outer: readonly ResolvedAxis[], inner: readonly ResolvedAxis[]): ResolvedAxis[] {
  const kept = outer.filter((axis) => !axis.drop).length;
  if (kept !== inner.length) {
    throw new SelectionError(`Cannot select along ${inner.length} axes: the view has ${kept}`);
  }
  let next = 0;
  return outer.map((axis) => axis.drop ? axis : composeAxis(axis, inner[next++]!));
}

function composeAxis(outer: ResolvedAxis, inner: ResolvedAxis): ResolvedAxis {
  if (inner.kind === "range" && outer.kind === "range") {
    return range(outer.start + outer.step * inner.start, outer.step * inner.step, inner.count, inner.drop);
  }
  if (inner.kind === "range" && inner.drop) return range(axisIndex(outer, inner.start), 1, 1, true);
  const indices = new Float64Array(inner.count);
  for (let i = 0; i < indices.length; i++) indices[i] = axisIndex(outer, axisIndex(inner, i));
  return { kind: "list", indices, count: indices.length, drop: false };
}

function wholeAxis(length: number): ResolvedAxis {
  return range(0, 1, length, false);
}

// A range of one or no index is written with step 1 (and an empty one with start 0), so that equal selections
// compare equal and a single row counts as contiguous.
function range(start: number, step: number, count: number, drop: boolean): ResolvedAxis {
  if (count === 0) return { kind: "range", start: 0, step: 1, count, drop };
  return { kind: "range", start, step: count === 1 ? 1 : step, count, drop };
}

function resolveAxis(selected: AxisSelection | undefined, length: number, axis: number): ResolvedAxis {
  if (selected === null || selected === undefined) return wholeAxis(length);
  if (typeof selected === "number") return range(checkIndex(selected, length, axis), 1, 1, true);
  const list = selectedList(selected, `select along axis ${axis}`);
  if (list !== null) return resolveListed(list, length, axis);
  if (isSlice(selected)) return resolveSlice(selected, length, axis);
  throw new SelectionError(
    `Cannot select ${describe(selected)} along axis ${axis}: ` +
      "expected an integer, a slice, null, a list of indices or a boolean mask",
  );
}

function isSlice(value: unknown): value is { start: unknown; stop: unknown; step: unknown } {
  return typeof value === "object" && value !== null && "start" in value && "stop" in value && "step" in value;
}

function resolveSlice(
  selected: { start: unknown; stop: unknown; step: unknown },
  length: number,
  axis: number,
): ResolvedAxis {
  const bound = (name: string, value: unknown): number | null => {
    if (value === null || value === undefined) return null;
    if (Number.isSafeInteger(value)) return value as number;
    throw new SelectionError(`Cannot slice axis ${axis}: ${name} is ${describe(value)}, expected an integer or null`);
  };
  const step = bound("step", selected.step) ?? 1;
  if (step === 0) throw new SelectionError(`Cannot slice axis ${axis}: step is 0`);
  // The limits that Python's slice.indices() clips to.
  const lowest = step > 0 ? 0 : -1;
  const highest = step > 0 ? length : length - 1;
  const clip = (value: number) => Math.min(Math.max(value < 0 ? value + length : value, lowest), highest);
  const start = bound("start", selected.start);
  const stop = bound("stop", selected.stop);
  const first = start === null ? (step > 0 ? lowest : highest) : clip(start);
  const end = stop === null ? (step > 0 ? highest : lowest) : clip(stop);
  return range(first, step, Math.max(0, Math.ceil((end - first) / step)), false);
}

function resolveListed(list: SelectedList, length: number, axis: number): ResolvedAxis {
  if (list.shape.length !== 1) {
    const what = list.kind === "mask" ? "a mask" : "indices";
    throw new SelectionError(
      `Cannot select by ${what} of ${list.shape.length} axes along axis ${axis}: ` +
        (list.kind === "mask"
          ? "a mask of several axes can only be read by, and as the first entry of the selection"
          : "indices have one axis"),
    );
  }
  if (list.kind === "indices") return resolveList(list.indices, length, axis);
  if (list.flags.length !== length) {
    throw new SelectionError(
      `Cannot select by a mask along axis ${axis}: it has ${list.flags.length} entries, expected ${length}`,
    );
  }
  const indices = flaggedIndices(list.flags);
  return { kind: "list", indices, count: indices.length, drop: false };
}

function resolveList(selected: ArrayLike<unknown>, length: number, axis: number): ResolvedAxis {
  const indices = new Float64Array(selected.length);
  for (let i = 0; i < indices.length; i++) indices[i] = checkIndex(selected[i], length, axis);
  return { kind: "list", indices, count: indices.length, drop: false };
}

function checkIndex(value: unknown, length: number, axis: number): number {
  const index = typeof value === "bigint" ? Number(value) : value;
  if (!Number.isInteger(index)) {
    throw new SelectionError(`Cannot select index ${describe(value)} along axis ${axis}: expected an integer`);
  }
  const wrapped = (index as number) < 0 ? (index as number) + length : index as number;
  if (wrapped < 0 || wrapped >= length) {
    throw new SelectionError(
      `Cannot select index ${describe(value)} along axis ${axis}: it is out of range for length ${length}`,
    );
  }
  // Turns -0 into 0, which deep comparison tells apart.
  return wrapped + 0;
}

function describe(value: unknown): string {
  return Array.isArray(value) ? "a nested list" : describeValue(value);
}
