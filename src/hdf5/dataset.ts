/**
 * Datasets: lazy arrays over HDF5.
 *
 * @module
 */
import { chunksText, summary, typeAndShape } from "../array/text/summary.ts";
import { located } from "../source/located.ts";
import { bytesFor } from "../array/select/into.ts";
import { type DTypeData, type DTypeName, hasDType } from "../array/dtype/dtype_name.ts";
import { readSelection } from "../array/select/read_selection.ts";
import { isWholeAxis, resolveSelection, resultShape, selectionSize } from "../array/select/selection.ts";
import { decodeRanges } from "../array/codec/decode_pieces.ts";
import { typedArrayOf, unitsPerElement } from "../array/dtype/dtype.ts";
import { contiguousStride, sizeOf, takeResolved } from "../array/ndarray.ts";
import type { ArrayData, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../array/types.ts";
import { memoryPerElement } from "../array/text/value_count.ts";
import { ArrayView } from "../array/select/view.ts";
import { checkOptions } from "../source/options.ts";
import { LimitError, SelectionError } from "../source/errors.ts";
import { decodeElements, elementShape, innermostType, scalarOf } from "./read/decode.ts";
import type { Engine } from "./engine/engine.ts";
import { type BulkTarget, fillBytes } from "./read/fill.ts";
import type { DatasetInfo, Filter } from "./metadata.ts";
import { H5Object, openObjectAt } from "./objects.ts";
import { readChunked } from "./read/read_chunked.ts";
import { readContiguous } from "./read/read_contiguous.ts";
import { readLibrary } from "./read/read_library.ts";
import { dtypeOf, holdsPointers, inNativeOrder } from "./type_info.ts";
import type { OptionNames } from "../source/options.ts";
import { READ_INTO_OPTIONS } from "../array/select/read_options.ts";

/** Options of reading a dataset. */
export interface DatasetReadOptions extends ReadIntoOptions {
  /**
   * Which way the bytes go. `direct` fetches chunks in parallel and decodes them in wasm, and is possible where
   * {@linkcode Dataset.direct} says so; `library` goes through `H5Dread`. Both give the same bits.
   *
   * @default {"direct" where possible}
   */
  readonly engine?: "direct" | "library" | undefined;
}

/** A dataset: an array that is read where it is asked. */
export class Dataset<D extends ArrayData = ArrayData> extends H5Object implements LazyArray<D> {
  /** Always `dataset`. */
  readonly kind: "dataset" = "dataset";
  /** Length of each axis. `[]` for a scalar, `[0]` for a null dataspace (see {@linkcode isNull}). */
  readonly shape!: readonly number[];
  /** Type of the elements as stored; values in memory are in native byte order. */
  readonly dtype!: DType;
  /** Shape of a chunk, or `null` where the data isn't chunked. */
  readonly chunkShape!: readonly number[] | null;
  /** How far each axis can grow; `null` for without end. */
  readonly maxShape!: readonly (number | null)[];
  /** Whether it has a null dataspace: a type, but no elements. */
  readonly isNull!: boolean;
  /** How the data lies in the file. */
  readonly layout!: "compact" | "contiguous" | "chunked" | "virtual";
  /** The filters that chunks went through, first to last. */
  readonly filters!: readonly Filter[];
  /** Bytes that the data takes in the file; `null` for chunked data, where telling would take reading the whole index. */
  readonly storageSize!: number | null;
  /** Whether reading can bypass `H5Dread`. */
  readonly direct!: boolean;
  #info!: DatasetInfo;

  /** Made by opening; not for users. */
  constructor(engine: Engine, info: DatasetInfo, path: string) {
    super(engine, info, path);
    this.describe(info);
  }

  /** What it is, in one line. */
  override toString(): string {
    return this.describeAs("Dataset");
  }

  /**
   * The line with another class' name; for this room only.
   *
   * @internal
   */
  protected describeAs(kind: string): string {
    // The name that writers know it by; the file calls it "deflate".
    const filters = this.filters.map(({ id, name }) => id === 1 ? "gzip" : name).join(", ");
    const shape = this.isNull ? "without elements" : null;
    return summary(kind, this.path, typeAndShape(this), shape, chunksText(this.chunkShape), filters);
  }

  /**
   * Takes over what opening says; for this room only.
   *
   * @internal
   */
  protected describe(info: DatasetInfo): void {
    const inner = elementShape(info.type);
    const shape = [...(info.shape ?? [0]), ...inner];
    const known: Pick<
      Dataset,
      "shape" | "dtype" | "chunkShape" | "maxShape" | "isNull" | "layout" | "filters" | "storageSize" | "direct"
    > = {
      isNull: info.shape === null,
      shape,
      dtype: dtypeOf(innermostType(info.type)),
      chunkShape: info.chunk === undefined ? null : [...info.chunk, ...inner],
      maxShape: [...(info.maxShape ?? shape.slice(0, info.shape?.length ?? 1)), ...inner],
      layout: info.layout,
      filters: info.filters,
      storageSize: info.storageSize,
      direct: this.engine.writing === undefined && info.direct !== undefined && info.shape !== null &&
        (info.external ?? []).length === 0 && (info.layout === "contiguous" || info.layout === "chunked"),
    };
    this.#info = info;
    Object.assign(this, known);
  }

  /**
   * Whether the elements are of a dtype; if so, the type of what is read is known as well.
   *
   * @param name Name of the dtype, whatever its byte order
   * @throws {TypeError} If there is no such name
   *
   * @example
   * ```ts
   * import { open } from "../../mod.ts";
   * await using file = await open("tests/data/signal.h5");
   * const dataset = await file.dataset("/signal");
   * if (dataset.is("int16")) {
   *   const { data } = await dataset.read([0]);
   *   console.log(data satisfies Int16Array);
   * }
   * ```
   */
  is<N extends DTypeName>(name: N): this is Dataset<DTypeData[N]> {
    return hasDType(this as LazyArray, name);
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Bytes of all elements in memory, not counting what variable-length ones point to. */
  get byteLength(): number {
    return sizeOf(this.#info.shape ?? [0]) * this.#info.type.size;
  }

  /** How many bytes one read may give: the limit of the file that it lies in. For arrays made of it. */
  get maxReadBytes(): number {
    return this.engine.source(this.#info.file).fetcher.limits.maxReadBytes;
  }

  /**
   * What elements hold that were never written: a plain value as an element of the data would be, zero where none was
   * set; `null` for types that hold pointers.
   */
  get fillValue(): unknown {
    const { type } = this.#info;
    if (holdsPointers(type)) return null;
    const inner = innermostType(type);
    const bytes = fillBytes(this.#info)?.slice(0, inner.size) ?? new Uint8Array(inner.size);
    return scalarOf(inner, decodeElements(inner, bytes, 1), 0);
  }

  /**
   * Reads a selection.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask; everything by default.
   * @param options Abort signal, memory to read into, and which way to read.
   * @returns The values, in C order.
   * @throws {SelectionError} If the selection doesn't fit the shape.
   * @throws {UnsupportedFilterError} If a filter isn't built in.
   * @throws {LimitError} If the result would be larger than the limit `maxReadBytes`.
   *
   * @example
   * ```ts
   * import { open, slice } from "../../mod.ts";
   * await using file = await open("tests/data/signal.h5");
   * const { data, shape } = await (await file.dataset("/signal")).read([slice(100, 200), 3]);
   * console.log(shape, data.length);
   * ```
   */
  async read(selection?: Selection, options: DatasetReadOptions = {}): Promise<NDArray<D>> {
    return await located({ file: this.engine.name, object: this.path }, async () => {
      if (this.isNull && selection !== undefined && selection !== null && selection.length > 0) {
        throw new SelectionError(
          `Cannot select from dataset "${this.path}" of ${this.engine.name}: it has no elements`,
          {
            file: this.engine.name,
            object: this.path,
          },
        );
      }
      return await readSelection(this, selection, options, DATASET_READ_OPTIONS);
    });
  }

  /**
   * The selection as a lazy array of its own; reads nothing.
   *
   * @param selection What it shows.
   */
  view(selection: Selection): LazyArray<D> {
    return located({ file: this.engine.name, object: this.path }, () => {
      return new ArrayView<D>(this, resolveSelection(selection, this.shape));
    });
  }

  /**
   * Looks at the file anew, as `H5File.refresh` does, and takes over the shape that the dataset has then: for those who
   * follow one that grows. Of several datasets, refresh the file once and open them again.
   *
   * @param options Abort signal.
   * @throws {UnsupportedError} If the file was opened for writing.
   *
   * @example
   * ```ts
   * import { open } from "../../mod.ts";
   * await using file = await open("tests/data/signal.h5", { follow: true });
   * const signal = await file.dataset("/signal");
   * const seen = signal.shape[0]!;
   * await signal.refresh();
   * console.log(signal.shape[0]! - seen, "new rows");
   * ```
   */
  async refresh(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    checkOptions(options, { signal: true }, "refresh");
    await this.engine.refreshFile(options.signal);
    const info = await openObjectAt(this.engine, this.fileIndex, this.address, { signal: options.signal });
    if (info.kind === "dataset") this.describe(info);
  }

  /**
   * Reads a selection that is checked already; for views and other wrappers.
   *
   * @param axes One entry per axis of {@linkcode shape}.
   * @param options Abort signal, and which way to read.
   */
  async readResolved(axes: readonly ResolvedAxis[], options: DatasetReadOptions = {}): Promise<NDArray<D>> {
    return await located(
      { file: this.engine.name, object: this.path },
      () =>
        this.engine.bounded(
          { action: `read dataset "${this.path}"`, object: this.path },
          options,
          (options) => this.engine.reading(() => this.#readResolved(axes, options), options.signal),
        ),
    );
  }

  async #readResolved(axes: readonly ResolvedAxis[], options: DatasetReadOptions): Promise<NDArray<D>> {
    options.signal?.throwIfAborted();
    const rank = this.#info.shape?.length ?? 1;
    // The axes of an array type lie within an element: elements are read whole, and picked from afterwards.
    const outer = axes.slice(0, rank);
    const shape = resultShape(axes);
    const whole = [...outer.map((axis) => axis.count), ...elementShape(this.#info.type)];
    const isWhole = axes.slice(rank).every((axis, i) => isWholeAxis(axis, whole[rank + i]!));
    const data = await this.#readElements(outer, isWhole ? options : { ...options, into: undefined });
    const dtype = inNativeOrder(this.dtype);
    if (isWhole) {
      return { data: data as D, shape, stride: contiguousStride(shape), dtype };
    }
    const picks = axes.map((axis, i): ResolvedAxis =>
      i >= rank ? axis : { kind: "range", start: 0, step: 1, count: axis.count, drop: axis.drop } as ResolvedAxis
    );
    return takeResolved({ data: data as D, shape: whole, stride: contiguousStride(whole), dtype }, picks);
  }

  async #readElements(axes: readonly ResolvedAxis[], options: DatasetReadOptions): Promise<ArrayData> {
    const info = this.#info;
    const size = selectionSize(axes);
    const limit = this.maxReadBytes;
    // Texts and records take memory of their own, also where nothing was ever written.
    const taken = size * Math.max(info.type.size, memoryPerElement(dtypeOf(info.type)));
    if (taken > limit) {
      throw new LimitError(
        `Cannot read dataset "${this.path}" of ${this.engine.name}: the selection takes ${
          taken.toLocaleString("en")
        } bytes, more than the limit maxReadBytes of ${limit.toLocaleString("en")}`,
        { file: this.engine.name, object: this.path },
      );
    }
    if (info.shape === null || size === 0) return decodeElements(info.type, new Uint8Array(0), 0);
    if (options.engine === "library" || !this.direct) {
      const cells = sizeOf(elementShape(info.type)) * unitsPerElement(this.dtype);
      return await readLibrary(this.engine, info, this.path, axes, cells, options);
    }
    const target: BulkTarget = {
      bytes: bytesFor(options.into, size * info.type.size),
      shape: axes.map((axis) => axis.count),
      isUsed: options.into !== undefined,
    };
    if (info.layout === "chunked") await readChunked(this.engine, info, this.path, axes, target, options.signal);
    else await readContiguous(this.engine, info, axes, target, options);
    const inner = innermostType(info.type);
    if (typedArrayOf(dtypeOf(inner)) !== null) return decodeElements(info.type, target.bytes, size);
    const count = size * sizeOf(elementShape(info.type));
    const decode = (from: number, to: number) =>
      decodeElements(inner, target.bytes.slice(from * inner.size, to * inner.size), to - from);
    return await decodeRanges(dtypeOf(inner), count, decode, options.signal);
  }
}

/** Names of {@linkcode DatasetReadOptions}. */
export const DATASET_READ_OPTIONS: OptionNames<DatasetReadOptions> = { ...READ_INTO_OPTIONS, engine: true };
