/**
 * Intervals dealt out to parts.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { Random } from "../sample/random.ts";

/** Options of `Interval.split`. */
export interface SplitOptions {
  /**
   * Whether intervals are dealt out at random, as NumPy's `default_rng(seed).permutation` orders them.
   *
   * @default {false}
   */
  readonly shuffle?: boolean | undefined;
  /** Seed of the order; a different one each time by default. */
  readonly seed?: number | bigint | undefined;
}

/** Names of `SplitOptions`. */
export const SPLIT_OPTIONS: OptionNames<SplitOptions> = { shuffle: true, seed: true };

/** How far from 1 fractions may sum to: 0.7 + 0.2 + 0.1 is 0.9999999999999999. */
const TOLERANCE = 1e-9;

/**
 * Which rows go to which part, for `Interval.split`. Sizes are counts that sum to `count`, or fractions that sum to 1 up to
 * rounding; the original wants a sum of just 1.0, which 0.7, 0.2 and 0.1 don't have. Fractions are rounded to counts, halves
 * to even; what is too many or too few is taken from the largest part or given to it. Where it has fewer than that (the
 * original then cuts at the wrong places) the largest parts lose one by one.
 *
 * @param count How many rows
 * @param sizes Counts, or fractions of 1; at least two, and fewer than rows
 * @param options Whether and how rows are shuffled
 * @returns For each part a mask of `count`: 1 where a row is in it
 * @throws {RangeError} If sizes are neither, or too few, or too many
 */
export function splitMasks(
  count: number,
  sizes: ArrayLike<number>,
  { shuffle = false, seed }: SplitOptions = {},
): Uint8Array<ArrayBuffer>[] {
  if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`Cannot split ${count} intervals`);
  if (!(sizes.length > 1)) throw new RangeError(`Cannot split into ${sizes.length} parts: at least two are needed`);
  if (!(sizes.length < count)) throw new RangeError(`Cannot split ${count} intervals into ${sizes.length} parts`);
  const counts = countsOf(count, Array.from(sizes));
  const order = shuffle ? new Random(seed).permutation(count) : Uint32Array.from({ length: count }, (_, i) => i);
  let at = 0;
  return counts.map((size) => {
    const mask = new Uint8Array(count);
    for (const row of order.subarray(at, at + size)) mask[row] = 1;
    at += size;
    return mask;
  });
}

function countsOf(count: number, sizes: readonly number[]): number[] {
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sizes.every((size) => Number.isInteger(size) && size >= 1)) {
    if (sum === count) return [...sizes];
    throw new RangeError(`Cannot split ${count} intervals into [${sizes.join(", ")}]: sizes must sum to their number`);
  }
  if (!sizes.every((size) => typeof size === "number" && size > 0 && size < 1)) {
    throw new RangeError(
      `Cannot split ${count} intervals into [${sizes.join(", ")}]: sizes must be either all counts or all fractions`,
    );
  }
  if (!(Math.abs(sum - 1) <= TOLERANCE)) {
    throw new RangeError(`Cannot split ${count} intervals into [${sizes.join(", ")}]: fractions must sum to 1`);
  }
  const counts = sizes.map((size) => roundHalfEven(size * count));
  let rest = count - counts.reduce((a, b) => a + b, 0);
  const largest = () => counts.indexOf(Math.max(...counts));
  if (counts[largest()]! + rest >= 0) counts[largest()]! += rest;
  else for (; rest < 0; rest++) counts[largest()]!--;
  return counts;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
