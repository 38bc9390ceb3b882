/**
 * The bulk path for chunked datasets: plan the chunks, look them up, fetch in parallel, decode in wasm, scatter.
 *
 * @module
 */
import { sizeOf } from "../../array/ndarray.ts";
import type { ResolvedAxis } from "../../array/types.ts";
import { scatterBytes } from "../../array/select/scatter.ts";
import { ChunkDecoder } from "./chunk_decoder.ts";
import { locateChunks, type StoredChunk } from "./chunk_lookup.ts";
import type { Engine } from "../engine/engine.ts";
import { type BulkTarget, fillBox, fillBytes } from "./fill.ts";
import type { DatasetInfo } from "../metadata.ts";
import { piecesAt, planChunks } from "../../array/select/plan_chunks.ts";
import { pace } from "../../source/pace.ts";

/** How many chunks are looked up at once: bounds the memory of the table, not of the data. */
const BATCH = 8192;

/**
 * Reads a selection of a chunked dataset.
 *
 * @param engine The file's engine.
 * @param info The dataset; `info.direct` is set.
 * @param path Its path, for messages.
 * @param axes The selection.
 * @param target Where the elements go.
 * @param signal Aborts.
 */
export async function readChunked(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  axes: readonly ResolvedAxis[],
  target: BulkTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  const plan = planChunks(axes, info.chunk!);
  const { fetcher, cache } = engine.source(info.file);
  const decoder = new ChunkDecoder(engine, info, path, info.direct!);
  const take = (chunk: StoredChunk, fill: (pointer: number) => void): void => {
    const pieces = piecesAt(plan, chunk.index);
    const packed = decoder.decode(chunk, pieces, fill);
    const counts = pieces.map((piece) => piece.count);
    scatterBytes(packed, counts, target.bytes, target.shape, pieces.map((piece) => piece.place), info.fileItemsize);
  };
  const chunkBytes = sizeOf(info.chunk!) * info.fileItemsize;
  const due = (calls: number) => pace.start(calls, chunkBytes, signal);
  engine.handles.hold(info);
  try {
    for (let from = 0; from < plan.chunks; from += BATCH) {
      const to = Math.min(plan.chunks, from + BATCH);
      const { stored, missing } = await locateChunks(engine, info, path, plan, from, to, signal);
      if (target.isUsed || (info.fill.applies && fillBytes(info) !== undefined)) {
        for (const index of missing) {
          const turn = due(0);
          if (turn !== undefined) await turn;
          fillBox(info, piecesAt(plan, index), target);
        }
      }
      if (fetcher.isSync) {
        for (const chunk of stored) {
          const turn = due(1);
          if (turn !== undefined) await turn;
          take(chunk, (pointer) => {
            fetcher.readIntoSync(chunk.offset, engine.instance.bytes.subarray(pointer, pointer + chunk.length));
          });
        }
      } else {
        const keep = engine.chunks.fits(stored.reduce((sum, chunk) => sum + chunk.length, 0));
        const wanted: StoredChunk[] = [];
        for (const chunk of stored) {
          const kept = engine.chunks.get(info.file, chunk.offset);
          if (kept === undefined) wanted.push(chunk);
          else {
            const turn = due(1);
            if (turn !== undefined) await turn;
            take(chunk, (pointer) => engine.instance.bytes.set(kept, pointer));
          }
        }
        for await (const { range: chunk, bytes } of cache.stream(wanted, { signal })) {
          const turn = due(1);
          if (turn !== undefined) await turn;
          take(chunk, (pointer) => engine.instance.bytes.set(bytes, pointer));
          if (keep) engine.chunks.keep(info.file, chunk.offset, bytes);
        }
      }
    }
  } finally {
    engine.handles.release(info);
    decoder.end();
  }
}
