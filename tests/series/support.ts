import { memoryArray } from "../../src/array/memory.ts";
import { sizeOf, takeResolved } from "../../src/array/ndarray.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { axisIndices } from "../../src/array/select/selection.ts";
import type { LazyArray, NDArray, NumericData } from "../../src/array/types.ts";
import { ArrayView } from "../../src/array/select/view.ts";
import type { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { Series } from "../../src/series/series.ts";

/** A lazy array, and which of its rows were read. */
export interface Spied {
  readonly lazy: LazyArray;
  /** Rows read since it was last asked, ascending, each as often as it was read. */
  rows(): number[];
  /** Number of reads since it was last asked. */
  reads(): number;
}

/** A lazy array over memory that tells what is read of it. */
export function spy(array: NDArray | NumericData, shape?: readonly number[], chunk?: readonly number[]): Spied {
  const source = "shape" in array ? array : ndarray(array, shape);
  let rows: number[] = [];
  let reads = 0;
  const plain = memoryArray(source, { chunkShape: chunk });
  const reader: Parameters<typeof spied>[0] = {
    ...plain,
    readResolved(axes) {
      reads++;
      rows.push(...axisIndices(axes[0]!));
      return Promise.resolve(takeResolved(source, axes));
    },
  };
  return {
    lazy: spied(reader),
    rows: () => {
      const read = rows.sort((a, b) => a - b);
      rows = [];
      return read;
    },
    reads: () => {
      const count = reads;
      reads = 0;
      return count;
    },
  };
}

function spied(reader: ReturnType<typeof memoryArray>): LazyArray {
  return new ArrayView(reader, reader.shape.map((count) => ({ kind: "range", start: 0, step: 1, count, drop: false })));
}

/** 0, 1, 2… */
export function range(count: number, step: number = 1, start: number = 0): number[] {
  return Array.from({ length: count }, (_, i) => start + i * step);
}

/** An array of numbers of a shape: 0, 1, 2… */
export function counting(...shape: number[]): NDArray {
  return ndarray(Float64Array.from({ length: sizeOf(shape) }, (_, i) => i), shape);
}

/** Times and support of a series, as plain lists. */
export function plain(series: Series): { t: number[]; support: number[][] } {
  return { t: [...series.times], support: pairs(series.timeSupport) };
}

/** Intervals as plain lists. */
export function pairs(set: IntervalSet): number[][] {
  return set.pairs();
}

/** The numbers of an array, as a plain list. */
export function list(array: NDArray): number[] {
  return [...array.data as Float64Array];
}
