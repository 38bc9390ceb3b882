/**
 * What is asked of local files, by `node:fs`, which Node, Deno and Bun all have. Loaded only where results go to a file.
 *
 * @module
 */

import { WriteError } from "../../../source/errors.ts";
import { builtinModule } from "../../../source/local/file_node.ts";

interface Stat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
  isDirectory(): boolean;
}

interface FileSystem {
  statSync(path: string, options: { throwIfNoEntry: false }): Stat | undefined;
  mkdirSync(path: string, options: { recursive: true }): void;
  rmSync(path: string, options: { force: true; recursive: boolean }): void;
}

/** What is known of a file. */
export interface FileFacts {
  /** Its size in bytes. */
  readonly size: number;
  /** When it was last changed, in milliseconds. */
  readonly modified: number;
  /** Whether it is a folder. */
  readonly isFolder: boolean;
  /** The same for two names of one file. */
  readonly identity: string;
}

const fs = (name: string) => builtinModule<FileSystem>("node:fs", name);

/** A path as the system has it. */
export function pathOf(path: string | URL): string {
  if (!(path instanceof URL) && !path.startsWith("file:")) return path;
  const { fileURLToPath } = builtinModule<{ fileURLToPath(url: URL): string }>("node:url", String(path));
  return fileURLToPath(new URL(path));
}

/** A path within a folder. */
export function joinPath(folder: string, name: string): string {
  return builtinModule<{ join(...parts: string[]): string }>("node:path", folder).join(folder, name);
}

/** What is known of a file, or `null` where there is none. */
export function fileFacts(path: string): FileFacts | null {
  const stat = fs(path).statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return {
    size: stat.size,
    modified: stat.mtimeMs,
    isFolder: stat.isDirectory(),
    identity: `${stat.dev}:${stat.ino}`,
  };
}

/** Makes a folder and those above it. */
export function makeFolder(path: string): void {
  try {
    fs(path).mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new WriteError(`Cannot make the folder ${JSON.stringify(path)}: ${(cause as Error).message}`, {
      file: path,
      cause,
    });
  }
}

/** Removes a file, or what was made as a folder, where it is there. */
export function remove(path: string): void {
  fs(path).rmSync(path, { force: true, recursive: fileFacts(path)?.isFolder === true });
}
