/**
 * Flat files as targets, each with a sidecar.
 *
 * @module
 */

import { sizeOf } from "../../array/ndarray.ts";
import { type RawSidecar, sidecarPath } from "../../raw/sidecar.ts";
import { BLOCK_BYTES, type Outgoing, type Target } from "./target.ts";

/** One array, and what it is beside it. */
export const RAW: Target = {
  endings: ["bin", "dat", "raw"],
  holdsMany: false,
  options: [],
  saysRecording: true,
  files: (target) => [target, sidecarPath(target)],
  write: async ([only], { target }, signal) => await writeRaw(target, only!, signal),
};

async function writeRaw(target: string, { array, recording }: Outgoing, signal: AbortSignal): Promise<void> {
  const { shape, dtype } = array;
  const { openRaw } = await import("../../raw/open_raw.ts");
  const { iterateChunks } = await import("../../batch/iterate/iterate_chunks.ts");
  const out = await openRaw(target, { mode: "w+", dtype, shape, order: "C", sidecar: sidecarOf(recording) });
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

/** What the sidecar says beside dtype and shape. */
function sidecarOf(recording: Outgoing["recording"]): true | Pick<RawSidecar, "scale" | "recording"> {
  if (recording === undefined) return true;
  const { gain, offset, units, ...rest } = recording;
  const isOne = units.every((unit) => unit === units[0]);
  return { scale: { gain, offset, axis: 1 }, recording: { ...rest, units: isOne ? units[0] ?? "" : units } };
}
