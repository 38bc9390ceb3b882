/**
 * Drawing samples at random.
 *
 * @module
 */

import { describe } from "../values/numbers.ts";

/**
 * A function that draws a fraction of `n` samples, rounded to the nearest number of them.
 *
 * @param fraction Between 0 and 1
 * @param seed For the same draw again
 * @returns Given how many there are, ascending indices of those drawn
 */
export function subsample(fraction: number, seed?: number): (n: number) => Uint32Array {
  if (typeof fraction !== "number") throw new TypeError(`Cannot draw ${describe(fraction)} of samples: not a number`);
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`Cannot draw ${fraction} of samples: the fraction must be between 0 and 1`);
  }
  const random = seed === undefined ? Math.random : generator(seed);
  return (n) => {
    const drawn = new Uint32Array(Math.round(n * fraction));
    // Each is drawn with the chance that fills what is left with what is left (Knuth's algorithm S).
    for (let i = 0, count = 0; count < drawn.length; i++) {
      if (random() * (n - i) < drawn.length - count) drawn[count++] = i;
    }
    return drawn;
  };
}

// Mulberry32: 32 bits of state, enough to draw with.
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
