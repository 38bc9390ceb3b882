/**
 * What stands in the gaps of regular series, and putting samples on their grid.
 *
 * @module
 */

import { castNumber } from "../../array/codec/cast.ts";
import { allocate, describeDType } from "../../array/dtype/dtype.ts";
import { flatten, fullArray, sizeOf } from "../../array/ndarray.ts";
import type { DType, NDArray } from "../../array/types.ts";
import { DTypeError, LimitError } from "../../source/errors.ts";
import { Interval } from "../intervals/interval.ts";

/** A value that stands in a gap: a complex number is a pair. */
export type GapValue = number | bigint | boolean | readonly [re: number, im: number];

/** NumPy's letter of a kind of numbers: bool, signed, unsigned, float, complex, datetime, timedelta. */
export type GapKind = "b" | "i" | "u" | "f" | "c" | "M" | "m";

/** Options of filling gaps. */
export interface GapOptions {
  /**
   * What stands in gaps: one value for all arrays, or one for each kind of numbers; then every kind that there is needs one.
   *
   * @default {{ b: false, i: -1, u: 0, f: NaN }}
   */
  readonly gapValue?: GapValue | Readonly<Partial<Record<GapKind, GapValue>>> | undefined;
  /** What stands in gaps of single arrays, by name; goes before `gapValue`. */
  readonly gapValueOf?: Readonly<Record<string, GapValue>> | undefined;
  /**
   * The most that all arrays with their gaps may take together, in bytes: a wrong time far away would fill the memory.
   *
   * @default {2147483648}
   */
  readonly maxBytes?: number | undefined;
}

const DEFAULTS: Readonly<Partial<Record<GapKind, GapValue>>> = { b: false, i: -1, u: 0, f: NaN };

const LETTERS: Readonly<Partial<Record<DType["kind"], GapKind>>> = {
  bool: "b",
  int: "i",
  uint: "u",
  float: "f",
  complex: "c",
  datetime: "M",
  timedelta: "m",
};

/** A run of samples without a gap, as rows of the grid. */
export type Run = readonly [start: number, stop: number];

/**
 * The value that stands in an array's gaps.
 *
 * @param name The array's name
 * @param dtype Type of its elements
 * @param options What the user chose
 * @throws {DTypeError} If it is no array of numbers, there is no value for its kind, or its type can't hold that exactly
 * @throws {TypeError} If the value is none
 */
export function gapValueFor(name: string, dtype: DType, options: GapOptions): GapValue {
  const { gapValue = DEFAULTS, gapValueOf = {} } = options;
  const what = `Cannot fill the gaps of ${name}`;
  const letter = LETTERS[dtype.kind];
  if (dtype.kind !== "enum" && letter === undefined) {
    throw new DTypeError(`${what}: it holds ${describeDType(dtype)}, a series with gaps holds numbers only`);
  }
  if (Object.hasOwn(gapValueOf, name)) return exactly(gapValueOf[name]!, dtype, what);
  if (!isByKind(gapValue)) return exactly(gapValue, dtype, what);
  const value = letter === undefined ? undefined : checkKinds(gapValue)[letter];
  if (value === undefined) {
    throw new DTypeError(`${what}: it holds ${describeDType(dtype)}, for which there is no gapValue`);
  }
  return exactly(value, dtype, what);
}

/**
 * Puts rows on a grid, with a value wherever there is no row.
 *
 * @param array The rows
 * @param places The place of each on the grid; none twice
 * @param count Number of places
 * @param value What stands elsewhere
 */
export function spreadRows(array: NDArray, places: ArrayLike<number>, count: number, value: GapValue): NDArray {
  const { dtype, shape } = array;
  const out = fullArray([count, ...shape.slice(1)], dtype, value);
  const units = allocate(dtype, sizeOf(shape.slice(1))).length;
  const data = flatten(array).data as Float64Array;
  for (let row = 0; row < places.length;) {
    let stop = row + 1;
    while (stop < places.length && places[stop] === places[stop - 1]! + 1) stop++;
    (out.data as Float64Array).set(data.subarray(row * units, stop * units), places[row]! * units);
    row = stop;
  }
  return out;
}

/** The runs of samples among the places that have one; places rise. */
export function runsOf(places: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= places.length; i++) {
    if (i < places.length && places[i] === places[i - 1]! + 1) continue;
    runs.push([places[start]!, places[i - 1]! + 1]);
    start = i;
  }
  return runs;
}

/**
 * When samples on a grid were taken.
 *
 * @param runs Rows without gaps
 * @param origin When row 0 was taken, in seconds
 * @param samplingRate Rows per second
 */
export function runsDomain(runs: readonly Run[], origin: number, samplingRate: number): Interval {
  return new Interval(
    Float64Array.from(runs, ([start]) => origin + start / samplingRate),
    Float64Array.from(runs, ([, stop]) => origin + stop / samplingRate),
  );
}

/**
 * Refuses arrays that would be too large.
 *
 * @param arrays The arrays, of which the shape of a row is used
 * @param count Number of rows that they will have
 * @param options The bound
 * @throws {LimitError} If they would
 */
export function checkGridSize(arrays: Iterable<NDArray>, count: number, { maxBytes = 2 ** 31 }: GapOptions): void {
  let rowBytes = 0;
  for (const { dtype, shape } of arrays) {
    rowBytes += sizeOf(shape.slice(1)) * (dtype.kind === "bool" ? 1 : dtype.itemsize);
  }
  if (count * rowBytes <= maxBytes) return;
  throw new LimitError(
    `Cannot fill gaps: ${count} samples of ${rowBytes} bytes would take more than the ${maxBytes} bytes of maxBytes`,
  );
}

function isByKind(value: unknown): value is Readonly<Partial<Record<GapKind, GapValue>>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values by kind, each of its kind. */
function checkKinds(values: Readonly<Partial<Record<GapKind, GapValue>>>): typeof values {
  for (const [letter, value] of Object.entries(values)) {
    const isWhole = typeof value === "bigint" || Number.isInteger(value);
    const fits = letter === "b"
      ? typeof value === "boolean"
      : letter === "i" || letter === "u"
      ? isWhole
      : letter === "f"
      ? typeof value === "number" || typeof value === "bigint"
      : "cMm".includes(letter);
    if (!fits) {
      throw new TypeError(
        `Cannot fill gaps: gapValue.${letter} is ${String(value)}, expected ` +
          ({ b: "a boolean", i: "an integer", u: "an integer", f: "a number" }[letter] ??
            "one of the kinds b, i, u, f, c, M and m"),
      );
    }
    if (letter === "u" && (value as number | bigint) < 0) {
      throw new RangeError(`Cannot fill gaps: gapValue.u must be non-negative, got ${String(value)}`);
    }
  }
  return values;
}

/** The value as a type has it, which must be the same number. */
function exactly(value: GapValue, dtype: DType, what: string): GapValue {
  const isPair = Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number");
  if (!isPair && !["number", "bigint", "boolean"].includes(typeof value)) {
    throw new TypeError(`${what}: gapValue is ${String(value)}, expected a number or a boolean`);
  }
  if (dtype.kind === "complex") {
    const part = { ...dtype, kind: "float", itemsize: dtype.itemsize === 8 ? 4 : 8 } as const;
    const [re, im] = isPair ? value as [number, number] : [value, 0];
    return [exactNumber(re as number, part, what), exactNumber(im, part, what)] as [number, number];
  }
  if (isPair) throw new DTypeError(`${what}: a complex number isn't held by ${describeDType(dtype)}`);
  return exactNumber(value as number, dtype, what);
}

function exactNumber(value: number | bigint | boolean, dtype: DType, what: string): number | bigint {
  const held = castNumber(value, dtype, { action: what.replace("Cannot ", "") });
  const asked = typeof value === "boolean" ? Number(value) : value;
  // Bigints and numbers can't be compared by ===.
  if ((held >= asked && held <= asked) || (Number.isNaN(held) && Number.isNaN(asked))) return held;
  throw new DTypeError(`${what}: ${describeDType(dtype)} holds ${value} as ${held}`);
}
