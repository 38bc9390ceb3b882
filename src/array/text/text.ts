/**
 * Text as bytes: UTF-8 that loses nothing, and fields of fixed length.
 *
 * @module
 */

import { DTypeError, FormatError } from "../../source/errors.ts";
import { decodeText, tryEncodeText } from "../../source/utf8.ts";
import type { StringDType } from "../types.ts";

export { decodeText, tryEncodeText } from "../../source/utf8.ts";

/**
 * Decodes text fields that lie one behind the other.
 *
 * UCS-4 is NumPy's `U`. Other bytes are taken as UTF-8, and one that isn't part of any character becomes a lone
 * surrogate U+DC80 to U+DCFF, as Python's `surrogateescape` has it, so that no byte is lost.
 *
 * @param dtype Their type, of fixed length
 * @param bytes The fields
 * @param count How many
 * @returns The texts, without what fills them up
 * @throws {FormatError} If a UCS-4 field holds a number that is no character
 */
export function decodeTexts(dtype: StringDType, bytes: Uint8Array, count: number): string[] {
  const { itemsize } = dtype;
  const decode = dtype.charset === "ucs4" ? decodeUcs4 : decodeBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => decode(dtype, bytes, view, i * itemsize));
}

function decodeUcs4({ itemsize, byteOrder }: StringDType, _bytes: Uint8Array, view: DataView, start: number): string {
  const little = byteOrder !== ">";
  let end = start + itemsize;
  while (end > start && view.getUint32(end - 4, little) === 0) end -= 4;
  let text = "";
  for (let at = start; at < end; at += 4) {
    const point = view.getUint32(at, little);
    if (point > 0x10ffff) {
      throw new FormatError(`Cannot decode text: 0x${point.toString(16)} is no character of Unicode`);
    }
    text += String.fromCodePoint(point);
  }
  return text;
}

function decodeBytes({ itemsize, padding }: StringDType, bytes: Uint8Array, _view: DataView, start: number): string {
  return decodeText(bytes, start, textLength(bytes, start, itemsize, padding));
}

/**
 * Length of a text in a field without what fills it up: the rules of libhdf5's string conversion (`H5T__conv_s_s`).
 *
 * @param bytes The bytes that hold it
 * @param start First byte of the field
 * @param size Size of the field
 * @param padding How it is filled up
 * @returns Number of bytes of text
 */
export function textLength(bytes: Uint8Array, start: number, size: number, padding: StringDType["padding"]): number {
  if (padding === "null-terminated") {
    const end = bytes.subarray(start, start + size).indexOf(0);
    return end < 0 ? size : end;
  }
  let length = size;
  if (padding === "space-padded") { while (length > 0 && bytes[start + length - 1] === 0x20) length--; }
  // Also where spaces should fill it: storage never written is zeros, which h5py reads as no text.
  while (length > 0 && bytes[start + length - 1] === 0) length--;
  return length;
}

/**
 * The same, for text that must have bytes.
 *
 * @param text The text
 * @throws {DTypeError} If no bytes stand for it
 */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = tryEncodeText(text);
  if (bytes !== null) return bytes;
  throw new DTypeError(`Cannot encode ${JSON.stringify(text)} as UTF-8: it holds half of a surrogate pair`);
}

/**
 * Encodes texts as fields of fixed length, filled up as the type says.
 *
 * @param dtype Their type, of fixed length
 * @param texts The texts
 * @returns The fields, one behind the other
 * @throws {DTypeError} If a text is longer than its field
 */
export function encodeTexts(dtype: StringDType, texts: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const { itemsize, charset, byteOrder, padding } = dtype;
  const out = new Uint8Array(texts.length * itemsize);
  if (padding === "space-padded") out.fill(0x20);
  const view = new DataView(out.buffer);
  texts.forEach((value, i) => {
    const text = String(value ?? "");
    const start = i * itemsize;
    if (charset === "ucs4") {
      const points = Array.from(text, (character) => character.codePointAt(0)!);
      checkLength(text, 4 * points.length, itemsize);
      points.forEach((point, k) => view.setUint32(start + 4 * k, point, byteOrder !== ">"));
    } else {
      const bytes = encodeText(text);
      checkLength(text, bytes.length, itemsize);
      out.set(bytes, start);
    }
  });
  return out;
}

function checkLength(text: string, length: number, itemsize: number): void {
  if (length <= itemsize) return;
  const shown = text.length > 40 ? text.slice(0, 40) + "…" : text;
  throw new DTypeError(`Cannot encode ${JSON.stringify(shown)}: it takes ${length} bytes, its field has ${itemsize}`);
}

/** Bytes in hexadecimal, two digits each. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
