/**
 * The few Python objects that a pickle may ask for, made by our own table: nothing is ever looked up or called by name.
 *
 * @module
 */

import { decodeElements, nativeOrder } from "../../array/codec/decode_elements.ts";
import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { unitOf } from "../../array/dtype/kinds.ts";
import { flatByteLength } from "../../array/flat/flat_array.ts";
import { contiguousStride, flatten, ndarray, sizeOf, valueAt } from "../../array/ndarray.ts";
import type { CompoundDType, DType, NDArray } from "../../array/types.ts";
import { valuesPerElement } from "../../array/text/value_count.ts";
import { LimitError, UnsupportedError } from "../../source/errors.ts";
import { MOST_AXES } from "../../array/dtype/descr.ts";

/** An array that is being put together; a value like any other until the pickle has ended. */
export class ArrayBox {
  /** Once its state has come. */
  array: NDArray | undefined;
}

/** A dtype that is being put together. */
export class DTypeBox {
  /** What is known by now. */
  dtype: DType;
  /** How many types lie within each other. */
  depth = 1;
  /** Of how many types it is made. */
  parts = 1;

  /** Starts with what its name says. */
  constructor(dtype: DType) {
    this.dtype = dtype;
  }
}

/** Something that a pickle names: one of {@linkcode KNOWN}. */
export class Global {
  /** How it is called, without NumPy's private package name. */
  readonly name: string;

  /** Made by {@linkcode findGlobal}. */
  constructor(name: string) {
    this.name = name;
  }
}

/** How many elements of no size an array may have. */
const MOST_EMPTY = 1_000_000;
/** How deep types may lie within each other. */
const DEEPEST_TYPE = 64;
/** How many types one may be made of, one counted as often as it is referred to. */
const MOST_TYPES = 1_000_000;

/**
 * What making objects may copy in all. A pickle may call for a copy of the same thing as often as it likes, by three bytes
 * each time: without a bound, a megabyte means a hundred billion copied elements.
 */
export class CopyBudget {
  #left: number;

  /** For a pickle of so many bytes: honest ones copy each byte a few times. */
  constructor(byteLength: number) {
    this.#left = 4 * MOST_EMPTY + 16 * byteLength;
  }

  /** Takes the cost of a copy of so many elements or bytes. @throws {LimitError} If it was spent before. */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new LimitError("the same things are copied over and over");
  }
}

/** Raised where arguments or state aren't what NumPy writes. */
export class WrongState extends Error {}

/** What may be called, and what that gives. */
const CALLS: Readonly<Record<string, (args: readonly unknown[], budget: CopyBudget) => unknown>> = {
  "numpy.multiarray._reconstruct": ([type]) => {
    if (!(type instanceof Global) || type.name !== "numpy.ndarray") {
      throw new UnsupportedError("it holds an array of a class of its own");
    }
    return new ArrayBox();
  },
  "numpy.multiarray.scalar": ([box, value], budget) => scalar(dtypeOf(box), value, budget),
  "numpy.numeric._frombuffer": ([bytes, box, shape, order], budget) => {
    const made = new ArrayBox();
    made.array = fromBytes(dtypeOf(box), shapeOf(shape), bytesOf(bytes, budget), order === "F", budget);
    return made;
  },
  "numpy.dtype": ([name]) => new DTypeBox(dtypeNamed(name)),
  "_codecs.encode": ([text, encoding], budget) => {
    if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) throw new WrongState();
    return latin1(text, budget);
  },
  "builtins.bytes": ([value], budget) => value === undefined ? new Uint8Array(0) : bytesOf(value, budget),
  "builtins.bytearray": ([value], budget) => value === undefined ? new Uint8Array(0) : bytesOf(value, budget),
  "builtins.complex": ([re = 0, im = 0]) => {
    if (typeof re !== "number" || typeof im !== "number") throw new WrongState();
    return [re, im];
  },
  "builtins.list": ([values], budget) => [...copied(values ?? [], budget)],
  "builtins.tuple": ([values], budget) => [...copied(values ?? [], budget)],
  "builtins.set": ([values], budget) => new Set(copied(values ?? [], budget)),
  "builtins.frozenset": ([values], budget) => new Set(copied(values ?? [], budget)),
  "builtins.dict": ([values], budget) => dictOf(values, budget),
  "collections.OrderedDict": ([values], budget) => dictOf(values, budget),
};

/** Whether it may be named; the class of arrays is only ever an argument. */
function isKnown(name: string): boolean {
  return name === "numpy.ndarray" || Object.hasOwn(CALLS, name);
}

/**
 * Finds what a pickle names.
 *
 * @param module The module
 * @param name The name in it
 * @throws {UnsupportedError} If it isn't one of the few that are known
 */
export function findGlobal(module: string, name: string): Global {
  const home = module === "__builtin__" ? "builtins" : module.replace(/^numpy\._?core\./, "numpy.");
  const found = `${home}.${name}`;
  if (isKnown(found)) return new Global(found);
  throw new UnsupportedError(`it asks for ${module}.${name}`);
}

/** Makes what a call would have given. */
export function reduce(called: unknown, args: unknown, budget: CopyBudget): unknown {
  if (!(called instanceof Global) || CALLS[called.name] === undefined) throw new WrongState();
  return CALLS[called.name]!(listOf(args), budget);
}

/** Gives an object its state: only arrays and dtypes have one. */
export function build(target: unknown, state: unknown, budget: CopyBudget): void {
  if (target instanceof ArrayBox) target.array = arrayOf(listOf(state), budget);
  else if (target instanceof DTypeBox) setState(target, listOf(state), budget);
  else throw new WrongState();
}

function arrayOf([version, shape, type, isFortran, data]: readonly unknown[], budget: CopyBudget): NDArray {
  // Before NumPy 1.0 there was no version.
  if (typeof version !== "number") throw new WrongState();
  const dtype = dtypeOf(type);
  const lengths = shapeOf(shape);
  if (!Array.isArray(data)) return fromBytes(dtype, lengths, bytesOf(data, budget), isFortran === true, budget);
  // Objects come in C order, whatever order the array is in.
  if (data.length !== sizeOf(lengths)) throw new WrongState();
  budget.spend(data.length * valuesPerElement(dtype));
  return {
    data: data.map((value) => recordOf(dtype, value)),
    shape: lengths,
    stride: contiguousStride(lengths),
    dtype,
  };
}

/** A record comes as the tuple of its fields. */
function recordOf(dtype: DType, value: unknown): unknown {
  if (dtype.kind !== "compound") return value;
  const values = listOf(value);
  if (values.length !== dtype.fields.length) throw new WrongState();
  const record: Record<string, unknown> = {};
  dtype.fields.forEach((field, i) => {
    Object.defineProperty(record, field.name, {
      value: recordOf(field.dtype, values[i]),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  });
  return record;
}

function fromBytes(
  dtype: DType,
  shape: number[],
  bytes: Uint8Array<ArrayBuffer>,
  isFortran: boolean,
  budget: CopyBudget,
): NDArray {
  if (bytes.length !== flatByteLength(shape, dtype)) throw new WrongState();
  budget.spend(bytes.length + sizeOf(shape) * valuesPerElement(dtype));
  // Elements without bytes cost nothing to claim.
  if (bytes.length === 0 && sizeOf(shape) > MOST_EMPTY) throw new WrongState();
  const data = decodeElements(dtype, bytes.slice(), sizeOf(shape));
  const native = nativeOrder(dtype);
  if (!isFortran) return ndarray(data, shape, native);
  const reversed = ndarray(data, [...shape].reverse(), native);
  return flatten({ ...reversed, shape, stride: [...reversed.stride].reverse() });
}

function scalar(dtype: DType, value: unknown, budget: CopyBudget): unknown {
  if (dtype.kind === "object") return value;
  const bytes = bytesOf(value, budget);
  if (bytes.length !== dtype.itemsize) throw new WrongState();
  budget.spend(bytes.length + valuesPerElement(dtype));
  return valueAt(ndarray(decodeElements(dtype, bytes.slice(), 1), [], nativeOrder(dtype)), 0);
}

function dtypeNamed(name: unknown): DType {
  if (typeof name !== "string") throw new WrongState();
  return dtypeFromNumpy(name);
}

/** What `dtype.__setstate__` does with versions 3 and 4. Types within types are counted: a few bytes can mean 2^100. */
function setState(box: DTypeBox, state: readonly unknown[], budget: CopyBudget): void {
  const [, , sub, , fields] = state;
  const inner = sub !== null
    ? [listOf(sub)[0]]
    : fields instanceof Map
    ? [...fields.values()].map((f) => listOf(f)[0])
    : [];
  budget.spend(inner.length);
  box.depth = 1;
  box.parts = 1;
  for (const part of inner) {
    if (!(part instanceof DTypeBox) || part === box) throw new WrongState();
    box.depth = Math.max(box.depth, part.depth + 1);
    box.parts += part.parts;
  }
  if (box.depth > DEEPEST_TYPE) throw new LimitError(`a type is nested more than ${DEEPEST_TYPE} levels deep`);
  if (box.parts > MOST_TYPES) throw new LimitError(`a type is made of more than ${MOST_TYPES} others`);
  box.dtype = withState(box.dtype, state);
}

function withState(dtype: DType, state: readonly unknown[]): DType {
  const [version, order, sub, names, fields, itemsize, , , metadata] = state;
  if (typeof version !== "number" || version < 3 || version > 4) throw new WrongState();
  if (sub !== null) {
    const [base, shape] = listOf(sub);
    const inner = dtypeOf(base);
    const lengths = Array.isArray(shape) ? shapeOf(shape) : shapeOf([shape]);
    return { kind: "array", itemsize: flatByteLength(lengths, inner), byteOrder: "|", base: inner, shape: lengths };
  }
  if (names !== null) return recordType(listOf(names), fields, itemsize);
  if (unitOf(dtype) !== null) {
    const [, unit] = listOf(metadata ?? [null, [latin1("generic"), 1]]);
    const [base, count] = listOf(unit);
    const text = typeof base === "string" ? base : String.fromCharCode(...bytesOf(base).subarray(0, 16));
    if (typeof count !== "number" || text.length > 16) throw new WrongState();
    const byteOrder = order === ">" ? ">" : "<";
    return { ...dtype, byteOrder, unit: count === 1 ? text : `${count}${text}` } as DType;
  }
  if (dtype.byteOrder === "|" && dtype.kind !== "string") return dtype;
  if (dtype.kind === "string" && dtype.charset !== "ucs4") return dtype;
  return { ...dtype, byteOrder: order === ">" ? ">" : dtype.kind === "string" ? "|" : "<" } as DType;
}

function recordType(names: readonly unknown[], fields: unknown, itemsize: unknown): CompoundDType {
  if (!(fields instanceof Map) || typeof itemsize !== "number" || !(itemsize >= 0)) throw new WrongState();
  // A field is named once: a short list of fields mustn't be taken a million times.
  if (names.length > fields.size) throw new WrongState();
  return {
    kind: "compound",
    itemsize,
    byteOrder: "|",
    fields: names.map((name) => {
      const [type, offset] = listOf(fields.get(name));
      const dtype = dtypeOf(type);
      if (typeof name !== "string" || typeof offset !== "number" || !(offset >= 0)) throw new WrongState();
      if (offset + dtype.itemsize > itemsize) throw new WrongState();
      return { name, dtype, offset };
    }),
  };
}

function dtypeOf(box: unknown): DType {
  if (!(box instanceof DTypeBox)) throw new WrongState();
  return box.dtype;
}

function shapeOf(shape: unknown): number[] {
  const lengths = listOf(shape) as number[];
  if (lengths.length > MOST_AXES) throw new WrongState();
  if (!lengths.every((length) => Number.isSafeInteger(length) && length >= 0)) throw new WrongState();
  return [...lengths];
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new WrongState();
  return value;
}

/** A list that is copied. */
function copied(values: unknown, budget: CopyBudget): readonly unknown[] {
  const list = listOf(values);
  budget.spend(list.length);
  return list;
}

function dictOf(pairs: unknown, budget: CopyBudget): Map<unknown, unknown> {
  return new Map(
    copied(pairs ?? [], budget).map((pair) => {
      const [key, value] = listOf(pair);
      return [key, value];
    }),
  );
}

/** Bytes, also as the text that Python 2 had them in. */
function bytesOf(value: unknown, budget?: CopyBudget): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  if (typeof value === "string") return latin1(value, budget);
  throw new WrongState();
}

function latin1(text: string, budget?: CopyBudget): Uint8Array<ArrayBuffer> {
  budget?.spend(text.length);
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw new WrongState();
    return code;
  });
}
