/**
 * Copying boxes of elements between arrays of any strides: the one plan beneath scattering, taking and flattening.
 *
 * @module
 */

import { copyPairs, copyPlane16, copyPlane32, copyPlane8, copyPlaneValues, type PlaneCopy } from "./copy_kernels.ts";

/** Indices along one axis: `start`, `start + step`, ..., or a list of them. */
export type AxisPositions =
  | { readonly start: number; readonly step: number }
  | { readonly indices: ArrayLike<number> };

/** One axis of a box to be copied. Strides count bytes where bytes are copied, else values. */
export interface CopyAxis {
  /** Number of indices along the axis. */
  readonly count: number;
  /** Which indices of the source. */
  readonly source: AxisPositions;
  /** From one index of the source to the next. */
  readonly sourceStride: number;
  /** Which indices of the target. */
  readonly target: AxisPositions;
  /** From one index of the target to the next. */
  readonly targetStride: number;
}

// The i-th position along it is `(indices === null ? i : indices[i]) * step`.
interface Axis {
  count: number;
  sourceStep: number;
  targetStep: number;
  sourceIndices: ArrayLike<number> | null;
  targetIndices: ArrayLike<number> | null;
}

interface Plan {
  axes: Axis[];
  from: number;
  to: number;
}

// From this many cells on, `subarray` and `set` are faster than a loop: in V8 they cost 250 to 500 ns, a cell 2 to 5.
const LONG_RUN = 128;

/**
 * Copies a box of elements, bit for bit. The two sides must not overlap, and need no alignment.
 *
 * @param source Copied from
 * @param target Copied to
 * @param axes The box, outermost axis first, without the bytes of an element
 * @param itemsize Bytes per element
 */
export function copyBytes(source: Uint8Array, target: Uint8Array, axes: readonly CopyAxis[], itemsize: number): void {
  const inside = { start: 0, step: 1 };
  const bytes: CopyAxis = { count: itemsize, source: inside, sourceStride: 1, target: inside, targetStride: 1 };
  const plan = planCopy([...axes, bytes]);
  if (plan === null) return;
  const width = widen(plan, source.byteOffset, target.byteOffset);
  // Floats are never copied as floats: passing through a register may change a NaN's payload.
  const kernel = (width === 4 ? copyPlane32 : width === 2 ? copyPlane16 : copyPlane8) as PlaneCopy<Uint8Array>;
  const cells = (of: Uint8Array) => cellsOf(of, width);
  copyAxes(cells(source), cells(target), plan.axes, 0, plan.from, plan.to, kernel);
}

/**
 * Copies a box of values that aren't numbers.
 *
 * @param source Copied from
 * @param target Copied to
 * @param axes The box, outermost axis first
 */
export function copyValues(source: unknown[], target: unknown[], axes: readonly CopyAxis[]): void {
  const plan = planCopy(axes);
  if (plan !== null) copyAxes(source, target, plan.axes, 0, plan.from, plan.to, copyPlaneValues);
}

// Leaves out axes of one index and merges those that follow each other evenly on both sides.
function planCopy(axes: readonly CopyAxis[]): Plan | null {
  const plan: Plan = { axes: [], from: 0, to: 0 };
  for (const { count, source, sourceStride, target, targetStride } of axes) {
    if (count === 0) return null;
    if (count === 1 || "start" in source) plan.from += first(source) * sourceStride;
    if (count === 1 || "start" in target) plan.to += first(target) * targetStride;
    if (count === 1) continue;
    const axis: Axis = {
      count,
      sourceStep: "start" in source ? source.step * sourceStride : sourceStride,
      targetStep: "start" in target ? target.step * targetStride : targetStride,
      sourceIndices: "indices" in source ? source.indices : null,
      targetIndices: "indices" in target ? target.indices : null,
    };
    const outer = plan.axes.at(-1);
    if (outer !== undefined && mergeable(outer, axis)) {
      outer.count *= axis.count;
      outer.sourceStep = axis.sourceStep;
      outer.targetStep = axis.targetStep;
    } else {
      plan.axes.push(axis);
    }
  }
  return plan;
}

function first(positions: AxisPositions): number {
  return "start" in positions ? positions.start : positions.indices[0]!;
}

function mergeable(outer: Axis, inner: Axis): boolean {
  return isEven(outer) && isEven(inner) && outer.sourceStep === inner.sourceStep * inner.count &&
    outer.targetStep === inner.targetStep * inner.count;
}

function isEven(axis: Axis): boolean {
  return axis.sourceIndices === null && axis.targetIndices === null;
}

function isRun(axis: Axis | undefined): axis is Axis {
  return axis !== undefined && isEven(axis) && axis.sourceStep === 1 && axis.targetStep === 1;
}

// Turns a plan in bytes into one in the widest cells of 4, 2 or 1 bytes that fit it, and returns their width.
function widen(plan: Plan, sourceOffset: number, targetOffset: number): 1 | 2 | 4 {
  const run = plan.axes.at(-1);
  if (!isRun(run)) return 1;
  const outer = plan.axes.slice(0, -1);
  const fits = (width: number) =>
    run.count % width === 0 && (plan.from + sourceOffset) % width === 0 && sourceOffset % width === 0 &&
    (plan.to + targetOffset) % width === 0 && targetOffset % width === 0 &&
    outer.every((axis) => axis.sourceStep % width === 0 && axis.targetStep % width === 0);
  const width = fits(4) ? 4 : fits(2) ? 2 : 1;
  plan.from /= width;
  plan.to /= width;
  for (const axis of outer) {
    axis.sourceStep /= width;
    axis.targetStep /= width;
  }
  run.count /= width;
  if (run.count === 1) plan.axes.pop();
  return width;
}

// The kernels and `set` are all that touch the cells, so one type may stand for the three classes.
function cellsOf({ buffer, byteOffset, byteLength }: Uint8Array, width: 1 | 2 | 4): Uint8Array {
  if (width === 4) return new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4)) as unknown as Uint8Array;
  if (width === 2) return new Uint16Array(buffer, byteOffset, Math.floor(byteLength / 2)) as unknown as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function copyAxes<C extends Uint8Array | unknown[]>(
  source: C,
  target: C,
  axes: Axis[],
  depth: number,
  from: number,
  to: number,
  kernel: PlaneCopy<C>,
): void {
  const left = axes.length - depth;
  if (left === 0) return kernel(source, target, from, to, 1, 0, 0, 1, 0, 0);
  const axis = axes[depth]!;
  const { count, sourceStep, targetStep, sourceIndices, targetIndices } = axis;
  if (left === 1 && isEven(axis)) {
    if (isRun(axis) && count >= LONG_RUN && !Array.isArray(source)) {
      (target as Uint8Array).set(source.subarray(from, from + count), to);
    } else {
      kernel(source, target, from, to, 1, 0, 0, count, sourceStep, targetStep);
    }
    return;
  }
  const inner = axes[depth + 1];
  if (left === 2 && isEven(axis) && isEven(inner!) && !(isRun(inner) && inner.count >= LONG_RUN)) {
    if (isRun(inner) && inner.count === 2 && source instanceof Uint32Array) {
      copyPairs(source, target as unknown as Uint32Array, from, to, count, sourceStep, targetStep);
    } else {
      const { count: cells, sourceStep: sourceCell, targetStep: targetCell } = inner!;
      kernel(source, target, from, to, count, sourceStep, targetStep, cells, sourceCell, targetCell);
    }
    return;
  }
  if (left === 1 || (left === 2 && isRun(inner) && inner.count < LONG_RUN)) {
    copyListed(source, target, axis, left === 1 ? 1 : inner!.count, from, to);
    return;
  }
  for (let i = 0; i < count; i++) {
    const nextFrom = from + (sourceIndices === null ? i : sourceIndices[i]!) * sourceStep;
    const nextTo = to + (targetIndices === null ? i : targetIndices[i]!) * targetStep;
    copyAxes(source, target, axes, depth + 1, nextFrom, nextTo, kernel);
  }
}

// One axis by its lists of indices, with a short run of cells at each.
function copyListed<C extends Uint8Array | unknown[]>(
  source: C,
  target: C,
  { count, sourceStep, targetStep, sourceIndices, targetIndices }: Axis,
  run: number,
  from: number,
  to: number,
): void {
  for (let i = 0; i < count; i++) {
    let a = from + (sourceIndices === null ? i : sourceIndices[i]!) * sourceStep;
    let b = to + (targetIndices === null ? i : targetIndices[i]!) * targetStep;
    for (let k = 0; k < run; k++) target[b++] = source[a++]!;
  }
}
