/**
 * Peaks of a signal, by SciPy's rules.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { numberOf } from "../transform/check.ts";
import { prominenceOf, widthOf } from "./prominence.ts";

/** A least value, or a least and a largest one; `null` for none. */
export type Bounds = number | readonly [least: number | null, most: number | null];

/** Options of {@linkcode findPeaks}: which peaks count. */
export interface FindPeaksOptions {
  /** How high a peak is. */
  readonly height?: Bounds | undefined;
  /** How far a peak lies above both samples beside it. */
  readonly threshold?: Bounds | undefined;
  /** How many samples peaks lie apart at least: lower ones go first. */
  readonly distance?: number | undefined;
  /** How far a peak stands out from what surrounds it. */
  readonly prominence?: Bounds | undefined;
  /** How many samples wide a peak is. */
  readonly width?: Bounds | undefined;
  /** How many samples around a peak are looked at for its prominence; all by default. */
  readonly windowLength?: number | undefined;
  /**
   * At which part of its prominence, from the top, a peak's width is measured.
   *
   * @default {0.5}
   */
  readonly relativeHeight?: number | undefined;
  /** How many samples long the flat top of a peak is. */
  readonly plateauSize?: Bounds | undefined;
}

/** What {@linkcode findPeaks} finds; a list has an entry for each peak, and is there where it was asked for. */
export interface Peaks {
  /** Where they are; of a flat top the middle, rounded down. */
  readonly peaks: Int32Array;
  /** Their values, where `height` is given. */
  readonly heights?: Float64Array;
  /** Their distance to the sample before, where `threshold` is given. */
  readonly leftThresholds?: Float64Array;
  /** Their distance to the sample behind, where `threshold` is given. */
  readonly rightThresholds?: Float64Array;
  /** How far they stand out, where `prominence` or `width` is given. */
  readonly prominences?: Float64Array;
  /** The lowest sample before, as far as nothing is higher. */
  readonly leftBases?: Int32Array;
  /** The lowest sample behind, as far as nothing is higher. */
  readonly rightBases?: Int32Array;
  /** Their widths in samples, where `width` is given. */
  readonly widths?: Float64Array;
  /** At which values the widths were measured. */
  readonly widthHeights?: Float64Array;
  /** Where the widths begin. */
  readonly leftIps?: Float64Array;
  /** Where the widths end. */
  readonly rightIps?: Float64Array;
  /** How long their flat tops are, where `plateauSize` is given. */
  readonly plateauSizes?: Int32Array;
}

/**
 * Samples that are higher than those beside them, as SciPy's `find_peaks` finds them, by the same conditions in the same order. A NaN is
 * no peak, and neither is a sample beside one.
 *
 * @param samples The samples
 * @param options Which peaks count
 * @throws {RangeError} If a condition makes no sense
 *
 * @example Usage
 * ```ts
 * import { findPeaks } from "./find_peaks.ts";
 * import assert from "node:assert/strict";
 *
 * const { peaks } = findPeaks([0, 2, 1, 3, 0, 1, 0], { height: 1.5 });
 * assert.deepEqual([...peaks], [1, 3]);
 * ```
 */
export function findPeaks(samples: ArrayLike<number>, options: FindPeaksOptions = {}): Peaks {
  checkOptions(options, NAMES, "find peaks");
  let found = maxima(samples);
  const lists: Record<string, Float64Array | Int32Array> = {};
  const keep = (isKept: (i: number) => boolean) => {
    const kept = Array.from(found.keys()).filter(isKept);
    found = kept.map((i) => found[i]!);
    for (const [name, list] of Object.entries(lists)) {
      lists[name] = list instanceof Int32Array
        ? Int32Array.from(kept, (i) => list[i]!)
        : Float64Array.from(kept, (i) => list[i]!);
    }
  };
  const numbers = (of: (peak: number) => number) => Float64Array.from(found, ({ peak }) => of(peak));
  const within = (bounds: readonly [number, number], list: ArrayLike<number>) => (i: number) =>
    list[i]! >= bounds[0] && list[i]! <= bounds[1];
  const [plateauSize, height, threshold] = [
    boundsOf(options, "plateauSize"),
    boundsOf(options, "height"),
    boundsOf(options, "threshold"),
  ];
  if (plateauSize !== null) {
    lists.plateauSizes = Int32Array.from(found, ({ from, to }) => to - from);
    keep(within(plateauSize, lists.plateauSizes));
  }
  if (height !== null) {
    lists.heights = numbers((peak) => samples[peak]!);
    keep(within(height, lists.heights));
  }
  if (threshold !== null) {
    const left = lists.leftThresholds = numbers((peak) => samples[peak]! - samples[peak - 1]!);
    const right = lists.rightThresholds = numbers((peak) => samples[peak]! - samples[peak + 1]!);
    keep((i) => Math.min(left[i]!, right[i]!) >= threshold[0] && Math.max(left[i]!, right[i]!) <= threshold[1]);
  }
  if (options.distance !== undefined) {
    const distance = numberOf("find peaks", "distance", options);
    if (!(distance >= 1)) throw new RangeError(`Cannot find peaks at a distance of ${distance}: expected at least 1`);
    const isKept = apart(found.map(({ peak }) => peak), samples, Math.ceil(distance));
    keep((i) => isKept[i]!);
  }
  const [prominence, width] = [boundsOf(options, "prominence"), boundsOf(options, "width")];
  if (prominence !== null || width !== null) {
    const reach = reachOf(options);
    const all = found.map(({ peak }) => prominenceOf(samples, peak, reach));
    lists.prominences = Float64Array.from(all, ({ prominence }) => prominence);
    lists.leftBases = Int32Array.from(all, ({ left }) => left);
    lists.rightBases = Int32Array.from(all, ({ right }) => right);
    if (prominence !== null) keep(within(prominence, lists.prominences));
  }
  if (width !== null) {
    const part = numberOf("find peaks", "relativeHeight", options, 0.5);
    if (!(part >= 0)) throw new RangeError(`Cannot find peaks with a relativeHeight of ${part}: expected 0 or more`);
    const all = found.map(({ peak }, i) =>
      widthOf(samples, peak, part, {
        prominence: lists.prominences![i]!,
        left: lists.leftBases![i]!,
        right: lists.rightBases![i]!,
      })
    );
    lists.widths = Float64Array.from(all, ({ left, right }) => right - left);
    lists.widthHeights = Float64Array.from(all, ({ height }) => height);
    lists.leftIps = Float64Array.from(all, ({ left }) => left);
    lists.rightIps = Float64Array.from(all, ({ right }) => right);
    keep(within(width, lists.widths));
  }
  return { peaks: Int32Array.from(found, ({ peak }) => peak), ...lists };
}

const NAMES: OptionNames<FindPeaksOptions> = {
  height: true,
  threshold: true,
  distance: true,
  prominence: true,
  width: true,
  windowLength: true,
  relativeHeight: true,
  plateauSize: true,
};

interface Top {
  readonly peak: number;
  readonly from: number;
  readonly to: number;
}

/** Tops, flat ones too, with lower samples on both sides; the first and the last sample are none. */
function maxima(samples: ArrayLike<number>): Top[] {
  const tops: Top[] = [];
  const last = samples.length - 1;
  for (let i = 1; i < last; i++) {
    if (!(samples[i - 1]! < samples[i]!)) continue;
    let ahead = i + 1;
    while (ahead < last && samples[ahead] === samples[i]) ahead++;
    if (samples[ahead]! < samples[i]!) {
      tops.push({ peak: (i + ahead - 1) >> 1, from: i, to: ahead });
      i = ahead;
    }
  }
  return tops;
}

/** Which peaks stay where, from the highest on, those too near go. */
function apart(peaks: readonly number[], samples: ArrayLike<number>, distance: number): boolean[] {
  const isKept = peaks.map(() => true);
  const order = Array.from(peaks.keys()).sort((a, b) => samples[peaks[a]!]! - samples[peaks[b]!]!);
  for (const i of order.reverse()) {
    if (!isKept[i]) continue;
    for (let k = i - 1; k >= 0 && peaks[i]! - peaks[k]! < distance; k--) isKept[k] = false;
    for (let k = i + 1; k < peaks.length && peaks[k]! - peaks[i]! < distance; k++) isKept[k] = false;
  }
  return isKept;
}

function boundsOf(options: FindPeaksOptions, option: keyof FindPeaksOptions): readonly [number, number] | null {
  const value = options[option];
  if (value === undefined) return null;
  const [least, most] = typeof value === "number" ? [value, null] : value as readonly [number | null, number | null];
  const isNumber = (bound: unknown) => bound === null || bound === undefined || typeof bound === "number";
  if (Array.isArray(value) ? value.length === 2 && value.every(isNumber) : typeof value === "number") {
    return [least ?? -Infinity, most ?? Infinity];
  }
  throw new TypeError(
    `Cannot find peaks with ${option} ${String(value)}: expected a number, or a least and a largest one`,
  );
}

function reachOf(options: FindPeaksOptions): number {
  if (options.windowLength === undefined) return Infinity;
  const length = numberOf("find peaks", "windowLength", options);
  if (!(length > 1)) throw new RangeError(`Cannot find peaks in windows of ${length} samples: expected more than 1`);
  return Math.floor(Math.ceil(length) / 2);
}
