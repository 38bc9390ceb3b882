/**
 * Saying which array it was that a closed file has no more.
 *
 * @module
 */

import { ClosedError } from "../../source/errors.ts";

/**
 * Reads an array; where its file is closed the error says which array that was.
 *
 * @param name What it is called
 * @param array The array
 * @param read Reads it
 * @throws {ClosedError} If its file is closed
 */
export async function namingClosed<T>(name: string, array: object, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ClosedError)) throw error;
    const path = pathOf(array);
    const what = path === undefined ? name : `${name} ("${path}")`;
    throw new ClosedError(`Cannot read ${what}: its file is closed`, { file: error.file, object: path, cause: error });
  }
}

/** Where an array lies in its file; of a view, what it is one of. */
function pathOf(array: object): string | undefined {
  if ("path" in array && typeof array.path === "string") return array.path;
  if (!("reader" in array) || typeof array.reader !== "object" || array.reader === null) return undefined;
  return pathOf(array.reader);
}
