/**
 * Mean activity in each of several sets of epochs: tuning to discrete conditions.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions } from "../../array/types.ts";
import { totalLength } from "../../time/intervals.ts";
import { countOf, rangesOf } from "../../time/ranges.ts";
import { reduceRows } from "../bins/average.ts";
import { IntervalSet } from "../intervals/interval_set.ts";
import type { LabelledArray } from "./labelled_array.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import { rowsOfRuns } from "../values/rows.ts";
import { Ts } from "../ts.ts";
import { TsGroup } from "../ts_group.ts";
import type { Tsd } from "../tsd.ts";
import type { TsdFrame } from "../tsd_frame.ts";
import { checkData, keysOf } from "./tuning_curves.ts";

/** Options of {@linkcode computeResponsePerEpoch}. */
export interface ResponseOptions extends CompatibleOptions, ArrayReadOptions {}

/** Names of `ResponseOptions`. */
export const RESPONSE_OPTIONS: OptionNames<ResponseOptions> = { compatible: true, signal: true, wholePages: true };

/**
 * Mean activity of units, or of columns of a frame, in sets of epochs.
 *
 * Of spikes the result is their number over the length of the set; of continuous data the mean of the samples within,
 * without those that are NaN (`compatible: "pynapple"` keeps them, so that one makes the mean NaN), NaN where there is
 * none. Of lazy values only the rows in the epochs are read, in blocks.
 *
 * @param data Spikes (`TsGroup`, `Ts`) or continuous data (`Tsd`, `TsdFrame`)
 * @param epochs Sets of epochs by their names
 * @param options Options
 * @returns Of axes `unit` and `epochs`: in Hz for spikes, in the data's unit for continuous data
 * @throws {TypeError} If data are of another class, or epochs aren't sets of intervals by names
 *
 * @example Usage
 * ```ts
 * import { computeResponsePerEpoch } from "./response_per_epoch.ts";
 * import { IntervalSet } from "../intervals/interval_set.ts";
 * import { Ts } from "../ts.ts";
 * import assert from "node:assert/strict";
 *
 * const response = await computeResponsePerEpoch(new Ts([1, 2, 3, 7]), {
 *   left: new IntervalSet(0, 4),
 *   right: new IntervalSet(5, 10),
 * });
 * assert.deepEqual([...response.data.data], [0.75, 0.2]);
 * ```
 */
export async function computeResponsePerEpoch(
  data: TsGroup | Ts | Tsd | TsdFrame,
  epochs: Readonly<Record<string, IntervalSet>> | ReadonlyMap<string, IntervalSet>,
  options: ResponseOptions = {},
): Promise<LabelledArray> {
  checkOptions(options, RESPONSE_OPTIONS, "compute response per epoch");
  const pynapple = followsPynapple(options);
  checkData(data, "compute responses");
  const isRecord = typeof epochs === "object" && epochs !== null && !(epochs instanceof IntervalSet);
  const named = !isRecord ? [] : epochs instanceof Map ? [...epochs] : Object.entries(epochs);
  if (named.length === 0 || !named.every(([, set]) => set instanceof IntervalSet)) {
    throw new TypeError(
      `Cannot compute responses in ${describe(epochs)}: epochs should be a dictionary of IntervalSets, and not empty`,
    );
  }
  const keys = keysOf(data);
  const responses = new Float64Array(keys.length * named.length);
  for (const [column, [, set]] of named.entries()) {
    const values = data instanceof TsGroup || data instanceof Ts
      ? (data instanceof Ts ? [data] : data.members()).map(({ axis }) =>
        countOf(rangesOf(axis, set)) / totalLength(set)
      )
      : (await reduceRows(data.values, rowsOfRuns(rangesOf(data.axis, set)), "mean", !pynapple, options)).data;
    for (let unit = 0; unit < keys.length; unit++) responses[unit * named.length + column] = Number(values[unit]);
  }
  return {
    data: ndarray(responses, [keys.length, named.length]),
    dims: ["unit", "epochs"],
    coords: { unit: keys, epochs: named.map(([name]) => name) },
    attrs: {},
  };
}
