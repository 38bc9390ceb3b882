/**
 * Recordings as one object: series, intervals, tables and plain values by name, nested as deep as need be.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, NDArray } from "../array/types.ts";
import { create } from "../hdf5/create.ts";
import { H5File, open, type OpenOptions } from "../hdf5/file.ts";
import { Group } from "../hdf5/group.ts";
import type { WritableGroup } from "../hdf5/writable_group.ts";
import { MicrotomeError, NotFoundError } from "../source/errors.ts";
import type { SinkTarget } from "../source/sink.ts";
import type { SourceInput } from "../source/open_source.ts";
import { AnyArrayDict, checkKey, defineAccessor } from "./array_dict.ts";
import { type ArrayValue, isArrayValue, isLazyArray, presentArray, toArray } from "./column.ts";
import type { LazyForms, ValueAt } from "./described.ts";
import { makeData, type Outline, readOutline, type StoredData } from "./hdf5_read.ts";
import { type SaveOptions, writeArray, writeArrays, writeAttribute } from "./hdf5_write.ts";
import { AnyInterval, Interval } from "./interval.ts";
import { AnyIrregularTimeSeries, checkDomain } from "./irregular.ts";
import { printData } from "./print_data.ts";
import { AnyRegularTimeSeries } from "./regular.ts";
import { checkWindow, type SliceOptions } from "./window.ts";

/** Options of {@linkcode Data}. */
export interface DataOptions {
  /** When there is something; `"auto"` is the union of the domains of its members. */
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

/** An array of a `Data`. */
interface Slot {
  /** The array, or where it comes from. */
  readonly source: NDArray | LazyArray;
  /** What users get. */
  value?: ArrayValue;
  /** The reading under way. */
  loading?: Promise<NDArray>;
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
  #slots: Map<string, Slot> = new Map();
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
    for (const [key, value] of Object.entries(attributes)) this.set(key, value);
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
  static async load<S = object>(
    source: SourceInput | H5File | Group,
    options: LoadOptions & { readonly lazy: false },
  ): Promise<Data & Readonly<S>>;
  static async load<S = object>(
    source: SourceInput | H5File | Group,
    options?: LoadOptions,
  ): Promise<Data & LazyForms<S>>;
  static async load(source: SourceInput | H5File | Group, options: LoadOptions = {}): Promise<Data> {
    const { lazy = true, signal, ...openOptions } = options;
    const isOpen = source instanceof H5File || source instanceof Group;
    const file = isOpen ? null : await open(source as SourceInput, openOptions);
    try {
      const group = file?.root ?? (source instanceof H5File ? source.root : source as Group);
      const data = Data.fromOutline(await readOutline(group, { signal }));
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

  /** Where the domain starts, in seconds; `null` without one. */
  get start(): number | null {
    return this.#domain?.known?.start[0] ?? null;
  }

  /** Where the domain ends, in seconds; `null` without one. */
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
    for (const [key, value] of this.#entries) {
      const slot = this.#slots.get(key);
      yield [key, slot === undefined ? value : isNDArray(slot.source) ? presented(slot) : slot.source];
    }
  }

  /** As {@linkcode Data.entries}. */
  [Symbol.iterator](): Generator<[string, unknown], void> {
    return this.entries();
  }

  /** Whether a path such as `spikes` or `spikes.timestamps` leads to something. Reads nothing. */
  has(path: string): boolean {
    return Data.#holds(this.#find(path));
  }

  /**
   * A member, or one of a member: an array at once where it is in memory, else as a promise of it.
   *
   * @param path Such as `spikes` or `spikes.timestamps`
   * @throws {NotFoundError} If it leads to nothing
   */
  get<P extends string>(path: P): ValueAt<this, P>;
  get<T>(path: string): T | Promise<T>;
  get(path: string): unknown {
    const found = this.#find(path);
    if (found === null || !Data.#holds(found)) {
      throw new NotFoundError(`Cannot get ${path}: Data has no such attribute`, { object: path });
    }
    if (found.owner !== this) return found.owner.get(found.key);
    const slot = this.#slots.get(found.key);
    if (slot === undefined) return this.#entries.get(found.key);
    return isNDArray(slot.source)
      ? presented(slot)
      : this.#load(found.key, slot).then(() => presented(this.#slots.get(found.key)!));
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
    const found = this.#find(path);
    if (found === null) throw new NotFoundError(`Cannot set ${path}: there is nothing to set it in`, { object: path });
    if (found.owner !== this) {
      found.owner.set(found.key, value as ArrayValue);
      return this;
    }
    checkKey(found.key);
    if (this.#domain === null && (isTimed(value) || (value instanceof Data && value.#domain !== null))) {
      throw new TypeError(
        `Cannot set ${path}: a Data object must have a domain if it contains a time-based attribute (${path})`,
      );
    }
    this.#put(found.key, value);
    return this;
  }

  /** Removes a member, or one of a member. @throws {NotFoundError} If there is none */
  delete(path: string): void {
    const found = this.#find(path);
    if (found === null || !Data.#holds(found)) {
      throw new NotFoundError(`Cannot delete ${path}: Data has no such attribute`, { object: path });
    }
    if (found.owner !== this) return found.owner.delete(found.key);
    this.#entries.delete(found.key);
    this.#slots.delete(found.key);
    if (Object.hasOwn(this, found.key)) Reflect.deleteProperty(this, found.key);
  }

  /** What is known of an array of a path, without reading it: see {@linkcode AnyArrayDict.describe}. */
  describe(path: string): ReturnType<AnyArrayDict["describe"]> {
    const found = this.#find(path);
    if (found !== null && found.owner !== this) return found.owner.describe(found.key);
    const slot = found === null ? undefined : this.#slots.get(found.key);
    if (slot === undefined) {
      throw new NotFoundError(`Cannot describe ${path}: Data has no such array`, { object: path });
    }
    return { shape: slot.source.shape, dtype: slot.source.dtype, loaded: isNDArray(slot.source) };
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
    for (const [key, value] of this.#entries) {
      out.#put(
        key,
        value instanceof Data || value instanceof AnyArrayDict ? value.copy() : this.#slots.get(key)?.source ?? value,
      );
    }
    out.#domain = this.#domain;
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
    await Promise.all([...this.#entries].map(async ([key, value]) => {
      const slot = this.#slots.get(key);
      if (value instanceof Data || value instanceof AnyArrayDict) await value.materialize(options);
      else if (slot !== undefined && !isNDArray(slot.source)) await this.#load(key, slot, options);
    }));
    await this.#domain?.materialize(options);
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
      const slot = this.#slots.get(key);
      if (value instanceof Data) await value.toHdf5(await group.createGroup(key), options);
      else if (value instanceof AnyArrayDict) await writeArrays(await group.createGroup(key), value, options);
      else if (slot !== undefined) await writeArray(group, key, slot.source, options);
      else await writeAttribute(group, key, value, options);
    }
    if (this.#domain !== null) {
      await this.#domain.materialize();
      await writeArrays(await group.createGroup("domain"), this.#domain, { signal: options.signal });
    }
    await group.attributes.set("object", "Data");
    await group.attributes.set("absolute_start", this.#absoluteStart);
  }

  /**
   * Closes the file that {@linkcode Data.load} opened; what isn't in memory can't be read any more. Closing twice does
   * nothing.
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

  #put(key: string, value: unknown): void {
    this.#slots.delete(key);
    this.#entries.set(key, value);
    if (isLazyArray(value)) this.#slots.set(key, { source: value });
    else if (isArrayValue(value)) {
      this.#slots.set(key, {
        source: isNDArray(value) && value.shape.length === 0 ? value : toArray(value, key),
      });
    }
    defineAccessor(this, key);
  }

  async #load(key: string, slot: Slot, options?: ArrayReadOptions): Promise<NDArray> {
    const { source } = slot;
    if (isNDArray(source)) return source;
    // A reading that can be aborted belongs to its caller alone.
    const reading = options?.signal === undefined ? slot.loading ??= source.read() : source.read(null, options);
    try {
      const array = await reading;
      if (this.#slots.get(key) === slot) this.#slots.set(key, { source: array });
      return array;
    } finally {
      delete slot.loading;
    }
  }

  #find(path: string): { owner: Owner; key: string } | null {
    if (this.#entries.has(path) || !path.includes(".")) return { owner: this, key: path };
    const dot = path.indexOf(".");
    const child = this.#entries.get(path.slice(0, dot));
    if (child instanceof Data) return child.#find(path.slice(dot + 1));
    if (child instanceof AnyArrayDict) return { owner: child as unknown as Owner, key: path.slice(dot + 1) };
    return null;
  }

  static #holds(found: { owner: Owner; key: string } | null): boolean {
    if (found === null) return false;
    const { owner, key } = found;
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
      out.#put(key, isTimedHere ? change(value as Timed) : this.#slots.get(key)?.source ?? value);
    }
    return out;
  }
}

/** What has members. */
interface Owner {
  has(key: string): boolean;
  get(key: string): unknown;
  set(key: string, value: ArrayValue): unknown;
  delete(key: string): void;
  describe(key: string): ReturnType<AnyArrayDict["describe"]>;
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

function presented(slot: Slot): ArrayValue {
  return slot.value ??= presentArray(slot.source as NDArray);
}
