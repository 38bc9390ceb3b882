/**
 * What `show` writes: one JSON object, CSV or `.npy`, in pieces, so that the whole is never one string.
 *
 * @module
 */

import { extname } from "@std/path";
import { numpyName, unitsPerElement } from "../../array/dtype/dtype.ts";
import { elements, flatten } from "../../array/ndarray.ts";
import { jsonElement, toCsv } from "../../array/text/serialise.ts";
import type { DType, NDArray } from "../../array/types.ts";
import { encodeNpy } from "../../npy/write.ts";
import { UsageError } from "../io.ts";

/** Values that were read, and where from. */
export interface Shown {
  /** Path of the dataset. */
  readonly path: string;
  /** Type of the elements as stored. */
  readonly dtype: DType;
  /** The values. */
  readonly array: NDArray;
}

/** Makes the pieces of a file. */
export type Encoder = (shown: Shown) => Iterable<string | Uint8Array>;

const PIECE = 8192;

/** The encoders by a file's ending. */
export const ENCODERS: Readonly<Record<string, Encoder>> = {
  ".npy": ({ array }) => [encodeNpy(array)],
  ".csv": ({ array }) => csvPieces(array),
  ".json": jsonPieces,
};

/**
 * The encoder for a file.
 *
 * @param path Its path
 * @throws {UsageError} If its ending says nothing
 */
export function encoderFor(path: string): Encoder {
  const encoder = ENCODERS[extname(path).toLowerCase()];
  if (encoder !== undefined) return encoder;
  throw new UsageError(`Cannot write ${JSON.stringify(path)}: expected a name that ends in .npy, .csv or .json`);
}

/**
 * The object that `show --json` prints: `path`, `shape`, `dtype` and `data`, flat in C order.
 *
 * @param shown The values
 */
export function* jsonPieces({ path, dtype, array }: Shown): Generator<string> {
  const head = JSON.stringify({ path, shape: array.shape, dtype: numpyName(dtype) });
  let piece = `${head.slice(0, -1)},"data":[`;
  let count = 0;
  for (const value of elements(array)) {
    piece += (count === 0 ? "" : ",") + JSON.stringify(jsonElement(value, array.dtype));
    if (++count % PIECE === 0) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}]}\n`;
}

/**
 * An array as CSV, some rows at a time.
 *
 * @param array An array of at most two axes
 */
export function* csvPieces(array: NDArray): Generator<string> {
  const rows = array.shape[0] ?? 1;
  if (array.shape.length === 0 || array.shape.length > 2 || rows <= PIECE) return yield toCsv(array);
  const { data, shape, stride, dtype } = flatten(array);
  const rowLength = stride[0]! * unitsPerElement(dtype);
  for (let row = 0; row < rows; row += PIECE) {
    const end = Math.min(rows, row + PIECE);
    const part = Array.isArray(data)
      ? data.slice(row * rowLength, end * rowLength)
      : data.subarray(row * rowLength, end * rowLength);
    const piece = { data: part, shape: [end - row, ...shape.slice(1)], stride, dtype };
    yield row === 0 ? toCsv(piece) : toCsv(piece, { header: false });
  }
}
