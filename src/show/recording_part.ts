/**
 * Parts of a recording: a stream, some of its channels, a stretch of time. The command line and servers show them.
 *
 * @module
 */

import { scaledArray } from "../array/scaled_array.ts";
import type { JsonValue } from "../array/text/serialise.ts";
import type { LazyArray } from "../array/types.ts";
import type { SignalChannel } from "../recording/header.ts";
import { idsToIndex, namesToIndex } from "../recording/pick_channels.ts";
import type { Recording } from "../recording/recording.ts";
import { indexAxis } from "../series/time_index.ts";
import { TsdFrame } from "../series/tsd_frame.ts";
import { NotFoundError } from "../source/errors.ts";
import { fromDescription, type TransformDescription } from "../signal/mod.ts";
import { regularAxis } from "../time/axis.ts";
import type { TimeWindow } from "./window.ts";

/** Where a stream lies in a recording, or events or spikes do. */
export interface RecordingPlace {
  /** What is there. */
  readonly kind: "signal" | "events" | "spikes";
  /** The block. */
  readonly blockIndex: number;
  /** The segment in the block. */
  readonly segmentIndex: number;
  /** Which stream, kind of events, or channel of spikes. */
  readonly index: number;
  /** Its key: `/0/0/Signals`, `/0/0/events/Trigger`. */
  readonly key: string;
}

/** What is wanted of a stream. */
export interface RecordingRequest {
  /** Names or ids of channels; all by default. */
  readonly channels?: readonly string[] | undefined;
  /** Where channels stand in the stream, instead of their names. */
  readonly channelIndexes?: readonly number[] | undefined;
  /** Stretch of time, both ends included; all by default. */
  readonly window?: TimeWindow | undefined;
  /**
   * Whether samples are wanted as they are stored, rather than in physical units.
   *
   * @default {false}
   */
  readonly raw?: boolean | undefined;
  /** Filters and references that physical values go through, over all channels and all time of the stream. */
  readonly filters?: readonly TransformDescription[] | undefined;
}

/** A part of a stream. Nothing of it is read yet. */
export interface RecordingPart {
  /** Where it lies. */
  readonly key: string;
  /** Its values, shape [samples, channels]: physical, or as stored. */
  readonly array: LazyArray;
  /** The same as stored. */
  readonly stored: LazyArray;
  /** The same as a frame over its times. */
  readonly frame: TsdFrame;
  /** Its channels. */
  readonly channels: readonly SignalChannel[];
  /** Samples per second. */
  readonly samplingRate: number;
  /** When its first sample was taken, in seconds. */
  readonly tStart: number;
  /** Unit of its values; `null` where they are as stored, or channels have several. */
  readonly unit: string | null;
}

/** All places of a recording, in order; events and spikes behind the streams of their segment. */
export function placesOf(recording: Recording): RecordingPlace[] {
  const { signalStreams, eventChannels, spikeChannels } = recording.header;
  const [streams, events, spikes] = [signalStreams, eventChannels, spikeChannels].map(namesOf) as [
    string[],
    string[],
    string[],
  ];
  return recording.parts.blocks.flatMap(({ segments }, blockIndex) =>
    segments.flatMap(({ signals }, segmentIndex) => {
      const at = `/${blockIndex}/${segmentIndex}`;
      const place = (kind: RecordingPlace["kind"], below: string) => (name: string, index: number): RecordingPlace => (
        { kind, blockIndex, segmentIndex, index, key: `${at}${below}/${name}` }
      );
      return [
        ...streams.map(place("signal", "")).filter(({ index }) => signals[index] !== null),
        ...events.map(place("events", "/events")),
        ...spikes.map(place("spikes", "/spikes")),
      ];
    })
  );
}

/** What each is called in a key: its name, or where that is empty or another's too, its id, or where it stands. */
function namesOf(rows: readonly { readonly name: string; readonly id: string }[]): string[] {
  return rows.map(({ name, id }, i) => {
    if (name !== "" && rows.filter((other) => other.name === name).length === 1) return name;
    return id !== "" && rows.filter((other) => other.id === id).length === 1 ? id : String(i);
  });
}

/**
 * Finds a place by its key. The name of a stream or of events alone will do where there is one segment; nothing at all, where there is
 * one stream.
 *
 * @param recording The recording
 * @param asked The key; `/` for the only stream
 * @throws {NotFoundError} If there is none, or several may be meant: the message lists them
 */
export function placeAt(recording: Recording, asked: string): RecordingPlace {
  const places = placesOf(recording);
  const key = asked.replace(/^\/+|\/+$/g, "");
  const found = key === ""
    ? places.filter(({ kind }) => kind === "signal")
    : places.filter((place) =>
      place.key === `/${key}` || place.key.replace(/^\/\d+\/\d+\/(events\/|spikes\/)?/, "") === key
    );
  if (found.length === 1) return found[0]!;
  const listed = found.length === 0 ? places : found;
  const some = listed.slice(0, 8).map(({ key }) => key).join(", ") + (listed.length > 8 ? ", …" : "");
  const why = found.length === 0 && key !== "" ? "there is none of that name" : "which one isn't said";
  throw new NotFoundError(
    `Cannot find ${JSON.stringify(asked)} in ${recording.name}: ${why}; there are ${some === "" ? "none" : some}`,
    { file: recording.name, object: asked },
  );
}

/**
 * A part of a stream; reads nothing.
 *
 * @param recording The recording
 * @param place Where it lies
 * @param request Which channels, which time, in which form
 * @throws {NotFoundError} If there is no such channel
 */
export function signalPart(recording: Recording, place: RecordingPlace, request: RecordingRequest = {}): RecordingPart {
  const { key, index: streamIndex, blockIndex, segmentIndex } = place;
  const which = { blockIndex, segmentIndex, streamIndex };
  const all = recording.channels(streamIndex);
  const picked = request.channels === undefined ? request.channelIndexes ?? null : channelsAt(all, request.channels);
  const channels = picked === null ? all : picked.map((i) => all[i]!);
  const samplingRate = recording.getSignalSamplingRate(streamIndex);
  const whole = recording.rawSignal(which);
  const axis = regularAxis(
    recording.getSignalTStart(blockIndex, segmentIndex, streamIndex),
    samplingRate,
    whole.shape[0]!,
  );
  const { from = -Infinity, to = Infinity } = request.window ?? {};
  const start = axis.lowerBound(from);
  const stop = Math.max(start, axis.upperBound(to));
  const isWhole = start === 0 && stop === whole.shape[0];
  const stored = isWhole && picked === null ? whole : whole.view([{ start, stop, step: 1 }, picked]);
  const scaled = (raw: LazyArray, of: readonly SignalChannel[]) =>
    scaledArray(raw, {
      gain: Float64Array.from(of, ({ gain }) => gain),
      offset: Float64Array.from(of, ({ offset }) => offset),
      dtype: whole.dtype.kind === "float" && whole.dtype.itemsize === 8 ? "float64" : "float32",
    }, { name: recording.name, maxReadBytes: recording.maxReadBytes });
  const { filters = [] } = request;
  const array = request.raw === true
    ? stored
    : filters.length === 0
    ? scaled(stored, channels)
    : fromDescription(scaled(whole, all), filters.map((step) => overStream(step, all, samplingRate)))
      .view([{ start, stop, step: 1 }, picked]);
  const names = channels.map(({ name }) => name);
  const columns = new Set(names).size === names.length ? names : channels.map(({ id }) => id);
  const units = new Set(channels.map(({ units }) => units));
  const [unit] = units;
  return {
    key,
    array,
    stored,
    frame: new TsdFrame(indexAxis(axis.slice(start, stop)), array, { columns }),
    channels,
    samplingRate,
    tStart: axis.length === 0 || start >= axis.length
      ? recording.segmentTStop(blockIndex, segmentIndex)
      : axis.at(start),
    unit: request.raw === true || units.size !== 1 || unit === "" ? null : unit!,
  };
}

/** A filter at the stream's rate; a reference of channels of one unit each. */
function overStream(
  step: TransformDescription,
  channels: readonly SignalChannel[],
  samplingRate: number,
): TransformDescription {
  if (step.name !== "commonReference") return { ...step, options: { ...step.options, samplingRate } };
  const units = [...new Set(channels.map(({ units }) => units))];
  const groups = units.map((unit) => channels.flatMap((channel, i) => channel.units === unit ? [i] : []));
  return { ...step, options: { ...step.options, groups } };
}

function channelsAt(channels: readonly SignalChannel[], asked: readonly string[]): number[] {
  return asked.map((name) => {
    const isName = channels.some((channel) => channel.name === name);
    return (isName ? namesToIndex : idsToIndex)(channels, [name])[0]!;
  });
}

/**
 * What a recording is, as JSON: its tables, and where its segments begin and end.
 *
 * @param recording The recording
 */
export function recordingJson(recording: Recording): Record<string, JsonValue> {
  const { format, header, warnings } = recording;
  const keys = new Map(
    placesOf(recording).filter(({ kind }) => kind === "signal")
      .map(({ key, blockIndex, segmentIndex, index }) => [`${blockIndex} ${segmentIndex} ${index}`, key]),
  );
  const segments = recording.parts.blocks.map(({ segments }, blockIndex) =>
    segments.map(({ tStart, tStop, signals }, segmentIndex) => ({
      tStart,
      tStop,
      streams: signals.flatMap((signal, streamIndex) =>
        signal === null ? [] : [{
          key: keys.get(`${blockIndex} ${segmentIndex} ${streamIndex}`)!,
          samples: signal.array.shape[0]!,
          tStart: signal.tStart,
        }]
      ),
    }))
  );
  return {
    format: format.name,
    ioName: format.ioName,
    ...header as unknown as Record<string, JsonValue>,
    blocks: segments.map((segments) => ({ segments })),
    warnings: [...warnings],
  };
}
