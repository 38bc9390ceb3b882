/**
 * Working in several processes: threads of Deno, Bun or Node, by `node:worker_threads`, which all three have.
 *
 * @module
 */

import { fromDescription } from "../../../signal/transform/from_description.ts";
import { UnsupportedError } from "../../../source/errors.ts";
import { builtinModule } from "../../../source/local/file_node.ts";
import type { ProcessorParts } from "../apply/apply_options.ts";
import type { ApplyPlan } from "../apply/apply_plan.ts";
import type { BatchPlace } from "../apply/batches.ts";
import { describedWork } from "../apply/function.ts";
import { batchAt, type BatchResult, type BatchRun, stretchView } from "../apply/run_batches.ts";
import type { WorkerAnswer, WorkerBatch, WorkerTask } from "./worker_messages.ts";

/** What workers are to do. */
export interface WorkersJob {
  /** The processor. */
  readonly parts: ProcessorParts;
  /** What is going to be done. */
  readonly plan: ApplyPlan;
  /** How batches are read and called. */
  readonly run: BatchRun;
  /** How many workers. */
  readonly processes: number;
  /** Raises the failure of a batch. */
  readonly failed: (cause: unknown, place: BatchPlace) => never;
  /** Sees each result. */
  readonly finished: (result: unknown, place: BatchPlace) => unknown;
}

interface Thread {
  on(event: "message", listener: (answer: WorkerAnswer) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  postMessage(batch: WorkerBatch, transfer?: readonly ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
}

/** What is used of `node:worker_threads`. */
interface Threads {
  readonly Worker: new (url: URL, options: { readonly workerData: WorkerTask }) => Thread;
}

/**
 * Starts workers.
 *
 * @param job What they are to do
 * @returns Results in order; `null` where there are no workers, or they can't open the recording: then it is done in turn
 */
export function startWorkers(job: WorkersJob): AsyncGenerator<BatchResult> | null {
  const { onLog } = job.parts;
  let threads: Threads;
  try {
    threads = builtinModule<Threads>("node:worker_threads", "a worker");
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    onLog("warning", "There are no workers in this runtime: batches are processed in turn");
    return null;
  }
  const task = taskOf(job);
  if (task === null) {
    onLog(
      "warning",
      "Workers can't open this recording, or its transforms change the number of observations: batches are processed in turn",
    );
    return null;
  }
  return results(job, task, threads);
}

function taskOf(
  { parts: { input, bufferSize }, plan: { work, stretch, picked, each }, run }: WorkersJob,
): WorkerTask | null {
  if (work.kind === "call") {
    const info = run.passBatchInfo ? { bufferSize, key: picked.key } : null;
    return { kind: "call", described: describedWork(work), kwargs: run.kwargs, info };
  }
  if (input.path === null) return null;
  const view = stretchView(input.array, ...stretch, each?.[0] ?? picked.list, input.samplingRate);
  if (fromDescription(view, work.chain).shape[0] !== stretch[1] - stretch[0]) return null;
  const { layout, samplingRate } = input;
  return {
    kind: "chain",
    chain: work.chain,
    path: String(input.path),
    layout,
    samplingRate,
    stretch,
    channels: picked.list,
  };
}

/** A batch that a worker has. */
interface Pending {
  readonly place: BatchPlace;
  readonly answer: Promise<WorkerAnswer>;
}

async function* results(job: WorkersJob, task: WorkerTask, { Worker }: Threads): AsyncGenerator<BatchResult> {
  const { run, plan, processes, failed, finished } = job;
  // Not written as one address: bundlers would take it for a file to copy.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const url = new URL(`./worker_node.${extension}`, import.meta.url);
  const pool = Array.from(
    { length: Math.min(processes, Math.max(1, plan.places.count)) },
    () => startThread(() => new Worker(url, { workerData: task })),
  );
  const pending: Pending[] = [];
  try {
    let number = 0;
    const next = async function* (): AsyncGenerator<Pending> {
      for (const place of plan.places) {
        const thread = pool[number % pool.length]!;
        const batch = task.kind === "call" ? await batchAt(run, place) : null;
        yield { place, answer: thread.ask({ number: number++, place, batch }) };
      }
    }();
    for (;;) {
      while (pending.length < pool.length) {
        const { value, done } = await next.next();
        if (done === true) break;
        // Looked at when its turn comes.
        value.answer.catch(() => {});
        pending.push(value);
      }
      const first = pending.shift();
      if (first === undefined) return;
      run.signal?.throwIfAborted();
      const answer = await first.answer;
      let result: unknown;
      try {
        if ("failure" in answer) throw thrown(answer.failure);
        result = finished(answer.result, first.place);
      } catch (cause) {
        run.signal?.throwIfAborted();
        failed(cause, first.place);
      }
      yield { result, place: first.place };
    }
  } finally {
    await Promise.all(pool.map((thread) => thread.end()));
  }
}

function startThread(start: () => Thread) {
  const waiting = new Map<number, { resolve(answer: WorkerAnswer): void; reject(error: Error): void }>();
  let broken: Error | null = null;
  const thread = start();
  thread.on("message", (answer) => {
    waiting.get(answer.number)?.resolve(answer);
    waiting.delete(answer.number);
  });
  thread.on("error", (cause) => {
    broken = new UnsupportedError(`Cannot work in other processes: ${cause.message}; set processes to 1`, { cause });
    for (const { reject } of waiting.values()) reject(broken);
  });
  return {
    ask: (batch: WorkerBatch) =>
      new Promise<WorkerAnswer>((resolve, reject) => {
        if (broken !== null) return reject(broken);
        waiting.set(batch.number, { resolve, reject });
        const { buffer, byteLength } = batch.batch?.data ?? new Uint8Array(0);
        const isWhole = batch.batch !== null && buffer.byteLength === byteLength;
        thread.postMessage(batch, isWhole ? [buffer as ArrayBuffer] : []);
      }),
    end: () => thread.terminate(),
  };
}

/** An error as it was in the worker. */
function thrown(failure: unknown): Error {
  const { name, message, stack } = failure as {
    readonly name: string;
    readonly message: string;
    readonly stack: string;
  };
  return Object.assign(new Error(message), { name, stack });
}
