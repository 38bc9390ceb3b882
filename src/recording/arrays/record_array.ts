/**
 * Samples that lie in records: so many of each channel, one channel behind the other, then the next record.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { contiguousStride } from "../../array/ndarray.ts";
import { readSelection } from "../../array/select/read_selection.ts";
import { axisIndex, resolveSelection, resultShape, selectionSize } from "../../array/select/selection.ts";
import { ArrayView, type ResolvedReader } from "../../array/select/view.ts";
import { checkReadSize } from "../../array/text/value_count.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type {
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  ResolvedAxis,
  Selection,
} from "../../array/types.ts";
import { printsAsText } from "../../source/inspect.ts";
import { pace } from "../../source/pace.ts";
import type { ByteRange } from "../../source/types.ts";
import type { RecordingFile } from "../files/recording_files.ts";

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

/** Channels that lie side by side in a record, which are fetched together. */
interface Run {
  readonly offset: number;
  length: number;
  readonly members: { readonly column: RecordColumn; readonly place: number }[];
}

interface Piece extends ByteRange {
  readonly record: number;
  readonly run: Run;
}

/** A lazy array of shape [samples, channels] over records. */
export class RecordArray implements LazyArray<NumericData>, ResolvedReader<NumericData> {
  /** Number of samples, number of channels. */
  readonly shape: readonly number[];
  /** Type of the samples in memory. */
  readonly dtype: DType;
  /** A record. */
  readonly chunkShape: readonly number[];
  readonly #file: RecordingFile;
  readonly #layout: RecordLayout;

  /**
   * Makes one; it reads nothing. That all records lie in the file is for the caller to see to.
   *
   * @param file The file
   * @param layout How it lies there
   */
  constructor(file: RecordingFile, layout: RecordLayout) {
    printsAsText(RecordArray.prototype);
    this.#file = file;
    this.#layout = layout;
    const { records, samples, columns, stored } = layout;
    this.shape = [records * samples, columns.length];
    this.chunkShape = [Math.max(1, samples), Math.max(1, columns.length)];
    this.dtype = dtypeFromNumpy(stored === "<i3" ? "<i4" : stored.replace(">", "<"));
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("RecordArray", this.#file.name, typeAndShape(this));
  }

  /** Reads a selection, everything by default: of each record, the channels asked for. */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<NumericData>> {
    return readSelection(this, selection, options);
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView<NumericData> {
    return new ArrayView<NumericData>(this, resolveSelection(selection, this.shape));
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<NumericData>> {
    const { signal, into } = options;
    signal?.throwIfAborted();
    const { fetcher, cache } = this.#file.opened;
    const size = selectionSize(axes);
    checkReadSize(this.#file.name, this.dtype, size, fetcher.limits.maxReadBytes, this.#file.name);
    const [rows, columns] = axes as [ResolvedAxis, ResolvedAxis];
    const out = ArrayBuffer.isView(into) ? into as NumericData : memoryFor(this.#layout.stored, size);
    if (size > 0) {
      const places = placesOf(rows, this.#layout.samples);
      const pieces = this.#pieces(places, runsOf(this.#layout, columns));
      const put = ({ record, run }: Piece, bytes: Uint8Array) =>
        this.#put(bytes, run, places.get(record)!, rows, columns.count, out);
      if (fetcher.isSync) {
        for (const piece of pieces) {
          const turn = pace.start(0, piece.length, signal);
          if (turn !== undefined) await turn;
          put(piece, fetcher.readSync(piece));
        }
      } else {
        for await (const { range, bytes } of cache.stream(pieces, { signal })) put(range, bytes);
      }
    }
    const shape = resultShape(axes);
    return { data: out, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }

  *#pieces(places: ReadonlyMap<number, readonly [number, number]>, runs: readonly Run[]): Generator<Piece> {
    const { offset, recordBytes } = this.#layout;
    // In the order of the file.
    for (const record of [...places.keys()].sort((a, b) => a - b)) {
      for (const run of runs) {
        yield { offset: offset + record * recordBytes + run.offset, length: run.length, record, run };
      }
    }
  }

  /** Puts the samples of a run where they belong. */
  #put(
    bytes: Uint8Array,
    run: Run,
    [from, to]: readonly [number, number],
    rows: ResolvedAxis,
    width: number,
    out: NumericData,
  ): void {
    const { samples, stored } = this.#layout;
    const itemBytes = sizeOf(stored);
    const target = out as Float64Array;
    for (const { column, place } of run.members) {
      const start = column.offset - run.offset;
      const values = decode(bytes, start, samples, stored, itemBytes);
      const { bit } = column;
      for (let i = from; i < to; i++) {
        const value = values[axisIndex(rows, i) % samples]!;
        target[i * width + place] = bit === undefined ? value : value >> bit & 1;
      }
    }
  }
}

/** For each record that is asked for, which entries of the selection lie in it: from, to, since neighbours lie together. */
function placesOf(rows: ResolvedAxis, samples: number): Map<number, readonly [number, number]> {
  const places = new Map<number, readonly [number, number]>();
  const sorted = rows.kind === "range";
  if (sorted) {
    let i = 0;
    while (i < rows.count) {
      const record = Math.floor(axisIndex(rows, i) / samples);
      // As far as the record goes, in the direction of the step.
      const index = axisIndex(rows, i);
      const room = rows.step > 0 ? (record + 1) * samples - 1 - index : index - record * samples;
      const next = Math.min(rows.count, i + Math.floor(room / Math.max(1, Math.abs(rows.step))) + 1);
      places.set(record, [i, next]);
      i = next;
    }
    return places;
  }
  // A list may come back to a record: all between is looked at again, and put where it is.
  const order = Array.from({ length: rows.count }, (_, i) => Math.floor(axisIndex(rows, i) / samples));
  for (let i = 0; i < order.length; i++) {
    const known = places.get(order[i]!);
    places.set(order[i]!, [known?.[0] ?? i, i + 1]);
  }
  return places;
}

/** The channels that are asked for, in runs that lie side by side. */
function runsOf({ columns, samples, stored }: RecordLayout, picked: ResolvedAxis): Run[] {
  const bytes = samples * sizeOf(stored);
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

function sizeOf(stored: StoredSample): number {
  return Number(stored[2]);
}

/** Where the machine is big-endian typed arrays would read stored numbers wrongly; none that runs JavaScript is. */
function decode(
  bytes: Uint8Array,
  start: number,
  count: number,
  stored: StoredSample,
  size: number,
): ArrayLike<number> {
  if (stored === "<i3") {
    const out = new Int32Array(count);
    for (let i = 0, at = start; i < count; i++, at += 3) {
      out[i] = (bytes[at]! << 8 | bytes[at + 1]! << 16 | bytes[at + 2]! << 24) >> 8;
    }
    return out;
  }
  const part = bytes.slice(start, start + count * size);
  if (stored[0] === ">") {
    for (let at = 0; at < part.length; at += size) part.subarray(at, at + size).reverse();
  }
  return new CLASSES[stored](part.buffer, 0, count);
}

function memoryFor(stored: StoredSample, length: number): NumericData {
  return stored === "<i3" ? new Int32Array(length) : new CLASSES[stored](length);
}

type Class = {
  new (length: number): NumericData & ArrayLike<number>;
  new (buffer: ArrayBuffer, offset: number, length: number): NumericData & ArrayLike<number>;
};

const CLASSES: Readonly<Record<Exclude<StoredSample, "<i3">, Class>> = {
  "|u1": Uint8Array,
  "|i1": Int8Array,
  "<i2": Int16Array,
  ">i2": Int16Array,
  "<u2": Uint16Array,
  ">u2": Uint16Array,
  "<i4": Int32Array,
  ">i4": Int32Array,
  "<u4": Uint32Array,
  "<f4": Float32Array,
  ">f4": Float32Array,
  "<f8": Float64Array,
};
