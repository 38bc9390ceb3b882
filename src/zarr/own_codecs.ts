/**
 * Codecs that are undone here before zarrita sees a chunk: it inflates without a bound and skips checksums.
 *
 * @module
 */

import { CorruptFileError, LimitError } from "../source/errors.ts";
import type { ZarrCodec } from "./spec.ts";
import { plainName } from "./stored_form.ts";

/**
 * Undoes codecs, the last one first.
 *
 * @param bytes What is stored
 * @param codecs `gzip`, `zlib`, `crc32c` and `fletcher32`, in the order in which they were done
 * @param limit The most bytes that may come of it
 * @param name What messages call the chunk
 * @returns The bytes; the given ones where there is nothing to undo
 * @throws {CorruptFileError} If a checksum is wrong, or the data can't be inflated
 * @throws {LimitError} If more than `limit` bytes would come of it
 */
export async function undoCodecs(
  bytes: Uint8Array,
  codecs: readonly ZarrCodec[],
  limit: number,
  name: string,
): Promise<Uint8Array> {
  let result = bytes;
  for (const codec of [...codecs].reverse()) {
    const kind = plainName(codec);
    result = kind === "crc32c"
      ? checkSum(result, crc32c, name)
      : kind === "fletcher32"
      ? checkSum(result, fletcher32, name)
      : await inflate(result, kind === "gzip" ? "gzip" : "deflate", limit, name);
  }
  return result;
}

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
