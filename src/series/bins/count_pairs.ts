/**
 * Counting pairs of times by the lag between them.
 *
 * @module
 */

/**
 * Counts pairs of times by lag, in bins around 0 that hold their left edge and not their right one.
 *
 * @param reference Ascending
 * @param target Ascending
 * @param size Length of a bin in seconds, whole nanoseconds
 * @param count Number of bins, odd
 * @param drift Whether each bin's edge is reckoned from the one before, so that rounding adds up, as it does in pynapple;
 * else lags are compared in whole nanoseconds
 */
export function countPairs(
  reference: Float64Array,
  target: Float64Array,
  size: number,
  count: number,
  drift: boolean,
): Float64Array {
  return drift
    ? countDrifting(reference, target, size, count)
    : countExactly(reference, target, Math.round(size * 1e9), count);
}

// In half nanoseconds all numbers are whole, and so exact as far as float64 goes.
function countExactly(reference: Float64Array, target: Float64Array, size: number, count: number): Float64Array {
  const counts = new Float64Array(count);
  const half = count * size;
  // A little more than the window; which pairs lie in it is decided exactly.
  const reach = half / 2e9 + 1e-8;
  let first = 0;
  for (let i = 0; i < reference.length; i++) {
    const time = reference[i]!;
    while (first < target.length && target[first]! < time - reach) first++;
    for (let j = first; j < target.length && target[j]! <= time + reach; j++) {
      const lag = 2 * Math.round((target[j]! - time) * 1e9) + half;
      if (lag >= 0 && lag < 2 * half) counts[Math.floor(lag / (2 * size))]!++;
    }
  }
  return counts;
}

function countDrifting(reference: Float64Array, target: Float64Array, size: number, count: number): Float64Array {
  const counts = new Float64Array(count);
  const half = count / 2 * size;
  let first = 0;
  for (let i = 0; i < reference.length; i++) {
    let edge = reference[i]! - half;
    while (first < target.length && target[first]! < edge) first++;
    while (first > 0 && target[first - 1]! > edge) first--;
    let next = first;
    for (let bin = 0; bin < count; bin++) {
      edge += size;
      while (next < target.length && target[next]! < edge) {
        next++;
        counts[bin]!++;
      }
    }
  }
  return counts;
}
