/**
 * The contracts of the array room: what a dtype, a selection, an array in memory and a lazy array are.
 *
 * @module
 */

/** Byte order in which a dtype's values are stored; `|` where it has none. */
export type ByteOrder = "<" | ">" | "|";

/** Signed or unsigned integer; bitfields are unsigned integers, as h5py has them. */
export interface IntDType {
  /** Tells it from the other kinds. */
  readonly kind: "int" | "uint";
  /** Bytes per element. */
  readonly itemsize: 1 | 2 | 4 | 8;
  /** Byte order in storage; values in memory are always native. */
  readonly byteOrder: ByteOrder;
}

/** IEEE floating point. float16 comes as `Float32Array`, which holds every value of it. */
export interface FloatDType {
  /** Tells it from the other kinds. */
  readonly kind: "float";
  /** Bytes per element. */
  readonly itemsize: 2 | 4 | 8;
  /** Byte order in storage. */
  readonly byteOrder: ByteOrder;
}

/** Truth values, one byte each, 0 or 1 in a `Uint8Array`. */
export interface BoolDType {
  /** Tells it from the other kinds. */
  readonly kind: "bool";
  /** Bytes per element. */
  readonly itemsize: 1;
  /** It has none of its own. */
  readonly byteOrder: "|";
}

/** Pairs of floats; in memory interleaved real, imaginary in a `Float32Array` or `Float64Array` of twice the length. */
export interface ComplexDType {
  /** Tells it from the other kinds. */
  readonly kind: "complex";
  /** Bytes per element. */
  readonly itemsize: 8 | 16;
  /** Byte order in storage. */
  readonly byteOrder: ByteOrder;
}

/** Text; in memory a JavaScript string. */
export interface StringDType {
  /** Tells it from the other kinds. */
  readonly kind: "string";
  /** Bytes per element in storage where the length is fixed, `null` where it varies. */
  readonly length: number | null;
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** `>` for UCS-4 in big-endian order, else it has none of its own. */
  readonly byteOrder: "|" | ">";
  /** How its characters are encoded. */
  readonly charset: "ascii" | "utf8" | "ucs4";
  /** How a fixed-length string is filled up. */
  readonly padding: "null-terminated" | "null-padded" | "space-padded";
}

/** Named integer values; in memory the integers. */
export interface EnumDType {
  /** Tells it from the other kinds. */
  readonly kind: "enum";
  /** Bytes per element. */
  readonly itemsize: 1 | 2 | 4 | 8;
  /** Byte order in storage. */
  readonly byteOrder: ByteOrder;
  /** The integer type that holds the values. */
  readonly base: IntDType;
  /** Value of each name. */
  readonly members: Readonly<Record<string, number | bigint>>;
}

/** A record; in memory an object with one property per field. */
export interface CompoundDType {
  /** Tells it from the other kinds. */
  readonly kind: "compound";
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** It has none of its own. */
  readonly byteOrder: "|";
  /** The fields, in the order of the file. */
  readonly fields: readonly {
    /** Its name. */
    readonly name: string;
    /** Type of its values. */
    readonly dtype: DType;
    /** Byte offset within a record. */
    readonly offset: number;
  }[];
}

/** A small array as one element; in memory its axes are appended to the array's shape, or an `NDArray` in a record. */
export interface ArrayDType {
  /** Tells it from the other kinds. */
  readonly kind: "array";
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** It has none of its own. */
  readonly byteOrder: "|";
  /** Type of what it holds. */
  readonly base: DType;
  /** Length of each of its axes. */
  readonly shape: readonly number[];
}

/** A sequence of varying length; in memory a typed array of the base, or a plain array where it has none. */
export interface VlenDType {
  /** Tells it from the other kinds. */
  readonly kind: "vlen";
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** It has none of its own. */
  readonly byteOrder: "|";
  /** Type of what it holds. */
  readonly base: DType;
}

/** A reference to an object, a region of a dataset, or an attribute. */
export interface ReferenceDType {
  /** Tells it from the other kinds. */
  readonly kind: "reference";
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** It has none of its own. */
  readonly byteOrder: "|";
  /** What it leads to; `any` is the newer kind, which can be all three. */
  readonly target: "object" | "region" | "any";
}

/** Bytes without meaning; in memory a `Uint8Array` per element. */
export interface OpaqueDType {
  /** Tells it from the other kinds. */
  readonly kind: "opaque";
  /** Bytes per element in storage. */
  readonly itemsize: number;
  /** It has none of its own. */
  readonly byteOrder: "|";
  /** What the file says of the bytes. */
  readonly tag: string;
}

/** NumPy's `datetime64` or `timedelta64`; in memory a `BigInt64Array` of counts of `unit`. */
export interface DatetimeDType {
  /** Tells it from the other kinds. */
  readonly kind: "datetime" | "timedelta";
  /** Bytes per element. */
  readonly itemsize: 8;
  /** Byte order in storage. */
  readonly byteOrder: ByteOrder;
  /** NumPy's unit, such as `s`, `ms`, `ns`, `D`. */
  readonly unit: string;
}

/** Any Python object, as a pickle has it; in memory the JavaScript value that stands for it. */
export interface ObjectDType {
  /** Tells it from the other kinds. */
  readonly kind: "object";
  /** Bytes of the pointer that NumPy has in memory. */
  readonly itemsize: 8;
  /** It has none of its own. */
  readonly byteOrder: "|";
}

/** The type of an array's elements. */
export type DType =
  | IntDType
  | FloatDType
  | BoolDType
  | ComplexDType
  | StringDType
  | EnumDType
  | CompoundDType
  | ArrayDType
  | VlenDType
  | ReferenceDType
  | OpaqueDType
  | DatetimeDType
  | ObjectDType;

/** Typed arrays that numeric data comes in. */
export type NumericData =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What data can come in: a typed array for numbers, a plain array for the rest. */
export type ArrayData = NumericData | unknown[];

/** A half-open range along one axis, made by {@linkcode slice}. */
export interface Slice {
  /** Tells it from the other kinds. */
  readonly kind: "slice";
  /** First index, or `null` for where the step begins. */
  readonly start: number | null;
  /** First index left out, or `null` for no bound. */
  readonly stop: number | null;
  /** Distance between indices, or `null` for 1. */
  readonly step: number | null;
}

/**
 * Truth values that select where they are true: booleans, or an array of bools as it was read from a file. Its `data` are
 * bytes, which might as well be indices, and are refused; `toMask` makes a mask of them.
 */
export type Mask = readonly boolean[] | NDArray;

/**
 * What can be selected along one axis. A number drops the axis; a mask has the axis' length; an array of integers is a list
 * of indices. A slice needs no `kind`, so that zarrita's can be given.
 */
export type AxisSelection =
  | number
  | Slice
  | Omit<Slice, "kind">
  | null
  | readonly number[]
  | Mask
  | Exclude<NumericData, Uint8Array>;

/**
 * What can be selected from an array: one entry per axis (missing ones mean all), or nothing for everything. Where an array
 * is read, the first entry may be a mask of several axes, which selects along as many, as in NumPy.
 */
export type Selection = readonly AxisSelection[] | null | undefined;

/** One axis of a checked selection: which indices, in which order. */
export type ResolvedAxis =
  | {
    readonly kind: "range";
    readonly start: number;
    readonly step: number;
    readonly count: number;
    readonly drop: boolean;
  }
  | { readonly kind: "list"; readonly indices: Float64Array; readonly count: number; readonly drop: false };

/** An array in memory. `data`, `shape` and `stride` are what zarrita's chunks have, so the two mix. */
export interface NDArray<D extends ArrayData = ArrayData> {
  /** The elements. */
  readonly data: D;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Elements (not bytes) from one index to the next along each axis. */
  readonly stride: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
}

/** Options of a read of a lazy array. */
export interface ArrayReadOptions {
  /** Aborts the read. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether whole pages are fetched and kept, where bytes are far away and lie flat, instead of just the bytes that are
   * asked for: more bytes, and by far fewer requests where other small reads nearby will follow.
   *
   * @default {false}
   */
  readonly wholePages?: boolean | undefined;
}

/** Options of {@linkcode LazyArray.read}. */
export interface ReadIntoOptions extends ArrayReadOptions {
  /**
   * Memory that the values go into, in place of new memory, which is the largest cost of a large read. It is what comes
   * back as `data`. A typed array of the class and length that `data` would have (complex numbers take two entries each);
   * of an array in memory, which must lie in C order without gaps, only the size counts, not the shape.
   *
   * Memory that is too long or too short is refused with a RangeError; that of another class, and any where the elements
   * aren't numbers, with a TypeError. What lies around it in its buffer stays as it is. A read that fails leaves undefined
   * values in it, of unchanged number. It mustn't overlap with memory that is read from, or be used by two reads at once.
   *
   * @default {undefined} (new memory)
   *
   * @example
   * ```ts
   * import { memoryArray } from "./memory.ts";
   * import { ndarray } from "./ndarray.ts";
   * import { slice } from "./select/slice.ts";
   * import assert from "node:assert/strict";
   *
   * const lazy = memoryArray(ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2]));
   * const into = new Int16Array(4);
   * const { data, shape } = await lazy.read([slice(1, null)], { into });
   * assert.equal(data, into);
   * assert.deepEqual([into, shape], [Int16Array.of(3, 4, 5, 6), [2, 2]]);
   * ```
   */
  readonly into?: NumericData | NDArray<NumericData> | undefined;
}

/** An array that is read only where, and when, it is asked. Everything readable ends in one. */
export interface LazyArray<D extends ArrayData = ArrayData> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
  /** Shape of the pieces in which it is stored, or `null` where it lies in one piece. */
  readonly chunkShape: readonly number[] | null;
  /** Reads a selection, everything by default; with `into`, into memory that is there. */
  read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>>;
  /** The selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): LazyArray<D>;
}

/** A block of an array on its way from a source to a target: the values, and where they belong. */
export interface DataChunk<D extends ArrayData = ArrayData> {
  /** The values. */
  readonly data: NDArray<D>;
  /** Where they lie in the whole: per axis a slice of step 1, or an index (whose axis the data lacks). */
  readonly selection: readonly (number | Slice)[];
}

/**
 * An array that comes in blocks, one after the other: what chunk iterators are and writers take.
 *
 * Blocks may come in any order and leave gaps, which keep the target's fill value.
 */
export interface ChunkSource<D extends ArrayData = ArrayData> extends AsyncIterable<DataChunk<D>> {
  /** Type of the elements. */
  readonly dtype: DType;
  /** How long each axis can become; `null` where that isn't known before the end. */
  readonly maxShape: readonly (number | null)[];
  /** Shape of the chunks that a target should store, or `null` where it doesn't matter. */
  readonly chunkShape: readonly number[] | null;
  /** Shape to make the target with: `maxShape` where it is known, else that of the first block. */
  readonly dataShape: readonly number[];
}

/** A shape of which some axes are given, and others, as `null`, left to be found or chosen. */
export type PartialShape = readonly (number | null)[];
