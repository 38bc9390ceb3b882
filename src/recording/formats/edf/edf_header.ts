/**
 * The header of EDF, EDF+, BDF and BDF+: 256 bytes of ASCII, then 256 for each signal, field by field.
 *
 * @module
 */

import { HeaderReader } from "../../files/header_reader.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { decodeText, unitOf } from "../../files/texts.ts";
import { startOf } from "./edf_start.ts";

/** A signal, as the header describes it. */
export interface EdfSignal {
  /** Where it stands in the file. */
  readonly index: number;
  /** What it is called. */
  readonly label: string;
  /** Unit of its physical values. */
  readonly units: string;
  /** Physical units per digital one. */
  readonly gain: number;
  /** Physical value of a digital zero. */
  readonly offset: number;
  /** Its samples in a record. */
  readonly samples: number;
  /** Where they begin in a record, in bytes. */
  readonly start: number;
  /** Whether its bytes are annotations and no samples. */
  readonly isText: boolean;
  /** What else the header says of it. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** What the header says. */
export interface EdfHeader {
  /** Which of the two: 16 or 24 bits. */
  readonly kind: "EDF" | "BDF";
  /** Bytes of a sample: 2 or 3. */
  readonly sampleBytes: 2 | 3;
  /** `C` where it says that records follow each other without gaps, `D` where it says that they don't; of EDF+ and BDF+. */
  readonly plus: "C" | "D" | null;
  /** Where the records begin. */
  readonly dataStart: number;
  /** Whole records that are there. */
  readonly records: number;
  /** Bytes of a record. */
  readonly recordBytes: number;
  /** How long a record lasts, in seconds; 0 in files that only hold annotations. */
  readonly recordSeconds: number;
  /** By how much that may be rounded, in seconds. */
  readonly rounding: number;
  /** When it began, without a fraction of a second. */
  readonly recDatetime: Date | null;
  /** Its signals, in the order of the file. */
  readonly signals: readonly EdfSignal[];
  /** What it says of the patient and the recording. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

const FIXED = 256;
/** What is read at once: the header of 64 signals and their annotations. */
const HEAD = 66 * FIXED;
/** Longer records than three years are none. */
const MAX_SECONDS = 1e8;
/** Name, width of the fields of a signal, in the order of the header. */
const FIELDS = {
  label: 16,
  transducer: 80,
  "physical dimension": 8,
  "physical minimum": 8,
  "physical maximum": 8,
  "digital minimum": 8,
  "digital maximum": 8,
  prefiltering: 80,
  "samples in a record": 8,
  reserved: 32,
} as const;
type Field = keyof typeof FIELDS;

/**
 * Reads the header.
 *
 * @param file The file
 * @param files Told of what is odd
 * @param signal Aborts
 */
export async function readEdfHeader(
  file: RecordingFile,
  files: RecordingFiles,
  signal: AbortSignal | undefined,
): Promise<EdfHeader> {
  const head = await file.bytes({ offset: 0, length: Math.min(HEAD, file.byteLength) }, signal);
  const fixed = new HeaderReader(head.subarray(0, FIXED), file.name);
  const version = text(fixed, 8, "version");
  const patient = text(fixed, 80, "patient");
  const recording = text(fixed, 80, "recording");
  const [date, time] = [text(fixed, 8, "start date"), text(fixed, 8, "start time")];
  const headerText = text(fixed, 8, "number of header bytes");
  const reserved = text(fixed, 44, "reserved");
  const kind = kindOf(version, reserved) ??
    fixed.refuse("the version", 0, `is ${JSON.stringify(version)}, which is of no EDF or BDF file`);
  const sampleBytes = kind === "BDF" ? 3 : 2;
  const recordsText = text(fixed, 8, "number of records");
  const durationText = text(fixed, 8, "duration of a record");
  const countText = text(fixed, 4, "number of signals");
  const count = Number(countText);
  if (!/^\d+$/.test(countText) || count === 0) {
    fixed.refuse("the number of signals", 252, `is ${JSON.stringify(countText)}`);
  }
  const end = Math.min(FIXED * (count + 1), file.byteLength);
  const described = end <= head.length
    ? head.subarray(FIXED, end)
    : await file.bytes({ offset: FIXED, length: end - FIXED }, signal);
  const table = new HeaderReader(described, file.name, FIXED);
  const signals = readSignals(table, count, sampleBytes, files);
  const recordBytes = signals.reduce((sum, { samples }) => sum + samples * sampleBytes, 0);
  if (recordBytes === 0) table.refuse("the number of samples in a record", 216 * count, "is 0 for all signals");
  const recordSeconds = numberOf(durationText);
  const most = Math.max(0, ...signals.map(({ isText, samples }) => isText ? 0 : samples));
  if (!(recordSeconds >= 0 && recordSeconds < MAX_SECONDS) || most > 0 && !(most / recordSeconds < Infinity)) {
    const why = recordSeconds === 0 ? ", which only files of annotations may have" : "";
    fixed.refuse("the duration of a record", 244, `is ${JSON.stringify(durationText)}${why}`);
  }
  const dataStart = startOfData(fixed, headerText, FIXED * (count + 1), files);
  const plus = /^[EB]DF\+ ?([CD])/i.exec(reserved)?.[1]?.toUpperCase() as "C" | "D" | undefined;
  const began = startOf({ date, time, recording });
  if (began === null) files.warn(`${file.name}: its start, ${JSON.stringify(`${date} ${time}`)}, is no date and time`);
  return {
    kind,
    sampleBytes,
    plus: plus ?? null,
    dataStart,
    records: recordsOf(fixed, recordsText, { dataStart, recordBytes, byteLength: file.byteLength }, files),
    recordBytes,
    recordSeconds,
    rounding: roundingOf(durationText),
    recDatetime: began,
    signals,
    annotations: {
      patient,
      recording,
      ...(plus === undefined ? {} : { ...patientOf(patient), ...recordingOf(recording) }),
      fileType: plus === undefined ? kind : `${kind}+${plus}`,
    },
  };
}

function readSignals(table: HeaderReader, count: number, sampleBytes: number, files: RecordingFiles): EdfSignal[] {
  const columns = {} as Record<Field, { at: number; text: string }[]>;
  for (const [field, width] of Object.entries(FIELDS) as [Field, number][]) {
    columns[field] = Array.from({ length: count }, (_, index) => {
      const { at } = table;
      return { at, text: text(table, width, `${field} of signal ${index}`) };
    });
  }
  let start = 0;
  return Array.from({ length: count }, (_, index): EdfSignal => {
    const field = (name: Field) => columns[name][index]!.text;
    const label = field("label");
    const isText = /^[EB]DF Annotations$/i.test(label);
    const samples = Number(field("samples in a record"));
    if (!/^\d+$/.test(field("samples in a record"))) {
      const { at } = columns["samples in a record"][index]!;
      table.refuse(
        `the number of samples in a record of signal ${index}`,
        at,
        `is ${JSON.stringify(field("samples in a record"))}`,
      );
    }
    const physicalMin = numberOf(field("physical minimum"));
    const physicalMax = numberOf(field("physical maximum"));
    const digitalMin = numberOf(field("digital minimum"));
    const digitalMax = numberOf(field("digital maximum"));
    let gain = (physicalMax - physicalMin) / (digitalMax - digitalMin);
    let offset = physicalMin - digitalMin * gain;
    if (!Number.isFinite(gain) || !Number.isFinite(offset) || gain === 0) {
      if (!isText) {
        files.warn(
          `${table.file}: signal ${index} (${JSON.stringify(label)}) has the physical range ` +
            `${JSON.stringify([field("physical minimum"), field("physical maximum")])} for the digital range ` +
            `${JSON.stringify([field("digital minimum"), field("digital maximum")])}: its gain is taken as 1`,
        );
      }
      gain = 1;
      offset = 0;
    }
    const signal = {
      index,
      label,
      units: microOf(field("physical dimension")),
      gain,
      offset,
      samples,
      start,
      isText,
      annotations: {
        transducer: field("transducer"),
        prefilter: field("prefiltering"),
        physicalMin,
        physicalMax,
        digitalMin,
        digitalMax,
      },
    };
    start += samples * sampleBytes;
    return signal;
  });
}

/** The version says it; where that is damaged, what stands in the reserved field. */
function kindOf(version: string, reserved: string): "EDF" | "BDF" | null {
  if (version === "0") return "EDF";
  if (version === "ÿBIOSEMI" || /^(BDF|24BIT)/i.test(reserved)) return "BDF";
  return /^EDF\+/i.test(reserved) || version === "" ? "EDF" : null;
}

/** Where the records begin: where the header says, unless that can't be. */
function startOfData(fixed: HeaderReader, said: string, least: number, files: RecordingFiles): number {
  const bytes = Number(said);
  const isUsable = /^\d+$/.test(said) && bytes >= least;
  if (bytes !== least || said === "") {
    files.warn(
      `${fixed.file}: its header says at byte 184 that it has ${
        JSON.stringify(said)
      } bytes, its signals need ${least}` +
        (isUsable ? "; the records are read from where it says" : "; the records are read from there"),
    );
  }
  return isUsable ? bytes : least;
}

function recordsOf(
  fixed: HeaderReader,
  said: string,
  { dataStart, recordBytes, byteLength }: { dataStart: number; recordBytes: number; byteLength: number },
  files: RecordingFiles,
): number {
  const available = Math.max(0, byteLength - dataStart);
  const whole = Math.floor(available / recordBytes);
  const claimed = said === "" ? -1 : Number(said);
  if (said !== "" && !/^(-1|\+?\d+)$/.test(said)) {
    fixed.refuse("the number of records", 236, `is ${JSON.stringify(said)}`);
  }
  // -1 stands there while a recording is made; 0 where its end was never written.
  const records = claimed <= 0 ? whole : Math.min(claimed, whole);
  const rest = available - records * recordBytes;
  if (claimed === 0 && whole > 0) {
    files.warn(`${fixed.file}: its header says at byte 236 that it has no records; the ${whole} that it has are read`);
  } else if (claimed > whole) {
    files.warn(
      `${fixed.file}: it ends before its header says: ${whole} of ${claimed} records of ${recordBytes} bytes are whole`,
    );
  } else if (rest > 0) {
    files.warn(
      `${fixed.file}: the last ${rest} bytes belong to no record of the ${records} that are read, and are left out`,
    );
  }
  return records;
}

/** Blanks at both ends, and what stands behind a NUL, say nothing. */
function text(reader: HeaderReader, length: number, field: string): string {
  return decodeText(reader.take(length, field)).replace(/\0[^]*$/, "").trim();
}

/** A number, NaN where none stands there. Some programs write the decimal comma of their country. */
function numberOf(text: string): number {
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text.replace(",", ".")) : NaN;
}

/** A field of 8 characters that is full may have been cut to that. */
function roundingOf(text: string): number {
  const decimals = /[.,](\d+)$/.exec(text)?.[1];
  return decimals === undefined || text.length < 7 ? 0 : 10 ** -decimals.length;
}

/** The only letter outside ASCII that stands before a V is a micro sign, of whatever code page. */
function microOf(text: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII
  return unitOf(text.replace(/^[^\x00-\x7f]+(?=V)/, "u"));
}

/** EDF+: code, sex, birthdate and name, by blanks; X for what isn't known, underscores for blanks. */
function patientOf(text: string): Record<string, unknown> {
  const [patientCode, sex, birthdate, patientName] = text.split(/ +/).map(known);
  return defined({ patientCode, sex, birthdate, patientName });
}

function recordingOf(text: string): Record<string, unknown> {
  const [word, , hospitalCode, technician, equipment] = text.split(/ +/).map(known);
  return word === "Startdate" ? defined({ hospitalCode, technician, equipment }) : {};
}

function known(word: string): string | undefined {
  return word === "" || word === "X" ? undefined : word.replaceAll("_", " ");
}

function defined(values: Record<string, string | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
