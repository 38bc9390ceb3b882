/**
 * Micromed's `.TRC`, header type 4: EEG of System Plus, Brain Quick.
 *
 * A header with a table of zones, and behind it rows of interleaved unsigned samples. The zones: ORDER says which electrodes are
 * stored, LABCOD describes all, TRONCA says where parts were cut out, NOTE, TRIGGER, EVENT A and EVENT B hold what happened.
 *
 * @module
 */

import { CorruptFileError, TruncatedError, UnsupportedError } from "../../source/errors.ts";
import { HeaderReader } from "../files/header_reader.ts";
import type { RecordingFile, RecordingFiles } from "../files/recording_files.ts";
import { hasSoleFile, soleFile } from "../files/sole_file.ts";
import { decodeLatin1 } from "../files/texts.ts";
import type {
  ChannelParts,
  EventParts,
  FormatOptions,
  PartsReadOptions,
  RecordingFormat,
  RecordingParts,
  SegmentParts,
} from "../format.ts";
import { eventRecords, type Zone } from "./micromed_events.ts";

/** How its files are called. */
const NAME = /\.trc$/i;
/** Where the header's fixed part ends: behind the table of zones. */
const FIXED = 416;
const ZONES = [
  "ORDER",
  "LABCOD",
  "NOTE",
  "FLAGS",
  "TRONCA",
  "IMPED_B",
  "IMPED_E",
  "MONTAGE",
  "COMPRESS",
  "AVERAGE",
  "HISTORY",
  "DVIDEO",
  "EVENT A",
  "EVENT B",
  "TRIGGER",
] as const;
const ELECTRODE = 128;
/** Electrodes that the format has room for. */
const MOST_CHANNELS = 640;
/** The most pairs that a zone of reductions has. */
const MOST_PARTS = 100;
/** Codes of units. What other code stands there says nothing. */
const UNITS: Readonly<Record<number, string>> = {
  [-1]: "nV",
  0: "uV",
  1: "mV",
  2: "V",
  100: "%",
  101: "bpm",
  102: "",
};

/** Micromed's `.TRC`. */
export const MICROMED: RecordingFormat = {
  name: "micromed",
  ioName: "MicromedIO",
  description: "Micromed TRC",
  extensions: ["trc"],
  recognises: (probe) => probe.head.length >= FIXED && saysMicromed(probe.headText) || hasSoleFile(probe, NAME),
  mayBe: ({ fileName, headText }) => NAME.test(fileName) && !headText.startsWith("ICETRACE"),
  open: openMicromed,
};

/** Whether a header's text says whose it is: by its title, or by its first zone. */
function saysMicromed(text: string): boolean {
  return text.startsWith("* MICROMED") || text.slice(176, 184) === "ORDER   ";
}

async function openMicromed(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const file = await soleFile(files, NAME, "TRC");
  const { signal } = options;
  const head = new HeaderReader(
    await file.bytes({ offset: 0, length: Math.min(FIXED, file.byteLength) }, signal),
    file.name,
  );
  if (!saysMicromed(decodeLatin1(head.bytes))) {
    throw new CorruptFileError(`Cannot open ${file.name}: it isn't Micromed TRC, which begins with "* MICROMED"`, {
      file: file.name,
    });
  }
  const type = head.seek(175).u8("header type");
  if (type !== 4) {
    throw new UnsupportedError(`Cannot open ${file.name}: its header is of type ${type}, type 4 is read`, {
      file: file.name,
    });
  }
  const dataStart = head.seek(138).u32("start of the data");
  const count = head.u16("number of channels");
  const rowBytes = head.u16("bytes of a row");
  const minRate = head.u16("sampling rate");
  const sampleBytes = head.u16("bytes of a sample");
  const compression = head.u16("compression");
  if (count === 0 || count > MOST_CHANNELS) head.refuse("the number of channels", 142, `is ${count}`);
  if (![1, 2, 4].includes(sampleBytes)) head.refuse("the number of bytes of a sample", 148, `is ${sampleBytes}`);
  if (minRate === 0) head.refuse("the sampling rate", 146, "is 0");
  if (compression !== 0) {
    throw new UnsupportedError(`Cannot open ${file.name}: its samples are compressed (${compression})`, {
      file: file.name,
    });
  }
  if (dataStart < FIXED) head.refuse("the start of the data", 138, `is ${dataStart}, within the header`);
  if (rowBytes !== count * sampleBytes) {
    files.warn(
      `${file.name}: a row of ${count} samples of ${sampleBytes} bytes takes ${count * sampleBytes} bytes, ` +
        `the header says ${rowBytes} at byte 144`,
    );
  }
  const zones = readZones(head, file);
  const channels = await readChannels(files, file, zones, { count, minRate }, signal);
  const rate = channels.channels[0]!.samplingRate;
  const row = count * sampleBytes;
  const available = Math.max(0, file.byteLength - dataStart);
  const rows = Math.floor(available / row);
  if (rows === 0) files.warn(`${file.name}: there are no samples behind byte ${dataStart}`);
  if (available % row !== 0) {
    files.warn(
      `${file.name}: the last ${available % row} bytes are no whole row of ${count} samples, and are left out`,
    );
  }
  const pieces = joinPieces(cutPieces(channels.reductions, rows, files, file.name), rate, options.gapTolerance);
  const dtype = `u${sampleBytes}`;
  const array = file.flat({ offset: dataStart, shape: [rows, count], dtype: sampleBytes === 1 ? "|u1" : `<${dtype}` });
  const events = (zone: Zone, options: PartsReadOptions) => eventRecords(file, zones[zone.name], zone.kind, options);
  const segments = pieces.map(({ start, row: from, stop }): SegmentParts => ({
    tStart: start / rate,
    tStop: (start + stop - from) / rate,
    signals: [{ array: array.view([{ start: from, stop, step: 1 }]), tStart: start / rate }],
    annotations: annotationsOf(head),
    async events(channel, options): Promise<EventParts> {
      const { kind, name } = EVENTS[channel]!;
      const found = (await events({ kind, name }, options)).filter(({ row }) => row >= from && row < stop);
      return {
        // What is told by rows of the file happened so long after the segment's start.
        timestamps: Float64Array.from(found, ({ row }) => start + row - from),
        durations: kind === "pairs" ? Float64Array.from(found, ({ duration }) => duration) : null,
        labels: found.map(({ label }) => label),
        ticksPerSecond: rate,
      };
    },
  }));
  return {
    buffers: [{ name: "Signals", id: "0" }],
    streams: [{ name: "Signals", id: "0", bufferId: "0", dtype, channels: channels.channels }],
    eventChannels: EVENTS.map(({ title, kind }) => ({
      name: title,
      id: "",
      type: kind === "pairs" ? "epoch" : "event",
    })),
    blocks: [{ segments, annotations: annotationsOf(head) }],
  };
}

const EVENTS = [
  { title: "Trigger", name: "TRIGGER", kind: "triggers" },
  { title: "Note", name: "NOTE", kind: "notes" },
  { title: "Event A", name: "EVENT A", kind: "pairs" },
  { title: "Event B", name: "EVENT B", kind: "pairs" },
] as const;

type Zones = Readonly<Record<string, { readonly offset: number; readonly length: number }>>;

function readZones(head: HeaderReader, file: RecordingFile): Zones {
  head.seek(176);
  return Object.fromEntries(ZONES.map((name) => {
    const { at } = head;
    const found = head.text(8, `the zone ${name}`).trimEnd();
    if (found !== name) head.refuse(`the zone ${name}`, at, `is called ${JSON.stringify(found)}`);
    const offset = head.u32(`the start of the zone ${name}`);
    const length = head.u32(`the length of the zone ${name}`);
    // Nothing is lost where a zone that nothing needs lies elsewhere.
    const within = offset <= file.byteLength ? Math.min(length, file.byteLength - offset) : 0;
    return [name, { offset, length: within }];
  }));
}

interface Channels {
  readonly channels: readonly ChannelParts[];
  readonly reductions: HeaderReader;
}

async function readChannels(
  files: RecordingFiles,
  file: RecordingFile,
  zones: Zones,
  { count, minRate }: { readonly count: number; readonly minRate: number },
  signal: AbortSignal | undefined,
): Promise<Channels> {
  const [order, labcod, tronca] = [zones["ORDER"]!, zones["LABCOD"]!, zones["TRONCA"]!];
  for (const [name, { offset }] of [["ORDER", order], ["LABCOD", labcod], ["TRONCA", tronca]] as const) {
    if (offset <= file.byteLength) continue;
    throw new TruncatedError(
      `Cannot read the header of ${file.name}: the zone ${name} begins at byte ${offset}, behind its end at ${file.byteLength}`,
      { file: file.name },
    );
  }
  const [codes, electrodes, reductions] = await file.pieces([
    { offset: order.offset, length: Math.min(order.length, 2 * count) },
    { offset: labcod.offset, length: Math.min(labcod.length, MOST_CHANNELS * ELECTRODE) },
    { offset: tronca.offset, length: Math.min(tronca.length, 8 * MOST_PARTS) },
  ], signal);
  const codeReader = new HeaderReader(codes!, file.name, order.offset);
  const electrodeReader = new HeaderReader(electrodes!, file.name, labcod.offset);
  const rates = new Set<number>();
  const channels = Array.from({ length: count }, (_, index): ChannelParts => {
    const code = codeReader.u16(`the electrode of channel ${index}`);
    const channel = readElectrode(electrodeReader.seek(code * ELECTRODE), index, minRate, files);
    rates.add(channel.samplingRate);
    return channel;
  });
  if (rates.size > 1) {
    throw new UnsupportedError(
      `Cannot open ${file.name}: its channels have several sampling rates (${[...rates].join(", ")} Hz)`,
      { file: file.name },
    );
  }
  return { channels, reductions: new HeaderReader(reductions!, file.name, tronca.offset) };
}

function readElectrode(reader: HeaderReader, index: number, minRate: number, files: RecordingFiles): ChannelParts {
  const start = reader.at;
  const say = (what: string) => files.warn(`${reader.file}: channel ${index}: ${what}`);
  reader.take(2, `the electrode of channel ${index}`);
  const name = reader.text(6, "the electrode's label");
  const ground = reader.text(6, "the electrode's reference");
  const logicalMin = reader.i32("the logical minimum");
  const logicalMax = reader.i32("the logical maximum");
  const logicalGround = reader.i32("the logical ground");
  const physicalMin = reader.i32("the physical minimum");
  const physicalMax = reader.i32("the physical maximum");
  const unit = reader.i16("the unit");
  const highPass = reader.seek(start + 36).u16("the high-pass limit");
  const lowPass = reader.seek(start + 40).u16("the low-pass limit");
  const coefficient = reader.seek(start + 44).u16("the coefficient of the sampling rate");
  const description = reader.seek(start + 58).text(32, "the electrode's description").trim();
  // Logical values run from the least to the greatest, both included.
  const steps = logicalMax - logicalMin + 1;
  if (steps === 0) say(`its logical range is empty; the samples are given as they are`);
  const gain = steps === 0 ? 1 : (physicalMax - physicalMin) / steps;
  if (gain === 0) say("its physical range is empty: all values are 0");
  if (coefficient === 0) say(`its sampling rate's coefficient is 0; the file's rate of ${minRate} Hz is taken`);
  const units = UNITS[unit];
  if (units === undefined) say(`its unit has the code ${unit}, which says nothing`);
  return {
    name,
    id: String(index),
    samplingRate: Math.max(1, coefficient) * minRate,
    units: units ?? "",
    gain,
    offset: steps === 0 ? 0 : -logicalGround * gain,
    annotations: { ground, highPass: highPass / 1000, lowPass, description },
  };
}

/** A stretch of rows without a cut: when it began, in samples of the original recording, and which rows it has. */
interface Piece {
  readonly start: number;
  readonly row: number;
  readonly stop: number;
}

function cutPieces(reductions: HeaderReader, rows: number, files: RecordingFiles, name: string): Piece[] {
  const starts: { start: number; row: number }[] = [];
  while (reductions.at + 8 <= reductions.bytes.length) {
    const start = reductions.u32("the start of a part");
    const row = reductions.u32("the row of a part");
    if (start === 0xffffffff) break;
    // Zeros end the list, but as the first of several parts, which begins where the recording does.
    if (start === 0 && row === 0 && starts.length > 0) break;
    starts.push({ start, row });
  }
  if (starts.length === 0) return [{ start: 0, row: 0, stop: rows }];
  for (const [i, { row }] of starts.entries()) {
    const last = starts[i - 1]?.row;
    if (last === undefined ? row === 0 : row > last) continue;
    throw new CorruptFileError(
      `Cannot read the header of ${name}: part ${i} of the zone TRONCA begins at row ${row}, ` +
        (last === undefined
          ? "the first one has to begin at row 0"
          : `not behind row ${last}, where the part before begins`),
      { file: name, object: "TRONCA" },
    );
  }
  const there = starts.filter(({ row }, i) => i === 0 || row < rows);
  if (there.length < starts.length) {
    files.warn(
      `${name}: ${starts.length - there.length} of ${starts.length} parts lie behind its end, and are left out`,
    );
  }
  return there.map(({ start, row }, i) => ({ start, row, stop: there[i + 1]?.row ?? rows }));
}

/** Cuts that leave a gap no longer than asked for are taken as none. */
function joinPieces(pieces: readonly Piece[], rate: number, gapTolerance: number | undefined): Piece[] {
  if (gapTolerance === undefined) return [...pieces];
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const gap = last === undefined ? Infinity : Math.abs(piece.start - last.start - (piece.row - last.row)) / rate;
    if (gap <= gapTolerance) joined[joined.length - 1] = { ...last!, stop: piece.stop };
    else joined.push(piece);
  }
  return joined;
}

function annotationsOf(head: HeaderReader): Record<string, unknown> {
  const text = (at: number, length: number) =>
    decodeLatin1(head.bytes.subarray(at, at + length)).replace(/\0[^]*$/, "").trim();
  const [day, month, year, hour, minute, second] = head.bytes.subarray(128, 134);
  const recDatetime = new Date(Date.UTC(1900 + year!, month! - 1, day!, hour!, minute!, second!));
  const isDate = month! >= 1 && month! <= 12 && day! >= 1 && day! <= 31 && hour! < 24 && minute! < 60 && second! < 61;
  return {
    ...(isDate ? { recDatetime } : {}),
    surname: text(64, 22),
    firstname: text(86, 20),
    laboratory: text(32, 32),
    headerVersion: head.bytes[175],
  };
}
