/**
 * `plot`: an entry of an NWB file, or any array, as a picture.
 *
 * @module
 */

import { NWBFile } from "../../nwb/nwb_file.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { makeSeries } from "../../series/make_series.ts";
import { indexAxis } from "../../series/time_index.ts";
import { ValueSeries } from "../../series/value_series.ts";
import { NotFoundError, WrongKindError } from "../../source/errors.ts";
import { regularAxis } from "../../time/axis.ts";
import type { Call } from "../call.ts";
import { drawerFor } from "../draw/draw.ts";
import { figureOf, type FigureRequest } from "../../show/draw/figure_series.ts";
import { type CliIo, printable, UsageError } from "../io.ts";
import { keysText, openEntry, saysNwb } from "../../show/nwb_entry.ts";
import { withProgress } from "../progress.ts";
import { recordingFigure, refuseTimes } from "./recording.ts";
import { selectionOf } from "./select.ts";
import { type ArraySource, type NamedArray, needsPath } from "../sources/sources.ts";

type Shown = Pick<FigureRequest, "entry" | "title" | "unit" | "xLabel" | "shade" | "marks" | "scaleBar" | "notes">;

/**
 * Draws an entry or an array.
 *
 * @param source The source
 * @param call What was asked for
 * @param io The world
 */
export async function plot(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  const { window, width, height } = call.series!;
  const draw = drawerFor(call.output!);
  if (call.select !== undefined) selectionOf(call.select, 64);
  const shown = await open(source, call, io);
  const rank = shown.entry instanceof ValueSeries ? shown.entry.shape.length : null;
  if (call.select !== undefined && rank === null) {
    throw new UsageError(`Cannot use --select with ${shown.title}: it has no columns of values`);
  }
  let [done, total] = [0, 0];
  const progress = () => ({ fraction: total > 0 ? done / total : null, text: `${done.toLocaleString("en")} samples` });
  const { figure, samples } = await withProgress(io, progress, () =>
    figureOf({
      ...shown,
      window,
      size: { width, height },
      // Of a recording it has chosen channels already.
      ...(call.select === undefined || source.recording !== undefined
        ? {}
        : { select: selectionOf(call.select, rank!) }),
      signal: io.signal,
      onProgress: (count, of) => [done, total] = [count, of],
    }));
  const picture = await draw(figure);
  await io.writeFile(call.output!, [picture]);
  const [from, to] = figure.xDomain;
  if (call.json) {
    const said = { path: call.path, output: call.output, samples, from, to, width, height: figure.height };
    return await io.stdout(`${JSON.stringify(said)}\n`);
  }
  const what = [`${samples.toLocaleString("en")} ${shown.entry instanceof IntervalSet ? "intervals" : "samples"}`];
  io.stderr(printable(`Wrote ${call.output}: ${[...what, ...figure.notes].join(", ")}\n`));
}

async function open(source: ArraySource, call: Call, io: CliIo): Promise<Shown> {
  const { hasKey, shade, raw } = call.series!;
  if (source.recording !== undefined) {
    if (shade === undefined) return await recordingFigure(source.recording, call, io);
    throw new UsageError("Cannot use --shade with a recording: its epochs are shaded, its events marked");
  }
  refuseTimes(call, "plot");
  const { file } = source;
  const options = { signal: io.signal, raw };
  const nwb = file !== undefined && await saysNwb(file, io.signal) ? await NWBFile.open(file, options) : null;
  if (file !== undefined && !hasKey) {
    throw needsPath("plot", nwb === null ? "an HDF5 file holds many arrays" : "an NWB file holds many entries");
  }
  if (shade !== undefined && nwb === null) {
    throw new UsageError("Cannot use --shade here: it takes the key of an entry of an NWB file");
  }
  const shown = nwb?.has(call.path) === true
    ? { ...await openEntry(nwb, call.path, options), title: call.path }
    : await openArray(source, call, io, nwb);
  return shade === undefined ? shown : { ...shown, shade: await intervalsOf(nwb!, shade, options) };
}

// Rows are what an array has for time.
async function openArray(source: ArraySource, { path }: Call, io: CliIo, nwb: NWBFile | null): Promise<Shown> {
  let named: NamedArray;
  try {
    named = await source.array(path, io.signal);
  } catch (error) {
    const isAbsent = error instanceof NotFoundError || error instanceof WrongKindError;
    if (nwb === null || !isAbsent) throw error;
    throw new NotFoundError(
      `Cannot plot ${JSON.stringify(path)}: it is neither an array nor a key of the NWB file, whose keys are ` +
        keysText(nwb),
    );
  }
  const { array } = named;
  if (array.shape.length === 0 || named.isNull === true) {
    throw new WrongKindError(`Cannot plot ${named.path}: it has no axis to draw along`);
  }
  const rows = indexAxis(regularAxis(0, 1, array.shape[0]!));
  return { entry: makeSeries(rows, array), title: named.path, unit: null, xLabel: "Row" };
}

async function intervalsOf(nwb: NWBFile, key: string, options: Parameters<typeof openEntry>[2]): Promise<IntervalSet> {
  const { entry } = await openEntry(nwb, key, options);
  if (entry instanceof IntervalSet) return entry;
  throw new WrongKindError(`Cannot shade ${JSON.stringify(key)}: it is a ${nwb.typeOf(key)}, not an IntervalSet`);
}
