/**
 * The element types as the C side describes them (`TYPE` in `microtome.h`), and the dtype that each becomes.
 *
 * @module
 */
import type { ByteOrder, DType, IntDType } from "../array/types.ts";
import { kindOfLetter, KINDS } from "../array/dtype/kinds.ts";

/** An element type in its memory layout: the JSON of the C side, its classes told apart by `class`. */
export type TypeInfo =
  | { class: "integer"; size: number; signed: boolean; order: ByteOrder }
  | { class: "float"; size: number; order: ByteOrder }
  | { class: "bitfield" | "time"; size: number; order: ByteOrder }
  | {
    class: "string";
    size: number;
    variable: boolean;
    padding: "null-terminated" | "null-padded" | "space-padded";
    charset: "ascii" | "utf8";
  }
  | { class: "enum"; size: number; order: ByteOrder; base: TypeInfo; members: [string, string][] }
  | { class: "compound"; size: number; members: { name: string; offset: number; type: TypeInfo }[] }
  | { class: "array"; size: number; shape: number[]; base: TypeInfo }
  | { class: "vlen"; size: number; base: TypeInfo }
  | { class: "reference"; size: number; target: "object" | "region" | "any" }
  | { class: "opaque"; size: number; tag: string };

/**
 * The dtype that a type is read as. Follows h5py: an enum of FALSE and TRUE is a bool, a compound of two equal
 * floats named `r` and `i` is complex, an opaque with NumPy's tag is a datetime, a bitfield is an unsigned integer.
 *
 * @param type The C side's description.
 * @returns The dtype.
 */
export function dtypeOf(type: TypeInfo): DType {
  // Decoding asks again and again, also for types within types.
  let dtype = known.get(type);
  if (dtype === undefined) known.set(type, dtype = makeDType(type));
  return dtype;
}

const known = new WeakMap<TypeInfo, DType>();

function makeDType(type: TypeInfo): DType {
  switch (type.class) {
    case "integer":
      return intDType(type.signed ? "int" : "uint", type.size, type.order);
    case "time":
      return intDType("int", type.size, type.order);
    case "bitfield":
      return intDType("uint", type.size, type.order);
    case "float":
      return { kind: "float", itemsize: type.size as 2 | 4 | 8, byteOrder: type.order };
    case "string":
      return {
        kind: "string",
        length: type.variable ? null : type.size,
        itemsize: type.size,
        byteOrder: "|",
        charset: type.charset,
        padding: type.padding,
      };
    case "enum":
      return enumDType(type);
    case "compound":
      return complexOf(type) ?? {
        kind: "compound",
        itemsize: type.size,
        byteOrder: "|",
        fields: type.members.map(({ name, offset, type }) => ({ name, offset, dtype: dtypeOf(type) })),
      };
    case "array":
      return { kind: "array", itemsize: type.size, byteOrder: "|", base: dtypeOf(type.base), shape: type.shape };
    case "vlen":
      return { kind: "vlen", itemsize: type.size, byteOrder: "|", base: dtypeOf(type.base) };
    case "reference":
      return { kind: "reference", itemsize: type.size, byteOrder: "|", target: type.target };
    case "opaque":
      return opaqueDType(type.size, type.tag);
  }
}

function intDType(kind: "int" | "uint", size: number, byteOrder: ByteOrder): IntDType {
  return { kind, itemsize: size as 1 | 2 | 4 | 8, byteOrder };
}

function enumDType(type: Extract<TypeInfo, { class: "enum" }>): DType {
  const names = new Map(type.members);
  if (type.size === 1 && names.size === 2 && names.get("FALSE") === "0" && names.get("TRUE") === "1") {
    return { kind: "bool", itemsize: 1, byteOrder: "|" };
  }
  const base = dtypeOf(type.base) as IntDType;
  // A null prototype, so that a member called "__proto__" is a member like any other.
  const members: Record<string, number | bigint> = Object.create(null);
  for (const [name, value] of type.members) members[name] = type.size === 8 ? BigInt(value) : Number(value);
  return { kind: "enum", itemsize: base.itemsize, byteOrder: base.byteOrder, base, members };
}

/** h5py's convention for complex numbers. The C side tells the class that HDF5 2.0 has for them in the same form. */
function complexOf(type: Extract<TypeInfo, { class: "compound" }>): DType | undefined {
  const [re, im] = type.members;
  if (type.members.length !== 2 || re?.name !== "r" || im?.name !== "i") return undefined;
  if (re.type.class !== "float" || im.type.class !== "float" || re.type.order !== im.type.order) return undefined;
  const { size } = re.type;
  if ((size !== 4 && size !== 8) || im.type.size !== size || re.offset !== 0 || im.offset !== size) return undefined;
  if (type.size !== 2 * size) return undefined;
  return { kind: "complex", itemsize: type.size as 8 | 16, byteOrder: re.type.order };
}

/** h5py stores datetimes as opaque bytes under NumPy's type string, such as `NUMPY:M8[s]` or `NUMPY:<M8[s]`. */
function opaqueDType(size: number, tag: string): DType {
  const [, order, letter = "", bytes, unit] = /^NUMPY:([<>|=]?)([a-zA-Z])(\d+)\[(.+)\]$/.exec(tag) ?? [];
  const kind = kindOfLetter(letter);
  if (kind === undefined || !KINDS[kind].hasUnit || !KINDS[kind].sizes!.includes(size) || Number(bytes) !== size) {
    return { kind: "opaque", itemsize: size, byteOrder: "|", tag };
  }
  return { kind, itemsize: size, byteOrder: order === ">" ? ">" : "<", unit } as DType;
}

/** Whether elements lie in memory in the order of bytes that they are stored in, and that is big-endian: NumPy's numbers in opaques. */
export function isSwapped(type: TypeInfo): boolean {
  return type.class === "opaque" && dtypeOf(type).byteOrder === ">";
}

/**
 * Whether a value of the type holds pointers, so that its bytes mean nothing outside the C side's memory.
 *
 * @param type The C side's description.
 */
export function holdsPointers(type: TypeInfo): boolean {
  switch (type.class) {
    case "string":
      return type.variable;
    case "vlen":
      return true;
    case "reference":
      return type.target === "any";
    case "compound":
      return type.members.some((member) => holdsPointers(member.type));
    case "array":
      return holdsPointers(type.base);
    default:
      return false;
  }
}

/**
 * The dtype of values in memory: as stored, but in native (little-endian) byte order.
 *
 * @param dtype The stored dtype.
 */
export function inNativeOrder(dtype: DType): DType {
  switch (dtype.kind) {
    case "array":
    case "vlen":
      return { ...dtype, base: inNativeOrder(dtype.base) };
    case "compound":
      return { ...dtype, fields: dtype.fields.map((field) => ({ ...field, dtype: inNativeOrder(field.dtype) })) };
    case "enum":
      return { ...dtype, byteOrder: nativeOrder(dtype.byteOrder), base: inNativeOrder(dtype.base) as IntDType };
    default:
      return { ...dtype, byteOrder: nativeOrder(dtype.byteOrder) } as DType;
  }
}

function nativeOrder(order: ByteOrder): ByteOrder {
  return order === ">" ? "<" : order;
}
