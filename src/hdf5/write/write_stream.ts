/**
 * Streaming arrays into datasets with memory bounded by one block.
 *
 * @module
 */
import { anyArray, type ArrayLikeInput } from "../../array/memory.ts";
import { isNDArray, sizeOf } from "../../array/ndarray.ts";
import type { ArrayData, ChunkSource, DataChunk, LazyArray, NDArray, Slice } from "../../array/types.ts";
import { SelectionError, ShapeError } from "../../source/errors.ts";
import type { DatasetOptions } from "./create_dataset.ts";
import type { WritableDataset } from "./writable_dataset.ts";
import { boxPieces } from "../read/box_pieces.ts";
import { blocksOf } from "../read/row_blocks.ts";
import { numpyItemsize, resolveDType } from "../storage/write_type.ts";

/**
 * What can be streamed: a chunk iterator, blocks of any origin, rows one after the other (each a value, a typed or plain
 * array, or an array in memory; of one shape), a lazy array, an array in memory, a typed or a plain one (see `ndarray`:
 * numbers are float64).
 */
export type WriteSource = ChunkSource | AsyncIterable<DataChunk | ArrayLikeInput> | ArrayLikeInput;

/** How far a streaming write is. */
export interface WriteProgress {
  /** Elements written. */
  readonly elements: number;
  /** Elements in all, where that is known. */
  readonly totalElements: number | null;
  /** Blocks written. */
  readonly blocks: number;
}

/** Options of {@linkcode WritableGroup.write}. What a source tells itself needn't be given. */
export interface WriteOptions extends Omit<DatasetOptions, "data"> {
  /**
   * Bytes of a block when a lazy array is copied; a block is at least one chunk.
   *
   * @default {33554432}
   */
  readonly blockBytes?: number | undefined;
  /** Told after each block. What it throws ends the write. */
  readonly onProgress?: ((progress: WriteProgress) => void) | undefined;
}

const BLOCK = 32 * 1024 * 1024;

/** Makes the dataset, has it filled, and removes it where that fails. */
export type MakeAndFill = (
  options: DatasetOptions,
  fill: (dataset: WritableDataset) => Promise<void>,
) => Promise<WritableDataset>;

/**
 * Streams a source into a new dataset.
 *
 * @param make Makes the dataset.
 * @param source What is written.
 * @param options How it is stored; abort signal; progress.
 * @param action What is being done, for messages.
 */
export async function writeSource(
  make: MakeAndFill,
  source: WriteSource,
  options: WriteOptions,
  action: string,
): Promise<WritableDataset> {
  options.signal?.throwIfAborted();
  if (typeof source === "object" && source !== null && Symbol.asyncIterator in source) {
    return await writeBlocks(make, blocksOf(source, action), options, action);
  }
  if (source === null || source === undefined || typeof source === "function") {
    throw new TypeError(
      `Cannot ${action}: expected an array, a chunk iterator, or an async iterable of blocks or rows`,
    );
  }
  const array = anyArray(source, action);
  return isNDArray(array) ? await writeArray(make, array, options) : await copyLazy(make, array, options);
}

/** Keeps count, and tells. */
class Progress {
  #elements = 0;
  #blocks = 0;

  constructor(readonly options: WriteOptions, readonly total: number | null) {}

  block(elements: number): void {
    this.#elements += elements;
    this.#blocks++;
    this.options.onProgress?.({ elements: this.#elements, totalElements: this.total, blocks: this.#blocks });
    this.options.signal?.throwIfAborted();
  }
}

/** A lazy array's blocks: whole chunks of the target, as many as fit. */
async function copyLazy(make: MakeAndFill, source: LazyArray, options: WriteOptions): Promise<WritableDataset> {
  const { shape } = source;
  const stored: DatasetOptions = {
    ...options,
    shape: options.shape === undefined ? shape : options.shape,
    dtype: options.dtype ?? source.dtype,
    chunkShape: options.chunkShape === undefined ? clipped(source.chunkShape, shape) : options.chunkShape,
  };
  return await make(stored, async (dataset) => {
    if (sizeOf(shape) === 0) return;
    const itemsize = numpyItemsize(resolveDType(source.dtype));
    const most = Math.max(1, Math.floor((options.blockBytes ?? BLOCK) / Math.max(1, itemsize)));
    const progress = new Progress(options, sizeOf(shape));
    const box = shape.map((count) => ({
      start: 0,
      step: 1,
      count,
      source: { kind: "range", start: 0, step: 1, count, drop: false } as const,
    }));
    for (const piece of boxPieces(box, dataset.chunkShape ?? source.chunkShape, most)) {
      const selection = piece.map(({ start, count }): Slice => ({
        kind: "slice",
        start,
        stop: start + count,
        step: null,
      }));
      const block = await source.read(selection, { signal: options.signal });
      await dataset.write(selection, block, { signal: options.signal });
      progress.block(sizeOf(block.shape));
    }
  });
}

function clipped(chunkShape: readonly number[] | null, shape: readonly number[]): readonly number[] | undefined {
  if (chunkShape === null || shape.length === 0 || sizeOf(shape) === 0) return undefined;
  return chunkShape.map((length, axis) => Math.min(length, shape[axis]!));
}

/** An array in memory goes in one block: it is there already. */
async function writeArray(make: MakeAndFill, array: NDArray, options: WriteOptions): Promise<WritableDataset> {
  const { shape = array.shape, dtype = array.dtype } = options;
  return await make({ ...options, shape, dtype }, async (dataset) => {
    if (dataset.size > 0) await dataset.write(null, array, { signal: options.signal });
    new Progress(options, sizeOf(array.shape)).block(sizeOf(array.shape));
  });
}

async function writeBlocks(
  make: MakeAndFill,
  source: AsyncIterable<DataChunk> & Partial<ChunkSource>,
  options: WriteOptions,
  action: string,
): Promise<WritableDataset> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    // The first block tells what the source doesn't.
    const first = await iterator.next();
    const known = describe(source, options, first.done === true ? undefined : first.value, action);
    return await make(known, async (dataset) => {
      const progress = new Progress(options, totalOf(known));
      for (let next = first; next.done !== true; next = await iterator.next()) {
        await writeBlock(dataset, next.value, options, action);
        progress.block(sizeOf(next.value.data.shape));
      }
      ended = true;
    });
  } finally {
    if (!ended) await iterator.return?.();
  }
}

/** Shape, growth, type and chunks: as the options say, else the source, else its first block. */
function describe(
  source: Partial<ChunkSource>,
  options: WriteOptions,
  first: DataChunk | undefined,
  action: string,
): DatasetOptions {
  const shape = options.shape ?? source.dataShape ?? (first === undefined ? undefined : boundsOf(first, action));
  const dtype: DatasetOptions["dtype"] = options.dtype ?? source.dtype ?? first?.data.dtype;
  if (shape === undefined || dtype === undefined) {
    throw new ShapeError(`Cannot ${action}: there are no blocks or rows that would tell shape and dtype; give both`);
  }
  const maxShape = options.maxShape ?? source.maxShape ?? shape.map(() => null);
  const chunkShape = options.chunkShape === undefined
    ? source.chunkShape ?? (shape.length > 0 ? true : undefined)
    : options.chunkShape;
  return { ...options, shape, dtype, maxShape: shape.length === 0 ? undefined : maxShape, chunkShape };
}

function totalOf({ maxShape, shape }: DatasetOptions): number | null {
  if (!Array.isArray(maxShape)) return sizeOf(shape ?? []);
  return maxShape.includes(null) ? null : sizeOf(maxShape as number[]);
}

/** Makes the dataset as long as the block needs, and writes it. */
async function writeBlock(
  dataset: WritableDataset,
  block: DataChunk,
  options: WriteOptions,
  action: string,
): Promise<void> {
  const bounds = boundsOf(block, action);
  if (bounds.length !== dataset.shape.length) {
    throw new ShapeError(
      `Cannot ${action}: a block selects along ${bounds.length} axes, the dataset has ${dataset.shape.length}`,
    );
  }
  if (bounds.some((bound, axis) => bound > dataset.shape[axis]!)) {
    await dataset.resize(dataset.shape.map((length, axis) => Math.max(length, bounds[axis]!)));
  }
  const selection = block.selection.map((axis, i): number | Slice =>
    typeof axis === "number" ? axis : { kind: "slice", start: axis.start ?? 0, stop: bounds[i]!, step: null }
  );
  await dataset.write(selection, block.data, { signal: options.signal });
}

/** How long each axis must be to hold a block. */
function boundsOf({ data, selection }: DataChunk<ArrayData>, action: string): number[] {
  let next = 0;
  return selection.map((axis, i) => {
    if (typeof axis === "number") return check(axis, i, action) + 1;
    const start = check(axis.start ?? 0, i, action);
    const length = data.shape[next++] ?? 0;
    const stop = check(axis.stop ?? start + length, i, action);
    if ((axis.step ?? 1) !== 1 || stop < start) {
      throw new SelectionError(`Cannot ${action}: a block's selection along axis ${i} must be a slice of step 1`);
    }
    return stop;
  });
}

function check(bound: number, axis: number, action: string): number {
  if (Number.isSafeInteger(bound) && bound >= 0) return bound;
  throw new SelectionError(`Cannot ${action}: a block's selection along axis ${axis} has the bound ${bound}`);
}
