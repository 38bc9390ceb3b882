/**
 * Directories of recordings, by `node:fs`, which Node, Deno and Bun all have.
 *
 * @module
 */

import { NotFoundError, SourceError, WrongKindError } from "../../source/errors.ts";
import { builtinModule } from "../../source/local/file_node.ts";

/** What is used of `node:fs/promises`. */
interface FileSystem {
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<{ isFile(): boolean; isDirectory(): boolean }>;
}

/** What is used of `node:path`. */
interface Paths {
  join(...parts: string[]): string;
}

/** What files of recordings end in. */
const SUFFIX = ".h5";

/**
 * Finds the recordings of a directory: the files `*.h5`, named without that. Hidden files are left out, as are directories in
 * it, unless they are part of an id that is asked for; links are followed.
 *
 * @param directory Path, or URL with the scheme `file`
 * @param recordingIds Which recordings; all by default
 * @returns The path of each, by id, sorted by id
 * @throws {NotFoundError} If there is no such directory, no recording in it, or not each that is asked for
 * @throws {WrongKindError} If it is no directory
 * @throws {TypeError} If an id isn't the name of a file in it
 * @throws {UnsupportedError} If this runtime has no files
 */
export async function findRecordings(
  directory: string | URL,
  recordingIds?: readonly string[],
): Promise<Map<string, string>> {
  const name = String(directory);
  const fs = builtinModule<FileSystem>("node:fs/promises", name);
  const paths = builtinModule<Paths>("node:path", name);
  const folder = directory instanceof URL || /^file:/i.test(name)
    ? builtinModule<{ fileURLToPath(url: string): string }>("node:url", name).fileURLToPath(name)
    : name;
  const isFile = (path: string) => fs.stat(path).then((state) => state.isFile(), () => false);
  await checkDirectory(fs, folder, name);
  const ids = recordingIds ?? (await fs.readdir(folder))
    .filter((file) => file.endsWith(SUFFIX) && !file.startsWith("."))
    .map((file) => file.slice(0, -SUFFIX.length));
  const found = await Promise.all(
    [...new Set(ids)].sort().map(async (id) => {
      checkId(id, name);
      const path = paths.join(folder, ...id.split(/[/\\]/)) + SUFFIX;
      return { id, path, isThere: await isFile(path) };
    }),
  );
  const there = found.filter(({ isThere }) => isThere);
  if (recordingIds === undefined) {
    if (there.length === 0) throw new NotFoundError(`No recordings found at ${name}`, { file: name });
  } else if (there.length < found.length) {
    const missing = found.filter(({ isThere }) => !isThere).map(({ path }) => JSON.stringify(path));
    throw new NotFoundError(`Cannot open recordings of ${name}: there are no files ${missing.join(", ")}`, {
      file: name,
    });
  }
  return new Map(there.map(({ id, path }) => [id, path]));
}

async function checkDirectory(fs: FileSystem, folder: string, name: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await fs.stat(folder)).isDirectory();
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const what = `Cannot open the recordings of ${JSON.stringify(name)}`;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new NotFoundError(`${what}: there is no such directory`, { file: name, cause });
    }
    throw new SourceError(`${what}: ${message ?? cause}`, { file: name, cause });
  }
  if (isDirectory) return;
  throw new WrongKindError(`Cannot open the recordings of ${JSON.stringify(name)}: it is no directory`, { file: name });
}

/** An id is a file's name, or one in a directory within: it never leads out. */
function checkId(id: unknown, name: string): void {
  const isName = typeof id === "string" && !id.includes("\0") &&
    id.split(/[/\\]/).every((part) => part !== "" && part !== "." && part !== "..");
  if (isName) return;
  throw new TypeError(
    `Cannot open recording ${JSON.stringify(id)} of ${JSON.stringify(name)}: an id is the name of a file in it`,
  );
}
