/**
 * Times and values brought into order together.
 *
 * @module
 */

import { ShapeError } from "../source/errors.ts";
import { indexTimes, type SeriesOptions, TimeIndex } from "./time_index.ts";
import type { Numbers } from "./values/numbers.ts";
import { takeRows, toValues, type Values, type ValuesInput } from "./values/values.ts";

/** Times in order, and a row of values for each. */
export interface IndexedValues {
  /** The times. */
  readonly index: TimeIndex;
  /** The rows. */
  readonly values: Values;
}

/**
 * Brings times into order, and values with them. Nothing is read.
 *
 * @param times The times
 * @param input A row of values for each
 * @param options Options
 * @throws {ShapeError} If there are not as many rows as times
 */
export function indexValues(times: Numbers | TimeIndex, input: ValuesInput, options: SeriesOptions): IndexedValues {
  const values = toValues(input);
  const given = times instanceof TimeIndex ? times.axis.length : typeof times === "number" ? 1 : lengthOf(times);
  if (given !== undefined && values.shape[0] !== given) {
    throw new ShapeError(
      `Cannot make a series: length of values ${values.shape[0]} does not match length of index ${given}`,
    );
  }
  const { index, rows } = indexTimes(times, options);
  return { index, values: takeRows(values, rows) };
}

function lengthOf(times: Exclude<Numbers, number>): number | undefined {
  return "shape" in times ? times.shape[0] : times.length;
}
