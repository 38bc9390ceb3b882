/**
 * Groups as text.
 *
 * @module
 */

import type { Metadata } from "../metadata.ts";
import { columnTexts } from "./print_metadata.ts";
import { type PrintOptions, shownColumns, shownRows } from "./print_options.ts";
import { type Cell, tabulate } from "./tabulate.ts";

/** What is printed of a group. */
export interface PrintedGroup {
  readonly length: number;
  keys(): number[];
  readonly rates: Float64Array;
  readonly metadata: Metadata;
}

/**
 * A group as a table.
 *
 * @param group The group
 * @param options Room to print in; without it all members and all metadata are printed
 */
export function formatGroup(group: PrintedGroup, options?: PrintOptions): string {
  const most = options === undefined ? Infinity : shownColumns(12, options);
  const names = group.metadata.keys().filter((name) => name !== "rate").slice(0, most);
  const more = names.length + 2 > most ? ["..."] : [];
  const headers = ["Index", "rate", ...names, ...more];
  const { indices, gap } = shownRows(group.length, options ?? { rows: Infinity });
  const columns = names.map((name) => columnTexts(group.metadata.get(name), indices));
  const keys = group.keys();
  const rows = indices.map((row, i): Cell[] => [
    keys[row]!,
    { float: Math.round(group.rates[row]! * 1e5) / 1e5 },
    ...columns.map((column) => column[i]!),
    ...more,
  ]);
  if (gap !== null) rows.splice(gap, 0, headers.map(() => "..."));
  return tabulate(headers, rows, { rule: true });
}
