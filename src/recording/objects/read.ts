/**
 * Making neo's objects of a recording.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { RecordingParts, SegmentParts, StreamParts } from "../format.ts";
import type { RecordingHeader, SignalChannel } from "../header.ts";
import type { StretchOptions } from "../segment_options.ts";
import { AnalogSignalProxy } from "./analog_signal_proxy.ts";
import type { ArrayAnnotations } from "./annotated.ts";
import { Block } from "./block.ts";
import { EpochProxy, EventProxy, SpikeTrainProxy } from "./event_proxies.ts";
import type { TimeSlice } from "./seconds.ts";
import { Segment, type SegmentContents } from "./segment.ts";
import { spanOf } from "./time_slice.ts";

/** Options of `readBlock`. */
export interface ReadBlockOptions<L extends boolean = boolean> {
  /**
   * Whether proxies are given, which read when they are loaded.
   *
   * @default {false}
   */
  readonly lazy?: L | undefined;
  /**
   * The block.
   *
   * @default {0}
   */
  readonly blockIndex?: number | undefined;
  /**
   * How channels of a stream are put into signals: those of one unit together, or each by itself.
   *
   * @default {"group-by-same-units"}
   */
  readonly signalGroupMode?: "group-by-same-units" | "split-all" | undefined;
  /**
   * Whether waveforms are read too, where spikes have them.
   *
   * @default {false}
   */
  readonly loadWaveforms?: boolean | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `readSegment`. */
export interface ReadSegmentOptions<L extends boolean = boolean> extends ReadBlockOptions<L> {
  /**
   * The segment in the block.
   *
   * @default {0}
   */
  readonly segmentIndex?: number | undefined;
  /** Only a stretch of time; not together with `lazy`, whose proxies take it. */
  readonly timeSlice?: TimeSlice | null | undefined;
  /**
   * Whether a stretch that reaches beyond the segment is refused, rather than cut.
   *
   * @default {true}
   */
  readonly strictSlicing?: boolean | undefined;
}

/** What objects are read from: a recording, as far as they need it. */
export interface ReadFrom {
  readonly header: RecordingHeader;
  readonly parts: RecordingParts;
  readonly maxReadBytes: number;
  segment(
    options: { readonly blockIndex?: number | undefined; readonly segmentIndex?: number | undefined },
  ): SegmentParts;
  channels(streamIndex: number): SignalChannel[];
  getEvents(index: number, options: StretchOptions): ReturnType<EventProxyRead<"events">>;
  getSpikes(index: number, options: StretchOptions): ReturnType<EventProxyRead<"spikes">>;
}

type EventProxyRead<K extends "events" | "spikes"> = () => Promise<Awaited<ReturnType<NonNullable<SegmentParts[K]>>>>;

/** A block with all its segments. */
export async function readBlock<L extends boolean>(from: ReadFrom, options: ReadBlockOptions<L>): Promise<Block<L>> {
  checkOptions(options, BLOCK_OPTIONS, "read a block");
  const { blockIndex = 0 } = options;
  from.segment({ blockIndex });
  const { name = "", segments, annotations = {} } = from.parts.blocks[blockIndex]!;
  const read: Segment<L>[] = [];
  // One after the other: each may be large.
  for (const segmentIndex of segments.keys()) read.push(await readSegment(from, { ...options, segmentIndex }));
  return new Block({ name, index: blockIndex, segments: read, annotations });
}

/** A segment: its objects read, or as proxies. */
export async function readSegment<L extends boolean>(
  from: ReadFrom,
  options: ReadSegmentOptions<L>,
): Promise<Segment<L>> {
  checkOptions(options, SEGMENT_OPTIONS, "read a segment");
  const { lazy = false, blockIndex = 0, segmentIndex = 0, timeSlice, strictSlicing = true, signal } = options;
  const mode = options.signalGroupMode ?? "group-by-same-units";
  if (mode !== "group-by-same-units" && mode !== "split-all") {
    throw new TypeError(
      `Cannot read a segment with signalGroupMode ${
        JSON.stringify(mode)
      }: expected "group-by-same-units" or "split-all"`,
    );
  }
  if (lazy && timeSlice !== undefined && timeSlice !== null) {
    throw new TypeError("Cannot read a segment lazily and a stretch of time of it: give timeSlice to load");
  }
  const parts = from.segment({ blockIndex, segmentIndex });
  const place = { blockIndex, segmentIndex };
  const { tStart, tStop } = parts;
  const analogSignals = from.parts.streams.flatMap((stream, i) => signalsOf(from, parts, stream, i, mode));
  const eventProxies = from.header.eventChannels.map((channel, i) => {
    const facts = { name: channel.name, tStart, tStop, annotations: { id: channel.id } };
    const read = (stretch: StretchOptions) => from.getEvents(i, { ...stretch, ...place });
    return channel.type === "epoch" ? new EpochProxy({ ...facts, read }) : new EventProxy({ ...facts, read });
  });
  const spikeTrains = from.header.spikeChannels.map((channel, i) =>
    new SpikeTrainProxy({
      name: channel.name,
      tStart,
      tStop,
      annotations: { id: channel.id },
      channel,
      read: (stretch) => from.getSpikes(i, { ...stretch, ...place }),
    })
  );
  const events = eventProxies.filter((proxy) => proxy instanceof EventProxy);
  const epochs = eventProxies.filter((proxy) => proxy instanceof EpochProxy);
  const facts = { name: `Seg#${segmentIndex}`, index: segmentIndex, annotations: parts.annotations ?? {} };
  if (lazy) {
    const proxies: SegmentContents<true> = { analogSignals, events, epochs, spikeTrains };
    return new Segment<L>({ ...facts, tStart, tStop }, proxies as SegmentContents<L>);
  }
  const span = spanOf(timeSlice, parts, strictSlicing);
  const load = {
    timeSlice: timeSlice === undefined || timeSlice === null ? null : [span.start, span.stop] as const,
    signal,
  };
  const slack = { ...load, strictSlicing: false };
  const loadWaveforms = options.loadWaveforms ?? false;
  // Signals one after the other, so that memory holds one on its way, and what they become.
  const signals = [];
  for (const proxy of analogSignals) signals.push(await proxy.load(slack));
  const hasWaveforms = async (train: SpikeTrainProxy) => {
    if (!loadWaveforms) return false;
    return (await from.getSpikes(spikeTrains.indexOf(train), { ...place, signal })).waveforms !== undefined;
  };
  const contents: SegmentContents<false> = {
    analogSignals: signals,
    events: await Promise.all(events.map((proxy) => proxy.load(slack))),
    epochs: await Promise.all(epochs.map((proxy) => proxy.load(slack))),
    spikeTrains: await Promise.all(
      spikeTrains.map(async (proxy) => proxy.load({ ...slack, loadWaveforms: await hasWaveforms(proxy) })),
    ),
  };
  return new Segment<L>({ ...facts, tStart: span.start, tStop: span.stop }, contents as SegmentContents<L>);
}

/** The signals of a stream: its channels by unit, in the order in which units appear; or each channel by itself. */
function signalsOf(
  from: ReadFrom,
  segment: SegmentParts,
  stream: StreamParts,
  streamIndex: number,
  mode: "group-by-same-units" | "split-all",
): AnalogSignalProxy[] {
  const found = segment.signals[streamIndex] ?? null;
  if (found === null) return [];
  const channels = from.channels(streamIndex);
  const groups = new Map<string, number[]>();
  channels.forEach(({ units }, i) => {
    const key = mode === "split-all" ? String(i) : units;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return [...groups.values()].map((picked) => {
    const some = picked.map((i) => channels[i]!);
    const isAll = picked.length === channels.length;
    return new AnalogSignalProxy({
      name: mode === "split-all" ? some[0]!.name : stream.name,
      units: some[0]!.units,
      samplingRate: some[0]!.samplingRate,
      tStart: found.tStart,
      annotations: { streamId: stream.id },
      arrayAnnotations: arrayAnnotationsOf(stream, picked),
      timestamps: found.timestamps ?? null,
      raw: isAll ? found.array : found.array.view([null, picked]),
      channels: some,
      maxReadBytes: from.maxReadBytes,
    });
  });
}

function arrayAnnotationsOf({ channels }: StreamParts, picked: readonly number[]): ArrayAnnotations {
  const some = picked.map((i) => channels[i]!);
  const names = new Set(some.flatMap(({ annotations }) => Object.keys(annotations ?? {})));
  // What only some channels have isn't known of the others.
  const shared = [...names].filter((name) => some.every(({ annotations }) => annotations?.[name] !== undefined));
  return {
    channelNames: some.map(({ name }) => name),
    channelIds: some.map(({ id }) => id),
    ...Object.fromEntries(shared.map((name) => [name, some.map(({ annotations }) => annotations![name])])),
  };
}

const BLOCK_OPTIONS: OptionNames<ReadBlockOptions> = {
  lazy: true,
  blockIndex: true,
  signalGroupMode: true,
  loadWaveforms: true,
  signal: true,
};
const SEGMENT_OPTIONS: OptionNames<ReadSegmentOptions> = {
  lazy: true,
  blockIndex: true,
  signalGroupMode: true,
  loadWaveforms: true,
  signal: true,
  segmentIndex: true,
  timeSlice: true,
  strictSlicing: true,
};
