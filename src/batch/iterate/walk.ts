/**
 * Walking blocks one after the other: the next one read while one is used, aborted, counted.
 *
 * @module
 */

import { sizeOf } from "../../array/ndarray.ts";
import { typedArrayOf, unitsPerElement } from "../../array/dtype/dtype.ts";
import type { ArrayData, DataChunk, DType } from "../../array/types.ts";
import { abortable } from "../../source/abort.ts";
import { pace } from "../../source/pace.ts";
import { type Progress, ProgressMeter } from "../progress/progress.ts";
import { progressBar, type ProgressBarOptions } from "../progress/progress_bar.ts";

/** Options that every chunk iterator takes. */
export interface WalkOptions {
  /** Aborts every iteration: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the next block is read while one is used, so that two are in memory. Where reading is synchronous, nothing is
   * won by it and the next block waits.
   *
   * @default {true}
   */
  readonly readAhead?: boolean | undefined;
  /** Told how far it is, when a block has been read and before it is handed out. What it throws ends the iteration. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Whether a progress bar with rate and time left is drawn, and how. By default it goes to standard error, if that is
   * a terminal.
   *
   * @default {false}
   */
  readonly displayProgress?: boolean | ProgressBarOptions | undefined;
}

/** How much there is to walk, as far as that is known. */
export interface WalkExtent {
  /** Number of blocks. */
  readonly blocks: number | null;
  /** Number of bytes. */
  readonly bytes: number | null;
}

/** Gives the next block, or `null` after the last one. It is never called again before its promise has settled. */
export type NextBlock<D extends ArrayData> = (
  signal: AbortSignal,
) => DataChunk<D> | null | PromiseLike<DataChunk<D> | null>;

/**
 * Walks blocks.
 *
 * @param next Gives the next block
 * @param extent How much there is
 * @param options Options
 * @returns The blocks, in the order in which `next` gives them
 */
export async function* walk<D extends ArrayData>(
  next: NextBlock<D>,
  extent: WalkExtent,
  options: WalkOptions,
): AsyncGenerator<DataChunk<D>, void> {
  const { signal, onProgress, displayProgress = false } = options;
  signal?.throwIfAborted();
  const left = new AbortController();
  const abort = () => left.abort(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const meter = new ProgressMeter(extent.blocks, extent.bytes);
  const bar = displayProgress === false ? null : progressBar(displayProgress === true ? {} : displayProgress);
  try {
    let ahead: Started<D> | null = null;
    while (true) {
      ahead ??= start(next, left.signal);
      const isAsync: boolean = ahead.isAsync;
      let block: DataChunk<D> | null = await abortable(ahead.block, left.signal);
      if (block === null) break;
      const bytes = sizeOf(block.data.shape) * bytesPerElement(block.data.dtype);
      // What never waits, such as a generator, would keep all others from their turn.
      const turn = pace.start(1, bytes, left.signal);
      if (turn !== undefined) await turn;
      meter.advance(bytes);
      ahead = options.readAhead !== false && isAsync ? start(next, left.signal) : null;
      onProgress?.(meter.progress);
      bar?.update(meter.progress);
      yield block;
      // A suspended generator would keep it while the next one is read.
      block = null;
      left.signal.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    // Ends what is read ahead for nobody.
    left.abort();
    bar?.end(meter.progress);
  }
}

interface Started<D extends ArrayData> {
  readonly block: Promise<DataChunk<D> | null>;
  readonly isAsync: boolean;
}

/** Begins the next block. Its failure is kept for whoever waits for it; where nobody does any more, it is dropped. */
function start<D extends ArrayData>(next: NextBlock<D>, signal: AbortSignal): Started<D> {
  try {
    const result = next(signal);
    if (!isPromiseLike(result)) return { block: Promise.resolve(result), isAsync: false };
    const block = Promise.resolve(result);
    block.catch(() => {});
    return { block, isAsync: true };
  } catch (error) {
    const block = Promise.reject(error);
    block.catch(() => {});
    return { block, isAsync: false };
  }
}

/** Whether something is to be waited for. */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value;
}

/** Bytes of an element in memory; of one that isn't a number, those that it has in storage. */
export function bytesPerElement(dtype: DType): number {
  return (typedArrayOf(dtype)?.BYTES_PER_ELEMENT ?? dtype.itemsize) * unitsPerElement(dtype);
}
