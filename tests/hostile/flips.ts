/**
 * Damage by seed: the same number is the same damage on every machine.
 *
 * @module
 */
import type { Files, Kind, Range } from "./kind.ts";

/** Random whole numbers below a bound, by seed (mulberry32). */
export function randomBy(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * below);
  };
}

/** A damaged input, and where it was damaged. */
export interface Damaged {
  readonly files: Files;
  readonly file: string;
  readonly offset: number;
  /** In words, for reports. */
  readonly what: string;
}

const WIDTHS = [2, 4, 8] as const;
/** Numbers that are likely to be believed, or to overflow. */
const NUMBERS = [
  0n,
  1n,
  2n,
  7n,
  8n,
  255n,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0xfffffff0n,
  0xffffffffn,
  2n ** 40n,
  2n ** 64n - 1n,
];

/**
 * Damages an input: most often one bit, else a byte, or a number that is likely to be believed.
 *
 * @param kind Its kind
 * @param sound The sound input
 * @param targets Where damage goes
 * @param seed Which damage
 */
export function flip(kind: Kind, sound: Files, targets: readonly Range[], seed: number): Damaged {
  const random = randomBy(seed);
  let at = random(targets.reduce((sum, { start, end }) => sum + end - start, 0));
  let target = targets[0]!;
  for (target of targets) {
    if (at < target.end - target.start) break;
    at -= target.end - target.start;
  }
  const { file } = target;
  const offset = target.start + at;
  const bytes = sound.get(file)!.slice();
  let what: string;
  const how = random(10);
  if (how < 7) {
    const bit = random(8);
    bytes[offset]! ^= 1 << bit;
    what = `bit ${bit} of byte ${offset}`;
  } else if (how === 7) {
    bytes[offset] = random(256);
    what = `byte ${offset} = ${bytes[offset]}`;
  } else {
    const width = WIDTHS[random(3)]!;
    const length = BigInt(bytes.length);
    const value = how === 8
      ? NUMBERS[random(NUMBERS.length)]!
      : BigInt(random(bytes.length)) + (random(8) === 0 ? length : 0n);
    for (let i = 0; i < width && offset + i < bytes.length; i++) {
      bytes[offset + i] = Number((value >> BigInt(8 * i)) & 255n);
    }
    what = `${width} bytes at ${offset} = ${value}`;
  }
  const files = new Map(sound).set(file, bytes);
  kind.mend?.(files, sound, file, offset);
  return { files, file, offset, what: file === "" ? what : `${what} of ${file}` };
}

/** Every length at which a file is cut off: each 4 KiB, the smallest first. */
export function cuts(sound: Files): { file: string; length: number }[] {
  return [...sound].flatMap(([file, { length }]) =>
    Array.from({ length: Math.ceil(length / 4096) }, (_, i) => ({ file, length: 4096 * i }))
  );
}

/** Cuts a file off. */
export function cut(sound: Files, { file, length }: { file: string; length: number }): Damaged {
  const files = new Map(sound).set(file, sound.get(file)!.slice(0, length));
  return { files, file, offset: length, what: `cut off at ${length}${file === "" ? "" : ` of ${file}`}` };
}
