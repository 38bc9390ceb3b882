/**
 * The options that there are in this room, by name: what users misspell is refused by these lists, which the compiler
 * keeps complete.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { ColumnReadOptions } from "./column.ts";
import type { NwbOptions } from "./nwb_file.ts";
import type { TableOptions } from "./table.ts";
import type { NwbReadOptions } from "./time_series.ts";

/** Names of `ColumnReadOptions`. */
export const COLUMN_READ_OPTIONS: OptionNames<ColumnReadOptions> = { from: true, to: true, signal: true };

/** Names of `NwbOptions`. */
export const NWB_OPTIONS: OptionNames<NwbOptions> = {
  raw: true,
  external: true,
  maxLinks: true,
  onRequest: true,
  meter: true,
  headBytes: true,
  openFrom: true,
  wholeFileBytes: true,
  ifMatch: true,
  signal: true,
  headers: true,
  fetch: true,
  timeout: true,
  keepRedirect: true,
  attempts: true,
  backoff: true,
  maxRetryAfter: true,
  blockSize: true,
  cacheBytes: true,
  readAheadBytes: true,
  smallFileBytes: true,
  maxParallel: true,
  gap: true,
  maxRequestBytes: true,
  maxBytesInFlight: true,
  maxChunkBytes: true,
  maxReadBytes: true,
  maxMemoryBytes: true,
  maxWork: true,
  forwardHeaders: true,
  deadline: true,
  missingSources: true,
};

/** Names of `NwbReadOptions`. */
export const NWB_READ_OPTIONS: OptionNames<NwbReadOptions> = { signal: true };

/** Names of `TableOptions`. */
export const TABLE_OPTIONS: OptionNames<TableOptions> = { signal: true };
