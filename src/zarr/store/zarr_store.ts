/**
 * Lazy arrays as stores that zarrita reads.
 *
 * @module
 */

import { printedAs } from "../../source/inspect.ts";
import { chunksText, summary, typeAndShape } from "../../array/text/summary.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { numbersOf } from "../../array/dtype/kinds.ts";
import { slice } from "../../array/select/slice.ts";
import type { DType, LazyArray } from "../../array/types.ts";
import { ShapeError, UnsupportedError } from "../../source/errors.ts";
import { wholeChunk } from "../write/whole_chunk.ts";
import type { ZarrGetOptions, ZarrRange, ZarrStore } from "../types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";

/** Options of {@linkcode zarrStore}. */
export interface ZarrStoreOptions {
  /**
   * Shape of the chunks that the array seems to have.
   *
   * @default {those that it is stored in, or about 1 MiB of whole rows}
   */
  readonly chunkShape?: readonly number[] | undefined;
  /** Names of the axes. */
  readonly dimensionNames?: readonly string[] | undefined;
  /** Attributes. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

const CHUNK_BYTES = 2 ** 20;

/**
 * A lazy array as a read-only store with one Zarr array (version 3) at its root, so that all that takes a store of
 * zarrita's can read it: `zarr.open(zarrStore(array), { kind: "array" })`. What is read of it is read of the lazy array,
 * chunk by chunk, when it is asked for.
 *
 * float16 shows itself as float32, an enum as its integers, a time as the integer that counts its units.
 *
 * @param array The lazy array
 * @param options Shape of the chunks
 * @returns The store
 * @throws {UnsupportedError} If zarrita has nothing for its type: complex numbers, records, sequences, references
 * @throws {ShapeError} If the chunks given can't be
 *
 * @example Usage
 * ```ts
 * import { memoryArray } from "../../array/memory.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import { zarrStore } from "./zarr_store.ts";
 * import assert from "node:assert/strict";
 *
 * const store = zarrStore(memoryArray(ndarray(Int16Array.of(1, 2, 3))), { chunkShape: [2] });
 * assert.deepEqual(await store.get("/c/0"), Uint8Array.of(1, 0, 2, 0));
 * ```
 */
export function zarrStore(array: LazyArray, options: ZarrStoreOptions = {}): ZarrStore {
  checkOptions(options, ZARR_STORE_OPTIONS, "make a Zarr store");
  const { shape } = array;
  const dtype = chunkType(array.dtype);
  const chunkShape = options.chunkShape ?? array.chunkShape?.map((n) => Math.max(1, n)) ?? chunksOf(shape, dtype);
  if (chunkShape.length !== shape.length || !chunkShape.every((length) => Number.isSafeInteger(length) && length > 0)) {
    throw new ShapeError(`Cannot show an array of shape (${shape.join(", ")}) in chunks of (${chunkShape.join(", ")})`);
  }
  const isText = dtype.kind === "string";
  const metadata = {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: isText ? "string" : dtype.kind === "bool" ? "bool" : `${dtype.kind}${8 * dtype.itemsize}`,
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [
      isText ? { name: "vlen-utf8", configuration: {} } : { name: "bytes", configuration: { endian: "little" } },
    ],
    fill_value: isText ? "" : dtype.kind === "bool" ? false : 0,
    attributes: options.attributes ?? {},
    ...(options.dimensionNames === undefined ? {} : { dimension_names: options.dimensionNames }),
  };

  const get = async (key: string, getOptions: ZarrGetOptions = {}): Promise<Uint8Array | undefined> => {
    if (key === "/zarr.json") return new TextEncoder().encode(JSON.stringify(metadata));
    const starts = chunkStart(key, shape, chunkShape);
    if (starts === null) return undefined;
    const box = starts.map((start, axis) => slice(start, Math.min(start + chunkShape[axis]!, shape[axis]!)));
    // What zarrita hands on may hold more than a signal.
    const read = await array.read(box, { signal: getOptions.signal });
    return wholeChunk(read, chunkShape, dtype);
  };
  const store: ZarrStore = {
    get,
    async getRange(key, range: ZarrRange, getOptions) {
      const bytes = await get(key, getOptions);
      if (bytes === undefined) return undefined;
      return "offset" in range
        ? bytes.slice(range.offset, range.offset + range.length)
        : bytes.slice(Math.max(0, bytes.length - range.suffixLength));
    },
  };
  return printedAs(store, () => summary("ZarrStore", undefined, typeAndShape(array), chunksText(chunkShape)));
}

/** The type that elements have in a chunk that zarrita decodes: little-endian, of a kind that it knows. */
function chunkType(dtype: DType): DType {
  if (dtype.kind === "string" || dtype.kind === "bool") return dtype;
  const held = numbersOf(dtype);
  if (held?.parts === 1) {
    // float16 is float32 in memory.
    const itemsize = held.kind === "float" ? Math.max(4, held.itemsize) : held.itemsize;
    return { kind: held.kind, itemsize, byteOrder: itemsize === 1 ? "|" : "<" } as DType;
  }
  throw new UnsupportedError(`Cannot show an array of ${describeDType(dtype)} as Zarr: zarrita has no such data type`);
}

/** Shape of chunks of about 1 MiB: whole inner axes first, since those lie together. */
export function chunksOf(shape: readonly number[], dtype: DType): number[] {
  let left = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, dtype.itemsize)));
  return shape.toReversed().map((length) => {
    const taken = Math.max(1, Math.min(length, left));
    left = Math.max(1, Math.floor(left / taken));
    return taken;
  }).reverse();
}

// "/c/1/0" is the chunk at (1, 0), "/c" that of an array without axes.
function chunkStart(key: string, shape: readonly number[], chunkShape: readonly number[]): number[] | null {
  if (!/^\/c(\/\d+)*$/.test(key)) return null;
  const starts = key.slice(2).split("/").slice(1).map((index, axis) => Number(index) * (chunkShape[axis] ?? 1));
  return starts.length === shape.length && starts.every((start, axis) => start < shape[axis]!) ? starts : null;
}

const ZARR_STORE_OPTIONS: OptionNames<ZarrStoreOptions> = {
  chunkShape: true,
  dimensionNames: true,
  attributes: true,
};
