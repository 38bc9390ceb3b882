/**
 * Several buffers in the C side's memory for the time of one call.
 *
 * @module
 */
import type { Hdf5Instance } from "../../wasm/instance.ts";
import { PackedElements } from "../storage/packed_elements.ts";

/** Copies bytes, numbers or elements into the C side's memory and gives their address; the null pointer for `null`. */
export type Put = (data: ArrayBufferView | PackedElements | null) => number;

/**
 * Runs a call with buffers that are freed after it.
 *
 * @param instance The instance.
 * @param run Gets a function that puts data into memory.
 * @returns What `run` returns.
 */
export function withBuffers<T>(instance: Hdf5Instance, run: (put: Put) => T): T {
  const pointers: number[] = [];
  try {
    return run((data) => {
      if (data === null) return 0;
      const pointer = instance.alloc(data.byteLength);
      pointers.push(pointer);
      const bytes = data instanceof PackedElements
        ? data.at(pointer)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      instance.bytes.set(bytes, pointer);
      return pointer;
    });
  } finally {
    for (const pointer of pointers) instance.free(pointer);
  }
}
