/**
 * Arrays as `.npy` files.
 *
 * @module
 */

import { describeDType, numpyName } from "../array/dtype.ts";
import { halfBits } from "../array/half.ts";
import { elements, flatten } from "../array/ndarray.ts";
import type { DType, NDArray, NumericData } from "../array/types.ts";
import { UnsupportedError } from "../source/errors.ts";
import { encodeNpyHeader } from "./header.ts";

/**
 * An array as the bytes of a `.npy` file, little-endian and in C order, which `numpy.load` reads without pickle.
 *
 * Numbers of every width, complex numbers, truth values and times keep their type; an enum is written as its
 * integers; text as NumPy's `U` of the longest one's length (NumPy cuts NULs off the end of such text).
 *
 * @param array The array
 * @returns The whole file
 * @throws {UnsupportedError} If NumPy has no plain dtype for the elements: records, sequences, references, opaque bytes
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
export function encodeNpy(array: NDArray): Uint8Array<ArrayBuffer> {
  const { descr, bytes } = array.dtype.kind === "string" ? textData(array) : numericData(array);
  const shape = [...array.shape, ...elementAxes(array.dtype)];
  const header = encodeNpyHeader({ descr, fortranOrder: false, shape });
  const file = new Uint8Array(header.length + bytes.length);
  file.set(header);
  file.set(bytes, header.length);
  return file;
}

interface Encoded {
  readonly descr: string;
  readonly bytes: Uint8Array;
}

function numericData(array: NDArray): Encoded {
  const name = numpyName(array.dtype);
  const { data } = flatten(array);
  if (name === "object" || name === "str" || Array.isArray(data)) {
    throw new UnsupportedError(
      `Cannot write ${describeDType(array.dtype)} as .npy: NumPy could hold it only as pickled objects`,
    );
  }
  // Values in memory are little-endian, whatever they were in the file that they came from.
  const descr = name === "bool" ? "|b1" : name.replace(">", "<");
  return { descr, bytes: descr === "<f2" ? halves(data) : bytesOf(data) };
}

function textData(array: NDArray): Encoded {
  const texts = [...elements(array)].map((text) => [...String(text)]);
  const length = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
  const points = new Uint32Array(texts.length * length);
  texts.forEach((text, i) => text.forEach((character, j) => points[i * length + j] = character.codePointAt(0)!));
  return { descr: `<U${length}`, bytes: bytesOf(points) };
}

function halves(data: NumericData): Uint8Array {
  const wide = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return bytesOf(Uint16Array.from(wide, halfBits));
}

function bytesOf(data: NumericData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function elementAxes(dtype: DType): readonly number[] {
  return dtype.kind === "array" ? [...dtype.shape, ...elementAxes(dtype.base)] : [];
}
