/**
 * The codecs `gzip` and `zlib`: the runtime's own inflate, with a bound.
 *
 * @module
 */

import { CorruptFileError, LimitError } from "../../source/errors.ts";
import type { Undo } from "./codec_types.ts";

/** Undoes `gzip`. */
export const undoGzip: Undo = (bytes, { limit, name }) => inflate(bytes, "gzip", limit, name);

/** Undoes `zlib`. */
export const undoZlib: Undo = (bytes, { limit, name }) => inflate(bytes, "deflate", limit, name);

async function inflate(
  bytes: Uint8Array,
  format: "gzip" | "deflate",
  limit: number,
  name: string,
): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
      if (length > limit) {
        throw new LimitError(
          `Cannot read ${name}: it inflates to more than ${limit.toLocaleString("en")} bytes, which it can't need`,
        );
      }
    }
  } catch (cause) {
    reader.cancel().catch(() => {});
    if (cause instanceof LimitError) throw cause;
    throw new CorruptFileError(`Cannot read ${name}: it can't be inflated`, { cause });
  }
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
