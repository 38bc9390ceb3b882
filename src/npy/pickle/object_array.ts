/**
 * Arrays of Python objects, which are stored as a pickle.
 *
 * @module
 */

import { isNDArray, ndarray, sizeOf, takeResolved } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { CorruptFileError } from "../../source/errors.ts";
import type { ReadOptions } from "../../source/types.ts";
import type { NpyFileHeader } from "../header.ts";
import type { NpyReader } from "../npy_array.ts";

/**
 * A reader of an array of objects. The pickle is read whole, when the first element is asked for, and kept.
 *
 * @param header The array's header
 * @param load Reads the pickle
 * @param name What messages call the array
 */
export function objectReader(
  header: NpyFileHeader,
  load: (options: ReadOptions) => Promise<Uint8Array>,
  name: string,
): NpyReader {
  let array: NDArray | undefined;
  return {
    shape: header.shape,
    dtype: header.dtype,
    chunkShape: null,
    async readResolved(axes, options = {}) {
      options.signal?.throwIfAborted();
      if (array === undefined) {
        // Most files hold no objects: what only numbers are read with doesn't load it.
        const [bytes, { unpickleInPieces }] = await Promise.all([load(options), import("./pickle.ts")]);
        array = objectsOf(await unpickleInPieces(bytes, name, options.signal), header, name);
      }
      return takeResolved(array, axes);
    },
  };
}

function objectsOf(value: unknown, { shape, dtype }: NpyFileHeader, name: string): NDArray {
  if (!isNDArray(value) || !Array.isArray(value.data) || value.data.length !== sizeOf(shape)) {
    throw new CorruptFileError(`Cannot read ${name}: its pickle holds no array of the shape (${shape.join(", ")})`);
  }
  return ndarray(value.data, shape, dtype);
}
