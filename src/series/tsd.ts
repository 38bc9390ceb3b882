/**
 * Times with one value each.
 *
 * @module
 */

import type { SeriesPeaks } from "./process/peaks.ts";
import type { SeriesPeaksOptions } from "./values/filter_options.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import { ShapeError } from "../source/errors.ts";
import { makeSeries } from "./make_series.ts";
import { describe, type Numbers } from "./values/numbers.ts";
import { rowsOfMask, takeTimes } from "./values/rows.ts";
import { SERIES_OPTIONS, type SeriesOptions, TimeIndex } from "./time_index.ts";
import { Ts } from "./ts.ts";
import { TsGroup } from "./ts_group.ts";
import type { TsdFrame } from "./tsd_frame.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import { indexValues } from "./indexed_values.ts";
import { ValueSeries } from "./value_series.ts";
import { loadValues, passingRows, toNumbers, type Values, type ValuesInput } from "./values/values.ts";
import { ARRAY_READ_OPTIONS } from "../array/select/read_options.ts";

/** Options of a threshold. */
export interface ThresholdOptions extends ArrayReadOptions {
  /**
   * Which side of the threshold is taken, and whether the threshold itself is.
   *
   * @default {"above"}
   */
  readonly method?: "above" | "below" | "aboveequal" | "belowequal" | undefined;
}

/** Names of `ThresholdOptions`. */
export const THRESHOLD_OPTIONS: OptionNames<ThresholdOptions> = { method: true, signal: true, wholePages: true };

const TESTS: Readonly<Partial<Record<string, (value: number, threshold: number) => boolean>>> = {
  above: (value, threshold) => value > threshold,
  below: (value, threshold) => value < threshold,
  aboveequal: (value, threshold) => value >= threshold,
  belowequal: (value, threshold) => value <= threshold,
};

/**
 * A series with one value per sample: a position, a voltage, a count.
 *
 * @example Usage
 * ```ts
 * import { Tsd } from "./tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const speed = new Tsd([0, 1, 2, 3], [5, 7, 4, 6]);
 * assert.deepEqual((await speed.get(1, 2).read()).data, Float64Array.of(7, 4));
 * ```
 */
export class Tsd extends ValueSeries {
  /**
   * Makes a series of values. Times are brought into order, and values with them (`"pynapple"` leaves values where they
   * were); a lazy array stays lazy, and nothing of it is read.
   *
   * @param times The times
   * @param values A value for each
   * @param options Options
   * @throws {ShapeError} If there are not as many values as times, or values have more than one axis
   * @throws {TypeError} If these aren't times or values
   */
  constructor(times: Numbers | TimeIndex, values: ValuesInput, options: SeriesOptions = {}) {
    checkOptions(options, SERIES_OPTIONS, "make a Tsd");
    const indexed = indexValues(times, values, options);
    if (indexed.values.shape.length !== 1) {
      throw new ShapeError(`Cannot make a Tsd of ${indexed.values.shape.length} axes: data should be 1 dimensional`);
    }
    super(indexed);
  }

  /**
   * The samples on one side of a number. Values are read in blocks.
   *
   * @param threshold The number
   * @param options Options
   * @returns The time support is where they are: its edges lie midway between samples that pass and those that don't, and
   * on the sample at the ends of an interval
   */
  async threshold(threshold: number, options: ThresholdOptions = {}): Promise<this> {
    checkOptions(options, THRESHOLD_OPTIONS, "threshold");
    const passes = typeof threshold === "number" ? TESTS[options.method ?? "above"] : undefined;
    if (passes === undefined) {
      throw new TypeError(
        `Cannot take samples ${describe(options.method)} ${describe(threshold)}: method should be "above", "below", ` +
          '"aboveequal" or "belowequal", and the threshold a number',
      );
    }
    const test = (numbers: Float64Array, i: number) => passes(numbers[i]!, threshold);
    const { passed, values } = await passingRows(this.values, test, options);
    const { passingIntervals } = await import("./process/passing.ts");
    const support = passingIntervals(this.times, passed, this.timeSupport);
    return this.like(new TimeIndex(takeTimes(this.times, rowsOfMask(passed)), support), values);
  }

  /**
   * Peaks by SciPy's rules, within each interval.
   *
   * @param options Which peaks count: heights, distances in samples, prominences, widths
   * @returns The peaks as a series, and what was found of each
   */
  async findPeaks(options: SeriesPeaksOptions = {}): Promise<SeriesPeaks<this>> {
    const { peaksOfEpochs } = await import("./process/peaks.ts");
    return peaksOfEpochs(options, () => this.restrict(this.epochsOf(options, "find peaks in")));
  }

  /**
   * The times by value: a group with a `Ts` for each whole number that there is. Fractions are cut off.
   *
   * @throws {RangeError} If a value isn't finite
   */
  async toTsGroup(options?: ArrayReadOptions): Promise<TsGroup> {
    checkOptions(options, ARRAY_READ_OPTIONS, "to ts group");
    const times = new Map<number, number[]>();
    toNumbers(await loadValues(this.values, options)).forEach((value, i) => {
      if (!Number.isFinite(value)) throw new RangeError(`Cannot group by the value ${value}: sample ${i} isn't finite`);
      const key = Math.trunc(value) + 0;
      const list = times.get(key);
      if (list === undefined) times.set(key, [this.times[i]!]);
      else list.push(this.times[i]!);
    });
    const members = Array.from(times, ([key, list]): [number, Ts] => [
      key,
      new Ts(new TimeIndex(Float64Array.from(list), this.timeSupport)),
    ]);
    return new TsGroup(new Map(members), { timeSupport: this.timeSupport, bypassCheck: true });
  }

  /** A series of other times and values. */
  override like(index: TimeIndex, values: Values): this {
    return new Tsd(index, values) as this;
  }

  /** A series of the class that values ask for. */
  protected override make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor {
    return makeSeries(index, values);
  }
}
