/**
 * Lengths of time, as methods take them.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { type TimeUnit, toSeconds } from "../../time/units.ts";
import { describe } from "../values/numbers.ts";

/** Options of methods of sets of intervals that take a length of time. */
export interface LengthOptions {
  /**
   * Unit of the length given.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
}

/** Names of `LengthOptions`. */
export const LENGTH_OPTIONS: OptionNames<LengthOptions> = { unit: true };

/** A length of time in seconds. @throws {TypeError} If it isn't a number. */
export function seconds(value: number, options: LengthOptions, what: string): number {
  if (typeof value !== "number") throw new TypeError(`Cannot use ${describe(value)} as ${what}: expected a number`);
  // A length isn't a time: a third of a second stays one.
  return options.unit === undefined || options.unit === "s" ? value : toSeconds([value], options.unit)[0]!;
}
