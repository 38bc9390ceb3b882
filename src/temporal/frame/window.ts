/**
 * Checks that slicing shares.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import type { DType } from "../../array/types.ts";

/** Options of slicing in time. */
export interface SliceOptions {
  /**
   * Whether times count from the slice's start afterwards.
   *
   * @default {true}
   */
  readonly resetOrigin?: boolean | undefined;
}

/** Names of `SliceOptions`. */
export const SLICE_OPTIONS: OptionNames<SliceOptions> = { resetOrigin: true };

/**
 * Checks a window.
 *
 * @param start Seconds
 * @param end Seconds
 * @param options Options of the slice
 * @returns The new origin, `null` where the old one stays
 * @throws {TypeError} If a bound isn't a number
 * @throws {RangeError} If it ends before it starts, a bound is NaN, or the new origin isn't finite
 */
export function checkWindow(start: number, end: number, { resetOrigin = true }: SliceOptions): number | null {
  for (const bound of [start, end]) {
    if (typeof bound !== "number") throw new TypeError(`Cannot slice from ${start} to ${end}: bounds are seconds`);
    if (Number.isNaN(bound)) throw new RangeError(`Cannot slice from ${start} to ${end}: a bound is NaN`);
  }
  if (end < start) throw new RangeError(`Cannot slice from ${start} to ${end}: it ends before it starts`);
  if (typeof resetOrigin !== "boolean") {
    throw new TypeError(
      `Cannot slice from ${start} to ${end}: resetOrigin is ${String(resetOrigin)}, expected a boolean`,
    );
  }
  if (!resetOrigin) return null;
  if (!Number.isFinite(start)) {
    throw new RangeError(`Cannot slice from ${start} to ${end}: times can't count from there; use resetOrigin: false`);
  }
  return start;
}

/**
 * Checks what shall become 0.
 *
 * @param origin Seconds
 * @throws {RangeError} If it isn't a finite number
 */
export function checkOrigin(origin: unknown): asserts origin is number {
  if (typeof origin === "number" && Number.isFinite(origin)) return;
  throw new RangeError(`Cannot reset the origin to ${String(origin)}: expected seconds`);
}

/**
 * The names of arrays that hold times: the user's first, then those that always do.
 *
 * @param given The user's
 * @param always Those that always do
 * @param columns What there is
 * @param name What is made, for messages
 * @throws {TypeError} If one isn't there, or holds no numbers
 */
export function checkTimekeys(
  given: readonly string[],
  always: readonly string[],
  columns: ReadonlyMap<string, { readonly source: object }>,
  name: string,
): string[] {
  for (const key of [...given, ...always]) {
    const column = columns.get(key);
    if (column === undefined) throw new TypeError(`Cannot make ${name}: time attribute ${key} not found`);
    if ("dtype" in column.source) checkNumbers(key, column.source.dtype as DType, name);
  }
  return [...new Set([...given, ...always])];
}

/**
 * Makes an array one of times.
 *
 * @param state What holds the names
 * @param key The array's name
 * @param dtype What it holds, `null` where that isn't known yet
 * @param name What it is in, for messages
 * @throws {TypeError} If it holds no numbers
 */
export function addTimekey(
  state: { timekeys: readonly string[] },
  key: string,
  dtype: DType | null,
  name: string,
): void {
  if (dtype !== null) checkNumbers(key, dtype, name);
  if (!state.timekeys.includes(key)) state.timekeys = [...state.timekeys, key];
}

function checkNumbers(key: string, dtype: DType, name: string): void {
  if (["int", "uint", "float"].includes(dtype.kind)) return;
  throw new TypeError(`Cannot take ${key} of ${name} as times: it holds ${describeDType(dtype)}`);
}

/** The step that moves the origin of an object. */
export function shiftOf(
  { timekeys }: { readonly timekeys: readonly string[] },
  by: number,
): { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] } {
  return { kind: "shift", by, timekeys };
}
