/**
 * The chunk iterator over anything that can be asked for a part of itself.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { countText, summary, typeAndShape } from "../../array/text/summary.ts";
import { shapeText, sizeOf } from "../../array/ndarray.ts";
import type { ArrayData, ChunkSource, DataChunk, DType, NDArray, Slice } from "../../array/types.ts";
import { chooseShapes, type ChunkSizeOptions } from "./choose_shapes.ts";
import { asDType, checkBlock } from "./data_chunk.ts";
import { blockCount, blockSelections, regularBlocks } from "./grid.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { bytesPerElement, isPromiseLike, walk, type WalkOptions } from "./walk.ts";

/** Gives the part of the data that a selection of one slice per axis names. */
export type GetData<D extends ArrayData = ArrayData> = (
  selection: readonly Slice[],
  options: { readonly signal: AbortSignal },
) => NDArray<D> | D | PromiseLike<NDArray<D> | D>;

/** Options of a {@linkcode GenericDataChunkIterator}. */
export interface GenericDataChunkIteratorOptions<D extends ArrayData = ArrayData>
  extends ChunkSizeOptions, WalkOptions {
  /** Length of each axis of the data. */
  readonly maxShape: readonly number[];
  /** Type of the elements, or NumPy's name of it, such as `int16`. */
  readonly dtype: DType | string;
  /** Gives the data of a selection; needed unless a subclass has its own `getData`. */
  readonly getData?: GetData<D> | undefined;
}

/**
 * Data larger than memory as a sequence of buffers, each a whole number of the chunks that a target should store: hdmf's
 * class of that name, with its default shapes, its checks and its order. Pass it functions, or extend it.
 *
 * It differs from hdmf's in these ways. Every `for await` starts anew, where a Python iterator can be exhausted only
 * once. The next buffer is read while one is used (`readAhead`). What `getData` gives is checked. Shapes may be
 * half-given (`[null, 64]`), sizes may be text (`"200MB"`). Roots are exact, where hdmf's are off by one at exact powers
 * of three or more axes. Axes of length 0 and sizes below one element are refused with a reason, where hdmf divides by
 * zero. Nothing is pickled.
 *
 * @example Usage
 * ```ts
 * import { GenericDataChunkIterator } from "./generic.ts";
 * import assert from "node:assert/strict";
 *
 * const iterator = new GenericDataChunkIterator({
 *   maxShape: [4, 6],
 *   dtype: "int16",
 *   bufferShape: [2, 6],
 *   chunkShape: [1, 3],
 *   getData: ([rows]) => Int16Array.from({ length: 12 }, (_, i) => 6 * rows!.start! + i),
 * });
 * assert.equal(iterator.numBuffers, 2);
 * for await (const { data, selection } of iterator) console.log(selection, data.data);
 * ```
 *
 * @example A subclass
 * ```ts
 * import { GenericDataChunkIterator, type GenericDataChunkIteratorOptions } from "./generic.ts";
 * import type { LazyArray, NDArray, Slice } from "../../array/types.ts";
 *
 * type Sizes = Omit<GenericDataChunkIteratorOptions, "maxShape" | "dtype">;
 *
 * export class LazyArrayIterator extends GenericDataChunkIterator {
 *   readonly #array: LazyArray;
 *   constructor(array: LazyArray, options: Sizes = {}) {
 *     super({ ...options, maxShape: array.shape, dtype: array.dtype });
 *     this.#array = array;
 *   }
 *   override getData(selection: readonly Slice[], options: { signal: AbortSignal }): Promise<NDArray> {
 *     return this.#array.read(selection, options);
 *   }
 * }
 * ```
 */
export class GenericDataChunkIterator<D extends ArrayData = ArrayData> implements ChunkSource<D> {
  readonly #options: GenericDataChunkIteratorOptions<D>;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Length of each axis of the data. */
  readonly maxShape: readonly number[];
  /** Shape of the chunks that a target should store; hdmf's `recommended_chunk_shape()`. */
  readonly chunkShape: readonly number[];
  /** Shape of the buffers; the last one along an axis may be shorter. */
  readonly bufferShape: readonly number[];
  /** How many buffers there are. */
  readonly numBuffers: number;

  /**
   * Chooses the shapes and checks them; reads nothing.
   *
   * @param options What the data is, and how it is cut
   * @throws {ShapeError} If a shape can't be, or chunks, buffers and data don't fit each other
   * @throws {RangeError} If a size isn't greater than zero
   * @throws {TypeError} If both a size and a shape are given, or nothing gives data
   */
  constructor(options: GenericDataChunkIteratorOptions<D>) {
    checkOptions(options, GENERIC_DATA_CHUNK_ITERATOR_OPTIONS, "iterate in chunks");
    printsAsText(GenericDataChunkIterator.prototype);
    if (options.getData === undefined && this.getData === GenericDataChunkIterator.prototype.getData) {
      throw new TypeError("Cannot iterate in chunks: neither a subclass nor the options have getData");
    }
    this.#options = options;
    this.dtype = asDType(options.dtype);
    this.maxShape = [...options.maxShape];
    const { chunkShape, bufferShape } = chooseShapes(this.maxShape, this.dtype.itemsize, options);
    this.chunkShape = chunkShape;
    this.bufferShape = bufferShape;
    this.numBuffers = blockCount(this.#axes());
  }

  /** What it is, in one line. */
  toString(): string {
    return summary(
      "GenericDataChunkIterator",
      undefined,
      typeAndShape({ dtype: this.dtype, shape: this.maxShape }),
      countText(this.numBuffers, "buffer"),
    );
  }

  /** Shape to make a target with: all of `maxShape`; hdmf's `recommended_data_shape()`. */
  get dataShape(): readonly number[] {
    return this.maxShape;
  }

  /** Where the buffers lie, in the order in which they come: row-major, the last axis changes fastest. */
  selections(): Iterable<readonly Slice[]> {
    return blockSelections(this.#axes());
  }

  /**
   * Gives the data of a selection; for subclasses to override.
   *
   * @param selection One slice per axis, with both bounds and no step
   * @param options The signal that aborts the iteration
   * @returns An array of the selection's shape, or its elements in C order
   */
  getData(
    selection: readonly Slice[],
    options: { readonly signal: AbortSignal },
  ): NDArray<D> | D | PromiseLike<NDArray<D> | D> {
    return this.#options.getData!(selection, options);
  }

  /** Starts an iteration of its own. */
  [Symbol.asyncIterator](): AsyncGenerator<DataChunk<D>, void> {
    const selections = blockSelections(this.#axes());
    const next = (signal: AbortSignal) => {
      const { value: selection } = selections.next();
      if (!selection) return null;
      const chunk = (data: NDArray<D> | D) => ({ data: this.#check(data, selection), selection });
      const data = this.getData(selection, { signal });
      return isPromiseLike(data) ? data.then(chunk) : chunk(data);
    };
    const bytes = sizeOf(this.maxShape) * bytesPerElement(this.dtype);
    return walk(next, { blocks: this.numBuffers, bytes }, this.#options);
  }

  #axes() {
    return this.maxShape.map((length, axis) => regularBlocks(length, this.bufferShape[axis]!));
  }

  #check(data: NDArray<D> | D, selection: readonly Slice[]): NDArray<D> {
    const shape = selection.map(({ start, stop }) => stop! - start!);
    const starts = selection.map(({ start }) => start!);
    return checkBlock(data, shape, this.dtype, `Cannot use what getData gave for the buffer at ${shapeText(starts)}`);
  }
}

const GENERIC_DATA_CHUNK_ITERATOR_OPTIONS: OptionNames<GenericDataChunkIteratorOptions> = {
  maxShape: true,
  dtype: true,
  getData: true,
  bufferBytes: true,
  bufferGb: true,
  bufferShape: true,
  chunkBytes: true,
  chunkMb: true,
  chunkShape: true,
  signal: true,
  readAhead: true,
  onProgress: true,
  displayProgress: true,
};
