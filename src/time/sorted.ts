/**
 * Searching in sorted numbers: times, and the edges of intervals.
 *
 * @module
 */

/**
 * Index of the first value that isn't below `x`: NumPy's `searchsorted(…, side="left")`.
 *
 * @param values Ascending
 * @param x What to look for
 * @param from First index looked at
 * @param to First index left out
 */
export function lowerBound(values: ArrayLike<number>, x: number, from: number = 0, to: number = values.length): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle]! < x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Index of the first value above `x`: NumPy's `searchsorted(…, side="right")`.
 *
 * @param values Ascending
 * @param x What to look for
 * @param from First index looked at
 * @param to First index left out
 */
export function upperBound(values: ArrayLike<number>, x: number, from: number = 0, to: number = values.length): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle]! <= x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Index of the value nearest to `x`; of two that are equally near the later one; of equal values the first.
 *
 * @param values Ascending, at least one between `from` and `to`
 * @param x What to look for
 * @param from First index looked at
 * @param to First index left out
 */
export function closest(values: ArrayLike<number>, x: number, from: number = 0, to: number = values.length): number {
  const after = lowerBound(values, x, from, to);
  if (after === from) return from;
  if (after === to) return to - 1;
  return values[after]! - x <= x - values[after - 1]! ? after : after - 1;
}

/** Whether no value is below the one before it. NaN is never in order. */
export function isSorted(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i - 1]! <= values[i]!)) return false;
  return values.length !== 1 || !Number.isNaN(values[0]);
}

/** The order that sorts values: indices, ascending by value, equal ones as they were. */
export function sortOrder(values: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}
