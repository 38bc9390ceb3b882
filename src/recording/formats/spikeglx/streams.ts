/**
 * The streams of SpikeGLX files: where their samples lie.
 *
 * @module
 */

import type { LazyArray } from "../../../array/types.ts";
import { CorruptFileError, LimitError } from "../../../source/errors.ts";
import { parseMtscomp } from "../../arrays/mtscomp.ts";
import { MtscompArray } from "../../arrays/mtscomp_array.ts";
import type { RecordingFiles } from "../../files/recording_files.ts";
import { channelsOf, type FileChannels } from "./channels.ts";
import { nameOf, type SglxName } from "./file_name.ts";
import type { SglxFiles } from "./find_files.ts";

/** The most that a `.ch` has: a day of chunks of a second takes 2 MB. */
const MOST_CHUNKS = 16 * 1024 * 1024;

/** One stream in one segment, with its samples. */
export interface SglxStream extends SglxFiles, SglxName {
  /** What messages call the file of samples. */
  readonly file: string;
  /** Its channels. */
  readonly channels: FileChannels;
  /** Number of samples. */
  readonly count: number;
  /** Number of its first sample, counted from the start of the acquisition. */
  readonly firstSample: number;
  /** Samples of the columns from `start` on. */
  columns(start: number, count: number): LazyArray;
}

/**
 * What the files of a stream hold.
 *
 * @param files The recording, which is told of what is odd
 * @param found The files
 * @throws {CorruptFileError} If they contradict each other
 */
export async function streamOf(files: RecordingFiles, found: SglxFiles, signal?: AbortSignal): Promise<SglxStream> {
  const { meta, data, chunks, path } = found;
  const warn = (message: string) => files.warn(message);
  const name = nameOf(path, meta);
  const channels = channelsOf(meta, name.stream, warn);
  const width = channels.signals.length + channels.sync.length;
  const firstSample = meta.number("firstSample");
  if (firstSample === undefined) warn(`${meta.file}: firstSample is missing; times are counted from the file's start`);
  const common = { ...found, ...name, channels, file: data.name, firstSample: firstSample ?? 0 };
  if (chunks !== null) {
    if (chunks.byteLength > MOST_CHUNKS) {
      throw new LimitError(`Cannot read ${chunks.name}: it has ${chunks.byteLength} bytes, more than ${MOST_CHUNKS}`, {
        file: chunks.name,
      });
    }
    const header = parseMtscomp(await chunks.text(signal), chunks.name, data, warn);
    if (header.channels !== width || header.type !== "int16") {
      throw new CorruptFileError(
        `Cannot read ${chunks.name}: it says that there are ${header.channels} channels of ${header.type}, ` +
          `${meta.file} that there are ${width} of int16`,
        { file: chunks.name, object: "n_channels" },
      );
    }
    const array = new MtscompArray(data, header);
    const columns = (start: number, count: number) =>
      array.view([null, { start, stop: start + count, step: 1 }]) as LazyArray;
    return { ...common, count: array.shape[0]!, columns };
  }
  const rowBytes = 2 * width;
  const count = Math.floor(data.byteLength / rowBytes);
  const claimed = meta.number("fileSizeBytes");
  if (claimed !== undefined && claimed !== data.byteLength) {
    warn(`${data.name} has ${data.byteLength} bytes, ${meta.file} says ${claimed}; what is there is read`);
  }
  if (data.byteLength % rowBytes !== 0) {
    warn(
      `${data.name} ends within a sample of its ${width} channels; ${data.byteLength % rowBytes} bytes are left out`,
    );
  }
  const columns = (start: number, columns: number) =>
    data.flat({ offset: 2 * start, shape: [count, columns], dtype: "<i2", strides: [rowBytes, 2] }) as LazyArray;
  return { ...common, count, columns };
}

/** Orders streams as neo does: the fastest first, then by name. */
export function byRate(a: SglxStream, b: SglxStream): number {
  return b.channels.rate - a.channels.rate || a.stream.localeCompare(b.stream, "en", { numeric: true });
}

/**
 * Makes sure that two files of one stream have the same channels, as one table describes both.
 *
 * @throws {CorruptFileError} If they don't
 */
export function checkSame(a: SglxStream, b: SglxStream): void {
  const table = ({ channels: { signals, sync, rate, words } }: SglxStream) =>
    JSON.stringify([rate, words, [...signals, ...sync].map(({ name, gain, units }) => [name, gain, units])]);
  if (table(a) === table(b)) return;
  const { rate } = a.channels;
  const what = rate === b.channels.rate ? "channels" : `rates (${rate} and ${b.channels.rate} Hz)`;
  throw new CorruptFileError(
    `Cannot open ${a.meta.file} and ${b.meta.file} as one recording: both are of the stream ${a.stream}, but their ` +
      `${what} differ; open them one by one`,
    { file: b.meta.file, object: a.stream },
  );
}
