/**
 * Dtypes as the headers of `.npy` files describe them (NumPy's `dtype.descr`).
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import { dtypeFromNumpy } from "../array/dtype/dtype.ts";
import { type Descr, numpyDescr } from "../array/dtype/descr.ts";
import type { CompoundDType, DType } from "../array/types.ts";
import { CorruptFileError, UnsupportedError } from "../source/errors.ts";
import { isTuple, type Literal, pythonRepr } from "./literal.ts";

/** The most bytes that one element may take: more is a lie, or a mistake. */
const LARGEST = 2 ** 31 - 1;
/** The most axes that NumPy 2 has. */
export const MOST_AXES = 64;

/**
 * Makes a dtype of its description. Padding that NumPy writes as nameless void fields becomes a gap; titles are
 * dropped.
 *
 * @param descr The description: text, or a list of fields
 * @param name What messages call the file
 * @returns The dtype, as stored
 * @throws {CorruptFileError} If it describes no dtype
 * @throws {UnsupportedError} If NumPy has the dtype, but it can't be read here: long doubles
 */
export function dtypeFromDescr(descr: Literal | undefined, name: string): DType {
  const wrong = (what: string) => new CorruptFileError(`Cannot read ${name}: ${what}`);
  if (typeof descr === "string") return plainType(descr, name);
  if (isTuple(descr)) {
    const [base, shape, ...more] = descr.items;
    if (shape === undefined || more.length > 0) throw wrong("a type in its header is a tuple, but no (type, shape)");
    return arrayType(dtypeFromDescr(base, name), shape, name);
  }
  if (!Array.isArray(descr)) throw wrong(`its header describes no dtype: ${show(descr)}`);
  const fields: { name: string; dtype: DType; offset: number }[] = [];
  // A header may name tens of thousands of fields: each is looked up, not searched for.
  const names = new Set<string>();
  let offset = 0;
  for (const entry of descr as readonly Literal[]) {
    if (!isTuple(entry) || entry.items.length < 2 || entry.items.length > 3) {
      throw wrong(`a field in its header isn't (name, type) or (name, type, shape): ${show(entry)}`);
    }
    const [label, type, shape] = entry.items;
    const element = dtypeFromDescr(type, name);
    const dtype = shape === undefined ? element : arrayType(element, shape, name);
    // (title, name)
    const field = isTuple(label) ? label.items[1] : label;
    if (typeof field !== "string") throw wrong(`a field in its header has no name: ${show(label)}`);
    if (field !== "" || dtype.kind !== "opaque") {
      if (names.has(field)) throw wrong(`two fields in its header have the name ${show(field)}`);
      names.add(field);
      fields.push({ name: field, dtype, offset });
    }
    offset += dtype.itemsize;
    if (offset > LARGEST) throw wrong(`its elements are said to take more than ${LARGEST} bytes each`);
  }
  return { kind: "compound", itemsize: offset, byteOrder: "|", fields };
}

function plainType(descr: string, name: string): DType {
  let dtype: DType;
  try {
    dtype = dtypeFromNumpy(descr);
  } catch (cause) {
    if (/^[<>|=]?(f(12|16)|c(24|32)|[gG])$/.test(descr) || /^(long|clong)double$/.test(descr)) {
      throw new UnsupportedError(
        `Cannot read ${name}: its dtype ${JSON.stringify(descr)} is a long double, whose layout depends on the machine`,
        { cause },
      );
    }
    throw new CorruptFileError(`Cannot read ${name}: ${JSON.stringify(descr)} in its header is no dtype of NumPy's`, {
      cause,
    });
  }
  if (dtype.itemsize > LARGEST || (dtype.kind === "string" && dtype.length === null)) {
    throw new CorruptFileError(
      `Cannot read ${name}: ${JSON.stringify(descr)} in its header is no dtype that is stored`,
    );
  }
  return dtype;
}

function arrayType(base: DType, shape: Literal, name: string): DType {
  const lengths = isTuple(shape) ? shape.items : [shape];
  if (lengths.length > MOST_AXES) {
    throw new CorruptFileError(`Cannot read ${name}: a field in its header has ${lengths.length} axes`);
  }
  let itemsize = base.itemsize;
  for (const length of lengths) {
    itemsize *= typeof length === "number" && length >= 0 ? length : NaN;
    if (!(itemsize <= LARGEST)) {
      throw new CorruptFileError(`Cannot read ${name}: the shape ${show(shape)} of a field in its header can't be`);
    }
  }
  if (lengths.length === 0) return base;
  return { kind: "array", itemsize, byteOrder: "|", base, shape: lengths as number[] };
}

/**
 * Whether elements are or hold Python objects, so that the array is stored as a pickle.
 *
 * @param dtype Their type
 */
export function holdsObjects(dtype: DType): boolean {
  if (dtype.kind === "object") return true;
  if (dtype.kind === "array") return holdsObjects(dtype.base);
  return dtype.kind === "compound" && dtype.fields.some((field) => holdsObjects(field.dtype));
}

/**
 * Describes a dtype as NumPy's header does, in Python.
 *
 * @param dtype The dtype as it is stored: see {@linkcode storedType} for one that can be
 * @returns For example `'<i2'` or `[('a', '<i4'), ('b', '<f8', (3,))]`, quotes included
 */
export function descrOf(dtype: DType): string {
  return dtype.kind === "object" ? "'|O'" : inPython(numpyDescr(dtype));
}

function inPython(descr: Descr): string {
  if (typeof descr === "string") return pythonRepr(descr);
  const fields = descr.map(([name, type, shape]) =>
    `(${pythonRepr(name)}, ${inPython(type)}${shape === undefined ? "" : `, ${shapeText(shape)}`})`
  );
  return `[${fields.join(", ")}]`;
}

/** Whether the fields of records lie one behind the other, as `descr` can describe them. */
export function isInOrder(dtype: CompoundDType): boolean {
  let offset = 0;
  return dtype.fields.every((field) => {
    const fits = field.offset >= offset;
    offset = field.offset + field.dtype.itemsize;
    return fits;
  }) && offset <= dtype.itemsize;
}

function show(value: Literal | undefined): string {
  if (isTuple(value)) return `(${value.items.map(show).join(", ")})`.slice(0, 60);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a dictionary";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  return String(value);
}
