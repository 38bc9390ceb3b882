/**
 * What `openAny` gives: arrays by key, and the format's own handle.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import type { CostMeter } from "../source/cost.ts";
import { NotFoundError, WrongKindError } from "../source/errors.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { Cost } from "../source/types.ts";
import { printsAsText } from "../source/inspect.ts";

/** Options of what looks into an open source. */
export interface OpenedOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of what lists an open source. */
export interface ListOptions extends OpenedOptions {
  /**
   * Lists only what lies at this key or below it.
   *
   * @default {"/"}
   */
  readonly below?: string | undefined;
}

/** What lies in an open source: how the room lists and opens its arrays. */
export interface Contents<N extends string, H> {
  /** The format. */
  readonly format: { readonly name: N; readonly description: string };
  /** What messages call the source. */
  readonly name: string;
  /** Size of the file, or `null` where it is a folder or a store. */
  readonly byteLength: number | null;
  /** Counts what reading costs. */
  readonly meter: CostMeter;
  /** What the format's own function opened. */
  readonly handle: H;
  /** Keys of the arrays at and below a key. */
  keys(below: string, options: { readonly signal?: AbortSignal | undefined }): Promise<string[]> | string[];
  /** The array of a key. */
  get(key: string, options: { readonly signal?: AbortSignal | undefined }): Promise<LazyArray>;
  /** All arrays at and below a key, where that costs less than one by one. */
  entries?(
    below: string,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<(readonly [key: string, array: LazyArray])[]>;
  /** Closes it. */
  close(): Promise<void>;
}

/**
 * An open source of any format: `opened.format` says which, and which type `opened.handle` has. Made by `openAny`; close
 * it, or hold it by `await using`.
 *
 * Keys are paths such as `/a/b` in HDF5, NWB, torch_brain's files and Zarr, names of members in an `.npz`, and `/` where the
 * file is one array. What is listed are arrays alone; groups, attributes and what a format makes of its arrays are the handle's.
 */
export class Opened<N extends string = string, H = unknown> implements AsyncDisposable {
  /** The format's name in the registry. */
  readonly format: N;
  /** What the format is, in words. */
  readonly description: string;
  /** What messages call the source: its path, its URL without query. */
  readonly name: string;
  /** Size of the file, or `null` where it is a folder or a store. */
  readonly byteLength: number | null;
  /** What the format's own function opens: an `H5File`, an `NWBFile`, an `Npz`, … It is closed with this. */
  readonly handle: H;
  readonly #contents: Contents<N, H>;

  /** Made by `openAny`, and by formats. */
  constructor(contents: Contents<N, H>) {
    this.format = contents.format.name;
    this.description = contents.format.description;
    this.name = contents.name;
    this.byteLength = contents.byteLength;
    this.handle = contents.handle;
    this.#contents = contents;
    printsAsText(Opened.prototype);
  }

  /** What has been paid so far, what it took to tell the format included. */
  get cost(): Cost {
    return this.#contents.meter.cost;
  }

  /**
   * The keys of all arrays. In HDF5 and Zarr that walks over all groups.
   *
   * @param options Which part; abort signal
   */
  async keys(options: ListOptions = {}): Promise<string[]> {
    checkOptions(options, LIST_OPTIONS, "list keys");
    return [...await this.#contents.keys(options.below ?? "/", options)];
  }

  /**
   * Whether there is an array of that key.
   *
   * @param key The key
   * @param options Abort signal
   */
  async has(key: string, options: OpenedOptions = {}): Promise<boolean> {
    checkOptions(options, OPENED_OPTIONS, "look up a key");
    try {
      await this.#contents.get(key, options);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof WrongKindError) return false;
      throw error;
    }
  }

  /**
   * An array. Reads what describes it, no values.
   *
   * @param key Its key
   * @param options Abort signal
   * @throws {NotFoundError} If there is none
   * @throws {WrongKindError} If there is something else
   */
  async get(key: string, options: OpenedOptions = {}): Promise<LazyArray> {
    checkOptions(options, OPENED_OPTIONS, "get an array");
    return await this.#contents.get(key, options);
  }

  /**
   * All arrays with their keys.
   *
   * @param options Which part; abort signal
   */
  async entries(options: ListOptions = {}): Promise<(readonly [key: string, array: LazyArray])[]> {
    checkOptions(options, LIST_OPTIONS, "list arrays");
    const { below = "/" } = options;
    if (this.#contents.entries !== undefined) return await this.#contents.entries(below, options);
    const keys = await this.#contents.keys(below, options);
    return await Promise.all(keys.map(async (key) => [key, await this.#contents.get(key, options)] as const));
  }

  /** The keys and arrays, as {@linkcode Opened.entries} has them. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<readonly [key: string, array: LazyArray]> {
    yield* await this.entries();
  }

  /** What it is, in a line. */
  toString(): string {
    return `Opened ${this.name}: ${this.format} (${this.description})`;
  }

  /** Closes the source; nothing of it can be read any more. */
  async close(): Promise<void> {
    await this.#contents.close();
  }

  /** The same as {@linkcode Opened.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const OPENED_OPTIONS: OptionNames<OpenedOptions> = { signal: true };
const LIST_OPTIONS: OptionNames<ListOptions> = { ...OPENED_OPTIONS, below: true };
