/**
 * Counting what is read of a lazy array, for progress.
 *
 * @module
 */

import { sizeOf } from "../array/ndarray.ts";
import type { DType, LazyArray, NDArray, ReadIntoOptions, Selection } from "../array/types.ts";

// Local files are read at once: between two reads nothing else would ever run, no progress and no Ctrl-C.
const TURN = 20;

/** A lazy array that tells how many elements have been read of it, and lets others have a turn now and then. */
export class CountedArray implements LazyArray {
  #turned = -Infinity;
  readonly #array: LazyArray;
  readonly #onRead: (elements: number) => void;

  /**
   * Makes one.
   *
   * @param array What is read
   * @param onRead Told of each read
   */
  constructor(array: LazyArray, onRead: (elements: number) => void) {
    this.#array = array;
    this.#onRead = onRead;
  }

  /** Length of each axis. */
  get shape(): readonly number[] {
    return this.#array.shape;
  }

  /** Type of the elements. */
  get dtype(): DType {
    return this.#array.dtype;
  }

  /** Shape of the pieces in which it is stored. */
  get chunkShape(): readonly number[] | null {
    return this.#array.chunkShape;
  }

  /** Reads a selection, and counts it. */
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray> {
    const read = await this.#array.read(selection, options);
    this.#onRead(sizeOf(read.shape));
    if (performance.now() - this.#turned > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#turned = performance.now();
      options?.signal?.throwIfAborted();
    }
    return read;
  }

  /** A selection as a lazy array of its own, which counts too. */
  view(selection: Selection): LazyArray {
    return new CountedArray(this.#array.view(selection), this.#onRead);
  }
}
