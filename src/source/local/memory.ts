/**
 * Bytes that are in memory already.
 *
 * @module
 */

import { checkRange } from "../range.ts";
import type { ByteRange, ByteSource } from "../types.ts";

/** Takes the bytes of any buffer or view, without a copy. */
export function bytesOf(bytes: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/**
 * Makes a source of bytes in memory. They aren't copied: reads are views.
 *
 * @param bytes A buffer, or any view of one
 * @param name What messages call it
 * @returns The source
 */
export function memorySource(
  bytes: ArrayBuffer | SharedArrayBuffer | ArrayBufferView,
  name: string = "memory",
): ByteSource {
  const all = bytesOf(bytes);
  const readSync = (range: ByteRange): Uint8Array => {
    checkRange({ name, byteLength: all.length }, range);
    return all.subarray(range.offset, range.offset + range.length);
  };
  return {
    name,
    byteLength: all.length,
    readSync,
    // deno-lint-ignore require-await -- throws as a rejection
    async read(range, options) {
      options?.signal?.throwIfAborted();
      return readSync(range);
    },
  };
}
