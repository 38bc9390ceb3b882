/**
 * `.npy` files and `.npz` archives as the commands show them.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import { describeDType, numpyName } from "../../array/dtype/dtype.ts";
import type { Opened } from "../../formats/mod.ts";
import type { NpyArray } from "../../npy/npy_array.ts";
import type { Npz } from "../../npy/npz.ts";
import { formatBytes } from "../../source/cost.ts";
import { type ArraySource, arraySource } from "./sources.ts";
import type { TreeNode } from "../tree.ts";

/**
 * A `.npy` file as a source.
 *
 * @param opened The file
 */
export function npySource(opened: Opened): ArraySource {
  const array = opened.handle as NpyArray;
  return arraySource(opened, {
    kind: "NPY",
    async tree(path, { signal }) {
      await opened.get(path, { signal });
      return npyNode("/", "/", array);
    },
    // deno-lint-ignore require-await -- as others have it
    async info() {
      const { shape, dtype, version, order } = array;
      return {
        rows: [
          ["version", version],
          ["dtype", `${numpyName(dtype)}: ${describeDType(dtype)}`],
          ["shape", shapeText(shape)],
          ["order", order],
        ],
        json: { version, dtype: numpyName(dtype), shape: [...shape], order },
      };
    },
  });
}

/**
 * An `.npz` archive as a source.
 *
 * @param opened The archive
 */
export function npzSource(opened: Opened): ArraySource {
  const npz = opened.handle as Npz;
  return arraySource(opened, {
    kind: "NPZ",
    async tree(path, { depth, signal }) {
      const key = path.replace(/^\/+/, "");
      if (key !== "") return npyNode(key, key, await npz.get(key, { signal }));
      const root: TreeNode = { name: "/", path: "/", kind: "group", memberCount: npz.keys().length };
      if (depth > 0) root.members = await Promise.all(npz.keys().map((key) => memberNode(npz, key, signal)));
      return root;
    },
    // deno-lint-ignore require-await -- as others have it
    async info() {
      const entries = [...npz.zip.entries.values()].filter(({ isDirectory }) => !isDirectory);
      const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
      const deflated = entries.filter(({ method }) => method !== 0).length;
      return {
        rows: [
          ["members", `${entries.length}, ${deflated === 0 ? "all stored" : `${deflated} deflated`}`],
          ["unpacked", formatBytes(unpacked)],
          ["names", npz.keys().join(", ")],
        ],
        json: { members: [...npz.keys()], unpackedBytes: unpacked, deflated },
      };
    },
  });
}

async function memberNode(npz: Npz, key: string, signal: AbortSignal): Promise<TreeNode> {
  try {
    return npyNode(key, key, await npz.get(key, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    return { name: key, path: key, kind: "error", error: (error as Error).message };
  }
}

function npyNode(name: string, path: string, array: NpyArray): TreeNode {
  const { shape, dtype, storage } = array;
  const filters = storage === "deflated" ? [{ id: 0, name: "deflate", values: [] }] : [];
  const layout = storage === "pickled" ? "pickled" : "contiguous";
  return { name, path, kind: "dataset", shape, maxShape: shape, dtype, chunks: null, layout, filters };
}
