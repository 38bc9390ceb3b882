/**
 * Stored numbers as physical values: `value * gain + offset`. The one place that says what a scale is, checks it, and
 * applies it: flat files, NWB and whatever else is scaled go through here.
 *
 * @module
 */

import { DTypeError, LimitError, ShapeError } from "../source/errors.ts";
import type { ReaderInstance } from "../wasm/reader/memory.ts";
import { scale as scaleNumbers, type ScaleOptions } from "../wasm/reader/scale.ts";
import { type ElementArray, elementTypeOf } from "../wasm/reader/types.ts";
import { contiguousStride, nativeDType } from "./ndarray.ts";
import { axisIndex, selectionSize } from "./select/selection.ts";
import type { DType, NDArray, ReadIntoOptions, ResolvedAxis } from "./types.ts";

/** How stored values become physical ones. */
export interface ArrayScale {
  /**
   * Physical units per stored one: one for all, or one per channel.
   *
   * @default {1}
   */
  readonly gain?: number | ArrayLike<number> | undefined;
  /**
   * Physical value of a stored zero: one for all, or one per channel.
   *
   * @default {0}
   */
  readonly offset?: number | ArrayLike<number> | undefined;
  /**
   * Along which axis the channels lie; negative ones count from the last.
   *
   * @default {-1}
   */
  readonly axis?: number | undefined;
  /**
   * What the values come in. Both are computed in float64 and rounded once.
   *
   * @default {"float64"}
   */
  readonly dtype?: "float32" | "float64" | undefined;
}

/** A checked {@linkcode ArrayScale}. */
export interface ResolvedScale {
  /** One for all, or one per index of `axis`. */
  readonly gain: number | ArrayLike<number>;
  /** One for all, or one per index of `axis`. */
  readonly offset: number | ArrayLike<number>;
  /** Along which axis the channels lie. */
  readonly axis: number;
  /** What the values come in. */
  readonly dtype: "float32" | "float64";
}

/**
 * Checks a scale against an array.
 *
 * @param scale The scale
 * @param shape Length of each axis
 * @param dtype Type of the stored values
 * @param name What messages call the file
 * @throws {ShapeError} If there aren't as many gains or offsets as channels
 * @throws {DTypeError} If the stored values are no real numbers
 * @throws {RangeError} If a gain or an offset isn't finite
 */
export function resolveScale(scale: ArrayScale, shape: readonly number[], dtype: DType, name: string): ResolvedScale {
  if (dtype.kind !== "int" && dtype.kind !== "uint" && dtype.kind !== "float") {
    throw new DTypeError(`Cannot scale ${name}: its elements are of kind ${dtype.kind}, expected real numbers`, {
      file: name,
    });
  }
  const { gain = 1, offset = 0, axis = -1, dtype: to = "float64" } = scale;
  if (to !== "float32" && to !== "float64") {
    throw new DTypeError(`Cannot scale ${name} to ${JSON.stringify(to)}: expected float32 or float64`, { file: name });
  }
  const wrapped = axis < 0 ? axis + shape.length : axis;
  for (const [what, values] of [["gain", gain], ["offset", offset]] as const) {
    const isList = typeof values !== "number";
    if (!(isList ? Array.from(values) : [values]).every((value) => Number.isFinite(value))) {
      throw new RangeError(`Cannot scale ${name}: each ${what} must be a finite number`);
    }
    if (!isList) continue;
    if (!Number.isInteger(axis) || wrapped < 0 || wrapped >= shape.length) {
      throw new ShapeError(`Cannot scale ${name} along axis ${axis}: it has ${shape.length}`, { file: name });
    }
    if (values.length !== shape[wrapped]) {
      throw new ShapeError(
        `Cannot scale ${name}: ${values.length} values of ${what} for ${shape[wrapped]} channels along axis ${wrapped}`,
        { file: name },
      );
    }
  }
  return { gain, offset, axis: wrapped, dtype: to };
}

/**
 * Checks that a selection isn't too large once it is scaled: scaling makes values up to eight times as long.
 *
 * @param axes The selection
 * @param scale How it will be scaled
 * @param name What messages call the array
 * @param maxReadBytes The limit
 * @throws {LimitError} If it would take more
 */
export function checkScaledSize(
  axes: readonly ResolvedAxis[],
  { dtype }: ResolvedScale,
  name: string,
  maxReadBytes: number,
): void {
  const bytes = selectionSize(axes) * (dtype === "float32" ? 4 : 8);
  if (bytes <= maxReadBytes) return;
  throw new LimitError(
    `Cannot read ${name}: the selection takes ${bytes.toLocaleString("en")} bytes once scaled, ` +
      `more than the limit maxReadBytes of ${maxReadBytes.toLocaleString("en")}`,
    { file: name },
  );
}

/**
 * Scales what was read.
 *
 * @param reader The C reader's instance
 * @param array What was read, in C order
 * @param axes The selection that was read: which channels there are
 * @param scale How
 * @param swap Whether the values' bytes are still in the other order
 * @param into Memory that the values go into, of their class and number
 * @returns A new array
 */
export function scaleArray(
  reader: ReaderInstance,
  array: NDArray,
  axes: readonly ResolvedAxis[],
  { gain, offset, axis, dtype }: ResolvedScale,
  swap: boolean,
  into?: ReadIntoOptions["into"],
): NDArray<Float32Array | Float64Array> {
  // float16 has become float32 when it was read.
  const data = array.data as Float32Array;
  const from = elementTypeOf(data as ElementArray<"float32">);
  const whole = { shape: array.shape, stride: contiguousStride(array.shape) };
  const make = (length: number) => dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  const out = (ArrayBuffer.isView(into) ? into : make(data.length)) as ElementArray<"float32" | "float64">;
  const scaled = (part: Float32Array, options: ScaleOptions, at = out) =>
    scaleNumbers(reader, part, from, dtype, { ...options, swap, into: at });
  const finish = (values: Float32Array | Float64Array) => ({ ...whole, data: values, dtype: nativeDType(values) });
  if (data.length === 0) return finish(out);
  if (typeof gain === "number" && typeof offset === "number") return finish(scaled(data, { gain, offset }));

  const picked = axes[axis]!;
  const pick = (values: number | ArrayLike<number>): number | Float64Array =>
    typeof values === "number"
      ? values
      : Float64Array.from({ length: picked.count }, (_, i) => values[axisIndex(picked, i)]!);
  const options = { gain: pick(gain), offset: pick(offset), channels: picked.count };
  const behind = axes.slice(axis + 1).reduce((product, { count }) => product * count, 1);
  if (behind === 1) return finish(scaled(data, { ...options, layout: "time-major" }));
  const block = picked.count * behind;
  if (block === data.length) return finish(scaled(data, { ...options, layout: "channel-major" }));
  for (let start = 0; start < data.length; start += block) {
    const end = start + block;
    scaled(data.subarray(start, end), { ...options, layout: "channel-major" }, out.subarray(start, end));
  }
  return finish(out);
}
