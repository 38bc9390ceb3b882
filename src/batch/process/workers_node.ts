/**
 * Working in several processes (threads of the runtime).
 *
 * @module
 */
import type { BatchPlace } from "./batches.ts";
import type { ProcessorParts } from "./apply_options.ts";
import type { ApplyPlan } from "./apply_plan.ts";
import type { BatchResult, BatchRun } from "./run_batches.ts";

/** What workers are to do. */
export interface WorkersJob {
  readonly parts: ProcessorParts;
  readonly plan: ApplyPlan;
  readonly run: BatchRun;
  readonly processes: number | "max";
  readonly failed: (cause: unknown, place: BatchPlace) => never;
  readonly finished: (result: unknown, place: BatchPlace) => unknown;
}

/** Starts them. */
export function startWorkers(_job: WorkersJob): Promise<AsyncGenerator<BatchResult> | null> {
  return Promise.resolve(null);
}
