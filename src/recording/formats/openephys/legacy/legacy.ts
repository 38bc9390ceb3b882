/**
 * Open Ephys' legacy format, `.continuous`, `.spikes` and `.events` files in one folder. As neo has it there is one block; its
 * segments are experiments, and in them recordings, and what lies between gaps.
 *
 * @module
 */

import { NotFoundError, TruncatedError } from "../../../../source/errors.ts";
import type { RecordingFiles } from "../../../files/recording_files.ts";
import type {
  EventParts,
  FormatOptions,
  PartsReadOptions,
  RecordingFormat,
  SegmentParts,
  SpikeParts,
} from "../../../format.ts";
import type { SpikeChannel } from "../../../header.ts";
import { tooMany } from "../../../gaps.ts";
import { inOrder, pickEvents } from "../binary/binary_events.ts";
import { type LegacyEvents, openLegacyEvents, readLegacyEvents, readMessages } from "./events.ts";
import { experimentOf, type LegacyExperiment, type LegacySegment, openChannels } from "./experiment.ts";
import { findLegacyFiles } from "./files.ts";
import { LEGACY_MAGIC } from "./header.ts";
import { type LegacyElectrode, legacyWaveforms, openElectrode, readSpikes } from "./spikes.ts";
import { legacyEntries } from "./streams.ts";
import { type ElectrodeUnits, electrodeUnits, unitsIndex } from "./units.ts";
import { nearestSpan } from "../nearest_span.ts";
import { wallClock } from "../settings.ts";

/** Open Ephys legacy. */
export const OPENEPHYS: RecordingFormat = {
  name: "openephys",
  ioName: "OpenEphysIO",
  description: "Open Ephys legacy (.continuous, .spikes, .events)",
  extensions: ["continuous", "openephys"],
  recognises({ fileName, isFolder, headText, names }) {
    if (headText.startsWith(LEGACY_MAGIC)) return true;
    if (/\.openephys$/i.test(fileName) && headText.includes("<EXPERIMENT")) return true;
    const inFolder = isFolder || /^(settings(_\d+)?\.xml|messages(_\d+)?\.events)$/i.test(fileName);
    return inFolder &&
      names?.some((name) => /\.continuous$|^(structure|Continuous_Data)(_\d+)?\.openephys$/i.test(name)) === true;
  },
  async open(files, options) {
    const found = await findLegacyFiles(files);
    const channels = await openChannels(files, found.continuous, options);
    if (channels.length === 0) {
      throw found.continuous.length === 0
        ? new NotFoundError(`Cannot open ${files.name} as Open Ephys legacy: there is no .continuous file in it`, {
          file: files.name,
          object: "*.continuous",
        })
        : new TruncatedError(`Cannot open ${files.name}: none of its .continuous files has samples`, {
          file: files.name,
        });
    }
    const entries = legacyEntries(channels);
    const numbers = [...new Set(channels.map(({ name }) => name.experiment))].sort((a, b) => a - b);
    const experiments: LegacyExperiment[] = [];
    for (const number of numbers) {
      const own = channels.filter(({ name }) => name.experiment === number);
      experiments.push(await experimentOf(files, number, own, entries, options));
    }
    const count = experiments.reduce((sum, { segments }) => sum + segments.length, 0);
    const { maxSegments = 1000 } = options;
    if (count > maxSegments) throw tooMany(files.name, count, maxSegments);
    if (count === 0) {
      throw new TruncatedError(`Cannot open ${files.name}: its channels have no time in common`, { file: files.name });
    }
    const events = await eventChannels(files, found.events, found.messages);
    const units = await spikeChannels(files, found.spikes, options);
    const { header } = channels[0]!;
    const begun = events.softwareTime ?? wallClock(header.text("date_created"));
    return {
      streams: entries.map(({ parts }) => parts),
      eventChannels: events.channels.map(({ name }) => ({ name, id: "", type: "event" })),
      spikeChannels: units.map(({ channel }) => channel),
      blocks: [{
        segments: experiments.flatMap((experiment) =>
          experiment.segments.map((segment) => segmentOf(experiment, segment, events.channels, units))
        ),
        annotations: {
          openephysVersion: header.text("version"),
          dateCreated: header.text("date_created"),
          ...(begun === undefined ? {} : { recDatetime: begun }),
        },
      }],
      index: ({ signal }) => unitsIndex(units, signal),
    };
  },
};

/** A kind of events, and where they are read from in each experiment. */
interface LegacyEventChannel {
  readonly name: string;
  read(experiment: LegacyExperiment, options: PartsReadOptions): Promise<{ events: LegacyEvents; rate: number } | null>;
}

async function eventChannels(
  files: RecordingFiles,
  paths: readonly string[],
  messagePaths: readonly string[],
): Promise<{ readonly channels: readonly LegacyEventChannel[]; readonly softwareTime: Date | undefined }> {
  const opened = (await Promise.all(paths.map((path) => openLegacyEvents(files, path)))).filter((file) =>
    file !== null
  );
  const names = [...new Set(opened.map(({ name }) => name))].sort();
  const channels = names.map((name): LegacyEventChannel => ({
    name,
    async read(experiment, options) {
      const file = opened.find((entry) => entry.name === name && entry.experiment === experiment.number);
      if (file === undefined) return null;
      return { events: await readLegacyEvents(file, options), rate: file.sampleRate || experiment.sampleRate };
    },
  }));
  const messages = (await Promise.all(messagePaths.map((path) => readMessages(files, path)))).filter((found) =>
    found !== null
  );
  if (messages.some(({ events }) => events.labels.length > 0)) {
    channels.push({
      name: "messages",
      read(experiment) {
        const found = messages.find((entry) => entry.experiment === experiment.number);
        return Promise.resolve(found === undefined ? null : { events: found.events, rate: experiment.sampleRate });
      },
    });
  }
  return { channels, softwareTime: messages.find(({ sync }) => sync.softwareTime !== undefined)?.sync.softwareTime };
}

interface UnitChannel {
  readonly channel: SpikeChannel;
  readonly units: ElectrodeUnits;
  /** Which unit; `null` for all. */
  readonly unit: number | null;
}

async function spikeChannels(
  files: RecordingFiles,
  paths: readonly string[],
  options: FormatOptions,
): Promise<UnitChannel[]> {
  const opened = (await Promise.all(paths.map((path) => openElectrode(files, path)))).filter((file) => file !== null);
  const groups = new Map<string, LegacyElectrode[]>();
  for (const electrode of opened) groups.set(electrode.name, [...groups.get(electrode.name) ?? [], electrode]);
  const all = await electrodeUnits(files, groups, options);
  return all.flatMap((units) =>
    units.ids.map((unit): UnitChannel => {
      const [{ name, gain, sampleRate }] = units.electrodes as [LegacyElectrode];
      const label = unit === null ? name : `${name}#${unit}`;
      const channel = {
        name: label,
        id: label,
        wfUnits: "uV",
        wfGain: gain,
        wfOffset: -32768 * gain,
        wfLeftSweep: 0,
        wfSamplingRate: sampleRate,
      };
      return { channel, units, unit };
    })
  );
}

function segmentOf(
  experiment: LegacyExperiment,
  segment: LegacySegment,
  channels: readonly LegacyEventChannel[],
  units: readonly UnitChannel[],
): SegmentParts {
  const index = experiment.segments.indexOf(segment);
  const { tStart, tStop, signals, recording } = segment;
  return {
    tStart,
    tStop,
    signals,
    async events(channel, options): Promise<EventParts> {
      const found = await experiment.once(`events ${channel}`, async () => {
        const read = await channels[channel]!.read(experiment, options);
        return read === null ? null : placed(experiment, read.events, read.rate);
      });
      if (found === null) return { timestamps: new Float64Array(0), durations: null, labels: [], ticksPerSecond: 1 };
      const { read: events, clocked, places } = found;
      const list = membersOf(places, index);
      const all = { timestamps: clocked.times, durations: null, labels: events.labels, annotations: events.notes };
      return inOrder(pickEvents({ ...all, ticksPerSecond: clocked.perSecond }, list));
    },
    async spikes(channel, options): Promise<SpikeParts> {
      const { units: own, unit } = units[channel]!;
      const electrode = own.electrodes.find((entry) => entry.experiment === experiment.number);
      if (electrode === undefined) return { timestamps: new Float64Array(0), ticksPerSecond: 1 };
      const { read: spikes, clocked, places } = await experiment.once(
        `spikes ${electrode.file.path}`,
        async () => placed(experiment, await readSpikes(electrode, options), electrode.sampleRate),
      );
      const list = membersOf(places, index)
        .filter((i) => unit === null || spikes.units[i] === unit)
        .sort((a, b) => clocked.times[a]! - clocked.times[b]! || a - b);
      return {
        timestamps: Float64Array.from(list, (i) => clocked.times[i]!),
        waveforms: legacyWaveforms(electrode, list),
        annotations: unit === null ? { sortedId: Float64Array.from(list, (i) => spikes.units[i]!) } : {},
        ticksPerSecond: clocked.perSecond,
      };
    },
    annotations: { openephysSegmentIndex: experiment.number, recordingNumber: recording },
  };
}

interface Clocked {
  readonly times: Float64Array;
  readonly perSecond: number;
}

/** Numbers of samples as they are, or as the seconds of another clock. */
function clock(experiment: LegacyExperiment, times: Float64Array, rate: number): Clocked {
  const [first] = times;
  const isSame = first === undefined || experiment.secondsOf(first, rate) === first / rate;
  if (isSame) return { times, perSecond: rate };
  return { times: times.map((ticks) => experiment.secondsOf(ticks, rate)), perSecond: 1 };
}

/** Which segment each time belongs to: of its recording the one that it lies in, or is nearest to. */
function placesOf(
  { segments }: LegacyExperiment,
  { times, perSecond }: Clocked,
  recordings: ArrayLike<number>,
): Int32Array {
  const finders = new Map<number | null, (seconds: number) => number>();
  const finderOf = (recording: number | null) =>
    nearestSpan(segments.map((entry) => recording === null || entry.recording === recording ? entry : null));
  const known = new Set(segments.map(({ recording }) => recording));
  return Int32Array.from(times, (ticks, i) => {
    const recording = known.has(recordings[i] ?? -1) ? recordings[i]! : null;
    let find = finders.get(recording);
    if (find === undefined) finders.set(recording, find = finderOf(recording));
    return find(ticks / perSecond);
  });
}

/** Events or spikes with their times by the clock, and the segments that they belong to. */
function placed<T extends { readonly times: Float64Array; readonly recordings: ArrayLike<number> }>(
  experiment: LegacyExperiment,
  read: T,
  rate: number,
): { readonly read: T; readonly clocked: Clocked; readonly places: Int32Array } {
  const clocked = clock(experiment, read.times, rate);
  return { read, clocked, places: placesOf(experiment, clocked, read.recordings) };
}

function membersOf(places: Int32Array, segment: number): number[] {
  const list: number[] = [];
  places.forEach((place, i) => {
    if (place === segment) list.push(i);
  });
  return list;
}
