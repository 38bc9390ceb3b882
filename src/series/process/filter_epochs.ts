/**
 * Filters and spectra of series, epoch by epoch, by the functions of the signals' room.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { bandpass, highpass, lowpass, notch } from "../../signal/filter/filters.ts";
import { type Spectrum, welch, type WelchOptions } from "../../signal/spectrum/welch.ts";
import { checkOptions } from "../../source/options.ts";
import { memoryArray } from "../../array/memory.ts";
import type { TimeAxis } from "../../time/axis.ts";
import { followsPynapple } from "../options.ts";
import type { TimeIndex } from "../time_index.ts";
import {
  SERIES_BANDPASS_OPTIONS,
  SERIES_CUTOFF_OPTIONS,
  SERIES_NOTCH_OPTIONS,
  SERIES_SPECTRUM_OPTIONS,
  type SeriesFilterOptions,
  type SeriesSpectrumOptions,
} from "../values/filter_options.ts";
import type { Run } from "../values/rows.ts";
import { rowSize, toNumbers } from "../values/values.ts";

/** What a series' sampling rate is told from. */
export interface Sampled {
  /** Its times. */
  readonly axis: TimeAxis;
  /** Samples by the length of the time support. */
  readonly rate: number;
}

/** The values of each epoch, in memory. */
export interface EpochRows {
  /** The samples. */
  readonly index: TimeIndex;
  /** The values, which epochs' rows lie behind each other in. */
  readonly rows: NDArray;
  /** Which rows are whose. */
  readonly runs: readonly Run[];
}

const FILTERS = {
  bandpass: [bandpass, SERIES_BANDPASS_OPTIONS],
  highpass: [highpass, SERIES_CUTOFF_OPTIONS],
  lowpass: [lowpass, SERIES_CUTOFF_OPTIONS],
  notch: [notch, SERIES_NOTCH_OPTIONS],
} as const;

/**
 * Filters the rows of each epoch by themselves.
 *
 * @param name The filter
 * @param options Its options
 * @param series The series
 * @param load Reads its epochs
 * @returns Values in float64, of the same shape
 * @throws {RangeError} If a value is NaN, or an epoch is too short
 */
export async function filterEpochs(
  name: keyof typeof FILTERS,
  options: SeriesFilterOptions,
  series: Sampled,
  load: () => Promise<EpochRows>,
): Promise<{ readonly index: TimeIndex; readonly values: NDArray }> {
  const [design, names] = FILTERS[name];
  // Each takes its own options, as their names have just been checked.
  const filter = design as (input: LazyArray, options: object) => ReturnType<typeof bandpass>;
  checkOptions(options, names, name);
  const { index, rows, runs } = await load();
  const { epochs: _, signal, wholePages: __, compatible: ___, ...given } = options;
  const numbers = toNumbers(rows);
  const size = rowSize(rows);
  const odd = numbers.findIndex(Number.isNaN);
  if (odd >= 0) {
    throw new RangeError(`Cannot ${name}: row ${Math.floor(odd / size)} has a NaN; dropna() leaves such rows out`);
  }
  const samplingRate = samplingRateOf(options, series, name);
  const result = new Float64Array(numbers.length);
  for (const { from, to } of runs) {
    const part = memoryArray(ndarray(numbers.subarray(from * size, to * size), [to - from, size]));
    const filtered = filter(part, { ...given, samplingRate, dtype: "float64" });
    const { data } = await filtered.read([], { signal });
    result.set(data, from * size);
  }
  return { index, values: ndarray(result, rows.shape) };
}

/**
 * The power spectral density of one epoch, by Welch's method.
 *
 * @param options How
 * @param series The series
 * @param load Reads its epochs
 * @throws {RangeError} If there are several
 */
export async function spectrumOf(
  options: SeriesSpectrumOptions,
  series: Sampled,
  load: () => Promise<EpochRows>,
): Promise<Spectrum> {
  checkOptions(options, SERIES_SPECTRUM_OPTIONS, "find a spectrum");
  const { rows, runs } = await load();
  if (runs.length !== 1) {
    throw new RangeError(`Cannot find a spectrum over ${runs.length} epochs: give one as epochs, or restrict to one`);
  }
  const { epochs: _, wholePages: __, compatible: ___, ...rest } = options;
  const numbers = toNumbers(rows);
  const array = rows.shape.length === 1 ? ndarray(numbers) : ndarray(numbers, [rows.shape[0]!, rowSize(rows)]);
  return welch(array, { ...rest as WelchOptions, samplingRate: samplingRateOf(options, series, "find a spectrum") });
}

/** What is given; else that of regular times; else the most usual, without gaps, or as pynapple has it. */
function samplingRateOf(
  options: SeriesFilterOptions | SeriesSpectrumOptions,
  { axis, rate }: Sampled,
  name: string,
): number {
  if (options.samplingRate !== undefined) return options.samplingRate;
  if (followsPynapple(options)) return rate;
  if (axis.rate !== null) return axis.rate;
  const count = Math.min(axis.length - 1, 100_000);
  if (count < 1) throw new RangeError(`Cannot ${name} a series of ${axis.length} samples without a samplingRate`);
  const steps = Float64Array.from({ length: count }, (_, i) => axis.at(i + 1) - axis.at(i)).sort();
  const usual = steps[count >> 1]!;
  // Times are rounded, to nanoseconds at best: of many steps together that is little. What is left is taken off.
  const near = steps.filter((step) => step > 0.5 * usual && step < 1.5 * usual);
  const mean = near.reduce((sum, step) => sum + step, 0) / near.length;
  if (usual > 0) return Number((1 / mean).toPrecision(8));
  throw new RangeError(`Cannot ${name} a series whose times are the same without a samplingRate`);
}
