/**
 * The types that datasets and attributes are made of, handed to the C side.
 *
 * @module
 */
import { describeDType, dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { KINDS, unitOf } from "../../array/dtype/kinds.ts";
import type { DType, IntDType } from "../../array/types.ts";
import { DTypeError, UnsupportedError } from "../../source/errors.ts";
import type { Hdf5Exports, Hdf5Instance } from "../../wasm/instance.ts";
import { withBuffers } from "../engine/buffers.ts";

/**
 * A type to store: a dtype, NumPy's name of one (`<i2`, `>f8`, `bool`, `|S5`), or `str` (text of any length, UTF-8),
 * `ascii` (the same, ASCII), `reference` (to objects) or `region` (references to regions of datasets).
 */
export type DTypeInput = DType | string;

const NAMES: Readonly<Record<string, DType>> = {
  str: /* @__PURE__ */ anyLength("utf8"),
  ascii: /* @__PURE__ */ anyLength("ascii"),
  reference: { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" },
  region: { kind: "reference", itemsize: 12, byteOrder: "|", target: "region" },
};

/**
 * The dtype that a type to store means. Text of fixed length in UCS-4 (NumPy's `U`), which HDF5 has no type for, is
 * stored as text of any length in UTF-8.
 *
 * @param input A dtype or a name.
 * @returns The dtype.
 * @throws {DTypeError} If there is no such dtype.
 */
export function resolveDType(input: DTypeInput): DType {
  if (typeof input === "string") {
    const named = Object.hasOwn(NAMES, input) ? NAMES[input]! : undefined;
    if (named !== undefined) return named;
    try {
      return resolveDType(dtypeFromNumpy(input));
    } catch (cause) {
      if (!(cause instanceof UnsupportedError)) throw cause;
      throw new DTypeError(`Cannot store ${JSON.stringify(input)}: it is no dtype that HDF5 has`, { cause });
    }
  }
  if (typeof input !== "object" || input === null || typeof input.kind !== "string") {
    throw new DTypeError(`Cannot store ${String(input)}: expected a dtype or its name`);
  }
  return input.kind === "string" && input.charset === "ucs4" ? NAMES.str! : input;
}

function anyLength(charset: "utf8" | "ascii"): DType {
  return { kind: "string", length: null, itemsize: 0, byteOrder: "|", padding: "null-terminated", charset };
}

/**
 * Bytes that an element takes for h5py, by which it guesses chunks: pointers count 8.
 *
 * @param dtype The element's type.
 */
export function numpyItemsize(dtype: DType): number {
  switch (dtype.kind) {
    case "string":
      return dtype.length ?? 8;
    case "vlen":
    case "reference":
      return 8;
    case "array":
      return dtype.shape.reduce((product, length) => product * length, numpyItemsize(dtype.base));
    case "compound":
      return dtype.fields.reduce((sum, field) => sum + numpyItemsize(field.dtype), 0);
    default:
      return dtype.itemsize;
  }
}

/** Thrown where the C side refuses a type; its reason is in the out buffer. */
export class TypeRefused extends Error {}

/**
 * Makes a type on the C side. Part of a call, at whose end `mt_type_clear` is called.
 *
 * @param exports The instance.
 * @param instance The same.
 * @param dtype The type.
 * @returns Its number in the C side's table.
 * @throws {DTypeError} If HDF5 has no such type.
 * @throws {TypeRefused} If the C side refuses it.
 */
export function makeType(exports: Hdf5Exports, instance: Hdf5Instance, dtype: DType): number {
  const made = make(exports, instance, dtype);
  if (made <= 0) throw new TypeRefused();
  return made;
}

function make(exports: Hdf5Exports, instance: Hdf5Instance, dtype: DType): number {
  const order = dtype.byteOrder === ">" ? 1 : 0;
  switch (dtype.kind) {
    case "int":
    case "uint":
      return exports.mt_type_integer(dtype.itemsize, dtype.kind === "int" ? 1 : 0, order);
    case "float":
      return exports.mt_type_float(dtype.itemsize, order);
    case "bool":
      return makeEnum(exports, instance, { kind: "int", itemsize: 1, byteOrder: "|" }, { FALSE: 0, TRUE: 1 });
    case "enum":
      return makeEnum(exports, instance, dtype.base, dtype.members);
    case "complex": {
      const half = dtype.itemsize / 2;
      const part: DType = { kind: "float", itemsize: half as 4 | 8, byteOrder: dtype.byteOrder };
      return makeCompound(exports, instance, dtype.itemsize, [
        { name: "r", dtype: part, offset: 0 },
        { name: "i", dtype: part, offset: half },
      ]);
    }
    case "compound": {
      const { size, fields } = layOut(dtype);
      return makeCompound(exports, instance, size, fields);
    }
    case "string": {
      if (dtype.charset === "ucs4") return make(exports, instance, NAMES.str!);
      const padding = ["null-terminated", "null-padded", "space-padded"].indexOf(dtype.padding);
      if (dtype.length === 0) {
        throw new DTypeError(`Cannot store ${describeDType(dtype)}: HDF5 has no text of no bytes`);
      }
      return exports.mt_type_string(dtype.length ?? 0, padding, dtype.charset === "utf8" ? 1 : 0);
    }
    case "array": {
      const base = makeType(exports, instance, dtype.base);
      return withBuffers(
        instance,
        (put) => exports.mt_type_array(base, dtype.shape.length, put(Float64Array.from(dtype.shape))),
      );
    }
    case "vlen":
      return exports.mt_type_vlen(makeType(exports, instance, dtype.base));
    case "reference":
      if (dtype.target === "any") {
        throw new DTypeError("Cannot store references of the newer kind: object and region references can be stored");
      }
      return exports.mt_type_reference(dtype.target === "object" ? 0 : 1);
    case "opaque":
      return makeOpaque(exports, instance, dtype.itemsize, dtype.tag);
    default: {
      const unit = unitOf(dtype);
      // As h5py's opaque_dtype has it.
      const tag = `NUMPY:<${KINDS[dtype.kind].letter}${dtype.itemsize}[${unit}]`;
      if (unit !== null) return makeOpaque(exports, instance, dtype.itemsize, tag);
      throw new DTypeError(`Cannot store ${describeDType(dtype)}: HDF5 has no such type`);
    }
  }
}

function makeOpaque(exports: Hdf5Exports, instance: Hdf5Instance, size: number, tag: string): number {
  return instance.withText(tag, (pointer, length) => exports.mt_type_opaque(size, pointer, length));
}

function makeEnum(
  exports: Hdf5Exports,
  instance: Hdf5Instance,
  base: IntDType,
  members: Readonly<Record<string, number | bigint>>,
): number {
  const type = exports.mt_type_enum(makeType(exports, instance, base));
  if (type <= 0) return type;
  for (const [name, value] of Object.entries(members)) {
    const status = withBuffers(
      instance,
      (put) =>
        instance.withText(
          name,
          (pointer, length) =>
            exports.mt_type_enum_member(type, pointer, length, put(BigInt64Array.of(BigInt.asIntN(64, BigInt(value))))),
        ),
    );
    if (status < 0) return status;
  }
  return type;
}

type Fields = readonly { readonly name: string; readonly dtype: DType; readonly offset: number }[];

function makeCompound(exports: Hdf5Exports, instance: Hdf5Instance, size: number, fields: Fields): number {
  const type = exports.mt_type_compound(size);
  if (type <= 0) return type;
  for (const { name, dtype, offset } of fields) {
    const member = makeType(exports, instance, dtype);
    const status = instance.withText(
      name,
      (pointer, length) => exports.mt_type_member(type, pointer, length, offset, member),
    );
    if (status < 0) return status;
  }
  return type;
}

/**
 * Where the fields lie: where the dtype says, if they fit there, else one behind the other. Of what holds pointers the
 * dtype can't know the size.
 */
function layOut(dtype: Extract<DType, { kind: "compound" }>): { size: number; fields: Fields } {
  if (dtype.fields.length === 0) throw new DTypeError("Cannot store records without fields: HDF5 has no such type");
  const sizes = dtype.fields.map((field) => memorySize(field.dtype));
  let end = 0;
  const fits = dtype.fields.every((field, i) => {
    const free = field.offset >= end && field.dtype.itemsize === sizes[i];
    end = field.offset + sizes[i]!;
    return free;
  });
  if (fits && end <= dtype.itemsize) return { size: dtype.itemsize, fields: dtype.fields };
  let size = 0;
  const fields = dtype.fields.map(({ name, dtype }, i) => {
    const offset = size;
    size += sizes[i]!;
    return { name, dtype, offset };
  });
  return { size, fields };
}

/** Bytes of an element in the C side's memory. */
function memorySize(dtype: DType): number {
  switch (dtype.kind) {
    case "string":
      return dtype.charset === "ucs4" ? 4 : dtype.length ?? 4;
    case "vlen":
      return 8;
    case "array":
      return dtype.shape.reduce((product, length) => product * length, memorySize(dtype.base));
    case "compound":
      return layOut(dtype).size;
    default:
      return dtype.itemsize;
  }
}
