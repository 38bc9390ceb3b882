/**
 * Checksums of long members.
 *
 * @module
 */

import { pace } from "../pace.ts";
import type { Crc32 } from "./directory.ts";

/** Half of what may be looked at between two turns of the event loop. */
const PIECE = 4_000_000;

/**
 * The CRC-32 of bytes, between whose pieces others have their turn.
 *
 * @param crc32 Computes it
 * @param bytes The bytes
 * @param signal Aborts
 */
export async function crcInPieces(crc32: Crc32, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<number> {
  let crc = 0;
  for (let from = 0; from < bytes.length; from += PIECE) {
    const part = bytes.subarray(from, from + PIECE);
    const turn = pace.start(0, part.length, signal);
    if (turn !== undefined) await turn;
    crc = crc32(part, crc);
  }
  return crc;
}
