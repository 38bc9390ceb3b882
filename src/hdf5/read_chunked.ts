/**
 * The bulk path for chunked datasets: plan the chunks, look them up, fetch in parallel, decode in wasm, scatter.
 *
 * @module
 */
import type { ResolvedAxis } from "../array/types.ts";
import { scatterBytes } from "../array/scatter.ts";
import { locateChunks, type StoredChunk } from "./chunk_lookup.ts";
import type { Engine } from "./engine.ts";
import { fillBox } from "./fill.ts";
import { Gatherer } from "./gather.ts";
import type { DatasetInfo } from "./metadata.ts";
import { type ChunkPlan, piecesAt, planChunks, takesWhole } from "./plan_chunks.ts";
import { Turns } from "./turns.ts";

/** How many chunks are looked up at once: bounds the memory of the table, not of the data. */
const BATCH = 8192;

/** What a bulk read writes to: the packed, C-ordered result in memory layout. */
export interface BulkTarget {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Length of each of the dataset's axes in the result, dropped ones as 1. */
  readonly shape: readonly number[];
}

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
  const decoder = new ChunkDecoder(engine, info, path, plan, target);
  const turns = new Turns(signal);
  engine.handles.hold(info);
  try {
    for (let from = 0; from < plan.chunks; from += BATCH) {
      const to = Math.min(plan.chunks, from + BATCH);
      const { stored, missing } = await locateChunks(engine, info, path, plan, from, to, signal);
      for (const index of missing) fillBox(info, piecesAt(plan, index), target);
      if (fetcher.isSync) {
        for (const chunk of stored) {
          decoder.take(chunk, (pointer) => {
            fetcher.readIntoSync(chunk.offset, engine.instance.bytes.subarray(pointer, pointer + chunk.length));
          });
          if (turns.due(chunk.length)) await turns.pass();
        }
      } else {
        const wanted = stored.filter((chunk) => {
          const kept = engine.chunks.get(info.file, chunk.offset);
          if (kept !== undefined) decoder.take(chunk, (pointer) => engine.instance.bytes.set(kept, pointer));
          return kept === undefined;
        });
        for await (const { range: chunk, bytes } of cache.stream(wanted, { signal })) {
          decoder.take(chunk, (pointer) => engine.instance.bytes.set(bytes, pointer));
          if (!takesWhole(piecesAt(plan, chunk.index), info.chunk!)) engine.chunks.keep(info.file, chunk.offset, bytes);
        }
      }
    }
  } finally {
    engine.handles.release(info);
    decoder.end();
  }
}

/** Decodes chunks and puts what is wanted of them into the target. */
class ChunkDecoder {
  readonly #engine: Engine;
  readonly #info: DatasetInfo;
  readonly #path: string;
  readonly #plan: ChunkPlan;
  readonly #target: BulkTarget;
  readonly #gatherer: Gatherer;
  /** Room in wasm memory for a stored chunk, and its size. */
  #room = 0;
  #roomSize = 0;
  /** Where `mt_chunk_decode` leaves a pointer and a length. */
  readonly #answer: number;

  constructor(engine: Engine, info: DatasetInfo, path: string, plan: ChunkPlan, target: BulkTarget) {
    this.#engine = engine;
    this.#info = info;
    this.#path = path;
    this.#plan = plan;
    this.#target = target;
    this.#gatherer = new Gatherer(engine.instance, info.fileItemsize, info.direct!);
    this.#answer = engine.instance.alloc(8);
  }

  /** Decodes one chunk; `fill` puts its stored bytes at the address that it is given. */
  take(chunk: StoredChunk, fill: (pointer: number) => void): void {
    const { instance } = this.#engine;
    const subject = { action: `decode a chunk of dataset "${this.#path}"`, object: this.#path };
    const source = this.#roomFor(chunk.length);
    fill(source);
    this.#engine.runNow(
      subject,
      (exports) =>
        this.#engine.withHandle(
          exports,
          this.#info,
          (handle) => exports.mt_chunk_decode(handle, source, chunk.length, chunk.mask, this.#answer, this.#answer + 4),
        ),
    );
    const view = new DataView(instance.bytes.buffer);
    const decoded = view.getUint32(this.#answer, true);
    const length = view.getUint32(this.#answer + 4, true);
    const pieces = piecesAt(this.#plan, chunk.index);
    const packed = this.#gatherer.gather(decoded, length, this.#info.chunk!, pieces);
    scatterBytes(
      packed,
      pieces.map((piece) => piece.count),
      this.#target.bytes,
      this.#target.shape,
      pieces.map((piece) => piece.place),
      this.#info.fileItemsize,
    );
  }

  /** Gives back the memory. */
  end(): void {
    const { instance } = this.#engine;
    if (this.#room !== 0) instance.free(this.#room);
    instance.free(this.#answer);
    this.#gatherer.end();
  }

  #roomFor(size: number): number {
    if (size > this.#roomSize || this.#room === 0) {
      const { instance } = this.#engine;
      if (this.#room !== 0) instance.free(this.#room);
      this.#room = 0;
      this.#room = instance.alloc(size);
      this.#roomSize = size;
    }
    return this.#room;
  }
}
