/**
 * Several arrays as one: behind each other (a recording in a series of files), or side by side (a file for each channel).
 *
 * @module
 */

import { contiguousStride, flatten } from "../../array/ndarray.ts";
import { readSelection } from "../../array/select/read_selection.ts";
import { axisIndex, resolveSelection, resultShape, selectionSize } from "../../array/select/selection.ts";
import { ArrayView, type ResolvedReader } from "../../array/select/view.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type {
  AxisSelection,
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  ResolvedAxis,
  Selection,
} from "../../array/types.ts";
import { withoutInto } from "../../array/select/into.ts";
import { ShapeError } from "../../source/errors.ts";
import { printsAsText } from "../../source/inspect.ts";
import { rangeOrList, withoutDropping } from "./axes.ts";

/**
 * Arrays behind each other, along the first axis.
 *
 * @param parts At least one, all of one dtype and of equal other axes
 * @throws {ShapeError} If they don't fit
 */
export function concatRows(parts: readonly LazyArray[]): LazyArray {
  return parts.length === 1 ? parts[0]! : new JoinedArray(parts, 0);
}

/**
 * Arrays of shape [samples] or [samples, channels] side by side, as [samples, all channels].
 *
 * @param parts At least one, all of one dtype and length
 * @throws {ShapeError} If they don't fit
 */
export function stackColumns(parts: readonly LazyArray[]): LazyArray {
  return parts.length === 1 && parts[0]!.shape.length === 2 ? parts[0]! : new JoinedArray(parts, 1);
}

class JoinedArray implements LazyArray, ResolvedReader {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly chunkShape: readonly number[] | null;
  readonly #parts: readonly LazyArray[];
  readonly #axis: 0 | 1;
  /** Where each part begins along the axis, and where the last one ends. */
  readonly #starts: readonly number[];

  constructor(parts: readonly LazyArray[], axis: 0 | 1) {
    printsAsText(JoinedArray.prototype);
    const [first] = parts;
    if (first === undefined) throw new ShapeError("Cannot join no arrays");
    const shapes = parts.map(({ shape }) => axis === 1 && shape.length === 1 ? [shape[0]!, 1] : shape);
    for (const [i, { dtype }] of parts.entries()) {
      const fits = shapes[i]!.length === shapes[0]!.length &&
        shapes[i]!.every((length, at) => at === axis || length === shapes[0]![at]) &&
        dtype.kind === first.dtype.kind && dtype.itemsize === first.dtype.itemsize;
      if (!fits) {
        throw new ShapeError(
          `Cannot join arrays of shapes ${JSON.stringify(shapes[0])} and ${JSON.stringify(shapes[i])}`,
        );
      }
    }
    const starts = [0];
    for (const shape of shapes) starts.push(starts.at(-1)! + shape[axis]!);
    this.shape = shapes[0]!.map((length, at) => at === axis ? starts.at(-1)! : length);
    this.dtype = first.dtype;
    this.chunkShape = axis === 0 ? first.chunkShape : null;
    this.#parts = parts;
    this.#axis = axis;
    this.#starts = starts;
  }

  toString(): string {
    return summary("JoinedArray", undefined, typeAndShape(this));
  }

  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray> {
    return readSelection(this, selection, options);
  }

  view(selection: Selection): ArrayView {
    return new ArrayView(this, resolveSelection(selection, this.shape));
  }

  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray> {
    options.signal?.throwIfAborted();
    const axis = this.#axis;
    const joined = axes[axis]!;
    const shares = this.#shares(joined);
    const size = selectionSize(axes);
    const counts = axes.map(({ count }) => count);
    // Elements of one index of the joined axis that lie together, and how often they do.
    const inner = counts.slice(axis + 1).reduce((product, count) => product * count, 1);
    const outer = counts.slice(0, axis).reduce((product, count) => product * count, 1);
    let out: NumericData | undefined = ArrayBuffer.isView(options.into) ? options.into as NumericData : undefined;
    const read = shares.length === 0 ? [{ part: 0, inPart: [] as number[], places: [] as number[] }] : shares;
    await Promise.all(read.map(async ({ part, inPart, places }) => {
      const source = this.#parts[part]!;
      const selection = axes.map((entry, at): AxisSelection =>
        at === axis ? rangeOrList(inPart) : withoutDropping(entry)
      );
      const isFlat = axis === 1 && source.shape.length === 1;
      const values = flatten(await source.read(isFlat ? [selection[0]!] : selection, withoutInto(options)));
      const data = values.data as NumericData;
      out ??= new (data.constructor as new (length: number) => NumericData)(size);
      const target = out as Float64Array;
      const from = data as Float64Array;
      const width = isFlat ? 1 : inPart.length;
      for (let row = 0; row < outer; row++) {
        for (let i = 0; i < places.length; i++) {
          const at = (row * joined.count + places[i]!) * inner;
          const begin = (row * width + (isFlat ? 0 : i)) * inner;
          if (inner === 1) target[at] = from[begin]!;
          else target.set(from.subarray(begin, begin + inner), at);
        }
      }
    }));
    const shape = resultShape(axes);
    return { data: out!, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }

  /** What of each part is asked for, and where it goes. */
  #shares(axis: ResolvedAxis): { part: number; inPart: number[]; places: number[] }[] {
    const shares = new Map<number, { part: number; inPart: number[]; places: number[] }>();
    let part = 0;
    for (let i = 0; i < axis.count; i++) {
      const index = axisIndex(axis, i);
      while (index < this.#starts[part]!) part--;
      while (index >= this.#starts[part + 1]!) part++;
      let share = shares.get(part);
      if (share === undefined) shares.set(part, share = { part, inPart: [], places: [] });
      share.inPart.push(index - this.#starts[part]!);
      share.places.push(i);
    }
    return [...shares.values()];
  }
}
