/**
 * `.npz` archives as targets.
 *
 * @module
 */

import { BLOCK_BYTES, recordingAttributes, type Target } from "./target.ts";

/** Arrays by name. */
export const NPZ: Target = {
  endings: ["npz"],
  holdsMany: true,
  saysRecording: true,
  options: ["name", "compression"],
  compressions: { gzip: null },
  async write(arrays, { target, overwrite, compression }, signal) {
    const { writeNpz } = await import("../../npy/write_npz.ts");
    // What samples are stands beside them, as `Signals.gain`.
    const members = Object.fromEntries(arrays.flatMap(({ name, array, recording }) => {
      const member = name.replace(/^\/+/, "");
      const beside = recording === undefined
        ? []
        : Object.entries(recordingAttributes(recording)).map(([key, value]) => [
          `${member}.${key}`,
          value,
        ]);
      return [[member, array], ...beside];
    }));
    await writeNpz(target, members, {
      overwrite,
      compression: compression !== undefined,
      signal,
      blockBytes: BLOCK_BYTES,
    });
  },
};
