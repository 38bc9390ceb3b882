/**
 * YASS' `butterworth`, by its own signature.
 *
 * @module
 */

import { contiguousStride, flatten, isNDArray, ndarray } from "../../array/ndarray.ts";
import type { NDArray, NumericData } from "../../array/types.ts";
import { describeValue } from "../../source/describe_value.ts";
import { UnsupportedError } from "../../source/errors.ts";
import { checkOptions } from "../../source/options.ts";
import { butterworthSections, type Section } from "../../signal/filter/butterworth.ts";
import { edgeRows } from "../../signal/filter/edges.ts";
import { emptyState, runSections, type Samples, settledState } from "../../signal/filter/sections.ts";
import { toFloat64 } from "./apply/samples.ts";

/** Options of {@linkcode butterworth}. */
export interface YassButterworthOptions {
  /** Lower cut-off, in Hz. */
  readonly lowFreq: number;
  /** Upper cut-off as a fraction of the sampling rate. */
  readonly highFactor?: number | undefined;
  /** Order of the filter: a band-pass has twice as many poles. */
  readonly order: number;
  /** Samples per second. */
  readonly samplingFreq: number;
  /**
   * With `0.9`, the filter of YASS 0.9 and later: a high-pass, run forwards and backwards along the first axis; `highFactor` isn't used.
   *
   * @default {undefined} (the band-pass of the versions before, run once forwards)
   */
  readonly compatible?: "0.9" | undefined;
}

/** What is filtered: an array in memory, or a typed array. */
export type SamplesInMemory = NDArray<NumericData> | NumericData;

/**
 * Filters the samples of a channel, as YASS does: a causal Butterworth band-pass from `lowFreq` to `highFactor * samplingFreq`.
 *
 * It works on samples in memory, as a function of `singleChannelApply`. As a lazy array, in blocks and without edges between them, the
 * same filter is `bandpass(…, { low, high, order, causal: true })`.
 *
 * @param ts Samples of one channel; with `compatible: "0.9"` also [samples, channels]
 * @param options The filter
 * @returns The filtered samples, in float64
 * @throws {UnsupportedError} If there is more than one axis
 * @throws {RangeError} If a cut-off isn't between 0 and half the sampling rate
 *
 * @example Usage
 * ```ts
 * import { butterworth } from "./butterworth.ts";
 * import assert from "node:assert/strict";
 *
 * const ts = Float64Array.from({ length: 60 }, (_, n) => 100 * Math.sin(0.3 * n) + 50);
 * const { data } = butterworth(ts, { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 });
 * assert.ok(Math.abs(data[0]! - 0.6910036941895982) < 1e-9);
 * ```
 */
export function butterworth(ts: SamplesInMemory, options: YassButterworthOptions): NDArray<Float64Array> {
  checkOptions(options, OPTIONS, "filter");
  const { lowFreq, highFactor, order, samplingFreq, compatible } = options;
  if (compatible !== undefined && compatible !== "0.9") {
    throw new TypeError(`Cannot filter as ${describeValue(compatible)}: expected "0.9"`);
  }
  const array = flatten(isNDArray(ts) ? ts as NDArray<NumericData> : ndarray(ts) as NDArray<NumericData>);
  const [rows = 0, channels = 1] = array.shape;
  if (array.shape.length > (compatible === undefined ? 1 : 2)) {
    throw new UnsupportedError(
      `Cannot filter an array of shape [${array.shape.join(", ")}]: expected the samples of one channel`,
    );
  }
  if (!(samplingFreq > 0 && Number.isFinite(samplingFreq))) {
    throw new RangeError(
      `Cannot filter at a samplingFreq of ${describeValue(samplingFreq)}: expected a number above 0`,
    );
  }
  if (!Number.isInteger(order) || order < 1 || order > 32) {
    throw new RangeError(
      `Cannot filter with an order of ${describeValue(order)}: expected a whole number from 1 to 32`,
    );
  }
  const low = 2 * cutoff("lowFreq", lowFreq, samplingFreq) / samplingFreq;
  // Copied: the batch stays as it is.
  const samples = { data: toFloat64(array.data).slice(), rows, channels };
  const filtered = compatible === undefined
    ? causal(samples, butterworthSections(order, [low, 2 * upper(lowFreq, highFactor, samplingFreq)], "bandpass"))
    : bothWays(samples, butterworthSections(order, [low], "highpass"), 3 * (order + 1));
  const { shape } = array;
  return {
    data: filtered,
    shape,
    stride: contiguousStride(shape),
    dtype: { kind: "float", itemsize: 8, byteOrder: "<" },
  };
}

// What the processor adds is no mistake.
const OPTIONS: Readonly<Record<string, true>> = {
  lowFreq: true,
  highFactor: true,
  order: true,
  samplingFreq: true,
  compatible: true,
  local: true,
  index: true,
  previousBatch: true,
};

function cutoff(name: string, frequency: number, rate: number): number {
  if (frequency > 0 && frequency < rate / 2) return frequency;
  throw new RangeError(
    `Cannot filter with ${name} ${describeValue(frequency)}: it must lie between 0 and ${
      rate / 2
    } Hz, half the sampling rate`,
  );
}

function upper(lowFreq: number, factor: number | undefined, rate: number): number {
  if (typeof factor !== "number") throw new TypeError("Cannot filter without highFactor: expected a number below 0.5");
  cutoff(`highFactor ${factor}, that is,`, factor * rate, rate);
  if (factor * rate > lowFreq) return factor;
  throw new RangeError(
    `Cannot filter from ${lowFreq} to ${factor * rate} Hz: lowFreq must lie below highFactor * samplingFreq`,
  );
}

function causal(samples: Samples, sections: readonly Section[]): Float64Array {
  runSections(samples, sections, emptyState(sections, samples.channels));
  return samples.data;
}

/** SciPy's `filtfilt` with its own padding: odd, three times the number of coefficients. */
function bothWays(samples: Samples, sections: readonly Section[], pad: number): Float64Array {
  const { rows, channels } = samples;
  if (rows <= pad) {
    throw new RangeError(`Cannot filter ${rows} samples both ways: it takes more than ${pad}`);
  }
  const extended = { data: new Float64Array((rows + 2 * pad) * channels), rows: rows + 2 * pad, channels };
  extended.data.set(edgeRows(samples, pad, "before", "odd").data, 0);
  extended.data.set(samples.data, pad * channels);
  extended.data.set(edgeRows(samples, pad, "after", "odd").data, (pad + rows) * channels);
  runSections(extended, sections, settledState(sections, extended.data.slice(0, channels)));
  runSections(extended, sections, settledState(sections, extended.data.slice(-channels)), true);
  return extended.data.slice(pad * channels, (pad + rows) * channels);
}
