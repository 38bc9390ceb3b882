/**
 * The files of a folder, by `node:fs`, which Node, Deno and Bun all have. No path that comes of here lies outside.
 *
 * @module
 */

import {
  CorruptFileError,
  LimitError,
  NotFoundError,
  SourceError,
  WriteError,
  WrongKindError,
} from "../../source/errors.ts";
import { createFile } from "../../source/sink/file_sink_node.ts";
import { builtinModule } from "../../source/local/file_node.ts";

/** What is used of `node:fs/promises`. */
interface FileSystem {
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<FileState>;
  lstat(path: string): Promise<FileState>;
  readFile(path: string): Promise<Uint8Array>;
}

interface FileState {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What is used of `node:path`. */
interface Paths {
  readonly sep: string;
  join(...parts: string[]): string;
  basename(path: string): string;
}

/** A file or folder in a folder. */
export interface ListedEntry {
  /** Its name. */
  readonly name: string;
  /** What it is, or what the link leads to. */
  readonly kind: "file" | "folder";
  /** Where it really is. */
  readonly real: string;
}

/** Names of a folder's entries, and which were left out since they are links that lead out of it, or can't be read. */
export interface Listing {
  readonly entries: readonly ListedEntry[];
  readonly left: readonly string[];
}

/** A folder of the file system, and all that lies in it. Places in it are lists of names. */
export interface FolderDisk {
  /** The folder's real path. */
  readonly root: string;
  /** The folder's own name. */
  readonly name: string;
  /** What is in a folder, sorted by name, without hidden entries. */
  list(place: readonly string[]): Promise<Listing>;
  /** The real path of a file or folder. @throws {WrongKindError} If it lies outside. @throws {NotFoundError} If it is gone. */
  find(place: readonly string[]): Promise<string>;
  /** A text of up to 1 MiB, `null` where there is none. */
  readText(place: readonly string[]): Promise<string | null>;
  /** A path that can be written. @throws {WriteError} If there is a link that leads outside. */
  target(place: readonly string[]): Promise<string>;
  /** Writes a text, at once and whole. */
  writeText(place: readonly string[], text: string): Promise<void>;
}

/** The longest text that is read. */
const LONGEST = 2 ** 20;

/**
 * Opens a folder of the file system.
 *
 * @param path Path, or URL with the scheme `file`
 * @throws {NotFoundError} If there is none
 * @throws {WrongKindError} If it is no folder
 * @throws {UnsupportedError} If this runtime has no files
 */
export async function openDisk(path: string | URL): Promise<FolderDisk> {
  const given = String(path);
  const fs = builtinModule<FileSystem>("node:fs/promises", given);
  const paths = builtinModule<Paths>("node:path", given);
  const isUrl = path instanceof URL || given.startsWith("file:");
  const asked = isUrl
    ? builtinModule<{ fileURLToPath(url: URL | string): string }>("node:url", given).fileURLToPath(path)
    : given;
  const root = await attempt(given, () => fs.realpath(asked));
  if (!(await fs.stat(root)).isDirectory()) {
    throw new WrongKindError(`Cannot open the folder ${JSON.stringify(given)}: it is a file`, { file: given });
  }
  const isInside = (real: string) =>
    real === root || real.startsWith(root.endsWith(paths.sep) ? root : root + paths.sep);

  const find = async (place: readonly string[]): Promise<string> => {
    const asked = paths.join(root, ...place);
    const real = await attempt(asked, () => fs.realpath(asked));
    if (isInside(real)) return real;
    throw new WrongKindError(`Cannot open ${JSON.stringify(asked)}: the link leads out of the folder`, { file: asked });
  };

  const target = async (place: readonly string[]): Promise<string> => {
    const asked = paths.join(await find(place.slice(0, -1)), place.at(-1)!);
    const isLink = await fs.lstat(asked).then((state) => state.isSymbolicLink(), () => false);
    // What is written to a link goes where it leads, so one that leads nowhere yet may lead out as well.
    const real = isLink ? await fs.realpath(asked).catch(() => null) : asked;
    if (real !== null && isInside(real)) return asked;
    const where = real === null ? "nowhere" : "out of the folder";
    throw new WriteError(`Cannot write ${JSON.stringify(asked)}: the link leads ${where}`, { file: asked });
  };

  return {
    root,
    name: paths.basename(root),
    find,
    target,
    async list(place) {
      const folder = await find(place);
      const names = (await attempt(folder, () => fs.readdir(folder))).filter((name) => !name.startsWith("."));
      const entries: ListedEntry[] = [];
      const left: string[] = [];
      for (const name of names.sort()) {
        try {
          const real = await find([...place, name]);
          const state = await fs.stat(real);
          if (state.isFile() || state.isDirectory()) {
            entries.push({ name, real, kind: state.isFile() ? "file" : "folder" });
          }
        } catch (error) {
          left.push(`${JSON.stringify(name)} is left out: ${(error as Error).message}`);
        }
      }
      return { entries, left };
    },
    async readText(place) {
      const file = await find(place).catch((error) => {
        if (error instanceof NotFoundError) return null;
        throw error;
      });
      if (file === null) return null;
      const state = await fs.stat(file);
      if (!state.isFile()) {
        throw new WrongKindError(`Cannot read ${JSON.stringify(file)}: it is no regular file`, { file });
      }
      if (state.size > LONGEST) {
        throw new LimitError(`Cannot read ${JSON.stringify(file)}: it has ${state.size} bytes, more than ${LONGEST}`, {
          file,
        });
      }
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(await attempt(file, () => fs.readFile(file)));
      } catch (cause) {
        if (cause instanceof SourceError) throw cause;
        throw new CorruptFileError(`Cannot read ${JSON.stringify(file)}: it is no text in UTF-8`, { file, cause });
      }
    },
    async writeText(place, text) {
      const sink = await createFile(await target(place));
      try {
        sink.writeSync(0, new TextEncoder().encode(text));
        await sink.commit();
      } catch (error) {
        await sink.abandon();
        throw error;
      }
    },
  };
}

async function attempt<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const what = `Cannot open ${JSON.stringify(path)}`;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new NotFoundError(`${what}: there is no such file or folder`, { file: path, cause });
    }
    throw new SourceError(`${what}: ${message ?? cause}`, { file: path, cause });
  }
}
