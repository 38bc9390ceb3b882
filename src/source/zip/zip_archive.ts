/**
 * ZIP archives, read by ranges: the directory first, then only what is asked for.
 *
 * @module
 */

import { printsAsText } from "../inspect.ts";
import { CorruptFileError, LimitError, NotFoundError, UnsupportedError } from "../errors.ts";
import type { RangeFetcher } from "../fetch/fetcher.ts";
import { pace } from "../pace.ts";
import type { PageCache } from "../pages/page_cache.ts";
import type { ByteSource, ReadOptions } from "../types.ts";
import type { Crc32, ZipEntry } from "./directory.ts";
import { crcInPieces } from "./crc.ts";
import { inflate } from "./inflate.ts";
import { LOCAL_SIZE, readLocalHeader } from "./local_header.ts";
import { orderedPieces } from "./pieces.ts";
import { checkOptions, READ_OPTIONS } from "../options.ts";

/** What an archive is read through; what `openSource` gives is one. */
export interface ZipInput {
  /** Reads the file. */
  readonly fetcher: RangeFetcher;
  /** Pages of the file. */
  readonly cache: PageCache;
}

/** Options of `openZip`. */
export interface ZipOptions {
  /** Computes checksums. */
  readonly crc32: Crc32;
  /**
   * How many times its packed size a member may be. Deflate can't do more than 1,032, so the default refuses only
   * sizes that lie; the size itself is bounded by the limit `maxReadBytes`.
   *
   * @default {1032}
   */
  readonly maxRatio?: number | undefined;
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined;
}

/** What is taken along with a local header: the extra fields that writers add, and what often starts the data. */
const SLACK = 512;

/** An open archive. Members are read by name; nothing is ever written under their names. */
export class ZipArchive {
  /** What messages call it. */
  readonly name: string;
  /** The members by name, in the order of the directory. Of those with the same name the last one counts, as in Python. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #input: ZipInput;
  readonly #options: ZipOptions;
  readonly #starts = new Map<ZipEntry, number>();

  /** Made by `openZip`. */
  constructor(input: ZipInput, entries: readonly ZipEntry[], options: ZipOptions) {
    printsAsText(ZipArchive.prototype);
    this.#input = input;
    this.#options = options;
    this.name = input.fetcher.source.name ?? "the source";
    this.entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** What it is, in one line. */
  toString(): string {
    const { size } = this.entries;
    return `ZipArchive ${JSON.stringify(this.name)} ${size} ${size === 1 ? "member" : "members"}`;
  }

  /** Whether there is a member of that name. */
  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * Finds a member and makes sure that it can be read.
   *
   * @param name Its name
   * @returns Its directory entry
   * @throws {NotFoundError} If there is none
   * @throws {UnsupportedError} If it is encrypted, or packed by a method that isn't built in
   * @throws {CorruptFileError} If it overlaps another, its name leads out of the archive, or its sizes can't be
   */
  entry(name: string): ZipEntry {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new NotFoundError(`Cannot find member ${JSON.stringify(name)} in ${this.name}`, {
        file: this.name,
        object: name,
      });
    }
    if (entry.problem !== undefined) {
      const Problem = entry.problem.kind === "unsupported" ? UnsupportedError : CorruptFileError;
      throw new Problem(`${this.#cannot(entry)}: ${entry.problem.text}`, this.#details(entry));
    }
    const ratio = this.#options.maxRatio ?? 1032;
    // Very short members end in a few bytes that count for nothing.
    if (entry.method === 8 && entry.size > Math.max(1032, entry.compressedSize * ratio)) {
      throw new LimitError(
        `${this.#cannot(entry)}: it is said to unpack ${entry.compressedSize} bytes to ${entry.size}, ` +
          `more than the limit of ${ratio} times`,
        this.#details(entry),
      );
    }
    return entry;
  }

  /**
   * Finds where a member's bytes start, which its local header tells: one request, unless the page is at hand.
   *
   * @param entry The member
   * @param options `signal` aborts
   * @param ahead Bytes behind the local header that are wanted next
   * @returns The place in the file
   * @throws {CorruptFileError} If the local header contradicts the directory
   */
  async start(entry: ZipEntry, options: ReadOptions = {}, ahead: number = SLACK): Promise<number> {
    checkOptions(options, READ_OPTIONS, "find a member");
    const known = this.#starts.get(entry);
    if (known !== undefined) return known;
    const offset = entry.headerOffset;
    const room = entry.limit - offset;
    const wrong = (what: string) => new CorruptFileError(`${this.#cannot(entry)}: ${what}`, this.#details(entry));
    // NumPy writes an extra field of 20 bytes; longer ones take a second look, most often into the same page.
    let length = LOCAL_SIZE + entry.rawName.length + 20;
    let found = 0;
    do {
      length = Math.min(Math.max(length, found), room);
      if (length < Math.max(LOCAL_SIZE, found)) throw wrong("its local header is cut off");
      found = readLocalHeader(
        await this.#look(offset, length, Math.min(length + ahead, room), options),
        entry,
        this.name,
      );
    } while (found > length);
    if (found + entry.compressedSize > room) throw wrong("it overlaps another member or the directory");
    this.#starts.set(entry, offset + found);
    return offset + found;
  }

  /**
   * Loads the local headers of several members, and what follows them, in one round.
   *
   * @param entries The members
   * @param options `signal` aborts
   * @param ahead Bytes behind each local header that are wanted next
   */
  async prefetch(entries: Iterable<ZipEntry>, options: ReadOptions = {}, ahead: number = SLACK): Promise<void> {
    checkOptions(options, READ_OPTIONS, "fetch members");
    const ranges = [...entries].filter((entry) => entry.headerOffset < entry.limit).map((entry) => ({
      offset: entry.headerOffset,
      length: Math.min(LOCAL_SIZE + entry.rawName.length + 20 + ahead, entry.limit - entry.headerOffset),
    }));
    await this.#input.cache.load(ranges, options);
  }

  /**
   * Reads a member whole and checks its CRC.
   *
   * @param name Its name
   * @param options `signal` aborts
   * @returns The unpacked bytes
   * @throws As {@linkcode ZipArchive.entry}, and {@linkcode CorruptFileError} if the bytes aren't those that were packed
   * @throws {LimitError} If it is larger than the limit `maxReadBytes`
   */
  async read(name: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    checkOptions(options, READ_OPTIONS, "read a member");
    const entry = this.entry(name);
    const { fetcher, cache } = this.#input;
    this.checkSize(entry, entry.size);
    if (entry.method === 0) {
      const offset = await this.start(entry, options);
      const [bytes] = await cache.readMany([{ offset, length: entry.size }], options);
      this.checkCrc(entry, await crcInPieces(this.#options.crc32, bytes!, options.signal));
      // A view of a cache, or of the whole file in memory, isn't the caller's.
      const isOwn = fetcher.isSync && fetcher.source.readIntoSync !== undefined;
      return isOwn ? bytes as Uint8Array<ArrayBuffer> : bytes!.slice();
    }
    const bytes = new Uint8Array(entry.size);
    let at = 0;
    for await (const piece of this.stream(entry, options)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /**
   * Reads a part of a member: of a stored one only that part's bytes, of a deflated one all up to its end.
   *
   * @param name The member's name
   * @param offset First byte, counted in the unpacked member
   * @param length Number of bytes
   * @param options `signal` aborts
   * @returns The bytes; their CRC can't be checked
   */
  async readRange(
    name: string,
    offset: number,
    length: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    checkOptions(options, READ_OPTIONS, "read a member");
    const entry = this.entry(name);
    if (!(offset >= 0 && length >= 0 && offset + length <= entry.size)) {
      throw new RangeError(`${this.#cannot(entry)} from byte ${offset} on, ${length} bytes: it has ${entry.size}`);
    }
    this.checkSize(entry, length);
    if (entry.method === 0) {
      const start = await this.start(entry, options);
      return (await this.#input.cache.readMany([{ offset: start + offset, length }], options))[0]!.slice();
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    if (length === 0) return bytes;
    for await (const piece of this.stream(entry, options)) {
      const from = Math.max(0, offset - at);
      const to = Math.min(piece.length, offset + length - at);
      if (from < to) bytes.set(piece.subarray(from, to), at + from - offset);
      at += piece.length;
      if (at >= offset + length && at < entry.size) break;
    }
    return bytes;
  }

  /**
   * Unpacks a member from its start on, piece by piece, in bounded memory.
   *
   * @param entry The member
   * @param options `signal` aborts
   * @returns The pieces, in order. Where the loop runs to the end the CRC is checked; leaving it stops fetching
   * @throws {CorruptFileError} If what comes out isn't what was packed
   */
  async *stream(entry: ZipEntry, options: ReadOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkOptions(options, READ_OPTIONS, "read a member");
    const offset = await this.start(entry, options);
    const packed = orderedPieces(this.#input, { offset, length: entry.compressedSize }, options.signal);
    const name = `member ${JSON.stringify(entry.name)} of ${this.name}`;
    const pieces = entry.method === 0 ? packed : inflate(packed, { size: entry.size, name, file: this.name });
    let crc = 0;
    for await (const piece of pieces) {
      options.signal?.throwIfAborted();
      const turn = pace.start(0, piece.length, options.signal);
      if (turn !== undefined) await turn;
      crc = this.#options.crc32(piece, crc);
      yield piece;
    }
    this.checkCrc(entry, crc);
  }

  /**
   * A stored member as a source of its own: its reads are reads of the archive's file.
   *
   * @param name The member's name
   * @param options `signal` aborts finding its start
   * @returns The source. Closing the archive's file ends it
   * @throws {UnsupportedError} If it is packed
   */
  async source(name: string, options: ReadOptions = {}): Promise<ByteSource> {
    checkOptions(options, READ_OPTIONS, "open a member");
    const entry = this.entry(name);
    if (entry.method !== 0) {
      throw new UnsupportedError(`${this.#cannot(entry)} by ranges: it is deflated`, this.#details(entry));
    }
    const start = await this.start(entry, options);
    const { fetcher, cache } = this.#input;
    const source: ByteSource = {
      name: `${this.name}/${entry.name}`,
      byteLength: entry.size,
      reportsAttempts: true, // counted by the archive's own meter
      read: async ({ offset, length }, readOptions) =>
        (await cache.readMany([{ offset: start + offset, length }], readOptions))[0]!,
    };
    if (!fetcher.isSync) return source;
    source.readSync = ({ offset, length }) => fetcher.readSync({ offset: start + offset, length });
    if (fetcher.source.readIntoSync !== undefined) {
      source.readIntoSync = (offset, target) => fetcher.readIntoSync(start + offset, target);
    }
    return source;
  }

  /**
   * Compares a checksum with the one that the directory has.
   *
   * @param entry The member
   * @param found CRC-32 of its unpacked bytes
   * @throws {CorruptFileError} If they differ
   */
  checkCrc(entry: ZipEntry, found: number): void {
    if (found >>> 0 === entry.crc32) return;
    const hex = (crc: number) => (crc >>> 0).toString(16).padStart(8, "0");
    throw new CorruptFileError(
      `${this.#cannot(entry)}: its CRC-32 is ${hex(found)}, expected ${hex(entry.crc32)}`,
      this.#details(entry),
    );
  }

  /**
   * Makes sure that so much of a member may be held in memory.
   *
   * @throws {LimitError} If it is more than the limit `maxReadBytes`
   */
  checkSize(entry: ZipEntry, size: number): void {
    const { maxReadBytes } = this.#input.fetcher.limits;
    if (size <= maxReadBytes) return;
    throw new LimitError(
      `${this.#cannot(entry)}: ${size.toLocaleString("en")} bytes are more than the limit maxReadBytes of ${
        maxReadBytes.toLocaleString("en")
      }`,
      this.#details(entry),
    );
  }

  /** Bytes from the pages, where they are kept. */
  async #look(offset: number, length: number, wanted: number, options: ReadOptions): Promise<Uint8Array> {
    const { cache } = this.#input;
    const range = { offset, length };
    const there = cache.peek(range);
    if (there !== undefined) return there;
    await cache.load([{ offset, length: wanted }], options);
    return (await cache.readMany([range], options))[0]!;
  }

  #cannot(entry: ZipEntry): string {
    return `Cannot read member ${JSON.stringify(entry.name)} of ${this.name}`;
  }

  #details(entry: ZipEntry): { file: string; object: string } {
    return { file: this.name, object: entry.name };
  }
}
