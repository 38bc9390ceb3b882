/**
 * How far work that comes in steps is.
 *
 * @module
 */

import { formatBytes } from "../../source/cost.ts";

/** How far the work is. */
export interface Progress {
  /** Steps that are done. */
  readonly done: number;
  /** All steps, or `null` where that isn't known before the end. */
  readonly total: number | null;
  /** Bytes that these steps brought. */
  readonly bytes: number;
  /** All bytes, or `null` where that isn't known. */
  readonly totalBytes: number | null;
  /** Time since the beginning, in seconds. */
  readonly elapsed: number;
  /** Bytes per second, on average since the beginning; 0 before any time has passed. */
  readonly rate: number;
  /** Time that the rest will take at this rate, in seconds, or `null` where that can't be said yet. */
  readonly remaining: number | null;
}

/** Counts steps and bytes of one piece of work against the clock. */
export class ProgressMeter {
  readonly #started = performance.now();
  #done = 0;
  #bytes = 0;

  /**
   * Starts the clock.
   *
   * @param total All steps, or `null`
   * @param totalBytes All bytes, or `null`
   */
  constructor(readonly total: number | null, readonly totalBytes: number | null) {}

  /** Counts one step of `bytes` bytes. */
  advance(bytes: number): void {
    this.#done++;
    this.#bytes += bytes;
  }

  /** How far the work is now. */
  get progress(): Progress {
    const elapsed = (performance.now() - this.#started) / 1000;
    const { total, totalBytes } = this;
    const byBytes = totalBytes !== null && this.#bytes > 0;
    const [part, whole] = byBytes ? [this.#bytes, totalBytes] : [this.#done, total];
    return {
      done: this.#done,
      total,
      bytes: this.#bytes,
      totalBytes,
      elapsed,
      rate: elapsed > 0 ? this.#bytes / elapsed : 0,
      remaining: whole === null || part === 0 ? null : Math.max(0, elapsed * (whole - part) / part),
    };
  }
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * One line that says how far the work is: a bar where the whole is known, steps, bytes, rate, time left.
 *
 * @param progress How far it is
 * @param columns Width of the terminal; the line stays one short of it
 * @param description Words before the bar
 * @returns For example `▕██████▎     ▏  25 %  1 of 4, 160 MB of 400 MB, 320 MB/s, 2 s left`
 *
 * @example Usage
 * ```ts
 * import { progressLine } from "./progress.ts";
 * import assert from "node:assert/strict";
 *
 * const progress = { done: 1, total: 4, bytes: 1e6, totalBytes: 4e6, elapsed: 2, rate: 5e5, remaining: 6 };
 * assert.equal(progressLine(progress, 70), "▕████▊              ▏  25 %  1 of 4, 1 MB of 4 MB, 500 KB/s, 6 s left");
 * ```
 */
export function progressLine(progress: Progress, columns: number, description = ""): string {
  const { done, total, bytes, totalBytes, elapsed, rate, remaining } = progress;
  const parts = [
    total === null ? String(done) : `${done} of ${total}`,
    totalBytes === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
  ];
  if (rate > 0) parts.push(`${formatBytes(Math.round(rate))}/s`);
  const over = total !== null && done >= total;
  parts.push(over || remaining === null ? timeText(elapsed) : `${timeText(remaining)} left`);
  const before = description === "" ? "" : `${description} `;
  const text = parts.join(", ");
  if (total === null) return `${before}${text}`.slice(0, columns - 1);
  return barLine(total === 0 ? 1 : totalBytes ? bytes / totalBytes : done / total, text, columns, before);
}

/**
 * A bar with words around it; the words alone where there is no room for a bar.
 *
 * @param done Part that is done, 0 to 1
 * @param text Words behind the percentage
 * @param columns Width of the terminal; the line stays one short of it
 * @param before Words before the bar, with a space at their end
 */
export function barLine(done: number, text: string, columns: number, before: string = ""): string {
  const fraction = Math.min(1, Math.max(0, done));
  const after = ` ${String(Math.floor(fraction * 100)).padStart(3)} %  ${text}`;
  const width = Math.min(40, columns - before.length - after.length - 3);
  if (width < 5) return `${before}${after.trim()}`.slice(0, columns - 1);
  const eighths = Math.round(fraction * width * 8);
  const bar = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
  return `${before}▕${bar.padEnd(width)}▏${after}`;
}

/** A time in words: `0.4 s`, `12 s`, `3:05`, `1:02:03`. */
export function timeText(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
