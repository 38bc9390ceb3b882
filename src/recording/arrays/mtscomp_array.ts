/**
 * Samples that mtscomp compressed: chunks are unpacked when they are asked for.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import { contiguousStride, shapeText } from "../../array/ndarray.ts";
import { axisIndex, resultShape, selectionSize } from "../../array/select/selection.ts";
import { ReadableArray } from "../../array/select/readable.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import { checkReadSize } from "../../array/text/value_count.ts";
import type { DType, NDArray, NumericData, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { pace } from "../../source/pace.ts";
import type { ByteRange } from "../../source/types.ts";
import { inflate } from "../../source/zip/inflate.ts";
import type { RecordingFile } from "../files/recording_files.ts";
import type { MtscompHeader, PackedType } from "./mtscomp.ts";

type Values = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

const CLASSES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
} as const;

const NAMES: Readonly<Record<PackedType, string>> = {
  uint8: "|u1",
  int8: "|i1",
  uint16: "<u2",
  int16: "<i2",
  uint32: "<u4",
  int32: "<i4",
};

/** Bytes of unpacked chunks that are kept: two of a second each, mostly. */
const KEPT = 48 * 1024 * 1024;

/** Entries of a selection that lie in a chunk: runs of them, from one to behind another. */
interface Share extends ByteRange {
  readonly chunk: number;
  readonly runs: (readonly [number, number])[];
}

/** A lazy array of shape [samples, channels] over compressed chunks. */
export class MtscompArray extends ReadableArray<NumericData> {
  /** Number of samples, number of channels. */
  readonly shape: readonly number[];
  /** Type of the samples. */
  readonly dtype: DType;
  /** A chunk: as a rule all have the same length, but the last. */
  readonly chunkShape: readonly number[];
  readonly #file: RecordingFile;
  readonly #header: MtscompHeader;
  /** Chunks that were unpacked last, the newest at the end. */
  readonly #kept = new Map<number, Values>();

  /**
   * Makes one; it reads nothing.
   *
   * @param file The `.cbin`
   * @param header How it lies
   */
  constructor(file: RecordingFile, header: MtscompHeader) {
    super();
    this.#file = file;
    this.#header = header;
    const { bounds, channels } = header;
    this.shape = [bounds.at(-1)!, channels];
    this.chunkShape = [Math.max(1, bounds[1] ?? 1), channels];
    this.dtype = dtypeFromNumpy(NAMES[header.type]);
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("MtscompArray", this.#file.name, typeAndShape(this), `chunks ${shapeText(this.chunkShape)}`);
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<NumericData>> {
    const { signal, into } = options;
    signal?.throwIfAborted();
    const { fetcher, cache } = this.#file.opened;
    const size = selectionSize(axes);
    checkReadSize(this.#file.name, this.dtype, size, fetcher.limits.maxReadBytes, this.#file.name);
    const [rows, columns] = axes as [ResolvedAxis, ResolvedAxis];
    const out = (ArrayBuffer.isView(into) ? into : new CLASSES[this.#header.type](size)) as Values;
    if (size > 0) {
      const shares = this.#shares(rows);
      for (const share of shares) {
        const kept = this.#kept.get(share.chunk);
        if (kept !== undefined) this.#put(kept, share, rows, columns, out);
      }
      const missing = shares.filter(({ chunk }) => !this.#kept.has(chunk));
      for await (const { range, bytes } of cache.stream(missing, { signal })) {
        const values = await this.#unpack(range.chunk, bytes, signal);
        this.#put(values, range, rows, columns, out);
      }
    }
    const shape = resultShape(axes);
    return { data: out, shape, stride: contiguousStride(shape), dtype: this.dtype };
  }

  /** The chunks that are asked for, in the order of the file. */
  #shares(rows: ResolvedAxis): Share[] {
    const { bounds, offsets } = this.#header;
    const shares = new Map<number, Share>();
    let chunk = 0;
    for (let i = 0; i < rows.count;) {
      const index = axisIndex(rows, i);
      chunk = chunkOf(bounds, index, chunk);
      let next = i + 1;
      if (rows.kind === "range") {
        // As far as the chunk goes, in the direction of the step.
        const room = rows.step > 0 ? bounds[chunk + 1]! - 1 - index : index - bounds[chunk]!;
        next = Math.min(rows.count, i + Math.floor(room / Math.max(1, Math.abs(rows.step))) + 1);
      }
      let share = shares.get(chunk);
      if (share === undefined) {
        const offset = offsets[chunk]!;
        shares.set(chunk, share = { chunk, offset, length: offsets[chunk + 1]! - offset, runs: [] });
      }
      share.runs.push([i, next]);
      i = next;
    }
    return [...shares.values()].sort((a, b) => a.chunk - b.chunk);
  }

  /** Puts the samples of a chunk where they belong. */
  #put(values: Values, { chunk, runs }: Share, rows: ResolvedAxis, columns: ResolvedAxis, out: Values): void {
    const { bounds, channels } = this.#header;
    const width = columns.count;
    const picked = Int32Array.from({ length: width }, (_, i) => axisIndex(columns, i));
    const isRun = picked.every((column, i) => column === picked[0]! + i);
    for (const [from, to] of runs) {
      for (let i = from; i < to; i++) {
        const start = (axisIndex(rows, i) - bounds[chunk]!) * channels;
        const place = i * width;
        if (isRun && width > 1) out.set(values.subarray(start + picked[0]!, start + picked[0]! + width), place);
        else for (let j = 0; j < width; j++) out[place + j] = values[start + picked[j]!]!;
      }
    }
  }

  /** Unpacks a chunk: inflates it, and adds up the differences. */
  async #unpack(chunk: number, packed: Uint8Array, signal: AbortSignal | undefined): Promise<Values> {
    const { bounds, channels, type, order, timeDiff, spatialDiff } = this.#header;
    const count = bounds[chunk + 1]! - bounds[chunk]!;
    const stored = new CLASSES[type](count * channels);
    const bytes = new Uint8Array(stored.buffer);
    const { name } = this.#file;
    let at = 0;
    const pieces = inflate(inOne(packed), {
      size: bytes.length,
      name: `chunk ${chunk} of ${name}`,
      file: name,
      format: "deflate",
    });
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      bytes.set(piece, at);
      at += piece.length;
    }
    const turn = pace.start(0, bytes.length, signal);
    if (turn !== undefined) await turn;
    const values = order === "C" ? stored : transposed(stored, count, channels);
    if (spatialDiff) {
      for (let i = 0; i < values.length; i++) if (i % channels !== 0) values[i] = values[i]! + values[i - 1]!;
    }
    // What runs over wraps around, as it did when the differences were taken.
    if (timeDiff) { for (let i = channels; i < values.length; i++) values[i] = values[i]! + values[i - channels]!; }
    this.#keep(chunk, values);
    return values;
  }

  #keep(chunk: number, values: Values): void {
    this.#kept.delete(chunk);
    this.#kept.set(chunk, values);
    let sum = 0;
    for (const { byteLength } of this.#kept.values()) sum += byteLength;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (sum <= KEPT) break;
      this.#kept.delete(oldest);
      sum -= byteLength;
    }
  }
}

/** The chunk of a sample; the one before is a good guess. */
function chunkOf(bounds: readonly number[], index: number, guess: number): number {
  for (const near of [guess, guess + 1]) {
    if (near < bounds.length - 1 && index >= bounds[near]! && index < bounds[near + 1]!) return near;
  }
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! <= index) low = middle;
    else high = middle;
  }
  return low;
}

/** Samples that lie channel after channel, sample after sample. */
function transposed(values: Values, count: number, channels: number): Values {
  const out = new (values.constructor as new (length: number) => Values)(values.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < count; i++) out[i * channels + c] = values[c * count + i]!;
  }
  return out;
}

async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
