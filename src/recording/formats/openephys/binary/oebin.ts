/**
 * `structure.oebin`: what lies in the folder of a recording.
 *
 * @module
 */

import { parseBoundedJson } from "../../../../source/bounded_json.ts";
import { CorruptFileError } from "../../../../source/errors.ts";
import type { RecordingFile } from "../../../files/recording_files.ts";

/** A channel of a stream. */
export interface OebinChannel {
  /** What it is called. */
  readonly name: string;
  /** Physical units per raw one; the file's word for it is `bit_volts`. */
  readonly bitVolts: number;
  /** What the file says; empty where it says nothing. */
  readonly units: string;
  /** What else is said. */
  readonly annotations: Readonly<Record<string, unknown>>;
  /** Its index at its source, before 0.6; -1 where that isn't said. */
  readonly sourceIndex: number;
}

/** A folder below `continuous`. */
export interface OebinStream {
  /** Its folder, without a slash at its end. */
  readonly folder: string;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Where its data comes from; -1 where that isn't said. */
  readonly sourceId: number;
  /** Which part of the source; -1 where that isn't said. */
  readonly sourceSubIndex: number;
  /** Name of its source, such as `Rhythm FPGA`. */
  readonly sourceName: string;
  /** Name of the stream, since 0.6. */
  readonly streamName: string;
  /** Its channels. */
  readonly channels: readonly OebinChannel[];
}

/** A folder below `events`. */
export interface OebinEvents {
  /** Its folder, without a slash at its end. */
  readonly folder: string;
  /** What it is called. */
  readonly name: string;
  /** Whether it is lines that rise and fall. */
  readonly isLines: boolean;
  /** Ticks per second. */
  readonly sampleRate: number;
  /** Name of the stream, since 0.6. */
  readonly streamName: string;
  /** Lines that were high when recording began, one bit each; 0 where that isn't said. */
  readonly initialState: bigint;
  /** What else is said. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** Where a channel of an electrode comes from, before 0.6. */
export interface SourceChannel {
  /** Its processor. */
  readonly processor: number;
  /** Which part of it. */
  readonly subIndex: number;
  /** Its channel. */
  readonly channel: number;
}

/** An electrode of a folder below `spikes`. */
export interface OebinElectrode {
  /** What it is called. */
  readonly name: string;
  /** Physical units per raw one of its first channel, since 0.6; `null` where that isn't said. */
  readonly bitVolts: number | null;
  /** Its channels before 0.6. */
  readonly sources: readonly SourceChannel[];
}

/** A folder below `spikes`. */
export interface OebinSpikes {
  /** Its folder, without a slash at its end. */
  readonly folder: string;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Name of the stream, since 0.6. */
  readonly streamName: string;
  /** Samples of a waveform before its peak. */
  readonly prePeakSamples: number;
  /** Its electrodes: one since 0.6. */
  readonly electrodes: readonly OebinElectrode[];
}

/** What a recording's folder holds. */
export interface Oebin {
  /** Version of the GUI that wrote it. */
  readonly version: string;
  /** Streams of samples. */
  readonly continuous: readonly OebinStream[];
  /** Events. */
  readonly events: readonly OebinEvents[];
  /** Spikes. */
  readonly spikes: readonly OebinSpikes[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads fields of JSON, and says which is wrong. */
class Entry {
  constructor(readonly file: string, readonly where: string, readonly fields: Fields) {}

  refuse(field: string, why: string): never {
    const object = this.where === "" ? field : `${this.where}.${field}`;
    throw new CorruptFileError(`Cannot read ${this.file}: ${object} ${why}`, { file: this.file, object });
  }

  text(field: string): string {
    const value = this.fields[field];
    return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  }

  /** A number, also one that is written as text. */
  number(field: string, missing?: number): number {
    const value = this.fields[field];
    if ((value === undefined || value === null) && missing !== undefined) return missing;
    const found = typeof value === "number"
      ? value
      : typeof value === "string" && value.trim() !== ""
      ? Number(value)
      : NaN;
    if (!Number.isFinite(found)) this.refuse(field, `is no number: ${shown(value)}`);
    return found;
  }

  rate(): number {
    const rate = this.number("sample_rate");
    if (!(rate > 0)) this.refuse("sample_rate", `is ${rate}, which no rate can be`);
    return rate;
  }

  list(field: string): Entry[] {
    const value = this.fields[field];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) this.refuse(field, `is no list: ${shown(value)}`);
    return value.map((item, i) => {
      if (typeof item !== "object" || item === null || Array.isArray(item)) {
        this.refuse(`${field}[${i}]`, `is no object: ${shown(item)}`);
      }
      return new Entry(this.file, `${this.where === "" ? "" : `${this.where}.`}${field}[${i}]`, item as Fields);
    });
  }

  folder(field: string): string {
    const path = this.text(field).replaceAll("\\", "/").replace(/\/+$/, "");
    if (path === "") this.refuse(field, "is missing");
    if (path.split("/").some((part) => part === "" || part === "." || part === "..")) {
      this.refuse(field, `leads out of the recording: ${shown(path)}`);
    }
    return path;
  }

  notes(names: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(
      names.filter((name) => this.fields[name] !== undefined).map((name) => [camel(name), this.fields[name]]),
    );
  }
}

/**
 * Parses `structure.oebin`.
 *
 * @param file The file
 * @param signal Aborts
 * @throws {CorruptFileError} If it isn't what it should be
 */
export async function readOebin(file: RecordingFile, signal?: AbortSignal): Promise<Oebin> {
  let parsed: unknown;
  try {
    parsed = parseBoundedJson((await file.text(signal)).replace(/^\uFEFF/, ""), { nonFinite: true });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CorruptFileError(`Cannot read ${file.name}: it is no JSON: ${cause.message}`, { file: file.name, cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new CorruptFileError(`Cannot read ${file.name}: it is JSON, but no object`, { file: file.name });
  }
  const root = new Entry(file.name, "", parsed as Fields);
  return {
    version: root.text("GUI version"),
    continuous: root.list("continuous").map(streamOf),
    events: root.list("events").map(eventsOf),
    spikes: root.list("spikes").map(spikesOf),
  };
}

function streamOf(entry: Entry): OebinStream {
  const channels = entry.list("channels").map((channel) => ({
    name: channel.text("channel_name"),
    bitVolts: channel.number("bit_volts", 1),
    units: channel.text("units"),
    sourceIndex: channel.number("source_processor_index", -1),
    annotations: channel.notes([
      "description",
      "identifier",
      "history",
      "source_processor_index",
      "recorded_processor_index",
    ]),
  }));
  if (channels.length === 0) entry.refuse("channels", "has no channel");
  const said = entry.number("num_channels", channels.length);
  if (said !== channels.length) {
    entry.refuse("num_channels", `is ${said}, but channels has ${channels.length}`);
  }
  return {
    folder: entry.folder("folder_name"),
    sampleRate: entry.rate(),
    sourceId: entry.number("source_processor_id", -1),
    sourceSubIndex: entry.number("source_processor_sub_idx", -1),
    sourceName: entry.text("source_processor_name"),
    streamName: entry.text("stream_name"),
    channels,
  };
}

function eventsOf(entry: Entry): OebinEvents {
  const state = entry.number("initial_state", 0);
  const folder = entry.folder("folder_name");
  return {
    folder,
    name: entry.text("channel_name"),
    isLines: entry.text("type") === "int16" || /(^|\/)TTL(_\d+)?$/.test(folder),
    sampleRate: entry.rate(),
    streamName: entry.text("stream_name"),
    initialState: Number.isSafeInteger(state) ? BigInt.asUintN(64, BigInt(state)) : 0n,
    annotations: entry.notes(["description", "identifier", "source_processor"]),
  };
}

function spikesOf(entry: Entry): OebinSpikes {
  const shared = {
    sampleRate: entry.rate(),
    streamName: entry.text("stream_name"),
    prePeakSamples: Math.trunc(entry.number("pre_peak_samples", 0)),
  };
  // Since 0.6 an entry is an electrode; before it is a group of electrodes with equally many channels.
  if (entry.fields["folder"] !== undefined) {
    const [first] = entry.list("source_channels");
    const electrode = { name: entry.text("name"), bitVolts: first?.number("bit_volts", 1) ?? null, sources: [] };
    return { ...shared, folder: entry.folder("folder"), electrodes: [electrode] };
  }
  const electrodes = entry.list("channels").map((channel) => ({
    name: channel.text("channel_name"),
    bitVolts: null,
    sources: channel.list("source_channel_info").map((source) => ({
      processor: source.number("source_processor_id", -1),
      subIndex: source.number("source_processor_sub_idx", -1),
      channel: source.number("source_processor_channel", -1),
    })),
  }));
  return { ...shared, folder: entry.folder("folder_name"), electrodes };
}

/** `source_processor_index` as `sourceProcessorIndex`. */
export function camel(name: string): string {
  return name.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").slice(0, 60);
}
