/**
 * Spikes counted in bins.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError, LimitError, ShapeError } from "../../source/errors.ts";
import { checkLength, checkNonNegative } from "../intervals/check_intervals.ts";
import type { IrregularTimeSeries } from "../irregular.ts";

/** Options of {@linkcode binSpikes}. */
export interface BinSpikesOptions {
  /** Number of units N: which there are can't be told from the spikes of a window. */
  readonly units: number;
  /** Length of a bin, in seconds. */
  readonly binSize: number;
  /** The most that is counted for a unit in a bin; without it, all. */
  readonly maxSpikes?: number | undefined;
  /**
   * What is left over where bins don't fill the domain is cut off at its start, so that the last bin ends with it; if false,
   * at its end.
   *
   * @default {true}
   */
  readonly right?: boolean | undefined;
  /**
   * How much, in bins, may be missing for one more bin: a domain of 0.9999999 s has 10 bins of 0.1 s.
   *
   * @default {1e-3}
   */
  readonly eps?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `BinSpikesOptions`. */
const BIN_SPIKES_OPTIONS: OptionNames<BinSpikesOptions> = {
  units: true,
  binSize: true,
  maxSpikes: true,
  right: true,
  eps: true,
  signal: true,
};

/** A spike that is nearer to an edge than this, in bins, is on it: times and edges have been rounded. */
const EDGE = 1e-6;

/** Counts that an array may have. */
const MOST = 2 ** 29;

/**
 * Counts spikes in bins that fill the domain of a series. Its array `unit_index` says which unit each spike is of. Lazy
 * arrays are read: these two.
 *
 * A spike belongs to the bin that begins at or before it, one on an edge to the later bin, whatever rounding has made of it; one
 * at the very end of the domain belongs to the last bin. Spikes that no bin holds aren't counted. The original puts spikes on
 * edges into the bin before where rounding has it so, fails where a spike is at the end or before the start of the domain,
 * loses the last spike where it cuts off a rest, moves all bins where that rest reaches into a gap of the domain, and counts
 * a unit that there isn't as another one.
 *
 * @param spikes Spikes of one recording, or of a slice of it, in any order
 * @param options Number of units, length of bins
 * @returns Counts, int32 of shape (T, N): by bin and unit
 * @throws {RangeError} If an option is out of range, a unit is, or the domain isn't finite
 * @throws {NotFoundError} If there is no `unit_index`
 * @throws {DTypeError} If it isn't of integers
 * @throws {LimitError} If there would be more than 536,870,912 counts
 *
 * @example
 * ```ts
 * import { binSpikes } from "./bin_spikes.ts";
 * import { Interval } from "../intervals/interval.ts";
 * import { IrregularTimeSeries } from "../irregular.ts";
 * import { toNested } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const spikes = new IrregularTimeSeries(
 *   { timestamps: [0.1, 0.4, 0.5, 0.7, 1.9], unit_index: Int32Array.of(0, 1, 1, 1, 0) },
 *   { domain: new Interval(0, 2) },
 * );
 * const counts = await binSpikes(spikes, { units: 2, binSize: 0.5 });
 * assert.deepEqual(toNested(counts), [[1, 1], [0, 2], [0, 0], [1, 0]]);
 * ```
 */
export async function binSpikes(
  spikes: IrregularTimeSeries<LazyArray>,
  options: BinSpikesOptions,
): Promise<NDArray<Int32Array>> {
  checkOptions(options, BIN_SPIKES_OPTIONS, "bin spikes");
  const { units, binSize, maxSpikes = Infinity, signal } = options;
  checkBinning(options);
  signal?.throwIfAborted();
  const [times, index, domain] = await Promise.all([
    spikes.array("timestamps", { signal }),
    spikes.array("unit_index", { signal }),
    spikes.domain.intervals({ signal }),
  ]);
  const unitOf = checkUnits(index, units);
  const bins = binsOf(domain.start[0] ?? 0, domain.end.at(-1) ?? 0, options);
  if (bins.count * units > MOST) {
    throw new LimitError(`Cannot bin spikes: ${bins.count} bins of ${units} units are more than ${MOST} counts`);
  }
  const counts = new Int32Array(bins.count * units);
  (times.data as Float64Array).forEach((time, i) => {
    const bin = binOf(time, bins, binSize);
    if (bin === null) return;
    const at = bin * units + Number(unitOf[i]);
    if (counts[at]! < maxSpikes) counts[at]!++;
  });
  return ndarray(counts, [bins.count, units]);
}

/** Bins side by side. */
interface Bins {
  /** Where the first begins. */
  readonly start: number;
  readonly count: number;
  /** Whether the last one ends with the domain, and has what happened right then. */
  readonly isClosed: boolean;
}

function binsOf(start: number, end: number, { binSize, right = true, eps = 1e-3 }: BinSpikesOptions): Bins {
  const length = end - start;
  if (!Number.isFinite(length)) {
    throw new RangeError(`Cannot bin spikes: the domain from ${start} to ${end} isn't finite`);
  }
  const count = Math.floor(length / binSize + eps);
  const rest = length - count * binSize;
  return {
    start: right && rest > 0 ? end - count * binSize : start,
    count,
    isClosed: right || rest <= EDGE * binSize,
  };
}

/** The bin that a time falls into, `null` for none. */
function binOf(time: number, { start, count, isClosed }: Bins, binSize: number): number | null {
  const exact = (time - start) / binSize;
  const bin = Math.floor(exact + EDGE);
  if (bin >= 0 && bin < count) return bin;
  return isClosed && count > 0 && bin === count && exact <= count + EDGE ? count - 1 : null;
}

function checkBinning({ units, binSize, maxSpikes, eps = 1e-3 }: BinSpikesOptions): void {
  checkLength(binSize, "bin spikes", "binSize");
  checkNonNegative(eps, "bin spikes", "eps");
  for (const [name, value] of [["units", units], ["maxSpikes", maxSpikes ?? 0]] as const) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new RangeError(`Cannot bin spikes: ${name} is ${value}, expected a whole number that isn't negative`);
  }
}

/**
 * The numbers of an array that says of which unit each spike is.
 *
 * @param index The array
 * @param units Number of units
 * @throws {DTypeError} If it isn't of integers
 * @throws {ShapeError} If it hasn't one axis
 * @throws {RangeError} If one isn't among the units
 */
export function checkUnits(index: NDArray, units: number): NumericData {
  const { dtype, shape } = index;
  if (dtype.kind !== "int" && dtype.kind !== "uint") {
    throw new DTypeError(`Cannot count spikes: unit_index holds ${describeDType(dtype)}, expected integers`);
  }
  if (shape.length !== 1) {
    throw new ShapeError(`Cannot count spikes: unit_index must be 1D, it has ${shape.length} axes`);
  }
  const data = index.data as NumericData;
  for (const unit of data) {
    if (unit >= 0 && unit < units) continue;
    throw new RangeError(`Cannot count spikes: unit_index has ${unit}, but there are ${units} units`);
  }
  return data;
}
