/**
 * A worker of a processor: started by `workers_node.ts`, in a thread of Deno, Bun or Node.
 *
 * @module
 */

import { slice } from "../../../array/select/slice.ts";
import { isNDArray } from "../../../array/ndarray.ts";
import { fromDescription } from "../../../signal/transform/from_description.ts";
import type { TransformedArray } from "../../../signal/transform/transformed_array.ts";
import { builtinModule } from "../../../source/local/file_node.ts";
import { type BatchFunction, BUILTINS } from "../apply/function.ts";
import { openInput } from "../files/input.ts";
import { loadFunction } from "../apply/load_function_node.ts";
import { batchIndex, localIndex } from "../apply/place.ts";
import { stretchView } from "../apply/run_batches.ts";
import type { WorkerAnswer, WorkerBatch, WorkerTask } from "./worker_messages.ts";

/** What is used of `node:worker_threads`. */
interface Threads {
  readonly parentPort: {
    on(event: "message", listener: (message: WorkerBatch) => void): void;
    postMessage(message: WorkerAnswer, transfer?: readonly ArrayBuffer[]): void;
  } | null;
  readonly workerData: unknown;
}

/** Gives the result of a batch. */
type Worker = (batch: WorkerBatch) => Promise<unknown>;

async function workerOf(task: WorkerTask): Promise<Worker> {
  if (task.kind === "call") {
    const { described, kwargs, info } = task;
    const call = "builtin" in described
      ? BUILTINS[described.builtin] as BatchFunction
      : await loadFunction(described.module, described.name);
    return async ({ batch, place: { start, stop, channel } }) =>
      await call(batch!, {
        ...kwargs,
        ...(info === null ? {} : {
          local: localIndex(info.bufferSize, stop - start),
          index: batchIndex(slice(start, stop), channel ?? info.key),
        }),
      });
  }
  const { path, layout, samplingRate, stretch, channels, chain } = task;
  const input = await openInput(path, layout);
  const made = new Map<number | null, Promise<TransformedArray>>();
  return async ({ place: { start, stop, channel } }) => {
    if (!made.has(channel)) {
      const view = stretchView(input.array, ...stretch, channel ?? channels, samplingRate);
      made.set(channel, (fromDescription(view, chain) as TransformedArray).fit());
    }
    const array = await made.get(channel)!;
    return await array.read([slice(start - stretch[0], stop - stretch[0])]);
  };
}

const { parentPort, workerData } = builtinModule<Threads>("node:worker_threads", "a worker");
const worker = workerOf(workerData as WorkerTask);
// Its failure is that of the first batch.
worker.catch(() => {});

parentPort?.on("message", (batch) => {
  worker.then((run) => run(batch)).then((result) => {
    const isWhole = isNDArray(result) && ArrayBuffer.isView(result.data) &&
      result.data.buffer.byteLength === result.data.byteLength;
    parentPort.postMessage(
      { number: batch.number, result },
      isWhole ? [(result.data as Float64Array).buffer as ArrayBuffer] : [],
    );
  }).catch((failure: unknown) => {
    const { name, message, stack } = failure instanceof Error ? failure : new Error(String(failure));
    parentPort.postMessage({ number: batch.number, failure: { name, message, stack } });
  });
});
