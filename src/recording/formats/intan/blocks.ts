/**
 * Intan's first arrangement: all in one file, in blocks of 60 or 128 samples behind the header.
 *
 * @module
 */

import { concatRows } from "../../arrays/joined.ts";
import { RecordArray, type RecordColumn, type StoredSample } from "../../arrays/record_array.ts";
import { bitColumn, WordColumns } from "../../arrays/word_columns.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { decodeTimes, type IntanHeader } from "./header.ts";
import {
  columnsOf,
  type IntanData,
  type IntanSignal,
  type IntanWords,
  linesOf,
  type SignalColumn,
  type SignalKind,
  STIM_FLAGS,
  stimCurrent,
} from "./signals.ts";

/** Where signals lie in a block. */
class BlockLayout {
  bytes = 0;

  /** Takes room for so many channels of so many samples, and says where each lies. */
  take(channels: number, samples: number, bytesPerSample = 2): RecordColumn[] {
    const columns = Array.from({ length: channels }, (_, i) => ({
      offset: this.bytes + i * samples * bytesPerSample,
    }));
    this.bytes += channels * samples * bytesPerSample;
    return columns;
  }
}

/** What the blocks behind a header hold. A block that is cut is left out, with a warning. */
export function blockData(file: RecordingFile, header: IntanHeader, files: RecordingFiles): IntanData {
  const { blockSamples: samples, byteLength: offset } = header;
  const count = (kind: "amplifier" | "aux" | "supply" | "adc" | "dac" | "digitalIn" | "digitalOut") =>
    header.channels.filter((channel) => channel.kind === kind).length;
  const layout = new BlockLayout();
  const isStim = header.system === "rhs";
  const amplifiers = count("amplifier");
  const at = {
    times: layout.take(1, samples, 4),
    amplifier: layout.take(amplifiers, samples),
    dc: layout.take(isStim && header.hasDc ? amplifiers : 0, samples),
    stim: layout.take(isStim ? amplifiers : 0, samples),
    aux: layout.take(isStim ? 0 : count("aux"), samples / 4),
    supply: layout.take(isStim ? 0 : count("supply"), 1),
    temperature: layout.take(header.temperatureCount, 1),
    adc: layout.take(count("adc"), samples),
    dac: layout.take(count("dac"), samples),
    // All lines, as soon as one is recorded.
    digitalIn: layout.take(Math.min(1, count("digitalIn")), samples),
    digitalOut: layout.take(Math.min(1, count("digitalOut")), samples),
  };
  const recordBytes = layout.bytes;
  const dataBytes = file.byteLength - offset;
  const records = Math.floor(dataBytes / recordBytes);
  const rest = dataBytes - records * recordBytes;
  if (rest > 0) {
    files.warn(
      `${file.name} ends within a block: ${rest} bytes behind ${records.toLocaleString("en")} whole blocks of ` +
        `${recordBytes} bytes are left out`,
    );
  }
  const recordsOf = (columns: readonly RecordColumn[], stored: StoredSample, each: number) =>
    new RecordArray(file, { offset, recordBytes, records, samples: each, stored, columns });
  const signal = (kind: SignalKind, place: readonly RecordColumn[], columns: readonly SignalColumn[], every = 1) => ({
    kind,
    columns,
    every,
    array: recordsOf(place, kind === "temperature" ? "<i2" : "<u2", samples / every),
  });
  const signals: IntanSignal[] = [
    signal("amplifier", at.amplifier, columnsOf(header, "amplifier")),
    signal("adc", at.adc, columnsOf(header, "adc")),
    signal("dac", at.dac, columnsOf(header, "dac")),
  ];
  if (isStim) {
    const words = recordsOf(at.stim, "<u2", samples);
    signals.push(...stimSignals(words, columnsOf(header, "amplifier")));
    if (header.hasDc) signals.push(signal("dc", at.dc, columnsOf(header, "amplifier", "_DC")));
  } else {
    const sensors = at.temperature.map((_, i) => ({
      name: `temperature ${i}`,
      id: `temperature ${i}`,
      annotations: {},
    }));
    signals.push(
      signal("aux", at.aux, columnsOf(header, "aux"), 4),
      signal("supply", at.supply, columnsOf(header, "supply"), samples),
      signal("temperature", at.temperature, sensors, samples),
    );
  }
  const words: IntanWords[] = [];
  for (const kind of ["digitalIn", "digitalOut"] as const) {
    const lines = header.channels.filter((channel) => channel.kind === kind);
    if (lines.length === 0) continue;
    const array = recordsOf(at[kind], "<u2", samples);
    words.push({ name: kind, array, lines: linesOf(lines) });
    signals.push({
      kind,
      columns: columnsOf(header, kind),
      array: new WordColumns(array, "<u2", lines.map(({ nativeOrder }) => bitColumn(0, nativeOrder))),
      every: 1,
    });
  }
  const times = recordsOf(at.times, header.hasUnsignedTimes ? "<u4" : "<i4", samples);
  return {
    samples: records * samples,
    times: {
      array: times.view([{ start: 0, stop: records * samples, step: 1 }, 0]),
      read: async (rows, abort) =>
        decodeTimes(
          await file.pieces(
            rows.map((row) => ({
              offset: offset + Math.floor(row / samples) * recordBytes + row % samples * 4,
              length: 4,
            })),
            abort,
          ),
          header.hasUnsignedTimes,
        ),
    },
    signals,
    words,
  };
}

/** Current and flags of words of stimulation, one column an amplifier. */
export function stimSignals(
  words: IntanSignal["array"],
  amplifiers: readonly SignalColumn[],
  fileName?: string,
): IntanSignal[] {
  return [
    {
      kind: "stim",
      columns: amplifiers.map(({ name, id, annotations }) => ({ name: `${name}_STIM`, id: `${id}_STIM`, annotations })),
      array: new WordColumns(words, "<i2", amplifiers.map((_, column) => ({ column, decode: stimCurrent }))),
      every: 1,
      fileName,
    },
    {
      kind: "stimFlags",
      columns: amplifiers.flatMap(({ name, id, annotations }) =>
        STIM_FLAGS.map(({ suffix }) => ({ name: name + suffix, id: id + suffix, annotations }))
      ),
      array: new WordColumns(
        words,
        "<u2",
        amplifiers.flatMap((_, column) => STIM_FLAGS.map(({ bit }) => bitColumn(column, bit))),
      ),
      every: 1,
    },
  ];
}

/** Files of a series as one. All have the same header. */
export function joinData(parts: readonly IntanData[]): IntanData {
  const [first] = parts as [IntanData, ...IntanData[]];
  if (parts.length === 1) return first;
  const starts = [0];
  for (const { samples } of parts) starts.push(starts.at(-1)! + samples);
  return {
    samples: starts.at(-1)!,
    times: {
      array: concatRows(parts.map(({ times }) => times!.array)),
      async read(rows, signal) {
        const out = new Float64Array(rows.length);
        await Promise.all(parts.map(async ({ times }, part) => {
          const mine = [...rows.keys()].filter((i) => rows[i]! >= starts[part]! && rows[i]! < starts[part + 1]!);
          if (mine.length === 0) return;
          const read = await times!.read(mine.map((i) => rows[i]! - starts[part]!), signal);
          mine.forEach((i, k) => out[i] = read[k]!);
        }));
        return out;
      },
    },
    signals: first.signals.map((signal, i) => ({
      ...signal,
      array: concatRows(parts.map(({ signals }) => signals[i]!.array)),
    })),
    words: first.words.map((word, i) => ({ ...word, array: concatRows(parts.map(({ words }) => words[i]!.array)) })),
  };
}
