/**
 * Chebyshev low-pass filters.
 *
 * @module
 */

import type { Section } from "./butterworth.ts";

/**
 * A Chebyshev low-pass filter of the first kind.
 *
 * @param order Number of poles
 * @param ripple Of what passes, in decibels
 * @param edge As a part of half the sampling rate
 */
export function chebyshevSections(order: number, ripple: number, edge: number): Section[] {
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
      sections.push([1, 1, 0, 1, -zx, 0]);
    } else {
      gain *= (x ** 2 + y ** 2) / norm;
      sections.push([1, 2, 1, 1, -2 * zx, zx ** 2 + zy ** 2]);
    }
  }
  // The pole nearest the unit circle comes last, where it can amplify least.
  const [[b0, b1, b2, ...a], ...rest] = sections.sort((p, q) => p[5] - q[5]) as [Section, ...Section[]];
  return [[b0 * gain, b1 * gain, b2 * gain, ...a], ...rest];
}
