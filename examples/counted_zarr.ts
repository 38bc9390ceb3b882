/**
 * A Zarr array in memory that counts which of its chunks are asked for, for the examples that read one.
 *
 * @module
 */

import * as zarr from "zarrita";
import { fromZarr } from "../src/zarr/mod.ts";
import type { LazyArray } from "../mod.ts";

/** A Zarr array, and how often chunks of it were read. */
export interface CountedZarr {
  /** Zeros of int32, 10,000 by 5, in chunks of 1,000 by 5. */
  readonly array: LazyArray;
  /** How many chunks were read so far. */
  chunksRead(): number;
}

/** Makes an array of zarrita's lazy: its chunks are asked for when they are read, and not before. */
export async function countedZarr(): Promise<CountedZarr> {
  const stored = await zarr.create(zarr.root(), { shape: [10000, 5], chunkShape: [1000, 5], dtype: "int32" });
  let chunks = 0;
  const array = fromZarr({
    shape: stored.shape,
    chunks: stored.chunks,
    dtype: stored.dtype,
    fillValue: 0,
    getChunk(coordinates, options) {
      chunks++;
      return stored.getChunk(coordinates, options);
    },
  });
  return { array, chunksRead: () => chunks };
}
