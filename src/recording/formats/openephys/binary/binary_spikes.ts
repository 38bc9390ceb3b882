/**
 * Spikes of an Open Ephys binary recording: a channel for each electrode.
 *
 * @module
 */

import { slice } from "../../../../array/select/slice.ts";
import type { RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions, PartsReadOptions, SpikeParts } from "../../../format.ts";
import type { SpikeChannel } from "../../../header.ts";
import { ticksOf } from "./binary_events.ts";
import type { FoundRecording } from "./find_recordings.ts";
import { findColumn, type NpyColumn, readNumbers } from "./npy_column.ts";
import type { OebinElectrode, OebinSpikes } from "./oebin.ts";
import { clockOf, type NodeRecording, segmentFinder, type WholeRecording } from "../recording_parts.ts";

const NONE: SpikeParts = { timestamps: /* @__PURE__ */ new Float64Array(0), ticksPerSecond: 1 };

/**
 * An electrode as a channel of spikes.
 *
 * @param found Its recording
 * @param spikes Its folder
 * @param index Which electrode of the folder
 * @param id What tells it from others
 */
export function electrodeChannel(found: FoundRecording, spikes: OebinSpikes, index: number, id: string): SpikeChannel {
  const electrode = spikes.electrodes[index]!;
  const gain = gainOf(found, electrode);
  return {
    name: electrode.name,
    id,
    wfUnits: gain === null ? "" : "uV",
    wfGain: gain ?? 1,
    wfOffset: 0,
    wfLeftSweep: spikes.prePeakSamples,
    wfSamplingRate: spikes.sampleRate,
  };
}

/** Before 0.6 the gain stands at the channel that the electrode's first is. */
function gainOf({ oebin }: FoundRecording, { bitVolts, sources }: OebinElectrode): number | null {
  if (bitVolts !== null) return bitVolts;
  const [first] = sources;
  if (first === undefined) return null;
  const stream = oebin.continuous.find(({ sourceId, sourceSubIndex }) =>
    sourceId === first.processor && sourceSubIndex === first.subIndex
  );
  const channel = stream?.channels.find(({ sourceIndex }) => sourceIndex === first.channel);
  // Channels of one source have one gain: that of another tells it where its own wasn't recorded.
  return channel?.bitVolts ?? stream?.channels[0]?.bitVolts ?? null;
}

/**
 * Spikes of one electrode, segment by segment.
 *
 * @param files The source
 * @param whole The recording
 * @param node The node whose spikes they are
 * @param spikes The folder
 * @param index Which electrode of the folder
 * @param options The clock
 * @param read Aborts
 */
export async function readBinarySpikes(
  files: RecordingFiles,
  whole: WholeRecording,
  node: NodeRecording,
  spikes: OebinSpikes,
  index: number,
  options: FormatOptions,
  read: PartsReadOptions,
): Promise<SpikeParts[]> {
  const folder = `${node.found.path}spikes/${spikes.folder}/`;
  const either = async (name: string, old: string) =>
    await findColumn(files, `${folder}${name}.npy`) ?? await findColumn(files, `${folder}${old}.npy`);
  const numbers = await either("sample_numbers", "spike_times");
  const times = await findColumn(files, `${folder}timestamps.npy`);
  if (numbers === null && times === null) {
    files.warn(`${files.name}: there is no ${folder}sample_numbers.npy: the electrode has no spikes`);
    return whole.cuts.map(() => NONE);
  }
  const [waveforms, electrodes, clusters] = await Promise.all([
    either("waveforms", "spike_waveforms"),
    either("electrode_indices", "spike_electrode_indices"),
    either("clusters", "spike_clusters"),
  ]);
  const present = [numbers, times, waveforms, electrodes].filter((column) => column !== null);
  const rows = Math.min(...present.map((column) => column.rows));
  if (present.some((column) => column.rows !== rows)) {
    files.warn(`${folder}: its files have different numbers of spikes: the first ${rows} are read`);
  }
  const stream = clockOf(node, spikes.folder, spikes.streamName) ?? sourceOf(node, spikes.electrodes[index]!);
  const ticks = await ticksOf(numbers, times, { rows, rate: spikes.sampleRate, stream, options, read });
  // A group of electrodes tells them apart by their indices, from 1.
  const own = spikes.electrodes.length > 1 && electrodes !== null ? await readNumbers(electrodes, read) : null;
  const units = clusters === null ? null : await readNumbers(clusters, read);
  const find = segmentFinder(whole, stream);
  const members = whole.cuts.map((): number[] => []);
  const order = Array.from({ length: rows }, (_, i) => i).filter((i) => own === null || own[i] === index + 1);
  order.sort((a, b) => ticks.times[a]! - ticks.times[b]! || a - b);
  for (const i of order) members[find(ticks.times[i]! / ticks.perSecond)]!.push(i);
  return members.map((list): SpikeParts => ({
    timestamps: Float64Array.from(list, (i) => ticks.times[i]!),
    waveforms: waveforms === null ? undefined : waveformsOf(waveforms, list),
    annotations: units === null ? {} : { clusters: Float64Array.from(list, (i) => units[i] ?? NaN) },
    ticksPerSecond: ticks.perSecond,
  }));
}

function sourceOf(node: NodeRecording, { sources }: OebinElectrode) {
  const [first] = sources;
  if (first === undefined) return node.streams.length === 1 ? node.streams[0]! : null;
  return node.streams.find(({ samples: { stream } }) =>
    stream.sourceId === first.processor && stream.sourceSubIndex === first.subIndex
  ) ?? null;
}

/** Waveforms as [spikes, channels, samples]; electrodes of one channel may lack that axis. */
function waveformsOf(
  { file, dtype, rows, rowShape, offset }: NpyColumn,
  list: readonly number[],
): SpikeParts["waveforms"] {
  if (rowShape.length < 1 || rowShape.length > 2 || dtype.kind !== "int") return undefined;
  const shape = rowShape.length === 1 ? [1, rowShape[0]!] : rowShape;
  const rowBytes = shape.reduce((product, length) => product * length, dtype.itemsize);
  const cut = (start: number, stop: number) =>
    file.flat({ offset: offset + start * rowBytes, shape: [stop - start, ...shape], dtype });
  const first = list[0] ?? 0;
  if (list.every((row, i) => row === first + i)) return cut(first, first + list.length);
  return cut(0, rows).view([list, slice(null), slice(null)]);
}
