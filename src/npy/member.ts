/**
 * Members of `.npz` archives as arrays.
 *
 * @module
 */

import { nativeOrder } from "../array/codec/decode_elements.ts";
import { decodeInPieces } from "../array/codec/decode_pieces.ts";
import { FlatArray } from "../array/flat/flat_array.ts";
import { readFlat } from "../array/flat/flat_read.ts";
import { flatten, ndarray } from "../array/ndarray.ts";
import { isWhole } from "../array/select/selection.ts";
import type { NDArray } from "../array/types.ts";
import { checkReadSize } from "../array/text/value_count.ts";
import { CorruptFileError, WrongKindError } from "../source/errors.ts";
import { RangeFetcher } from "../source/fetch/fetcher.ts";
import { memorySource } from "../source/local/memory.ts";
import type { OpenedSource } from "../source/open_source.ts";
import type { ReadOptions } from "../source/types.ts";
import type { ZipArchive } from "../source/zip/zip_archive.ts";
import { crcInPieces } from "../source/zip/crc.ts";
import type { Crc32, ZipEntry } from "../source/zip/directory.ts";
import { deflatedReader, layoutOnly } from "./deflated.ts";
import { holdsObjects } from "./descr.ts";
import { isNpy, NPY_PREFIX, type NpyFileHeader, npyHeaderLength, readNpyHeader } from "./header.ts";
import { NpyArray, type NpyReader } from "./npy_array.ts";
import { objectReader } from "./pickle/object_array.ts";
import { checkData } from "./open_npy.ts";

/** A packed member up to this size is unpacked whole and kept, so that its slices cost nothing more. */
const KEPT = 4 * 1024 * 1024;

/** Where a member is. */
export interface Member {
  /** The archive's file. */
  readonly opened: OpenedSource;
  /** The archive. */
  readonly zip: ZipArchive;
  /** The member. */
  readonly entry: ZipEntry;
  /** Computes checksums. */
  readonly crc32: Crc32;
}

/**
 * Opens a member as an array; reads its header.
 *
 * @param member Where it is
 * @param options `signal` aborts
 * @returns The array
 * @throws {WrongKindError} If it is no `.npy` file
 * @throws {CorruptFileError} If its header is damaged, or says more than the member holds
 */
export async function openMember(member: Member, options: ReadOptions): Promise<NpyArray> {
  const { zip, entry, opened } = member;
  const name = memberName(member);
  if (entry.size < NPY_PREFIX) throw notNpy(name, zip.name, entry);
  const load = async ({ signal }: ReadOptions) => await zip.read(entry.name, { signal });
  const make = (header: NpyFileHeader, reader: NpyReader, storage: NpyArray["storage"]) =>
    new NpyArray({ header, reader, storage, name, member: entry.name, opened, owns: false });

  if (entry.method === 8 && entry.size <= Math.min(KEPT, opened.fetcher.limits.maxReadBytes)) {
    const bytes = await load(options);
    const header = headerIn(bytes, member, name);
    const rest = (length: number) => Promise.resolve(bytes.subarray(length));
    if (holdsObjects(header.dtype)) {
      return make(
        header,
        objectReader(header, () => rest(header.length), name),
        "pickled",
      );
    }
    checkData(header, bytes.length - header.length, name);
    const fetcher = new RangeFetcher(memorySource(bytes, name), opened.fetcher.limits);
    return make(header, new FlatArray({ fetcher, ...layoutOf(header, header.length, name) }), "deflated");
  }

  const header = await (entry.method === 0 ? storedHeader : packedHeader)(member, name, options);
  if (holdsObjects(header.dtype)) {
    // Read whole, so that its CRC is checked.
    const pickle = async (options: ReadOptions) => (await load(options)).subarray(header.length);
    return make(header, objectReader(header, pickle, name), "pickled");
  }
  checkData(header, entry.size - header.length, name);
  if (entry.method === 0) return make(header, await storedReader(member, header, name, options), "stored");
  const flat = layoutOnly(layoutOf(header, header.length, name));
  const { maxReadBytes } = opened.fetcher.limits;
  const stream = ({ signal }: ReadOptions) => zip.stream(entry, { signal });
  return make(header, deflatedReader(flat, { size: entry.size, limit: maxReadBytes, stream }), "deflated");
}

/** What messages call a member. */
function memberName({ zip, entry }: Member): string {
  return `member ${JSON.stringify(entry.name)} of ${zip.name}`;
}

function layoutOf(header: NpyFileHeader, offset: number, name: string) {
  return { offset, shape: header.shape, dtype: header.dtype, order: header.order, name };
}

/** The header of a stored member: most often it comes with the page of the local header. */
async function storedHeader(member: Member, name: string, options: ReadOptions): Promise<NpyFileHeader> {
  const { zip, entry, opened: { cache } } = member;
  const offset = await zip.start(entry, options);
  const look = async (length: number) => {
    const range = { offset, length };
    await cache.load([range], { signal: options.signal });
    return (await cache.readMany([range], { signal: options.signal }))[0]!;
  };
  const prefix = await look(NPY_PREFIX);
  if (!isNpy(prefix)) throw notNpy(name, zip.name, entry);
  const length = npyHeaderLength(prefix, name);
  checkHeader(length, entry, name);
  return readNpyHeader(await look(length), name);
}

/** The header of a packed member: as much is unpacked as it takes. */
async function packedHeader(member: Member, name: string, options: ReadOptions): Promise<NpyFileHeader> {
  const { zip, entry } = member;
  let bytes = new Uint8Array(0);
  let length = NPY_PREFIX;
  for await (const part of zip.stream(entry, options)) {
    const longer = new Uint8Array(bytes.length + part.length);
    longer.set(bytes);
    longer.set(part, bytes.length);
    bytes = longer;
    if (bytes.length < NPY_PREFIX) continue;
    if (!isNpy(bytes)) throw notNpy(name, zip.name, entry);
    length = npyHeaderLength(bytes, name);
    checkHeader(length, entry, name);
    if (bytes.length >= length) break;
  }
  return readNpyHeader(bytes.subarray(0, length), name);
}

function headerIn(bytes: Uint8Array, { zip, entry }: Member, name: string): NpyFileHeader {
  if (!isNpy(bytes)) throw notNpy(name, zip.name, entry);
  const length = npyHeaderLength(bytes, name);
  checkHeader(length, entry, name);
  return readNpyHeader(bytes.subarray(0, length), name);
}

function checkHeader(length: number, entry: ZipEntry, name: string): void {
  if (length > entry.size) {
    throw new CorruptFileError(
      `Cannot read ${name}: its header is said to take ${length} bytes, the member has ${entry.size}`,
    );
  }
}

function notNpy(name: string, file: string, entry: ZipEntry): WrongKindError {
  return new WrongKindError(`Cannot read ${name} as an array: it isn't a .npy file`, { file, object: entry.name });
}

/** Reads by ranges; where all is read, the CRC is checked. */
async function storedReader(
  member: Member,
  header: NpyFileHeader,
  name: string,
  options: ReadOptions,
): Promise<NpyReader> {
  const { zip, entry, opened: { fetcher, cache } } = member;
  const start = await zip.start(entry, options);
  const flat = new FlatArray({ fetcher, cache, ...layoutOf(header, start + header.length, name) });
  return {
    shape: flat.shape,
    dtype: flat.dtype,
    chunkShape: null,
    readResolved: (axes, options = {}) =>
      isWhole(axes, flat.shape) && entry.size <= fetcher.limits.maxReadBytes
        ? readWhole(member, header, flat, start, options)
        : flat.readResolved(axes, options),
    field: (name) => flat.field(name),
  };
}

/** In the order of the file, as the CRC needs it. */
async function readWhole(
  { zip, entry, opened: { fetcher, cache }, crc32 }: Member,
  header: NpyFileHeader,
  flat: FlatArray,
  start: number,
  options: ReadOptions,
): Promise<NDArray> {
  options.signal?.throwIfAborted();
  checkReadSize(flat.name, flat.dtype, flat.size, fetcher.limits.maxReadBytes, zip.name);
  const bytes = new Uint8Array(entry.size);
  const layout = { shape: [entry.size], strides: [1], itemsize: 1 };
  const all = { kind: "range", start: 0, step: 1, count: entry.size, drop: false } as const;
  await readFlat({ fetcher, cache, offset: start, layout }, [all], bytes, { signal: options.signal });
  zip.checkCrc(entry, await crcInPieces(crc32, bytes, options.signal));
  const stored = bytes.subarray(header.length, header.length + byteLength(flat));
  const data = await decodeInPieces(header.dtype, stored, flat.size, options.signal);
  const dtype = nativeOrder(flat.dtype);
  if (header.order === "C") return ndarray(data, flat.shape, dtype);
  const reversed = ndarray(data, [...flat.shape].reverse(), dtype);
  return flatten({ ...reversed, shape: flat.shape, stride: [...reversed.stride].reverse() });
}

function byteLength({ size, dtype }: FlatArray): number {
  return size * dtype.itemsize;
}
