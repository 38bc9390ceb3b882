/**
 * Dtypes as the headers of `.npy` files describe them (NumPy's `dtype.descr`).
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import { dtypeFromNumpy } from "../array/dtype/dtype.ts";
import { type Descr, numpyDescr, readDescr } from "../array/dtype/descr.ts";
import type { CompoundDType, DType } from "../array/types.ts";
import { CorruptFileError, UnsupportedError } from "../source/errors.ts";
import { isTuple, type Literal, pythonRepr, type Tuple } from "./literal.ts";

/** The most bytes that one element may take: more is a lie, or a mistake. */
const LARGEST = 2 ** 31 - 1;

/**
 * Makes a dtype of its description in a header.
 *
 * @param descr The description: text, or a list of fields
 * @param name What messages call the file
 * @returns The dtype, as stored
 * @throws {CorruptFileError} If it describes no dtype
 * @throws {UnsupportedError} If NumPy has the dtype, but it can't be read here: long doubles
 */
export function headerDType(descr: Literal | undefined, name: string): DType {
  return readDescr(descr, {
    partsOf: (value) => isTuple(value as Literal) ? (value as Tuple).items : null,
    hasPairs: true,
    keepsNameless: true,
    mostBytes: LARGEST,
    named: (descr) => plainType(descr, name),
    shown: (value) => show(value as Literal | undefined),
    wrong: (why) => new CorruptFileError(`Cannot read ${name}: its header describes no dtype: ${why}`),
  });
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
