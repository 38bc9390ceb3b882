/**
 * HDF5 files as targets.
 *
 * @module
 */

import type { Compression } from "../../hdf5/storage/storage_options.ts";
import { BLOCK_BYTES, recordingAttributes, type Target } from "./target.ts";

/** Arrays by path. */
export const HDF5: Target = {
  endings: ["h5", "hdf5"],
  holdsMany: true,
  saysRecording: true,
  options: ["name", "chunks", "compression", "shuffle"],
  compressions: { gzip: [0, 9], lzf: null, szip: null, lz4: null, zstd: [1, 22] },
  async write(arrays, options, signal) {
    const { create } = await import("../../hdf5/write/create.ts");
    const { target, overwrite, chunks, compression, shuffle } = options;
    // Abandoned at the end of the block, unless it was closed.
    await using file = await create(target, { overwrite });
    for (const { name, array, recording } of arrays) {
      // One element, or none, is stored as it is: it has no chunks.
      const isPlain = array.shape.length === 0;
      const written = await file.write(name, array, {
        signal,
        blockBytes: BLOCK_BYTES,
        ...(chunks === undefined || isPlain ? {} : { chunkShape: chunks }),
        ...(compression === undefined || isPlain ? {} : {
          compression: compression.name as Compression,
          ...(compression.level === undefined ? {} : { compressionOptions: compression.level }),
        }),
        ...(shuffle && !isPlain ? { shuffle } : {}),
      });
      if (recording === undefined) continue;
      for (const [key, value] of Object.entries(recordingAttributes(recording))) {
        await written.attributes.set(key, value);
      }
    }
    await file.close();
  },
};
