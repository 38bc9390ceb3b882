/**
 * Algebra of intervals: sets of times, given as sorted, disjoint intervals.
 *
 * @module
 */

/** Intervals `[start[i], end[i]]` in seconds. Those that the algebra takes are sorted and don't overlap. */
export interface Intervals {
  /** Where each begins. */
  readonly start: Float64Array;
  /** Where each ends. */
  readonly end: Float64Array;
}

/** Intervals that came of others, and which. */
export interface DerivedIntervals extends Intervals {
  /** For each, the index of the interval that it is a part of. */
  readonly parent: Uint32Array;
}

/** Collects intervals. */
class Builder {
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #parent: number[] = [];

  add(start: number, end: number, parent: number = 0): void {
    this.#start.push(start);
    this.#end.push(end);
    this.#parent.push(parent);
  }

  /** Makes the last one longer, where `start` isn't past its end; else adds one. */
  join(start: number, end: number): void {
    const last = this.#end.length - 1;
    if (last >= 0 && start <= this.#end[last]!) this.#end[last] = Math.max(this.#end[last]!, end);
    else this.add(start, end);
  }

  build(): DerivedIntervals {
    return {
      start: Float64Array.from(this.#start),
      end: Float64Array.from(this.#end),
      parent: Uint32Array.from(this.#parent),
    };
  }
}

/**
 * What lies in both.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 * @param points Whether a point (start equal to end) of either that lies in the other is kept, once
 * @returns The common parts; `parent` is the index in `a`, `other` that in `b`. Where two only touch there is none
 */
export function intersect(a: Intervals, b: Intervals, points: boolean = false): DerivedIntervals & {
  readonly other: Uint32Array;
} {
  const found = new Builder();
  const other: number[] = [];
  let lastPoint = NaN;
  for (let i = 0, j = 0; i < a.start.length && j < b.start.length;) {
    const start = Math.max(a.start[i]!, b.start[j]!);
    const end = Math.min(a.end[i]!, b.end[j]!);
    // A point where two intervals touch lies in both; it's found with the first.
    const isPoint = points && start === end && start !== lastPoint &&
      (a.start[i] === a.end[i] || b.start[j] === b.end[j]);
    if (isPoint) lastPoint = start;
    if (start < end || isPoint) {
      found.add(start, end, i);
      other.push(j);
    }
    // Of two that end together, b's goes first, unless a point of `a` at that end has yet to meet it.
    const pointNext = points && a.end[i] === b.end[j] && a.start[i + 1] === b.end[j] && a.end[i + 1] === b.end[j];
    if (a.end[i]! < b.end[j]! || pointNext) i++;
    else j++;
  }
  return { ...found.build(), other: Uint32Array.from(other) };
}

/**
 * What lies in either: those that overlap or touch become one.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 */
export function union(a: Intervals, b: Intervals): Intervals {
  const found = new Builder();
  for (let i = 0, j = 0; i < a.start.length || j < b.start.length;) {
    if (j >= b.start.length || (i < a.start.length && a.start[i]! <= b.start[j]!)) {
      found.join(a.start[i]!, a.end[i]!);
      i++;
    } else {
      found.join(b.start[j]!, b.end[j]!);
      j++;
    }
  }
  const { start, end } = found.build();
  return { start, end };
}

/**
 * What lies in `a` but not in `b`.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 * @param points Whether a point (start equal to end) of `a` is kept where it is neither in `b` nor on its edge
 * @returns What is left of each, where it has a length; `parent` is the index in `a`
 */
export function difference(a: Intervals, b: Intervals, points: boolean = false): DerivedIntervals {
  const found = new Builder();
  for (let i = 0, first = 0; i < a.start.length; i++) {
    const end = a.end[i]!;
    let start = a.start[i]!;
    if (points && start === end) {
      while (first < b.start.length && b.end[first]! < start) first++;
      if (first === b.start.length || b.start[first]! > start) found.add(start, end, i);
      continue;
    }
    while (first < b.start.length && b.end[first]! <= start) first++;
    for (let j = first; j < b.start.length && b.start[j]! < end; j++) {
      if (b.start[j]! > start) found.add(start, b.start[j]!, i);
      start = Math.max(start, b.end[j]!);
    }
    if (start < end) found.add(start, end, i);
  }
  return found.build();
}

/**
 * Joins intervals whose gap is no longer than a threshold.
 *
 * @param intervals Sorted and disjoint
 * @param threshold In seconds
 */
export function mergeClose(intervals: Intervals, threshold: number): Intervals {
  const start: number[] = [];
  const end: number[] = [];
  for (let i = 0; i < intervals.start.length; i++) {
    if (end.length > 0 && intervals.start[i]! - end.at(-1)! <= threshold) end[end.length - 1] = intervals.end[i]!;
    else {
      start.push(intervals.start[i]!);
      end.push(intervals.end[i]!);
    }
  }
  return { start: Float64Array.from(start), end: Float64Array.from(end) };
}

/** Some of the intervals, by index. */
export function takeIntervals(intervals: Intervals, indices: ArrayLike<number>): Intervals {
  return {
    start: Float64Array.from(indices, (i) => intervals.start[i]!),
    end: Float64Array.from(indices, (i) => intervals.end[i]!),
  };
}

/** Length of all intervals together, in seconds. */
export function totalLength(intervals: Intervals): number {
  let total = 0;
  for (let i = 0; i < intervals.start.length; i++) total += intervals.end[i]! - intervals.start[i]!;
  return total;
}
