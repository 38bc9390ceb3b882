/**
 * The table of tools: a row a case.
 *
 * @module
 */
import { BUNDLERS } from "./bundlers.ts";
import type { Row } from "./row.ts";
import { RUNTIMES } from "./runtimes.ts";
import { SERVERS } from "./servers.ts";

/** All rows, in the order of the documentation. */
export const ROWS: readonly Row[] = [...RUNTIMES, ...SERVERS, ...BUNDLERS];

/**
 * Says which row it is.
 *
 * @param row The row.
 * @returns Its words.
 */
export function titleOf({ tool, version, how, write, result }: Row): string {
  return `${tool} ${version}, ${how}, ${write}: ${result}`;
}

/**
 * Writes the table in Markdown.
 *
 * @returns Its lines.
 */
export function tableOfRows(): string {
  const cells = ROWS.map(({ tool, version, how, write, result }) => [tool, version, how, `\`${write}\``, result]);
  const all = [["tool", "version", "how", "what you write", "result"], ...cells];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const lines = all.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return lines.join("\n");
}
