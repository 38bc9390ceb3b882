/**
 * Flat binary files as lazy arrays.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { summary, typeAndShape } from "../array/text/summary.ts";
import { located } from "../source/located.ts";
import { withoutInto } from "../array/select/into.ts";
import { type DTypeData, type DTypeName, hasDType } from "../array/dtype/dtype_name.ts";
import { readSelection } from "../array/select/read_selection.ts";
import type { FlatArray } from "../array/flat/flat_array.ts";
import { checkScaledSize, type ResolvedScale, scaleArray } from "../array/scale.ts";
import { resolveSelection } from "../array/select/selection.ts";
import type {
  ArrayData,
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  ResolvedAxis,
  Selection,
} from "../array/types.ts";
import { ArrayView, type ResolvedReader } from "../array/select/view.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { ClosedError, UnsupportedError, WriteError } from "../source/errors.ts";
import type { Cost } from "../source/types.ts";
import type { Reader } from "../wasm/reader/reader.ts";
import type { AxisOrder } from "./extent.ts";
import type { RawFile } from "./raw_file.ts";
import { type RawWriteData, writeElements } from "./write_data.ts";

/** What {@linkcode RawArray} is made of; not for users. */
export interface RawArrayParts {
  /** The values as stored. */
  readonly flat: FlatArray;
  /** The file. */
  readonly file: RawFile;
  /** Which axis runs fastest. */
  readonly order: AxisOrder;
  /** Reads the values without swapping, where the C reader is to do that; `unit` bytes are reversed together. */
  readonly swap: { readonly flat: FlatArray; readonly reader: Reader; readonly unit: 2 | 4 | 8 } | null;
  /** How values are scaled, by what, and how many bytes of them one read may give. */
  readonly scale: { readonly how: ResolvedScale; readonly reader: Reader; readonly maxReadBytes: number } | null;
  /** How long one read may take. */
  readonly deadline: number | undefined;
  /** Whether elements lie in the file as the dtype says, so that they can be written. */
  readonly packed: boolean;
}

/**
 * An array that lies flat in a file: what `np.memmap` is in Python, but for URLs, blobs and bytes as well.
 *
 * Made by {@linkcode openRaw}. Reading takes only the bytes of the selection, and what lies between them where that is
 * cheaper than another request. Close it, or declare it with `await using`.
 */
export class RawArray<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the values: as stored (with the file's byte order), or the float that they are scaled to. */
  readonly dtype: DType;
  /** It lies in one piece. */
  readonly chunkShape: null = null;
  /** Whether the last axis runs fastest in the file (`C`), or the first (`F`). */
  readonly order: AxisOrder;
  /** Bytes before the array. */
  readonly offset: number;
  /** Whether it can be written. */
  readonly writable: boolean;
  readonly #parts: RawArrayParts;

  /** Made by {@linkcode openRaw}; not for users. */
  constructor(parts: RawArrayParts) {
    printsAsText(RawArray.prototype);
    const { flat, file, scale } = parts;
    this.#parts = parts;
    this.shape = flat.shape;
    this.dtype = scale === null
      ? flat.dtype
      : { kind: "float", itemsize: scale.how.dtype === "float32" ? 4 : 8, byteOrder: "<" };
    this.order = parts.order;
    this.offset = file.offset;
    this.writable = file.sink !== null;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("RawArray", this.name, typeAndShape(this), this.writable ? "writable" : null);
  }

  /** Path, URL or other name of the file. */
  get name(): string {
    return this.#parts.file.name;
  }

  /**
   * Whether the elements are of a dtype; if so, the type of what is read is known as well.
   *
   * @param name Name of the dtype, whatever its byte order
   * @throws {TypeError} If there is no such name
   */
  is<N extends DTypeName>(name: N): this is RawArray<DTypeData[N]> {
    return hasDType(this as LazyArray, name);
  }

  /** How its elements lie in the file; `null` where they are packed, or scaled. */
  get flat(): FlatArray | null {
    const { flat, packed, scale } = this.#parts;
    return packed || scale !== null ? null : flat;
  }

  /** Number of elements. */
  get size(): number {
    return this.#parts.flat.size;
  }

  /** Bytes that the array takes in the file. */
  get byteLength(): number {
    return this.#parts.file.byteLength;
  }

  /** What reading has cost so far. */
  get cost(): Cost {
    return this.#parts.file.meter.cost;
  }

  /**
   * Reads a selection.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask; everything by default
   * @param options Abort signal, memory to read into
   * @returns The values, in C order
   * @throws {SelectionError} If the selection doesn't fit the shape
   * @throws {LimitError} If the result would be larger than the limit `maxReadBytes`
   * @throws {ClosedError} If the array was closed
   *
   * @example
   * ```ts
   * import { openRaw } from "./open_raw.ts";
   * import { slice } from "../array/select/slice.ts";
   * import assert from "node:assert/strict";
   *
   * await using array = await openRaw(Int16Array.of(1, 2, 3, 4, 5, 6), { dtype: "int16", shape: [null, 2] });
   * const { data, shape } = await array.read([slice(1, null), 0]);
   * assert.deepEqual([data, shape], [Int16Array.of(3, 5), [2]]);
   * ```
   */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return located({ file: this.name, object: "/" }, () => {
      return readSelection(this, selection, options);
    });
  }

  /** Reads a selection that is checked already; for views and other wrappers. */
  async readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>> {
    const { deadline } = this.#parts;
    return await located(
      { file: this.name, object: "/" },
      () =>
        bounded(
          { deadline, what: "read", file: this.name, object: "/" },
          options ?? {},
          (options) => this.#readStored(axes, options),
        ),
    );
  }

  async #readStored(axes: readonly ResolvedAxis[], options: ReadIntoOptions): Promise<NDArray<D>> {
    const { flat, scale, swap } = this.#parts;
    this.#checkOpen("read");
    const stored = swap?.flat ?? flat;
    if (scale === null) {
      const array = await stored.readResolved(axes, options);
      if (swap !== null) swap.reader.swap(array.data as NumericData, swap.unit, array.data as NumericData);
      return array as NDArray<D>;
    }
    checkScaledSize(axes, scale.how, this.name, scale.maxReadBytes);
    const array = await stored.readResolved(axes, withoutInto(options));
    return scaleArray(scale.reader.instance, array, axes, scale.how, swap !== null, options?.into) as NDArray<D>;
  }

  /**
   * A selection as a lazy array of its own; reads nothing.
   *
   * @param selection What it shows
   */
  view(selection: Selection): ArrayView<D> {
    return located({ file: this.name, object: "/" }, () => {
      return new ArrayView<D>(this, resolveSelection(selection, this.shape));
    });
  }

  /**
   * One field of records as a lazy array of its own.
   *
   * @param name The field's name
   * @returns An array of the same shape, with the field's own axes behind
   * @throws {NotFoundError} If the elements are no records, or have no such field
   */
  field(name: string): LazyArray {
    return located({ file: this.name, object: "/" }, () => {
      return this.#parts.flat.field(name);
    });
  }

  /**
   * Writes a selection of an array that was opened with the mode `r+` or `w+`. Reads see it at once. Only the bytes of
   * the selected elements change; where these are more than some hundred short runs, what lies between them is written
   * back as it was, which another program that writes there at the same time would notice.
   *
   * Integers must be held exactly (unlike in NumPy, which wraps them), floats are rounded. What is checked is checked
   * before the first byte is written.
   *
   * @param selection What to write: as for reading; `null` for everything
   * @param data The values: one for all, or an array that broadcasts to the selection's shape, as in NumPy, or as many
   * values in a row as the selection has
   * @throws {WriteError} If the array was opened for reading, or can't be written
   * @throws {SelectionError} If the selection doesn't fit the shape
   * @throws {ShapeError} If the data doesn't fit the selection
   * @throws {DTypeError} If a value can't be held by the dtype
   * @throws {ClosedError} If the array was closed
   *
   * @example
   * ```ts
   * import { openRaw } from "./open_raw.ts";
   * import { slice } from "../array/select/slice.ts";
   * import { memorySink } from "../source/sink/memory_sink.ts";
   * import assert from "node:assert/strict";
   *
   * await using array = await openRaw(memorySink(), { mode: "w+", dtype: "float32", shape: [2, 3] });
   * await array.write([slice(null), 1], [0.5, 1.5]);
   * assert.deepEqual((await array.read()).data, Float32Array.of(0, 0.5, 0, 0, 1.5, 0));
   * ```
   */
  // deno-lint-ignore require-await -- throws as a rejection
  async write(selection: Selection, data: RawWriteData): Promise<void> {
    return located({ file: this.name, object: "/" }, () => {
      const { flat, file, scale, packed } = this.#parts;
      this.#checkOpen("write");
      const what = `Cannot write ${this.name}`;
      if (file.sink === null) {
        throw new WriteError(`${what}: it was opened for reading; open it with the mode "r+"`, { file: this.name });
      }
      if (scale !== null) {
        throw new UnsupportedError(`${what}: its values are scaled; open it without scale to write stored ones`, {
          file: this.name,
        });
      }
      if (packed) {
        throw new UnsupportedError(`${what}: packed values can only be read`, { file: this.name });
      }
      const axes = resolveSelection(selection, this.shape);
      writeElements(file, flat, axes, data);
    });
  }

  /**
   * Has the system store what was written so far. With the mode `w+` the file itself comes into its place on
   * {@linkcode close} only.
   *
   * @throws {WriteError} If it can't be stored
   */
  // deno-lint-ignore require-await -- throws as a rejection
  async flush(): Promise<void> {
    this.#checkOpen("flush");
    this.#parts.file.flush();
  }

  /**
   * Closes the file; with the mode `w+`, puts it into its place first. A second call does nothing.
   *
   * @throws {WriteError} If a write has failed before, or the file can't be put into its place: what was there stays
   */
  async close(): Promise<void> {
    await this.#parts.file.close();
  }

  /**
   * Closes the file without putting it into its place: what was there before stays. With the mode `r+`, what was
   * written stays written.
   */
  async abandon(): Promise<void> {
    await this.#parts.file.abandon();
  }

  /** Closes the file, at the end of the block that declared it with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #checkOpen(action: string): void {
    if (this.#parts.file.closed) {
      throw new ClosedError(`Cannot ${action} ${this.name}: it was closed`, { file: this.name });
    }
  }
}
