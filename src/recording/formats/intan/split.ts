/**
 * Intan's other arrangements: a file for each kind of signal, or one for each channel, beside a header file.
 *
 * @module
 */

import type { LazyArray } from "../../../array/types.ts";
import { CorruptFileError, NotFoundError } from "../../../source/errors.ts";
import { stackColumns } from "../../arrays/joined.ts";
import { bitColumn, WordColumns } from "../../arrays/word_columns.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { stimSignals } from "./blocks.ts";
import { decodeTimes, type IntanHeader } from "./header.ts";
import {
  columnsOf,
  type IntanData,
  type IntanSignal,
  type IntanWords,
  linesOf,
  type SignalColumn,
  type SignalKind,
} from "./signals.ts";

/** Files of the arrangement with one for each kind: all begin with the first sample. */
const KIND_FILES: readonly { readonly kind: SignalKind; readonly name: string; readonly dtype: "<i2" | "<u2" }[] = [
  { kind: "amplifier", name: "amplifier.dat", dtype: "<i2" },
  { kind: "aux", name: "auxiliary.dat", dtype: "<u2" },
  { kind: "supply", name: "supply.dat", dtype: "<u2" },
  { kind: "adc", name: "analogin.dat", dtype: "<u2" },
  { kind: "dac", name: "analogout.dat", dtype: "<u2" },
  { kind: "digitalIn", name: "digitalin.dat", dtype: "<u2" },
  { kind: "digitalOut", name: "digitalout.dat", dtype: "<u2" },
  { kind: "dc", name: "dcamplifier.dat", dtype: "<u2" },
  { kind: "stim", name: "stim.dat", dtype: "<u2" },
  { kind: "lowpass", name: "lowpass.dat", dtype: "<i2" },
  { kind: "highpass", name: "highpass.dat", dtype: "<i2" },
];

/** What a file of the arrangement with one for each channel is called, before the channel's name. */
const CHANNEL_FILES: readonly { readonly kind: SignalKind; readonly prefix: string; readonly dtype: "<i2" | "<u2" }[] =
  [
    { kind: "amplifier", prefix: "amp-", dtype: "<i2" },
    { kind: "aux", prefix: "aux-", dtype: "<u2" },
    { kind: "supply", prefix: "vdd-", dtype: "<u2" },
    { kind: "adc", prefix: "board-", dtype: "<u2" },
    { kind: "dac", prefix: "board-", dtype: "<u2" },
    { kind: "digitalIn", prefix: "board-", dtype: "<u2" },
    { kind: "digitalOut", prefix: "board-", dtype: "<u2" },
    { kind: "dc", prefix: "dc-", dtype: "<u2" },
    { kind: "stim", prefix: "stim-", dtype: "<u2" },
    { kind: "lowpass", prefix: "low-", dtype: "<i2" },
    { kind: "highpass", prefix: "high-", dtype: "<i2" },
  ];

/** Whether a file of this name is part of a recording of several files. */
export function isSplitFile(name: string): boolean {
  return name === "time.dat" || name === "spike.dat" || KIND_FILES.some((file) => file.name === name) ||
    /^(amp|aux|vdd|dc|stim|low|high|spike)-[A-Z]-.*\.dat$|^board-.*\.dat$/.test(name);
}

/** Kinds that all amplifiers have, with what stands behind their names. */
const OF_AMPLIFIERS: Partial<Record<SignalKind, string>> = {
  amplifier: "",
  dc: "_DC",
  stim: "",
  lowpass: "_LOW",
  highpass: "_HIGH",
};

function wanted(header: IntanHeader, kind: SignalKind): SignalColumn[] {
  const suffix = OF_AMPLIFIERS[kind];
  if (suffix !== undefined) return columnsOf(header, "amplifier", suffix);
  return kind === "temperature" || kind === "stimFlags" ? [] : columnsOf(header, kind as "aux");
}

/** A signal's file or files, before it is known how long the recording is. */
interface Found {
  readonly kind: SignalKind;
  readonly columns: readonly SignalColumn[];
  readonly array: LazyArray;
  readonly file: RecordingFile;
}

/** What the files beside a header hold; `null` where there are none. */
export async function splitData(header: IntanHeader, files: RecordingFiles): Promise<IntanData | null> {
  const names = await files.list();
  const find = async (name: string) => names === null || names.includes(name) ? await files.find(name) : null;
  const time = await find("time.dat");
  const byKind = await Promise.all(KIND_FILES.map(async (entry) => ({ ...entry, file: await find(entry.name) })));
  const samples = time === null ? null : Math.floor(time.byteLength / 4);
  const isByKind = byKind.some(({ file }) => file !== null);
  const found = isByKind
    ? byKind.flatMap((entry) =>
      entry.file === null ? [] : kindSignal(header, entry, entry.file, byKind, samples, files)
    )
    : await channelSignals(header, find, files);
  if (time === null && found.length === 0) return null;
  if (found.length === 0 && header.channels.length > 0 && names !== null && !names.some((n) => /^spike/.test(n))) {
    throw new NotFoundError(
      `Cannot open ${files.name}: its header lists ${header.channels.length} channels, and neither a file such as ` +
        `amplifier.dat nor one such as amp-${header.channels[0]!.nativeName}.dat lies beside it`,
      { file: files.name },
    );
  }
  if (time === null) files.warn(`${files.name} has no time.dat beside it: samples are taken to follow each other`);
  else if (time.byteLength % 4 !== 0) warnOfRest(time, time.byteLength % 4, files);
  warnOfMissing(header, found, files);
  return assemble(header, found, time, samples, isByKind, files);
}

/** One file with all channels of a kind. */
function kindSignal(
  header: IntanHeader,
  { kind, dtype }: { readonly kind: SignalKind; readonly dtype: "<i2" | "<u2" },
  file: RecordingFile,
  all: readonly { readonly kind: SignalKind; readonly file: RecordingFile | null }[],
  samples: number | null,
  files: RecordingFiles,
): Found[] {
  const isWord = kind === "digitalIn" || kind === "digitalOut";
  const columns = wanted(header, kind);
  let width = isWord ? 1 : columns.length;
  // The samples of `time.dat` may make it certain how many channels there are.
  const really = samples !== null && samples > 0 ? file.byteLength / (2 * samples) : NaN;
  const aux = kind === "amplifier" ? columnsOf(header, "aux") : [];
  const hasAux = aux.length > 0 && really === width + aux.length && all.every((one) => one.kind !== "aux" || !one.file);
  if (hasAux) width += aux.length;
  if (columns.length === 0) {
    files.warn(`${file.name} isn't read: the header lists no channel of its kind`);
    return [];
  }
  if (Number.isInteger(really) && really > 0 && really !== width && kind !== "lowpass") {
    throw new CorruptFileError(
      `Cannot open ${file.name}: for the ${samples!.toLocaleString("en")} samples of time.dat its ` +
        `${file.byteLength.toLocaleString("en")} bytes make ${really} channels, and the header lists ${width}`,
      { file: file.name, object: kind },
    );
  }
  const rest = file.byteLength % (2 * width);
  if (rest > 0) warnOfRest(file, rest, files);
  const rows = Math.floor(file.byteLength / (2 * width));
  const array = file.flat({ dtype, shape: [rows, width] });
  if (!hasAux) return [{ kind, columns, array, file }];
  const whole = { start: 0, stop: rows, step: 1 };
  return [
    { kind, columns, file, array: array.view([whole, { start: 0, stop: columns.length, step: 1 }]) },
    // As signed numbers, like the amplifiers'.
    { kind: "aux", columns: aux, file, array: array.view([whole, { start: columns.length, stop: width, step: 1 }]) },
  ];
}

/** A file for each channel: those that are there. */
async function channelSignals(
  header: IntanHeader,
  find: (name: string) => Promise<RecordingFile | null>,
  files: RecordingFiles,
): Promise<Found[]> {
  const found = await Promise.all(CHANNEL_FILES.map(async ({ kind, prefix, dtype }): Promise<Found[]> => {
    if (header.system === "rhd" && (kind === "dc" || kind === "stim" || kind === "dac")) return [];
    const columns = wanted(header, kind);
    const channels = columnsOf(header, OF_AMPLIFIERS[kind] === undefined ? kind as "aux" : "amplifier");
    const nameOf = (i: number) => `${prefix}${channels[i]!.id}.dat`;
    const isAllOrNone = kind === "lowpass" || kind === "highpass" || kind === "dc";
    if (columns.length === 0 || isAllOrNone && await find(nameOf(0)) === null) return [];
    const each = await Promise.all(columns.map(async (column, i) => ({ column, file: await find(nameOf(i)) })));
    const there = each.flatMap(({ column, file }) => file === null ? [] : [{ column, file }]);
    if (there.length === 0) return [];
    const lengths = there.map(({ file }) => Math.floor(file.byteLength / 2));
    const rows = lengths.reduce((least, length) => Math.min(least, length));
    const longer = lengths.findIndex((length) => length > rows);
    if (longer >= 0) {
      files.warn(
        `${there[longer]!.file.name} has ${lengths[longer]!.toLocaleString("en")} samples, and another of its kind ` +
          `${rows.toLocaleString("en")}: those are read of all`,
      );
    }
    const array = stackColumns(there.map(({ file }) => file.flat({ dtype, shape: [rows, 1] })));
    return [{ kind, columns: there.map(({ column }) => column), array, file: there[0]!.file }];
  }));
  return found.flat();
}

/** What was found, as data of one length. */
function assemble(
  header: IntanHeader,
  found: readonly Found[],
  time: RecordingFile | null,
  timed: number | null,
  isByKind: boolean,
  files: RecordingFiles,
): IntanData {
  const full = found.filter(({ kind }) => kind !== "lowpass");
  const samples = Math.max(timed ?? 0, ...full.map(({ array }) => array.shape[0]!));
  if (time !== null && timed! < samples) {
    files.warn(
      `${time.name} has ${timed!.toLocaleString("en")} samples of a recording of ${samples.toLocaleString("en")}: ` +
        "those behind are taken to follow each other",
    );
  }
  const signals: IntanSignal[] = [];
  const words: IntanWords[] = [];
  for (const { kind, columns, array, file } of found) {
    const rows = array.shape[0]!;
    const every = kind === "lowpass" ? lowpassStep(rows, samples) : 1;
    if (Math.floor(samples / every) !== rows) {
      files.warn(
        `${file.name} has ${rows.toLocaleString("en")} samples of a recording of ` +
          `${Math.floor(samples / every).toLocaleString("en")}`,
      );
    }
    const fileName = isByKind ? file.path : undefined;
    if (kind === "stim") {
      signals.push(...stimSignals(array, columns, fileName));
    } else if (kind === "digitalIn" || kind === "digitalOut") {
      const ids = new Set(columns.map(({ id }) => id));
      const lines = linesOf(header.channels.filter((channel) => channel.kind === kind && ids.has(channel.nativeName)));
      if (isByKind) {
        words.push({ name: kind, array, lines });
        signals.push({
          kind,
          columns,
          every,
          array: new WordColumns(array, "<u2", lines.map(({ bit }) => bitColumn(0, bit))),
        });
      } else {
        lines.forEach((line, i) => {
          const column = array.view([{ start: 0, stop: rows, step: 1 }, { start: i, stop: i + 1, step: 1 }]);
          words.push({ name: line.id, array: column, lines: [{ ...line, bit: 0 }] });
        });
        signals.push({ kind, columns, array, every });
      }
    } else {
      signals.push({
        kind,
        columns,
        array,
        every,
        fileName: kind === "aux" && array.dtype.kind === "int" ? undefined : fileName,
      });
    }
  }
  return { samples, signals, words, times: time === null ? null : timesOf(time, timed!, samples) };
}

/** Sample numbers; those behind the end of a file that was cut follow its last. */
function timesOf(file: RecordingFile, timed: number, samples: number): IntanData["times"] {
  if (timed === 0) return null;
  return {
    array: file.flat({ dtype: "<i4", shape: [Math.min(timed, samples)] }),
    async read(rows, signal) {
      const pieces = rows.map((row) => ({ offset: 4 * Math.min(row, timed - 1), length: 4 }));
      const read = decodeTimes(await file.pieces(pieces, signal), false);
      return read.map((value, i) => value + Math.max(0, rows[i]! - (timed - 1)));
    },
  };
}

/** Every how manieth sample low-passed signals keep: a power of two up to 128, which only their length tells. */
function lowpassStep(rows: number, samples: number): number {
  if (rows === 0) return 1;
  const steps = [1, 2, 4, 8, 16, 32, 64, 128];
  return steps.reduce((best, step) =>
    Math.abs(Math.log(samples / rows / step)) < Math.abs(Math.log(samples / rows / best)) ? step : best
  );
}

function warnOfRest(file: RecordingFile, rest: number, files: RecordingFiles): void {
  files.warn(`${file.name} ends within a sample: its last ${rest} bytes are left out`);
}

/** Signals that the header lists, and no file has. */
function warnOfMissing(header: IntanHeader, found: readonly Found[], files: RecordingFiles): void {
  const kinds = header.system === "rhd"
    ? ["aux", "supply", "adc", "digitalIn", "digitalOut"] as const
    : ["adc", "dac", "digitalIn", "digitalOut"] as const;
  for (const kind of kinds) {
    const listed = columnsOf(header, kind).length;
    const there = found.find((one) => one.kind === kind)?.columns.length ?? 0;
    if (there < listed) {
      files.warn(`${files.name} lists ${listed} channels of the kind ${kind}, and there are files of ${there}`);
    }
  }
  const amplifiers = columnsOf(header, "amplifier").length;
  const kept = found.filter(({ kind }) => OF_AMPLIFIERS[kind] !== undefined && kind !== "stim");
  const most = Math.max(0, ...kept.map(({ columns }) => columns.length));
  if (most < amplifiers) {
    files.warn(`${files.name} lists ${amplifiers} amplifier channels, and there are files of ${most}`);
  }
}
