/**
 * Compares the results of one runtime with another's.
 *
 * @module
 */
import type { SuiteResult } from "./types.ts";

/**
 * Says in which cases a runtime's results differ from those of the runtime that it's compared with.
 *
 * @param expected What the one gave.
 * @param found What the other gave.
 * @returns One line or more per case that differs or failed; empty where all are equal.
 */
export function differences(expected: SuiteResult, found: SuiteResult): string[] {
  const lines: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const one = expected[name];
    const other = found[name];
    if (one === undefined || other === undefined) {
      lines.push(`${name}: only one of the two runs has it`);
    } else if (other.status === "failed") {
      lines.push(`${name}: failed\n    ${other.text}`);
    } else if (other.status === "ok" && other.digest !== one.digest) {
      lines.push(
        `${name}: differs\n    expected ${around(one.text, other.text)}\n    found    ${around(other.text, one.text)}`,
      );
    }
  }
  return lines;
}

/** The part of a text where it starts to differ from another. */
function around(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return `${at > 80 ? "…" : ""}${text.slice(Math.max(0, at - 80), at + 300)}`;
}
