/**
 * The files that the range server serves: in memory and in folders.
 *
 * @module
 */

import { createReadStream, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file in memory. */
export interface MemoryFile {
  bytes: Uint8Array;
  etag?: string;
  lastModified?: string;
}

/** A file as the server sees it. */
export interface ServedFile {
  readonly size: number;
  readonly etag: string;
  readonly lastModified: string;
  /** Sends bytes `start` up to, not including, `end`. */
  bytes(start: number, end: number): Promise<Uint8Array>;
}

const EPOCH = "Thu, 01 Jan 2026 00:00:00 GMT";

/** A file in memory, as it is served. */
export function memoryFile({ bytes, etag, lastModified }: MemoryFile): ServedFile {
  return {
    size: bytes.length,
    etag: etag ?? `"${bytes.length}"`,
    lastModified: lastModified ?? EPOCH,
    bytes: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}

/** The path of a folder, links followed. */
export function folderOf(folder: string | URL): string {
  return realpathSync(folder instanceof URL || folder.startsWith("file:") ? fileURLToPath(folder) : folder);
}

/** A file of a folder; nothing outside it, not through links either. */
export function diskFile(folder: string, path: string): ServedFile | undefined {
  let file: string;
  try {
    file = realpathSync(resolve(folder, `./${path}`));
    if (!file.startsWith(folder + sep)) return undefined;
    const { size, mtime, mtimeMs } = statSync(file);
    if (!statSync(file).isFile()) return undefined;
    return {
      size,
      etag: `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`,
      lastModified: mtime.toUTCString(),
      bytes: (start, end) => readPart(file, start, end),
    };
  } catch {
    return undefined;
  }
}

function readPart(file: string, start: number, end: number): Promise<Uint8Array> {
  if (end === start) return Promise.resolve(new Uint8Array(0));
  return new Promise((resolve, reject) => {
    const target = new Uint8Array(end - start);
    let length = 0;
    createReadStream(file, { start, end: end - 1, highWaterMark: 1 << 20 })
      .on("data", (piece) => {
        target.set(piece as Uint8Array, length);
        length += piece.length;
      })
      .on("error", reject)
      .on("end", () => length === target.length ? resolve(target) : reject(new Error(`${file} is shorter now`)));
  });
}
