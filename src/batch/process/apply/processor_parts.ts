/**
 * Options of processing, checked.
 *
 * @module
 */

import type { ProgressBarOptions } from "../../progress/progress_bar.ts";
import { parseBytes } from "../../sizes.ts";
import type { ProcessorParts } from "./apply_options.ts";
import { RECORDINGS_OPTIONS, type RecordingsInput, type RecordingsOptions } from "../files/input.ts";
import type { Padding } from "./read_batch.ts";
import { oneOf, type OnLog, wholeNumber } from "../words.ts";

/** Options of `BatchProcessor.open`. */
export interface BatchProcessorOptions extends RecordingsOptions {
  /**
   * The most memory that processing may take: a number of bytes, or text in which KB, MB and GB are powers of 1,024, as YASS has them. All
   * is counted: the batch with its buffer, float64 copies, results, the batch before that may not have been collected yet, and the state of
   * filters; `docs/yass.md` has the formula.
   *
   * @default {"1GB"}
   */
  readonly maxMemory?: number | string | undefined;
  /**
   * Observations that are read on either side of a batch. Transforms need none: they carry their state.
   *
   * @default {0}
   */
  readonly bufferSize?: number | undefined;
  /**
   * What stands in for observations beyond the ends of the recording: zeros, as in YASS, the recording mirrored, or its last value.
   *
   * @default {"zeros"}
   */
  readonly padding?: Padding | undefined;
  /**
   * Whether progress is drawn, where there is a terminal; YASS draws it by default, a library doesn't.
   *
   * @default {false}
   */
  readonly showProgressBar?: boolean | ProgressBarOptions | undefined;
  /**
   * With `yass`, the memory of the input batch alone is counted, a complete channel must take less than the limit, batches with a buffer
   * come in float64, and nothing cuts the buffer off results but a `cleanupFunction`.
   *
   * @default {undefined}
   */
  readonly compatible?: "yass" | undefined;
  /** Takes what YASS logs: the function that is applied, how long that took, what was skipped, what was removed, what was clipped. */
  readonly onLog?: OnLog | undefined;
}

/** Names of those. */
export const PROCESSOR_OPTIONS: Readonly<Record<string, true>> = {
  ...RECORDINGS_OPTIONS,
  maxMemory: true,
  bufferSize: true,
  padding: true,
  showProgressBar: true,
  compatible: true,
  onLog: true,
};

/** Checks what a processor is told of memory, buffer and padding. */
export function checkProcessorOptions(options: BatchProcessorOptions): void {
  parseBytes(options.maxMemory ?? "1GB", { units: "binary" });
  wholeNumber("bufferSize", options.bufferSize ?? 0, 0);
  oneOf("padding", options.padding ?? "zeros", ["zeros", "reflect", "edge"]);
  if (options.compatible !== undefined) oneOf("compatible", options.compatible, ["yass"]);
}

/** What a processor is made of. */
export function partsOf(input: RecordingsInput, options: BatchProcessorOptions): ProcessorParts {
  return {
    input,
    maxMemory: parseBytes(options.maxMemory ?? "1GB", { units: "binary" }),
    bufferSize: options.bufferSize ?? 0,
    padding: options.padding ?? "zeros",
    compatible: options.compatible ?? null,
    progress: options.showProgressBar ?? false,
    onLog: options.onLog ?? (() => {}),
  };
}
