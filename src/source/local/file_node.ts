/**
 * A local file, by `node:fs`, which Node, Deno and Bun all have. Loaded only where a path is opened.
 *
 * @module
 */

import {
  ClosedError,
  FileChangedError,
  NotFoundError,
  SourceError,
  UnsupportedError,
  WrongKindError,
} from "../errors.ts";
import { detectRuntime } from "../limits.ts";
import { checkRange, describeRange } from "../range.ts";
import type { ByteRange, ByteSource } from "../types.ts";
import { tryEncodeText } from "../utf8.ts";

/** What is used of `node:fs`; said here so that users need no types of Node's. */
interface FileSystem {
  openSync(path: string | URL | Uint8Array, flags: "r"): number;
  closeSync(file: number): void;
  readSync(file: number, target: Uint8Array, start: number, length: number, position: number): number;
  fstatSync(file: number): FileState;
  statSync(path: string | URL | Uint8Array): FileState;
}

interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** Options of {@linkcode openFile}. */
export interface FileOptions {
  /**
   * How often at most the file is looked at, whether it has changed, in milliseconds. A read that comes out short
   * always looks.
   *
   * @default {100}
   */
  readonly checkInterval?: number | undefined;
  /**
   * Whether the file may change while it is open.
   *
   * @default {false}
   */
  readonly follow?: boolean | undefined;
}

/**
 * Opens a local file.
 *
 * @param path Path, or URL with the scheme `file`
 * @param options How often to look whether it has changed
 * @returns The file, whose bytes are at hand: `readSync` and `readIntoSync` work. Close it
 * @throws {NotFoundError} If there is no such file
 * @throws {WrongKindError} If it is a directory, or no regular file
 * @throws {UnsupportedError} If this runtime has no files
 * @throws {SourceError} If it can't be opened for another reason
 */
// deno-lint-ignore require-await -- throws as a rejection
export async function openFile(path: string | URL, options: FileOptions = {}): Promise<ByteSource> {
  const name = String(path);
  const fs = builtinModule<FileSystem>("node:fs", name);
  const wanted = systemPath(path, name);
  let file: number;
  let opened: FileState;
  try {
    // Looked at before it is opened, since opening a pipe waits for its other end.
    const before = fs.statSync(wanted);
    if (!before.isFile()) {
      const kind = before.isDirectory() ? "a directory" : "no regular file";
      throw new WrongKindError(`Cannot open ${JSON.stringify(name)}: it is ${kind}`, { file: name });
    }
    file = fs.openSync(wanted, "r");
    opened = fs.fstatSync(file);
  } catch (error) {
    throw openingError(name, error);
  }
  return fileSource(fs, file, opened, name, options.follow === true ? Infinity : options.checkInterval ?? 100);
}

/**
 * The path as the system has it: bytes where it isn't UTF-8 and holds lone surrogates for them. Only Node passes bytes on;
 * elsewhere another file would be opened, in whose name U+FFFD stands.
 */
function systemPath(path: string | URL, name: string): string | URL | Uint8Array {
  if (typeof path !== "string" || !/\p{Surrogate}/u.test(path)) return path;
  const bytes = tryEncodeText(path);
  if (bytes !== null && detectRuntime() === "node") return bytes;
  throw new UnsupportedError(
    `Cannot open the path ${
      JSON.stringify(name)
    }: its name isn't UTF-8, and this runtime opens no such path; open its bytes`,
    { file: name },
  );
}

function fileSource(
  fs: FileSystem,
  file: number,
  opened: FileState,
  name: string,
  checkInterval: number,
): ByteSource & Required<Pick<ByteSource, "readSync" | "readIntoSync" | "close">> {
  const byteLength = opened.size;
  let closed = false;
  let checked = performance.now();

  const checkUnchanged = (what: string) => {
    checked = performance.now();
    const { size, mtimeMs } = fs.fstatSync(file);
    // A file that is followed may be written to; only one that has become too short is told of.
    if (checkInterval === Infinity && size >= byteLength) return;
    if (size === byteLength && mtimeMs === opened.mtimeMs) return;
    const how = size === byteLength ? "it has been written to" : `it had ${byteLength} bytes and has ${size}`;
    throw new FileChangedError(`${what}: the file has changed since it was opened, ${how}`, { file: name });
  };

  const readIntoSync = (offset: number, target: Uint8Array): void => {
    const range = { offset, length: target.length };
    const what = `Cannot read ${describeRange(range)} of ${name}`;
    if (closed) throw new ClosedError(`${what}: it was closed`, { file: name });
    checkRange({ name, byteLength }, range);
    for (let done = 0; done < target.length;) {
      let count: number;
      try {
        count = fs.readSync(file, target, done, target.length - done, offset + done);
      } catch (cause) {
        throw new SourceError(`${what}: ${messageOf(cause)}`, { file: name, cause });
      }
      if (count === 0) {
        checkUnchanged(what);
        throw new SourceError(`${what}: the file gives only ${done} of ${target.length} bytes`, { file: name });
      }
      done += count;
    }
    if (performance.now() - checked >= checkInterval) checkUnchanged(what);
  };

  const readSync = (range: ByteRange): Uint8Array => {
    checkRange({ name, byteLength }, range);
    const target = new Uint8Array(range.length);
    readIntoSync(range.offset, target);
    return target;
  };

  return {
    name,
    byteLength,
    readIntoSync,
    readSync,
    // deno-lint-ignore require-await -- throws as a rejection
    async read(range, readOptions) {
      readOptions?.signal?.throwIfAborted();
      return readSync(range);
    },
    close() {
      if (closed) return;
      closed = true;
      fs.closeSync(file);
    },
  };
}

/**
 * Gives one of Node's modules, which Deno and Bun have too.
 *
 * @param module Its name
 * @param path The path that is to be opened, for messages
 * @throws {UnsupportedError} If this runtime has no files
 */
export function builtinModule<T>(module: string, path: string): T {
  const runtime = detectRuntime();
  const what = `Cannot open the path ${JSON.stringify(path)}`;
  if (runtime === "workerd" || runtime === "browser") {
    throw new UnsupportedError(
      `${what}: ${
        runtime === "workerd" ? "Workers have" : "a browser has"
      } no local files; give a URL with http or https, a Blob, or bytes`,
      { file: path },
    );
  }
  // Not imported: bundlers for browsers and Workers look for all that is, also where it never runs.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const found = process?.getBuiltinModule?.(module);
  if (found === undefined) {
    throw new UnsupportedError(`${what}: this runtime has no process.getBuiltinModule (Node has it from 20.16)`, {
      file: path,
    });
  }
  return found as T;
}

function openingError(name: string, error: unknown): Error {
  if (error instanceof WrongKindError) return error;
  const what = `Cannot open ${JSON.stringify(name)}`;
  const code = (error as { code?: unknown } | null)?.code;
  const details = { file: name, cause: error };
  if (code === "ENOENT" || code === "ENOTDIR") return new NotFoundError(`${what}: there is no such file`, details);
  return new SourceError(`${what}: ${messageOf(error)}`, details);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
