/**
 * Reading values of a whole array for statistics, in bounded memory.
 *
 * @module
 */

import { flatten } from "../../array/ndarray.ts";
import type { LazyArray, NDArray, NumericData } from "../../array/types.ts";
import type { Block, FitOptions } from "./transform.ts";

/** Bytes of float64 that a block of rows may have. */
const BLOCK = 2 ** 23;

/** Bytes of float64 that are held at once where a statistic needs all values, as a median does. */
const HELD = 2 ** 27;

/** A stretch of rows. */
export interface Stretch {
  /** The first row. */
  readonly from: number;
  /** The first row left out. */
  readonly to: number;
}

/**
 * Stretches of rows that lie evenly over the whole, of so many rows at most together: all, where there are no more.
 *
 * @param length How many rows there are
 * @param most How many are wanted
 * @param size How long a stretch is
 */
export function evenStretches(length: number, most: number, size = 10_000): Stretch[] {
  if (length <= most) return length > 0 ? [{ from: 0, to: length }] : [];
  const long = Math.min(size, most);
  const count = Math.max(1, Math.floor(most / long));
  return Array.from({ length: count }, (_, i) => {
    const from = count === 1 ? Math.floor((length - long) / 2) : Math.floor(i * (length - long) / (count - 1));
    return { from, to: from + long };
  });
}

/** Rows of stretches, in blocks. */
export async function* blocksOf(
  input: LazyArray,
  stretches: readonly Stretch[],
  { signal }: FitOptions,
  channels: Stretch = { from: 0, to: input.shape[1] ?? 1 },
): AsyncGenerator<Block & { readonly from: number }> {
  const width = channels.to - channels.from;
  const size = Math.max(1, Math.floor(BLOCK / 8 / Math.max(1, width)));
  const columns = { start: channels.from, stop: channels.to, step: 1 };
  for (const { from, to } of stretches) {
    for (let start = from; start < to; start += size) {
      const rows = { start, stop: Math.min(to, start + size), step: 1 };
      const selection = input.shape.length === 1 ? [rows] : [rows, columns];
      const { data } = flatten(await input.read(selection, { signal })) as NDArray<NumericData>;
      signal?.throwIfAborted();
      yield { data, rows: rows.stop - start, channels: width, from: start };
    }
  }
}

/**
 * Calls for each channel with its values of stretches; so many channels are held at a time as have room, and the rows are read again
 * for the next ones.
 *
 * @param input The array
 * @param stretches Which rows
 * @param options Abort signal
 * @param visit Given the channel and its values, which it may change
 */
export async function eachChannel(
  input: LazyArray,
  stretches: readonly Stretch[],
  options: FitOptions,
  visit: (channel: number, values: Float64Array) => void,
): Promise<void> {
  const rows = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const all = input.shape[1] ?? 1;
  const some = Math.max(1, Math.min(all, Math.floor(HELD / 8 / Math.max(1, rows))));
  for (let first = 0; first < all; first += some) {
    const last = Math.min(all, first + some);
    const columns = Array.from({ length: last - first }, () => new Float64Array(rows));
    let at = 0;
    for await (const block of blocksOf(input, stretches, options, { from: first, to: last })) {
      columns.forEach((column, channel) => {
        for (let row = 0; row < block.rows; row++) {
          column[at + row] = Number(block.data[row * block.channels + channel]);
        }
      });
      at += block.rows;
    }
    columns.forEach((column, i) => visit(first + i, column));
  }
}

/** The median as NumPy has it: NaN where one is, the mean of the two in the middle of an even number. Sorts the values. */
export function medianOf(values: Float64Array): number {
  if (values.length === 0 || values.some(Number.isNaN)) return NaN;
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
