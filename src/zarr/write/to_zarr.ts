/**
 * Lazy arrays as arrays of zarrita.
 *
 * @module
 */

import { type Array as ZarritaArray, type DataType, open } from "zarrita";
import type { LazyArray } from "../../array/types.ts";
import type { ZarrStore } from "../types.ts";
import { zarrStore, type ZarrStoreOptions } from "../store/zarr_store.ts";

/**
 * A lazy array as an array of zarrita, for all that takes one: `zarr.get`, viewers. It is read when it is asked for.
 *
 * zarrita takes only arrays of its own class, so this is one, over the store that {@linkcode zarrStore} makes. Where
 * another copy of zarrita is in use, give that the store: `zarr.open(zarrStore(array), { kind: "array" })`.
 *
 * @param array The lazy array
 * @param options Shape of the chunks
 * @returns zarrita's array
 * @throws {UnsupportedError} If zarrita has nothing for its type: complex numbers, records, sequences, references
 *
 * @example Usage
 * ```ts
 * import { memoryArray } from "../../array/memory.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import { toZarr } from "./to_zarr.ts";
 * import * as zarr from "zarrita";
 * import assert from "node:assert/strict";
 *
 * const array = await toZarr(memoryArray(ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])));
 * const column = await zarr.get(array, [null, 1]);
 * assert.deepEqual(column.data, Int16Array.of(2, 5));
 * ```
 */
export async function toZarr(
  array: LazyArray,
  options: ZarrStoreOptions = {},
): Promise<ZarritaArray<DataType, ZarrStore>> {
  return await open.v3(zarrStore(array, options), { kind: "array" });
}
