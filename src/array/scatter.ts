/**
 * Putting a decoded piece of an array where it belongs in a larger result.
 *
 * @module
 */

import { type CopyAxis, copyBox, type Positions } from "./copy.ts";

/** Indices along one axis: `start`, `start + step`, ..., or a list of them. */
export type AxisPositions =
  | { readonly start: number; readonly step: number }
  | { readonly indices: ArrayLike<number> };

/** Where along one axis of the target the elements of a piece go, one position per index of the piece. */
export type DestinationAxis = AxisPositions;

/** The part of a piece that is copied, where that isn't all of it. */
export interface SourceBox {
  /** Shape of the whole piece, which lies in C order. */
  readonly shape: readonly number[];
  /** Which indices of it are copied, one entry per axis. */
  readonly axes: readonly AxisPositions[];
}

/**
 * Copies a C-ordered box of elements into a C-ordered target, given as bytes. Every bit is kept, also of NaNs.
 *
 * Axes that lie the same way on both sides are merged, so a chunk of whole rows is one `TypedArray.set`. Neither side
 * needs to be aligned.
 *
 * @param source The elements, packed in C order
 * @param counts Number of elements copied along each axis
 * @param target Where they go, in C order
 * @param targetShape Shape of the target, in elements
 * @param targetAxes Where along each axis of the target they go
 * @param itemsize Bytes per element
 * @param box What of the source is copied; by default it has the shape `counts` and is copied whole
 */
export function scatterBytes(
  source: Uint8Array,
  counts: readonly number[],
  target: Uint8Array,
  targetShape: readonly number[],
  targetAxes: readonly DestinationAxis[],
  itemsize: number,
  box?: SourceBox,
): void {
  const width = commonWidth(itemsize, source.byteOffset, target.byteOffset);
  const units = itemsize / width;
  const axes = boxAxes(counts, targetShape, targetAxes, box, units);
  axes.push({ count: units, source: { offset: 0, step: 1 }, target: { offset: 0, step: 1 } });
  if (width === 1) copyBox(source, target, axes);
  else if (width === 2) copyBox(view16(source), view16(target), axes);
  else copyBox(view32(source), view32(target), axes);
}

/**
 * Copies a C-ordered box of values (strings, records) into a C-ordered target.
 *
 * @param source The values, packed in C order
 * @param counts Number of values copied along each axis
 * @param target Where they go, in C order
 * @param targetShape Shape of the target
 * @param targetAxes Where along each axis of the target they go
 * @param box What of the source is copied; by default it has the shape `counts` and is copied whole
 */
export function scatterValues(
  source: unknown[],
  counts: readonly number[],
  target: unknown[],
  targetShape: readonly number[],
  targetAxes: readonly DestinationAxis[],
  box?: SourceBox,
): void {
  copyBox(source, target, boxAxes(counts, targetShape, targetAxes, box, 1));
}

/** The widest of 4, 2 and 1 bytes in which elements at these offsets can be copied. */
export function commonWidth(itemsize: number, ...byteOffsets: number[]): 1 | 2 | 4 {
  const fits = (width: number) => itemsize % width === 0 && byteOffsets.every((offset) => offset % width === 0);
  return fits(4) ? 4 : fits(2) ? 2 : 1;
}

/** A view of the same bytes in units of 2. */
export function view16(bytes: ArrayBufferView): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 2));
}

/** A view of the same bytes in units of 4. */
export function view32(bytes: ArrayBufferView): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}

function boxAxes(
  counts: readonly number[],
  targetShape: readonly number[],
  targetAxes: readonly DestinationAxis[],
  box: SourceBox | undefined,
  units: number,
): CopyAxis[] {
  const axes = new Array<CopyAxis>(counts.length);
  let sourceStride = units;
  let targetStride = units;
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    axes[axis] = {
      count: counts[axis]!,
      source: box === undefined ? { offset: 0, step: sourceStride } : positions(box.axes[axis]!, sourceStride),
      target: positions(targetAxes[axis]!, targetStride),
    };
    sourceStride *= (box?.shape ?? counts)[axis]!;
    targetStride *= targetShape[axis]!;
  }
  return axes;
}

/** Positions in cells of the indices along one axis. */
export function positions(axis: AxisPositions, stride: number): Positions {
  if ("start" in axis) return { offset: axis.start * stride, step: axis.step * stride };
  const offsets = new Float64Array(axis.indices.length);
  for (let i = 0; i < offsets.length; i++) offsets[i] = axis.indices[i]! * stride;
  return { offsets };
}
