/**
 * What is taken to lie beyond the ends of a recording.
 *
 * @module
 */

import type { Section } from "./butterworth.ts";
import type { Samples } from "./sections.ts";

/** How a recording goes on beyond its ends: turned about the end point, mirrored, with its last value, or with zeros. */
export type FilterEdge = "odd" | "even" | "constant" | "zero";

/** How far SciPy's `sosfiltfilt` goes beyond the ends: three times the number of taps. */
export function padLength(sections: readonly Section[]): number {
  const zeros = (index: 2 | 5) => sections.filter((section) => section[index] === 0).length;
  return 3 * (2 * sections.length + 1 - Math.min(zeros(2), zeros(5)));
}

/**
 * Samples with more before and behind.
 *
 * @param samples The samples: more than are added
 * @param before Rows before them
 * @param after Rows behind them
 * @param edge What these are
 * @returns New samples
 */
export function extend({ data, rows, channels }: Samples, before: number, after: number, edge: FilterEdge): Samples {
  const out = new Float64Array((before + rows + after) * channels);
  out.set(data, before * channels);
  if (edge === "zero") return { data: out, rows: before + rows + after, channels };
  const fill = (row: number, mirrored: number, end: number) => {
    for (let channel = 0; channel < channels; channel++) {
      const last = data[end * channels + channel]!;
      const value = data[mirrored * channels + channel]!;
      out[row * channels + channel] = edge === "odd" ? 2 * last - value : edge === "even" ? value : last;
    }
  };
  for (let i = 1; i <= before; i++) fill(before - i, Math.min(i, rows - 1), 0);
  for (let i = 1; i <= after; i++) fill(before + rows - 1 + i, Math.max(0, rows - 1 - i), rows - 1);
  return { data: out, rows: before + rows + after, channels };
}
