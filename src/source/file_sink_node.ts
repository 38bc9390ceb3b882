/**
 * Writing local files, by `node:fs`, which Node, Deno and Bun all have. Loaded only where a path is written.
 *
 * @module
 */

import { NotFoundError, TruncatedError, WriteError } from "./errors.ts";
import { builtinModule } from "./file_node.ts";
import type { ByteSink } from "./sink.ts";

/** What is used of `node:fs`. */
interface FileSystem {
  openSync(path: string | URL, flags: "wx+" | "r+"): number;
  closeSync(file: number): void;
  readSync(file: number, target: Uint8Array, start: number, length: number, position: number): number;
  writeSync(file: number, data: Uint8Array, start: number, length: number, position: number): number;
  ftruncateSync(file: number, length: number): void;
  fsyncSync(file: number): void;
  fstatSync(file: number): { readonly size: number; isFile(): boolean };
  statSync(
    path: string,
    options: { throwIfNoEntry: false },
  ): { readonly mode: number; isFile(): boolean; isDirectory(): boolean } | undefined;
  realpathSync(path: string): string;
  chmodSync(path: string, mode: number): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
}

/** What is used of `node:process`. */
interface Process {
  readonly pid: number;
  once(event: "exit", listener: () => void): void;
  off(event: "exit", listener: () => void): void;
}

/** Options of {@linkcode createFile}. */
export interface CreateFileOptions {
  /**
   * Whether a file that is there already is replaced (on {@linkcode ByteSink.commit}, whole) or is an error.
   *
   * @default {true}
   */
  readonly overwrite?: boolean | undefined;
}

/**
 * Makes a sink whose bytes are written beside a path, and moved into its place on `commit`. Until then, and where it is
 * abandoned or the process ends, the path is as it was.
 *
 * @param path Path, or URL with the scheme `file`
 * @param options Whether an old file may be replaced
 * @returns The sink
 * @throws {WriteError} If there is no such folder, it may not be written, or the path is a directory
 */
// deno-lint-ignore require-await -- throws as a rejection
export async function createFile(path: string | URL, options: CreateFileOptions = {}): Promise<ByteSink> {
  const fs = builtinModule<FileSystem>("node:fs", String(path));
  const process = builtinModule<Process>("node:process", String(path));
  const name = String(path);
  const asked = path instanceof URL
    ? builtinModule<{ fileURLToPath(url: URL): string }>("node:url", name).fileURLToPath(path)
    : path;
  const there = fs.statSync(asked, { throwIfNoEntry: false });
  if (asked === "") throw new WriteError("Cannot write to an empty path");
  if (there !== undefined && !there.isFile()) {
    throw new WriteError(
      `Cannot write ${JSON.stringify(name)}: it is ${there.isDirectory() ? "a directory" : "no regular file"}`,
      { file: name },
    );
  }
  if (there !== undefined && options.overwrite === false) {
    throw new WriteError(`Cannot write ${JSON.stringify(name)}: it is there already`, { file: name });
  }
  // Through a symbolic link the file is replaced that it leads to, not the link.
  const target = there === undefined ? asked : fs.realpathSync(asked);
  const random = crypto.getRandomValues(new Uint32Array(2));
  const part = `${target}.${process.pid}-${[...random].map((word) => word.toString(36)).join("")}.part`;
  const file = attempt(name, () => fs.openSync(part, "wx+"));
  const remove = () => {
    try {
      fs.unlinkSync(part);
    } catch {
      // Gone already.
    }
  };
  process.once("exit", remove);
  return fileSink(fs, file, name, {
    commit() {
      if (options.overwrite === false && fs.statSync(target, { throwIfNoEntry: false }) !== undefined) {
        throw new WriteError(`Cannot write ${JSON.stringify(name)}: it came to be meanwhile`, { file: name });
      }
      if (there !== undefined) fs.chmodSync(part, there.mode & 0o7777);
      fs.renameSync(part, target);
      process.off("exit", remove);
    },
    abandon() {
      process.off("exit", remove);
      remove();
    },
  });
}

/**
 * Makes a sink that changes a file where it is: what is written is there at once, and `abandon` can't take it back.
 *
 * @param path Path, or URL with the scheme `file`
 * @returns The sink; its `byteLength` is the file's
 * @throws {NotFoundError} If there is no such file
 * @throws {WriteError} If it may not be written
 */
// deno-lint-ignore require-await -- throws as a rejection
export async function changeFile(path: string | URL): Promise<ByteSink> {
  const name = String(path);
  const fs = builtinModule<FileSystem>("node:fs", name);
  const file = attempt(name, () => fs.openSync(path, "r+"));
  if (!fs.fstatSync(file).isFile()) {
    fs.closeSync(file);
    throw new WriteError(`Cannot write ${JSON.stringify(name)}: it is no regular file`, { file: name });
  }
  return fileSink(fs, file, name, { commit() {}, abandon() {} });
}

/** What becomes of the file once it is closed. */
interface Ending {
  commit(): void;
  abandon(): void;
}

function fileSink(fs: FileSystem, file: number, name: string, ending: Ending): ByteSink {
  let byteLength = fs.fstatSync(file).size;
  let open = true;

  const checkOpen = () => {
    if (!open) throw new WriteError(`Cannot write to ${name}: it was closed`, { file: name });
  };
  const close = () => {
    open = false;
    fs.closeSync(file);
  };

  return {
    name,
    get byteLength() {
      return byteLength;
    },
    writeSync(offset, data) {
      checkOpen();
      for (let done = 0; done < data.length;) {
        done += attempt(name, () => fs.writeSync(file, data, done, data.length - done, offset + done));
      }
      byteLength = Math.max(byteLength, offset + data.length);
    },
    readIntoSync(offset, target) {
      checkOpen();
      for (let done = 0; done < target.length;) {
        const count = attempt(name, () => fs.readSync(file, target, done, target.length - done, offset + done));
        if (count === 0) {
          throw new TruncatedError(
            `Cannot read bytes ${offset} to ${offset + target.length} of ${name}: it has ${byteLength}`,
            { file: name },
          );
        }
        done += count;
      }
    },
    truncateSync(length) {
      checkOpen();
      attempt(name, () => fs.ftruncateSync(file, length));
      byteLength = length;
    },
    flushSync() {
      checkOpen();
      attempt(name, () => fs.fsyncSync(file));
    },
    // deno-lint-ignore require-await -- throws as a rejection
    async commit() {
      checkOpen();
      try {
        attempt(name, () => fs.fsyncSync(file));
        close();
        attempt(name, () => ending.commit());
      } catch (error) {
        if (open) close();
        ending.abandon();
        throw error;
      }
    },
    // deno-lint-ignore require-await -- as commit has it
    async abandon() {
      if (!open) return;
      close();
      ending.abandon();
    },
  };
}

/** Runs a call into the file system; its failure becomes an error of ours. */
function attempt<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof WriteError) throw cause;
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const what = `Cannot write ${JSON.stringify(name)}`;
    if (code === "ENOENT") throw new NotFoundError(`${what}: there is no such file or folder`, { file: name, cause });
    if (code === "ENOSPC") throw new WriteError(`${what}: the disk is full`, { file: name, cause });
    throw new WriteError(`${what}: ${message ?? cause}`, { file: name, cause });
  }
}
