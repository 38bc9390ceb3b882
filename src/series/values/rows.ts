/**
 * Which samples are meant: one run of them, or a list. Not `temporal/columns/rows.ts`, whose lists are float64 so that rows beyond
 * 2^32 of a remote array can be told: here that would double the memory of every restricted series, and `checkCountable` refuses
 * such counts.
 *
 * @module
 */

import { LimitError } from "../../source/errors.ts";
import { countOf, type IndexRange } from "../../time/ranges.ts";

/** Samples `from` to, not including, `to`. */
export interface Run {
  /** First sample. */
  readonly from: number;
  /** First sample left out. */
  readonly to: number;
}

/** Samples: a run where they follow each other, else their indices. */
export type Rows = Run | Uint32Array;

/**
 * Checks that samples can be told by integers of 32 bits.
 *
 * @param count Number of samples
 * @throws {LimitError} If there are more
 */
export function checkCountable(count: number): void {
  if (count < 2 ** 32) return;
  throw new LimitError(
    `Cannot list some of ${
      count.toLocaleString("en")
    } samples: there are over 4,294,967,295; take a part of the series ` +
      "first",
  );
}

/** Number of samples. */
export function countRows(rows: Rows): number {
  return rows instanceof Uint32Array ? rows.length : rows.to - rows.from;
}

/** The samples of runs that ascend and don't overlap; as one run where nothing lies between them. */
export function rowsOfRuns(runs: readonly Run[]): Rows {
  const first = runs.find(({ from, to }) => to > from);
  if (first === undefined) return { from: 0, to: 0 };
  let to = first.from;
  const isOneRun = runs.every((run) => {
    if (run.to === run.from) return true;
    const follows = run.from === to;
    to = run.to;
    return follows;
  });
  if (isOneRun) return { from: first.from, to };
  checkCountable(runs.at(-1)!.to);
  const rows = new Uint32Array(countOf(runs as readonly IndexRange[]));
  let at = 0;
  for (const run of runs) for (let i = run.from; i < run.to; i++) rows[at++] = i;
  return rows;
}

/** A list of samples as a run where it is one. */
export function rowsOfList(list: Uint32Array): Rows {
  for (let i = 1; i < list.length; i++) if (list[i] !== list[i - 1]! + 1) return list;
  return list.length === 0 ? { from: 0, to: 0 } : { from: list[0]!, to: list[0]! + list.length };
}

/** The samples that a mask holds a 1 for. */
export function rowsOfMask(mask: Uint8Array): Rows {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i]!;
  const rows = new Uint32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (mask[i] === 1) rows[at++] = i;
  return rowsOfList(rows);
}

/** The samples `inner` of the samples `outer`. */
export function composeRows(outer: Rows | null, inner: Rows): Rows {
  if (outer === null) return inner;
  if (outer instanceof Uint32Array) {
    return inner instanceof Uint32Array ? inner.map((i) => outer[i]!) : outer.subarray(inner.from, inner.to);
  }
  if (inner instanceof Uint32Array) return inner.map((i) => outer.from + i);
  return { from: outer.from + inner.from, to: outer.from + inner.to };
}

/** The times of samples; a run's share the memory. */
export function takeTimes(times: Float64Array, rows: Rows): Float64Array {
  if (!(rows instanceof Uint32Array)) return times.subarray(rows.from, rows.to);
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < taken.length; i++) taken[i] = times[rows[i]!]!;
  return taken;
}
