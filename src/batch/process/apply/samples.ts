/**
 * Samples in float64.
 *
 * @module
 */

import type { NumericData } from "../../../array/types.ts";

/** Values in float64: as they are where they are so already. */
export function toFloat64(data: NumericData): Float64Array {
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return new Float64Array(data);
}
