/**
 * What users hand over to be written, as one array.
 *
 * @module
 */
import { contiguousStride, isNDArray, nativeDType, ndarray, sizeOf } from "../../array/ndarray.ts";
import { fromPlain, isPlain } from "../../array/codec/plain.ts";
import type { DType, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { describe } from "./element_writer.ts";
import { Reference } from "../reference.ts";
import { resolveDType } from "./write_type.ts";

/**
 * What can be written: an array, a typed array, a list (of lists, where there are more axes), or one value, which is
 * repeated. Values are those that reading gives: numbers, bigints, booleans, text, `[re, im]`, records, references,
 * sequences, bytes.
 */
export type WritableData =
  | NDArray
  | NumericData
  | readonly unknown[]
  | number
  | bigint
  | boolean
  | string
  | Reference
  | Uint8ClampedArray
  | Readonly<Record<string, unknown>>
  | null;

/** Data to be written. */
export interface Values {
  /** The values. Where {@linkcode dtype} is `null`, entries of `array.data` are values as users give them. */
  readonly array: NDArray;
  /** Type of the numbers in a typed array; `null` for plain values. */
  readonly dtype: DType | null;
}

/**
 * Takes data apart.
 *
 * @param data What was handed over.
 * @param dtype The type that it is to become, where that is known: it tells where a list ends and an element begins.
 * @param action What is being done, for messages.
 * @returns The values and their shape.
 * @throws {ShapeError} If a list is ragged.
 * @throws {TypeError} If it mixes kinds of values, and no type is given.
 * @throws {DTypeError} If it is nothing that can be written.
 */
export function toValues(data: unknown, dtype: DType | undefined, action: string): Values {
  const inner = dtype?.kind === "array" ? flattened(dtype).base : dtype;
  if (isNDArray(data)) return fromArray(data);
  if (ArrayBuffer.isView(data) && !isElement(data, inner)) return fromTyped(data, action);
  if (!Array.isArray(data)) return plain([checked(data, action)], []);
  if (dtype === undefined && isPlain(data)) {
    const { shape, ...values } = fromPlain(data, action);
    return {
      array: ndarray(values.data, shape, values.dtype),
      dtype: Array.isArray(values.data) ? null : values.dtype,
    };
  }
  const shape = listShape(data, inner);
  const leaves: unknown[] = [];
  collect(data, shape, 0, leaves, action);
  return plain(leaves, shape);
}

/**
 * The type that values have where none is asked for, by the rule of {@linkcode ndarray}: numbers are float64, bigints
 * int64 (uint64 where one is larger than that), booleans h5py's bool, text variable-length UTF-8.
 *
 * @param values The values.
 * @param action What is being done, for messages.
 * @throws {TypeError} If they are of several kinds.
 * @throws {DTypeError} If they are of one that says too little, such as records.
 */
export function inferDType({ array, dtype }: Values, action: string): DType {
  if (dtype !== null) return resolveDType(dtype);
  if (array.dtype.kind !== "object") return resolveDType(array.dtype);
  const leaves = array.data as unknown[];
  const kinds = new Set(leaves.map(kindOf));
  if (kinds.size > 1) throw new TypeError(`Cannot ${action}: the values mix ${[...kinds].join(" and ")}; give a dtype`);
  const [first] = leaves;
  switch (kindOf(first)) {
    case "undefined":
    case "number":
      return resolveDType("<f8");
    case "bigint":
      return resolveDType(leaves.some((value) => (value as bigint) >= 2n ** 63n) ? "<u8" : "<i8");
    case "boolean":
      return resolveDType("bool");
    case "string":
      return resolveDType("str");
    case "reference":
      return { kind: "reference", itemsize: (first as Reference).bytes.length, byteOrder: "|", target: "object" };
    case "region reference":
      return { kind: "reference", itemsize: (first as Reference).bytes.length, byteOrder: "|", target: "region" };
    default:
      throw new DTypeError(`Cannot ${action}: ${describe(first)} doesn't tell its dtype; give one`);
  }
}

/** The axes of an array type, those of array types within it behind them, and what they hold. */
export function flattened(dtype: DType): { shape: number[]; base: DType } {
  if (dtype.kind !== "array") return { shape: [], base: dtype };
  const { shape, base } = flattened(dtype.base);
  return { shape: [...dtype.shape, ...shape], base };
}

function kindOf(value: unknown): string {
  if (value instanceof Reference) return value.target === "object" ? "reference" : `${value.target} reference`;
  return typeof value;
}

/** NDArrays of plain entries keep their dtype for inference; other lists have a stand-in of one entry per element. */
const ANY: DType = { kind: "object", itemsize: 8, byteOrder: "|" };

function plain(leaves: unknown[], shape: readonly number[]): Values {
  return { array: { data: leaves, shape, stride: contiguousStride(shape), dtype: ANY }, dtype: null };
}

function fromArray(given: NDArray): Values {
  const dtype = given.dtype ?? nativeDType(given.data);
  const { shape, base } = flattened(dtype);
  const inner = sizeOf(shape);
  const array: NDArray = shape.length === 0 ? { ...given, dtype } : {
    ...given,
    shape: [...given.shape, ...shape],
    stride: [...given.stride.map((step) => step * inner), ...contiguousStride(shape)],
    dtype: base,
  };
  return { array, dtype: Array.isArray(given.data) ? null : base };
}

function fromTyped(data: ArrayBufferView, action: string): Values {
  if (data instanceof DataView) throw new DTypeError(`Cannot ${action}: a DataView doesn't say what it holds`);
  if (data instanceof Uint8ClampedArray) {
    return fromTyped(new Uint8Array(data.buffer, data.byteOffset, data.length), action);
  }
  const known = data as unknown as NumericData;
  // A Float16Array, where the runtime has them.
  const numbers = known.BYTES_PER_ELEMENT === 2 && !(known instanceof Int16Array || known instanceof Uint16Array)
    ? Float32Array.from(known as unknown as Iterable<number>)
    : known;
  const array = ndarray(numbers);
  const dtype: DType = numbers === known ? array.dtype : { kind: "float", itemsize: 2, byteOrder: "<" };
  return { array: { ...array, dtype }, dtype };
}

/** Whether a typed array is one element of the type rather than a row of them. */
function isElement(data: unknown, dtype: DType | undefined): boolean {
  return ArrayBuffer.isView(data) && (dtype?.kind === "opaque" || dtype?.kind === "vlen");
}

/** Shape of nested lists by their first entries; what an element itself nests isn't counted. */
function listShape(data: unknown, dtype: DType | undefined): number[] {
  const shape: number[] = [];
  let part: unknown = data;
  let ended = false;
  while (Array.isArray(part) || (ArrayBuffer.isView(part) && !isElement(part, dtype))) {
    shape.push((part as ArrayLike<unknown>).length);
    part = (part as ArrayLike<unknown>)[0];
  }
  ended = isElement(part, dtype);
  // The innermost list is a pair, or a sequence, of an element.
  if (!ended && (dtype?.kind === "complex" || dtype?.kind === "vlen")) {
    if (dtype.kind === "vlen" || (shape.length > 0 && shape.at(-1) === 2)) shape.pop();
  }
  return shape;
}

function collect(part: unknown, shape: readonly number[], axis: number, leaves: unknown[], action: string): void {
  if (axis === shape.length) {
    leaves.push(checked(part, action));
    return;
  }
  const isList = Array.isArray(part) || ArrayBuffer.isView(part);
  if (!isList || (part as ArrayLike<unknown>).length !== shape[axis]) {
    throw new ShapeError(
      `Cannot ${action}: the list is ragged: ${
        isList ? `one of ${(part as ArrayLike<unknown>).length} entries` : describe(part)
      } along axis ${axis}, expected a list of ${shape[axis]}`,
    );
  }
  for (let i = 0; i < shape[axis]!; i++) collect((part as ArrayLike<unknown>)[i], shape, axis + 1, leaves, action);
}

function checked(value: unknown, action: string): unknown {
  if (value === undefined || typeof value === "function" || typeof value === "symbol") {
    throw new DTypeError(`Cannot ${action}: ${typeof value} can't be stored`);
  }
  return value;
}
