/**
 * Memory of the instance that is used again and again, and grows when more is needed.
 *
 * @module
 */
import type { Hdf5Instance } from "../../wasm/instance.ts";

/** A piece of an instance's memory. What it held is lost when it grows. */
export class Scratch {
  readonly #instance: Hdf5Instance;
  #pointer = 0;
  #size = 0;

  /** @param instance Whose memory it is in. */
  constructor(instance: Hdf5Instance) {
    this.#instance = instance;
  }

  /**
   * Makes sure that there is room.
   *
   * @param size Bytes needed.
   * @returns Their address, valid until the next call.
   */
  for(size: number): number {
    if (size > this.#size || this.#pointer === 0) {
      this.end();
      this.#pointer = this.#instance.alloc(size);
      this.#size = size;
    }
    return this.#pointer;
  }

  /** Gives the memory back. */
  end(): void {
    if (this.#pointer !== 0) this.#instance.free(this.#pointer);
    this.#pointer = 0;
  }
}
