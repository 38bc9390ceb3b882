/**
 * What an output holds, as YASS' sidecars say it.
 *
 * @module
 */

import { numpyName } from "../../../array/dtype/dtype.ts";
import type { DType } from "../../../array/types.ts";
import type { DataOrder } from "../words.ts";

/** What an output holds: what opens it again. */
export interface BatchParams {
  /** NumPy's name of the dtype. */
  readonly dtype: string;
  /** Number of channels. */
  readonly nChannels: number;
  /** How they lie. */
  readonly dataOrder: DataOrder;
}

/** A dtype's name without byte order, as `np.dtype(…).name` has it: `int16`; one of the other byte order as `>i2`. */
export function dtypeName(dtype: DType): string {
  const { kind, itemsize, byteOrder } = dtype;
  if (kind === "bool") return "bool";
  return byteOrder === ">" && itemsize !== 1 ? numpyName(dtype) : `${kind}${8 * (itemsize ?? 0)}`;
}
