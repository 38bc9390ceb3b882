/**
 * Writing Zarr to local folders, by `node:fs` and `node:zlib`, which Node, Deno and Bun all have. Loaded only where a
 * folder is written.
 *
 * @module
 */

import { sizeOf } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import type { DType, LazyArray } from "../../array/types.ts";
import { ShapeError, UnsupportedError, WriteError } from "../../source/errors.ts";
import { builtinModule } from "../../source/local/file_node.ts";
import { checkKey, joinKey, plainPath } from "../store/store.ts";
import { boxOf, wholeChunk } from "./whole_chunk.ts";
import { arrayDocument, type ArrayMetadata, storedType, type ZarrCompression } from "./write_type.ts";
import { chunksOf } from "../store/zarr_store.ts";

interface FileSystem {
  mkdirSync(path: string, options?: { recursive: true }): void;
  writeFileSync(path: string, data: string | Uint8Array, options: { flag: "wx" }): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { recursive: true; force: true }): void;
  statSync(path: string, options: { throwIfNoEntry: false }): { isDirectory(): boolean } | undefined;
  readdirSync(path: string): string[];
}

interface Zlib {
  readonly constants: Readonly<Record<string, number>>;
  gzipSync(bytes: Uint8Array, options: { level: number }): Uint8Array;
  zstdCompressSync?(bytes: Uint8Array, options: { params: Record<number, number> }): Uint8Array;
}

/** Options of {@linkcode writeZarr}. */
export interface WriteZarrOptions {
  /**
   * Version of the format.
   *
   * @default {3}
   */
  readonly zarrFormat?: 2 | 3 | undefined;
  /**
   * Shape of the chunks.
   *
   * @default {those that an array is stored in, or about 1 MiB of whole rows}
   */
  readonly chunkShape?: readonly number[] | undefined;
  /**
   * How chunks are compressed.
   *
   * @default {not at all}
   */
  readonly compression?: ZarrCompression | undefined;
  /**
   * Whether bytes of the same significance are put together before they are compressed; version 2 only.
   *
   * @default {false}
   */
  readonly shuffle?: boolean | undefined;
  /** Attributes of arrays, by the paths of these. */
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /**
   * Whether a hierarchy that is there already is replaced, once the new one is whole.
   *
   * @default {true}
   */
  readonly overwrite?: boolean | undefined;
  /**
   * About how much of an array is in memory at a time, in bytes; at least one chunk.
   *
   * @default {16777216}
   */
  readonly blockBytes?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes arrays as a Zarr hierarchy in a folder. They are read in boxes of whole chunks, so that memory is bounded; the
 * folder is put in place only once it is complete.
 *
 * @param path The folder
 * @param arrays The arrays by their paths in it; the path `/` makes the root an array, and stands alone
 * @param options Version, chunks, compression
 * @throws {WriteError} If it can't be written; what was there is then as it was
 * @throws {UnsupportedError} If that version of Zarr has no type like that of an array
 * @throws {ShapeError} If the chunks don't fit an array
 */
export async function writeZarr(
  path: string,
  arrays: Readonly<Record<string, LazyArray>>,
  options: WriteZarrOptions = {},
): Promise<void> {
  const fs = builtinModule<FileSystem>("node:fs", path);
  const target = path.replace(/(?<=.)[/\\]+$/, "");
  checkTarget(fs, target, options.overwrite ?? true);
  const random = crypto.getRandomValues(new Uint32Array(2));
  const part = `${target}.${[...random].map((word) => word.toString(36)).join("")}.part`;
  try {
    attempt(target, () => fs.mkdirSync(part));
    const format = options.zarrFormat ?? 3;
    const written = new Map(Object.entries(arrays).map(([name, array]) => [plainPath(name), array]));
    const attributes = new Map(Object.entries(options.attributes ?? {}).map(([name, list]) => [plainPath(name), list]));
    writeGroups(fs, target, part, [...written.keys()], format);
    for (const [name, array] of written) {
      await writeArray(fs, target, joinFolder(part, name), array, options, attributes.get(name) ?? {});
    }
    checkTarget(fs, target, options.overwrite ?? true);
    replace(fs, target, part);
  } catch (error) {
    fs.rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

// A folder that holds something else must not be lost by a slip.
function checkTarget(fs: FileSystem, target: string, overwrite: boolean): void {
  const there = fs.statSync(target, { throwIfNoEntry: false });
  if (there === undefined) return;
  const refuse = (why: string): never => {
    throw new WriteError(`Cannot write ${JSON.stringify(target)}: ${why}`, { file: target });
  };
  if (!overwrite) refuse("it is there already");
  if (!there.isDirectory()) refuse("it is no folder");
  const names = fs.readdirSync(target);
  if (names.length > 0 && !names.some((name) => /^(\.zarray|\.zgroup|zarr\.json)$/.test(name))) {
    refuse("it is a folder that holds something else");
  }
}

function replace(fs: FileSystem, target: string, part: string): void {
  const old = `${part}.old`;
  const isThere = fs.statSync(target, { throwIfNoEntry: false }) !== undefined;
  if (isThere) attempt(target, () => fs.renameSync(target, old));
  try {
    attempt(target, () => fs.renameSync(part, target));
  } catch (error) {
    if (isThere) fs.renameSync(old, target);
    throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}

// Every folder above an array is a group.
function writeGroups(fs: FileSystem, target: string, part: string, names: readonly string[], format: 2 | 3): void {
  const groups = new Set<string>();
  for (const name of names) {
    if (name === "") continue;
    const parts = checkKey(name, target).split("/");
    for (let depth = 0; depth < parts.length; depth++) groups.add(parts.slice(0, depth).join("/"));
  }
  const clash = names.find((name) => groups.has(name));
  if (clash !== undefined) {
    throw new ShapeError(
      `Cannot write ${JSON.stringify(target)}: ${JSON.stringify(`/${clash}`)} can't be array and group`,
    );
  }
  const [file, document] = format === 2
    ? [".zgroup", { zarr_format: 2 }]
    : ["zarr.json", { zarr_format: 3, node_type: "group", attributes: {} }];
  for (const group of groups) {
    const folder = joinFolder(part, group);
    attempt(target, () => fs.mkdirSync(folder, { recursive: true }));
    attempt(target, () => fs.writeFileSync(`${folder}/${file}`, JSON.stringify(document, null, 2), { flag: "wx" }));
  }
}

async function writeArray(
  fs: FileSystem,
  target: string,
  folder: string,
  array: LazyArray,
  options: WriteZarrOptions,
  attributes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { shape } = array;
  const dtype = storedType(array.dtype);
  const chunkShape = (options.chunkShape ?? array.chunkShape ?? chunksOf(shape, dtype)).map((n) => Math.max(1, n));
  if (chunkShape.length !== shape.length || !chunkShape.every(Number.isSafeInteger)) {
    throw new ShapeError(
      `Cannot write an array of shape (${shape.join(", ")}) in chunks of (${(options.chunkShape ?? []).join(", ")})`,
    );
  }
  const metadata: ArrayMetadata = {
    zarrFormat: options.zarrFormat ?? 3,
    shape,
    chunkShape,
    dtype,
    compression: options.compression ?? null,
    shuffle: options.shuffle === true,
  };
  const { zarrFormat } = metadata;
  const described = arrayDocument(metadata);
  const document = JSON.stringify(zarrFormat === 2 ? described : { ...described, attributes }, null, 2);
  const pack = packer(metadata);
  attempt(target, () => fs.mkdirSync(folder, { recursive: true }));
  const name = metadata.zarrFormat === 2 ? ".zarray" : "zarr.json";
  attempt(target, () => fs.writeFileSync(`${folder}/${name}`, document, { flag: "wx" }));
  if (zarrFormat === 2 && Object.keys(attributes).length > 0) {
    const text = JSON.stringify(attributes, null, 2);
    attempt(target, () => fs.writeFileSync(`${folder}/.zattrs`, text, { flag: "wx" }));
  }
  if (sizeOf(shape) === 0) return;

  const block = blockOf(shape, chunkShape, dtype, options.blockBytes ?? 2 ** 24);
  for (const start of grid(shape, block)) {
    const counts = block.map((length, axis) => Math.min(length, shape[axis]! - start[axis]!));
    const selection = start.map((first, axis) => slice(first, first + counts[axis]!));
    const read = await array.read(selection, { signal: options.signal });
    options.signal?.throwIfAborted();
    for (const inner of grid(counts, chunkShape)) {
      const lengths = chunkShape.map((length, axis) => Math.min(length, counts[axis]! - inner[axis]!));
      const bytes = pack(wholeChunk(boxOf(read, inner, lengths), chunkShape, dtype));
      const index = chunkShape.map((length, axis) => (start[axis]! + inner[axis]!) / length);
      const file = metadata.zarrFormat === 2 ? index.join(".") || "0" : ["c", ...index].join("/");
      const at = `${folder}/${file}`;
      attempt(target, () => fs.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true }));
      attempt(target, () => fs.writeFileSync(at, bytes, { flag: "wx" }));
    }
  }
}

/** Whole chunks, as many as fit: along the last axis first. */
function blockOf(shape: readonly number[], chunkShape: readonly number[], dtype: DType, limit: number): number[] {
  const block = [...chunkShape];
  let bytes = sizeOf(chunkShape) * Math.max(16, dtype.itemsize);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const chunks = Math.ceil(shape[axis]! / chunkShape[axis]!);
    const taken = Math.max(1, Math.min(chunks, Math.floor(limit / bytes)));
    block[axis] = taken * chunkShape[axis]!;
    bytes *= taken;
    if (taken < chunks) break;
  }
  return block;
}

/** The first indices of boxes that fill a shape, in C order. */
function* grid(shape: readonly number[], box: readonly number[]): Generator<number[]> {
  const start = shape.map(() => 0);
  while (true) {
    yield [...start];
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      start[axis]! += box[axis]!;
      if (start[axis]! < shape[axis]!) break;
      start[axis] = 0;
    }
    if (axis < 0) return;
  }
}

function packer({ compression, shuffle, dtype }: ArrayMetadata): (bytes: Uint8Array) => Uint8Array {
  const zlib = builtinModule<Zlib>("node:zlib", "node:zlib");
  const order = shuffle && dtype.itemsize > 1 ? (bytes: Uint8Array) => shuffled(bytes, dtype.itemsize) : null;
  const pack = compression === null ? null : compressor(zlib, compression);
  return (bytes) => {
    const ordered = order === null ? bytes : order(bytes);
    return pack === null ? ordered : pack(ordered);
  };
}

function compressor(zlib: Zlib, { name, level }: ZarrCompression): (bytes: Uint8Array) => Uint8Array {
  if (name === "gzip") return (bytes) => zlib.gzipSync(bytes, { level });
  const { zstdCompressSync, constants } = zlib;
  if (zstdCompressSync === undefined) {
    throw new UnsupportedError(
      "Cannot compress by zstd: this runtime has none (Node has it from 22.15); gzip is there",
    );
  }
  return (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel!]: level } });
}

function shuffled(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const count = bytes.length / width;
  for (let i = 0, at = 0; i < count; i++) {
    for (let byte = 0; byte < width; byte++) out[byte * count + i] = bytes[at++]!;
  }
  return out;
}

function joinFolder(part: string, name: string): string {
  return name === "" ? part : joinKey(part, name);
}

function attempt<T>(target: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const reason = code === "ENOENT"
      ? "there is no such folder above it"
      : code === "ENOSPC"
      ? "the disk is full"
      : String(message ?? cause);
    throw new WriteError(`Cannot write ${JSON.stringify(target)}: ${reason}`, { file: target, cause });
  }
}
