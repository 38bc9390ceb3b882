/**
 * `zarr.json`: the metadata of an array in version 3.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import type { CompoundDType, DType } from "../../array/types.ts";
import { CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import { TEXT } from "./data_type.ts";
import { isObject, isShape, type JsonObject, shown } from "../json.ts";
import {
  checkAttributes,
  checkShapes,
  checkTransposes,
  dimensionNamesOf,
  type ZarrCodec,
  type ZarrSpec,
} from "./spec.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "zarr_format",
  "node_type",
  "shape",
  "data_type",
  "chunk_grid",
  "chunk_key_encoding",
  "fill_value",
  "codecs",
  "attributes",
  "dimension_names",
  "storage_transformers",
]);

/**
 * Reads the metadata of an array in version 3.
 *
 * @param document `zarr.json`
 * @param name What messages call it
 * @throws {CorruptFileError} If it can't be so
 * @throws {UnsupportedError} If it uses what can't be read
 */
export function specV3(document: JsonObject, name: string): ZarrSpec {
  checkExtensions(document, name);
  const grid = named(document.chunk_grid, name);
  if (grid.name !== "regular") {
    throw new UnsupportedError(`Cannot read ${name}: its chunk grid is ${shown(grid.name)}, expected "regular"`);
  }
  const { shape, chunks } = checkShapes(name, document.shape, grid.configuration.chunk_shape);
  const codecs = codecsOf(document.codecs, name);
  const sharding = codecs.find((codec) => codec.name === "sharding_indexed");
  if (sharding !== undefined && codecs.length > 1) {
    throw new UnsupportedError(`Cannot read ${name}: its shards go through further codecs`);
  }
  const shard = sharding === undefined ? null : shardOf(sharding.configuration, chunks, name);
  const inner = shard?.codecs ?? codecs;
  checkTransposes(name, inner, shape.length);
  const { dtype, rest } = withByteOrder(dtypeV3(document.data_type, name), inner, name);
  if (document.fill_value === undefined) throw new CorruptFileError(`Cannot read ${name}: it has no fill_value`);
  return {
    zarrFormat: 3,
    shape,
    chunkShape: shard?.chunkShape ?? chunks,
    shardShape: shard === null ? null : chunks,
    dtype,
    fillValue: document.fill_value,
    attributes: checkAttributes(name, document.attributes),
    dimensionNames: dimensionNamesOf(document.dimension_names, shape.length),
    keys: keysOf(document.chunk_key_encoding, name),
    codecs: rest,
    indexCodecs: shard?.indexCodecs ?? [],
    indexLocation: shard?.indexLocation ?? "end",
  };
}

// What the format doesn't have may be passed over only where it says so itself (core specification, "extensions").
function checkExtensions(document: JsonObject, name: string): void {
  const transformers = document.storage_transformers ?? [];
  const foreign = Object.entries(document).find(([key, value]) =>
    !KNOWN.has(key) && !(isObject(value) && value.must_understand === false)
  );
  if (foreign !== undefined) {
    throw new UnsupportedError(`Cannot read ${name}: it has the extension ${shown(foreign[0])}`);
  }
  if (!Array.isArray(transformers) || transformers.length > 0) {
    throw new UnsupportedError(`Cannot read ${name}: it has storage transformers, ${shown(transformers)}`);
  }
}

function keysOf(encoding: unknown, name: string): ZarrSpec["keys"] {
  const { name: kind, configuration } = named(encoding, name);
  if (kind !== "default" && kind !== "v2") {
    throw new UnsupportedError(`Cannot read ${name}: its chunk keys are encoded as ${shown(kind)}`);
  }
  const separator = configuration.separator ?? (kind === "default" ? "/" : ".");
  if (separator !== "/" && separator !== ".") {
    throw new CorruptFileError(`Cannot read ${name}: the separator of its chunk keys is ${shown(separator)}`);
  }
  return { name: kind, separator };
}

interface Shard {
  readonly chunkShape: readonly number[];
  readonly codecs: ZarrCodec[];
  readonly indexCodecs: ZarrCodec[];
  readonly indexLocation: "start" | "end";
}

function shardOf(configuration: JsonObject, shape: readonly number[], name: string): Shard {
  const { chunk_shape: inner, index_location: indexLocation = "end" } = configuration;
  if (!isShape(inner, 1) || inner.length !== shape.length || shape.some((length, i) => length % inner[i]! !== 0)) {
    throw new CorruptFileError(`Cannot read ${name}: chunks of ${shown(inner)} don't fill shards of ${shown(shape)}`);
  }
  if (indexLocation !== "start" && indexLocation !== "end") {
    throw new CorruptFileError(`Cannot read ${name}: the index of its shards lies at ${shown(indexLocation)}`);
  }
  const codecs = codecsOf(configuration.codecs, name);
  if (codecs.some((codec) => codec.name === "sharding_indexed")) {
    throw new UnsupportedError(`Cannot read ${name}: its shards hold shards`);
  }
  return { chunkShape: inner, codecs, indexCodecs: codecsOf(configuration.index_codecs, name), indexLocation };
}

function codecsOf(codecs: unknown, name: string): ZarrCodec[] {
  if (!Array.isArray(codecs)) throw new CorruptFileError(`Cannot read ${name}: its codecs are ${shown(codecs)}`);
  return codecs.map((codec) => named(codec, name));
}

// An extension point: an object, or its name alone.
function named(value: unknown, name: string): ZarrCodec {
  if (typeof value === "string") return { name: value, configuration: {} };
  const { name: label, configuration = {} } = isObject(value) ? value : {};
  if (typeof label === "string" && isObject(configuration)) return { name: label, configuration };
  throw new CorruptFileError(`Cannot read ${name}: ${shown(value)} has no name`);
}

/** How deep records may lie within each other, as in NumPy's description of a dtype. */
const MAX_DEPTH = 32;

function dtypeV3(type: unknown, name: string, depth = 0): DType {
  if (depth > MAX_DEPTH) {
    throw new CorruptFileError(`Cannot read ${name}: its records lie more than ${MAX_DEPTH} deep within each other`);
  }
  const { name: kind, configuration } = named(type, name);
  const length = configuration.length_bytes;
  const bytes = (divisor: number): number => {
    if (Number.isSafeInteger(length) && length as number > 0 && length as number % divisor === 0) {
      return length as number / divisor;
    }
    throw new CorruptFileError(`Cannot read ${name}: ${shown(type)} has no length`);
  };
  const raw = /^r([1-9]\d*)$/.exec(kind);
  if (raw !== null && Number(raw[1]) % 8 === 0) return opaque(Number(raw[1]) / 8);
  if (/^(bool|u?int(8|16|32|64)|float(16|32|64)|complex(64|128))$/.test(kind)) return dtypeFromNumpy(kind);
  switch (kind) {
    case "string":
      return TEXT;
    case "fixed_length_utf32":
      return dtypeFromNumpy(`<U${bytes(4)}`);
    case "null_terminated_bytes":
      return dtypeFromNumpy(`|S${bytes(1)}`);
    case "raw_bytes":
      return opaque(bytes(1));
    case "numpy.datetime64":
    case "numpy.timedelta64": {
      const { unit, scale_factor: scale = 1 } = configuration;
      return dtypeFromNumpy(`<${kind.includes("date") ? "M" : "m"}8[${scale === 1 ? "" : scale}${unit}]`);
    }
    case "struct":
    case "structured":
      return recordOf(configuration.fields, name, depth);
  }
  throw new UnsupportedError(`Cannot read ${name}: its data type is ${shown(type)}`);
}

// [["a", "int32"], …], or [{ name, data_type }, …]
function recordOf(fields: unknown, name: string, depth: number): CompoundDType {
  let offset = 0;
  const members = (Array.isArray(fields) ? fields : []).map((field) => {
    const [label, type] = Array.isArray(field) ? field : isObject(field) ? [field.name, field.data_type] : [];
    if (typeof label !== "string") throw new CorruptFileError(`Cannot read ${name}: ${shown(field)} is no field`);
    const dtype = dtypeV3(type, name, depth + 1);
    if (dtype.kind === "string" && dtype.length === null) {
      throw new UnsupportedError(`Cannot read ${name}: its records hold text of varying length`);
    }
    const member = { name: label, dtype, offset };
    offset += dtype.itemsize;
    return member;
  });
  return { kind: "compound", itemsize: offset, byteOrder: "|", fields: members };
}

function opaque(itemsize: number): DType {
  return { kind: "opaque", itemsize, byteOrder: "|", tag: "" };
}

// Version 3 has the byte order in the codec that makes bytes of elements; here it stands in the dtype.
function withByteOrder(dtype: DType, codecs: readonly ZarrCodec[], name: string): { dtype: DType; rest: ZarrCodec[] } {
  const bytes = codecs.find((codec) => codec.name === "bytes");
  const endian = bytes?.configuration.endian ?? "little";
  if (endian !== "little" && endian !== "big") {
    throw new CorruptFileError(`Cannot read ${name}: its byte order is ${shown(endian)}`);
  }
  return {
    dtype: endian === "big" ? bigEndian(dtype) : dtype,
    rest: codecs.filter((codec) => codec !== bytes),
  };
}

function bigEndian(dtype: DType): DType {
  if (dtype.kind === "compound") {
    return { ...dtype, fields: dtype.fields.map((field) => ({ ...field, dtype: bigEndian(field.dtype) })) };
  }
  if (dtype.byteOrder === "<" || (dtype.kind === "string" && dtype.charset === "ucs4")) {
    return { ...dtype, byteOrder: ">" } as DType;
  }
  return dtype;
}
