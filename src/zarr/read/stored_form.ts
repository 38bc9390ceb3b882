/**
 * How an array is put to zarrita: under which data type, and with which codecs.
 *
 * Types that zarrita doesn't have go as others of the same size and are decoded here. So do some that it has: text,
 * whose zeros in the middle it drops, and float16, for which it needs an array class that not every runtime has.
 *
 * @module
 */

import { nativeOrder } from "../../array/codec/decode_elements.ts";
import type { DType } from "../../array/types.ts";
import { numbersOf } from "../../array/dtype/kinds.ts";
import { CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import { shown } from "../json.ts";
import { CODECS } from "../codec/codec_registry.ts";
import type { ZarrCodec, ZarrSpec } from "./spec.ts";

/** How an array is put to zarrita. */
export interface StoredForm {
  /** zarrita's name of the type. */
  readonly dataType: string;
  /** Type of the elements as they lie in a chunk that zarrita has decoded. */
  readonly chunkDType: DType;
  /** Codecs for zarrita. */
  readonly codecs: readonly ZarrCodec[];
  /** Codecs that are undone here: the last ones, as far as the registry has them. */
  readonly ownCodecs: readonly ZarrCodec[];
}

// What these do depends on the elements being numbers.
const NUMERIC: ReadonlySet<string> = new Set(["delta", "bitround", "scale_offset", "cast_value"]);

/**
 * Decides how an array is put to zarrita.
 *
 * @param spec The array
 * @param name What messages call it
 * @throws {UnsupportedError} If zarrita would read it wrongly
 */
export function storedForm(spec: ZarrSpec, name: string): StoredForm {
  const { dtype } = spec;
  const needsNumbers = spec.codecs.some((codec) => NUMERIC.has(plainName(codec)));
  const native = nativeName(dtype, needsNumbers);
  if (native === null && needsNumbers) {
    throw new UnsupportedError(`Cannot read ${name}: zarrita has no codecs for numbers of the kind ${dtype.kind}`);
  }
  const dataType = native ?? substitute(dtype, spec.zarrFormat, name);
  const isText = dataType === "string" || dataType === "v2:object";
  if (!isText && dtype.itemsize === 0) throw new UnsupportedError(`Cannot read ${name}: its elements have no bytes`);
  for (const codec of spec.codecs) checkCodec(codec, spec.codecs, dtype, name);
  const codecs = [...spec.codecs];
  const ownCodecs: ZarrCodec[] = [];
  while (codecs.length > 0 && CODECS.has(plainName(codecs.at(-1)!))) ownCodecs.unshift(codecs.pop()!);
  if (!isText) {
    const big = native !== null && dtype.byteOrder === ">";
    codecs.push({ name: "bytes", configuration: { endian: big ? "big" : "little" } });
  } else if (!codecs.some((codec) => /^(vlen-utf8|json2)$/.test(plainName(codec)))) {
    throw new UnsupportedError(`Cannot read ${name}: ${listed(spec.codecs)} say nothing of how its values are written`);
  }
  return { dataType, chunkDType: native === null ? dtype : nativeOrder(dtype), codecs, ownCodecs };
}

/** A codec's name without what stands before it where it comes from numcodecs. */
export function plainName({ name }: ZarrCodec): string {
  return name.replace(/^numcodecs\./, "");
}

function nativeName(dtype: DType, needsNumbers: boolean): string | null {
  switch (dtype.kind) {
    case "bool":
      return "bool";
    case "float":
      return dtype.itemsize === 2 && !needsNumbers ? null : `float${8 * dtype.itemsize}`;
    case "object":
      return "v2:object";
    case "string":
      return dtype.length === null ? "string" : null;
    default: {
      const held = numbersOf(dtype);
      return held?.parts === 1 ? `${held.kind}${8 * held.itemsize}` : null;
    }
  }
}

function substitute(dtype: DType, _format: 2 | 3, name: string): string {
  if (dtype.kind === "float") return "uint16";
  if (["complex", "string", "opaque", "compound", "array"].includes(dtype.kind)) return `v2:S${dtype.itemsize}`;
  throw new UnsupportedError(`Cannot read ${name}: its elements are of the kind ${dtype.kind}`);
}

// Where zarrita passes over a setting, the numbers would come out wrong.
function checkCodec(codec: ZarrCodec, codecs: readonly ZarrCodec[], dtype: DType, name: string): void {
  const { configuration } = codec;
  switch (plainName(codec)) {
    case "shuffle": {
      const size = configuration.elementsize ?? 4;
      if (size !== dtype.itemsize || codecs.some((other) => plainName(other) === "cast_value")) {
        throw new UnsupportedError(`Cannot read ${name}: it is shuffled by ${shown(size)} bytes, not by elements`);
      }
      return;
    }
    case "delta": {
      const { dtype: from, astype = from } = configuration;
      if (astype !== from) {
        throw new UnsupportedError(`Cannot read ${name}: its differences are of the type ${shown(astype)}`);
      }
      return;
    }
    case "crc32c":
      if ((configuration.location ?? "end") !== "end") {
        throw new UnsupportedError(`Cannot read ${name}: its checksums lie at ${shown(configuration.location)}`);
      }
      return;
    case "sharding_indexed":
      throw new CorruptFileError(`Cannot read ${name}: sharding stands where it can't`);
  }
}

function listed(codecs: readonly ZarrCodec[]): string {
  return `the codecs ${JSON.stringify(codecs.map((codec) => codec.name))}`;
}
