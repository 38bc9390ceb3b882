/**
 * What a dtype is called, and which memory its elements take.
 *
 * @module
 */

import { UnsupportedError } from "../../source/errors.ts";
import type { ArrayData, DType, NumericData, StringDType } from "../types.ts";
import { kindOfLetter, KINDS, numbersOf, unitOf } from "./kinds.ts";

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
    case "bool":
      return "bool";
    case "string":
      return "str";
    case "enum":
    case "array":
      return numpyName(dtype.base);
  }
  const { letter } = KINDS[dtype.kind];
  if (letter === undefined) return "object";
  const order = dtype.itemsize === 1 ? "|" : dtype.byteOrder === ">" ? ">" : "<";
  // A count without a unit is NumPy's generic one, whose name has no brackets.
  const unit = unitOf(dtype) ?? "generic";
  return `${order}${letter}${dtype.itemsize}${unit === "generic" ? "" : `[${unit}]`}`;
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
  if (name === "str") {
    return {
      kind: "string",
      length: null,
      itemsize: 0,
      byteOrder: "|",
      charset: "utf8",
      padding: "null-terminated",
    };
  }
  const match = /^([<>|=]?)([a-zA-Z?])(\d{0,10})(?:\[(\d*[a-zA-Zμ]+)\])?$/.exec(shortName(name));
  if (match !== null) {
    const [, order = "", letter = "", digits = "", unit] = match;
    const dtype = numberOf(letter, digits, order, unit) ?? (unit === undefined ? otherOf(letter, digits, order) : null);
    if (dtype !== null) return dtype;
  }
  throw new UnsupportedError(`Cannot use the NumPy dtype ${JSON.stringify(name)}: it isn't one that can be held here`);
}

function numberOf(letter: string, digits: string, order: string, unit: string | undefined): DType | null {
  const kind = kindOfLetter(letter === "?" ? "b" : letter);
  if (kind === undefined) return null;
  const { sizes, hasUnit } = KINDS[kind];
  // Of truth values alone the size may be left out.
  const itemsize = digits === "" && kind === "bool" ? 1 : Number(digits);
  if (!sizes!.includes(itemsize) || (unit !== undefined && !hasUnit)) return null;
  const byteOrder = itemsize === 1 ? "|" : order === ">" ? ">" : "<";
  return { kind, itemsize, byteOrder, ...(hasUnit ? { unit: unit ?? "generic" } : {}) } as DType;
}

function otherOf(letter: string, digits: string, order: string): DType | null {
  const length = Number(digits);
  switch (letter) {
    case "S":
      return fixedString(length, length, "ascii");
    case "U":
      return { ...fixedString(length, 4 * length, "ucs4"), byteOrder: order === ">" ? ">" : "|" };
    case "V":
      return { kind: "opaque", itemsize: length, byteOrder: "|", tag: "" };
    case "O":
      return ["", "4", "8"].includes(digits) ? { kind: "object", itemsize: 8, byteOrder: "|" } : null;
    default:
      return null;
  }
}

/** `<i2` of `int16`; what isn't such a name as it is. */
function shortName(name: string): string {
  if (name === "bool") return "|b1";
  if (name === "object") return "|O";
  const [, kind = "", bits] = /^([a-z]+)([1-9]\d*)$/.exec(name) ?? [];
  if (kind === "bool" || !Object.hasOwn(KINDS, kind)) return name;
  const { letter, hasUnit } = KINDS[kind as DType["kind"]];
  return letter === undefined || hasUnit ? name : `<${letter}${Number(bits) / 8}`;
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
    case "bool":
    case "object":
      return dtype.kind;
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
    case "opaque":
      return `opaque (${dtype.itemsize} bytes${dtype.tag === "" ? "" : `, ${JSON.stringify(dtype.tag)}`})`;
  }
  const unit = unitOf(dtype);
  return `${dtype.kind}${dtype.itemsize * 8}${unit === null ? "" : `[${unit}]`}${order}`;
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
  if (dtype.kind === "array") return typedArrayOf(dtype.base);
  const held = numbersOf(dtype);
  if (held === null) return null;
  // float16 has no typed array in every runtime yet.
  if (held.kind === "float") return held.itemsize === 8 ? Float64Array : Float32Array;
  const isSigned = held.kind === "int";
  switch (held.itemsize) {
    case 1:
      return isSigned ? Int8Array : Uint8Array;
    case 2:
      return isSigned ? Int16Array : Uint16Array;
    case 4:
      return isSigned ? Int32Array : Uint32Array;
    default:
      return isSigned ? BigInt64Array : BigUint64Array;
  }
}

/** Entries of `data` that one element takes: 2 for complex numbers, the base's many for array types, else 1. */
export function unitsPerElement(dtype: DType): number {
  if (dtype.kind !== "array") return numbersOf(dtype)?.parts ?? 1;
  return dtype.shape.reduce((product, length) => product * length, unitsPerElement(dtype.base));
}

function fixedString(length: number, itemsize: number, charset: "ascii" | "ucs4"): StringDType {
  return { kind: "string", length, itemsize, byteOrder: "|", charset, padding: "null-padded" };
}
