/**
 * Many sorted lists of times as one.
 *
 * @module
 */

/** Times of several lists in one, and where they come from. */
export interface MergedTimes {
  /** All times, ascending; of equal ones those of the first list come first. */
  readonly times: Float64Array;
  /** For each, the index of the list it comes from. */
  readonly source: Uint32Array;
}

/**
 * Merges sorted lists, two by two until there is one: `N log k` steps for N times in k lists.
 *
 * @param lists Each ascending
 */
export function mergeTimes(lists: readonly Float64Array[]): MergedTimes {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  let times = new Float64Array(total);
  let source = new Uint32Array(total);
  let edges = [0];
  lists.forEach((list, i) => {
    const from = edges.at(-1)!;
    times.set(list, from);
    source.fill(i, from, from + list.length);
    edges.push(from + list.length);
  });
  if (lists.length < 2) return { times, source };
  let nextTimes = new Float64Array(total);
  let nextSource = new Uint32Array(total);
  while (edges.length > 2) {
    const merged = [0];
    for (let i = 0; i + 1 < edges.length; i += 2) {
      const [from, middle] = [edges[i]!, edges[i + 1]!];
      const to = edges[i + 2] ?? middle;
      mergeRuns(times, source, nextTimes, nextSource, from, middle, to);
      merged.push(to);
    }
    [times, nextTimes, source, nextSource, edges] = [nextTimes, times, nextSource, source, merged];
  }
  return { times, source };
}

function mergeRuns(
  times: Float64Array,
  source: Uint32Array,
  toTimes: Float64Array,
  toSource: Uint32Array,
  from: number,
  middle: number,
  to: number,
): void {
  let [a, b] = [from, middle];
  for (let at = from; at < to; at++) {
    const k = b >= to || (a < middle && times[a]! <= times[b]!) ? a++ : b++;
    toTimes[at] = times[k]!;
    toSource[at] = source[k]!;
  }
}
