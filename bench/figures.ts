/**
 * Rows of single figures: sizes, start-up, memory.
 *
 * @module
 */
import { build } from "../tests/support/tools/esbuild.ts";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { open } from "../mod.ts";
import { pathOf, SERIES } from "./files.ts";
import { spread } from "./measure.ts";
import type { FigureRow, Goal } from "./types.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Sizes of what is shipped.
 */
export async function sizes(): Promise<FigureRow[]> {
  const hdf5 = zipped("hdf5.wasm");
  const reader = zipped("reader.wasm");
  const reading = await bundled({ contents: `export { open, slice } from "./mod.ts";` });
  const whole = await bundled(fileURLToPath(new URL("../mod.ts", import.meta.url)));
  const h5wasm = await bundled(fileURLToPath(import.meta.resolve("npm:h5wasm@0.10.3")));
  return [{
    kind: "figure",
    id: "size-wasm",
    title: "hdf5.wasm, all codecs, gzipped",
    results: { microtome: kib(hdf5), h5wasm: "in its bundle; codecs are separate" },
    goals: [goal("800 KiB", hdf5 <= 800 * KIB, kib(hdf5))],
  }, {
    kind: "figure",
    id: "size-reader",
    title: "reader.wasm, gzipped",
    results: { microtome: kib(reader) },
    goals: [goal("40 KiB", reader <= 40 * KIB, kib(reader))],
  }, {
    kind: "figure",
    id: "size-js",
    title: "JavaScript, minified, gzipped",
    results: {
      microtome: `${kib(reading)} for what opens HDF5 and slices it; ${kib(whole)} for all of mod.ts`,
      h5wasm: `${kib(h5wasm)} with its module`,
    },
    goals: [
      goal("60 KiB to open and slice", reading <= 60 * KIB, kib(reading)),
      goal("60 KiB in all", whole <= 60 * KIB, kib(whole)),
    ],
  }];
}

/** Bytes of a module of wasm/dist, gzipped. */
function zipped(file: string): number {
  return gzipSync(readFileSync(new URL(`../wasm/dist/${file}`, import.meta.url)), { level: 9 }).length;
}

/** Bytes of an entry point with all it imports, minified and gzipped. */
async function bundled(entry: string | { readonly contents: string }): Promise<number> {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const { outputFiles } = await build({
    ...(typeof entry === "string"
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.contents, resolveDir: folder, loader: "ts" as const } }),
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    external: ["node:*", "*.wasm", "@std/yaml"],
    absWorkingDir: folder,
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

/**
 * Time and memory of opening a file.
 *
 * @param repeats How often.
 */
export async function opening(repeats: number): Promise<FigureRow[]> {
  const times: number[] = [];
  let memory = 0;
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    const file = await open(pathOf("int16"));
    if (i > 0) times.push(performance.now() - start);
    memory = file.memoryBytes;
    await file.close();
  }
  const first = Array.from({ length: 3 }, () => child("open", "microtome"));
  const fresh = spread(first.map(({ milliseconds }) => milliseconds));
  const rss = spread(first.map(({ grown }) => grown)).median;
  const other = child("open", "h5wasm");
  const { median } = spread(times);
  return [{
    kind: "figure",
    id: "start-up",
    title: "module compiled to file open",
    results: {
      microtome: `${median.toFixed(1)} ms; ${fresh.median.toFixed(0)} ms in a fresh process, compiling included`,
      h5wasm: `${other.milliseconds.toFixed(0)} ms in a fresh process`,
    },
    goals: [goal("60 ms", median <= 60, `${median.toFixed(1)} ms`)],
  }, {
    kind: "figure",
    id: "memory-open",
    title: "memory after opening",
    results: {
      microtome: `${mib(memory)} in wasm; process grown by ${mib(rss)}`,
      h5wasm: `${mib(other.wasm)} in wasm; process grown by ${mib(other.grown)}`,
    },
    goals: [goal("8 MB", memory <= 8e6, `${mib(memory)} in wasm`)],
  }];
}

/** Peak memory of reading all of a file in slices: small file, large file. */
export function peak(): FigureRow[] {
  const large = child("slices", "microtome");
  const part = child("part", "microtome");
  const other = child("slices", "h5wasm");
  const more = large.peak - part.peak;
  return [{
    kind: "figure",
    id: "memory-peak",
    title: "peak memory, 1,000-row slices over all of a 42 MB file",
    results: {
      microtome: `process grown by ${mib(large.peak)}, wasm ${mib(large.wasm)}; over a tenth of it ${mib(part.peak)}`,
      h5wasm: `process grown by ${mib(other.peak)}, wasm ${mib(other.wasm)}`,
    },
    goals: [
      goal("set by slice and cache, not by the file", more < 40 * MIB, `${mib(more)} more for ten times the file`),
    ],
  }];
}

interface ChildResult {
  readonly milliseconds: number;
  /** Bytes that the process has grown by. */
  readonly grown: number;
  /** The most that it ever had grown by. */
  readonly peak: number;
  readonly wasm: number;
}

/** Runs `memory_child.ts` in a fresh process. */
function child(what: "open" | "slices" | "part", peer: string): ChildResult {
  const script = fileURLToPath(new URL("./memory_child.ts", import.meta.url));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const args = ["run", "-A", script, what, peer, pathOf("int16"), SERIES];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", cwd: root })) as ChildResult;
}

function goal(text: string, met: boolean, reached: string): Goal {
  return { text, met, reached };
}

function kib(bytes: number): string {
  return `${(bytes / KIB).toFixed(0)} KiB`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
