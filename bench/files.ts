/**
 * The files that the benchmarks read: made once, in a folder that git ignores.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the files. */
export const FOLDER: string = fileURLToPath(new URL("./.cache/", import.meta.url));
/** Path of the series in each. */
export const SERIES = "acquisition/ElectricalSeries/data";

/** Names of the files. */
export type FileName = "int16" | "int16quiet" | "float64" | "groups" | "chunks100k" | "chunks1m";

/** What the indices of a file say. */
export interface FileFacts {
  /** Levels of the deepest group's B-tree. */
  readonly groupLevels?: number;
  /** Nodes of the chunk index that the cold slice has to read one after the other beyond the first 64 KiB. */
  readonly indexReads?: number;
  /** How many chunks there are. */
  readonly chunks?: number;
  /** Bytes of each on disk; one only where all are equal. */
  readonly sizes?: readonly number[];
}

/** Path of a file. */
export function pathOf(name: FileName): string {
  return `${FOLDER}${name}.h5`;
}

/** Size of a file, in bytes. */
export function bytesOf(path: string): number {
  return statSync(path).size;
}

/**
 * Makes those files that are not there yet: with Python where there is one, else with h5wasm.
 *
 * @param names Which files.
 * @param python The interpreter, or `null`.
 */
export async function makeFiles(names: readonly FileName[], python: string | null): Promise<void> {
  const missing = names.filter((name) => !existsSync(pathOf(name)));
  if (missing.length === 0) return;
  mkdirSync(FOLDER, { recursive: true });
  if (python !== null) {
    const script = fileURLToPath(new URL("./make_files.py", import.meta.url));
    execFileSync(python, [script, FOLDER, ...missing], { stdio: ["ignore", "ignore", "inherit"] });
  } else {
    const { makeWithH5wasm } = await import("./make_files_h5wasm.ts");
    for (const name of missing) await makeWithH5wasm(name, pathOf(name));
  }
}

/**
 * What is known about the indices of a file; nothing where h5wasm made it, since it can't list chunks.
 *
 * @param name The file.
 */
export function factsOf(name: FileName): FileFacts {
  const path = `${FOLDER}facts.json`;
  if (!existsSync(path)) return {};
  return (JSON.parse(readFileSync(path, "utf8")) as Partial<Record<FileName, FileFacts>>)[name] ?? {};
}
