/** Functions that workers are sent by their module's URL. */
import type { BatchIndex } from "../../src/batch/mod.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";

/** Each value and its neighbours in time, of one channel or several: a function that needs a margin of 1. */
export function sumOfThree(batch: NDArray<NumericData>): NDArray<Float64Array> {
  const width = batch.shape[1] ?? 1;
  const data = Float64Array.from(
    batch.data as Int16Array,
    (value, i) => value + Number(batch.data[i - width] ?? 0) + Number(batch.data[i + width] ?? 0),
  );
  return { ...batch, data, dtype: { kind: "float", itemsize: 8, byteOrder: "<" } };
}

/** Fails in the batch of one observation. */
export function failsAt(
  batch: NDArray<NumericData>,
  { at, index }: { at: number; index?: BatchIndex },
): NDArray<NumericData> {
  const { start, stop } = (index as BatchIndex)[0];
  if (start! <= at && at < stop!) throw new RangeError(`Can't do ${at}`);
  return batch;
}
