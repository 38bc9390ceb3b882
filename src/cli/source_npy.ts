/**
 * `.npy` files and `.npz` archives as sources.
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import { describeDType, numpyName } from "../array/dtype.ts";
import type { NpyArray } from "../npy/npy_array.ts";
import { type Npz, openNpz } from "../npy/npz.ts";
import { openNpy } from "../npy/open_npy.ts";
import type { SourceOptions } from "../source/open_source.ts";
import { formatBytes } from "../source/cost.ts";
import { openSource } from "../source/open_source.ts";
import { NotFoundError } from "../source/errors.ts";
import { type ArraySource, onlyArray, type Opening } from "./sources.ts";
import type { TreeNode } from "./tree.ts";

/**
 * Opens a `.npy` file as a source.
 *
 * @param opening What and how
 * @param options Of HTTP, and limits
 */
export async function npySource({ source, meter, signal }: Opening, options: SourceOptions): Promise<ArraySource> {
  const opened = await openSource(source, { ...options, meter, signal });
  let array: NpyArray;
  try {
    array = await openNpy(opened.source, { ...options, meter, signal });
  } catch (error) {
    await opened.close();
    throw error;
  }
  const { byteLength } = opened.source;
  return {
    kind: "NPY",
    description: "NumPy array",
    byteLength,
    get cost() {
      return meter.cost;
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async tree(path) {
      onlyArray(source, path, array);
      return npyNode("/", "/", array);
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async array(path) {
      return onlyArray(source, path, array);
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async arrays(path) {
      return [onlyArray(source, path, array)];
    },
    // deno-lint-ignore require-await -- as others have it
    async info() {
      const { shape, dtype, version, fortranOrder } = array;
      return {
        rows: [
          ["version", version],
          ["dtype", `${numpyName(dtype)}: ${describeDType(dtype)}`],
          ["shape", shapeText(shape)],
          ["order", fortranOrder ? "Fortran" : "C"],
        ],
        json: { version, dtype: numpyName(dtype), shape: [...shape], fortranOrder },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await array.close();
      await opened.close();
    },
  };
}

/**
 * Opens an `.npz` archive as a source.
 *
 * @param opening What and how
 * @param options Of HTTP, and limits
 */
export async function npzSource({ source, meter, signal }: Opening, options: SourceOptions): Promise<ArraySource> {
  const npz = await openNpz(source, { ...options, meter, signal });
  const keyOf = (path: string) => path.replace(/^\/+/, "");
  return {
    kind: "NPZ",
    description: "NumPy arrays in a ZIP archive",
    byteLength: npz.byteLength,
    get cost() {
      return npz.cost;
    },
    async tree(path, { depth, signal }) {
      const key = keyOf(path);
      if (key !== "") return npyNode(key, key, await npz.get(key, { signal }));
      const root: TreeNode = { name: "/", path: "/", kind: "group", memberCount: npz.keys.length };
      if (depth > 0) root.members = await Promise.all(npz.keys.map((key) => memberNode(npz, key, signal)));
      return root;
    },
    async array(path, signal) {
      const key = keyOf(path);
      if (key !== "") return { path: key, array: await npz.get(key, { signal }) };
      throw new NotFoundError(`Cannot read an archive as one array: give one of ${npz.keys.join(", ")} as PATH`);
    },
    async arrays(path, signal) {
      const key = keyOf(path);
      const keys = key === "" ? arrayKeys(npz) : [key];
      return [...(await npz.getAll(keys, { signal }))].map(([path, array]) => ({ path, array }));
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
          ["names", npz.keys.join(", ")],
        ],
        json: { members: [...npz.keys], unpackedBytes: unpacked, deflated },
      };
    },
    [Symbol.asyncDispose]: () => npz.close(),
  };
}

function arrayKeys(npz: Npz): string[] {
  return npz.keys.filter((key) => npz.zip.entries.has(`${key}.npy`));
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
