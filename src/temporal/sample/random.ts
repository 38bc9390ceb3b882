/**
 * Random numbers, equal to NumPy's of the same seed: `numpy.random.default_rng(seed)`, which is PCG64 (PCG XSL-RR 128/64,
 * by Melissa O'Neill) seeded through `SeedSequence`.
 *
 * @module
 */

const BITS_32 = 0xffff_ffffn;
const BITS_64 = 0xffff_ffff_ffff_ffffn;
const BITS_128 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn;

/** Multiplier of PCG's 128-bit generator. */
const MULTIPLIER = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645n;

/** Words that a `SeedSequence` keeps, and its constants. */
const POOL_SIZE = 4;
const HASH = { start: 0x43b0d7e5, multiplier: 0x931e8875 } as const;
const STATE_HASH = { start: 0x8b51f9dd, multiplier: 0x58f38ded } as const;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/**
 * A generator of random numbers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Random } from "./random.ts";
 *
 * // numpy.random.default_rng(42).permutation(5)
 * assert.deepEqual([...new Random(42).permutation(5)], [4, 2, 3, 1, 0]);
 * ```
 */
export class Random {
  readonly #increment: bigint;
  #state: bigint;
  /** Upper half of a draw whose lower half was used. */
  #half: number | undefined;

  /**
   * Makes a generator.
   *
   * @param seed A whole number, not negative, of any size; without one the runtime gives one
   * @throws {TypeError} If the seed isn't a number
   * @throws {RangeError} If the seed is negative, not whole, or a number beyond 2^53 (give a bigint)
   */
  constructor(seed?: number | bigint) {
    const entropy = seed === undefined ? crypto.getRandomValues(new Uint32Array(POOL_SIZE)) : wordsOf(seed);
    const words = generateState(mixEntropy(entropy), 8);
    const at = (i: number) => BigInt(words[i]!) | (BigInt(words[i + 1]!) << 32n);
    this.#increment = ((((at(4) << 64n) | at(6)) << 1n) | 1n) & BITS_128;
    // PCG's way to start: a step from zero, the seed added, and a step.
    this.#state = (this.#increment + ((at(0) << 64n) | at(2))) & BITS_128;
    this.#step();
  }

  /** The next 64 bits. */
  next64(): bigint {
    this.#step();
    const folded = (this.#state >> 64n) ^ (this.#state & BITS_64);
    const turn = this.#state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & BITS_64;
  }

  /** A number of [0, 1), with 53 random bits. */
  float(): number {
    return Number(this.next64() >> 11n) / 2 ** 53;
  }

  /**
   * A whole number of [0, `n`), each equally likely.
   *
   * @param n A whole number, at least 1
   * @throws {RangeError} If `n` isn't
   */
  integer(n: number): number {
    if (!(Number.isSafeInteger(n) && n >= 1)) {
      throw new RangeError(`Cannot draw a whole number below ${n}: the bound must be a whole number, at least 1`);
    }
    if (n === 1) return 0;
    if (n === 2 ** 32) return this.#next32();
    return n < 2 ** 32 ? this.#below32(n) : this.#below64(n);
  }

  /**
   * The numbers from 0 to `n - 1` in random order.
   *
   * @param n How many
   * @throws {RangeError} If `n` isn't a whole number of [0, 2^32)
   */
  permutation(n: number): Uint32Array<ArrayBuffer> {
    if (!(Number.isInteger(n) && n >= 0 && n < 2 ** 32)) {
      throw new RangeError(`Cannot permute ${n} numbers: their count must be a whole number of [0, 2^32)`);
    }
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.#upTo(i);
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    return order;
  }

  #step(): void {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & BITS_128;
  }

  /** 32 bits: the lower half of a draw, then its upper half, also where whole draws come between. */
  #next32(): number {
    if (this.#half !== undefined) {
      const half = this.#half;
      this.#half = undefined;
      return half;
    }
    const drawn = this.next64();
    this.#half = Number(drawn >> 32n);
    return Number(drawn & BITS_32);
  }

  /** Masked draws until one isn't beyond the last: what NumPy shuffles with, other than where it draws numbers. */
  #upTo(last: number): number {
    const mask = 0xffff_ffff >>> Math.clz32(last);
    for (;;) {
      const drawn = (this.#next32() & mask) >>> 0;
      if (drawn <= last) return drawn;
    }
  }

  /** Lemire's method: the upper half of a product, where its lower half isn't one of the few that would favour some. */
  #below32(n: number): number {
    const [bound, threshold] = [BigInt(n), BigInt((2 ** 32 - n) % n)];
    for (;;) {
      const product = BigInt(this.#next32()) * bound;
      if ((product & BITS_32) >= threshold) return Number(product >> 32n);
    }
  }

  #below64(n: number): number {
    const bound = BigInt(n);
    const threshold = ((1n << 64n) - bound) % bound;
    for (;;) {
      const product = this.next64() * bound;
      if ((product & BITS_64) >= threshold) return Number(product >> 64n);
    }
  }
}

/** A seed as words of 32 bits, lowest first. */
function wordsOf(seed: number | bigint): Uint32Array {
  if (typeof seed !== "number" && typeof seed !== "bigint") {
    throw new TypeError(`Cannot seed with ${JSON.stringify(seed)}: a seed is a number or a bigint`);
  }
  if (seed < 0 || (typeof seed === "number" && !Number.isSafeInteger(seed))) {
    throw new RangeError(`Cannot seed with ${seed}: a seed is a whole number, not negative (a bigint beyond 2^53)`);
  }
  const words: number[] = [];
  for (let rest = BigInt(seed); rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & BITS_32));
  return Uint32Array.from(words);
}

/** NumPy's `SeedSequence`: entropy of any length, mixed into a pool in which every bit depends on every other. */
function mixEntropy(entropy: Uint32Array): Uint32Array {
  let constant: number = HASH.start;
  const hash = (word: number): number => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, HASH.multiplier);
    return fold(Math.imul(mixed, constant));
  };
  const mix = (x: number, y: number) => fold(Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y));
  const pool = Uint32Array.from({ length: POOL_SIZE }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL_SIZE; from++) {
    for (let to = 0; to < POOL_SIZE; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  }
  for (const word of entropy.subarray(POOL_SIZE)) {
    for (let to = 0; to < POOL_SIZE; to++) pool[to] = mix(pool[to]!, hash(word));
  }
  return pool;
}

function generateState(pool: Uint32Array, count: number): Uint32Array {
  let constant: number = STATE_HASH.start;
  return Uint32Array.from({ length: count }, (_, i) => {
    const mixed = pool[i % POOL_SIZE]! ^ constant;
    constant = Math.imul(constant, STATE_HASH.multiplier);
    return fold(Math.imul(mixed, constant));
  });
}

/** Folds the upper half of 32 bits into the lower. */
function fold(word: number): number {
  const bits = word >>> 0;
  return (bits ^ (bits >>> 16)) >>> 0;
}
