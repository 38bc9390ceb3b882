/**
 * An array that microtome has read, in the form of expected values.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { DType, NDArray } from "../../src/array/types.ts";
import { baseOf, bytesOf, complexParts, elementsIn, elementsOf, type Layout, PACKED, STORED } from "./bytes.ts";
import type { Plain } from "./expected.ts";
import { encodeText, replaceBroken } from "./text.ts";

/** How many elements of arrays inside elements are written down. */
const INNER = 8;

/** An array in the form of expected values. */
export interface Description {
  readonly first: Plain[];
  readonly last: Plain[];
  /** Exact for integers, a float64 sum for floats, absent for the rest. */
  readonly sum: Plain | undefined;
  /** Digest of the bytes, by layout of records; `null` where elements have none. */
  digest(layout: Layout): string | null;
  /** Digest of text and sequences; `null` where they hold anything else. */
  digestOfTexts(): string | null;
}

/**
 * Describes an array.
 *
 * @param array What was read, C-contiguous.
 * @param stored The dtype as stored.
 */
export function describe(array: NDArray, stored: DType): Description {
  const dtype = baseOf(array.dtype);
  const count = elementsIn(array.data, dtype);
  const element = (i: number): Plain => plain(at(array, dtype, i), dtype, INNER);
  return {
    first: Array.from({ length: Math.min(8, count) }, (_, i) => element(i)),
    last: Array.from({ length: Math.min(3, count) }, (_, i) => element(Math.max(0, count - 3) + i)),
    sum: sumOf(array, dtype),
    digest: (layout) => {
      const bytes = bytesOf(array, stored, layout);
      return bytes === null ? null : sha256(bytes);
    },
    digestOfTexts: () => digestOfTexts(array, dtype),
  };
}

/**
 * Every element, in the form of expected values.
 *
 * @param array What was read.
 */
export function plainValues(array: NDArray): Plain[] {
  const dtype = baseOf(array.dtype);
  const count = elementsIn(array.data, dtype);
  return Array.from({ length: count }, (_, i) => plain(at(array, dtype, i), dtype, Infinity));
}

function at(array: NDArray, dtype: DType, index: number): unknown {
  const data = array.data as ArrayLike<unknown>;
  return dtype.kind === "complex" ? [data[2 * index], data[2 * index + 1]] : data[index];
}

function plain(value: unknown, dtype: DType, limit: number): Plain {
  switch (dtype.kind) {
    case "bool":
      return Boolean(value);
    case "int":
    case "uint":
    case "enum":
    case "datetime":
    case "timedelta":
      return plainInteger(value as number | bigint);
    case "float":
      return plainFloat(value as number);
    case "complex":
      return complexParts(value).map(plainFloat);
    case "string":
      return replaceBroken(value as string);
    case "object":
      throw new TypeError("No HDF5 file holds Python's objects");
    case "reference":
      return "<ref>";
    case "opaque":
      return Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "compound":
      return dtype.fields.map((field) => plain((value as Record<string, unknown>)[field.name], field.dtype, limit));
    case "array":
      return elementsOf(value as NDArray, baseOf(dtype), limit).map((item) => plain(item, baseOf(dtype), limit));
    case "vlen": {
      const base = baseOf(dtype.base);
      return elementsOf(value as NDArray, base, limit).map((item) => plain(item, base, limit));
    }
  }
}

function plainInteger(value: number | bigint): Plain {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function plainFloat(value: number): Plain {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

function sumOf(array: NDArray, dtype: DType): Plain | undefined {
  const { data } = array;
  if (!ArrayBuffer.isView(data)) return undefined;
  if (dtype.kind === "float") {
    let sum = 0;
    for (const value of data as Float64Array) sum += value;
    return plainFloat(sum);
  }
  if (dtype.kind !== "int" && dtype.kind !== "uint" && dtype.kind !== "enum" && dtype.kind !== "bool") return undefined;
  // Numbers of up to 32 bits add exactly in a double below 2^53; a bigint takes over in between.
  let sum = 0n;
  let part = 0;
  for (const value of data) {
    if (typeof value === "bigint") sum += value;
    else {
      part += value;
      if (part > 2 ** 50 || part < -(2 ** 50)) {
        sum += BigInt(part);
        part = 0;
      }
    }
  }
  return String(sum + BigInt(part));
}

function digestOfTexts(array: NDArray, dtype: DType): string | null {
  if (dtype.kind !== "string" && dtype.kind !== "vlen") return null;
  const hash = createHash("sha256");
  for (const item of array.data as unknown[]) {
    const bytes = typeof item === "string" ? encodeText(item) : sequenceBytes(item as NDArray, dtype);
    if (bytes === null) return null;
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, bytes.length, true);
    hash.update(new Uint8Array(length.buffer)).update(bytes);
  }
  return hash.digest("hex");
}

function sequenceBytes(item: unknown, dtype: DType): Uint8Array<ArrayBuffer> | null {
  if (dtype.kind !== "vlen") return null;
  const data = (Array.isArray(item) || ArrayBuffer.isView(item) ? item : (item as NDArray).data) as NDArray["data"];
  return bytesOf({ data, shape: [data.length], stride: [1], dtype: dtype.base }, dtype.base, PACKED);
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array<ArrayBuffer>): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export { PACKED, STORED };
