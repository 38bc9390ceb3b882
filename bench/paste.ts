/**
 * Pastes the table into a page.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/**
 * Replaces what stands between the markers `bench:start` and `bench:end`.
 *
 * @param path The page.
 * @param text What to put there.
 */
export function pasteInto(path: string | URL, text: string): void {
  const whole = readFileSync(path, "utf8");
  const start = whole.indexOf(START);
  const end = whole.indexOf(END);
  if (start < 0 || end < start) throw new Error(`Cannot paste into ${path}: it has no markers ${START} and ${END}`);
  writeFileSync(path, `${whole.slice(0, start + START.length)}\n\n${text}\n\n${whole.slice(end)}`);
}
