/**
 * Options of methods that all series have.
 *
 * @module
 */

import type { ArrayReadOptions } from "../array/types.ts";
import type { OptionNames } from "../source/options.ts";
import type { IntervalSet } from "./intervals/interval_set.ts";
import type { LengthOptions } from "./intervals/lengths.ts";
import type { MatchMode } from "./process/match.ts";
import type { CompatibleOptions } from "./options.ts";

/** Options of methods that look at part of a series. */
export interface EpochOptions {
  /**
   * Where to look.
   *
   * By default the time support.
   */
  readonly epochs?: IntervalSet | undefined;
}

/** Options of counting and averaging in bins. */
export interface BinOptions extends EpochOptions, LengthOptions, CompatibleOptions {}

/** Options of counting. */
export interface CountOptions extends BinOptions {
  /**
   * NumPy's name of the type of the counts.
   *
   * @default {"int32"}
   */
  readonly dtype?: string | undefined;
}

/** Names of `CountOptions`. */
export const COUNT_OPTIONS: OptionNames<CountOptions> = { dtype: true, epochs: true, unit: true, compatible: true };

/** Options of differences between times. */
export interface TimeDiffOptions extends EpochOptions {
  /**
   * Which time a difference gets: that of the first sample, of the second, or between them.
   *
   * @default {"center"}
   */
  readonly align?: "start" | "center" | "end" | undefined;
}

/** Names of `TimeDiffOptions`. */
export const TIME_DIFF_OPTIONS: OptionNames<TimeDiffOptions> = { align: true, epochs: true };

/** Options of taking values from another series. */
export interface ValueFromOptions extends ArrayReadOptions {
  /**
   * Where to look.
   *
   * By default the time support of the series that the values come from.
   */
  readonly epochs?: IntervalSet | undefined;
  /**
   * Which sample's value is taken: the nearest (of two equally near the later), the last one up to the time, or the
   * first one from it.
   *
   * @default {"closest"}
   */
  readonly mode?: MatchMode | undefined;
}

/** Names of `ValueFromOptions`. */
export const VALUE_FROM_OPTIONS: OptionNames<ValueFromOptions> = {
  epochs: true,
  mode: true,
  signal: true,
  wholePages: true,
};
