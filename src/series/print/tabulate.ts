/**
 * Tables of text, laid out as python-tabulate lays them out: it is what pynapple prints with.
 *
 * @module
 */

import { formatG, reprFloat } from "./number_text.ts";

/** A float, which prints otherwise than an integer of the same value. */
export interface FloatCell {
  /** The number. */
  readonly float: number;
}

/** What stands in a cell: text (which counts as a number where it reads as one), an integer, a float, or nothing. */
export type Cell = string | number | bigint | boolean | FloatCell | null;

/** Layout of a table. */
export interface TableLayout {
  /** Whether there is a rule below the headers. */
  readonly rule: boolean;
  /** Whether the first column is aligned left, numbers too. */
  readonly firstLeft?: boolean | undefined;
}

type Kind = 0 | 1 | 2 | 3 | 4;

/** What a column is: each kind holds those before it. */
const [NONE, BOOL, INT, FLOAT, TEXT] = [0, 1, 2, 3, 4] as const;

/** A column is this much wider than its header at least. */
const HEADER_PADDING = 2;

/**
 * A table as text.
 *
 * @param headers What stands above the columns
 * @param rows The cells; rows may be shorter than the headers
 * @param layout The layout
 * @returns Lines without blanks at their ends
 */
export function tabulate(headers: readonly string[], rows: readonly (readonly Cell[])[], layout: TableLayout): string {
  const columns = headers.map((header, i) => {
    const cells = rows.map((row) => row[i] ?? null);
    const kind = cells.reduce<Kind>((widest, cell) => Math.max(widest, kindOf(cell)) as Kind, BOOL);
    const isNumeric = (kind === INT || kind === FLOAT) && !(layout.firstLeft === true && i === 0);
    const texts = cells.map((cell) => textOf(cell, kind));
    const aligned = isNumeric ? alignDecimals(texts) : texts.map((text) => text.trim());
    const width = Math.max(lengthOf(header) + HEADER_PADDING, ...aligned.map(lengthOf));
    const pad = (text: string) => {
      const blanks = " ".repeat(width - lengthOf(text));
      return isNumeric ? blanks + text : text + blanks;
    };
    return { header: pad(header), rule: "-".repeat(width), cells: aligned.map(pad) };
  });
  const line = (texts: readonly string[]) => texts.join("  ").trimEnd();
  return [
    line(columns.map((column) => column.header)),
    ...(layout.rule ? [line(columns.map((column) => column.rule))] : []),
    ...rows.map((_, i) => line(columns.map((column) => column.cells[i]!))),
  ].join("\n");
}

function kindOf(cell: Cell): Kind {
  if (cell === null || cell === "") return NONE;
  if (typeof cell === "boolean" || cell === "True" || cell === "False") return BOOL;
  if (typeof cell === "number" || typeof cell === "bigint") return INT;
  if (typeof cell === "object") return FLOAT;
  if (INTEGER.test(cell) || GROUPED_INTEGER.test(cell)) return INT;
  return NUMBER.test(cell) || GROUPED_NUMBER.test(cell) ? FLOAT : TEXT;
}

function textOf(cell: Cell, kind: Kind): string {
  if (cell === null || cell === "") return "";
  if (typeof cell === "boolean") return cell ? "True" : "False";
  if (typeof cell === "object") return kind === FLOAT ? formatG(cell.float) : reprFloat(cell.float);
  if (kind !== FLOAT) return String(cell).replaceAll(/[\r\n]+/g, " ");
  if (cell === "True" || cell === "False") return cell;
  return formatG(parseNumber(String(cell)));
}

/** Numbers as Python reads them: with blanks around and underscores between digits. */
const INTEGER = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const NUMBER = /^(?:\s*[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?\s*|-?inf|nan)$/i;
const GROUPED_INTEGER = /^[+-]?\d{1,3}(?:,\d{3})+$/;
const GROUPED_NUMBER = /^[+-]?\d{1,3}(?:,\d{3})*\.\d*$/;

function parseNumber(text: string): number {
  if (/inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text.replaceAll(/[_,]/g, ""));
}

// Blanks behind numbers, so that their points stand below each other.
function alignDecimals(texts: readonly string[]): string[] {
  const decimals = texts.map((text) => {
    if (INTEGER.test(text) || !(NUMBER.test(text) || GROUPED_NUMBER.test(text))) return -1;
    const point = text.lastIndexOf(".");
    const at = point < 0 ? text.toLowerCase().lastIndexOf("e") : point;
    return at < 0 ? -1 : text.length - at - 1;
  });
  const most = Math.max(-1, ...decimals);
  return texts.map((text, i) => text + " ".repeat(most - decimals[i]!));
}

function lengthOf(text: string): number {
  return [...text].length;
}
