/**
 * Servers that give less than was asked for, as they may (RFC 9110, section 15.3.7): the rest is asked for.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { describeRange } from "../range.ts";
import type { ByteRange, ReadOptions } from "../types.ts";

/** Answers that one range is put together of at most: enough for 4 MiB from a server that gives 16 KiB at a time. */
const MAX_PIECES = 256;

/**
 * Reads a range piece by piece, for as long as each answer brings something.
 *
 * @param name What messages call the file
 * @param range The bytes
 * @param options Signal, and who is told of each request
 * @param read Reads the first bytes of a range, at least one
 * @returns All bytes of the range
 * @throws {ProtocolError} If they come in too many pieces
 */
export async function readPieces(
  name: string,
  range: ByteRange,
  options: ReadOptions,
  read: (range: ByteRange, options: ReadOptions) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const first = await read(range, options);
  if (first.length === range.length) return first;
  const bytes = new Uint8Array(range.length);
  bytes.set(first);
  let done = first.length;
  for (let pieces = 1; done < bytes.length; pieces++) {
    if (pieces === MAX_PIECES) {
      throw new ProtocolError(
        `Cannot read ${describeRange(range)} of ${name}: the server gives fewer bytes than are asked for, ` +
          `${done} in ${pieces} answers`,
        { file: name },
      );
    }
    const rest = await read({ offset: range.offset + done, length: range.length - done }, {
      ...options,
      // Each piece waits for the one before it, as a second try does.
      onAttempt: options.onAttempt === undefined
        ? undefined
        : (attempt) => options.onAttempt?.({ ...attempt, attempt: attempt.attempt + pieces }),
    });
    bytes.set(rest, done);
    done += rest.length;
  }
  return bytes;
}
