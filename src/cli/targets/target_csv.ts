/**
 * CSV as a target.
 *
 * @module
 */

import { shapeText, sizeOf } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import { toCsv } from "../../array/text/serialise.ts";
import type { LazyArray } from "../../array/types.ts";
import { SelectionError } from "../../source/errors.ts";
import { BLOCK_BYTES, type Target } from "./target.ts";

/** One array of at most two axes, or records. */
export const CSV: Target = {
  endings: ["csv"],
  holdsMany: false,
  options: [],
  write: async ([only], { target, overwrite }, signal) => await writeCsv(target, only!.array, overwrite, signal),
};

async function writeCsv(target: string, array: LazyArray, overwrite: boolean, signal: AbortSignal): Promise<void> {
  const { shape, dtype } = array;
  const most = dtype.kind === "compound" ? 1 : 2;
  if (shape.length > most) {
    throw new SelectionError(
      `Cannot write an array of shape ${shapeText(shape)} as CSV: select at most ` +
        (most === 1 ? "one axis of records" : "two axes"),
    );
  }
  const { openSink } = await import("../../source/sink/open_sink.ts");
  const sink = await openSink(target, { overwrite });
  try {
    const put = (text: string) => sink.writeSync(sink.byteLength, new TextEncoder().encode(text));
    if (shape.length === 0) put(toCsv(await array.read(null, { signal })));
    // What has no rows may still have a header.
    else if (sizeOf(shape) === 0) put(toCsv(await array.read(null, { signal })));
    else {
      // Rows come whole, as many as fit.
      const width = Math.max(1, sizeOf(shape.slice(1)) * Math.max(16, dtype.itemsize));
      const unit = array.chunkShape?.[0] ?? 1;
      const rows = Math.max(1, Math.floor(BLOCK_BYTES / 4 / width / unit)) * unit;
      for (let start = 0; start < shape[0]!; start += rows) {
        const block = await array.read([slice(start, Math.min(shape[0]!, start + rows))], { signal });
        put(start === 0 ? toCsv(block) : toCsv(block, { header: false }));
      }
    }
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}
