/**
 * hdmf's default shapes of chunks and buffers: pure functions of shape, item size and target size.
 *
 * hdmf takes roots in floating point, which come out one short where the target is an exact power of three or more
 * axes (`1e6 ** (1 / 3)` is 99.99…, so (99, 99, 99) where (100, 100, 100) fits). Here the root is exact, and so the same
 * in every runtime.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import type { PartialShape } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";

/**
 * The largest chunk of at most `bytes` that keeps the proportions of the data, by hdmf's algorithm.
 *
 * @param maxShape Length of each axis of the data, none 0
 * @param itemsize Bytes per element
 * @param bytes Target size of a chunk, in bytes
 * @param given Axes whose length is fixed; the algorithm runs over the others, with the product of these as its item
 * @returns Length of each axis of a chunk
 * @throws {ShapeError} If `bytes` don't hold one element, or one of each given length
 *
 * @example Usage
 * ```ts
 * import { defaultChunkShape } from "./shapes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(defaultChunkShape([108_000_000, 384], 2, 10e6), [1_125_000, 4]);
 * assert.deepEqual(defaultChunkShape([108_000_000, 384], 2, 10e6, [null, 64]), [78_125, 64]);
 * ```
 */
export function defaultChunkShape(
  maxShape: readonly number[],
  itemsize: number,
  bytes: number,
  given: PartialShape = maxShape.map(() => null),
): number[] {
  const lengths = maxShape.filter((_, axis) => given[axis] === null);
  const item = product(given) * BigInt(itemsize);
  const shortest = Math.min(...lengths);
  let ratios = lengths.map((length) => Math.floor(length / shortest));
  while (product(ratios) * item > bytes && ratios.some((ratio) => ratio !== 1)) {
    const smallest = Math.min(...ratios.filter((ratio) => ratio !== 1));
    ratios = ratios.map((ratio) => ratio === 1 ? 1 : Math.floor(ratio / smallest));
  }
  const times = wholeRoot(bytes, product(ratios) * item, lengths.length);
  if (times === 0) {
    throw new ShapeError(
      `Cannot iterate in chunks: some dimensions of chunkShape ${shapeText(given.map((length) => length ?? 0))} ` +
        `are less than one, since ${bytes} bytes hold no piece of ${item}`,
    );
  }
  let free = 0;
  return maxShape.map((length, axis) => given[axis] ?? Math.min(times * ratios[free++]!, length));
}

/**
 * The largest buffer of at most `bytes` that is a whole number of chunks and keeps their proportions, by hdmf's
 * algorithm: at least one chunk, cut off at the end of the data.
 *
 * @param maxShape Length of each axis of the data
 * @param chunkShape Length of each axis of a chunk, none 0
 * @param itemsize Bytes per element
 * @param bytes Target size of a buffer, in bytes
 * @param given Axes whose length is fixed
 * @returns Length of each axis of a buffer
 *
 * @example Usage
 * ```ts
 * import { defaultBufferShape } from "./shapes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(defaultBufferShape([20_000, 5000], [3160, 790], 4, 0.2e9), [12_640, 3160]);
 * ```
 */
export function defaultBufferShape(
  maxShape: readonly number[],
  chunkShape: readonly number[],
  itemsize: number,
  bytes: number,
  given: PartialShape = maxShape.map(() => null),
): number[] {
  const lengths = chunkShape.filter((_, axis) => given[axis] === null);
  const times = wholeRoot(bytes, product(given) * product(lengths) * BigInt(itemsize), lengths.length);
  return maxShape.map((length, axis) => given[axis] ?? Math.min(Math.max(times, 1) * chunkShape[axis]!, length));
}

/** Product of the lengths that are given; exact, since that of a large array's shape is beyond 2^53. */
function product(shape: PartialShape): bigint {
  return shape.reduce((all, length) => length === null ? all : all * BigInt(length), 1n);
}

/** The largest whole `k` with `k ** degree * unit <= total`. */
function wholeRoot(total: number, unit: bigint, degree: number): number {
  const fits = (k: number) => BigInt(k) ** BigInt(degree) * unit <= total;
  let k = Math.floor((total / Number(unit)) ** (1 / degree));
  while (!fits(k)) k--;
  while (fits(k + 1)) k++;
  return k;
}
