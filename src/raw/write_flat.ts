/**
 * Writing a selection of an array that lies flat in a file: only the bytes of its elements are touched.
 *
 * @module
 */

import { type CopyAxis, copyBytes } from "../array/copy.ts";
import { type FlatLayout, flatPieces, type FlatPlan, planFlat } from "../array/flat_plan.ts";
import type { ResolvedAxis } from "../array/types.ts";
import type { ByteSink } from "../source/sink.ts";

/** Longest run that is put together in memory before it is written. */
const PIECE = 4 * 1024 * 1024;

/**
 * Plans a write: the plan of a read, with no gap between elements that share a piece.
 *
 * @param axes The selection
 * @param layout How the array lies in its file
 * @param pieceBytes Longest run
 * @returns The plan, or `null` where nothing is selected
 */
export function planWrite(
  axes: readonly ResolvedAxis[],
  layout: FlatLayout,
  pieceBytes: number = PIECE,
): FlatPlan | null {
  return planFlat(axes, layout, { gap: 0, pieceBytes, blockBytes: pieceBytes });
}

/**
 * Writes a selection. Where a list names an index more than once, what comes last stays, as in NumPy.
 *
 * @param sink Where to
 * @param offset Where the array's first element starts, in bytes
 * @param layout How the array lies in its file
 * @param axes The selection
 * @param elements The elements as stored, in C order of the selection
 */
export function writeFlat(
  sink: ByteSink,
  offset: number,
  layout: FlatLayout,
  axes: readonly ResolvedAxis[],
  elements: Uint8Array,
): void {
  const plan = planWrite(axes, layout);
  if (plan === null) return;
  let room = new Uint8Array(0);
  for (const piece of flatPieces(plan)) {
    let bytes: Uint8Array;
    if (piece.packed) {
      bytes = elements.subarray(piece.place, piece.place + piece.length);
    } else {
      if (room.length < piece.length) room = new Uint8Array(piece.length);
      bytes = room.subarray(0, piece.length);
      copyBytes(elements.subarray(piece.place), bytes, piece.axes.map(turned), layout.itemsize);
    }
    sink.writeSync(offset + piece.offset, bytes);
  }
}

/** An axis of a copy from file to result as one from result to file. */
function turned({ count, source, sourceStride, target, targetStride }: CopyAxis): CopyAxis {
  return { count, source: target, sourceStride: targetStride, target: source, targetStride: sourceStride };
}
