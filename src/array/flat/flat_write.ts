/**
 * Writing a selection of an array that lies flat in a file.
 *
 * @module
 */

import type { ByteSink } from "../../source/sink/sink.ts";
import { type CopyAxis, copyBytes } from "../codec/copy.ts";
import { type FlatLayout, flatPieces, planFlat } from "./flat_plan.ts";
import type { ResolvedAxis } from "../types.ts";

/** The longest piece that is laid out anew before it is written. */
const BLOCK = 1024 * 1024;

/**
 * Writes elements where a selection has them. What lies between them stays as it is.
 *
 * @param sink What is written to
 * @param place Where the array starts, in bytes, and how it lies
 * @param axes The selection; where it names an index twice, the later one counts
 * @param bytes The elements as they are stored, in C order of the selection
 */
export function writeFlat(
  sink: Pick<ByteSink, "writeSync">,
  place: { readonly offset: number; readonly layout: FlatLayout },
  axes: readonly ResolvedAxis[],
  bytes: Uint8Array,
): void {
  const { layout, offset } = place;
  // Without gaps: every byte of a piece is one of the selection's.
  const plan = planFlat(axes, layout, { gap: 0, pieceBytes: Infinity, blockBytes: BLOCK });
  if (plan === null) return;
  for (const piece of flatPieces(plan)) {
    const from = bytes.subarray(piece.place);
    if (piece.packed) {
      sink.writeSync(offset + piece.offset, from.subarray(0, piece.length));
    } else {
      const buffer = new Uint8Array(piece.length);
      copyBytes(from, buffer, piece.axes.map(turned), layout.itemsize);
      sink.writeSync(offset + piece.offset, buffer);
    }
  }
}

/** The same copy the other way round. */
export function turned({ count, source, sourceStride, target, targetStride }: CopyAxis): CopyAxis {
  return { count, source: target, sourceStride: targetStride, target: source, targetStride: sourceStride };
}
