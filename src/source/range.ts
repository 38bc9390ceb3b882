/**
 * Ranges and the checks that every source makes.
 *
 * @module
 */

import { ProtocolError, SourceError, TruncatedError } from "./errors.ts";
import type { ByteRange, ByteSource } from "./types.ts";

/** What messages call a source that has no name. */
export function nameOf(source: Pick<ByteSource, "name">): string {
  return source.name ?? "the source";
}

/**
 * Puts a range in words, with an inclusive end as HTTP has it.
 *
 * @param range The range
 * @returns For example `bytes 0 to 99`
 */
export function describeRange(range: ByteRange): string {
  // Counted from the end: what opening a file from there asks for.
  if (range.offset < 0) return `the last ${range.length} bytes`;
  return range.length === 1
    ? `byte ${range.offset}`
    : range.length === 0
    ? `0 bytes at ${range.offset}`
    : `bytes ${range.offset} to ${range.offset + range.length - 1}`;
}

/**
 * Checks that a range lies inside a source.
 *
 * @param source What is read
 * @param range The range
 * @throws {TruncatedError} If the range ends behind the source
 * @throws {SourceError} If it isn't a range at all (negative, not whole)
 */
export function checkRange(source: Pick<ByteSource, "name" | "byteLength">, range: ByteRange): void {
  const { offset, length } = range;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new SourceError(`Cannot read ${length} bytes at ${offset} of ${nameOf(source)}: not a range`, {
      file: source.name,
    });
  }
  if (offset + length > source.byteLength) {
    throw new TruncatedError(
      `Cannot read ${describeRange(range)} of ${nameOf(source)}: it has ${source.byteLength} bytes`,
      { file: source.name },
    );
  }
}

/**
 * Checks that a source gave what it was asked for; sources that users write are not trusted to.
 *
 * @param source What was read
 * @param range What was asked for
 * @param bytes What came
 * @returns The bytes
 * @throws {ProtocolError} If they are no bytes, or too few, or too many
 */
export function checkResult(source: Pick<ByteSource, "name">, range: ByteRange, bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) {
    throw new ProtocolError(
      `Cannot read ${describeRange(range)} of ${nameOf(source)}: the source gave no Uint8Array`,
      { file: source.name },
    );
  }
  if (bytes.length !== range.length) {
    throw new ProtocolError(
      `Cannot read ${describeRange(range)} of ${
        nameOf(source)
      }: the source gave ${bytes.length} bytes, expected ${range.length}`,
      { file: source.name },
    );
  }
  return bytes;
}
