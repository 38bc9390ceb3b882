/**
 * Annotations of an EDF+ file, gathered from all its records, and the times of records, which annotations tell too.
 *
 * @module
 */

import { CorruptFileError, LimitError } from "../../../source/errors.ts";
import { pace } from "../../../source/pace.ts";
import type { ByteRange } from "../../../source/types.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import type { EdfHeader, EdfSignal } from "./edf_header.ts";
import { parseTals } from "./edf_tal.ts";

/** All annotations of a file, in the order of time. */
export interface EdfAnnotations {
  /** When, in seconds since the header's start. */
  readonly onsets: readonly number[];
  /** How long, in seconds; 0 where that isn't said. */
  readonly durations: readonly number[];
  /** What they say. */
  readonly texts: readonly string[];
}

/** Options of {@linkcode scanAnnotations}. */
export interface ScanOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** The most annotations of a file. */
const MAX_ANNOTATIONS = 1_000_000;
/** The most bytes of them that a record has; the standard allows it 61,440 in all. */
const MAX_RUN = 32 * 1024 * 1024;
/** Short records are read along with the samples between: bytes of a record, bytes that are read at once. */
const SHORT_RECORD = 32 * 1024;
const BLOCK_BYTES = 1024 * 1024;
/** Enough for the list that tells a record's time. */
const TIME_BYTES = 64;

/** A run of bytes in which annotations of some records lie. */
interface Block extends ByteRange {
  readonly record: number;
  readonly records: number;
  /** Where in a record its bytes begin. */
  readonly from: number;
  readonly signals: readonly EdfSignal[];
}

/**
 * Reads all annotations. Of long records only the annotation signals are read, whole blocks of short ones.
 *
 * @param file The file
 * @param header Its header
 * @param options Abort signal, progress
 * @throws {LimitError} If there are more than fit in memory
 */
export async function scanAnnotations(
  file: RecordingFile,
  header: EdfHeader,
  { signal, onProgress }: ScanOptions,
): Promise<EdfAnnotations> {
  const found: { onset: number; duration: number; text: string; order: number }[] = [];
  let done = 0;
  const look = (block: Block, bytes: Uint8Array) => {
    for (let i = 0; i < block.records; i++) {
      for (const { start, samples } of block.signals) {
        const at = i * header.recordBytes + start - block.from;
        for (const { onset, duration, texts } of parseTals(bytes.subarray(at, at + samples * header.sampleBytes))) {
          for (const text of texts) {
            // An empty text keeps time.
            if (text !== "") found.push({ onset, duration: duration ?? 0, text, order: block.record + i });
          }
        }
      }
    }
    if (found.length > MAX_ANNOTATIONS) {
      throw new LimitError(`Cannot gather the annotations of ${file.name}: there are more than ${MAX_ANNOTATIONS}`, {
        file: file.name,
      });
    }
    done += block.records * block.signals.length;
    onProgress?.(Math.min(1, done / (header.records * textSignals(header).length)));
  };
  const { fetcher, cache } = file.opened;
  const longest = textSignals(header).reduce((most, { samples }) => Math.max(most, samples * header.sampleBytes), 0);
  if (longest > MAX_RUN) {
    throw new LimitError(
      `Cannot gather the annotations of ${file.name}: its header claims ${
        longest.toLocaleString("en")
      } bytes of them ` +
        `in each record, more than ${MAX_RUN.toLocaleString("en")}`,
      { file: file.name },
    );
  }
  if (fetcher.isSync) {
    for (const block of blocksOf(header)) {
      const turn = pace.start(0, block.length, signal);
      if (turn !== undefined) await turn;
      look(block, fetcher.readSync(block));
    }
  } else {
    for await (const { range, bytes } of cache.stream(blocksOf(header), { signal })) look(range, bytes);
  }
  found.sort((a, b) => a.onset - b.onset || a.order - b.order);
  return {
    onsets: found.map(({ onset }) => onset),
    durations: found.map(({ duration }) => duration),
    texts: found.map(({ text }) => text),
  };
}

/** Signals that hold annotations. */
export function textSignals({ signals }: EdfHeader): EdfSignal[] {
  return signals.filter(({ isText, samples }) => isText && samples > 0);
}

function* blocksOf(header: EdfHeader): Generator<Block> {
  const { dataStart, records, recordBytes, sampleBytes } = header;
  const runs: { from: number; stop: number; signals: EdfSignal[] }[] = [];
  for (const signal of textSignals(header)) {
    const stop = signal.start + signal.samples * sampleBytes;
    const last = runs.at(-1);
    const isNear = last !== undefined && last.stop === signal.start && stop - last.from <= MAX_RUN;
    if (last !== undefined && (isNear || recordBytes <= SHORT_RECORD)) {
      last.stop = stop;
      last.signals.push(signal);
    } else {
      runs.push({ from: signal.start, stop, signals: [signal] });
    }
  }
  const together = recordBytes <= SHORT_RECORD ? Math.floor(BLOCK_BYTES / recordBytes) : 1;
  for (let record = 0; record < records; record += together) {
    const count = Math.min(together, records - record);
    for (const { from, stop, signals } of runs) {
      yield {
        offset: dataStart + record * recordBytes + from,
        length: (count - 1) * recordBytes + stop - from,
        record,
        records: count,
        from,
        signals,
      };
    }
  }
}

/**
 * When records begin, in seconds since the header's start: the onset of the first list of the first annotation signal; NaN where
 * none stands there.
 *
 * @param file The file
 * @param header Its header; it has an annotation signal
 * @param records Which records
 * @param signal Aborts
 */
export async function recordTimes(
  file: RecordingFile,
  header: EdfHeader,
  records: readonly number[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const [keeper] = textSignals(header);
  const { dataStart, recordBytes, sampleBytes } = header;
  const length = Math.min(TIME_BYTES, keeper!.samples * sampleBytes);
  const pieces = await file.pieces(
    records.map((record) => ({ offset: dataStart + record * recordBytes + keeper!.start, length })),
    signal,
  );
  return pieces.map((bytes) => parseTals(bytes, 1)[0]?.onset ?? NaN);
}

/**
 * Annotations from plain data, which may come from anyone.
 *
 * @param given What stands in an index
 * @param name What messages call the file
 * @throws {CorruptFileError} If it isn't that
 */
export function annotationsFrom(given: unknown, name: string): EdfAnnotations {
  const { onsets, durations, texts } = (given ?? {}) as Record<string, unknown>;
  const fits = Array.isArray(onsets) && Array.isArray(durations) && Array.isArray(texts) &&
    onsets.length === texts.length && durations.length === texts.length &&
    onsets.every((onset, i) => Number.isFinite(onset) && (i === 0 || onset >= onsets[i - 1])) &&
    durations.every((duration) => Number.isFinite(duration) && duration >= 0) &&
    texts.every((text) => typeof text === "string");
  if (!fits) {
    throw new CorruptFileError(`Cannot use the index of ${name}: it isn't a list of its annotations`, { file: name });
  }
  return { onsets, durations, texts } as EdfAnnotations;
}
