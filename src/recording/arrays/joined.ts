/**
 * Several arrays as one: behind each other (a recording in a series of files), or side by side (a file for each channel).
 *
 * @module
 */

import { typedArrayOf, unitsPerElement } from "../../array/dtype/dtype.ts";
import { contiguousStride, flatten } from "../../array/ndarray.ts";
import { axisIndex, resultShape, selectionSize } from "../../array/select/selection.ts";
import { ReadableArray } from "../../array/select/readable.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type {
  AxisSelection,
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  ResolvedAxis,
} from "../../array/types.ts";
import { withoutInto } from "../../array/select/into.ts";
import { DTypeError, LimitError, ShapeError } from "../../source/errors.ts";
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

class JoinedArray extends ReadableArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly chunkShape: readonly number[] | null;
  readonly #parts: readonly LazyArray[];
  readonly #axis: 0 | 1;
  /** Where each part begins along the axis, and where the last one ends. */
  readonly #starts: readonly number[];

  constructor(parts: readonly LazyArray[], axis: 0 | 1) {
    super();
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

  override toString(): string {
    return summary("JoinedArray", undefined, typeAndShape(this));
  }

  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray> {
    options.signal?.throwIfAborted();
    const axis = this.#axis;
    const joined = axes[axis]!;
    const shares = this.#shares(joined);
    const size = selectionSize(axes);
    const counts = axes.map(({ count }) => count);
    // Entries of one index of the joined axis that lie together, and how often they do.
    const inner = counts.slice(axis + 1).reduce((product, count) => product * count, 1);
    const outer = counts.slice(0, axis).reduce((product, count) => product * count, 1);
    const given = ArrayBuffer.isView(options.into) ? options.into as NumericData : undefined;
    const units = unitsPerElement(this.dtype);
    const out = given ?? memoryFor(this.dtype, size * units);
    const target = out as Float64Array;
    const block = inner * units;
    const columns: Column[] = [];
    await Promise.all(shares.map(async ({ part, inPart, start, places, count }) => {
      const source = this.#parts[part]!;
      const selection = axes.map((entry, at): AxisSelection => at === axis ? inPart : withoutDropping(entry));
      const isFlat = axis === 1 && source.shape.length === 1;
      // Rows that stay together are read where they belong.
      if (axis === 0 && places === null) {
        const into = target.subarray(start * block, (start + count) * block);
        await source.read(selection, { ...options, into });
        return;
      }
      const values = await source.read(isFlat ? [selection[0]!] : selection, withoutInto(options));
      const from = flatten(values).data as Float64Array;
      const width = isFlat ? 1 : count;
      for (let i = 0; i < count; i++) {
        columns.push({ from, begin: i * block, step: width * block, place: (places?.[i] ?? start + i) * block });
      }
    }));
    interleave(columns, target, { outer, block, across: joined.count * block });
    const shape = resultShape(axes);
    return { data: out, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }

  /** What of each part is asked for, and where it goes. */
  #shares(axis: ResolvedAxis): Share[] {
    const starts = this.#starts;
    const isRange = axis.kind === "range" && axis.step > 0;
    const runs: Share[] = [];
    const lists = new Map<number, { indices: number[]; places: number[] }>();
    let part = 0;
    for (let i = 0; i < axis.count;) {
      const index = axisIndex(axis, i);
      while (index < starts[part]!) part--;
      while (index >= starts[part + 1]!) part++;
      const first = index - starts[part]!;
      if (isRange) {
        const count = Math.min(axis.count - i, Math.floor((starts[part + 1]! - 1 - index) / axis.step) + 1);
        const inPart = { start: first, stop: first + (count - 1) * axis.step + 1, step: axis.step };
        runs.push({ part, inPart, start: i, places: null, count });
        i += count;
        continue;
      }
      let list = lists.get(part);
      if (list === undefined) lists.set(part, list = { indices: [], places: [] });
      list.indices.push(first);
      list.places.push(i++);
    }
    for (const [part, { indices, places }] of lists) {
      const start = places[0]!;
      const isRun = places.at(-1) === start + places.length - 1;
      const inPart = rangeOrList(indices);
      runs.push({ part, inPart, start, places: isRun ? null : places, count: places.length });
    }
    return runs;
  }
}

/** Parts are held to the limits of their files; all of them may still be more than there is memory. */
function memoryFor(dtype: DType, length: number): NumericData {
  const TypedArray = typedArrayOf(dtype);
  if (TypedArray === null) throw new DTypeError(`Cannot join arrays of ${dtype.kind}: only numbers can be joined`);
  try {
    return new TypedArray(length);
  } catch {
    throw new LimitError(`Cannot read ${length.toLocaleString("en")} numbers of joined arrays at once: read parts`);
  }
}

/** What of a part is asked for, and where it goes. */
interface Share {
  readonly part: number;
  readonly inPart: AxisSelection;
  /** Where its first entry goes. */
  readonly start: number;
  /** Where each goes; `null` where they follow each other. */
  readonly places: readonly number[] | null;
  readonly count: number;
}

/** Entries of one index of the joined axis. */
interface Column {
  readonly from: Float64Array;
  /** Where they begin, and from one row to the next. */
  readonly begin: number;
  readonly step: number;
  /** Where they go in a row of the result. */
  readonly place: number;
}

/** Rows that are put at a time, so that what is written to stays in the processor's cache. */
const ROWS = 256;

/** Puts columns side by side. */
function interleave(
  columns: readonly Column[],
  target: Float64Array,
  { outer, block, across }: { readonly outer: number; readonly block: number; readonly across: number },
): void {
  for (let row = 0; row < outer; row += ROWS) {
    const stop = Math.min(outer, row + ROWS);
    for (const { from, begin, step, place } of columns) {
      if (block === 1) copyColumn(from, begin + row * step, step, target, row * across + place, across, stop - row);
      else {
        for (let k = row; k < stop; k++) {
          const start = begin + k * step;
          target.set(from.subarray(start, start + block), k * across + place);
        }
      }
    }
  }
}

function copyColumn(
  from: Float64Array,
  begin: number,
  step: number,
  to: Float64Array,
  place: number,
  across: number,
  count: number,
): void {
  for (let i = 0; i < count; i++, begin += step, place += across) to[place] = from[begin]!;
}
