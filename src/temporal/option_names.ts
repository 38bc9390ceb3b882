/**
 * The options that there are in this room, by name: what users misspell is refused by these lists, which the compiler
 * keeps complete.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import type { SplitOptions } from "./any_interval.ts";
import type { RegularSliceOptions } from "./any_regular.ts";
import type { BinSpikesOptions } from "./bin_spikes.ts";
import type { ConcatOptions } from "./concat.ts";
import type { DataOptions, LoadOptions } from "./data.ts";
import type { RecordingOptions, SamplingIntervalOptions } from "./dataset.ts";
import type { DatasetUnitsOptions } from "./dataset_units.ts";
import type { GappyOptions } from "./gappy.ts";
import type { SaveOptions } from "./hdf5_write.ts";
import type { IntervalOptions } from "./interval_state.ts";
import type { IrregularOptions } from "./irregular.ts";
import type { LoadObjectOptions } from "./load_object.ts";
import type { RecordsOptions } from "./records.ts";
import type { RegularOptions } from "./regular.ts";
import type { SliceOptions } from "./window.ts";

/** Names of `ArrayReadOptions`. */
export const ARRAY_READ_OPTIONS: OptionNames<ArrayReadOptions> = { signal: true, near: true };

/** Names of `BinSpikesOptions`. */
export const BIN_SPIKES_OPTIONS: OptionNames<BinSpikesOptions> = {
  units: true,
  binSize: true,
  maxSpikes: true,
  right: true,
  eps: true,
  signal: true,
};

/** Names of `ConcatOptions`. */
export const CONCAT_OPTIONS: OptionNames<ConcatOptions> = {
  sort: true,
  rtol: true,
  signal: true,
  gapValue: true,
  gapValueOf: true,
  maxBytes: true,
};

/** Names of `DatasetUnitsOptions`. */
export const DATASET_UNITS_OPTIONS: OptionNames<DatasetUnitsOptions> = { signal: true };

/** Names of `DataOptions`. */
export const DATA_OPTIONS: OptionNames<DataOptions> = { domain: true };

/** Names of `GappyOptions`. */
export const GAPPY_OPTIONS: OptionNames<GappyOptions> = {
  timestamps: true,
  samplingRate: true,
  rtol: true,
  gapValue: true,
  gapValueOf: true,
  maxBytes: true,
};

/** Names of `IntervalOptions`. */
export const INTERVAL_OPTIONS: OptionNames<IntervalOptions> = { timekeys: true };

/** Names of `IrregularOptions`. */
export const IRREGULAR_OPTIONS: OptionNames<IrregularOptions> = { domain: true, timekeys: true };

/** Names of `LoadObjectOptions`. */
export const LOAD_OBJECT_OPTIONS: OptionNames<LoadObjectOptions> = { lazy: true, signal: true };

/** Names of `LoadOptions`. */
export const LOAD_OPTIONS: OptionNames<LoadOptions> = {
  lazy: true,
  signal: true,
  external: true,
  maxLinks: true,
  onRequest: true,
  meter: true,
  headBytes: true,
  openFrom: true,
  wholeFileBytes: true,
  ifMatch: true,
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

/** Names of `RecordingOptions`. */
export const RECORDING_OPTIONS: OptionNames<RecordingOptions> = { namespace: true, signal: true };

/** Names of `RecordsOptions`. */
export const RECORDS_OPTIONS: OptionNames<RecordsOptions> = { unsignedToLong: true };

/** Names of `RegularOptions`. */
export const REGULAR_OPTIONS: OptionNames<RegularOptions> = { samplingRate: true, domainStart: true };

/** Names of `RegularSliceOptions`. */
export const REGULAR_SLICE_OPTIONS: OptionNames<RegularSliceOptions> = { eps: true, resetOrigin: true };

/** Names of `SamplingIntervalOptions`. */
export const SAMPLING_INTERVAL_OPTIONS: OptionNames<SamplingIntervalOptions> = { intervals: true, signal: true };

/** Names of `SaveOptions`. */
export const SAVE_OPTIONS: OptionNames<SaveOptions> = { storage: true, serializers: true, signal: true };

/** Names of `SliceOptions`. */
export const SLICE_OPTIONS: OptionNames<SliceOptions> = { resetOrigin: true };

/** Names of `SplitOptions`. */
export const SPLIT_OPTIONS: OptionNames<SplitOptions> = { shuffle: true, seed: true };
