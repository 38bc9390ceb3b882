/**
 * Samples of a BrainVision data file as lazy arrays.
 *
 * @module
 */

import type { LazyArray } from "../../../array/types.ts";
import { UnsupportedError } from "../../../source/errors.ts";
import { concatRows } from "../../arrays/joined.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import { AsciiArray, readAscii } from "./ascii.ts";
import type { DataLayout } from "./header.ts";

/** Samples, by stretches. */
export interface Samples {
  /** How many there are of each channel. */
  readonly count: number;
  /** How many of the channels are there. */
  readonly channels: number;
  /** Some of them, shape [samples, channels]; reads nothing. */
  part(start: number, stop: number): LazyArray;
}

/**
 * Finds the samples.
 *
 * @param file The data file
 * @param layout What the header says of it
 * @param warn Told where the two don't agree
 * @param signal Aborts
 */
export async function samplesOf(
  file: RecordingFile,
  layout: DataLayout,
  warn: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<Samples> {
  if (layout.ascii !== null) return await asciiSamples(file, layout, warn, signal);
  if (layout.segmentHeader > 0) return segmentedSamples(file, layout, warn);
  return layout.isVectorized ? vectorizedSamples(file, layout, warn) : multiplexedSamples(file, layout, warn);
}

function itemBytes({ stored }: DataLayout): number {
  return Number(stored[2]);
}

function bodyBytes(file: RecordingFile, { dataOffset, trailer }: DataLayout): number {
  return Math.max(0, file.byteLength - dataOffset - trailer);
}

function multiplexedSamples(file: RecordingFile, layout: DataLayout, warn: (message: string) => void): Samples {
  const { channels, dataOffset, stored, points } = layout;
  const row = channels * itemBytes(layout);
  const body = bodyBytes(file, layout);
  const count = Math.floor(body / row);
  if (body % row !== 0) {
    warn(`${file.name}: the last ${body % row} bytes are no whole sample of ${channels} channels, and are left out`);
  }
  sayPoints(file, points, count, warn);
  return {
    count,
    channels,
    part: (start, stop) =>
      file.flat({ offset: dataOffset + start * row, shape: [stop - start, channels], dtype: stored }),
  };
}

function sayPoints(file: RecordingFile, points: number | null, count: number, warn: (message: string) => void): void {
  if (points === null || points === count) return;
  warn(`${file.name}: it has ${count} samples of each channel, its header says ${points}`);
}

/** Where channels lie behind each other, how many samples a channel has decides where the next one begins. */
function vectorizedSamples(file: RecordingFile, layout: DataLayout, warn: (message: string) => void): Samples {
  const { channels, dataOffset, channelOffset, stored, points } = layout;
  const item = itemBytes(layout);
  const body = bodyBytes(file, layout);
  const share = body / channels - channelOffset;
  let count = points ?? Math.max(0, Math.floor(share / item));
  const step = channelOffset + count * item;
  let there = channels;
  if (step * channels > body) {
    there = Math.floor(body / step);
    if (there === 0) {
      // Of one channel at least, what there is.
      there = 1;
      count = Math.max(0, Math.floor((body - channelOffset) / item));
    }
    warn(
      `${file.name}: it ends before its header says: of ${channels} channels of ${points} samples there ` +
        `${there === 1 ? "is 1" : `are ${there}`}, of ${count} samples`,
    );
  } else if (step * channels !== body) {
    const rest = body - step * channels;
    warn(`${file.name}: the last ${rest} bytes belong to no sample of ${channels} channels, and are left out`);
  }
  return {
    count,
    channels: there,
    part: (start, stop) =>
      file.flat({
        offset: dataOffset + channelOffset + start * item,
        shape: [stop - start, there],
        dtype: stored,
        strides: [item, step],
      }),
  };
}

/** Old files have a header before each segment. */
function segmentedSamples(file: RecordingFile, layout: DataLayout, warn: (message: string) => void): Samples {
  const { channels, dataOffset, segmentHeader, segmentPoints, stored, isVectorized, points } = layout;
  if (segmentPoints === null || isVectorized) {
    throw new UnsupportedError(
      `Cannot open ${file.name}: it has headers of ${segmentHeader} bytes within the data, and ` +
        (isVectorized ? "its channels lie behind each other" : "no SegmentDataPoints says where"),
      { file: file.name, object: "SegmentHeaderSize" },
    );
  }
  const row = channels * itemBytes(layout);
  const step = segmentHeader + segmentPoints * row;
  const body = bodyBytes(file, layout);
  const whole = Math.floor(body / step);
  const rest = Math.max(0, Math.floor((body - whole * step - segmentHeader) / row));
  const count = whole * segmentPoints + rest;
  sayPoints(file, points, count, warn);
  const run = (start: number, stop: number) => {
    const segment = Math.floor(start / segmentPoints);
    const offset = dataOffset + segment * step + segmentHeader + (start - segment * segmentPoints) * row;
    return file.flat({ offset, shape: [stop - start, channels], dtype: stored });
  };
  return {
    count,
    channels,
    part(start, stop) {
      const runs: LazyArray[] = [];
      for (let at = start; at < stop;) {
        const next = Math.min(stop, (Math.floor(at / segmentPoints) + 1) * segmentPoints);
        runs.push(run(at, next));
        at = next;
      }
      return concatRows(runs.length === 0 ? [run(start, start)] : runs);
    },
  };
}

async function asciiSamples(
  file: RecordingFile,
  layout: DataLayout,
  warn: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<Samples> {
  const { channels, points } = layout;
  // A number takes a digit and what stands before the next.
  const isLikely = points !== null && points * channels * 2 <= file.byteLength + 1;
  const count = isLikely ? points : (await readAscii(file, layout, signal)).shape[0]!;
  sayPoints(file, points, count, warn);
  const array = new AsciiArray(file, layout, count);
  return { count, channels, part: (start, stop) => array.view([{ start, stop, step: 1 }]) };
}
