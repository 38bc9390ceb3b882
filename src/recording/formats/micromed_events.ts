/**
 * What happened in a Micromed recording: triggers, notes, and pairs of begin and end.
 *
 * @module
 */

import { HeaderReader } from "../files/header_reader.ts";
import type { RecordingFile } from "../files/recording_files.ts";
import type { PartsReadOptions } from "../format.ts";

/** A zone of what happened, and what its records are. */
export interface Zone {
  /** Its name. */
  readonly name: string;
  /** What its records are. */
  readonly kind: "triggers" | "notes" | "pairs";
}

/** One thing that happened, told by rows of the file. */
export interface ZoneEvent {
  /** The row at which it happened or began. */
  readonly row: number;
  /** How many rows it lasted; 0 for what has no end. */
  readonly duration: number;
  /** What it says. */
  readonly label: string;
}

/** A slot that was never used. */
const EMPTY = 0xffffffff;
/** The length of a zone of pairs: its name, and a hundred of them. */
const NAMED_PAIRS = 864;
const NAME = 64;
const NOTE_TEXT = 40;

/**
 * Reads a zone, in the order of time.
 *
 * @param file The file
 * @param place Where the zone lies; what of it lies in the file
 * @param kind What its records are
 * @param options Abort signal
 */
export async function eventRecords(
  file: RecordingFile,
  place: { readonly offset: number; readonly length: number } | undefined,
  kind: Zone["kind"],
  { signal }: PartsReadOptions,
): Promise<ZoneEvent[]> {
  if (place === undefined || place.length === 0) return [];
  const reader = new HeaderReader(await file.bytes(place, signal), file.name, place.offset);
  const found = kind === "triggers" ? triggers(reader) : kind === "notes" ? notes(reader) : pairs(reader);
  return found.sort((a, b) => a.row - b.row);
}

function triggers(reader: HeaderReader): ZoneEvent[] {
  const events: ZoneEvent[] = [];
  while (reader.at + 6 <= reader.bytes.length) {
    const row = reader.u32("a trigger's sample");
    const value = reader.u16("a trigger's value");
    // Sample 0 is a sample like others where something stands there.
    if (row !== EMPTY && (row !== 0 || value !== 0)) events.push({ row, duration: 0, label: String(value) });
  }
  return events;
}

function notes(reader: HeaderReader): ZoneEvent[] {
  const events: ZoneEvent[] = [];
  while (reader.at + 4 + NOTE_TEXT <= reader.bytes.length) {
    const row = reader.u32("a note's sample");
    const label = reader.text(NOTE_TEXT, "a note").trim();
    if (row !== EMPTY && label !== "") events.push({ row, duration: 0, label });
  }
  return events;
}

/** A zone of 864 bytes begins with its name; one of another length holds records with a number each, as neo reads them. */
function pairs(reader: HeaderReader): ZoneEvent[] {
  const { length } = reader.bytes;
  const isNamed = length === NAMED_PAIRS || length % 12 !== 0;
  const name = isNamed && length >= NAME ? reader.text(NAME, "the events' name").trim() : "";
  if (isNamed) reader.seek(Math.min(NAME, length));
  const events: ZoneEvent[] = [];
  while (reader.at + (isNamed ? 8 : 12) <= length) {
    const label = isNamed ? name : String(reader.u32("an event's label"));
    const row = reader.u32("an event's begin");
    const stop = reader.u32("an event's end");
    if (row === EMPTY || row === 0 && (stop === 0 || stop === EMPTY)) continue;
    events.push({ row, duration: stop === EMPTY || stop < row ? 0 : stop - row, label });
  }
  return events;
}
