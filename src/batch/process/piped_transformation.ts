/**
 * YASS' `PipedTransformation`: a step of a pipeline.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { checkOptions } from "../../source/options.ts";
import type { CleanupFunction } from "./apply/apply_options.ts";
import type { BatchTask } from "./apply/function.ts";
import type { OutputFormat } from "./files/output.ts";
import { oneOf } from "./words.ts";

/** How a step goes over its input: a channel at a time, a part of a channel at a time, all channels at a time. */
export type PipedMode = "singleChannelOneBatch" | "singleChannel" | "multiChannel";

/** The modes as YASS spells them. */
const SPELT: Readonly<Record<string, PipedMode>> = {
  single_channel_one_batch: "singleChannelOneBatch",
  single_channel: "singleChannel",
  multi_channel: "multiChannel",
};

/** Options of {@linkcode PipedTransformation}. */
export interface PipedTransformationOptions<K extends object = object, R = unknown> {
  /**
   * How it goes over its input: `singleChannelOneBatch`, every batch all of a channel; `singleChannel`, of one channel, which may come in
   * several; `multiChannel`, of all channels. YASS' own spelling (`single_channel_one_batch`) is taken too.
   */
  readonly mode: PipedMode | "single_channel_one_batch" | "single_channel" | "multi_channel";
  /**
   * Whether the output stays; else it is deleted after the next step. The last step's stays in any case, and so does the pipeline's input.
   *
   * @default {false}
   */
  readonly keep?: boolean | undefined;
  /**
   * What becomes of an output that is there; see `multiChannelApply`. With `skip`, a pipeline that was interrupted goes on behind the last
   * step that is whole and of the same making.
   *
   * @default {"overwrite"}
   */
  readonly ifFileExists?: "overwrite" | "abort" | "skip" | undefined;
  /** What values become: NumPy's name of a dtype. */
  readonly castDtype?: string | undefined;
  /** What the function is given as its second argument. */
  readonly kwargs?: K | undefined;
  /** Works on each result before it is kept. */
  readonly cleanupFunction?: CleanupFunction<R> | undefined;
  /** Whether the function is told where the batch lies. */
  readonly passBatchInfo?: boolean | undefined;
  /** What kind of file is written; flat ones, HDF5 and Zarr can be read by a step behind it. */
  readonly format?: OutputFormat | undefined;
  /** How many processes work. */
  readonly processes?: number | "max" | undefined;
}

const OPTIONS: Readonly<Record<string, true>> = {
  mode: true,
  keep: true,
  ifFileExists: true,
  castDtype: true,
  kwargs: true,
  cleanupFunction: true,
  passBatchInfo: true,
  format: true,
  processes: true,
};

/** A step of a {@linkcode BatchPipeline}. */
export class PipedTransformation<K extends object = object, R = unknown> {
  /** What is applied. */
  readonly task: BatchTask<K, R>;
  /** Name of the output within the pipeline's folder. */
  readonly outputName: string;
  /** How it goes over its input. */
  readonly mode: PipedMode;
  /** Whether the output stays. */
  readonly keep: boolean;
  /** The other options. */
  readonly options: PipedTransformationOptions<K, R>;

  /**
   * Makes a step.
   *
   * @param task A function, transforms, or `{ module, name }`; see `multiChannelApply`
   * @param outputName Name of its output
   * @param options How it goes over its input, and more
   * @throws {TypeError} If the mode is none
   */
  constructor(task: BatchTask<K, R>, outputName: string, options: PipedTransformationOptions<K, R>) {
    checkOptions(options, OPTIONS, "make a step of a pipeline");
    const { mode, keep = false } = options ?? {} as PipedTransformationOptions<K, R>;
    if (typeof outputName !== "string" || outputName === "") {
      throw new TypeError(
        `Cannot make a step of a pipeline with the output ${JSON.stringify(outputName)}: expected a name`,
      );
    }
    this.task = task;
    this.outputName = outputName;
    this.mode = Object.hasOwn(SPELT, String(mode))
      ? SPELT[mode]!
      : oneOf("mode", mode, ["singleChannelOneBatch", "singleChannel", "multiChannel"]);
    oneOf("ifFileExists", options.ifFileExists ?? "overwrite", ["overwrite", "abort", "skip"]);
    this.keep = keep;
    this.options = options;
    printsAsText(PipedTransformation.prototype);
  }

  /** What it is, in one line. */
  toString(): string {
    return `PipedTransformation ${JSON.stringify(this.outputName)}, ${this.mode}${this.keep ? ", kept" : ""}`;
  }
}
