/**
 * The chunk iterator over elements that come one by one.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { isReadable } from "../../array/lazy.ts";
import { memoryArray } from "../../array/memory.ts";
import { isNDArray, ndarray, shapeText, sizeOf } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import type { ChunkSource, DataChunk, DType, LazyArray, NDArray, PartialShape } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { BlockReader, type BlockReaderOptions, type ElementForm } from "./block_reader.ts";
import { arrayAsType, asDType, className, sameDType } from "./data_chunk.ts";
import { asArray, isNumericData } from "./elements.ts";
import { blockSelections, regularBlocks } from "./grid.ts";
import { bytesPerElement, walk, type WalkOptions } from "./walk.ts";

/** Options of {@linkcode DataChunkIterator.from}. */
export interface DataChunkIteratorOptions extends WalkOptions {
  /**
   * Type of the elements, or NumPy's name of it. What can't be held by it is an error.
   *
   * @default {that of the first element}
   */
  readonly dtype?: DType | string | undefined;
  /**
   * How long each axis can become; `null` for without end.
   *
   * @default {as long as the data is, where that is known, else `null`, and the shape of the first element}
   */
  readonly maxShape?: PartialShape | undefined;
  /**
   * Elements per chunk.
   *
   * @default {1}
   */
  readonly bufferSize?: number | undefined;
  /**
   * The axis of the whole along which elements follow on each other.
   *
   * @default {0}
   */
  readonly iterAxis?: number | undefined;
}

/** Names of `DataChunkIteratorOptions`. */
export const DATA_CHUNK_ITERATOR_OPTIONS: OptionNames<DataChunkIteratorOptions> = {
  dtype: true,
  maxShape: true,
  bufferSize: true,
  iterAxis: true,
  signal: true,
  readAhead: true,
  onProgress: true,
  displayProgress: true,
};

/** What a {@linkcode DataChunkIterator} is made of. */
interface Parts {
  readonly dtype: DType;
  readonly maxShape: PartialShape;
  readonly dataShape: readonly number[];
  iterate(): AsyncGenerator<DataChunk, void>;
}

/**
 * Elements along one axis, gathered into chunks: hdmf's class of that name.
 *
 * It differs from hdmf's in these ways. It is made by an async function, since the first block may have to be awaited.
 * Plain numbers become float64, never int64. A list, an array and anything that can be iterated anew can be walked
 * several times; a generator only once, and a second time is an error. With a dtype given and the length unknown,
 * `dataShape` is known, which hdmf leaves open, so that writing fails there. Elements of another shape or type than the
 * first one, or beyond `maxShape`, are errors.
 *
 * @example Usage
 * ```ts
 * import { DataChunkIterator } from "./data_chunk_iterator.ts";
 * import assert from "node:assert/strict";
 *
 * function* values() {
 *   yield* [1, 2, null, 3];
 * }
 * const chunks = await DataChunkIterator.from(values(), { bufferSize: 2 });
 * assert.deepEqual(chunks.maxShape, [null]);
 * assert.deepEqual(chunks.dataShape, [2]);
 * for await (const { data, selection } of chunks) console.log(data.data, selection); // 1, 2 at 0:2, then 3 at 3:4
 * ```
 */
export class DataChunkIterator implements ChunkSource {
  readonly #parts: Parts;
  /** Always `null`: a target chooses its chunks itself. */
  readonly chunkShape: null = null;

  private constructor(parts: Parts) {
    printsAsText(DataChunkIterator.prototype);
    this.#parts = parts;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("DataChunkIterator", undefined, typeAndShape({ dtype: this.dtype, shape: this.maxShape }));
  }

  /**
   * Makes an iterator. The first block is read unless dtype and `maxShape` are known; the length along `iterAxis` need
   * not be.
   *
   * @param data Anything that gives elements one by one, at once or later: numbers, text, lists, typed arrays, arrays.
   * `null` and `undefined` are gaps, whose place stays unwritten. An array, lazy or not, is sliced in blocks instead. With
   * `iterAxis` above 0, a list of lists is made an array first
   * @param options Options
   * @returns The iterator
   * @throws {DTypeError} If the type isn't given and there is no element to tell it
   * @throws {ShapeError} If the shape isn't given and there is no element to tell it, or it doesn't fit
   */
  static async from(data: unknown, options: DataChunkIteratorOptions = {}): Promise<DataChunkIterator> {
    checkOptions(options, DATA_CHUNK_ITERATOR_OPTIONS, "make a DataChunkIterator");
    const { bufferSize = 1, iterAxis = 0 } = options;
    checkCount("bufferSize", bufferSize, 1);
    checkCount("iterAxis", iterAxis, 0);
    const dtype = options.dtype === undefined ? null : asDType(options.dtype);
    const maxShape = options.maxShape ?? null;
    if (maxShape !== null && iterAxis >= maxShape.length) {
      throw new ShapeError(`Cannot iterate over axis ${iterAxis}: maxShape ${shapeText(maxShape)} has no such axis`);
    }
    const settings = { ...options, bufferSize, iterAxis, maxShape };
    const array = await arrayFrom(data, dtype, iterAxis);
    return new DataChunkIterator(
      array === null ? await streamParts(data, dtype, settings) : arrayParts(array, dtype, settings),
    );
  }

  /** Type of the elements. */
  get dtype(): DType {
    return this.#parts.dtype;
  }

  /** How long each axis can become; `null` where that isn't known before the end. */
  get maxShape(): PartialShape {
    return this.#parts.maxShape;
  }

  /**
   * Shape to make a target with: `maxShape` where all of it is known, else that of the first block. Where that wasn't
   * read, the length that isn't known counts as 0.
   */
  get dataShape(): readonly number[] {
    return this.#parts.dataShape;
  }

  /** Starts an iteration. */
  [Symbol.asyncIterator](): AsyncGenerator<DataChunk, void> {
    return this.#parts.iterate();
  }
}

type Settings = WalkOptions & BlockReaderOptions;

function checkCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`Cannot iterate with ${name} ${value}: expected a whole number, ${least} or more`);
}

/** Data that is there as an array, to be sliced in blocks; `null` for what gives elements one by one. */
async function arrayFrom(data: unknown, dtype: DType | null, iterAxis: number): Promise<LazyArray | null> {
  let array: NDArray | null = null;
  if (isNDArray(data)) array = data;
  else if (isNumericData(data)) array = ndarray(data);
  else if (Array.isArray(data) && iterAxis > 0) array = asArray(data, dtype, "iterate over the list");
  else if (isReadable(data)) {
    if (data.shape.length > 0) return data as LazyArray;
    array = await data.read();
  }
  if (array === null) return null;
  return memoryArray(array.shape.length === 0 ? { ...array, shape: [1], stride: [1] } : array);
}

function arrayParts(array: LazyArray, given: DType | null, settings: Settings): Parts {
  const { bufferSize, iterAxis } = settings;
  const { shape } = array;
  if (iterAxis >= shape.length) {
    throw new ShapeError(`Cannot iterate over axis ${iterAxis}: the data ${shapeText(shape)} has no such axis`);
  }
  const maxShape = settings.maxShape ?? shape;
  if (maxShape.length !== shape.length || shape.some((length, axis) => length > (maxShape[axis] ?? Infinity))) {
    throw new ShapeError(`Cannot iterate over data of shape ${shapeText(shape)}: maxShape is ${shapeText(maxShape)}`);
  }
  const dtype = given ?? array.dtype;
  const action = "convert the data";
  const blocks = regularBlocks(shape[iterAxis]!, bufferSize);
  return {
    dtype,
    maxShape,
    dataShape: knownShape(maxShape) ?? shape,
    iterate() {
      const bounds = blockSelections([blocks]);
      const next = async (signal: AbortSignal) => {
        const { value } = bounds.next();
        if (!value) return null;
        const selection = shape.map((_, axis) => axis === iterAxis ? value[0]! : slice(null));
        const data = await array.read(selection, { signal });
        return { data: sameDType(data.dtype, dtype) ? data : arrayAsType(data, dtype, { action }), selection };
      };
      return walk(next, { blocks: blocks.count, bytes: sizeOf(shape) * bytesPerElement(dtype) }, settings);
    },
  };
}

async function streamParts(data: unknown, dtype: DType | null, settings: Settings): Promise<Parts> {
  const { iterAxis } = settings;
  const length = Array.isArray(data) ? data.length : null;
  const form: ElementForm = { dtype, shape: restOf(settings.maxShape, iterAxis) };
  let reader: BlockReader | null = new BlockReader(iteratorOf(data), form, settings);
  let first: DataChunk | null = null;
  if (form.dtype === null || form.shape === null) {
    try {
      settings.signal?.throwIfAborted();
      first = await abortable(reader.next(), settings.signal);
    } catch (error) {
      reader.close();
      throw error;
    }
  }
  if (form.dtype === null) {
    throw new DTypeError(
      "Cannot iterate over the data: its data type could not be determined, since it gave no element; specify dtype",
    );
  }
  if (form.shape === null) {
    throw new ShapeError(
      "Cannot iterate over the data: its shape could not be determined, since it gave no element; specify maxShape",
    );
  }
  const maxShape = settings.maxShape ?? (form.shape as PartialShape).toSpliced(iterAxis, 0, length);
  return {
    dtype: form.dtype,
    maxShape,
    dataShape: knownShape(maxShape) ?? first?.data.shape ?? form.shape.toSpliced(iterAxis, 0, 0),
    iterate() {
      const begun = reader ?? new BlockReader(iteratorAgain(data), form, settings);
      let ahead = first;
      reader = first = null;
      return walkReader(begun, () => {
        const block = ahead;
        ahead = null;
        return block;
      }, settings);
    },
  };
}

type Elements = Iterator<unknown> | AsyncIterator<unknown>;

function iteratorOf(data: unknown): Elements {
  if (data === null || data === undefined) return [].values();
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = data as {
    [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
    [Symbol.iterator]?(): Iterator<unknown>;
  };
  if (typeof data !== "string") {
    if (typeof later === "function") return later.call(data);
    if (typeof now === "function") return now.call(data);
  }
  throw new TypeError(`Cannot iterate over ${className(data)}: expected an iterable, or an array, lazy or not`);
}

/** An iterator from the start; one that is its own iterable can't begin anew. */
function iteratorAgain(data: unknown): Elements {
  const iterator = iteratorOf(data);
  if (iterator !== data) return iterator;
  throw new TypeError("Cannot iterate over the data a second time: it can be iterated over only once");
}

/** The lengths without the one along `iterAxis`, where all of them are known. */
function restOf(maxShape: PartialShape | null, iterAxis: number): readonly number[] | null {
  return maxShape === null ? null : knownShape(maxShape.toSpliced(iterAxis, 1));
}

function knownShape(shape: PartialShape): readonly number[] | null {
  return shape.includes(null) ? null : shape as readonly number[];
}

/** Walks a reader, the block that was read already first, and closes it in the end. */
async function* walkReader(
  reader: BlockReader,
  takeFirst: () => DataChunk | null,
  options: WalkOptions,
): AsyncGenerator<DataChunk, void> {
  try {
    const readAhead = options.readAhead ?? reader.isAsync;
    // The block that was read already comes as a promise too, so that the next one is read ahead of its use.
    yield* walk(async () => takeFirst() ?? await reader.next(), { blocks: null, bytes: null }, {
      ...options,
      readAhead,
    });
  } finally {
    reader.close();
  }
}
