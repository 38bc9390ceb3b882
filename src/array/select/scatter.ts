/**
 * Putting a decoded piece of an array where it belongs in a larger result.
 *
 * @module
 */

import { type AxisPositions, type CopyAxis, copyBytes, copyValues } from "../codec/copy.ts";

export type { AxisPositions };

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
  copyBytes(source, target, boxAxes(counts, targetShape, targetAxes, box, itemsize), itemsize);
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
  copyValues(source, target, boxAxes(counts, targetShape, targetAxes, box, 1));
}

function boxAxes(
  counts: readonly number[],
  targetShape: readonly number[],
  targetAxes: readonly DestinationAxis[],
  box: SourceBox | undefined,
  itemsize: number,
): CopyAxis[] {
  const axes = new Array<CopyAxis>(counts.length);
  let sourceStride = itemsize;
  let targetStride = itemsize;
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    axes[axis] = {
      count: counts[axis]!,
      source: box?.axes[axis] ?? { start: 0, step: 1 },
      sourceStride,
      target: targetAxes[axis]!,
      targetStride,
    };
    sourceStride *= (box?.shape ?? counts)[axis]!;
    targetStride *= targetShape[axis]!;
  }
  return axes;
}
