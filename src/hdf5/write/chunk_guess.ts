/**
 * Shapes of chunks, where they aren't given.
 *
 * @module
 */

const SMALLEST = 8 * 1024;
const BASE = 16 * 1024;
const LARGEST = 1024 * 1024;
const MIB = 1024 * 1024;

/**
 * Guesses the shape of chunks exactly as h5py does (`h5py._hl.filters.guess_chunk`): between 8 KiB and 1 MiB, growing
 * with the dataset, by halving one axis after the other.
 *
 * @param shape Shape of the dataset; an axis of length 0 counts as 1024.
 * @param itemsize Bytes per element.
 * @param fixed Lengths that are given already, `null` for those that aren't; only the latter are halved.
 * @returns The shape of a chunk.
 *
 * @example
 * ```ts
 * import { guessChunk } from "./chunk_guess.ts";
 * console.log(guessChunk([30_000, 384], 2)); // [ 938, 24 ]
 * ```
 */
export function guessChunk(
  shape: readonly number[],
  itemsize: number,
  fixed: readonly (number | null)[] = shape.map(() => null),
): number[] {
  const chunk = shape.map((length, axis) => fixed[axis] ?? (length === 0 ? 1024 : length));
  const free = [...chunk.keys()].filter((axis) => fixed[axis] === null);
  const whole = shape.reduce((product, length) => product * (length === 0 ? 1024 : length), itemsize);
  const target = Math.min(Math.max(BASE * 2 ** Math.log10(whole / MIB), SMALLEST), LARGEST);
  for (let turn = 0; free.length > 0; turn++) {
    const bytes = chunk.reduce((product, length) => product * length, itemsize);
    if ((bytes < target || Math.abs(bytes - target) / target < 0.5) && bytes < LARGEST) break;
    if (free.every((axis) => chunk[axis] === 1)) break;
    const axis = free[turn % free.length]!;
    chunk[axis] = Math.ceil(chunk[axis]! / 2);
  }
  return chunk;
}
