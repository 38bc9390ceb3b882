/**
 * Values for drawing: as they are where they fit, else the least and the greatest of each bucket, so that no peak is lost.
 *
 * @module
 */

import type { ValueSeries } from "../../series/value_series.ts";
import { blocksOf, rowSize } from "../../series/values/values.ts";
import { loadReader, type Reader } from "../../wasm/reader/reader.ts";

/** Points to draw. */
export interface Traces {
  /** When. */
  readonly times: Float64Array;
  /** A list of values for each column of the series. */
  readonly columns: readonly Float64Array[];
  /** Samples that were read. */
  readonly samples: number;
  /** Samples in a bucket; 1 where all are drawn. */
  readonly factor: number;
}

/** Options of {@linkcode readTraces}. */
export interface TraceOptions {
  /** Buckets at most. */
  readonly buckets: number;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many samples have been read. */
  readonly onProgress?: ((count: number) => void) | undefined;
}

/** Samples per bucket from which on they aren't drawn one by one: a line through four in a pixel is as good. */
const DENSE = 4;

/**
 * Reads a series for drawing, in blocks of bounded size. Memory doesn't grow with its length.
 *
 * @param series The series; it is flattened behind the axis of time
 * @param options How many points are wanted
 * @returns At most `4 * buckets` points; where there are more samples, two for each bucket: its least and its greatest
 * value, at the time of its middle
 * @throws {DTypeError} If the values aren't real numbers
 */
export async function readTraces(series: ValueSeries, options: TraceOptions): Promise<Traces> {
  const { buckets, signal, onProgress } = options;
  const samples = series.length;
  const width = rowSize(series.values);
  const isDense = samples > DENSE * buckets;
  const factor = isDense ? Math.ceil(samples / buckets) : 1;
  const count = Math.ceil(samples / factor);
  const perBucket = isDense ? 2 : 1;
  const columns = Array.from({ length: width }, () => new Float64Array(count * perBucket).fill(NaN));
  const reader = isDense ? await loadReader() : null;
  for await (const { from, to, numbers } of blocksOf(series.values, null, { signal })) {
    signal?.throwIfAborted();
    if (reader === null) copyRows(numbers, from, to, columns);
    else reduceRows(reader, numbers, from, to, factor, columns);
    onProgress?.(to);
    // Local files are read at once: without a turn for others there would be no progress, and no Ctrl-C.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const times = new Float64Array(count * perBucket);
  for (let i = 0; i < count; i++) {
    const last = Math.min(samples, (i + 1) * factor) - 1;
    times.fill(series.axis.at((i * factor + last) >> 1), i * perBucket, (i + 1) * perBucket);
  }
  return { times, columns, samples, factor };
}

function copyRows(numbers: Float64Array, from: number, to: number, columns: readonly Float64Array[]): void {
  for (let row = from, at = 0; row < to; row++) for (const column of columns) column[row] = numbers[at++]!;
}

/**
 * Notes the least and the greatest values of a block of rows. A block may begin and end within a bucket: what it says of
 * that bucket is joined with what is known of it.
 *
 * @param reader Reduces
 * @param numbers The block, row by row
 * @param from Its first row
 * @param to The first row after it
 * @param factor Rows in a bucket
 * @param columns For each column the least and the greatest value of each bucket, NaN where none is known
 */
export function reduceRows(
  reader: Reader,
  numbers: Float64Array,
  from: number,
  to: number,
  factor: number,
  columns: readonly Float64Array[],
): void {
  const width = columns.length;
  const aligned = Math.min(to, Math.ceil(from / factor) * factor);
  for (const [start, end] of [[from, aligned], [aligned, to]] as const) {
    if (start === end) continue;
    const part = numbers.subarray((start - from) * width, (end - from) * width);
    const { min, max, length } = reader.decimate(part, "float64", { factor, channels: width });
    const first = Math.floor(start / factor);
    for (let i = 0, at = 0; i < length; i++) {
      for (const column of columns) {
        const least = 2 * (first + i);
        column[least] = join(column[least]!, min[at]!, Math.min);
        column[least + 1] = join(column[least + 1]!, max[at++]!, Math.max);
      }
    }
  }
}

function join(known: number, found: number, pick: (a: number, b: number) => number): number {
  return Number.isNaN(known) ? found : Number.isNaN(found) ? known : pick(known, found);
}
