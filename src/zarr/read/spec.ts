/**
 * What the metadata of a Zarr array says, whichever version wrote it.
 *
 * @module
 */

import type { DType } from "../../array/types.ts";
import { CorruptFileError, LimitError, UnsupportedError } from "../../source/errors.ts";
import { isObject, isShape, type JsonObject, shown } from "../json.ts";

/** The most axes that an array has: a key of a chunk names its place along each. */
const MOST_AXES = 64;

/** A codec, as version 3 writes it. */
export interface ZarrCodec {
  /** Its name. */
  readonly name: string;
  /** Its settings. */
  readonly configuration: JsonObject;
}

/** What the metadata of an array says. */
export interface ZarrSpec {
  /** Version of the format. */
  readonly zarrFormat: 2 | 3;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Length of a chunk along each axis: of the inner ones, where they lie in shards. */
  readonly chunkShape: readonly number[];
  /** Shape of the shards, or `null` where each chunk is an object of its own. */
  readonly shardShape: readonly number[] | null;
  /** Type of the elements, as stored. */
  readonly dtype: DType;
  /** What chunks that were never written hold, as JSON has it. */
  readonly fillValue: unknown;
  /** Attributes of the array. */
  readonly attributes: JsonObject;
  /** Names of the axes, or `null` where they have none. */
  readonly dimensionNames: readonly (string | null)[] | null;
  /** How a chunk's key is made of its indices. */
  readonly keys: { readonly name: "default" | "v2"; readonly separator: "/" | "." };
  /** What is done to a chunk when it is written, first things first; the byte order is the dtype's. */
  readonly codecs: readonly ZarrCodec[];
  /** What is done to a shard's index. */
  readonly indexCodecs: readonly ZarrCodec[];
  /** Where in a shard its index lies. */
  readonly indexLocation: "start" | "end";
}

/**
 * Checks what both versions have: shape, and the shape of chunks.
 *
 * @param name What messages call the document
 * @param shape The shape
 * @param chunks Shape of the chunks
 * @returns Both; a chunk along an axis without length is taken as 1
 * @throws {CorruptFileError} If they can't be
 */
export function checkShapes(name: string, shape: unknown, chunks: unknown): { shape: number[]; chunks: number[] } {
  if (!isShape(shape, 0)) throw new CorruptFileError(`Cannot read ${name}: its shape is ${shown(shape)}`);
  if (shape.length > MOST_AXES) {
    throw new LimitError(`Cannot read ${name}: it has ${shape.length} axes, more than the ${MOST_AXES} that NumPy has`);
  }
  const lengths = isShape(chunks, 0) ? chunks.map((length, i) => shape[i] === 0 ? Math.max(1, length) : length) : null;
  if (lengths === null || lengths.length !== shape.length || lengths.includes(0)) {
    throw new CorruptFileError(
      `Cannot read ${name}: its chunks have the shape ${shown(chunks)}, the array ${shown(shape)}`,
    );
  }
  if (!Number.isSafeInteger(lengths.reduce((product, length) => product * length, 1))) {
    throw new CorruptFileError(`Cannot read ${name}: chunks of ${shown(chunks)} hold more than can be counted`);
  }
  return { shape, chunks: lengths };
}

/**
 * Checks the order of a codec that transposes.
 *
 * @param name What messages call the document
 * @param codecs All codecs of a chunk
 * @param rank Number of axes
 * @throws {CorruptFileError} If the order isn't one
 * @throws {UnsupportedError} If there is more than one such codec
 */
export function checkTransposes(name: string, codecs: readonly ZarrCodec[], rank: number): void {
  const orders = codecs.filter((codec) => codec.name === "transpose").map(({ configuration }) => configuration.order);
  if (orders.length > 1) throw new UnsupportedError(`Cannot read ${name}: it transposes more than once`);
  for (const order of orders) {
    if (order === "C" || order === "F") continue;
    const sorted = isShape(order, 0) ? [...order].sort((a, b) => a - b) : [];
    if (sorted.length !== rank || sorted.some((axis, i) => axis !== i)) {
      throw new CorruptFileError(`Cannot read ${name}: ${shown(order)} is no order of ${rank} axes`);
    }
  }
}

/**
 * Attributes, checked.
 *
 * @param name What messages call the document
 * @param attributes What it has
 */
export function checkAttributes(name: string, attributes: unknown): JsonObject {
  if (attributes === undefined || attributes === null) return {};
  if (isObject(attributes)) return attributes;
  throw new CorruptFileError(`Cannot read ${name}: its attributes are ${shown(attributes)}`);
}

/**
 * Names of the axes, where there is one for each.
 *
 * @param names What the metadata has
 * @param rank Number of axes
 */
export function dimensionNamesOf(names: unknown, rank: number): (string | null)[] | null {
  if (!Array.isArray(names) || names.length !== rank) return null;
  return names.map((name) => typeof name === "string" ? name : null);
}
