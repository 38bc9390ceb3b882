/**
 * The options that there are in this room, by name: what users misspell is refused by these lists, which the compiler
 * keeps complete.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import type { NpzOptions } from "../npy/npz.ts";
import type { SaveNpzOptions } from "./npz_write.ts";
import type { CorrelogramOptions, CrossCorrelogramOptions } from "./correlograms.ts";
import type { EventTriggeredAverageOptions } from "./event_triggered_average.ts";
import type { FolderSaveOptions } from "./folder.ts";
import type { LengthOptions } from "./interval_set.ts";
import type { IsiOptions } from "./isi_distribution.ts";
import type { MergeOptions } from "./merge_groups.ts";
import type { MutualInformationOptions } from "./mutual_information.ts";
import type { SeriesNpzLoadOptions } from "./npz_load.ts";
import type { CompatibleOptions } from "./options.ts";
import type { PerieventOptions } from "./perievent.ts";
import type { PrintOptions } from "./print_options.ts";
import type { ResponseOptions } from "./response_per_epoch.ts";
import type { CountOptions, TimeDiffOptions, ValueFromOptions } from "./series.ts";
import type { SeriesOptions } from "./time_index.ts";
import type { TrialCountOptions } from "./trials.ts";
import type { TsGroupOptions } from "./ts_group.ts";
import type { ThresholdOptions } from "./tsd.ts";
import type { TsdFrameOptions } from "./tsd_frame.ts";
import type { TuningCurvesOptions } from "./tuning_curves.ts";
import type {
  BinAverageOptions,
  ConvolveOptions,
  DecimateOptions,
  DropnaOptions,
  InterpolateOptions,
  ReadEpochOptions,
  ReduceOptions,
  SmoothOptions,
} from "./value_options.ts";

/** Names of `ArrayReadOptions`. */
export const ARRAY_READ_OPTIONS: OptionNames<ArrayReadOptions> = { signal: true, near: true };

/** Names of `BinAverageOptions`. */
export const BIN_AVERAGE_OPTIONS: OptionNames<BinAverageOptions> = {
  ep: true,
  unit: true,
  compatible: true,
  signal: true,
  near: true,
};

/** Names of `CompatibleOptions`. */
export const COMPATIBLE_OPTIONS: OptionNames<CompatibleOptions> = { compatible: true };

/** Names of `ConvolveOptions`. */
export const CONVOLVE_OPTIONS: OptionNames<ConvolveOptions> = { trim: true, ep: true, signal: true, near: true };

/** Names of `CorrelogramOptions`. */
export const CORRELOGRAM_OPTIONS: OptionNames<CorrelogramOptions> = {
  epochs: true,
  norm: true,
  compatible: true,
  unit: true,
};

/** Names of `CountOptions`. */
export const COUNT_OPTIONS: OptionNames<CountOptions> = { dtype: true, ep: true, unit: true, compatible: true };

/** Names of `CrossCorrelogramOptions`. */
export const CROSS_CORRELOGRAM_OPTIONS: OptionNames<CrossCorrelogramOptions> = {
  reverse: true,
  epochs: true,
  norm: true,
  compatible: true,
  unit: true,
};

/** Names of `DecimateOptions`. */
export const DECIMATE_OPTIONS: OptionNames<DecimateOptions> = {
  order: true,
  filterType: true,
  ep: true,
  signal: true,
  near: true,
};

/** Names of `DropnaOptions`. */
export const DROPNA_OPTIONS: OptionNames<DropnaOptions> = {
  updateTimeSupport: true,
  signal: true,
  near: true,
  compatible: true,
};

/** Names of `EventTriggeredAverageOptions`. */
export const EVENT_TRIGGERED_AVERAGE_OPTIONS: OptionNames<EventTriggeredAverageOptions> = {
  unit: true,
  epochs: true,
  compatible: true,
  signal: true,
  near: true,
};

/** Names of `FolderSaveOptions`. */
export const FOLDER_SAVE_OPTIONS: OptionNames<FolderSaveOptions> = {
  description: true,
  signal: true,
  compressed: true,
  blockBytes: true,
  overwrite: true,
};

/** Names of `InterpolateOptions`. */
export const INTERPOLATE_OPTIONS: OptionNames<InterpolateOptions> = {
  ep: true,
  signal: true,
  near: true,
  left: true,
  right: true,
};

/** Names of `IsiOptions`. */
export const ISI_OPTIONS: OptionNames<IsiOptions> = { bins: true, logScale: true, epochs: true };

/** Names of `LengthOptions`. */
export const LENGTH_OPTIONS: OptionNames<LengthOptions> = { unit: true };

/** Names of `MergeOptions`. */
export const MERGE_OPTIONS: OptionNames<MergeOptions> = {
  resetIndex: true,
  resetTimeSupport: true,
  ignoreMetadata: true,
};

/** Names of `MutualInformationOptions`. */
export const MUTUAL_INFORMATION_OPTIONS: OptionNames<MutualInformationOptions> = { rates: true, compatible: true };

/** Names of `NpzOptions`. */
export const NPZ_OPTIONS: OptionNames<NpzOptions> = {
  maxRatio: true,
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
};

/** Names of `PerieventOptions`. */
export const PERIEVENT_OPTIONS: OptionNames<PerieventOptions> = {
  unit: true,
  epochs: true,
  compatible: true,
  signal: true,
  near: true,
};

/** Names of `PrintOptions`. */
export const PRINT_OPTIONS: OptionNames<PrintOptions> = { columns: true, rows: true };

/** Names of `ReadEpochOptions`. */
export const READ_EPOCH_OPTIONS: OptionNames<ReadEpochOptions> = { ep: true, signal: true, near: true };

/** Names of `ReduceOptions`. */
export const REDUCE_OPTIONS: OptionNames<ReduceOptions> = { skipNaN: true, ep: true, signal: true, near: true };

/** Names of `ResponseOptions`. */
export const RESPONSE_OPTIONS: OptionNames<ResponseOptions> = { compatible: true, signal: true, near: true };

/** Names of `SaveNpzOptions`. */
export const SAVE_NPZ_OPTIONS: OptionNames<SaveNpzOptions> = {
  signal: true,
  compressed: true,
  blockBytes: true,
  overwrite: true,
};

/** Names of `SeriesNpzLoadOptions`. */
export const SERIES_NPZ_LOAD_OPTIONS: OptionNames<SeriesNpzLoadOptions> = { lazy: true, signal: true, onAttempt: true };

/** Names of `SeriesOptions`. */
export const SERIES_OPTIONS: OptionNames<SeriesOptions> = {
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

/** Names of `SmoothOptions`. */
export const SMOOTH_OPTIONS: OptionNames<SmoothOptions> = {
  unit: true,
  windowSize: true,
  sizeFactor: true,
  norm: true,
  signal: true,
  near: true,
};

/** Names of `ThresholdOptions`. */
export const THRESHOLD_OPTIONS: OptionNames<ThresholdOptions> = { method: true, signal: true, near: true };

/** Names of `TimeDiffOptions`. */
export const TIME_DIFF_OPTIONS: OptionNames<TimeDiffOptions> = { align: true, ep: true };

/** Names of `TrialCountOptions`. */
export const TRIAL_COUNT_OPTIONS: OptionNames<TrialCountOptions> = {
  align: true,
  padding: true,
  unit: true,
  compatible: true,
};

/** Names of `TsdFrameOptions`. */
export const TSD_FRAME_OPTIONS: OptionNames<TsdFrameOptions> = {
  columns: true,
  metadata: true,
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

/** Names of `TsGroupOptions`. */
export const TS_GROUP_OPTIONS: OptionNames<TsGroupOptions> = {
  metadata: true,
  bypassCheck: true,
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

/** Names of `TuningCurvesOptions`. */
export const TUNING_CURVES_OPTIONS: OptionNames<TuningCurvesOptions> = {
  bins: true,
  range: true,
  epochs: true,
  fs: true,
  featureNames: true,
  returnCounts: true,
  compatible: true,
  signal: true,
  near: true,
};

/** Names of `ValueFromOptions`. */
export const VALUE_FROM_OPTIONS: OptionNames<ValueFromOptions> = { ep: true, mode: true, signal: true, near: true };
