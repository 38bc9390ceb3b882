/**
 * `batch`: a pipeline that a YAML file describes.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "@std/path";
import { BatchPipeline, type BatchPipelineOptions, type PlannedStep } from "../../batch/process/batch_pipeline.ts";
import type { BatchProcessorOptions } from "../../batch/process/apply/processor_parts.ts";
import { type BatchTask, BUILTINS } from "../../batch/process/apply/function.ts";
import { PipedTransformation, type PipedTransformationOptions } from "../../batch/process/piped_transformation.ts";
import { RecordingsReader } from "../../batch/process/recordings_reader.ts";
import { type TracePanel, tracesSvg } from "../../batch/process/traces_svg.ts";
import { slice } from "../../array/select/slice.ts";
import { formatBytes } from "../../source/cost.ts";
import { FormatError } from "../../source/errors.ts";
import { openSource } from "../../source/open_source.ts";
import type { Call } from "../call.ts";
import { type CliIo, printable } from "../io.ts";

/** What a pipeline's file says. */
interface Description extends Omit<BatchPipelineOptions, "outputPath"> {
  readonly pathToInput: string;
  readonly outputPath: string;
  readonly tasks: readonly ({ readonly function: unknown; readonly outputName: string } & PipedTransformationOptions)[];
}

/** Observations of the figure, as in YASS' examples. */
const SHOWN = 2000;

/**
 * Runs a pipeline, or says what it would do.
 *
 * @param call What was asked for; its source is the YAML file
 * @param io The world
 */
export async function batch(call: Call, io: CliIo): Promise<void> {
  const said = await descriptionOf(call.source, io.signal);
  const { pathToInput, outputPath, tasks, ...options } = said;
  const layout: BatchProcessorOptions = options;
  const pipeline = new BatchPipeline(pathToInput, {
    ...options,
    outputPath,
    onLog: (level, message) => {
      if (level === "warning") io.stderr(printable(`${message}\n`));
    },
    showProgressBar: io.isTerminal ? { write: (text) => io.stderr(text), columns: io.columns } : false,
  });
  for (const { function: task, outputName, ...how } of tasks) {
    pipeline.add(new PipedTransformation(taskOf(task, call.source), outputName, how));
  }
  const plan = await pipeline.plan();
  if (call.json && call.dryRun === true) return await io.stdout(`${JSON.stringify({ steps: plan })}\n`);
  for (const [i, step] of plan.entries()) (call.json ? io.stderr : io.stdout)(printable(stepLine(i, step)));
  if (call.dryRun === true) return;
  const [paths, params] = await pipeline.run({ signal: io.signal });
  const figure = join(outputPath, "pipeline.svg");
  const kept = paths.filter((_, i) => tasks[i]!.keep === true || i === paths.length - 1);
  await io.writeFile(figure, [await figureOf(pathToInput, layout, said, kept)]);
  await io.stdout(
    call.json
      ? `${JSON.stringify({ paths, params, figure })}\n`
      : printable(`Wrote ${[...kept, figure].map((path) => JSON.stringify(path)).join(", ")}\n`),
  );
}

async function descriptionOf(path: string, signal: AbortSignal): Promise<Description> {
  const opened = await openSource(path, { signal });
  let text: string;
  try {
    const [bytes] = await opened.cache.readMany([{ offset: 0, length: Math.min(1e6, opened.source.byteLength) }], {
      signal,
    });
    text = new TextDecoder().decode(bytes);
  } finally {
    await opened.close();
  }
  const refuse = (why: string, cause?: unknown): never => {
    throw new FormatError(`Cannot run ${path}: ${why}`, { file: path, cause });
  };
  const { parse } = await import("@std/yaml");
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    return refuse(`it is no YAML (${(cause as Error).message})`, cause);
  }
  const said = (content ?? {}) as Partial<Description>;
  if (typeof said !== "object" || typeof said.pathToInput !== "string") return refuse("it says no pathToInput");
  if (typeof said.outputPath !== "string") return refuse("it says no outputPath");
  const { tasks } = said;
  if (!Array.isArray(tasks) || tasks.length === 0) return refuse("it says no tasks");
  for (const [i, task] of tasks.entries()) {
    if (typeof task !== "object" || task === null || !("function" in task) || typeof task.outputName !== "string") {
      refuse(`task ${i} says no function or no outputName`);
    }
  }
  const { pathToInput, outputPath } = said;
  return { ...said, tasks, pathToInput: beside(path, pathToInput), outputPath: beside(path, outputPath) };
}

/** A path as the file means it: seen from its own folder. */
function beside(file: string, path: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || isAbsolute(path) ? path : join(dirname(file), path);
}

function taskOf(task: unknown, file: string): BatchTask {
  if (typeof task !== "string") return task as BatchTask;
  const found = Object.hasOwn(BUILTINS, task) ? BUILTINS[task]! : undefined;
  if (found !== undefined) return found as unknown as BatchTask;
  throw new FormatError(
    `Cannot run ${file}: there is no function ${JSON.stringify(task)}; known are ${
      Object.keys(BUILTINS).join(", ")
    }, and transforms as { name, options }`,
    { file },
  );
}

function stepLine(i: number, { name, outputPath, batches, rows, memory, outputBytes }: PlannedStep): string {
  const each = `${rows.toLocaleString("en")} observations each, ${formatBytes(memory)} of memory`;
  return `${i + 1}. ${name}: ${batches.toLocaleString("en")} batches of ${each}; writes ${
    formatBytes(outputBytes)
  } to ${outputPath}\n`;
}

/** The first channel that was asked for, as it was and as each step that is kept gave it. */
async function figureOf(
  pathToInput: string,
  options: BatchProcessorOptions,
  said: Description,
  kept: readonly string[],
): Promise<string> {
  const { dtype, nChannels, dataOrder, dataFormat, samplingRate } = options;
  const { channels = "all" } = said;
  const first = channels === "all" ? 0 : typeof channels === "number" ? channels : channels[0]!;
  const panels: TracePanel[] = [];
  const add = async (path: string, layout: object, title: string, channel: number) => {
    await using reader = await RecordingsReader.open(path, layout);
    const { data } = await reader.read([slice(SHOWN), channel]);
    panels.push({ title: `${title}, channel ${first}`, values: Array.from(data, Number), unit: "value" });
  };
  await add(pathToInput, { dtype, nChannels, dataOrder, dataFormat }, "Raw data", first);
  for (const path of kept.filter((path) => !/\.(h5|hdf5|zarr)$/i.test(path))) {
    const name = path.slice(path.search(/[^/\\]*$/)).replace(/\.\w+$/, "");
    await add(path, {}, `${name.charAt(0).toUpperCase()}${name.slice(1)} data`, 0);
  }
  return tracesSvg(panels, samplingRate === undefined ? {} : { samplingRate });
}
