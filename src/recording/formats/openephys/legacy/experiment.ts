/**
 * One experiment of a legacy recording: its streams, and its segments, one for each recording and behind each gap.
 *
 * @module
 */

import type { RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions, SegmentSignal } from "../../../format.ts";
import { alignSections } from "../binary/align_sections.ts";
import { type LegacyChannel, openLegacyChannel } from "./channel.ts";
import type { LegacyName } from "./files.ts";
import { joinChannels, keyOf, type LegacyEntry, type LegacyStream, samplesOf } from "./streams.ts";

/** A stream in an experiment, by the clock that was asked for. */
interface TimedLegacyStream {
  readonly stream: LegacyStream;
  /** When each of its runs begins, in seconds. */
  readonly starts: readonly number[];
}

/** A segment of an experiment. */
export interface LegacySegment {
  /** Number of the recording. */
  readonly recording: number;
  /** When it begins, in seconds. */
  readonly tStart: number;
  /** When it ends, in seconds. */
  readonly tStop: number;
  /** Samples of each stream of the table. */
  readonly signals: readonly (SegmentSignal | null)[];
}

/** An experiment. */
export interface LegacyExperiment {
  /** Its number. */
  readonly number: number;
  /** Its segments. */
  readonly segments: readonly LegacySegment[];
  /** Ticks a second where events' files don't say: the first stream's. */
  readonly sampleRate: number;
  /** Seconds, by the clock that was asked for, of a number of a sample of a recording. */
  secondsOf(ticks: number, rate: number): number;
  /** What was read once is dealt out to all segments. */
  once<T>(key: string, read: () => Promise<T>): Promise<T>;
}

/** Opens all channels' files. */
export async function openChannels(
  files: RecordingFiles,
  paths: readonly string[],
  options: FormatOptions,
): Promise<LegacyChannel[]> {
  const channels = await Promise.all(paths.map((path) => openLegacyChannel(files, path, options)));
  return withParts(channels.filter((channel) => channel !== null));
}

/** Where a channel has files of recordings 0 or 1, those that seem to be of experiments 2, 3, … are of recordings too. */
function withParts(channels: readonly LegacyChannel[]): LegacyChannel[] {
  const keyOfName = ({ processor, stream, channel }: LegacyName) => JSON.stringify([processor, stream, channel]);
  const isSplit = new Set(
    channels.flatMap(({ name }) => name.part >= 0 && name.experiment === 1 ? [keyOfName(name)] : []),
  );
  return channels.map((channel) => {
    const { name } = channel;
    if (name.part >= 0 || name.experiment === 1 || !isSplit.has(keyOfName(name))) return channel;
    return { ...channel, name: { ...name, experiment: 1, part: name.experiment } };
  });
}

/**
 * Puts an experiment together.
 *
 * @param files The source
 * @param number Its number
 * @param channels Its channels
 * @param entries Streams of the table
 * @param options The clock
 */
export async function experimentOf(
  files: RecordingFiles,
  number: number,
  channels: readonly LegacyChannel[],
  entries: readonly LegacyEntry[],
  options: FormatOptions,
): Promise<LegacyExperiment> {
  const there: TimedLegacyStream[] = [];
  const segments: LegacySegment[] = [];
  for (const part of partsOf(channels)) {
    const own = channels.filter(({ name }) => name.part === part);
    const streams = await Promise.all(entries.map((entry) => streamOf(files, own, entry, options)));
    const found = streams.filter((stream) => stream !== null);
    const recordings = new Set(found.flatMap(({ stream }) => stream.sections.map(({ recording }) => recording)));
    segments.push(...[...recordings].sort((a, b) => a - b).flatMap((recording) => segmentsOf(streams, recording)));
    there.push(...found);
  }
  const [first] = there;
  const known = new Map<string, Promise<unknown>>();
  return {
    number,
    once<T>(key: string, read: () => Promise<T>) {
      const found = known.get(key) as Promise<T> | undefined ?? read();
      known.set(key, found);
      found.catch(() => known.delete(key));
      return found;
    },
    segments,
    sampleRate: first?.stream.sampleRate ?? 1,
    secondsOf(ticks, rate) {
      if (options.clock !== "synchronised" || first === undefined) return ticks / rate;
      const { sections } = first.stream;
      const at = sections.findIndex((section) => ticks < section.first + section.length);
      const section = at < 0 ? sections.length - 1 : at;
      return section < 0 ? ticks / rate : first.starts[section]! + (ticks - sections[section]!.first) / rate;
    },
  };
}

/** Recordings that have files of their own, in order. */
function partsOf(channels: readonly LegacyChannel[]): number[] {
  return [...new Set(channels.map(({ name }) => name.part))].sort((a, b) => a - b);
}

async function streamOf(
  files: RecordingFiles,
  channels: readonly LegacyChannel[],
  entry: LegacyEntry,
  options: FormatOptions,
): Promise<TimedLegacyStream | null> {
  const own = channels.filter((channel) => keyOf(channel) === entry.key);
  if (own.length === 0) return null;
  const ordered = entry.names.map((name) => own.find((channel) => channel.name.channel === name));
  if (ordered.some((channel) => channel === undefined)) {
    files.warn(
      `${files.name}: experiment ${
        own[0]!.name.experiment
      } lacks channels of ${entry.parts.name}, which others have: the ` +
        "stream is left out of it",
    );
    return null;
  }
  const stream = joinChannels(files, ordered as LegacyChannel[]);
  return { stream, starts: await startsOf(files, stream, options) };
}

/** When runs begin: by numbers of samples, or by the seconds that stand beside, one for each record, since 0.6. */
async function startsOf(files: RecordingFiles, stream: LegacyStream, options: FormatOptions): Promise<number[]> {
  const bySamples = stream.sections.map(({ first }) => first / stream.sampleRate);
  if (options.clock !== "synchronised") return bySamples;
  const [{ name, blockLength }] = stream.channels as [LegacyChannel];
  const suffix = name.experiment === 1 ? "" : `_${name.experiment}`;
  const path = `${name.processor}_${name.stream}${suffix}.timestamps`;
  const file = await files.find(path);
  const rows = stream.sections.map(({ starts }) => Math.floor(starts[0]! / blockLength));
  if (file === null || rows.some((row) => 8 * row + 8 > file.byteLength)) {
    files.warn(`${files.name}: there are no times in ${path}: they are told by numbers of samples`);
    return bySamples;
  }
  const bytes = await file.pieces(rows.map((row) => ({ offset: 8 * row, length: 8 })), options.signal);
  const seconds = bytes.map((piece, i) => {
    const told = new DataView(piece.buffer, piece.byteOffset, 8).getFloat64(0, true);
    return told + stream.sections[i]!.starts[0]! % blockLength / stream.sampleRate;
  });
  if (seconds.every((value) => value >= 0 && value < Infinity)) return seconds;
  files.warn(`${file.name}: its times weren't synchronised: they are told by numbers of samples`);
  return bySamples;
}

function segmentsOf(streams: readonly (TimedLegacyStream | null)[], recording: number): LegacySegment[] {
  // Runs are counted on, so that rows tell which of them is meant.
  const timed = streams.map((entry) => {
    let row = 0;
    const sections = (entry?.stream.sections ?? []).flatMap((section, i) => {
      if (section.recording !== recording) return [];
      const start = row;
      row += section.length;
      return [{ start, stop: row, tStart: entry!.starts[i]!, section }];
    });
    return { sampleRate: entry?.stream.sampleRate ?? 1, sections };
  });
  return alignSections(timed).map((parts) => {
    const spans: { tStart: number; tStop: number }[] = [];
    const signals = parts.map((part, s): SegmentSignal | null => {
      if (part === null) return null;
      const { stream } = streams[s]!;
      const { start, section } = timed[s]!.sections.find((run) => part.start >= run.start && part.start < run.stop)!;
      spans.push({ tStart: part.tStart, tStop: part.tStart + (part.stop - part.start) / stream.sampleRate });
      return { array: samplesOf(stream, section, part.start - start, part.stop - start), tStart: part.tStart };
    });
    return {
      recording,
      tStart: spans.reduce((least, { tStart }) => Math.min(least, tStart), Infinity),
      tStop: spans.reduce((most, { tStop }) => Math.max(most, tStop), -Infinity),
      signals,
    };
  });
}
