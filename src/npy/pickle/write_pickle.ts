/**
 * Writing pickles of plain data: what NumPy stores arrays of objects as.
 *
 * @module
 */

import { describeDType } from "../../array/dtype/dtype.ts";
import { encodeElements } from "../../array/codec/encode_elements.ts";
import { flatten, isNDArray, ndarray } from "../../array/ndarray.ts";
import type { NDArray, NumericData } from "../../array/types.ts";
import { UnsupportedError } from "../../source/errors.ts";
import { descrOf } from "../descr.ts";
import { measureTexts, storedType, type TextLengths } from "../stored.ts";

/** How deep values may be nested; the reader takes no more either. */
const DEEPEST = 200;

/**
 * A value as a pickle of protocol 3, under the names that every NumPy since 1.0 can read.
 *
 * `null` and `undefined` become `None`; truth values, text and bytes (`Uint8Array`) what they are in Python; bigints and
 * safe integers `int` (but for -0), other numbers `float`; plain arrays `list`, `Map`s `dict`; arrays and
 * typed arrays NumPy's `ndarray`.
 *
 * @param value The value
 * @returns The pickle
 * @throws {UnsupportedError} If it holds anything else, is nested more than 200 levels deep, or a text isn't Unicode
 *
 * @example Usage
 * ```ts
 * import { encodePickle } from "./write_pickle.ts";
 * import { unpickle } from "./pickle.ts";
 * import assert from "node:assert/strict";
 *
 * const pickle = encodePickle(new Map([["area", ["pfc", null, 2 ** 40]]]));
 * assert.deepEqual(unpickle(pickle), new Map([["area", ["pfc", null, 2 ** 40]]]));
 * ```
 */
export function encodePickle(value: unknown): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.bytes(0x80, 3);
  writer.value(value, 0);
  writer.bytes(0x2e);
  return writer.finish();
}

class Writer {
  #buffer = new Uint8Array(256);
  #length = 0;

  finish(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  bytes(...bytes: number[]): void {
    this.#put(bytes);
  }

  value(value: unknown, depth: number): void {
    if (depth > DEEPEST) throw unsupported(`a value that is nested more than ${DEEPEST} levels deep`);
    switch (typeof value) {
      case "undefined":
        return this.bytes(0x4e); // NONE
      case "boolean":
        return this.bytes(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
      case "string":
        return this.#text(value);
      case "bigint":
        return this.#integer(value);
      case "number":
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? this.#integer(BigInt(value)) : this.#float(value);
      case "object":
        return this.#object(value, depth);
      default:
        throw unsupported(`a ${typeof value}`);
    }
  }

  #object(value: object | null, depth: number): void {
    if (value === null) this.bytes(0x4e);
    else if (value instanceof Uint8Array) this.#bytesObject(value);
    else if (isNDArray(value)) this.#array(value, depth);
    else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      this.#array(ndarray(value as NumericData), depth);
    } else if (Array.isArray(value)) this.#list(value, depth);
    else if (value instanceof Map) {
      this.bytes(0x7d, 0x28); // EMPTY_DICT MARK
      for (const [key, entry] of value) {
        this.value(key, depth + 1);
        this.value(entry, depth + 1);
      }
      this.bytes(0x75); // SETITEMS
    } else throw unsupported(`an object of the class ${value.constructor?.name ?? "null"}`);
  }

  #list(values: readonly unknown[], depth: number): void {
    this.bytes(0x5d, 0x28); // EMPTY_LIST MARK
    for (const value of values) this.value(value, depth + 1);
    this.bytes(0x65); // APPENDS
  }

  // As `ndarray.__reduce__` has it: an empty array, then its state (version, shape, dtype, order, data).
  #array(array: NDArray, depth: number): void {
    const lengths: TextLengths = new Map();
    measureTexts(array, lengths);
    const stored = storedType(array.dtype, "<", lengths);
    if (stored.kind === "compound" || stored.kind === "array") {
      throw unsupported(`an array of ${describeDType(stored)}`);
    }
    const { data } = flatten(array);
    this.#global("numpy.core.multiarray", "_reconstruct");
    this.#global("numpy", "ndarray");
    this.bytes(0x4b, 0, 0x85, 0x43, 1, 0x62, 0x87, 0x52); // (0,), b"b", TUPLE3 REDUCE
    this.bytes(0x28, 0x4b, 1, 0x28); // MARK 1 MARK
    for (const length of array.shape) this.#integer(BigInt(length));
    this.bytes(0x74); // TUPLE
    this.#global("numpy", "dtype");
    this.#text(descrOf(stored).slice(1, -1));
    this.bytes(0x85, 0x52, 0x89); // TUPLE1 REDUCE NEWFALSE
    if (stored.kind === "object") this.#list(data as readonly unknown[], depth + 1);
    else this.#bytesObject(encodeElements(stored, data));
    this.bytes(0x74, 0x62); // TUPLE BUILD
  }

  #global(module: string, name: string): void {
    this.#put(new TextEncoder().encode(`c${module}\n${name}\n`));
  }

  #integer(value: bigint): void {
    if (value >= 0n && value < 256n) return this.bytes(0x4b, Number(value)); // BININT1
    if (BigInt.asIntN(32, value) === value) return this.#sized(0x4a, Number(value)); // BININT
    const bytes: number[] = [];
    // Two's complement, little-endian, as short as its sign allows.
    for (let rest = value;; rest >>= 8n) {
      bytes.push(Number(rest & 0xffn));
      if (BigInt.asIntN(8, rest) === rest) break;
    }
    if (bytes.length > 255) throw unsupported("an integer of more than 255 bytes");
    this.bytes(0x8a, bytes.length); // LONG1
    this.#put(bytes);
  }

  #float(value: number): void {
    const bytes = new Uint8Array(9);
    bytes[0] = 0x47; // BINFLOAT
    new DataView(bytes.buffer).setFloat64(1, value);
    this.#put(bytes);
  }

  #text(text: string): void {
    if (/\p{Surrogate}/u.test(text)) {
      throw unsupported(`the text ${JSON.stringify(text.slice(0, 40))}, half a character,`);
    }
    const bytes = new TextEncoder().encode(text);
    this.#sized(0x58, bytes.length); // BINUNICODE
    this.#put(bytes);
  }

  #bytesObject(bytes: Uint8Array): void {
    if (bytes.length > 0xffffffff) throw unsupported("more than 4 GiB in one object");
    this.#sized(0x42, bytes.length); // BINBYTES
    this.#put(bytes);
  }

  #sized(opcode: number, value: number): void {
    this.bytes(opcode, value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff);
  }

  #put(bytes: ArrayLike<number>): void {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#buffer.length));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = end;
  }
}

function unsupported(what: string): UnsupportedError {
  return new UnsupportedError(`Cannot write ${what} as .npy: no plain Python object stands for it`);
}
