/**
 * What series with values share.
 *
 * @module
 */

import { FORMAT_OPTIONS, PRINT_OPTIONS } from "./print/print_options.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import { ndarray } from "../array/ndarray.ts";
import type { ArrayReadOptions, DType, LazyArray, NDArray, ReadIntoOptions, Selection } from "../array/types.ts";
import { rangesOf } from "../time/ranges.ts";
import type { Reduction } from "./bins/average.ts";
import { binRows, makeBins } from "./bins/bins.ts";
import type { Trim } from "./process/convolve.ts";
import { MICROSECOND } from "./intervals/fix_intervals.ts";
import { checkIntervals, type IntervalSet } from "./intervals/interval_set.ts";
import { seconds } from "./intervals/lengths.ts";
import { describe } from "./values/numbers.ts";
import { followsPynapple } from "./options.ts";
import type { PrintOptions } from "./print/print_options.ts";
import { formatSeries, printedRows } from "./print/print_series.ts";
import { type Rows, rowsOfMask, rowsOfRuns, type Run, takeTimes } from "./values/rows.ts";
import type { IndexedValues } from "./indexed_values.ts";
import { Series } from "./series.ts";
import { mapValues } from "./values/map_values.ts";
import { TimeIndex } from "./time_index.ts";
import type { TrialOptions } from "./bins/trials.ts";
import type { Tsd } from "./tsd.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import type { Spectrum } from "../signal/mod.ts";
import type {
  SeriesBandpassOptions,
  SeriesCutoffOptions,
  SeriesFilterOptions,
  SeriesNotchOptions,
  SeriesSpectrumOptions,
} from "./values/filter_options.ts";
import {
  BIN_AVERAGE_OPTIONS,
  type BinAverageOptions,
  CONVOLVE_OPTIONS,
  type ConvolveOptions,
  DECIMATE_OPTIONS,
  type DecimateOptions,
  DROPNA_OPTIONS,
  type DropnaOptions,
  INTERPOLATE_OPTIONS,
  type InterpolateOptions,
  READ_EPOCH_OPTIONS,
  type ReadEpochOptions,
  REDUCE_OPTIONS,
  type ReduceOptions,
  SMOOTH_OPTIONS,
  type SmoothOptions,
} from "./values/value_options.ts";
import {
  isLazy,
  loadValues,
  passingRows,
  readValues,
  takeRows,
  type Values,
  type ValuesInput,
} from "./values/values.ts";
import { ARRAY_READ_OPTIONS, READ_INTO_OPTIONS } from "../array/select/read_options.ts";

/**
 * A series with values: the parent of `Tsd`, `TsdFrame` and `TsdTensor`.
 *
 * Values may be lazy: an array that is read only where it is asked. Methods that need no values (`get`, `slice`,
 * `restrict`) give series that are lazy too, over a view, and read nothing. Methods that need values are asynchronous,
 * whether values are lazy or not, and read only the rows they need.
 */
export abstract class ValueSeries extends Series {
  /** The values, one row per sample; an array in memory lies in C order and is not to be written to. */
  readonly values: NDArray | LazyArray;

  /** Takes times in order, and a row for each. */
  constructor(indexed: IndexedValues) {
    super(indexed.index);
    this.values = indexed.values;
  }

  /**
   * A series of the same kind with other times and values: what methods and analyses make their results with. Names and
   * metadata of columns stay where there are as many columns.
   *
   * @param index Times in order
   * @param values As many rows
   */
  abstract like(index: TimeIndex, values: Values): this;

  /** Whether values are still to be read. */
  get isLazy(): boolean {
    return isLazy(this.values);
  }

  /** Length of each axis. */
  override get shape(): readonly number[] {
    return this.values.shape;
  }

  /** Type of the values. */
  get dtype(): DType {
    return this.values.dtype;
  }

  /** The series with its values in memory. */
  async load(options?: ArrayReadOptions): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "load");
    return this.isLazy ? this.like(this.index(), await loadValues(this.values, options)) : this;
  }

  /**
   * Reads values.
   *
   * @param selection Which; by default all
   * @param options Options
   * @returns An array of its own, or the memory given as `into`
   * @throws {SelectionError} If the selection doesn't fit the shape
   */
  read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray> {
    checkOptions(options, READ_INTO_OPTIONS, "read");
    return readValues(this.values, selection, options);
  }

  /**
   * Means in bins along each interval, as `count` makes them. Rows outside the bins aren't read, and no more are in memory
   * at once than a block.
   *
   * @param binSize Length of a bin
   * @param options Options
   * @returns Means at the centres of the bins; NaN where a bin is empty
   * @throws {RangeError} If the length is below a nanosecond
   */
  async binAverage(binSize: number, options: BinAverageOptions = {}): Promise<this> {
    checkOptions(options, BIN_AVERAGE_OPTIONS, "bin average");
    const epochs = this.epochsOf(options, "average in");
    const pynapple = followsPynapple(options);
    const bins = makeBins(epochs, seconds(binSize, options, "bin size"), pynapple);
    const { averageBins } = await import("./bins/average.ts");
    const rows = binRows(this.axis, epochs, bins, !pynapple);
    return this.like(new TimeIndex(bins.centers, epochs), await averageBins(this.values, rows, options));
  }

  /**
   * Values at another series' times, on straight lines between samples, within each interval. Of lazy values only the two
   * rows beside each time are read.
   *
   * @param ts The times; those outside the intervals are left out
   * @param options Options
   * @returns NaN where an interval has no sample
   */
  async interpolate(ts: Series, options: InterpolateOptions = {}): Promise<this> {
    checkOptions(options, INTERPOLATE_OPTIONS, "interpolate");
    if (!(ts instanceof Series)) {
      throw new TypeError(
        `Cannot interpolate at ${describe(ts)}: argument should be an instance of Ts, Tsd, TsdFrame or TsdTensor`,
      );
    }
    for (const edge of [options.left, options.right]) {
      if (edge !== undefined && typeof edge !== "number") {
        throw new TypeError(`Cannot interpolate with ${describe(edge)} at an end: expected a number`);
      }
    }
    const epochs = this.epochsOf(options, "interpolate in");
    const { interpolateRows } = await import("./process/interpolate.ts");
    const values = await interpolateRows(ts.times, this.times, this.values, epochs, options);
    return this.like(new TimeIndex(takeTimes(ts.times, rowsOfRuns(rangesOf(ts.times, epochs))), epochs), values);
  }

  /**
   * Without the rows that have a NaN. Rows are read in blocks.
   *
   * @param options Options
   * @returns The time support is the runs of rows left, within each interval (`"pynapple"`: across them); a run of one
   * row is a microsecond long
   */
  async dropna(options: DropnaOptions = {}): Promise<this> {
    checkOptions(options, DROPNA_OPTIONS, "dropna");
    const { isFull, runsOf } = await import("./process/passing.ts");
    const { passed, values } = await passingRows(this.values, isFull, options);
    const update = options.updateTimeSupport !== false && passed.includes(0);
    const bounds = followsPynapple(options) ? null : this.timeSupport;
    const support = update ? runsOf(this.times, passed, bounds, MICROSECOND) : this.timeSupport;
    return this.like(new TimeIndex(takeTimes(this.times, rowsOfMask(passed)), support), values);
  }

  /**
   * Convolves along time, within each interval; beyond its ends there are zeros.
   *
   * @param kernel A list of weights, or an array with a column per kernel, which adds an axis
   * @param options Options
   * @throws {ShapeError} If the kernel is empty or has more than two axes
   */
  async convolve(kernel: ValuesInput, options: ConvolveOptions = {}): Promise<Tsd | TsdFrame | TsdTensor> {
    checkOptions(options, CONVOLVE_OPTIONS, "convolve");
    const { trim = "both" } = options;
    if (!["both", "left", "right"].includes(trim)) {
      throw new TypeError(`Cannot trim by ${describe(trim)}: trim should be "both", "left" or "right"`);
    }
    const { toKernels } = await import("./process/convolve.ts");
    const { kernels, single } = toKernels(kernel);
    const { index, values, shape } = await this.#convolve(kernels, trim, options);
    return this.make(index, ndarray(values, single ? shape : [...shape, kernels.shape[1]!]));
  }

  /**
   * Smooths with a Gaussian window, along the time support.
   *
   * @param std Standard deviation of the window
   * @param options Options
   * @throws {RangeError} If the standard deviation isn't above zero, or the series has no rate
   */
  async smooth(std: number, options: SmoothOptions = {}): Promise<this> {
    checkOptions(options, SMOOTH_OPTIONS, "smooth");
    const { smoothingWindow } = await import("./process/smoothing.ts");
    const window = smoothingWindow(this.rate, std, options);
    const kernel = ndarray(window, [window.length, 1]);
    const { index, values, shape } = await this.#convolve(kernel, "both", { signal: options.signal });
    return this.like(index, ndarray(values, shape));
  }

  /**
   * Every `down`-th sample of each interval, after a filter that takes out what these couldn't show.
   *
   * @param down How many samples become one
   * @param options Options
   * @throws {RangeError} If `down` or the order isn't a positive integer, or an interval is too short for the filter
   */
  async decimate(down: number, options: DecimateOptions = {}): Promise<this> {
    checkOptions(options, DECIMATE_OPTIONS, "decimate");
    const { order = 8, filterType = "iir" } = options;
    const { checkDecimation, decimateRows } = await import("./process/decimate.ts");
    checkDecimation(down, order, filterType);
    const { index, rows, runs } = await this.#epochs(options, "decimate in");
    const values = decimateRows(rows, runs, down, order, filterType);
    const times = runs.flatMap(({ from, to }) => [...index.times.subarray(from, to).filter((_, i) => i % down === 0)]);
    return this.like(new TimeIndex(Float64Array.from(times), index.support), values);
  }

  /**
   * Lets a band of frequencies pass, within each interval: pynapple's `apply_bandpass_filter`, a Butterworth filter forwards and backwards.
   *
   * @param options The band, in Hz; the order, how
   * @returns Values in float64
   * @throws {RangeError} If a cut-off isn't between 0 and half the sampling rate, a value is NaN, or an interval is too short
   */
  bandpass(options: SeriesBandpassOptions): Promise<this> {
    return this.#filter("bandpass", options);
  }

  /** Lets what is above a frequency pass; else as {@linkcode bandpass}. */
  highpass(options: SeriesCutoffOptions): Promise<this> {
    return this.#filter("highpass", options);
  }

  /** Lets what is below a frequency pass; else as {@linkcode bandpass}. */
  lowpass(options: SeriesCutoffOptions): Promise<this> {
    return this.#filter("lowpass", options);
  }

  /** Takes out one frequency; else as {@linkcode bandpass}. */
  notch(options: SeriesNotchOptions): Promise<this> {
    return this.#filter("notch", options);
  }

  /**
   * The power spectral density of one interval by Welch's method, as SciPy's `welch`. pynapple's is `window: "boxcar"`,
   * `detrend: "none"` and a `segment` as long as the interval.
   *
   * @param options Segments, window
   * @throws {RangeError} If there are several intervals
   */
  async computePowerSpectralDensity(options: SeriesSpectrumOptions = {}): Promise<Spectrum> {
    const { spectrumOf } = await import("./process/filter_epochs.ts");
    return spectrumOf(options, this, () => this.#epochs(options, "find a spectrum in"));
  }

  /** The derivative by time, within each interval: NumPy's `gradient`; NaN where an interval has one sample. */
  async derivative(options: ReadEpochOptions = {}): Promise<this> {
    checkOptions(options, READ_EPOCH_OPTIONS, "derivative");
    const { index, rows, runs } = await this.#epochs(options, "differentiate in");
    const { differentiate } = await import("./process/derivative.ts");
    return this.like(index, differentiate(rows, index.times, runs));
  }

  /**
   * Values by trial.
   *
   * @param epochs The trials
   * @param options Options
   * @returns float64 of shape (…axes of a sample, trials, samples of the longest trial); shorter ones are padded
   */
  async toTrialTensor(epochs: IntervalSet, options: TrialOptions & ArrayReadOptions = {}): Promise<NDArray> {
    checkOptions(options, TRIAL_READ_OPTIONS, "make trials");
    const { rows, runs } = await this.#epochs({ ...options, epochs: checkIntervals(epochs, "make trials of") }, "read");
    const { stackTrials } = await import("./bins/trials.ts");
    return stackTrials(rows, runs, options);
  }

  /**
   * A function of each value.
   *
   * @param fn Given a value, its row and its column, a number or a truth value
   * @param options Options
   * @returns A series of float64, or of truth values
   */
  async map(
    fn: (value: number, row: number, column: number) => number | boolean,
    options?: ArrayReadOptions,
  ): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "map");
    return this.like(this.index(), await mapValues(this.values, fn, options));
  }

  /** The sum over time of each column, read in blocks: an array of a sample's shape. */
  sum(options?: ReduceOptions): Promise<NDArray> {
    checkOptions(options, REDUCE_OPTIONS, "sum");
    return this.#reduce("sum", options);
  }

  /** The mean over time of each column, read in blocks: an array of a sample's shape; NaN where there is no sample. */
  mean(options?: ReduceOptions): Promise<NDArray> {
    checkOptions(options, REDUCE_OPTIONS, "mean");
    return this.#reduce("mean", options);
  }

  /** The least value of each column, read in blocks: an array of a sample's shape; NaN where there is no sample. */
  min(options?: ReduceOptions): Promise<NDArray> {
    checkOptions(options, REDUCE_OPTIONS, "min");
    return this.#reduce("min", options);
  }

  /** The greatest value of each column, read in blocks: an array of a sample's shape; NaN where there is no sample. */
  max(options?: ReduceOptions): Promise<NDArray> {
    checkOptions(options, REDUCE_OPTIONS, "max");
    return this.#reduce("max", options);
  }

  /** The series as a table of text; of lazy values the times alone. */
  override toString(options?: PrintOptions): string {
    checkOptions(options, PRINT_OPTIONS, "print");
    return formatSeries(this, isLazy(this.values) ? null : this.values, options);
  }

  /** The series as a table of text. Of lazy values only the rows that are shown are read. */
  override async format(options?: PrintOptions & ArrayReadOptions): Promise<string> {
    checkOptions(options, FORMAT_OPTIONS, "print");
    const rows = printedRows(this.length, options);
    return formatSeries(this, await loadValues(takeRows(this.values, rows), options), options);
  }

  /** The times and time support, without warnings. */
  protected index(): TimeIndex {
    return new TimeIndex(this.axis, this.timeSupport);
  }

  /** Some of the samples. */
  protected override withRows(index: TimeIndex, rows: Rows | null): this {
    return this.like(index, takeRows(this.values, rows));
  }

  // The samples of intervals in memory, and which are whose.
  async #epochs(options: ReadEpochOptions, action: string): Promise<LoadedEpochs> {
    const part = this.restrict(this.epochsOf(options, action));
    const rows = await loadValues(part.values, options);
    return { index: part.index(), rows, runs: rangesOf(part.times, part.timeSupport) };
  }

  async #filter(name: "bandpass" | "highpass" | "lowpass" | "notch", options: SeriesFilterOptions): Promise<this> {
    const { filterEpochs } = await import("./process/filter_epochs.ts");
    const { index, values } = await filterEpochs(name, options, this, () => this.#epochs(options, `${name} in`));
    return this.like(index, values);
  }

  async #convolve(
    kernels: NDArray,
    trim: Trim,
    options: ReadEpochOptions,
  ): Promise<{ readonly index: TimeIndex; readonly values: Float64Array; readonly shape: readonly number[] }> {
    const { index, rows, runs } = await this.#epochs(options, "convolve in");
    const { convolveRows, longKernels } = await import("./process/convolve.ts");
    const values = convolveRows(rows, runs, kernels, trim).data as Float64Array;
    const warnings = longKernels(runs, kernels.shape[0]!);
    return { index: new TimeIndex(index.times, index.support, warnings), values, shape: rows.shape };
  }

  async #reduce(kind: Reduction, options: ReduceOptions = {}): Promise<NDArray> {
    const rows = options.epochs === undefined
      ? null
      : rowsOfRuns(rangesOf(this.axis, checkIntervals(options.epochs, "compute over")));
    const { reduceRows } = await import("./bins/average.ts");
    return reduceRows(this.values, rows, kind, options.skipNaN === true, options);
  }
}

/** What lies in intervals, in memory: samples, rows of values, and which are whose. */
interface LoadedEpochs {
  readonly index: TimeIndex;
  readonly rows: NDArray;
  readonly runs: readonly Run[];
}

const TRIAL_READ_OPTIONS: OptionNames<TrialOptions & ArrayReadOptions> = {
  align: true,
  padding: true,
  ...ARRAY_READ_OPTIONS,
};
