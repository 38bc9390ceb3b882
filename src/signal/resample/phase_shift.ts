/**
 * Delays of parts of a sample.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { type NumberRows, weighRows } from "../../wasm/reader/signal.ts";
import { dtypeOf, floatOf, floats, type FloatType, perChannelOf } from "../transform/check.ts";
import type { Block, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { kaiser, sinc } from "./windowed_sinc.ts";

/** Options of {@linkcode phaseShift}. */
export interface PhaseShiftOptions {
  /** By how many samples each channel is moved to later: how much later than the first it was sampled. At most one up or down. */
  readonly shifts: number | readonly number[] | Float64Array;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Moves each channel by a part of a sample, so that channels which a converter sampled one after the other stand at one time:
 * SpikeInterface's `phase_shift`, whose `inter_sample_shift` is `shifts`. Instead of a Fourier transform of each window, it is a filter of
 * 129 taps (sinc under a Kaiser window), so that what comes out doesn't depend on the window; it is right to a millionth up to 0.94 of half
 * the sampling rate. Beyond the ends lies the mirror image.
 *
 * @param input Samples [samples, channels]
 * @param options How late each channel was
 * @throws {RangeError} If there aren't as many shifts as channels, or one is beyond a sample
 *
 * @example Usage
 * ```ts
 * import { phaseShift } from "./phase_shift.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * // Half a sample too late.
 * const late = ndarray(Float64Array.from({ length: 400 }, (_, i) => Math.sin((i + 0.5) / 5)));
 * const { data } = await phaseShift(late, { shifts: [0.5] }).read();
 * assert.ok(Math.abs(data[200]! - Math.sin(200 / 5)) < 1e-6);
 * ```
 */
export function phaseShift(
  input: LazyArray | NDArray,
  options: PhaseShiftOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(PHASE_SHIFT, input, { ...options });
}

const NAMES: OptionNames<PhaseShiftOptions> = { shifts: true, dtype: true };

/** Taps on each side. */
const HALF = 64;
/** The window's shape: what passes it falls by 120 decibels. */
const BETA = 12.3;

/** {@linkcode phaseShift} as a line of the registry. */
export const PHASE_SHIFT: TransformKind = {
  name: "phaseShift",
  prepare(input, options) {
    checkOptions(options, NAMES, "phaseShift");
    const dtype = floatOf("phaseShift", input, options.dtype);
    const [length, all] = input.shape;
    const shifts = perChannelOf("phaseShift", "shifts", options.shifts, all);
    const far = shifts.findIndex((shift) => Math.abs(shift) > 1);
    if (far >= 0) {
      throw new RangeError(
        `Cannot phaseShift channel ${far} by ${shifts[far]} samples: expected a number from -1 to 1`,
      );
    }
    const width = 2 * HALF + 1;
    return {
      options: { shifts, dtype },
      shape: input.shape,
      dtype: dtypeOf(dtype),
      samplingRate: input.samplingRate,
      isChannelwise: true,
      margin: { before: HALF, after: HALF },
      rowsFor: (from, to) => [from - HALF, to + HALF],
      async apply(block, { from, to, inputFrom, channels }) {
        const data = floats(dtype, (to - from) * block.channels);
        if (data.length > 0) {
          const picked = channels === null ? shifts : channels.map((channel) => shifts[channel]!);
          const source = mirrored(block, inputFrom - (from - HALF), to - from + 2 * HALF, length);
          const weighing = { weights: tapsOf(picked), width, up: 1, down: 1, start: 0, isEach: true };
          weighRows(await loadReaderInstance(), source, data, weighing);
        }
        return { data, rows: to - from, channels: block.channels };
      },
    };
  },
};

/** `[width][channels]`: what moves a channel to later by its shift. */
function tapsOf(shifts: readonly number[]): Float64Array {
  const taps = new Float64Array((2 * HALF + 1) * shifts.length);
  shifts.forEach((shift, channel) => {
    const own = Float64Array.from({ length: 2 * HALF + 1 }, (_, j) => {
      // Row n + j - HALF of the input adds to row n.
      const place = HALF - j - shift;
      return sinc(place) * kaiser(place / (HALF + 1), BETA);
    });
    const sum = own.reduce((total, tap) => total + tap, 0);
    own.forEach((tap, j) => taps[j * shifts.length + channel] = tap / sum);
  });
  return taps;
}

/** A block with rows before and behind it, which lie beyond the ends of the recording: its mirror image, ends once. */
function mirrored({ data, rows, channels }: Block, before: number, wanted: number, length: number): NumberRows {
  if (before === 0 && rows === wanted) return { data, rows, channels } as NumberRows;
  const out = new (data.constructor as new (length: number) => Float64Array<ArrayBuffer>)(wanted * channels);
  out.set(data as Float64Array, before * channels);
  const period = Math.max(1, 2 * (length - 1));
  // Where the block begins at row 0 it has `before` rows in front, else it ends at the last row.
  const start = before > 0 ? -before : length - rows;
  const first = before > 0 ? 0 : length - rows;
  for (let row = 0; row < wanted; row++) {
    const at = start + row;
    if (at >= first && at < first + rows) continue;
    const turned = ((at % period) + period) % period;
    const from = Math.min(rows - 1, Math.max(0, (turned < length ? turned : period - turned) - first));
    out.set(data.subarray(from * channels, (from + 1) * channels) as Float64Array, row * channels);
  }
  return { data: out, rows: wanted, channels };
}
