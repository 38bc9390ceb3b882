/**
 * What `H5Dread` will ask for, fetched beforehand and in parallel: libhdf5 itself asks for one thing after the other.
 *
 * @module
 */
import type { ResolvedAxis } from "../array/types.ts";
import type { ByteRange } from "../source/types.ts";
import { locateChunks } from "./chunk_lookup.ts";
import type { Engine, RunOptions } from "./engine.ts";
import type { DatasetInfo } from "./metadata.ts";
import { planChunks } from "./plan_chunks.ts";

/** More chunks than this are left to `H5Dread`: their bytes would all have to be held at once. */
const MOST_CHUNKS = 4096;

/**
 * The stored chunks that a selection touches, to be at hand when `H5Dread` runs.
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
  const { fetcher, source } = engine.source(info.file);
  if (fetcher.isSync || info.filters.some((filter) => !filter.available)) return undefined;
  const ranges: ByteRange[] = [];
  if (info.layout === "chunked") {
    const plan = planChunks(axes, info.chunk!);
    if (plan.chunks > MOST_CHUNKS) return undefined;
    const { stored } = await locateChunks(engine, info, path, plan, 0, plan.chunks, signal);
    ranges.push(...stored);
  }
  return { slot: info.file, ranges: ranges.filter(({ offset, length }) => offset + length <= source.byteLength) };
}
