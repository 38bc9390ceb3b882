/**
 * Numbers of bytes as text.
 *
 * @module
 */
import { checkOptions, type OptionNames } from "../source/options.ts";

/** Options of {@linkcode parseBytes} and {@linkcode formatSize}. */
export interface SizeOptions {
  /**
   * What kB, MB, GB, TB and PB (and the letters alone) stand for: powers of 1,000, or of 1,024 as YASS has them. KiB,
   * MiB, GiB, TiB and PiB are powers of 1,024 always.
   *
   * @default {"decimal"}
   */
  readonly units?: "decimal" | "binary" | undefined;
}

/** Names of `SizeOptions`. */
export const SIZE_OPTIONS: OptionNames<SizeOptions> = { units: true };

const LETTERS = "KMGTP";

/**
 * The number of bytes that a size such as `"200MB"`, `"1.5 GB"`, `"1GiB"` or `"64k"` stands for.
 *
 * MB and the like are decimal, as the standard has them and hdmf takes them, so that `"1 GB"` is 1,000,000,000 bytes.
 * YASS takes the same letters as powers of 1,024: `units: "binary"` reads its configurations. Upper or lower case makes
 * no difference, nor do blanks before the unit, and fractions are allowed (YASS refuses these three); the result is
 * rounded to a whole byte.
 *
 * @param size A number of bytes, which is given back, or text
 * @param options What the units stand for
 * @returns The number of bytes
 * @throws {SyntaxError} If the text is no size
 * @throws {RangeError} If the number of bytes is negative, not whole, or larger than 2^53 - 1
 * @throws {TypeError} If it is neither a number nor text
 *
 * @example Usage
 * ```ts
 * import { parseBytes } from "./sizes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseBytes("200MB"), 200_000_000);
 * assert.equal(parseBytes("1.5 GiB"), 1_610_612_736);
 * assert.equal(parseBytes("2KB", { units: "binary" }), 2048);
 * ```
 */
export function parseBytes(size: number | string, options: SizeOptions = {}): number {
  checkOptions(options, SIZE_OPTIONS, "read a size");
  if (typeof size === "number") {
    if (Number.isSafeInteger(size) && size >= 0) return size;
    throw new RangeError(`Cannot use ${size} as a size: expected a whole number of bytes, 0 or more`);
  }
  if (typeof size !== "string") throw new TypeError(`Cannot use a size of type ${typeof size}: expected text or bytes`);
  const match = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*(?:([kmgtp])(i?)b?|b)?\s*$/i.exec(size);
  if (match === null) {
    throw new SyntaxError(
      `Cannot read the size ${JSON.stringify(size)}: expected a number and a unit, such as "200MB", "1.5 GB" or "1GiB"`,
    );
  }
  const [, digits, letter = "", binary = ""] = match;
  const base = binary !== "" || options.units === "binary" ? 1024 : 1000;
  const power = letter === "" ? 0 : LETTERS.indexOf(letter.toUpperCase()) + 1;
  const bytes = Math.round(Number(digits) * base ** power);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new RangeError(`Cannot use the size ${JSON.stringify(size)}: it is more than 2^53 - 1 bytes`);
}

/**
 * A number of bytes in the largest unit that it fills and that loses nothing: {@linkcode parseBytes} gives the same number back.
 * For a short text that people read, see `formatBytes`.
 *
 * @param bytes How many
 * @param options With `"binary"` the units are powers of 1,024 and are called KiB, MiB and so on
 * @returns For example `64 MB`, `1.5 GiB`, `1.234567 MB`
 * @throws {RangeError} If the number of bytes is negative, not whole, or larger than 2^53 - 1
 *
 * @example Usage
 * ```ts
 * import { formatSize } from "./sizes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatSize(64_000_000), "64 MB");
 * assert.equal(formatSize(1536, { units: "binary" }), "1.5 KiB");
 * ```
 */
export function formatSize(bytes: number, options: SizeOptions = {}): string {
  checkOptions(options, SIZE_OPTIONS, "write a size");
  const binary = options.units === "binary";
  const base = binary ? 1024 : 1000;
  let power = 0;
  while (power < LETTERS.length && parseBytes(bytes) >= base ** (power + 1)) power++;
  // Large numbers lose their last digit in a unit so large.
  while (power > 0 && Math.round(bytes / base ** power * base ** power) !== bytes) power--;
  const letter = LETTERS[power - 1];
  const unit = letter === undefined ? "B" : binary ? `${letter}iB` : letter === "K" ? "kB" : `${letter}B`;
  return `${bytes / base ** power} ${unit}`;
}
