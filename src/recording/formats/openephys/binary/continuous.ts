/**
 * A stream of an Open Ephys recording: its samples in `continuous.dat`, when they were taken, and where gaps are.
 *
 * @module
 */

import type { LazyArray } from "../../../../array/types.ts";
import { slice } from "../../../../array/select/slice.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions } from "../../../format.ts";
import { type Section, sectionsOf } from "../../../gaps.ts";
import type { FoundRecording } from "./find_recordings.ts";
import { isFloat, isWhole, type NpyColumn, readRows, tryColumn } from "./npy_column.ts";
import type { OebinStream } from "./oebin.ts";
import type { SyncMessages } from "./sync_messages.ts";

/** Bytes of a sample. */
const SAMPLE = 2;
/** Rows at which synchronised times are looked at before times are told by them. */
const LOOKED_AT = 16;

/** A run of samples without a gap. */
export interface StreamSection extends Section {
  /** When its first sample was taken, in seconds, by the clock that was asked for. */
  readonly tStart: number;
  /** When it ends. */
  readonly tStop: number;
}

/** A stream in one recording. */
export interface StreamSamples {
  /** What the structure says of it. */
  readonly stream: OebinStream;
  /** Its runs without gaps, in the order of the file: `first` is a sample number. */
  readonly sections: readonly StreamSection[];
  /** Samples of some rows and channels. */
  samples(start: number, stop: number, channels: readonly number[]): LazyArray;
  /** When some rows were taken, where the file says: seconds, or sample numbers. */
  times(start: number, stop: number): LazyArray | undefined;
  /** Seconds, by the clock that was asked for, of a sample number. */
  secondsOf(sampleNumber: number): number;
}

/**
 * A stream of a recording, or `null`, with a warning, where it has no samples.
 *
 * @param files The source
 * @param found The recording
 * @param stream The stream
 * @param sync What its sync messages say
 * @param options Gaps and clock
 */
export async function openStream(
  files: RecordingFiles,
  found: FoundRecording,
  stream: OebinStream,
  sync: SyncMessages,
  options: FormatOptions,
): Promise<StreamSamples | null> {
  const folder = `${found.path}continuous/${stream.folder}/`;
  const file = await files.find(`${folder}continuous.dat`);
  if (file === null) {
    files.warn(`${files.name}: there is no ${folder}continuous.dat, which the structure lists: the stream is left out`);
    return null;
  }
  const { sampleRate } = stream;
  const { numbers, seconds } = await timeColumns(files, folder);
  const rows = rowsOf(files, file, stream, numbers ?? seconds);
  if (rows === 0) {
    files.warn(`${file.name}: it has no samples: the stream is left out`);
    return null;
  }
  let sections: Section[];
  if (numbers === null) {
    const first = startOf(stream, sync) ?? (seconds === null ? null : await startBySeconds(seconds, sampleRate));
    if (first === null) files.warn(`${file.name}: nothing says when it begins: it is taken to begin at 0`);
    sections = [{ start: 0, stop: rows, first: first ?? 0 }];
  } else {
    const tolerance = options.gapTolerance === undefined ? 0.5 : options.gapTolerance * sampleRate;
    sections = await sectionsOf({ count: rows, step: 1, tolerance, read: (list) => readRows(numbers, list) }, {
      maxSegments: options.maxSegments,
      name: numbers.file.name,
    });
  }
  const wantsSeconds = options.clock === "synchronised";
  // The first row came with the header; where times stand on it more is looked at.
  const places = wantsSeconds ? LOOKED_AT : 1;
  const synced = seconds !== null && await isSynchronised(seconds, rows, sampleRate, places) ? seconds : null;
  const clocked = wantsSeconds ? synced : null;
  if (wantsSeconds && clocked === null) {
    files.warn(`${file.name}: its times weren't synchronised: they are told by sample numbers`);
  }
  const starts = clocked === null
    ? sections.map(({ first }) => first / sampleRate)
    : await readRows(clocked, sections.map(({ start }) => start));
  const timed = sections.map((section, i) => ({
    ...section,
    tStart: starts[i]!,
    tStop: starts[i]! + (section.stop - section.start) / sampleRate,
  }));
  const told = synced ?? numbers;
  return {
    stream,
    sections: timed,
    samples: (start, stop, channels) => samplesOf(file, stream.channels.length, start, stop, channels),
    times: (start, stop) => told?.array(start, stop),
    secondsOf(sampleNumber) {
      if (clocked === null) return sampleNumber / sampleRate;
      const within = timed.find(({ first, start, stop }) => sampleNumber < first + stop - start) ?? timed.at(-1)!;
      return within.tStart + (sampleNumber - within.first) / sampleRate;
    },
  };
}

/** Sample numbers and synchronised seconds: their files' names changed with version 0.6. */
async function timeColumns(
  files: RecordingFiles,
  folder: string,
): Promise<{ numbers: NpyColumn | null; seconds: NpyColumn | null }> {
  let numbers = await tryColumn(files, `${folder}sample_numbers.npy`);
  const timestamps = await tryColumn(files, `${folder}timestamps.npy`);
  let seconds: NpyColumn | null = timestamps;
  if (numbers === null && timestamps !== null && isWhole(timestamps)) {
    numbers = timestamps;
    seconds = await tryColumn(files, `${folder}synchronized_timestamps.npy`);
  }
  if (numbers !== null && !isWhole(numbers)) {
    files.warn(`${numbers.file.name}: it holds no sample numbers: it is left out`);
    numbers = null;
  }
  if (seconds !== null && !isFloat(seconds)) seconds = null;
  return { numbers: numbers?.rows === 0 ? null : numbers, seconds: seconds?.rows === 0 ? null : seconds };
}

/** Rows that are there: of samples and of times the fewer. */
function rowsOf(
  files: RecordingFiles,
  file: RecordingFile,
  { channels }: OebinStream,
  times: NpyColumn | null,
): number {
  const rowBytes = channels.length * SAMPLE;
  const rows = Math.floor(file.byteLength / rowBytes);
  const rest = file.byteLength - rows * rowBytes;
  if (rest > 0) {
    files.warn(`${file.name}: its last ${rest} bytes are no whole sample of ${channels.length} channels: left out`);
  }
  if (times === null || times.rows === rows) return rows;
  files.warn(
    `${file.name}: it has ${rows.toLocaleString("en")} samples, but ${times.file.name} has ` +
      `${times.rows.toLocaleString("en")} times: what both have is read`,
  );
  return Math.min(rows, times.rows);
}

/** Where a stream began, as the sync messages say. */
export function startOf(stream: OebinStream, sync: SyncMessages): number | null {
  const found = sync.starts.find(({ id, subIndex, streamName }) =>
    id === stream.sourceId &&
    (streamName === undefined ? subIndex === Math.max(0, stream.sourceSubIndex) : streamName === stream.streamName)
  );
  return found?.start ?? null;
}

async function startBySeconds(seconds: NpyColumn, sampleRate: number): Promise<number | null> {
  const [first] = await readRows(seconds, [0]);
  return first !== undefined && first >= 0 ? Math.round(first * sampleRate) : null;
}

/**
 * Whether seconds are told, and grow where they are looked at; what wasn't synchronised is -1 throughout, or jumps.
 *
 * @param seconds The seconds
 * @param rows Rows that there must be
 * @param rate Rows per second
 * @param places How many rows are looked at
 */
async function isSynchronised(seconds: NpyColumn, rows: number, rate: number, places: number): Promise<boolean> {
  if (seconds.rows < rows) return false;
  const looked = [
    ...new Set(Array.from({ length: places }, (_, i) => Math.floor(i * (rows - 1) / Math.max(1, places - 1)))),
  ];
  const found = await readRows(seconds, looked);
  return found.every((value, i) => {
    if (!(value >= 0 && value < Infinity)) return false;
    if (i === 0) return true;
    // Clocks differ by less than a hundredth; a gap makes the time longer, never shorter.
    const least = (looked[i]! - looked[i - 1]!) / rate * 0.99 - 1 / rate;
    return value - found[i - 1]! > least;
  });
}

/** Rows of some channels: one strided array where they lie side by side. */
function samplesOf(
  file: RecordingFile,
  width: number,
  start: number,
  stop: number,
  channels: readonly number[],
): LazyArray {
  const rowBytes = width * SAMPLE;
  const offset = start * rowBytes;
  const first = channels[0]!;
  if (channels.every((channel, i) => channel === first + i)) {
    return file.flat({
      offset: offset + first * SAMPLE,
      shape: [stop - start, channels.length],
      dtype: "<i2",
      strides: [rowBytes, SAMPLE],
    });
  }
  return file.flat({ offset, shape: [stop - start, width], dtype: "<i2" }).view([slice(null), channels]);
}
