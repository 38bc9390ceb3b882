/**
 * Copying boxes of elements between arrays of any strides: the one loop beneath scattering, taking and flattening.
 *
 * @module
 */

/** What elements are copied in. Floats never are, as a float's register may change a NaN's payload. */
export type Cells = Uint8Array | Uint16Array | Uint32Array | unknown[];

/** Where along one axis the elements lie: evenly, or at offsets of their own. Both count cells. */
export type Positions =
  | { readonly offset: number; readonly step: number }
  | { readonly offsets: Float64Array };

/** One axis of a box to be copied, outermost first. */
export interface CopyAxis {
  /** Number of indices along the axis. */
  readonly count: number;
  /** Where they lie in the source. */
  readonly source: Positions;
  /** Where they go in the target. */
  readonly target: Positions;
}

interface Axis {
  count: number;
  sourceStep: number;
  targetStep: number;
  sourceOffsets: Float64Array | null;
  targetOffsets: Float64Array | null;
}

// From this length on, `subarray` and `set` are faster than a loop (measured in V8: they cost about as much as
// 60 to 100 single elements).
const LONG_RUN = 64;

/**
 * Copies a box of cells. The arrays must be of the same class and must not overlap.
 *
 * @param source Copied from
 * @param target Copied to
 * @param axes The box, outermost axis first; none means one cell
 */
export function copyBox<C extends Cells>(source: C, target: C, axes: readonly CopyAxis[]): void {
  let sourceBase = 0;
  let targetBase = 0;
  const merged: Axis[] = [];
  for (const { count, source: from, target: to } of axes) {
    if (count === 0) return;
    if ("offset" in from) sourceBase += from.offset;
    else if (count === 1) sourceBase += from.offsets[0]!;
    if ("offset" in to) targetBase += to.offset;
    else if (count === 1) targetBase += to.offsets[0]!;
    if (count === 1) continue;
    const axis: Axis = {
      count,
      sourceStep: "step" in from ? from.step : 0,
      targetStep: "step" in to ? to.step : 0,
      sourceOffsets: "offsets" in from ? from.offsets : null,
      targetOffsets: "offsets" in to ? to.offsets : null,
    };
    const outer = merged.at(-1);
    if (outer !== undefined && mergeable(outer, axis)) {
      outer.count *= axis.count;
      outer.sourceStep = axis.sourceStep;
      outer.targetStep = axis.targetStep;
    } else {
      merged.push(axis);
    }
  }
  copyAxes(source, target, merged, 0, sourceBase, targetBase);
}

function mergeable(outer: Axis, inner: Axis): boolean {
  return isEven(outer) && isEven(inner) && outer.sourceStep === inner.sourceStep * inner.count &&
    outer.targetStep === inner.targetStep * inner.count;
}

function isEven(axis: Axis): boolean {
  return axis.sourceOffsets === null && axis.targetOffsets === null;
}

function copyAxes(source: Cells, target: Cells, axes: Axis[], depth: number, from: number, to: number): void {
  const left = axes.length - depth;
  if (left === 0) {
    target[to] = source[from];
  } else if (left === 1) {
    copyRow(source, target, axes[depth]!, from, to);
  } else if (left === 2 && isEven(axes[depth]!) && isEven(axes[depth + 1]!)) {
    copyPlane(source, target, axes[depth]!, axes[depth + 1]!, from, to);
  } else {
    const { count, sourceStep, targetStep, sourceOffsets, targetOffsets } = axes[depth]!;
    for (let i = 0; i < count; i++) {
      const nextFrom = from + (sourceOffsets === null ? i * sourceStep : sourceOffsets[i]!);
      const nextTo = to + (targetOffsets === null ? i * targetStep : targetOffsets[i]!);
      copyAxes(source, target, axes, depth + 1, nextFrom, nextTo);
    }
  }
}

function copyRow(source: Cells, target: Cells, axis: Axis, from: number, to: number): void {
  const { count, sourceStep, targetStep, sourceOffsets, targetOffsets } = axis;
  if (isEven(axis)) {
    if (sourceStep === 1 && targetStep === 1 && count >= LONG_RUN && !Array.isArray(source)) {
      (target as Uint8Array).set(source.subarray(from, from + count), to);
      return;
    }
    for (let i = 0; i < count; i++) {
      target[to] = source[from];
      from += sourceStep;
      to += targetStep;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    target[to + (targetOffsets === null ? i * targetStep : targetOffsets[i]!)] =
      source[from + (sourceOffsets === null ? i * sourceStep : sourceOffsets[i]!)];
  }
}

function copyPlane(source: Cells, target: Cells, outer: Axis, inner: Axis, from: number, to: number): void {
  const { count, sourceStep, targetStep } = inner;
  if (sourceStep === 1 && targetStep === 1 && count >= LONG_RUN && !Array.isArray(source)) {
    for (let j = 0; j < outer.count; j++) {
      copyRow(source, target, inner, from + j * outer.sourceStep, to + j * outer.targetStep);
    }
    return;
  }
  for (let j = 0; j < outer.count; j++) {
    let nextFrom = from + j * outer.sourceStep;
    let nextTo = to + j * outer.targetStep;
    for (let i = 0; i < count; i++) {
      target[nextTo] = source[nextFrom];
      nextFrom += sourceStep;
      nextTo += targetStep;
    }
  }
}
