/**
 * Eigenvalues and eigenvectors of symmetric matrices.
 *
 * @module
 */

import { pace } from "../../source/pace.ts";

/** What {@linkcode eigen} finds. */
export interface Eigen {
  /** The eigenvalues, in no order. */
  readonly values: Float64Array;
  /** The eigenvectors as rows, each of length one. */
  readonly vectors: Float64Array;
}

/**
 * Diagonalises a symmetric matrix by Jacobi's rotations (1846), in cyclic order: slower than others, and exact to the last digits, of
 * small eigenvalues too. Between sweeps the event loop has a turn.
 *
 * @param matrix `[n][n]`; it isn't changed
 * @param n Rows
 * @param signal Aborts
 */
export async function eigen(matrix: Float64Array, n: number, signal?: AbortSignal): Promise<Eigen> {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  let total = 0;
  for (const value of a) total += value * value;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) off += a[i * n + j]! ** 2;
    if (off <= 1e-30 * total) break;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
    }
    await pace.start(64, 0, signal);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

/** Makes the element at p, q zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const [app, aqq] = [a[p * n + p]! - t * apq, a[q * n + q]! + t * apq];
  // Rows, which lie together; then the columns are their mirror image.
  turn(a, p * n, q * n, n, c, s);
  turn(vectors, p * n, q * n, n, c, s);
  a[p * n + p] = app;
  a[q * n + q] = aqq;
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  for (let i = 0; i < n; i++) {
    if (i === p || i === q) continue;
    a[i * n + p] = a[p * n + i]!;
    a[i * n + q] = a[q * n + i]!;
  }
}

function turn(list: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const [x, y] = [list[p + i]!, list[q + i]!];
    list[p + i] = c * x - s * y;
    list[q + i] = s * x + c * y;
  }
}
