/**
 * How large an array is that lies in a flat file: checks and arithmetic before anything is read.
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import type { PartialShape } from "../array/types.ts";
import { FormatError, ShapeError, TruncatedError } from "../source/errors.ts";

/** Which axis of a shape runs fastest in a file: the last (`C`), or the first (`F`). */
export type AxisOrder = "C" | "F";

/** What of an element's type tells how much room it takes in a file. */
export interface StoredSize {
  /** What messages call the type. */
  readonly label: string;
  /** Elements that are stored together: 1, but where they are packed into bits. */
  readonly group: number;
  /** Bytes that a group takes. */
  readonly groupBytes: number;
}

/** What is asked of {@linkcode resolveExtent}. */
export interface ExtentRequest {
  /** What messages call the file. */
  readonly name: string;
  /** Size of the file, in bytes. */
  readonly byteLength: number;
  /** The elements. */
  readonly element: StoredSize;
  /** Length of each axis, one of which may be `null` or -1; by default one axis of all that the file holds. */
  readonly shape?: PartialShape | undefined;
  /** Bytes before the array. */
  readonly offset?: number | undefined;
}

/** Where in the file an array lies, and its shape. */
export interface Extent {
  /** Length of each axis. */
  readonly shape: number[];
  /** Bytes before the array. */
  readonly offset: number;
  /** Bytes of the array. */
  readonly byteLength: number;
}

/**
 * Checks a shape and an offset against a file's size, and computes the axis that was left out.
 *
 * What lies behind the array is no error, as in `np.memmap`, unless an axis is to be computed: then everything behind
 * the offset must belong to the array, since a remainder means that the dtype or another axis is wrong.
 *
 * @param request The file's size, and what is known of the array
 * @returns The shape, and which bytes it takes
 * @throws {ShapeError} If it is no shape, overflows, or doesn't divide the file
 * @throws {FormatError} If the file's size is no whole number of elements, where an axis is to be computed
 * @throws {TruncatedError} If the file is too short
 * @throws {RangeError} If the offset is negative or not whole
 */
export function resolveExtent(request: ExtentRequest): Extent {
  const { name, byteLength, element } = request;
  const offset = checkOffset(request.offset ?? 0, name);
  const given = checkShape(request.shape ?? [null], name, element);
  if (offset > byteLength) {
    throw new TruncatedError(
      `Cannot open ${name}: the offset of ${count(offset, "byte")} lies behind its end, it has ${
        byteLength.toLocaleString("en")
      }`,
      { file: name },
    );
  }
  const shape = given.includes(null) ? completeShape(given, byteLength - offset, offset, name, element) : given;
  const bytes = bytesOf(shape as number[], element, name);
  if (bytes > byteLength - offset) {
    throw new TruncatedError(
      `Cannot open ${name} as ${element.label} of shape ${shapeText(shape, "?")}: that takes ${count(bytes, "byte")}` +
        `${offset === 0 ? "" : ` from byte ${offset} on`}, the file has ${(byteLength - offset).toLocaleString("en")}`,
      { file: name },
    );
  }
  return { shape: shape as number[], offset, byteLength: bytes };
}

/**
 * Checks the shape and the offset of an array whose file is yet to be made.
 *
 * @param request What is known of the array
 * @returns The shape, and which bytes it will take
 * @throws {ShapeError} If it is no shape, leaves out an axis, or overflows
 * @throws {RangeError} If the offset is negative or not whole
 */
export function newExtent(request: Omit<ExtentRequest, "byteLength" | "shape"> & { shape: PartialShape }): Extent {
  const { name, element } = request;
  const offset = checkOffset(request.offset ?? 0, name);
  const shape = checkShape(request.shape, name, element);
  if (shape.includes(null)) {
    throw new ShapeError(`Cannot make ${name} of shape ${shapeText(shape, "?")}: a new file needs every length`);
  }
  const byteLength = bytesOf(shape as number[], element, name);
  if (!Number.isSafeInteger(offset + byteLength)) throw overflow(name, shape, element);
  return { shape: shape as number[], offset, byteLength };
}

/**
 * Bytes that an array takes in a file.
 *
 * @param shape Length of each axis
 * @param element The elements
 * @param name What messages call the file
 * @throws {ShapeError} If they are too many to be counted
 */
export function bytesOf(shape: readonly number[], element: StoredSize, name: string): number {
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = Math.ceil(size / element.group) * element.groupBytes;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(bytes)) {
    throw overflow(name, shape, element);
  }
  return bytes;
}

function overflow(name: string, shape: PartialShape, { label }: StoredSize): ShapeError {
  return new ShapeError(
    `Cannot open ${name} as ${label} of shape ${shapeText(shape, "?")}: it has more bytes than can be counted`,
    { file: name },
  );
}

/**
 * Checks an offset.
 *
 * @param offset Bytes before the array
 * @param name What messages call the file
 * @throws {RangeError} If it is negative or not whole
 */
export function checkOffset(offset: number, name: string): number {
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new RangeError(`Cannot open ${name} at offset ${String(offset)}: expected a whole number of bytes`);
}

function checkShape(shape: PartialShape, name: string, element: StoredSize): (number | null)[] {
  const refuse = (why: string): never => {
    throw new ShapeError(`Cannot open ${name} as ${element.label}: ${why}`, { file: name });
  };
  if (!Array.isArray(shape)) refuse(`the shape is ${String(shape)}, expected a list of lengths`);
  const lengths = [...shape].map((length, axis) => {
    if (length === null || length === -1) return null;
    if (Number.isSafeInteger(length) && length >= 0) return length;
    return refuse(`axis ${axis} of the shape is ${String(length)}, expected a whole number, or null to compute it`);
  });
  if (lengths.filter((length) => length === null).length > 1) {
    refuse(`the shape ${shapeText(lengths, "?")} leaves out more than one axis`);
  }
  return lengths;
}

function completeShape(
  shape: readonly (number | null)[],
  available: number,
  offset: number,
  name: string,
  element: StoredSize,
): number[] {
  const what = `Cannot open ${name} as ${element.label} of shape ${shapeText(shape, "?")}`;
  const known = shape.filter((length) => length !== null);
  const row = known.includes(0) ? 0 : known.reduce((product, length) => product * length, 1);
  if (row === 0) {
    throw new ShapeError(`${what}: beside an axis of length 0 the one left out can't be computed`, { file: name });
  }
  const { group, groupBytes } = element;
  const behind = offset === 0 ? "its" : `behind byte ${offset} its`;
  const size = Math.floor(available / groupBytes) * group;
  const rest = available % groupBytes;
  if (rest > 0) {
    throw new FormatError(
      `${what}: ${behind} ${count(available, "byte")} are no whole number of elements of ${
        sizeText(element)
      }, ${rest} left over; the dtype or the offset is wrong, or the file was cut off`,
      { file: name },
    );
  }
  if (size % row !== 0) {
    throw new ShapeError(
      `${what}: ${behind} ${count(available, "byte")} hold ${count(size, "element")} of ${sizeText(element)}, ` +
        `which don't divide into rows of ${row.toLocaleString("en")}${
          known.length === 1 ? " channels" : " elements"
        }: ${size % row} left over`,
      { file: name },
    );
  }
  return shape.map((length) => length ?? size / row);
}

function sizeText({ group, groupBytes }: StoredSize): string {
  return group === 1 ? count(groupBytes, "byte") : `${8 * groupBytes / group} bits`;
}

function count(n: number, unit: string): string {
  return `${n.toLocaleString("en")} ${unit}${n === 1 ? "" : "s"}`;
}
