/** Elements in the form that `tests/interop/npy.py` prints: JSON that says every bit. */

import { nativeOrder } from "../../src/array/codec/decode_elements.ts";
import { encodeElements } from "../../src/array/codec/encode_elements.ts";
import { elements, flatten, isNDArray } from "../../src/array/ndarray.ts";
import type { DType, NDArray } from "../../src/array/types.ts";
import { encodeText } from "../../src/array/text/text.ts";
import { holdsObjects } from "../../src/npy/descr.ts";

const FLOAT = new DataView(new ArrayBuffer(8));
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function float(value: number): unknown {
  if (Number.isNaN(value)) return "nan";
  FLOAT.setFloat64(0, value);
  return hex(new Uint8Array(FLOAT.buffer));
}

/** The elements of an array, flat. */
export function canonicalElements(array: NDArray): unknown[] {
  return [...elements(array)].map((value) => canonicalElement(value, array.dtype));
}

/** An array as it stands in another value. */
function canonicalNested(array: NDArray): unknown {
  return { shape: [...array.shape], data: canonicalElements(array), objects: holdsObjects(array.dtype) };
}

function canonicalElement(value: unknown, dtype: DType): unknown {
  switch (dtype.kind) {
    case "bool":
      return Boolean(value);
    case "int":
    case "uint":
    case "datetime":
    case "timedelta":
      return { int: String(value) };
    case "float":
      return float(value as number);
    case "complex":
      return (value as number[]).map(float);
    case "string":
      return dtype.charset === "ucs4"
        ? { text: Array.from(value as string, (character) => character.codePointAt(0)) }
        : { bytes: hex(encodeText(value as string)) };
    case "opaque":
      return { bytes: hex(value as Uint8Array) };
    case "compound":
      return {
        record: dtype.fields.map(({ name, dtype: field }) =>
          canonicalElement((value as Record<string, unknown>)[name], field)
        ),
      };
    case "array":
      return canonicalNested(value as NDArray);
    default:
      return canonicalObject(value);
  }
}

/** What the pickle of an array of objects holds. */
function canonicalObject(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return withoutNumberTypes({ int: String(value) });
  // Whether a number was an integer in Python can't be told from a JavaScript number.
  if (typeof value === "number") return { number: value };
  if (typeof value === "string") return { text: Array.from(value, (character) => character.codePointAt(0)) };
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (isNDArray(value)) return canonicalNested(value);
  if (Array.isArray(value)) return { list: value.map(canonicalObject) };
  if (value instanceof Map) return { dict: [...value].map((pair) => pair.map(canonicalObject)) };
  if (value instanceof Set) {
    return { set: [...value].map(canonicalObject).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1) };
  }
  return canonicalElement(value, { kind: "compound", itemsize: 0, byteOrder: "|", fields: [] });
}

/** What Python printed of objects, in the form in which JavaScript's values are: one kind of number. */
export function withoutNumberTypes(value: unknown): unknown {
  if (typeof value === "string") {
    if (value === "nan") return { number: NaN };
    FLOAT.setBigUint64(0, BigInt(`0x${value}`));
    return { number: FLOAT.getFloat64(0) };
  }
  // A complex number, which is a pair here.
  if (Array.isArray(value)) return { list: value.map(withoutNumberTypes) };
  if (typeof value !== "object" || value === null) return value;
  const found = value as Record<string, unknown>;
  if ("int" in found) {
    const number = Number(found.int);
    return Number.isSafeInteger(number) ? { number } : found;
  }
  if ("list" in found) return { list: (found.list as unknown[]).map(withoutNumberTypes) };
  if ("dict" in found) return { dict: (found.dict as unknown[][]).map((pair) => pair.map(withoutNumberTypes)) };
  if (found.objects === true) return { ...found, data: (found.data as unknown[]).map(withoutNumberTypes) };
  if ("record" in found) return { record: (found.record as unknown[]).map(withoutNumberTypes) };
  if ("set" in found) return { set: (found.set as unknown[]).map(withoutNumberTypes) };
  return found;
}

/** The checksum that Python prints of long arrays: of their little-endian bytes in C order. */
export async function checksum(array: NDArray): Promise<string> {
  const bytes = encodeElements(nativeOrder(array.dtype), flatten(array).data);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice())));
}
