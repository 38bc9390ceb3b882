/**
 * Writing selections of many short runs that lie near each other, such as one channel of interleaved ones.
 *
 * @module
 */

import { copyBytes } from "../array/codec/copy.ts";
import { type FlatLayout, flatPieces, type FlatPlan, planFlat } from "../array/flat/flat_plan.ts";
import { turned, writeFlat } from "../array/flat/flat_write.ts";
import type { ResolvedAxis } from "../array/types.ts";
import type { ByteSink } from "../source/sink/sink.ts";

/** Up to so many runs are written one by one. Each is a call into the system, of some 10 us. */
const FEW = 256;
/** Bytes between two runs that are rather written back than asked around. */
const NEAR = 4096;
/** Bytes that are read, changed and written back at once. */
const BLOCK = 512 * 1024;

/**
 * Writes a selection: run by run, so that no other byte is touched, or, where there are many runs, block by block: the
 * bytes between runs that lie near each other are then read, and written back as they were.
 *
 * @param sink Where to
 * @param place Where the array starts, in bytes, and how it lies
 * @param axes The selection; where it names an index twice, the later one counts
 * @param bytes The elements as they are stored, in C order of the selection
 * @param few Up to how many runs are written one by one
 */
export function writeSelection(
  sink: Pick<ByteSink, "writeSync" | "readIntoSync">,
  place: { readonly offset: number; readonly layout: FlatLayout },
  axes: readonly ResolvedAxis[],
  bytes: Uint8Array,
  few: number = FEW,
): void {
  const { layout, offset } = place;
  const runs = planFlat(axes, layout, { gap: 0, pieceBytes: BLOCK, blockBytes: BLOCK });
  if (runs === null || countRuns(runs) <= few) return writeFlat(sink, place, axes, bytes);
  const plan = planFlat(axes, layout, { gap: NEAR, pieceBytes: BLOCK, blockBytes: BLOCK })!;
  for (const piece of flatPieces(plan)) {
    const from = bytes.subarray(piece.place);
    let block = from.subarray(0, piece.length);
    if (!piece.packed) {
      block = new Uint8Array(piece.length);
      sink.readIntoSync(offset + piece.offset, block);
      copyBytes(from, block, piece.axes.map(turned), layout.itemsize);
    }
    sink.writeSync(offset + piece.offset, block);
  }
}

/** About how many runs a plan without gaps has. */
function countRuns({ outer, cut, span }: FlatPlan): number {
  const along = cut.farthest * cut.stride > span ? cut.count : 1;
  return outer.reduce((product, { count }) => product * count, along);
}
