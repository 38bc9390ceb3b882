/**
 * From a selection on an array that lies flat in a file to the pieces of the file that are read: a pure plan.
 *
 * "Flat" is every array whose element `[i, j, ...]` starts `i * strides[0] + j * strides[1] + ...` bytes behind its
 * first one: C order, Fortran order, one field of many records.
 *
 * @module
 */

import type { CopyAxis } from "../codec/copy.ts";
import { resultStrides, sortAxis, type SortedAxis } from "./flat_axis.ts";
import type { ResolvedAxis } from "../types.ts";

/** How an array lies in its file. */
export interface FlatLayout {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Bytes, not negative, from one index to the next along each axis. */
  readonly strides: readonly number[];
  /** Bytes per element. */
  readonly itemsize: number;
}

/** What reading costs where the file lies. */
export interface FlatPlanOptions {
  /** Bytes between two wanted ones that are rather read along than asked around. */
  readonly gap: number;
  /** Largest piece that goes into the result as it is. */
  readonly pieceBytes: number;
  /** Largest piece that elements are picked from. */
  readonly blockBytes: number;
}

/** An axis of a plan: which indices in which place, and the bytes between neighbours in file and result. */
export interface FlatAxis extends SortedAxis {
  /** From one index to the next in the file. */
  readonly stride: number;
  /** From one index to the next in the result. */
  readonly targetStride: number;
}

/** How a selection is read. */
export interface FlatPlan {
  /** Bytes per element. */
  readonly itemsize: number;
  /** Axes that are walked index by index, the slowest in the file first. */
  readonly outer: readonly FlatAxis[];
  /** The axis whose neighbouring indices share a piece where they are near enough. */
  readonly cut: FlatAxis;
  /** Axes that lie within a piece, the slowest in the file first. */
  readonly inner: readonly FlatAxis[];
  /** Bytes from the first wanted byte to behind the last one, at one index of `outer` and `cut`. */
  readonly span: number;
  /** Whether that span lies in the result as it does in the file, without gaps. */
  readonly packed: boolean;
  /** Neighbours along `cut` share a piece where no more bytes lie between them. */
  readonly gap: number;
  /** Largest piece, unless a single span is longer. */
  readonly pieceBytes: number;
}

/** A run of bytes that is read at once, and where its elements go. */
export interface FlatPiece {
  /** First byte, counted from the array's first one. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
  /** Byte of the result that `axes` start from; the piece itself goes there where it is packed. */
  readonly place: number;
  /** Whether the piece lies in the result as it does in the file: nothing is to be picked. */
  readonly packed: boolean;
  /** The box of elements that is copied; positions count from the piece's first byte and from `place`. */
  readonly axes: readonly CopyAxis[];
}

/**
 * Plans a read.
 *
 * Walking inwards out, an axis is taken into the piece as long as what lies between its indices is within `gap` and
 * the whole stays within the largest piece. So whole rows are one run, a column of short rows is picked from blocks,
 * and a column of long rows is one run per row: the same rule by which {@linkcode mergeRanges} merges requests.
 *
 * @param axes The selection, one entry per axis
 * @param layout How the array lies in its file
 * @param options What reading costs
 * @returns The plan, or `null` where nothing is selected
 */
export function planFlat(
  axes: readonly ResolvedAxis[],
  layout: FlatLayout,
  options: FlatPlanOptions,
): FlatPlan | null {
  const { itemsize } = layout;
  if (axes.some((axis) => axis.count === 0)) return null;
  const targetStrides = resultStrides(axes, itemsize);
  const all = axes.map((axis, i): FlatAxis => ({
    ...sortAxis(axis),
    stride: layout.strides[i]!,
    targetStride: targetStrides[i]!,
  }));
  // A scalar is an axis of one.
  if (all.length === 0) all.push({ ...sortAxis(ONE), stride: itemsize, targetStride: itemsize });
  all.sort((a, b) => b.stride - a.stride);

  let cut = all.length - 1;
  let span = itemsize;
  let packed = true;
  for (; cut > 0; cut--) {
    const axis = all[cut]!;
    const next = span + axis.reach * axis.stride;
    const stays: boolean = packed && isPacked(axis, span);
    if (axis.farthest * axis.stride - span > options.gap) break;
    if (next > (stays ? options.pieceBytes : options.blockBytes)) break;
    span = next;
    packed = stays;
  }
  const whole = packed && isPacked(all[cut]!, span);
  return {
    itemsize,
    outer: all.slice(0, cut),
    cut: all[cut]!,
    inner: all.slice(cut + 1),
    span,
    packed,
    gap: options.gap,
    pieceBytes: whole ? options.pieceBytes : options.blockBytes,
  };
}

const ONE: ResolvedAxis = { kind: "range", start: 0, step: 1, count: 1, drop: true };

/** Whether an axis of packed spans is packed itself. */
function isPacked(axis: FlatAxis, span: number): boolean {
  return axis.count === 1 || (axis.consecutive && axis.stride === span && axis.targetStride === span);
}

/**
 * The pieces of a plan.
 *
 * @param plan The plan
 * @returns Pieces in the order of the file, but where a list names an index of an outer axis twice
 */
export function* flatPieces(plan: FlatPlan): Generator<FlatPiece, void> {
  const { outer, cut, inner, span } = plan;
  const picked = inner.map((axis): CopyAxis => copyAxis(axis, 0, axis.count));
  const start = inner.reduce((sum, axis) => sum + axis.index(0) * axis.stride, 0);
  const index = new Array<number>(outer.length).fill(0);
  for (;;) {
    let offset = start;
    let place = 0;
    outer.forEach((axis, i) => {
      offset += axis.index(index[i]!) * axis.stride;
      place += axis.place(index[i]!) * axis.targetStride;
    });
    for (let first = 0; first < cut.count;) {
      const count = groupLength(plan, first);
      const low = cut.index(first);
      const packed = plan.packed && (count === 1 ||
        (cut.stride === span && cut.targetStride === span && cut.isConsecutive(first, count)));
      const at = packed || count === 1 ? cut.place(first) : 0;
      yield {
        offset: offset + low * cut.stride,
        length: (cut.index(first + count - 1) - low) * cut.stride + span,
        place: place + at * cut.targetStride,
        packed,
        axes: packed ? [] : count === 1 ? picked : [copyAxis(cut, first, count), ...picked],
      };
      first += count;
    }
    let axis = outer.length - 1;
    while (axis >= 0 && ++index[axis]! === outer[axis]!.count) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** How many indices of the cut axis, from the `first` one on, share a piece. */
function groupLength({ cut, span, gap, pieceBytes }: FlatPlan, first: number): number {
  const { step, stride, count } = cut;
  if (step !== null) {
    if (step * stride - span > gap) return 1;
    if (step * stride === 0) return count - first;
    const fits = Math.floor((pieceBytes - span) / (step * stride)) + 1;
    return Math.max(1, Math.min(count - first, fits));
  }
  const low = cut.index(first);
  let last = low;
  let length = 1;
  for (; first + length < count; length++) {
    const next = cut.index(first + length);
    if ((next - last) * stride - span > gap || (next - low) * stride + span > pieceBytes) break;
    last = next;
  }
  return length;
}

/** A part of an axis as a copy takes it, counted from its first index in the file. */
function copyAxis(axis: FlatAxis, first: number, count: number): CopyAxis {
  const { source, target } = axis.part(first, count);
  return { count, source, sourceStride: axis.stride, target, targetStride: axis.targetStride };
}
