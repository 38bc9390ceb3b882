/**
 * Filtering one interval forth and back, as `scipy.signal.decimate` does.
 *
 * @module
 */

import type { Section } from "../../signal/filter/butterworth.ts";
import { edgeRows, padLength } from "../../signal/filter/edges.ts";

/**
 * Filters forth and back, so that nothing is delayed; the ends are continued by their mirror images, turned around.
 *
 * @throws {RangeError} If there are too few samples to continue
 */
export function filterBothWays(samples: Float64Array, sections: readonly Section[]): Float64Array {
  const pad = padLength(sections);
  const n = samples.length;
  if (n <= pad) {
    throw new RangeError(`Cannot filter ${n} samples: an epoch must have more than ${pad}`);
  }
  const rows = { data: samples, rows: n, channels: 1 };
  const padded = new Float64Array(n + 2 * pad);
  padded.set(edgeRows(rows, pad, "before", "odd").data);
  padded.set(samples, pad);
  padded.set(edgeRows(rows, pad, "after", "odd").data, pad + n);
  filterInPlace(padded, sections);
  padded.reverse();
  filterInPlace(padded, sections);
  padded.reverse();
  return padded.subarray(pad, pad + n);
}

// Starts as if the first sample had been there forever.
function filterInPlace(samples: Float64Array, sections: readonly Section[]): void {
  let level = samples[0]!;
  for (const [b0, b1, b2, , a1, a2] of sections) {
    let first = level * (b1 - a1 * b0 + b2 - a2 * b0) / (1 + a1 + a2);
    let second = (1 + a1) * first - level * (b1 - a1 * b0);
    level *= (b0 + b1 + b2) / (1 + a1 + a2);
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!;
      const y = b0 * x + first;
      first = b1 * x - a1 * y + second;
      second = b2 * x - a2 * y;
      samples[i] = y;
    }
  }
}
