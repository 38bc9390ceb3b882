/**
 * How a dataset is stored: options, checked, as the C side takes them.
 *
 * @module
 */
import type { DType } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import { guessChunk } from "../write/chunk_guess.ts";
import type { StorageOptions } from "./storage_options.ts";
import { filtersOf, type FilterSpec } from "./write_filters.ts";
import { flattened } from "./write_values.ts";
import { numpyItemsize } from "./write_type.ts";

/** How a dataset is stored, checked. */
export interface Storage {
  readonly maxShape: readonly (number | null)[];
  readonly chunk: readonly number[] | null;
  readonly filters: readonly FilterSpec[];
}

/** libhdf5 holds sizes of chunks in 32 bits. */
const LARGEST_CHUNK = 2 ** 32 - 1;

/**
 * Checks how a dataset is to be stored.
 *
 * @param options What is asked for.
 * @param shape Shape of the dataset, `null` for a null dataspace.
 * @param dtype Type of its elements.
 * @param action What is being done, for messages.
 * @returns What the C side takes.
 * @throws {ShapeError} If a shape doesn't fit.
 * @throws {DTypeError} If a filter can't take the type.
 * @throws {TypeError} If an option is of the wrong kind, or doesn't go with another.
 * @throws {RangeError} If a number is out of range.
 */
export function resolveStorage(
  options: StorageOptions,
  shape: readonly number[] | null,
  dtype: DType,
  action: string,
): Storage {
  const filters = filtersOf(options, dtype, action);
  const { maxShape, chunkShape } = options;
  if (shape === null || shape.length === 0) {
    if (filters.length > 0 || isGiven(chunkShape) || isGiven(maxShape)) {
      throw new ShapeError(
        `Cannot ${action}: a dataset ${
          shape === null ? "without elements" : "of one element"
        } has no chunks, filters or maxShape`,
      );
    }
    return { maxShape: [], chunk: null, filters: [] };
  }
  const most = maxShapeOf(maxShape, shape, action);
  const grows = most.some((length, axis) => length !== shape[axis]);
  if (chunkShape === false || chunkShape === null) {
    if (filters.length === 0 && !grows) return { maxShape: most, chunk: null, filters };
    throw new ShapeError(`Cannot ${action}: filters and maxShape need chunks`);
  }
  const wanted = chunkShape !== undefined || filters.length > 0 || grows;
  return { maxShape: most, chunk: wanted ? chunkOf(chunkShape ?? true, shape, most, dtype, action) : null, filters };
}

/** A list of lengths, each a whole number of at least `least`. */
export function checkLengths(
  lengths: unknown,
  name: string,
  least: number,
  action: string,
  rank?: number,
): asserts lengths is readonly number[] {
  if (!Array.isArray(lengths)) throw new TypeError(`Cannot ${action}: ${name} is ${String(lengths)}, expected a list`);
  if (rank !== undefined && lengths.length !== rank) {
    throw new ShapeError(
      `Cannot ${action}: ${name} (${lengths.join(", ")}) has ${lengths.length} axes, expected ${rank}`,
    );
  }
  for (const length of lengths) {
    if (!Number.isSafeInteger(length) || length < least) {
      throw new ShapeError(
        `Cannot ${action}: ${name} has the length ${String(length)}, expected a whole number of at least ${least}`,
      );
    }
  }
}

function isGiven(option: unknown): boolean {
  return option !== undefined && option !== null && option !== false;
}

function maxShapeOf(
  maxShape: StorageOptions["maxShape"],
  shape: readonly number[],
  action: string,
): readonly (number | null)[] {
  if (maxShape === undefined || maxShape === null || maxShape === false) return shape;
  if (maxShape === true) return shape.map(() => null);
  checkLengths(
    (maxShape as unknown[]).map?.((length, axis) => length ?? shape[axis]) ?? maxShape,
    "maxShape",
    0,
    action,
    shape.length,
  );
  maxShape.forEach((length, axis) => {
    if (length !== null && length < shape[axis]!) {
      throw new ShapeError(
        `Cannot ${action}: maxShape (${maxShape.join(", ")}) is less than the shape (${shape.join(", ")})`,
      );
    }
  });
  return maxShape;
}

function chunkOf(
  chunkShape: readonly (number | null)[] | true,
  shape: readonly number[],
  maxShape: readonly (number | null)[],
  dtype: DType,
  action: string,
): readonly number[] {
  const { itemsize, outer } = elementSize(dtype);
  if (chunkShape === true) return guessChunk(shape, itemsize * outer);
  const given = (chunkShape as unknown[]).map?.((length) => length ?? 1) ?? chunkShape;
  checkLengths(given, "chunkShape", 1, action, shape.length);
  const chunk = chunkShape.includes(null)
    ? guessChunk(shape, itemsize * outer, chunkShape)
    : chunkShape as readonly number[];
  chunk.forEach((length, axis) => {
    const most = maxShape[axis] ?? null;
    if (most !== null && length > Math.max(most, 1)) {
      throw new ShapeError(
        `Cannot ${action}: chunks (${chunk.join(", ")}) are longer than the dataset can be along axis ${axis}, ${most}`,
      );
    }
  });
  const bytes = chunk.reduce((product, length) => product * length, itemsize * outer);
  if (bytes > LARGEST_CHUNK) {
    throw new ShapeError(
      `Cannot ${action}: chunks (${chunk.join(", ")}) take ${
        bytes.toLocaleString("en")
      } bytes, HDF5 holds chunks of less than 4 GiB`,
    );
  }
  return chunk;
}

function elementSize(dtype: DType): { itemsize: number; outer: number } {
  const { shape, base } = flattened(dtype);
  return { itemsize: numpyItemsize(base), outer: shape.reduce((product, length) => product * length, 1) };
}
