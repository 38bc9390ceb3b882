/**
 * What the commands work on: arrays with paths, whatever kind of file holds them.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import type { JsonValue } from "../array/serialise.ts";
import type { H5File } from "../hdf5/file.ts";
import { type CostMeter, formatBytes, formatCost } from "../source/cost.ts";
import { NotFoundError } from "../source/errors.ts";
import type { Cost } from "../source/types.ts";
import { UsageError } from "./io.ts";
import type { TreeNode, TreeOptions } from "./tree.ts";

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
  /** As JSON. */
  readonly json: Readonly<Record<string, JsonValue>>;
}

/** An open source. */
export interface ArraySource extends AsyncDisposable {
  /** What kind of file it is: `HDF5`, `NPY`, `NPZ`, `Zarr`, `raw`. */
  readonly kind: string;
  /** What it is, in words. */
  readonly description: string;
  /** Size of the file, or `null` where it is a folder. */
  readonly byteLength: number | null;
  /** The file, where it is HDF5, of which more can be said than this. */
  readonly file?: H5File;
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

/** What is shared by the ways to open a source. */
export interface Opening {
  /** Path or URL. */
  readonly source: string;
  /** Counts the cost of all that is tried. */
  readonly meter: CostMeter;
  /** Aborts. */
  readonly signal: AbortSignal;
}

/**
 * The one array of a source that is an array itself.
 *
 * @param source Its name
 * @param path What was asked for
 * @param array The array
 * @throws {NotFoundError} If another path was asked for
 */
export function onlyArray(source: string, path: string, array: LazyArray): NamedArray {
  if (path === "/" || path === "") return { path: "/", array };
  throw new NotFoundError(`Cannot find ${JSON.stringify(path)} in ${source}: the file is one array, without paths`, {
    file: source,
    object: path,
  });
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
