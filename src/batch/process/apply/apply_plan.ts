/**
 * What applying a function is going to do: known before anything runs.
 *
 * @module
 */

import { typedArrayOf } from "../../../array/dtype/dtype.ts";
import type { DType } from "../../../array/types.ts";
import { fromDescription } from "../../../signal/transform/from_description.ts";
import { UnsupportedError } from "../../../source/errors.ts";
import { checkOptions } from "../../../source/options.ts";
import { APPLY_OPTIONS, type MultiChannelApplyOptions, type ProcessorParts } from "./apply_options.ts";
import { batchesOf, type BatchList } from "./batches.ts";
import { type ValueCast, valueCast } from "./cast_values.ts";
import { type BatchTask, describedWork, type Work, workOf } from "./function.ts";
import { checkChannelFits, memoryNeed, rowsThatFit } from "./memory.ts";
import { stepsOf, stretchView } from "./run_batches.ts";
import { oneOf, type PickedChannels, pickedChannels, stretchOf, wholeNumber } from "../words.ts";

/** What is going to be done: known before anything runs. */
export interface ApplyPlan {
  /** The function. */
  readonly work: Work;
  /** Channels. */
  readonly picked: PickedChannels;
  /** First observation, and first one left out. */
  readonly stretch: readonly [from: number, to: number];
  /** Observations of a batch. */
  readonly rows: number;
  /** The batches. */
  readonly places: BatchList;
  /** Bytes that a batch takes, all counted. */
  readonly memory: number;
  /** Channels one after the other; `null` for batches of all. */
  readonly each: readonly number[] | null;
  /** What values become. */
  readonly cast: ValueCast | null;
  /** Type of the output, where that is known: of transforms, of a cast, of YASS' functions. */
  readonly dtype: DType | null;
  /** How many processes work. */
  readonly processes: number;
}

/** Plans an application. */
export async function planApply(
  parts: ProcessorParts,
  task: BatchTask<never>,
  options: MultiChannelApplyOptions<never, never>,
  isSingle: boolean,
): Promise<ApplyPlan> {
  checkOptions(options, APPLY_OPTIONS, "apply a function");
  const { input, bufferSize, compatible } = parts;
  const { mode, forceCompleteChannelBatch } = options;
  if (mode !== "disk" && mode !== "memory") {
    throw new TypeError(`Cannot apply a function with the mode ${JSON.stringify(mode)}: expected "disk" or "memory"`);
  }
  if (mode === "disk" && (options.outputPath === undefined || options.outputPath === null)) {
    throw new TypeError('Cannot apply a function in "disk" mode without outputPath: it is required');
  }
  if (options.passBatchResults === true && (mode === "disk" || isSingle)) {
    throw new UnsupportedError(
      `Cannot pass results from batch to batch ${isSingle ? "of a channel" : 'in "disk" mode'}`,
    );
  }
  oneOf("ifFileExists", options.ifFileExists ?? "overwrite", ["overwrite", "abort", "skip"]);
  if (options.format !== undefined) oneOf("format", options.format, ["binary", "hdf5", "zarr", "spikeinterface"]);
  const processes = options.processes === "max"
    ? processorCount()
    : wholeNumber("processes", options.processes ?? 1, 1);
  const cast = valueCast(options.castDtype);
  const work = await workOf(task);
  if (processes !== 1 && work.kind === "call") describedWork(work);
  const [observations, channelCount] = input.array.shape as [number, number];
  const picked = pickedChannels(options.channels, channelCount);
  const stretch = stretchOf(options.fromTime, options.toTime, observations, input.samplingRate);
  const itemBytes = typedArrayOf(input.array.dtype)!.BYTES_PER_ELEMENT;
  const each = isSingle ? picked.list ?? Array.from({ length: channelCount }, (_, i) => i) : null;
  const made = work.kind === "chain"
    ? fromDescription(stretchView(input.array, ...stretch, each?.[0] ?? picked.list, input.samplingRate), work.chain)
    : null;
  const isBuiltin = work.kind === "call" && work.described !== null && "builtin" in work.described;
  const dtype = cast?.dtype ?? made?.dtype ?? (isBuiltin ? FLOAT64 : null);
  const need = memoryNeed({
    channels: isSingle ? 1 : picked.count,
    itemBytes,
    bufferSize: work.kind === "chain" ? 0 : bufferSize,
    work: made === null ? "call" : stepsOf(made),
    outputBytes: dtype === null ? 8 : typedArrayOf(dtype)!.BYTES_PER_ELEMENT,
    compatible,
  });
  const limit = Math.floor(parts.maxMemory / processes);
  const length = stretch[1] - stretch[0];
  // Transforms are walked: a complete channel needs not be in memory, unless it is to be given whole.
  const isComplete = isSingle && (forceCompleteChannelBatch ?? true) && (work.kind === "call" || mode === "memory");
  if (isComplete) checkChannelFits(limit, need, length, compatible === "yass");
  const rows = isComplete
    ? Math.max(1, length)
    : rowsThatFit(limit, need, isSingle ? "one channel" : `${picked.count} channels`);
  const places = batchesOf(...stretch, rows, each);
  const memory = need.fixed + need.perRow * Math.min(rows, length);
  return { work, picked, stretch, rows, places, memory, each, cast, dtype, processes };
}

const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** As many as there are processors. */
function processorCount(): number {
  const { hardwareConcurrency } = globalThis.navigator as { readonly hardwareConcurrency?: number } | undefined ?? {};
  return Math.max(1, hardwareConcurrency ?? 1);
}
