/**
 * What the commands work on: arrays with paths, whatever kind of file holds them.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import type { JsonValue } from "../../array/text/serialise.ts";
import type { Opened } from "../../formats/mod.ts";
import { Dataset } from "../../hdf5/dataset.ts";
import type { H5File } from "../../hdf5/file.ts";
import type { Recording } from "../../recording/recording.ts";
import { formatBytes, formatCost } from "../../source/cost.ts";
import type { Cost } from "../../source/types.ts";
import { UsageError } from "../io.ts";
import type { TreeNode, TreeOptions } from "../tree.ts";

/** An array of a source. */
export interface NamedArray {
  /** Its path: `/a/b` in HDF5 and Zarr, a member's name in an archive, `/` where the file is the array. */
  readonly path: string;
  /** The array. */
  readonly array: LazyArray;
  /** Whether it is HDF5's null dataspace. */
  readonly isNull?: boolean;
  /** Bytes that it takes in the file, where that is known. */
  readonly storageSize?: number | null;
}

/** What `info` says of a source. */
export interface SourceInfo {
  /** As lines for people: name and value. */
  readonly rows: readonly (readonly [string, string])[];
  /** As text for people, in the place of all lines. */
  readonly text?: string;
  /** As JSON. */
  readonly json: Readonly<Record<string, JsonValue>>;
}

/** An open source. */
export interface ArraySource extends AsyncDisposable {
  /** What kind of file it is: `HDF5`, `NPY`, `NPZ`, `Zarr`, `raw`, or the name of another format. */
  readonly kind: string;
  /** What it is, in words. */
  readonly description: string;
  /** Size of the file, or `null` where it is a folder. */
  readonly byteLength: number | null;
  /** The file, where it is HDF5, of which more can be said than this. */
  readonly file?: H5File;
  /** The recording, where it is one, whose arrays have times and channels. */
  readonly recording?: Recording;
  /** What reading has cost. */
  readonly cost: Cost;
  /** The tree below a path, as `ls` prints it. */
  tree(path: string, options: TreeOptions): Promise<TreeNode>;
  /** The array at a path. */
  array(path: string, signal: AbortSignal): Promise<NamedArray>;
  /** All arrays at and below a path. */
  arrays(path: string, signal: AbortSignal): Promise<NamedArray[]>;
  /** What its header says. */
  info(signal: AbortSignal): Promise<SourceInfo>;
}

/**
 * What was opened as a source.
 *
 * @param opened What was opened
 * @param own What the commands show of its format
 */
export function arraySource(
  opened: Opened,
  own: Pick<ArraySource, "kind" | "tree" | "info" | "file" | "recording">,
): ArraySource {
  return {
    ...own,
    description: opened.description,
    byteLength: opened.byteLength,
    get cost() {
      return opened.cost;
    },
    array: async (path, signal) => named(path, await opened.get(path, { signal })),
    arrays: async (path, signal) =>
      (await opened.entries({ below: path, signal })).map(([key, array]) => named(key, array)),
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

/**
 * A source of a format that the commands know nothing of but its arrays.
 *
 * @param opened What was opened
 */
export function plainSource(opened: Opened): ArraySource {
  return arraySource(opened, {
    kind: opened.format,
    async tree(path, { signal }) {
      const found = await opened.entries({ below: path, signal });
      const nodes = found.map(([key, array]) => arrayNode(key, array));
      if (nodes.length === 1 && nodes[0]!.path === "/") return nodes[0]!;
      return { name: path, path, kind: "group", memberCount: nodes.length, members: nodes };
    },
    info: () => Promise.resolve({ rows: [], json: {} }),
  });
}

function arrayNode(path: string, { shape, dtype, chunkShape }: LazyArray): TreeNode {
  const layout = chunkShape === null ? "contiguous" : "chunked";
  return { name: path, path, kind: "dataset", shape, maxShape: shape, dtype, chunks: chunkShape, layout, filters: [] };
}

function named(key: string, array: LazyArray): NamedArray {
  if (array instanceof Dataset) {
    const { path, isNull, storageSize } = array;
    return { path, array, isNull, storageSize };
  }
  const { path } = array as { readonly path?: string };
  return { path: path ?? (key.replace(/^\/+/, "") || "/"), array };
}

/** Told where a path is needed. */
export function needsPath(command: string, why: string): UsageError {
  return new UsageError(`Cannot run ${command} without PATH: ${why}`);
}

/** The line on what a call has cost. */
export function costLine({ cost, byteLength }: Pick<ArraySource, "cost" | "byteLength">): string {
  if (byteLength !== null) return formatCost(cost, byteLength);
  return formatCost(cost, 0).replace(` of ${formatBytes(0)}`, "");
}
