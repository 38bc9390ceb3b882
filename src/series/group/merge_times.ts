/**
 * Many sorted lists of times as one.
 *
 * @module
 */

import { lowerBound } from "../../time/sorted.ts";

/** Times of several lists in one, and where they come from. */
export interface MergedTimes {
  /** All times, ascending; of equal ones those of the first list come first. */
  readonly times: Float64Array;
  /** For each, the index of the list it comes from. */
  readonly source: Uint32Array;
}

/** About this many times are sorted at once: few enough that they stay in a processor's cache. */
const WINDOW = 2 ** 15;

/** More times than this in one bucket aren't evenly spread: merging is faster then than inserting one by one. */
const CROWD = 48;

/**
 * Merges sorted lists. Evenly spread times take a number of steps per time that doesn't depend on the number of lists:
 * they are cut into windows, and in each dealt out to as many buckets as there are times. Crowded windows are merged list
 * by list.
 *
 * @param lists Each ascending
 */
export function mergeTimes(lists: readonly Float64Array[]): MergedTimes {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const merged = { times: new Float64Array(total), source: new Uint32Array(total) };
  const first = lists.reduce((least, list) => list.length > 0 ? Math.min(least, list[0]!) : least, Infinity);
  const last = lists.reduce((most, list) => list.length > 0 ? Math.max(most, list.at(-1)!) : most, -Infinity);
  const windows = Number.isFinite(last - first) ? Math.max(1, Math.ceil(total / WINDOW)) : 1;
  const starts = new Float64Array(lists.length);
  const ends = new Float64Array(lists.length);
  for (let window = 0, at = 0; at < total; window++) {
    const until = window + 1 >= windows ? Infinity : first + (last - first) * (window + 1) / windows;
    let count = 0;
    for (let i = 0; i < lists.length; i++) {
      starts[i] = ends[i]!;
      ends[i] = until === Infinity ? lists[i]!.length : lowerBound(lists[i]!, until, ends[i]);
      count += ends[i]! - starts[i]!;
    }
    mergeWindow(lists, starts, ends, merged, at, count);
    at += count;
  }
  return merged;
}

function mergeWindow(
  lists: readonly Float64Array[],
  starts: Float64Array,
  ends: Float64Array,
  { times, source }: MergedTimes,
  at: number,
  count: number,
): void {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < lists.length; i++) {
    if (starts[i] === ends[i]) continue;
    low = Math.min(low, lists[i]![starts[i]!]!);
    high = Math.max(high, lists[i]![ends[i]! - 1]!);
  }
  if (!Number.isFinite(high - low)) return mergePairs(lists, starts, ends, times, source, at, count);
  const scale = high > low ? (count - 1) / (high - low) : 0;
  // Where each bucket begins, one further on so that it becomes where it ends while it is filled.
  const next = new Uint32Array(count + 2);
  let crowd = 0;
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i]!;
    for (let j = starts[i]!; j < ends[i]!; j++) {
      const held = ++next[Math.trunc((list[j]! - low) * scale) + 2]!;
      if (held > crowd) crowd = held;
    }
  }
  if (crowd > CROWD) return mergePairs(lists, starts, ends, times, source, at, count);
  for (let bucket = 2; bucket < next.length; bucket++) next[bucket]! += next[bucket - 1]!;
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i]!;
    for (let j = starts[i]!; j < ends[i]!; j++) {
      const time = list[j]!;
      const place = at + next[Math.trunc((time - low) * scale) + 1]!++;
      times[place] = time;
      source[place] = i;
    }
  }
  // What is out of order is so within its bucket alone.
  for (let i = at + 1; i < at + count; i++) {
    const time = times[i]!;
    if (times[i - 1]! <= time) continue;
    const from = source[i]!;
    let j = i;
    for (; j > at && times[j - 1]! > time; j--) {
      times[j] = times[j - 1]!;
      source[j] = source[j - 1]!;
    }
    times[j] = time;
    source[j] = from;
  }
}

// Two by two until there is one.
function mergePairs(
  lists: readonly Float64Array[],
  starts: Float64Array,
  ends: Float64Array,
  allTimes: Float64Array,
  allSource: Uint32Array,
  at: number,
  count: number,
): void {
  let [times, source] = [new Float64Array(count), new Uint32Array(count)];
  let [nextTimes, nextSource] = [new Float64Array(count), new Uint32Array(count)];
  let edges = [0];
  lists.forEach((list, i) => {
    const from = edges.at(-1)!;
    const to = from + ends[i]! - starts[i]!;
    if (to === from) return;
    times.set(list.subarray(starts[i], ends[i]), from);
    source.fill(i, from, to);
    edges.push(to);
  });
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
  allTimes.set(times, at);
  allSource.set(source, at);
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
