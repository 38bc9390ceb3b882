/**
 * Reading a batch with its buffer.
 *
 * @module
 */

import { typedArrayOf } from "../../../array/dtype/dtype.ts";
import { contiguousStride, flatten, nativeDType } from "../../../array/ndarray.ts";
import type { AxisSelection, DType, LazyArray, NDArray, NumericData } from "../../../array/types.ts";
import { toFloat64 } from "./samples.ts";

/** What stands in for observations beyond the ends: zeros, as YASS has it, the recording mirrored, or its last value. */
export type Padding = "zeros" | "reflect" | "edge";

/** How batches are read. */
export interface BatchReading {
  /** The recording. */
  readonly array: LazyArray<NumericData>;
  /** Observations read on either side. */
  readonly bufferSize: number;
  /** What stands in for those beyond the ends. */
  readonly padding: Padding;
  /** Whether batches with a buffer come in float64, as YASS has them. */
  readonly inFloat64: boolean;
}

/**
 * Which observations are read for a batch with its buffer, and how many are missing on either side.
 *
 * @param start First observation of the batch
 * @param stop First one left out
 * @param bufferSize Observations on either side
 * @param observations How many there are
 */
export function bufferedRows(
  start: number,
  stop: number,
  bufferSize: number,
  observations: number,
): { readonly read: readonly [from: number, to: number]; readonly missing: readonly [before: number, after: number] } {
  return {
    read: [Math.max(0, start - bufferSize), Math.min(observations, stop + bufferSize)],
    missing: [Math.max(0, bufferSize - start), Math.max(0, stop + bufferSize - observations)],
  };
}

/**
 * Reads a batch: always `stop - start + 2 * bufferSize` observations.
 *
 * @param reading The recording, and how
 * @param start First observation
 * @param stop First one left out
 * @param channels Which; `null` for all
 * @param signal Aborts
 */
export async function readBatch(
  { array, bufferSize, padding, inFloat64 }: BatchReading,
  start: number,
  stop: number,
  channels: readonly number[] | null,
  signal?: AbortSignal,
): Promise<NDArray<NumericData>> {
  const [observations, width] = [array.shape[0]!, channels?.length ?? array.shape[1]!];
  const { read: [from, to], missing: [before, after] } = bufferedRows(start, stop, bufferSize, observations);
  const selection: AxisSelection[] = [{ start: from, stop: to, step: 1 }, channels === null ? null : [...channels]];
  const dtype = memoryDType(array.dtype);
  const rows = to - from;
  const total = stop - start + 2 * bufferSize;
  const shape = [total, width];
  if (total === rows && !(inFloat64 && bufferSize > 0)) {
    const { data } = flatten(await array.read(selection, { signal }));
    return { data, shape, stride: contiguousStride(shape), dtype };
  }
  const TypedArray = typedArrayOf(array.dtype)!;
  let data = new TypedArray(total * width);
  const into = data.subarray(before * width, (before + rows) * width);
  await array.read(selection, { signal, into });
  if (padding !== "zeros") fillEnds(data, width, rows, before, after, padding);
  if (inFloat64) data = toFloat64(data);
  return { data, shape, stride: contiguousStride(shape), dtype: inFloat64 ? FLOAT64 : dtype };
}

const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** A dtype as its values are in memory. */
export function memoryDType(dtype: DType): DType {
  const TypedArray = typedArrayOf(dtype)!;
  return dtype.kind === "bool" ? dtype : nativeDType(new TypedArray(0));
}

function fillEnds(
  data: NumericData,
  width: number,
  rows: number,
  before: number,
  after: number,
  padding: "reflect" | "edge",
): void {
  if (rows === 0) return;
  const [first, last] = [before, before + rows - 1];
  const copy = (to: number, from: number) => data.copyWithin(to * width, from * width, (from + 1) * width);
  for (let i = 1; i <= before; i++) copy(first - i, padding === "edge" ? first : mirrored(first + i, first, last));
  for (let i = 1; i <= after; i++) copy(last + i, padding === "edge" ? last : mirrored(last - i, first, last));
}

/** A row mirrored at both ends as often as it takes. */
function mirrored(row: number, first: number, last: number): number {
  const length = last - first;
  if (length === 0) return first;
  const at = ((row - first) % (2 * length) + 2 * length) % (2 * length);
  return first + (at > length ? 2 * length - at : at);
}
