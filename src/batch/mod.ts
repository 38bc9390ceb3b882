/**
 * Chunk iterators, walks over stored chunks, progress, sizes as text; YASS' processor and pipeline for recordings larger than memory.
 *
 * @module
 */
export { GenericDataChunkIterator, type GenericDataChunkIteratorOptions, type GetData } from "./iterate/generic.ts";
export type { ChunkSizeOptions } from "./iterate/choose_shapes.ts";
export { defaultBufferShape, defaultChunkShape } from "./iterate/shapes.ts";
export type { WalkOptions } from "./iterate/walk.ts";
export { DataChunkIterator, type DataChunkIteratorOptions } from "./iterate/data_chunk_iterator.ts";
export { type ArrayChunks, iterateChunks, type IterateChunksOptions } from "./iterate/iterate_chunks.ts";
export { chunkAsType, chunkLength, minBounds } from "./iterate/data_chunk.ts";
export { formatSize, parseBytes, type SizeOptions } from "./sizes.ts";
export { type Progress, progressLine } from "./progress/progress.ts";
export { type ProgressBar, progressBar, type ProgressBarOptions } from "./progress/progress_bar.ts";
export { BatchProcessor, type MultiChannelOptions, type SingleChannelOptions } from "./process/batch_processor.ts";
export type { BatchProcessorOptions } from "./process/apply/processor_parts.ts";
export type {
  ApplyOptions,
  BatchStretchOptions,
  CleanupFunction,
  MultiChannelApplyOptions,
  SingleChannelApplyOptions,
} from "./process/apply/apply_options.ts";
export type { BatchFunction, BatchInfo, BatchTask, ModuleFunction } from "./process/apply/function.ts";
export type { OutputFormat } from "./process/files/output.ts";
export type { BatchParams } from "./process/files/params.ts";
export type { BatchIndex, BatchItem, ChannelItem, ChannelKey } from "./process/apply/place.ts";
export type { Padding } from "./process/apply/read_batch.ts";
export type { RecordingsOptions, RecordingsSource } from "./process/files/input.ts";
export type { Channels, DataOrder, DataOrderWord, LogLevel, OnLog } from "./process/words.ts";
export { RecordingsReader, type RecordingsReaderOptions } from "./process/recordings_reader.ts";
export { BinaryReader, type BinaryReaderOptions } from "./process/binary_reader.ts";
export { MemoryMap, type MemoryMapOptions } from "./process/memory_map.ts";
export { type AnyStep, BatchPipeline, type BatchPipelineOptions, type PlannedStep } from "./process/batch_pipeline.ts";
export {
  type PipedMode,
  PipedTransformation,
  type PipedTransformationOptions,
} from "./process/piped_transformation.ts";
export { butterworth, type SamplesInMemory, type YassButterworthOptions } from "./process/butterworth.ts";
export { standarize, type StandarizeOptions } from "./process/standarize.ts";
export { type TracePanel, tracesSvg, type TracesSvgOptions } from "./process/traces_svg.ts";
