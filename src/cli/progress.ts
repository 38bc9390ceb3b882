/**
 * A progress bar on a terminal, for work that takes over a second.
 *
 * @module
 */

import { barLine } from "../batch/progress/progress.ts";
import type { CliIo } from "./io.ts";

/** How far the work is. */
export interface Progress {
  /** Part that is done, 0 to 1; `null` where the whole isn't known. */
  readonly fraction: number | null;
  /** What is done, in words: `12.3 MB`. */
  readonly text: string;
}

const PATIENCE = 1000;
const INTERVAL = 100;

/**
 * Does work and draws how far it is, from the second second on, where standard error is a terminal. The bar is gone
 * when the work ends.
 *
 * @param io The world
 * @param progress Asked ten times a second
 * @param work The work
 * @returns What the work gives
 */
export async function withProgress<T>(io: CliIo, progress: () => Progress, work: () => Promise<T>): Promise<T> {
  if (!io.isTerminal) return await work();
  const started = performance.now();
  let drawn = false;
  const timer = setInterval(() => {
    if (performance.now() - started < PATIENCE) return;
    drawn = true;
    io.stderr(`\r\x1b[K${progressLine(progress(), io.columns, performance.now() - started)}`);
  }, INTERVAL);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (drawn) io.stderr("\r\x1b[K");
  }
}

/**
 * One drawing of the bar.
 *
 * @param progress How far the work is
 * @param columns Width of the terminal
 * @param milliseconds How long it has gone on
 */
export function progressLine(progress: Progress, columns: number, milliseconds: number): string {
  const seconds = `${Math.floor(milliseconds / 1000)} s`;
  if (progress.fraction === null) return `${progress.text}, ${seconds}`.slice(0, columns - 1);
  return barLine(progress.fraction, `${progress.text}, ${seconds}`, columns);
}
