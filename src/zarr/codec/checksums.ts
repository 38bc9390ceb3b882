/**
 * The codecs `crc32c` and `fletcher32`: four bytes behind the data, which are checked and taken off.
 *
 * @module
 */

import { CorruptFileError } from "../../source/errors.ts";
import type { Undo } from "./codec_types.ts";

/** Checks and takes off a CRC-32C. */
export const undoCrc32c: Undo = (bytes, { name }) => checkSum(bytes, crc32c, name);

/** Checks and takes off a Fletcher32. */
export const undoFletcher32: Undo = (bytes, { name }) => checkSum(bytes, fletcher32, name);

function checkSum(bytes: Uint8Array, sum: (bytes: Uint8Array) => number, name: string): Uint8Array {
  const end = bytes.length - 4;
  if (end < 0) throw new CorruptFileError(`Cannot read ${name}: it is too short for its checksum`);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
  const content = bytes.subarray(0, end);
  if (sum(content) !== stored) throw new CorruptFileError(`Cannot read ${name}: its checksum is wrong`);
  return content;
}

let table: Uint32Array | undefined;

/** The CRC-32C (Castagnoli) of bytes. */
export function crc32c(bytes: Uint8Array): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
}

/** The checksum that HDF5's and numcodecs' Fletcher32 have: of 16-bit words, the first byte of each the upper one. */
export function fletcher32(bytes: Uint8Array): number {
  let sum1 = 0;
  let sum2 = 0;
  const fold = (sum: number) => (sum & 0xffff) + (sum >>> 16);
  for (let at = 0; at < bytes.length;) {
    // So many words keep both sums below 2^32.
    for (const end = Math.min(bytes.length, at + 720); at < end; at += 2) {
      sum1 += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
      sum2 += sum1;
    }
    sum1 = fold(sum1);
    sum2 = fold(sum2);
  }
  return ((fold(sum2) << 16) | fold(sum1)) >>> 0;
}
