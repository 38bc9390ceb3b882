/**
 * Filters as lazy arrays: band-pass, high-pass, low-pass and notch.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { Block, BlockPlace, Carried, Prepared, TransformInput, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { type BandType, butterworthSections, notchSection, type Section } from "./butterworth.ts";
import { extend, type FilterEdge, padLength } from "./edges.ts";
import { emptyState, runSections, settledState, tailOf, toFloat64 } from "./sections.ts";

/** Options of every filter. */
export interface FilterOptions {
  /** Samples per second; may be left out where the array knows it, as analog signals and what transforms give do. */
  readonly samplingRate?: number | undefined;
  /**
   * Whether the past alone is used, which shifts phases; else the filter runs forwards and backwards, which shifts none.
   *
   * @default {false}
   */
  readonly causal?: boolean | undefined;
  /**
   * What is taken to lie beyond the ends of a recording where the filter runs both ways: it turned about the end point (`odd`), mirrored
   * (`even`), the last value (`constant`), or zeros, which is what YASS has.
   *
   * @default {"odd"}
   */
  readonly edge?: FilterEdge | undefined;
  /**
   * How much a window may differ from the same part of the whole, as a fraction of the largest value: the margin that is read beside a
   * window follows from it.
   *
   * @default {1e-6}
   */
  readonly tolerance?: number | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: "float32" | "float64" | undefined;
}

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

const FILTER_OPTIONS: OptionNames<FilterOptions> = {
  samplingRate: true,
  causal: true,
  edge: true,
  tolerance: true,
  dtype: true,
};

/** {@linkcode bandpass} as a line of the registry. */
export const BANDPASS: TransformKind = butterworthKind("bandpass", ["low", "high"]);
/** {@linkcode highpass} as a line of the registry. */
export const HIGHPASS: TransformKind = butterworthKind("highpass", ["cutoff"]);
/** {@linkcode lowpass} as a line of the registry. */
export const LOWPASS: TransformKind = butterworthKind("lowpass", ["cutoff"]);
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
    return prepareFilter("notch", input, options, rate, sections, { frequency, quality });
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
      return prepareFilter(name, input, options, rate, sections, { ...said, order });
    },
  };
}

function prepareFilter(
  name: string,
  input: TransformInput,
  given: FilterOptions,
  samplingRate: number,
  sections: readonly Section[],
  design: Readonly<Record<string, number>>,
): Prepared {
  const isDouble = input.dtype.kind === "float" && input.dtype.itemsize === 8;
  const { causal = false, edge = "odd", tolerance = 1e-6, dtype = isDouble ? "float64" : "float32" } = given;
  if (typeof causal !== "boolean") {
    throw new TypeError(`Cannot ${name} with causal ${String(causal)}: expected true or false`);
  }
  if (!["odd", "even", "constant", "zero"].includes(edge)) {
    throw new TypeError(`Cannot ${name} with the edge ${JSON.stringify(edge)}: expected odd, even, constant or zero`);
  }
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(`Cannot ${name} with a tolerance of ${String(tolerance)}: expected a number between 0 and 1`);
  }
  if (dtype !== "float32" && dtype !== "float64") {
    throw new TypeError(`Cannot ${name} to ${JSON.stringify(dtype)}: expected float32 or float64`);
  }
  const [rows] = input.shape;
  const pad = causal || edge === "zero" ? 0 : padLength(sections);
  if (!causal && edge !== "zero" && rows > 0 && rows <= pad) {
    throw new RangeError(
      `Cannot ${name} ${rows} samples both ways with the edge ${edge}: it takes more than ${pad}; give causal, or edge: "zero"`,
    );
  }
  // Known when a window is asked for: walking a causal filter needs none.
  let tail: number | undefined;
  const margin = () => tail ??= tailOf(sections, tolerance / 4);
  const finish = (data: Float64Array, block: Pick<Block, "rows" | "channels">): Block => ({
    ...block,
    data: dtype === "float32" ? new Float32Array(data) : data,
  });
  const carry = (): Carried => {
    let state: Float64Array | undefined;
    return {
      next(block) {
        state ??= emptyState(sections, block.channels);
        const data = copyOf(block);
        runSections({ ...block, data }, sections, state);
        return finish(data, block);
      },
    };
  };
  return {
    options: { ...design, samplingRate, causal, edge, tolerance, dtype },
    shape: input.shape,
    dtype: { kind: "float", itemsize: dtype === "float32" ? 4 : 8, byteOrder: "<" },
    samplingRate,
    isChannelwise: true,
    get margin() {
      return { before: margin(), after: causal ? 0 : margin() };
    },
    rowsFor: (from, to) => [from - margin(), causal ? to : to + margin()],
    apply: (block, place) => finish(...applied(block, place, { sections, causal, edge, pad, rows })),
    ...(causal ? { carry } : {}),
  };
}

function applied(
  block: Block,
  { from, to, inputFrom }: BlockPlace,
  { sections, causal, edge, pad, rows }: {
    readonly sections: readonly Section[];
    readonly causal: boolean;
    readonly edge: FilterEdge;
    readonly pad: number;
    readonly rows: number;
  },
): [Float64Array, Pick<Block, "rows" | "channels">] {
  const { channels } = block;
  const result = { rows: to - from, channels };
  const cut = (data: Float64Array, first: number) => data.slice((from - first) * channels, (to - first) * channels);
  if (block.rows === 0) return [new Float64Array(0), result];
  if (causal) {
    const data = copyOf(block);
    // A window within the recording begins as if its first value had always been there: so little of it remains.
    const state = inputFrom === 0 ? emptyState(sections, channels) : settledState(sections, data.subarray(0, channels));
    runSections({ ...block, data }, sections, state);
    return [cut(data, inputFrom), result];
  }
  const [before, after] = [inputFrom === 0 ? pad : 0, inputFrom + block.rows === rows ? pad : 0];
  const extended = extend({ ...block, data: toFloat64(block.data) }, before, after, edge);
  const start = edge === "zero" && inputFrom === 0
    ? emptyState(sections, channels)
    : settledState(sections, extended.data.slice(0, channels));
  runSections(extended, sections, start);
  const isEnd = edge === "zero" && inputFrom + block.rows === rows;
  const back = isEnd ? emptyState(sections, channels) : settledState(sections, extended.data.slice(-channels));
  runSections(extended, sections, back, true);
  return [cut(extended.data, inputFrom - before), result];
}

/** In float64, and of our own. */
function copyOf({ data }: Block): Float64Array {
  return data instanceof Float64Array ? data.slice() : toFloat64(data);
}

function rateOf(name: string, input: TransformInput, { samplingRate }: FilterOptions): number {
  const rate = samplingRate ?? input.samplingRate;
  if (rate === null) {
    throw new TypeError(`Cannot ${name} without a sampling rate: give samplingRate, or an array that knows its own`);
  }
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new RangeError(`Cannot ${name} at a sampling rate of ${String(rate)}: expected a number above 0`);
  }
  return rate;
}

function numberOf(name: string, option: string, options: object, standard?: number): number {
  const value = (options as Record<string, unknown>)[option] ?? standard;
  if (typeof value === "number") return value;
  throw new TypeError(`Cannot ${name} without ${option}: expected a number`);
}

function frequencyOf(name: string, option: string, options: object, rate: number): number {
  const frequency = numberOf(name, option, options);
  if (frequency > 0 && frequency < rate / 2) return frequency;
  throw new RangeError(
    `Cannot ${name} with ${option} ${frequency} Hz: it must lie between 0 and ${rate / 2} Hz, half the sampling rate`,
  );
}
