/**
 * Writing ZIP archives, as Python's `zipfile` does.
 *
 * @module
 */

import { WriteError } from "../errors.ts";
import type { ByteSink } from "../sink/sink.ts";
import type { Crc32 } from "./directory.ts";
import { nameProblem } from "./names.ts";

/** Options of {@linkcode ZipWriter.add}. */
export interface ZipAddOptions {
  /**
   * Whether the member is deflated, by the runtime's own `CompressionStream`, or stored as it is.
   *
   * @default {false}
   */
  readonly compression?: boolean | undefined;
}

interface Member {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly flags: number;
  readonly method: number;
  readonly offset: number;
  size: number;
  compressedSize: number;
  crc: number;
}

// Beyond these, zipfile writes ZIP64 records.
const LIMIT32 = 0x7fffffff;
const LIMIT16 = 0xffff;
const ONES = 0xffffffff;
// 1980-01-01, the first day that ZIP knows: what zipfile writes where it is told none.
const DATE = 0x0021;
const VERSION = 45;
const UNIX = 3;
// rw------- as Unix has it, in the upper half.
const ATTRIBUTES = (0o600 << 16) >>> 0;

/**
 * Writes an archive member by member. Stored members have the very bytes that `numpy.savez` writes: every local header
 * holds the sizes in 64 bits, and the date is 1980-01-01.
 */
export class ZipWriter {
  readonly #sink: ByteSink;
  readonly #crc32: Crc32;
  readonly #members: Member[] = [];
  readonly #names = new Set<string>();
  #at: number;

  /**
   * Starts an archive behind what the sink holds already.
   *
   * @param sink Where it goes; committing it is the caller's
   * @param options `crc32` computes checksums
   */
  constructor(sink: ByteSink, options: { readonly crc32: Crc32 }) {
    this.#sink = sink;
    this.#crc32 = options.crc32;
    this.#at = sink.byteLength;
  }

  /**
   * Writes a member.
   *
   * @param name Its name
   * @param data Its bytes, in pieces
   * @param options Whether it is deflated
   * @throws {WriteError} If the name was used before or can't be one, or the sink can't be written
   */
  async add(
    name: string,
    data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: ZipAddOptions = {},
  ): Promise<void> {
    const raw = new TextEncoder().encode(name);
    const problem = raw.length > LIMIT16 ? "its name is too long" : nameProblem(name);
    if (problem !== undefined || this.#names.has(name)) {
      throw new WriteError(
        `Cannot write member ${JSON.stringify(name)} to ${this.#sink.name}: ${problem ?? "there is one of that name"}`,
        { file: this.#sink.name, object: name },
      );
    }
    this.#names.add(name);
    const method = options.compression === true ? 8 : 0;
    const flags = raw.length === name.length ? 0 : 0x800;
    const member: Member = { name: raw, flags, method, offset: this.#at, size: 0, compressedSize: 0, crc: 0 };
    const header = localHeader(member);
    const start = member.offset + header.length;
    let at = start;
    const write = (bytes: Uint8Array) => {
      this.#sink.writeSync(at, bytes);
      at += bytes.length;
    };
    const counted = this.#count(data, member);
    for await (const bytes of method === 8 ? deflate(counted) : counted) write(bytes);
    member.compressedSize = at - start;
    // Written last, when all is known, as zipfile does.
    this.#sink.writeSync(member.offset, localHeader(member));
    this.#at = at;
    this.#members.push(member);
  }

  /** Writes the directory, which ends the archive. */
  close(): void {
    const directory = this.#members.map(centralHeader);
    const size = directory.reduce((sum, { length }) => sum + length, 0);
    const offset = this.#at;
    for (const record of [...directory, endRecords(this.#members.length, size, offset)]) {
      this.#sink.writeSync(this.#at, record);
      this.#at += record.length;
    }
  }

  async *#count(
    data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    member: Member,
  ): AsyncGenerator<Uint8Array, void> {
    for await (const bytes of data) {
      member.crc = this.#crc32(bytes, member.crc) >>> 0;
      member.size += bytes.length;
      yield bytes;
    }
  }
}

/** How much is fed at once: what comes out of a piece is held in memory. */
const FEED = 256 * 1024;

async function* deflate(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const stream = new CompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let failure: { error: unknown } | undefined;
  const feeding = (async () => {
    try {
      for await (const bytes of data) {
        for (let at = 0; at < bytes.length; at += FEED) await writer.write(bytes.slice(at, at + FEED));
      }
      await writer.close();
    } catch (error) {
      failure = { error };
      await writer.abort(error).catch(() => {});
    }
  })();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } catch (error) {
    await feeding;
    throw failure?.error ?? error;
  } finally {
    await reader.cancel().catch(() => {});
    await writer.abort().catch(() => {});
    await feeding;
  }
}

function localHeader({ name, flags, method, size, compressedSize, crc }: Member): Uint8Array<ArrayBuffer> {
  const record = new RecordWriter(30 + name.length + 20);
  record.uint32(0x04034b50, VERSION | (flags << 16)).uint16(method, 0, DATE).uint32(crc, ONES, ONES);
  record.uint16(name.length, 20).bytes(name);
  return record.uint16(1, 16).uint64(size, compressedSize).done();
}

function centralHeader(member: Member): Uint8Array<ArrayBuffer> {
  const { name, flags, method, crc } = member;
  let { size, compressedSize, offset } = member;
  const wide: number[] = [];
  if (size > LIMIT32 || compressedSize > LIMIT32) {
    wide.push(size, compressedSize);
    size = compressedSize = ONES;
  }
  if (offset > LIMIT32) {
    wide.push(offset);
    offset = ONES;
  }
  const extra = wide.length === 0 ? 0 : 4 + 8 * wide.length;
  const record = new RecordWriter(46 + name.length + extra);
  record.uint32(0x02014b50).uint16(VERSION | (UNIX << 8), VERSION, flags, method, 0, DATE);
  record.uint32(crc, compressedSize, size).uint16(name.length, extra, 0, 0, 0).uint32(ATTRIBUTES, offset).bytes(name);
  if (extra > 0) record.uint16(1, extra - 4).uint64(...wide);
  return record.done();
}

function endRecords(count: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  const isWide = count > LIMIT16 || offset > LIMIT32 || size > LIMIT32;
  const record = new RecordWriter(isWide ? 56 + 20 + 22 : 22);
  if (isWide) {
    record.uint32(0x06064b50).uint64(44).uint16(VERSION, VERSION).uint32(0, 0).uint64(count, count, size, offset);
    record.uint32(0x07064b50, 0).uint64(offset + size).uint32(1);
  }
  const short = Math.min(count, LIMIT16);
  record.uint32(0x06054b50).uint16(0, 0, short, short).uint32(Math.min(size, ONES), Math.min(offset, ONES)).uint16(0);
  return record.done();
}

/** Little-endian numbers, one behind the other. */
class RecordWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
  }

  uint16(...values: number[]): this {
    for (const value of values) this.#view.setUint16((this.#at += 2) - 2, value, true);
    return this;
  }

  uint32(...values: number[]): this {
    for (const value of values) this.#view.setUint32((this.#at += 4) - 4, value, true);
    return this;
  }

  uint64(...values: number[]): this {
    for (const value of values) this.#view.setBigUint64((this.#at += 8) - 8, BigInt(value), true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
}
