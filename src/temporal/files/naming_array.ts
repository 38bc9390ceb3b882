/**
 * Saying which array of which file an error is about.
 *
 * @module
 */

import { engineOf, H5Object } from "../../hdf5/objects.ts";
import { ClosedError } from "../../source/errors.ts";
import { located } from "../../source/located.ts";

/** Where an array lies. */
interface ArrayPlace {
  /** What messages call the file. */
  readonly file?: string | undefined;
  /** Path in the file. */
  readonly object: string;
}

/**
 * Reads an array and makes something of it; errors say which file and array that was, also where the file is closed.
 *
 * @param name What the array is called
 * @param array The array
 * @param read Reads it
 * @throws {ClosedError} If its file is closed
 */
export async function namingArray<T>(name: string, array: object, read: () => Promise<T>): Promise<T> {
  const place = placeOf(array);
  try {
    return await (place === undefined ? read() : located(place, read));
  } catch (error) {
    // Where one is read for another, the one that was being read is named.
    if (!(error instanceof ClosedError) || error.cause instanceof ClosedError) throw error;
    const what = place === undefined ? name : `${name} ("${place.object}")`;
    const { file } = error;
    throw new ClosedError(`Cannot read ${what}: its file is closed`, { file, object: place?.object, cause: error });
  }
}

/** Where an array lies in which file; of a view, what it is one of. */
function placeOf(array: object): ArrayPlace | undefined {
  if (array instanceof H5Object) return { file: engineOf(array).name, object: array.path };
  if ("path" in array && typeof array.path === "string") {
    const file = "file" in array && typeof array.file === "string" ? array.file : undefined;
    return { file, object: array.path };
  }
  if (!("reader" in array) || typeof array.reader !== "object" || array.reader === null) return undefined;
  return placeOf(array.reader);
}
