/**
 * Arrays one after another, as one.
 *
 * @module
 */

import { castNumbers } from "../../array/codec/cast.ts";
import { allocate, describeDType, dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { flatten, ndarray, shapeText, sizeOf } from "../../array/ndarray.ts";
import type { DType, LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import type { ArrayDict } from "./array_dict.ts";

/**
 * Reads the arrays of several objects, all at once, and puts those of a name one after another.
 *
 * @param objects The objects, with the same arrays
 * @param signal Aborts
 */
export async function joinAll(
  objects: readonly ArrayDict<LazyArray>[],
  signal: AbortSignal | undefined,
): Promise<Record<string, NDArray>> {
  const joined = objects[0]!.keys().map(async (key) => {
    const arrays = await Promise.all(objects.map((object) => object.array(key, { signal })));
    return [key, joinArrays(arrays, key)] as const;
  });
  return Object.fromEntries(await Promise.all(joined));
}

/**
 * Puts arrays one after another along their first axis. Where types differ, the result has the one that NumPy promotes
 * them to, provided that it holds every number: int8 and uint8 make int16, int32 and float32 make float64.
 *
 * @param arrays The arrays, at least one
 * @param name What they are called, for messages
 * @returns A new array
 * @throws {ShapeError} If other axes differ
 * @throws {DTypeError} If no type holds both, or a 64-bit integer isn't exact as the float that they are promoted to
 */
export function joinArrays(arrays: readonly NDArray[], name: string): NDArray {
  const [first] = arrays as [NDArray, ...NDArray[]];
  const row = first.shape.slice(1);
  for (const { shape } of arrays) {
    if (shape.length === first.shape.length && row.every((length, axis) => shape[axis + 1] === length)) continue;
    throw new ShapeError(
      `Cannot join ${name}: arrays of shapes ${shapeText(first.shape)} and ${
        shapeText(shape)
      } differ beyond the first axis`,
    );
  }
  const dtype = arrays.map((array) => array.dtype).reduce((a, b) => commonDType(a, b, name));
  const count = arrays.reduce((sum, array) => sum + array.shape[0]!, 0);
  const shape = [count, ...row];
  const data = allocate(dtype, sizeOf(shape));
  let at = 0;
  for (const array of arrays) {
    const from = flatten(array).data;
    if (Array.isArray(data)) from.forEach((value: unknown, i: number) => data[at + i] = value);
    else (data as Float64Array).set(converted(from as NumericData, dtype, name) as Float64Array, at);
    at += from.length;
  }
  return ndarray(data, shape, dtype);
}

/** Numbers as a type has them. */
function converted(data: NumericData, dtype: DType, name: string): NumericData {
  const isWide = data instanceof BigInt64Array || data instanceof BigUint64Array;
  // Numbers of this type are held as they are, by whatever class.
  if (dtype.kind === "complex" || data.constructor === allocate(dtype, 0).constructor) return data;
  const out = castNumbers(data, dtype, { action: `join ${name}` });
  if (!isWide || dtype.kind !== "float") return out;
  for (let i = 0; i < data.length; i++) {
    if (BigInt(out[i]!) === data[i]) continue;
    throw new DTypeError(`Cannot join ${name}: as ${describeDType(dtype)}, the integer ${data[i]} would be ${out[i]}`);
  }
  return out;
}

function commonDType(a: DType, b: DType, name: string): DType {
  if (describeDType(a) === describeDType(b)) return a;
  const both = promoted(a, b) ?? promoted(b, a);
  if (both !== null) return both;
  throw new DTypeError(`Cannot join ${name}: ${describeDType(a)} and ${describeDType(b)} have no type in common`);
}

/** The type that holds both; looked at in one order only. */
function promoted(a: DType, b: DType): DType | null {
  if (a.kind === "string" && b.kind === "string") {
    const isAlike = a.charset === b.charset && a.padding === b.padding && a.length !== null && b.length !== null;
    return isAlike ? (a.itemsize > b.itemsize ? a : b) : dtypeFromNumpy("str");
  }
  if (a.kind === b.kind && (a.kind === "int" || a.kind === "uint" || a.kind === "float" || a.kind === "complex")) {
    return numberOf(a.kind, Math.max(a.itemsize, b.itemsize));
  }
  if (a.kind === "bool") return b.kind === "int" || b.kind === "uint" || b.kind === "float" ? b : null;
  if (a.kind === "int" && b.kind === "uint") {
    const itemsize = Math.max(a.itemsize, 2 * b.itemsize);
    return itemsize > 8 ? numberOf("float", 8) : numberOf("int", itemsize);
  }
  if ((a.kind === "int" || a.kind === "uint") && b.kind === "float") {
    return numberOf("float", Math.max(Math.min(8, 2 * a.itemsize), b.itemsize));
  }
  return null;
}

function numberOf(kind: "int" | "uint" | "float" | "complex", itemsize: number): DType {
  return dtypeFromNumpy(`<${kind[0]}${itemsize}`);
}
