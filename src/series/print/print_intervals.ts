/**
 * Sets of intervals as text.
 *
 * @module
 */

import type { Metadata } from "../metadata.ts";
import { columnTexts } from "./print_metadata.ts";
import { type PrintOptions, shownColumns, shownRows } from "./print_options.ts";
import { type Cell, tabulate } from "./tabulate.ts";

/** What is printed of a set of intervals. */
export interface PrintedIntervals {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly metadata: Metadata;
}

/** A set of intervals as a table. */
export function formatIntervals(set: PrintedIntervals, options: PrintOptions = {}): string {
  const most = shownColumns(12, options);
  const names = set.metadata.keys().slice(0, most);
  const more = names.length + 3 > most ? ["..."] : [];
  const headers = ["index", "start", "end", ...names, ...more];
  const { indices, gap } = shownRows(set.length, options);
  const columns = names.map((name) => columnTexts(set.metadata.get(name), indices));
  const rows = indices.map((row, i): Cell[] => [
    row,
    { float: set.start[row]! },
    { float: set.end[row]! },
    ...columns.map((column) => column[i]!),
    ...more,
  ]);
  if (gap !== null) rows.splice(gap, 0, headers.map(() => "..."));
  return `${tabulate(headers, rows, { rule: set.length === 0 })}\nshape: (${set.length}, 2), time unit: sec.`;
}
