/**
 * Running a function, or transforms, over batches in order.
 *
 * @module
 */

import { slice } from "../../../array/select/slice.ts";
import type { LazyArray, NDArray, NumericData } from "../../../array/types.ts";
import { fromDescription } from "../../../signal/transform/from_description.ts";
import { TransformedArray } from "../../../signal/transform/transformed_array.ts";
import type { BatchList, BatchPlace } from "./batches.ts";
import type { BatchFunction, BatchInfo, Work } from "./function.ts";
import { batchIndex, localIndex } from "./place.ts";
import { type BatchReading, readBatch } from "./read_batch.ts";
import type { PickedChannels } from "../words.ts";

/** What is run. */
export interface BatchRun {
  /** How batches are read. */
  readonly reading: BatchReading;
  /** The batches. */
  readonly places: BatchList;
  /** The channels. */
  readonly picked: PickedChannels;
  /** Keywords of the function. */
  readonly kwargs: object;
  /** Whether it is told where the batch lies. */
  readonly passBatchInfo: boolean;
  /** Whether it is told the result before. */
  readonly passBatchResults: boolean;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** Aborts. */
  readonly signal: AbortSignal | undefined;
}

/** A batch's result. */
export interface BatchResult {
  /** What came out. */
  readonly result: unknown;
  /** Where the batch lies. */
  readonly place: BatchPlace;
}

/** Reads the batch of a place: of one channel as [observations]. */
export async function batchAt(run: BatchRun, place: BatchPlace): Promise<NDArray<NumericData>> {
  const channels = place.channel === null ? run.picked.list : [place.channel];
  const batch = await readBatch(run.reading, place.start, place.stop, channels, run.signal);
  return place.channel === null ? batch : { ...batch, shape: [batch.shape[0]!], stride: [1] };
}

/** What a function is told beside its keywords. */
export function infoOf(run: BatchRun, place: BatchPlace, previousBatch: unknown): BatchInfo {
  const { start, stop, channel } = place;
  return {
    ...(run.passBatchInfo
      ? {
        local: localIndex(run.reading.bufferSize, stop - start),
        index: batchIndex(slice(start, stop), channel ?? run.picked.key),
      }
      : {}),
    ...(run.passBatchResults ? { previousBatch } : {}),
  };
}

/** Calls a function batch after batch. `finished` sees each result: what it gives is the next one's `previousBatch`. */
export async function* callBatches(
  run: BatchRun,
  call: BatchFunction,
  failed: (cause: unknown, place: BatchPlace) => never,
  finished: (result: unknown, place: BatchPlace) => unknown,
): AsyncGenerator<BatchResult> {
  let previousBatch: unknown = null;
  for (const place of run.places) {
    run.signal?.throwIfAborted();
    const batch = await batchAt(run, place);
    let result: unknown;
    try {
      result = finished(await call(batch, { ...run.kwargs, ...infoOf(run, place, previousBatch) }), place);
    } catch (cause) {
      run.signal?.throwIfAborted();
      failed(cause, place);
    }
    if (run.passBatchResults) previousBatch = result;
    yield { result, place };
  }
}

/** A stretch of the channels that were picked, or of one, as transforms take it. */
export function stretchView(
  array: LazyArray<NumericData>,
  from: number,
  to: number,
  channels: number | readonly number[] | null,
  samplingRate: number | null,
): LazyArray<NumericData> {
  const view = array.view([slice(from, to), typeof channels === "number" ? channels : channels && [...channels]]);
  // What transforms ask an array for, where they aren't told.
  if (samplingRate !== null) Object.defineProperty(view, "samplingRate", { value: samplingRate, configurable: true });
  return view;
}

/** Walks transforms over the stretch, channel after channel where batches are of one; filters carry their state. */
export async function* walkBatches(
  run: BatchRun,
  work: Extract<Work, { kind: "chain" }>,
  [from, to]: readonly [number, number],
  channels: readonly number[] | null,
  rows: number,
  failed: (cause: unknown, place: BatchPlace) => never,
  finished: (result: unknown, place: BatchPlace) => unknown,
): AsyncGenerator<BatchResult> {
  for (const [group, channel] of (channels ?? [null]).entries()) {
    const view = stretchView(run.reading.array, from, to, channel ?? run.picked.list, run.samplingRate);
    const made = await (fromDescription(view, work.chain) as TransformedArray).fit({ signal: run.signal });
    let start = from;
    for await (const block of made.walk(Math.max(1, rows), { signal: run.signal })) {
      const place = { start, stop: start + block.shape[0]!, channel, group };
      start = place.stop;
      let result: unknown;
      try {
        result = finished(block, place);
      } catch (cause) {
        run.signal?.throwIfAborted();
        failed(cause, place);
      }
      yield { result, place };
    }
  }
}

/** Bytes of a value that goes into and comes out of each step, and the last one's type. */
export function stepsOf(made: LazyArray): (readonly [input: number, output: number])[] {
  const steps: (readonly [number, number])[] = [];
  for (let at: LazyArray = made; at instanceof TransformedArray; at = at.input) {
    steps.unshift([at.input.dtype.itemsize ?? 8, at.dtype.itemsize ?? 8]);
  }
  return steps;
}
