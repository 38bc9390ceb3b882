/**
 * `.npy` files as targets.
 *
 * @module
 */

import { BLOCK_BYTES, type Target } from "./target.ts";

/** One array. */
export const NPY: Target = {
  endings: ["npy"],
  holdsMany: false,
  options: [],
  async write([only], { target, overwrite }, signal) {
    const { writeNpy } = await import("../../npy/write.ts");
    await writeNpy(target, only!.array, { overwrite, signal, blockBytes: BLOCK_BYTES });
  },
};
