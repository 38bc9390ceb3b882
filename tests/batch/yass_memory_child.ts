/**
 * Processes a sparse file of some GiB and prints, as JSON, how much more memory the process has had meanwhile than before:
 * `deno run -A tests/batch/yass_memory_child.ts JOB GIBIBYTES`, where JOB is `iterate`, `function` or `transform`.
 *
 * @module
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { BatchProcessor } from "../../src/batch/mod.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";

const CHANNELS = 64;

/** The most bytes that the process has had so far (Linux), else what it has now. */
function memory(field: "VmHWM" | "VmRSS"): number {
  try {
    const line = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"));
    if (line !== null) return Number(line[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return process.memoryUsage().rss;
}

/** A sparse file: all zeros, without room on the disk. */
function sparse(path: string, bytes: number): void {
  const file = openSync(path, "w");
  ftruncateSync(file, bytes);
  closeSync(file);
}

const JOBS: Readonly<Record<string, (processor: BatchProcessor, folder: string) => Promise<number>>> = {
  async iterate(processor) {
    let batches = 0;
    for await (const [data] of processor.multiChannel()) batches += data.data.length > 0 ? 1 : 0;
    return batches;
  },
  // What the count takes a function to do: a float64 copy, and a result in float64.
  async function(processor) {
    const work = (batch: NDArray<NumericData>) => {
      const copy = Float64Array.from(batch.data as Int16Array);
      return { ...batch, data: copy.map((value) => value + 1), dtype: FLOAT64 };
    };
    const sums = await processor.multiChannelApply(work, {
      mode: "memory",
      castDtype: "int16",
      cleanupFunction: () => 0 as never,
    });
    return sums.length;
  },
  async transform(processor) {
    const task = { name: "bandpass", options: { samplingRate: 30_000, low: 300, high: 6000, causal: true } };
    const results = await processor.multiChannelApply(task, {
      mode: "memory",
      castDtype: "int16",
      cleanupFunction: () => 0 as never,
    });
    return results.length;
  },
};

const FLOAT64 = { kind: "float", itemsize: 8, byteOrder: "<" } as const;

if (import.meta.main) {
  const [job = "iterate", gibibytes = "4"] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), "microtome-yass-memory-"));
  try {
    const path = join(folder, "sparse.bin");
    sparse(path, Number(gibibytes) * 2 ** 30);
    const options = { dtype: "int16", nChannels: CHANNELS, dataOrder: "samples", maxMemory: "256MB" } as const;
    await using processor = await BatchProcessor.open(path, options);
    // What is compiled and loaded isn't of the data.
    await processor.multiChannelApply((batch) => batch.data[0], { mode: "memory", toTime: 1000 });
    const before = memory("VmRSS");
    const start = performance.now();
    const batches = await JOBS[job]!(processor, folder);
    console.log(
      JSON.stringify({ batches, more: memory("VmHWM") - before, milliseconds: performance.now() - start }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
