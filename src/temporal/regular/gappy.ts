/**
 * Regular series of which samples are missing.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { isNDArray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import { type Arrays, tableOf } from "../columns/table.ts";
import { checkLength, checkNonNegative } from "../intervals/check_intervals.ts";
import { type ArrayInput, isLazyArray, toArray, toTimes } from "../columns/column.ts";
import { checkGridSize, type GapOptions, gapValueFor, runsDomain, runsOf, spreadRows } from "./gap_fill.ts";
import { makeRegular, type RegularTimeSeries } from "./regular.ts";

/** Options of {@linkcode fromGappyTimeseries}. */
export interface GappyOptions extends GapOptions {
  /** When each sample was taken, in seconds, rising, shape (N,). */
  readonly timestamps: ArrayInput;
  /** Samples per second. */
  readonly samplingRate: number;
  /**
   * How far, in samples, a timestamp may lie from the grid that begins at the first one.
   *
   * @default {1e-3}
   */
  readonly rtol?: number | undefined;
}

/** Names of `GappyOptions`. */
const GAPPY_OPTIONS: OptionNames<GappyOptions> = {
  timestamps: true,
  samplingRate: true,
  rtol: true,
  gapValue: true,
  gapValueOf: true,
  maxBytes: true,
};

/**
 * Makes a regular series of samples at a fixed rate, some of which are missing: each sample is moved onto the grid that
 * begins at the first one, and a value stands wherever there is none. The domain says which samples are real:
 * `indexMask()` gives them, slices begin and end with them, `toIrregular()` drops the others.
 *
 * @param arrays Arrays of numbers, shape (N, …)
 * @param options When samples were taken, their rate, what stands in gaps
 * @returns The series
 * @throws {RangeError} If timestamps don't rise, lie off the grid, or the rate is a multiple of theirs
 * @throws {ShapeError} If there are fewer than two timestamps, no array, or one of another length
 * @throws {DTypeError} If an array holds no numbers, or its type can't hold the gap value exactly
 * @throws {LimitError} If the gaps are so large that the arrays would take more than `maxBytes`
 *
 * @example
 * ```ts
 * import { fromGappyTimeseries } from "./gappy.ts";
 * import assert from "node:assert/strict";
 *
 * const lfp = fromGappyTimeseries({ raw: [1, 2, 3, 4] }, { timestamps: [0, 0.01, 0.03, 0.04], samplingRate: 100 });
 * assert.deepEqual(lfp.get("raw"), Float64Array.of(1, 2, NaN, 3, 4));
 * assert.deepEqual([...lfp.domain], [[0, 0.02], [0.03, 0.05]]);
 * assert.deepEqual(lfp.indexMask(), [true, true, false, true, true]);
 * ```
 */
export function fromGappyTimeseries(arrays: Arrays, options: GappyOptions): RegularTimeSeries {
  checkOptions(options, GAPPY_OPTIONS, "from gappy timeseries");
  const { samplingRate, rtol = 1e-3 } = options;
  checkLength(samplingRate, WHAT, "samplingRate");
  checkNonNegative(rtol, WHAT, "rtol");
  const times = timesOf(options.timestamps);
  const places = placesOf(times, samplingRate, rtol);
  if (Object.keys(arrays).length === 0) throw new ShapeError(`Cannot ${WHAT}: there is no array`);
  const given = Object.entries(arrays).map(([name, value]) => [name, rowsOf(name, value, times.length)] as const);
  const count = places.at(-1)! + 1;
  const values = given.map(([name, { dtype }]) => gapValueFor(name, dtype, options));
  checkGridSize(given.map(([, array]) => array), count, options);
  const filled = given.map(([name, array], i) => [name, spreadRows(array, places, count, values[i]!)] as const);
  const domain = runsDomain(runsOf(places), times[0]!, samplingRate);
  const table = tableOf(Object.fromEntries(filled), "RegularTimeSeries");
  return makeRegular(table, samplingRate, domain, "a RegularTimeSeries") as RegularTimeSeries;
}

const WHAT = "make a series with gaps";

function timesOf(given: ArrayInput): Float64Array {
  if (isLazyArray(given) && !isNDArray(given)) {
    throw new TypeError(`Cannot ${WHAT}: timestamps are lazy, read them first`);
  }
  const array = toArray(given, "timestamps");
  if (array.shape.length !== 1) {
    throw new ShapeError(`Cannot ${WHAT}: timestamps must be 1D, they have ${array.shape.length} axes`);
  }
  const times = toTimes(array, "timestamps");
  if (times.length < 2) {
    throw new ShapeError(`Cannot ${WHAT}: timestamps must have at least 2 entries, got ${times.length}`);
  }
  for (let i = 1; i < times.length; i++) {
    if (!(times[i]! > times[i - 1]!)) {
      throw new RangeError(
        `Cannot ${WHAT}: timestamps must be strictly increasing, ${times[i - 1]} is followed by ${times[i]}`,
      );
    }
  }
  if (!Number.isFinite(times.at(-1)! - times[0]!)) throw new RangeError(`Cannot ${WHAT}: timestamps must be finite`);
  return times;
}

/** The place of each timestamp on the grid. */
function placesOf(times: Float64Array, samplingRate: number, rtol: number): Float64Array {
  const places = new Float64Array(times.length);
  let [farthest, nearest] = [0, Infinity];
  for (let i = 0; i < times.length; i++) {
    const exact = (times[i]! - times[0]!) * samplingRate;
    places[i] = Math.round(exact);
    farthest = Math.max(farthest, Math.abs(exact - places[i]!));
    if (i > 0) nearest = Math.min(nearest, places[i]! - places[i - 1]!);
  }
  if (farthest > rtol) {
    throw new RangeError(
      `Cannot ${WHAT}: timestamps deviate from a regular grid at ${samplingRate} Hz by up to ${
        farthest.toPrecision(3)
      } ` +
        `samples, more than rtol ${rtol}; another samplingRate may fit, or a larger rtol, else use IrregularTimeSeries`,
    );
  }
  if (nearest < 1) {
    throw new RangeError(
      `Cannot ${WHAT}: timestamps have duplicate or sub-sample-spaced entries at ${samplingRate} Hz`,
    );
  }
  if (nearest > 1) {
    throw new RangeError(
      `Cannot ${WHAT}: samplingRate ${samplingRate} appears too high: timestamps are ${nearest} samples apart at least ` +
        `(expected 1); the rate may be ${samplingRate / nearest}`,
    );
  }
  return places;
}

function rowsOf(name: string, value: ArrayInput, count: number): NDArray {
  if (isLazyArray(value) && !isNDArray(value)) throw new TypeError(`Cannot ${WHAT}: ${name} is lazy, read it first`);
  const array = toArray(value, name);
  if (array.shape[0] === count) return array;
  throw new ShapeError(`Cannot ${WHAT}: ${name} has length ${array.shape[0]}, expected ${count} to match timestamps`);
}
