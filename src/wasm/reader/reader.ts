/**
 * The reader: plain work on bytes that isn't HDF5's, by the small second module. `wasm/reader/reader.h` is its C side.
 *
 * @module
 */
import { DTypeError, ShapeError, WasmError } from "../../source/errors.ts";
import { readerModule } from "../module.ts";
import { checkCount, countOf, inBlocks, targetOf } from "./blocks.ts";
import { type Box, planBox } from "./box.ts";
import { decimate, type Decimated, type DecimateOptions } from "./decimate.ts";
import { gatherInto } from "./gather.ts";
import { type Arena, BLOCK, ReaderInstance } from "./memory.ts";
import {
  type Bytes,
  bytesOf,
  type ElementArray,
  type ElementType,
  type Layout,
  newArray,
  sizeOf,
  type StoredType,
  TYPES,
} from "./types.ts";

export type { Box, BoxAxis } from "./box.ts";
export type { Decimated, DecimateOptions } from "./decimate.ts";
export type { Bytes, ElementArray, ElementArrays, ElementType, Layout, StoredType } from "./types.ts";
export { elementTypeOf } from "./types.ts";

/** What becomes of a value that the target type can't hold. */
export type Overflow = "error" | "wrap" | "clip";

/** How to convert. */
export interface ConvertOptions {
  /**
   * `error` (the default): a DTypeError. `wrap`: integers modulo 2^bits as in C and NumPy, floats likewise after losing
   * their fraction, NaN and infinities 0, float64 to float32 infinity. `clip`: the nearest value, NaN 0.
   */
  readonly overflow?: Overflow | undefined;
  /** Whether the source is big-endian. */
  readonly swap?: boolean | undefined;
}

/** How to scale. */
export interface ScaleOptions {
  /** Factor, or one per channel; 1 by default. */
  readonly gain?: number | ArrayLike<number> | undefined;
  /** What is added after, or one per channel; 0 by default. */
  readonly offset?: number | ArrayLike<number> | undefined;
  /** Channels; as many as there are gains or offsets by default. */
  readonly channels?: number | undefined;
  /** How they lie; `time-major` by default. */
  readonly layout?: Layout | undefined;
  /** Whether the source is big-endian. */
  readonly swap?: boolean | undefined;
  /** Memory of the result's class and length that it goes into; new by default. */
  readonly into?: ElementArray<"float32" | "float64"> | undefined;
}

/** How words of 10 or 12 bits are packed. */
export interface PackedOptions {
  /** Bits per value. */
  readonly bits: 10 | 12;
  /**
   * `lsb`: a bit stream that begins at the lowest bit of the first byte, values with their lowest bit first. `msb`: one
   * that begins at the highest bit of the first byte, values with their highest bit first. `mipi`: groups of 4 values in
   * 5 bytes (10 bits) or 2 in 3 (12 bits): a byte each of their upper 8 bits, then one of their lower bits, the first
   * value's lowest.
   */
  readonly packing: "lsb" | "msb" | "mipi";
  /** Values left out at the beginning; the bytes begin with a group. */
  readonly skip?: number | undefined;
  /** Values wanted; all by default. */
  readonly count?: number | undefined;
}

/** Which bits to take from words. */
export interface BitsOptions {
  /** First bit; 0, the lowest, by default. */
  readonly first?: number | undefined;
  /** How many; all from `first` on by default. */
  readonly count?: number | undefined;
  /** `time-major` (the default): `[words][bits]`. `channel-major`: `[bits][words]`. */
  readonly layout?: Layout | undefined;
  /** Whether the words are big-endian. */
  readonly swap?: boolean | undefined;
}

/** A sum over bytes, as the module exports it. */
type Checksum = "mr_crc32" | "mr_crc32c" | "mr_adler32";

let shared: Promise<Reader> | undefined;

/**
 * Gives the reader. Its module is compiled on first use; all share one, since no method waits or keeps anything.
 *
 * @returns The reader.
 * @throws {WasmError} If the module can't be loaded.
 */
export async function loadReader(): Promise<Reader> {
  shared ??= startReader();
  try {
    return await shared;
  } catch (error) {
    shared = undefined;
    throw error;
  }
}

async function startReader(): Promise<Reader> {
  const module = await readerModule();
  try {
    return new Reader(new ReaderInstance(module, await WebAssembly.instantiate(module, {})));
  } catch (cause) {
    throw new WasmError(`Cannot start the reader module: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * Kernels over bytes. Sources are only read, of any length and alignment, and go through the module in blocks, so that
 * its memory stays small. Numbers are little-endian, as memory is everywhere that WebAssembly runs.
 */
export class Reader {
  readonly #instance: ReaderInstance;

  /** Use {@linkcode loadReader}. */
  constructor(instance: ReaderInstance) {
    this.#instance = instance;
  }

  /** Bytes that the module's memory takes now. */
  get memoryBytes(): number {
    return this.#instance.memoryBytes;
  }

  /**
   * CRC-32 as in zip, gzip and PNG.
   *
   * @param bytes The bytes.
   * @param initial The sum of the bytes before them.
   * @returns An unsigned 32-bit integer.
   */
  crc32(bytes: Bytes, initial: number = 0): number {
    return this.#sum("mr_crc32", bytes, initial);
  }

  /** CRC-32C (Castagnoli), as Zarr has it; see {@linkcode Reader.crc32}. */
  crc32c(bytes: Bytes, initial: number = 0): number {
    return this.#sum("mr_crc32c", bytes, initial);
  }

  /** Adler-32, as zlib has it; see {@linkcode Reader.crc32}. */
  adler32(bytes: Bytes, initial: number = 1): number {
    return this.#sum("mr_adler32", bytes, initial);
  }

  #sum(kernel: Checksum, bytes: Bytes, initial: number): number {
    const source = bytesOf(bytes);
    return this.#instance.call((arena) => {
      const into = arena.take(Math.min(source.byteLength, BLOCK));
      let sum = initial >>> 0;
      for (let start = 0; start < source.byteLength; start += BLOCK) {
        const length = Math.min(BLOCK, source.byteLength - start);
        arena.view(into, length).set(source.subarray(start, start + length));
        sum = arena.exports[kernel](sum, into, length) >>> 0;
      }
      return sum;
    });
  }

  /**
   * Reverses runs of bytes: big-endian from and to little-endian.
   *
   * @param source The bytes.
   * @param unit Bytes per run: the size of a number, half that of a complex one.
   * @param target Where to; may be the source itself. New memory by default.
   * @returns The target.
   * @throws {ShapeError} If the source isn't whole runs, or the target of another length.
   */
  swap(source: Bytes, unit: 1 | 2 | 4 | 8 | 16, target?: Bytes): Uint8Array<ArrayBuffer> {
    if (![1, 2, 4, 8, 16].includes(unit)) throw new ShapeError(`Cannot reverse runs of ${unit} bytes`);
    const out = targetOf(target, source.byteLength, "swap bytes");
    const count = countOf(source, unit, "swap bytes");
    this.#blocks(
      { source: bytesOf(source), sourceStep: unit, target: out, targetStep: unit, count },
      (arena, to, from, _, n) => arena.exports.mr_swap(to, from, n * unit, unit),
    );
    return out;
  }

  /**
   * Copies a box of an array of any strides into C order, with its byte order changed on the way if that is asked.
   *
   * @param source The array's bytes.
   * @param box Which elements.
   * @param target Where to; must not overlap the source. New memory by default.
   * @returns The target.
   * @throws {ShapeError} If the box reaches beyond the source, or the target has another length.
   */
  gather(source: Bytes, box: Box, target?: Bytes): Uint8Array<ArrayBuffer> {
    const plan = planBox(box, source.byteLength);
    const out = targetOf(target, plan.length, "gather");
    const [axis, second] = plan.axes;
    if (
      plan.unit > 1 && axis !== undefined && second === undefined && axis.indices === null &&
      axis.source === plan.itemsize
    ) {
      const bytes = bytesOf(source).subarray(plan.from, plan.from + plan.length);
      return this.swap(bytes, plan.unit as 2 | 4 | 8 | 16, out);
    }
    gatherInto(this.#instance, bytesOf(source), plan, out);
    return out;
  }

  /**
   * Turns rows into columns: interleaves channels, or takes them apart.
   *
   * @param source `[rows][columns]`.
   * @param shape Rows and columns.
   * @param itemsize Bytes per element.
   * @param target Where to; must not overlap the source. New memory by default.
   * @returns The target: `[columns][rows]`.
   * @throws {ShapeError} If the source has another length.
   */
  transpose(
    source: Bytes,
    shape: readonly [number, number],
    itemsize: number,
    target?: Bytes,
  ): Uint8Array<ArrayBuffer> {
    const [rows, columns] = shape;
    if (rows * columns * itemsize !== source.byteLength) {
      throw new ShapeError(
        `Cannot transpose ${rows} x ${columns} elements of ${itemsize} bytes: there are ${source.byteLength} bytes`,
      );
    }
    const axes = [{ count: columns, stride: itemsize }, { count: rows, stride: columns * itemsize }];
    return this.gather(source, { itemsize, axes }, target);
  }

  /**
   * Converts numbers to another type. Floats lose their fraction on their way to integers; integers become the nearest
   * float. NaN keeps its sign and upper bits between floats.
   *
   * @param source The numbers' bytes.
   * @param from Their type.
   * @param to The type wanted.
   * @param options What to do with what doesn't fit.
   * @returns The converted numbers.
   * @throws {DTypeError} If one doesn't fit and the rule is `error`.
   * @throws {ShapeError} If the source isn't whole numbers.
   */
  convert<T extends ElementType>(
    source: Bytes,
    from: StoredType,
    to: T,
    options: ConvertOptions = {},
  ): ElementArray<T> {
    const { overflow = "error", swap = false } = options;
    const sourceStep = sizeOf(from);
    const count = countOf(source, sourceStep, `convert ${from}`);
    const out = newArray(to, count);
    const bytes = bytesOf(source);
    const rule = ["error", "wrap", "clip"].indexOf(overflow);
    const unit = swap ? sourceStep : 1;
    const steps = { source: bytes, sourceStep, target: bytesOf(out), targetStep: sizeOf(to), count, unit };
    this.#blocks(steps, (arena, target, into, first, n) => {
      const done = arena.exports.mr_convert(target, TYPES.indexOf(to), into, TYPES.indexOf(from), n, rule);
      if (done < 0 || done === n) return done;
      throw new DTypeError(
        `Cannot convert element ${first + done} of ${from} to ${to}: ${valueAt(arena, into, from, done)} doesn't fit`,
      );
    });
    return out;
  }

  /**
   * Gives `value * gain + offset`, computed in float64 and rounded once. Every NaN comes as the one quiet NaN.
   *
   * @param source The numbers' bytes.
   * @param from Their type.
   * @param to The type wanted.
   * @param options Gain and offset, of all or per channel.
   * @returns The scaled numbers.
   * @throws {ShapeError} If the source isn't whole frames, or gains and channels don't go together.
   */
  scale<T extends "float32" | "float64">(
    source: Bytes,
    from: StoredType,
    to: T,
    options: ScaleOptions = {},
  ): ElementArray<T> {
    const { gain = 1, offset = 0, layout = "time-major", swap = false } = options;
    const sourceStep = sizeOf(from);
    const count = countOf(source, sourceStep, `scale ${from}`);
    const given = [gain, offset].find((value) => typeof value !== "number") as ArrayLike<number> | undefined;
    const channels = options.channels ?? given?.length ?? 1;
    checkCount(channels, "number of channels", 1);
    if (count % channels !== 0) {
      throw new ShapeError(`Cannot scale ${channels} channels: ${count} numbers aren't whole frames`);
    }
    const gains = perChannel(gain, channels, "gains");
    const offsets = perChannel(offset, channels, "offsets");
    const out = (options.into ?? newArray(to, count)) as ElementArray<T>;
    if (out.byteLength !== count * sizeOf(to)) {
      throw new ShapeError(
        `Cannot scale ${count} numbers into ${out.byteLength} bytes, expected ${count * sizeOf(to)}`,
      );
    }
    const [toType, fromType] = [TYPES.indexOf(to), TYPES.indexOf(from)];
    const run = layout === "time-major" ? 1 : count / channels;
    // One gain for all: channels don't matter.
    const alone = typeof gain === "number" && typeof offset === "number";
    const unit = swap ? sourceStep : 1;
    inBlocks(
      this.#instance,
      { source: bytesOf(source), sourceStep, target: bytesOf(out), targetStep: sizeOf(to), count, unit },
      (arena) => [arena.put(gains), arena.put(offsets)] as const,
      ({ exports }, target, into, first, n, [gainAt, offsetAt]) => {
        const channel = alone ? 0 : Math.floor(first / run) % channels;
        const left = run - first % run;
        return exports.mr_scale(
          target,
          toType,
          into,
          fromType,
          n,
          gainAt,
          offsetAt,
          alone ? 1 : channels,
          channel,
          left,
          run,
        );
      },
    );
    return out;
  }

  /**
   * Converts integers of 24 bits.
   *
   * @param source Their bytes.
   * @param options Signed unless said otherwise, little-endian unless `bigEndian`.
   * @returns The integers.
   * @throws {ShapeError} If the source isn't whole integers.
   */
  int24(
    source: Bytes,
    options: { readonly signed?: boolean | undefined; readonly bigEndian?: boolean | undefined } = {},
  ): Int32Array<ArrayBuffer> {
    const { signed = true, bigEndian = false } = options;
    const count = countOf(source, 3, "convert integers of 24 bits");
    const out = new Int32Array(count);
    const flags = (signed ? 1 : 0) | (bigEndian ? 2 : 0);
    const steps = { source: bytesOf(source), sourceStep: 3, target: bytesOf(out), targetStep: 4, count };
    this.#blocks(steps, ({ exports }, target, into, _, n) => exports.mr_int24(target, into, n, flags));
    return out;
  }

  /**
   * Unpacks words of 10 or 12 bits.
   *
   * @param source Their bytes, beginning with a group: 5 bytes of 10-bit words, 3 of 12-bit words.
   * @param options How they are packed, and which are wanted.
   * @returns The words.
   * @throws {ShapeError} If the source has fewer.
   */
  unpack(source: Bytes, options: PackedOptions): Uint16Array<ArrayBuffer> {
    const { bits, packing, skip = 0 } = options;
    const code = ["lsb", "msb", "mipi"].indexOf(packing);
    if ((bits !== 10 && bits !== 12) || code < 0) {
      throw new ShapeError(`Cannot unpack words of ${bits} bits packed as ${packing}`);
    }
    // A whole number of bytes in every packing.
    const [group, groupBytes] = bits === 10 ? [4, 5] : [2, 3];
    const whole = Math.floor(source.byteLength / groupBytes);
    const rest = packing === "mipi" ? 0 : Math.floor((source.byteLength - whole * groupBytes) * 8 / bits);
    const held = whole * group + rest;
    const count = options.count ?? Math.max(held - skip, 0);
    checkCount(skip, "number of words to skip");
    checkCount(count, "number of words");
    if (skip + count > held) {
      throw new ShapeError(
        `Cannot unpack ${skip + count} words of ${bits} bits: ${source.byteLength} bytes hold ${held}`,
      );
    }
    const out = new Uint16Array(skip + count);
    const steps = {
      source: bytesOf(source),
      sourceStep: groupBytes,
      target: new Uint8Array(Math.ceil(out.length / group) * group * 2),
      targetStep: 2 * group,
      count: Math.ceil(out.length / group),
    };
    this.#blocks(steps, ({ exports }, target, into, first, n) => {
      const words = Math.min(n * group, out.length - first * group);
      const length = Math.min(n * groupBytes, source.byteLength - first * groupBytes);
      return exports.mr_unpack(target, words, into, length, bits, code);
    });
    return new Uint16Array(steps.target.buffer, 0, out.length).slice(skip);
  }

  /**
   * Takes one bit of each word.
   *
   * @param words The words' bytes.
   * @param wordsize Bytes per word.
   * @param index Which bit, 0 the lowest.
   * @param options `swap` where the words are big-endian.
   * @returns 0 or 1 per word.
   * @throws {ShapeError} If there is no such bit, or the bytes aren't whole words.
   */
  bit(
    words: Bytes,
    wordsize: 1 | 2 | 4,
    index: number,
    options: { readonly swap?: boolean | undefined } = {},
  ): Uint8Array<ArrayBuffer> {
    return this.bits(words, wordsize, { ...options, first: index, count: 1 });
  }

  /**
   * Takes words apart into bits, as channels.
   *
   * @param words The words' bytes.
   * @param wordsize Bytes per word.
   * @param options Which bits, and how they are laid out.
   * @returns 0 or 1 per word and bit.
   * @throws {ShapeError} If there are no such bits, or the bytes aren't whole words.
   */
  bits(words: Bytes, wordsize: 1 | 2 | 4, options: BitsOptions = {}): Uint8Array<ArrayBuffer> {
    if (![1, 2, 4].includes(wordsize)) throw new ShapeError(`Cannot take bits of words of ${wordsize} bytes`);
    const { first = 0, count: bits = 8 * wordsize - first, layout = "time-major", swap = false } = options;
    checkCount(first, "first bit");
    checkCount(bits, "number of bits");
    if (first + bits > 8 * wordsize) {
      throw new ShapeError(`Cannot take bits ${first} to ${first + bits - 1} of words of ${8 * wordsize}`);
    }
    const count = countOf(words, wordsize, "take bits of words");
    const out = new Uint8Array(count * bits);
    const unit = swap ? wordsize : 1;
    const source = bytesOf(words);
    const take = (target: Uint8Array, from: number, n: number) =>
      this.#blocks(
        { source, sourceStep: wordsize, target, targetStep: n, count, unit },
        ({ exports }, to, into, _, now) => exports.mr_bits(to, into, now, wordsize, from, n, 0),
      );
    if (layout === "time-major") take(out, first, bits);
    else for (let i = 0; i < bits; i++) take(out.subarray(i * count, (i + 1) * count), first + i, 1);
    return out;
  }

  /**
   * Reduces samples for drawing: smallest, largest and mean value of each bucket of `factor` samples, per channel. NaN is
   * left out; a bucket of nothing else gives NaN. -0 is less than 0. Sums are exact for integers up to 32 bits, else
   * float64 in the order of time.
   *
   * @param source The samples' bytes.
   * @param type Their type.
   * @param options Samples per bucket, and how channels lie.
   * @returns One entry per bucket and channel.
   * @throws {ShapeError} If the source isn't whole frames.
   */
  decimate<T extends ElementType>(source: Bytes, type: T, options: DecimateOptions): Decimated<T> {
    return decimate(this.#instance, source, type, options);
  }

  #blocks(
    steps: Parameters<typeof inBlocks>[1],
    kernel: (arena: Arena, target: number, source: number, first: number, count: number) => number,
  ): void {
    inBlocks(this.#instance, steps, () => undefined, kernel);
  }
}

function perChannel(value: number | ArrayLike<number>, channels: number, what: string): Float64Array {
  if (typeof value === "number") return new Float64Array(channels).fill(value);
  if (value.length !== channels) throw new ShapeError(`Cannot scale ${channels} channels by ${value.length} ${what}`);
  return Float64Array.from(value);
}

/** One value in the module's memory, for a message. */
function valueAt(arena: Arena, start: number, type: StoredType, index: number): string {
  const size = sizeOf(type);
  const bytes = arena.view(start + index * size, size).slice();
  if (type !== "float16") return String(new (newArray(type, 0).constructor as Uint8ArrayConstructor)(bytes.buffer)[0]);
  const wide = arena.take(8);
  arena.exports.mr_convert(wide, TYPES.indexOf("float64"), start + index * size, TYPES.indexOf(type), 1, 0);
  return String(new Float64Array(arena.view(wide, 8).slice().buffer)[0]);
}
