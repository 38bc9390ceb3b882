/**
 * A member's local header (APPNOTE 6.3.10, section 4.3.7).
 *
 * @module
 */

import { CorruptFileError } from "../errors.ts";
import type { ZipEntry } from "./directory.ts";
import { extraFields, viewOf, zip64Values } from "./fields.ts";

const LOCAL = 0x04034b50;

/** Bytes of a local header before its name. */
export const LOCAL_SIZE = 30;

/**
 * Reads a member's local header and checks that it says what the directory says.
 *
 * @param bytes Its first bytes, at least 30
 * @param entry The member
 * @param file What messages call the archive
 * @returns How long it is, name and extra fields included; where that is more than was given, nothing was checked yet
 * @throws {CorruptFileError} If it says something else
 */
export function readLocalHeader(bytes: Uint8Array, entry: ZipEntry, file: string): number {
  const view = viewOf(bytes);
  const wrong = (what: string) =>
    new CorruptFileError(`Cannot read member ${JSON.stringify(entry.name)} of ${file}: ${what}`, {
      file,
      object: entry.name,
    });
  if (view.getUint32(0, true) !== LOCAL) throw wrong(`there is no local header at byte ${entry.headerOffset}`);
  const nameLength = view.getUint16(26, true);
  const length = LOCAL_SIZE + nameLength + view.getUint16(28, true);
  if (length > bytes.length) return length;
  const flags = view.getUint16(6, true);
  const name = bytes.subarray(LOCAL_SIZE, LOCAL_SIZE + nameLength);
  const differs = (what: string) => wrong(`its local header and the directory differ in ${what}`);
  if (name.length !== entry.rawName.length || name.some((byte, i) => byte !== entry.rawName[i])) {
    throw differs("its name");
  }
  if (view.getUint16(8, true) !== entry.method) throw differs("how it is packed");
  if (((flags ^ entry.flags) & 0x2041) !== 0) throw differs("whether it is encrypted");
  // With flag 3, crc and sizes stand behind the data, and the local header may leave them out.
  if ((flags & 8) === 0) {
    const extra = extraFields(bytes.subarray(LOCAL_SIZE + nameLength, length));
    const sizes = zip64Values([view.getUint32(22, true), view.getUint32(18, true)], extra.get(1), file);
    if (sizes[0] !== entry.size || sizes[1] !== entry.compressedSize) throw differs("its size");
    if (view.getUint32(14, true) !== entry.crc32) throw differs("its CRC");
  }
  return length;
}
