/**
 * What the commands make of recordings: parts by stream, channels and time.
 *
 * @module
 */

import { axisIndices, isWholeAxis, resolveSelection } from "../../array/select/selection.ts";
import type { Recording } from "../../recording/recording.ts";
import type { FigureMark } from "../../show/draw/figure.ts";
import type { FigureRequest } from "../../show/draw/figure_series.ts";
import { eventsAt, eventsCsv, eventsJson } from "../../show/recording_events.ts";
import { placeAt, placesOf, type RecordingPart, type RecordingPlace, signalPart } from "../../show/recording_part.ts";
import { NotFoundError } from "../../source/errors.ts";
import type { Call } from "../call.ts";
import { type CliIo, printable, UsageError } from "../io.ts";
import { withProgress } from "../progress.ts";
import { formatBytes } from "../../source/cost.ts";
import type { ArraySource } from "../sources/sources.ts";
import { entryJson } from "../../show/entry_text.ts";
import { entryEncoderFor } from "../targets/nwb_output.ts";
import type { Outgoing } from "../targets/target.ts";
import { selectionOf } from "./select.ts";

/** Rows that fit a screen. */
const ROWS = 30;
/** Events that are drawn, each with a line of its own. */
const MOST_MARKS = 500;

/** @throws {UsageError} If options were given that only recordings have */
export function refuseTimes(call: Call, command: string): void {
  const [option] =
    call.series?.given.filter((option) => command !== "plot" || !["from", "to", "raw"].includes(option)) ?? [];
  if (option === undefined) return;
  throw new UsageError(`Cannot use --${option} with ${command} here: ${call.source} is no recording; --select chooses`);
}

/**
 * `show` of a recording: a stream's samples, or events.
 *
 * @param recording The recording
 * @param source The same as a source
 * @param call What was asked for
 * @param io The world
 */
export async function showRecording(recording: Recording, source: ArraySource, call: Call, io: CliIo): Promise<void> {
  const encode = call.output === undefined ? undefined : entryEncoderFor(call.output);
  const place = placeAt(recording, call.path);
  const progress = () => ({ fraction: null, text: `${formatBytes(source.cost.bytes)} read` });
  if (place.kind !== "signal") return await showEvents(recording, place, call, io);
  const part = partAt(recording, place, call);
  const { key, frame, unit } = part;
  const title = printable(
    `${key}  ${frame.length} samples at ${part.samplingRate} Hz${unit === null ? "" : ` in ${unit}`}\n`,
  );
  if (encode === undefined && !call.json) {
    const text = await withProgress(
      io,
      progress,
      () => frame.format({ columns: io.columns, rows: ROWS, signal: io.signal }),
    );
    return await io.stdout(title + printable(`${text}\n`));
  }
  const entry = await withProgress(io, progress, () => frame.load({ signal: io.signal }));
  const read = { key, type: "AnalogSignal", unit, entry };
  if (encode === undefined) {
    for (const piece of entryJson(read)) await io.stdout(piece);
    return;
  }
  await io.writeFile(call.output!, await encode(read));
  if (call.json) await io.stdout(`${JSON.stringify({ path: key, shape: entry.shape, unit, output: call.output })}\n`);
  else io.stderr(printable(`Wrote ${call.output}: ${entry.shape[0]} samples of ${entry.shape[1]} channels\n`));
}

async function showEvents(recording: Recording, place: RecordingPlace, call: Call, io: CliIo): Promise<void> {
  if (call.series!.channels !== undefined || call.select !== undefined) {
    throw new UsageError(`Cannot use --channels or --select with ${place.key}: it has no channels`);
  }
  const events = await eventsAt(recording, place, { window: call.series!.window, signal: io.signal });
  const text = call.output === undefined && !call.json || /\.csv$/i.test(call.output ?? "")
    ? eventsCsv(events)
    : eventsJson(events);
  if (call.output === undefined) return await io.stdout(printable(text));
  if (!/\.(csv|json)$/i.test(call.output)) {
    throw new UsageError(
      `Cannot write ${place.key} as ${JSON.stringify(call.output)}: expected a name that ends in .csv or .json`,
    );
  }
  await io.writeFile(call.output, [text]);
  if (!call.json) io.stderr(printable(`Wrote ${call.output}: ${events.times.length} ${events.type}s\n`));
}

/** The part of a stream that a call asks for. */
function partAt(recording: Recording, place: RecordingPlace, call: Call, raw = call.series!.raw): RecordingPart {
  const { channels, window, filters } = call.series!;
  if (raw && filters.length > 0) {
    throw new UsageError("Cannot use --raw with --bandpass or --reference: those need units");
  }
  if (call.select === undefined) return signalPart(recording, place, { channels, window, raw, filters });
  if (channels !== undefined) throw new UsageError("Cannot use --channels and --select together: both choose channels");
  const { blockIndex, segmentIndex, index } = place;
  const { shape } = recording.rawSignal({ blockIndex, segmentIndex, streamIndex: index });
  const [rows, columns] = resolveSelection(selectionOf(call.select, 2), shape);
  if (!isWholeAxis(rows!, shape[0]!)) {
    throw new UsageError("Cannot select samples of a recording by --select: --from and --to choose them by time");
  }
  return signalPart(recording, place, { channelIndexes: Array.from(axisIndices(columns!)), window, raw, filters });
}

/**
 * What `convert` writes of a recording: the stream that the path names, or all below it.
 *
 * @param recording The recording
 * @param call What was asked for
 * @throws {NotFoundError} If there is no stream
 */
export function recordingArrays(
  recording: Recording,
  call: Call,
): { path: string; array: Outgoing["array"]; recording: Outgoing["recording"] }[] {
  const { to } = call.convert!;
  const below = `/${call.path.replace(/^\/+|\/+$/g, "")}`;
  const inGroup = placesOf(recording).filter(({ kind, key }) =>
    kind === "signal" && (below === "/" || key.startsWith(`${below}/`))
  );
  const places = inGroup.length > 0 ? inGroup : [placeAt(recording, call.path)];
  return places.map((place) => {
    if (place.kind !== "signal") {
      throw new NotFoundError(`Cannot convert ${place.key}: it is no stream; show writes events as CSV and JSON`);
    }
    // Where a target says gains and units, samples stay as they are.
    const isStored = to.saysRecording === true;
    const part = partAt(recording, place, call, isStored || call.series!.raw);
    const { channels, samplingRate, tStart } = part;
    return {
      path: part.key,
      array: part.array,
      recording: isStored
        ? {
          samplingRate,
          tStart,
          units: channels.map(({ units }) => units),
          gain: channels.map(({ gain }) => gain),
          offset: channels.map(({ offset }) => offset),
          channelNames: channels.map(({ name }) => name),
        }
        : undefined,
    };
  });
}

/** What `plot` draws of a recording: traces of one unit, epochs shaded, events as marks. */
export async function recordingFigure(
  recording: Recording,
  call: Call,
  io: CliIo,
): Promise<Pick<FigureRequest, "entry" | "title" | "unit" | "shade" | "marks" | "scaleBar" | "notes">> {
  const place = placeAt(recording, call.path);
  if (place.kind !== "signal") {
    throw new NotFoundError(`Cannot plot ${place.key}: it is no stream; they are drawn over one`);
  }
  const { raw, window, filters } = call.series!;
  const part = partAt(recording, place, call);
  const [first] = part.channels;
  // One scale is for one unit: channels of another are left out, which a note says.
  const isSame = (i: number) => raw || part.channels[i]!.units === first!.units;
  const kept = part.channels.flatMap((_, i) => isSame(i) ? [i] : []);
  const left = part.channels.length - kept.length;
  const { frame } = left === 0 ? part : signalPart(recording, place, {
    channelIndexes: kept.map((i) => indexOf(recording, place, part, i)),
    window,
    filters,
  });
  const { blockIndex, segmentIndex } = place;
  const kinds = placesOf(recording).filter((other) =>
    other.kind === "events" && other.blockIndex === blockIndex && other.segmentIndex === segmentIndex
  );
  const marks: FigureMark[] = [];
  const spans: [number, number][] = [];
  const shown = { from: frame.startTime() ?? window.from, to: frame.endTime() ?? window.to };
  for (const kind of kinds) {
    const { times, durations, labels } = await eventsAt(recording, kind, { window: shown, signal: io.signal });
    times.forEach((time, i) => {
      if (durations !== null && durations[i]! > 0) spans.push([time, time + durations[i]!]);
      else marks.push({ x: time, label: labels?.[i] ?? "" });
    });
  }
  marks.sort((a, b) => a.x - b.x);
  const notes = [
    ...filters.map(({ name, options: { low, high, method } }) =>
      name === "bandpass" ? `${low} to ${high} Hz` : `${method} of all channels taken off`
    ),
    ...(left > 0 ? [`${left} channel${left === 1 ? "" : "s"} of other units left out`] : []),
    ...(marks.length > MOST_MARKS ? [`the first ${MOST_MARKS} of ${marks.length} events`] : []),
  ];
  return {
    entry: frame,
    title: `${recording.format.ioName}: ${part.key}`,
    unit: raw || first!.units === "" ? null : first!.units,
    scaleBar: true,
    marks: marks.slice(0, MOST_MARKS),
    notes,
    ...(spans.length === 0 ? {} : { shade: spansOf(spans) }),
  };
}

function spansOf(spans: [number, number][]): { start: Float64Array; end: Float64Array } {
  spans.sort((a, b) => a[0] - b[0]);
  return { start: Float64Array.from(spans, ([start]) => start), end: Float64Array.from(spans, ([, end]) => end) };
}

function indexOf(recording: Recording, place: RecordingPlace, part: RecordingPart, i: number): number {
  const { id } = part.channels[i]!;
  return recording.channels(place.index).findIndex((channel) => channel.id === id);
}
