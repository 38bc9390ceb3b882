/**
 * Another type of numbers.
 *
 * @module
 */

import type { DType, LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError } from "../../source/errors.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { type Numbers, type RoundedType, roundTo } from "../../wasm/reader/signal.ts";
import { chooseOf, floats } from "../transform/check.ts";
import type { TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";

/** Types that {@linkcode castTo} gives. */
export type CastType = RoundedType | "float32" | "float64";

/** Options of {@linkcode castTo}. */
export interface CastToOptions {
  /** The type: an integer of up to 32 bits, or a float. */
  readonly dtype: CastType;
  /**
   * What becomes of a NaN where integers are asked for: an error that says where it is, or zero.
   *
   * @default {"error"}
   */
  readonly nan?: "error" | "zero" | undefined;
}

/**
 * Values in another type. To integers they are **rounded** to the nearest, ties to even, as NumPy's `rint` does, and **clipped** to what
 * the type holds: no value turns about, and none is cut off towards zero. A NaN is refused, unless it is to be zero.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options The type
 * @throws {TypeError} If there is no such type
 *
 * @example Usage
 * ```ts
 * import { castTo } from "./cast_to.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = castTo(ndarray(Float32Array.of(0.5, 1.5, -2.7, 1e6)), { dtype: "int16" });
 * assert.deepEqual((await samples.read()).data, Int16Array.of(0, 2, -3, 32767));
 * ```
 */
export function castTo(input: LazyArray | NDArray, options: CastToOptions): TransformedArray<NumericData> {
  return transformed(CAST_TO, input, { ...options });
}

const NAMES: OptionNames<CastToOptions> = { dtype: true, nan: true };
const TYPES: readonly CastType[] = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"];

/** {@linkcode castTo} as a line of the registry. */
export const CAST_TO: TransformKind = {
  name: "castTo",
  prepare(input, options) {
    checkOptions(options, NAMES, "castTo");
    const dtype = chooseOf("castTo", "dtype", options.dtype, TYPES);
    const nan = chooseOf("castTo", "nan", options.nan ?? "error", ["error", "zero"]);
    return {
      options: { dtype, nan },
      shape: input.shape,
      dtype: arrayType(dtype),
      samplingRate: input.samplingRate,
      isChannelwise: true,
      margin: { before: 0, after: 0 },
      rowsFor: (from, to) => [from, to],
      async apply(block, { inputFrom, channels }) {
        const { data } = block;
        if (dtype === "float32" || dtype === "float64") {
          const out = floats(dtype, data.length);
          for (let i = 0; i < out.length; i++) out[i] = Number(data[i]);
          return { ...block, data: out };
        }
        const instance = await loadReaderInstance();
        const given = nan === "zero" && (data instanceof Float32Array || data instanceof Float64Array)
          ? data.map((value) => Number.isNaN(value) ? 0 : value)
          : data;
        const cast = roundTo(instance, given as Numbers, dtype);
        if (cast.nan >= 0) {
          const channel = cast.nan % block.channels;
          throw new DTypeError(
            `Cannot cast to ${dtype}: sample ${inputFrom + Math.floor(cast.nan / block.channels)} of channel ` +
              `${channels?.[channel] ?? channel} is NaN; nan: "zero" makes it 0`,
          );
        }
        return { ...block, data: cast.data };
      },
    };
  },
};

function arrayType(type: CastType): DType {
  const kind = type.startsWith("u") ? "uint" : type.startsWith("i") ? "int" : "float";
  return { kind, itemsize: Number(type.replace(/\D+/, "")) / 8, byteOrder: "<" } as DType;
}
