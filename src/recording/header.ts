/**
 * What a recording's header says: the tables that neo's readers have, as plain objects.
 *
 * @module
 */

/** A file, or a part of one, in which the samples of one or more streams lie side by side. */
export interface SignalBuffer {
  /** What it is called. */
  readonly name: string;
  /** Tells it from the others. */
  readonly id: string;
}

/** Channels that are sampled together: at one rate, in one dtype. */
export interface SignalStream {
  /** What it is called. */
  readonly name: string;
  /** Tells it from the others. */
  readonly id: string;
  /** The buffer that it lies in; empty where it lies in none of its own. */
  readonly bufferId: string;
}

/** One channel of a stream. Its physical value is `raw * gain + offset`, in `units`. */
export interface SignalChannel {
  /** What it is called; names may repeat. */
  readonly name: string;
  /** Tells it from the others of its stream. */
  readonly id: string;
  /** Samples per second. */
  readonly samplingRate: number;
  /** Type of the samples as they are read, in NumPy's words without byte order: `i2`, `u2`, `i4`, `f4`. */
  readonly dtype: string;
  /** Unit of the physical values, such as `uV`; empty where the file doesn't say, or there is none. */
  readonly units: string;
  /** Physical units per raw one. */
  readonly gain: number;
  /** Physical value of a raw zero. */
  readonly offset: number;
  /** The stream that it belongs to. */
  readonly streamId: string;
  /** The buffer that it lies in; empty where it lies in none of its own. */
  readonly bufferId: string;
}

/** A unit, or a channel on which spikes are detected. */
export interface SpikeChannel {
  /** What it is called. */
  readonly name: string;
  /** Tells it from the others. */
  readonly id: string;
  /** Unit of its waveforms; empty where it has none. */
  readonly wfUnits: string;
  /** Physical units per raw one. */
  readonly wfGain: number;
  /** Physical value of a raw zero. */
  readonly wfOffset: number;
  /** Samples of a waveform that lie before the spike's time. */
  readonly wfLeftSweep: number;
  /** Samples per second of its waveforms. */
  readonly wfSamplingRate: number;
}

/** A kind of events, which happen at a time, or of epochs, which last. */
export interface EventChannel {
  /** What it is called. */
  readonly name: string;
  /** Tells it from the others; may be empty. */
  readonly id: string;
  /** Whether what it holds has durations. */
  readonly type: "event" | "epoch";
}

/** The tables of a recording. */
export interface RecordingHeader {
  /** Number of blocks. */
  readonly blockCount: number;
  /** Number of segments of each block. */
  readonly segmentCounts: readonly number[];
  /** Buffers; none where the format has nothing of the kind. */
  readonly signalBuffers: readonly SignalBuffer[];
  /** Streams. */
  readonly signalStreams: readonly SignalStream[];
  /** Channels, those of one stream together. */
  readonly signalChannels: readonly SignalChannel[];
  /** Units and channels of spikes. */
  readonly spikeChannels: readonly SpikeChannel[];
  /** Kinds of events and epochs. */
  readonly eventChannels: readonly EventChannel[];
}
