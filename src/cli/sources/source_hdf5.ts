/**
 * HDF5 files as the commands show them.
 *
 * @module
 */

import type { Opened } from "../../formats/mod.ts";
import type { H5File } from "../../hdf5/file.ts";
import { type ArraySource, arraySource } from "./sources.ts";
import { readTree } from "../tree.ts";

/**
 * An HDF5 file as a source.
 *
 * @param opened The file
 */
export function hdf5Source(opened: Opened): ArraySource {
  const file = opened.handle as H5File;
  return arraySource(opened, {
    kind: "HDF5",
    file,
    tree: async (path, options) => await readTree(await file.get(path, { signal: options.signal }), options),
    info: () => Promise.resolve({ rows: [], json: {} }),
  });
}
