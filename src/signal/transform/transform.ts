/**
 * The contract of transforms: what turns a lazy array [samples, channels] into another one, a window at a time.
 *
 * A transform is one file and one line of the registry. It says which input rows an output row depends on, and works out a block;
 * {@linkcode TransformedArray} does the rest: it reads just that much of its input, whatever is asked for.
 *
 * @module
 */

import type { DType, LazyArray, NDArray, NumericData } from "../../array/types.ts";

/** What JSON carries. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A transform as JSON: its name in the registry, and all its options, what `fit` has found among them. */
export interface TransformDescription {
  /** Its name, such as `bandpass`. */
  readonly name: string;
  /** All that it needs to be made again. */
  readonly options: { readonly [name: string]: Json };
}

/** What a transform knows of its input before anything is read. */
export interface TransformInput {
  /** Number of samples, number of channels. */
  readonly shape: readonly [rows: number, channels: number];
  /** Type of the samples. */
  readonly dtype: DType;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
}

/** Values of a block, in C order: rows of channels. */
export interface Block {
  /** The values, `rows` times `channels`. */
  readonly data: NumericData;
  /** Number of rows. */
  readonly rows: number;
  /** Number of channels. */
  readonly channels: number;
}

/** What a block is asked for. */
export interface BlockPlace {
  /** The first output row. */
  readonly from: number;
  /** The first output row left out. */
  readonly to: number;
  /** The first row of the input that was read. */
  readonly inputFrom: number;
  /** Which channels the block has, of a transform that works on each by itself; `null` for all. */
  readonly channels: readonly number[] | null;
}

/** A transform that is carried along a walk in order: the next block begins where the last one ended. */
export interface Carried {
  /** Works out the output of the next input rows: as many rows as it is given. */
  next(block: Block): Block | Promise<Block>;
}

/** A transform, made for one input. */
export interface Prepared {
  /** All options, those by default and what `fit` has found among them. */
  readonly options: TransformDescription["options"];
  /** Number of samples, number of channels that come out. */
  readonly shape: readonly [rows: number, channels: number];
  /** Type of what comes out. */
  readonly dtype: DType;
  /** Samples per second of what comes out, where that is known. */
  readonly samplingRate: number | null;
  /** Whether a channel depends on itself alone, so that others needn't be read. */
  readonly isChannelwise: boolean;
  /**
   * Rows before and after the one that an output row depends on: what {@linkcode Prepared.rowsFor} asks for beyond the row itself.
   * `"all"` where it is the whole.
   */
  readonly margin: { readonly before: number; readonly after: number } | "all";
  /** Input rows that output rows need, margin included; what lies outside the input is cut off by the caller. */
  rowsFor(from: number, to: number): readonly [from: number, to: number];
  /** Works out output rows from the input rows that `rowsFor` asked for. Doesn't change the input. */
  apply(input: Block, place: BlockPlace): Block | Promise<Block>;
  /** Whether options are missing that `fit` finds: then nothing can be read. */
  readonly needsFit?: boolean;
  /** For walks in order from the first row on, where that gives more, or costs less, than windows with margins. */
  carry?(channels: readonly number[] | null): Carried;
}

/** A kind of transform: a line of the registry. */
export interface TransformKind {
  /** Its name: that of the function that makes it. */
  readonly name: string;
  /**
   * Makes it for an input.
   *
   * @param input What is known of the input
   * @param options Options as the user, or a description, gives them: they are checked here
   * @throws {TypeError} If an option is unknown or of another kind
   * @throws {RangeError} If an option's value can't be: a cut-off above Nyquist
   */
  prepare(input: TransformInput, options: Readonly<Record<string, unknown>>): Prepared;
  /**
   * Finds options that depend on the values, such as means: reads what it needs of the input, in bounded memory.
   *
   * @param input The input
   * @param options Options as `prepare` has completed them
   * @param how How it is read
   * @returns The options, with what was found
   */
  fit?(
    input: LazyArray,
    options: Readonly<Record<string, unknown>>,
    how: FitOptions,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** Options of `fit`. */
export interface FitOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A lazy array that a transform gives. */
export interface Transformed<D extends NumericData = NumericData> extends LazyArray<D> {
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** What it is made from. */
  readonly input: LazyArray;
  /** The chain of transforms, the first one first, as JSON: `fromDescription` makes it again over another input. */
  describe(): readonly TransformDescription[];
  /** Blocks of so many rows, in order from the first row to the last: filters carry their state from one to the next. */
  walk(rows: number, options?: { readonly signal?: AbortSignal | undefined }): AsyncGenerator<NDArray<D>>;
}
