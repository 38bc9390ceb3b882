/**
 * Times as files have them, checked as they are read.
 *
 * @module
 */

import type { LazyArray, NDArray, Selection } from "../../array/types.ts";
import { FormatError, MicrotomeError } from "../../source/errors.ts";
import { toTimes } from "../columns/column.ts";
import { namingArray } from "../files/naming_array.ts";

/**
 * Reads times.
 *
 * @param array Where they are, shape (N,)
 * @param name What they are called, for messages
 * @param selection Which; all by default
 * @param wholePages Whether whole pages are fetched, as other reads nearby will follow
 * @returns The times
 * @throws {FormatError} If they have another shape, aren't numbers, or one is NaN
 */
export async function readTimes(
  array: LazyArray,
  name: string,
  selection?: Selection,
  wholePages?: boolean,
): Promise<Float64Array> {
  return await namingArray(name, array, () => read(array, name, selection, wholePages));
}

async function read(
  array: LazyArray,
  name: string,
  selection: Selection | undefined,
  wholePages: boolean | undefined,
): Promise<Float64Array> {
  if (array.shape.length !== 1) {
    throw new FormatError(`Cannot read ${name}: ${name} must be 1D, it has ${array.shape.length} axes`);
  }
  const times = timesOf(await array.read(selection, { wholePages }), name);
  if (hasNaN(times)) throw new FormatError(`Cannot read ${name}: ${name} cannot contain NaNs`);
  return times;
}

/** Whether a time is none. */
export function hasNaN(times: Float64Array): boolean {
  for (let i = 0; i < times.length; i++) if (Number.isNaN(times[i])) return true;
  return false;
}

function timesOf(array: NDArray, name: string): Float64Array {
  try {
    return toTimes(array, name);
  } catch (error) {
    if (error instanceof MicrotomeError) throw new FormatError(error.message, { cause: error });
    throw error;
  }
}
