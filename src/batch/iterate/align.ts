/**
 * Axes cut where stored chunks begin, seen through a selection.
 *
 * @module
 */

import type { ResolvedAxis } from "../../array/types.ts";
import { type AxisBlocks, blocksAt, regularBlocks } from "./grid.ts";

/** One axis of a selection over an array that is stored in chunks. */
export interface AlignedAxis {
  /** How many indices are selected. */
  readonly count: number;
  /** Most of them that fall into one chunk. */
  readonly unit: number;
  /** Cuts the axis into blocks of at most `limit` indices that divide no chunk; one that holds more stays whole. */
  blocks(limit: number): AxisBlocks;
}

/**
 * Tells where a selected axis can be cut without dividing a chunk.
 *
 * @param axis The selection along the axis
 * @param chunkLength Length of a chunk along it, 1 where it isn't chunked
 */
export function alignAxis(axis: ResolvedAxis, chunkLength: number): AlignedAxis {
  return axis.kind === "range" ? alignRange(axis, chunkLength) : alignList(axis.indices, chunkLength);
}

function alignRange(axis: Extract<ResolvedAxis, { kind: "range" }>, chunkLength: number): AlignedAxis {
  const { start, step, count } = axis;
  const stride = Math.abs(step);
  if (stride >= chunkLength) {
    return { count, unit: 1, blocks: (limit) => regularBlocks(count, Math.max(1, Math.floor(limit))) };
  }
  const first = Math.floor(start / chunkLength);
  const last = Math.floor((start + (count - 1) * step) / chunkLength);
  return {
    count,
    unit: Math.min(count, Math.ceil(chunkLength / stride)),
    blocks(limit) {
      // So many chunks hold at most `limit` indices wherever they begin.
      const chunks = Math.max(1, Math.floor(Math.min(limit, count + chunkLength) * stride / chunkLength));
      // How many indices come before the block that begins with this chunk.
      const before = (chunk: number) => {
        const at = step > 0
          ? Math.ceil((chunk * chunkLength - start) / stride)
          : Math.floor((start - (chunk + 1) * chunkLength) / stride) + 1;
        return Math.min(Math.max(at, 0), count);
      };
      const chunkOf = (i: number) => first + i * chunks * Math.sign(step);
      return {
        count: count === 0 ? 0 : Math.floor(Math.abs(last - first) / chunks) + 1,
        size: Math.min(count, Math.ceil(chunks * chunkLength / stride)),
        bounds: (i) => [before(chunkOf(i)), before(chunkOf(i + 1))],
      };
    },
  };
}

function alignList(indices: Float64Array, chunkLength: number): AlignedAxis {
  const count = indices.length;
  const runs = [0];
  let [up, down] = [true, true];
  for (let i = 1; i < count; i++) {
    const ahead = Math.floor(indices[i]! / chunkLength) - Math.floor(indices[i - 1]! / chunkLength);
    if (ahead !== 0) runs.push(i);
    if (ahead < 0) up = false;
    if (ahead > 0) down = false;
  }
  // A list that comes back to chunks can't be cut between them.
  if (!up && !down) return { count, unit: 1, blocks: (limit) => regularBlocks(count, Math.max(1, Math.floor(limit))) };
  runs.push(count);
  return {
    count,
    unit: blocksAt(runs).size,
    blocks(limit) {
      const cuts = count === 0 ? [] : [0];
      for (let run = 1; run < runs.length; run++) {
        const cut = cuts.at(-1)!;
        if (runs[run]! - cut > limit && runs[run - 1]! > cut) cuts.push(runs[run - 1]!);
      }
      return blocksAt([...cuts, count]);
    },
  };
}
