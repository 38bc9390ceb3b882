/**
 * The reader: plain work on bytes that isn't HDF5's, by the small second module. `wasm/reader/reader.h` is its C side.
 * Each kind of kernel has a file of its own, whose functions take the instance; what needs one of them takes that file alone.
 *
 * @module
 */
import { checksum } from "./checksum.ts";
import type { Box } from "./box.ts";
import { convert, type ConvertOptions } from "./convert.ts";
import { decimate, type Decimated, type DecimateOptions } from "./decimate.ts";
import { gather, swap, transpose } from "./gather.ts";
import { loadReaderInstance } from "./load.ts";
import type { ReaderInstance } from "./memory.ts";
import { bits, type BitsOptions, int24, type PackedOptions, unpack } from "./packed.ts";
import { scale, type ScaleOptions } from "./scale.ts";
import type { Bytes, ElementArray, ElementType, StoredType } from "./types.ts";

export type { Box, BoxAxis } from "./box.ts";
export type { ConvertOptions, Overflow } from "./convert.ts";
export type { Decimated, DecimateOptions } from "./decimate.ts";
export type { BitsOptions, PackedOptions } from "./packed.ts";
export type { ScaleOptions } from "./scale.ts";
export type { Bytes, ElementArray, ElementArrays, ElementType, Layout, StoredType } from "./types.ts";

/**
 * Gives the reader. Its module is compiled on first use.
 *
 * @returns The reader.
 * @throws {WasmError} If the module can't be loaded.
 */
export async function loadReader(): Promise<Reader> {
  return new Reader(await loadReaderInstance());
}

/**
 * Kernels over bytes. Sources are only read, of any length and alignment, and go through the module in blocks, so that
 * its memory stays small. Numbers are little-endian, as memory is everywhere that WebAssembly runs.
 */
export class Reader {
  /** The instance, for what takes a kernel by itself. */
  readonly instance: ReaderInstance;

  /** Use {@linkcode loadReader}. */
  constructor(instance: ReaderInstance) {
    this.instance = instance;
  }

  /** Bytes that the module's memory takes now. */
  get memoryBytes(): number {
    return this.instance.memoryBytes;
  }

  /**
   * CRC-32 as in zip, gzip and PNG.
   *
   * @param bytes The bytes.
   * @param initial The sum of the bytes before them.
   * @returns An unsigned 32-bit integer.
   */
  crc32(bytes: Bytes, initial: number = 0): number {
    return checksum(this.instance, "mr_crc32", bytes, initial);
  }

  /** CRC-32C (Castagnoli), as Zarr has it; see {@linkcode Reader.crc32}. */
  crc32c(bytes: Bytes, initial: number = 0): number {
    return checksum(this.instance, "mr_crc32c", bytes, initial);
  }

  /** Adler-32, as zlib has it; see {@linkcode Reader.crc32}. */
  adler32(bytes: Bytes, initial: number = 1): number {
    return checksum(this.instance, "mr_adler32", bytes, initial);
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
    return swap(this.instance, source, unit, target);
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
    return gather(this.instance, source, box, target);
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
    return transpose(this.instance, source, shape, itemsize, target);
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
    return convert(this.instance, source, from, to, options);
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
    return scale(this.instance, source, from, to, options);
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
    return int24(this.instance, source, options);
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
    return unpack(this.instance, source, options);
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
    return bits(this.instance, words, wordsize, options);
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
    return decimate(this.instance, source, type, options);
  }
}
