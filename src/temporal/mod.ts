/**
 * torch_brain's objects: `Data`, time series, intervals, datasets and samplers.
 *
 * @module
 */
export { ArrayDict, type ObjectType } from "./columns/array_dict.ts";
export type { ArrayDescription } from "./columns/read_column.ts";
export type { Arrays } from "./columns/table.ts";
export type { ArrayInput, ArrayValue } from "./columns/column.ts";
export { Interval } from "./intervals/interval.ts";
export type { SplitOptions } from "./frame/split_masks.ts";
export type { IntervalOptions } from "./intervals/interval_state.ts";
export { type IrregularOptions, IrregularTimeSeries } from "./irregular.ts";
export { type RegularOptions, type RegularSliceOptions, RegularTimeSeries } from "./regular/regular.ts";
export type { SliceOptions } from "./frame/window.ts";
export { Data } from "./data.ts";
export type { DataOptions, LoadOptions } from "./data_options.ts";
export type {
  Forms,
  Held,
  InMemory,
  Known,
  Masked,
  MaybePromise,
  MemberOf,
  MembersInMemory,
  MembersOnDemand,
  OnDemand,
  ValueAt,
} from "./columns/described.ts";
export { loadObject, type LoadObjectOptions, type ObjectTypes } from "./files/load_object.ts";
export { saveObject } from "./files/hdf5_write.ts";
export type { SaveOptions, Serializer, SharedStorage } from "./files/save_options.ts";
export type { DatasetIndex, SamplingIntervals } from "./sample/sampling_spans.ts";
export {
  type FixedWindowOptions,
  type RandomFixedWindowOptions,
  RandomFixedWindowSampler,
  type Sampler,
  type SequentialFixedWindowOptions,
  SequentialFixedWindowSampler,
  TrialSampler,
  type TrialSamplerOptions,
} from "./sample/samplers.ts";
export { fromGappyTimeseries, type GappyOptions } from "./regular/gappy.ts";
export type { GapKind, GapOptions, GapValue } from "./regular/gap_fill.ts";
export { concat, type ConcatOptions } from "./tools/concat.ts";
export { binSpikes, type BinSpikesOptions } from "./tools/bin_spikes.ts";
export {
  arraysFromRecords,
  intervalFromRecords,
  type RecordArrays,
  type Records,
  type RecordsOptions,
} from "./columns/records.ts";
export {
  RecordingDataset,
  type RecordingDatasetOptions,
  type RecordingOptions,
  type Recordings,
  type SamplingIntervalOptions,
} from "./dataset/dataset.ts";
export type { RecordingSources } from "./dataset/recording_sources.ts";
export { NestedRecordingDataset, type NestedRecordingDatasetOptions } from "./dataset/nested_dataset.ts";
export { averageFiringRates, type DatasetUnitsOptions, type FiringRates, unitIdsOf } from "./dataset/dataset_units.ts";
