/**
 * Chunk iterators, walks over stored chunks, progress, sizes as text.
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
