/**
 * What `H5Dread` will ask for, fetched beforehand and in parallel: libhdf5 itself asks for one thing after the other.
 *
 * @module
 */
import { flatPieces, planFlat } from "../../array/flat/flat_plan.ts";
import type { ResolvedAxis } from "../../array/types.ts";
import type { ByteRange } from "../../source/types.ts";
import { ChunkDecoder } from "./chunk_decoder.ts";
import { locateChunks, type StoredChunk } from "./chunk_lookup.ts";
import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/engine_types.ts";
import type { DatasetInfo } from "../metadata.ts";
import { type ChunkPlan, piecesAt, planChunks } from "../../array/select/plan_chunks.ts";
import { layoutOf } from "./read_contiguous.ts";

/** More pieces than this are left to `H5Dread`: their bytes would all have to be held at once. */
const MOST_PIECES = 4096;
/** Size of most global heap collections: libhdf5 makes larger ones only for larger values. */
const HEAP_BYTES = 4096;
/** Bytes of a variable-length element in the file: a length, the address of its heap collection, an index into it. */
const POINTER_BYTES = 16;

/**
 * The bytes that a selection will need: the stored chunks or runs, and, of strings and sequences of varying length,
 * the heap collections that they point to.
 *
 * @param engine The file's engine.
 * @param info The dataset.
 * @param path Its path, for messages.
 * @param axes The selection.
 * @param signal Aborts.
 * @returns What to prefetch; nothing where the source is at hand anyway.
 */
export async function prefetchRanges(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  axes: readonly ResolvedAxis[],
  signal: AbortSignal | undefined,
): Promise<RunOptions["prefetch"]> {
  const { fetcher, source, cache } = engine.source(info.file);
  const chunked = info.layout === "chunked";
  const placed = chunked || (info.layout === "contiguous" && typeof info.offset === "number");
  if (fetcher.isSync || !placed || info.shape === null || (info.external ?? []).length > 0) return undefined;
  if (info.filters.some((filter) => !filter.available)) return undefined;
  const inside = ({ offset, length }: ByteRange): boolean => offset + length <= source.byteLength;

  const plan = chunked ? planChunks(axes, info.chunk!) : undefined;
  if (plan !== undefined && plan.chunks > MOST_PIECES) return undefined;
  const stored = plan === undefined
    ? []
    : (await locateChunks(engine, info, path, plan, 0, plan.chunks, signal)).stored;
  const ranges: ByteRange[] = (plan === undefined ? runRanges(info, axes) : stored).filter(inside);
  if (!pointsToHeaps(info) || ranges.length === 0) return { slot: info.file, ranges };

  await cache.load(ranges, { signal });
  const heaps = new Set<number>();
  if (plan === undefined) {
    for (const range of ranges) collect(cache.peek(range), heaps);
  } else collectFromChunks(engine, info, path, plan, stored.filter(inside), heaps);
  for (const address of heaps) {
    const offset = address + engine.userblock;
    const length = Math.min(HEAP_BYTES, source.byteLength - offset);
    if (offset >= 0 && length > 0) ranges.push({ offset, length });
  }
  return { slot: info.file, ranges };
}

/** Strings and sequences of varying length, not within records: there the addresses can be read off the elements. */
function pointsToHeaps({ type, fileItemsize, file }: DatasetInfo): boolean {
  const varies = type.class === "vlen" || (type.class === "string" && type.variable);
  return varies && fileItemsize === POINTER_BYTES && file === 0;
}

function runRanges(info: DatasetInfo, axes: readonly ResolvedAxis[]): ByteRange[] {
  const ranges: ByteRange[] = [];
  const plan = planFlat(axes, layoutOf(info), { gap: 0, pieceBytes: Infinity, blockBytes: Infinity });
  for (const { offset, length } of plan === null ? [] : flatPieces(plan)) {
    ranges.push({ offset: info.offset! + offset, length });
    if (ranges.length > MOST_PIECES) return [];
  }
  return ranges;
}

function collectFromChunks(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  plan: ChunkPlan,
  stored: readonly StoredChunk[],
  heaps: Set<number>,
): void {
  const { cache } = engine.source(info.file);
  const decoder = new ChunkDecoder(engine, info, path, 1);
  engine.handles.hold(info);
  try {
    for (const chunk of stored) {
      const bytes = cache.peek(chunk);
      if (bytes === undefined) continue;
      const fill = (pointer: number): void => engine.instance.bytes.set(bytes, pointer);
      collect(decoder.decode(chunk, piecesAt(plan, chunk.index), fill), heaps);
    }
  } finally {
    engine.handles.release(info);
    decoder.end();
  }
}

/** Adds the addresses of the heap collections that elements point to. */
function collect(elements: Uint8Array | undefined, heaps: Set<number>): void {
  if (elements === undefined) return;
  const view = new DataView(elements.buffer, elements.byteOffset, elements.byteLength);
  for (let at = 0; at + POINTER_BYTES <= elements.length; at += POINTER_BYTES) {
    const address = Number(view.getBigUint64(at + 4, true));
    if (view.getUint32(at, true) > 0 && address > 0) heaps.add(address);
  }
}
