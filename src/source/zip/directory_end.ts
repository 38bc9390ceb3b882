/**
 * The end of a ZIP archive (APPNOTE 6.3.10, sections 4.3.14 to 4.3.16): where its central directory is.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import { corrupt, number64, viewOf } from "./fields.ts";

/** Where the central directory is. */
export interface DirectoryPlace {
  /** First byte in the file. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
  /** Number of members; modulo 65,536 where the archive isn't ZIP64. */
  readonly count: number;
  /** Whether `count` is exact. */
  readonly isZip64: boolean;
  /** Bytes before the archive: offsets in it count from behind them. */
  readonly prefix: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const END64_SIZE = 56;

/** The most that can lie between the first byte of the end records and the end of the file. */
export const LONGEST_TAIL: number = END_SIZE + 0xffff + LOCATOR_SIZE + END64_SIZE;

/**
 * Finds the central directory.
 *
 * @param tail The last bytes of the file
 * @param byteLength Size of the file
 * @param file What messages call it
 * @returns Where it is; undefined where the tail holds no end record
 * @throws {CorruptFileError} If the end records can't be so
 * @throws {UnsupportedError} If the archive is in several parts
 */
export function findDirectory(tail: Uint8Array, byteLength: number, file: string): DirectoryPlace | undefined {
  const view = viewOf(tail);
  const base = byteLength - tail.length;
  const end = findEnd(view);
  if (end === undefined) return undefined;
  const disks = [view.getUint16(end + 4, true), view.getUint16(end + 6, true)];
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  let behind = end;
  const locator = end - LOCATOR_SIZE;
  const isZip64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR64;
  if (isZip64) {
    // Most often it lies right before its locator; where bytes were put before the archive, only there.
    const stated = number64(view, locator + 8, file) - base;
    const at = [stated, locator - END64_SIZE].find((at) =>
      at >= 0 && at + END64_SIZE <= locator && view.getUint32(at, true) === END64
    );
    if (at === undefined) throw corrupt(file, "its ZIP64 end record isn't where it should be");
    disks.push(view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(locator + 4, true));
    count = number64(view, at + 32, file);
    length = number64(view, at + 40, file);
    offset = number64(view, at + 48, file);
    behind = at;
  }
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff)) {
    throw new UnsupportedError(`Cannot open ${file}: the archive is one of several parts`, { file });
  }
  const start = base + behind - length;
  const prefix = start - offset;
  if (start < 0 || prefix < 0) {
    throw corrupt(file, `its directory of ${length} bytes at ${offset} doesn't lie before its end record`);
  }
  return { offset: start, length, count, isZip64, prefix };
}

/** Where the end record starts: the last one whose comment ends with the file, else the last one that fits. */
function findEnd(view: DataView): number | undefined {
  let fallback: number | undefined;
  for (let at = view.byteLength - END_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const rest = view.byteLength - at - END_SIZE - view.getUint16(at + 20, true);
    if (rest === 0) return at;
    if (rest > 0) fallback ??= at;
  }
  return fallback;
}
