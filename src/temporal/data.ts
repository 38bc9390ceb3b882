/**
 * Recordings as one object: series, intervals, tables and plain values by name, nested as deep as need be.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions } from "../array/types.ts";
import { create } from "../hdf5/create.ts";
import { H5File, open, type OpenOptions } from "../hdf5/file.ts";
import { Group } from "../hdf5/group.ts";
import type { WritableGroup } from "../hdf5/writable_group.ts";
import { MicrotomeError, NotFoundError } from "../source/errors.ts";
import type { SinkTarget } from "../source/sink.ts";
import type { SourceInput } from "../source/open_source.ts";
import { AnyArrayDict, type ArrayDescription, checkKey, defineAccessor } from "./array_dict.ts";
import { ArraySlot } from "./array_slot.ts";
import { type ArrayInput, isArrayValue, isLazyArray, toArray } from "./column.ts";
import type { LazyForms, ValueAt } from "./described.ts";
import { makeData, type Outline, readOutline, type StoredData } from "./hdf5_read.ts";
import { type SaveOptions, writeArray, writeArrays, writeAttribute, writeDomain } from "./hdf5_write.ts";
import { AnyInterval, Interval } from "./interval.ts";
import { AnyIrregularTimeSeries, checkDomain } from "./irregular.ts";
import { printData } from "./print_data.ts";
import { AnyRegularTimeSeries } from "./regular.ts";
import { checkWindow, type SliceOptions } from "./window.ts";
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
 * class has one of that name already; {@linkcode Data.get} reaches all, `get("spikes.timestamps")` those of members too.
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
export class Data implements AsyncDisposable {
  #entries: Map<string, unknown> = new Map();
  #domain: AnyInterval | null = null;
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
    const { domain } = options;
    if (domain === "auto") this.#domain = unionOf(Object.values(attributes));
    else if (domain !== undefined) this.#domain = checkDomain(domain, "Data");
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "domain") throw new TypeError("Cannot make a Data: its domain goes into the options");
      this.#setOwn(key, value);
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
    const { lazy = true, signal } = options;
    const isOpen = source instanceof H5File || source instanceof Group;
    const file = isOpen ? null : await open(source as SourceInput, options);
    try {
      const group = file?.root ?? (source instanceof H5File ? source.root : source as Group);
      const data = Data.fromOutline(await readOutline(group, { signal }));
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
    data.#domain = domain;
    data.#absoluteStart = absoluteStart;
    for (const [key, value] of entries) data.#put(key, value);
    return data;
  }

  /** When there is something, `null` where that wasn't said. */
  get domain(): Interval | null {
    return this.#domain as Interval | null;
  }

  /** Sets the domain. */
  set domain(domain: AnyInterval | null) {
    this.#domain = domain === null ? null : checkDomain(domain, "Data");
  }

  /** Where the domain starts, in seconds; `null` without one, and where it isn't in memory. */
  get start(): number | null {
    return this.#domain?.known?.start[0] ?? null;
  }

  /** Where the domain ends, in seconds; `null` without one, and where it isn't in memory. */
  get end(): number | null {
    return this.#domain?.known?.end.at(-1) ?? null;
  }

  /** Where the origin lies on the clock of the whole recording, in seconds; `null` without a domain. */
  get absoluteStart(): number | null {
    return this.#domain === null ? null : this.#absoluteStart;
  }

  /** The file that it is read from; `null` where it was made or read at once, and for slices. */
  get file(): H5File | null {
    return this.#file;
  }

  /** Names of the members. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** Names and what stands for each: objects and plain values; arrays where they are in memory, else lazy. */
  *entries(): Generator<[string, unknown], void> {
    for (const [key, value] of this.#entries) yield [key, value instanceof ArraySlot ? value.shown() : value];
  }

  /** As {@linkcode Data.entries}. */
  [Symbol.iterator](): Generator<[string, unknown], void> {
    return this.entries();
  }

  /** Whether a path such as `spikes` or `spikes.timestamps` leads to something. Reads nothing. */
  has(path: string): boolean {
    return this.#find(path) !== null;
  }

  /**
   * A member, or one of a member: an array at once where it is in memory, else as a promise of it. A domain is found as
   * `domain` or `spikes.domain`.
   *
   * @param path Such as `spikes` or `spikes.timestamps`
   * @throws {NotFoundError} If it leads to nothing
   */
  get<P extends string>(path: P): ValueAt<this, P>;
  get<T>(path: string): T | Promise<T>;
  get(path: string): unknown {
    const { owner, key } = this.#need(path, "get");
    if (key === "domain" && hasDomain(owner)) return owner.domain;
    if (!(owner instanceof Data)) return owner.get(key);
    const value = owner.#entries.get(key);
    return value instanceof ArraySlot ? value.get(path) : value;
  }

  /**
   * Sets a member, or one of a member.
   *
   * @param path Such as `spikes` or `units.id`
   * @param value An object of this room, an array, a list or a plain value
   * @returns The object itself
   * @throws {NotFoundError} If the way to it leads to nothing
   * @throws {TypeError} If it has times and there is no domain, or the name can't be one
   */
  set(path: string, value: unknown): this {
    const place = this.#place(path);
    if (place === null) throw new NotFoundError(`Cannot set ${path}: there is nothing to set it in`, { object: path });
    const { owner, key } = place;
    if (owner instanceof Data) owner.#setOwn(key, value);
    else if (key === "domain" && owner instanceof AnyIrregularTimeSeries) owner.domain = value as AnyInterval;
    else owner.set(key, value as ArrayInput);
    return this;
  }

  /** Removes a member, or one of a member. @throws {NotFoundError} If there is none */
  delete(path: string): void {
    const { owner, key } = this.#need(path, "delete");
    if (!(owner instanceof Data)) return owner.delete(key);
    owner.#entries.delete(key);
    if (Object.hasOwn(owner, key)) Reflect.deleteProperty(owner, key);
  }

  /** What is known of an array of a path, without reading it: see {@linkcode AnyArrayDict.describe}. */
  describe(path: string): ArrayDescription {
    const { owner, key } = this.#need(path, "describe");
    if (!(owner instanceof Data)) return owner.describe(key);
    const value = owner.#entries.get(key);
    if (value instanceof ArraySlot) return value.describe();
    throw new NotFoundError(`Cannot describe ${path}: it is no array`, { object: path });
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
    const origin = checkWindow(start, end, options);
    const domain = this.#timed("slice").and(new Interval(start, end));
    const out = this.#mapped((value) => value.slice(start, end, options));
    out.#domain = origin === null ? domain : domain.resetOrigin(origin);
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
    out.#domain = domain;
    out.#absoluteStart = this.#absoluteStart;
    return out;
  }

  /**
   * The same recording, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   */
  resetOrigin(origin: number | null = this.start): this {
    const domain = this.#timed("reset the origin of");
    if (typeof origin !== "number" || !Number.isFinite(origin)) {
      throw new RangeError(`Cannot reset the origin to ${origin}: expected seconds`);
    }
    const out = this.#mapped((value) => value.resetOrigin(origin));
    out.#domain = domain.resetOrigin(origin);
    out.#absoluteStart = this.#absoluteStart + origin;
    return out;
  }

  /** A recording of its own with the same members: changing one doesn't change the other. Numbers aren't copied. */
  copy(): this {
    const out = this.#like();
    for (const [key, value] of this.#entries) out.#put(key, copied(value));
    out.#domain = this.#domain?.copy() ?? null;
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
    const reads = [...this.#entries].map(async ([key, value]) => {
      if (value instanceof Data || value instanceof AnyArrayDict) await value.materialize(options);
      else if (value instanceof ArraySlot) await value.load(key, options);
    });
    await waitForAll<unknown>([...reads, this.#domain?.materialize(options)]);
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
    await using file = await create(target);
    await this.toHdf5(file.root, options);
    await file.close();
  }

  /** The file that {@linkcode Data.save} would write, in memory. */
  async toBytes(options: SaveOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
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
    for (const [key, value] of this.#entries) {
      options.signal?.throwIfAborted();
      if (value instanceof Data) await value.toHdf5(await group.createGroup(key), options);
      else if (value instanceof AnyArrayDict) await writeArrays(await group.createGroup(key), value, options);
      else if (value instanceof ArraySlot) await writeArray(group, key, value.source, options);
      else await writeAttribute(group, key, value, options);
    }
    if (this.#domain !== null) await writeDomain(group, this.#domain, options);
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

  /** As torch_brain prints it. */
  toString(): string {
    return printData(this);
  }

  /** For `Deno.inspect` and `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** For Node's and Bun's `inspect` and `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  #setOwn(key: string, value: unknown): void {
    if (key === "domain") {
      this.domain = value as AnyInterval | null;
      return;
    }
    checkKey(key);
    if (this.#domain === null && (isTimed(value) || (value instanceof Data && value.#domain !== null))) {
      throw new TypeError(
        `Cannot set ${key}: a Data object must have a domain if it contains a time-based attribute (${key})`,
      );
    }
    if (value instanceof Data && value.#contains(this)) {
      throw new TypeError(`Cannot set ${key}: it is the object that it would be in, or holds it`);
    }
    this.#put(key, value);
  }

  #put(key: string, value: unknown): void {
    let entry = value;
    if (isLazyArray(value)) entry = new ArraySlot(value);
    else if (isArrayValue(value)) {
      entry = new ArraySlot(isNDArray(value) && value.shape.length === 0 ? value : toArray(value, key));
    }
    this.#entries.set(key, entry);
    defineAccessor(this, key);
  }

  #contains(data: Data): boolean {
    return this === data || [...this.#entries.values()].some((value) => value instanceof Data && value.#contains(data));
  }

  /** Where a path leads to, whether there is something or not; `null` where the way there leads to nothing. */
  #place(path: string): Place | null {
    if (this.#entries.has(path) || !path.includes(".")) return { owner: this, key: path };
    // Names may have dots in them.
    for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
      const child = this.#entries.get(path.slice(0, dot));
      if (child instanceof Data) return child.#place(path.slice(dot + 1));
      if (child instanceof AnyArrayDict) return { owner: child, key: path.slice(dot + 1) };
    }
    return null;
  }

  /** Where a path leads to; `null` where there is nothing. */
  #find(path: string): Place | null {
    const place = this.#place(path);
    if (place === null || Data.#owns(place)) return place;
    const isDomain = place.key === "domain" && hasDomain(place.owner) && place.owner.domain !== null;
    return isDomain ? place : null;
  }

  #need(path: string, what: string): Place {
    const place = this.#find(path);
    if (place !== null) return place;
    throw new NotFoundError(`Cannot ${what} ${path}: there is no such attribute`, { object: path });
  }

  static #owns({ owner, key }: Place): boolean {
    return owner instanceof Data ? owner.#entries.has(key) : owner.has(key);
  }

  #timed(what: string): AnyInterval {
    if (this.#domain !== null) return this.#domain;
    throw new MicrotomeError(`Cannot ${what} this Data: it has no domain, so nothing in it has times`);
  }

  #like(): this {
    const out = new Data();
    Object.setPrototypeOf(out, Object.getPrototypeOf(this));
    return out as this;
  }

  #mapped(change: (value: Timed) => unknown): this {
    const out = this.#like();
    for (const [key, value] of this.#entries) {
      const isTimedHere = isTimed(value) || (value instanceof Data && value.#domain !== null);
      out.#put(key, isTimedHere ? change(value as Timed) : copied(value));
    }
    return out;
  }
}

/** What has a member, and the member's name. */
interface Place {
  readonly owner: Data | AnyArrayDict;
  readonly key: string;
}

/** What can be sliced in time. */
interface Timed {
  slice(start: number, end: number, options: SliceOptions): unknown;
  selectByInterval(interval: AnyInterval): unknown;
  resetOrigin(origin: number): unknown;
}

function isTimed(value: unknown): value is AnyIrregularTimeSeries | AnyRegularTimeSeries | AnyInterval {
  return value instanceof AnyIrregularTimeSeries || value instanceof AnyRegularTimeSeries ||
    value instanceof AnyInterval;
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

function hasDomain(owner: unknown): owner is Data | AnyIrregularTimeSeries | AnyRegularTimeSeries {
  return owner instanceof Data || owner instanceof AnyIrregularTimeSeries || owner instanceof AnyRegularTimeSeries;
}
