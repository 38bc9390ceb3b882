/**
 * The one rule for gaps, and how they are found without reading every timestamp.
 *
 * @module
 */

import { LimitError } from "../source/errors.ts";
import type { FormatOptions } from "./format.ts";

/** Timestamps of rows (samples, records, blocks), which mostly follow each other at a fixed step. */
export interface RowTimes {
  /** Number of rows. */
  readonly count: number;
  /** What follows from one row to the next, in the timestamps' own unit. */
  readonly step: number;
  /** How far a timestamp may be from what the row before lets expect, in the same unit; more is a gap. */
  readonly tolerance: number;
  /** Reads the timestamps of some rows, ascending. */
  read(rows: readonly number[]): Promise<ArrayLike<number>>;
}

/** A run of rows without a gap. */
export interface Section {
  /** Its first row. */
  readonly start: number;
  /** The first row behind it. */
  readonly stop: number;
  /** Timestamp of its first row. */
  readonly first: number;
}

/** Rows that are read at once where all of a stretch is looked at. */
const STRETCH = 64;
/** The most rows of which all are looked at, so many at once. */
const MOST_ROWS = 2_000_000;
const AT_ONCE = 4096;

/**
 * Runs of rows without gaps. The first and the last timestamp are read; where they are as far apart as rows without a gap are,
 * nothing else is. Else halves are looked at in the same way, so that a few gaps cost a few reads each. Gaps that make up for
 * each other exactly aren't found where neither end of what is looked at lies between them. Where halves would be too many, all
 * timestamps are looked at, of up to two million rows.
 *
 * @param times The timestamps
 * @param options The most sections, and what messages call the file
 * @throws {LimitError} If there are more sections than `maxSegments`
 */
export async function sectionsOf(
  times: RowTimes,
  { maxSegments = 1000, name }: Pick<FormatOptions, "maxSegments"> & { readonly name: string },
): Promise<Section[]> {
  const { count, step, tolerance } = times;
  if (count === 0) return [];
  const known = new Map<number, number>();
  const load = async (rows: readonly number[]) => {
    const missing = [...new Set(rows)].filter((row) => !known.has(row)).sort((a, b) => a - b);
    if (missing.length === 0) return;
    const read = await times.read(missing);
    missing.forEach((row, i) => known.set(row, Number(read[i]!)));
  };
  const isApart = (from: number, to: number) =>
    !(Math.abs(known.get(to)! - known.get(from)! - (to - from) * step) <= tolerance);
  await load([0, count - 1]);
  const starts: number[] = [];
  // All halves of one depth by one read.
  let level: [number, number][] = count > 1 && isApart(0, count - 1) ? [[0, count - 1]] : [];
  while (level.length > 0) {
    if (starts.length + level.length >= maxSegments) {
      // A clock that runs a little fast or slow looks as if there were gaps everywhere: only all timestamps tell.
      if (count <= MOST_ROWS) return await sectionsByAll(times, maxSegments, name);
      throw tooMany(name, starts.length + level.length, maxSegments);
    }
    const short = level.filter(([from, to]) => to - from <= STRETCH);
    const long = level.filter(([from, to]) => to - from > STRETCH);
    await load([
      ...short.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
      ...long.map(([from, to]) => Math.floor((from + to) / 2)),
    ]);
    for (const [from, to] of short) {
      for (let row = from + 1; row <= to; row++) if (isApart(row - 1, row)) starts.push(row);
    }
    level = long.flatMap(([from, to]) => {
      const middle = Math.floor((from + to) / 2);
      return ([[from, middle], [middle, to]] as [number, number][]).filter(([a, b]) => isApart(a, b));
    });
  }
  if (starts.length >= maxSegments) throw tooMany(name, starts.length + 1, maxSegments);
  const all = [0, ...starts.sort((a, b) => a - b)];
  return all.map((start, i) => ({ start, stop: all[i + 1] ?? count, first: known.get(start)! }));
}

/** Looks at all timestamps, until there are more gaps than wanted. */
async function sectionsByAll(times: RowTimes, maxSegments: number, name: string): Promise<Section[]> {
  const starts: { row: number; first: number }[] = [];
  let before = NaN;
  for (let from = 0; from < times.count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, times.count - from) }, (_, i) => from + i);
    const read = await times.read(rows);
    for (const [i, row] of rows.entries()) {
      const first = Number(read[i]!);
      if (!(Math.abs(first - before - times.step) <= times.tolerance)) {
        if (starts.length === maxSegments) throw tooMany(name, maxSegments + 1, maxSegments);
        starts.push({ row, first });
      }
      before = first;
    }
  }
  return starts.map(({ row, first }, i) => ({ start: row, stop: starts[i + 1]?.row ?? times.count, first }));
}

/** The error for a recording of splinters. */
export function tooMany(name: string, found: number, most: number): LimitError {
  return new LimitError(
    `Cannot split ${name} at its gaps: there are at least ${
      found.toLocaleString("en")
    } segments, more than the limit ` +
      `maxSegments of ${most.toLocaleString("en")}; a larger gapTolerance (seconds) takes short gaps as none`,
    { file: name },
  );
}
