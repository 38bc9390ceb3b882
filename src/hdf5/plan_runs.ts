/**
 * From a selection on a contiguous array to the runs of bytes it needs: a pure plan, no reading.
 *
 * @module
 */
import { contiguousStride } from "../array/ndarray.ts";
import { axisIndex } from "../array/selection.ts";
import type { ResolvedAxis } from "../array/types.ts";

/** Bytes that lie together both in the file and in the result. */
export interface Run {
  /** First byte, counted from the start of the array. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
  /** First byte in the result. */
  readonly place: number;
}

/**
 * The runs of a selection, in the result's order. Trailing axes that are taken whole join into one run.
 *
 * @param axes The selection.
 * @param shape Shape of the array.
 * @param itemsize Bytes per element.
 */
export function* runsOf(axes: readonly ResolvedAxis[], shape: readonly number[], itemsize: number): Generator<Run> {
  const stride = contiguousStride(shape);
  // The innermost axis that runs end in: everything after it is taken whole.
  let inner = axes.length - 1;
  while (inner > 0 && coversAxis(axes[inner]!, shape[inner]!)) inner--;
  const total = axes.reduce((product, axis) => product * axis.count, 1);
  if (total === 0) return;
  if (inner < 0) return yield { offset: 0, length: itemsize, place: 0 };

  const unit = stride[inner]! * itemsize;
  const index = new Array<number>(inner).fill(0);
  let place = 0;
  for (;;) {
    let base = 0;
    for (let axis = 0; axis < inner; axis++) base += axisIndex(axes[axis]!, index[axis]!) * stride[axis]!;
    for (const { first, count } of stretches(axes[inner]!)) {
      yield { offset: base * itemsize + first * unit, length: count * unit, place };
      place += count * unit;
    }
    let axis = inner - 1;
    while (axis >= 0 && ++index[axis]! === axes[axis]!.count) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** Stretches of neighbouring, ascending indices along an axis. */
function* stretches(axis: ResolvedAxis): Generator<{ first: number; count: number }> {
  if (axis.kind === "range" && axis.step === 1) return yield { first: axis.start, count: axis.count };
  for (let i = 0; i < axis.count;) {
    const first = axisIndex(axis, i);
    let count = 1;
    while (i + count < axis.count && axisIndex(axis, i + count) === first + count) count++;
    yield { first, count };
    i += count;
  }
}

/** Whether an axis is taken whole; unlike in a selection, it doesn't matter here whether the result keeps it. */
function coversAxis(axis: ResolvedAxis, length: number): boolean {
  return axis.kind === "range" && axis.step === 1 && axis.start === 0 && axis.count === length;
}

/**
 * Cuts long runs, so that no single read is larger than `maxLength`.
 *
 * @param runs Runs of any length.
 * @param maxLength Largest run that comes out, in bytes.
 */
export function* cutRuns(runs: Iterable<Run>, maxLength: number): Generator<Run> {
  for (const { offset, length, place } of runs) {
    for (let done = 0; done < length; done += maxLength) {
      yield { offset: offset + done, length: Math.min(maxLength, length - done), place: place + done };
    }
  }
}

/**
 * Decides how a selection on a contiguous array is read: run by run, or, where the runs are short and lie close
 * together, in blocks that are taken whole and picked from.
 *
 * @param axes The selection.
 * @param shape Shape of the array.
 * @param itemsize Bytes per element.
 * @param gap Bytes between two runs that are rather fetched than asked around.
 * @param blockBytes About how large a block may be.
 * @returns Shape of the blocks (whole trailing axes, as many indices of the next as fit), or `null` for run by run.
 */
export function blockShape(
  axes: readonly ResolvedAxis[],
  shape: readonly number[],
  itemsize: number,
  gap: number,
  blockBytes: number,
): number[] | null {
  const stride = contiguousStride(shape);
  let inner = axes.length - 1;
  while (inner > 0 && coversAxis(axes[inner]!, shape[inner]!)) inner--;
  if (inner < 0) return null;
  const axis = axes[inner]!;
  const oneRun = axis.kind === "range" && (axis.step === 1 || axis.count === 1);
  if (oneRun && axes.slice(0, inner).every((outer) => outer.count === 1)) return null;
  // The distance that reading run by run would skip, most of the time.
  const skipped = oneRun && inner > 0
    ? (stride[inner - 1]! - axis.count * stride[inner]!) * itemsize * stepOf(axes[inner - 1]!)
    : (stepOf(axis) - 1) * stride[inner]! * itemsize;
  if (skipped > gap) return null;

  const block = new Array<number>(shape.length).fill(1);
  let bytes = itemsize;
  for (let at = shape.length - 1; at >= 0; at--) {
    block[at] = Math.max(1, Math.min(shape[at]!, Math.floor(blockBytes / bytes)));
    bytes *= block[at]!;
    if (block[at]! < shape[at]!) break;
  }
  return block;
}

/** Distance between neighbouring indices: the step of a range, the mean of a list's. */
function stepOf(axis: ResolvedAxis): number {
  if (axis.kind === "range") return Math.abs(axis.step);
  if (axis.count < 2) return 1;
  let low = Infinity;
  let high = -Infinity;
  for (const index of axis.indices) {
    low = Math.min(low, index);
    high = Math.max(high, index);
  }
  return Math.max(1, (high - low) / (axis.count - 1));
}
