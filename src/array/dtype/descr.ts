/**
 * NumPy's description of a dtype, as `np.dtype(...).descr` has it: what `.npy` headers, Zarr metadata and sidecars hold.
 *
 * @module
 */

import { FormatError, UnsupportedError } from "../../source/errors.ts";
import { describeDType, dtypeFromNumpy, numpyName } from "./dtype.ts";
import type { CompoundDType, DType } from "../types.ts";
import { numbersOf } from "./kinds.ts";

/** A dtype as NumPy describes it: a name with a byte order (`<i2`, `|S5`), or a list of fields. */
export type Descr = string | readonly DescrField[];

/** A field of a record: its name, its type, and the shape of a small array. A field `["", "|V3"]` is padding. */
export type DescrField =
  | readonly [name: string, type: Descr]
  | readonly [
    name: string,
    type: Descr,
    shape: readonly number[],
  ];

/**
 * NumPy's description of a dtype.
 *
 * @param dtype The dtype; an array type is described within a record only
 * @returns A name or a list of fields, gaps between fields included
 * @throws {UnsupportedError} If NumPy has none: text of varying length, sequences, references
 *
 * @example Usage
 * ```ts
 * import { dtypeFromDescr, numpyDescr } from "./descr.ts";
 * import assert from "node:assert/strict";
 *
 * const record = dtypeFromDescr([["t", "<f8"], ["xy", ">i2", [2]]]);
 * assert.equal(record.itemsize, 12);
 * assert.deepEqual(numpyDescr(record), [["t", "<f8"], ["xy", ">i2", [2]]]);
 * ```
 */
export function numpyDescr(dtype: DType): Descr {
  switch (dtype.kind) {
    case "bool":
      return "|b1";
    case "enum":
      return numpyName(dtype.base);
    case "string":
      if (dtype.length === null) break;
      return dtype.charset === "ucs4"
        ? `${dtype.byteOrder === ">" ? ">" : "<"}U${dtype.itemsize / 4}`
        : `|S${dtype.itemsize}`;
    case "opaque":
      return `|V${dtype.itemsize}`;
    case "compound":
      return describeFields(dtype);
    default:
      if (numbersOf(dtype) !== null) return numpyName(dtype);
  }
  throw new UnsupportedError(`Cannot describe ${describeDType(dtype)} to NumPy: it has no such dtype of a fixed size`);
}

function describeFields(dtype: CompoundDType): DescrField[] {
  const out: DescrField[] = [];
  let end = 0;
  const pad = (to: number) => {
    if (to > end) out.push(["", `|V${to - end}`]);
  };
  for (const { name, offset, dtype: field } of dtype.fields.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end) {
      throw new UnsupportedError(`Cannot describe ${describeDType(dtype)} to NumPy: its fields overlap`);
    }
    pad(offset);
    const shape: number[] = [];
    let base = field;
    for (; base.kind === "array"; base = base.base) shape.push(...base.shape);
    out.push(shape.length === 0 ? [name, numpyDescr(base)] : [name, numpyDescr(base), shape]);
    end = offset + field.itemsize;
  }
  pad(dtype.itemsize);
  return out;
}

/** How deep records may lie within each other. */
const MAX_DEPTH = 32;

/**
 * The dtype that NumPy describes so.
 *
 * @param descr A name, or a list of fields `[name, type]` or `[name, type, shape]`
 * @returns The dtype
 * @throws {FormatError} If it is no description
 * @throws {UnsupportedError} If a name stands for nothing that microtome can hold
 */
export function dtypeFromDescr(descr: unknown): DType {
  return fromDescr(descr, 0);
}

function fromDescr(descr: unknown, depth: number): DType {
  if (typeof descr === "string") return dtypeFromNumpy(descr);
  const refuse = (why: string): never => {
    throw new FormatError(`Cannot use a dtype as NumPy describes it: ${why}`);
  };
  if (!Array.isArray(descr)) return refuse(`expected a name or a list of fields, found ${String(descr)}`);
  if (depth === MAX_DEPTH) return refuse(`records lie more than ${MAX_DEPTH} deep within each other`);
  const names = new Set<string>();
  const fields: CompoundDType["fields"][number][] = [];
  let offset = 0;
  descr.forEach((field: unknown, i) => {
    if (!Array.isArray(field) || field.length < 2 || field.length > 3) {
      return refuse(`field ${i} isn't [name, type] or [name, type, shape]`);
    }
    const [given, type, shape] = field as unknown[];
    // A name may come with a title before it.
    const name: unknown = Array.isArray(given) && given.length === 2 ? given[1] : given;
    if (typeof name !== "string") return refuse(`the name of field ${i} is no text`);
    const base = fromDescr(type, depth + 1);
    const dtype = shape === undefined ? base : arrayOf(base, typeof shape === "number" ? [shape] : shape, i);
    const start = offset;
    offset += dtype.itemsize;
    if (!Number.isSafeInteger(offset)) refuse("its records are longer than can be counted");
    if (name === "" && dtype.kind === "opaque") return;
    const named = name === "" ? `f${i}` : name;
    if (names.has(named)) refuse(`two fields are called ${JSON.stringify(named)}`);
    names.add(named);
    fields.push({ name: named, dtype, offset: start });
  });
  return { kind: "compound", itemsize: offset, byteOrder: "|", fields };
}

function arrayOf(base: DType, shape: unknown, field: number): DType {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new FormatError(`Cannot use a dtype as NumPy describes it: the shape of field ${field} isn't one`);
  }
  if (shape.length === 0) return base;
  const itemsize = shape.reduce((bytes: number, length: number) => bytes * length, base.itemsize);
  return { kind: "array", itemsize, byteOrder: "|", base, shape };
}
