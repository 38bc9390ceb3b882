/**
 * The steps that lead from one object to another, taken on rows and times that are in memory.
 *
 * @module
 */

import type { Intervals } from "../../time/intervals.ts";
import { ShapeError } from "../../source/errors.ts";
import { composeRows, countRows, type Rows, rowsOfMask, takeNumbers } from "../columns/rows.ts";

/** Rows of a base, and their times: one array for timestamps, two (start, end) for intervals, none without times. */
export interface Resolved {
  /** Rows of the base. */
  readonly rows: Rows;
  /** Their times as the object shows them: shifted. */
  readonly times: readonly Float64Array[];
  /** The same in order of time, once that was looked at: itself where it is in order. */
  ordered?: Resolved;
}

/** How times are looked up. */
export interface Search {
  /** The rows that a window `[start, end)` takes; times are in order. */
  find(times: readonly Float64Array[], start: number, end: number): readonly [number, number];
  /** The order that times must be brought into before they can be searched, `null` where they are. */
  order(times: readonly Float64Array[]): Float64Array | null;
}

/** A step that leads from an object to one made of it. */
export type Step =
  | { readonly kind: "slice"; readonly start: number; readonly end: number }
  | { readonly kind: "mask"; readonly mask: Uint8Array }
  | { readonly kind: "within"; readonly intervals: Intervals | (() => Promise<Intervals>) }
  | { readonly kind: "rows"; readonly rows: Rows }
  | { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] };

/** What was subtracted from which arrays. */
export interface Shift {
  /** Seconds. */
  readonly by: number;
  /** The arrays that hold times. */
  readonly timekeys: readonly string[];
}

/** A step that has all it needs. */
export type Immediate = Exclude<Step, { kind: "within" }> | { readonly kind: "within"; readonly intervals: Intervals };

/**
 * What a step makes of rows and times.
 *
 * @param from The rows and times
 * @param step The step
 * @param search How times are looked up
 * @throws {ShapeError} If a mask has another length
 * @throws {RangeError} If times aren't in order and can't be sorted
 */
export function applied(from: Resolved, step: Immediate, search: Search | null): Resolved {
  switch (step.kind) {
    case "shift":
      return shiftedAll(from, step.by);
    case "rows":
      return picked({ rows: from.rows, times: from.times }, step.rows);
    case "mask":
      checkMask(step.mask, countRows(from.rows));
      return picked(from, rowsOfMask(step.mask));
    case "slice": {
      const ordered = inOrder(from, search!);
      const [start, stop] = search!.find(ordered.times, step.start, step.end);
      return picked(ordered, { kind: "range", start, stop: Math.max(start, stop) });
    }
    case "within": {
      const ordered = inOrder(from, search!);
      const mask = new Uint8Array(countRows(from.rows));
      const { start, end } = step.intervals;
      for (let i = 0; i < start.length; i++) mask.fill(1, ...search!.find(ordered.times, start[i]!, end[i]!));
      return picked(ordered, rowsOfMask(mask));
    }
  }
}

/** The same rows, ordered by time. It is looked at once: what is taken of ordered times is ordered. */
function inOrder(from: Resolved, search: Search): Resolved {
  if (from.ordered !== undefined) return from.ordered;
  const order = search.order(from.times);
  const ordered = order === null ? from : picked(from, { kind: "list", list: order });
  from.ordered = ordered;
  ordered.ordered = ordered;
  return ordered;
}

/** Rows of rows, in ascending order: those of ordered ones are ordered. The steps that pick from ordered ones keep their order. */
export function picked(from: Resolved, inner: Rows): Resolved {
  const out: Resolved = {
    rows: composeRows(from.rows, inner),
    times: from.times.map((values) => takeNumbers(values, inner)),
  };
  if (from.ordered === from) out.ordered = out;
  return out;
}

function shiftedAll(from: Resolved, by: number): Resolved {
  const out: Resolved = { rows: from.rows, times: from.times.map((times) => shifted(times, by)) };
  if (from.ordered === from) out.ordered = out;
  return out;
}

/** Times less an origin. */
export function shifted(times: Float64Array, by: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(times.length);
  for (let i = 0; i < out.length; i++) out[i] = times[i]! - by;
  return out;
}

/**
 * Checks a mask.
 *
 * @param mask One entry per row
 * @param count Number of rows
 * @throws {ShapeError} If there aren't as many
 */
export function checkMask(mask: Uint8Array, count: number): void {
  if (mask.length === count) return;
  throw new ShapeError(
    `Cannot select by mask: mask length ${mask.length} does not match object length (${count})`,
  );
}
