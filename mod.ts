/**
 * microtome reads just the slice you ask for out of a large recording (HDF5, NPY and NPZ, flat binary files), from disk
 * or by HTTP byte range, identically in Deno, Bun, Node, Cloudflare Workers and browsers. It writes these formats too,
 * and walks over arrays that are larger than memory.
 *
 * @example Read a slice
 * ```ts
 * import { open, slice } from "./mod.ts";
 *
 * await using file = await open("tests/data/signal.h5");
 * const signal = await file.dataset("/signal");
 * const { data, shape } = await signal.read([slice(0, 1000), 2]);
 * console.log(shape, data[0], file.cost);
 * ```
 *
 * @module
 */
export * from "./src/source/errors.ts";
export type { Attempt, ByteRange, ByteSource, Cost, ReadOptions, RequestEvent } from "./src/source/types.ts";
export { type CostMeter, formatBytes, formatCost, subtractCost } from "./src/source/cost.ts";
export type { AsyncBuffer, SourceInput, SourceOptions } from "./src/source/open_source.ts";
export type { HttpOptions } from "./src/source/http.ts";
export type { FetchLike, HttpClientOptions } from "./src/source/http_client.ts";
export type { RetryOptions } from "./src/source/retry.ts";
export type { R2BucketLike, R2GetOptions, R2Location, R2ObjectLike } from "./src/source/r2.ts";
export type { LimitOptions, Limits } from "./src/source/limits.ts";
export type { ByteSink, SinkTarget } from "./src/source/sink.ts";
export { type MemorySink, memorySink } from "./src/source/memory_sink.ts";
export { ZipArchive } from "./src/source/zip_archive.ts";
export type { ZipEntry, ZipProblem } from "./src/source/zip_directory.ts";
export type * from "./src/array/types.ts";
export { slice } from "./src/array/slice.ts";
export { type DTypeData, type DTypeName, hasDType } from "./src/array/dtype_name.ts";
export { parseSelection } from "./src/array/parse_selection.ts";
export { toMask } from "./src/array/mask.ts";
export { resolveSelection } from "./src/array/selection.ts";
export { describeDType, dtypeFromNumpy, numpyName } from "./src/array/dtype.ts";
export { type Descr, type DescrField, dtypeFromDescr, numpyDescr } from "./src/array/descr.ts";
export { elementAt, elements, flatten, isNDArray, ndarray, toNested } from "./src/array/ndarray.ts";
export { type AnyArrayInput, memoryArray, type MemoryArrayOptions } from "./src/array/memory.ts";
export type { PlainArray } from "./src/array/plain.ts";
export { ArrayView, type ResolvedReader } from "./src/array/view.ts";
export {
  formatArray,
  type FormatArrayOptions,
  formatRecords,
  formatTable,
  type TableColumn,
} from "./src/array/format.ts";
export { type CsvOptions, type JsonValue, toCsv, toJsonValue } from "./src/array/serialise.ts";
export type { CastOptions, Overflow } from "./src/array/cast.ts";
export { encodeNpy, writeNpy, type WriteNpyOptions } from "./src/npy/write.ts";
export type { NpyEncodeOptions } from "./src/npy/encode.ts";
export { encodeNpz, type NpzEncodeOptions, writeNpz, type WriteNpzOptions } from "./src/npy/write_npz.ts";
export { type NpyOptions, openNpy } from "./src/npy/open_npy.ts";
export { NpyArray } from "./src/npy/npy_array.ts";
export { Npz, type NpzOptions, openNpz } from "./src/npy/npz.ts";
export { unpickle } from "./src/npy/pickle.ts";
export { openRaw, type RawMode, type RawOptions } from "./src/raw/open_raw.ts";
export { RawArray } from "./src/raw/raw_array.ts";
export type { RawWriteData } from "./src/raw/write_data.ts";
export type { ArrayScale as RawScale } from "./src/array/scale.ts";
export type { AxisOrder } from "./src/raw/extent.ts";
export { decodeSidecar, encodeSidecar, type RawSidecar, sidecarPath } from "./src/raw/sidecar.ts";
export { fromZarr, type FromZarrOptions } from "./src/zarr/from_zarr.ts";
export { zarrStore, type ZarrStoreOptions } from "./src/zarr/zarr_store.ts";
export type * from "./src/zarr/types.ts";
export { init, type InitOptions } from "./src/wasm/module.ts";
export type { ModuleBytes, ModuleSource } from "./src/wasm/load.ts";
export { type DereferenceOptions, type FileInfo, H5File, open, type OpenOptions } from "./src/hdf5/file.ts";
export { Group, type GroupOptions, type Member, NamedType } from "./src/hdf5/group.ts";
export { Dataset, type DatasetReadOptions } from "./src/hdf5/dataset.ts";
export { Attribute, type AttributeOptions, AttributeSet, type AttributeValue } from "./src/hdf5/attributes.ts";
export { Reference, type ReferenceTarget } from "./src/hdf5/reference.ts";
export type { Filter, Link } from "./src/hdf5/metadata.ts";
export type { ExternalResolver } from "./src/hdf5/external.ts";
export { H5Object } from "./src/hdf5/objects.ts";
export { change, type ChangeOptions, create, type CreateOptions } from "./src/hdf5/create.ts";
export { WritableFile } from "./src/hdf5/writable_file.ts";
export { type CreateGroupOptions, WritableGroup } from "./src/hdf5/writable_group.ts";
export { type DatasetWriteOptions, WritableDataset } from "./src/hdf5/writable_dataset.ts";
export { type AttributeSetOptions, WritableAttributeSet } from "./src/hdf5/writable_attributes.ts";
export type { DatasetOptions } from "./src/hdf5/create_dataset.ts";
export type { Compression, StorageOptions } from "./src/hdf5/storage_options.ts";
export type { DTypeInput } from "./src/hdf5/write_type.ts";
export type { WritableData } from "./src/hdf5/write_values.ts";
export type { WriteOptions, WriteProgress, WriteSource } from "./src/hdf5/write_stream.ts";
export type { LinkTarget } from "./src/hdf5/link.ts";
export { GenericDataChunkIterator, type GenericDataChunkIteratorOptions, type GetData } from "./src/batch/generic.ts";
export type { ChunkSizeOptions } from "./src/batch/choose_shapes.ts";
export { defaultBufferShape, defaultChunkShape } from "./src/batch/shapes.ts";
export type { WalkOptions } from "./src/batch/walk.ts";
export { DataChunkIterator, type DataChunkIteratorOptions } from "./src/batch/data_chunk_iterator.ts";
export { type ArrayChunks, iterateChunks, type IterateChunksOptions } from "./src/batch/iterate_chunks.ts";
export { chunkAsType, chunkLength, minBounds } from "./src/batch/data_chunk.ts";
export { formatSize, parseBytes, type SizeOptions } from "./src/batch/sizes.ts";
export { type Progress, progressLine } from "./src/batch/progress.ts";
export { type ProgressBar, progressBar, type ProgressBarOptions } from "./src/batch/progress_bar.ts";
export { listedAxis, regularAxis, type TimeAxis } from "./src/time/axis.ts";
export type { Intervals } from "./src/time/intervals.ts";
export type { TimeUnit } from "./src/time/units.ts";
export { IntervalSet, type LengthOptions } from "./src/series/interval_set.ts";
export type { Picked } from "./src/series/picked.ts";
export { type IntervalPairs, type IntervalSetOptions, SortedIntervals } from "./src/series/interval_input.ts";
export { Metadata, type MetadataColumn, type MetadataColumns, type MetadataInput } from "./src/series/metadata.ts";
export type { Compatible, CompatibleOptions, WarningOptions } from "./src/series/options.ts";
export { type IndexedTimes, type SeriesOptions, TimeIndex } from "./src/series/time_index.ts";
export type { Rows, Run } from "./src/series/rows.ts";
export { Series } from "./src/series/series.ts";
export type {
  BinOptions,
  CountOptions,
  EpochOptions,
  TimeDiffOptions,
  ValueFromOptions,
} from "./src/series/series_options.ts";
export { type IndexedValues, ValueSeries } from "./src/series/value_series.ts";
export type {
  BinAverageOptions,
  ConvolveOptions,
  DecimateOptions,
  DropnaOptions,
  InterpolateOptions,
  ReadEpochOptions,
  ReduceOptions,
  SmoothOptions,
} from "./src/series/value_options.ts";
export { Ts } from "./src/series/ts.ts";
export { type ThresholdOptions, Tsd } from "./src/series/tsd.ts";
export { type ColumnName, TsdFrame, type TsdFrameOptions } from "./src/series/tsd_frame.ts";
export { TsdTensor } from "./src/series/tsd_tensor.ts";
export { type Comparison, type GroupInput, TsGroup, type TsGroupOptions } from "./src/series/ts_group.ts";
export { makeSeries } from "./src/series/make_series.ts";
export type { MergeOptions } from "./src/series/merge_groups.ts";
export type { TrialCountOptions, TrialOptions } from "./src/series/trials.ts";
export type { PrintOptions } from "./src/series/print_options.ts";
export type { Numbers } from "./src/series/numbers.ts";
export type { Values, ValuesInput } from "./src/series/values.ts";
export type { KeyInput, MembersInput } from "./src/series/group_input.ts";
export type { MatchMode } from "./src/series/match.ts";
export type { Trim } from "./src/series/convolve.ts";
export type { DecimationFilter } from "./src/series/decimate.ts";
export type { InterpolateEdges } from "./src/series/interpolate.ts";
export type { LabelledArray, Labels } from "./src/series/labelled_array.ts";
export type { BinRange, BinSpec } from "./src/series/histogram.ts";
export type { EventWindow } from "./src/series/windows.ts";
export {
  computeTuningCurves,
  type TuningAttrs,
  type TuningCurves,
  type TuningCurvesOptions,
} from "./src/series/tuning_curves.ts";
export {
  computeMutualInformation,
  type MutualInformation,
  type MutualInformationOptions,
} from "./src/series/mutual_information.ts";
export { computePerievent, type PerieventOptions } from "./src/series/perievent.ts";
export {
  computeEventTriggeredAverage,
  computeSpikeTriggeredAverage,
  type EventTriggeredAverageOptions,
} from "./src/series/event_triggered_average.ts";
export { computeResponsePerEpoch, type ResponseOptions } from "./src/series/response_per_epoch.ts";
export {
  computeAutoCorrelogram,
  computeCrossCorrelogram,
  computeEventCorrelogram,
  type CorrelogramOptions,
  type Correlograms,
  type CrossCorrelogramOptions,
} from "./src/series/correlograms.ts";
export { computeIsiDistribution, type IsiOptions } from "./src/series/isi_distribution.ts";
export { loadNpz, openSeriesNpz, SeriesNpz } from "./src/series/npz.ts";
export type { SeriesNpzLoadOptions } from "./src/series/npz_load.ts";
export { encodeSeriesNpz, saveNpz, type SaveNpzOptions, type SeriesObject } from "./src/series/npz_write.ts";
export type { SeriesKind } from "./src/series/npz_kind.ts";
export { Folder, type FolderItem, type FolderOptions, type FolderSaveOptions } from "./src/series/folder.ts";
export type { FolderEntryKind } from "./src/series/folder_entries.ts";
export { loadFolder } from "./src/series/folder_load.ts";
export { NWBFile, type NwbOptions, type NwbSeries, type NwbValue, type NwbView } from "./src/nwb/nwb_file.ts";
export { loadFile } from "./src/nwb/load_file.ts";
export type { TypedObject } from "./src/nwb/catalog.ts";
export type { NwbEntry } from "./src/nwb/listing.ts";
export type { NwbObject } from "./src/nwb/object.ts";
export { type ColumnReadOptions, NwbColumn, type RaggedRow } from "./src/nwb/column.ts";
export { NwbTable, type TableOptions, type TableRow } from "./src/nwb/table.ts";
export { type NwbReadOptions, NwbTimeSeries } from "./src/nwb/time_series.ts";
export { ArrayDict, type ObjectType } from "./src/temporal/array_dict.ts";
export type { ArrayDescription } from "./src/temporal/read_column.ts";
export type { Arrays } from "./src/temporal/table.ts";
export type { ArrayInput, ArrayValue } from "./src/temporal/column.ts";
export { Interval } from "./src/temporal/interval.ts";
export type { SplitOptions } from "./src/temporal/split_masks.ts";
export type { IntervalOptions } from "./src/temporal/interval_state.ts";
export { type IrregularOptions, IrregularTimeSeries } from "./src/temporal/irregular.ts";
export { type RegularOptions, type RegularSliceOptions, RegularTimeSeries } from "./src/temporal/regular.ts";
export type { SliceOptions } from "./src/temporal/window.ts";
export { Data } from "./src/temporal/data.ts";
export type { DataOptions, LoadOptions } from "./src/temporal/data_options.ts";
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
} from "./src/temporal/described.ts";
export { loadObject, type LoadObjectOptions, type ObjectTypes } from "./src/temporal/load_object.ts";
export { saveObject, type SaveOptions, type Serializer, type SharedStorage } from "./src/temporal/hdf5_write.ts";
export type { DatasetIndex, SamplingIntervals } from "./src/temporal/sampling_spans.ts";
export {
  type FixedWindowOptions,
  type RandomFixedWindowOptions,
  RandomFixedWindowSampler,
  type Sampler,
  type SequentialFixedWindowOptions,
  SequentialFixedWindowSampler,
  TrialSampler,
  type TrialSamplerOptions,
} from "./src/temporal/samplers.ts";
export { fromGappyTimeseries, type GappyOptions } from "./src/temporal/gappy.ts";
export type { GapKind, GapOptions, GapValue } from "./src/temporal/gap_fill.ts";
export { concat, type ConcatOptions } from "./src/temporal/concat.ts";
export { binSpikes, type BinSpikesOptions } from "./src/temporal/bin_spikes.ts";
export {
  arraysFromRecords,
  intervalFromRecords,
  type RecordArrays,
  type Records,
  type RecordsOptions,
} from "./src/temporal/records.ts";
export {
  RecordingDataset,
  type RecordingDatasetOptions,
  type RecordingOptions,
  type Recordings,
  type SamplingIntervalOptions,
} from "./src/temporal/dataset.ts";
export type { RecordingSources } from "./src/temporal/recording_sources.ts";
export { NestedRecordingDataset, type NestedRecordingDatasetOptions } from "./src/temporal/nested_dataset.ts";
export {
  averageFiringRates,
  type DatasetUnitsOptions,
  type FiringRates,
  unitIdsOf,
} from "./src/temporal/dataset_units.ts";
export { openAny, type OpenAnyOptions } from "./src/formats/open_any.ts";
export { Opened } from "./src/formats/opened.ts";
