/**
 * Open Ephys' binary format: `structure.oebin` beside `continuous.dat`, `.npy` files of events and spikes, of all versions of the
 * GUI that write it. Experiments are blocks, recordings are segments, or several where they have gaps.
 *
 * @module
 */

import { NotFoundError } from "../../../../source/errors.ts";
import type { RecordingFiles } from "../../../files/recording_files.ts";
import type {
  BlockParts,
  EventParts,
  FormatOptions,
  PartsReadOptions,
  RecordingFormat,
  RecordingParts,
  SegmentParts,
  SegmentSignal,
  SpikeParts,
} from "../../../format.ts";
import { tooMany } from "../../../gaps.ts";
import { readBinaryEvents } from "./binary_events.ts";
import { readBinarySpikes } from "./binary_spikes.ts";
import { type BinaryTables, folderKey, type StreamEntry, streamKey, tablesOf } from "./binary_tables.ts";
import { findRecordings, type FoundRecording } from "./find_recordings.ts";
import { openWhole, type WholeRecording } from "../recording_parts.ts";
import { settingsOf } from "../settings.ts";

/** Open Ephys binary. */
export const OPENEPHYS_BINARY: RecordingFormat = {
  name: "openephysbinary",
  ioName: "OpenEphysBinaryIO",
  description: "Open Ephys binary (structure.oebin, continuous.dat)",
  extensions: ["oebin"],
  recognises({ fileName, isFolder, headText, names }) {
    if (!isFolder && /\.oebin$/i.test(fileName)) return true;
    if (!isFolder && /^\s*\{/.test(headText) && headText.includes('"GUI version"')) return true;
    const inFolder = isFolder || /^settings(_\d+)?\.xml$/i.test(fileName);
    const recorded = names?.some((name) =>
      name === "structure.oebin" || /^experiment\d+\/$/.test(name) || /^record[ _]?node[^/]*\/$/i.test(name) ||
      /^recording\d+\/$/.test(name)
    );
    return inFolder && recorded === true && !names!.some((name) => name.endsWith(".continuous"));
  },
  async open(files, options) {
    const recordings = await findRecordings(files, options.signal);
    const wholes: { readonly first: FoundRecording; readonly whole: WholeRecording }[] = [];
    for (const group of groupBy(recordings, (r) => JSON.stringify([r.session, r.experiment, r.recording]))) {
      wholes.push({ first: group[0]!, whole: await openWhole(files, group, options) });
    }
    const tables = tablesOf(wholes.map(({ whole }) => whole));
    if (tables.streams.length + tables.events.length + tables.spikes.length === 0) {
      throw new NotFoundError(`Cannot open ${files.name}: none of what its structure lists is there`, {
        file: files.name,
      });
    }
    const blocks: BlockParts[] = [];
    for (const group of groupBy(wholes, ({ first }) => JSON.stringify([first.session, first.experiment]))) {
      blocks.push(await blockOf(files, group, tables, options));
    }
    return partsOf(tables, blocks);
  },
};

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function partsOf({ buffers, streams, events, spikes }: BinaryTables, blocks: readonly BlockParts[]): RecordingParts {
  return {
    buffers,
    streams: streams.map(({ parts }) => parts),
    eventChannels: events.map(({ parts }) => parts),
    spikeChannels: spikes.map(({ parts }) => parts),
    blocks,
  };
}

async function blockOf(
  files: RecordingFiles,
  wholes: readonly { readonly first: FoundRecording; readonly whole: WholeRecording }[],
  tables: BinaryTables,
  options: FormatOptions,
): Promise<BlockParts> {
  const { experiment, nodePath, oebin } = wholes[0]!.first;
  const segments = wholes.flatMap(({ whole }) => segmentsOf(files, whole, tables, options));
  const { maxSegments = 1000 } = options;
  if (segments.length > maxSegments) throw tooMany(files.name, segments.length, maxSegments);
  const settings = await settingsOf(files, nodePath, experiment);
  const begun = wholes[0]!.whole.nodes.find(({ sync }) => sync.softwareTime !== undefined)?.sync.softwareTime;
  return {
    name: `experiment${experiment}`,
    segments,
    annotations: {
      experiment,
      ...known("guiVersion", oebin.version || settings.version),
      ...known("recDatetime", begun ?? settings.date),
    },
  };
}

function known(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

function segmentsOf(
  files: RecordingFiles,
  whole: WholeRecording,
  tables: BinaryTables,
  options: FormatOptions,
): SegmentParts[] {
  // What was read of a recording's events is dealt out to all its segments.
  const events = new Map<number, Promise<EventParts[]>>();
  const spikes = new Map<number, Promise<SpikeParts[]>>();
  const once = <T>(known: Map<number, Promise<T>>, channel: number, read: () => Promise<T>): Promise<T> => {
    let found = known.get(channel);
    if (found === undefined) {
      known.set(channel, found = read());
      found.catch(() => known.delete(channel));
    }
    return found;
  };
  const softwareTime = whole.nodes.find(({ sync }) => sync.softwareTime !== undefined)?.sync.softwareTime;
  return whole.cuts.map((_, segment): SegmentParts => ({
    ...whole.spans[segment]!,
    signals: tables.streams.map((entry) => signalOf(whole, segment, entry)),
    async events(channel, read) {
      const all = await once(events, channel, () => eventsOf(files, whole, tables, channel, options, read));
      return all[segment]!;
    },
    async spikes(channel, read) {
      const all = await once(spikes, channel, () => spikesOf(files, whole, tables, channel, options, read));
      return all[segment]!;
    },
    annotations: {
      recording: whole.number,
      ...(whole.cuts.length > 1 ? { part: segment } : {}),
      ...known("recDatetime", softwareTime),
    },
  }));
}

function signalOf(whole: WholeRecording, segment: number, entry: StreamEntry): SegmentSignal | null {
  const index = whole.streams.findIndex((stream) => streamKey(stream) === entry.key);
  const part = index < 0 ? null : whole.cuts[segment]![index]!;
  if (part === null) return null;
  const { samples } = whole.streams[index]!;
  return {
    array: samples.samples(part.start, part.stop, entry.columns),
    tStart: part.tStart,
    timestamps: samples.times(part.start, part.stop),
  };
}

async function eventsOf(
  files: RecordingFiles,
  whole: WholeRecording,
  tables: BinaryTables,
  channel: number,
  options: FormatOptions,
  read: PartsReadOptions,
): Promise<EventParts[]> {
  const { key, parts } = tables.events[channel]!;
  for (const node of whole.nodes) {
    const events = node.found.oebin.events.find((entry) => folderKey(node, entry) === key);
    if (events !== undefined) return await readBinaryEvents(files, whole, node, events, options, read);
  }
  const durations = parts.type === "epoch" ? new Float64Array(0) : null;
  return whole.cuts.map(() => ({ timestamps: new Float64Array(0), durations, labels: [], ticksPerSecond: 1 }));
}

async function spikesOf(
  files: RecordingFiles,
  whole: WholeRecording,
  tables: BinaryTables,
  channel: number,
  options: FormatOptions,
  read: PartsReadOptions,
): Promise<SpikeParts[]> {
  const { key, index } = tables.spikes[channel]!;
  for (const node of whole.nodes) {
    const spikes = node.found.oebin.spikes.find((entry) => folderKey(node, entry) === key);
    if (spikes?.electrodes[index] !== undefined) {
      return await readBinarySpikes(files, whole, node, spikes, index, options, read);
    }
  }
  return whole.cuts.map(() => ({ timestamps: new Float64Array(0), ticksPerSecond: 1 }));
}
