/**
 * `.zarray`: the metadata of an array in version 2.
 *
 * @module
 */

import { dtypeFromDescr } from "../../array/dtype/descr.ts";
import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import type { DType } from "../../array/types.ts";
import { CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import { TEXT } from "./data_type.ts";
import { isObject, type JsonObject, shown } from "../json.ts";
import { checkAttributes, checkShapes, dimensionNamesOf, type ZarrCodec, type ZarrSpec } from "./spec.ts";

/**
 * Reads the metadata of an array in version 2.
 *
 * @param document `.zarray`
 * @param attributes `.zattrs`
 * @param name What messages call it
 * @throws {CorruptFileError} If it can't be so
 * @throws {UnsupportedError} If it uses what can't be read
 */
export function specV2(document: JsonObject, attributes: JsonObject | undefined, name: string): ZarrSpec {
  if (document.zarr_format !== 2) {
    throw new CorruptFileError(`Cannot read ${name}: its zarr_format is ${shown(document.zarr_format)}, expected 2`);
  }
  const { shape, chunks } = checkShapes(name, document.shape, document.chunks);
  if (document.order !== undefined && document.order !== "C" && document.order !== "F") {
    throw new CorruptFileError(`Cannot read ${name}: its order is ${shown(document.order)}, expected "C" or "F"`);
  }
  const separator = document.dimension_separator ?? ".";
  if (separator !== "." && separator !== "/") {
    throw new CorruptFileError(`Cannot read ${name}: its dimension_separator is ${shown(separator)}`);
  }
  const filters = filtersOf(document.filters, name).flatMap((filter) => filterCodecs(filter, document.dtype, name));
  const transpose = document.order === "F" ? [{ name: "transpose", configuration: { order: "F" } }] : [];
  const compressor = document.compressor === null || document.compressor === undefined
    ? []
    : filtersOf([document.compressor], name);
  const own = checkAttributes(name, attributes);
  return {
    zarrFormat: 2,
    shape,
    chunkShape: chunks,
    shardShape: null,
    dtype: dtypeV2(document.dtype, filters, name),
    fillValue: document.fill_value ?? null,
    attributes: own,
    dimensionNames: dimensionNamesOf(own._ARRAY_DIMENSIONS, shape.length),
    keys: { name: "v2", separator },
    codecs: [...transpose, ...filters, ...compressor],
    indexCodecs: [],
    indexLocation: "end",
  };
}

// A codec of numcodecs names itself by `id`.
function filtersOf(filters: unknown, name: string): ZarrCodec[] {
  if (filters === null || filters === undefined) return [];
  if (!Array.isArray(filters)) throw new CorruptFileError(`Cannot read ${name}: its filters are ${shown(filters)}`);
  return filters.map((filter) => {
    if (!isObject(filter) || typeof filter.id !== "string") {
      throw new CorruptFileError(`Cannot read ${name}: ${shown(filter)} is no codec`);
    }
    const { id, ...configuration } = filter;
    return { name: `numcodecs.${id}`, configuration };
  });
}

// zarrita has fixedscaleoffset as the two codecs of version 3 that do the same.
function filterCodecs(filter: ZarrCodec, dtype: unknown, name: string): ZarrCodec[] {
  if (filter.name !== "numcodecs.fixedscaleoffset") return [filter];
  const { scale, offset, astype = filter.configuration.dtype } = filter.configuration;
  if (typeof scale !== "number" || typeof offset !== "number" || (astype !== undefined && typeof astype !== "string")) {
    throw new CorruptFileError(`Cannot read ${name}: ${shown(filter.configuration)} is no scale and offset`);
  }
  const scaling = { name: "scale_offset", configuration: { scale, offset } };
  if (astype === undefined || astype === dtype) return [scaling];
  const stored = dtypeFromNumpy(astype);
  if (!["int", "uint", "float"].includes(stored.kind) || stored.byteOrder === ">") {
    throw new UnsupportedError(`Cannot read ${name}: it is scaled to the type ${shown(astype)}`);
  }
  const data_type = `${stored.kind}${8 * stored.itemsize}`;
  return [scaling, {
    name: "cast_value",
    configuration: { data_type, rounding: "nearest-even", out_of_range: "wrap" },
  }];
}

function dtypeV2(dtype: unknown, filters: readonly ZarrCodec[], name: string): DType {
  // The filter says what the objects are.
  if (dtype === "|O" && filters.some((filter) => filter.name === "numcodecs.vlen-utf8")) return TEXT;
  if (typeof dtype === "string" && !/^[<>|]/.test(dtype)) {
    throw new CorruptFileError(`Cannot read ${name}: ${shown(dtype)} is no dtype`);
  }
  try {
    return dtypeFromDescr(dtype);
  } catch (cause) {
    if (cause instanceof UnsupportedError) throw cause;
    throw new CorruptFileError(`Cannot read ${name}: ${shown(dtype)} is no dtype`, { cause });
  }
}
