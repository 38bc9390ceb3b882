/**
 * What a maker's format says of itself, to be one line of the room's registry; and what it gives: tables, and per segment
 * lazy arrays. All that neo's readers and objects do stands on this, and knows no format.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import type { RecordingFiles } from "./files/recording_files.ts";
import type { EventChannel, SignalBuffer, SignalChannel, SpikeChannel } from "./header.ts";

/** What is known of a source before it is opened as any recording. */
export interface RecordingProbe {
  /** Its name without folders; empty where it has none. */
  readonly fileName: string;
  /** Whether it is a folder, or a map of names. */
  readonly isFolder: boolean;
  /** Its first bytes, 1,024 where it has so many; of a folder none. */
  readonly head: Uint8Array;
  /** The first bytes as text of one character for each byte. */
  readonly headText: string;
  /** Size of the file; 0 of a folder. */
  readonly byteLength: number;
  /**
   * Names in the folder that it is, or that it lies in, folders with a slash behind, one level deep; `null` where they can't be
   * listed: on a server, or beside bytes.
   */
  readonly names: readonly string[] | null;
}

/** Options that formats take. */
export interface FormatOptions {
  /**
   * How late a sample may come, in seconds, before a gap is seen: a segment begins behind each. What is less is taken as if it
   * were none.
   *
   * @default {half a sample period}
   */
  readonly gapTolerance?: number | undefined;
  /**
   * The most segments that gaps may make; more is an error, which names `gapTolerance`.
   *
   * @default {1000}
   */
  readonly maxSegments?: number | undefined;
  /**
   * Which clock tells times, where a recording has two, as Open Ephys has: `samples`, numbers of samples by the nominal rate of
   * their stream, or `synchronised`, the seconds of one clock for all streams. Where streams weren't synchronised times are told by
   * samples, with a warning.
   *
   * @default {"samples"}
   */
  readonly clock?: "samples" | "synchronised" | undefined;
  /** What a format scanned before, as `recording.index()` gave it: the file isn't scanned again. */
  readonly index?: unknown;
  /** How a raw binary file is laid out, for the format `raw`; see there. */
  readonly raw?: RawRecordingOptions | undefined;
  /** Aborts opening. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the progress of scans: from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** How a raw binary recording is laid out: neo's `RawBinarySignalIO`. */
export interface RawRecordingOptions {
  /**
   * NumPy's name of the samples' type.
   *
   * @default {"int16"}
   */
  readonly dtype?: string | undefined;
  /**
   * Samples per second.
   *
   * @default {10000}
   */
  readonly samplingRate?: number | undefined;
  /**
   * Number of interleaved channels.
   *
   * @default {2}
   */
  readonly channels?: number | undefined;
  /**
   * Physical units per raw one.
   *
   * @default {1}
   */
  readonly gain?: number | readonly number[] | undefined;
  /**
   * Physical value of a raw zero.
   *
   * @default {0}
   */
  readonly offset?: number | readonly number[] | undefined;
  /**
   * Unit of the physical values, or of each channel's.
   *
   * @default {""}
   */
  readonly units?: string | readonly string[] | undefined;
  /**
   * Bytes before the first sample.
   *
   * @default {0}
   */
  readonly byteOffset?: number | undefined;
}

/** A channel as a format gives it; which stream it is of is known by where it stands. */
export interface ChannelParts extends Omit<SignalChannel, "streamId" | "bufferId" | "dtype"> {
  /** What else is known of it, by name: `ground`, `impedance`. What all channels of a stream have becomes array annotations. */
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
}

/** A stream as a format gives it. */
export interface StreamParts {
  /** What it is called. */
  readonly name: string;
  /** Tells it from the others. */
  readonly id: string;
  /** The buffer that it lies in, where it has one. */
  readonly bufferId?: string | undefined;
  /** Type of the samples as they are read, in NumPy's words without byte order: `i2`, `u2`, `i4`, `f4`. */
  readonly dtype: string;
  /** Its channels: at least one, all of one rate. */
  readonly channels: readonly ChannelParts[];
}

/** Samples of a stream in a segment. */
export interface SegmentSignal {
  /** Raw samples, shape [samples, channels], of the stream's dtype; reads nothing by itself. */
  readonly array: LazyArray;
  /** When its first sample was taken, in seconds, by the segment's clock. */
  readonly tStart: number;
  /** When each sample was taken, where the file has that: shape [samples], in whatever the file has. */
  readonly timestamps?: LazyArray | undefined;
}

/** Events of a channel in a segment, in order of time. */
export interface EventParts {
  /** When they happen, in ticks of the file's clock. */
  readonly timestamps: Float64Array;
  /** How long they last, in ticks; `null` for events. */
  readonly durations: Float64Array | null;
  /** What they say: one text each. */
  readonly labels: readonly string[];
  /** What else is known of each, by name: lists of one entry each. */
  readonly annotations?: Readonly<Record<string, readonly unknown[] | Float64Array>> | undefined;
  /** Ticks per second: a time in seconds, by the segment's clock, is `timestamp / ticksPerSecond`. */
  readonly ticksPerSecond: number;
}

/** Spikes of a channel in a segment, in order of time. */
export interface SpikeParts {
  /** When they happen, in ticks of the file's clock. */
  readonly timestamps: Float64Array;
  /** Raw waveforms, shape [spikes, channels, samples]. */
  readonly waveforms?: LazyArray | undefined;
  /** What else is known of each, by name. */
  readonly annotations?: Readonly<Record<string, readonly unknown[] | Float64Array>> | undefined;
  /** Ticks per second. */
  readonly ticksPerSecond: number;
}

/** Options of what reads events and spikes. */
export interface PartsReadOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A segment: a stretch of time without gaps, and all that happened in it, by one clock. */
export interface SegmentParts {
  /** When it starts, in seconds. */
  readonly tStart: number;
  /** When it ends, in seconds: behind the last sample of its longest signal. */
  readonly tStop: number;
  /** Samples of each stream, in the order of the streams; `null` where a stream has none here. */
  readonly signals: readonly (SegmentSignal | null)[];
  /** Events of a channel, by where it stands in `eventChannels`. Asked for once: what it gives is kept. */
  events(channel: number, options: PartsReadOptions): Promise<EventParts> | EventParts;
  /** Spikes of a channel, by where it stands in `spikeChannels`. Asked for once: what it gives is kept. */
  spikes?(channel: number, options: PartsReadOptions): Promise<SpikeParts> | SpikeParts;
  /** What is known of it. */
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
}

/** A block: the segments of one session. */
export interface BlockParts {
  /** What it is called. */
  readonly name?: string | undefined;
  /** Its segments, at least one. */
  readonly segments: readonly SegmentParts[];
  /** What is known of it: who, when (`recDatetime`, a Date), with what. */
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
}

/** What a format opens. */
export interface RecordingParts {
  /** Buffers; none where the format has nothing of the kind. */
  readonly buffers?: readonly SignalBuffer[] | undefined;
  /** Streams, in the order of the file. */
  readonly streams: readonly StreamParts[];
  /** Units and channels of spikes. */
  readonly spikeChannels?: readonly SpikeChannel[] | undefined;
  /** Kinds of events and epochs. */
  readonly eventChannels?: readonly EventChannel[] | undefined;
  /** Blocks, at least one. */
  readonly blocks: readonly BlockParts[];
  /** What was found by a scan of the file, as plain data: JSON can carry it, and the option `index` takes it back. */
  index?(options: PartsReadOptions): Promise<unknown>;
  /** Closes what isn't one of the files that it was opened from. */
  close?(): Promise<void>;
}

/** A format: one file, and one line of the registry. */
export interface RecordingFormat {
  /** What it is called, such as `micromed`: `recording.format.name`, and the option `format`. */
  readonly name: string;
  /** The name of neo's class, such as `MicromedIO`. */
  readonly ioName: string;
  /** What it is, in words. */
  readonly description: string;
  /** How its files' names end: in lower case, without a dot before. */
  readonly extensions: readonly string[];
  /** Whether what the source begins with, or what lies in the folder, says so. */
  recognises(probe: RecordingProbe): boolean;
  /** Whether the name says so, where nothing else says anything. */
  mayBe?(probe: RecordingProbe): boolean;
  /**
   * Opens a recording: reads its header, and nothing of its samples.
   *
   * @throws {CorruptFileError} If the header contradicts itself; the message names file, field and offset
   * @throws {TruncatedError} If the header isn't all there
   * @throws {UnsupportedError} If it is a version or a variant that isn't read
   * @throws {NotFoundError} If a file that belongs to it isn't there
   */
  open(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts>;
}
