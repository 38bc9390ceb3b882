/**
 * Lazy arrays block by block, so that no stored chunk is fetched or decoded twice.
 *
 * @module
 */

import { printedAs } from "../../source/inspect.ts";
import { countText, summary, typeAndShape } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { shapeText, sizeOf } from "../../array/ndarray.ts";
import { composeSelections, resolveSelection } from "../../array/select/selection.ts";
import type {
  ArrayData,
  ChunkSource,
  DataChunk,
  LazyArray,
  PartialShape,
  Selection,
  Slice,
} from "../../array/types.ts";
import { ArrayView } from "../../array/select/view.ts";
import { ShapeError } from "../../source/errors.ts";
import { alignAxis, type AlignedAxis } from "./align.ts";
import { type AxisBlocks, blockCount, blockSelections } from "./grid.ts";
import { parseBytes } from "../sizes.ts";
import { bytesPerElement, walk, type WalkOptions } from "./walk.ts";

/** Options of {@linkcode iterateChunks}. */
export interface IterateChunksOptions extends WalkOptions {
  /** What is walked; everything by default. Blocks are then places in what the selection gives. */
  readonly selection?: Selection;
  /**
   * What a block is: as many stored chunks as a buffer holds, or the stored chunks one by one. An array that isn't stored
   * in chunks comes in buffers either way.
   *
   * @default {"buffer"}
   */
  readonly by?: "buffer" | "chunk" | undefined;
  /**
   * Most bytes of a buffer, or text such as `"200MB"`; a single chunk may be larger. The next buffer is read while one is
   * used, so that two are in memory.
   *
   * @default {"32 MB"}
   */
  readonly bufferBytes?: number | string | undefined;
  /**
   * Most indices of a buffer along each axis; `null` for no limit but `bufferBytes`. Rounded down to whole chunks, but
   * at least one.
   */
  readonly bufferShape?: PartialShape | undefined;
}

/** Names of `IterateChunksOptions`. */
export const ITERATE_CHUNKS_OPTIONS: OptionNames<IterateChunksOptions> = {
  selection: true,
  by: true,
  bufferBytes: true,
  bufferShape: true,
  signal: true,
  readAhead: true,
  onProgress: true,
  displayProgress: true,
};

/** A lazy array, block by block. Every `for await` starts anew. */
export interface ArrayChunks<D extends ArrayData = ArrayData> extends ChunkSource<D> {
  /** How many blocks there are. */
  readonly numBuffers: number;
  /** Length of each axis of the largest blocks. */
  readonly bufferShape: readonly number[];
  /** Length of each axis. */
  readonly maxShape: readonly number[];
  /** Where the blocks lie, in the order in which they come: row-major, the last axis changes fastest. */
  selections(): Iterable<readonly Slice[]>;
  /** Starts an iteration of its own. */
  [Symbol.asyncIterator](): AsyncGenerator<DataChunk<D>, void>;
}

// With the buffer that is read ahead this is half of what a Worker has.
const BUFFER_BYTES = 32e6;

/**
 * Walks a lazy array in buffers that are whole numbers of its stored chunks, so that each chunk is fetched and decoded
 * once. Buffers grow along the last axis first, so that they come as rows do; the first ones along an axis are shorter
 * where the selection starts within a chunk, the last ones where it ends.
 *
 * Chunks stay whole through slices with any step and through ascending index lists and masks, also those of views. An
 * index list in another order is cut into pieces as it comes: a chunk that it returns to is read again. Of a view of
 * another library's lazy array only the approximate chunk shape is known, not where chunks begin.
 *
 * @param array The array
 * @param options What of it, in which blocks
 * @returns The blocks: an async iterable that a writer takes too
 * @throws {ShapeError} If `bufferShape` doesn't fit the array
 * @throws {SelectionError} If the selection doesn't fit the array
 *
 * @example Usage
 * ```ts
 * import { open } from "../../hdf5/file.ts";
 * import { iterateChunks } from "./iterate_chunks.ts";
 *
 * await using file = await open("tests/data/signal.h5");
 * const signal = await file.dataset("/signal");
 * let largest = -Infinity;
 * for await (const { data } of iterateChunks(signal, { bufferBytes: "1MB" })) {
 *   for (const value of data.data) largest = Math.max(largest, Number(value));
 * }
 * console.log(largest);
 * ```
 */
export function iterateChunks<D extends ArrayData>(
  array: LazyArray<D>,
  options: IterateChunksOptions = {},
): ArrayChunks<D> {
  checkOptions(options, ITERATE_CHUNKS_OPTIONS, "iterate in chunks");
  const { selection, by = "buffer" } = options;
  if (by !== "buffer" && by !== "chunk") {
    throw new TypeError(`Cannot iterate in chunks: by is ${JSON.stringify(by)}, expected "buffer" or "chunk"`);
  }
  const shown = selection === null || selection === undefined ? array : array.view(selection);
  const { shape, dtype, chunkShape } = shown;
  const bytes = Math.max(1, bytesPerElement(dtype));
  const seen = seenAxes(array, selection);
  const axes = by === "chunk" && chunkShape !== null
    ? seen.map((axis) => axis.blocks(1))
    : fitBuffer(seen, limitsOf(options.bufferShape, shape), targetOf(options.bufferBytes) / bytes);
  const numBuffers = blockCount(axes);
  const chunks: ArrayChunks<D> = {
    dtype,
    maxShape: shape,
    dataShape: shape,
    chunkShape,
    numBuffers,
    bufferShape: axes.map(({ size }) => size),
    selections: () => blockSelections(axes),
    [Symbol.asyncIterator]() {
      const selections = blockSelections(axes);
      const next = async (signal: AbortSignal) => {
        const { value } = selections.next();
        return value ? { data: await shown.read(value, { signal }), selection: value } : null;
      };
      return walk<D>(next, { blocks: numBuffers, bytes: sizeOf(shape) * bytes }, options);
    },
  };
  return printedAs(
    chunks,
    () => summary("ArrayChunks", undefined, typeAndShape(shown), countText(numBuffers, "buffer")),
  );
}

/** The axes that are walked, as they lie over the stored chunks. */
function seenAxes(array: LazyArray, selection: Selection): AlignedAxis[] {
  const inner = resolveSelection(selection, array.shape);
  const [axes, { chunkShape }] = array instanceof ArrayView
    ? [composeSelections(array.axes, inner), array.reader]
    : [inner, array];
  return axes.flatMap((axis, i) => axis.drop ? [] : [alignAxis(axis, chunkShape?.[i] ?? 1)]);
}

function targetOf(bufferBytes: number | string = BUFFER_BYTES): number {
  const bytes = parseBytes(bufferBytes);
  if (bytes > 0) return bytes;
  throw new RangeError(`Cannot iterate in chunks: bufferBytes (${bufferBytes}) must be greater than zero`);
}

function limitsOf(bufferShape: PartialShape | undefined, shape: readonly number[]): PartialShape {
  const limits = bufferShape ?? shape.map(() => null);
  const isLength = (limit: number | null) => limit === null || (Number.isSafeInteger(limit) && limit > 0);
  if (limits.length === shape.length && limits.every(isLength)) return limits;
  throw new ShapeError(
    `Cannot iterate in chunks: bufferShape is ${shapeText(limits)}, expected a length of 1 or more, or null, ` +
      `for each axis of ${shapeText(shape)}`,
  );
}

/** Cuts axes into blocks of at most `elements` in all, the last axis taking what it can first. */
function fitBuffer(axes: readonly AlignedAxis[], limits: PartialShape, elements: number): AxisBlocks[] {
  const sizes = axes.map(({ unit }) => Math.max(1, unit));
  const blocks: AxisBlocks[] = [];
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const others = sizeOf(sizes) / sizes[axis]!;
    blocks[axis] = axes[axis]!.blocks(Math.min(elements / others, limits[axis] ?? Infinity));
    sizes[axis] = Math.max(1, blocks[axis]!.size);
  }
  return blocks;
}
