/**
 * Mutual information between activity and features.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ShapeError } from "../../source/errors.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import type { TuningCurves } from "./tuning_curves.ts";

/** Options of {@linkcode computeMutualInformation}. */
export interface MutualInformationOptions extends CompatibleOptions {
  /**
   * Mean rate of each unit.
   *
   * By default the mean of its curve, weighted by occupancy; for `"pynapple"` the rates that the curves come with.
   */
  readonly rates?: ArrayLike<number> | undefined;
}

/** Names of `MutualInformationOptions`. */
export const MUTUAL_INFORMATION_OPTIONS: OptionNames<MutualInformationOptions> = { rates: true, compatible: true };

/** Mutual information of each unit. */
export interface MutualInformation {
  /** Keys of the units. */
  readonly units: readonly (string | number)[];
  /** Bits per second. */
  readonly bitsPerSecond: Float64Array;
  /** Bits per spike. */
  readonly bitsPerSpike: Float64Array;
}

/**
 * Mutual information between units' activity and the features of their tuning curves, after Skaggs et al. (1993): the
 * mean over places, weighted by occupancy, of `rate * log2(rate / meanRate)`.
 *
 * The mean rate is that of the curve itself, so that information is never below zero. (pynapple takes each unit's rate over
 * the epochs, which isn't the same where spikes fall outside the bins, and may give less than nothing:
 * `compatible: "pynapple"` does so.)
 *
 * @param curves As `computeTuningCurves` gives them
 * @param options Options
 * @returns Bits per second, and per spike; the latter NaN for a unit without spikes
 * @throws {TypeError} If these aren't tuning curves
 * @throws {ShapeError} If there are not as many rates as units
 *
 * @example Usage
 * ```ts
 * import { computeMutualInformation } from "./mutual_information.ts";
 * import { computeTuningCurves } from "./tuning_curves.ts";
 * import { Ts } from "../ts.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const place = new Tsd([0, 1, 2, 3], [0, 0, 1, 1]);
 * const curves = await computeTuningCurves(new Ts([2, 2.5, 3]), place, { bins: 2 });
 *
 * assert.deepEqual(computeMutualInformation(curves).bitsPerSpike, Float64Array.of(1));
 * ```
 */
export function computeMutualInformation(
  curves: TuningCurves,
  options: MutualInformationOptions = {},
): MutualInformation {
  checkOptions(options, MUTUAL_INFORMATION_OPTIONS, "compute mutual information");
  const pynapple = followsPynapple(options);
  const occupancy = (curves as Partial<TuningCurves> | null)?.attrs?.occupancy?.data;
  if (occupancy === undefined) {
    throw new TypeError(
      `Cannot compute mutual information of ${
        describe(curves)
      }: no occupancy found; expected what computeTuningCurves gives`,
    );
  }
  const count = curves.data.shape[0]!;
  const given = options.rates ?? (pynapple ? curves.attrs.rates : undefined);
  if (given !== undefined && given.length !== count) {
    throw new ShapeError(
      `Cannot use ${given.length} rates: dimension of rates should match that of the tuning curves, ${count}`,
    );
  }
  const total = occupancy.reduce((sum, samples) => sum + samples, 0);
  const bitsPerSecond = new Float64Array(count);
  const bitsPerSpike = new Float64Array(count);
  for (let unit = 0; unit < count; unit++) {
    const curve = curves.data.data.subarray(unit * occupancy.length, (unit + 1) * occupancy.length);
    const mean = given === undefined ? sumOver(curve, (rate) => rate) : Number(given[unit]);
    bitsPerSecond[unit] = sumOver(curve, (rate) => {
      const log = Math.log2(rate / mean);
      return Number.isFinite(log) ? rate * log : 0;
    });
    bitsPerSpike[unit] = bitsPerSecond[unit]! / mean;
  }
  return { units: [...curves.coords["unit"] as readonly (string | number)[]], bitsPerSecond, bitsPerSpike };

  // Places that were never visited count nothing, whatever the curve says there.
  function sumOver(curve: Float64Array, of: (rate: number) => number): number {
    let sum = 0;
    for (let i = 0; i < curve.length; i++) {
      const term = occupancy![i]! / total * of(curve[i]!);
      if (occupancy![i]! > 0 && !Number.isNaN(term)) sum += term;
    }
    return sum;
  }
}
