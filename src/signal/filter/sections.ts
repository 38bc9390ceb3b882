/**
 * Running second-order sections over samples of many channels.
 *
 * @module
 */

import type { Section } from "./butterworth.ts";

/** Samples [rows, channels] in float64. */
export interface Samples {
  readonly data: Float64Array;
  readonly rows: number;
  readonly channels: number;
}

/**
 * What sections have kept of the samples before: two numbers for each section and channel, in the form that SciPy's `sosfilt` has
 * them (direct form II, transposed). Zeros for nothing.
 */
export function emptyState(sections: readonly Section[], channels: number): Float64Array {
  return new Float64Array(2 * sections.length * channels);
}

/**
 * The state that sections settle in where the input has always been what it begins with: SciPy's `sosfilt_zi`, times the first row.
 *
 * @param sections The filter
 * @param first The first row: a value for each channel
 */
export function settledState(sections: readonly Section[], first: ArrayLike<number>): Float64Array {
  const state = emptyState(sections, first.length);
  let level = 1;
  sections.forEach(([b0, b1, b2, , a1, a2], i) => {
    const gain = (b0 + b1 + b2) / (1 + a1 + a2);
    // What comes out of a constant is level * gain: z1 = b2 x - a2 y, z0 = y - b0 x.
    const [z0, z1] = [(gain - b0) * level, (b2 - a2 * gain) * level];
    for (let channel = 0; channel < first.length; channel++) {
      state[(2 * i) * first.length + channel] = z0 * first[channel]!;
      state[(2 * i + 1) * first.length + channel] = z1 * first[channel]!;
    }
    level *= gain;
  });
  return state;
}

/**
 * Filters samples in place, forwards or backwards in time.
 *
 * @param samples The samples
 * @param sections The filter
 * @param state What it has kept; it is carried on
 * @param backwards Whether the last row comes first
 */
export function runSections(
  { data, rows, channels }: Samples,
  sections: readonly Section[],
  state: Float64Array,
  backwards = false,
): void {
  sections.forEach(([b0, b1, b2, , a1, a2], i) => {
    const z0 = state.subarray(2 * i * channels, (2 * i + 1) * channels);
    const z1 = state.subarray((2 * i + 1) * channels, (2 * i + 2) * channels);
    for (let step = 0; step < rows; step++) {
      const at = (backwards ? rows - 1 - step : step) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const x = data[at + channel]!;
        const y = b0 * x + z0[channel]!;
        z0[channel] = b1 * x - a1 * y + z1[channel]!;
        z1[channel] = b2 * x - a2 * y;
        data[at + channel] = y;
      }
    }
  });
}

/** The most samples that a filter may take to forget; beyond it a window costs more than it is worth. */
const LONGEST = 50_000_000;

/**
 * After how many samples a filter has forgotten an input: what its impulse response still sums up to, behind so many samples, is this
 * fraction of all of it.
 *
 * @param sections The filter
 * @param tolerance The fraction
 * @throws {RangeError} If that takes more than 50 million samples
 */
export function tailOf(sections: readonly Section[], tolerance: number): number {
  const radius = Math.max(...sections.map(poleRadius));
  if (radius === 0) return 2 * sections.length;
  if (!(radius < 1)) {
    throw new RangeError("Cannot filter: the filter isn't stable; its order is too high for its cut-offs");
  }
  // Poles that lie together fall slower than one does at first.
  const guess = Math.ceil(Math.log(tolerance) / Math.log(radius) * 1.5) + 100 * sections.length;
  if (guess > LONGEST) {
    throw new RangeError(
      `Cannot filter windows: the filter takes about ${guess.toLocaleString("en")} samples to forget; ` +
        "walk the whole with a causal filter, decimate first, or choose a higher cut-off",
    );
  }
  const response = new Float64Array(guess);
  response[0] = 1;
  runSections({ data: response, rows: guess, channels: 1 }, sections, emptyState(sections, 1));
  let total = 0;
  for (const value of response) total += Math.abs(value);
  let rest = 0;
  let length = guess;
  while (length > 0 && rest + Math.abs(response[length - 1]!) <= tolerance * total) {
    rest += Math.abs(response[--length]!);
  }
  return length;
}

function poleRadius([, , , , a1, a2]: Section): number {
  const root = a1 * a1 - 4 * a2;
  if (root < 0) return Math.sqrt(a2);
  return Math.max(Math.abs(-a1 + Math.sqrt(root)), Math.abs(-a1 - Math.sqrt(root))) / 2;
}
