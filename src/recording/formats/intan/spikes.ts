/**
 * Spikes that Intan's RHX saves as it records: times, the window that they went through, and on demand waveforms.
 *
 * @module
 */

import type { LazyArray } from "../../../array/types.ts";
import { CorruptFileError, LimitError, TruncatedError, UnsupportedError } from "../../../source/errors.ts";
import { HeaderReader } from "../../files/header_reader.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { decodeLatin1 } from "../../files/texts.ts";
import type { FormatOptions, PartsReadOptions, SpikeParts } from "../../format.ts";
import type { Section } from "../../gaps.ts";
import type { SpikeChannel } from "../../header.ts";
import { rowInSection } from "./segments.ts";

const ALL_CHANNELS = 0x18f8474b;
const ONE_CHANNEL = 0x18f88c00;
const HEADER_BYTES = 256 * 1024;
const BLOCK_BYTES = 4 * 1024 * 1024;
const MOST_SPIKES = 8 * 1024 * 1024;

/** A file of spikes. */
interface SpikeFile {
  readonly file: RecordingFile;
  /** Names of channels by plug, which records have. */
  readonly names: readonly string[];
  /** What their user called them. */
  readonly ownNames: readonly string[];
  readonly samplingRate: number;
  readonly before: number;
  readonly samples: number;
  readonly offset: number;
  /** Bytes of a record before its time: the channel's name, where there are several. */
  readonly nameBytes: number;
  readonly recordBytes: number;
  readonly records: number;
}

/** Spikes of a channel. */
interface Found {
  readonly ticks: number[];
  readonly ids: number[];
  readonly records: number[];
}

/** Spikes of a recording. */
export class IntanSpikes {
  /** One for each amplifier whose spikes were saved. */
  readonly channels: readonly SpikeChannel[];
  readonly #places: readonly { readonly file: SpikeFile; readonly index: number }[];
  readonly #options: FormatOptions;
  readonly #scans = new Map<SpikeFile, Promise<readonly Found[]>>();

  /** Made by {@linkcode findSpikes}. */
  constructor(files: readonly SpikeFile[], options: FormatOptions) {
    this.#options = options;
    this.#places = files.flatMap((file) => file.names.map((_, index) => ({ file, index })));
    this.channels = this.#places.map(({ file, index }) => ({
      name: file.ownNames[index] || file.names[index]!,
      id: file.names[index]!,
      wfUnits: file.samples > 0 ? "uV" : "",
      wfGain: 0.195,
      wfOffset: -32768 * 0.195,
      wfLeftSweep: file.before,
      wfSamplingRate: file.samplingRate,
    }));
  }

  /** Spikes of a channel in a section. */
  async read(
    channel: number,
    section: Section,
    samplingRate: number,
    options: PartsReadOptions,
  ): Promise<SpikeParts> {
    const { file, index } = this.#places[channel]!;
    const all = (await this.#scan(file, options))[index]!;
    const rows = all.ticks.map((tick) => rowInSection(tick, section));
    const mine = [...rows.keys()].filter((i) => rows[i] !== null);
    return {
      timestamps: Float64Array.from(mine, (i) => section.first + rows[i]!),
      waveforms: file.samples > 0 ? waveformsOf(file, mine.map((i) => all.records[i]!)) : undefined,
      annotations: { spikeId: Float64Array.from(mine, (i) => all.ids[i]!) },
      ticksPerSecond: samplingRate,
    };
  }

  /** All that was or can be scanned. */
  async index(options: PartsReadOptions): Promise<Record<string, unknown>> {
    const spikes: Record<string, unknown> = {};
    for (const { file, index } of this.#places) {
      spikes[file.names[index]!] = (await this.#scan(file, options))[index]!;
    }
    return spikes;
  }

  #scan(file: SpikeFile, options: PartsReadOptions): Promise<readonly Found[]> {
    const known = this.#scans.get(file);
    if (known !== undefined) return known;
    const { spikes } = (this.#options.index ?? {}) as { spikes?: unknown };
    const scan = typeof spikes === "object" && spikes !== null
      ? Promise.resolve().then(() => file.names.map((name) => foundOf((spikes as Record<string, unknown>)[name], file)))
      : scanSpikes(file, options, this.#options.onProgress);
    this.#scans.set(file, scan);
    scan.catch(() => this.#scans.delete(file));
    return scan;
  }
}

/** Files of spikes beside a header, with their headers read. */
export async function findSpikes(
  amplifiers: readonly string[],
  files: RecordingFiles,
  options: FormatOptions,
): Promise<IntanSpikes> {
  const names = await files.list();
  const find = async (name: string) => names === null || names.includes(name) ? await files.find(name) : null;
  const all = await find("spike.dat");
  const found: RecordingFile[] = [];
  if (all !== null) found.push(all);
  else if (amplifiers.length > 0 && (names !== null || await find(`spike-${amplifiers[0]}.dat`) !== null)) {
    const each = await Promise.all(amplifiers.map((name) => find(`spike-${name}.dat`)));
    found.push(...each.flatMap((file) => file === null ? [] : [file]));
  }
  return new IntanSpikes(
    await Promise.all(found.map((file) => readSpikeHeader(file, files, options.signal))),
    options,
  );
}

async function readSpikeHeader(file: RecordingFile, files: RecordingFiles, signal?: AbortSignal): Promise<SpikeFile> {
  const bytes = await file.bytes({ offset: 0, length: Math.min(file.byteLength, HEADER_BYTES) }, signal);
  const reader = new HeaderReader(bytes, file.name);
  const magic = reader.u32("the magic number");
  if (magic !== ALL_CHANNELS && magic !== ONE_CHANNEL) {
    reader.refuse("the magic number", 0, `is 0x${magic.toString(16)}, which no file of spikes has`);
  }
  const version = reader.u16("the version");
  if (version !== 1) {
    throw new UnsupportedError(`Cannot open ${file.name}: it is version ${version} of files of spikes, 1 is read`, {
      file: file.name,
    });
  }
  ended(reader, "the recording's name");
  const native = ended(reader, "the channels' names");
  const own = ended(reader, "the channels' own names");
  const names = magic === ONE_CHANNEL ? [native] : native === "" ? [] : native.split(",");
  const nameBytes = magic === ONE_CHANNEL ? 0 : names[0]?.length ?? 0;
  if (names.some((name) => magic === ALL_CHANNELS && name.length !== nameBytes)) {
    reader.refuse("the channels' names", 6, "aren't of one length, as they must be to be told in records");
  }
  const rateAt = reader.at;
  const samplingRate = reader.f32("the sampling rate");
  if (!(samplingRate > 0 && samplingRate < 1e9)) reader.refuse("the sampling rate", rateAt, `is ${samplingRate}`);
  const before = reader.u32("the number of samples before a spike");
  const samples = before + reader.u32("the number of samples behind a spike");
  const recordBytes = nameBytes + 5 + 2 * samples;
  const offset = reader.at;
  const records = Math.floor((file.byteLength - offset) / recordBytes);
  const rest = file.byteLength - offset - records * recordBytes;
  if (rest > 0) files.warn(`${file.name} ends within a spike: its last ${rest} bytes are left out`);
  // A name may have a comma in it; then nobody knows whose it is.
  const list = magic === ONE_CHANNEL ? [own] : own.split(",");
  const ownNames = list.length === names.length ? list : names;
  return { file, names, ownNames, samplingRate, before, samples, offset, nameBytes, recordBytes, records };
}

/** Text that a NUL ends. */
function ended(reader: HeaderReader, field: string): string {
  const length = reader.bytes.subarray(reader.at).indexOf(0);
  if (length < 0) {
    throw new TruncatedError(
      `Cannot read the header of ${reader.file}: ${field} at byte ${reader.at} has no end within its first ` +
        `${reader.bytes.length} bytes`,
      { file: reader.file, object: field },
    );
  }
  const text = decodeLatin1(reader.take(length, field));
  reader.u8(field);
  return text;
}

async function scanSpikes(
  { file, names, offset, nameBytes, recordBytes, records }: SpikeFile,
  { signal }: PartsReadOptions,
  onProgress?: (done: number) => void,
): Promise<Found[]> {
  const found = names.map((): Found => ({ ticks: [], ids: [], records: [] }));
  if (records > MOST_SPIKES) {
    throw new LimitError(
      `Cannot list the spikes of ${file.name}: they are ${records.toLocaleString("en")}, more than ` +
        MOST_SPIKES.toLocaleString("en"),
      { file: file.name },
    );
  }
  const places = new Map(names.map((name, i) => [name, i]));
  const heads = file.flat({
    dtype: "|u1",
    offset,
    shape: [records, nameBytes + 5],
    strides: [recordBytes, 1],
  });
  const step = Math.max(1, Math.floor(BLOCK_BYTES / recordBytes));
  for (let start = 0; start < records; start += step) {
    const stop = Math.min(records, start + step);
    const bytes = (await heads.read([{ start, stop, step: 1 }], { signal })).data as Uint8Array;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let record = start, at = 0; record < stop; record++, at += nameBytes + 5) {
      const name = nameBytes === 0 ? names[0]! : decodeLatin1(bytes.subarray(at, at + nameBytes));
      const place = places.get(name);
      if (place === undefined) {
        throw new CorruptFileError(
          `Cannot read the spikes of ${file.name}: the channel at byte ${offset + record * recordBytes} is ` +
            `${JSON.stringify(name)}, which its header doesn't list`,
          { file: file.name },
        );
      }
      const one = found[place]!;
      one.ticks.push(view.getInt32(at + nameBytes, true));
      one.ids.push(bytes[at + nameBytes + 4]!);
      one.records.push(record);
    }
    onProgress?.(stop / records);
  }
  return found;
}

/** Waveforms of some records: shape [spikes, 1, samples]. */
function waveformsOf(
  { file, offset, nameBytes, recordBytes, samples, records }: SpikeFile,
  picked: readonly number[],
): LazyArray {
  const all = file.flat({
    dtype: "<u2",
    offset: offset + nameBytes + 5,
    shape: [records, 1, samples],
    strides: [recordBytes, recordBytes, 2],
  });
  return all.view([picked]);
}

/** What was scanned before, which may come from anyone. */
function foundOf(given: unknown, { file, records: count }: SpikeFile): Found {
  const { ticks, ids, records } = (given ?? {}) as { ticks?: unknown; ids?: unknown; records?: unknown };
  const isList = (list: unknown, least: number, most: number): list is number[] =>
    Array.isArray(list) && list.every((value) => Number.isInteger(value) && value >= least && value <= most);
  const fits = isList(ticks, -(2 ** 31), 2 ** 31 - 1) && isList(ids, 0, 255) && isList(records, 0, count - 1) &&
    ticks.length === ids.length && ids.length === records.length;
  if (!fits) {
    throw new CorruptFileError(`Cannot use the index of ${file.name}: it isn't a list of its spikes`, {
      file: file.name,
    });
  }
  return { ticks, ids, records };
}
