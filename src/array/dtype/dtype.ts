/**
 * What a dtype is called, and which memory its elements take.
 *
 * @module
 */

import { UnsupportedError } from "../../source/errors.ts";
import type { ArrayData, ByteOrder, DType, IntDType, NumericData, StringDType } from "../types.ts";

/**
 * NumPy's name of a dtype, as stored: `<i2`, `>f8`, `|u1`, `<c16`, `<M8[s]`, `bool`, `str` for every kind of text,
 * `object` for what NumPy has no plain number for. An enum is named after its integers, an array type after its base.
 *
 * @param dtype The dtype
 * @returns The name
 *
 * @example Usage
 * ```ts
 * import { dtypeFromNumpy, numpyName } from "./dtype.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(numpyName(dtypeFromNumpy(">i4")), ">i4");
 * ```
 */
export function numpyName(dtype: DType): string {
  switch (dtype.kind) {
    case "int":
      return `${orderOf(dtype)}i${dtype.itemsize}`;
    case "uint":
      return `${orderOf(dtype)}u${dtype.itemsize}`;
    case "float":
      return `${orderOf(dtype)}f${dtype.itemsize}`;
    case "complex":
      return `${orderOf(dtype)}c${dtype.itemsize}`;
    case "datetime":
    case "timedelta": {
      // A count without a unit is NumPy's generic one, whose name has no brackets.
      const unit = dtype.unit === "generic" ? "" : `[${dtype.unit}]`;
      return `${orderOf(dtype)}${dtype.kind === "datetime" ? "M" : "m"}8${unit}`;
    }
    case "bool":
      return "bool";
    case "string":
      return "str";
    case "enum":
    case "array":
      return numpyName(dtype.base);
    default:
      return "object";
  }
}

/**
 * The dtype that NumPy calls by a name such as `<i2`, `|b1`, `float64`, `bool`, `<U8`, `|S5`, `|V3`, `<M8[ns]`, `|O`
 * or `str`.
 *
 * @param name NumPy's `dtype.str` or `dtype.name`; without a byte order it is little-endian
 * @returns The dtype
 * @throws {UnsupportedError} If NumPy's name stands for nothing that microtome can hold
 */
export function dtypeFromNumpy(name: string): DType {
  const text = LONG_NAMES[name] ?? name;
  if (text === "str") {
    return {
      kind: "string",
      length: null,
      itemsize: 0,
      byteOrder: "|",
      charset: "utf8",
      padding: "null-terminated",
    };
  }
  const match = /^([<>|=]?)([iufcbUSVOMm?])(\d{0,10})(?:\[(\d*[a-zA-Zμ]+)\])?$/.exec(text);
  if (match !== null && (match[4] === undefined || /[Mm]/.test(match[2]!))) {
    const [, order = "", letter, digits = "", unit] = match;
    const itemsize = digits === "" ? 1 : Number(digits);
    const byteOrder: ByteOrder = itemsize === 1 ? "|" : order === ">" ? ">" : "<";
    switch (letter) {
      case "?":
      case "b":
        if (itemsize === 1) return { kind: "bool", itemsize, byteOrder: "|" };
        break;
      case "i":
      case "u":
        if (digits !== "" && isOneOf(itemsize, [1, 2, 4, 8])) {
          return { kind: letter === "i" ? "int" : "uint", itemsize, byteOrder };
        }
        break;
      case "f":
        if (isOneOf(itemsize, [2, 4, 8])) return { kind: "float", itemsize, byteOrder };
        break;
      case "c":
        if (isOneOf(itemsize, [8, 16])) return { kind: "complex", itemsize, byteOrder };
        break;
      case "M":
      case "m":
        if (itemsize === 8) {
          return { kind: letter === "M" ? "datetime" : "timedelta", itemsize, byteOrder, unit: unit ?? "generic" };
        }
        break;
      case "S":
        return fixedString(Number(digits), Number(digits), "ascii");
      case "U":
        return { ...fixedString(Number(digits), 4 * Number(digits), "ucs4"), byteOrder: order === ">" ? ">" : "|" };
      case "V":
        return { kind: "opaque", itemsize: Number(digits), byteOrder: "|", tag: "" };
      case "O":
        if (["", "4", "8"].includes(digits)) return { kind: "object", itemsize: 8, byteOrder: "|" };
        break;
    }
  }
  throw new UnsupportedError(`Cannot use the NumPy dtype ${JSON.stringify(name)}: it isn't one that can be held here`);
}

/**
 * A dtype in words, for people: `int16`, `int16 big-endian`, `string (utf-8, variable)`,
 * `compound {a: int32, b: float64}`, `enum int8 {OFF: 0, ON: 1}`.
 *
 * @param dtype The dtype
 * @returns One line of text
 */
export function describeDType(dtype: DType): string {
  const order = dtype.byteOrder === ">" ? " big-endian" : "";
  switch (dtype.kind) {
    case "int":
    case "uint":
    case "float":
    case "complex":
      return `${dtype.kind}${dtype.itemsize * 8}${order}`;
    case "bool":
      return "bool";
    case "datetime":
    case "timedelta":
      return `${dtype.kind}64[${dtype.unit}]${order}`;
    case "string": {
      const charset = dtype.charset === "utf8" ? "utf-8" : dtype.charset === "ucs4" ? "ucs-4" : "ascii";
      const size = dtype.length === null
        ? "variable"
        : `${dtype.length} ${dtype.charset === "ucs4" ? "characters" : "bytes"}`;
      return `string (${charset}, ${size})${order}`;
    }
    case "enum": {
      const members = Object.entries(dtype.members).map(([name, value]) => `${name}: ${value}`);
      return `enum ${describeDType(dtype.base)} {${members.join(", ")}}`;
    }
    case "compound": {
      const fields = dtype.fields.map((field) => `${field.name}: ${describeDType(field.dtype)}`);
      return `compound {${fields.join(", ")}}`;
    }
    case "array":
      return `array (${dtype.shape.join(", ")}) of ${describeDType(dtype.base)}`;
    case "vlen":
      return `variable-length ${describeDType(dtype.base)}`;
    case "reference":
      return dtype.target === "any" ? "reference" : `${dtype.target} reference`;
    case "object":
      return "object";
    case "opaque":
      return `opaque (${dtype.itemsize} bytes${dtype.tag === "" ? "" : `, ${JSON.stringify(dtype.tag)}`})`;
  }
}

/**
 * Memory for `count` elements of a dtype: a typed array of zeros for numbers, a plain array (of empty slots) for the
 * rest. float16 comes as `Float32Array`, complex numbers interleaved in twice as many floats, truth values and
 * enums as the integers that hold them.
 *
 * @param dtype Type of the elements
 * @param count How many
 * @returns The memory
 */
export function allocate(dtype: DType, count: number): ArrayData {
  const TypedArray = typedArrayOf(dtype);
  return TypedArray === null ? new Array<unknown>(count) : new TypedArray(count * unitsPerElement(dtype));
}

/** A constructor of typed arrays that data comes in. */
export type NumericDataConstructor = { new (length: number): NumericData; readonly BYTES_PER_ELEMENT: number };

/** The class of typed array that a dtype's elements come in, or `null` where they come in a plain array. */
export function typedArrayOf(dtype: DType): NumericDataConstructor | null {
  switch (dtype.kind) {
    case "int":
    case "uint":
      return intArrayOf(dtype);
    case "enum":
      return intArrayOf(dtype.base);
    case "float":
      return dtype.itemsize === 8 ? Float64Array : Float32Array;
    case "complex":
      return dtype.itemsize === 16 ? Float64Array : Float32Array;
    case "bool":
      return Uint8Array;
    case "datetime":
    case "timedelta":
      return BigInt64Array;
    case "array":
      return typedArrayOf(dtype.base);
    default:
      return null;
  }
}

/** Entries of `data` that one element takes: 2 for complex numbers, the base's many for array types, else 1. */
export function unitsPerElement(dtype: DType): number {
  if (dtype.kind === "complex") return 2;
  if (dtype.kind !== "array") return 1;
  return dtype.shape.reduce((product, length) => product * length, unitsPerElement(dtype.base));
}

function intArrayOf(dtype: IntDType): NumericDataConstructor {
  const signed = dtype.kind === "int";
  switch (dtype.itemsize) {
    case 1:
      return signed ? Int8Array : Uint8Array;
    case 2:
      return signed ? Int16Array : Uint16Array;
    case 4:
      return signed ? Int32Array : Uint32Array;
    case 8:
      return signed ? BigInt64Array : BigUint64Array;
  }
}

function orderOf(dtype: { itemsize: number; byteOrder: ByteOrder }): string {
  return dtype.itemsize === 1 ? "|" : dtype.byteOrder === ">" ? ">" : "<";
}

function fixedString(length: number, itemsize: number, charset: "ascii" | "ucs4"): StringDType {
  return { kind: "string", length, itemsize, byteOrder: "|", charset, padding: "null-padded" };
}

function isOneOf<T extends number>(value: number, allowed: readonly T[]): value is T {
  return (allowed as readonly number[]).includes(value);
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  bool: "|b1",
  int8: "|i1",
  uint8: "|u1",
  int16: "<i2",
  uint16: "<u2",
  int32: "<i4",
  uint32: "<u4",
  int64: "<i8",
  uint64: "<u8",
  float16: "<f2",
  float32: "<f4",
  float64: "<f8",
  complex64: "<c8",
  complex128: "<c16",
  object: "|O",
};
