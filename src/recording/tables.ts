/**
 * The tables of a recording, made of what a format gives, and checked: whoever stands on them may rely on what they say.
 *
 * @module
 */

import { CorruptFileError } from "../source/errors.ts";
import type { RecordingParts, StreamParts } from "./format.ts";
import type { RecordingHeader, SignalChannel } from "./header.ts";

/**
 * Makes the tables.
 *
 * @param parts What the format gives
 * @param name What messages call the recording
 * @throws {CorruptFileError} If channels of a stream have several rates, or one that is none, ids repeat, or a gain isn't finite
 */
export function tablesOf(parts: RecordingParts, name: string): RecordingHeader {
  const refuse = (stream: StreamParts, why: string): never => {
    throw new CorruptFileError(`Cannot open ${name}: in the stream ${JSON.stringify(stream.name)} ${why}`, {
      file: name,
      object: stream.name,
    });
  };
  const seen = new Set<string>();
  for (const stream of parts.streams) {
    const { channels, id } = stream;
    if (seen.has(id)) refuse(stream, `the id ${JSON.stringify(id)} is that of another stream`);
    seen.add(id);
    if (channels.length === 0) refuse(stream, "there are no channels");
    const rates = new Set(channels.map(({ samplingRate }) => samplingRate));
    if (rates.size > 1) refuse(stream, `channels have several sampling rates: ${[...rates].join(", ")} Hz`);
    const [rate] = rates;
    if (!(rate! > 0 && Number.isFinite(rate))) refuse(stream, `the sampling rate is ${rate} Hz`);
    const ids = new Set<string>();
    for (const channel of channels) {
      if (ids.has(channel.id)) refuse(stream, `two channels have the id ${JSON.stringify(channel.id)}`);
      ids.add(channel.id);
      if (!Number.isFinite(channel.gain) || !Number.isFinite(channel.offset)) {
        refuse(
          stream,
          `channel ${JSON.stringify(channel.name)} has the gain ${channel.gain} and offset ${channel.offset}`,
        );
      }
    }
  }
  return {
    blockCount: parts.blocks.length,
    segmentCounts: parts.blocks.map(({ segments }) => segments.length),
    signalBuffers: parts.buffers ?? [],
    signalStreams: parts.streams.map(({ name, id, bufferId = "" }) => ({ name, id, bufferId })),
    signalChannels: parts.streams.flatMap(channelsOf),
    spikeChannels: parts.spikeChannels ?? [],
    eventChannels: parts.eventChannels ?? [],
  };
}

function channelsOf({ channels, dtype, id: streamId, bufferId = "" }: StreamParts): SignalChannel[] {
  return channels.map(({ name, id, samplingRate, units, gain, offset }) => (
    { name, id, samplingRate, dtype, units, gain, offset, streamId, bufferId }
  ));
}
