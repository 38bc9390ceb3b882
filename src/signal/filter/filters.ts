/**
 * Filters as lazy arrays: band-pass, high-pass, low-pass and notch.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions } from "../../source/options.ts";
import { frequencyOf, numberOf, rateOf } from "../transform/check.ts";
import type { TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { type BandType, butterworthSections, notchSection } from "./butterworth.ts";
import { FILTER_OPTIONS, type FilterOptions, prepareFilter } from "./prepare_filter.ts";

/** Options of Butterworth filters. */
export interface ButterworthOptions extends FilterOptions {
  /**
   * The order of the design: the number of poles, twice that of a band.
   *
   * @default {4}
   */
  readonly order?: number | undefined;
}

/** Options of {@linkcode bandpass}. */
export interface BandpassOptions extends ButterworthOptions {
  /** Lower cut-off, in Hz, where half the power passes. */
  readonly low: number;
  /** Upper cut-off, in Hz. */
  readonly high: number;
}

/** Options of {@linkcode highpass} and {@linkcode lowpass}. */
export interface CutoffOptions extends ButterworthOptions {
  /** The cut-off, in Hz, where half the power passes. */
  readonly cutoff: number;
}

/** Options of {@linkcode notch}. */
export interface NotchOptions extends FilterOptions {
  /** The frequency that is taken out, in Hz. */
  readonly frequency: number;
  /**
   * The frequency by the width of the notch at half the power.
   *
   * @default {30}
   */
  readonly quality?: number | undefined;
}

/**
 * Lets a band of frequencies pass: a Butterworth filter, as SciPy designs it, in second-order sections. Zero-phase unless `causal`.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options The band, the order, how
 * @returns A lazy array of the same shape; reading a window reads the input's window and a margin
 * @throws {RangeError} If a cut-off isn't between 0 and half the sampling rate, or there are too few samples
 * @throws {TypeError} If the sampling rate isn't known
 *
 * @example Usage
 * ```ts
 * import { bandpass } from "./filters.ts";
 * import { memoryArray } from "../../array/memory.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * // 1,000 Hz, and ten times as much at 1 Hz.
 * const samples = Float64Array.from({ length: 30_000 }, (_, i) => Math.sin(i * 2 * Math.PI / 30) + 10 * Math.sin(i * 2 * Math.PI / 30_000));
 * const filtered = bandpass(memoryArray(ndarray(samples)), { samplingRate: 30_000, low: 300, high: 6000 });
 * const { data } = await filtered.read([{ start: 15_000, stop: 15_030, step: 1 }]);
 * assert.ok(Math.abs(Math.max(...data) - 1) < 0.01);
 * ```
 */
export function bandpass(
  input: LazyArray | NDArray,
  options: BandpassOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(BANDPASS, input, { ...options });
}

/** Lets frequencies above a cut-off pass; else as {@linkcode bandpass}. */
export function highpass(
  input: LazyArray | NDArray,
  options: CutoffOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(HIGHPASS, input, { ...options });
}

/** Lets frequencies below a cut-off pass; else as {@linkcode bandpass}. */
export function lowpass(
  input: LazyArray | NDArray,
  options: CutoffOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(LOWPASS, input, { ...options });
}

/** Takes out one frequency, such as that of the mains, as SciPy's `iirnotch`; else as {@linkcode bandpass}. */
export function notch(
  input: LazyArray | NDArray,
  options: NotchOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(NOTCH, input, { ...options });
}

/** {@linkcode bandpass} as a line of the registry. */
export const BANDPASS: TransformKind = /* @__PURE__ */ butterworthKind("bandpass", ["low", "high"]);
/** {@linkcode highpass} as a line of the registry. */
export const HIGHPASS: TransformKind = /* @__PURE__ */ butterworthKind("highpass", ["cutoff"]);
/** {@linkcode lowpass} as a line of the registry. */
export const LOWPASS: TransformKind = /* @__PURE__ */ butterworthKind("lowpass", ["cutoff"]);
/** {@linkcode notch} as a line of the registry. */
export const NOTCH: TransformKind = {
  name: "notch",
  prepare(input, options) {
    checkOptions(options, { ...FILTER_OPTIONS, frequency: true, quality: true }, "notch");
    const rate = rateOf("notch", input, options);
    const frequency = frequencyOf("notch", "frequency", options, rate);
    const quality = numberOf("notch", "quality", options, 30);
    if (!(quality > 0)) throw new RangeError(`Cannot notch with a quality of ${quality}: expected a number above 0`);
    const sections = [notchSection(2 * frequency / rate, quality)];
    return prepareFilter({ name: "notch", sections, options: { frequency, quality } }, input, options);
  },
};

function butterworthKind(name: BandType, cutoffs: readonly string[]): TransformKind {
  const names = Object.fromEntries(
    [...Object.keys(FILTER_OPTIONS), "order", ...cutoffs].map((name) => [name, true as const]),
  );
  return {
    name,
    prepare(input, options) {
      checkOptions(options, names, name);
      const rate = rateOf(name, input, options);
      const frequencies = cutoffs.map((cutoff) => frequencyOf(name, cutoff, options, rate));
      if (frequencies.length === 2 && !(frequencies[0]! < frequencies[1]!)) {
        throw new RangeError(`Cannot ${name} from ${frequencies[0]} to ${frequencies[1]} Hz: low must lie below high`);
      }
      const order = numberOf(name, "order", options, 4);
      if (!Number.isInteger(order) || order < 1 || order > 32) {
        throw new RangeError(`Cannot ${name} with an order of ${order}: expected a whole number from 1 to 32`);
      }
      const sections = butterworthSections(order, frequencies.map((frequency) => 2 * frequency / rate), name);
      const said = Object.fromEntries(cutoffs.map((cutoff, i) => [cutoff, frequencies[i]!]));
      return prepareFilter({ name, sections, options: { ...said, order } }, input, options);
    },
  };
}
