/**
 * YASS' `BinaryReader`: a flat file of two axes by `[rows, columns]`.
 *
 * @module
 */

import { flatten } from "../../array/ndarray.ts";
import type { AxisSelection, DType, NDArray, NumericData, Slice } from "../../array/types.ts";
import type { AxisOrder } from "../../raw/extent.ts";
import { openRaw } from "../../raw/open_raw.ts";
import type { RawArray } from "../../raw/raw_array.ts";
import { describeValue } from "../../source/describe_value.ts";
import { UnsupportedError } from "../../source/errors.ts";
import { printsAsText } from "../../source/inspect.ts";
import type { SourceInput, SourceOptions } from "../../source/open_source.ts";
import { checkOptions } from "../../source/options.ts";
import { oneOf } from "./words.ts";

/** Options of {@linkcode BinaryReader.open}. */
export interface BinaryReaderOptions {
  /** The values: NumPy's name of a dtype. */
  readonly dtype: DType | string;
  /** Number of rows, number of columns. */
  readonly shape: readonly [rows: number, columns: number];
  /**
   * `C`: rows lie one behind the other; `F`: columns do.
   *
   * @default {"F"}
   */
  readonly order?: AxisOrder | undefined;
  /** Aborts. */
  readonly signal?: SourceOptions["signal"];
}

/** Reads a flat file of two axes by `[rows, columns]`, as YASS' class of that name does, with its limits; `openRaw` has none of them. */
export class BinaryReader {
  /** Number of rows, number of columns. */
  readonly shape: readonly [rows: number, columns: number];
  /** Which axis runs fastest. */
  readonly order: AxisOrder;
  /** Type of the values. */
  readonly dtype: DType;
  readonly #array: RawArray<NumericData>;

  /** Made by {@linkcode BinaryReader.open}; not for users. */
  constructor(array: RawArray<NumericData>) {
    printsAsText(BinaryReader.prototype);
    this.#array = array;
    this.shape = array.shape as readonly [number, number];
    this.order = array.order;
    this.dtype = array.dtype;
  }

  /**
   * Opens a file.
   *
   * @param source Its path or URL, or its bytes
   * @param options Its layout
   * @throws {TypeError} If the order is neither C nor F
   */
  static async open(source: SourceInput, options: BinaryReaderOptions): Promise<BinaryReader> {
    checkOptions(options, { dtype: true, shape: true, order: true, signal: true }, "open a binary file");
    const { dtype, shape, order = "F", signal } = options;
    oneOf("order", order, ["C", "F"]);
    if (!Array.isArray(shape) || shape.length !== 2) {
      throw new TypeError(`Cannot open a binary file of shape ${describeValue(shape)}: expected [rows, columns]`);
    }
    return new BinaryReader(await openRaw<NumericData>(source, { dtype, shape, order, signal, sidecar: false }));
  }

  /**
   * Reads `[rows, columns]`. With an integer in it the result has one axis.
   *
   * @param selection Two slices without a step, or integers; a list of rows in the order C, of columns in the order F
   * @param options Abort signal
   * @throws {TypeError} If it isn't two of these
   * @throws {RangeError} If a slice has a step
   * @throws {UnsupportedError} If a list is of the other axis
   */
  async read(
    selection: readonly AxisSelection[],
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<NDArray<NumericData>> {
    checkOptions(options, { signal: true }, "read");
    if (!Array.isArray(selection) || selection.length !== 2) {
      throw new TypeError("Cannot read a binary file but by two slices, that is [rows, columns]");
    }
    (selection as readonly AxisSelection[]).forEach((axis, i) => {
      const { step } = (axis ?? {}) as Partial<Slice>;
      if (typeof step === "number" && step !== 1) {
        throw new RangeError(`Cannot read a binary file by a slice with the step ${step}: step size not supported`);
      }
      if (Array.isArray(axis) && (i === 0) !== (this.order === "C")) {
        const [other, own] = i === 0 ? ["rows", "columns"] : ["columns", "rows"];
        throw new UnsupportedError(
          `Cannot read a binary file of the order ${this.order} by a list of ${other}: it takes one of ${own}`,
        );
      }
    });
    const read = flatten(await this.#array.read(selection, options));
    const isFlat = selection.some((axis) => typeof axis === "number");
    return isFlat ? { ...read, shape: [read.data.length], stride: [1] } : read;
  }

  /** What it is, in one line. */
  toString(): string {
    return `BinaryReader of ${this.#array.name}, shape [${this.shape.join(", ")}], order ${this.order}`;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#array.close();
  }

  /** Closes the file, at the end of the block that declared it with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
