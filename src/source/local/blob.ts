/**
 * A `Blob` or a `File` that a user has picked.
 *
 * @module
 */

import { abortable } from "../abort.ts";
import { FileChangedError, SourceError } from "../errors.ts";
import { checkRange, describeRange } from "../range.ts";
import type { ByteSource } from "../types.ts";

/**
 * Makes a source of a `Blob`.
 *
 * @param blob The blob; a `File` gives its name to messages
 * @returns The source. A file that is changed after it was picked is a {@linkcode FileChangedError}
 */
export function blobSource(blob: Blob): ByteSource {
  const fileName = (blob as { name?: unknown }).name;
  const name = typeof fileName === "string" && fileName !== "" ? fileName : "blob";
  const byteLength = blob.size;
  return {
    name,
    byteLength,
    async read(range, options) {
      options?.signal?.throwIfAborted();
      checkRange({ name, byteLength }, range);
      const slice = blob.slice(range.offset, range.offset + range.length);
      try {
        return new Uint8Array(await abortable(slice.arrayBuffer(), options?.signal));
      } catch (cause) {
        if (options?.signal?.aborted) throw options.signal.reason;
        const what = `Cannot read ${describeRange(range)} of ${name}`;
        // Browsers say so where the file behind a File is not what it was when it was picked.
        if ((cause as { name?: unknown } | null)?.name === "NotReadableError") {
          throw new FileChangedError(`${what}: the file has changed since it was chosen`, { file: name, cause });
        }
        throw new SourceError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
          file: name,
          cause,
        });
      }
    },
  };
}
