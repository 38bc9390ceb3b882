/**
 * Which chunk and buffer shape a chunk iterator has: hdmf's checks, in its order.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import type { PartialShape } from "../../array/types.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { defaultBufferShape, defaultChunkShape } from "./shapes.ts";
import { parseBytes } from "../sizes.ts";

/** Shapes or target sizes of chunks and buffers. */
export interface ChunkSizeOptions {
  /** Target size of a buffer: bytes, or text such as `"200MB"`; see {@linkcode parseBytes}. */
  readonly bufferBytes?: number | string | undefined;
  /**
   * Target size of a buffer, in GB (10^9 bytes), as hdmf's `buffer_gb`.
   *
   * @default {1}
   */
  readonly bufferGb?: number | undefined;
  /**
   * Length of each axis of a buffer. Axes that are `null` are chosen by the default algorithm under the constraint of
   * the others; only then can a target size stand beside it.
   */
  readonly bufferShape?: PartialShape | undefined;
  /** Target size of a chunk: bytes, or text such as `"1MiB"`. */
  readonly chunkBytes?: number | string | undefined;
  /**
   * Target size of a chunk, in MB (10^6 bytes), as hdmf's `chunk_mb`.
   *
   * @default {10}
   */
  readonly chunkMb?: number | undefined;
  /** Length of each axis of a chunk; `null` axes are chosen, as for `bufferShape`. */
  readonly chunkShape?: PartialShape | undefined;
}

/** What {@linkcode chooseShapes} gives. */
export interface ChosenShapes {
  /** Length of each axis of a chunk. */
  readonly chunkShape: readonly number[];
  /** Length of each axis of a buffer: a whole number of chunks, or the whole axis. */
  readonly bufferShape: readonly number[];
}

const ACTION = "Cannot iterate in chunks";

/**
 * Chunk and buffer shape by hdmf's rules. Beyond these, axes of no length, sizes that hold no element, chunk lengths
 * below 1 and shapes with another number of axes are refused, where hdmf divides by zero or goes on.
 *
 * @param maxShape Length of each axis of the data
 * @param itemsize Bytes per element
 * @param options Shapes or target sizes
 * @returns Both shapes
 * @throws {ShapeError} If a shape can't be, or chunks, buffers and data don't fit each other
 * @throws {RangeError} If a target size isn't greater than zero
 * @throws {TypeError} If both a size and a shape are given
 * @throws {DTypeError} If a shape is to be chosen for elements whose size isn't known
 */
export function chooseShapes(maxShape: readonly number[], itemsize: number, options: ChunkSizeOptions): ChosenShapes {
  const { bufferBytes, bufferGb, chunkBytes, chunkMb } = options;
  refuseBoth("bufferGb", bufferGb, "bufferBytes", bufferBytes);
  refuseBoth("bufferGb", bufferGb, "bufferShape", completeOf(options.bufferShape));
  refuseBoth("bufferBytes", bufferBytes, "bufferShape", completeOf(options.bufferShape));
  refuseBoth("chunkMb", chunkMb, "chunkBytes", chunkBytes);
  refuseBoth("chunkMb", chunkMb, "chunkShape", completeOf(options.chunkShape));
  refuseBoth("chunkBytes", chunkBytes, "chunkShape", completeOf(options.chunkShape));
  checkDataShape(maxShape);
  const chunkGiven = checkGiven("chunkShape", options.chunkShape, maxShape);
  const bufferGiven = checkGiven("bufferShape", options.bufferShape, maxShape);

  const chunkTarget = () => target("chunkMb", chunkMb ?? 10, 1e6, chunkBytes);
  const chunkShape = complete(chunkGiven) ??
    fitBuffer(
      bufferGiven,
      maxShape,
      (lengths) => defaultChunkShape(lengths, known(itemsize), chunkTarget(), chunkGiven),
    )
      .map((length, axis) => chunkGiven[axis] ?? length);
  checkPositive("chunkShape", chunkShape);
  const bufferShape = complete(bufferGiven) ?? defaultBufferShape(
    maxShape,
    chunkShape,
    known(itemsize),
    target("bufferGb", bufferGb ?? 1, 1e9, bufferBytes),
    bufferGiven,
  );
  checkPositive("bufferShape", bufferShape);
  checkWithin("chunkShape", chunkShape, "the data dimensions", maxShape);
  checkWithin("bufferShape", bufferShape, "the data dimensions", maxShape);
  checkWithin("chunkShape", chunkShape, "the buffer shape", bufferShape);
  const divides = (length: number, axis: number) => length === maxShape[axis] || length % chunkShape[axis]! === 0;
  if (!bufferShape.every(divides)) {
    throw new ShapeError(
      `${ACTION}: some dimensions of chunkShape ${shapeText(chunkShape)} do not evenly divide the buffer shape ${
        shapeText(bufferShape)
      }`,
    );
  }
  return { chunkShape, bufferShape };
}

function refuseBoth(one: string, oneValue: unknown, other: string, otherValue: unknown): void {
  if (oneValue === undefined || otherValue === undefined) return;
  const text = (value: unknown) => Array.isArray(value) ? shapeText(value) : String(value);
  throw new TypeError(
    `${ACTION}: only one of ${one} (${text(oneValue)}) or ${other} ${
      Array.isArray(otherValue) ? text(otherValue) : `(${text(otherValue)})`
    } can be specified`,
  );
}

function complete(shape: PartialShape): number[] | null {
  return shape.includes(null) ? null : shape as number[];
}

function completeOf(shape: PartialShape | undefined): number[] | undefined {
  return shape === undefined ? undefined : complete(shape) ?? undefined;
}

function checkDataShape(maxShape: readonly number[]): void {
  if (maxShape.length === 0) throw new ShapeError(`${ACTION}: the data has no axes`);
  for (const [axis, length] of maxShape.entries()) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ShapeError(`${ACTION}: axis ${axis} of the data has length ${length}, expected a whole number`);
    }
    if (length === 0) throw new ShapeError(`${ACTION}: axis ${axis} of the data ${shapeText(maxShape)} has length 0`);
  }
}

function checkGiven(name: string, given: PartialShape | undefined, maxShape: readonly number[]): PartialShape {
  if (given === undefined) return maxShape.map(() => null);
  if (given.length !== maxShape.length) {
    throw new ShapeError(
      `${ACTION}: ${name} ${shapeText(given)} has ${given.length} axes, the data ${
        shapeText(maxShape)
      } has ${maxShape.length}`,
    );
  }
  for (const length of given) {
    if (length !== null && !Number.isSafeInteger(length)) {
      throw new ShapeError(`${ACTION}: ${name} ${shapeText(given)} holds ${length}, expected whole numbers or null`);
    }
  }
  // Beside a length below 1, no other could be chosen.
  if (given.includes(null)) checkPositive(name, given);
  return given;
}

/**
 * A chunk shape that fits a half-given buffer, which hdmf doesn't have: chosen as if the data ended with the buffer on
 * the given axes, and there cut to a divisor. Beside a buffer that is wholly given or wholly chosen, hdmf's own.
 */
function fitBuffer(
  given: PartialShape,
  maxShape: readonly number[],
  choose: (lengths: readonly number[]) => number[],
): number[] {
  const half = given.includes(null);
  return choose(half ? maxShape.map((length, axis) => Math.min(given[axis] ?? length, length)) : maxShape)
    .map((length, axis) => {
      const buffer = given[axis];
      if (!half || buffer === null || buffer === undefined || buffer >= maxShape[axis]!) return length;
      while (buffer % length !== 0) length--;
      return length;
    });
}

/** The target size in bytes: hdmf's number of MB or GB, unless bytes are given. */
function target(name: string, value: number, unit: number, bytes: number | string | undefined): number {
  const size = bytes === undefined ? value * unit : parseBytes(bytes);
  if (size > 0 && size < Infinity) return size;
  const [what, given] = bytes === undefined ? [name, value] : [`${name.slice(0, -2)}Bytes`, JSON.stringify(bytes)];
  throw new RangeError(`${ACTION}: ${what} (${given}) must be greater than zero${size > 0 ? " and finite" : ""}`);
}

function known(itemsize: number): number {
  if (itemsize > 0) return itemsize;
  throw new DTypeError(`${ACTION}: the elements have no fixed size, so give chunkShape and bufferShape`);
}

function checkPositive(name: string, shape: PartialShape): void {
  if (shape.every((length) => length === null || length > 0)) return;
  throw new ShapeError(`${ACTION}: some dimensions of ${name} ${shapeText(shape)} are less than one`);
}

function checkWithin(name: string, shape: readonly number[], what: string, limit: readonly number[]): void {
  if (shape.every((length, axis) => length <= limit[axis]!)) return;
  throw new ShapeError(
    `${ACTION}: some dimensions of ${name} ${shapeText(shape)} exceed ${what} ${shapeText(limit)}`,
  );
}
