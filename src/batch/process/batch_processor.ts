/**
 * YASS' `BatchProcessor`: recordings larger than memory, batch after batch.
 *
 * @module
 */

import { typedArrayOf } from "../../array/dtype/dtype.ts";
import { slice } from "../../array/select/slice.ts";
import type { DType, LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { printsAsText } from "../../source/inspect.ts";
import { checkOptions } from "../../source/options.ts";
import { logStart, resultsOf } from "./apply/apply.ts";
import type {
  BatchStretchOptions,
  MultiChannelApplyOptions,
  ProcessorParts,
  SingleChannelApplyOptions,
} from "./apply/apply_options.ts";
import { planApply } from "./apply/apply_plan.ts";
import { batchesOf } from "./apply/batches.ts";
import type { BatchTask } from "./apply/function.ts";
import { openInput, type RecordingsInput, type RecordingsSource } from "./files/input.ts";
import { checkChannelFits, memoryNeed, rowsThatFit } from "./apply/memory.ts";
import type { BatchParams } from "./files/params.ts";
import {
  type BatchIndex,
  batchIndex,
  type BatchItem,
  batchItem,
  type ChannelItem,
  channelItem,
  localIndex,
} from "./apply/place.ts";
import {
  type BatchProcessorOptions,
  checkProcessorOptions,
  partsOf,
  PROCESSOR_OPTIONS,
} from "./apply/processor_parts.ts";
import { readBatch } from "./apply/read_batch.ts";
import { type DataOrder, pickedChannels, stretchOf } from "./words.ts";

/** Options of {@linkcode BatchProcessor.multiChannel}. */
export interface MultiChannelOptions<D extends boolean = boolean> extends BatchStretchOptions {
  /**
   * Whether batches are read; else their places alone come.
   *
   * @default {true}
   */
  readonly returnData?: D | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode BatchProcessor.singleChannel}. */
export interface SingleChannelOptions<F extends boolean = boolean> extends BatchStretchOptions {
  /**
   * Whether a batch is all of a channel; else a channel may come in several, each with its channel.
   *
   * @default {true}
   */
  readonly forceCompleteChannelBatch?: F | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Processes recordings batch after batch. */
export class BatchProcessor {
  /** Number of observations, number of channels. */
  readonly shape: readonly [observations: number, channels: number];
  /** Number of observations. */
  readonly observations: number;
  /** Number of channels. */
  readonly channels: number;
  /** The recording as a lazy array of [observations, channels]. */
  readonly data: LazyArray<NumericData>;
  /** How it lies in its file. */
  readonly dataOrder: DataOrder;
  /** Type of the values, as stored. */
  readonly dtype: DType;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** The most memory that processing may take, in bytes. */
  readonly maxMemory: number;
  /** Observations that are read on either side of a batch. */
  readonly bufferSize: number;
  /** What it is made of; for the pipeline. */
  readonly #parts: ProcessorParts;

  /** Made by {@linkcode BatchProcessor.open}; not for users. */
  constructor(input: RecordingsInput, options: BatchProcessorOptions) {
    printsAsText(BatchProcessor.prototype);
    const [observations, channels] = input.array.shape as [number, number];
    this.shape = [observations, channels];
    this.observations = observations;
    this.channels = channels;
    this.data = input.array;
    this.dataOrder = input.dataOrder;
    this.dtype = input.array.dtype;
    this.samplingRate = input.samplingRate;
    this.#parts = partsOf(input, options);
    this.maxMemory = this.#parts.maxMemory;
    this.bufferSize = this.#parts.bufferSize;
  }

  /**
   * Opens a recording to process.
   *
   * @param source A flat file by its path or URL (or its bytes), a recording, or a lazy array of [observations, channels]
   * @param options Its layout, which a YAML file beside it says by default; memory, buffer
   * @returns The processor; close it, or declare it with `await using`
   * @throws {RangeError} If the file's size doesn't fit dtype and channels
   * @throws {TypeError} If an option is none, or two disagree
   * @throws {SyntaxError} If `maxMemory` is no size
   *
   * @example Batches of a recording in memory
   * ```ts
   * import { BatchProcessor } from "./batch_processor.ts";
   * import assert from "node:assert/strict";
   *
   * const bytes = Int16Array.from({ length: 30 }, (_, i) => i);
   * const layout = { dtype: "int16", nChannels: 3, dataOrder: "samples" } as const;
   * await using processor = await BatchProcessor.open(bytes, { ...layout, maxMemory: 24, compatible: "yass" });
   * const seen: string[] = [];
   * for await (const [data, , index] of processor.multiChannel()) seen.push(`${data.shape} ${index}`);
   * assert.equal(seen[0], "4,3 (slice(0, 4, None), slice(0, 3, None))");
   * assert.equal(seen.length, 3);
   * ```
   */
  static async open(source: RecordingsSource, options: BatchProcessorOptions = {}): Promise<BatchProcessor> {
    checkOptions(options, PROCESSOR_OPTIONS, "open a recording");
    checkProcessorOptions(options);
    return new BatchProcessor(await openInput(source, options), options);
  }

  /**
   * Batches of observations of several channels, as many as fit into memory.
   *
   * @param options Which stretch, which channels
   * @returns Items that destructure as `[data, local, index]`: the values with their buffer, where the batch lies in them, and where it lies
   * in the recording; with `returnData: false` the latter alone
   * @throws {RangeError} If not one observation fits, or the stretch or a channel isn't there
   */
  multiChannel(options: MultiChannelOptions<false> & { readonly returnData: false }): AsyncIterableIterator<BatchIndex>;
  multiChannel(options?: MultiChannelOptions<true>): AsyncIterableIterator<BatchItem>;
  async *multiChannel(options: MultiChannelOptions = {}): AsyncIterableIterator<BatchItem | BatchIndex> {
    checkOptions(options, STRETCH_OPTIONS, "iterate over batches");
    const { returnData = true, signal } = options;
    const { input, maxMemory, bufferSize } = this.#parts;
    const picked = pickedChannels(options.channels, this.channels);
    const stretch = stretchOf(options.fromTime, options.toTime, this.observations, this.samplingRate);
    const rows = rowsThatFit(maxMemory, this.#need(picked.count), `${picked.count} channels`);
    for (const { start, stop } of batchesOf(...stretch, rows, null)) {
      signal?.throwIfAborted();
      const index = batchIndex(slice(start, stop), picked.key);
      if (!returnData) {
        yield index;
        continue;
      }
      const data = await readBatch(this.#reading(input), start, stop, picked.list, signal);
      yield batchItem(data, localIndex(bufferSize, stop - start), index);
    }
  }

  /**
   * Batches of observations of one channel, channel after channel.
   *
   * @param options Which stretch, which channels; whether a batch is all of a channel
   * @returns The channels' values; with `forceCompleteChannelBatch: false` items that destructure as `[data, channel]`
   * @throws {RangeError} If a channel, or one observation, doesn't fit
   */
  singleChannel(
    options: SingleChannelOptions<false> & { readonly forceCompleteChannelBatch: false },
  ): AsyncIterableIterator<ChannelItem>;
  singleChannel(options?: SingleChannelOptions<true>): AsyncIterableIterator<NDArray<NumericData>>;
  async *singleChannel(options: SingleChannelOptions = {}): AsyncIterableIterator<ChannelItem | NDArray<NumericData>> {
    checkOptions(options, CHANNEL_OPTIONS, "iterate over batches");
    const { forceCompleteChannelBatch = true, signal } = options;
    const { input, maxMemory, bufferSize, compatible } = this.#parts;
    const picked = pickedChannels(options.channels, this.channels);
    const [from, to] = stretchOf(options.fromTime, options.toTime, this.observations, this.samplingRate);
    const need = this.#need(1);
    if (forceCompleteChannelBatch) checkChannelFits(maxMemory, need, to - from, compatible === "yass");
    const rows = forceCompleteChannelBatch ? Math.max(1, to - from) : rowsThatFit(maxMemory, need, "one channel");
    const each = picked.list ?? Array.from({ length: this.channels }, (_, channel) => channel);
    for (const { start, stop, channel } of batchesOf(from, to, rows, each)) {
      signal?.throwIfAborted();
      const batch = await readBatch(this.#reading(input), start, stop, [channel!], signal);
      // The buffer is of use to filters, which see it by singleChannelApply.
      const data = bufferSize === 0 ? batch.data : batch.data.slice(bufferSize, bufferSize + stop - start);
      const values = { ...batch, data, shape: [stop - start], stride: [1] };
      if (forceCompleteChannelBatch) yield values;
      else yield channelItem(values, channel!, batchIndex(slice(start, stop), channel!));
    }
  }

  /**
   * Applies a function to batches of several channels.
   *
   * @param task A function of a batch [observations, channels]; or transforms, as `{ name, options }` or a list of them, which carry their
   * state from batch to batch; or `{ module, name }`
   * @param options Where results go, and more
   * @returns With `mode: "disk"` the path, and what opens it again; with `"memory"` a list of results, or, with `passBatchResults`, the last
   * @throws {BatchError} If the function fails; what was there before stays
   * @throws {RangeError} If not one observation fits; if the output is the input; if it is there, with `abort`
   * @throws {WriteError} If it can't be written
   *
   * @example The largest value of each channel, batch by batch
   * ```ts
   * import { BatchProcessor } from "./batch_processor.ts";
   * import assert from "node:assert/strict";
   *
   * const bytes = Int16Array.from({ length: 30 }, (_, i) => i);
   * const layout = { dtype: "int16", nChannels: 3, dataOrder: "samples" } as const;
   * await using processor = await BatchProcessor.open(bytes, { ...layout, maxMemory: 24, compatible: "yass" });
   * const last = await processor.multiChannelApply(({ data }) => Array.from(data.slice(-3), Number), { mode: "memory" });
   * assert.deepEqual(last, [[9, 10, 11], [21, 22, 23], [27, 28, 29]]);
   * ```
   */
  multiChannelApply<K extends object, R>(
    task: BatchTask<K, R>,
    options: MultiChannelApplyOptions<K, R> & { readonly mode: "disk" },
  ): Promise<readonly [outputPath: string, params: BatchParams]>;
  multiChannelApply<K extends object, R>(
    task: BatchTask<K, R>,
    options: MultiChannelApplyOptions<K, R> & { readonly mode: "memory"; readonly passBatchResults: true },
  ): Promise<R>;
  multiChannelApply<K extends object, R>(
    task: BatchTask<K, R>,
    options: MultiChannelApplyOptions<K, R> & { readonly mode: "memory" },
  ): Promise<R[]>;
  async multiChannelApply(
    task: BatchTask<never>,
    options: MultiChannelApplyOptions<never, never>,
  ): Promise<unknown> {
    if (options?.forceCompleteChannelBatch !== undefined) {
      this.#parts.onLog("warning", "forceCompleteChannelBatch has no meaning for batches of several channels: ignored");
    }
    return await this.#apply(task, options, false);
  }

  /**
   * Applies a function to each channel: a batch is all of it, or, with `forceCompleteChannelBatch: false`, as much as fits. What is written
   * lies in the order of channels. Else as {@linkcode multiChannelApply}.
   *
   * @param task A function of a batch [observations], or transforms, or `{ module, name }`
   * @param options Where results go, and more
   * @throws {RangeError} If a channel doesn't fit
   */
  singleChannelApply<K extends object, R>(
    task: BatchTask<K, R>,
    options: SingleChannelApplyOptions<K, R> & { readonly mode: "disk" },
  ): Promise<readonly [outputPath: string, params: BatchParams]>;
  singleChannelApply<K extends object, R>(
    task: BatchTask<K, R>,
    options: SingleChannelApplyOptions<K, R> & { readonly mode: "memory" },
  ): Promise<R[]>;
  async singleChannelApply(
    task: BatchTask<never>,
    options: SingleChannelApplyOptions<never, never>,
  ): Promise<unknown> {
    return await this.#apply(task, options, true);
  }

  async #apply(task: BatchTask<never>, options: MultiChannelApplyOptions<never, never>, isSingle: boolean) {
    const parts = this.#parts;
    const plan = await planApply(parts, task, options, isSingle);
    if (options.mode === "disk") {
      const { applyToFile } = await import("./apply/apply_to_file.ts");
      return await applyToFile(parts, plan, options);
    }
    const finished = logStart(parts, plan);
    const results: unknown[] = [];
    const isFold = options.passBatchResults === true;
    for await (const { result } of resultsOf(parts, plan, options, results)) {
      if (isFold) results.length = 0;
      results.push(result);
    }
    finished();
    return isFold ? results[0] ?? null : results;
  }

  #need(channels: number) {
    const { bufferSize, compatible } = this.#parts;
    const itemBytes = typedArrayOf(this.dtype)!.BYTES_PER_ELEMENT;
    return memoryNeed({ channels, itemBytes, bufferSize, work: "read", outputBytes: 0, compatible });
  }

  #reading(input: RecordingsInput) {
    const { bufferSize, padding, compatible } = this.#parts;
    return { array: input.array, bufferSize, padding, inFloat64: compatible === "yass" };
  }

  /** What it is, in one line. */
  toString(): string {
    return `BatchProcessor of ${this.observations} observations and ${this.channels} channels`;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#parts.input.close();
  }

  /** Closes the file, at the end of the block that declared it with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const STRETCH_OPTIONS = { fromTime: true, toTime: true, channels: true, returnData: true, signal: true } as const;
const CHANNEL_OPTIONS = {
  fromTime: true,
  toTime: true,
  channels: true,
  forceCompleteChannelBatch: true,
  signal: true,
} as const;
