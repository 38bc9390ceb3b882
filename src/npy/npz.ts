/**
 * `.npz` archives: arrays under names, in a ZIP archive.
 *
 * @module
 */

import type { ArrayData } from "../array/types.ts";
import { printsAsText } from "../source/inspect.ts";
import { namesText, summary } from "../array/text/summary.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { located } from "../source/located.ts";
import { SOURCE_OPTIONS } from "../source/open_source.ts";
import { checkOptions, type OptionNames, READ_OPTIONS } from "../source/options.ts";
import { NotFoundError } from "../source/errors.ts";
import {
  nameOfInput,
  type OpenedSource,
  openSource,
  type SourceInput,
  type SourceOptions,
} from "../source/open_source.ts";
import type { Cost, ReadOptions } from "../source/types.ts";
import type { ZipArchive } from "../source/zip/zip_archive.ts";
import type { Crc32, ZipEntry } from "../source/zip/directory.ts";
import { openZip } from "../source/zip/open_zip.ts";
import { loadReader } from "../wasm/reader/reader.ts";
import { openMember } from "./member.ts";
import type { NpyArray } from "./npy_array.ts";

/** Options of {@linkcode openNpz}: of HTTP, and limits. */
export interface NpzOptions extends SourceOptions {
  /**
   * How many times its packed size a member may be once it is unpacked. Deflate can't do more than 1,032, and arrays of
   * zeros come near; a smaller number refuses such archives.
   *
   * @default {1032}
   */
  readonly maxRatio?: number | undefined;
}

/**
 * Opens an `.npz` archive. Arrays in it are lazy: of stored ones, slices are range requests; deflated ones are unpacked
 * from their start on, as far as a slice reaches (up to 4 MiB they are kept).
 *
 * What that costs on a server: opening is one request for the end of the archive, where its directory is (in browsers,
 * where asking for an end isn't allowed without asking first, one for its start and one for its end). An archive of up
 * to 512 KiB comes whole by the next request, and costs no third one. In larger ones, {@linkcode Npz.get} is one request
 * for the 64 KiB around the array's header, and a slice one more where it lies outside of these: so the first slice of
 * an array costs two requests, each one after it one. All arrays that lie in what came already cost nothing.
 *
 * Whole reads check the CRC. Members whose names are absolute or lead upwards, that overlap, are encrypted, or packed
 * by other methods are listed, and refused when they are read.
 *
 * @param input URL, path, bytes, blob, R2 object, or an object that reads
 * @param options Of HTTP, and limits
 * @returns The archive. Close it, or hold it by `await using`
 * @throws {FormatError} If it is no ZIP archive
 * @throws {CorruptFileError} If its directory is damaged
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../array/ndarray.ts";
 * import { openNpz } from "./npz.ts";
 * import { encodeNpz } from "./write_npz.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = await encodeNpz({ t: ndarray(Float64Array.of(0, 0.5)), d: ndarray(Int16Array.of(7, 8)) });
 * await using npz = await openNpz(bytes);
 * assert.deepEqual(npz.keys(), ["t", "d"]);
 * const d = await npz.get("d");
 * assert.equal((await d.read([1])).data[0], 8);
 * ```
 */
export async function openNpz(input: SourceInput, options: NpzOptions = {}): Promise<Npz> {
  checkOptions(options, NPZ_OPTIONS, "open NPZ");
  const reader = loadReader();
  reader.catch(() => {}); // awaited below, unless the source can't be opened
  const call = { deadline: options.deadline, what: "open", file: nameOfInput(input) };
  return await bounded(call, options, (options) => openWithin(input, options, reader));
}

async function openWithin(
  input: SourceInput,
  options: NpzOptions,
  reader: ReturnType<typeof loadReader>,
): Promise<Npz> {
  const opened = await openSource(input, { openFrom: "end", ...options });
  try {
    const { crc32 } = await reader.then((reader) => ({
      crc32: (bytes: Uint8Array, crc?: number) => reader.crc32(bytes, crc),
    }));
    const zip = await openZip(opened, { crc32, maxRatio: options.maxRatio, signal: options.signal });
    return new Npz(opened, zip, crc32);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

const SUFFIX = ".npy";

/** An open `.npz` archive. */
export class Npz {
  /** What messages call it. */
  readonly name: string;
  readonly #keys: readonly string[];
  readonly #opened: OpenedSource;
  readonly #zip: ZipArchive;
  readonly #crc32: Crc32;
  readonly #arrays = new Map<ZipEntry, Promise<NpyArray>>();

  /** Made by {@linkcode openNpz}. */
  constructor(opened: OpenedSource, zip: ZipArchive, crc32: Crc32) {
    printsAsText(Npz.prototype);
    this.#opened = opened;
    this.#zip = zip;
    this.#crc32 = crc32;
    this.name = zip.name;
    this.#keys = [...zip.entries.values()].filter((entry) => !entry.isDirectory).map(({ name }) =>
      name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name
    );
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("Npz", this.name, namesText(this.#keys, "member"));
  }

  /** Size of the archive's file, in bytes. */
  get byteLength(): number {
    return this.#opened.source.byteLength;
  }

  /** What reading has cost so far. */
  get cost(): Cost {
    return this.#opened.meter.cost;
  }

  /** The archive itself. */
  get zip(): ZipArchive {
    return this.#zip;
  }

  /** Names of the members, in the order of the archive, without `.npy` at their ends. */
  keys(): string[] {
    return [...this.#keys];
  }

  /**
   * Whether there is a member of that name.
   *
   * @param key Its name, with or without `.npy` at its end, as NumPy takes it
   */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /**
   * Opens an array: reads its header, and no more. The type parameter states what its data comes in, and isn't checked:
   * {@linkcode NpyArray.is} checks.
   *
   * @param key Its name, with or without `.npy` at its end
   * @param options `signal` aborts
   * @returns The array, the same one each time
   * @throws {NotFoundError} If there is none of that name
   * @throws {WrongKindError} If the member is no `.npy` file: see {@linkcode Npz.bytes}
   * @throws {UnsupportedError} If it is encrypted, or packed by a method that isn't built in
   * @throws {CorruptFileError} If it is damaged
   */
  async get<D extends ArrayData = ArrayData>(key: string, options: ReadOptions = {}): Promise<NpyArray<D>> {
    checkOptions(options, READ_OPTIONS, `open member ${JSON.stringify(key)}`);
    const entry = this.#entry(key);
    let array = this.#arrays.get(entry);
    if (array === undefined) {
      array = located(
        { file: this.name, object: entry.name },
        () =>
          this.#bounded(
            entry.name,
            options,
            (options) => openMember({ opened: this.#opened, zip: this.#zip, entry, crc32: this.#crc32 }, options),
          ),
      );
      this.#arrays.set(entry, array);
      // Asked for again, it may succeed.
      array.catch(() => this.#arrays.delete(entry));
    }
    return await array as NpyArray<D>;
  }

  /**
   * Opens several arrays, whose headers are fetched in one round.
   *
   * @param keys Their names; by default all whose members end in `.npy`
   * @param options `signal` aborts
   * @returns The arrays by name
   * @throws As {@linkcode Npz.get}
   */
  async getAll(keys: readonly string[] = this.#npyKeys(), options: ReadOptions = {}): Promise<Map<string, NpyArray>> {
    checkOptions(options, READ_OPTIONS, "open members");
    const entries = keys.map((key) => this.#entry(key));
    return await this.#bounded(undefined, options, async (options) => {
      await this.#zip.prefetch(entries.filter((entry) => !this.#arrays.has(entry)), options);
      const arrays = await Promise.all(keys.map((key) => this.get(key, options)));
      return new Map(keys.map((key, i) => [key, arrays[i]!]));
    });
  }

  /** The arrays, opened one after the other, with their names; members that don't end in `.npy` are left out. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[key: string, array: NpyArray], void> {
    for (const key of this.#npyKeys()) yield [key, await this.get(key)];
  }

  /**
   * Reads a member whole, whatever it is, and checks its CRC.
   *
   * @param key Its name, with or without `.npy` at its end
   * @param options `signal` aborts
   * @returns The unpacked bytes
   * @throws As {@linkcode Npz.get}
   */
  async bytes(key: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    checkOptions(options, READ_OPTIONS, `read member ${JSON.stringify(key)}`);
    const { name } = this.#entry(key);
    return await located(
      { file: this.name, object: name },
      () => this.#bounded(name, options, (options) => this.#zip.read(name, options)),
    );
  }

  #bounded<T>(object: string | undefined, options: ReadOptions, run: (options: ReadOptions) => Promise<T>): Promise<T> {
    return bounded({ deadline: this.#opened.deadline, what: "read", file: this.name, object }, options, run);
  }

  /** Closes the archive; its arrays can't be read any more. */
  async close(): Promise<void> {
    await this.#opened.close();
  }

  /** The same as {@linkcode Npz.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** As NumPy: the whole name counts before the one without its end. */
  #find(key: string): string | undefined {
    return [key, key + SUFFIX].find((name) => this.#zip.has(name));
  }

  #entry(key: string): ZipEntry {
    const name = this.#find(key);
    if (name !== undefined) return this.#zip.entry(name);
    const shown = this.#keys.length > 10 ? [...this.#keys.slice(0, 10), "…"] : this.#keys;
    throw new NotFoundError(
      `Cannot find ${JSON.stringify(key)} in ${this.name}: it has ${shown.join(", ") || "no members"}`,
      { file: this.name, object: key },
    );
  }

  #npyKeys(): string[] {
    return [...this.#zip.entries.keys()].filter((name) => name.endsWith(SUFFIX)).map((name) =>
      name.slice(0, -SUFFIX.length)
    );
  }
}

/** Names of `NpzOptions`. */
export const NPZ_OPTIONS: OptionNames<NpzOptions> = { ...SOURCE_OPTIONS, maxRatio: true };
