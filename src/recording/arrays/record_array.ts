/**
 * Samples that lie in records: so many of each channel, one channel behind the other, then the next record.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { contiguousStride } from "../../array/ndarray.ts";
import { resultShape, selectionSize } from "../../array/select/selection.ts";
import { ReadableArray } from "../../array/select/readable.ts";
import { checkReadSize } from "../../array/text/value_count.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type { DType, NDArray, NumericData, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { pace } from "../../source/pace.ts";
import type { RecordingFile } from "../files/recording_files.ts";
import { planRecords, type RecordLayout, type RecordPiece, storedBytes, type StoredSample } from "./record_plan.ts";

export type { RecordColumn, RecordLayout, StoredSample } from "./record_plan.ts";

/** A lazy array of shape [samples, channels] over records. */
export class RecordArray extends ReadableArray<NumericData> {
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
    super();
    this.#file = file;
    this.#layout = layout;
    const { records, samples, columns, stored } = layout;
    this.shape = [records * samples, columns.length];
    this.chunkShape = [Math.max(1, samples), Math.max(1, columns.length)];
    this.dtype = dtypeFromNumpy(stored === "<i3" ? "<i4" : stored.replace(">", "<"));
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("RecordArray", this.#file.name, typeAndShape(this));
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<NumericData>> {
    const { signal, into } = options;
    signal?.throwIfAborted();
    const { fetcher, cache } = this.#file.opened;
    const size = selectionSize(axes);
    checkReadSize(this.#file.name, this.dtype, size, fetcher.limits.maxReadBytes, this.#file.name);
    const [rows, columns] = axes as [ResolvedAxis, ResolvedAxis];
    const { stored } = this.#layout;
    const out = ArrayBuffer.isView(into) ? into as NumericData : memoryFor(stored, size);
    if (size > 0) {
      const pieces = planRecords(this.#layout, rows, columns);
      if (fetcher.isSync) {
        for (const piece of pieces) {
          const turn = pace.start(0, piece.length, signal);
          if (turn !== undefined) await turn;
          put(piece, fetcher.readSync(piece), stored, columns.count, out);
        }
      } else {
        for await (const { range, bytes } of cache.stream(pieces, { signal })) {
          put(range, bytes, stored, columns.count, out);
        }
      }
    }
    const shape = resultShape(axes);
    return { data: out, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }
}

/** Puts the samples of a piece where they belong. */
function put(
  { rows, first, count, members }: RecordPiece,
  bytes: Uint8Array,
  stored: StoredSample,
  width: number,
  out: NumericData,
): void {
  const size = storedBytes(stored);
  const isEven = members.every(({ at }) => at % size === 0);
  // One view of the whole piece, where all channels lie at its steps.
  const whole = isEven ? wordsOf(bytes, 0, Math.floor(bytes.length / size), stored, size) : null;
  const hasBits = members.some(({ column }) => column.bit !== undefined);
  if (whole !== null && !hasBits && rows.kind === "range") {
    const columns = Int32Array.from(members, ({ at }) => at / size - first);
    const places = Int32Array.from(members, ({ place }) => place);
    spread(whole as Float64Array, columns, out as Float64Array, places, rows, width);
    return;
  }
  const target = out as Float64Array;
  for (const { column: { bit }, place, at } of members) {
    const values = whole ?? wordsOf(bytes, at, count, stored, size);
    const base = (whole === null ? 0 : at / size) - first;
    const valueOf = bit === undefined ? undefined : (value: number) => value >> bit & 1;
    if (rows.kind === "list") {
      for (let k = 0; k < rows.i.length; k++) {
        const value = values[base + rows.samples[k]!]!;
        target[rows.i[k]! * width + place] = valueOf === undefined ? value : valueOf(value);
      }
      continue;
    }
    const step = rows.iStep * width;
    for (let k = 0, from = base + rows.sample, to = rows.i * width + place; k < rows.count; k++) {
      const value = values[from]!;
      target[to] = valueOf === undefined ? value : valueOf(value);
      from += rows.sampleStep;
      to += step;
    }
  }
}

/** Rows that are put at a time, so that what is written to stays in the processor's cache. */
const ROWS = 64;

/** Puts runs of channels side by side. */
function spread(
  values: Float64Array,
  columns: Int32Array,
  out: Float64Array,
  places: Int32Array,
  rows: Extract<RecordPiece["rows"], { kind: "range" }>,
  width: number,
): void {
  const { count, sample, sampleStep, i, iStep } = rows;
  // A channel by itself lies as it has to.
  if (width === 1 && iStep === 1 && sampleStep === 1) {
    const from = columns[0]! + sample;
    out.set(values.subarray(from, from + count), i);
    return;
  }
  const step = iStep * width;
  for (let row = 0; row < count; row += ROWS) {
    const stop = Math.min(count, row + ROWS);
    for (let c = 0; c < columns.length; c++) {
      let from = columns[c]! + sample + row * sampleStep;
      let to = (i + row * iStep) * width + places[c]!;
      for (let k = row; k < stop; k++) {
        out[to] = values[from]!;
        from += sampleStep;
        to += step;
      }
    }
  }
}

/** Stored numbers; where the machine is big-endian these would be read wrongly: none that runs JavaScript is. */
function wordsOf(
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
  const isBig = stored[0] === ">";
  // In place where the bytes lie as the numbers have to; else a copy does.
  if (!isBig && (bytes.byteOffset + start) % size === 0) {
    return new CLASSES[stored](bytes.buffer as ArrayBuffer, bytes.byteOffset + start, count);
  }
  const part = bytes.slice(start, start + count * size);
  if (isBig) swap(part, size);
  return new CLASSES[stored](part.buffer, 0, count);
}

/** Turns the bytes of numbers around. */
function swap(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  if (size === 2) {
    const words = new Uint16Array(bytes.buffer, 0, bytes.length >> 1);
    for (let i = 0; i < words.length; i++) words[i] = words[i]! << 8 | words[i]! >> 8;
    return;
  }
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    words[i] = word << 24 | (word & 0xff00) << 8 | word >>> 8 & 0xff00 | word >>> 24;
  }
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
