/**
 * BrainVision: a header and markers as text, and samples in a file beside them.
 *
 * Markers of the kind New Segment begin segments, whose times come from the dates of those markers where they have any. Markers
 * behind the last sample belong to the last segment.
 *
 * @module
 */

import { CorruptFileError, LimitError, TruncatedError, WrongKindError } from "../../../source/errors.ts";
import { lowerBound } from "../../../time/sorted.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import type {
  EventParts,
  FormatOptions,
  RecordingFormat,
  RecordingParts,
  RecordingProbe,
  SegmentParts,
} from "../../format.ts";
import { tooMany } from "../../gaps.ts";
import type { EventChannel } from "../../header.ts";
import { besideHeader, headerBeside, headersIn, isHeaderName } from "./beside.ts";
import { channelsOf, type DataLayout, dataLayoutOf, HeaderValues, rateOf } from "./header.ts";
import { impedancesOf } from "./impedances.ts";
import { type Marker, markersOf, type Stretch, stretchesOf } from "./markers.ts";
import { samplesOf } from "./samples.ts";
import { decodeSections, parseSections, type SectionFile } from "./sections.ts";

const TITLE = /^(?:\xef\xbb\xbf)?\s*Brain ?Vision (?:Data Exchange|Core Data Format) (Header|Marker) File/i;

/** More segments than anyone asks for. */
const MAX_STRETCHES = 1_000_000;
/** The most bytes of a header or of markers: half a million of these. */
const MAX_TEXT = 32 * 1024 * 1024;

/** BrainVision. */
export const BRAINVISION: RecordingFormat = {
  name: "brainvision",
  ioName: "BrainVisionIO",
  description: "BrainVision: header, markers and samples in three files",
  extensions: ["vhdr", "ahdr", "vmrk", "amrk", "eeg", "avg"],
  recognises: (probe) => TITLE.test(probe.headText) || hasHeader(probe),
  mayBe: ({ fileName, names }) => isHeaderName(fileName) || names === null && /\.eeg$/i.test(fileName),
  open: openBrainVision,
};

/** A header of the same name lies beside it; of a folder, in it. */
function hasHeader({ fileName, names, isFolder }: RecordingProbe): boolean {
  const headers = headersIn(names ?? []);
  const stem = fileName.replace(/\.[^.]*$/, "").toLowerCase();
  return isFolder ? headers.length > 0 : /\.(eeg|dat|avg|seg|vmrk|amrk)$/i.test(fileName) &&
    headers.some((name) => name.replace(/\.[^.]*$/, "").toLowerCase() === stem);
}

async function openBrainVision(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const { signal } = options;
  const warn = (message: string) => files.warn(message);
  const headerFile = await headerOf(files);
  const sections = await readSections(headerFile, signal);
  const values = new HeaderValues(headerFile.name, sections);
  if (!/^Brain ?Vision .*Header File/i.test(sections.title)) {
    if (sections.entries("Common Infos").length === 0) {
      throw new CorruptFileError(`Cannot open ${headerFile.name}: it is no header of BrainVision`, {
        file: headerFile.name,
      });
    }
    warn(`${headerFile.name}: its first line doesn't say that it is a header of BrainVision`);
  }
  const layout = dataLayoutOf(values);
  const rate = rateOf(values);
  const dataFile = (await besideHeader(files, headerFile.path, sections.value("Common Infos", "DataFile"), "data"))!;
  checkChannels(values, layout, dataFile);
  const samples = await samplesOf(dataFile, layout, warn, signal);
  const markerFile = await besideHeader(
    files,
    headerFile.path,
    sections.value("Common Infos", "MarkerFile"),
    "markers",
  );
  const markers = markerFile === null ? [] : markersOf(await readSections(markerFile, signal), markerFile.name, warn);
  const { gapTolerance = 0.5 / rate, maxSegments = 1000 } = options;
  if (layout.isSegmented && layout.segmentPoints !== null && samples.count / layout.segmentPoints > MAX_STRETCHES) {
    throw tooMany(files.name, Math.ceil(samples.count / layout.segmentPoints), maxSegments);
  }
  const stretches = stretchesOf(markers, {
    samples: samples.count,
    rate,
    gapTolerance,
    segmentPoints: layout.isSegmented ? layout.segmentPoints : null,
    warn: (message) => warn(`${markerFile!.name}: ${message}`),
  });
  if (stretches.length > maxSegments) throw tooMany(files.name, stretches.length, maxSegments);
  const channels = eventChannels(markers);
  const places = Float64Array.from(markers, ({ sample }) => sample);
  const impedances = impedancesOf(sections.comment);
  return {
    buffers: [{ name: "Signals", id: "0" }],
    streams: [{
      name: "Signals",
      id: "0",
      bufferId: "0",
      dtype: layout.ascii === null ? layout.stored.slice(1) : "f8",
      channels: channelsOf(values, layout.channels, rate, warn).slice(0, samples.channels),
    }],
    eventChannels: channels,
    blocks: [{
      segments: stretches.map((stretch, i): SegmentParts => ({
        tStart: stretch.tStart,
        tStop: stretch.tStart + (stretch.stop - stretch.start) / rate,
        signals: [{ array: samples.part(stretch.start, stretch.stop), tStart: stretch.tStart }],
        annotations: dateOf(stretch.date),
        events: (channel) =>
          eventsOf(markers, places, channels[channel]!, {
            ...stretch,
            stop: i === stretches.length - 1 ? Infinity : stretch.stop,
          }, rate),
      })),
      annotations: {
        ...dateOf(stretches[0]!.date),
        comment: sections.comment,
        ...(impedances === null ? {} : { impedances: { ...impedances.values }, impedanceTime: impedances.time }),
      },
    }],
  };
}

/** The text of a header or of markers, which is no book. */
async function readSections(file: RecordingFile, signal: AbortSignal | undefined): Promise<SectionFile> {
  if (file.byteLength > MAX_TEXT) {
    throw new LimitError(
      `Cannot read ${file.name}: text of ${file.byteLength.toLocaleString("en")} bytes is longer than ` +
        `${MAX_TEXT.toLocaleString("en")}, which headers and markers may have`,
      { file: file.name },
    );
  }
  return parseSections(decodeSections(await file.whole(signal)));
}

/** The header of what was given, which may be any file of the three, or their folder. */
async function headerOf(files: RecordingFiles): Promise<RecordingFile> {
  let main: RecordingFile;
  try {
    main = await files.main();
  } catch (error) {
    if (!(error instanceof WrongKindError)) throw error;
    return await headerBeside(files, null);
  }
  if (isHeaderName(files.fileName)) return main;
  const head = await main.bytes({ offset: 0, length: Math.min(256, main.byteLength) });
  const title = TITLE.exec(new TextDecoder("windows-1252").decode(head))?.[1];
  return title?.toLowerCase() === "header" ? main : await headerBeside(files, files.stem);
}

/** A count that a stranger wrote, before memory is made for it. */
function checkChannels(values: HeaderValues, { channels, stored, ascii }: DataLayout, file: RecordingFile): void {
  const described = values.sections.entries("Channel Infos").length;
  const room = ascii === null ? Math.floor(file.byteLength / Number(stored[2])) : Math.ceil(file.byteLength / 2);
  if (channels <= Math.max(described, room)) return;
  throw new TruncatedError(
    `Cannot open ${values.name}: NumberOfChannels in [Common Infos] is ${channels}, ${file.name} with its ` +
      `${file.byteLength} bytes has no sample of so many`,
    { file: values.name, object: "NumberOfChannels" },
  );
}

/** A channel for each kind of markers, by name, and another for those of the kind that last. */
function eventChannels(markers: readonly Marker[]): EventChannel[] {
  const kinds = (isWanted: (marker: Marker) => boolean, type: EventChannel["type"]) =>
    [...new Set(markers.filter(isWanted).map(({ type }) => type))].sort().map((name) => ({ name, id: "", type }));
  return [...kinds((marker) => !lasts(marker), "event"), ...kinds(lasts, "epoch")];
}

function lasts({ points }: Marker): boolean {
  return points > 1;
}

function eventsOf(
  markers: readonly Marker[],
  places: Float64Array,
  { name, type }: EventChannel,
  { start, stop, tStart }: Pick<Stretch, "start" | "stop" | "tStart">,
  rate: number,
): EventParts {
  const picked = markers.slice(lowerBound(places, start), lowerBound(places, stop)).filter((marker) =>
    marker.type === name && lasts(marker) === (type === "epoch")
  );
  // Ticks are samples since the first one of all; those of gaps count.
  const first = Math.round(tStart * rate * 1e6) / 1e6;
  return {
    timestamps: Float64Array.from(picked, ({ sample }) => sample - start + first),
    durations: type === "epoch" ? Float64Array.from(picked, ({ points }) => points) : null,
    labels: picked.map(({ description }) => description),
    annotations: { channel: Float64Array.from(picked, ({ channel }) => channel) },
    ticksPerSecond: rate,
  };
}

function dateOf(microseconds: number | null): Record<string, unknown> {
  return microseconds === null ? {} : { recDatetime: new Date(Math.floor(microseconds / 1000)) };
}
