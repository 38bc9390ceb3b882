/**
 * Columns that are parts of stored words: a line that is one bit, a current whose sign is another.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { contiguousStride, flatten } from "../../array/ndarray.ts";
import { axisIndex, resultShape, selectionSize } from "../../array/select/selection.ts";
import { ReadableArray } from "../../array/select/readable.ts";
import { withoutInto } from "../../array/select/into.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type { DType, LazyArray, NDArray, NumericData, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { rangeOrList, withoutDropping } from "./axes.ts";

/** A column that is worked out of a word. */
export interface WordColumn {
  /** Which column of the words. */
  readonly column: number;
  /** What a word says of it. */
  decode(word: number): number;
}

/** One bit of a word: 0 or 1. */
export function bitColumn(column: number, bit: number): WordColumn {
  return { column, decode: (word) => word >>> bit & 1 };
}

/** What is worked out of words, as a lazy array of shape [samples, columns]. */
export class WordColumns extends ReadableArray<NumericData> {
  /** Number of samples, number of columns. */
  readonly shape: readonly number[];
  /** Type of what is worked out. */
  readonly dtype: DType;
  /** As the words have it. */
  readonly chunkShape: readonly number[] | null;
  readonly #words: LazyArray;
  readonly #columns: readonly WordColumn[];

  /**
   * Makes one; it reads nothing.
   *
   * @param words Integers of at most 32 bits, shape [samples, columns]
   * @param dtype NumPy's name of what is worked out
   * @param columns How
   */
  constructor(words: LazyArray, dtype: "<u2" | "<i2", columns: readonly WordColumn[]) {
    super();
    this.#words = words;
    this.#columns = columns;
    this.shape = [words.shape[0]!, columns.length];
    this.dtype = dtypeFromNumpy(dtype);
    this.chunkShape = words.chunkShape === null ? null : [words.chunkShape[0]!, Math.max(1, columns.length)];
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("WordColumns", undefined, typeAndShape(this));
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<NumericData>> {
    options.signal?.throwIfAborted();
    const [rows, picked] = axes as [ResolvedAxis, ResolvedAxis];
    const columns = Array.from({ length: picked.count }, (_, i) => this.#columns[axisIndex(picked, i)]!);
    const used = [...new Set(columns.map(({ column }) => column))].sort((a, b) => a - b);
    const words = flatten(
      await this.#words.read([withoutDropping(rows), rangeOrList(used)], withoutInto(options)),
    ).data as ArrayLike<number>;
    const size = selectionSize(axes);
    const out = ArrayBuffer.isView(options.into)
      ? options.into as NumericData
      : this.dtype.kind === "int"
      ? new Int16Array(size)
      : new Uint16Array(size);
    const target = out as Int16Array;
    columns.forEach(({ column, decode }, place) => {
      let from = used.indexOf(column);
      for (let at = place; at < size; at += columns.length, from += used.length) target[at] = decode(words[from]!);
    });
    const shape = resultShape(axes);
    return { data: out, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }
}
