/**
 * Recordings of makers' formats, made in code: tables, samples and events are the same everywhere.
 *
 * @module
 */
import { openRecording } from "../../../src/recording/mod.ts";
import { smallRecordings } from "../../recording/make/small.ts";
import type { Case } from "../types.ts";

/** All that a recording says, segment by segment. */
async function contentOf(
  source: Parameters<typeof openRecording>[0],
  siblings: ReadonlyMap<string, Uint8Array>,
  format: string,
) {
  await using recording = await openRecording(source, { siblings, format });
  const { header, parts } = recording;
  const segments = [];
  for (const [segmentIndex, { tStart, tStop, signals }] of parts.blocks[0]!.segments.entries()) {
    const streams = [];
    for (const [streamIndex, signal] of signals.entries()) {
      if (signal === null) continue;
      const which = { segmentIndex, streamIndex };
      const raw = await recording.rawSignal(which).read();
      const physical = await recording.scaledSignal(which).read([{ start: 3, stop: 90, step: 4 }]);
      streams.push({ tStart: signal.tStart, shape: raw.shape, raw: raw.data, physical: physical.data });
    }
    const events = [];
    for (let i = 0; i < header.eventChannels.length; i++) events.push(await recording.getEvents(i, { segmentIndex }));
    segments.push({ tStart, tStop, streams, events });
  }
  return { text: String(recording), header, segments };
}

/** One case for each recording. */
export const recordingCases: readonly Case[] = smallRecordings().map(({ format, files, at }, i): Case => ({
  name: `recording ${i + 1}: ${format} gives its tables, samples, physical values and events`,
  run: () => contentOf(at === "" || at.endsWith(".bin") ? files : files.get(at)!, files, format),
}));
