/**
 * Casting results: rounded, clipped, and counted.
 *
 * @module
 */

import { describeDType, dtypeFromNumpy, typedArrayOf } from "../../../array/dtype/dtype.ts";
import { nativeDType } from "../../../array/ndarray.ts";
import type { DType, NDArray, NumericData } from "../../../array/types.ts";
import { DTypeError } from "../../../source/errors.ts";

/** A cast, and how many values it had to clip so far. */
export interface ValueCast {
  /** What values become. */
  readonly dtype: DType;
  /** Values that were clipped. */
  clipped: number;
}

/**
 * A cast to a dtype.
 *
 * @param name NumPy's name
 * @throws {DTypeError} If it is none of real numbers
 */
export function valueCast(name: string | undefined): ValueCast | null {
  if (name === undefined || name === null) return null;
  const dtype = dtypeFromNumpy(name);
  if (
    dtype.kind !== "int" && dtype.kind !== "uint" && dtype.kind !== "float" ||
    dtype.itemsize === 2 && dtype.kind === "float"
  ) {
    throw new DTypeError(`Cannot cast to ${describeDType(dtype)}: expected integers, float32 or float64`);
  }
  return { dtype: nativeDType(new (typedArrayOf(dtype)!)(0)), clipped: 0 };
}

/**
 * Casts values: to integers by rounding to the nearest (halves to even, as NumPy's `rint`) and clipping to what the type holds; to floats
 * by rounding. YASS cuts fractions off and lets integers wrap.
 *
 * @param array The values
 * @param cast What they become
 * @throws {DTypeError} If NaN should become an integer
 */
export function castValues(array: NDArray<NumericData>, cast: ValueCast): NDArray<NumericData> {
  const { dtype } = cast;
  const TypedArray = typedArrayOf(dtype)!;
  const { data } = array;
  if (data.constructor === TypedArray) return { ...array, dtype };
  const out = new TypedArray(data.length);
  if (dtype.kind === "float") {
    for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
    return { ...array, data: out, dtype };
  }
  const bits = 8 * (dtype as { readonly itemsize: number }).itemsize;
  const [low, high] = dtype.kind === "int"
    ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
    : [0n, 2n ** BigInt(bits) - 1n];
  const isBig = bits === 64;
  const [least, most] = [Number(low), Number(high)];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (isBig || typeof value === "bigint") {
      const whole = typeof value === "bigint" ? value : wholeOf(value, low, high);
      const kept = whole < low ? low : whole > high ? high : whole;
      if (kept !== whole) cast.clipped++;
      out[i] = (isBig ? kept : Number(kept)) as never;
      continue;
    }
    if (Number.isNaN(value)) refuseNaN(dtype);
    const rounded = roundHalfEven(value);
    if (rounded < least || rounded > most) cast.clipped++;
    out[i] = Math.min(most, Math.max(least, rounded));
  }
  return { ...array, data: out, dtype };
}

function wholeOf(value: number, low: bigint, high: bigint): bigint {
  if (Number.isNaN(value)) refuseNaN({ kind: low < 0n ? "int" : "uint", itemsize: 8, byteOrder: "<" });
  if (value === Infinity) return high + 1n;
  if (value === -Infinity) return low - 1n;
  return BigInt(roundHalfEven(value));
}

function refuseNaN(dtype: DType): never {
  throw new DTypeError(
    `Cannot cast NaN to ${describeDType(dtype)}, which has none: cast to float32, or replace it in the function`,
  );
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
