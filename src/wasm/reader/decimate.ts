/**
 * Smallest, largest and mean values of buckets, for drawing.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { checkCount, countOf } from "./blocks.ts";
import { type Arena, BLOCK, check, type ReaderInstance } from "./memory.ts";
import {
  type Bytes,
  bytesOf,
  type ElementArray,
  type ElementType,
  type Layout,
  newArray,
  sizeOf,
  TYPES,
} from "./types.ts";

/** How to decimate. */
export interface DecimateOptions {
  /** Samples per bucket; the last one has what is left. */
  readonly factor: number;
  /** Channels; 1 by default. */
  readonly channels?: number | undefined;
  /** How they lie, and in the result; `time-major` by default. */
  readonly layout?: Layout | undefined;
  /** Whether the source is big-endian. */
  readonly swap?: boolean | undefined;
}

/** What {@linkcode Reader.decimate} gives: one entry per bucket and channel, laid out as the input. */
export interface Decimated<T extends ElementType> {
  /** Smallest values. */
  readonly min: ElementArray<T>;
  /** Largest values. */
  readonly max: ElementArray<T>;
  /** Means. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** Buckets per channel. */
  readonly length: number;
}

/** Interleaved channels, or one: `frames` of them from `start`, to the entries from `entry`. */
interface Stretch {
  readonly source: Uint8Array;
  readonly channels: number;
  readonly frames: number;
  readonly entry: number;
}

/** See {@linkcode Reader.decimate}. */
export function decimate<T extends ElementType>(
  instance: ReaderInstance,
  source: Bytes,
  type: T,
  options: DecimateOptions,
): Decimated<T> {
  const { factor, channels = 1, layout = "time-major", swap = false } = options;
  checkCount(factor, "samples per bucket", 1);
  checkCount(channels, "number of channels", 1);
  const size = sizeOf(type);
  const frames = countOf(source, size, `decimate ${type}`) / channels;
  if (!Number.isInteger(frames)) {
    throw new ShapeError(`Cannot decimate ${channels} channels: ${source.byteLength} bytes aren't whole frames`);
  }
  const length = Math.ceil(frames / factor);
  const min = newArray(type, length * channels);
  const max = newArray(type, length * channels);
  const mean = new Float64Array(length * channels);
  const result = { min, max, mean, length };
  const bytes = bytesOf(source);
  const pass = (stretch: Stretch) =>
    instance.call((arena) => decimateStretch(arena, stretch, type, Math.min(factor, 2 ** 31), swap ? size : 1, result));
  if (layout === "time-major") pass({ source: bytes, channels, frames, entry: 0 });
  else {
    for (let channel = 0; channel < channels; channel++) {
      const start = channel * frames * size;
      pass({ source: bytes.subarray(start, start + frames * size), channels: 1, frames, entry: channel * length });
    }
  }
  return result;
}

/** A bucket may go through many blocks, and a block hold many buckets: the row under way is taken from one to the next. */
function decimateStretch<T extends ElementType>(
  arena: Arena,
  { source, channels, frames, entry }: Stretch,
  type: T,
  factor: number,
  unit: number,
  { min, max, mean }: Decimated<T>,
): void {
  const size = sizeOf(type);
  const frame = channels * size;
  const block = Math.max(1, Math.min(frames, Math.floor(BLOCK / frame)));
  const rows = Math.ceil(block / factor) + 1;
  const outs = [{ of: bytesOf(min), size }, { of: bytesOf(max), size }, { of: bytesOf(mean), size: 8 }]
    .map((out) => ({ ...out, row: channels * out.size, at: arena.take(rows * channels * out.size) }));
  const state = arena.take(16 * channels);
  const into = arena.take(block * frame);
  const [low, high, average] = outs.map(({ at }) => at) as [number, number, number];
  for (let first = 0; first < frames; first += block) {
    const now = Math.min(block, frames - first);
    arena.view(into, now * frame).set(source.subarray(first * frame, (first + now) * frame));
    if (unit > 1) check(arena.exports.mr_swap(into, into, now * frame, unit));
    const at = first % factor;
    const code = TYPES.indexOf(type);
    check(arena.exports.mr_decimate(low, high, average, state, into, code, now, channels, factor, at));
    const done = Math.ceil((at + now) / factor);
    for (const out of outs) {
      const start = entry * out.size + Math.floor(first / factor) * out.row;
      out.of.set(arena.view(out.at, done * out.row), start);
      arena.view(out.at, rows * out.row).copyWithin(0, (done - 1) * out.row, done * out.row);
    }
  }
}
