/**
 * Types and metadata of arrays that are written as Zarr.
 *
 * @module
 */

import { describeDType } from "../../array/dtype/dtype.ts";
import { KINDS, numbersOf, unitOf } from "../../array/dtype/kinds.ts";
import { numpyDescr } from "../../array/dtype/descr.ts";
import type { DType } from "../../array/types.ts";
import { UnsupportedError } from "../../source/errors.ts";

/** How the chunks of an array are compressed. */
export interface ZarrCompression {
  /** By what. */
  readonly name: "gzip" | "zstd";
  /** How hard: of gzip 0 to 9, of zstd 1 to 22. */
  readonly level: number;
}

/** What metadata is made of. */
export interface ArrayMetadata {
  /** Version of the format. */
  readonly zarrFormat: 2 | 3;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Shape of the chunks. */
  readonly chunkShape: readonly number[];
  /** Type of the elements, as {@linkcode storedType} has it. */
  readonly dtype: DType;
  /** How chunks are compressed. */
  readonly compression: ZarrCompression | null;
  /** Whether bytes of the same significance are put together first; in version 2 only. */
  readonly shuffle: boolean;
}

/**
 * The type that elements have in a Zarr array: little-endian; an enum as its integers.
 *
 * @param dtype The type that they have
 * @throws {UnsupportedError} If Zarr has none like it
 */
export function storedType(dtype: DType): DType {
  switch (dtype.kind) {
    case "enum":
      return storedType(dtype.base);
    case "compound":
      return { ...dtype, fields: dtype.fields.map((field) => ({ ...field, dtype: storedType(field.dtype) })) };
    case "array":
      return { ...dtype, base: storedType(dtype.base) };
    case "string":
      return dtype.byteOrder === ">" ? { ...dtype, byteOrder: "|" } : dtype;
    default:
      if (KINDS[dtype.kind].isElsewhere) {
        throw new UnsupportedError(`Cannot write ${describeDType(dtype)} as Zarr: it has no such data type`);
      }
      return dtype.byteOrder === ">" ? { ...dtype, byteOrder: "<" } as DType : dtype;
  }
}

/**
 * The metadata document of an array.
 *
 * @param array What it says
 * @returns `.zarray` or `zarr.json`
 * @throws {UnsupportedError} If that version of Zarr has no such type
 */
export function arrayDocument(array: ArrayMetadata): Record<string, unknown> {
  return array.zarrFormat === 2 ? documentV2(array) : documentV3(array);
}

function documentV2({ shape, chunkShape, dtype, compression, shuffle }: ArrayMetadata): Record<string, unknown> {
  const isText = dtype.kind === "string" && dtype.length === null;
  const filters = isText ? [{ id: "vlen-utf8" }] : shuffle ? [{ id: "shuffle", elementsize: dtype.itemsize }] : null;
  return {
    zarr_format: 2,
    shape,
    chunks: chunkShape,
    dtype: isText ? "|O" : numpyDescr(dtype),
    compressor: compression === null ? null : { id: compression.name, level: compression.level },
    // Every chunk is written, so that none is filled.
    fill_value: isText ? "" : null,
    order: "C",
    filters,
    dimension_separator: ".",
  };
}

function documentV3({ shape, chunkShape, dtype, compression, shuffle }: ArrayMetadata): Record<string, unknown> {
  if (shuffle) throw new UnsupportedError("Cannot shuffle chunks of Zarr version 3: it has no such codec");
  const isText = dtype.kind === "string" && dtype.length === null;
  const endian = dtype.itemsize > 1 ? { configuration: { endian: "little" } } : {};
  const packing = compression === null ? [] : [{
    name: compression.name,
    configuration: { level: compression.level, ...(compression.name === "zstd" ? { checksum: false } : {}) },
  }];
  const { data_type, fill_value } = typeV3(dtype);
  return {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [isText ? { name: "vlen-utf8", configuration: {} } : { name: "bytes", ...endian }, ...packing],
    fill_value,
    attributes: {},
  };
}

function typeV3(dtype: DType): { data_type: unknown; fill_value: unknown } {
  switch (dtype.kind) {
    case "bool":
      return { data_type: "bool", fill_value: false };
    case "string": {
      if (dtype.length === null) return { data_type: "string", fill_value: "" };
      const name = dtype.charset === "ucs4" ? "fixed_length_utf32" : "null_terminated_bytes";
      return { data_type: { name, configuration: { length_bytes: dtype.itemsize } }, fill_value: "" };
    }
    case "opaque":
      return {
        data_type: { name: "raw_bytes", configuration: { length_bytes: dtype.itemsize } },
        fill_value: btoa("\0".repeat(dtype.itemsize)),
      };
  }
  const held = numbersOf(dtype);
  if (held !== null) {
    const name = `${dtype.kind}${8 * dtype.itemsize}`;
    const fill_value = held.parts === 1 ? 0 : Array.from({ length: held.parts }, () => 0);
    const counted = unitOf(dtype);
    if (counted === null) return { data_type: name, fill_value };
    const [, scale = "", unit] = /^(\d*)(\w+)$/.exec(counted) ?? [];
    const configuration = { unit, scale_factor: Number(scale || "1") };
    return { data_type: { name: `numpy.${name}`, configuration }, fill_value };
  }
  throw new UnsupportedError(
    `Cannot write ${describeDType(dtype)} as Zarr version 3: it has no such data type; version 2 has records`,
  );
}
