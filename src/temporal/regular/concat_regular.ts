/**
 * Regular series one after another, as one.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { tableOf } from "../columns/table.ts";
import { checkNonNegative } from "../intervals/check_intervals.ts";
import { checkGridSize, type GapOptions, gapValueFor, type Run, runsDomain, spreadRows } from "./gap_fill.ts";
import { joinAll } from "../columns/promote.ts";
import { makeRegular, type RegularTimeSeries } from "./regular.ts";

/** A regular series, and the rows it has on the grid of the first. */
interface Piece {
  readonly series: RegularTimeSeries<LazyArray>;
  readonly start: number;
  readonly stop: number;
}

/**
 * Joins regular series that lie on one grid, in order of time. What is between them becomes gaps.
 *
 * @param objects The series, at least one, with the same arrays
 * @param options Fill values, tolerance of the grid, abort signal
 * @throws {RangeError} If they differ in rate, overlap, or are off the grid of the first
 * @throws {DTypeError} If an array can't have gaps where there are some
 */
export async function joinRegular(
  objects: readonly RegularTimeSeries<LazyArray>[],
  options: GapOptions & { readonly rtol?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<RegularTimeSeries> {
  const [first] = objects as [RegularTimeSeries<LazyArray>];
  const filled = objects.filter(({ length }) => length! > 0).sort((a, b) => originOf(a) - originOf(b));
  const pieces = piecesOf(filled.length > 0 ? filled : [first], first.samplingRate, options.rtol ?? 1e-3);
  const joined = await joinAll(pieces.map(({ series }) => series), options.signal);
  const count = pieces.at(-1)!.stop;
  if (pieces.some(({ start }, i) => i > 0 && start > pieces[i - 1]!.stop)) {
    checkGridSize(Object.values(joined), count, options);
    const rows = rowsOf(pieces);
    for (const [key, array] of Object.entries(joined)) {
      joined[key] = spreadRows(array, rows, count, gapValueFor(key, array.dtype, options));
    }
  }
  const domain = runsDomain(runsOf(pieces), originOf(pieces[0]!.series), first.samplingRate);
  const table = tableOf(joined, "RegularTimeSeries");
  return makeRegular(table, first.samplingRate, domain, "a RegularTimeSeries") as RegularTimeSeries;
}

function originOf({ domain }: RegularTimeSeries<LazyArray>): number {
  return domain.start[0] ?? 0;
}

function piecesOf(sorted: readonly RegularTimeSeries<LazyArray>[], samplingRate: number, rtol: number): Piece[] {
  checkNonNegative(rtol, "concatenate", "rtol");
  const pieces: Piece[] = [];
  for (const series of sorted) {
    if (series.samplingRate !== samplingRate) {
      throw new RangeError(
        `Cannot concatenate: all series must have the same sampling rate, got ${samplingRate} and ${series.samplingRate}`,
      );
    }
    const exact = (originOf(series) - originOf(sorted[0]!)) * samplingRate;
    const start = Math.round(exact);
    if (!(Math.abs(exact - start) <= rtol)) {
      throw new RangeError(
        `Cannot concatenate: the series that starts at ${originOf(series)} s lies ` +
          `${Math.abs(exact - start).toPrecision(3)} samples off the grid of the first, more than rtol ${rtol}`,
      );
    }
    const last = pieces.at(-1);
    if (last !== undefined && start < last.stop) {
      throw new RangeError(
        `Cannot concatenate: the series that starts at ${originOf(series)} s overlaps the one before it by ` +
          `${last.stop - start} samples`,
      );
    }
    pieces.push({ series, start, stop: start + series.length! });
  }
  return pieces;
}

function rowsOf(pieces: readonly Piece[]): Float64Array {
  const rows = new Float64Array(pieces.reduce((sum, { start, stop }) => sum + stop - start, 0));
  let at = 0;
  for (const { start, stop } of pieces) for (let row = start; row < stop; row++) rows[at++] = row;
  return rows;
}

/** Runs of real samples: the pieces' own gaps stay. */
function runsOf(pieces: readonly Piece[]): Run[] {
  const runs: [number, number][] = [];
  for (const { series, start, stop } of pieces) {
    const { domain, samplingRate } = series;
    const row = (time: number) => start + Math.round((time - originOf(series)) * samplingRate);
    const own = domain.length > 1
      ? [...domain].map(([from, to]) => [row(from), row(to)] as const)
      : [[start, stop] as const];
    for (const [from, to] of own) {
      const last = runs.at(-1);
      if (last !== undefined && last[1] === from) last[1] = to;
      else runs.push([from, to]);
    }
  }
  return runs;
}
