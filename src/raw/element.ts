/**
 * What the elements of a flat file are: NumPy's dtypes, and what NumPy has no name for.
 *
 * @module
 */

import { describeDType, dtypeFromNumpy } from "../array/dtype/dtype.ts";
import { KINDS } from "../array/dtype/kinds.ts";
import type { DType } from "../array/types.ts";
import { DTypeError } from "../source/errors.ts";
import type { Reader } from "../wasm/reader/reader.ts";
import type { StoredSize } from "./extent.ts";

/** Elements that no dtype describes as they lie in the file. */
export interface Packing {
  /** Bytes of the values of a group once unpacked. */
  readonly valueBytes: number;
  /** Unpacks whole groups. */
  unpack(reader: Reader, bytes: Uint8Array): ArrayBufferView<ArrayBuffer>;
}

/** The elements of a flat file. */
export interface RawElement extends StoredSize {
  /** Their type: as stored, or as unpacked. */
  readonly dtype: DType;
  /** How they are unpacked, or `null` where they lie in the file as the dtype says. */
  readonly packing: Packing | null;
}

/**
 * The elements of a dtype, by itself or by name.
 *
 * Beside NumPy's names (`int16`, `<i2`, `>f8`, `S8`, `<U4`) there are
 *
 * - `int24`, `uint24`, also `<i3`, `>i3`, `<u3`, `>u3`: 24-bit integers, which come as 32-bit ones;
 * - `uint10:lsb`, `uint12:lsb` and the same with `:msb` and `:mipi`: values packed without gaps, 4 in 5 or 2 in 3
 *   bytes, which come as uint16. `lsb` fills bytes from the lowest bit up (GenICam's "p" formats), `msb` from the
 *   highest down, `mipi` gives the upper 8 bits of each value a byte of their own, the rest in one byte behind them;
 * - `bits8`, `bits16`, `bits32`, also `>bits16` and so on: digital words, whose bits become truth values along one more
 *   axis at the end, bit 0 first.
 *
 * @param dtype A dtype, or a name
 * @returns The elements
 * @throws {DTypeError} If elements of that type have no fixed size
 * @throws {UnsupportedError} If there is no such name
 */
export function rawElement(dtype: DType | string): RawElement {
  if (typeof dtype === "string") {
    const packed = packedElement(dtype);
    if (packed !== null) return packed;
  }
  const plain = typeof dtype === "string" ? dtypeFromNumpy(dtype) : dtype;
  const label = describeDType(plain);
  if (!isFixed(plain)) {
    throw new DTypeError(`Cannot open a flat file of ${label}: its elements have no fixed size`);
  }
  return { dtype: plain, label, group: 1, groupBytes: plain.itemsize, packing: null };
}

function packedElement(name: string): RawElement | null {
  const wide = /^(?:(u?)int24|([<>])([iu])3)$/.exec(name);
  if (wide !== null) {
    const signed = wide[1] === "" || wide[3] === "i";
    const bigEndian = wide[2] === ">";
    return {
      dtype: { kind: signed ? "int" : "uint", itemsize: 4, byteOrder: "<" },
      label: `${signed ? "" : "u"}int24${bigEndian ? " big-endian" : ""}`,
      group: 1,
      groupBytes: 3,
      packing: { valueBytes: 4, unpack: (reader, bytes) => reader.int24(bytes, { signed, bigEndian }) },
    };
  }
  const packed = /^uint(10|12)(?::(lsb|msb|mipi))?$/.exec(name);
  if (packed !== null) {
    const bits = Number(packed[1]) as 10 | 12;
    const packing = packed[2] as "lsb" | "msb" | "mipi" | undefined;
    if (packing === undefined) {
      throw new DTypeError(
        `Cannot use the dtype ${
          JSON.stringify(name)
        }: say how it is packed, as ${name}:lsb, ${name}:msb or ${name}:mipi`,
      );
    }
    const group = bits === 10 ? 4 : 2;
    return {
      dtype: { kind: "uint", itemsize: 2, byteOrder: "<" },
      label: name,
      group,
      groupBytes: group * bits / 8,
      packing: { valueBytes: 2 * group, unpack: (reader, bytes) => reader.unpack(bytes, { bits, packing }) },
    };
  }
  const words = /^([<>]?)bits(8|16|32)$/.exec(name);
  if (words === null) return null;
  const bits = Number(words[2]);
  const wordsize = bits / 8 as 1 | 2 | 4;
  const swap = words[1] === ">" && wordsize > 1;
  const truth: DType = { kind: "bool", itemsize: 1, byteOrder: "|" };
  return {
    dtype: { kind: "array", itemsize: bits, byteOrder: "|", base: truth, shape: [bits] },
    label: `words of ${bits} bits${swap ? " big-endian" : ""}`,
    group: 1,
    groupBytes: wordsize,
    packing: { valueBytes: bits, unpack: (reader, bytes) => reader.bits(bytes, wordsize, { swap }) },
  };
}

/** Whether elements lie in a file by themselves, all of one size, at least one byte long. */
function isFixed(dtype: DType): boolean {
  switch (dtype.kind) {
    case "string":
      return dtype.length !== null && dtype.itemsize > 0;
    case "array":
      return dtype.itemsize > 0 && isFixed(dtype.base);
    case "compound":
      return dtype.itemsize > 0 && dtype.fields.every(({ dtype: field }) => isFixed(field));
    default:
      return dtype.itemsize > 0 && !KINDS[dtype.kind].isElsewhere;
  }
}
