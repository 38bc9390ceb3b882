/**
 * What is taken to lie beyond the ends of a recording.
 *
 * @module
 */

import type { Block } from "../transform/transform.ts";
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
 * Rows beyond an end of samples.
 *
 * @param samples The samples: more than are asked for, where these are mirrored
 * @param count How many
 * @param side Before the first row, or behind the last
 * @param edge What they are
 * @returns Rows in the order of time
 */
export function edgeRows(
  { data, rows, channels }: Block,
  count: number,
  side: "before" | "after",
  edge: FilterEdge,
): Samples & { readonly data: Float64Array<ArrayBuffer> } {
  const out = new Float64Array(count * channels);
  if (edge === "zero") return { data: out, rows: count, channels };
  const end = side === "before" ? 0 : rows - 1;
  for (let i = 1; i <= count; i++) {
    const mirrored = side === "before" ? i : rows - 1 - i;
    const row = side === "before" ? count - i : i - 1;
    for (let channel = 0; channel < channels; channel++) {
      const last = Number(data[end * channels + channel]);
      const value = edge === "constant" ? last : Number(data[mirrored * channels + channel]);
      out[row * channels + channel] = edge === "odd" ? 2 * last - value : value;
    }
  }
  return { data: out, rows: count, channels };
}
