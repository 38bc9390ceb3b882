/**
 * Applying a function to a recording, the results to a file.
 *
 * @module
 */

import { decodeYassSidecar, type YassSidecar } from "../../../raw/yass_sidecar.ts";
import { dtypeFromNumpy } from "../../../array/dtype/dtype.ts";
import { openSource } from "../../../source/open_source.ts";
import { emptyDType, logStart, resultsOf } from "./apply.ts";
import type { MultiChannelApplyOptions, ProcessorParts } from "./apply_options.ts";
import type { ApplyPlan } from "./apply_plan.ts";
import { fileFacts, pathOf } from "../files/files_node.ts";
import { digestOf, isMaking, type Making } from "../files/making.ts";
import { FileOutput, formatOf, type OutputFormat, outputSidecar } from "../files/output.ts";
import type { BatchParams } from "../files/params.ts";

/** Of what a recording was made, where a pipeline has made it. */
export interface Origin {
  /** Digest of its making. */
  readonly sha256: string;
  /** What the steps before gave. */
  readonly before: readonly BatchParams[];
}

/** Applies, and writes. */
export async function applyToFile(
  parts: ProcessorParts,
  plan: ApplyPlan,
  options: MultiChannelApplyOptions<never, never>,
  origin: Origin | null = null,
): Promise<readonly [outputPath: string, params: BatchParams]> {
  const path = pathOf(options.outputPath!);
  const format = options.format ?? formatOf(path);
  checkTarget(parts, path, format);
  const making = await makingOf(parts, plan, options, origin);
  const { ifFileExists = "overwrite" } = options;
  const isThere = fileFacts(path) !== null;
  if (isThere && ifFileExists === "abort") {
    throw new RangeError(`Cannot write ${JSON.stringify(path)}: it already exists`);
  }
  if (isThere && ifFileExists === "skip") {
    const params = await paramsOfSame(path, format, making.sha256);
    parts.onLog("info", `${path} exists, skipping...`);
    return [path, params];
  }
  const finished = logStart(parts, plan);
  const { samplingRate } = parts.input;
  const output = await FileOutput.open({ path, format, isPerChannel: plan.each !== null, samplingRate });
  try {
    for await (const { result, place } of resultsOf(parts, plan, options, [])) output.append(result, place.group);
    options.signal?.throwIfAborted();
    const params = await output.finish(emptyDType(parts, plan), plan.picked.count, making);
    finished();
    return [path, params];
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** Inputs are never touched: neither by their own name nor by another. */
function checkTarget({ input }: ProcessorParts, path: string, format: OutputFormat): void {
  const sidecar = outputSidecar(path);
  if (sidecar === path) {
    throw new RangeError(
      `Cannot write ${JSON.stringify(path)}: it is the name of its own sidecar; give another ending`,
    );
  }
  if (input.path === null || /^https?:/.test(String(input.path))) return;
  const source = pathOf(input.path);
  const facts = fileFacts(source);
  if (facts === null) return;
  for (const target of format === "binary" || format === "hdf5" ? [path, sidecar] : [path]) {
    if (target === source || fileFacts(target)?.identity === facts.identity) {
      throw new RangeError(`Cannot write ${JSON.stringify(target)}: it is the input`);
    }
  }
  // An output of another ending beside the input would have the input's sidecar.
  if (fileFacts(sidecar) !== null && outputSidecar(source) === sidecar) {
    throw new RangeError(
      `Cannot write ${JSON.stringify(path)}: its sidecar ${JSON.stringify(sidecar)} is the input's; give another name`,
    );
  }
}

/** How an output is made. */
export async function makingOf(
  parts: ProcessorParts,
  plan: ApplyPlan,
  options: MultiChannelApplyOptions<never, never>,
  origin: Origin | null,
): Promise<Making> {
  const { input, bufferSize, padding, compatible, maxMemory } = parts;
  const { work, stretch, picked, each, rows } = plan;
  const { kwargs, castDtype, cleanupFunction, passBatchInfo, format } = options;
  const path = input.path === null || /^https?:/.test(String(input.path)) ? null : pathOf(input.path);
  const facts = path === null ? null : fileFacts(path);
  const source = origin?.sha256 ?? {
    name: String(input.path ?? input.name),
    shape: input.array.shape,
    layout: input.layout,
    size: facts?.size,
    modified: facts?.modified,
  };
  // What a function gives may depend on where batches are cut; what transforms give doesn't.
  const how = work.kind === "chain" ? { chain: work.chain } : {
    call: work.described ?? work.call,
    kwargs,
    // Of a step behind another, whose type isn't known before that has run, the limit stands for it.
    rows: origin === null ? rows : `as many as fit into ${maxMemory} bytes`,
    bufferSize,
    padding,
    compatible,
    passBatchInfo,
  };
  return {
    by: "microtome",
    function: work.name,
    input: path === null ? input.name : path.slice(path.search(/[^/\\]*$/)),
    sha256: await digestOf({
      version: 1,
      source,
      part: origin === null ? [stretch, picked.key] : "all",
      isPerChannel: each !== null,
      how,
      castDtype,
      cleanupFunction,
      format,
    }),
    ...(origin === null || origin.before.length === 0 ? {} : { before: origin.before }),
  };
}

/** What the sidecar of an output says, or `null` where there is none. */
export async function sidecarOf(path: string): Promise<YassSidecar | null> {
  const sidecar = outputSidecar(path);
  if (fileFacts(sidecar) === null) return null;
  const opened = await openSource(sidecar);
  try {
    const [bytes] = await opened.cache.readMany([{ offset: 0, length: opened.source.byteLength }]);
    return await decodeYassSidecar(new TextDecoder().decode(bytes), sidecar);
  } finally {
    await opened.close();
  }
}

/** What an output holds that is whole and of the same making. */
async function paramsOfSame(path: string, format: OutputFormat, sha256: string): Promise<BatchParams> {
  const sidecar = outputSidecar(path);
  const said = await sidecarOf(path);
  const what = `Cannot skip ${JSON.stringify(path)}`;
  if (said === null) {
    throw new RangeError(`${what}: ifFileExists is "skip", but ${sidecar} is missing; remove it, or set "overwrite"`);
  }
  if (!isMaking(said.making, sha256)) {
    throw new RangeError(
      `${what}: it was made in another way, or from something else; set ifFileExists to "overwrite"`,
    );
  }
  if (!isWhole(path, format, said)) throw new RangeError(`${what}: it isn't whole; set ifFileExists to "overwrite"`);
  return paramsIn(said);
}

/** Whether an output is as large as its sidecar says. */
export function isWhole(path: string, format: OutputFormat, said: YassSidecar): boolean {
  const facts = fileFacts(path);
  if (facts === null || said.observations === null || said.nChannels === null) return false;
  if (format !== "binary") return true;
  return facts.size === said.observations * said.nChannels * (dtypeFromNumpy(said.dtype).itemsize ?? 0);
}

/** What a sidecar says, as parameters. */
export function paramsIn({ dtype, nChannels, order }: YassSidecar): BatchParams {
  return { dtype, nChannels: nChannels!, dataOrder: order === "C" ? "samples" : "channels" };
}
