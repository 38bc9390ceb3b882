/**
 * HDF5 files as sources.
 *
 * @module
 */

import { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { Group } from "../hdf5/group.ts";
import { NotFoundError, WrongKindError } from "../source/errors.ts";
import type { ArraySource, NamedArray } from "./sources.ts";
import { readTree, type TreeNode } from "./tree.ts";

/**
 * An HDF5 file as a source.
 *
 * @param file The file, which is closed with it
 */
export function hdf5Source(file: H5File): ArraySource {
  const named = (dataset: Dataset): NamedArray => ({
    path: dataset.path,
    array: dataset,
    isNull: dataset.isNull,
    storageSize: dataset.storageSize,
  });
  const tree: ArraySource["tree"] = async (path, options) =>
    await readTree(await file.get(path, { signal: options.signal }), options);
  return {
    kind: "HDF5",
    description: "HDF5 file",
    byteLength: file.byteLength,
    file,
    get cost() {
      return file.cost;
    },
    tree,
    async array(path, signal) {
      return named(await file.dataset(path, { signal }));
    },
    async arrays(path, signal) {
      const top = await file.get(path, { signal });
      if (top instanceof Dataset) {
        if (!top.isNull) return [named(top)];
        throw new WrongKindError(
          `Cannot convert ${JSON.stringify(path)}: it is HDF5's null dataspace, and holds no array`,
        );
      }
      if (!(top instanceof Group)) {
        throw new NotFoundError(`Cannot find arrays at ${JSON.stringify(path)}: it is a type`);
      }
      const paths = datasetsOf(await readTree(top, { depth: Infinity, signal }));
      const found: NamedArray[] = [];
      // A null dataspace holds no array.
      for (const at of paths) found.push(named(await file.dataset(at, { signal })));
      return found.filter(({ isNull }) => isNull !== true);
    },
    info: () => Promise.resolve({ rows: [], json: {} }),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function datasetsOf(node: TreeNode): string[] {
  return [...(node.kind === "dataset" ? [node.path] : []), ...(node.members ?? []).flatMap(datasetsOf)];
}
