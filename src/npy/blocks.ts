/**
 * Cutting an array into boxes that are read and written one after the other.
 *
 * @module
 */

import type { ResolvedAxis } from "../array/types.ts";

/**
 * Boxes of an array, in the order in which they are stored.
 *
 * A box starts as one chunk, and grows along the axis that runs fastest as far as it may, then along the next. So boxes
 * are whole chunks where these are given, and runs of the file where they aren't.
 *
 * @param shape Shape of the array
 * @param options `chunkShape`: what a box is a multiple of. `itemsize` and `limit`, both in bytes. `order`: of the file
 * @returns One checked selection per box, all axes kept
 */
export function* boxesOf(
  shape: readonly number[],
  options: {
    readonly chunkShape: readonly number[] | null;
    readonly itemsize: number;
    readonly limit: number;
    readonly order: "C" | "F";
  },
): Generator<ResolvedAxis[], void> {
  if (shape.includes(0)) return;
  // Slowest axis first.
  const axes = shape.map((_, axis) => options.order === "C" ? axis : shape.length - 1 - axis);
  const box = shape.map((length, axis) => Math.min(length, options.chunkShape?.[axis] ?? 1));
  let bytes = box.reduce((product, length) => product * length, Math.max(1, options.itemsize));
  for (const axis of [...axes].reverse()) {
    const times = Math.min(Math.ceil(shape[axis]! / box[axis]!), Math.max(1, Math.floor(options.limit / bytes)));
    box[axis] = Math.min(shape[axis]!, box[axis]! * times);
    bytes *= times;
    if (box[axis]! < shape[axis]!) break;
  }
  const start = shape.map(() => 0);
  for (;;) {
    yield shape.map((length, axis) => ({
      kind: "range",
      start: start[axis]!,
      step: 1,
      count: Math.min(box[axis]!, length - start[axis]!),
      drop: false,
    }));
    let i = axes.length - 1;
    for (; i >= 0; i--) {
      const axis = axes[i]!;
      start[axis]! += box[axis]!;
      if (start[axis]! < shape[axis]!) break;
      start[axis] = 0;
    }
    if (i < 0) return;
  }
}
