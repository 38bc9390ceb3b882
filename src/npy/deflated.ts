/**
 * Arrays that are packed by deflate: read from their start on, as far as is asked.
 *
 * @module
 */

import { copyBytes } from "../array/codec/copy.ts";
import { nativeOrder } from "../array/codec/decode_elements.ts";
import { decodeInPieces } from "../array/codec/decode_pieces.ts";
import { FlatArray } from "../array/flat/flat_array.ts";
import { type FlatPiece, flatPieces, planFlat } from "../array/flat/flat_plan.ts";
import { bytesFor } from "../array/select/into.ts";
import { contiguousStride, takeResolved } from "../array/ndarray.ts";
import { resultShape, selectionSize } from "../array/select/selection.ts";
import type { ArrayReadOptions, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis } from "../array/types.ts";
import { checkReadSize } from "../array/text/value_count.ts";
import { RangeFetcher } from "../source/fetch/fetcher.ts";
import { memorySource } from "../source/local/memory.ts";
import type { NpyReader } from "./npy_array.ts";

/** Pieces are put together in memory before elements are picked from them. */
const PIECE = { gap: 65_536, pieceBytes: 1024 * 1024, blockBytes: 1024 * 1024 };

/** A packed member. */
export interface PackedMember {
  /** Bytes once it is unpacked. */
  readonly size: number;
  /** The largest result of one read, in bytes. */
  readonly limit: number;
  /** Unpacks it from its start on. */
  stream(options: ArrayReadOptions): AsyncIterable<Uint8Array>;
}

/**
 * A reader of a packed array.
 *
 * @param flat How the array lies in the unpacked member; only its layout is used
 * @param member The member
 */
export function deflatedReader(flat: FlatArray, member: PackedMember): NpyReader {
  return {
    shape: flat.shape,
    dtype: flat.dtype,
    chunkShape: null,
    async readResolved(axes, options = {}) {
      options.signal?.throwIfAborted();
      const { axes: distinct, picks } = distinctAxes(axes);
      const isDirect = picks.every((pick) => pick === null);
      const array = await readDistinct(flat, distinct, member, isDirect ? options : { ...options, into: undefined });
      return takeIfNeeded(array, axes, picks);
    },
    field(name): LazyArray {
      const field = flat.field(name);
      const reader = deflatedReader(field, member);
      // The layout is the field's, the bytes come from the stream.
      return Object.assign(field, { readResolved: reader.readResolved });
    },
  };
}

/** A flat array of which only the layout is used. */
export function layoutOnly(options: Omit<ConstructorParameters<typeof FlatArray>[0], "fetcher">): FlatArray {
  return new FlatArray({ ...options, fetcher: new RangeFetcher(memorySource(new Uint8Array(0), options.name)) });
}

async function readDistinct(
  flat: FlatArray,
  axes: readonly ResolvedAxis[],
  member: PackedMember,
  options: ReadIntoOptions,
): Promise<NDArray> {
  const { limit } = member;
  const { dtype, layout, offset } = flat;
  const size = selectionSize(axes);
  checkReadSize(flat.name, dtype, size, limit);
  const bytes = bytesFor(options.into, size * dtype.itemsize);
  const plan = planFlat(axes, layout, PIECE);
  if (plan !== null && bytes.length > 0) {
    await fill(flatPieces(plan), offset, member.stream(options), member.size, (piece, data) => {
      if (piece.packed) bytes.set(data, piece.place);
      else copyBytes(data, bytes.subarray(piece.place), piece.axes, dtype.itemsize);
    });
  }
  const shape = resultShape(axes);
  return {
    data: await decodeInPieces(dtype, bytes, size, options.signal),
    shape,
    stride: contiguousStride(shape),
    dtype: nativeOrder(dtype),
  };
}

/** Takes pieces, which ascend and don't overlap, from a stream of so many bytes. */
async function fill(
  pieces: Iterator<FlatPiece>,
  offset: number,
  stream: AsyncIterable<Uint8Array>,
  size: number,
  put: (piece: FlatPiece, data: Uint8Array) => void,
): Promise<void> {
  let next = pieces.next();
  let at = 0;
  let buffer: Uint8Array | undefined;
  for await (const part of stream) {
    while (!next.done) {
      const piece: FlatPiece = next.value;
      const start = offset + piece.offset;
      const from = Math.max(start, at);
      const to = Math.min(start + piece.length, at + part.length);
      if (to <= from) break;
      const data = part.subarray(from - at, to - at);
      if (data.length === piece.length) {
        put(piece, data);
      } else {
        buffer ??= new Uint8Array(piece.length);
        buffer.set(data, from - start);
      }
      if (to < start + piece.length) break;
      if (buffer !== undefined) put(piece, buffer);
      buffer = undefined;
      next = pieces.next();
    }
    at += part.length;
    // Where all of the member was read, the stream is run to its end, which checks the CRC.
    if (next.done && at < size) break;
  }
}

/** Lists without repeats and in ascending order, and what has to be picked from the result where that matters. */
function distinctAxes(axes: readonly ResolvedAxis[]): { axes: ResolvedAxis[]; picks: (ResolvedAxis | null)[] } {
  const picks: (ResolvedAxis | null)[] = [];
  const distinct = axes.map((axis): ResolvedAxis => {
    if (axis.kind === "range") {
      picks.push(null);
      return axis;
    }
    const indices = Float64Array.from(new Set(axis.indices)).sort();
    const places = new Map(Array.from(indices, (index, place) => [index, place]));
    picks.push({ ...axis, indices: axis.indices.map((index) => places.get(index)!) });
    return { ...axis, indices, count: indices.length };
  });
  return { axes: distinct, picks };
}

function takeIfNeeded(array: NDArray, axes: readonly ResolvedAxis[], picks: readonly (ResolvedAxis | null)[]): NDArray {
  if (picks.every((pick) => pick === null)) return array;
  const kept = axes.flatMap((axis, i): ResolvedAxis[] => {
    if (axis.drop) return [];
    return [picks[i] ?? { kind: "range", start: 0, step: 1, count: axis.count, drop: false }];
  });
  return takeResolved(array, kept);
}
