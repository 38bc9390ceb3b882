/**
 * Selections drawn at random, the same in every run.
 *
 * @module
 */
import { slice } from "../../src/array/select/slice.ts";
import type { AxisSelection, Selection } from "../../src/array/types.ts";

/** A source of numbers from 0 to below `limit`. */
export type Draw = (limit: number) => number;

/**
 * Numbers that depend on nothing but a text.
 *
 * @param seed The text.
 */
export function seeded(seed: string): Draw {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * limit);
  };
}

/**
 * Draws a selection: per axis an integer, a slice (also strided, also backwards), all, a list or a mask.
 *
 * @param shape Shape of the array.
 * @param draw Source of numbers.
 * @param largest Most elements to select.
 */
export function drawSelection(shape: readonly number[], draw: Draw, largest = 200_000): Selection {
  let left = largest;
  return shape.map((length) => {
    const axis = drawAxis(length, draw, left);
    left = Math.max(1, Math.floor(left / Math.max(1, lengthOf(axis, length))));
    return axis;
  });
}

function drawAxis(length: number, draw: Draw, most: number): AxisSelection {
  if (length === 0) return null;
  const width = Math.min(length, most, 1 + draw(length));
  const start = draw(length - width + 1);
  switch (draw(6)) {
    case 0:
      return draw(2) === 0 ? draw(length) : draw(length) - length;
    case 1:
      return slice(start, start + width, 1 + draw(4));
    case 2:
      return length <= most ? null : slice(start, start + width);
    case 3:
      return Array.from({ length: Math.min(width, 20) }, () => draw(length));
    case 4:
      if (length > Math.min(most, 5000)) return slice(start, start + width);
      return Array.from({ length }, () => draw(3) === 0);
    default:
      return slice(start, start + width);
  }
}

function lengthOf(axis: AxisSelection, length: number): number {
  if (typeof axis === "number") return 1;
  if (axis === null) return length;
  if ("start" in axis) return Math.max(1, (axis.stop ?? length) - (axis.start ?? 0));
  return Math.max(1, (axis as ArrayLike<unknown>).length);
}
