/**
 * Flat files as targets, each with a sidecar.
 *
 * @module
 */

import { sizeOf } from "../../array/ndarray.ts";
import type { LazyArray } from "../../array/types.ts";
import { sidecarPath } from "../../raw/sidecar.ts";
import { BLOCK_BYTES, type Target } from "./target.ts";

/** One array, and what it is beside it. */
export const RAW: Target = {
  endings: ["bin", "dat", "raw"],
  holdsMany: false,
  options: [],
  files: (target) => [target, sidecarPath(target)],
  write: async ([only], { target }, signal) => await writeRaw(target, only!.array, signal),
};

async function writeRaw(target: string, array: LazyArray, signal: AbortSignal): Promise<void> {
  const { shape, dtype } = array;
  const { openRaw } = await import("../../raw/open_raw.ts");
  const { iterateChunks } = await import("../../batch/iterate/iterate_chunks.ts");
  const out = await openRaw(target, { mode: "w+", dtype, shape, order: "C", sidecar: true });
  try {
    if (shape.length === 0) await out.write([], await array.read(null, { signal }));
    else if (sizeOf(shape) > 0) {
      for await (const { data, selection } of iterateChunks(array, { bufferBytes: BLOCK_BYTES, signal })) {
        await out.write(selection, data);
      }
    }
    signal.throwIfAborted();
    await out.close();
  } catch (error) {
    await out.abandon();
    throw error;
  }
}
