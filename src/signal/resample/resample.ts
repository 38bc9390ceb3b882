/**
 * Another sampling rate.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { type NumberRows, weighRows } from "../../wasm/reader/signal.ts";
import { dtypeOf, floatOf, floats, type FloatType, numberOf, rateOf } from "../transform/check.ts";
import type { Block, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { lowpassTaps } from "./windowed_sinc.ts";

/** Options of {@linkcode resample}. */
export interface ResampleOptions {
  /** The new sampling rate, in Hz: instead of `up` and `down`. */
  readonly rate?: number | undefined;
  /** How many samples `down` samples become. */
  readonly up?: number | undefined;
  /** How many samples become `up`. */
  readonly down?: number | undefined;
  /** Samples per second of the input; may be left out where the array knows it, and with `up` and `down`. */
  readonly samplingRate?: number | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Samples at another rate: polyphase filtering as SciPy's `resample_poly` does it, with its standard window (Kaiser, 5), of zero phase;
 * beyond the ends there are zeros. The first sample stays where it is.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options The rate, or the ratio
 * @returns A lazy array of `ceil(samples * up / down)` samples
 * @throws {RangeError} If the ratio isn't one of whole numbers up to 10,000
 *
 * @example Usage
 * ```ts
 * import { resample } from "./resample.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(new Float64Array(1000).fill(1));
 * const fewer = resample(samples, { samplingRate: 1000, rate: 400 });
 * assert.deepEqual([fewer.shape, fewer.samplingRate], [[400], 400]);
 * assert.ok(Math.abs((await fewer.read([200])).data[0]! - 1) < 1e-3);
 * ```
 */
export function resample(
  input: LazyArray | NDArray,
  options: ResampleOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(RESAMPLE, input, { ...options });
}

const NAMES: OptionNames<ResampleOptions> = { rate: true, up: true, down: true, samplingRate: true, dtype: true };

/** The largest number of a ratio: a filter has twenty times as many taps. */
const LARGEST = 10_000;

/** {@linkcode resample} as a line of the registry. */
export const RESAMPLE: TransformKind = {
  name: "resample",
  prepare(input, options) {
    checkOptions(options, NAMES, "resample");
    const dtype = floatOf("resample", input, options.dtype);
    const isByRate = options.rate !== undefined;
    if (isByRate && (options.up !== undefined || options.down !== undefined)) {
      throw new TypeError("Cannot resample with both rate and up, down: expected one of them");
    }
    const known = isByRate || options.samplingRate !== undefined || input.samplingRate !== null;
    const samplingRate = known ? rateOf("resample", input, options) : null;
    const [up, down] = isByRate
      ? ratioOf(numberOf("resample", "rate", options), samplingRate!)
      : lowestTerms(wholeOf(options, "up", options.down), wholeOf(options, "down", options.up));
    const [rows, channels] = input.shape;
    const length = Math.ceil(rows * up / down);
    const most = Math.max(up, down);
    const half = up === down ? 0 : 10 * most;
    const width = Math.floor(2 * half / up) + 1;
    const weights = up === down ? Float64Array.of(1) : phasesOf(half, most, up, width);
    // Output row m is weighed around step m * down: input row k lies at step k * up.
    const firstOf = (row: number) => Math.ceil((row * down - half) / up);
    return {
      options: { up, down, ...(samplingRate === null ? {} : { samplingRate }), dtype },
      shape: [length, channels],
      dtype: dtypeOf(dtype),
      samplingRate: samplingRate === null ? null : samplingRate * up / down,
      isChannelwise: true,
      margin: { before: Math.ceil(half / up), after: Math.ceil(half / up) },
      rowsFor: (from, to) => [firstOf(from), firstOf(to - 1) + width],
      async apply(block, { from, to, inputFrom }) {
        const data = floats(dtype, (to - from) * block.channels);
        if (data.length > 0) {
          const first = firstOf(from);
          const padded = padRows(block, inputFrom - first, firstOf(to - 1) + width - first);
          // In steps from the first row that is there: the filter's last tap stands at its own phase.
          const start = from * down - half + (up - 1) - first * up;
          const weighing = { weights, width, up, down, start, isEach: false };
          weighRows(await loadReaderInstance(), padded, data, weighing);
        }
        return { data, rows: to - from, channels: block.channels };
      },
    };
  },
};

/**
 * The filter's taps by phases. A row's sum goes from the first input row at or behind its filter's beginning; where that lies so many
 * steps behind it is told by the phase.
 */
function phasesOf(half: number, most: number, up: number, width: number): Float64Array<ArrayBuffer> {
  const taps = lowpassTaps(half, 1 / most, 5);
  const phases = new Float64Array(up * width);
  for (let phase = 0; phase < up; phase++) {
    // With start = ceil * up - (up - 1), the phase p stands for a beginning that lies up - 1 - p steps before an input row.
    const behind = up - 1 - phase;
    for (let j = 0; j < width; j++) {
      const tap = behind + j * up;
      if (tap < taps.length) phases[phase * width + j] = taps[taps.length - 1 - tap]! * up;
    }
  }
  return phases;
}

/** A block between rows of zeros. */
export function padRows({ data, rows, channels }: Block, before: number, wanted: number): NumberRows {
  if (before === 0 && rows === wanted) return { data, rows, channels } as NumberRows;
  const out = new (data.constructor as new (length: number) => Float64Array<ArrayBuffer>)(wanted * channels);
  out.set(data as Float64Array, before * channels);
  return { data: out, rows: wanted, channels };
}

function wholeOf(options: Readonly<Record<string, unknown>>, option: string, other: unknown): number {
  const value = numberOf("resample", option, options, other === undefined ? undefined : 1);
  if (Number.isInteger(value) && value >= 1 && value <= LARGEST) return value;
  throw new RangeError(`Cannot resample with ${option} ${value}: expected a whole number from 1 to ${LARGEST}`);
}

function lowestTerms(up: number, down: number): [number, number] {
  let [a, b] = [up, down];
  while (b > 0) [a, b] = [b, a % b];
  return [up / a, down / a];
}

/** The ratio of two rates, by continued fractions. */
function ratioOf(to: number, from: number): [number, number] {
  if (!(to > 0 && Number.isFinite(to))) throw new RangeError(`Cannot resample to ${to} Hz: expected a number above 0`);
  const ratio = to / from;
  let [p, q, lastP, lastQ, rest] = [Math.floor(ratio), 1, 1, 0, ratio];
  for (let i = 0; i < 30 && Math.abs(p / q / ratio - 1) > 1e-12; i++) {
    rest = 1 / (rest - Math.floor(rest));
    const digit = Math.floor(rest);
    [p, q, lastP, lastQ] = [digit * p + lastP, digit * q + lastQ, p, q];
  }
  if (p >= 1 && Math.max(p, q) <= LARGEST && Math.abs(p / q / ratio - 1) <= 1e-12) return [p, q];
  throw new RangeError(
    `Cannot resample from ${from} to ${to} Hz: the ratio isn't one of whole numbers up to ${LARGEST}; give up and down`,
  );
}
