/**
 * Zarr hierarchies as targets.
 *
 * @module
 */

import { UsageError } from "../io.ts";
import { BLOCK_BYTES, type Outgoing, recordingAttributes, type Target } from "./target.ts";

/** Arrays by path; a single one is the root itself. */
export const ZARR: Target = {
  endings: ["zarr"],
  holdsMany: true,
  saysRecording: true,
  options: ["name", "chunks", "compression", "shuffle", "zarr-format"],
  compressions: { gzip: [0, 9], zstd: [1, 22] },
  nameOfOne: "/",
  check({ shuffle, zarrFormat }) {
    if (!shuffle || zarrFormat !== 3) return;
    throw new UsageError("Cannot use --shuffle for Zarr version 3, which has no such codec: add --zarr-format 2");
  },
  async write(arrays, { target, overwrite, chunks, compression, shuffle, zarrFormat }, signal) {
    const { writeZarr } = await import("../../zarr/write/write_node.ts");
    await writeZarr(target, Object.fromEntries(arrays.map(({ name, array }) => [name, array])), {
      overwrite,
      signal,
      zarrFormat,
      shuffle,
      attributes: Object.fromEntries(
        arrays.flatMap(({ name, recording }) =>
          recording === undefined ? [] : [[name, recordingAttributes(recording)]]
        ),
      ),
      blockBytes: BLOCK_BYTES,
      ...(chunks === undefined ? {} : { chunkShape: wholeAxes(chunks, arrays) }),
      ...(compression === undefined ? {} : {
        compression: {
          name: compression.name as "gzip" | "zstd",
          level: compression.level ?? (compression.name === "gzip" ? 4 : 3),
        },
      }),
    });
  },
};

// Along an axis that is left open, a chunk of Zarr is as long as the array.
function wholeAxes(chunks: readonly (number | null)[], arrays: readonly Outgoing[]): number[] {
  return chunks.map((length, axis) => length ?? Math.max(1, arrays[0]!.array.shape[axis] ?? 1));
}
