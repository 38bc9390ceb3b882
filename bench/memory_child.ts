/**
 * Opens or reads one file in a fresh process and prints, as JSON, the time it took and the memory.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";

const ROWS = 1000;

/** Resident bytes now, and the most so far where the system tells (Linux). */
function resident(): { now: number; peak: number } {
  const now = process.memoryUsage().rss;
  if (!existsSync("/proc/self/status")) return { now, peak: now };
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  return { now, peak: line === null ? now : Number(line[1]) * 1024 };
}

async function withMicrotome(what: string, path: string, dataset: string): Promise<{ opened: number; wasm: number }> {
  const { open, slice } = await import("../mod.ts");
  const start = performance.now();
  const file = await open(path);
  const opened = performance.now() - start;
  if (what !== "open") {
    const series = await file.dataset(dataset);
    const rows = series.shape[0]! / (what === "part" ? 10 : 1);
    for (let row = 0; row + ROWS < rows; row += ROWS) await series.read([slice(row, row + ROWS)]);
  }
  return { opened, wasm: file.memoryBytes };
}

async function withH5wasm(what: string, path: string, dataset: string): Promise<{ opened: number; wasm: number }> {
  const start = performance.now();
  const { default: h5wasm, Dataset } = await import("npm:h5wasm@0.10.3/node");
  const module = await h5wasm.ready;
  const file = new h5wasm.File(path, "r");
  const opened = performance.now() - start;
  const series = file.get(dataset);
  if (what !== "open" && series instanceof Dataset) {
    const [rows, width] = series.shape as [number, number];
    for (let row = 0; row + ROWS < rows; row += ROWS) series.slice([[row, row + ROWS], [0, width]]);
  }
  return { opened, wasm: (module as unknown as { HEAPU8: Uint8Array }).HEAPU8.buffer.byteLength };
}

if (import.meta.main) {
  const [what, peer, path, dataset] = process.argv.slice(2) as [string, string, string, string];
  const before = resident().now;
  const { opened, wasm } = await (peer === "h5wasm" ? withH5wasm : withMicrotome)(what, path, dataset);
  const after = resident();
  console.log(JSON.stringify({ milliseconds: opened, grown: after.now - before, peak: after.peak - before, wasm }));
}
