/**
 * Distributions of the intervals between spikes.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import { binEdges, binFinder, type BinRange, binSpecs, centersOf } from "../bins/histogram.ts";
import { checkIntervals, type IntervalSet } from "../intervals/interval_set.ts";
import type { LabelledArray } from "./labelled_array.ts";
import { describe } from "../values/numbers.ts";
import { Series } from "../series.ts";
import { TsGroup } from "../ts_group.ts";
import { toNumbers } from "../values/values.ts";
import type { NDArray } from "../../array/types.ts";

/** Options of {@linkcode computeIsiDistribution}. */
export interface IsiOptions {
  /**
   * How many bins, or their edges: in seconds, or logarithms of seconds.
   *
   * @default {10}
   */
  readonly bins?: number | ArrayLike<number> | undefined;
  /**
   * Whether natural logarithms of the intervals are taken.
   *
   * @default {false}
   */
  readonly logScale?: boolean | undefined;
  /**
   * Where to look; intervals that span two epochs don't count.
   *
   * By default the time support.
   */
  readonly epochs?: IntervalSet | undefined;
}

/** Names of `IsiOptions`. */
export const ISI_OPTIONS: OptionNames<IsiOptions> = { bins: true, logScale: true, epochs: true };

/**
 * How many intervals between a unit's neighbouring spikes are how long.
 *
 * @param data A group, or a single series, which gets the key 0
 * @param options Options
 * @returns Counts, of axes `unit` and `interval`, labelled with keys and the centres of bins
 * @throws {TypeError} If data aren't series
 * @throws {RangeError} If there is no interval to find the bins from, or bins don't ascend
 *
 * @example Usage
 * ```ts
 * import { computeIsiDistribution } from "./isi_distribution.ts";
 * import { Ts } from "../ts.ts";
 * import assert from "node:assert/strict";
 *
 * const isi = computeIsiDistribution(new Ts([0, 1, 2, 5]), { bins: [0, 2, 4] });
 * assert.deepEqual(isi.data.data, Float64Array.of(2, 1));
 * assert.deepEqual(isi.coords["interval"], Float64Array.of(1, 3));
 * ```
 */
export function computeIsiDistribution(data: Series | TsGroup, options: IsiOptions = {}): LabelledArray {
  checkOptions(options, ISI_OPTIONS, "compute isi distribution");
  if (!(data instanceof Series || data instanceof TsGroup)) {
    throw new TypeError(
      `Cannot compute intervals between ${describe(data)}: data should be a Ts, TsGroup, Tsd, TsdFrame or TsdTensor`,
    );
  }
  const epochs = checkIntervals(options.epochs ?? data.timeSupport, "compute intervals between spikes in");
  const units: readonly Series[] = data instanceof TsGroup ? data.members() : [data];
  const [spec] = binSpecs(options.bins ?? 10, 1) as [number | ArrayLike<number>];
  const lists = units.map((unit) => {
    const differences = toNumbers(unit.timeDiff({ epochs }).values as NDArray);
    return options.logScale === true ? differences.map(Math.log) : differences;
  });
  const edges = binEdges(spec, ...(typeof spec === "number" ? extremes(lists) : [0, 0] as const));
  const find = binFinder(edges);
  const count = edges.length - 1;
  const counts = new Float64Array(units.length * count);
  lists.forEach((list, unit) => {
    for (const interval of list) {
      const bin = find(interval);
      if (bin >= 0) counts[unit * count + bin]!++;
    }
  });
  return {
    data: ndarray(counts, [units.length, count]),
    dims: ["unit", "interval"],
    coords: { unit: data instanceof TsGroup ? data.keys() : [0], interval: centersOf(edges) },
    attrs: {},
  };
}

// Two spikes at one time have a logarithm of -Infinity, which is no edge.
function extremes(lists: readonly Float64Array[]): Exclude<BinRange, null> {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low <= high) return [low, high];
  throw new RangeError("Cannot find bins of intervals between spikes: there are none; pass their edges");
}
