/**
 * `.npz` archives as targets.
 *
 * @module
 */

import { BLOCK_BYTES, type Target } from "./target.ts";

/** Arrays by name. */
export const NPZ: Target = {
  endings: ["npz"],
  holdsMany: true,
  options: ["name", "compression"],
  compressions: { gzip: null },
  async write(arrays, { target, overwrite, compression }, signal) {
    const { writeNpz } = await import("../../npy/write_npz.ts");
    const members = Object.fromEntries(arrays.map(({ name, array }) => [name.replace(/^\/+/, ""), array]));
    await writeNpz(target, members, {
      overwrite,
      compression: compression !== undefined,
      signal,
      blockBytes: BLOCK_BYTES,
    });
  },
};
