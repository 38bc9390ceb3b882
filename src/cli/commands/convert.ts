/**
 * `convert`: arrays from one kind of file to another.
 *
 * @module
 */

import { describeDType, numpyName } from "../../array/dtype/dtype.ts";
import { shapeText, sizeOf } from "../../array/ndarray.ts";
import { bytesPerElement } from "../../batch/iterate/walk.ts";
import { formatBytes } from "../../source/cost.ts";
import { NotFoundError, WriteError } from "../../source/errors.ts";
import type { Call } from "../call.ts";
import { CountedArray } from "../counted.ts";
import { type CliIo, printable } from "../io.ts";
import { withProgress } from "../progress.ts";
import { recordingArrays, refuseTimes } from "./recording.ts";
import { selectionOf } from "./select.ts";
import type { ArraySource, NamedArray } from "../sources/sources.ts";
import type { ConvertOptions, Outgoing } from "../targets/target.ts";

/**
 * Converts. Memory is bounded by a block of some megabytes (and by a stored chunk), however large the arrays are. A
 * target is put in place once it is whole; until then, and where anything fails, what was there stays.
 *
 * @param source The source
 * @param call What was asked for
 * @param io The world
 */
export async function convert(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  const options = call.convert!;
  const { fileExists } = await import("../exists_node.ts");
  for (const path of options.to.files?.(options.target) ?? [options.target]) {
    if (!options.overwrite && fileExists(path)) {
      throw new WriteError(`Cannot write ${JSON.stringify(path)}: it is there already; --overwrite replaces it`);
    }
  }
  const isRecording = source.recording !== undefined;
  if (!isRecording) refuseTimes(call, "convert");
  const found = isRecording
    ? recordingArrays(source.recording, call)
    : (await source.arrays(call.path, io.signal)).map((one) => ({ ...one, recording: undefined }));
  const outgoing = named(found, options, call.source);
  const views = outgoing.map(({ name, array, recording }) => ({
    name,
    recording,
    // Of a recording it has chosen channels already.
    array: call.select === undefined || isRecording ? array : array.view(selectionOf(call.select, array.shape.length)),
  }));
  const total = views.reduce((sum, { array }) => sum + byteLengthOf(array), 0);
  let done = 0;
  const counted = views.map(({ name, array, recording }) => {
    const width = Math.max(1, bytesPerElement(array.dtype));
    return { name, recording, array: new CountedArray(array, (elements) => done += elements * width) };
  });
  const progress = () => ({
    fraction: total > 0 ? done / total : null,
    text: `${formatBytes(Math.min(done, total))} of ${formatBytes(total)}`,
  });
  await withProgress(io, progress, () => options.to.write(counted, options, io.signal));
  await tell(views, call, options, io);
}

async function tell(
  arrays: readonly Outgoing[],
  call: Call,
  { target, kind }: ConvertOptions,
  io: CliIo,
): Promise<void> {
  if (call.json) {
    const said = {
      source: call.source,
      output: target,
      kind,
      arrays: arrays.map(({ name, array }) => ({ path: name, shape: array.shape, dtype: numpyName(array.dtype) })),
    };
    return await io.stdout(`${JSON.stringify(said)}\n`);
  }
  const [only] = arrays;
  const what = arrays.length === 1
    ? `${describeDType(only!.array.dtype)} ${shapeText(only!.array.shape)}`
    : `${arrays.length} arrays`;
  io.stderr(printable(`Wrote ${target}: ${what}\n`));
}

function byteLengthOf(array: Outgoing["array"]): number {
  return sizeOf(array.shape) * Math.max(1, bytesPerElement(array.dtype));
}

/** Arrays with their paths in the target. */
function named(
  found: readonly (Pick<NamedArray, "path" | "array"> & Pick<Outgoing, "recording">)[],
  { to, name, target }: ConvertOptions,
  source: string,
): Outgoing[] {
  if (found.length === 0) throw new NotFoundError(`Cannot convert ${source}: there are no arrays in it`);
  if (found.length > 1 && (!to.holdsMany || name !== undefined)) {
    const paths = found.slice(0, 8).map(({ path }) => path).join(", ") + (found.length > 8 ? ", …" : "");
    throw new NotFoundError(
      `Cannot convert ${found.length} arrays to ${
        name === undefined ? target : `one called ${JSON.stringify(name)}`
      }: ` +
        `give one of ${paths} as PATH`,
    );
  }
  if (found.length > 1) return found.map(({ path, array, recording }) => ({ name: path, array, recording }));
  const { path, array, recording } = found[0]!;
  if (name !== undefined) return [{ name, array, recording }];
  if (to.nameOfOne !== undefined) return [{ name: to.nameOfOne, array, recording }];
  return [{ name: path.replaceAll("/", "") === "" ? "data" : path, array, recording }];
}
