/**
 * NWB as a recording: its regular time series are streams, its units spike trains, its intervals epochs, its annotations events.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { numpyName } from "../../array/dtype/dtype.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { NWBFile } from "../../nwb/nwb_file.ts";
import { NwbTimeSeries } from "../../nwb/series/time_series.ts";
import { NwbTable } from "../../nwb/tables/table.ts";
import { MicrotomeError } from "../../source/errors.ts";
import { stackColumns } from "../arrays/joined.ts";
import { borrowed } from "../files/borrowed.ts";
import type { RecordingFiles } from "../files/recording_files.ts";
import { unitOf } from "../files/texts.ts";
import type {
  EventParts,
  FormatOptions,
  RecordingFormat,
  RecordingParts,
  SegmentSignal,
  SpikeParts,
  StreamParts,
} from "../format.ts";
import type { EventChannel, SpikeChannel } from "../header.ts";

/** Files of Neurodata Without Borders, in HDF5. */
export const NWB: RecordingFormat = {
  name: "nwb",
  ioName: "NWBIO",
  description: "Neurodata Without Borders",
  extensions: ["nwb"],
  recognises: ({ fileName, headText }) => headText.startsWith("\x89HDF\r\n\x1a\n") && /\.nwb$/i.test(fileName),
  mayBe: ({ fileName }) => /\.nwb$/i.test(fileName),
  open: openNwb,
};

/** Kinds of NWB's types that are no signals: pictures, and what stands for other objects. */
const PICTURES = /Image|TwoPhoton|OnePhoton|IndexSeries/;

interface Signals {
  readonly stream: StreamParts;
  readonly signal: SegmentSignal;
}

async function openNwb(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const file = await files.main();
  const { signal } = options;
  const nwb = await NWBFile.open(borrowed(file), { ...files.options, signal });
  try {
    for (const [key, messages] of nwb.warnings) {
      for (const message of [messages].flat()) files.warn(`${key}: ${message}`);
    }
    const signals: Signals[] = [];
    const events: { channel: EventChannel; read: () => Promise<EventParts> }[] = [];
    const found = await Promise.all(
      nwb.entries().map(async ([key, entry]) => {
        if (entry.kind === "IntervalSet" || PICTURES.test(entry.type)) return { key, entry, view: null };
        return { key, entry, view: await nwb.at(entry.path, { signal }).catch((error) => warned(files, key, error)) };
      }),
    );
    for (const { key, entry, view } of found) {
      if (entry.kind === "IntervalSet") {
        events.push({ channel: { name: key, id: entry.path, type: "epoch" }, read: () => epochsOf(nwb, key) });
      } else if (view instanceof NwbTimeSeries && view.raw.dtype.kind === "string" && view.timestamps !== null) {
        events.push({ channel: { name: key, id: entry.path, type: "event" }, read: () => annotationsOf(view) });
      } else if (view instanceof NwbTimeSeries) {
        const taken = await signalsOf(key, view, files, options);
        if (taken !== null) signals.push(taken);
      }
    }
    const units = await nwb.at("/units", { signal }).catch((error) => missing(error));
    const spikes = units instanceof NwbTable && units.columns.has("spike_times") ? units : null;
    const ids = spikes === null ? [] : Array.from((await spikes.ids({ signal })) as ArrayLike<number>, String);
    const starts = signals.map(({ signal }) => signal.tStart);
    const stops = signals.map(({ stream, signal }) =>
      signal.tStart + signal.array.shape[0]! / stream.channels[0]!.samplingRate
    );
    const tStart = starts.length === 0 ? 0 : Math.min(...starts);
    // Where no signal says how long it lasted, the last spike does.
    if (signals.length === 0 && spikes !== null) {
      const { data } = (await spikes.column("spike_times").readFlat({ signal })).values;
      stops.push((data as Float64Array).reduce((most, time) => Math.max(most, Number(time)), tStart));
    }
    return {
      streams: signals.map(({ stream }) => stream),
      spikeChannels: ids.map((id): SpikeChannel => ({
        name: `unit ${id}`,
        id,
        wfUnits: "",
        wfGain: 1,
        wfOffset: 0,
        wfLeftSweep: 0,
        wfSamplingRate: 0,
      })),
      eventChannels: events.map(({ channel }) => channel),
      blocks: [{
        segments: [{
          tStart,
          tStop: Math.max(tStart, ...stops),
          signals: signals.map(({ signal }) => signal),
          events: (channel) => events[channel]!.read(),
          spikes: async (channel, { signal }): Promise<SpikeParts> => {
            const column = spikes!.column("spike_times");
            const [times] = await column.read({ from: channel, to: channel + 1, signal }) as [NDArray];
            const timestamps = Float64Array.from(times.data as ArrayLike<number>, Number).sort();
            return { timestamps, ticksPerSecond: 1 };
          },
        }],
      }],
      close: () => nwb.close(),
    };
  } catch (error) {
    await nwb.close();
    throw error;
  }
}

function warned(files: RecordingFiles, key: string, error: unknown): null {
  if (!(error instanceof MicrotomeError)) throw error;
  files.warn(`${key}: it was left out: ${error.message}`);
  return null;
}

function missing(error: unknown): null {
  if (error instanceof MicrotomeError && error.code === "not-found") return null;
  throw error;
}

/** A series as a stream, or `null` where its samples are no numbers, or aren't regular, which a warning says. */
async function signalsOf(
  key: string,
  series: NwbTimeSeries,
  files: RecordingFiles,
  options: FormatOptions,
): Promise<Signals | null> {
  const { raw, hasData, path } = series;
  const { kind } = raw.dtype;
  if (!hasData || raw.shape.length > 2 || raw.shape.length === 0 || raw.shape.includes(0)) return null;
  if (kind !== "int" && kind !== "uint" && kind !== "float") return null;
  const time = await timesOf(series, raw.shape[0]!, options);
  if (typeof time === "string") {
    files.warn(`${key}: it is no stream: ${time}; NWBFile gives it with its times`);
    return null;
  }
  const array = raw.shape.length === 2 ? raw : stackColumns([raw]);
  const factors = series.channelConversion;
  const channels = Array.from({ length: array.shape[1]! }, (_, i) => ({
    name: array.shape[1] === 1 ? key : `${key}#${i}`,
    id: String(i),
    samplingRate: time.rate,
    units: unitOf(series.unit),
    gain: series.conversion * (factors?.[i] ?? 1),
    offset: series.offset,
  }));
  const dtype = numpyName(raw.dtype).replace(/^[<>|=]/, "");
  return {
    stream: { name: key, id: path, dtype, channels },
    signal: { array, tStart: time.start, ...(series.timestamps === null ? {} : { timestamps: series.timestamps }) },
  };
}

/** When samples were taken, or why that can't be told by a rate. */
async function timesOf(
  { rate, startingTime, timestamps }: NwbTimeSeries,
  count: number,
  { gapTolerance, signal }: FormatOptions,
): Promise<{ readonly start: number; readonly rate: number } | string> {
  if (timestamps === null) {
    if (rate === null || !(rate > 0 && Number.isFinite(rate))) return `its rate is ${rate}`;
    return { start: startingTime ?? 0, rate };
  }
  if (count < 2 || timestamps.shape[0] !== count) return `it has ${timestamps.shape[0]} times for ${count} samples`;
  // Its ends say the rate; places between, whether it holds.
  const places = [...new Set([0, 1, count >> 2, count >> 1, Math.floor(count * 0.75), count - 2, count - 1])].sort((
    a,
    b,
  ) => a - b);
  const times = (await (timestamps as LazyArray).read([places], { signal })).data as ArrayLike<number>;
  const [start, end] = [Number(times[0]), Number(times[places.length - 1])];
  const step = (end - start) / (count - 1);
  const tolerance = gapTolerance ?? step / 2;
  const isRegular = step > 0 &&
    places.every((place, i) => Math.abs(Number(times[i]) - start - place * step) <= tolerance);
  return isRegular ? { start, rate: 1 / step } : "its samples weren't taken at regular times";
}

async function epochsOf(nwb: NWBFile, key: string): Promise<EventParts> {
  const set = await nwb.get(key);
  if (!(set instanceof IntervalSet)) {
    return { timestamps: new Float64Array(0), durations: new Float64Array(0), labels: [], ticksPerSecond: 1 };
  }
  const durations = set.start.map((start, i) => set.end[i]! - start);
  const name = ["label", "tags", "condition"].find((name) => set.metadata.keys().includes(name));
  const labels = name === undefined ? [] : Array.from(set.getInfo(name) as ArrayLike<unknown>, String);
  return {
    timestamps: set.start,
    durations,
    labels: Array.from(set.start, (_, i) => labels[i] ?? String(i)),
    ticksPerSecond: 1,
  };
}

async function annotationsOf({ raw, timestamps }: NwbTimeSeries): Promise<EventParts> {
  const [texts, times] = await Promise.all([raw.read(), timestamps!.read()]);
  const order = Array.from(times.data as ArrayLike<number>, (time, i) => [Number(time), i] as const)
    .sort((a, b) => a[0] - b[0]);
  return {
    timestamps: Float64Array.from(order, ([time]) => time),
    durations: null,
    labels: order.map(([, i]) => String((texts.data as ArrayLike<unknown>)[i] ?? "")),
    ticksPerSecond: 1,
  };
}
