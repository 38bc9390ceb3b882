/**
 * Streams of a legacy recording: channels of one kind, of one processor and one rate, whose files needn't begin and end together.
 *
 * @module
 */

import { slice } from "../../../../array/select/slice.ts";
import type { LazyArray } from "../../../../array/types.ts";
import { stackColumns } from "../../../arrays/joined.ts";
import type { RecordingFiles } from "../../../files/recording_files.ts";
import type { StreamParts } from "../../../format.ts";
import { order } from "../binary/find_recordings.ts";
import type { LegacyChannel, LegacySection } from "./channel.ts";

/** A stream in one experiment. */
export interface LegacyStream {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Its channels, in the order of the table. */
  readonly channels: readonly LegacyChannel[];
  /** What all its channels have: sample numbers, of one recording each. */
  readonly sections: readonly CommonSection[];
}

/** A run that all channels of a stream have. */
export interface CommonSection {
  /** Number of its first sample. */
  readonly first: number;
  /** Samples. */
  readonly length: number;
  /** Number of the recording. */
  readonly recording: number;
  /** Where it begins in each channel's file, in samples. */
  readonly starts: readonly number[];
}

/** The kind of a channel, such as `CH` of `CH12`. */
export function kindOf(channel: string): string {
  return /^\D*/.exec(channel)![0] || "CH";
}

/** A stream of the table: what tells it from others, and the names of its channels. */
export interface LegacyEntry {
  readonly key: string;
  readonly names: readonly string[];
  readonly parts: StreamParts;
}

/** What tells a channel's stream from others. */
export function keyOf({ name, sampleRate }: LegacyChannel): string {
  return JSON.stringify([name.processor, name.stream, kindOf(name.channel), sampleRate]);
}

/**
 * Streams of all experiments, headstages' first, as neo has them.
 *
 * @param all Channels of all experiments
 */
export function legacyEntries(all: readonly LegacyChannel[]): LegacyEntry[] {
  const groups = new Map<string, Map<string, LegacyChannel>>();
  for (const channel of all) {
    const key = keyOf(channel);
    const group = groups.get(key) ?? new Map<string, LegacyChannel>();
    groups.set(key, group);
    if (!group.has(channel.name.channel)) group.set(channel.name.channel, channel);
  }
  const kindsOf = (list: Map<string, LegacyChannel>) => kindOf([...list.keys()][0]!);
  const counts = new Map<string, number>();
  for (const group of groups.values()) counts.set(kindsOf(group), (counts.get(kindsOf(group)) ?? 0) + 1);
  const rank = (kind: string) => kind === "CH" ? 0 : 1;
  return [...groups].map(([key, group]) => {
    const kind = kindsOf(group);
    const channels = [...group.values()].sort((a, b) => byNumber(a.name.channel, b.name.channel));
    const [{ name, sampleRate }] = channels as [LegacyChannel];
    const id = counts.get(kind) === 1
      ? kind
      : [name.processor, name.stream, kind, sampleRate].filter(Boolean).join("_");
    const numbered = new Set(channels.map((channel) => numberOf(channel.name.channel))).size === channels.length;
    return {
      key,
      kind,
      names: channels.map((channel) => channel.name.channel),
      parts: {
        name: `Signals ${id}`,
        id,
        dtype: "i2",
        channels: channels.map((channel) => ({
          name: channel.name.channel,
          id: numbered ? numberOf(channel.name.channel) : channel.name.channel,
          samplingRate: sampleRate,
          units: kind.toUpperCase().startsWith("CH") ? "uV" : "V",
          gain: channel.bitVolts,
          offset: 0,
          annotations: { processorId: channel.name.processor },
        })),
      },
    };
  }).sort((a, b) => rank(a.kind) - rank(b.kind) || order(a.key, b.key));
}

function numberOf(channel: string): string {
  return /\d+/.exec(channel)?.[0] ?? channel;
}

function byNumber(a: string, b: string): number {
  return Number(numberOf(a)) - Number(numberOf(b)) || order(a, b);
}

/**
 * A stream in one experiment.
 *
 * @param files Are told where channels differ
 * @param channels Its channels
 */
export function joinChannels(files: RecordingFiles, channels: readonly LegacyChannel[]): LegacyStream {
  const [first, ...rest] = channels as [LegacyChannel, ...LegacyChannel[]];
  let sections = first.sections.map((section): CommonSection => ({
    first: section.first,
    length: section.stop - section.start,
    recording: section.recording,
    starts: [section.start],
  }));
  let differs = false;
  for (const channel of rest) {
    const common = intersect(sections, channel.sections);
    differs ||= !isSame(sections, channel.sections);
    sections = common;
  }
  if (differs) {
    files.warn(
      `${files.name}: channels ${first.name.channel} to ${channels.at(-1)!.name.channel} of processor ` +
        `${first.name.processor} don't begin and end together: what all of them have is read`,
    );
  }
  return { sampleRate: first.sampleRate, channels, sections };
}

function isSame(known: readonly CommonSection[], other: readonly LegacySection[]): boolean {
  return known.length === other.length &&
    known.every(({ first, length }, i) => first === other[i]!.first && length === other[i]!.stop - other[i]!.start);
}

/**
 * What two lists of runs have both. Runs are in the order of the file; where a clock was set back an earlier number comes
 * later: each run meets those of its own recording, from where the last one left off.
 */
function intersect(known: readonly CommonSection[], other: readonly LegacySection[]): CommonSection[] {
  if (isSame(known, other)) {
    return known.map((section, i) => ({ ...section, starts: [...section.starts, other[i]!.start] }));
  }
  const found: CommonSection[] = [];
  let [i, k] = [0, 0];
  while (i < known.length && k < other.length) {
    const a = known[i]!;
    const b = other[k]!;
    const [aStop, bStop] = [a.first + a.length, b.first + b.stop - b.start];
    const from = Math.max(a.first, b.first);
    const to = Math.min(aStop, bStop);
    if (a.recording === b.recording && from < to) {
      found.push({
        first: from,
        length: to - from,
        recording: a.recording,
        starts: [...a.starts.map((start) => start + from - a.first), b.start + from - b.first],
      });
    }
    // That which ends first can meet nothing more.
    const aFirst = a.recording !== b.recording ? a.recording < b.recording : aStop <= bStop;
    const bFirst = a.recording !== b.recording ? b.recording < a.recording : bStop <= aStop;
    if (aFirst) i++;
    if (bFirst) k++;
  }
  return found;
}

/** Samples of a run, from one sample of it to another. */
export function samplesOf(stream: LegacyStream, section: CommonSection, from: number, to: number): LazyArray {
  return stackColumns(stream.channels.map((channel, i) => {
    const start = section.starts[i]! + from;
    const whole = start === 0 && to - from === channel.array.shape[0];
    return whole ? channel.array : channel.array.view([slice(start, start + to - from), slice(null)]);
  }));
}
