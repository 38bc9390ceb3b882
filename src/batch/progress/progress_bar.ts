/**
 * A progress bar, drawn over and over on one line of a terminal.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { type Progress, progressLine } from "./progress.ts";
import { standardError } from "./terminal_node.ts";

/** How a progress bar is drawn. */
export interface ProgressBarOptions {
  /**
   * Takes the text, control sequences and all.
   *
   * @default {writes to standard error if that is a terminal, else there is no bar}
   */
  readonly write?: ((text: string) => unknown) | undefined;
  /**
   * Width of the terminal, in characters.
   *
   * @default {that of the terminal, else 80}
   */
  readonly columns?: number | undefined;
  /** Words before the bar. */
  readonly description?: string | undefined;
  /**
   * Least time between two drawings, in milliseconds; the last one is always drawn.
   *
   * @default {100}
   */
  readonly interval?: number | undefined;
}

/** Names of `ProgressBarOptions`. */
export const PROGRESS_BAR_OPTIONS: OptionNames<ProgressBarOptions> = {
  write: true,
  columns: true,
  description: true,
  interval: true,
};

/** Draws how far work is. */
export interface ProgressBar {
  /** Draws, unless it has drawn a moment ago. */
  update(progress: Progress): void;
  /** Draws once more and moves on to the next line. */
  end(progress: Progress): void;
}

/**
 * A progress bar on a terminal.
 *
 * @param options Where and how it is drawn
 * @returns The bar, or `null` where there is no terminal to draw it on
 *
 * @example Usage
 * ```ts
 * import { progressBar } from "./progress_bar.ts";
 *
 * let drawn = "";
 * const bar = progressBar({ write: (text) => drawn += text, columns: 60 });
 * bar?.end({ done: 4, total: 4, bytes: 4e6, totalBytes: 4e6, elapsed: 2, rate: 2e6, remaining: 0 });
 * console.log(drawn);
 * ```
 */
export function progressBar(options: ProgressBarOptions = {}): ProgressBar | null {
  checkOptions(options, PROGRESS_BAR_OPTIONS, "make a progress bar");
  const terminal = standardError();
  const write = options.write ?? terminal?.write;
  if (write === undefined) return null;
  const columns = options.columns ?? terminal?.columns ?? 80;
  const draw = (progress: Progress, after: string) => {
    write(`\r\x1b[K${progressLine(progress, columns, options.description)}${after}`);
  };
  let next = -Infinity;
  return {
    update(progress) {
      if (performance.now() < next) return;
      next = performance.now() + (options.interval ?? 100);
      draw(progress, "");
    },
    end: (progress) => draw(progress, "\n"),
  };
}
