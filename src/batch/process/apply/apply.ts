/**
 * Applying a function, or transforms, to a recording.
 *
 * @module
 */

import { typedArrayOf } from "../../../array/dtype/dtype.ts";
import { isNDArray } from "../../../array/ndarray.ts";
import { slice } from "../../../array/select/slice.ts";
import type { DType, NDArray, NumericData } from "../../../array/types.ts";
import { BatchError, UnsupportedError } from "../../../source/errors.ts";
import { ProgressMeter, timeText } from "../../progress/progress.ts";
import { progressBar } from "../../progress/progress_bar.ts";
import type { CleanupFunction, MultiChannelApplyOptions, ProcessorParts } from "./apply_options.ts";
import type { ApplyPlan } from "./apply_plan.ts";
import type { BatchPlace } from "./batches.ts";
import { castValues, type ValueCast } from "./cast_values.ts";
import { type BatchIndex, batchIndex, localIndex } from "./place.ts";
import { memoryDType } from "./read_batch.ts";
import { type BatchResult, type BatchRun, callBatches, walkBatches } from "./run_batches.ts";

const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** The results of a plan, in order: cast, cleaned up. */
export async function* resultsOf(
  parts: ProcessorParts,
  plan: ApplyPlan,
  options: MultiChannelApplyOptions<never, never>,
  collected: readonly unknown[],
): AsyncGenerator<BatchResult> {
  const { input, bufferSize, padding, compatible } = parts;
  const { work, picked, places, cast, stretch, each, rows } = plan;
  const run: BatchRun = {
    reading: { array: input.array, bufferSize, padding, inFloat64: compatible === "yass" },
    places,
    picked,
    kwargs: options.kwargs ?? {},
    passBatchInfo: options.passBatchInfo ?? false,
    passBatchResults: options.passBatchResults ?? false,
    samplingRate: input.samplingRate,
    signal: options.signal,
  };
  let done = 0;
  const failed = (cause: unknown, { start, stop, channel }: BatchPlace): never => {
    const where = `observations ${start} to ${stop}${channel === null ? "" : ` of channel ${channel}`}`;
    const kept = options.mode === "disk"
      ? `${String(options.outputPath)} is as it was before`
      : `the results of the batches before, ${done}, are the error's results`;
    throw new BatchError(
      `Cannot apply ${work.name} to batch ${done + 1} of ${places.count} (${where}): ${
        cause instanceof Error ? cause.message : String(cause)
      }; ${kept}`,
      { batch: done + 1, results: options.mode === "disk" ? [] : [...collected], cause, file: input.name },
    );
  };
  const buffer = work.kind === "chain" ? 0 : bufferSize;
  const cleanup = options.cleanupFunction as CleanupFunction | undefined ??
    (buffer > 0 && compatible === null ? trimBuffer : undefined);
  const finished = (result: unknown, { start, stop, channel }: BatchPlace): unknown => {
    const values = cast === null ? result : castResult(result, cast);
    if (cleanup === undefined) return values;
    const local = localIndex(buffer, stop - start);
    return cleanup(values, local, batchIndex(slice(start, stop), channel ?? picked.key), buffer);
  };
  const results = await inProcesses(parts, plan, options, run, failed, finished) ??
    (work.kind === "chain"
      ? walkBatches(run, work, stretch, each, rows, failed, finished)
      : callBatches(run, work.call, failed, finished));
  const meter = new ProgressMeter(places.count, totalBytes(parts, plan));
  const bar = parts.progress === false
    ? null
    : progressBar({ description: work.name, ...(parts.progress === true ? {} : parts.progress) });
  const bytesPerRow = typedArrayOf(input.array.dtype)!.BYTES_PER_ELEMENT * (each === null ? picked.count : 1);
  for await (const result of results) {
    done++;
    meter.advance((result.place.stop - result.place.start) * bytesPerRow);
    bar?.update(meter.progress);
    yield result;
  }
  bar?.end(meter.progress);
  if (cast !== null && cast.clipped > 0) {
    parts.onLog("warning", `Clipped ${cast.clipped.toLocaleString("en")} values to ${options.castDtype}`);
  }
}

async function inProcesses(
  parts: ProcessorParts,
  plan: ApplyPlan,
  options: MultiChannelApplyOptions<never, never>,
  run: BatchRun,
  failed: (cause: unknown, place: BatchPlace) => never,
  finished: (result: unknown, place: BatchPlace) => unknown,
): Promise<AsyncGenerator<BatchResult> | null> {
  const { processes = 1 } = options;
  if (processes === 1) return null;
  if (run.passBatchResults) {
    throw new UnsupportedError("Cannot pass results from batch to batch in several processes: set processes to 1");
  }
  const { startWorkers } = await import("../workers/workers_node.ts");
  return startWorkers({ parts, plan, run, processes: plan.processes, failed, finished });
}

function totalBytes({ input }: ProcessorParts, { picked, stretch: [from, to] }: ApplyPlan): number {
  return (to - from) * picked.count * typedArrayOf(input.array.dtype)!.BYTES_PER_ELEMENT;
}

function castResult(result: unknown, cast: ValueCast): unknown {
  if (isNDArray(result) && !Array.isArray(result.data)) return castValues(result as NDArray<NumericData>, cast);
  if (ArrayBuffer.isView(result) && !(result instanceof DataView)) {
    const data = result as NumericData;
    return castValues({ data, shape: [data.length], stride: [1], dtype: cast.dtype }, cast).data;
  }
  if (typeof result !== "number") return result;
  return Number(castValues({ data: Float64Array.of(result), shape: [], stride: [], dtype: FLOAT64 }, cast).data[0]);
}

/** Cuts the buffer off an array that has it: what `cleanupFunction` does by default. */
export function trimBuffer(result: unknown, local: BatchIndex, _index: BatchIndex, bufferSize: number): unknown {
  const [{ start, stop }] = local as unknown as [{ readonly start: number; readonly stop: number }];
  if (!isNDArray(result) || result.shape.length === 0 || result.shape[0] !== stop + bufferSize) return result;
  const width = result.stride[0]!;
  const data = result.data as Float64Array;
  const length = result.shape.slice(1).reduce((product, n) => product * n, 1);
  // A copy, so that what is kept doesn't hold the buffer as well.
  const isPacked = width === length;
  if (!isPacked) {
    return { ...result, data: data.subarray(start * width), shape: [stop - start, ...result.shape.slice(1)] };
  }
  return { ...result, data: data.slice(start * width, stop * width), shape: [stop - start, ...result.shape.slice(1)] };
}

/** What is told before a function is applied. */
export function logStart({ onLog }: ProcessorParts, { work }: ApplyPlan): () => void {
  onLog("info", `Applying function ${work.name}...`);
  const started = performance.now();
  return () => onLog("info", `${work.name} took ${timeText((performance.now() - started) / 1000)}`);
}

/** What an input gives where there are no batches: its own type. */
export function emptyDType({ input }: ProcessorParts, { dtype }: ApplyPlan): DType {
  return dtype ?? memoryDType(input.array.dtype);
}
