/**
 * Writing local files, by `node:fs`, which Node, Deno and Bun all have. Loaded only where a path is written.
 *
 * @module
 */

import { NotFoundError, TruncatedError, WriteError } from "../errors.ts";
import { builtinModule } from "../local/file_node.ts";
import { partPath, type PartProcess, removeAtEnd, removeStale } from "../local/part_files_node.ts";
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
  ): { readonly mode: number; readonly mtimeMs: number; isFile(): boolean; isDirectory(): boolean } | undefined;
  readdirSync(path: string): string[];
  lstatSync(path: string, options: { throwIfNoEntry: false }): { isSymbolicLink(): boolean } | undefined;
  readlinkSync(path: string): string;
  realpathSync(path: string): string;
  chmodSync(path: string, mode: number): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
}

/** What is used of `node:path`. */
interface Paths {
  readonly sep: string;
  dirname(path: string): string;
  basename(path: string): string;
  resolve(...paths: string[]): string;
}

/** Links that lead on to links; systems allow about as many. */
const MAX_LINKS = 40;

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
 * @throws {WriteError} If it can't be: no such folder, no permission, a directory or a file in its way, links in a circle, a
 * name that is too long or none
 */
// deno-lint-ignore require-await -- throws as a rejection
export async function createFile(path: string | URL, options: CreateFileOptions = {}): Promise<ByteSink> {
  const name = String(path);
  const fs = builtinModule<FileSystem>("node:fs", name);
  const paths = builtinModule<Paths>("node:path", name);
  const process = builtinModule<PartProcess>("node:process", name);
  const { hostname } = builtinModule<{ hostname(): string }>("node:os", name);
  const asked = path instanceof URL
    ? attempt(name, () => builtinModule<{ fileURLToPath(url: URL): string }>("node:url", name).fileURLToPath(path), NEW)
    : path;
  if (asked === "") throw new WriteError("Cannot write to an empty path", { file: name });
  if (asked.includes("\0")) {
    throw new WriteError(`Cannot write ${JSON.stringify(name)}: no file name has the character NUL in it`, {
      file: name,
    });
  }
  const there = attempt(name, () => fs.statSync(asked, { throwIfNoEntry: false }), NEW);
  if (there !== undefined && !there.isFile()) {
    throw new WriteError(
      `Cannot write ${JSON.stringify(name)}: it is ${there.isDirectory() ? "a directory" : "no regular file"}`,
      { file: name },
    );
  }
  if (there !== undefined && options.overwrite === false) {
    throw new WriteError(`Cannot write ${JSON.stringify(name)}: it is there already`, { file: name });
  }
  // Through a symbolic link the file is written that it leads to, also where that isn't there yet: the link stays.
  const target = attempt(name, () => there === undefined ? endOf(fs, paths, asked) : fs.realpathSync(asked), NEW);
  if (/[\\/]$/.test(target)) {
    throw new WriteError(`Cannot write ${JSON.stringify(name)}: it is the name of a directory`, { file: name });
  }
  const base = paths.basename(target);
  const { path: part, name: partName } = partPath(target.slice(0, -base.length), base, hostname(), process.pid);
  removeStale(fs, process, partName);
  const file = attempt(name, () => fs.openSync(part, "wx+"), NEW);
  const remove = () => {
    try {
      fs.unlinkSync(part);
    } catch {
      // Gone already.
    }
  };
  const keep = removeAtEnd(process, remove);
  return fileSink(fs, file, name, {
    commit() {
      if (options.overwrite === false && fs.statSync(target, { throwIfNoEntry: false }) !== undefined) {
        throw new WriteError(`Cannot write ${JSON.stringify(name)}: it came to be meanwhile`, { file: name });
      }
      if (there !== undefined) fs.chmodSync(part, there.mode & 0o7777);
      fs.renameSync(part, target);
      keep();
    },
    abandon() {
      keep();
      remove();
    },
  });
}

/** Where a path leads that isn't there: itself, or what its symbolic links name. */
function endOf(fs: FileSystem, paths: Paths, path: string): string {
  let at = path;
  for (let links = 0; fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true; links++) {
    if (links === MAX_LINKS) throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
    at = paths.resolve(paths.dirname(at), fs.readlinkSync(at));
  }
  return at;
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

/** What is being done: making a file, or going on with one that is there. */
const NEW = "new";

/** What codes of the file system mean. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a file stands where a folder should",
  EISDIR: "it is a directory",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "it may not be written: the file system is only for reading",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk space that is allowed is used up",
  ERR_INVALID_ARG_VALUE: "it is no file name",
  ERR_INVALID_FILE_URL_PATH: "it is no file name",
  ERR_INVALID_FILE_URL_HOST: "it names another host",
};

/** Runs a call into the file system; its failure becomes an error of ours. */
function attempt<T>(name: string, run: () => T, making?: typeof NEW): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof WriteError) throw cause;
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const what = `Cannot write ${JSON.stringify(name)}`;
    if (code === "ENOENT" && making === undefined) {
      throw new NotFoundError(`${what}: there is no such file or folder`, { file: name, cause });
    }
    const reason = typeof code === "string" ? REASONS[code] : undefined;
    throw new WriteError(
      `${what}: ${reason === undefined ? String(message ?? cause) : `${reason} (${String(code)})`}`,
      {
        file: name,
        cause,
      },
    );
  }
}
