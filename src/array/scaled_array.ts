/**
 * Lazy arrays of physical values: what is stored, times a gain, plus an offset.
 *
 * @module
 */

import { readSelection } from "./read_selection.ts";
import { DTypeError, ShapeError } from "../source/errors.ts";
import { contiguousStride, flatten } from "./ndarray.ts";
import { axisIndex, resolveSelection } from "./selection.ts";
import type {
  ArrayReadOptions,
  AxisSelection,
  DType,
  FloatDType,
  LazyArray,
  NDArray,
  ResolvedAxis,
  Selection,
} from "./types.ts";
import { ArrayView, type ResolvedReader } from "./view.ts";

/** How stored values become physical ones: `value * gain * channelGains[channel] + offset`. */
export interface ArrayScale {
  /**
   * Physical units per stored one.
   *
   * @default {1}
   */
  readonly gain?: number | undefined;
  /**
   * Physical value of a stored zero.
   *
   * @default {0}
   */
  readonly offset?: number | undefined;
  /** A factor per channel. */
  readonly channelGains?: ArrayLike<number> | undefined;
  /**
   * Along which axis the channels lie.
   *
   * @default {1}
   */
  readonly axis?: number | undefined;
}

const FLOAT64: FloatDType = { kind: "float", itemsize: 8, byteOrder: "<" };

/**
 * An array seen in physical units. Reading reads the same elements as the array itself would, and scales them.
 *
 * @param array What is stored
 * @param scale How it is scaled
 * @returns float64; the array as it is where the scale changes nothing
 * @throws {DTypeError} If the elements are no real numbers
 * @throws {ShapeError} If there aren't as many factors as channels
 *
 * @example
 * ```ts
 * import { openRaw } from "../raw/open_raw.ts";
 * import { scaledArray } from "./scaled_array.ts";
 * import assert from "node:assert/strict";
 *
 * await using stored = await openRaw(Int16Array.of(100, -200, 300), { dtype: "int16" });
 * const volts = scaledArray(stored, { gain: 0.5, offset: 1 });
 * assert.deepEqual((await volts.read([-1])).data, Float64Array.of(151));
 * ```
 */
export function scaledArray(array: LazyArray, scale: ArrayScale): LazyArray {
  const { gain = 1, offset = 0, channelGains, axis = 1 } = scale;
  if (gain === 1 && offset === 0 && channelGains === undefined) return array;
  if (!["int", "uint", "float"].includes(array.dtype.kind)) {
    throw new DTypeError(`Cannot scale values of kind ${array.dtype.kind}: expected real numbers`);
  }
  if (channelGains !== undefined && array.shape[axis] !== channelGains.length) {
    throw new ShapeError(
      `Cannot scale an array of shape (${array.shape.join(", ")}): there are ${channelGains.length} factors for the ` +
        `channels along axis ${axis}`,
    );
  }
  return new ScaledArray(array, gain, offset, channelGains ?? null, axis);
}

class ScaledArray implements LazyArray<Float64Array>, ResolvedReader<Float64Array> {
  readonly shape: readonly number[];
  readonly dtype: DType = FLOAT64;
  readonly chunkShape: readonly number[] | null;
  readonly #array: LazyArray;
  readonly #gain: number;
  readonly #offset: number;
  readonly #channelGains: ArrayLike<number> | null;
  readonly #axis: number;

  constructor(
    array: LazyArray,
    gain: number,
    offset: number,
    channelGains: ArrayLike<number> | null,
    axis: number,
  ) {
    this.shape = array.shape;
    this.chunkShape = array.chunkShape;
    this.#array = array;
    this.#gain = gain;
    this.#offset = offset;
    this.#channelGains = channelGains;
    this.#axis = axis;
  }

  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ArrayReadOptions): Promise<NDArray<Float64Array>> {
    return readSelection(this, selection, options);
  }

  view(selection: Selection): LazyArray<Float64Array> {
    return new ArrayView<Float64Array>(this, resolveSelection(selection, this.shape));
  }

  async readResolved(axes: readonly ResolvedAxis[], options?: ArrayReadOptions): Promise<NDArray<Float64Array>> {
    const { data, shape } = flatten(await this.#array.read(axes.map(selectionOf), options));
    const values = new Float64Array(data.length);
    const gains = this.#gainsOf(axes);
    const behind = axes.slice(this.#axis + 1).reduce((product, { count }) => product * count, 1);
    const stored = data as ArrayLike<number>;
    const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
    for (let i = 0, inner = 0, channel = 0; i < values.length; i++) {
      values[i] = (isBig ? Number(stored[i]) : stored[i]!) * gains[channel]! + this.#offset;
      if (gains.length > 1 && ++inner === behind) {
        inner = 0;
        if (++channel === gains.length) channel = 0;
      }
    }
    return { data: values, shape, stride: contiguousStride(shape), dtype: FLOAT64 };
  }

  // The gains of the channels that are read, one for all where they don't differ.
  #gainsOf(axes: readonly ResolvedAxis[]): Float64Array {
    const channelGains = this.#channelGains;
    if (channelGains === null) return Float64Array.of(this.#gain);
    const axis = axes[this.#axis]!;
    return Float64Array.from({ length: axis.count }, (_, i) => this.#gain * channelGains[axisIndex(axis, i)]!);
  }
}

function selectionOf(axis: ResolvedAxis): AxisSelection {
  if (axis.kind === "list") return axis.indices;
  if (axis.drop) return axis.start;
  if (axis.step < 0 || axis.count === 0) return Float64Array.from({ length: axis.count }, (_, i) => axisIndex(axis, i));
  return { start: axis.start, stop: axis.start + (axis.count - 1) * axis.step + 1, step: axis.step };
}
