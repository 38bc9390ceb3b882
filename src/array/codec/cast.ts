/**
 * Numbers of one type as numbers of another, checked: nothing that the other can't hold gets through unasked.
 *
 * @module
 */

import { describeValue } from "../../source/describe_value.ts";
import { DTypeError } from "../../source/errors.ts";
import type { OptionNames } from "../../source/options.ts";
import { allocate, describeDType, typedArrayOf } from "../dtype/dtype.ts";
import { halfBits, widenHalf } from "../dtype/half.ts";
import { isNumber, type NumberDType, numbersOf } from "../dtype/kinds.ts";
import type { ArrayData, DType, NumericData } from "../types.ts";

/**
 * What becomes of a number that an integer type can't hold, or that a float type could only hold as infinity:
 *
 * - `error`: a `DTypeError` that names it.
 * - `wrap`: integers keep their low bits, as C and NumPy's `astype` have it; fractions are cut off, NaN and infinity
 *   become 0; floats become infinity.
 * - `clip`: the nearest that the type can hold; fractions are cut off, NaN becomes 0 in an integer.
 */
export type Overflow = "error" | "wrap" | "clip";

/** Options of {@linkcode castNumbers}. */
export interface CastOptions {
  /**
   * What becomes of numbers that don't fit.
   *
   * @default {"error"}
   */
  readonly overflow?: Overflow | undefined;
  /**
   * What is being done, for messages, such as `write dataset "/a"`.
   *
   * @default {"convert"}
   */
  readonly action?: string | undefined;
}

/** Names of `CastOptions`. */
export const CAST_OPTIONS: OptionNames<CastOptions> = { overflow: true, action: true };

/** How a type holds numbers. */
interface Target {
  readonly dtype: NumberDType;
  readonly overflow: Overflow;
  readonly action: string;
  /** Integers only. */
  readonly min: bigint;
  readonly max: bigint;
  /** Integers of up to 32 bits: the same as numbers; else NaN. */
  readonly low: number;
  readonly high: number;
  /** Floats only: the largest finite number, and whether each must be rounded to 16 bits. */
  readonly largest: number;
}

/**
 * Converts numbers.
 *
 * Integers must be held exactly: a fraction, NaN or a number out of range is an error unless `overflow` says what
 * becomes of it. Floats are rounded to the nearest, as they always are; only a finite number that would become infinite
 * counts as one that doesn't fit. Bigints and numbers mix freely. A bool holds 0 and 1, true and false. An enum also
 * takes its members' names.
 *
 * @param data Numbers: a typed array, or a plain one of numbers, bigints and booleans
 * @param to What they become: an integer, float, bool, enum or time type
 * @param options What becomes of numbers that don't fit
 * @returns The numbers as that type has them in memory; `data` itself where they are so already
 * @throws {DTypeError} If one doesn't fit, or isn't a number
 *
 * @example Usage
 * ```ts
 * import { castNumbers } from "./cast.ts";
 * import { dtypeFromNumpy } from "../dtype/dtype.ts";
 * import assert from "node:assert/strict";
 *
 * const uint8 = dtypeFromNumpy("u1");
 * assert.deepEqual(castNumbers(Float64Array.of(1, 255), uint8), Uint8Array.of(1, 255));
 * assert.throws(() => castNumbers(Float64Array.of(1, 256), uint8), /256/);
 * assert.deepEqual(castNumbers(Float64Array.of(1, 256), uint8, { overflow: "clip" }), Uint8Array.of(1, 255));
 * ```
 */
export function castNumbers(data: ArrayData, to: DType, options: CastOptions = {}): NumericData {
  const target = targetOf(to, options);
  const { dtype } = target;
  const half = dtype.kind === "float" && dtype.itemsize === 2;
  if (!Array.isArray(data) && data.constructor === typedArrayOf(dtype) && !half && dtype.kind !== "bool") return data;
  const out = allocate(dtype, data.length) as NumericData;
  const wide = out instanceof BigInt64Array || out instanceof BigUint64Array;
  if (wide || half || Array.isArray(data) || isWide(data)) castEach(data, out, target);
  else castNarrow(data, out as Exclude<NumericData, BigInt64Array | BigUint64Array>, target);
  return out;
}

/**
 * Converts one number as {@linkcode castNumbers} does.
 *
 * @param value A number, bigint, boolean, or an enum's member
 * @param to What it becomes
 * @param options What becomes of a number that doesn't fit
 * @returns A bigint for types of 64-bit integers, else a number
 * @throws {DTypeError} If it doesn't fit, or isn't a number
 */
export function castNumber(value: unknown, to: DType, options: CastOptions = {}): number | bigint {
  return castOne(value, targetOf(to, options));
}

/** Both typed, neither of bigints: each is stored, and looked at again only where it came out otherwise. */
function castNarrow(
  data: Exclude<NumericData, BigInt64Array | BigUint64Array>,
  out: Exclude<NumericData, BigInt64Array | BigUint64Array>,
  target: Target,
): void {
  const { kind } = target.dtype;
  if (kind === "float" && out instanceof Float64Array) return out.set(data);
  if (kind === "bool") return castEach(data, out, target);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    out[i] = value;
    if (out[i] !== value && (kind !== "float" || !Number.isFinite(out[i]))) {
      out[i] = castOne(value, target) as number;
    }
  }
}

function castEach(data: ArrayData, out: NumericData, target: Target): void {
  for (let i = 0; i < data.length; i++) out[i] = castOne(data[i], target);
}

function isWide(data: ArrayData): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

function targetOf(dtype: DType, { overflow = "error", action = "convert" }: CastOptions): Target {
  if (!isNumber(dtype)) {
    throw new DTypeError(`Cannot ${action}: numbers can't become ${describeDType(dtype)}`);
  }
  if (overflow !== "error" && overflow !== "wrap" && overflow !== "clip") {
    throw new TypeError(`Cannot ${action}: overflow is ${String(overflow)}, expected "error", "wrap" or "clip"`);
  }
  const held = numbersOf(dtype)!;
  const bits = BigInt(8 * held.itemsize);
  const signed = held.kind !== "uint";
  const [min, max] = dtype.kind === "bool"
    ? [0n, 1n]
    : [signed ? -(1n << (bits - 1n)) : 0n, (1n << (signed ? bits - 1n : bits)) - 1n];
  const largest = dtype.itemsize === 2 ? 65504 : dtype.itemsize === 4 ? 3.4028234663852886e38 : Number.MAX_VALUE;
  const wide = held.itemsize === 8;
  return { dtype, overflow, action, min, max, low: wide ? NaN : Number(min), high: wide ? NaN : Number(max), largest };
}

function castOne(value: unknown, target: Target): number | bigint {
  const { dtype } = target;
  if (typeof value === "boolean") return dtype.kind === "float" || dtype.itemsize < 8 ? Number(value) : BigInt(value);
  if (typeof value === "string" && dtype.kind === "enum") return memberOf(value, dtype, target);
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new DTypeError(`Cannot ${target.action}: ${describeValue(value)} is no ${describeDType(dtype)}`);
  }
  return dtype.kind === "float" ? toFloat(Number(value), target) : toInteger(value, target);
}

function toFloat(value: number, target: Target): number {
  const { itemsize } = target.dtype;
  const rounded = itemsize === 2 ? roundToHalf(value) : itemsize === 4 ? Math.fround(value) : value;
  if (Number.isFinite(rounded) || !Number.isFinite(value) || target.overflow === "wrap") return rounded;
  if (target.overflow === "clip") return Math.sign(value) * target.largest;
  throw unfit(value, target);
}

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/**
 * The nearest float16. Going through float32 could round twice; cut off, with the last bit set where something was cut
 * off ("round to odd"), the float32 rounds to what the number itself does.
 */
function roundToHalf(value: number): number {
  FLOAT[0] = value;
  if (!Number.isFinite(value)) return value;
  if (FLOAT[0] !== value) {
    if (Math.abs(FLOAT[0]!) > Math.abs(value)) BITS[0]!--;
    BITS[0]! |= 1;
  }
  BITS[0] = widenHalf(halfBits(BITS[0]!));
  return FLOAT[0]!;
}

function toInteger(value: number | bigint, target: Target): number | bigint {
  const { overflow, min, max, dtype } = target;
  if (typeof value === "number" && value >= target.low && value <= target.high && Number.isInteger(value)) return value;
  const give = (integer: bigint) => typedArrayOf(dtype)!.BYTES_PER_ELEMENT === 8 ? integer : Number(integer);
  if (overflow === "error") {
    if (typeof value === "number" && !Number.isInteger(value)) throw unfit(value, target);
    const integer = BigInt(value);
    if (integer < min || integer > max) throw unfit(value, target);
    return give(integer);
  }
  if (overflow === "clip") {
    if (value === Infinity) return give(max);
    if (value === -Infinity) return give(min);
    const integer = truncated(value);
    return give(integer < min ? min : integer > max ? max : integer);
  }
  const integer = truncated(value);
  if (dtype.kind === "bool") return integer === 0n ? 0 : 1;
  const bits = 8 * (dtype.kind === "enum" ? dtype.base : dtype).itemsize;
  return give(min < 0n ? BigInt.asIntN(bits, integer) : BigInt.asUintN(bits, integer));
}

function truncated(value: number | bigint): bigint {
  if (typeof value === "bigint") return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function memberOf(name: string, dtype: Extract<DType, { kind: "enum" }>, target: Target): number | bigint {
  if (Object.hasOwn(dtype.members, name)) {
    const value = dtype.members[name]!;
    return dtype.base.itemsize === 8 ? BigInt(value) : Number(value);
  }
  throw new DTypeError(`Cannot ${target.action}: ${JSON.stringify(name)} is no member of ${describeDType(dtype)}`);
}

function unfit(value: number | bigint, { action, dtype, min, max }: Target): DTypeError {
  const range = dtype.kind === "float" ? "" : `, which holds the integers from ${min} to ${max}`;
  return new DTypeError(`Cannot ${action}: ${value} doesn't fit ${describeDType(dtype)}${range}`);
}
