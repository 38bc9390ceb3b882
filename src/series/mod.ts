/**
 * Time series as pynapple has them: `Ts`, `Tsd`, `TsdFrame`, `TsdTensor`, `TsGroup`, `IntervalSet`, their files and analyses.
 *
 * @module
 */
export { listedAxis, regularAxis, type TimeAxis } from "../time/axis.ts";
export type { Intervals } from "../time/intervals.ts";
export type { TimeUnit } from "../time/units.ts";
export { IntervalSet } from "./intervals/interval_set.ts";
export type { LengthOptions } from "./intervals/lengths.ts";
export type { Picked } from "./values/picked.ts";
export { type IntervalPairs, type IntervalSetOptions, SortedIntervals } from "./intervals/interval_input.ts";
export { Metadata, type MetadataColumn, type MetadataColumns, type MetadataInput } from "./metadata.ts";
export type { Compatible, CompatibleOptions, WarningOptions } from "./options.ts";
export { type IndexedTimes, type SeriesOptions, TimeIndex } from "./time_index.ts";
export type { Rows, Run } from "./values/rows.ts";
export { Series } from "./series.ts";
export type { BinOptions, CountOptions, EpochOptions, TimeDiffOptions, ValueFromOptions } from "./series_options.ts";
export type { IndexedValues } from "./indexed_values.ts";
export { ValueSeries } from "./value_series.ts";
export type {
  BinAverageOptions,
  ConvolveOptions,
  DecimateOptions,
  DropnaOptions,
  InterpolateOptions,
  ReadEpochOptions,
  ReduceOptions,
  SmoothOptions,
} from "./values/value_options.ts";
export type {
  SeriesBandpassOptions,
  SeriesCutoffOptions,
  SeriesFilterOptions,
  SeriesNotchOptions,
  SeriesPeaksOptions,
  SeriesSpectrumOptions,
} from "./values/filter_options.ts";
export { Ts } from "./ts.ts";
export type { SeriesPeaks } from "./process/peaks.ts";
export { type ThresholdOptions, Tsd } from "./tsd.ts";
export { type ColumnName, TsdFrame, type TsdFrameOptions } from "./tsd_frame.ts";
export { TsdTensor } from "./tsd_tensor.ts";
export { type GroupInput, TsGroup } from "./ts_group.ts";
export type { TsGroupOptions } from "./group/group_options.ts";
export type { Comparison } from "./group/pick_members.ts";
export { makeSeries } from "./make_series.ts";
export type { MergeOptions } from "./group/merge_groups.ts";
export type { TrialCountOptions, TrialOptions } from "./bins/trials.ts";
export type { PrintOptions } from "./print/print_options.ts";
export type { Numbers } from "./values/numbers.ts";
export type { Values, ValuesInput } from "./values/values.ts";
export type { KeyInput, MembersInput } from "./group/group_input.ts";
export type { MatchMode } from "./process/match.ts";
export type { Trim } from "./process/convolve.ts";
export type { DecimationFilter } from "./process/decimate.ts";
export type { InterpolateEdges } from "./process/interpolate.ts";
export type { LabelledArray, Labels } from "./analysis/labelled_array.ts";
export type { BinRange, BinSpec } from "./bins/histogram.ts";
export type { EventWindow } from "./bins/windows.ts";
export {
  computeTuningCurves,
  type TuningAttrs,
  type TuningCurves,
  type TuningCurvesOptions,
} from "./analysis/tuning_curves.ts";
export {
  computeMutualInformation,
  type MutualInformation,
  type MutualInformationOptions,
} from "./analysis/mutual_information.ts";
export { computePerievent, type PerieventOptions } from "./analysis/perievent.ts";
export {
  computeEventTriggeredAverage,
  computeSpikeTriggeredAverage,
  type EventTriggeredAverageOptions,
} from "./analysis/event_triggered_average.ts";
export { computeResponsePerEpoch, type ResponseOptions } from "./analysis/response_per_epoch.ts";
export {
  computeAutoCorrelogram,
  computeCrossCorrelogram,
  computeEventCorrelogram,
  type CorrelogramOptions,
  type Correlograms,
  type CrossCorrelogramOptions,
} from "./analysis/correlograms.ts";
export { computeIsiDistribution, type IsiOptions } from "./analysis/isi_distribution.ts";
export { loadNpz, openSeriesNpz, SeriesNpz } from "./npz/npz.ts";
export type { SeriesNpzLoadOptions } from "./npz/load.ts";
export { encodeSeriesNpz, saveNpz, type SaveNpzOptions, type SeriesObject } from "./npz/write.ts";
export type { SeriesKind } from "./npz/kind.ts";
export { Folder, type FolderItem, type FolderOptions, type FolderSaveOptions } from "./folder/folder.ts";
export type { FolderEntryKind } from "./folder/entries.ts";
export { loadFolder } from "./folder/load.ts";
