/**
 * Options of what applies functions to recordings.
 *
 * @module
 */

import type { Time } from "../../../recording/objects/seconds.ts";
import type { ProgressBarOptions } from "../../progress/progress_bar.ts";
import type { RecordingsInput } from "../files/input.ts";
import type { OutputFormat } from "../files/output.ts";
import type { BatchIndex } from "./place.ts";
import type { Padding } from "./read_batch.ts";
import type { Channels, OnLog } from "../words.ts";

/** Which stretch, and which channels. */
export interface BatchStretchOptions {
  /**
   * The first observation: a number of observations, or text such as `"10 s"`.
   *
   * @default {the beginning}
   */
  readonly fromTime?: Time | null | undefined;
  /**
   * The first observation left out: a number of observations, or text such as `"20 s"`.
   *
   * @default {the end}
   */
  readonly toTime?: Time | null | undefined;
  /**
   * Which channels: all, one, or a list in any order.
   *
   * @default {"all"}
   */
  readonly channels?: Channels | undefined;
}

/** Works on a result before it is kept: `local` is where the batch lies in it, `index` where it lies in the recording. */
export type CleanupFunction<R = unknown> = (
  result: R,
  local: BatchIndex,
  index: BatchIndex,
  bufferSize: number,
) => unknown;

/** Options of what applies functions. */
export interface ApplyOptions<K extends object = object, R = unknown> extends BatchStretchOptions {
  /** Whether results go to a file, or come as a list. */
  readonly mode: "disk" | "memory";
  /** The file; `disk` needs one. */
  readonly outputPath?: string | URL | undefined;
  /**
   * What kind of file: a flat one with a YAML file beside it, HDF5 (the dataset `data`), Zarr, or a folder that SpikeInterface loads.
   *
   * @default {by the ending .h5, .hdf5 or .zarr, else "binary"}
   */
  readonly format?: OutputFormat | undefined;
  /**
   * What becomes of a file that is there: it is replaced once the new one is whole, or that is an error, or nothing is done if it is whole
   * and was made by the same of the same. Disk only.
   *
   * @default {"overwrite"}
   */
  readonly ifFileExists?: "overwrite" | "abort" | "skip" | undefined;
  /**
   * What values become: NumPy's name of a dtype. Integers are rounded to the nearest and clipped to what the type holds.
   *
   * @default {as the function gives them}
   */
  readonly castDtype?: string | undefined;
  /**
   * Works on each result before it is kept.
   *
   * @default {cuts the buffer off arrays that have it}
   */
  readonly cleanupFunction?: CleanupFunction<R> | undefined;
  /**
   * Whether the function is told where the batch lies: `local` and `index`.
   *
   * @default {false}
   */
  readonly passBatchInfo?: boolean | undefined;
  /** What the function is given as its second argument. */
  readonly kwargs?: K | undefined;
  /**
   * How many processes work: a number, or as many as there are processors. Results come in order. Functions must be ones that another
   * process can find: transforms, or `{ module, name }`.
   *
   * @default {1}
   */
  readonly processes?: number | "max" | undefined;
  /** Aborts; what was there before stays. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `multiChannelApply`. */
export interface MultiChannelApplyOptions<K extends object = object, R = unknown> extends ApplyOptions<K, R> {
  /**
   * Whether the function is told the result of the batch before, as `previousBatch`, `null` for the first; what comes back is then the last
   * result alone. Memory only, in one process.
   *
   * @default {false}
   */
  readonly passBatchResults?: boolean | undefined;
  /** It has no meaning here, where YASS' documentation lists it: it is ignored, with a warning. */
  readonly forceCompleteChannelBatch?: boolean | undefined;
}

/** Options of `singleChannelApply`. */
export interface SingleChannelApplyOptions<K extends object = object, R = unknown> extends ApplyOptions<K, R> {
  /**
   * Whether a batch is all of a channel; else a channel may come in several.
   *
   * @default {true}
   */
  readonly forceCompleteChannelBatch?: boolean | undefined;
}

/** Names of all of those. */
export const APPLY_OPTIONS: Readonly<Record<string, true>> = {
  fromTime: true,
  toTime: true,
  channels: true,
  mode: true,
  outputPath: true,
  format: true,
  ifFileExists: true,
  castDtype: true,
  cleanupFunction: true,
  passBatchInfo: true,
  passBatchResults: true,
  kwargs: true,
  processes: true,
  signal: true,
  forceCompleteChannelBatch: true,
};

/** What a processor is, to what applies. */
export interface ProcessorParts {
  /** The recording. */
  readonly input: RecordingsInput;
  /** The limit, in bytes. */
  readonly maxMemory: number;
  /** Observations on either side of a batch. */
  readonly bufferSize: number;
  /** What stands in for those beyond the ends. */
  readonly padding: Padding;
  /** As YASS counts and pads. */
  readonly compatible: "yass" | null;
  /** Whether, and how, progress is drawn. */
  readonly progress: boolean | ProgressBarOptions;
  /** Takes what is told. */
  readonly onLog: OnLog;
}
