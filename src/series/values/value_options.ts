/**
 * Options of methods that need values.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import type { ArrayReadOptions } from "../../array/types.ts";
import type { TimeUnit } from "../../time/units.ts";
import type { Trim } from "../process/convolve.ts";
import type { DecimationFilter } from "../process/decimate.ts";
import type { InterpolateEdges } from "../process/interpolate.ts";
import type { CompatibleOptions } from "../options.ts";
import type { BinOptions, EpochOptions } from "../series_options.ts";

/** Options of methods that read values of part of a series. */
export interface ReadEpochOptions extends EpochOptions, ArrayReadOptions {}

/** Names of `ReadEpochOptions`. */
export const READ_EPOCH_OPTIONS: OptionNames<ReadEpochOptions> = { epochs: true, signal: true, wholePages: true };

/** Options of averages in bins. */
export interface BinAverageOptions extends BinOptions, ArrayReadOptions {}

/** Names of `BinAverageOptions`. */
export const BIN_AVERAGE_OPTIONS: OptionNames<BinAverageOptions> = {
  epochs: true,
  unit: true,
  compatible: true,
  signal: true,
  wholePages: true,
};

/** Options of values between samples. */
export interface InterpolateOptions extends ReadEpochOptions, InterpolateEdges {}

/** Names of `InterpolateOptions`. */
export const INTERPOLATE_OPTIONS: OptionNames<InterpolateOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  left: true,
  right: true,
};

/** Options of leaving out rows with NaN. */
export interface DropnaOptions extends ArrayReadOptions, CompatibleOptions {
  /**
   * Whether the time support becomes the runs of rows that are left, else it stays.
   *
   * @default {true}
   */
  readonly updateTimeSupport?: boolean | undefined;
}

/** Names of `DropnaOptions`. */
export const DROPNA_OPTIONS: OptionNames<DropnaOptions> = {
  updateTimeSupport: true,
  signal: true,
  wholePages: true,
  compatible: true,
};

/** Options of convolution. */
export interface ConvolveOptions extends ReadEpochOptions {
  /**
   * Which ends of the full convolution are cut off.
   *
   * @default {"both"}
   */
  readonly trim?: Trim | undefined;
}

/** Names of `ConvolveOptions`. */
export const CONVOLVE_OPTIONS: OptionNames<ConvolveOptions> = {
  trim: true,
  epochs: true,
  signal: true,
  wholePages: true,
};

/** Options of smoothing. */
export interface SmoothOptions extends ArrayReadOptions {
  /**
   * Unit of the standard deviation and of the length of the window.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
  /** Length of the window. By default `sizeFactor` standard deviations. */
  readonly windowSize?: number | undefined;
  /**
   * Length of the window, in standard deviations.
   *
   * @default {100}
   */
  readonly sizeFactor?: number | undefined;
  /**
   * Whether the window is made to sum up to 1.
   *
   * @default {true}
   */
  readonly norm?: boolean | undefined;
}

/** Names of `SmoothOptions`. */
export const SMOOTH_OPTIONS: OptionNames<SmoothOptions> = {
  unit: true,
  windowSize: true,
  sizeFactor: true,
  norm: true,
  signal: true,
  wholePages: true,
};

/** Options of decimation. */
export interface DecimateOptions extends ReadEpochOptions {
  /**
   * Order of the filter.
   *
   * @default {8}
   */
  readonly order?: number | undefined;
  /**
   * Kind of the filter.
   *
   * @default {"iir"}
   */
  readonly filterType?: DecimationFilter | undefined;
}

/** Names of `DecimateOptions`. */
export const DECIMATE_OPTIONS: OptionNames<DecimateOptions> = {
  order: true,
  filterType: true,
  epochs: true,
  signal: true,
  wholePages: true,
};

/** Options of sums, means and extremes. */
export interface ReduceOptions extends ReadEpochOptions {
  /**
   * Whether NaN is left out; else it makes the result NaN.
   *
   * @default {false}
   */
  readonly skipNaN?: boolean | undefined;
}

/** Names of `ReduceOptions`. */
export const REDUCE_OPTIONS: OptionNames<ReduceOptions> = {
  skipNaN: true,
  epochs: true,
  signal: true,
  wholePages: true,
};
