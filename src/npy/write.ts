/**
 * Arrays as `.npy` files.
 *
 * @module
 */

import { anyArray, type ArrayLikeInput } from "../array/memory.ts";
import { flatStrides } from "../array/flat/flat_array.ts";
import { writeFlat } from "../array/flat/flat_write.ts";
import type { LazyArray, NDArray } from "../array/types.ts";
import { openSink } from "../source/sink/open_sink.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { SinkTarget } from "../source/sink/sink.ts";
import { boxesOf } from "./blocks.ts";
import { describe, encodeBox, inAxes, type NpyEncodeOptions, planNpy, readBox } from "./encode.ts";
import { measureTexts, type TextLengths } from "./stored.ts";

/**
 * An array as the bytes of a `.npy` file, which `numpy.load` reads: the very bytes that `numpy.save` would write.
 *
 * Numbers of every width, complex numbers, truth values, times, opaque bytes and records keep their type; an enum is
 * written as its integers; ASCII text of fixed length as NumPy's `S`, other text as `U` of the longest one's length
 * (NumPy cuts NULs off the end of such text). Arrays of objects, which have the dtype `object`, are pickled, where their
 * elements are plain: `null`, truth values, numbers, text, bytes, lists, `Map`s, arrays (see `encodePickle`); pickled,
 * they aren't NumPy's very bytes, but the same objects.
 *
 * @param array The array: in memory, typed, or plain (see {@linkcode ndarray}: numbers are float64)
 * @param options Order and byte order of the file
 * @returns The whole file
 * @throws {UnsupportedError} If NumPy has no plain dtype for the elements: sequences, references, or objects that aren't plain
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../array/ndarray.ts";
 * import { encodeNpy } from "./write.ts";
 * import assert from "node:assert/strict";
 *
 * const file = encodeNpy(ndarray(Int16Array.of(1, 2, 3)));
 * assert.equal(file.length, 128 + 6);
 * ```
 */
export function encodeNpy(
  array: Exclude<ArrayLikeInput, LazyArray>,
  options: Pick<NpyEncodeOptions, "order" | "byteOrder"> = {},
): Uint8Array<ArrayBuffer> {
  checkOptions(options, ENCODE_OPTIONS, "encode NPY");
  const { header, data } = npyParts(array, options);
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  return file;
}

/**
 * The two parts of a `.npy` file, for those who can send one after the other: numbers that lie in memory as they are to
 * be stored aren't copied.
 *
 * @param array As {@linkcode encodeNpy} takes it
 * @param options Order and byte order of the file
 * @returns What stands before the data, and the data: perhaps a view of the array's own memory
 */
export function npyParts(
  array: Exclude<ArrayLikeInput, LazyArray>,
  options: Pick<NpyEncodeOptions, "order" | "byteOrder"> = {},
): { readonly header: Uint8Array<ArrayBuffer>; readonly data: Uint8Array } {
  checkOptions(options, { order: true, byteOrder: true }, "encode NPY");
  const whole = inAxes(anyArray(array, "encode NPY") as NDArray);
  const lengths: TextLengths = new Map();
  measureTexts(whole, lengths);
  const { header, stored, order } = describe(whole.shape, whole.dtype, options, lengths);
  return { header, data: encodeBox(whole, stored, order) };
}

/** Options of {@linkcode writeNpy}. */
export interface WriteNpyOptions extends NpyEncodeOptions {
  /**
   * Whether a file that is there already is replaced.
   *
   * @default {true}
   */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes an array to a `.npy` file. A lazy array is read in boxes of whole chunks, so that no chunk is read twice and
 * memory is bounded by `blockBytes` (and by a chunk); a file is put in place only once it is complete.
 *
 * @param target A path, a `file:` URL, or a sink, which is committed
 * @param array The array: in memory, lazy, typed, or plain (see {@linkcode ndarray}: numbers are float64)
 * @param options Order, byte order, memory, abort signal
 * @throws {UnsupportedError} If NumPy has no plain dtype for the elements: sequences, references, or objects that aren't plain
 * @throws {TypeError} If a plain array mixes kinds of values
 * @throws {WriteError} If it can't be written; the target is then as it was
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../array/ndarray.ts";
 * import { memorySink } from "../source/sink/memory_sink.ts";
 * import { writeNpy } from "./write.ts";
 * import assert from "node:assert/strict";
 *
 * const sink = memorySink();
 * await writeNpy(sink, ndarray(Float32Array.of(1, 2, 3, 4), [2, 2]), { order: "F" });
 * assert.deepEqual([...new Float32Array(sink.bytes().slice(128).buffer)], [1, 3, 2, 4]);
 * ```
 */
export async function writeNpy(
  target: SinkTarget,
  array: ArrayLikeInput,
  options: WriteNpyOptions = {},
): Promise<void> {
  checkOptions(options, WRITE_OPTIONS, "write NPY");
  const sink = await openSink(target, { overwrite: options.overwrite });
  try {
    const { array: lazy, stored, shape, order, header, blockBytes, signal } = await planNpy(array, options);
    const { itemsize } = stored;
    const layout = { shape, strides: flatStrides(shape, itemsize, order), itemsize };
    sink.writeSync(0, header);
    if (stored.kind === "object") {
      sink.writeSync(header.length, encodeBox(await lazy.read(null, { signal }), stored, "C"));
      return await sink.commit();
    }
    for (const axes of boxesOf(shape, { chunkShape: lazy.chunkShape, itemsize, limit: blockBytes, order })) {
      const bytes = encodeBox(await readBox(lazy, axes, signal), stored, "C");
      writeFlat(sink, { offset: header.length, layout }, axes, bytes);
    }
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

const ENCODE_OPTIONS: OptionNames<Pick<NpyEncodeOptions, "order" | "byteOrder">> = {
  order: true,
  byteOrder: true,
};
const WRITE_OPTIONS: OptionNames<WriteNpyOptions> = {
  ...ENCODE_OPTIONS,
  blockBytes: true,
  signal: true,
  overwrite: true,
};
