/**
 * The world of a process, by `node:` modules, which Deno, Bun and Node all have.
 *
 * @module
 */

import { open, rename, rm } from "node:fs/promises";
import process from "node:process";
import { basename, dirname, join } from "@std/path";
import type { CliIo } from "./io.ts";

/** The process that this runs in. */
export function nodeIo(): CliIo {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort(new Error("Interrupted")));
  // A reader that has seen enough (`| head`) closes the pipe: nothing is left to do, and that is no failure.
  process.stdout.on("error", (error: { code?: string }) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    stdout: (text) => new Promise((resolve, reject) => process.stdout.write(text, (e) => e ? reject(e) : resolve())),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    writeFile: writeWhole,
    signal: interrupted.signal,
  };
}

/**
 * Writes a file beside its place and then moves it there, so that no reader ever sees half of it.
 *
 * @param path Where to
 * @param pieces What it holds
 */
export async function writeWhole(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
  const beside = join(dirname(path), `.${basename(path)}.${random}.tmp`);
  try {
    const file = await open(beside, "wx");
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    if (!isSystemError(cause)) throw cause;
    throw new Error(`Cannot write ${JSON.stringify(path)}: ${REASONS[cause.code] ?? cause.message}`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "there is a folder of that name",
  EACCES: "that isn't permitted",
  EPERM: "that isn't permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "there is no space left",
};

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "string" && "syscall" in error;
}
