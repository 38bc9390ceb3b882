/**
 * From elements in memory layout (bytes, as `microtome.h` describes them) to JavaScript values.
 *
 * @module
 */
import { typedArrayOf } from "../../array/dtype/dtype.ts";
import { widenHalf } from "../../array/dtype/half.ts";
import { reverseBytes } from "../../array/dtype/swap.ts";
import { contiguousStride, sizeOf } from "../../array/ndarray.ts";
import type { ArrayData, NDArray } from "../../array/types.ts";
import { Reference, type ReferenceTarget } from "../reference.ts";
import { decodeText, textLength } from "../../array/text/text.ts";
import { dtypeOf, holdsPointers, isSwapped, type TypeInfo } from "../type_info.ts";

/** The C side's memory, where values hold pointers into it. */
export interface PointerMemory {
  /** All of the memory. */
  readonly bytes: Uint8Array;
  /** Where a reference of the newer kind leads, given its element (an `H5R_ref_t`). */
  reference(element: Uint8Array): ReferenceTarget;
}

type Numeric = { class: "integer" | "float" | "bitfield" | "time" | "enum" | "opaque" };

/**
 * Decodes elements.
 *
 * @param type Their type. An array type gives its elements one behind the other.
 * @param bytes The elements, packed, from the start of a buffer that the caller gives away (numbers become a view of it).
 * @param count How many.
 * @param memory What pointers lead into.
 * @returns A typed array for numbers, a plain array for the rest.
 */
export function decodeElements(
  type: TypeInfo,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  memory?: PointerMemory,
): ArrayData {
  if (count === 0 && holdsPointers(type)) return [];
  switch (type.class) {
    case "array":
      return decodeElements(type.base, bytes, count * sizeOf(type.shape), memory);
    case "string":
      return type.variable ? decodePointers(bytes, count, memory!) : decodeFixed(type, bytes, count);
    case "vlen":
      return decodeSequences(type.base, bytes, count, memory!);
    case "compound":
      return dtypeOf(type).kind === "complex"
        ? complexNumbers(type.size, bytes, count)
        : decodeRecords(type, bytes, count, memory);
    case "reference":
      return decodeReferences(type, bytes, count, memory);
    case "opaque":
      if (dtypeOf(type).kind === "opaque") {
        return Array.from({ length: count }, (_, i) => bytes.slice(i * type.size, (i + 1) * type.size));
      }
      // HDF5 doesn't know them for numbers, and leaves them as they are stored.
      if (isSwapped(type)) reverseBytes(bytes, type.size);
      return decodeNumbers(type, bytes, count);
    default:
      return decodeNumbers(type, bytes, count);
  }
}

/**
 * Axes that an element adds to the array that holds it: those of an array type, outermost first.
 *
 * @param type The element's type.
 */
export function elementShape(type: TypeInfo): number[] {
  return type.class === "array" ? [...type.shape, ...elementShape(type.base)] : [];
}

/** The type of an element once the axes of {@linkcode elementShape} are taken off. */
export function innermostType(type: TypeInfo): TypeInfo {
  return type.class === "array" ? innermostType(type.base) : type;
}

function decodeNumbers(type: TypeInfo & Numeric, bytes: Uint8Array<ArrayBuffer>, count: number): ArrayData {
  if (type.class === "float" && type.size === 2) return widenHalves(bytes, count);
  const TypedArray = typedArrayOf(dtypeOf(type)) as unknown as new (
    buffer: ArrayBuffer,
    byteOffset: number,
    length: number,
  ) => Exclude<ArrayData, unknown[]>;
  return new TypedArray(bytes.buffer, bytes.byteOffset, count);
}

function complexNumbers(size: number, bytes: Uint8Array<ArrayBuffer>, count: number): ArrayData {
  const TypedArray = size === 16 ? Float64Array : Float32Array;
  return new TypedArray(bytes.buffer, bytes.byteOffset, 2 * count);
}

function widenHalves(bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  const wide = new Uint32Array(count);
  for (let i = 0; i < count; i++) wide[i] = widenHalf(halves[i]!);
  return new Float32Array(wide.buffer);
}

function decodeFixed(type: Extract<TypeInfo, { class: "string" }>, bytes: Uint8Array, count: number): string[] {
  const out = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const start = i * type.size;
    out[i] = decodeText(bytes, start, textLength(bytes, start, type.size, type.padding));
  }
  return out;
}

/** Variable strings: an array of `char *`. A null pointer is an empty string, as h5py has it. */
function decodePointers(bytes: Uint8Array<ArrayBuffer>, count: number, memory: PointerMemory): string[] {
  const pointers = new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  const heap = memory.bytes;
  const out = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const start = pointers[i]!;
    out[i] = start === 0 ? "" : decodeText(heap, start, heap.indexOf(0, start) - start);
  }
  return out;
}

/** Sequences: an array of `hvl_t`, a length and a pointer each. */
function decodeSequences(
  base: TypeInfo,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  memory: PointerMemory,
): ArrayData[] {
  const pairs = new Uint32Array(bytes.buffer, bytes.byteOffset, 2 * count);
  const out = new Array<ArrayData>(count);
  // Sequences that were never written are empty, and cost no bytes: they mustn't cost a walk through their type each.
  const empty = decodeElements(base, new Uint8Array(0), 0, memory);
  for (let i = 0; i < count; i++) {
    const length = pairs[2 * i]!;
    const start = pairs[2 * i + 1]!;
    out[i] = length === 0
      ? empty.slice()
      : decodeElements(base, memory.bytes.slice(start, start + length * base.size), length, memory);
  }
  return out;
}

/** Records, column by column: each field's bytes are gathered and decoded as an array of their own. */
function decodeRecords(
  type: Extract<TypeInfo, { class: "compound" }>,
  bytes: Uint8Array,
  count: number,
  memory: PointerMemory | undefined,
): Record<string, unknown>[] {
  const out: Record<string, unknown>[] = Array.from({ length: count }, () => ({}));
  for (const { name, offset, type: field } of type.members) {
    const column = new Uint8Array(count * field.size);
    for (let i = 0; i < count; i++) {
      const start = i * type.size + offset;
      column.set(bytes.subarray(start, start + field.size), i * field.size);
    }
    const values = decodeElements(field, column, count, memory);
    const valueAt = fieldReader(field, values);
    for (let i = 0; i < count; i++) setField(out[i]!, name, valueAt(i));
  }
  return out;
}

/** A plain property whatever the name, `__proto__` included. */
function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(record, name, { value, enumerable: true, configurable: true });
  else record[name] = value;
}

/** Gives each record's value of a field: an `NDArray` for an array type, else what {@linkcode scalarOf} gives. */
function fieldReader(field: TypeInfo, values: ArrayData): (i: number) => unknown {
  if (field.class !== "array") return scalarReader(field, values);
  const shape = elementShape(field);
  const dtype = dtypeOf(innermostType(field));
  const per = sizeOf(shape) * (dtype.kind === "complex" ? 2 : 1);
  return (i) => {
    const data = values.slice(i * per, (i + 1) * per);
    return { data, shape, stride: contiguousStride(shape), dtype } satisfies NDArray;
  };
}

/**
 * One element as a JavaScript value: a bool as a boolean, a complex number as a pair, everything else as it is.
 *
 * @param type The elements' type.
 * @param values What {@linkcode decodeElements} gave.
 * @param i Which element.
 */
export function scalarOf(type: TypeInfo, values: ArrayData, i: number): unknown {
  return scalarReader(type, values)(i);
}

/** The dtype is made once, not per element: an enum may have thousands of members. */
function scalarReader(type: TypeInfo, values: ArrayData): (i: number) => unknown {
  const { kind } = dtypeOf(type);
  if (kind === "bool") return (i) => values[i] !== 0;
  if (kind === "complex") return (i) => [values[2 * i], values[2 * i + 1]];
  return (i) => values[i];
}

function decodeReferences(
  type: Extract<TypeInfo, { class: "reference" }>,
  bytes: Uint8Array,
  count: number,
  memory: PointerMemory | undefined,
): Reference[] {
  return Array.from({ length: count }, (_, i) => {
    const element = bytes.slice(i * type.size, (i + 1) * type.size);
    if (type.target !== "any") return new Reference(type.target, element);
    return new Reference("any", new Uint8Array(0), memory!.reference(element));
  });
}
