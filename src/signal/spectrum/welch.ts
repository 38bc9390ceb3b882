/**
 * Power spectral densities by Welch's method.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import { memoryArray } from "../../array/memory.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { chooseOf, numberOf, rateOf } from "../transform/check.ts";
import { blocksOf } from "../transform/sample_rows.ts";
import type { Block } from "../transform/transform.ts";
import { inputOf } from "../transform/transformed_array.ts";
import { realTransform } from "./fourier.ts";

/** Options of {@linkcode welch}. */
export interface WelchOptions {
  /** Samples per second; may be left out where the array knows it. */
  readonly samplingRate?: number | undefined;
  /**
   * Samples of a segment; no more than there are.
   *
   * @default {256}
   */
  readonly segment?: number | undefined;
  /**
   * Samples that a segment shares with the next.
   *
   * @default {half a segment}
   */
  readonly overlap?: number | undefined;
  /**
   * The window that segments are seen through.
   *
   * @default {"hann"}
   */
  readonly window?: "hann" | "hamming" | "boxcar" | undefined;
  /**
   * What is taken off each segment: its mean, its straight line, or nothing.
   *
   * @default {"constant"}
   */
  readonly detrend?: "constant" | "linear" | "none" | undefined;
  /**
   * Power by frequency (`density`, squared units by Hz), or of each line (`spectrum`, squared units).
   *
   * @default {"density"}
   */
  readonly scaling?: "density" | "spectrum" | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode welch} gives. */
export interface Spectrum {
  /** Frequencies, in Hz, from 0 to half the sampling rate. */
  readonly frequencies: Float64Array;
  /** Power, of shape [frequencies, channels], or [frequencies] of one channel. */
  readonly power: NDArray<Float64Array>;
}

/**
 * The power spectral density of each channel: the mean over segments of their periodograms, as SciPy's `welch` gives it, one-sided. Values
 * are read in blocks.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options Segments, window
 * @throws {RangeError} If there are no samples, or segments that make no sense
 *
 * @example Usage
 * ```ts
 * import { welch } from "./welch.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(Float64Array.from({ length: 2000 }, (_, i) => Math.sin(2 * Math.PI * 125 * i / 1000)));
 * const { frequencies, power } = await welch(samples, { samplingRate: 1000 });
 * assert.equal(frequencies[power.data.indexOf(Math.max(...power.data))], 125);
 * ```
 */
export async function welch(input: LazyArray | NDArray, options: WelchOptions = {}): Promise<Spectrum> {
  checkOptions(options, NAMES, "find a spectrum");
  const lazy = isNDArray(input) ? memoryArray(input) as LazyArray : input as LazyArray;
  const known = inputOf(lazy, "find a spectrum of");
  const rate = rateOf("find a spectrum", known, options);
  const [rows, channels] = known.shape;
  const { segment, overlap, window, detrend, scaling } = segmentsOf(options, rows);
  const weights = windowOf(window, segment);
  const sum = (of: (weight: number) => number) => weights.reduce((total, weight) => total + of(weight), 0);
  const norm = scaling === "density" ? 1 / (rate * sum((weight) => weight * weight)) : 1 / sum((weight) => weight) ** 2;
  const transform = realTransform(segment);
  const count = Math.floor(segment / 2) + 1;
  const power = new Float64Array(count * channels);
  const step = segment - overlap;
  const segments = Math.floor((rows - overlap) / step);
  const add = (block: Block, first: number) => {
    for (let channel = 0; channel < channels; channel++) {
      const values = Float64Array.from(
        { length: segment },
        (_, i) => Number(block.data[(first + i) * channels + channel]),
      );
      takeTrend(values, detrend);
      for (let i = 0; i < segment; i++) values[i]! *= weights[i]!;
      const { re, im } = transform(values);
      for (let k = 0; k < count; k++) power[k * channels + channel]! += re[k]! ** 2 + im[k]! ** 2;
    }
  };
  // Stretches of whole segments, so that a block has all of one.
  const some = Math.max(1, Math.floor(2 ** 20 / Math.max(1, channels) / step));
  for (let from = 0; from < segments; from += some) {
    const now = Math.min(some, segments - from);
    const stretch = { from: from * step, to: (from + now - 1) * step + segment };
    const block = await joined(lazy, stretch, channels, options.signal);
    for (let i = 0; i < now; i++) add(block, i * step);
  }
  for (let k = 0; k < count; k++) {
    // What lies beyond half the rate is the mirror image: its power is added to all that have one.
    const twice = k === 0 || (segment % 2 === 0 && k === count - 1) ? 1 : 2;
    for (let channel = 0; channel < channels; channel++) power[k * channels + channel]! *= norm * twice / segments;
  }
  return {
    frequencies: Float64Array.from({ length: count }, (_, k) => k * rate / segment),
    power: ndarray(power, lazy.shape.length === 1 ? [count] : [count, channels]),
  };
}

const NAMES: OptionNames<WelchOptions> = {
  samplingRate: true,
  segment: true,
  overlap: true,
  window: true,
  detrend: true,
  scaling: true,
  signal: true,
};

function segmentsOf(options: WelchOptions, rows: number) {
  if (rows === 0) throw new RangeError("Cannot find a spectrum of no samples");
  const segment = Math.min(rows, numberOf("find a spectrum", "segment", options, 256));
  if (!(Number.isInteger(segment) && segment >= 1)) {
    throw new RangeError(`Cannot find a spectrum of segments of ${segment} samples: expected a whole number above 0`);
  }
  const overlap = numberOf("find a spectrum", "overlap", options, Math.floor(segment / 2));
  if (!(Number.isInteger(overlap) && overlap >= 0 && overlap < segment)) {
    throw new RangeError(`Cannot find a spectrum: segments of ${segment} samples can't share ${overlap}`);
  }
  const name = "find a spectrum";
  return {
    segment,
    overlap,
    window: chooseOf(name, "window", options.window ?? "hann", ["hann", "hamming", "boxcar"]),
    detrend: chooseOf(name, "detrend", options.detrend ?? "constant", ["constant", "linear", "none"]),
    scaling: chooseOf(name, "scaling", options.scaling ?? "density", ["density", "spectrum"]),
  };
}

/** Windows as periods: the first value would follow the last. */
function windowOf(window: "hann" | "hamming" | "boxcar", length: number): Float64Array {
  const [mean, swing] = window === "hann" ? [0.5, 0.5] : window === "hamming" ? [0.54, 0.46] : [1, 0];
  if (length === 1) return Float64Array.of(1);
  return Float64Array.from({ length }, (_, i) => mean - swing * Math.cos(2 * Math.PI * i / length));
}

function takeTrend(values: Float64Array, detrend: "constant" | "linear" | "none"): void {
  if (detrend === "none") return;
  const n = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  const middle = (n - 1) / 2;
  let [slope, spread] = [0, 0];
  if (detrend === "linear") {
    for (let i = 0; i < n; i++) {
      slope += (i - middle) * (values[i]! - mean);
      spread += (i - middle) ** 2;
    }
    slope = spread === 0 ? 0 : slope / spread;
  }
  for (let i = 0; i < n; i++) values[i]! -= mean + slope * (i - middle);
}

async function joined(
  input: LazyArray,
  stretch: { readonly from: number; readonly to: number },
  channels: number,
  signal: AbortSignal | undefined,
): Promise<Block> {
  const data = new Float64Array((stretch.to - stretch.from) * channels);
  for await (const block of blocksOf(input, [stretch], { signal })) {
    const at = (block.from - stretch.from) * channels;
    for (let i = 0; i < block.data.length; i++) data[at + i] = Number(block.data[i]);
  }
  return { data, rows: stretch.to - stretch.from, channels };
}
