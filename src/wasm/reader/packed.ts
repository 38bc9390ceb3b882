/**
 * Numbers that aren't whole machine words: integers of 24 bits, words of 10 or 12, single bits.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { checkCount, countOf, inBlocks } from "./blocks.ts";
import type { ReaderInstance } from "./memory.ts";
import { type Bytes, bytesOf, type Layout } from "./types.ts";

/** How words of 10 or 12 bits are packed. */
export interface PackedOptions {
  /** Bits per value. */
  readonly bits: 10 | 12;
  /**
   * `lsb`: a bit stream that begins at the lowest bit of the first byte, values with their lowest bit first. `msb`: one
   * that begins at the highest bit of the first byte, values with their highest bit first. `mipi`: groups of 4 values in
   * 5 bytes (10 bits) or 2 in 3 (12 bits): a byte each of their upper 8 bits, then one of their lower bits, the first
   * value's lowest.
   */
  readonly packing: "lsb" | "msb" | "mipi";
  /** Values left out at the beginning; the bytes begin with a group. */
  readonly skip?: number | undefined;
  /** Values wanted; all by default. */
  readonly count?: number | undefined;
}

/** Which bits to take from words. */
export interface BitsOptions {
  /** First bit; 0, the lowest, by default. */
  readonly first?: number | undefined;
  /** How many; all from `first` on by default. */
  readonly count?: number | undefined;
  /** `time-major` (the default): `[words][bits]`. `channel-major`: `[bits][words]`. */
  readonly layout?: Layout | undefined;
  /** Whether the words are big-endian. */
  readonly swap?: boolean | undefined;
}

/**
 * Converts integers of 24 bits.
 *
 * @param instance The module.
 * @param source Their bytes.
 * @param options Signed unless said otherwise, little-endian unless `bigEndian`.
 * @returns The integers.
 * @throws {ShapeError} If the source isn't whole integers.
 */
export function int24(
  instance: ReaderInstance,
  source: Bytes,
  options: { readonly signed?: boolean | undefined; readonly bigEndian?: boolean | undefined } = {},
): Int32Array<ArrayBuffer> {
  const { signed = true, bigEndian = false } = options;
  const count = countOf(source, 3, "convert integers of 24 bits");
  const out = new Int32Array(count);
  const flags = (signed ? 1 : 0) | (bigEndian ? 2 : 0);
  const steps = { source: bytesOf(source), sourceStep: 3, target: bytesOf(out), targetStep: 4, count };
  inBlocks(instance, steps, ({ exports }, target, into, _, n) => exports.mr_int24(target, into, n, flags));
  return out;
}

/**
 * Unpacks words of 10 or 12 bits.
 *
 * @param instance The module.
 * @param source Their bytes, beginning with a group: 5 bytes of 10-bit words, 3 of 12-bit words.
 * @param options How they are packed, and which are wanted.
 * @returns The words.
 * @throws {ShapeError} If the source has fewer.
 */
export function unpack(instance: ReaderInstance, source: Bytes, options: PackedOptions): Uint16Array<ArrayBuffer> {
  const { bits, packing, skip = 0 } = options;
  const code = ["lsb", "msb", "mipi"].indexOf(packing);
  if ((bits !== 10 && bits !== 12) || code < 0) {
    throw new ShapeError(`Cannot unpack words of ${bits} bits packed as ${packing}`);
  }
  // A whole number of bytes in every packing.
  const [group, groupBytes] = bits === 10 ? [4, 5] : [2, 3];
  const whole = Math.floor(source.byteLength / groupBytes);
  const rest = packing === "mipi" ? 0 : Math.floor((source.byteLength - whole * groupBytes) * 8 / bits);
  const held = whole * group + rest;
  const count = options.count ?? Math.max(held - skip, 0);
  checkCount(skip, "number of words to skip");
  checkCount(count, "number of words");
  if (skip + count > held) {
    throw new ShapeError(
      `Cannot unpack ${skip + count} words of ${bits} bits: ${source.byteLength} bytes hold ${held}`,
    );
  }
  const out = new Uint16Array(skip + count);
  const steps = {
    source: bytesOf(source),
    sourceStep: groupBytes,
    target: new Uint8Array(Math.ceil(out.length / group) * group * 2),
    targetStep: 2 * group,
    count: Math.ceil(out.length / group),
  };
  inBlocks(instance, steps, ({ exports }, target, into, first, n) => {
    const words = Math.min(n * group, out.length - first * group);
    const length = Math.min(n * groupBytes, source.byteLength - first * groupBytes);
    return exports.mr_unpack(target, words, into, length, bits, code);
  });
  return new Uint16Array(steps.target.buffer, 0, out.length).slice(skip);
}

/**
 * Takes words apart into bits, as channels.
 *
 * @param instance The module.
 * @param words The words' bytes.
 * @param wordsize Bytes per word.
 * @param options Which bits, and how they are laid out.
 * @returns 0 or 1 per word and bit.
 * @throws {ShapeError} If there are no such bits, or the bytes aren't whole words.
 */
export function bits(
  instance: ReaderInstance,
  words: Bytes,
  wordsize: 1 | 2 | 4,
  options: BitsOptions = {},
): Uint8Array<ArrayBuffer> {
  if (![1, 2, 4].includes(wordsize)) throw new ShapeError(`Cannot take bits of words of ${wordsize} bytes`);
  const { first = 0, count: each = 8 * wordsize - first, layout = "time-major", swap = false } = options;
  checkCount(first, "first bit");
  checkCount(each, "number of bits");
  if (first + each > 8 * wordsize) {
    throw new ShapeError(`Cannot take bits ${first} to ${first + each - 1} of words of ${8 * wordsize}`);
  }
  const count = countOf(words, wordsize, "take bits of words");
  const out = new Uint8Array(count * each);
  const unit = swap ? wordsize : 1;
  const source = bytesOf(words);
  const take = (target: Uint8Array, from: number, n: number) =>
    inBlocks(
      instance,
      { source, sourceStep: wordsize, target, targetStep: n, count, unit },
      ({ exports }, to, into, _, now) => exports.mr_bits(to, into, now, wordsize, from, n, 0),
    );
  if (layout === "time-major") take(out, first, each);
  else for (let i = 0; i < each; i++) take(out.subarray(i * count, (i + 1) * count), first + i, 1);
  return out;
}
