/**
 * Recordings as one object: series, intervals, tables and plain values by name, nested as deep as need be.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS } from "./columns/table_arrays.ts";
import type { ArrayReadOptions, LazyArray } from "../array/types.ts";
import type { H5File } from "../hdf5/file.ts";
import type { Group } from "../hdf5/group.ts";
import type { WritableGroup } from "../hdf5/write/writable_group.ts";
import { MicrotomeError } from "../source/errors.ts";
import type { SinkTarget } from "../source/sink/sink.ts";
import type { SourceInput } from "../source/open_source.ts";
import { ArraySlot } from "./columns/array_slot.ts";
import {
  FORMS,
  type Forms,
  type InMemory,
  type MembersOnDemand,
  type OnDemand,
  type ValueAt,
} from "./columns/described.ts";
import { DATA_OPTIONS, type DataOptions, LOAD_OPTIONS, type LoadOptions } from "./data_options.ts";
import { checkDomain, moved, windowOf } from "./intervals/domain.ts";
import { saveMembers } from "./files/save_members.ts";
import { SAVE_OPTIONS, type SaveOptions } from "./files/save_options.ts";
import { printsAsText } from "../source/inspect.ts";
import type { Interval } from "./intervals/interval.ts";
import { copyMembers, lacksValues, mapMembers, materializeMembers, type Sliceable } from "./columns/map_members.ts";
import { deleteAt, describeAt, findMember, getAt, setAt } from "./columns/member_paths.ts";
import { MEMBERS, type Members, noMembers, putMember, setMember, unionOf } from "./columns/members.ts";
import { loadRecording } from "./files/load_recording.ts";
import type { Outline } from "./files/outline.ts";
import { printData } from "./print/print_data.ts";
import type { ArrayDescription } from "./columns/read_column.ts";
import { makeData } from "./files/stored_data.ts";
import { checkOrigin, checkWindow, SLICE_OPTIONS, type SliceOptions } from "./frame/window.ts";

/**
 * A recording: series, intervals, tables, arrays and plain values by name. A member is a property of its name, unless the
 * class has one of that name already; {@linkcode Data.get} reaches all, `get("spikes.timestamps")` those of members too.
 *
 * Loaded from a file, arrays are read when they are first asked for, slices of them in part; slicing reads nothing. A `Data`
 * may have such arrays, a `Data<never>` has all in memory.
 *
 * @example
 * ```ts
 * import { Data } from "./data.ts";
 * import { IrregularTimeSeries } from "./irregular.ts";
 * import { RegularTimeSeries } from "./regular/regular.ts";
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
export class Data<out L extends LazyArray = LazyArray> implements AsyncDisposable {
  /** For the compiler only: what it is with all arrays in memory, and else. */
  declare readonly [FORMS]: Forms<Data<never>, Data, "domain", "members">;
  /**
   * What it holds; for this room only.
   *
   * @internal
   */
  declare readonly [MEMBERS]: Members;

  /**
   * Makes a recording.
   *
   * @param attributes Members by name: objects of this room, arrays (typed, in memory, lazy), lists and plain values
   * @param options Domain
   * @throws {TypeError} If a member has a time and there is no domain
   */
  constructor(attributes: Readonly<Record<string, unknown>> = {}, options: DataOptions = {}) {
    checkOptions(options, DATA_OPTIONS, "make a Data");
    filled(this, noMembers());
    const { domain } = options;
    if (domain === "auto") this[MEMBERS].domain = unionOf(Object.values(attributes));
    else if (domain !== undefined) this[MEMBERS].domain = checkDomain(domain, "Data");
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "domain") throw new TypeError("Cannot make a Data: its domain goes into the options");
      setMember(this, key, value);
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
    source: SourceInput | Group,
    options: LoadOptions & { readonly lazy: false },
  ): Promise<InMemory<D> & Readonly<S>>;
  /** Loads a recording whose arrays are read when they are first asked for. */
  static async load<S = object, D extends Data = Data>(
    this: { readonly prototype: D },
    source: SourceInput | Group,
    options?: LoadOptions,
  ): Promise<D & MembersOnDemand<S>>;
  static async load(
    this: { readonly prototype: Data },
    source: SourceInput | Group,
    options: LoadOptions = {},
  ): Promise<Data> {
    checkOptions(options, LOAD_OPTIONS, "load");
    return await loadRecording(source, options, (outline) => recordingOf(outline, this));
  }

  /** Whether arrays are missing in memory. */
  get isLazy(): [L] extends [never] ? false : boolean {
    return lacksValues(this) as [L] extends [never] ? false : boolean;
  }

  /** When there is something, `null` where that wasn't said. */
  get domain(): Interval<L> | null {
    return this[MEMBERS].domain as Interval<L> | null;
  }

  /** Sets the domain. */
  set domain(domain: Interval<L> | null) {
    setMember(this, "domain", domain);
  }

  /** Where the domain starts, in seconds; `null` without one, and where it isn't in memory. */
  get start(): number | null {
    return this[MEMBERS].domain?.known?.start[0] ?? null;
  }

  /** Where the domain ends, in seconds; `null` without one, and where it isn't in memory. */
  get end(): number | null {
    return this[MEMBERS].domain?.known?.end.at(-1) ?? null;
  }

  /** Names of the members. */
  keys(): string[] {
    return [...this[MEMBERS].entries.keys()];
  }

  /** Names and what stands for each: objects and plain values; arrays where they are in memory, else lazy. */
  *entries(): Generator<[string, unknown], void> {
    for (const [key, value] of this[MEMBERS].entries) yield [key, value instanceof ArraySlot ? value.shown() : value];
  }

  /** As {@linkcode Data.entries}. */
  [Symbol.iterator](): Generator<[string, unknown], void> {
    return this.entries();
  }

  /** Whether a path such as `spikes` or `spikes.timestamps` leads to something. Reads nothing. */
  has(path: string): boolean {
    return findMember(this, path) !== null;
  }

  /**
   * A member, or one of a member: an array at once where it is in memory, else as a promise of it. A domain is found as
   * `domain` or `spikes.domain`, what is in one as `spikes.domain.start`, the rate of a regular series as
   * `lfp.sampling_rate`.
   *
   * @param path Such as `spikes` or `spikes.timestamps`
   * @throws {NotFoundError} If it leads to nothing
   */
  get<P extends string>(path: P): ValueAt<this, P>;
  /** The same, of a type that the caller knows. */
  get<T>(path: string): T | Promise<T>;
  get(path: string): unknown {
    return getAt(this, path);
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
    setAt(this, path, value);
    return this;
  }

  /** Removes a member, or one of a member. @throws {NotFoundError} If there is none */
  delete(path: string): void {
    deleteAt(this, path);
  }

  /** What is known of an array of a path, without reading it: see {@linkcode ArrayDict.describe}. */
  describe(path: string): ArrayDescription {
    return describeAt(this, path);
  }

  /** As torch_brain prints it. */
  toString(): string {
    return printData(this.entries());
  }

  /** Where the origin lies on the clock of the whole recording, in seconds; `null` without a domain. */
  get absoluteStart(): number | null {
    return this[MEMBERS].domain === null ? null : this[MEMBERS].absoluteStart;
  }

  /** The file that it is read from; `null` where it was made or read at once, and for slices. */
  get file(): H5File | null {
    return this[MEMBERS].file;
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
    const domain = this._timed("slice").and(windowOf(start, end));
    const out = this._mapped((value) => value.slice(start, end, options));
    out[MEMBERS].domain = moved(domain, origin);
    out[MEMBERS].absoluteStart = this[MEMBERS].absoluteStart + (origin ?? 0);
    return out;
  }

  /**
   * The recording in some intervals, without moving the origin. Regular series become irregular.
   *
   * @param interval The intervals, sorted and disjoint
   * @throws {MicrotomeError} If it has no domain
   */
  selectByInterval(interval: Interval): this;
  /** The same by intervals that may have to be read. */
  selectByInterval(interval: Interval<LazyArray>): OnDemand<this>;
  selectByInterval(interval: Interval<LazyArray>): unknown {
    const domain = this._timed("select from").and(interval);
    const out = this._mapped((value) => value.selectByInterval(interval));
    out[MEMBERS].domain = domain;
    out[MEMBERS].absoluteStart = this[MEMBERS].absoluteStart;
    return out;
  }

  /**
   * The same recording, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   * @throws {MicrotomeError} If that isn't known: there is no domain, it is empty, or not in memory
   */
  resetOrigin(origin: number | undefined = this.start ?? undefined): this {
    const domain = this._timed("reset the origin of");
    if (origin === undefined) {
      throw new MicrotomeError(
        "Cannot reset the origin of this Data: where its domain starts isn't known; say what becomes 0",
      );
    }
    checkOrigin(origin);
    const out = this._mapped((value) => value.resetOrigin(origin));
    out[MEMBERS].domain = domain.resetOrigin(origin);
    out[MEMBERS].absoluteStart = this[MEMBERS].absoluteStart + origin;
    return out;
  }

  /** A recording of its own with the same members: changing one doesn't change the other. Numbers aren't copied. */
  copy(): this {
    const out = this._like();
    copyMembers(this, out);
    out[MEMBERS].domain = this[MEMBERS].domain?.copy() ?? null;
    out[MEMBERS].absoluteStart = this[MEMBERS].absoluteStart;
    return out;
  }

  /**
   * Reads everything that isn't in memory, all at once, domains too.
   *
   * @param options Abort signal
   * @returns The object itself, which works when its file is closed
   */
  async materialize(options: ArrayReadOptions = {}): Promise<InMemory<this>> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    await materializeMembers(this, options);
    return this as unknown as InMemory<this>;
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
    // Who only reads doesn't load what writes.
    const { create } = await import("../hdf5/write/create.ts");
    await using file = await create(target);
    await this.toHdf5(file, options);
    await file.close();
  }

  /** The file that {@linkcode Data.save} would write, in memory. */
  async toBytes(options: SaveOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    checkOptions(options, SAVE_OPTIONS, "to bytes");
    const { create } = await import("../hdf5/write/create.ts");
    await using file = await create();
    await this.toHdf5(file, options);
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
    await saveMembers(this, group, options);
  }

  /**
   * Closes the file that {@linkcode Data.load} opened; what isn't in memory can't be read any more, of slices likewise.
   * Closing twice does nothing, nor does closing what was loaded from an open file, which is its owner's to close.
   *
   * @param options Whether it is an error that there is no open file
   * @throws {MicrotomeError} If there is none, and `strict` is set
   */
  async close(options: { readonly strict?: boolean | undefined } = {}): Promise<void> {
    checkOptions(options, { strict: true }, "close");
    if (options.strict === true && (this[MEMBERS].file === null || this[MEMBERS].file.closed)) {
      throw new MicrotomeError("Cannot close this Data: no file is open");
    }
    if (this[MEMBERS].ownsFile) await this[MEMBERS].file?.close();
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private _timed(what: string): Interval<LazyArray> {
    if (this[MEMBERS].domain !== null) return this[MEMBERS].domain;
    throw new MicrotomeError(`Cannot ${what} this Data: it has no domain, so nothing in it has times`);
  }

  /** A recording of the same class without members. */
  private _like(): this {
    return emptyOf({ prototype: Object.getPrototypeOf(this) as this });
  }

  private _mapped(change: (value: Sliceable) => unknown): this {
    const out = this._like();
    mapMembers(this, out, change);
    return out;
  }
}

/**
 * Makes a recording of what a file says; for this room only.
 *
 * @param outline What the file says
 * @param type The class of the recording; objects within are plain
 */
export function recordingOf<D extends Data>(outline: Outline, type: { readonly prototype: D }): D {
  return makeData<Data>(outline, ({ entries, domain, absoluteStart, isWhole }) => {
    const out = emptyOf<Data>(isWhole ? type : Data);
    Object.assign(out[MEMBERS], { domain, absoluteStart });
    for (const [key, value] of entries) putMember(out, key, value);
    return out;
  }) as D;
}

/** A recording of a class, without members. */
function emptyOf<D extends Data>(type: { readonly prototype: D }): D {
  return filled(Object.create(type.prototype) as D, noMembers());
}

function filled<D extends Data>(data: D, members: Members): D {
  printsAsText(Data.prototype);
  return Object.defineProperty(data, MEMBERS, { value: members });
}
