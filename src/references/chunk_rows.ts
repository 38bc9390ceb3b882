/**
 * How many samples a chunk has.
 *
 * @module
 */

/** A number that divides all is taken where it makes chunks of at least, and at most, so many times the size asked for. */
const LEAST = 1 / 8;
const MOST = 8;

/**
 * How many samples a chunk has. All chunks of Zarr are whole, the last one too: a number that divides all is better than the one asked
 * for, where there is one near.
 *
 * @param rows Number of samples
 * @param rowBytes Bytes of one
 * @param chunkBytes Bytes of a chunk, about
 */
export function chunkRows(rows: number, rowBytes: number, chunkBytes: number): number {
  const wanted = Math.max(1, Math.round(chunkBytes / rowBytes));
  if (rows <= wanted) return Math.max(1, rows);
  let best: number | null = null;
  const better = (divisor: number) => {
    if (divisor < wanted * LEAST || divisor > wanted * MOST) return;
    if (best === null || Math.abs(Math.log(divisor / wanted)) < Math.abs(Math.log(best / wanted))) best = divisor;
  };
  for (let chunks = 1; chunks * chunks <= rows; chunks++) {
    if (rows % chunks !== 0) continue;
    better(rows / chunks);
    better(chunks);
  }
  return best ?? wanted;
}
