/**
 * Whether something is at a path.
 *
 * @module
 */

import { lstatSync } from "node:fs";

/**
 * Whether there is a file, a folder or a link at a path.
 *
 * @param path The path, or a URL with the scheme `file`
 */
export function fileExists(path: string): boolean {
  return lstatSync(path.startsWith("file:") ? new URL(path) : path, { throwIfNoEntry: false }) !== undefined;
}
