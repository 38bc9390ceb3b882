/**
 * Arrays that stand in a recording themselves.
 *
 * @module
 */

import { isNDArray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, NDArray } from "../../array/types.ts";
import type { ArrayDescription } from "./read_column.ts";
import { type ArrayValue, presentArray } from "./column.ts";
import { namingArray } from "../files/naming_array.ts";

/** An array of a recording. What is made of the recording shares it, so that it is read once for all. */
export class ArraySlot {
  #source: NDArray | LazyArray;
  #value: ArrayValue | undefined;
  #loading: Promise<NDArray> | undefined;

  /** @param source The array, or where it comes from */
  constructor(source: NDArray | LazyArray) {
    this.#source = source;
  }

  /** The array, or where it comes from. */
  get source(): NDArray | LazyArray {
    return this.#source;
  }

  /** What is known of it without reading. */
  describe(): ArrayDescription {
    const { shape, dtype } = this.#source;
    return { shape, dtype, loaded: isNDArray(this.#source) };
  }

  /** What stands for it: the array where it is in memory, else what it will be read from. */
  shown(): ArrayValue | LazyArray {
    return isNDArray(this.#source) ? this.#present(this.#source) : this.#source;
  }

  /** The array: at once where it is in memory. */
  get(key: string): ArrayValue | Promise<ArrayValue> {
    return isNDArray(this.#source) ? this.#present(this.#source) : this.load(key).then((array) => this.#present(array));
  }

  /** Reads it, and keeps it. */
  async load(key: string, options?: ArrayReadOptions): Promise<NDArray> {
    const source = this.#source;
    if (isNDArray(source)) return source;
    const read = () => namingArray(key, source, () => source.read(null, options));
    // A reading that can be aborted belongs to its caller alone.
    if (options?.signal !== undefined) return this.#source = await read();
    this.#loading ??= read();
    try {
      return this.#source = await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  #present(array: NDArray): ArrayValue {
    return this.#value ??= presentArray(array);
  }
}
