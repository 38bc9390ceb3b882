/**
 * YASS' `BatchPipeline`: operations one after the other, each by a file.
 *
 * @module
 */

import { typedArrayOf } from "../../array/dtype/dtype.ts";
import { memoryArray } from "../../array/memory.ts";
import type { DType, LazyArray, NDArray, NumericData } from "../../array/types.ts";
import { WriteError } from "../../source/errors.ts";
import { printsAsText } from "../../source/inspect.ts";
import { checkOptions } from "../../source/options.ts";
import type { BatchStretchOptions, MultiChannelApplyOptions, ProcessorParts } from "./apply/apply_options.ts";
import { type ApplyPlan, planApply } from "./apply/apply_plan.ts";
import {
  type BatchProcessorOptions,
  checkProcessorOptions,
  partsOf,
  PROCESSOR_OPTIONS,
} from "./apply/processor_parts.ts";
import { openInput, type RecordingsInput, type RecordingsSource } from "./files/input.ts";
import type { Origin } from "./apply/apply_to_file.ts";
import type { BatchParams } from "./files/params.ts";
import { PipedTransformation } from "./piped_transformation.ts";

/** Options of {@linkcode BatchPipeline}. */
export interface BatchPipelineOptions extends BatchProcessorOptions, BatchStretchOptions {
  /** Folder for the outputs of all steps; it is made where it isn't there. */
  readonly outputPath: string | URL;
}

const OPTIONS: Readonly<Record<string, true>> = {
  ...PROCESSOR_OPTIONS,
  outputPath: true,
  fromTime: true,
  toTime: true,
  channels: true,
};

/** What a step is going to do. */
export interface PlannedStep {
  /** Names of what is applied. */
  readonly name: string;
  /** The output's path. */
  readonly outputPath: string;
  /** Number of batches. */
  readonly batches: number;
  /** Observations of a batch. */
  readonly rows: number;
  /** Bytes of memory that a batch takes, all counted. */
  readonly memory: number;
  /** Bytes that are written; a function's result is taken to be float64, as large as its input. */
  readonly outputBytes: number;
}

/** A step as it stands in {@linkcode BatchPipeline}. */
// deno-lint-ignore no-explicit-any -- steps of functions of any keywords stand in one list
export type AnyStep = PipedTransformation<any, any>;

/**
 * Chains operations; each reads the output of the one before.
 *
 * Stretch and channels are those of the first step. The input is never touched, and only what the pipeline wrote itself is deleted.
 */
export class BatchPipeline {
  /** The steps so far. */
  readonly tasks: AnyStep[] = [];
  readonly #source: RecordingsSource;
  readonly #options: BatchPipelineOptions;

  /**
   * Makes a pipeline without steps.
   *
   * @param pathToInput The recording: a flat file by its path or URL, a recording, or a lazy array
   * @param options Its layout, memory, stretch and channels, folder of outputs
   *
   * @example Usage
   * ```ts
   * import { BatchPipeline } from "./batch_pipeline.ts";
   * import { PipedTransformation } from "./piped_transformation.ts";
   * import { standarize } from "./standarize.ts";
   * import assert from "node:assert/strict";
   *
   * const folder = await Deno.makeTempDir();
   * const recording = Int16Array.from({ length: 300 }, (_, i) => i % 7);
   * const layout = { dtype: "int16", nChannels: 3, dataOrder: "samples" } as const;
   * const pipeline = new BatchPipeline(recording, { ...layout, outputPath: folder });
   * pipeline.add(new PipedTransformation(standarize, "standarized.bin", {
   *   mode: "singleChannelOneBatch",
   *   kwargs: { samplingFreq: 30_000 },
   * }));
   * const [paths, params] = await pipeline.run();
   * assert.equal(paths.length, 1);
   * assert.deepEqual(params, [{ dtype: "float64", nChannels: 3, dataOrder: "channels" }]);
   * await Deno.remove(folder, { recursive: true });
   * ```
   */
  constructor(pathToInput: RecordingsSource, options: BatchPipelineOptions) {
    checkOptions(options, OPTIONS, "make a pipeline");
    checkProcessorOptions(options);
    if (typeof options?.outputPath !== "string" && !(options?.outputPath instanceof URL)) {
      throw new TypeError("Cannot make a pipeline without outputPath: expected the path of a folder");
    }
    this.#source = pathToInput;
    this.#options = options;
    printsAsText(BatchPipeline.prototype);
  }

  /** What it is, in one line. */
  toString(): string {
    const names = this.tasks.map(({ outputName }) => JSON.stringify(outputName));
    return `BatchPipeline to ${String(this.#options.outputPath)}${names.length === 0 ? "" : `: ${names.join(", ")}`}`;
  }

  /**
   * Adds steps.
   *
   * @param tasks One, or a list of them
   */
  add(tasks: AnyStep | readonly AnyStep[]): void {
    const list = Array.isArray(tasks) ? tasks as readonly AnyStep[] : [tasks as AnyStep];
    for (const task of list) {
      if (!(task instanceof PipedTransformation)) {
        throw new TypeError("Cannot add a step that is no PipedTransformation");
      }
      if (this.tasks.some(({ outputName }) => outputName === task.outputName)) {
        throw new RangeError(`Cannot add a second step with the output ${JSON.stringify(task.outputName)}`);
      }
    }
    this.tasks.push(...list);
  }

  /**
   * Says what each step is going to do, and does nothing.
   *
   * @returns The steps: batches, memory, sizes of outputs
   */
  async plan(): Promise<PlannedStep[]> {
    const { joinPath, pathOf } = await import("./files/files_node.ts");
    const folder = pathOf(this.#options.outputPath);
    const first = await openInput(this.#source, this.#options);
    try {
      const steps: PlannedStep[] = [];
      let input = first;
      for (const [i, task] of this.tasks.entries()) {
        const outputPath = joinPath(folder, task.outputName);
        const { isSingle, options } = this.#applied(task, i, outputPath, undefined);
        const plan = await planApply(this.#parts(input), task.task, options, isSingle);
        const dtype = plan.dtype ?? FLOAT64;
        const shape = await outputShape(input, plan);
        const itemsize = typedArrayOf(dtype)!.BYTES_PER_ELEMENT;
        const { work, places, rows, memory, stretch: [from, to] } = plan;
        steps.push({
          name: work.name,
          outputPath,
          batches: places.count,
          rows: Math.min(rows, to - from),
          memory,
          outputBytes: shape[0]! * shape[1]! * itemsize,
        });
        input = { ...first, array: standIn(shape, dtype) };
      }
      return steps;
    } finally {
      await first.close();
    }
  }

  /**
   * Runs all steps.
   *
   * @param options Abort signal
   * @returns Paths of the outputs in order, those of outputs that aren't kept among them; and what opens each
   * @throws {BatchError} If a function fails; outputs of the steps before stay, that of this one is as it was
   * @throws {RangeError} If an output is the input, or is there, with `abort`
   * @throws {WriteError} If an output can't be written
   */
  async run(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly [paths: string[], params: BatchParams[]]> {
    checkOptions(options, { signal: true }, "run a pipeline");
    const { joinPath, makeFolder, pathOf, remove } = await import("./files/files_node.ts");
    const { applyToFile, makingOf } = await import("./apply/apply_to_file.ts");
    const folder = pathOf(this.#options.outputPath);
    makeFolder(folder);
    const paths = this.tasks.map(({ outputName }) => joinPath(folder, outputName));
    const onLog = this.#options.onLog ?? (() => {});
    const params: BatchParams[] = [];
    let origin: Origin | null = null;
    let input: RecordingsInput = await openInput(this.#source, this.#options);
    try {
      const resumed = await this.#resume(input, paths);
      params.push(...resumed.params);
      origin = resumed.origin;
      for (let i = resumed.params.length; i < this.tasks.length; i++) {
        const task = this.tasks[i]!;
        if (i > 0 && input.path !== paths[i - 1]) {
          await input.close();
          input = await reopen(paths[i - 1]!, params[i - 1]!, input.samplingRate);
        }
        const parts = this.#parts(input);
        const applied = this.#applied(task, i, paths[i]!, options.signal);
        const plan = await planApply(parts, task.task, applied.options, applied.isSingle);
        const { sha256 } = await makingOf(parts, plan, applied.options, origin);
        const [, made] = await applyToFile(parts, plan, applied.options, origin);
        params.push(made);
        origin = { sha256, before: [...params] };
        const before = this.tasks[i - 1];
        if (before === undefined || before.keep) continue;
        // What the step before wrote, in this run or in one that was interrupted; never the input.
        await input.close();
        input = await reopen(paths[i]!, made, input.samplingRate);
        onLog("debug", `Removing ${paths[i - 1]}`);
        remove(paths[i - 1]!);
        const { outputSidecar } = await import("./files/output.ts");
        remove(outputSidecar(paths[i - 1]!));
      }
    } finally {
      await input.close();
    }
    return [paths, params];
  }

  /** How far an earlier run came: behind the last step that is to be skipped, is whole and of the same making. */
  async #resume(
    input: RecordingsInput,
    paths: readonly string[],
  ): Promise<{ readonly params: readonly BatchParams[]; readonly origin: Origin | null }> {
    const { isWhole, paramsIn, sidecarOf } = await import("./apply/apply_to_file.ts");
    const { isMaking } = await import("./files/making.ts");
    const { formatOf } = await import("./files/output.ts");
    const makings = await this.#makings(input, paths);
    for (let i = makings.length - 1; i >= 0; i--) {
      const task = this.tasks[i]!;
      if (task.options.ifFileExists !== "skip") continue;
      const said = await sidecarOf(paths[i]!).catch(() => null);
      if (said === null || !isMaking(said.making, makings[i]!)) continue;
      if (!isWhole(paths[i]!, task.options.format ?? formatOf(paths[i]!), said)) continue;
      const params = [...(said.making.before ?? []), paramsIn(said)];
      if (params.length !== i + 1) continue;
      this.#options.onLog?.("info", `${paths[i]} exists, skipping...`);
      return { params, origin: { sha256: makings[i]!, before: params } };
    }
    return { params: [], origin: null };
  }

  /** Digests of what the steps make, without running them: as far as they can be told. */
  async #makings(input: RecordingsInput, paths: readonly string[]): Promise<string[]> {
    const { makingOf } = await import("./apply/apply_to_file.ts");
    const makings: string[] = [];
    if (!this.tasks.some(({ options }) => options.ifFileExists === "skip")) return makings;
    let origin: Origin | null = null;
    let at = input;
    for (const [i, task] of this.tasks.entries()) {
      const { isSingle, options } = this.#applied(task, i, paths[i]!, undefined);
      const plan = await planApply(this.#parts(at), task.task, options, isSingle).catch(() => null);
      if (plan === null) break;
      const { sha256 }: { readonly sha256: string } = await makingOf(this.#parts(at), plan, options, origin);
      makings.push(sha256);
      origin = { sha256, before: [] };
      at = { ...at, array: standIn(await outputShape(at, plan), plan.dtype ?? FLOAT64) };
    }
    return makings;
  }

  #parts(input: RecordingsInput): ProcessorParts {
    return partsOf(input, this.#options);
  }

  #applied(task: AnyStep, i: number, outputPath: string, signal: AbortSignal | undefined) {
    const { mode: _, keep: __, ...rest } = task.options;
    const { fromTime, toTime, channels } = this.#options;
    const options: MultiChannelApplyOptions<never, never> = {
      ...rest,
      ...(i === 0 ? { fromTime, toTime, channels } : {}),
      mode: "disk",
      outputPath,
      signal,
      ...(task.mode === "multiChannel" ? {} : { forceCompleteChannelBatch: task.mode === "singleChannelOneBatch" }),
    } as MultiChannelApplyOptions<never, never>;
    return { options, isSingle: task.mode !== "multiChannel" };
  }
}

const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** An array of that shape of which nothing is read. */
function standIn(shape: readonly number[], dtype: DType): RecordingsInput["array"] {
  const data = new (typedArrayOf(dtype)!)(0);
  return memoryArray({ data, shape, stride: [shape[1]!, 1], dtype } as NDArray<NumericData>);
}

/** Shape of what a step makes; a function is taken to give as much as it is given. */
async function outputShape(
  input: RecordingsInput,
  plan: ApplyPlan,
): Promise<readonly [rows: number, channels: number]> {
  const { stretch: [from, to], picked, work, each } = plan;
  if (work.kind !== "chain") return [to - from, picked.count];
  const { fromDescription } = await import("../../signal/transform/from_description.ts");
  const { stretchView } = await import("./apply/run_batches.ts");
  const view = stretchView(input.array, from, to, each?.[0] ?? picked.list, input.samplingRate);
  const { shape }: LazyArray = fromDescription(view, work.chain);
  return [shape[0]!, each === null ? shape[1]! : picked.count];
}

/** Opens the output of a step for the next. */
async function reopen(path: string, params: BatchParams, samplingRate: number | null): Promise<RecordingsInput> {
  const { formatOf } = await import("./files/output.ts");
  const { fileFacts, joinPath } = await import("./files/files_node.ts");
  const rate = samplingRate === null ? {} : { samplingRate };
  const facts = fileFacts(path);
  if (facts === null) throw new WriteError(`Cannot go on with ${JSON.stringify(path)}: it is gone`, { file: path });
  const format = formatOf(path);
  if (format === "binary") {
    const { TRACES } = await import("./files/spike_interface.ts");
    const input = await openInput(facts.isFolder ? joinPath(path, TRACES) : path, { ...params, ...rate });
    return { ...input, path };
  }
  if (format === "hdf5") {
    const { open } = await import("../../hdf5/file.ts");
    const file = await open(path);
    const input = await openInput(await file.dataset("data") as LazyArray, rate);
    return { ...input, path, close: () => file.close() };
  }
  const { openZarr } = await import("../../zarr/open_zarr.ts");
  const array = await openZarr(path);
  const input = await openInput(array as LazyArray, rate);
  return { ...input, path, close: () => array.close() };
}
