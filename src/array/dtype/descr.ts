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
/** The most axes that NumPy 2 has. */
export const MOST_AXES = 64;

/** A language that descriptions are written in: JSON, or the Python of `.npy` headers. */
export interface DescrForm {
  /** What a field, a title with its name, or a shape holds, in order; `null` where the value is none of these. */
  readonly partsOf: (value: unknown) => readonly unknown[] | null;
  /** Whether a field's parts may stand in place of a type: `(type, shape)`. A list of JSON could as well be fields. */
  readonly hasPairs: boolean;
  /** Whether a field without a name keeps that; else it is called `f` and its number, as where NumPy makes a dtype of a list. */
  readonly keepsNameless: boolean;
  /** The most bytes that an element may take. */
  readonly mostBytes: number;
  /** The dtype of a name. */
  readonly named: (name: string) => DType;
  /** A value in messages. */
  readonly shown: (value: unknown) => string;
  /** What is thrown where a description isn't one. */
  readonly wrong: (why: string) => Error;
}

/**
 * The dtype that NumPy describes so, where descriptions are written in JSON.
 *
 * @param descr A name, or a list of fields `[name, type]` or `[name, type, shape]`
 * @returns The dtype
 * @throws {FormatError} If it is no description
 * @throws {UnsupportedError} If a name stands for nothing that microtome can hold
 */
export function dtypeFromDescr(descr: unknown): DType {
  return readDescr(descr, IN_JSON);
}

const IN_JSON: DescrForm = {
  partsOf: (value) => Array.isArray(value) ? value : null,
  hasPairs: false,
  keepsNameless: false,
  mostBytes: Number.MAX_SAFE_INTEGER,
  named: dtypeFromNumpy,
  shown: (value) => String(JSON.stringify(value)).slice(0, 60),
  wrong: (why) => new FormatError(`Cannot use a dtype as NumPy describes it: ${why}`),
};

/**
 * The dtype that NumPy describes so. Padding that NumPy writes as nameless void fields becomes a gap; titles are dropped.
 *
 * @param descr The description
 * @param form How it is written
 * @param depth How many records it lies in
 * @throws What `form.wrong` makes, if it is no description; what `form.named` throws
 */
export function readDescr(descr: unknown, form: DescrForm, depth: number = 0): DType {
  const { partsOf, shown, wrong } = form;
  if (typeof descr === "string") return form.named(descr);
  const pair = form.hasPairs ? partsOf(descr) : null;
  if (pair !== null) {
    if (pair.length !== 2) throw wrong("a type is a tuple, but no (type, shape)");
    return arrayOf(readDescr(pair[0], form, depth), pair[1], form);
  }
  if (!Array.isArray(descr)) throw wrong(`expected a name or a list of fields, found ${shown(descr)}`);
  if (depth === MAX_DEPTH) throw wrong(`records lie more than ${MAX_DEPTH} deep within each other`);
  // A header may name tens of thousands of fields: each is looked up, not searched for.
  const names = new Set<string>();
  const fields: CompoundDType["fields"][number][] = [];
  let offset = 0;
  for (const [i, field] of (descr as readonly unknown[]).entries()) {
    const parts = partsOf(field);
    if (parts === null || parts.length < 2 || parts.length > 3) {
      throw wrong(`field ${i} isn't (name, type) or (name, type, shape): ${shown(field)}`);
    }
    const [label, type, shape] = parts;
    const element = readDescr(type, form, depth + 1);
    const dtype = shape === undefined ? element : arrayOf(element, shape, form);
    // A name may come with a title before it.
    const titled = partsOf(label);
    const name = titled?.length === 2 ? titled[1] : label;
    if (typeof name !== "string") throw wrong(`the name of field ${i} is no text: ${shown(label)}`);
    if (name !== "" || dtype.kind !== "opaque") {
      const named = name === "" && !form.keepsNameless ? `f${i}` : name;
      if (names.has(named)) throw wrong(`two fields are called ${shown(named)}`);
      names.add(named);
      fields.push({ name: named, dtype, offset });
    }
    offset += dtype.itemsize;
    if (!(offset <= form.mostBytes)) throw wrong(`its elements take more than ${form.mostBytes} bytes each`);
  }
  return { kind: "compound", itemsize: offset, byteOrder: "|", fields };
}

function arrayOf(base: DType, shape: unknown, { partsOf, mostBytes, shown, wrong }: DescrForm): DType {
  const lengths = partsOf(shape) ?? [shape];
  if (lengths.length > MOST_AXES) throw wrong(`a field has ${lengths.length} axes`);
  let itemsize = base.itemsize;
  for (const length of lengths) {
    itemsize *= Number.isSafeInteger(length) && length as number >= 0 ? length as number : NaN;
    if (!(itemsize <= mostBytes)) throw wrong(`the shape ${shown(shape)} of a field can't be`);
  }
  if (lengths.length === 0) return base;
  return { kind: "array", itemsize, byteOrder: "|", base, shape: lengths as number[] };
}
