/**
 * Where the chunks of a dataset lie: O(log N) each, all that is missing fetched in parallel.
 *
 * @module
 */
import type { Engine } from "../engine/engine.ts";
import type { DatasetInfo } from "../metadata.ts";
import { type ChunkPlan, piecesAt } from "../../array/select/plan_chunks.ts";

/** One chunk that is stored in the file. */
export interface StoredChunk {
  /** Which chunk of the plan. */
  readonly index: number;
  /** First byte in the file. */
  readonly offset: number;
  /** Bytes as stored. */
  readonly length: number;
  /** Bit `i`: filter `i` was left out. */
  readonly mask: number;
}

/** Chunks of a plan: those that are stored, by their place in the file, and those that aren't. */
export interface LocatedChunks {
  readonly stored: StoredChunk[];
  /** Indices in the plan of chunks that hold the fill value. */
  readonly missing: number[];
}

/** `sizeof(mt_chunk_t)`. */
const ENTRY = 24;
const FOUND = 1;

/**
 * Looks up chunks.
 *
 * @param engine The file's engine.
 * @param info The dataset.
 * @param path Its path, for messages.
 * @param plan The plan.
 * @param from First chunk of the plan to look up.
 * @param to Chunk after the last.
 * @param signal Aborts.
 */
export async function locateChunks(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  plan: ChunkPlan,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<LocatedChunks> {
  const rank = plan.axes.length;
  const n = to - from;
  const offsets = new Float64Array(n * rank);
  for (let i = 0; i < n; i++) {
    piecesAt(plan, from + i).forEach((piece, axis) => offsets[i * rank + axis] = piece.chunk * info.chunk![axis]!);
  }
  let { instance } = engine;
  let table = 0;
  const lay = (): void => {
    table = instance.alloc(n * ENTRY + offsets.byteLength);
    instance.bytes.fill(0, table, table + n * ENTRY);
    instance.bytes.set(new Uint8Array(offsets.buffer), table + n * ENTRY);
  };
  try {
    lay();
    await engine.run(
      { action: `look up chunks of dataset "${path}"`, object: path },
      (exports) => {
        // Another call may have cost the instance since the last attempt.
        if (instance !== engine.instance) {
          instance = engine.instance;
          lay();
        }
        return engine.withHandle(
          exports,
          info,
          (handle) => exports.mt_chunk_lookup(handle, n, table + n * ENTRY, table),
        );
      },
      { signal },
    );
    return readTable(new DataView(instance.bytes.buffer, table, n * ENTRY), from, n);
  } finally {
    instance.free(table);
  }
}

function readTable(view: DataView, from: number, n: number): LocatedChunks {
  const stored: StoredChunk[] = [];
  const missing: number[] = [];
  for (let i = 0; i < n; i++) {
    const at = i * ENTRY;
    if (view.getInt32(at + 16, true) !== FOUND) missing.push(from + i);
    else {
      stored.push({
        index: from + i,
        offset: view.getFloat64(at, true),
        length: view.getUint32(at + 8, true),
        mask: view.getUint32(at + 12, true),
      });
    }
  }
  stored.sort((a, b) => a.offset - b.offset);
  return { stored, missing };
}
