/**
 * Opening ZIP archives.
 *
 * @module
 */

import { FormatError } from "../errors.ts";
import { ZipArchive, type ZipInput, type ZipOptions } from "./zip_archive.ts";
import { readDirectory } from "./directory.ts";
import { type DirectoryPlace, findDirectory, LONGEST_TAIL } from "./directory_end.ts";

/** The first tail that is read: as much as a page, and enough for the directory of some hundred members. */
const TAIL = 65_536;
/**
 * Opens an archive: finds its end records and reads its central directory, by one request where both lie in the last
 * 64 KiB.
 *
 * @param input What it is read through
 * @param options Checksums and limits
 * @returns The archive
 * @throws {FormatError} If it isn't a ZIP archive
 * @throws {CorruptFileError} If its directory is damaged
 * @throws {UnsupportedError} If it is in several parts
 */
export async function openZip(input: ZipInput, options: ZipOptions): Promise<ZipArchive> {
  const { fetcher, cache } = input;
  const { byteLength, source } = fetcher;
  const file = source.name ?? "the source";
  const { signal } = options;
  const tailOf = async (length: number): Promise<Uint8Array> => {
    const range = { offset: byteLength - length, length };
    // Unless the source has its end at hand the pages bring it, and keep it: small members lie there. A small file
    // comes whole.
    if (!("tail" in source)) await cache.load([range], { signal });
    return (await cache.readMany([range], { signal }))[0]!;
  };
  let tail = await tailOf(Math.min(byteLength, TAIL));
  let place = findDirectory(tail, byteLength, file);
  if (place === undefined && byteLength > TAIL) {
    tail = await tailOf(Math.min(byteLength, LONGEST_TAIL));
    place = findDirectory(tail, byteLength, file);
  }
  if (place === undefined) {
    const { describeHead, HEAD_BYTES, kindOf } = await import("../signatures.ts");
    const length = Math.min(byteLength, HEAD_BYTES);
    const head = length === 0 ? new Uint8Array(0) : (await cache.readMany([{ offset: 0, length }], { signal }))[0]!;
    const why = /^(NPZ|.*ZIP)$/.test(kindOf(head)?.name ?? "") ? "it may be cut off" : describeHead(head);
    throw new FormatError(`Cannot open ${file} as a ZIP archive: it has no end record; ${why}`, { file });
  }
  const bytes = await directoryBytes(input, tail, place, signal);
  return new ZipArchive(input, readDirectory(bytes, place, file, options.crc32), options);
}

async function directoryBytes(
  { fetcher, cache }: ZipInput,
  tail: Uint8Array,
  place: DirectoryPlace,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const start = place.offset - (fetcher.byteLength - tail.length);
  if (start >= 0) return tail.subarray(start, start + place.length);
  return (await cache.readMany([{ offset: place.offset, length: place.length }], { signal }))[0]!;
}
