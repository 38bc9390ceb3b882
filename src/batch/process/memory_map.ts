/**
 * YASS' `MemoryMap`: a flat file as an array that keeps nothing of it in memory.
 *
 * @module
 */

import { summary, typeAndShape } from "../../array/text/summary.ts";
import type { DType, LazyArray, NDArray, NumericData, ReadIntoOptions, Selection } from "../../array/types.ts";
import type { AxisOrder } from "../../raw/extent.ts";
import { openRaw, type RawOptions } from "../../raw/open_raw.ts";
import type { RawArray } from "../../raw/raw_array.ts";
import { printsAsText } from "../../source/inspect.ts";
import type { SourceInput } from "../../source/open_source.ts";
import { checkOptions } from "../../source/options.ts";

/** Options of {@linkcode MemoryMap.open}: those of `np.memmap`. */
export interface MemoryMapOptions {
  /** The values: NumPy's name of a dtype. */
  readonly dtype: DType | string;
  /**
   * It is read only.
   *
   * @default {"r"}
   */
  readonly mode?: "r" | undefined;
  /**
   * Bytes before the array.
   *
   * @default {0}
   */
  readonly offset?: number | undefined;
  /**
   * Length of each axis; one may be `null`.
   *
   * @default {[null]}
   */
  readonly shape?: RawOptions["shape"];
  /**
   * Whether the last axis runs fastest, or the first.
   *
   * @default {"C"}
   */
  readonly order?: AxisOrder | undefined;
}

/**
 * A flat file as a lazy array of which nothing stays in memory. YASS maps the file anew after each access for that; here a read takes
 * the bytes that it asks for, and nothing is mapped at all, so this is `openRaw` by another name.
 */
export class MemoryMap implements LazyArray<NumericData> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the values. */
  readonly dtype: DType;
  /** It lies in one piece. */
  readonly chunkShape: null = null;
  readonly #array: RawArray<NumericData>;

  /** Made by {@linkcode MemoryMap.open}; not for users. */
  constructor(array: RawArray<NumericData>) {
    printsAsText(MemoryMap.prototype);
    this.#array = array;
    this.shape = array.shape;
    this.dtype = array.dtype;
  }

  /**
   * Opens a file.
   *
   * @param source Its path or URL, or its bytes
   * @param options Its layout
   */
  static async open(source: SourceInput, options: MemoryMapOptions): Promise<MemoryMap> {
    checkOptions(options, { dtype: true, mode: true, offset: true, shape: true, order: true }, "map a file");
    const { mode = "r", ...layout } = options;
    if (mode !== "r") throw new TypeError(`Cannot map a file with the mode ${JSON.stringify(mode)}: expected "r"`);
    return new MemoryMap(await openRaw<NumericData>(source, { ...layout, sidecar: false }));
  }

  /** Reads a selection, everything by default. */
  read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<NumericData>> {
    return this.#array.read(selection, options);
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): LazyArray<NumericData> {
    return this.#array.view(selection);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("MemoryMap", this.#array.name, typeAndShape(this));
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
