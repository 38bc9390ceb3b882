/**
 * What of records has to be read for a selection, in the order of the file.
 *
 * @module
 */

import { axisIndex } from "../../array/select/selection.ts";
import type { ResolvedAxis } from "../../array/types.ts";
import type { ByteRange } from "../../source/types.ts";

/** How samples are stored: NumPy's names, and 24-bit integers, which come as 32-bit ones. */
export type StoredSample =
  | "|u1"
  | "|i1"
  | "<i2"
  | ">i2"
  | "<u2"
  | ">u2"
  | "<i3"
  | "<i4"
  | ">i4"
  | "<u4"
  | "<f4"
  | ">f4"
  | "<f8";

/** One channel in a record. */
export interface RecordColumn {
  /** Where its first sample lies in a record, in bytes; its others follow without gaps. */
  readonly offset: number;
  /** Which bit of a stored word is its value, 0 or 1; by default the word is. */
  readonly bit?: number | undefined;
}

/** Where records lie. */
export interface RecordLayout {
  /** The first record. */
  readonly offset: number;
  /** Bytes from one record to the next. */
  readonly recordBytes: number;
  /** Number of records. */
  readonly records: number;
  /** Samples of each channel in a record. */
  readonly samples: number;
  /** How a sample is stored. */
  readonly stored: StoredSample;
  /** The channels. */
  readonly columns: readonly RecordColumn[];
}

/** Entries of a selection's rows that lie in one part of a record: entry `i`, at sample `sample` of the record. */
export type RowEntries =
  | {
    readonly kind: "range";
    /** The first entry, and from one to the next. */
    readonly i: number;
    readonly iStep: 1 | -1;
    /** The first sample, ascending, and from one to the next. */
    readonly sample: number;
    readonly sampleStep: number;
    readonly count: number;
  }
  | { readonly kind: "list"; readonly i: readonly number[]; readonly samples: readonly number[] };

/** Bytes to be read, and where what lies in them belongs. */
export interface RecordPiece extends ByteRange {
  /** The rows. */
  readonly rows: RowEntries;
  /** Which sample of the record each channel's bytes begin with. */
  readonly first: number;
  /** How many samples there are of each channel. */
  readonly count: number;
  /** The channels, and where their samples begin in the piece, in bytes. */
  readonly members: readonly Member[];
}

/** A channel that is asked for. */
export interface Member {
  /** The channel. */
  readonly column: RecordColumn;
  /** Which of the selection's columns it becomes. */
  readonly place: number;
  /** Where its samples begin in the piece. */
  readonly at: number;
}

/** Channels that lie side by side are read as one up to this, also where less of each is asked for. */
const WHOLE_BYTES = 256 * 1024;
/** The most that is read as one. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Bytes of a channel that are read as one, where records are longer than that. */
const WINDOW_BYTES = 1024 * 1024;

/** Bytes of a stored sample. */
export function storedBytes(stored: StoredSample): number {
  return Number(stored[2]);
}

/**
 * What has to be read, in the order of the file. Of long records only the part that is asked for is.
 *
 * @param layout Where records lie
 * @param rows Samples, a checked axis
 * @param columns Channels, a checked axis
 */
export function* planRecords(layout: RecordLayout, rows: ResolvedAxis, columns: ResolvedAxis): Generator<RecordPiece> {
  const { offset, recordBytes, samples, stored } = layout;
  const item = storedBytes(stored);
  const runs = runsOf(layout, columns);
  // The same in each record.
  const membersOf = new Map(runs.map((run) => [
    run,
    run.members.map(({ column, place }) => ({ column, place, at: column.offset - run.offset })),
  ]));
  const window = Math.min(samples, Math.max(1, Math.floor(WINDOW_BYTES / item)));
  for (const { record, entries, low, high } of partsOf(rows, samples, window)) {
    const start = offset + record * recordBytes;
    const isAll = low === 0 && high === samples - 1;
    for (const run of runs) {
      if (run.length <= (isAll ? MOST_BYTES : WHOLE_BYTES) && window === samples) {
        yield {
          offset: start + run.offset,
          length: run.length,
          rows: entries,
          first: 0,
          count: samples,
          members: membersOf.get(run)!,
        };
        continue;
      }
      for (const { column, place } of run.members) {
        yield {
          offset: start + column.offset + low * item,
          length: (high - low + 1) * item,
          rows: entries,
          first: low,
          count: high - low + 1,
          members: [{ column, place, at: 0 }],
        };
      }
    }
  }
}

/** Rows of a part of a record, the least and the greatest sample of the record among them. */
interface Part {
  readonly record: number;
  readonly entries: RowEntries;
  readonly low: number;
  readonly high: number;
}

function partsOf(rows: ResolvedAxis, samples: number, window: number): Iterable<Part> {
  return rows.kind === "range" ? partsOfRange(rows, samples, window) : partsOfList(rows.indices, samples, window);
}

function* partsOfRange(
  { start, step, count }: Extract<ResolvedAxis, { kind: "range" }>,
  samples: number,
  window: number,
): Generator<Part> {
  const sampleStep = Math.max(1, Math.abs(step));
  const lowest = step < 0 ? start + (count - 1) * step : start;
  for (let j = 0; j < count;) {
    const index = lowest + j * sampleStep;
    const record = Math.floor(index / samples);
    const low = index - record * samples;
    const end = Math.min(samples, (Math.floor(low / window) + 1) * window);
    const here = Math.min(count - j, Math.floor((end - 1 - low) / sampleStep) + 1);
    yield {
      record,
      low,
      high: low + (here - 1) * sampleStep,
      entries: {
        kind: "range",
        i: step < 0 ? count - 1 - j : j,
        iStep: step < 0 ? -1 : 1,
        sample: low,
        sampleStep,
        count: here,
      },
    };
    j += here;
  }
}

/** A list may come back to a record, and have a row twice. */
function partsOfList(indices: ArrayLike<number>, samples: number, window: number): Part[] {
  const perRecord = Math.ceil(samples / window);
  const parts = new Map<number, { record: number; i: number[]; samples: number[] }>();
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    const record = Math.floor(index / samples);
    const sample = index - record * samples;
    const key = record * perRecord + Math.floor(sample / window);
    let part = parts.get(key);
    if (part === undefined) parts.set(key, part = { record, i: [], samples: [] });
    part.i.push(i);
    part.samples.push(sample);
  }
  return [...parts].sort(([a], [b]) => a - b).map(([, { record, i, samples }]) => ({
    record,
    low: samples.reduce((least, sample) => Math.min(least, sample)),
    high: samples.reduce((most, sample) => Math.max(most, sample)),
    entries: { kind: "list", i, samples },
  }));
}

/** Channels that lie side by side in a record, which are fetched together. */
interface Run {
  readonly offset: number;
  length: number;
  readonly members: { readonly column: RecordColumn; readonly place: number }[];
}

function runsOf({ columns, samples, stored }: RecordLayout, picked: ResolvedAxis): Run[] {
  const bytes = samples * storedBytes(stored);
  const members = Array.from(
    { length: picked.count },
    (_, place) => ({ column: columns[axisIndex(picked, place)]!, place }),
  )
    .sort((a, b) => a.column.offset - b.column.offset);
  const runs: Run[] = [];
  for (const member of members) {
    const last = runs.at(-1);
    const end = member.column.offset + bytes;
    if (last !== undefined && member.column.offset <= last.offset + last.length) {
      last.length = Math.max(last.length, end - last.offset);
      last.members.push(member);
    } else {
      runs.push({ offset: member.column.offset, length: bytes, members: [member] });
    }
  }
  return runs;
}
