/**
 * Arrays as bytes: how NumPy would have them, little-endian and packed, or records as they are stored.
 *
 * @module
 */
import type { ArrayData, DType, NDArray } from "../../src/array/types.ts";
import { encodeText } from "./text.ts";

/** How to write elements down. */
export interface Layout {
  /** Whether records lose the bytes between their fields. */
  readonly packed: boolean;
  /** Whether parts keep the byte order that they are stored in; else all is little-endian. */
  readonly storedOrder: boolean;
}

/** Little-endian, no padding. */
export const PACKED: Layout = { packed: true, storedOrder: false };
/** Records with their stored offsets and byte orders, zeros between the fields. */
export const STORED: Layout = { packed: false, storedOrder: true };

/** Bytes that one element takes; `null` where it has no fixed size. */
export function sizeOf(dtype: DType, layout: Layout): number | null {
  switch (dtype.kind) {
    case "string":
      return dtype.length === null ? null : dtype.itemsize;
    case "vlen":
    case "reference":
      return null;
    case "array": {
      const base = sizeOf(dtype.base, layout);
      return base === null ? null : dtype.shape.reduce((product, length) => product * length, base);
    }
    case "compound": {
      const sizes = dtype.fields.map((field) => sizeOf(field.dtype, layout));
      if (sizes.some((size) => size === null)) return null;
      return layout.packed ? sizes.reduce<number>((sum, size) => sum + size!, 0) : dtype.itemsize;
    }
    default:
      return dtype.itemsize;
  }
}

/** Whether a record has bytes between its fields. */
export function hasPadding(dtype: DType): boolean {
  if (dtype.kind === "array") return hasPadding(dtype.base);
  if (dtype.kind !== "compound") return false;
  return sizeOf(dtype, { packed: true, storedOrder: false }) !== dtype.itemsize ||
    dtype.fields.some((field) => hasPadding(field.dtype));
}

/**
 * All elements as bytes in C order.
 *
 * @param array The array, C-contiguous.
 * @param dtype Its dtype as stored (the array's own is in native order).
 * @param layout How to write elements.
 * @returns The bytes, or `null` where elements have no fixed size.
 */
export function bytesOf(array: NDArray, dtype: DType, layout: Layout): Uint8Array<ArrayBuffer> | null {
  const element = dtype.kind === "array" ? baseOf(dtype) : dtype;
  const { data } = array;
  const size = sizeOf(element, layout);
  if (size === null) return null;
  if (ArrayBuffer.isView(data) && !(element.kind === "float" && element.itemsize === 2)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
  const count = elementsIn(data, element);
  const view = new DataView(new ArrayBuffer(count * size));
  // At the top level NumPy's peer has swapped numbers already; inside records it hasn't.
  const inner = element.kind === "compound" ? layout : { ...layout, storedOrder: false };
  for (let i = 0; i < count; i++) write(view, i * size, element, (data as ArrayLike<unknown>)[i], inner);
  return new Uint8Array(view.buffer);
}

/** The dtype of what an array dtype's elements are made of in the end. */
export function baseOf(dtype: DType): DType {
  return dtype.kind === "array" ? baseOf(dtype.base) : dtype;
}

/** Elements in data: complex ones take two entries. */
export function elementsIn(data: ArrayData, dtype: DType): number {
  return dtype.kind === "complex" ? data.length / 2 : data.length;
}

/** The bytes of one element inside a record or sequence. */
function write(view: DataView, at: number, dtype: DType, value: unknown, layout: Layout): void {
  const little = !(layout.storedOrder && dtype.byteOrder === ">");
  switch (dtype.kind) {
    case "bool":
      view.setUint8(at, Number(value));
      return;
    case "int":
    case "uint":
      return writeInteger(view, at, dtype.kind, dtype.itemsize, value as number | bigint, little);
    case "enum":
      return writeInteger(view, at, dtype.base.kind, dtype.itemsize, value as number | bigint, little);
    case "datetime":
    case "timedelta":
      view.setBigInt64(at, value as bigint, little);
      return;
    case "float":
      return writeFloat(view, at, dtype.itemsize, value as number, little);
    case "complex": {
      const [re, im] = complexParts(value);
      writeFloat(view, at, dtype.itemsize / 2, re, little);
      return writeFloat(view, at + dtype.itemsize / 2, dtype.itemsize / 2, im, little);
    }
    case "string":
      new Uint8Array(view.buffer, at, dtype.itemsize).set(encodeText(value as string));
      return;
    case "opaque":
      new Uint8Array(view.buffer, at, dtype.itemsize).set(value as Uint8Array);
      return;
    case "compound": {
      let packed = at;
      for (const field of dtype.fields) {
        const place = layout.packed ? packed : at + field.offset;
        write(view, place, field.dtype, (value as Record<string, unknown>)[field.name], layout);
        packed += sizeOf(field.dtype, layout)!;
      }
      return;
    }
    case "array": {
      const base = baseOf(dtype);
      const size = sizeOf(base, layout)!;
      elementsOf(value as NDArray, base).forEach((item, i) => write(view, at + i * size, base, item, layout));
      return;
    }
    default:
      throw new TypeError(`A ${dtype.kind} has no bytes of its own`);
  }
}

/** The elements of an array as a plain list; complex ones as pairs. */
export function elementsOf(array: NDArray | ArrayData, dtype: DType, limit: number = Infinity): unknown[] {
  const data = "shape" in array ? array.data : array;
  const count = Math.min(limit, elementsIn(data, dtype));
  const items = data as ArrayLike<unknown>;
  return Array.from(
    { length: count },
    (_, i) => dtype.kind === "complex" ? [items[2 * i], items[2 * i + 1]] : items[i],
  );
}

/** Real and imaginary part of a complex number inside a record, whichever way it is held. */
export function complexParts(value: unknown): [number, number] {
  const parts = (typeof value === "object" && value !== null && "data" in value ? value.data : value) as ArrayLike<
    number
  >;
  return [parts[0]!, parts[1]!];
}

function writeInteger(
  view: DataView,
  at: number,
  kind: "int" | "uint",
  size: number,
  value: number | bigint,
  little: boolean,
): void {
  if (size === 1) view.setUint8(at, Number(value));
  else if (size === 2) view.setUint16(at, Number(value), little);
  else if (size === 4) view.setUint32(at, Number(value), little);
  else if (kind === "int") view.setBigInt64(at, BigInt(value), little);
  else view.setBigUint64(at, BigInt(value), little);
}

function writeFloat(view: DataView, at: number, size: number, value: number, little: boolean): void {
  if (size === 2) view.setUint16(at, float16Bits(value), little);
  else if (size === 4) view.setFloat32(at, value, little);
  else view.setFloat64(at, value, little);
}

/** The 16 bits of a number that is a float16 exactly, as every value read from one is. */
function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size === Infinity) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | (size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024);
}
