/**
 * The instance of the HDF5 module that decodes a hierarchy's chunks.
 *
 * @module
 */

import { Hdf5Instance } from "../../wasm/instance.ts";

/** The instance of one hierarchy: started when a chunk first needs it, and again after one has made it fail. */
export class CodecModule {
  #instance: Promise<Hdf5Instance> | undefined;

  /** An instance that can be called. */
  async started(name: string): Promise<Hdf5Instance> {
    // What a codec never asks for.
    const host = { read: () => -1, open: () => -2, size: () => 0 };
    this.#instance ??= Hdf5Instance.start(host, name);
    try {
      return await this.#instance;
    } catch (error) {
      this.#instance = undefined;
      throw error;
    }
  }

  /** Gives up the instance: a chunk has left it in an unknown state. */
  drop(): void {
    this.#instance = undefined;
  }
}
