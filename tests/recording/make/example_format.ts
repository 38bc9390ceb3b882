/**
 * neo's `ExampleRawIO` as a format: 2 blocks of 2 and 3 segments of 10 s, 2 streams of 8 channels at 10 kHz, spikes, events and
 * epochs, all made by rules. Where neo's samples are zeros, here each is told from every other by its value.
 *
 * @module
 */

import { memoryArray } from "../../../src/array/memory.ts";
import { ndarray } from "../../../src/array/ndarray.ts";
import type { LazyArray, NDArray, Selection } from "../../../src/array/types.ts";
import type { EventParts, RecordingFormat, SegmentParts, SpikeParts } from "../../../src/recording/format.ts";

/** Samples per second. */
export const RATE = 10_000;
/** Samples of a segment. */
export const LENGTH = 100_000;
/** Physical units per raw one. */
export const GAIN = 1000 / 2 ** 16;
/** When segments start, by block. */
export const STARTS: readonly (readonly number[])[] = [[0, 15], [0, 20, 60]];
/** Samples of a waveform. */
export const WAVEFORM = 50;

/** The raw sample of a channel, of those of its stream. */
export function rawAt(row: number, channel: number, stream = 0): number {
  return (row * 31 + channel * 1009 + stream * 4001) % 20011 - 10000;
}

/** The raw sample of a spike's waveform. */
export function waveAt(spike: number, sample: number): number {
  return (spike * 7 + sample * 3) % 41 - 20;
}

/** What was read of the samples: shapes. */
export interface ReadLog {
  readonly reads: (readonly number[])[];
  /** How often events and spikes were asked for. */
  scans: number;
}

/** Raw samples that are worked out when they are read; so many of them would be slow to make all at once. */
function samplesOf(stream: number, log: ReadLog): LazyArray {
  const shape = [LENGTH, 8];
  const whole = memoryArray(
    ndarray(Int16Array.from({ length: LENGTH * 8 }, (_, i) => rawAt(Math.floor(i / 8), i % 8, stream)), shape),
  );
  const logged = (array: LazyArray): LazyArray => ({
    shape: array.shape,
    dtype: array.dtype,
    chunkShape: null,
    async read(selection?: Selection, options?: object): Promise<NDArray> {
      const read = await array.read(selection, options);
      log.reads.push(read.shape);
      return read;
    },
    view: (selection) => logged(array.view!(selection)),
  });
  return logged(whole);
}

function eventsOf(channel: number, start: number): EventParts {
  const isEpoch = channel === 1;
  const count = isEpoch ? 10 : 6;
  return {
    timestamps: Float64Array.from({ length: count }, (_, i) => start + i + (isEpoch ? 0.5 : 0)),
    durations: isEpoch ? new Float64Array(count).fill(0.25) : null,
    labels: Array.from(
      { length: count },
      (_, i) => isEpoch ? (i < 5 ? "zoneX" : "zoneZ") : i % 2 === 0 ? "trigger_a" : "trigger_b",
    ),
    annotations: isEpoch ? {} : { button: Array.from({ length: count }, (_, i) => `B${i}`) },
    ticksPerSecond: 1,
  };
}

function spikesOf(channel: number, start: number): SpikeParts {
  const timestamps = Float64Array.from({ length: 20 }, (_, i) => start * RATE + 500 * i);
  const waves = Int16Array.from(
    { length: 20 * WAVEFORM },
    (_, i) => waveAt(Math.floor(i / WAVEFORM), i % WAVEFORM),
  );
  return {
    timestamps,
    // The last unit has none.
    ...(channel === 2 ? {} : { waveforms: memoryArray(ndarray(waves, [20, 1, WAVEFORM])) }),
    annotations: { amplitudes: Float64Array.from({ length: 20 }, (_, i) => i / 2) },
    ticksPerSecond: RATE,
  };
}

/** What differs from neo's. */
export interface ExampleOptions {
  /** Physical units per raw one of the channels of stream 0, where they aren't all {@linkcode GAIN}. */
  readonly gains?: readonly number[];
  /** Waits before events and spikes are there. */
  readonly slow?: (signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Makes the format.
 *
 * @param options What differs from neo's
 * @returns The format, and what was read by it
 */
export function exampleFormat({ gains, slow }: ExampleOptions = {}): { format: RecordingFormat; log: ReadLog } {
  const log: ReadLog = { reads: [], scans: 0 };
  const arrays = [0, 1].map((stream) => samplesOf(stream, log));
  const scan = async <T>(make: () => T, signal: AbortSignal | undefined): Promise<T> => {
    log.scans++;
    await slow?.(signal);
    return make();
  };
  const segment = (block: number, index: number): SegmentParts => {
    const tStart = STARTS[block]![index]!;
    return {
      tStart,
      tStop: tStart + 10,
      signals: arrays.map((array) => ({ array, tStart })),
      events: (channel, { signal }) => scan(() => eventsOf(channel, tStart), signal),
      spikes: (channel, { signal }) => scan(() => spikesOf(channel, tStart), signal),
      annotations: { segExtraInfo: `This is the seg ${index} of block ${block}` },
    };
  };
  const format: RecordingFormat = {
    name: "example",
    ioName: "ExampleRawIO",
    description: "neo's example",
    extensions: ["fake"],
    recognises: ({ fileName }) => /\.fake$/i.test(fileName),
    open: () =>
      Promise.resolve({
        buffers: [0, 1].map((i) => ({ name: `buffer ${i}`, id: `${i}` })),
        streams: [0, 1].map((stream) => ({
          name: `stream ${stream}`,
          id: `${stream}`,
          bufferId: `${stream}`,
          dtype: "i2",
          channels: Array.from({ length: 8 }, (_, i) => ({
            name: `ch${8 * stream + i}`,
            id: `${8 * stream + i + 1}`,
            samplingRate: RATE,
            units: 8 * stream + i >= 14 ? "pA" : "uV",
            gain: stream === 0 ? gains?.[i] ?? GAIN : GAIN,
            offset: 0,
            annotations: { impedance: 100 * i },
          })),
        })),
        spikeChannels: [0, 1, 2].map((i) => ({
          ...{ name: `unit${i}`, id: `#${i}`, wfUnits: "uV", wfGain: GAIN, wfOffset: 0 },
          ...{ wfLeftSweep: 20, wfSamplingRate: RATE },
        })),
        eventChannels: [{ name: "Some events", id: "ev_0", type: "event" }, {
          name: "Some epochs",
          id: "ep_1",
          type: "epoch",
        }],
        blocks: STARTS.map((starts, block) => ({
          name: `Block #${block}`,
          segments: starts.map((_, index) => segment(block, index)),
          annotations: { blockExtraInfo: `This is the block ${block}`, recDatetime: new Date(Date.UTC(2024, 0, 2)) },
        })),
      }),
  };
  return { format, log };
}
