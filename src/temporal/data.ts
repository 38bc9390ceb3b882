/**
 * Recordings as one object: series, intervals, tables and plain values by name, nested as deep as need be.
 *
 * @module
 */

import { located } from "../source/located.ts";
import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, DATA_OPTIONS, LOAD_OPTIONS, SAVE_OPTIONS, SLICE_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import { create } from "../hdf5/create.ts";
import { H5File, open, type OpenOptions } from "../hdf5/file.ts";
import { Group } from "../hdf5/group.ts";
import type { WritableGroup } from "../hdf5/writable_group.ts";
import { MicrotomeError } from "../source/errors.ts";
import type { SinkTarget } from "../source/sink.ts";
import type { SourceInput } from "../source/open_source.ts";
import { AnyData, isTimed } from "./any_data.ts";
import { AnyArrayDict } from "./any_array_dict.ts";
import { ArraySlot } from "./array_slot.ts";
import type { LazyForms } from "./described.ts";
import { makeData, type StoredData } from "./hdf5_read.ts";
import { saveObject, type SaveOptions, writeArray, writeAttribute, writeDomain } from "./hdf5_write.ts";
import { checkDomain, moved, windowOf } from "./domain.ts";
import { AnyInterval } from "./any_interval.ts";
import { Interval } from "./interval.ts";
import { AnyIrregularTimeSeries } from "./any_irregular.ts";
import { AnyRegularTimeSeries } from "./any_regular.ts";
import { type Outline, readOutline } from "./outline.ts";
import { checkOrigin, checkWindow, type SliceOptions } from "./window.ts";
import { waitForAll } from "./wait_for_all.ts";

/** Options of {@linkcode Data}. */
export interface DataOptions {
  /**
   * When there is something; `"auto"` is the union of the domains of its members. With intervals among them that aren't in
   * memory it isn't either, before it was materialized.
   */
  readonly domain?: AnyInterval | "auto" | undefined;
}

/** Options of {@linkcode Data.load}. */
export interface LoadOptions extends OpenOptions {
  /**
   * Whether arrays are read when they are first asked for; the file stays open for that. Else all is read at once, and
   * the file closed.
   *
   * @default {true}
   */
  readonly lazy?: boolean | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A recording: series, intervals, tables, arrays and plain values by name. A member is a property of its name, unless the
 * class has one of that name already; {@linkcode AnyData.get} reaches all, `get("spikes.timestamps")` those of members too.
 *
 * Loaded from a file, arrays are read when they are first asked for, slices of them in part; slicing reads nothing.
 *
 * @example
 * ```ts
 * import { Data } from "./data.ts";
 * import { IrregularTimeSeries } from "./irregular.ts";
 * import { RegularTimeSeries } from "./regular.ts";
 * import assert from "node:assert/strict";
 *
 * const session = new Data({
 *   session_id: "session_0",
 *   spikes: new IrregularTimeSeries({ timestamps: [1.2, 2.3, 3.1], unit_id: BigInt64Array.of(1n, 2n, 1n) }),
 *   behavior: new RegularTimeSeries({ pupil_size: new Float64Array(400) }, { samplingRate: 100 }),
 * }, { domain: "auto" });
 * const bytes = await session.toBytes();
 *
 * interface Session {
 *   spikes: IrregularTimeSeries & { unit_id: BigInt64Array };
 * }
 * await using loaded = await Data.load<Session>(bytes);
 * const window = loaded.slice(2, 4);
 * assert.deepEqual(await window.spikes.unit_id, BigInt64Array.of(2n, 1n));
 * ```
 */
export class Data extends AnyData implements AsyncDisposable {
  #absoluteStart = 0;
  #file: H5File | null = null;
  #owned = false;

  /**
   * Makes a recording.
   *
   * @param attributes Members by name: objects of this room, arrays (typed, in memory, lazy), lists and plain values
   * @param options Domain
   * @throws {TypeError} If a member has a time and there is no domain
   */
  constructor(attributes: Readonly<Record<string, unknown>> = {}, options: DataOptions = {}) {
    super();
    checkOptions(options, DATA_OPTIONS, "make a Data");
    const { domain } = options;
    if (domain === "auto") this._domain = unionOf(Object.values(attributes));
    else if (domain !== undefined) this._domain = checkDomain(domain, "Data");
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "domain") throw new TypeError("Cannot make a Data: its domain goes into the options");
      this._setOwn(key, value);
    }
  }

  /**
   * Loads a recording that torch_brain, temporaldata or {@linkcode Data.save} saved. Lazily, it reads what is in the file
   * and the domains.
   *
   * @param source A path, a URL, bytes, a `Blob`, …, or an open HDF5 file or group, which stays the caller's to close
   * @param options Whether lazily; how the file is opened
   * @returns The recording; close it, or declare it with `await using`. Of a described session `Data.load<Session>(…)`
   * members and arrays are typed
   * @throws {FormatError} If the file isn't of that kind, or something in it isn't as it should be
   */
  static async load<S = object, D extends Data = Data>(
    this: { readonly prototype: D },
    source: SourceInput | H5File | Group,
    options: LoadOptions & { readonly lazy: false },
  ): Promise<D & Readonly<S>>;
  /** Loads a recording whose arrays are read when they are first asked for. */
  static async load<S = object, D extends Data = Data>(
    this: { readonly prototype: D },
    source: SourceInput | H5File | Group,
    options?: LoadOptions,
  ): Promise<D & LazyForms<S>>;
  static async load(
    this: { readonly prototype: Data },
    source: SourceInput | H5File | Group,
    options: LoadOptions = {},
  ): Promise<Data> {
    checkOptions(options, LOAD_OPTIONS, "load");
    const { lazy = true, signal } = options;
    const isOpen = source instanceof H5File || source instanceof Group;
    const { lazy: _lazy, ...opening } = options;
    const file = isOpen ? null : await open(source as SourceInput, opening);
    try {
      const group = file?.root ?? (source instanceof H5File ? source.root : source as Group);
      const { name } = file ?? (source instanceof H5File ? source : { name: undefined });
      const data = await located(
        { file: name, object: group.path },
        async () => Data.fromOutline(await readOutline(group, { signal })),
      );
      // What a class of the user's own adds; objects within are plain.
      if (this.prototype !== Data.prototype) Object.setPrototypeOf(data, this.prototype);
      if (lazy) {
        data.#file = file ?? (source instanceof H5File ? source : null);
        data.#owned = file !== null;
        return data;
      }
      await data.materialize({ signal });
      await file?.close();
      return data;
    } catch (error) {
      await file?.close();
      throw error;
    }
  }

  /**
   * Makes a recording of what a file says; for this room only.
   *
   * @internal
   */
  static fromOutline(outline: Outline): Data {
    return makeData(outline, Data.#stored);
  }

  static #stored({ entries, domain, absoluteStart }: StoredData<Data>): Data {
    const data = new Data();
    data._domain = domain;
    data.#absoluteStart = absoluteStart;
    for (const [key, value] of entries) data._put(key, value);
    return data;
  }

  /** Where the origin lies on the clock of the whole recording, in seconds; `null` without a domain. */
  get absoluteStart(): number | null {
    return this._domain === null ? null : this.#absoluteStart;
  }

  /** The file that it is read from; `null` where it was made or read at once, and for slices. */
  get file(): H5File | null {
    return this.#file;
  }

  /**
   * The recording in a window `[start, end)`: all series and intervals in it, and what has no times as it is. Reads
   * nothing.
   *
   * @param start First second of the window
   * @param end First second behind it
   * @param options Whether times count from `start` afterwards, which they do by default
   * @returns A new object; what it reads still comes from the same file
   * @throws {MicrotomeError} If it has no domain
   * @throws {RangeError} If the window ends before it starts
   */
  slice(start: number, end: number, options: SliceOptions = {}): this {
    checkOptions(options, SLICE_OPTIONS, "slice");
    const origin = checkWindow(start, end, options);
    const domain = this.#timed("slice").and(windowOf(start, end));
    const out = this.#mapped((value) => value.slice(start, end, options));
    out._domain = moved(domain, origin);
    out.#absoluteStart = this.#absoluteStart + (origin ?? 0);
    return out;
  }

  /**
   * The recording in some intervals, without moving the origin. Regular series become irregular.
   *
   * @param interval The intervals, sorted and disjoint
   * @throws {MicrotomeError} If it has no domain
   */
  selectByInterval(interval: AnyInterval): this {
    const domain = this.#timed("select from").and(interval);
    const out = this.#mapped((value) => value.selectByInterval(interval));
    out._domain = domain;
    out.#absoluteStart = this.#absoluteStart;
    return out;
  }

  /**
   * The same recording, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   * @throws {MicrotomeError} If that isn't known: there is no domain, it is empty, or not in memory
   */
  resetOrigin(origin: number | undefined = this.start ?? undefined): this {
    const domain = this.#timed("reset the origin of");
    if (origin === undefined) {
      throw new MicrotomeError(
        "Cannot reset the origin of this Data: where its domain starts isn't known; say what becomes 0",
      );
    }
    checkOrigin(origin);
    const out = this.#mapped((value) => value.resetOrigin(origin));
    out._domain = domain.resetOrigin(origin);
    out.#absoluteStart = this.#absoluteStart + origin;
    return out;
  }

  /** A recording of its own with the same members: changing one doesn't change the other. Numbers aren't copied. */
  copy(): this {
    const out = this.#like();
    for (const [key, value] of this._entries) out._put(key, copied(value));
    out._domain = this._domain?.copy() ?? null;
    out.#absoluteStart = this.#absoluteStart;
    return out;
  }

  /**
   * Reads everything that isn't in memory, all at once, domains too.
   *
   * @param options Abort signal
   * @returns The object itself, which works when its file is closed
   */
  async materialize(options: ArrayReadOptions = {}): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    const reads = [...this._entries].map(async ([key, value]) => {
      if (value instanceof Data || value instanceof AnyArrayDict) await value.materialize(options);
      else if (value instanceof ArraySlot) await value.load(key, options);
    });
    await waitForAll<unknown>([...reads, this._domain?.materialize(options)]);
    return this;
  }

  /**
   * Saves the recording as torch_brain does, so that it can load it. What isn't in memory is copied block by block. The
   * target is in place once all is written, and as it was if anything fails.
   *
   * @param target A path, or any sink
   * @param options Chunks and compression, serializers
   * @throws {DTypeError} If a member can't be stored
   * @throws {WriteError} If it can't be written
   */
  async save(target: SinkTarget, options: SaveOptions = {}): Promise<void> {
    checkOptions(options, SAVE_OPTIONS, "save");
    await using file = await create(target);
    await this.toHdf5(file.root, options);
    await file.close();
  }

  /** The file that {@linkcode Data.save} would write, in memory. */
  async toBytes(options: SaveOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    checkOptions(options, SAVE_OPTIONS, "to bytes");
    await using file = await create();
    await this.toHdf5(file.root, options);
    return await file.bytes();
  }

  /**
   * Saves the recording into a group of a file that is being written.
   *
   * @param group The group, empty
   * @param options Chunks and compression, serializers
   */
  async toHdf5(group: WritableGroup, options: SaveOptions = {}): Promise<void> {
    checkOptions(options, SAVE_OPTIONS, "to hdf5");
    for (const [key, value] of this._entries) {
      options.signal?.throwIfAborted();
      if (value instanceof Data) await value.toHdf5(await group.createGroup(key), options);
      else if (value instanceof AnyArrayDict) await saveObject(await group.createGroup(key), value, options);
      else if (value instanceof ArraySlot) await writeArray(group, key, value.source, options);
      else await writeAttribute(group, key, value, options);
    }
    if (this._domain !== null) await writeDomain(group, this._domain, options);
    await group.attributes.set("object", "Data");
    await group.attributes.set("absolute_start", this.#absoluteStart);
  }

  /**
   * Closes the file that {@linkcode Data.load} opened; what isn't in memory can't be read any more, of slices likewise.
   * Closing twice does nothing, nor does closing what was loaded from an open file, which is its owner's to close.
   *
   * @param options Whether it is an error that there is no open file
   * @throws {MicrotomeError} If there is none, and `strict` is set
   */
  async close(options: { readonly strict?: boolean | undefined } = {}): Promise<void> {
    if (options.strict === true && (this.#file === null || this.#file.closed)) {
      throw new MicrotomeError("Cannot close this Data: no file is open");
    }
    if (this.#owned) await this.#file?.close();
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #timed(what: string): AnyInterval {
    if (this._domain !== null) return this._domain;
    throw new MicrotomeError(`Cannot ${what} this Data: it has no domain, so nothing in it has times`);
  }

  #like(): this {
    const out = new Data();
    Object.setPrototypeOf(out, Object.getPrototypeOf(this));
    return out as this;
  }

  #mapped(change: (value: Timed) => unknown): this {
    const out = this.#like();
    for (const [key, value] of this._entries) {
      const isTimedHere = isTimed(value) || (value instanceof Data && value._domain !== null);
      out._put(key, isTimedHere ? change(value as Timed) : copied(value));
    }
    return out;
  }
}

/** What can be sliced in time. */
interface Timed {
  slice(start: number, end: number, options: SliceOptions): unknown;
  selectByInterval(interval: AnyInterval): unknown;
  resetOrigin(origin: number): unknown;
}

/** A member as another object has it: what is done to the one isn't done to the other. */
function copied(value: unknown): unknown {
  if (value instanceof Data || value instanceof AnyArrayDict) return value.copy();
  return Array.isArray(value) ? [...value] : value;
}

/** The union of all domains. */
function unionOf(values: readonly unknown[]): AnyInterval {
  let union: AnyInterval = new Interval([], []);
  for (const value of values) {
    const isSeries = value instanceof AnyIrregularTimeSeries || value instanceof AnyRegularTimeSeries;
    const domain = value instanceof AnyInterval ? value : isSeries || value instanceof Data ? value.domain : null;
    if (domain !== null) union = union.or(domain);
  }
  return union;
}
