/**
 * Intan RHD and RHS: all in one file, a file for each kind of signal, or one for each channel.
 *
 * @module
 */

import { CorruptFileError, NotFoundError, UnsupportedError } from "../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import type { FormatOptions, PartsReadOptions, RecordingFormat, RecordingParts } from "../../format.ts";
import { blockData, joinData } from "./blocks.ts";
import { IntanEvents } from "./events.ts";
import { type IntanHeader, isIntan, readHeader } from "./header.ts";
import { sectionsOfData, segmentsOf } from "./segments.ts";
import { type IntanData, knowsBoard, streamsOf } from "./signals.ts";
import { findSpikes, IntanSpikes } from "./spikes.ts";
import { isSplitFile, splitData } from "./split.ts";

const HEADER_NAMES = ["info.rhd", "info.rhs"];
/** What a file of a series is called: the recording, then when the file was begun. */
const SERIES = /^(.*)_(\d{6}_\d{6})\.(rhd|rhs)$/i;
const EXTENSION = /\.(rhd|rhs)$/i;

/**
 * Intan's format. Given a file, that file is read, with the files beside it where it is only a header; given a folder, the
 * files of the series in it as one recording.
 */
export const INTAN: RecordingFormat = {
  name: "intan",
  ioName: "IntanIO",
  description: "Intan RHD and RHS",
  extensions: ["rhd", "rhs", "dat"],
  recognises({ head, isFolder, names, fileName }) {
    if (isFolder) return names?.some((name) => EXTENSION.test(name)) ?? false;
    return isIntan(head) || isSplitFile(fileName) && HEADER_NAMES.some((name) => names?.includes(name));
  },
  mayBe: ({ fileName, names }) => EXTENSION.test(fileName) || names === null && isSplitFile(fileName),
  open,
};

/** A recording's header and what stands behind or beside it. */
interface Opened {
  readonly header: IntanHeader;
  readonly data: IntanData;
  readonly isSplit: boolean;
  /** Name of the file that tells when it was recorded. */
  readonly named: string;
}

async function open(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const { header, data, isSplit, named } = await openData(files, options.signal);
  const { samplingRate } = header;
  if (!knowsBoard(header) && header.channels.some(({ kind }) => kind === "adc")) {
    files.warn(
      `${files.name} is of board mode ${header.boardMode}, which isn't known: its analog inputs are taken as mode 0's`,
    );
  }
  const streams = streamsOf(header, data.signals);
  const sections = await sectionsOfData(data, samplingRate, options, files.name);
  const events = new IntanEvents(data, await notesOf(files, isSplit), options, files.name);
  const amplifiers = header.channels.filter(({ kind }) => kind === "amplifier").map(({ nativeName }) => nativeName);
  const spikes = isSplit ? await findSpikes(amplifiers, files, options) : new IntanSpikes([], options);
  const segments = segmentsOf(data, streams, sections, samplingRate, (section) => ({
    events: (channel, read) => events.read(channel, section, sections, samplingRate, read),
    spikes: (channel, read) => spikes.read(channel, section, samplingRate, read),
  }));
  return {
    buffers: streams.flatMap(({ signal, stream }) =>
      signal.fileName === undefined ? [] : [{ name: signal.fileName, id: stream.id }]
    ),
    streams: streams.map(({ stream }) => stream),
    spikeChannels: spikes.channels,
    eventChannels: events.channels,
    blocks: [{ segments, annotations: { ...header.annotations, ...recordedAt(named) } }],
    index: async (read: PartsReadOptions) => ({ words: await events.index(read), spikes: await spikes.index(read) }),
  };
}

async function openData(files: RecordingFiles, signal?: AbortSignal): Promise<Opened> {
  if (files.fileName === "") return await openFolder(files, signal);
  const main = await files.main();
  if (isSplitFile(files.fileName)) {
    const head = await main.bytes({ offset: 0, length: Math.min(8, main.byteLength) }, signal);
    // A header under a strange name is one.
    if (!isIntan(head)) return await openSplit(await headerFile(files), files, signal);
  }
  const header = await readHeader(main, signal);
  const isBare = header.byteLength === main.byteLength;
  if (HEADER_NAMES.includes(files.fileName.toLowerCase()) || isBare) {
    const data = await splitData(header, files);
    if (data !== null) return { header, data, isSplit: true, named: files.name };
    if (isBare && HEADER_NAMES.includes(files.fileName.toLowerCase())) await files.open("time.dat");
  }
  if (isBare) files.warn(`${main.name} has no samples`);
  return { header, data: blockData(main, header, files), isSplit: false, named: files.fileName };
}

async function openFolder(files: RecordingFiles, signal?: AbortSignal): Promise<Opened> {
  const names = await files.list();
  if (names === null || HEADER_NAMES.some((name) => names.includes(name))) {
    return await openSplit(await headerFile(files), files, signal);
  }
  const series = seriesOf(names, files.name);
  const all = await Promise.all(series.map((name) => files.open(name)));
  const headers = await Promise.all(all.map((file) => readHeader(file, signal)));
  headers.forEach((header, i) => {
    mustMatch(headers[0]!, header, all[0]!, all[i]!);
    if (header.byteLength === all[i]!.byteLength) files.warn(`${all[i]!.name} has no samples`);
  });
  return {
    header: headers[0]!,
    data: joinData(all.map((file, i) => blockData(file, headers[i]!, files))),
    isSplit: false,
    named: series[0]!,
  };
}

async function openSplit(file: RecordingFile, files: RecordingFiles, signal?: AbortSignal): Promise<Opened> {
  const header = await readHeader(file, signal);
  const data = await splitData(header, files);
  if (data !== null) return { header, data, isSplit: true, named: files.name };
  // All in one file, whatever it is called.
  if (header.byteLength === file.byteLength) await files.open("time.dat");
  return { header, data: blockData(file, header, files), isSplit: false, named: files.name };
}

/** The header beside files of signals. */
async function headerFile(files: RecordingFiles): Promise<RecordingFile> {
  const found = await Promise.all(HEADER_NAMES.map((name) => files.find(name)));
  const [rhd, rhs] = found;
  if (rhd && rhs) {
    throw new UnsupportedError(
      `Cannot open ${files.name}: info.rhd and info.rhs both lie in the folder; move one of the recordings`,
      { file: files.name },
    );
  }
  return rhd ?? rhs ?? await files.open("info.rhd");
}

/** Files of the one series of a folder, in order. */
function seriesOf(names: readonly string[], folder: string): string[] {
  const recordings = names.filter((name) => EXTENSION.test(name));
  if (recordings.length === 0) {
    throw new NotFoundError(`Cannot open ${folder}: there is no file .rhd or .rhs in it`, { file: folder });
  }
  const parts = recordings.map((name) => ({ name, match: SERIES.exec(name) }));
  const kinds = new Set(
    parts.map(({ name, match }) => match === null ? name : `${match[1]}_*.${match[3]!.toLowerCase()}`),
  );
  if (kinds.size > 1) {
    throw new UnsupportedError(
      `Cannot open ${folder} as one recording: it holds ${[...kinds].slice(0, 5).join(", ")}; open one of its files`,
      { file: folder },
    );
  }
  const time = ({ match }: (typeof parts)[number]) => match?.[2] ?? "";
  return parts.sort((a, b) => time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0).map(({ name }) => name);
}

function mustMatch(first: IntanHeader, other: IntanHeader, firstFile: RecordingFile, file: RecordingFile): void {
  const told = (header: IntanHeader): Record<string, unknown> => ({
    system: header.system,
    version: header.version,
    "sampling rate": header.samplingRate,
    "board mode": header.boardMode,
    "number of temperature sensors": header.temperatureCount,
    "saving of DC signals": header.hasDc,
    "step of stimulation": header.stimStep,
    channels: header.channels.map(({ kind, nativeName, nativeOrder }) => `${kind} ${nativeName} ${nativeOrder}`).join(),
  });
  const expected = told(first);
  for (const [field, value] of Object.entries(told(other))) {
    if (value === expected[field]) continue;
    const both = field === "channels" ? "" : `: ${String(value)}, not ${String(expected[field])}`;
    throw new CorruptFileError(
      `Cannot join ${file.name} to ${firstFile.name}: their ${field} differ${field === "channels" ? "" : "s"}${both}`,
      { file: file.name, object: field },
    );
  }
}

/** What its user wrote as it was recorded; looked for where it costs no request of its own. */
async function notesOf(files: RecordingFiles, isSplit: boolean): Promise<RecordingFile | null> {
  const names = await files.list();
  return names === null
    ? isSplit ? await files.find("notes.txt") : null
    : names.includes("notes.txt")
    ? await files.find("notes.txt")
    : null;
}

/** When it was begun, by the clock of where it was: names of files and folders say so. */
function recordedAt(name: string): { readonly recDatetime?: Date } {
  const near = name.split(/[/\\]/).slice(-2).join("/");
  const found = [...near.matchAll(/_(\d\d)(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(?!\d)/g)].at(-1);
  if (found === undefined) return {};
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(2000 + year, month - 1, day, hour, minute, second));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 &&
    second < 60;
  return isReal ? { recDatetime: date } : {};
}
