/**
 * Elements that aren't plain numbers, one at a time: text, records, sequences, references, opaque bytes.
 *
 * @module
 */
import { castNumber, castNumbers, type Overflow } from "../../array/codec/cast.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { toHalf } from "../../array/dtype/half.ts";
import { elements, isNDArray } from "../../array/ndarray.ts";
import type { ArrayData, DType } from "../../array/types.ts";
import { describeValue } from "../../source/describe_value.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { elementShape, innermostType } from "../read/decode.ts";
import type { PackedElements } from "./packed_elements.ts";
import { Reference } from "../reference.ts";
import { tryEncodeText } from "../../array/text/text.ts";
import { dtypeOf, isSwapped, type TypeInfo } from "../type_info.ts";

/** How values are converted. */
export interface EncodeOptions {
  /** What becomes of numbers that don't fit. */
  readonly overflow?: Overflow | undefined;
  /** What is being done, for messages. */
  readonly action: string;
}

/** Writes a value to a place among packed elements. */
export type ElementWriter = (packed: PackedElements, at: number, value: unknown) => void;

/**
 * Makes a function that writes elements of a type.
 *
 * @param type The type.
 * @param options How numbers are converted, and what messages call the action.
 */
export function elementWriter(type: TypeInfo, options: EncodeOptions): ElementWriter {
  switch (type.class) {
    case "string":
      return type.variable ? textPointer(type, options) : fixedText(type, options);
    case "compound":
      return dtypeOf(type).kind === "complex" ? complexWriter(type, options) : recordWriter(type, options);
    case "array":
      return arrayWriter(type, options);
    case "vlen":
      return sequenceWriter(type.base, options);
    case "reference":
      return referenceWriter(type, options);
    case "opaque":
      return dtypeOf(type).kind === "opaque" ? opaqueWriter(type.size, options) : numberWriter(type, options);
    default:
      return numberWriter(type, options);
  }
}

function numberWriter(type: TypeInfo, options: EncodeOptions): ElementWriter {
  const dtype = dtypeOf(type);
  const set = numberSetter(dtype.kind === "float", type.size);
  const swaps = isSwapped(type);
  return (packed, at, value) => {
    set(packed.view, at, castNumber(value, dtype, options));
    if (swaps) new Uint8Array(packed.view.buffer, at, type.size).reverse();
  };
}

type NumberSetter = (view: DataView, at: number, value: number | bigint) => void;

function numberSetter(isFloat: boolean, size: number): NumberSetter {
  if (isFloat && size === 2) return (view, at, value) => view.setUint16(at, toHalf(value as number), true);
  if (isFloat && size === 4) return (view, at, value) => view.setFloat32(at, value as number, true);
  if (isFloat) return (view, at, value) => view.setFloat64(at, value as number, true);
  if (size === 1) return (view, at, value) => view.setInt8(at, value as number);
  if (size === 2) return (view, at, value) => view.setInt16(at, value as number, true);
  if (size === 4) return (view, at, value) => view.setInt32(at, value as number, true);
  return (view, at, value) => view.setBigInt64(at, value as bigint, true);
}

function complexWriter(type: TypeInfo, options: EncodeOptions): ElementWriter {
  const half = type.size / 2;
  const part: DType = { kind: "float", itemsize: half as 4 | 8, byteOrder: "<" };
  const set = numberSetter(true, half);
  return ({ view }, at, value) => {
    const [re, im] = Array.isArray(value) && value.length === 2 ? value : [value, 0];
    set(view, at, castNumber(re, part, options));
    set(view, at + half, castNumber(im, part, options));
  };
}

function textBytes(value: unknown, type: Extract<TypeInfo, { class: "string" }>, action: string): Uint8Array {
  const bytes = typeof value === "string" ? tryEncodeText(value) : null;
  if (bytes === null) {
    throw new DTypeError(
      `Cannot ${action}: ${describe(value)} is no ${
        typeof value === "string" ? "text that UTF-8 can hold" : describeDType(dtypeOf(type))
      }`,
    );
  }
  if (type.charset === "ascii" && bytes.some((byte) => byte > 0x7f)) {
    throw new DTypeError(`Cannot ${action}: ${describe(value)} doesn't fit text in ASCII`);
  }
  return bytes;
}

function textPointer(type: Extract<TypeInfo, { class: "string" }>, { action }: EncodeOptions): ElementWriter {
  return (packed, at, value) => {
    const bytes = textBytes(value, type, action);
    if (bytes.includes(0)) {
      throw new DTypeError(`Cannot ${action}: ${describe(value)} holds a NUL, which ends text of variable length`);
    }
    const start = packed.reserve(bytes.length + 1);
    packed.set(bytes, start);
    packed.point(at, start);
  };
}

function fixedText(type: Extract<TypeInfo, { class: "string" }>, { action }: EncodeOptions): ElementWriter {
  const room = type.padding === "null-terminated" ? type.size - 1 : type.size;
  const padding = new Uint8Array(type.size).fill(type.padding === "space-padded" ? 0x20 : 0);
  return (packed, at, value) => {
    const bytes = textBytes(value, type, action);
    if (bytes.length > room) {
      throw new DTypeError(
        `Cannot ${action}: ${describe(value)} takes ${bytes.length} bytes, more than the ${room} of ${
          describeDType(dtypeOf(type))
        }`,
      );
    }
    packed.set(padding, at);
    packed.set(bytes, at);
  };
}

function recordWriter(type: Extract<TypeInfo, { class: "compound" }>, options: EncodeOptions): ElementWriter {
  const fields = type.members.map(({ name, offset, type }) => ({ name, offset, write: elementWriter(type, options) }));
  const known = new Set(fields.map(({ name }) => name));
  return (packed, at, value) => {
    if (!isRecord(value)) {
      throw new DTypeError(
        `Cannot ${options.action}: ${describe(value)} is no record of the fields ${[...known].join(", ")}`,
      );
    }
    const odd = Object.keys(value).find((name) => !known.has(name));
    if (odd !== undefined) {
      throw new DTypeError(`Cannot ${options.action}: the records have no field ${JSON.stringify(odd)}`);
    }
    for (const { name, offset, write } of fields) {
      if (!Object.hasOwn(value, name)) {
        throw new DTypeError(`Cannot ${options.action}: a record lacks the field ${JSON.stringify(name)}`);
      }
      write(packed, at + offset, value[name]);
    }
  };
}

function arrayWriter(type: Extract<TypeInfo, { class: "array" }>, options: EncodeOptions): ElementWriter {
  const inner = innermostType(type);
  const shape = elementShape(type);
  const write = elementWriter(inner, options);
  const cells = type.size / inner.size;
  return (packed, at, value) => {
    const values = isNDArray(value)
      ? [...elements(value)]
      : Array.isArray(value)
      ? value.flat(shape.length - 1)
      : ArrayBuffer.isView(value)
      ? [...value as unknown as Iterable<unknown>]
      : [value];
    if (values.length !== cells) {
      throw new ShapeError(
        `Cannot ${options.action}: ${values.length} values for an element of shape (${shape.join(", ")})`,
      );
    }
    values.forEach((one, i) => write(packed, at + i * inner.size, one));
  };
}

function sequenceWriter(base: TypeInfo, options: EncodeOptions): ElementWriter {
  const write = elementWriter(base, options);
  const dtype = dtypeOf(base);
  const isWhole = base.class === "integer" || (base.class === "float" && base.size > 2);
  return (packed, at, value) => {
    const values = isNDArray(value) ? [...elements(value)] : value;
    if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && !(values instanceof DataView))) {
      throw new DTypeError(`Cannot ${options.action}: ${describe(value)} is no sequence of ${describeDType(dtype)}`);
    }
    const { length } = values as ArrayLike<unknown>;
    packed.view.setUint32(at, length, true);
    if (length === 0) return;
    const start = packed.reserve(length * base.size);
    packed.point(at + 4, start);
    if (isWhole) {
      const { buffer, byteOffset, byteLength } = castNumbers(values as ArrayData, dtype, options);
      packed.set(new Uint8Array(buffer, byteOffset, byteLength), start);
    } else for (let i = 0; i < length; i++) write(packed, start + i * base.size, (values as unknown[])[i]);
  };
}

function referenceWriter(type: Extract<TypeInfo, { class: "reference" }>, { action }: EncodeOptions): ElementWriter {
  return (packed, at, value) => {
    // A reference that leads nowhere is all zeros.
    if (value === null) return;
    if (!(value instanceof Reference) || value.target !== type.target || value.bytes.length !== type.size) {
      throw new DTypeError(`Cannot ${action}: ${describe(value)} is no ${type.target} reference`);
    }
    packed.set(value.bytes, at);
  };
}

function opaqueWriter(size: number, { action }: EncodeOptions): ElementWriter {
  return (packed, at, value) => {
    if (!(value instanceof Uint8Array) || value.length !== size) {
      throw new DTypeError(
        `Cannot ${action}: ${
          value instanceof Uint8Array ? `${value.length} bytes aren't` : `${describe(value)} isn't`
        } an opaque element of ${size} bytes`,
      );
    }
    packed.set(value, at);
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) &&
    !(value instanceof Reference);
}

/** A value as messages name it. */
export function describe(value: unknown): string {
  return value instanceof Reference ? String(value) : describeValue(value);
}
