/**
 * From JavaScript values to elements in memory layout, as `microtome.h` describes them: the way back from `decode.ts`.
 *
 * @module
 */
import { castNumbers } from "../../array/codec/cast.ts";
import { isNumber, unitOf } from "../../array/dtype/kinds.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { halfBits } from "../../array/dtype/half.ts";
import { reverseBytes } from "../../array/dtype/swap.ts";
import type { ArrayData, DType, NumericData } from "../../array/types.ts";
import { DTypeError } from "../../source/errors.ts";
import { elementShape, innermostType } from "../read/decode.ts";
import { elementWriter, type EncodeOptions } from "./element_writer.ts";
import { PackedElements } from "./packed_elements.ts";
import { sizeOf } from "../../array/ndarray.ts";
import { dtypeOf, isSwapped, type TypeInfo } from "../type_info.ts";

/**
 * Encodes elements.
 *
 * @param type Their type. Of an array type the values of all elements lie one behind the other.
 * @param data The values, packed.
 * @param from Their type, where they are numbers in a typed array; `null` for plain values, one per element.
 * @param options How numbers are converted.
 * @returns Bytes where nothing points anywhere, else packed elements.
 * @throws {DTypeError} If a value is none of the type, or doesn't fit.
 */
export function encodeElements(
  type: TypeInfo,
  data: ArrayData,
  from: DType | null,
  options: EncodeOptions,
): Uint8Array | PackedElements {
  const inner = innermostType(type);
  const dtype = dtypeOf(inner);
  if (from !== null) checkKinds(from, dtype, options.action);
  if (dtype.kind === "complex") return bytesOf(complexNumbers(data, from, dtype, options));
  if (isNumber(dtype)) {
    const numbers = castNumbers(data, dtype, options);
    if (!isSwapped(inner)) return bytesOf(dtype.kind === "float" && dtype.itemsize === 2 ? narrow(numbers) : numbers);
    const bytes = bytesOf(numbers).slice();
    reverseBytes(bytes, inner.size);
    return bytes;
  }
  const packed = new PackedElements(data.length * inner.size);
  const write = elementWriter(inner, options);
  for (let i = 0; i < data.length; i++) write(packed, i * inner.size, data[i]);
  return packed;
}

/**
 * How many entries of a plain array one element takes: those of an array type's axes.
 *
 * @param type The element's type.
 */
export function cellsPerElement(type: TypeInfo): number {
  return sizeOf(elementShape(type));
}

/** Numbers of a known type go only where numbers go, times only to times of the same unit. */
function checkKinds(from: DType, to: DType, action: string): void {
  const fits = from.kind === "complex"
    ? to.kind === "complex"
    : unitOf(from) !== null
    ? from.kind === to.kind && unitOf(from) === unitOf(to)
    : isNumber(to) || to.kind === "complex";
  if (!fits) {
    throw new DTypeError(`Cannot ${action}: ${describeDType(from)} can't become ${describeDType(to)}`);
  }
}

function complexNumbers(data: ArrayData, from: DType | null, to: DType, options: EncodeOptions): NumericData {
  const part: DType = { kind: "float", itemsize: to.itemsize / 2 as 4 | 8, byteOrder: "<" };
  if (from?.kind === "complex") return castNumbers(data, part, options);
  const pairs = new Array<unknown>(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    const value: unknown = data[i];
    const isPair = Array.isArray(value) && value.length === 2;
    pairs[2 * i] = isPair ? value[0] : value;
    pairs[2 * i + 1] = isPair ? value[1] : 0;
  }
  return castNumbers(pairs, part, options);
}

/** float16 comes as float32 that hold only what it can hold. */
function narrow(numbers: NumericData): Uint16Array {
  return Uint16Array.from(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length), halfBits);
}

function bytesOf(data: NumericData): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
