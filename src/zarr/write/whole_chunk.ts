/**
 * Making bytes of the chunks of an array.
 *
 * @module
 */

import { encodeElements } from "../../array/codec/encode_elements.ts";
import { contiguousStride, sizeOf, takeResolved } from "../../array/ndarray.ts";
import { scatterBytes } from "../../array/select/scatter.ts";
import type { DType, NDArray } from "../../array/types.ts";
import { encodeTextChunk } from "../read/text_chunk.ts";

/**
 * A chunk as it is stored before it is compressed. At the end of an axis it is filled up with zeros, or empty text: in
 * Zarr all chunks have one shape.
 *
 * @param array What lies in the chunk, in C order
 * @param chunkShape Shape of the chunk
 * @param dtype Type of the elements, as stored
 */
export function wholeChunk(array: NDArray, chunkShape: readonly number[], dtype: DType): Uint8Array {
  const isWhole = array.shape.every((length, axis) => length === chunkShape[axis]);
  if (dtype.kind === "string" && dtype.length === null) {
    const texts = array.data as unknown[];
    return encodeTextChunk(isWhole ? texts : padded(texts, array.shape, chunkShape));
  }
  const bytes = encodeElements(dtype, array.data);
  if (isWhole) return bytes;
  const whole = new Uint8Array(sizeOf(chunkShape) * dtype.itemsize);
  scatterBytes(bytes, array.shape, whole, chunkShape, chunkShape.map(() => ({ start: 0, step: 1 })), dtype.itemsize);
  return whole;
}

function padded(values: unknown[], shape: readonly number[], chunkShape: readonly number[]): unknown[] {
  const whole = new Array<unknown>(sizeOf(chunkShape)).fill("");
  const inner = contiguousStride(shape);
  const outer = contiguousStride(chunkShape);
  values.forEach((value, at) => {
    const place = inner.reduce((sum, step, axis) => sum + (Math.floor(at / step) % shape[axis]!) * outer[axis]!, 0);
    whole[place] = value;
  });
  return whole;
}

/**
 * A box of an array in memory.
 *
 * @param array The array
 * @param starts First index along each axis
 * @param counts How many indices along each axis
 */
export function boxOf(array: NDArray, starts: readonly number[], counts: readonly number[]): NDArray {
  const axes = starts.map((start, axis) => ({
    kind: "range" as const,
    start,
    step: 1,
    count: counts[axis]!,
    drop: false,
  }));
  return takeResolved(array, axes);
}
