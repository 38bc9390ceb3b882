/**
 * Finite filters: an ideal one under a window.
 *
 * @module
 */

/** The modified Bessel function of the first kind and order 0, by its power series. */
export function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

/** A Kaiser window at a place from -1 to 1. */
export function kaiser(place: number, beta: number): number {
  return besselI0(beta * Math.sqrt(Math.max(0, 1 - place * place))) / besselI0(beta);
}

/** `sin(πx) / πx`. */
export function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/**
 * A low-pass filter of linear phase, as SciPy's `firwin` designs it with a Kaiser window: its taps sum up to one.
 *
 * @param half Taps on each side of the middle one
 * @param cutoff As a part of half the sampling rate
 * @param beta The window's shape
 */
export function lowpassTaps(half: number, cutoff: number, beta: number): Float64Array<ArrayBuffer> {
  const taps = Float64Array.from(
    { length: 2 * half + 1 },
    (_, i) => cutoff * sinc(cutoff * (i - half)) * kaiser(half === 0 ? 0 : (i - half) / half, beta),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
