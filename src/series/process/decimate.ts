/**
 * Fewer samples per second, after taking out what they couldn't show: as SciPy's `decimate` does.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Section } from "../../signal/filter/butterworth.ts";
import { chebyshevSections } from "../../signal/filter/chebyshev.ts";
import { filterBothWays } from "./filter.ts";
import { describe } from "../values/numbers.ts";
import type { Run } from "../values/rows.ts";
import { rowSize, toNumbers } from "../values/values.ts";

/** Kind of filter: a Chebyshev filter forth and back, or a windowed sinc. */
export type DecimationFilter = "iir" | "fir";

/** Ripple of the filter, in decibels, and its edge as a part of the new Nyquist frequency: SciPy's choice. */
const [RIPPLE, EDGE] = [0.05, 0.8];

/**
 * Checks what is asked for.
 *
 * @param down How many rows become one
 * @param order Of the filter
 * @param kind Of the filter
 * @throws {RangeError} If a number isn't a positive integer
 * @throws {TypeError} If there is no such filter
 */
export function checkDecimation(down: number, order: number, kind: string): void {
  for (const [name, value] of [["down", down], ["order", order]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`Cannot decimate: ${name} should be a positive integer, not ${describe(value)}`);
    }
  }
  if (kind !== "iir" && kind !== "fir") {
    throw new TypeError(`Cannot filter by ${describe(kind)}: filterType should be "fir" or "iir"`);
  }
}

/**
 * Filters each column within each interval, and keeps every `down`-th row of it.
 *
 * @param rows Numbers, row by row
 * @param runs The rows of each interval
 * @param down How many rows become one
 * @param order Of the filter
 * @param kind Of the filter
 * @throws {RangeError} If an interval is too short for the filter
 */
export function decimateRows(
  rows: NDArray,
  runs: readonly Run[],
  down: number,
  order: number,
  kind: DecimationFilter,
): NDArray {
  const numbers = toNumbers(rows);
  const size = rowSize(rows);
  const count = runs.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / down), 0);
  const result = new Float64Array(count * size);
  const sections: readonly Section[] | null = kind === "iir" ? chebyshevSections(order, RIPPLE, EDGE / down) : null;
  const window = kind === "fir" ? windowedSinc(order + 1, down) : null;
  let at = 0;
  for (const { from, to } of runs) {
    const n = to - from;
    const kept = Math.ceil(n / down);
    for (let j = 0; j < size && n > 0; j++) {
      const column = Float64Array.from({ length: n }, (_, i) => numbers[(from + i) * size + j]!);
      const filtered = sections === null ? null : filterBothWays(column, sections);
      for (let i = 0; i < kept; i++) {
        result[(at + i) * size + j] = filtered === null ? weigh(column, window!, i * down) : filtered[i * down]!;
      }
    }
    at += kept;
  }
  return ndarray(result, [count, ...rows.shape.slice(1)]);
}

// The column's values around `center`, by the window's weights; there are zeros beyond its ends.
function weigh(column: Float64Array, window: Float64Array, center: number): number {
  const first = center + ((window.length - 1) >> 1);
  let sum = 0;
  for (let k = 0; k < window.length; k++) sum += window[k]! * (column[first - k] ?? 0);
  return sum;
}

// A lowpass with its edge at 1/down of the Nyquist frequency, under a Hamming window, of unit gain.
function windowedSinc(length: number, down: number): Float64Array {
  const window = Float64Array.from({ length }, (_, i) => {
    const x = Math.PI * (i - (length - 1) / 2) / down;
    const hamming = length === 1 ? 1 : 0.54 - 0.46 * Math.cos(2 * Math.PI * i / (length - 1));
    return (x === 0 ? 1 : Math.sin(x) / x) * hamming;
  });
  const sum = window.reduce((total, weight) => total + weight, 0);
  return window.map((weight) => weight / sum);
}
