/**
 * Sums over bytes.
 *
 * @module
 */
import { BLOCK, type ReaderInstance } from "./memory.ts";
import { type Bytes, bytesOf } from "./types.ts";

/** A sum over bytes, as the module exports it. */
export type Checksum = "mr_crc32" | "mr_crc32c" | "mr_adler32";

/**
 * A sum over bytes.
 *
 * @param instance The module.
 * @param kernel Which sum.
 * @param bytes The bytes.
 * @param initial The sum of the bytes before them.
 * @returns An unsigned 32-bit integer.
 */
export function checksum(instance: ReaderInstance, kernel: Checksum, bytes: Bytes, initial: number): number {
  const source = bytesOf(bytes);
  return instance.call((arena) => {
    const into = arena.take(Math.min(source.byteLength, BLOCK));
    let sum = initial >>> 0;
    for (let start = 0; start < source.byteLength; start += BLOCK) {
      const length = Math.min(BLOCK, source.byteLength - start);
      arena.view(into, length).set(source.subarray(start, start + length));
      sum = arena.exports[kernel](sum, into, length) >>> 0;
    }
    return sum;
  });
}
