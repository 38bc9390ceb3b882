/**
 * Cubic splines.
 *
 * @module
 */

/**
 * The cubic spline through points whose second derivative is zero at the ends; of two points the straight line.
 *
 * @param x Where the points are, ascending
 * @param y Their values
 * @returns The spline, within the points
 */
export function naturalSpline(x: readonly number[], y: readonly number[]): (at: number) => number {
  const n = x.length;
  const curve = new Array<number>(n).fill(0);
  const width = (i: number) => x[i + 1]! - x[i]!;
  const slope = (i: number) => (y[i + 1]! - y[i]!) / width(i);
  // A tridiagonal system for the second derivatives, eliminated forwards and solved backwards.
  const [above, right] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
  for (let i = 1; i < n - 1; i++) {
    const pivot = 2 * (width(i - 1) + width(i)) - width(i - 1) * above[i - 1]!;
    above[i] = width(i) / pivot;
    right[i] = (6 * (slope(i) - slope(i - 1)) - width(i - 1) * right[i - 1]!) / pivot;
  }
  for (let i = n - 2; i > 0; i--) curve[i] = right[i]! - above[i]! * curve[i + 1]!;
  return (at) => {
    let i = 0;
    while (i < n - 2 && at > x[i + 1]!) i++;
    const [h, a, b] = [width(i), x[i + 1]! - at, at - x[i]!];
    return curve[i]! * a ** 3 / (6 * h) + curve[i + 1]! * b ** 3 / (6 * h) +
      (y[i]! / h - curve[i]! * h / 6) * a + (y[i + 1]! / h - curve[i + 1]! * h / 6) * b;
  };
}
