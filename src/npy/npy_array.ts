/**
 * The arrays that `.npy` files and members of `.npz` archives are.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { summary, typeAndShape } from "../array/text/summary.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { located } from "../source/located.ts";
import { nameOf } from "../source/range.ts";
import { type DTypeData, type DTypeName, hasDType } from "../array/dtype/dtype_name.ts";
import { readSelection } from "../array/select/read_selection.ts";
import { resolveSelection } from "../array/select/selection.ts";
import type { ArrayData, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../array/types.ts";
import { ArrayView, type ResolvedReader } from "../array/select/view.ts";
import { NotFoundError } from "../source/errors.ts";
import type { OpenedSource } from "../source/open_source.ts";
import type { Cost } from "../source/types.ts";
import { FlatArray } from "../array/flat/flat_array.ts";
import type { NpyFileHeader } from "./header.ts";

/** What reads the elements; some can read one field of records apart. */
export interface NpyReader extends ResolvedReader {
  /** One field of records as an array of its own. */
  field?(name: string): LazyArray;
}

/** What {@linkcode NpyArray} is made of. */
export interface NpyParts {
  /** What the header says. */
  readonly header: NpyFileHeader;
  /** Reads the elements. */
  readonly reader: NpyReader;
  /** What messages call it. */
  readonly name: string;
  /** The member of an archive; absent where the file is the array. */
  readonly member?: string | undefined;
  /** How the elements lie: plain bytes, packed by deflate, or as a pickle. */
  readonly storage: "stored" | "deflated" | "pickled";
  /** The file, whose cost is told. */
  readonly opened: OpenedSource;
  /** Whether closing the array closes the file. */
  readonly owns: boolean;
}

/** An array in NumPy's format, read only where, and when, it is asked. */
export class NpyArray<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements as stored; values in memory are in native byte order. */
  readonly dtype: DType;
  /** It lies in one piece. */
  readonly chunkShape: null = null;
  /** Which axis runs fastest in the file: the last one (`C`), or the first one (`F`). */
  readonly order: "C" | "F";
  /** Version of the format. */
  readonly version: "1.0" | "2.0" | "3.0";
  /** How the elements lie: `stored` ones are read by ranges, `deflated` and `pickled` ones from their start on. */
  readonly storage: "stored" | "deflated" | "pickled";
  /** What messages call it. */
  readonly name: string;
  readonly #parts: NpyParts;

  /** Made by `openNpy` and `Npz.get`. */
  constructor(parts: NpyParts) {
    printsAsText(NpyArray.prototype);
    const { header, reader } = parts;
    this.shape = reader.shape;
    this.dtype = reader.dtype;
    this.order = header.order;
    this.version = header.version;
    this.storage = parts.storage;
    this.name = parts.name;
    this.#parts = parts;
  }

  /** How its elements lie in the file; `null` where they are deflated, or a pickle. */
  get flat(): FlatArray | null {
    const { reader } = this.#parts;
    return reader instanceof FlatArray ? reader : null;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("NpyArray", this.name, typeAndShape(this), this.storage === "stored" ? null : this.storage);
  }

  /**
   * Whether the elements are of a dtype; if so, the type of what is read is known as well.
   *
   * @param name Name of the dtype, whatever its byte order
   * @throws {TypeError} If there is no such name
   */
  is<N extends DTypeName>(name: N): this is NpyArray<DTypeData[N]> {
    return hasDType(this as LazyArray, name);
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** What reading the file has cost so far, of an archive all members together. */
  get cost(): Cost {
    return this.#parts.opened.meter.cost;
  }

  /**
   * Reads a selection, everything by default.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask
   * @param options Abort signal, memory to read into
   * @returns The values, in C order
   * @throws {SelectionError} If the selection doesn't fit the shape
   * @throws {LimitError} If the result would be larger than the limit `maxReadBytes`
   * @throws {CorruptFileError} If a member of an archive is read whole and its CRC is wrong
   */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return located(placeOf(this.#parts), () => {
      return readSelection(this, selection, options);
    });
  }

  /** Reads a checked selection, one entry per axis of `shape`. */
  readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>> {
    const { reader, opened: { deadline } } = this.#parts;
    const { file, object } = placeOf(this.#parts);
    return located(
      { file, object },
      () =>
        bounded({ deadline, what: "read", file, object }, options ?? {}, (options) => {
          return reader.readResolved(axes, options) as Promise<NDArray<D>>;
        }),
    );
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): LazyArray<D> {
    return located(placeOf(this.#parts), () => {
      return new ArrayView<D>(this, resolveSelection(selection, this.shape));
    });
  }

  /**
   * One field of records as an array of its own: reading it skips the others where they are long.
   *
   * @param name Its name
   * @returns An array of the same shape (and the field's own axes behind)
   * @throws {NotFoundError} If the elements aren't records with such a field
   */
  field(name: string): LazyArray {
    return located(placeOf(this.#parts), () => {
      const { reader } = this.#parts;
      if (reader.field !== undefined) return reader.field(name);
      throw new NotFoundError(`Cannot take field ${JSON.stringify(name)} of ${this.name}: its elements are objects`);
    });
  }

  /** Closes the file, where the array was opened by itself; a member leaves its archive open. */
  async close(): Promise<void> {
    if (this.#parts.owns) await this.#parts.opened.close();
  }

  /** The same as {@linkcode NpyArray.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Where errors of an array happen. */
function placeOf({ opened, member }: NpyParts): { file: string; object: string } {
  return { file: nameOf(opened.source), object: member ?? "/" };
}
