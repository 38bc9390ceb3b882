/**
 * The options that there are in this room, by name: what users misspell is refused by these lists, which the compiler
 * keeps complete.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { CastOptions } from "../array/cast.ts";
import type { DataChunkIteratorOptions } from "./data_chunk_iterator.ts";
import type { IterateChunksOptions } from "./iterate_chunks.ts";
import type { ProgressBarOptions } from "./progress_bar.ts";
import type { SizeOptions } from "./sizes.ts";

/** Names of `CastOptions`. */
export const CAST_OPTIONS: OptionNames<CastOptions> = { overflow: true, action: true };

/** Names of `DataChunkIteratorOptions`. */
export const DATA_CHUNK_ITERATOR_OPTIONS: OptionNames<DataChunkIteratorOptions> = {
  dtype: true,
  maxShape: true,
  bufferSize: true,
  iterAxis: true,
  signal: true,
  readAhead: true,
  onProgress: true,
  displayProgress: true,
};

/** Names of `IterateChunksOptions`. */
export const ITERATE_CHUNKS_OPTIONS: OptionNames<IterateChunksOptions> = {
  selection: true,
  by: true,
  bufferBytes: true,
  bufferShape: true,
  signal: true,
  readAhead: true,
  onProgress: true,
  displayProgress: true,
};

/** Names of `ProgressBarOptions`. */
export const PROGRESS_BAR_OPTIONS: OptionNames<ProgressBarOptions> = {
  write: true,
  columns: true,
  description: true,
  interval: true,
};

/** Names of `SizeOptions`. */
export const SIZE_OPTIONS: OptionNames<SizeOptions> = { units: true };
