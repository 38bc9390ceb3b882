/**
 * How a part of a flat array lies, as Zarr's chunks can be referred to.
 *
 * @module
 */

import type { FlatPart } from "../array/flat/flat_part.ts";
import { axisIndices } from "../array/select/selection.ts";

/** Rows of a file that can be chunks: blocks of them that lie without gaps. */
export interface Layout {
  /** Number of samples. */
  readonly rows: number;
  /** Elements of a row. */
  readonly width: number;
  /** Bytes of a row. */
  readonly rowBytes: number;
  /** First byte of each block of columns: one where samples are interleaved, one for each channel where they aren't. */
  readonly offsets: readonly number[];
  /** Which elements of a row are meant; `null` for all, in their order. */
  readonly columns: readonly number[] | null;
}

/**
 * How a part lies.
 *
 * @param part The part
 * @returns The layout, or why there is none, to go behind "it"
 */
export function layoutOf({ flat, axes }: FlatPart): Layout | string {
  const [time, across] = axes;
  if (axes.length > 2 || axes.length === 0) return `it has ${axes.length} axes, expected samples and channels`;
  if (axes.some((axis) => axis.kind === "range" && axis.drop)) return "an axis of the file's array was dropped";
  if (time!.kind !== "range" || time!.step !== 1 && time!.count > 1) {
    return "its samples are some of the file's, not a run of them";
  }
  const { itemsize } = flat.dtype;
  const rows = time!.count;
  const [rowStride, columnStride = itemsize] = flat.strides as [number, number?];
  const first = flat.offset + time!.start * rowStride;
  const chosen = across === undefined ? [0] : Array.from(axisIndices(across));
  const isOne = across === undefined || flat.shape[1] === 1;
  if (rowStride === itemsize || rows <= 1 && !isOne && columnStride !== itemsize) {
    // A run of each channel: only those that are meant are referred to.
    const offsets = chosen.map((channel) => first + channel * columnStride);
    return { rows, width: 1, rowBytes: itemsize, offsets, columns: null };
  }
  if (!isOne && columnStride !== itemsize || rowStride % itemsize !== 0) {
    return `its elements lie ${rowStride} and ${columnStride} bytes apart, and have ${itemsize}`;
  }
  const width = rowStride / itemsize;
  const isAll = chosen.length === width && chosen.every((channel, i) => channel === i);
  return { rows, width, rowBytes: rowStride, offsets: [first], columns: isAll ? null : chosen };
}
