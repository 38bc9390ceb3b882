/**
 * Events of an Open Ephys binary recording: lines as epochs, texts, and binary ones.
 *
 * @module
 */

import type { NDArray } from "../../../../array/types.ts";
import { CorruptFileError } from "../../../../source/errors.ts";
import type { RecordingFiles } from "../../../files/recording_files.ts";
import type { EventParts, FormatOptions, PartsReadOptions } from "../../../format.ts";
import { checkRows, findColumn, isFloat, isWhole, type NpyColumn, readNumbers } from "./npy_column.ts";
import type { OebinEvents } from "./oebin.ts";
import {
  clockOf,
  type NodeRecording,
  type NodeStream,
  segmentFinder,
  type WholeRecording,
} from "../recording_parts.ts";
import { lineEpochs } from "./ttl.ts";

/** A column of notes. */
type Notes = Record<string, readonly unknown[] | Float64Array>;

/** When something happened, and how its clock ticks. */
export interface Ticks {
  readonly times: Float64Array;
  readonly perSecond: number;
}

const NONE: EventParts = {
  timestamps: /* @__PURE__ */ new Float64Array(0),
  durations: null,
  labels: [],
  ticksPerSecond: 1,
};

/**
 * Events of one folder, segment by segment.
 *
 * @param files The source
 * @param whole The recording
 * @param node The node whose events they are
 * @param events What the structure says of them
 * @param options The clock
 * @param read Aborts
 */
export async function readBinaryEvents(
  files: RecordingFiles,
  whole: WholeRecording,
  node: NodeRecording,
  events: OebinEvents,
  options: FormatOptions,
  read: PartsReadOptions,
): Promise<EventParts[]> {
  const all = await readAll(files, whole, node, events, options, read);
  const stream = clockOf(node, events.folder, events.streamName);
  return splitBySegment(whole, stream, all);
}

async function readAll(
  files: RecordingFiles,
  whole: WholeRecording,
  node: NodeRecording,
  events: OebinEvents,
  options: FormatOptions,
  read: PartsReadOptions,
): Promise<EventParts> {
  const folder = `${node.found.path}events/${events.folder}/`;
  const column = (name: string) => findColumn(files, `${folder}${name}.npy`);
  const numbers = await column("sample_numbers");
  const times = await column("timestamps");
  if (numbers === null && times === null) {
    files.warn(`${files.name}: there is no ${folder}timestamps.npy: there are no such events`);
    return events.isLines ? { ...NONE, durations: new Float64Array(0) } : NONE;
  }
  const states = await column("states") ?? await column("channel_states");
  const [channels, words, text, data, metadata] = await Promise.all(
    ["channels", "full_words", "text", "data_array", "metadata"].map(column),
  );
  const present = [numbers, times, states, channels, text, metadata].filter((found) =>
    found !== null && found !== undefined
  );
  const rows = Math.min(...present.map((found) => found.rows));
  if (present.some((found) => found.rows !== rows)) {
    files.warn(`${folder}: its files have different numbers of events: the first ${rows} are read`);
  }
  const stream = clockOf(node, events.folder, events.streamName);
  const ticks = await ticksOf(numbers, times, { rows, rate: events.sampleRate, stream, options, read });
  const perSecond = stream === null ? tickRate(files, whole, node, ticks, folder) : ticks.perSecond;
  const notes: Notes = {};
  const values = async (found: NpyColumn | null | undefined) =>
    found === null || found === undefined ? null : (await readNumbers(found, read)).subarray(0, rows);
  const channelList = await values(channels);
  const stateList = await values(states);
  if (channelList !== null) notes.channels = channelList;
  if (stateList !== null) notes.states = stateList;
  if (words !== null && words !== undefined && words.rows >= rows) {
    notes.fullWords = (await listOf(words, rows, read, (word) => word)).map(wordOf);
  }
  if (numbers !== null && times !== null && isFloat(times)) {
    notes.sampleNumbers = (await readNumbers(numbers, read)).subarray(0, rows);
    notes.synchronisedTimes = (await readNumbers(times, read)).subarray(0, rows);
  }
  if (data !== null && data !== undefined) notes.dataArray = await listOf(data, rows, read);
  let labels: readonly string[] | null = null;
  if (text !== null && text !== undefined) labels = notes.text = (await listOf(text, rows, read)).map(plainText);
  if (metadata !== null && metadata !== undefined) {
    const records = await listOf(metadata, rows, read);
    Object.assign(notes, fieldsOf(records));
    labels ??= records.map(recordLabel);
  }
  if (stateList !== null && events.isLines) {
    const bounds = boundsOf(whole, stream);
    const found = lineEpochs({
      times: ticks.times,
      states: stateList,
      initialState: events.initialState,
      begin: bounds.tStart * perSecond,
      end: bounds.tStop * perSecond,
    });
    return {
      timestamps: found.starts,
      durations: found.durations,
      labels: found.changes.map((change, i) => String(channelList?.[change] ?? found.lines[i])),
      annotations: pick(notes, found.changes),
      ticksPerSecond: perSecond,
    };
  }
  labels ??= Array.from(channelList ?? stateList ?? new Float64Array(rows), String);
  return inOrder({ timestamps: ticks.times, durations: null, labels, annotations: notes, ticksPerSecond: perSecond });
}

/**
 * When things happened by the clock that was asked for, in its ticks.
 *
 * @param numbers Sample numbers, since 0.6
 * @param times Seconds since 0.6, sample numbers before
 */
export async function ticksOf(
  numbers: NpyColumn | null,
  times: NpyColumn | null,
  given: {
    readonly rows: number;
    readonly rate: number;
    readonly stream: NodeStream | null;
    readonly options: FormatOptions;
    readonly read: PartsReadOptions;
  },
): Promise<Ticks> {
  const { rows, rate, stream, options, read } = given;
  const seconds = times !== null && isFloat(times) ? times : null;
  const samples = numbers ?? (seconds === null ? times : null);
  if (samples !== null && !isWhole(samples)) {
    throw new CorruptFileError(`Cannot read ${samples.file.name}: it holds no whole numbers`, {
      file: samples.file.name,
    });
  }
  const cut = async (column: NpyColumn) => (await readNumbers(column, read)).subarray(0, rows);
  if (options.clock === "synchronised") {
    const told = seconds === null ? null : await cut(seconds);
    if (told !== null && told.every((value) => value >= 0)) return { times: told, perSecond: 1 };
    if (samples !== null && stream !== null) {
      return { times: (await cut(samples)).map((value) => stream.samples.secondsOf(value)), perSecond: 1 };
    }
  }
  if (samples !== null) return { times: await cut(samples), perSecond: rate };
  return { times: await cut(seconds!), perSecond: 1 };
}

/**
 * What has no stream's clock may be told by the computer's, whose rate stands in the sync messages: that which puts the first
 * event nearer to the samples is taken.
 */
function tickRate(
  files: RecordingFiles,
  whole: WholeRecording,
  { sync }: NodeRecording,
  { times, perSecond }: Ticks,
  folder: string,
): number {
  const { softwareRate } = sync;
  const bounds = boundsOf(whole, null);
  if (softwareRate === undefined || times.length === 0 || !Number.isFinite(bounds.tStart)) return perSecond;
  const away = (rate: number) => Math.max(0, bounds.tStart - times[0]! / rate, times[0]! / rate - bounds.tStop);
  if (away(perSecond) <= 1 || away(softwareRate) >= away(perSecond)) return perSecond;
  files.warn(
    `${folder}: its times are ticks of the computer's clock, ${softwareRate.toLocaleString("en")} a second, not of ` +
      `${perSecond.toLocaleString("en")}, as the structure says`,
  );
  return softwareRate;
}

function boundsOf(whole: WholeRecording, stream: NodeStream | null): { tStart: number; tStop: number } {
  const spans = stream === null ? whole.spans : stream.samples.sections;
  return {
    tStart: Math.min(...spans.map(({ tStart }) => tStart)),
    tStop: Math.max(...spans.map(({ tStop }) => tStop)),
  };
}

/** Events of a recording, segment by segment. */
export function splitBySegment(whole: WholeRecording, stream: NodeStream | null, all: EventParts): EventParts[] {
  const count = whole.cuts.length;
  if (count === 1) return [all];
  const find = segmentFinder(whole, stream);
  const members = Array.from({ length: count }, (): number[] => []);
  all.timestamps.forEach((ticks, i) => members[find(ticks / all.ticksPerSecond)]!.push(i));
  return members.map((list) => pickEvents(all, list));
}

/** Some of events. */
export function pickEvents(all: EventParts, list: readonly number[]): EventParts {
  return {
    timestamps: Float64Array.from(list, (i) => all.timestamps[i]!),
    durations: all.durations === null ? null : Float64Array.from(list, (i) => all.durations![i]!),
    labels: list.map((i) => all.labels[i]!),
    annotations: all.annotations === undefined ? undefined : pick(all.annotations, list),
    ticksPerSecond: all.ticksPerSecond,
  };
}

/** Events sorted by time. */
export function inOrder(events: EventParts): EventParts {
  const { timestamps } = events;
  if (timestamps.every((time, i) => i === 0 || time >= timestamps[i - 1]!)) return events;
  const list = Array.from(timestamps, (_, i) => i).sort((a, b) => timestamps[a]! - timestamps[b]! || a - b);
  return pickEvents(events, list);
}

function pick(notes: Readonly<Notes>, list: readonly number[]): Notes {
  return Object.fromEntries(
    Object.entries(notes).map(([name, column]) => [
      name,
      column instanceof Float64Array ? Float64Array.from(list, (i) => column[i]!) : list.map((i) => column[i]),
    ]),
  );
}

/** Rows of any type, as plain values. */
async function listOf(
  column: NpyColumn,
  rows: number,
  read: PartsReadOptions,
  convert: (value: unknown) => unknown = plain,
): Promise<unknown[]> {
  checkRows(column);
  const count = Math.min(rows, column.rows);
  const { data, shape } = await column.array(0, count).read(undefined, { signal: read.signal });
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  const flat = Array.from(data as Iterable<unknown>, convert);
  return shape.length === 1 ? flat : Array.from({ length: count }, (_, i) => flat.slice(i * width, (i + 1) * width));
}

/** A value without NumPy's axes of length 1: what a record holds is an array of one. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if ("data" in value && "shape" in value) {
    const list = Array.from((value as NDArray).data as Iterable<unknown>, plain);
    return list.length === 1 ? list[0] : list;
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

/** All lines as one number, a `bigint` where it has more bits than numbers have: before 0.6 it was stored byte by byte. */
function wordOf(word: unknown): number | bigint {
  const bytes = Array.isArray(word) ? word as (number | bigint)[] : [word as number | bigint];
  const whole = bytes.reduceRight(
    (sum: bigint, byte) => sum << 8n | BigInt(Math.trunc(Number(byte)) === Number(byte) ? byte : 0),
    0n,
  );
  return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
}

function plainText(value: unknown): string {
  return String(value).replace(/\0[^]*$/, "");
}

function fieldsOf(records: readonly unknown[]): Notes {
  const names = Object.keys((records[0] ?? {}) as object);
  return Object.fromEntries(
    names.map((name) => [name, records.map((record) => (record as Record<string, unknown>)[name])]),
  );
}

/** What a binary event says, in neo's words: `Color=[b'red'];Port=[27020]`. */
function recordLabel(record: unknown): string {
  return Object.entries(record as Record<string, unknown>).map(([name, value]) => {
    const items = Array.isArray(value) ? value : [value];
    return `${name}=[${items.map((item) => typeof item === "string" ? `b'${item}'` : String(item)).join(" ")}]`;
  }).join(";");
}
