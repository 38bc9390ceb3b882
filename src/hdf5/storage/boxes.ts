/**
 * Boxes of values in larger arrays of values, of whatever kind.
 *
 * @module
 */
import { scatterBytes, scatterValues } from "../../array/select/scatter.ts";
import type { ArrayData } from "../../array/types.ts";

/** Room for `length` cells of the kind that `part` is. */
export function emptyLike(part: ArrayData, length: number): ArrayData {
  if (Array.isArray(part)) return new Array<unknown>(length);
  return new (part.constructor as new (length: number) => Exclude<ArrayData, unknown[]>)(length);
}

/**
 * Puts a packed box into a larger array.
 *
 * @param part The box.
 * @param counts Its shape.
 * @param whole The larger array.
 * @param shape Its shape.
 * @param starts Where along each axis the box goes.
 * @param cells Array cells per element.
 */
export function placeBox(
  part: ArrayData,
  counts: readonly number[],
  whole: ArrayData,
  shape: readonly number[],
  starts: readonly number[],
  cells: number,
): void {
  const targets = [...starts.map((start) => ({ start, step: 1 })), { start: 0, step: 1 }];
  const boxCounts = [...counts, cells];
  const boxShape = [...shape, cells];
  if (Array.isArray(part)) scatterValues(part, boxCounts, whole as unknown[], boxShape, targets);
  else {
    const target = whole as typeof part;
    scatterBytes(bytesOf(part), boxCounts, bytesOf(target), boxShape, targets, part.BYTES_PER_ELEMENT);
  }
}

function bytesOf(data: Exclude<ArrayData, unknown[]>): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
