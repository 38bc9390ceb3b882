/**
 * The filters that the chunks of a new dataset go through.
 *
 * @module
 */
import { describeDType } from "../../array/dtype/dtype.ts";
import type { DType } from "../../array/types.ts";
import { DTypeError } from "../../source/errors.ts";
import type { StorageOptions } from "./storage_options.ts";
import { flattened } from "./write_values.ts";

/** A filter as the C side takes it. */
export interface FilterSpec {
  readonly id: number;
  /** 1: may be left out where it gains nothing, or is missing. */
  readonly flags: 0 | 1;
  readonly values: readonly number[];
}

const OPTIONAL = 1;

/**
 * Checks which filters are asked for.
 *
 * @param options What is asked for.
 * @param dtype Type of the elements.
 * @param action What is being done, for messages.
 * @returns The filters, in the order in which h5py sets them.
 * @throws {DTypeError} If a filter can't take the type.
 * @throws {TypeError} If an option is of the wrong kind, or doesn't go with another.
 * @throws {RangeError} If a number is out of range.
 */
export function filtersOf(options: StorageOptions, dtype: DType, action: string): FilterSpec[] {
  const filters: FilterSpec[] = [];
  const scaled = scaleOffsetOf(options, dtype, action);
  if (scaled !== null) filters.push(scaled);
  if (options.nbit === true) filters.push({ id: 5, flags: OPTIONAL, values: [] });
  if (options.shuffle === true) filters.push({ id: 2, flags: OPTIONAL, values: [] });
  const compression = compressionOf(options, dtype, action);
  if (compression !== null) filters.push(compression);
  if (options.fletcher32 === true) filters.push({ id: 3, flags: 0, values: [] });
  return filters;
}

function scaleOffsetOf({ scaleOffset, fletcher32 }: StorageOptions, dtype: DType, action: string): FilterSpec | null {
  if (scaleOffset === undefined || scaleOffset === null || scaleOffset === false) return null;
  const { base } = flattened(dtype);
  const isInteger = base.kind === "int" || base.kind === "uint";
  if (!isInteger && base.kind !== "float") {
    throw new DTypeError(`Cannot ${action}: scaleOffset takes integers and floats, not ${describeDType(dtype)}`);
  }
  if (!isInteger && scaleOffset === true) {
    throw new TypeError(`Cannot ${action}: scaleOffset of floats is the number of decimal digits that are kept`);
  }
  const factor = scaleOffset === true ? 0 : scaleOffset;
  if (!Number.isSafeInteger(factor) || factor < 0) {
    throw new RangeError(`Cannot ${action}: scaleOffset is ${String(factor)}, expected a whole number of at least 0`);
  }
  if (fletcher32 === true) {
    throw new TypeError(`Cannot ${action}: fletcher32 can't be used with scaleOffset, which may lose bits`);
  }
  // H5Z_SO_INT is 2, H5Z_SO_FLOAT_DSCALE 0.
  return { id: 6, flags: OPTIONAL, values: [isInteger ? 2 : 0, factor] };
}

function compressionOf(options: StorageOptions, dtype: DType, action: string): FilterSpec | null {
  const { compression: asked } = options;
  const given = options.compressionOptions ?? null;
  if (asked === undefined || asked === null || asked === false) {
    if (given === null) return null;
    throw new TypeError(`Cannot ${action}: compressionOptions need a compression`);
  }
  if (typeof asked === "number" && given !== null) {
    throw new TypeError(
      `Cannot ${action}: the compression ${asked} is a level of gzip already, compressionOptions are one too many`,
    );
  }
  const name = asked === true || typeof asked === "number" ? "gzip" : asked;
  const level = typeof asked === "number" ? asked : given;
  switch (name) {
    case "gzip":
      if (level !== null && !isWhole(level, 0, 9)) {
        throw new RangeError(
          `Cannot ${action}: GZIP compressionOptions must be an integer from 0 to 9, not ${String(level)}`,
        );
      }
      return { id: 1, flags: OPTIONAL, values: [level ?? 4] };
    case "lzf":
      if (level !== null) throw new TypeError(`Cannot ${action}: the LZF compression accepts no compressionOptions`);
      return { id: 32000, flags: OPTIONAL, values: [] };
    case "szip":
      return szipOf(level, dtype, action);
    case "lz4":
      if (level !== null && !isWhole(level, 0, 0x7e000000)) {
        throw new RangeError(
          `Cannot ${action}: LZ4 compressionOptions must be a number of bytes per block, not ${String(level)}`,
        );
      }
      return { id: 32004, flags: OPTIONAL, values: [level ?? 0] };
    case "zstd":
      if (level !== null && !isWhole(level, 1, 22)) {
        throw new RangeError(
          `Cannot ${action}: ZSTD compressionOptions must be an integer from 1 to 22, not ${String(level)}`,
        );
      }
      return { id: 32015, flags: OPTIONAL, values: [level ?? 3] };
    default:
      throw new TypeError(
        `Cannot ${action}: no compression is called ${String(name)}; there are gzip, lzf, szip, lz4 and zstd`,
      );
  }
}

function szipOf(options: unknown, dtype: DType, action: string): FilterSpec {
  const [method, pixels] = options === null ? ["nn", 8] : Array.isArray(options) && options.length === 2 ? options : [];
  if ((method !== "ec" && method !== "nn") || !isWhole(pixels, 2, 32) || pixels % 2 !== 0) {
    throw new RangeError(
      `Cannot ${action}: SZIP compressionOptions must be a pair of "ec" or "nn" and an even integer from 2 to 32, not ${
        JSON.stringify(options)
      }`,
    );
  }
  const { base } = flattened(dtype);
  if (!["int", "uint", "float", "bool", "enum"].includes(base.kind)) {
    throw new DTypeError(`Cannot ${action}: szip takes numbers, not ${describeDType(dtype)}`);
  }
  // H5_SZIP_EC_OPTION_MASK is 4, H5_SZIP_NN_OPTION_MASK 32.
  return { id: 4, flags: OPTIONAL, values: [method === "ec" ? 4 : 32, pixels] };
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
