/**
 * What the reader calls element types and arrays. This room lies below the arrays' own, so types are names here.
 *
 * @module
 */

/** Types that results come in, by NumPy's names. */
export type ElementType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** Types that are read. */
export type StoredType = ElementType | "float16";

/** The typed array of each type. */
export interface ElementArrays {
  int8: Int8Array<ArrayBuffer>;
  uint8: Uint8Array<ArrayBuffer>;
  int16: Int16Array<ArrayBuffer>;
  uint16: Uint16Array<ArrayBuffer>;
  int32: Int32Array<ArrayBuffer>;
  uint32: Uint32Array<ArrayBuffer>;
  int64: BigInt64Array<ArrayBuffer>;
  uint64: BigUint64Array<ArrayBuffer>;
  float32: Float32Array<ArrayBuffer>;
  float64: Float64Array<ArrayBuffer>;
}

/** The typed array of a type. */
export type ElementArray<T extends ElementType> = ElementArrays[T];

/** How channels lie: `[n][channels]`, a frame after the other, or `[channels][n]`, a channel after the other. */
export type Layout = "time-major" | "channel-major";

/** Bytes of any kind: a typed array, a `DataView`, of any alignment. */
export type Bytes = ArrayBufferView;

/** The types in the order of `reader.h`. */
export const TYPES: readonly StoredType[] = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "float16",
];

/** Bytes per element of a type: what stands in its name, in bits. */
export function sizeOf(type: StoredType): number {
  return Number(type.replace(/\D+/, "")) / 8;
}

/** The type of a typed array's elements. */
export function elementTypeOf(array: ElementArrays[ElementType]): ElementType {
  return array[Symbol.toStringTag].toLowerCase().replace(/^big|array$/g, "") as ElementType;
}

/**
 * Memory for elements of a type.
 *
 * @param type Their type.
 * @param length How many.
 */
export function newArray<T extends ElementType>(type: T, length: number): ElementArray<T> {
  const made: { [K in ElementType]: new (length: number) => ElementArrays[K] } = {
    int8: Int8Array,
    uint8: Uint8Array,
    int16: Int16Array,
    uint16: Uint16Array,
    int32: Int32Array,
    uint32: Uint32Array,
    int64: BigInt64Array,
    uint64: BigUint64Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  return new made[type](length) as ElementArray<T>;
}

/** The same memory as bytes. */
export function bytesOf<B extends ArrayBufferLike>(
  view: { buffer: B; byteOffset: number; byteLength: number },
): Uint8Array<B> {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
