/**
 * YASS' `RecordingsReader`: recordings by [observations, channels], whatever the file's order.
 *
 * @module
 */

import { contiguousStride, flatten } from "../../array/ndarray.ts";
import { readSelection } from "../../array/select/read_selection.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import { ArrayView, type ResolvedReader } from "../../array/select/view.ts";
import type {
  AxisSelection,
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  Selection,
  Slice,
} from "../../array/types.ts";
import { printsAsText } from "../../source/inspect.ts";
import { checkOptions } from "../../source/options.ts";
import {
  openInput,
  RECORDINGS_OPTIONS,
  type RecordingsInput,
  type RecordingsOptions,
  type RecordingsSource,
} from "./files/input.ts";
import { type BatchIndex, batchIndex, localIndex } from "./apply/place.ts";
import { type Padding, readBatch } from "./apply/read_batch.ts";
import { type DataOrder, oneOf, wholeNumber } from "./words.ts";

/** Options of {@linkcode RecordingsReader.open}. */
export interface RecordingsReaderOptions<I extends boolean = boolean> extends RecordingsOptions {
  /**
   * Observations that are read on either side of what is asked for, which must then be a slice with both ends.
   *
   * @default {0}
   */
  readonly bufferSize?: number | undefined;
  /**
   * What stands in for observations beyond the ends: zeros, as in YASS, the recording mirrored, or its last value.
   *
   * @default {"zeros"}
   */
  readonly padding?: Padding | undefined;
  /**
   * Whether what is read comes with where it lies within it, the buffer left out: `[data, index]`.
   *
   * @default {false}
   */
  readonly returnDataIndex?: I | undefined;
  /**
   * Whether what is read comes as [observations, channels] or as [channels, observations]. What is asked for is [observations, channels]
   * in any case.
   *
   * @default {"long"}
   */
  readonly output?: "long" | "wide" | undefined;
  /**
   * With `yass`, what is read with a buffer comes in float64, as there; else in the file's dtype.
   *
   * @default {undefined}
   */
  readonly compatible?: "yass" | undefined;
}

const OPTIONS: Readonly<Record<string, true>> = {
  ...RECORDINGS_OPTIONS,
  bufferSize: true,
  padding: true,
  returnDataIndex: true,
  output: true,
  compatible: true,
};

/** Reads recordings by [observations, channels]. */
export class RecordingsReader<I extends boolean = false> {
  /** Number of observations, number of channels. */
  readonly shape: readonly [observations: number, channels: number];
  /** Number of observations. */
  readonly observations: number;
  /** Number of channels. */
  readonly channels: number;
  /** How they lie in the file. */
  readonly dataOrder: DataOrder;
  /** Type of the values, as stored. */
  readonly dtype: DType;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** All of it as a lazy array in the file's own orientation: [observations, channels] in the order of samples, else turned. */
  readonly data: LazyArray<NumericData>;
  /** All of it as a lazy array of [observations, channels]. */
  readonly array: LazyArray<NumericData>;
  readonly #input: RecordingsInput;
  readonly #options: RecordingsReaderOptions;

  /** Made by {@linkcode RecordingsReader.open}; not for users. */
  constructor(input: RecordingsInput, options: RecordingsReaderOptions<I>) {
    printsAsText(RecordingsReader.prototype);
    this.#input = input;
    this.#options = options;
    const [observations, channels] = input.array.shape as [number, number];
    this.shape = [observations, channels];
    this.observations = observations;
    this.channels = channels;
    this.dataOrder = input.dataOrder;
    this.dtype = input.array.dtype;
    this.samplingRate = input.samplingRate;
    this.array = input.array;
    this.data = input.dataOrder === "samples" ? input.array : transposed(input.array);
  }

  /**
   * Opens a recording.
   *
   * @param source A flat file by its path or URL (or its bytes), a recording, or a lazy array of [observations, channels]
   * @param options Its layout, which a YAML file beside it says by default; how it is read
   * @returns The reader; close it, or declare it with `await using`
   * @throws {RangeError} If the file's size doesn't fit dtype and channels
   * @throws {TypeError} If an option is none, or two disagree
   * @throws {NotFoundError} If something isn't given, and there is no YAML file beside it
   * @throws {FormatError} If that is no sidecar, or disagrees with the file
   *
   * @example Usage
   * ```ts
   * import { RecordingsReader } from "./recordings_reader.ts";
   * import { slice } from "../../array/select/slice.ts";
   * import assert from "node:assert/strict";
   *
   * const bytes = Int16Array.of(0, 1, 2, 3, 4, 5);
   * await using reader = await RecordingsReader.open(bytes, { dtype: "int16", nChannels: 3, dataOrder: "samples" });
   * assert.deepEqual(reader.shape, [2, 3]);
   * assert.deepEqual((await reader.read([slice(2), 1])).data, Int16Array.of(1, 4));
   * ```
   */
  static async open<I extends boolean = false>(
    source: RecordingsSource,
    options: RecordingsReaderOptions<I> = {},
  ): Promise<RecordingsReader<I>> {
    checkOptions(options, OPTIONS, "open a recording");
    wholeNumber("bufferSize", options.bufferSize ?? 0, 0);
    oneOf("output", options.output ?? "long", ["long", "wide"]);
    oneOf("padding", options.padding ?? "zeros", ["zeros", "reflect", "edge"]);
    if (options.compatible !== undefined) oneOf("compatible", options.compatible, ["yass"]);
    return new RecordingsReader<I>(await openInput(source, options), options);
  }

  /**
   * Reads by [observations, channels].
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask; everything by default
   * @param options Abort signal
   * @returns The values; with `returnDataIndex` also where they lie within, the buffer left out
   * @throws {RangeError} If there is a buffer, and the observations aren't a slice with both ends
   */
  async read(
    selection?: Selection,
    options: Pick<ReadIntoOptions, "signal"> = {},
  ): Promise<I extends true ? readonly [NDArray<NumericData>, BatchIndex] : NDArray<NumericData>> {
    checkOptions(options, { signal: true }, "read");
    const { output = "long", bufferSize = 0, returnDataIndex = false } = this.#options;
    const [observations = null, channels = null] = selection ?? [];
    const read = bufferSize === 0
      ? await this.array.read(selection, options)
      : await this.#readBuffered(observations, channels, options);
    const turned = output === "wide" && read.shape.length === 2 ? turnedOver(read) : read;
    if (!returnDataIndex) return turned as never;
    const index = bufferSize === 0
      ? batchIndex(asSlice(observations) as Slice, asSlice(channels))
      : localIndex(bufferSize, read.shape[0]! - 2 * bufferSize);
    return [turned, index] as never;
  }

  async #readBuffered(
    observations: AxisSelection,
    channels: AxisSelection,
    { signal }: Pick<ReadIntoOptions, "signal">,
  ): Promise<NDArray<NumericData>> {
    const { start, stop, step } = (observations ?? {}) as Partial<Slice>;
    const isWhole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
    if (!isWhole(start) || !isWhole(stop) || (step ?? 1) !== 1 || start > stop || stop > this.observations) {
      throw new RangeError(
        `Cannot read with a buffer but by a slice with both ends, from 0 to ${this.observations}: give slice(start, stop)`,
      );
    }
    const { bufferSize = 0, padding = "zeros", compatible } = this.#options;
    const array = this.array.view([null, typeof channels === "number" ? [channels] : channels]);
    const reading = { array, bufferSize, padding, inFloat64: compatible === "yass" };
    const read = await readBatch(reading, start, stop, null, signal);
    return typeof channels === "number" ? { ...read, shape: [read.shape[0]!], stride: [1] } : read;
  }

  /** A selection by [observations, channels] as a lazy array of its own, without buffer; reads nothing. */
  view(selection: Selection): LazyArray<NumericData> {
    return this.array.view(selection);
  }

  /** As YASS prints it. */
  toString(): string {
    const { observations, channels, dataOrder } = this;
    return `Reader for recordings with ${observations} observations and ${channels} channels in "${dataOrder}" format`;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#input.close();
  }

  /** Closes the file, at the end of the block that declared it with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function asSlice(selection: AxisSelection): Slice | number | readonly number[] {
  if (selection === null) return { kind: "slice", start: null, stop: null, step: null };
  if (typeof selection === "number" || Array.isArray(selection)) return selection as number | readonly number[];
  return selection as Slice;
}

/** An array in memory with its two axes exchanged, in C order. */
function turnedOver(array: NDArray<NumericData>): NDArray<NumericData> {
  const [rows, columns] = array.shape as [number, number];
  const [rowStride, columnStride] = array.stride as [number, number];
  return flatten({ ...array, shape: [columns, rows], stride: [columnStride, rowStride] });
}

/** A lazy array with its two axes exchanged. */
function transposed(
  array: LazyArray<NumericData> & ResolvedReader<NumericData>,
): LazyArray<NumericData> & ResolvedReader<NumericData> {
  const turned: LazyArray<NumericData> & ResolvedReader<NumericData> = {
    shape: [...array.shape].reverse(),
    dtype: array.dtype,
    chunkShape: array.chunkShape === null ? null : [...array.chunkShape].reverse(),
    read: (selection, options) => readSelection(turned, selection, options),
    view: (selection) => new ArrayView(turned, resolveSelection(selection, turned.shape)),
    async readResolved([rows, columns], options) {
      const { into: _, ...rest } = options ?? {};
      const read = flatten(await array.readResolved([columns!, rows!], rest));
      if (read.shape.length === 2) return turnedOver(read);
      return { ...read, stride: contiguousStride(read.shape) };
    },
  };
  return turned;
}
