/**
 * Arrays that lie flat in a file: what `.npy` files, members of archives and raw recordings have in common.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { summary, typeAndShape } from "../text/summary.ts";
import { readSelection } from "../select/read_selection.ts";
import type { RangeFetcher } from "../../source/fetch/fetcher.ts";
import type { PageCache } from "../../source/pages/page_cache.ts";
import { NotFoundError, ShapeError } from "../../source/errors.ts";
import { flattenArrayType, nativeOrder } from "../codec/decode_elements.ts";
import { decodeInPieces } from "../codec/decode_pieces.ts";
import { describeDType } from "../dtype/dtype.ts";
import type { FlatLayout } from "./flat_plan.ts";
import { readFlat } from "./flat_read.ts";
import { bytesFor } from "../select/into.ts";
import { contiguousStride, shapeText } from "../ndarray.ts";
import { resolveSelection, resultShape, selectionSize } from "../select/selection.ts";
import type { ArrayData, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../types.ts";
import { checkReadSize } from "../text/value_count.ts";
import { ArrayView, type ResolvedReader } from "../select/view.ts";

/** What {@linkcode FlatArray} is made of. */
export interface FlatArrayOptions {
  /** Reads the file. */
  readonly fetcher: RangeFetcher;
  /** Pages of the file; what they hold isn't fetched again. */
  readonly cache?: PageCache | undefined;
  /** Where the first element starts in the file, in bytes. */
  readonly offset: number;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements, as stored. The axes of an array type are appended to the shape. */
  readonly dtype: DType;
  /**
   * Whether the last axis runs fastest (`C`) or the first (`F`).
   *
   * @default {"C"}
   */
  readonly order?: "C" | "F" | undefined;
  /** Bytes from one index to the next along each axis of `shape`, instead of what `order` gives. */
  readonly strides?: readonly number[] | undefined;
  /** What messages call the array, such as `member "t.npy" of x.npz`; by default the file's name. */
  readonly name?: string | undefined;
}

/** A lazy array over a flat run of bytes. Made by the functions that open files. */
export class FlatArray<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements as stored; values in memory are in native byte order. */
  readonly dtype: DType;
  /** It lies in one piece. */
  readonly chunkShape: null = null;
  /** Where its first element starts in the file, in bytes. */
  readonly offset: number;
  /** Bytes from one index to the next along each axis. */
  readonly strides: readonly number[];
  /** What messages call it. */
  readonly name: string;
  readonly #fetcher: RangeFetcher;
  readonly #cache: PageCache | undefined;

  /**
   * Makes one; it reads nothing.
   *
   * @param options File, place, shape and type
   * @throws {ShapeError} If the shape is none, or spans more bytes than can be counted
   */
  constructor(options: FlatArrayOptions) {
    printsAsText(FlatArray.prototype);
    const { shape: axes, base } = flattenArrayType(options.dtype);
    const strides = options.strides ?? flatStrides(options.shape, options.dtype.itemsize, options.order);
    flatByteLength(options.shape, options.dtype);
    this.shape = [...options.shape, ...axes];
    this.dtype = base;
    this.strides = [...strides, ...flatStrides(axes, base.itemsize)];
    this.offset = options.offset;
    this.name = options.name ?? options.fetcher.source.name ?? "the source";
    this.#fetcher = options.fetcher;
    this.#cache = options.cache;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("FlatArray", this.name, typeAndShape(this));
  }

  /** The file that it lies in: its path or URL, where it has one, and its size in bytes. */
  get file(): { readonly name: string | undefined; readonly byteLength: number } {
    const { name, byteLength } = this.#fetcher.source;
    return { name, byteLength };
  }

  /**
   * Bytes of the file as they lie there, the array's own and those between.
   *
   * @param offset First byte of the file
   * @param length Number of bytes
   * @param options Abort signal
   * @throws {LimitError} If they are more than the limit `maxReadBytes`
   */
  async bytes(offset: number, length: number, options?: ReadIntoOptions): Promise<Uint8Array> {
    const dtype = { kind: "uint", itemsize: 1, byteOrder: "|" } as const;
    const all = new FlatArray<Uint8Array>({
      fetcher: this.#fetcher,
      cache: this.#cache,
      offset,
      shape: [length],
      dtype,
      name: this.name,
    });
    return (await all.read(null, options)).data;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** How the elements lie. */
  get layout(): FlatLayout {
    return { shape: this.shape, strides: this.strides, itemsize: this.dtype.itemsize };
  }

  /**
   * Reads a selection, everything by default. Only its bytes are read, but for gaps that are cheaper to read along than
   * to ask around.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask
   * @param options Abort signal, memory to read into
   * @returns The values, in C order
   * @throws {SelectionError} If the selection doesn't fit the shape
   * @throws {LimitError} If the result would be larger than the limit `maxReadBytes`
   */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return readSelection(this, selection, options);
  }

  /** Reads a checked selection, one entry per axis of `shape`. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<D>> {
    options.signal?.throwIfAborted();
    const size = selectionSize(axes);
    checkReadSize(this.name, this.dtype, size, this.#fetcher.limits.maxReadBytes, this.#fetcher.source.name);
    const bytes = bytesFor(options.into, size * this.dtype.itemsize);
    const from = { fetcher: this.#fetcher, cache: this.#cache, offset: this.offset, layout: this.layout };
    await readFlat(from, axes, bytes, options);
    const shape = resultShape(axes);
    const data = await decodeInPieces(this.dtype, bytes, size, options.signal) as D;
    return { data, shape, stride: contiguousStride(shape), dtype: nativeOrder(this.dtype) };
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView<D> {
    return new ArrayView<D>(this, resolveSelection(selection, this.shape));
  }

  /**
   * One field of records as an array of its own: reading it skips the others where they are long.
   *
   * @param name Its name
   * @returns An array of the same shape (and the field's own axes behind)
   * @throws {NotFoundError} If the elements aren't records, or have no such field
   */
  field(name: string): FlatArray {
    const field = this.dtype.kind === "compound" ? this.dtype.fields.find((field) => field.name === name) : undefined;
    if (field === undefined) {
      throw new NotFoundError(
        `Cannot take field ${JSON.stringify(name)} of ${this.name}: its elements are ${describeDType(this.dtype)}`,
        { file: this.#fetcher.source.name },
      );
    }
    return new FlatArray({
      fetcher: this.#fetcher,
      cache: this.#cache,
      offset: this.offset + field.offset,
      shape: this.shape,
      dtype: field.dtype,
      strides: this.strides,
      name: this.name,
    });
  }
}

/**
 * Bytes from one index to the next along each axis of an array without gaps.
 *
 * @param shape Length of each axis
 * @param itemsize Bytes per element
 * @param order Whether the last axis runs fastest, or the first
 */
export function flatStrides(shape: readonly number[], itemsize: number, order: "C" | "F" = "C"): number[] {
  const lengths = order === "C" ? shape : [...shape].reverse();
  const strides = contiguousStride(lengths).map((stride) => stride * itemsize);
  return order === "C" ? strides : strides.reverse();
}

/**
 * Bytes that an array takes.
 *
 * @param shape Length of each axis
 * @param dtype Type of the elements
 * @throws {ShapeError} If a length isn't a whole number of at least 0, or the product is beyond 2^53
 */
export function flatByteLength(shape: readonly number[], dtype: DType): number {
  const text = shapeText(shape);
  // Lengths are multiplied apart from zeros: NumPy refuses (0, 2**62, 4) as well, whose strides would overflow.
  let bytes = dtype.itemsize;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ShapeError(`Cannot use the shape ${text}: each length must be a whole number of at least 0`);
    }
    bytes *= Math.max(1, length);
    if (!Number.isSafeInteger(bytes)) {
      throw new ShapeError(
        `Cannot use the shape ${text}: that many elements of ${dtype.itemsize} bytes can't be counted`,
      );
    }
  }
  return shape.includes(0) ? 0 : bytes;
}
