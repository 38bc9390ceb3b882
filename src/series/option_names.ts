/**
 * The options that there are in this room, by name: what users misspell is refused by these lists, which the compiler
 * keeps complete.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { NpzOptions } from "../npy/npz.ts";

/** Names of `NpzOptions`. */
export const NPZ_OPTIONS: OptionNames<NpzOptions> = {
  maxRatio: true,
  onRequest: true,
  meter: true,
  headBytes: true,
  openFrom: true,
  wholeFileBytes: true,
  ifMatch: true,
  follow: true,
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
};
