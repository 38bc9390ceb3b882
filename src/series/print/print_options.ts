/**
 * How much room there is to print in.
 *
 * @module
 */
import { ARRAY_READ_OPTIONS } from "../../array/select/read_options.ts";
import type { ArrayReadOptions } from "../../array/types.ts";
import type { OptionNames } from "../../source/options.ts";

/** Options of printing. */
export interface PrintOptions {
  /**
   * Width of the terminal, in characters. It decides how many columns are shown.
   *
   * @default {80}
   */
  readonly columns?: number | undefined;
  /**
   * Height of the terminal, in lines. It decides how many rows are shown: ten fewer, at least two.
   *
   * @default {24}
   */
  readonly rows?: number | undefined;
}

/** Names of `PrintOptions`. */
export const PRINT_OPTIONS: OptionNames<PrintOptions> = { columns: true, rows: true };
/** The same where values are read for it. */
export const FORMAT_OPTIONS: OptionNames<PrintOptions & ArrayReadOptions> = { ...PRINT_OPTIONS, ...ARRAY_READ_OPTIONS };

/** Rows of a table that are shown: all, or `head` at the start and as many at the end. */
export interface ShownRows {
  /** Which rows, in order. */
  readonly indices: readonly number[];
  /** Behind how many of them rows are left out; `null` where none are. */
  readonly gap: number | null;
}

/** Which of `count` rows there is room for. */
export function shownRows(count: number, options: PrintOptions = {}): ShownRows {
  const most = Math.max((options.rows ?? 24) - 10, 2);
  if (count <= most) return { indices: Array.from({ length: count }, (_, i) => i), gap: null };
  const head = Math.floor(most / 2);
  return {
    indices: Array.from({ length: 2 * head }, (_, i) => i < head ? i : count - 2 * head + i),
    gap: head,
  };
}

/** How many columns there is room for. */
export function shownColumns(perColumn: number, options: PrintOptions = {}): number {
  return Math.max(Math.floor((options.columns ?? 80) / perColumn), 5);
}
