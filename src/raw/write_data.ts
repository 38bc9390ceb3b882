/**
 * From what a caller gives to write to the bytes of a file.
 *
 * @module
 */

import { broadcastTo } from "../array/codec/broadcast.ts";
import { castNumbers } from "../array/codec/cast.ts";
import { isNumber } from "../array/dtype/kinds.ts";
import { describeDType } from "../array/dtype/dtype.ts";
import { encodeElements } from "../array/codec/encode_elements.ts";
import type { FlatArray } from "../array/flat/flat_array.ts";
import { contiguousStride, flatten, isNDArray, nativeDType } from "../array/ndarray.ts";
import { flattenLists } from "../array/codec/plain.ts";
import { resultShape } from "../array/select/selection.ts";
import type { ArrayData, DType, NDArray, ResolvedAxis } from "../array/types.ts";
import { DTypeError } from "../source/errors.ts";
import type { RawFile } from "./raw_file.ts";
import { writeSelection } from "./write_blocks.ts";

/**
 * What can be written: an array, a typed array or a list of values in C order, lists in lists of numbers for more axes, or
 * one value for all. A complex number
 * takes two entries (but one in an `NDArray` of real numbers), a record is an object.
 */
export type RawWriteData = NDArray | ArrayData | number | bigint | boolean | string | Readonly<Record<string, unknown>>;

/**
 * Writes a checked selection.
 *
 * @param file Where to
 * @param flat How the array lies there
 * @param axes The selection
 * @param data The values
 */
export function writeElements(file: RawFile, flat: FlatArray, axes: readonly ResolvedAxis[], data: RawWriteData): void {
  const action = `write ${file.name}`;
  const { dtype } = flat;
  const given = flatten(asArray(data, dtype));
  const held: NDArray = { ...given, data: heldAs(given, dtype, action), dtype };
  const elements = flatten(broadcastTo(held, resultShape(axes), action));
  const bytes = encodeElements(dtype, elements.data);
  file.write((sink) => writeSelection(sink, flat, axes, bytes));
}

function asArray(data: RawWriteData, dtype: DType): NDArray {
  if (isNDArray(data)) return data;
  if (Array.isArray(data) && data.some(Array.isArray) && isNumber(dtype)) {
    const { leaves, shape } = flattenLists(data, "write");
    return { data: leaves, shape, stride: contiguousStride(shape), dtype };
  }
  const isList = Array.isArray(data) || (ArrayBuffer.isView(data) && dtype.kind !== "opaque");
  const list = isList ? data as ArrayData : [data];
  // One complex number is a pair, and so are the entries of many.
  const units = dtype.kind === "complex" && (!Array.isArray(list) || typeof list[0] === "number") && isList ? 2 : 1;
  const type: DType = units === 2 ? dtype : Array.isArray(list) ? dtype : nativeDType(list);
  const length = list.length / units;
  const isOne = !isList || (units === 2 && length === 1);
  return { data: list, shape: isOne ? [] : [length], stride: isOne ? [] : [1], dtype: type };
}

/** The values as the dtype has them in memory. */
function heldAs({ data, dtype: from }: NDArray, to: DType, action: string): ArrayData {
  const refuse = (): never => {
    throw new DTypeError(`Cannot ${action}: ${describeDType(from)} can't become ${describeDType(to)}`);
  };
  if (to.kind === "complex") {
    const part: DType = { kind: "float", itemsize: to.itemsize === 16 ? 8 : 4, byteOrder: "<" };
    if (from.kind === "complex") return castNumbers(data, part, { action });
    if (!isNumber(from)) return refuse();
    const real = castNumbers(data, part, { action });
    const pairs = to.itemsize === 16 ? new Float64Array(2 * real.length) : new Float32Array(2 * real.length);
    for (let i = 0; i < real.length; i++) pairs[2 * i] = Number(real[i]);
    return pairs;
  }
  if (isNumber(to)) {
    return isNumber(from) ? castNumbers(data, to, { action }) : refuse();
  }
  if (!Array.isArray(data) || from.kind !== to.kind) return refuse();
  const stray = to.kind === "string" ? data.find((value) => typeof value !== "string") : undefined;
  if (stray !== undefined) throw new DTypeError(`Cannot ${action}: ${String(stray)} is no text`);
  return data;
}
