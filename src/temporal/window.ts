/**
 * Checks that slicing shares.
 *
 * @module
 */

/** Options of slicing in time. */
export interface SliceOptions {
  /**
   * Whether times count from the slice's start afterwards.
   *
   * @default {true}
   */
  readonly resetOrigin?: boolean | undefined;
}

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
 * The names of arrays that hold times: the user's first, then those that always do.
 *
 * @throws {TypeError} If one isn't there
 */
export function checkTimekeys(
  given: readonly string[],
  always: readonly string[],
  columns: { has(key: string): boolean },
  name: string,
): string[] {
  for (const key of [...given, ...always]) {
    if (!columns.has(key)) throw new TypeError(`Cannot make ${name}: time attribute ${key} not found`);
  }
  return [...new Set([...given, ...always])];
}
