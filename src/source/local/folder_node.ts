/**
 * Listing local folders, by `node:fs`, which Node, Deno and Bun all have. Loaded only where a path is opened.
 *
 * @module
 */

import { builtinModule } from "./file_node.ts";

interface FileSystem {
  readdirSync(path: string | URL): string[];
  statSync(path: string | URL, options: { throwIfNoEntry: false }): { isDirectory(): boolean } | undefined;
}

/**
 * The names in a folder, sorted.
 *
 * @param path The folder
 * @returns The names; none where there is no such folder
 */
export function listFolder(path: string | URL): string[] {
  const fs = builtinModule<FileSystem>("node:fs", String(path));
  return isFolder(path) ? fs.readdirSync(path).sort() : [];
}

/**
 * Whether there is a folder at a path.
 *
 * @param path The path
 */
export function isFolder(path: string | URL): boolean {
  const fs = builtinModule<FileSystem>("node:fs", String(path));
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
