/**
 * Grids of blocks over an array, walked in row-major order.
 *
 * @module
 */

import { slice } from "../../array/select/slice.ts";
import type { Slice } from "../../array/types.ts";

/** One axis cut into blocks that follow on each other. */
export interface AxisBlocks {
  /** How many blocks there are. */
  readonly count: number;
  /** Most indices that a block has. */
  readonly size: number;
  /** First index of block `i`, and first one after it. */
  bounds(i: number): readonly [start: number, stop: number];
}

/**
 * An axis cut into blocks of one length, the last one shorter.
 *
 * @param length Length of the axis
 * @param size Length of a block
 */
export function regularBlocks(length: number, size: number): AxisBlocks {
  return {
    count: Math.ceil(length / size),
    size: Math.min(size, length),
    bounds: (i) => [i * size, Math.min((i + 1) * size, length)],
  };
}

/**
 * An axis cut at the given indices.
 *
 * @param cuts First index of each block, and the length of the axis at the end
 */
export function blocksAt(cuts: readonly number[]): AxisBlocks {
  let size = 0;
  for (let i = 1; i < cuts.length; i++) size = Math.max(size, cuts[i]! - cuts[i - 1]!);
  return { count: cuts.length - 1, size, bounds: (i) => [cuts[i]!, cuts[i + 1]!] };
}

/** Number of blocks of a grid. */
export function blockCount(axes: readonly AxisBlocks[]): number {
  return axes.reduce((all, { count }) => all * count, 1);
}

/**
 * Where the blocks of a grid lie, in row-major order: the last axis changes fastest.
 *
 * @param axes The grid
 * @returns Per block one slice per axis
 */
export function* blockSelections(axes: readonly AxisBlocks[]): Generator<Slice[], void> {
  if (blockCount(axes) === 0) return;
  const index = new Array<number>(axes.length).fill(0);
  while (true) {
    yield axes.map((blocks, axis) => slice(...blocks.bounds(index[axis]!)));
    let axis = axes.length - 1;
    for (; axis >= 0; axis--) {
      if (++index[axis]! < axes[axis]!.count) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
