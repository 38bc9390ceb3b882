/**
 * Arrays of zarrita as lazy arrays.
 *
 * @module
 */

import { readSelection } from "../array/select/read_selection.ts";
import { resolveSelection } from "../array/select/selection.ts";
import type { LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../array/types.ts";
import { printedAs } from "../source/inspect.ts";
import { chunksText, summary, typeAndShape } from "../array/text/summary.ts";
import { ArrayView, type ResolvedReader } from "../array/select/view.ts";
import { ShapeError } from "../source/errors.ts";
import { resolveLimits } from "../source/limits.ts";
import { dtypeFromZarrita } from "./read/data_type.ts";
import { type ChunkReader, readChunks } from "./read/read_chunks.ts";
import type { ZarrChunk, ZarrChunkedArray, ZarrGetOptions } from "./types.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";

/** Options of {@linkcode fromZarr}. */
export interface FromZarrOptions {
  /**
   * Chunks that are asked for at once.
   *
   * @default {6}
   */
  readonly maxParallel?: number | undefined;
  /**
   * The largest result of a read, in bytes.
   *
   * @default {1073741824} (browsers 512 MiB, Workers 32 MiB)
   */
  readonly maxReadBytes?: number | undefined;
}

/**
 * An array of zarrita's (or anything else that gives decoded chunks) as a lazy array: with steps backwards, lists,
 * masks and views, which zarrita's own `get` doesn't have. Each chunk that a selection touches is asked for once.
 *
 * Text of fixed length comes without the zeros behind it, as NumPy has it; zarrita takes those within out too. float16
 * comes as `Float32Array`.
 *
 * @param array The array; `zarr.open(store, { kind: "array" })` gives one
 * @param options How much at once
 * @returns The lazy array
 * @throws {UnsupportedError} If microtome has no type like its data type
 * @throws {ShapeError} If its shape or that of its chunks can't be
 *
 * @example Usage
 * ```ts
 * import { fromZarr } from "./from_zarr.ts";
 * import assert from "node:assert/strict";
 *
 * // Stands for `await zarr.open(store, { kind: "array" })`.
 * const array = {
 *   shape: [5],
 *   chunks: [3],
 *   dtype: "int32",
 *   getChunk: ([i]: number[]) =>
 *     Promise.resolve({ data: Int32Array.of(0, 1, 2).map((k) => 3 * i! + k), shape: [3], stride: [1] }),
 * };
 * const lazy = fromZarr(array);
 * assert.deepEqual((await lazy.read([[4, 0, -1]])).data, Int32Array.of(4, 0, 4));
 * ```
 */
export function fromZarr(array: ZarrChunkedArray, options: FromZarrOptions = {}): LazyArray & ResolvedReader {
  checkOptions(options, FROM_ZARR_OPTIONS, "read an array of zarrita");
  const shape = [...array.shape];
  const chunkShape = [...array.chunks];
  if (chunkShape.length !== shape.length || !shape.every(isLength) || !chunkShape.every((n) => isLength(n) && n > 0)) {
    throw new ShapeError(`Cannot use an array of shape (${shape.join(", ")}) in chunks of (${chunkShape.join(", ")})`);
  }
  const { maxParallel, maxReadBytes } = resolveLimits(options);
  return chunkedArray({
    name: array.path === undefined || array.path === "/" ? "the Zarr array" : JSON.stringify(array.path),
    shape,
    chunkShape,
    dtype: dtypeFromZarrita(array.dtype),
    maxParallel,
    maxReadBytes,
    getChunk: (coordinates, getOptions) => chunkOrFill(array, coordinates, getOptions),
  });
}

/** A lazy array over decoded chunks. */
function chunkedArray(reader: ChunkReader): LazyArray & ResolvedReader {
  const lazy: LazyArray & ResolvedReader = {
    shape: reader.shape,
    dtype: reader.dtype,
    chunkShape: reader.chunkShape,
    readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray> {
      return readChunks(reader, axes, options);
    },
    // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
    async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray> {
      return readSelection(lazy, selection, options);
    },
    view: (selection) => new ArrayView(lazy, resolveSelection(selection, reader.shape)),
  };
  return printedAs(lazy, () => summary("LazyArray", undefined, typeAndShape(lazy), chunksText(lazy.chunkShape)));
}

// Where 64-bit integers have no fill value, zarrita can't make a missing chunk; zarr-python makes it of zeros.
async function chunkOrFill(
  array: ZarrChunkedArray,
  coordinates: number[],
  options: ZarrGetOptions,
): Promise<ZarrChunk | null> {
  try {
    return await array.getChunk(coordinates, options);
  } catch (error) {
    const noFill = array.fillValue === null && /^u?int64$/.test(array.dtype) && error instanceof TypeError &&
      /bigint/i.test(error.message);
    if (noFill) return null;
    throw error;
  }
}

function isLength(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

const FROM_ZARR_OPTIONS: OptionNames<FromZarrOptions> = { maxParallel: true, maxReadBytes: true };
