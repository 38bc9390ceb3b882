/**
 * The bulk path for contiguous datasets: byte arithmetic, run by run or in blocks that are picked from.
 *
 * @module
 */
import { scatterBytes } from "../array/scatter.ts";
import { contiguousStride, sizeOf } from "../array/ndarray.ts";
import type { ResolvedAxis } from "../array/types.ts";
import type { Engine } from "./engine.ts";
import { fillBytes, repeat } from "./fill.ts";
import { Gatherer } from "./gather.ts";
import type { DatasetInfo } from "./metadata.ts";
import { type AxisPiece, type ChunkPlan, piecesAt, planChunks } from "./plan_chunks.ts";
import { blockShape, cutRuns, runsOf } from "./plan_runs.ts";
import type { BulkTarget } from "./read_chunked.ts";
import { swapInPlace } from "./swap.ts";
import { Turns } from "./turns.ts";

/** Largest piece read at once: large enough to be bandwidth-bound, small enough to overlap and to bound memory. */
const PIECE = 4 * 1024 * 1024;
/** About how large a block is that is picked from: half of a core's second-level cache. */
const BLOCK = 512 * 1024;

/**
 * Reads a selection of a contiguous dataset.
 *
 * @param engine The file's engine.
 * @param info The dataset; `info.direct` is set.
 * @param axes The selection.
 * @param target Where the elements go.
 * @param signal Aborts.
 */
export async function readContiguous(
  engine: Engine,
  info: DatasetInfo,
  axes: readonly ResolvedAxis[],
  target: BulkTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (info.offset === null || info.offset === undefined) {
    const element = fillBytes(info);
    if (element !== undefined && info.fill.applies) repeat(target.bytes, element);
    return;
  }
  const { fetcher } = engine.source(info.file);
  const block = blockShape(axes, info.shape!, info.fileItemsize, fetcher.limits.gap, BLOCK);
  if (block === null) await readRuns(engine, info, axes, target, signal);
  else await readBlocks(engine, info, axes, block, target, signal);
}

async function readRuns(
  engine: Engine,
  info: DatasetInfo,
  axes: readonly ResolvedAxis[],
  { bytes: out }: BulkTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { fetcher, cache } = engine.source(info.file);
  const base = info.offset!;
  const turns = new Turns(signal);
  const runs = cutRuns(runsOf(axes, info.shape!, info.fileItemsize), PIECE);
  if (fetcher.isSync) {
    for (const { offset, length, place } of runs) {
      fetcher.readIntoSync(base + offset, out.subarray(place, place + length));
      if (turns.due(length)) await turns.pass();
    }
  } else {
    for await (const { range, bytes } of cache.stream(inFile(runs, base), { signal })) out.set(bytes, range.place);
  }
  swapInPlace(out, info.direct!);
}

/** The same runs, counted from the start of the file. */
function* inFile<R extends { readonly offset: number }>(runs: Iterable<R>, base: number): Generator<R> {
  for (const run of runs) yield { ...run, offset: base + run.offset };
}

async function readBlocks(
  engine: Engine,
  info: DatasetInfo,
  axes: readonly ResolvedAxis[],
  block: readonly number[],
  target: BulkTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { fetcher, cache } = engine.source(info.file);
  const { instance } = engine;
  const itemsize = info.fileItemsize;
  const plan = planChunks(axes, block);
  const turns = new Turns(signal);
  const gatherer = new Gatherer(instance, itemsize, info.direct!);
  const room = instance.alloc(sizeOf(block) * itemsize);
  const take = (range: BlockRange, fill: (into: Uint8Array) => void): void => {
    const start = room + range.skip;
    fill(instance.bytes.subarray(start, start + range.length));
    const packed = gatherer.gather(room, sizeOf(range.shape) * itemsize, range.shape, range.pieces);
    const counts = range.pieces.map((piece) => piece.count);
    scatterBytes(packed, counts, target.bytes, target.shape, range.pieces.map((piece) => piece.place), itemsize);
  };
  try {
    const ranges = blockRanges(plan, block, info);
    if (fetcher.isSync) {
      for (const range of ranges) {
        take(range, (into) => fetcher.readIntoSync(range.offset, into));
        if (turns.due(range.length)) await turns.pass();
      }
    } else {
      for await (const { range, bytes } of cache.stream(ranges, { signal })) take(range, (into) => into.set(bytes));
    }
  } finally {
    instance.free(room);
    gatherer.end();
  }
}

/** What of a block is fetched: from its first wanted byte to its last. */
interface BlockRange {
  readonly offset: number;
  readonly length: number;
  /** Bytes of the block before the range. */
  readonly skip: number;
  /** Shape of the block: at the array's edge it is cut off. */
  readonly shape: readonly number[];
  readonly pieces: readonly AxisPiece[];
}

function* blockRanges(plan: ChunkPlan, block: readonly number[], info: DatasetInfo): Generator<BlockRange> {
  const outer = contiguousStride(info.shape!);
  for (let index = 0; index < plan.chunks; index++) {
    const pieces = piecesAt(plan, index);
    const shape = block.map((length, axis) => Math.min(length, info.shape![axis]! - pieces[axis]!.chunk * length));
    const inner = contiguousStride(shape);
    let origin = 0;
    let first = 0;
    let last = 0;
    pieces.forEach((piece, axis) => {
      const { low, high } = boundsOf(piece);
      origin += piece.chunk * block[axis]! * outer[axis]!;
      first += low * inner[axis]!;
      last += high * inner[axis]!;
    });
    yield {
      offset: info.offset! + (origin + first) * info.fileItemsize,
      length: (last - first + 1) * info.fileItemsize,
      skip: first * info.fileItemsize,
      shape,
      pieces,
    };
  }
}

function boundsOf({ local, count }: AxisPiece): { low: number; high: number } {
  if (local instanceof Uint32Array) {
    let low = local[0]!;
    let high = low;
    for (const index of local) {
      if (index < low) low = index;
      else if (index > high) high = index;
    }
    return { low, high };
  }
  const end = local.start + (count - 1) * local.step;
  return { low: Math.min(local.start, end), high: Math.max(local.start, end) };
}
