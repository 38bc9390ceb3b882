/**
 * Streams blocks that are made on the fly into a file and prints, as JSON, the most memory that the process has had:
 * `deno run -A tests/hdf5/write_memory_child.ts [MEBIBYTES [PATH]]`.
 *
 * @module
 */
import { readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ndarray } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { ChunkSource } from "../../src/array/types.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { create } from "../../src/hdf5/write/create.ts";

const CHANNELS = 64;
/** Rows of a block: 8 MiB. */
const ROWS = 65_536;

/** The most bytes that the process has had so far (Linux), else what it has now. */
function peak(): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    if (line !== null) return Number(line[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return process.memoryUsage().rss;
}

function source(blocks: number): ChunkSource {
  return {
    dtype: dtypeFromNumpy("<i2"),
    maxShape: [null, CHANNELS],
    chunkShape: [8192, CHANNELS],
    dataShape: [ROWS, CHANNELS],
    async *[Symbol.asyncIterator]() {
      for (let i = 0; i < blocks; i++) {
        const data = new Int16Array(ROWS * CHANNELS).fill(i);
        yield {
          data: ndarray(data, [ROWS, CHANNELS]),
          selection: [slice(i * ROWS, (i + 1) * ROWS), slice(0, CHANNELS)],
        };
      }
    },
  };
}

if (import.meta.main) {
  const mebibytes = Number(process.argv[2] ?? 2048);
  const path = process.argv[3] ?? join(tmpdir(), `microtome-memory-${process.pid}.h5`);
  const start = performance.now();
  const file = await create(path);
  const made = await file.write("data", source(mebibytes / 8), { compression: 1, shuffle: true });
  const { shape } = made;
  const wasm = file.memoryBytes;
  await file.close();
  const bytes = statSync(path).size;
  rmSync(path);
  console.log(JSON.stringify({ shape, milliseconds: performance.now() - start, peak: peak(), wasm, bytes }));
}
