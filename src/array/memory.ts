/**
 * Lazy arrays over memory.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../source/options.ts";
import { isReadable } from "./lazy.ts";
import { readSelection } from "./select/read_selection.ts";
import { contiguousStride, isNDArray, takeResolved } from "./ndarray.ts";
import { fromPlain, type PlainArray } from "./codec/plain.ts";
import { resolveSelection } from "./select/selection.ts";
import type { ArrayData, LazyArray, NDArray, NumericData, ReadIntoOptions, Selection } from "./types.ts";
import { printedAs } from "../source/inspect.ts";
import { summary, typeAndShape } from "./text/summary.ts";
import { ArrayView, type ResolvedReader } from "./select/view.ts";

/** Options of {@linkcode memoryArray}. */
export interface MemoryArrayOptions {
  /**
   * Shape of the pieces that it claims to be stored in.
   *
   * @default {null}
   */
  readonly chunkShape?: readonly number[] | null | undefined;
}

function className(value: unknown): string {
  return (value as object | null)?.constructor?.name ?? "null";
}

/** An array, however it is given: in memory, lazy, a typed array, a plain one (see {@linkcode ndarray}), or one value. */
export type ArrayLikeInput = NDArray | LazyArray | NumericData | PlainArray | number | bigint | boolean | string;

/**
 * An array, however it is given, as an array in memory, or the lazy one that it is.
 *
 * @param input The array
 * @param action What is being done, for messages, such as `write NPY`
 * @throws {TypeError} If it is none, or a plain array that mixes kinds
 * @throws {ShapeError} If a plain array is ragged
 */
export function anyArray(input: ArrayLikeInput, action: string): NDArray | LazyArray {
  if (isNDArray(input)) return input;
  if (isReadable(input)) return input as LazyArray;
  if (typeof input === "object" && !Array.isArray(input) && !ArrayBuffer.isView(input)) {
    throw new TypeError(`Cannot ${action}: expected an array, not an object of class ${className(input)}`);
  }
  const { data, shape, dtype } = fromPlain(input, action);
  return { data, shape, stride: contiguousStride(shape), dtype };
}

/**
 * An array in memory as a lazy array, so that what is written for lazy arrays can be given one. Reads are copies.
 *
 * @param array The array
 * @param options Options
 * @returns The lazy array
 *
 * @example Usage
 * ```ts
 * import { memoryArray } from "./memory.ts";
 * import { ndarray } from "./ndarray.ts";
 * import { slice } from "./select/slice.ts";
 * import assert from "node:assert/strict";
 *
 * const lazy = memoryArray(ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
 * const column = await lazy.view([null, slice(1, null)]).read([0]);
 * assert.deepEqual(column.data, Int16Array.of(2, 3));
 * ```
 */
export function memoryArray<D extends ArrayData>(
  array: NDArray<D>,
  options: MemoryArrayOptions = {},
): LazyArray<D> & ResolvedReader<D> {
  checkOptions(options, OPTIONS, "make a lazy array");
  const lazy: LazyArray<D> & ResolvedReader<D> = {
    shape: array.shape,
    dtype: array.dtype,
    chunkShape: options.chunkShape ?? null,
    // deno-lint-ignore require-await -- so that failures reject
    async readResolved(axes, readOptions?: ReadIntoOptions) {
      readOptions?.signal?.throwIfAborted();
      const into = readOptions?.into;
      return takeResolved(array, axes, isNDArray(into) ? undefined : into);
    },
    // deno-lint-ignore require-await -- so that failures reject
    async read(selection?: Selection, readOptions?: ReadIntoOptions) {
      return readSelection(lazy, selection, readOptions);
    },
    view: (selection) => new ArrayView(lazy, resolveSelection(selection, array.shape)),
  };
  return printedAs(lazy, () => summary("LazyArray", undefined, typeAndShape(lazy), "in memory"));
}

const OPTIONS: OptionNames<MemoryArrayOptions> = { chunkShape: true };
