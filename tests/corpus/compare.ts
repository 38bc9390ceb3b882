/**
 * Compares what microtome has read with expected values.
 *
 * @module
 */
import type { DType, NDArray } from "../../src/array/types.ts";
import { hasPadding, PACKED, STORED } from "./bytes.ts";
import { describe } from "./describe.ts";
import type { Expected, Plain } from "./expected.ts";

/** What a comparison says: nothing where all is equal. */
export interface Comparison {
  /** Each thing that differs. */
  readonly differences: string[];
  /** What could not be compared, and why. */
  readonly notes: string[];
}

/** What is compared: the array and what its dataset or attribute declares. */
export interface Read {
  readonly array: NDArray | null;
  readonly shape: readonly number[] | null;
  readonly dtype: DType;
  readonly chunkShape?: readonly number[] | null;
}

/**
 * Compares an array with expected values.
 *
 * @param read What microtome gives.
 * @param expected What the peer gives.
 */
export function compare(read: Read, expected: Expected): Comparison {
  const differences: string[] = [];
  const notes: string[] = [];
  const differ = (what: string, ours: unknown, theirs: unknown): void => {
    if (!same(ours, theirs)) differences.push(`${what} is ${show(ours)}, expected ${show(theirs)}`);
  };
  const numpy = parseDType(expected.dtype ?? "object");
  if (expected.dtype !== undefined) {
    const name = dtypeName(read.dtype);
    if (isTaggedText(read.dtype, numpy.name)) {
      // h5py makes text of opaque bytes under NumPy's tag; here they stay bytes, and the bytes must be equal.
      notes.push("opaque bytes that the peer makes text of");
      const ours = read.array === null ? null : describe(read.array, read.dtype).digest(PACKED);
      if (ours !== expected.sha256_le_c_order) {
        differences.push(`sha256 is ${ours}, expected ${expected.sha256_le_c_order}`);
      }
      return { differences, notes };
    }
    if (!matches(name, numpy.name)) differences.push(`dtype is ${name}, expected ${numpy.name}`);
  }
  if (expected.shape !== undefined) {
    const shape = expected.shape === null ? null : [...expected.shape, ...numpy.shape];
    differ("shape", read.shape, shape);
  }
  if (expected.chunks !== undefined) {
    differ("chunk shape", read.chunkShape, [...expected.chunks, ...numpy.shape]);
  }
  if (expected.shape === null || read.array === null) return { differences, notes };
  if (read.dtype.kind === "vlen" && read.dtype.base.byteOrder === ">" && expected.sha256_of_texts === undefined) {
    // h5py hands out big-endian sequences unswapped; the fixtures' expected values and the live peer are mended.
    notes.push("the peer's sequences are in the wrong byte order");
    return { differences, notes };
  }
  const ours = describe(read.array, read.dtype);
  if (expected.first !== undefined) differ("first", ours.first, counts(expected.first, read.dtype));
  if (expected.last !== undefined) differ("last", ours.last, counts(expected.last, read.dtype));
  if (expected.value !== undefined) {
    differ("value", numpy.shape.length > 0 ? ours.first : ours.first[0], expected.value);
  }
  if (expected.sum !== undefined && expected.sum !== null && ours.sum !== undefined) {
    if (!closeSum(ours.sum, expected.sum)) differences.push(`sum is ${show(ours.sum)}, expected ${show(expected.sum)}`);
  }
  if (expected.sha256_le_c_order !== undefined) {
    if (isLong(numpy.name)) notes.push("the peer's bytes are 16 per number");
    else if (![PACKED, STORED].some((layout) => ours.digest(layout) === expected.sha256_le_c_order)) {
      if (hasPadding(read.dtype) && differences.length === 0) {
        notes.push("the peer's bytes include those between fields");
      } else differences.push(`sha256 is ${ours.digest(PACKED)}, expected ${expected.sha256_le_c_order}`);
    }
  }
  if (expected.sha256_of_texts !== undefined) {
    const digest = ours.digestOfTexts();
    if (digest !== null) differ("sha256 of texts", digest, expected.sha256_of_texts);
  }
  return { differences, notes };
}

function isTaggedText(dtype: DType, numpy: string): boolean {
  return dtype.kind === "opaque" && dtype.tag.startsWith("NUMPY:") && numpy === `|S${dtype.itemsize}`;
}

/** Datetimes as the corpus has them, in words, as counts of seconds. */
function counts(values: readonly Plain[], dtype: DType): readonly Plain[] {
  if (dtype.kind !== "datetime" || dtype.unit !== "s") return values;
  return values.map((value) =>
    typeof value === "string" && value.includes("T") ? Date.parse(`${value}Z`) / 1000 : value
  );
}

/** Equal as JSON (where -0 is 0). */
function same(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.length === theirs.length && ours.every((item, i) => same(item, theirs[i]));
  }
  return ours === theirs;
}

/** Sums are added up in another order by NumPy; integers, as text, must be equal. */
function closeSum(ours: Plain, theirs: Plain): boolean {
  if (String(ours) === String(theirs)) return true;
  if (typeof ours !== "number" || typeof theirs !== "number") return false;
  return Math.abs(ours - theirs) <= 1e-6 * Math.max(1, Math.abs(ours), Math.abs(theirs));
}

/** NumPy's name of a dtype, and the axes that an array dtype adds. */
export function parseDType(text: string): { name: string; shape: number[] } {
  const array = /^\((.*), \(([\d, ]+)\)\)$/s.exec(text);
  if (array === null) return { name: text.replace(/^'|'$/g, ""), shape: [] };
  const inner = parseDType(array[1]!);
  const shape = array[2]!.split(",").filter((part) => part.trim() !== "").map(Number);
  return { name: inner.name, shape: [...shape, ...inner.shape] };
}

/** NumPy's `str(dtype)`; of a record only its field names. */
export function dtypeName(dtype: DType): string {
  switch (dtype.kind) {
    case "bool":
      return "bool";
    case "int":
    case "uint":
    case "float":
    case "complex":
      if (dtype.byteOrder === ">") {
        return `>${{ int: "i", uint: "u", float: "f", complex: "c" }[dtype.kind]}${dtype.itemsize}`;
      }
      return `${dtype.kind}${dtype.itemsize * 8}`;
    case "enum":
      return dtypeName(dtype.base);
    case "datetime":
    case "timedelta":
      return `${dtype.byteOrder === ">" ? ">" : ""}${dtype.kind}64[${dtype.unit}]`;
    case "string":
      return dtype.length === null ? "object" : `|S${dtype.length}`;
    case "opaque":
      return `|V${dtype.itemsize}`;
    case "array":
      return dtypeName(dtype.base);
    case "compound":
      return `record of ${dtype.fields.map((field) => field.name).join(", ")}`;
    case "vlen":
    case "reference":
    case "object":
      return "object";
  }
}

function matches(ours: string, numpy: string): boolean {
  if (ours === numpy) return true;
  if (ours.startsWith("record of ")) {
    const names = /^\{'names': \[(.*?)\], 'formats'/s.exec(numpy)?.[1] ?? numpy;
    return /^[[{]/.test(numpy) &&
      ours.slice(10).split(", ").every((name) => names.includes(name.replace("\\", "\\\\")));
  }
  // In text form: '<f8' for float64, 'S5' for |S5, 'O' for object. Extended precision is read as float64.
  if (numpy === "O") return ours === "object";
  if (isLong(numpy)) return ours === (/c/.test(numpy) ? numpy.startsWith(">") ? ">c16" : "complex128" : "float64");
  const short = /^([<>|]?)([iufcSVb?])(\d*)$/.exec(numpy);
  if (short === null) return false;
  const [, order, letter, size] = short;
  const word = { i: "int", u: "uint", f: "float", c: "complex" }[letter!];
  if (word === undefined) return ours === `|${letter}${size}` || (letter === "?" && ours === "bool");
  return ours === (order === ">" ? numpy : `${word}${Number(size) * 8}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** Long doubles, which are read as float64, and complex numbers of them. */
function isLong(numpy: string): boolean {
  return ["float128", "<f16", "complex256", "<c32", ">c32"].includes(numpy);
}
