/**
 * `.events` files: changes of lines and other events in records of 16 bytes, and messages as lines of text.
 *
 * @module
 */

import { slice } from "../../../../array/select/slice.ts";
import { LimitError, MicrotomeError } from "../../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions } from "../../../format.ts";
import { splitExperiment } from "./files.ts";
import { HEADER_BYTES, readLegacyHeader } from "./header.ts";
import { isSyncLine, parseSyncMessages, type SyncMessages } from "../binary/sync_messages.ts";

/** One file of events. */
export interface LegacyEventsFile {
  /** Its file. */
  readonly file: RecordingFile;
  /** Its name, without the experiment. */
  readonly name: string;
  /** Number of the experiment. */
  readonly experiment: number;
  /** Ticks per second; 0 where the file doesn't say, since 0.6. */
  readonly sampleRate: number;
  /** Bytes of a record. */
  readonly recordBytes: number;
  /** Number of records. */
  readonly count: number;
}

/** Events of a file. */
export interface LegacyEvents {
  readonly times: Float64Array;
  readonly recordings: Float64Array;
  readonly labels: readonly string[];
  readonly notes: Readonly<Record<string, Float64Array>>;
}

/** Messages of an experiment. */
export interface LegacyMessages {
  readonly experiment: number;
  readonly sync: SyncMessages;
  readonly events: LegacyEvents;
}

const BLOCK_RECORDS = 2 ** 18;
const MOST_EVENTS = 2 ** 26;

/**
 * Opens a file of events; `null`, with a warning, where it can't be read.
 *
 * @param files The source
 * @param path The file
 */
export async function openLegacyEvents(files: RecordingFiles, path: string): Promise<LegacyEventsFile | null> {
  try {
    const file = await files.open(path);
    const header = await readLegacyHeader(file);
    // Before 0.2 records didn't say which recording they are of.
    const recordBytes = header.number("version", 0.4) >= 0.2 ? 16 : 14;
    const room = file.byteLength - HEADER_BYTES;
    const count = Math.floor(room / recordBytes);
    if (room > count * recordBytes) {
      files.warn(`${file.name}: its last ${room - count * recordBytes} bytes are no whole event: left out`);
    }
    const sampleRate = header.number("sampleRate", 0);
    if (sampleRate < 0) header.refuse("sampleRate", `is ${sampleRate}, which it can't be`);
    return { file, ...splitExperiment(path), sampleRate, recordBytes, count };
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    files.warn(`${error.message}; its events are left out`);
    return null;
  }
}

/**
 * Reads events, in large blocks.
 *
 * @param events The file
 * @param options Aborts, and is told of the progress
 */
export async function readLegacyEvents(
  { file, recordBytes, count }: LegacyEventsFile,
  { signal, onProgress }: Pick<FormatOptions, "signal" | "onProgress">,
): Promise<LegacyEvents> {
  if (count > MOST_EVENTS) {
    throw new LimitError(`Cannot read ${file.name}: it has ${count} events, more than ${MOST_EVENTS}`, {
      file: file.name,
    });
  }
  const column = () => new Float64Array(count);
  const [times, recordings, types, processors, ids, channels] = [
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  const records = file.flat<Uint8Array>({ offset: HEADER_BYTES, shape: [count, recordBytes], dtype: "|u1" });
  for (let start = 0; start < count; start += BLOCK_RECORDS) {
    const stop = Math.min(count, start + BLOCK_RECORDS);
    const { data } = await records.read([slice(start, stop), slice(null)], { signal });
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = start, at = 0; i < stop; i++, at += recordBytes) {
      times[i] = Number(view.getBigInt64(at, true));
      types[i] = view.getUint8(at + 10);
      processors[i] = view.getUint8(at + 11);
      ids[i] = view.getUint8(at + 12);
      channels[i] = view.getUint8(at + 13);
      if (recordBytes === 16) recordings[i] = view.getUint16(at + 14, true);
    }
    onProgress?.(stop / count);
  }
  return {
    times,
    recordings,
    // In neo's words: type, processor, channel.
    labels: Array.from(types, (type, i) => `${type}#${processors[i]}#${channels[i]}`),
    notes: { eventType: types, processorId: processors, eventId: ids, channel: channels, recordingNumber: recordings },
  };
}

/**
 * Reads messages: those that the GUI writes of its clocks are told apart.
 *
 * @param files The source
 * @param path The file
 */
export async function readMessages(files: RecordingFiles, path: string): Promise<LegacyMessages | null> {
  const file = await files.find(path);
  if (file === null) return null;
  let text: string;
  try {
    text = await file.text();
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    files.warn(`${error.message}; its messages are left out`);
    return null;
  }
  const times: number[] = [];
  const labels: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(-?\d{1,19}),?\s+(.+)$/.exec(line);
    if (found === null || isSyncLine(line)) continue;
    times.push(Number(found[1]));
    labels.push(found[2]!.trimEnd());
  }
  const events = { times: Float64Array.from(times), recordings: new Float64Array(0), labels, notes: {} };
  return { experiment: splitExperiment(path).experiment, sync: parseSyncMessages(text), events };
}
