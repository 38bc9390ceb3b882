/**
 * The codecs that are undone here: one file and one line each. All others are zarrita's.
 *
 * zarrita inflates without a bound, skips checksums, lacks `bz2`, and has the rest compiled by a WebAssembly of its own,
 * which Workers can't compile while they serve.
 *
 * @module
 */

import { undoCrc32c, undoFletcher32 } from "./checksums.ts";
import { undoGzip, undoZlib } from "./inflate.ts";
import { undoBlosc, undoBz2, undoLz4, undoZstd } from "./codec_module.ts";
import type { Undo } from "./codec_types.ts";

/** By their names, without what stands before those that come from numcodecs. */
export const CODECS: ReadonlyMap<string, Undo> = new Map([
  ["gzip", undoGzip],
  ["zlib", undoZlib],
  ["crc32c", undoCrc32c],
  ["fletcher32", undoFletcher32],
  ["blosc", undoBlosc],
  ["zstd", undoZstd],
  ["lz4", undoLz4],
  ["bz2", undoBz2],
]);
