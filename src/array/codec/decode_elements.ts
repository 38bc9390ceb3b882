/**
 * From elements as they lie in a file to JavaScript values.
 *
 * @module
 */

import { UnsupportedError } from "../../source/errors.ts";
import { describeDType, typedArrayOf, unitsPerElement } from "../dtype/dtype.ts";
import { widenHalf } from "../dtype/half.ts";
import { contiguousStride, sizeOf } from "../ndarray.ts";
import { numbersOf } from "../dtype/kinds.ts";
import { reverseBytes } from "../dtype/swap.ts";
import { decodeTexts } from "../text/text.ts";
import type { ArrayData, ArrayDType, CompoundDType, DType, NDArray, NumericData } from "../types.ts";

/**
 * Decodes elements of a fixed size.
 *
 * @param dtype Their type, as stored
 * @param bytes The elements, packed; given away: numbers become a view of it, in place
 * @param count How many
 * @returns A typed array for numbers, a plain array for the rest
 * @throws {UnsupportedError} If elements of that type don't lie in a file by themselves
 */
export function decodeElements(dtype: DType, bytes: Uint8Array<ArrayBuffer>, count: number): ArrayData {
  switch (dtype.kind) {
    case "string":
      if (dtype.length === null) break;
      return decodeTexts(dtype, bytes, count);
    case "opaque":
      return Array.from({ length: count }, (_, i) => bytes.slice(i * dtype.itemsize, (i + 1) * dtype.itemsize));
    case "compound":
      return decodeRecords(dtype, bytes, count);
    case "array":
      return decodeElements(dtype.base, bytes, count * sizeOf(dtype.shape));
    case "float":
      if (dtype.itemsize !== 2) return decodeNumbers(dtype, bytes, count);
      return widenHalves(decodeNumbers({ kind: "uint", itemsize: 2, byteOrder: dtype.byteOrder }, bytes, count));
    case "bool":
      // Any byte but 0 is true.
      for (let i = 0; i < count; i++) if (bytes[i]! > 1) bytes[i] = 1;
      return decodeNumbers(dtype, bytes, count);
    default:
      if (numbersOf(dtype) !== null) return decodeNumbers(dtype, bytes, count);
  }
  throw new UnsupportedError(`Cannot decode elements of the type ${describeDType(dtype)}: they refer to elsewhere`);
}

/**
 * A dtype as its values have it in memory: in native byte order.
 *
 * @param dtype The dtype as stored
 */
export function nativeOrder(dtype: DType): DType {
  if (dtype.kind === "compound") {
    return { ...dtype, fields: dtype.fields.map((field) => ({ ...field, dtype: nativeOrder(field.dtype) })) };
  }
  if (dtype.kind === "array" || dtype.kind === "vlen") return { ...dtype, base: nativeOrder(dtype.base) };
  if (dtype.byteOrder !== ">") return dtype;
  const native = { ...dtype, byteOrder: dtype.kind === "string" ? "|" : "<" } as DType;
  return native.kind === "enum" ? { ...native, base: { ...native.base, byteOrder: "<" } } : native;
}

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => NumericData;

function decodeNumbers(dtype: DType, bytes: Uint8Array<ArrayBuffer>, count: number): NumericData {
  const TypedArray = typedArrayOf(dtype)!;
  const width = TypedArray.BYTES_PER_ELEMENT;
  const own = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  if (dtype.byteOrder === ">") reverseBytes(own, width);
  const Class = TypedArray as unknown as Constructor;
  return new Class(own.buffer, own.byteOffset, count * unitsPerElement(dtype));
}

function widenHalves(halves: NumericData): Float32Array {
  const wide = new Uint32Array(halves.length);
  for (let i = 0; i < wide.length; i++) wide[i] = widenHalf(halves[i] as number);
  return new Float32Array(wide.buffer);
}

// Column by column: the bytes of each field are gathered and decoded as an array of their own.
function decodeRecords(dtype: CompoundDType, bytes: Uint8Array, count: number): Record<string, unknown>[] {
  const out: Record<string, unknown>[] = Array.from({ length: count }, () => ({}));
  for (const { name, offset, dtype: field } of dtype.fields) {
    const column = new Uint8Array(count * field.itemsize);
    for (let i = 0; i < count; i++) {
      const start = i * dtype.itemsize + offset;
      column.set(bytes.subarray(start, start + field.itemsize), i * field.itemsize);
    }
    const valueAt = fieldReader(field, decodeElements(field, column, count));
    for (let i = 0; i < count; i++) setField(out[i]!, name, valueAt(i));
  }
  return out;
}

/** A plain property whatever the name, `__proto__` included. */
function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(record, name, { value, enumerable: true, configurable: true });
  else record[name] = value;
}

function fieldReader(field: DType, values: ArrayData): (i: number) => unknown {
  if (field.kind === "array") return nestedReader(field, values);
  if (field.kind === "bool") return (i) => values[i] !== 0;
  if (field.kind === "complex") return (i) => [values[2 * i], values[2 * i + 1]];
  return (i) => values[i];
}

function nestedReader(field: ArrayDType, values: ArrayData): (i: number) => NDArray {
  const { shape, base } = flattenArrayType(field);
  const per = unitsPerElement(field);
  const dtype = nativeOrder(base);
  return (i) => ({ data: values.slice(i * per, (i + 1) * per), shape, stride: contiguousStride(shape), dtype });
}

/**
 * The axes that an element adds to the array that holds it, and the type of what then remains.
 *
 * @param dtype Type of the elements
 */
export function flattenArrayType(dtype: DType): { shape: number[]; base: DType } {
  if (dtype.kind !== "array") return { shape: [], base: dtype };
  const inner = flattenArrayType(dtype.base);
  return { shape: [...dtype.shape, ...inner.shape], base: inner.base };
}
