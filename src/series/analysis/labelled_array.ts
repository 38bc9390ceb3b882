/**
 * Arrays whose axes have names and whose positions along them have labels: what analyses give.
 *
 * @module
 */

import type { NDArray } from "../../array/types.ts";

/** Labels of the positions along an axis: keys of units, centres of bins, names, pairs of keys. */
export type Labels = Float64Array | readonly (string | number)[] | readonly (readonly [number, number])[];

/** An array with labelled axes, as xarray's `DataArray` is. */
export interface LabelledArray<A = Readonly<Record<never, never>>> {
  /** The numbers, in C order. */
  readonly data: NDArray<Float64Array>;
  /** Name of each axis. */
  readonly dims: readonly string[];
  /** Labels along each axis, by its name. */
  readonly coords: Readonly<Record<string, Labels>>;
  /** What else belongs to the result. */
  readonly attrs: A;
}
