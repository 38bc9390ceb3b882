/**
 * The central directory of a ZIP archive (APPNOTE 6.3.10, section 4.3.12).
 *
 * @module
 */

import type { DirectoryPlace } from "./directory_end.ts";
import { corrupt, extraFields, viewOf, zip64Values } from "./fields.ts";
import { decodeName, nameProblem } from "./names.ts";

/** Continues a CRC-32 (as ZIP and gzip have it) over more bytes; 0 at the start. */
export type Crc32 = (bytes: Uint8Array, crc?: number) => number;

/** A member of an archive, as the central directory describes it. */
export interface ZipEntry {
  /** Its name. */
  readonly name: string;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes once it is unpacked. */
  readonly size: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc32: number;
  /** How it is packed: 0 stored, 8 deflated; no other can be read. */
  readonly method: number;
  /** Whether it stands for a folder. */
  readonly isDirectory: boolean;
  /** Where its local header starts in the file. */
  readonly headerOffset: number;
  /** Where it ends at the latest: the next member's header, or the directory. */
  readonly limit: number;
  /** Why it can't be read, where it can't. */
  readonly problem: ZipProblem | undefined;
  /** The general purpose flags. */
  readonly flags: number;
  /** Its name as it stands in the archive. */
  readonly rawName: Uint8Array;
}

/** Why a member can't be read. */
export interface ZipProblem {
  /** Whether it needs what isn't built in, or can't be so. */
  readonly kind: "unsupported" | "corrupt";
  /** In words. */
  readonly text: string;
}

const CENTRAL = 0x02014b50;

const METHODS: Readonly<Record<number, string>> = {
  1: "shrink",
  6: "implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
  98: "PPMd",
  99: "AES encryption",
};

/**
 * Reads the central directory.
 *
 * @param bytes The directory
 * @param place Where it is
 * @param file What messages call the archive
 * @param crc32 Checks names
 * @returns The members, in its order
 * @throws {CorruptFileError} If it is truncated, or holds something else
 */
export function readDirectory(bytes: Uint8Array, place: DirectoryPlace, file: string, crc32: Crc32): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw corrupt(file, `its directory breaks off after ${entries.length} members`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + nameLength! + extraLength! + commentLength!;
    if (next > bytes.length) throw corrupt(file, `its directory breaks off after ${entries.length} members`);
    const rawName = bytes.slice(at + 46, at + 46 + nameLength!);
    const extra = bytes.subarray(at + 46 + nameLength!, at + 46 + nameLength! + extraLength!);
    entries.push(readEntry(view, at, rawName, extra, place, file, crc32));
    at = next;
  }
  if (place.isZip64 ? entries.length !== place.count : entries.length % 0x10000 !== place.count) {
    throw corrupt(file, `its directory holds ${entries.length} members, its end record says ${place.count}`);
  }
  return withLimits(entries, place.offset);
}

function readEntry(
  view: DataView,
  at: number,
  rawName: Uint8Array,
  extra: Uint8Array,
  place: DirectoryPlace,
  file: string,
  crc32: Crc32,
): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const fields = extraFields(extra);
  const [size, compressedSize, offset, disk] = zip64Values(
    [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
      view.getUint16(at + 34, true),
    ],
    fields.get(1),
    file,
  ) as [number, number, number, number];
  const name = unicodePath(fields.get(0x7075), rawName, crc32) ?? decodeName(rawName, (flags & 0x800) !== 0);
  return {
    name,
    compressedSize,
    size,
    crc32: view.getUint32(at + 16, true),
    method,
    isDirectory: name.endsWith("/"),
    headerOffset: place.prefix + offset,
    limit: place.offset,
    problem: entryProblem(name, flags, method, disk, size, compressedSize),
    flags,
    rawName,
  };
}

function entryProblem(
  name: string,
  flags: number,
  method: number,
  disk: number,
  size: number,
  compressedSize: number,
): ZipProblem | undefined {
  const unsafe = nameProblem(name);
  if (unsafe !== undefined) return { kind: "corrupt", text: unsafe };
  if ((flags & 0x2041) !== 0 || method === 99) return { kind: "unsupported", text: "it is encrypted" };
  if ((flags & 0x20) !== 0) return { kind: "unsupported", text: "it is a patch to another file" };
  if (disk !== 0) return { kind: "unsupported", text: "it lies in another part of the archive" };
  if (method !== 0 && method !== 8) {
    const named = METHODS[method] === undefined ? `method ${method}` : `${METHODS[method]} (method ${method})`;
    return { kind: "unsupported", text: `it is packed by ${named}; stored and deflated ones can be read` };
  }
  if (method === 0 && size !== compressedSize) {
    return { kind: "corrupt", text: `it is stored, but takes ${compressedSize} bytes for ${size}` };
  }
  return undefined;
}

/** Says of each member where it must end, and of those that overlap that they do. */
function withLimits(entries: readonly ZipEntry[], directory: number): ZipEntry[] {
  const order = entries.map((_, i) => i).sort((a, b) => entries[a]!.headerOffset - entries[b]!.headerOffset);
  const overlaps = new Set<number>();
  const limits = new Map<number, number>();
  let reached = 0;
  let widest = -1;
  order.forEach((i, k) => {
    const entry = entries[i]!;
    const next = order[k + 1];
    limits.set(i, next === undefined ? directory : Math.min(directory, entries[next]!.headerOffset));
    if (entry.headerOffset < reached) overlaps.add(i).add(widest);
    const end = entry.headerOffset + 30 + entry.rawName.length + entry.compressedSize;
    if (end > directory) overlaps.add(i);
    if (end > reached) [reached, widest] = [end, i];
  });
  return entries.map((entry, i) => ({
    ...entry,
    limit: limits.get(i)!,
    problem: overlaps.has(i) ? { kind: "corrupt", text: "it overlaps another member or the directory" } : entry.problem,
  }));
}

/** Info-ZIP's name in UTF-8 (section 4.6.9), which counts where the other one was not changed since. */
function unicodePath(field: Uint8Array | undefined, rawName: Uint8Array, crc32: Crc32): string | undefined {
  if (field === undefined || field.length < 5 || field[0] !== 1) return undefined;
  if (viewOf(field).getUint32(1, true) !== crc32(rawName)) return undefined;
  return decodeName(field.subarray(5), true);
}
