/**
 * One recording of a session, all nodes together: its streams, its segments, and which of them a time lies in.
 *
 * @module
 */

import type { FormatOptions } from "../../format.ts";
import type { RecordingFiles } from "../../files/recording_files.ts";
import { alignSections, type Cuts } from "./binary/align_sections.ts";
import { openStream, type StreamSamples } from "./binary/continuous.ts";
import type { FoundRecording } from "./binary/find_recordings.ts";
import { type NpyColumn, readRows, tryColumn } from "./binary/npy_column.ts";
import { nearestSpan, type Span } from "./nearest_span.ts";
import { parseSyncMessages, type SyncMessages } from "./binary/sync_messages.ts";

/** A stream of a node. */
export interface NodeStream {
  /** Its node's recording. */
  readonly found: FoundRecording;
  /** Its samples. */
  readonly samples: StreamSamples;
}

/** A node's part of a recording. */
export interface NodeRecording {
  /** Where it is, and its structure. */
  readonly found: FoundRecording;
  /** Its sync messages. */
  readonly sync: SyncMessages;
  /** Its streams that have samples. */
  readonly streams: readonly NodeStream[];
}

/** A recording of all nodes. */
export interface WholeRecording {
  /** Its number. */
  readonly number: number;
  /** Its nodes. */
  readonly nodes: readonly NodeRecording[];
  /** Streams of all nodes. */
  readonly streams: readonly NodeStream[];
  /** For each segment, rows of each of its streams. */
  readonly cuts: Cuts;
  /** For each segment, its span; a recording without samples has one, from its first event to its last. */
  readonly spans: readonly Span[];
}

/**
 * Opens what the nodes have of one recording.
 *
 * @param files The source
 * @param found The nodes' parts
 * @param options Gaps and clock
 */
export async function openWhole(
  files: RecordingFiles,
  found: readonly FoundRecording[],
  options: FormatOptions,
): Promise<WholeRecording> {
  const nodes: NodeRecording[] = [];
  for (const part of found) {
    options.signal?.throwIfAborted();
    const file = await files.find(`${part.path}sync_messages.txt`);
    const sync = parseSyncMessages(file === null ? "" : await file.text(options.signal));
    const opened = await Promise.all(
      part.oebin.continuous.map((stream) => openStream(files, part, stream, sync, options)),
    );
    const streams = opened.flatMap((samples) => samples === null ? [] : [{ found: part, samples }]);
    nodes.push({ found: part, sync, streams });
  }
  const streams = nodes.flatMap((node) => node.streams);
  const cuts = alignSections(
    streams.map(({ samples }) => ({ sampleRate: samples.stream.sampleRate, sections: samples.sections })),
  );
  const spans = streams.length === 0 ? [await spanOfEvents(files, found)] : cuts.map((parts) => {
    const all = parts.flatMap((part, s) => part === null ? [] : [spanOf(part, streams[s]!)]);
    return { tStart: least(all.map(({ tStart }) => tStart)), tStop: -least(all.map(({ tStop }) => -tStop)) };
  });
  return { number: found[0]!.recording, nodes, streams, cuts, spans };
}

/** A recording without samples lasts from its first event or spike to its last. */
async function spanOfEvents(files: RecordingFiles, found: readonly FoundRecording[]): Promise<Span> {
  const ends: number[] = [];
  for (const { path, oebin } of found) {
    const folders = [
      ...oebin.events.map(({ folder, sampleRate }) => ({ folder: `events/${folder}`, sampleRate })),
      ...oebin.spikes.map(({ folder, sampleRate }) => ({ folder: `spikes/${folder}`, sampleRate })),
    ];
    for (const { folder, sampleRate } of folders) {
      const numbers = await firstColumn(files, `${path}${folder}/`);
      if (numbers === null || numbers.rows === 0) continue;
      const perSecond = numbers.dtype.kind === "float" ? 1 : sampleRate;
      ends.push(...(await readRows(numbers, [0, numbers.rows - 1])).map((ticks) => ticks / perSecond));
    }
  }
  return ends.length === 0 ? { tStart: 0, tStop: 0 } : { tStart: least(ends), tStop: -least(ends.map((end) => -end)) };
}

async function firstColumn(files: RecordingFiles, folder: string): Promise<NpyColumn | null> {
  for (const name of ["sample_numbers", "spike_times", "timestamps"]) {
    const column = await tryColumn(files, `${folder}${name}.npy`);
    if (column !== null && column.rowShape.length === 0 && /^(int|uint|float)$/.test(column.dtype.kind)) return column;
  }
  return null;
}

function spanOf(part: { start: number; stop: number; tStart: number }, { samples }: NodeStream): Span {
  return { tStart: part.tStart, tStop: part.tStart + (part.stop - part.start) / samples.stream.sampleRate };
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

/**
 * The stream whose clock events or spikes are told by: of their own folder, else of their stream's name.
 *
 * @param node The node's part of the recording
 * @param folder Folder of the events
 * @param streamName Name of their stream, since 0.6
 */
export function clockOf(node: NodeRecording, folder: string, streamName: string): NodeStream | null {
  const own = folder.split("/")[0]!;
  return node.streams.find(({ samples }) => samples.stream.folder.split("/")[0] === own) ??
    (streamName === "" ? undefined : node.streams.find(({ samples }) => samples.stream.streamName === streamName)) ??
    null;
}

/**
 * Which segment each time belongs to: that which it lies in, by the clock of its stream, else the nearest.
 *
 * @param whole The recording
 * @param stream The stream whose clock tells the times; by default all streams'
 */
export function segmentFinder(whole: WholeRecording, stream: NodeStream | null): (seconds: number) => number {
  const own = stream === null ? -1 : whole.streams.indexOf(stream);
  const spans = whole.cuts.map((parts, segment) => {
    const part = own < 0 ? undefined : parts[own];
    return part === null || part === undefined
      ? own < 0 ? whole.spans[segment]! : null
      : spanOf(part, whole.streams[own]!);
  });
  return nearestSpan(spans);
}
