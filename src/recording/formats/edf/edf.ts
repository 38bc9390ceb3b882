/**
 * EDF, EDF+, BDF and BDF+: records of so many samples of each signal, 16 or 24 bits each, little-endian.
 *
 * Signals of equal samples in a record are a stream. Time begins at the first sample: what a first record of EDF+ tells as its
 * own time is part of `recDatetime`.
 *
 * @module
 */

import { RecordArray } from "../../arrays/record_array.ts";
import { scanWords, type WordChanges, wordChangesFrom, wordChangesIndex } from "../../bit_changes.ts";
import { CorruptFileError, NotFoundError, UnsupportedError, WrongKindError } from "../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import type {
  EventParts,
  FormatOptions,
  PartsReadOptions,
  RecordingFormat,
  RecordingParts,
  RecordingProbe,
  SegmentParts,
} from "../../format.ts";
import type { EventChannel } from "../../header.ts";
import { annotationsFrom, type EdfAnnotations, scanAnnotations } from "./edf_annotations.ts";
import { type EdfHeader, type EdfSignal, readEdfHeader } from "./edf_header.ts";
import { recordSections } from "./edf_sections.ts";

const NAME = /\.[eb]df\+?$/i;

/** EDF, EDF+, BDF, BDF+. */
export const EDF: RecordingFormat = {
  name: "edf",
  ioName: "EDFIO",
  description: "European Data Format: EDF, EDF+, BDF, BDF+",
  extensions: ["edf", "bdf"],
  recognises: (probe) =>
    /^(0 {7}|\xffBIOSEMI)/.test(probe.headText) &&
      /^\d+ *$/.test(probe.headText.slice(184, 192).replaceAll("\0", " ")) || filesIn(probe.names, probe).length === 1,
  // Eye trackers of SR Research write files that end in .edf too.
  mayBe: ({ fileName, isFolder, headText }) => !isFolder && NAME.test(fileName) && !headText.startsWith("SR_RESEARCH"),
  open: openEdf,
};

function filesIn(names: readonly string[] | null, { isFolder }: Pick<RecordingProbe, "isFolder">): string[] {
  return isFolder ? (names ?? []).filter((name) => NAME.test(name)) : [];
}

/** Bits of a Status channel that are trigger inputs. */
const TRIGGERS = 0xffff;

async function openEdf(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const file = await givenFile(files);
  const header = await readEdfHeader(file, files, options.signal);
  const sections = await recordSections(file, header, files, options);
  const streams = streamsOf(header, file, files);
  const scans = new EdfScans(file, header, options);
  const origin = sections[0]!.first;
  const starts = sections.map(({ first }) => exact(first - origin));
  const events = eventChannels(scans.status);
  const { recordSeconds } = header;
  const segments = await Promise.all(sections.map(async ({ start, stop }, i): Promise<SegmentParts> => {
    const tStart = starts[i]!;
    return {
      tStart,
      tStop: recordSeconds > 0 ? tStart + (stop - start) * recordSeconds : await lastEvent(scans, origin, options),
      signals: streams.map(({ signals }) => ({
        array: arrayOf(file, header, signals, { start, stop }),
        tStart,
      })),
      async events(channel, asked): Promise<EventParts> {
        if (events[channel]!.name === "Status") {
          return statusEvents(await scans.changes(asked), scans.status!, { header, start, stop, tStart });
        }
        return eventsOf(await scans.annotations(asked), {
          origin,
          isEpoch: events[channel]!.type === "epoch",
          from: i === 0 ? -Infinity : tStart,
          before: starts[i + 1] ?? Infinity,
        });
      },
    };
  }));
  const { recDatetime } = header;
  const annotations = {
    ...(recDatetime === null ? {} : { recDatetime: new Date(recDatetime.getTime() + Math.round(origin * 1000)) }),
    ...header.annotations,
  };
  return {
    streams: streams.map(({ signals, rate }, i) => ({
      name: `${rate} Hz`,
      id: String(i),
      dtype: header.sampleBytes === 3 ? "i4" : "i2",
      channels: signals.map(({ index, label, units, gain, offset, annotations }) => ({
        name: label,
        id: String(index),
        samplingRate: rate,
        units,
        gain,
        offset,
        annotations,
      })),
    })),
    eventChannels: events,
    blocks: [{ segments, annotations }],
    index: (asked) => scans.index(asked),
  };
}

async function givenFile(files: RecordingFiles): Promise<RecordingFile> {
  try {
    return await files.main();
  } catch (error) {
    if (!(error instanceof WrongKindError)) throw error;
  }
  const names = filesIn(await files.list(), { isFolder: true });
  if (names.length === 1) return await files.open(names[0]!);
  const why = names.length === 0
    ? "there is no EDF or BDF file in it"
    : `it has several: ${names.join(", ")}; open one`;
  throw new (names.length === 0 ? NotFoundError : UnsupportedError)(`Cannot open ${files.name}: ${why}`, {
    file: files.name,
  });
}

/** Signals of equal samples in a record, in the order of the first of each. */
function streamsOf(header: EdfHeader, file: RecordingFile, files: RecordingFiles) {
  const groups = new Map<number, EdfSignal[]>();
  for (const signal of header.signals) {
    if (signal.isText) continue;
    if (signal.samples === 0) {
      files.warn(
        `${file.name}: signal ${signal.index} (${JSON.stringify(signal.label)}) has no samples, and is left out`,
      );
      continue;
    }
    const group = groups.get(signal.samples);
    if (group === undefined) groups.set(signal.samples, [signal]);
    else group.push(signal);
  }
  return [...groups].map(([samples, signals]) => ({ signals, rate: exact(samples / header.recordSeconds) }));
}

function arrayOf(
  file: RecordingFile,
  header: EdfHeader,
  signals: readonly EdfSignal[],
  { start, stop }: { readonly start: number; readonly stop: number },
): RecordArray {
  return new RecordArray(file, {
    offset: header.dataStart + start * header.recordBytes,
    recordBytes: header.recordBytes,
    records: stop - start,
    samples: signals[0]!.samples,
    stored: header.sampleBytes === 3 ? "<i3" : "<i2",
    columns: signals.map(({ start }) => ({ offset: start })),
  });
}

function eventChannels(status: EdfSignal | undefined): EventChannel[] {
  return [
    { name: "Event", id: "event_channel", type: "event" },
    { name: "Epoch", id: "epoch_channel", type: "epoch" },
    ...(status === undefined ? [] : [{ name: "Status", id: String(status.index), type: "event" as const }]),
  ];
}

/** Scans of the file, each done once, when it is first asked for; what was handed in isn't done at all. */
class EdfScans {
  /** The channel whose bits are triggers: of BDF, called Status. */
  readonly status: EdfSignal | undefined;
  readonly #file: RecordingFile;
  readonly #header: EdfHeader;
  readonly #onProgress: ((done: number) => void) | undefined;
  #annotations: Promise<EdfAnnotations> | undefined;
  #changes: Promise<WordChanges> | undefined;

  constructor(file: RecordingFile, header: EdfHeader, { index, onProgress }: FormatOptions) {
    this.#file = file;
    this.#header = header;
    this.#onProgress = onProgress;
    this.status = header.kind === "BDF"
      ? header.signals.findLast(({ label, samples, isText }) => !isText && samples > 0 && /^status$/i.test(label))
      : undefined;
    if (index === undefined || index === null) return;
    const given = index as Record<string, unknown>;
    if (given.format !== "edf" || given.version !== 1 || given.byteLength !== file.byteLength) {
      throw new CorruptFileError(`Cannot use the index given for ${file.name}: it was made of another file`, {
        file: file.name,
      });
    }
    this.#annotations = Promise.resolve(annotationsFrom(given.annotations, file.name));
    if (this.status !== undefined) {
      const count = header.records * this.status.samples;
      this.#changes = Promise.resolve(wordChangesFrom(given.status, count, file.name));
    }
  }

  annotations({ signal }: PartsReadOptions): Promise<EdfAnnotations> {
    if (this.#annotations !== undefined) return this.#annotations;
    const scan = scanAnnotations(this.#file, this.#header, { signal, onProgress: this.#onProgress });
    this.#annotations = scan;
    // A scan that was aborted or failed is done again.
    scan.catch(() => this.#annotations = undefined);
    return scan;
  }

  changes({ signal }: PartsReadOptions): Promise<WordChanges> {
    if (this.#changes !== undefined) return this.#changes;
    const header = this.#header;
    const status = this.status!;
    const scan = scanWords(arrayOf(this.#file, header, [status], { start: 0, stop: header.records }), {
      name: `${this.#file.name}: ${status.label}`,
      mask: TRIGGERS,
      signal,
      onProgress: this.#onProgress,
    });
    this.#changes = scan;
    scan.catch(() => this.#changes = undefined);
    return scan;
  }

  async index(asked: PartsReadOptions): Promise<unknown> {
    return {
      format: "edf",
      version: 1,
      byteLength: this.#file.byteLength,
      annotations: await this.annotations(asked),
      status: this.status === undefined ? null : wordChangesIndex(await this.changes(asked)),
    };
  }
}

interface Picked {
  /** Time of the first sample. */
  readonly origin: number;
  /** Whether those that last are wanted. */
  readonly isEpoch: boolean;
  /** The first time, since the first sample, and the first that isn't wanted any more. */
  readonly from: number;
  readonly before: number;
}

function eventsOf({ onsets, durations, texts }: EdfAnnotations, { origin, isEpoch, from, before }: Picked): EventParts {
  const picked = onsets.map((_, i) => i).filter((i) => {
    const time = exact(onsets[i]! - origin);
    return durations[i]! > 0 === isEpoch && time >= from && time < before;
  });
  return {
    timestamps: Float64Array.from(picked, (i) => exact(onsets[i]! - origin)),
    durations: isEpoch ? Float64Array.from(picked, (i) => durations[i]!) : null,
    labels: picked.map((i) => texts[i]!),
    ticksPerSecond: 1,
  };
}

/** A trigger where the inputs change to something other than 0; that they go back to 0 is no event. */
function statusEvents(
  { rows, words }: WordChanges,
  { samples }: EdfSignal,
  { header, start, stop, tStart }: { header: EdfHeader; start: number; stop: number; tStart: number },
): EventParts {
  const ticksPerSecond = exact(samples / header.recordSeconds);
  const [first, end] = [start * samples, stop * samples];
  const picked = Array.from(rows, (_, i) => i).filter((i) => rows[i]! >= first && rows[i]! < end && words[i] !== 0);
  const shift = tStart * ticksPerSecond - first;
  return {
    timestamps: Float64Array.from(picked, (i) => exact(rows[i]! + shift)),
    durations: null,
    labels: picked.map((i) => String(words[i])),
    ticksPerSecond,
  };
}

/** Where records have no duration, only annotations say how long the recording is. */
async function lastEvent(scans: EdfScans, origin: number, { signal }: FormatOptions): Promise<number> {
  const { onsets, durations } = await scans.annotations({ signal });
  return onsets.reduce((latest, onset, i) => Math.max(latest, exact(onset - origin + durations[i]!)), 0);
}

/** Decimal fractions, without what is left over of them in binary ones. */
function exact(value: number): number {
  return Math.round(value * 1e9) / 1e9 || 0;
}
