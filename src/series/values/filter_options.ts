/**
 * Options of filters, spectra and peaks of series.
 *
 * @module
 */

import type {
  BandpassOptions,
  CutoffOptions,
  FilterOptions,
  FindPeaksOptions,
  NotchOptions,
  WelchOptions,
} from "../../signal/mod.ts";
import type { OptionNames } from "../../source/options.ts";
import type { CompatibleOptions } from "../options.ts";
import type { ReadEpochOptions } from "./value_options.ts";

/** What all filters of series have: of `samplingRate` the series' own is the default, `"pynapple"` takes its `rate`, as pynapple does. */
export interface SeriesFilterOptions
  extends Pick<FilterOptions, "samplingRate" | "causal" | "edge">, ReadEpochOptions, CompatibleOptions {}

/** Options of `bandpass` of series. */
export interface SeriesBandpassOptions extends SeriesFilterOptions, Pick<BandpassOptions, "low" | "high" | "order"> {}

/** Options of `highpass` and `lowpass` of series. */
export interface SeriesCutoffOptions extends SeriesFilterOptions, Pick<CutoffOptions, "cutoff" | "order"> {}

/** Options of `notch` of series. */
export interface SeriesNotchOptions extends SeriesFilterOptions, Pick<NotchOptions, "frequency" | "quality"> {}

/** Options of spectra of series. */
export interface SeriesSpectrumOptions extends WelchOptions, ReadEpochOptions, CompatibleOptions {}

/** Options of peaks of series. */
export interface SeriesPeaksOptions extends FindPeaksOptions, ReadEpochOptions {}

/** Names of `SeriesBandpassOptions`. */
export const SERIES_BANDPASS_OPTIONS: OptionNames<SeriesBandpassOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  samplingRate: true,
  causal: true,
  edge: true,
  compatible: true,
  low: true,
  high: true,
  order: true,
};
/** Names of `SeriesCutoffOptions`. */
export const SERIES_CUTOFF_OPTIONS: OptionNames<SeriesCutoffOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  samplingRate: true,
  causal: true,
  edge: true,
  compatible: true,
  cutoff: true,
  order: true,
};
/** Names of `SeriesNotchOptions`. */
export const SERIES_NOTCH_OPTIONS: OptionNames<SeriesNotchOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  samplingRate: true,
  causal: true,
  edge: true,
  compatible: true,
  frequency: true,
  quality: true,
};
/** Names of `SeriesSpectrumOptions`. */
export const SERIES_SPECTRUM_OPTIONS: OptionNames<SeriesSpectrumOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  compatible: true,
  samplingRate: true,
  segment: true,
  overlap: true,
  window: true,
  detrend: true,
  scaling: true,
};
/** Names of `SeriesPeaksOptions`. */
export const SERIES_PEAKS_OPTIONS: OptionNames<SeriesPeaksOptions> = {
  epochs: true,
  signal: true,
  wholePages: true,
  height: true,
  threshold: true,
  distance: true,
  prominence: true,
  width: true,
  windowLength: true,
  relativeHeight: true,
  plateauSize: true,
};
