/**
 * What is applied to batches: a function, transforms, or a function of a module.
 *
 * @module
 */

import type { NDArray, NumericData } from "../../../array/types.ts";
import { describeValue } from "../../../source/describe_value.ts";
import { UnsupportedError } from "../../../source/errors.ts";
import type { TransformDescription, Transformed } from "../../../signal/transform/transform.ts";
import { butterworth } from "../butterworth.ts";
import type { BatchIndex } from "./place.ts";
import { standarize } from "../standarize.ts";

/** What a function is told beside `kwargs`. */
export interface BatchInfo {
  /** Where the batch lies within the array, the buffer left out; with `passBatchInfo`. */
  readonly local?: BatchIndex;
  /** Where it lies in the recording; with `passBatchInfo`. */
  readonly index?: BatchIndex;
  /** The result of the batch before; `null` for the first one; with `passBatchResults`. */
  readonly previousBatch?: unknown;
}

/** A function of a batch; `options` are `kwargs` and what it is told beside them. */
export type BatchFunction<K extends object = object, R = unknown> = (
  batch: NDArray<NumericData>,
  options: K & BatchInfo,
) => R | Promise<R>;

/** A function that a module exports: what can be sent to other processes. */
export interface ModuleFunction {
  /** The module's URL. */
  readonly module: string | URL;
  /** The name that it exports it by. */
  readonly name: string;
}

/** What can be applied: a function, transforms as `describe` gives them (or a lazy array that has them), a function of a module. */
export type BatchTask<K extends object = object, R = unknown> =
  | BatchFunction<K, R>
  | TransformDescription
  | readonly TransformDescription[]
  | Pick<Transformed, "describe">
  | ModuleFunction;

/** What is applied, sorted out. */
export type Work =
  | {
    readonly kind: "call";
    readonly name: string;
    readonly call: BatchFunction;
    readonly described: WorkDescription | null;
  }
  | { readonly kind: "chain"; readonly name: string; readonly chain: readonly TransformDescription[] };

/** A function that another process can find. */
export type WorkDescription = { readonly module: string; readonly name: string } | { readonly builtin: string };

/** YASS' own, which another process knows by name. */
export const BUILTINS: Readonly<Record<string, BatchFunction<never>>> = {
  butterworth: butterworth as BatchFunction<never>,
  standarize: standarize as BatchFunction<never>,
};

/** Sorts out what is to be applied. */
export async function workOf(task: BatchTask<never>): Promise<Work> {
  if (typeof task === "function") {
    const call = task as BatchFunction;
    const builtin = Object.keys(BUILTINS).find((name) => BUILTINS[name] === task);
    return {
      kind: "call",
      name: task.name || "a function",
      call,
      described: builtin === undefined ? null : { builtin },
    };
  }
  if (Array.isArray(task)) return chainOf(task);
  if (typeof task === "object" && task !== null) {
    if (typeof (task as Transformed).describe === "function") return chainOf((task as Transformed).describe());
    if ("module" in task) return await moduleFunction(task);
    if (typeof (task as TransformDescription).name === "string") return chainOf([task as TransformDescription]);
  }
  throw new TypeError(
    `Cannot apply ${
      describeValue(task)
    }: expected a function, transforms such as { name: "bandpass", options: { … } }, or { module, name }`,
  );
}

function chainOf(chain: readonly TransformDescription[]): Work {
  if (chain.length === 0) throw new TypeError("Cannot apply a chain of no transforms");
  return { kind: "chain", name: chain.map((step) => step?.name).join(", "), chain };
}

async function moduleFunction({ module, name }: ModuleFunction): Promise<Work> {
  const { loadFunction } = await import("./load_function_node.ts");
  const call = await loadFunction(String(module), name);
  return { kind: "call", name, call, described: { module: String(module), name } };
}

/**
 * What another process is told of a function.
 *
 * @throws {UnsupportedError} If it is a closure, which can't be sent
 */
export function describedWork(work: Extract<Work, { kind: "call" }>): WorkDescription {
  if (work.described !== null) return work.described;
  throw new UnsupportedError(
    `Cannot run ${work.name} in other processes: a function can't be sent; give { module, name } of one that a module exports, or transforms such as { name: "bandpass", options: { … } }`,
  );
}
