/**
 * From JavaScript values to elements as they lie in a file: the way back from `decodeElements`.
 *
 * @module
 */

import { DTypeError } from "../../source/errors.ts";
import { castNumbers } from "./cast.ts";
import { flattenArrayType } from "./decode_elements.ts";
import { describeDType, typedArrayOf, unitsPerElement } from "../dtype/dtype.ts";
import { halfBits } from "../dtype/half.ts";
import { elements, flatten } from "../ndarray.ts";
import { reverseBytes } from "../dtype/swap.ts";
import { encodeTexts } from "../text/text.ts";
import type { ArrayData, CompoundDType, DType, NDArray, NumericData } from "../types.ts";

/**
 * Encodes elements of a fixed size.
 *
 * @param dtype Their type, as it is to be stored
 * @param data The elements in C order, as a read gives them: a typed array for numbers, a plain array for the rest
 * @returns The bytes: where they lie in memory as they are to be stored, a view of `data`
 * @throws {DTypeError} If the data isn't of that type, or a text is longer than its field
 */
export function encodeElements(dtype: DType, data: ArrayData): Uint8Array {
  switch (dtype.kind) {
    case "string":
      if (dtype.length === null || !Array.isArray(data)) break;
      return encodeTexts(dtype, data);
    case "opaque":
      if (!Array.isArray(data)) break;
      return encodeOpaque(dtype.itemsize, data);
    case "compound":
      if (!Array.isArray(data)) break;
      return encodeRecords(dtype, data);
    case "array":
      return encodeElements(dtype.base, data);
    case "float":
      if (dtype.itemsize === 2 && data instanceof Float32Array) {
        const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
        return inOrder(Uint16Array.from(bits, halfBits), dtype);
      }
      return encodeNumbers(dtype, data);
    default:
      return encodeNumbers(dtype, data);
  }
  throw wrongData(dtype, data);
}

function encodeNumbers(dtype: DType, data: ArrayData): Uint8Array {
  const TypedArray = dtype.kind === "float" && dtype.itemsize === 2 ? null : typedArrayOf(dtype);
  if (Array.isArray(data) || TypedArray === null || !isSame(data, TypedArray.BYTES_PER_ELEMENT, dtype)) {
    throw wrongData(dtype, data);
  }
  return inOrder(data, dtype);
}

/** Whether a typed array is of the class that a dtype's values come in. */
function isSame(data: NumericData, width: number, dtype: DType): boolean {
  return data.BYTES_PER_ELEMENT === width &&
    data instanceof (typedArrayOf(dtype) as unknown as { new (): NumericData });
}

function inOrder(data: NumericData, { byteOrder }: DType): Uint8Array {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  if (byteOrder !== ">") return bytes;
  const copy = bytes.slice();
  reverseBytes(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

function encodeOpaque(itemsize: number, data: readonly unknown[]): Uint8Array {
  const out = new Uint8Array(data.length * itemsize);
  data.forEach((value, i) => {
    if (!(value instanceof Uint8Array) || value.length > itemsize) {
      throw new DTypeError(`Cannot encode element ${i}: expected a Uint8Array of at most ${itemsize} bytes`);
    }
    out.set(value, i * itemsize);
  });
  return out;
}

// Column by column; bytes that no field claims are zero.
function encodeRecords(dtype: CompoundDType, records: readonly unknown[]): Uint8Array {
  const out = new Uint8Array(records.length * dtype.itemsize);
  for (const { name, offset, dtype: field } of dtype.fields) {
    const column = encodeElements(field, columnOf(records, name, field));
    for (let i = 0; i < records.length; i++) {
      out.set(column.subarray(i * field.itemsize, (i + 1) * field.itemsize), i * dtype.itemsize + offset);
    }
  }
  return out;
}

function columnOf(records: readonly unknown[], name: string, field: DType): ArrayData {
  const { base } = flattenArrayType(field);
  const units = unitsPerElement(field);
  const cells = new Array<unknown>(records.length * units);
  records.forEach((record, i) => {
    if (typeof record !== "object" || record === null || !Object.hasOwn(record, name)) {
      throw new DTypeError(`Cannot encode element ${i}: expected a record with the field ${JSON.stringify(name)}`);
    }
    const value = (record as Record<string, unknown>)[name];
    const values = field.kind === "array" ? nestedValues(value as NDArray) : base.kind === "complex" ? value : [value];
    if (!isListOf(values, units)) {
      throw new DTypeError(
        `Cannot encode field ${JSON.stringify(name)} of element ${i}: expected ${describeDType(field)}`,
      );
    }
    for (let k = 0; k < units; k++) cells[i * units + k] = values[k];
  });
  if (typedArrayOf(field) === null) return cells;
  // A complex number's two parts are floats.
  const part: DType = base.kind === "complex"
    ? { kind: "float", itemsize: base.itemsize === 16 ? 8 : 4, byteOrder: "<" }
    : base;
  return castNumbers(cells, part, { action: `encode field ${JSON.stringify(name)}` });
}

function nestedValues(value: NDArray | undefined): ArrayLike<unknown> | undefined {
  if (value === undefined || value === null || !("data" in value)) return undefined;
  if (value.dtype.kind === "string" || value.dtype.kind === "compound") return [...elements(value)];
  return flatten(value).data;
}

function isListOf(values: unknown, length: number): values is ArrayLike<unknown> {
  return typeof values === "object" && values !== null && (values as { length?: unknown }).length === length;
}

function wrongData(dtype: DType, data: ArrayData): DTypeError {
  return new DTypeError(
    `Cannot encode a ${Array.isArray(data) ? "list of values" : data.constructor.name} as ${describeDType(dtype)}`,
  );
}
