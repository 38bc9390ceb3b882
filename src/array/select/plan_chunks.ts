/**
 * From a selection to the chunks it touches: a pure plan, no reading.
 *
 * @module
 */
import type { DestinationAxis } from "./scatter.ts";
import type { ResolvedAxis } from "../types.ts";

/** What of one chunk, along one axis, goes where in the result. */
export interface AxisPiece {
  /** Index of the chunk along the axis. */
  readonly chunk: number;
  /** How many indices of the selection fall into it. */
  readonly count: number;
  /** Which indices within the chunk, in the order in which they are wanted. */
  readonly local: { readonly start: number; readonly step: number } | Uint32Array;
  /** Their places along the result's axis: from `start` on, one after the other, or one by one. */
  readonly place: DestinationAxis;
}

/**
 * Splits one axis of a selection by chunk.
 *
 * @param axis The selection along the axis.
 * @param chunkLength Length of a chunk along it.
 * @returns A piece per chunk touched, in the order of the chunks.
 */
export function splitAxis(axis: ResolvedAxis, chunkLength: number): AxisPiece[] {
  return axis.kind === "range" ? splitRange(axis, chunkLength) : splitList(axis.indices, chunkLength);
}

function splitRange(axis: Extract<ResolvedAxis, { kind: "range" }>, chunkLength: number): AxisPiece[] {
  const { start, step, count } = axis;
  const pieces: AxisPiece[] = [];
  for (let done = 0; done < count;) {
    const first = start + done * step;
    const chunk = Math.floor(first / chunkLength);
    const origin = chunk * chunkLength;
    // How many steps stay within this chunk.
    const room = step > 0 ? (origin + chunkLength - 1 - first) / step : (first - origin) / -step;
    const n = Math.min(count - done, Math.floor(room) + 1);
    pieces.push({ chunk, count: n, local: { start: first - origin, step }, place: { start: done, step: 1 } });
    done += n;
  }
  return step < 0 ? pieces.reverse() : pieces;
}

function splitList(indices: Float64Array, chunkLength: number): AxisPiece[] {
  const order = Array.from(indices.keys()).sort((a, b) => indices[a]! - indices[b]! || a - b);
  const pieces: AxisPiece[] = [];
  for (let from = 0; from < order.length;) {
    const chunk = Math.floor(indices[order[from]!]! / chunkLength);
    let to = from + 1;
    while (to < order.length && Math.floor(indices[order[to]!]! / chunkLength) === chunk) to++;
    const members = order.slice(from, to);
    pieces.push({
      chunk,
      count: members.length,
      local: Uint32Array.from(members, (at) => indices[at]! - chunk * chunkLength),
      place: { indices: Float64Array.from(members) },
    });
    from = to;
  }
  return pieces;
}

/** All pieces of a selection, axis by axis; the chunks touched are their cross product. */
export interface ChunkPlan {
  /** Pieces along each axis. */
  readonly axes: readonly (readonly AxisPiece[])[];
  /** Number of chunks touched. */
  readonly chunks: number;
}

/**
 * Plans a selection on a chunked array.
 *
 * @param axes The selection.
 * @param chunkShape Shape of a chunk.
 * @returns The plan.
 */
export function planChunks(axes: readonly ResolvedAxis[], chunkShape: readonly number[]): ChunkPlan {
  const split = axes.map((axis, i) => splitAxis(axis, chunkShape[i]!));
  return { axes: split, chunks: split.reduce((total, pieces) => total * pieces.length, 1) };
}

/**
 * One chunk of a plan: a piece per axis.
 *
 * @param plan The plan.
 * @param index Which chunk, in C order of the pieces.
 */
export function piecesAt(plan: ChunkPlan, index: number): AxisPiece[] {
  return combinationAt(plan.axes, index);
}

/**
 * One element of a cross product.
 *
 * @param axes The choices along each axis.
 * @param index Which combination, in C order.
 * @returns A choice per axis.
 */
export function combinationAt<T>(axes: readonly (readonly T[])[], index: number): T[] {
  const combination = new Array<T>(axes.length);
  let rest = index;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const choices = axes[axis]!;
    combination[axis] = choices[rest % choices.length]!;
    rest = Math.floor(rest / choices.length);
  }
  return combination;
}
