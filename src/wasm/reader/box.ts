/**
 * Boxes of elements between arrays of any strides: what is asked for, checked and brought into its simplest form.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { checkCount } from "./blocks.ts";

/** One axis of a box. Index `i` lies at byte `i * stride`, or `indices[i] * stride`, after where the box begins. */
export interface BoxAxis {
  /** How many indices. */
  readonly count: number;
  /** Bytes from one index of the source to the next; may be negative or 0. */
  readonly stride: number;
  /** Which indices, where they don't follow each other: `count` of them, from 0. */
  readonly indices?: ArrayLike<number> | undefined;
}

/** A box of an array, to be had in C order. */
export interface Box {
  /** Bytes per element. */
  readonly itemsize: number;
  /** Bytes that are reversed within an element: 2, 4, 8 or 16, which divides `itemsize`; 1, the default, for none. */
  readonly swap?: number | undefined;
  /** Byte of the source at which index 0 of all axes lies. */
  readonly offset?: number | undefined;
  /** The axes, outermost of the result first; none for one element. */
  readonly axes: readonly BoxAxis[];
}

/** An axis of a plan. */
export interface PlanAxis {
  count: number;
  source: number;
  target: number;
  indices: ArrayLike<number> | null;
}

/** A box in its simplest form: no axis of one index, none that another could take in. */
export interface BoxPlan {
  readonly itemsize: number;
  readonly unit: number;
  /** Byte of the source at which index 0 of all axes lies. */
  from: number;
  readonly axes: PlanAxis[];
  /** Length of the result in bytes. */
  readonly length: number;
}

/** Axes that an array may have: the limit of the module. */
const MAX_RANK = 32;

/**
 * Checks a box and simplifies it.
 *
 * @param box The box.
 * @param sourceLength Bytes of the source, within which all of it must lie.
 * @returns The plan; its axes are empty where nothing is to be copied, or one element.
 * @throws {ShapeError} If it reaches beyond the source, or makes no sense.
 */
export function planBox(box: Box, sourceLength: number): BoxPlan {
  const { itemsize, swap: unit = 1, offset = 0 } = box;
  checkCount(itemsize, "bytes per element", 1);
  if (![1, 2, 4, 8, 16].includes(unit) || itemsize % unit !== 0) {
    throw new ShapeError(`Cannot reverse runs of ${unit} bytes in elements of ${itemsize}`);
  }
  if (box.axes.length > MAX_RANK) {
    throw new ShapeError(`Cannot gather ${box.axes.length} axes: the limit is ${MAX_RANK}`);
  }
  let length = itemsize;
  for (const { count, stride, indices } of box.axes) {
    checkCount(count, "length of an axis");
    if (!Number.isSafeInteger(stride)) throw new ShapeError(`Cannot use ${stride} as a stride: expected whole bytes`);
    if (indices !== undefined && indices.length !== count) {
      throw new ShapeError(`Cannot gather ${count} indices by a list of ${indices.length}`);
    }
    length *= count;
  }
  checkCount(length, "length of a result in bytes");
  const plan: BoxPlan = { itemsize, unit, from: offset, axes: [], length };
  if (length === 0) return plan;
  checkWithin(box, offset, sourceLength);
  let target = length;
  for (const { count, stride, indices } of box.axes) {
    target /= count;
    if (count === 1) {
      plan.from += (indices?.[0] ?? 0) * stride;
      continue;
    }
    const axis: PlanAxis = { count, source: stride, target, indices: indices ?? null };
    const outer = plan.axes.at(-1);
    if (outer !== undefined && joins(outer, axis)) {
      outer.count *= count;
      outer.source = stride;
      outer.target = target;
    } else {
      plan.axes.push(axis);
    }
  }
  return plan;
}

function joins(outer: PlanAxis, inner: PlanAxis): boolean {
  return outer.indices === null && inner.indices === null && outer.source === inner.source * inner.count;
}

/** First and last byte, seen from index 0, of what some indices of an axis take. */
export function reachOf(
  indices: ArrayLike<number> | null,
  first: number,
  count: number,
): { readonly lowest: number; readonly highest: number } {
  if (indices === null) return { lowest: first, highest: first + count - 1 };
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = first; i < first + count; i++) {
    lowest = Math.min(lowest, indices[i]!);
    highest = Math.max(highest, indices[i]!);
  }
  return { lowest, highest };
}

function checkWithin({ axes, itemsize }: Box, offset: number, sourceLength: number): void {
  let low = offset;
  let high = offset + itemsize;
  for (const { count, stride, indices } of axes) {
    for (let i = 0; i < (indices?.length ?? 0); i++) checkCount(indices![i]!, "index");
    const { lowest, highest } = reachOf(indices ?? null, 0, count);
    low += Math.min(lowest * stride, highest * stride);
    high += Math.max(lowest * stride, highest * stride);
  }
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high) && low >= 0 && high <= sourceLength) return;
  throw new ShapeError(`Cannot gather bytes ${low} to ${high} of ${sourceLength}`);
}
