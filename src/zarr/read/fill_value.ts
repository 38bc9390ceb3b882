/**
 * Fill values: what JSON has for them, as bytes.
 *
 * @module
 */

import { halfBits, toHalf } from "../../array/dtype/half.ts";
import { numbersOf, unitOf } from "../../array/dtype/kinds.ts";
import { encodeTexts } from "../../array/text/text.ts";
import type { DType } from "../../array/types.ts";
import { CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import { isObject, shown } from "../json.ts";

const NOT_A_TIME = -(2n ** 63n);
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

/**
 * A fill value as the bytes of one element.
 *
 * @param dtype Type of the elements, of fixed size
 * @param value What the metadata has; `null` stands for zeros, as zarr-python has it
 * @param name What messages call the metadata
 * @returns The element, in the byte order of `dtype`
 * @throws {CorruptFileError} If the value doesn't fit the type
 */
export function fillBytes(dtype: DType, value: unknown, name: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(dtype.itemsize);
  if (value !== null) {
    try {
      put(dtype, value, out);
    } catch (cause) {
      if (cause instanceof UnsupportedError) throw cause;
      throw new CorruptFileError(`Cannot read ${name}: its fill value ${shown(value)} doesn't fit its type`, { cause });
    }
  }
  return out;
}

function put(dtype: DType, value: unknown, out: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const little = dtype.byteOrder !== ">";
  switch (dtype.kind) {
    case "bool":
      out[0] = value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : wrong();
      return;
    case "float":
      return putFloat(view, value, little);
    case "complex": {
      const parts = Array.isArray(value) ? value : [value, 0];
      if (parts.length !== 2) wrong();
      const half = dtype.itemsize / 2;
      parts.forEach((part, i) => putFloat(new DataView(out.buffer, out.byteOffset + i * half, half), part, little));
      return;
    }
    case "string":
      return putText(dtype, value, out);
    case "array":
    case "opaque":
    case "compound":
      return putRaw(dtype, value, out);
  }
  const held = numbersOf(dtype);
  if (held !== null) {
    const isNone = value === "NaT" && unitOf(dtype) !== null;
    return putInteger(view, isNone ? NOT_A_TIME : integerOf(value), held.kind === "int", little);
  }
  throw new UnsupportedError(`Cannot use a fill value for elements of the kind ${dtype.kind}`);
}

function integerOf(value: unknown): bigint {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  // Long ones were kept as text.
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  return wrong();
}

function putInteger(view: DataView, value: bigint, signed: boolean, little: boolean): void {
  const bits = 8 * view.byteLength;
  if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value) wrong();
  putBits(view, BigInt.asUintN(bits, value), little);
}

function putFloat(view: DataView, value: unknown, little: boolean): void {
  if (typeof value === "string" && /^0x[\da-f]+$/i.test(value) && value.length === 2 + 2 * view.byteLength) {
    return putBits(view, BigInt(value), little);
  }
  const number = typeof value === "number"
    ? value
    : typeof value === "string" && Object.hasOwn(SPECIAL, value)
    ? SPECIAL[value]!
    : Number(integerOf(value));
  if (view.byteLength === 8) view.setFloat64(0, number, little);
  else if (view.byteLength === 4) view.setFloat32(0, number, little);
  // Rounded once: by way of a float32 it would be rounded twice.
  else view.setUint16(0, Math.fround(number) === number ? toHalf(number) : nearestHalf(number), little);
}

// To odd where the float32 between isn't exact, which makes the second rounding right.
function nearestHalf(value: number): number {
  const cell = new Float32Array([value]);
  const bits = new Uint32Array(cell.buffer);
  if (Number.isFinite(value) && Math.abs(cell[0]!) > Math.abs(value)) bits[0]!--;
  return halfBits(bits[0]! | (Number.isNaN(value) ? 0 : 1));
}

function putBits(view: DataView, bits: bigint, little: boolean): void {
  for (let i = 0; i < view.byteLength; i++) {
    view.setUint8(little ? i : view.byteLength - 1 - i, Number((bits >> BigInt(8 * i)) & 255n));
  }
}

function putText(dtype: Extract<DType, { kind: "string" }>, value: unknown, out: Uint8Array): void {
  // Some writers have 0 for text that is empty.
  if (value === 0 || value === "") return;
  if (typeof value !== "string") wrong();
  const bytes = dtype.charset === "ucs4" ? null : fromBase64(value as string);
  if (bytes !== null && bytes.length <= out.length) out.set(bytes);
  else out.set(encodeTexts(dtype, [value]));
}

function putRaw(dtype: DType, value: unknown, out: Uint8Array<ArrayBuffer>): void {
  if (value === 0) return;
  const bytes = typeof value === "string" ? fromBase64(value) : Array.isArray(value) ? Uint8Array.from(value) : null;
  if (bytes !== null && bytes.length === out.length) return out.set(bytes);
  if (dtype.kind !== "compound" || !isObject(value)) wrong();
  for (const { name, dtype: field, offset } of (dtype as Extract<DType, { kind: "compound" }>).fields) {
    put(field, (value as Record<string, unknown>)[name], out.subarray(offset, offset + field.itemsize));
  }
}

function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function wrong(): never {
  throw new RangeError("it doesn't fit");
}
