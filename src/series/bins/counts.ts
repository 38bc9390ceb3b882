/**
 * Where counts go.
 *
 * @module
 */

import { allocate, dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { NDArray, NumericData } from "../../array/types.ts";
import type { CountOptions } from "../series_options.ts";

/** Memory for counts. @throws {TypeError} If the type asked for can't count. */
export function countsOf(count: number, options: CountOptions): NDArray<NumericData> {
  const dtype = dtypeFromNumpy(options.dtype ?? "int32");
  if (!["int", "uint", "float"].includes(dtype.kind)) {
    throw new TypeError(`Cannot count in ${JSON.stringify(options.dtype)}: expected a type of numbers`);
  }
  return ndarray(allocate(dtype, count) as NumericData);
}
