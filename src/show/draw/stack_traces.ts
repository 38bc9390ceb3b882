/**
 * Where traces stand in a figure: one over its values, several below each other to one scale.
 *
 * @module
 */

import type { IntervalSet } from "../../series/intervals/interval_set.ts";
import { upperBound } from "../../time/sorted.ts";
import type { Figure, Line } from "./figure.ts";
import type { Traces } from "./traces.ts";

/** What of a figure this settles. */
export type Laid = Pick<Figure, "lines" | "lanes" | "yDomain" | "yLabel" | "notes"> & {
  /** Values from one trace to the next, or from the bottom to the top of one, and how far a value of 1 goes across. */
  readonly scale: { readonly span: number; readonly bottom: number; readonly perValue: number };
};

/**
 * Lays traces out.
 *
 * @param traces The points
 * @param labels Names of the columns
 * @param support Where samples were taken: paths break between its intervals
 * @param unit What the values are; `null` where that isn't known
 */
export function layTraces(
  { times, columns }: Pick<Traces, "times" | "columns">,
  labels: readonly string[],
  support: Pick<IntervalSet, "start" | "end">,
  unit: string | null,
): Laid {
  const ranges = columns.map(rangeOf);
  const breaks = breaksOf(times, support.end);
  const line = (y: Float64Array): Line => ({ x: withBreaks(times, breaks), y: withBreaks(y, breaks) });
  if (columns.length === 1) {
    const [low, high] = ranges[0]!;
    // Infinite values, which no axis has a place for, go to its ends.
    const y = columns[0]!.map((value) => Math.min(high, Math.max(low, value)));
    const room = low === high ? Math.abs(low) || 1 : 0;
    const [bottom, top] = [low - room, high + room];
    const scale = { span: top - bottom, bottom, perValue: 1 };
    return { lines: [line(y)], lanes: null, yDomain: [bottom, top], yLabel: unit, notes: [], scale };
  }
  // Values are read against one scale: the widest trace takes its lane whole.
  const span = Math.max(...ranges.map(([low, high]) => high - low)) || 1;
  const lines = columns.map((values, k) => {
    const [low, high] = ranges[k]!;
    const middle = low / 2 + high / 2;
    return line(values.map((value) => k - (Math.min(high, Math.max(low, value)) - middle) / span));
  });
  const step = Math.max(1, Math.ceil(labels.length / 64));
  return {
    lines,
    lanes: labels.flatMap((label, y) => y % step === 0 ? [{ y, label }] : []),
    yDomain: [columns.length - 0.5, -0.5],
    yLabel: null,
    // Downwards is where the next trace stands.
    scale: { span, bottom: columns.length - 0.5, perValue: -1 / span },
    notes: [`${columns.length} traces, ${shortNumber(span)}${unit === null ? "" : ` ${unit}`} from one to the next`],
  };
}

/** Least and greatest of the finite values; of none, -1 and 1. */
function rangeOf(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [-1, 1];
}

/** Points after which an interval of the time support ends. */
function breaksOf(times: Float64Array, ends: Float64Array): number[] {
  const breaks = new Set<number>();
  for (let k = 0; k + 1 < ends.length; k++) {
    // A sample at the very end belongs to the interval.
    const after = upperBound(times, ends[k]!);
    if (after > 0 && after < times.length) breaks.add(after);
  }
  return [...breaks];
}

function withBreaks(values: Float64Array, breaks: readonly number[]): Float64Array {
  if (breaks.length === 0) return values;
  const result = new Float64Array(values.length + breaks.length).fill(NaN);
  let from = 0;
  breaks.forEach((at, k) => {
    result.set(values.subarray(from, at), from + k);
    from = at;
  });
  result.set(values.subarray(from), from + breaks.length);
  return result;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
