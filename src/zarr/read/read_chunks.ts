/**
 * Reading a selection of an array that gives decoded chunks: each chunk that it touches once, some at a time.
 *
 * @module
 */

import { copyBytes, copyValues } from "../../array/codec/copy.ts";
import type { CopyAxis } from "../../array/codec/copy.ts";
import { nativeOrder } from "../../array/codec/decode_elements.ts";
import { decodeInPieces } from "../../array/codec/decode_pieces.ts";
import { bytesFor } from "../../array/select/into.ts";
import { contiguousStride, shapeText, sizeOf } from "../../array/ndarray.ts";
import { type AxisPiece, piecesAt, planChunks } from "../../array/select/plan_chunks.ts";
import { resultShape, selectionSize } from "../../array/select/selection.ts";
import type { DType, NDArray, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { CorruptFileError, LimitError } from "../../source/errors.ts";
import { pace } from "../../source/pace.ts";
import { zarrError } from "../errors.ts";
import type { ZarrChunk, ZarrGetOptions } from "../types.ts";

/** What {@linkcode readChunks} reads from. */
export interface ChunkReader {
  /** What messages call the array. */
  readonly name: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Length of a chunk along each axis. */
  readonly chunkShape: readonly number[];
  /** Type of the elements as they lie in a decoded chunk. */
  readonly dtype: DType;
  /** What chunks hold that were never written: the bytes of one element, or a value. Zeros by default. */
  readonly fill?: { readonly bytes: Uint8Array } | { readonly value: unknown } | undefined;
  /** Decodes one chunk; `null` stands for one that was never written. */
  getChunk(coordinates: number[], options: ZarrGetOptions): Promise<ZarrChunk | null>;
  /** Chunks that are asked for at once. */
  readonly maxParallel: number;
  /** The largest result, in bytes. */
  readonly maxReadBytes: number;
}

// A value that isn't a number counts as a reference to it.
const REFERENCE = 8;

/**
 * Reads a checked selection.
 *
 * @param reader The array
 * @param axes The selection
 * @param options Abort signal, memory to read into
 * @returns The values, in C order
 * @throws {LimitError} If the result would be larger than the reader allows
 * @throws {CorruptFileError} If a chunk decodes to something else than it must
 */
export async function readChunks(
  reader: ChunkReader,
  axes: readonly ResolvedAxis[],
  options: ReadIntoOptions = {},
): Promise<NDArray> {
  const { signal, into } = options;
  signal?.throwIfAborted();
  const size = selectionSize(axes);
  const isText = reader.dtype.kind === "object" || (reader.dtype.kind === "string" && reader.dtype.length === null);
  const byteLength = size * (isText ? REFERENCE : reader.dtype.itemsize);
  if (byteLength > reader.maxReadBytes) {
    throw new LimitError(
      `Cannot read ${reader.name}: the selection takes ${byteLength.toLocaleString("en")} bytes, ` +
        `more than the limit maxReadBytes of ${reader.maxReadBytes.toLocaleString("en")}`,
    );
  }
  const target = isText ? new Array<unknown>(size) : bytesFor(into, byteLength);
  if (into !== undefined && target instanceof Uint8Array) target.fill(0);
  fillTarget(target, reader.fill);
  const plan = planChunks(axes, reader.chunkShape);
  const targetShape = axes.map((axis) => axis.count);
  const chunkBytes = sizeOf(reader.chunkShape) * (isText ? REFERENCE : reader.dtype.itemsize);
  let next = 0;
  let failed = false;
  const work = async () => {
    while (next < plan.chunks && !failed) {
      const pieces = piecesAt(plan, next++);
      const coordinates = pieces.map(({ chunk }) => chunk);
      const turn = pace.start(1, chunkBytes, signal);
      if (turn !== undefined) await turn;
      if (failed) return;
      const chunk = await abortable(chunkAt(reader, coordinates, signal), signal);
      // What comes after a failure must not be written: the memory may have been given to another read.
      if (chunk !== null && !failed) copyChunk(reader, coordinates, chunk, pieces, target, targetShape);
    }
  };
  const workers = Array.from({ length: Math.min(reader.maxParallel, plan.chunks) }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed = true;
    throw error;
  }
  const shape = resultShape(axes);
  const data = target instanceof Uint8Array ? await decodeInPieces(reader.dtype, target, size, signal) : target;
  return { data, shape, stride: contiguousStride(shape), dtype: nativeOrder(reader.dtype) };
}

function fillTarget(target: Uint8Array | unknown[], fill: ChunkReader["fill"]): void {
  if (Array.isArray(target)) {
    target.fill(fill !== undefined && "value" in fill ? fill.value : "");
  } else if (fill !== undefined && "bytes" in fill && target.length > 0 && fill.bytes.some((byte) => byte !== 0)) {
    target.set(fill.bytes);
    for (let done = fill.bytes.length; done < target.length; done *= 2) target.copyWithin(done, 0, done);
  }
}

async function chunkAt(
  reader: ChunkReader,
  coordinates: number[],
  signal: AbortSignal | undefined,
): Promise<ZarrChunk | null> {
  try {
    return await reader.getChunk(coordinates, signal === undefined ? {} : { signal });
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    throw zarrError(`Cannot read ${chunkName(coordinates)} of ${reader.name}`, cause);
  }
}

function copyChunk(
  reader: ChunkReader,
  coordinates: readonly number[],
  chunk: ZarrChunk,
  pieces: readonly AxisPiece[],
  target: Uint8Array | unknown[],
  targetShape: readonly number[],
): void {
  const isBytes = target instanceof Uint8Array;
  const width = isBytes ? reader.dtype.itemsize : 1;
  checkChunk(reader, coordinates, chunk, pieces, width);
  const targetStride = contiguousStride(targetShape);
  const box = pieces.map(({ count, local, place }, i): CopyAxis => ({
    count,
    source: local instanceof Uint32Array ? { indices: local } : local,
    sourceStride: chunk.stride[i]! * width,
    target: place,
    targetStride: targetStride[i]! * width,
  }));
  if (isBytes) {
    const { buffer, byteOffset, byteLength } = chunk.data as ArrayBufferView;
    copyBytes(new Uint8Array(buffer, byteOffset, byteLength), target, box, width);
  } else {
    copyValues(chunk.data as unknown[], target, box);
  }
}

// A chunk that is too short would leave zeros in the result, or be read past its end.
function checkChunk(
  reader: ChunkReader,
  coordinates: readonly number[],
  { data, shape, stride }: ZarrChunk,
  pieces: readonly AxisPiece[],
  width: number,
): void {
  const length = Array.isArray(data) ? data.length : (data as ArrayBufferView).byteLength;
  const fits = shape.length === pieces.length && pieces.every(({ count, local }, i) => {
    const last = local instanceof Uint32Array
      ? local.reduce((most, index) => Math.max(most, index), 0)
      : Math.max(local.start, local.start + (count - 1) * local.step);
    return last < shape[i]!;
  });
  const end = shape.reduce((sum, count, i) => sum + (count - 1) * stride[i]!, 1);
  if (fits && length === sizeOf(shape) * width && end * width <= length) return;
  const unit = width === 1 && Array.isArray(data) ? "values" : "bytes";
  throw new CorruptFileError(
    `Cannot read ${chunkName(coordinates)} of ${reader.name}: it decodes to ${length.toLocaleString("en")} ${unit}, ` +
      `expected ${(sizeOf(reader.chunkShape) * width).toLocaleString("en")}`,
  );
}

function chunkName(coordinates: readonly number[]): string {
  return `chunk ${shapeText(coordinates)}`;
}
