/**
 * Tables of an Open Ephys binary session: streams, and channels of events and spikes, over all its recordings.
 *
 * @module
 */

import type { ChannelParts, StreamParts } from "../../../format.ts";
import type { EventChannel, SignalBuffer, SpikeChannel } from "../../../header.ts";
import { unitOf } from "../../../files/texts.ts";
import { electrodeChannel } from "./binary_spikes.ts";
import { order } from "./find_recordings.ts";
import type { OebinChannel, OebinEvents, OebinSpikes, OebinStream } from "./oebin.ts";
import type { NodeRecording, NodeStream, WholeRecording } from "../recording_parts.ts";

/** A stream of the table, and which channels of which folder it is. */
export interface StreamEntry {
  readonly parts: StreamParts;
  /** Tells folders apart, with their nodes and channels. */
  readonly key: string;
  /** Channels of the folder. */
  readonly columns: readonly number[];
}

/** A kind of events of the table. */
export interface EventEntry {
  readonly parts: EventChannel;
  readonly key: string;
}

/** An electrode of the table. */
export interface SpikeEntry {
  readonly parts: SpikeChannel;
  readonly key: string;
  /** Which electrode of its folder. */
  readonly index: number;
}

/** What a session holds. */
export interface BinaryTables {
  readonly buffers: readonly SignalBuffer[];
  readonly streams: readonly StreamEntry[];
  readonly events: readonly EventEntry[];
  readonly spikes: readonly SpikeEntry[];
}

/** What tells a stream from others: where it is, and what channels it has; a node may record others in another experiment. */
export function streamKey({ found, samples: { stream } }: NodeStream): string {
  const channels = stream.channels.map(({ name, bitVolts }) => [name, bitVolts]);
  return JSON.stringify([found.node, stream.folder, stream.sampleRate, channels]);
}

/** What tells events from others: the whole folder; a processor may have several. */
export function folderKey({ found }: NodeRecording, { folder }: OebinEvents | OebinSpikes): string {
  return found.node === "" ? folder : `${found.node}#${folder}`;
}

/**
 * Makes the tables, sorted by name, as neo sorts them.
 *
 * @param recordings All recordings
 */
export function tablesOf(recordings: readonly WholeRecording[]): BinaryTables {
  const folders = new Map<string, NodeStream>();
  for (const stream of recordings.flatMap(({ streams }) => streams)) {
    const key = streamKey(stream);
    if (!folders.has(key)) folders.set(key, stream);
  }
  const sorted = [...folders].sort(([, a], [, b]) => order(nameOf(a), nameOf(b)));
  const entries = sorted.map(([key, stream], i) => streamEntries(key, stream, i, sorted.length));
  // First what neo counts first: streams of folders, behind them those of their auxiliary channels.
  const streams = [0, 1, 2].flatMap((part) => entries.flatMap((list) => list[part] ?? []));
  const buffers = sorted.map(([, stream], i) => ({ name: nameOf(stream), id: String(i) }));
  return { buffers, streams, events: eventsOf(recordings), spikes: spikesOf(recordings) };
}

function nameOf({ found, samples: { stream } }: NodeStream): string {
  const name = stream.folder.split("/")[0]!;
  return found.node === "" ? name : `${found.node}#${name}`;
}

/** The streams of a folder: its own channels, the converter's (`_ADC`), the words of digital lines (`SYNC`). */
function streamEntries(key: string, node: NodeStream, index: number, count: number): (StreamEntry | null)[] {
  const { stream } = node.samples;
  const groups: number[][] = [[], [], []];
  stream.channels.forEach(({ name }, i) => groups[name.includes("SYNC") ? 2 : name.includes("ADC") ? 1 : 0]!.push(i));
  const name = nameOf(node);
  const named = [
    { name, id: String(index) },
    { name: `${name}_ADC`, id: String(index + count) },
    { name: `${name}SYNC`, id: String(index + 2 * count) },
  ];
  return groups.map((columns, group) => {
    if (columns.length === 0) return null;
    const channels = channelsOf(stream, columns);
    return { key, columns, parts: { ...named[group]!, bufferId: String(index), dtype: "i2", channels } };
  });
}

function channelsOf(stream: OebinStream, columns: readonly number[]): ChannelParts[] {
  const taken = new Map<string, number>();
  for (const column of columns) {
    const { name } = stream.channels[column]!;
    taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  return columns.map((column) => {
    const channel = stream.channels[column]!;
    return {
      name: channel.name,
      id: taken.get(channel.name) === 1 ? channel.name : `${channel.name}#${column}`,
      samplingRate: stream.sampleRate,
      units: unitsOf(channel),
      gain: channel.bitVolts,
      offset: 0,
      annotations: channel.annotations,
    };
  });
}

/** Volts of a raw one above which an auxiliary channel can't be in volts: its converter would take hundreds of them. */
const MOST_VOLTS = 0.01;

/**
 * Units of a channel. The GUI leaves them out, or writes uV for all: converters' and auxiliary inputs' `bit_volts` are volts,
 * which shows in how small they are.
 */
function unitsOf({ name, units, bitVolts }: OebinChannel): string {
  if (/ADC|AUX/i.test(name) && Math.abs(bitVolts) < MOST_VOLTS) return "V";
  if (name.includes("SYNC") && units === "") return "";
  return units === "" ? "uV" : unitOf(units);
}

function eventsOf(recordings: readonly WholeRecording[]): EventEntry[] {
  const found = new Map<string, OebinEvents>();
  for (const node of recordings.flatMap(({ nodes }) => nodes)) {
    for (const events of node.found.oebin.events) {
      const key = folderKey(node, events);
      if (!found.has(key)) found.set(key, events);
    }
  }
  return [...found].sort(([a], [b]) => orderOfFolders(a, b)).map(([key, { name, isLines }]) => ({
    key,
    parts: { name, id: key, type: isLines ? "epoch" : "event" },
  }));
}

function spikesOf(recordings: readonly WholeRecording[]): SpikeEntry[] {
  const found = new Map<string, { node: NodeRecording; spikes: OebinSpikes }>();
  for (const node of recordings.flatMap(({ nodes }) => nodes)) {
    for (const spikes of node.found.oebin.spikes) {
      const key = folderKey(node, spikes);
      // Of a folder whose electrodes differ the one with most of them counts.
      const known = found.get(key);
      if (known === undefined || known.spikes.electrodes.length < spikes.electrodes.length) {
        found.set(key, { node, spikes });
      }
    }
  }
  return [...found].flatMap(([key, { node, spikes }]) =>
    spikes.electrodes.map((_, index) => ({
      key,
      index,
      parts: electrodeChannel(node.found, spikes, index, spikes.electrodes.length === 1 ? key : `${key}#${index}`),
    }))
  );
}

/** Order of paths: by their first parts, then by the rest. */
function orderOfFolders(a: string, b: string): number {
  const [first = "", ...rest] = a.split("/");
  const [other = "", ...others] = b.split("/");
  return order(first, other) || order(rest.join("/"), others.join("/"));
}
