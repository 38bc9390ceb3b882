/**
 * From arrays, in memory or lazy, to the pieces of a `.npy` file.
 *
 * @module
 */

import { flattenArrayType } from "../array/codec/decode_elements.ts";
import { encodeElements } from "../array/codec/encode_elements.ts";
import { anyArray, type ArrayLikeInput, memoryArray } from "../array/memory.ts";
import { flatten, isNDArray, sizeOf } from "../array/ndarray.ts";
import { slice } from "../array/select/slice.ts";
import type { DType, LazyArray, NDArray, ResolvedAxis } from "../array/types.ts";
import { boxesOf } from "./blocks.ts";
import { encodeNpyHeader } from "./header.ts";
import { encodePickle } from "./pickle/write_pickle.ts";
import { measureTexts, needsLengths, storedType, type TextLengths } from "./stored.ts";

/** Options of writing `.npy` data. */
export interface NpyEncodeOptions {
  /**
   * Which axis runs fastest in the file: the last one (`C`), or the first one (`F`). As in NumPy, it makes no difference
   * where at most one axis is longer than 1: such a file says that it is in C order.
   *
   * @default {"C"}
   */
  readonly order?: "C" | "F" | undefined;
  /**
   * Byte order of numbers and text in the file.
   *
   * @default {"<"}
   */
  readonly byteOrder?: "<" | ">" | undefined;
  /**
   * About how much of a lazy array is in memory at a time, in bytes.
   *
   * @default {16777216}
   */
  readonly blockBytes?: number | undefined;
  /** Aborts reading a lazy array. */
  readonly signal?: AbortSignal | undefined;
}

/** How an array becomes a file. */
export interface NpyPlan {
  /** The array. */
  readonly array: LazyArray;
  /** Type of the elements in the file, of which `shape` are there. */
  readonly stored: DType;
  /** Shape in the file. */
  readonly shape: readonly number[];
  /** Order in the file. */
  readonly order: "C" | "F";
  /** The header. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** About how much is in memory at a time. */
  readonly blockBytes: number;
  /** Aborts. */
  readonly signal: AbortSignal | undefined;
}

const BLOCK = 16 * 1024 * 1024;

/**
 * Plans a file. Lazy arrays with texts of varying length are read once for the longest.
 *
 * @param input The array
 * @param options Order, byte order, memory
 * @returns The plan
 * @throws {UnsupportedError} If NumPy could hold the elements only as pickled objects
 */
export async function planNpy(input: ArrayLikeInput, options: NpyEncodeOptions = {}): Promise<NpyPlan> {
  const array = anyArray(input, "write NPY");
  const lazy = isNDArray(array) ? memoryArray(inAxes(array)) : array as LazyArray;
  const lengths: TextLengths = new Map();
  const { signal, blockBytes = BLOCK } = options;
  if (needsLengths(lazy.dtype)) {
    const { shape, chunkShape } = lazy;
    for (const axes of boxesOf(shape, { chunkShape, itemsize: TEXT_GUESS, limit: blockBytes, order: "C" })) {
      measureTexts(await readBox(lazy, axes, signal), lengths);
    }
  }
  return { ...describe(lazy.shape, lazy.dtype, options, lengths), array: lazy, blockBytes, signal };
}

/** Bytes that a text of unknown length is taken for, when memory is bounded. */
const TEXT_GUESS = 256;

/**
 * The parts of a plan that need no reading.
 *
 * @param shape Shape of the array
 * @param dtype Type of its elements, not an array type
 * @param options Order and byte order
 * @param lengths Of texts, see {@linkcode measureTexts}
 */
export function describe(
  shape: readonly number[],
  dtype: DType,
  options: NpyEncodeOptions,
  lengths: TextLengths,
): Pick<NpyPlan, "stored" | "shape" | "order" | "header"> {
  const stored = storedType(dtype, options.byteOrder ?? "<", lengths);
  const matters = sizeOf(shape) > 0 && shape.filter((length) => length > 1).length > 1;
  const { order: wanted = "C" } = options;
  if (wanted !== "C" && wanted !== "F") {
    throw new TypeError(`Cannot write NPY: order is ${JSON.stringify(wanted)}, expected "C" or "F"`);
  }
  const order = matters && stored.kind !== "object" ? wanted : "C";
  return { stored, shape, order, header: encodeNpyHeader({ dtype: stored, order, shape }) };
}

/** An array without array types: their axes appended to its own. */
export function inAxes(array: NDArray): NDArray {
  const { shape, base } = flattenArrayType(array.dtype);
  if (shape.length === 0) return array;
  const flat = flatten(array);
  return memoryShape({ ...flat, shape: [...flat.shape, ...shape], dtype: base });
}

function memoryShape(array: NDArray): NDArray {
  const stride = new Array<number>(array.shape.length);
  let step = 1;
  for (let axis = stride.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= array.shape[axis]!;
  }
  return { ...array, stride };
}

/** Reads one box of a lazy array. */
export function readBox(
  array: LazyArray,
  axes: readonly ResolvedAxis[],
  signal: AbortSignal | undefined,
): Promise<NDArray> {
  const selection = axes.map((axis) =>
    axis.kind === "range" ? slice(axis.start, axis.start + axis.count) : axis.indices
  );
  return array.read(selection, { signal });
}

/**
 * The elements of an array as they are stored; objects as a pickle, which is read and written whole.
 *
 * @param array The elements
 * @param stored Type in the file
 * @param order Order in the file
 */
export function encodeBox(array: NDArray, stored: DType, order: "C" | "F"): Uint8Array {
  if (stored.kind === "object") return encodePickle(array);
  const turned = order === "C"
    ? array
    : { ...array, shape: [...array.shape].reverse(), stride: [...array.stride].reverse() };
  return encodeElements(stored, flatten(turned).data);
}

/**
 * The file, piece by piece from its start on: what streams into an archive.
 *
 * @param plan The plan
 */
export async function* npyPieces(plan: NpyPlan): AsyncGenerator<Uint8Array, void> {
  const { array, stored, order, shape, blockBytes, signal } = plan;
  yield plan.header;
  // A pickle is one piece.
  if (stored.kind === "object") return void (yield encodeBox(await array.read(null, { signal }), stored, order));
  const options = { chunkShape: null, itemsize: stored.itemsize, limit: blockBytes, order };
  for (const axes of boxesOf(shape, options)) yield encodeBox(await readBox(array, axes, signal), stored, order);
}
