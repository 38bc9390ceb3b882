/**
 * The header of a `.npy` file, as NumPy's `lib/format` describes it.
 *
 * @module
 */

import type { DType } from "../array/types.ts";
import { CorruptFileError, FormatError, LimitError, UnsupportedError } from "../source/errors.ts";
import { MOST_AXES } from "../array/dtype/descr.ts";
import { descrOf, headerDType } from "./descr.ts";
import { isTuple, type Literal, parseLiteral } from "./literal.ts";

/** What a header says. */
export interface NpyHeader {
  /** Type of the elements, as stored. */
  readonly dtype: DType;
  /** Which axis runs fastest: the last one (`C`), or the first one (`F`). */
  readonly order: "C" | "F";
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** What a header that was read says. */
export interface NpyFileHeader extends NpyHeader {
  /** Version of the format: `1.0`, `2.0` or `3.0`. */
  readonly version: "1.0" | "2.0" | "3.0";
  /** Bytes before the data. */
  readonly length: number;
}

// The data starts at a multiple of this, so that it can be mapped and read by SIMD; NumPy's choice since 1.14.
const ALIGNMENT = 64;
// NumPy leaves room for the axis along which a file may grow to have so many digits.
const GROWTH_DIGITS = 21;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The longest header that is parsed. NumPy's own default is 10,000, which records of some 300 fields exceed. */
const LONGEST = 2 ** 20;

/** Bytes from which it can be told how long a header is. */
export const NPY_PREFIX = 12;

/**
 * Whether bytes start as a `.npy` file does.
 *
 * @param bytes At least the first 6
 */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * How long a header is.
 *
 * @param prefix The first 12 bytes, or all where there are fewer
 * @param name What messages call the file
 * @returns Bytes before the data
 * @throws {FormatError} If it is no `.npy` file
 * @throws {UnsupportedError} If it is of an unknown version
 * @throws {LimitError} If it is longer than 1 MiB
 */
export function npyHeaderLength(prefix: Uint8Array, name: string): number {
  if (!isNpy(prefix)) throw new FormatError(`Cannot read ${name}: it isn't a .npy file`);
  if (prefix.length < 10) throw new CorruptFileError(`Cannot read ${name}: it breaks off within its header`);
  const [major, minor] = [prefix[6]!, prefix[7]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new UnsupportedError(`Cannot read ${name}: its format has version ${major}.${minor}, 1.0 to 3.0 are known`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (major === 1) return 10 + view.getUint16(8, true);
  if (prefix.length < 12) throw new CorruptFileError(`Cannot read ${name}: it breaks off within its header`);
  const length = view.getUint32(8, true);
  if (length > LONGEST) {
    throw new LimitError(`Cannot read ${name}: its header is said to take ${length} bytes, more than ${LONGEST}`);
  }
  return 12 + length;
}

/**
 * Reads a header.
 *
 * @param bytes All of it: as many bytes as {@linkcode npyHeaderLength} says
 * @param name What messages call the file
 * @returns What it says
 * @throws {CorruptFileError} If it isn't a dictionary of exactly `descr`, `fortran_order` and `shape`, or one of them can't be
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyFileHeader {
  const wrong = (what: string) => new CorruptFileError(`Cannot read ${name}: ${what}`);
  const major = bytes[6] as 1 | 2 | 3;
  const body = bytes.subarray(major === 1 ? 10 : 12);
  const found = parseLiteral(decodeBody(body, major, wrong), name);
  if (!(found instanceof Map)) throw wrong("its header is no dictionary");
  const keys = [...found.keys()].sort();
  if (keys.length !== 3 || keys.join() !== "descr,fortran_order,shape") {
    const shown = keys.slice(0, 10).map((key) => key.slice(0, 40)).join(", ");
    throw wrong(`its header has the keys ${shown || "none"}, expected descr, fortran_order, shape`);
  }
  const fortranOrder = found.get("fortran_order");
  if (typeof fortranOrder !== "boolean") throw wrong("fortran_order in its header is neither True nor False");
  return {
    version: `${major}.0`,
    dtype: headerDType(found.get("descr"), name),
    order: fortranOrder ? "F" : "C",
    shape: shapeOf(found.get("shape"), wrong),
    length: bytes.length,
  };
}

function decodeBody(body: Uint8Array, major: number, wrong: (what: string) => Error): string {
  try {
    // Latin-1 by hand: what TextDecoder calls so is windows-1252.
    if (major === 3) return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw wrong("its header isn't UTF-8");
  }
  let text = "";
  for (const byte of body) text += String.fromCharCode(byte);
  return text;
}

function shapeOf(shape: Literal | undefined, wrong: (what: string) => Error): number[] {
  if (!isTuple(shape)) throw wrong("shape in its header is no tuple");
  if (shape.items.length > MOST_AXES) throw wrong(`shape in its header has ${shape.items.length} axes`);
  return shape.items.map((length) => {
    if (typeof length === "number" && length >= 0) return length;
    throw wrong(
      typeof length === "number" || typeof length === "bigint"
        ? `shape in its header has the length ${length}`
        : "shape in its header holds what is no whole number",
    );
  });
}

/**
 * The bytes of a header, as NumPy writes it: magic, version, length and a Python dictionary, filled up so that the data
 * is aligned.
 *
 * Version 1.0 is written where the header fits into 64 KiB, 2.0 above that, 3.0 where it holds more than Latin-1.
 *
 * @param header What it says
 * @returns The bytes, a multiple of 64
 */
export function encodeNpyHeader(header: NpyHeader): Uint8Array<ArrayBuffer> {
  const { shape, order } = header;
  const axes = shape.map(String).join(", ") + (shape.length === 1 ? "," : "");
  const growing = order === "F" ? shape.at(-1) : shape[0];
  const text = `{'descr': ${descrOf(header.dtype)}, 'fortran_order': ${order === "F" ? "True" : "False"}, ` +
    `'shape': (${axes}), }` + (growing === undefined ? "" : " ".repeat(GROWTH_DIGITS - String(growing).length));
  const isLatin = !/[^\0-\xff]/.test(text);
  const body = isLatin ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : new TextEncoder().encode(text);
  // NumPy fills up by 1 to 64 bytes, never by 0.
  const filled = (prefix: number) => (Math.floor((prefix + body.length + 1) / ALIGNMENT) + 1) * ALIGNMENT;
  const major = !isLatin ? 3 : filled(10) - 10 < 2 ** 16 ? 1 : 2;
  const prefix = major === 1 ? 10 : 12;
  const bytes = new Uint8Array(filled(prefix)).fill(0x20);
  bytes.set([...MAGIC, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, bytes.length - prefix, true);
  else view.setUint32(8, bytes.length - prefix, true);
  bytes.set(body, prefix);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}
