/**
 * Opening `.npy` files.
 *
 * @module
 */

import { bounded } from "../source/fetch/deadline.ts";
import { located } from "../source/located.ts";
import { checkOptions } from "../source/options.ts";
import { SOURCE_OPTIONS } from "../source/open_source.ts";
import { FlatArray, flatByteLength } from "../array/flat/flat_array.ts";
import type { ArrayData, DType } from "../array/types.ts";
import { CorruptFileError, FormatError, LimitError, ShapeError } from "../source/errors.ts";
import {
  nameOfInput,
  type OpenedSource,
  openSource,
  type SourceInput,
  type SourceOptions,
} from "../source/open_source.ts";
import type { ReadOptions } from "../source/types.ts";
import { holdsObjects } from "./descr.ts";
import { isNpy, NPY_PREFIX, type NpyFileHeader, npyHeaderLength, readNpyHeader } from "./header.ts";
import { NpyArray } from "./npy_array.ts";
import { objectReader } from "./pickle/object_array.ts";

/** Options of {@linkcode openNpy}: of HTTP, and limits. */
export type NpyOptions = SourceOptions;

/**
 * Opens a `.npy` file as a lazy array: slices read only their bytes.
 *
 * From a server, opening is one request (it brings the header, and the first 64 KiB), and a slice is one more, unless
 * it lies in those first bytes. Where a selection lies in pieces, those that are close together share a request.
 *
 * What follows the array in the file is ignored, as NumPy does: several arrays may be saved into one file. Arrays of
 * objects are pickles: they are read whole, by {@linkcode unpickle}, which refuses all but plain data.
 *
 * @param input URL, path, bytes, blob, R2 object, or an object that reads
 * @param options Of HTTP, and limits
 * @returns The array. Close it, or hold it by `await using`
 * @throws {FormatError} If it is no `.npy` file
 * @throws {CorruptFileError} If its header is damaged, or says more than the file holds
 * @throws {UnsupportedError} If its dtype, or version, can't be read
 *
 * @example Usage
 * ```ts
 * import { ndarray, toNested } from "../array/ndarray.ts";
 * import { slice } from "../array/select/slice.ts";
 * import { openNpy } from "./open_npy.ts";
 * import { encodeNpy } from "./write.ts";
 * import assert from "node:assert/strict";
 *
 * await using array = await openNpy(encodeNpy(ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2])));
 * assert.deepEqual(array.shape, [3, 2]);
 * assert.deepEqual(toNested(await array.read([slice(1, null), 0])), [3, 5]);
 * ```
 */
export async function openNpy<D extends ArrayData = ArrayData>(
  input: SourceInput,
  options: NpyOptions = {},
): Promise<NpyArray<D>> {
  checkOptions(options, SOURCE_OPTIONS, "open NPY");
  const call = { deadline: options.deadline, what: "open", file: nameOfInput(input) };
  return await bounded(call, options, (options) => open<D>(input, options));
}

async function open<D extends ArrayData>(input: SourceInput, options: NpyOptions): Promise<NpyArray<D>> {
  const opened = await openSource(input, options);
  try {
    const name = opened.source.name ?? "the source";
    return await located({ file: name, object: "/" }, async () => {
      const header = await loadHeader(opened, name, options);
      return new NpyArray<D>({ header, name, opened, owns: true, ...readerOf(opened, header, name) });
    });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function loadHeader(opened: OpenedSource, name: string, { signal }: ReadOptions): Promise<NpyFileHeader> {
  const { cache } = opened;
  const start = async (length: number) => {
    const range = { offset: 0, length };
    await cache.load([range], { signal });
    return (await cache.readMany([range], { signal }))[0]!;
  };
  const prefix = await start(Math.min(NPY_PREFIX, cache.byteLength));
  if (!isNpy(prefix)) {
    // What else it is takes more bytes to tell, most often of the same page.
    const { describeHead, HEAD_BYTES } = await import("../source/signatures.ts");
    const head = await start(Math.min(HEAD_BYTES, cache.byteLength));
    throw new FormatError(`Cannot read ${name}: it isn't a .npy file; ${describeHead(head)}`, { file: name });
  }
  const length = npyHeaderLength(prefix, name);
  if (length > cache.byteLength) {
    throw new CorruptFileError(
      `Cannot read ${name}: its header is said to take ${length} bytes, the file has ${cache.byteLength}`,
      { file: name },
    );
  }
  return readNpyHeader(await start(length), name);
}

function readerOf(opened: OpenedSource, header: NpyFileHeader, name: string) {
  const { fetcher, cache } = opened;
  const rest = cache.byteLength - header.length;
  if (holdsObjects(header.dtype)) {
    const load = async ({ signal }: ReadOptions) => {
      checkPickle(rest, fetcher.limits.maxReadBytes, name);
      return (await cache.readMany([{ offset: header.length, length: rest }], { signal }))[0]!;
    };
    return { reader: objectReader(header, load, name), storage: "pickled" as const };
  }
  checkData(header, rest, name);
  const { shape, dtype, length: offset } = header;
  const reader = new FlatArray({ fetcher, cache, offset, shape, dtype, order: header.order, name });
  return { reader, storage: "stored" as const };
}

/**
 * Makes sure that the data is there.
 *
 * @param header What the header says
 * @param rest Bytes behind the header
 * @param name What messages call the file
 * @returns Bytes of the data
 * @throws {CorruptFileError} If there are fewer than the shape takes
 */
export function checkData(header: NpyFileHeader, rest: number, name: string): number {
  const wrong = (what: string, cause?: unknown) =>
    new CorruptFileError(`Cannot read ${name}: its shape (${header.shape.join(", ")}) ${what}`, { file: name, cause });
  let length: number;
  try {
    length = flatByteLength(header.shape, header.dtype as DType);
  } catch (cause) {
    if (cause instanceof ShapeError) throw wrong("can't be", cause);
    throw cause;
  }
  if (length > rest) throw wrong(`takes ${length} bytes, but only ${rest} are there`);
  return length;
}

/** @throws {LimitError} If a pickle is longer than what may be read at once. */
export function checkPickle(length: number, limit: number, name: string): void {
  if (length <= limit) return;
  throw new LimitError(
    `Cannot read ${name}: its pickle takes ${length} bytes, more than the limit maxReadBytes of ${limit}`,
  );
}
