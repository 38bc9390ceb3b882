/** What peers show of what they have read. */

/** A two-dimensional array, C-ordered. */
interface Rows {
  readonly data: ArrayLike<unknown>;
  readonly shape: readonly number[];
}

/**
 * Sum of the last row.
 *
 * @param array What was read.
 */
export function sumOfLastRow({ data, shape }: Rows): number {
  const width = shape.at(-1) ?? 1;
  let sum = 0;
  for (let i = data.length - width; i < data.length; i++) sum += Number(data[i]);
  return sum;
}
