/**
 * Lazy arrays of physical values: what is stored, times a gain, plus an offset.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { chunksText, summary, typeAndShape } from "./text/summary.ts";
import { loadReaderInstance } from "../wasm/reader/load.ts";
import { withoutInto } from "./select/into.ts";
import { flatten } from "./ndarray.ts";
import { readSelection } from "./select/read_selection.ts";
import { type ArrayScale, checkScaledSize, type ResolvedScale, resolveScale, scaleArray } from "./scale.ts";
import { axisIndex, resolveSelection } from "./select/selection.ts";
import type { AxisSelection, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "./types.ts";
import { ArrayView, type ResolvedReader } from "./select/view.ts";

/** What is known of an array that is scaled. */
export interface ScaledArrayOptions {
  /** What messages call it. */
  readonly name: string;
  /** How many bytes of scaled values one read may give: the limit of the file that it lies in. */
  readonly maxReadBytes: number;
}

type Floats = Float32Array | Float64Array;

/**
 * An array seen in physical units. Reading reads the same elements as the array itself would, and scales them.
 *
 * @param array What is stored
 * @param scale How it is scaled
 * @param options Its name, and how much may be read at once
 * @returns float64, or float32 where the scale says so
 * @throws {DTypeError} If the elements are no real numbers
 * @throws {ShapeError} If there aren't as many gains or offsets as channels
 * @throws {RangeError} If a gain or an offset isn't finite
 *
 * @example
 * ```ts
 * import { openRaw } from "../raw/open_raw.ts";
 * import { scaledArray } from "./scaled_array.ts";
 * import assert from "node:assert/strict";
 *
 * await using stored = await openRaw(Int16Array.of(100, -200, 300), { dtype: "int16" });
 * const volts = scaledArray(stored, { gain: 0.5, offset: 1 }, { name: "volts", maxReadBytes: 1e6 });
 * assert.deepEqual((await volts.read([-1])).data, Float64Array.of(151));
 * ```
 */
export function scaledArray(array: LazyArray, scale: ArrayScale, options: ScaledArrayOptions): LazyArray<Floats> {
  return new ScaledArray(array, resolveScale(scale, array.shape, array.dtype, options.name), options);
}

class ScaledArray implements LazyArray<Floats>, ResolvedReader<Floats> {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly chunkShape: readonly number[] | null;
  readonly #array: LazyArray;
  readonly #scale: ResolvedScale;
  readonly #options: ScaledArrayOptions;

  constructor(array: LazyArray, scale: ResolvedScale, options: ScaledArrayOptions) {
    printsAsText(ScaledArray.prototype);
    this.shape = array.shape;
    this.dtype = { kind: "float", itemsize: scale.dtype === "float32" ? 4 : 8, byteOrder: "<" };
    this.chunkShape = array.chunkShape;
    this.#array = array;
    this.#scale = scale;
    this.#options = options;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("ScaledArray", undefined, typeAndShape(this), chunksText(this.chunkShape));
  }

  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<Floats>> {
    return readSelection(this, selection, options);
  }

  view(selection: Selection): LazyArray<Floats> {
    return new ArrayView<Floats>(this, resolveSelection(selection, this.shape));
  }

  async readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<Floats>> {
    const { name, maxReadBytes } = this.#options;
    checkScaledSize(axes, this.#scale, name, maxReadBytes);
    const [reader, stored] = await Promise.all([
      loadReaderInstance(),
      this.#array.read(axes.map(selectionOf), withoutInto(options)),
    ]);
    return scaleArray(reader, flatten(stored), axes, this.#scale, false, options?.into);
  }
}

function selectionOf(axis: ResolvedAxis): AxisSelection {
  if (axis.kind === "list") return axis.indices;
  if (axis.drop) return axis.start;
  if (axis.step < 0 || axis.count === 0) return Float64Array.from({ length: axis.count }, (_, i) => axisIndex(axis, i));
  return { start: axis.start, stop: axis.start + (axis.count - 1) * axis.step + 1, step: axis.step };
}
