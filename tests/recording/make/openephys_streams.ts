/**
 * Small Open Ephys recordings, and what is looked at of those that were opened.
 *
 * @module
 */

import type { EventParts, RecordingParts, SegmentSignal, SpikeParts } from "../../../src/recording/format.ts";
import { type MadeRecording, type MadeStream, range } from "./openephys_binary.ts";

/** Events of a channel, by its name or place. */
export async function eventsOf(
  parts: RecordingParts,
  name: string | number,
  block = 0,
  segment = 0,
): Promise<EventParts> {
  const channel = typeof name === "number" ? name : parts.eventChannels!.findIndex((entry) => entry.name === name);
  return await parts.blocks[block]!.segments[segment]!.events(channel, {});
}

/** Spikes of a channel. */
export async function spikesOf(parts: RecordingParts, channel: number, block = 0, segment = 0): Promise<SpikeParts> {
  return await parts.blocks[block]!.segments[segment]!.spikes!(channel, {});
}

/** A stream in a segment. */
export const signal = (parts: RecordingParts, stream = 0, segment = 0, block = 0): SegmentSignal =>
  parts.blocks[block]!.segments[segment]!.signals[stream]!;

/** Channels CH1, CH2, … */
export const CH = (count: number): { name: string }[] => range(1, count).map((i) => ({ name: `CH${i}` }));

/** A stream as it was before 0.6: 100 samples from number 5000 on. */
export function oldStream(parts: Partial<MadeStream> = {}): MadeStream {
  return { folder: "Rhythm_FPGA-100.0", rate: 1000, channels: CH(2), numbers: range(5000, 100), ...parts };
}

/** A stream as it is since 0.6: 100 samples from number 5000 on. */
export function newStream(parts: Partial<MadeStream> = {}): MadeStream {
  return {
    folder: "Acq-100.stream",
    rate: 1000,
    channels: CH(2),
    numbers: range(5000, 100),
    seconds: range(0, 100).map((i) => 5.5 + i / 1000),
    ...parts,
  };
}

/** Where a recording lies before 0.5. */
export const OLD: MadeRecording = { version: "0.4.4", path: "experiment1/recording1/" };
/** Where a recording lies since. */
export const NEW: MadeRecording = { version: "0.6.7", path: "Record Node 101/experiment1/recording1/" };
