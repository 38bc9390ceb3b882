/**
 * Recursive filters as chains of sections of second order.
 *
 * @module
 */

/** One section: `b0 + b1/z + b2/z²` over `1 + a1/z + a2/z²`. */
export interface Section {
  /** Weights of what goes in. */
  readonly b: readonly [number, number, number];
  /** Weights of what came out before. */
  readonly a: readonly [number, number];
}

/** Sections, one after the other. */
export type Sections = readonly Section[];

/**
 * A Chebyshev lowpass of the first kind.
 *
 * @param order Number of poles
 * @param ripple Of the passband, in decibels
 * @param edge As a part of the Nyquist frequency
 */
export function chebyshev(order: number, ripple: number, edge: number): Sections {
  const epsilon = Math.sqrt(10 ** (ripple / 10) - 1);
  const mu = Math.asinh(1 / epsilon) / order;
  const warped = 4 * Math.tan(Math.PI * edge / 2);
  let gain = order % 2 === 0 ? 1 / Math.sqrt(1 + epsilon ** 2) : 1;
  const sections: Section[] = [];
  // Poles come in conjugate pairs, of which the one with the angle below zero is looked at, and one real one if odd.
  for (let m = 1 - order; m <= 0; m += 2) {
    const theta = Math.PI * m / (2 * order);
    const [re, im] = [-Math.sinh(mu) * Math.cos(theta), -Math.cosh(mu) * Math.sin(theta)];
    // The pole in the plane of z, by the bilinear transform: (4 + p) / (4 - p).
    const [x, y] = [re * warped, im * warped];
    const norm = (4 - x) ** 2 + y ** 2;
    const [zx, zy] = [(16 - x ** 2 - y ** 2) / norm, 8 * y / norm];
    if (m === 0) {
      gain *= -x / (4 - x);
      sections.push({ b: [1, 1, 0], a: [-zx, 0] });
    } else {
      gain *= (x ** 2 + y ** 2) / norm;
      sections.push({ b: [1, 2, 1], a: [-2 * zx, zx ** 2 + zy ** 2] });
    }
  }
  // The pole nearest the unit circle comes last, where it can amplify least.
  sections.sort((p, q) => p.a[1] - q.a[1]);
  const [first, ...rest] = sections;
  return [{ b: first!.b.map((weight) => weight * gain) as [number, number, number], a: first!.a }, ...rest];
}

/**
 * Filters forth and back, so that nothing is delayed; the ends are continued by their mirror images, turned around.
 *
 * @throws {RangeError} If there are too few samples to continue
 */
export function filterBothWays(samples: Float64Array, sections: Sections): Float64Array {
  const odd = sections.some(({ a }) => a[1] === 0) ? 1 : 0;
  const pad = 3 * (2 * sections.length + 1 - odd);
  const n = samples.length;
  if (n <= pad) {
    throw new RangeError(`Cannot filter ${n} samples: an epoch must have more than ${pad}`);
  }
  const padded = new Float64Array(n + 2 * pad);
  padded.set(samples, pad);
  for (let i = 1; i <= pad; i++) {
    padded[pad - i] = 2 * samples[0]! - samples[i]!;
    padded[pad + n - 1 + i] = 2 * samples[n - 1]! - samples[n - 1 - i]!;
  }
  filterInPlace(padded, sections);
  padded.reverse();
  filterInPlace(padded, sections);
  padded.reverse();
  return padded.subarray(pad, pad + n);
}

// Starts as if the first sample had been there forever.
function filterInPlace(samples: Float64Array, sections: Sections): void {
  let level = samples[0]!;
  for (const { b: [b0, b1, b2], a: [a1, a2] } of sections) {
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
