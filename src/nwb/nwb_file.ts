/**
 * NWB files as pynapple has them: series by short keys, built when they are asked.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { located } from "../source/located.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { LazyArray } from "../array/types.ts";
import { Dataset } from "../hdf5/dataset.ts";
import { H5File, OPEN_OPTIONS, type OpenOptions, openUnchecked } from "../hdf5/file.ts";
import { Group } from "../hdf5/group.ts";
import { engineOf } from "../hdf5/objects.ts";
import type { Reference } from "../hdf5/reference.ts";
import type { IntervalSet } from "../series/intervals/interval_set.ts";
import { type IndexedTimes, indexTimes } from "../series/time_index.ts";
import type { Ts } from "../series/ts.ts";
import type { TsGroup } from "../series/ts_group.ts";
import type { Tsd } from "../series/tsd.ts";
import type { TsdFrame } from "../series/tsd_frame.ts";
import type { TsdTensor } from "../series/tsd_tensor.ts";
import {
  ClosedError,
  ExternalFileError,
  LimitError,
  MicrotomeError,
  NotFoundError,
  SourceError,
} from "../source/errors.ts";
import { nameOfInput, type SourceInput } from "../source/open_source.ts";
import type { Cost } from "../source/types.ts";
import { type BuildContext, buildTs, buildValues } from "./series/build_series.ts";
import type { SeriesKind } from "../series/npz/kind.ts";
import { formatListing, type Listing, type NwbEntry, readListing } from "./listing.ts";
import { type NwbObject, readObject } from "./object.ts";
import { NwbTable } from "./tables/table.ts";
import type { TypedObject } from "./catalog.ts";
import { fault, NWB_READ_OPTIONS, type NwbReadOptions, readNumbers } from "./series/read_members.ts";
import { NwbTimeSeries } from "./series/time_series.ts";
import { toText } from "./values.ts";

/** Options of {@linkcode NWBFile.open}. */
export interface NwbOptions extends OpenOptions {
  /**
   * Whether values are given as they are stored, as pynapple gives them, rather than in physical units.
   *
   * @default {false}
   */
  readonly raw?: boolean | undefined;
}

/** Names of `NwbOptions`. */
export const NWB_OPTIONS: OptionNames<NwbOptions> = { ...OPEN_OPTIONS, raw: true };

/** What an entry is built into; a table with several columns of times is a map of them. */
export type NwbSeries = Ts | Tsd | TsdFrame | TsdTensor | TsGroup | IntervalSet | Map<string, Ts>;

/** What {@linkcode NWBFile.get} gives: a series where an object makes one, else the object as it is. */
export type NwbValue = NwbSeries | NwbView;

/** What {@linkcode NWBFile.at} gives: a time series, a table, a dataset, or a record of anything else. */
export type NwbView = NwbTimeSeries | NwbTable | NwbObject | LazyArray;

/**
 * An NWB file: a dictionary of series. Opening lists what there is, and reads no data; asking for an entry builds it
 * once, with values that stay in the file until they are needed.
 *
 * Keys, kinds and their order are those of pynapple. Values are in physical units (`conversion`, `offset` and
 * `channel_conversion` applied), which pynapple leaves out; `raw` gives them as stored. Types of extensions count as
 * what they extend, by the specifications in the file. An object that is odd or damaged spoils none of the others: what is
 * wrong with it is in {@linkcode NWBFile.warnings}. Where it makes no series (pictures in files of their own, a rate of 0,
 * fewer timestamps than samples, a type that nothing is known of), `get` gives it as it is, as `at` does.
 *
 * @example Usage
 * ```ts
 * import { NWBFile } from "./nwb_file.ts";
 * import type { Tsd } from "../series/tsd.ts";
 *
 * await using nwb = await NWBFile.open("tests/data/session.nwb");
 * console.log(String(nwb));
 * const z = await nwb.get<Tsd>("z");
 * const part = await z.get(680, 690).load();
 * console.log(String(part));
 * ```
 */
export class NWBFile implements AsyncDisposable {
  /** Its name without folder and ending; its session's id where it has none. */
  readonly name: string;
  /** The HDF5 file. */
  readonly file: H5File;
  readonly #listing: Listing;
  readonly #owned: boolean;
  readonly #context: BuildContext;
  readonly #built = new Map<NwbEntry, Promise<NwbSeries>>();

  private constructor(name: string, file: H5File, owned: boolean, listing: Listing, raw: boolean) {
    printsAsText(NWBFile.prototype);
    this.name = name;
    this.file = file;
    this.#owned = owned;
    this.#listing = listing;
    this.#context = makeContext(file, listing, raw);
  }

  /**
   * Opens a file and lists its series: a few round trips, however many there are.
   *
   * @param source A path, a URL, bytes, a `Blob`, an R2 object, or an open HDF5 file, which closing leaves open
   * @param options Options
   * @throws {FormatError} If it isn't an NWB file
   */
  static async open(source: SourceInput | H5File, options: NwbOptions = {}): Promise<NWBFile> {
    checkOptions(options, NWB_OPTIONS, "open an NWB file");
    if (source instanceof H5File) {
      return await engineOf(source).bounded(OPENING, options, (o) => NWBFile.#open(source, o));
    }
    const call = { deadline: options.deadline, what: "open", file: nameOfInput(source) };
    return await bounded(call, options, (options) => NWBFile.#open(source, options));
  }

  static async #open(source: SourceInput | H5File, options: NwbOptions): Promise<NWBFile> {
    const owned = !(source instanceof H5File);
    const { raw, ...opening } = options;
    const file = owned ? await openUnchecked(source, opening) : source;
    try {
      const listing = await located(
        { file: file.name, object: "/" },
        () => readListing(file, { signal: options.signal }),
      );
      const name = stemOf(source) ?? await sessionOf(listing, { signal: options.signal });
      return new NWBFile(name, file, owned, listing, raw === true);
    } catch (error) {
      if (owned) await file.close();
      throw error;
    }
  }

  /** The keys, in pynapple's order. */
  keys(): string[] {
    return [...this.#listing.byKey.keys()];
  }

  /** Number of entries. */
  get size(): number {
    return this.#listing.byKey.size;
  }

  /** What each key stands for; builds nothing. */
  entries(): [key: string, entry: NwbEntry][] {
    return [...this.#listing.byKey];
  }

  /** The keys with what {@linkcode NWBFile.get} gives for them, built one after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[key: string, value: NwbValue], void> {
    for (const key of this.keys()) yield [key, await this.get(key)];
  }

  /** As what an entry is read. @throws {NotFoundError} If there is none. */
  typeOf(key: string): SeriesKind | "unknown" {
    return this.#entry(key).kind;
  }

  /** Whether there is an entry of a key or full path. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** The `object_id` of each key. */
  get keyToId(): Record<string, string> {
    return Object.fromEntries(this.entries().map(([key, { objectId }]) => [key, objectId]));
  }

  /** The full path of each key, as pynapple has it: names of NWB's objects, without the groups that sort them. */
  get keyToFullPath(): Record<string, string> {
    return Object.fromEntries(this.entries().map(([key, { fullPath }]) => [key, fullPath]));
  }

  /** What is wrong with entries, and with other objects, by key or path. More may come as entries are built. */
  get warnings(): ReadonlyMap<string, string> {
    return this.#listing.warnings;
  }

  /** What reading has cost so far. */
  get cost(): Cost {
    return this.file.cost;
  }

  /**
   * An entry as a series, where it makes one. It is built once; its values are read where they are asked.
   *
   * What makes no series is given as {@linkcode NWBFile.at} gives it, and a warning says why: a {@linkcode NwbTimeSeries}
   * whose pictures lie in files of their own, whose timestamps are more or fewer than its samples, or whose rate is 0; a
   * {@linkcode NwbTable} without the columns that it should have; a record of an object whose type isn't known.
   *
   * @param key Its key, its full path, or its path in the file
   * @param options Abort signal
   * @throws {NotFoundError} If there is none
   * @throws {SourceError} If its bytes can't be had
   * @throws {CorruptFileError} If its data lies in another file that can't be opened
   */
  async get<T extends NwbValue = NwbValue>(key: string, options: NwbReadOptions = {}): Promise<T> {
    checkOptions(options, NWB_READ_OPTIONS, "get an entry");
    const entry = this.#entry(key);
    let built = this.#built.get(entry);
    if (built === undefined) {
      built = located(
        { file: this.file.name, object: entry.path },
        () => this.#bounded(entry.path, options, (options) => build(entry, this.#context, options)),
      );
      this.#built.set(entry, built);
    }
    try {
      return await built as T;
    } catch (error) {
      // What failed may be tried again: another call may have another signal, the server may be back.
      if (this.#built.get(entry) === built) this.#built.delete(entry);
      if (options.signal?.aborted === true) throw error;
      this.#context.warn(entry.object, (error as Error).message);
      if (!isFault(error) || isElsewhere(error)) throw error;
    }
    return await this.#view(entry.object, options) as T;
  }

  /**
   * A plain view of any object as it is: a time series with unit and physical values, a table with columns and rows, a
   * dataset as a lazy array, anything else as a record of its metadata. What is odd about it is in its `warnings`, and in
   * those of the file.
   *
   * @param path Its path in the file, or the key of an entry
   * @param options Abort signal
   * @throws {NotFoundError} If there is none
   *
   * @example Usage
   * ```ts
   * import { NWBFile } from "./nwb_file.ts";
   * import type { NwbObject } from "./object.ts";
   * import assert from "node:assert/strict";
   *
   * await using nwb = await NWBFile.open("tests/data/session.nwb");
   * const subject = await nwb.at("/general/subject") as NwbObject;
   * assert.equal(subject.fields.species, "Mus musculus");
   * ```
   */
  async at(path: string, options: NwbReadOptions = {}): Promise<NwbView> {
    checkOptions(options, NWB_READ_OPTIONS, "view an object");
    return await located(
      { file: this.file.name, object: path },
      () => this.#bounded(path, options, (options) => this.#at(path, options)),
    );
  }

  async #at(path: string, options: NwbReadOptions): Promise<NwbView> {
    const { objects, root } = this.#listing;
    const typed = this.#find(path)?.object ?? objects.get(path.length > 1 ? path.replace(/\/+$/, "") : path);
    if (typed !== undefined && !typed.type.endsWith("Before2")) return await this.#view(typed, options);
    const object = typed?.group ?? (path === "/" ? root.group : await this.file.get(path, options));
    if (object instanceof Dataset) return object;
    if (!(object instanceof Group)) {
      throw new NotFoundError(`Cannot view ${path}: it is a named type`, { object: path });
    }
    const twin = objects.get(object.path);
    if (twin !== undefined && typed === undefined && object.path !== path) return await this.at(object.path, options);
    const [attributes, members] = await Promise.all([object.attributes.all(options), object.members(options)]);
    return await readObject(object.path, attributes, new Map(members.map((one) => [one.name, one])), options);
  }

  /** Runs one call within the time that calls of the file have. */
  #bounded<T>(object: string, options: NwbReadOptions, run: (options: NwbReadOptions) => Promise<T>): Promise<T> {
    return engineOf(this.file).bounded({ action: `read "${object}"`, object }, options, run);
  }

  /** The keys and their types as a table, as pynapple prints it. */
  toString(): string {
    return formatListing(this.name, this.#listing.byKey);
  }

  /** Closes the file, unless it was given open. */
  async close(): Promise<void> {
    if (this.#owned) await this.file.close();
  }

  /** Closes the file, unless it was given open. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #view(object: TypedObject, options: NwbReadOptions): Promise<NwbView> {
    const { warn } = this.#context;
    try {
      const line = this.#context.descent(object);
      if (line.has("DynamicTable")) return await this.#context.table(object.group, options);
      if (line.has("TimeSeries")) {
        const series = await NwbTimeSeries.open(object, this.#context.readTimes, options);
        for (const warning of series.warnings) warn(object, warning);
        return series;
      }
    } catch (error) {
      if (options.signal?.aborted === true || !isFault(error)) throw error;
      warn(object, (error as Error).message);
    }
    return await readObject(object.path, object.attributes, object.members, options);
  }

  #find(key: string): NwbEntry | undefined {
    const { byKey, byPath } = this.#listing;
    return byKey.get(key) ?? byPath.get(key);
  }

  #entry(key: string): NwbEntry {
    const entry = this.#find(key);
    if (entry !== undefined) return entry;
    throw new NotFoundError(`Cannot get ${JSON.stringify(key)} of ${this.file.name}: there is no such key`, {
      object: key,
      file: this.file.name,
    });
  }
}

/** What opening an NWB file in a file that is open is called. */
const OPENING = { action: "list the entries" };

async function build({ kind, object }: NwbEntry, context: BuildContext, options: NwbReadOptions): Promise<NwbSeries> {
  const line = context.descent(object);
  if (object.type.endsWith("Before2")) {
    const { buildOldEpochs, buildOldUnits } = await import("./series/build_old.ts");
    return await (object.type === "EpochsBefore2" ? buildOldEpochs : buildOldUnits)(object, context, options);
  }
  if (kind === "unknown" && !line.has("TimeSeries")) throw fault(object, `its type ${object.type} makes no series`);
  if (line.has("DynamicTable")) {
    // Who looks at signals only doesn't load tables.
    const { buildGroup, buildIntervals, buildTimes } = await import("./tables/build_tables.ts");
    return await (kind === "TsGroup" ? buildGroup : kind === "IntervalSet" ? buildIntervals : buildTimes)(
      object,
      context,
      options,
    );
  }
  return await (kind === "Ts" ? buildTs : buildValues)(object, context, options);
}

function makeContext(file: H5File, listing: Listing, raw: boolean): BuildContext {
  const times = new Map<string, Promise<IndexedTimes>>();
  const tables = new Map<string, Promise<NwbTable>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    known.set(key, made);
    made.catch(() => known.delete(key));
    return made;
  };
  return {
    raw,
    descent: listing.descent,
    isA: (type, ancestor) => listing.types.isA(type, ancestor),
    warn: listing.warn,
    readTimes: (dataset, options) =>
      once(
        times,
        `${dataset.fileIndex}:${dataset.address}`,
        async () => indexTimes(await readNumbers(dataset, options), {}),
      ),
    dereference: async (reference: Reference, options) => {
      try {
        return await file.dereference(reference, { signal: options.signal, findPath: false });
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        throw fault({ path: file.name }, `a reference leads to nothing (${error.message})`);
      }
    },
    table: (group, options) =>
      once(
        tables,
        `${group.fileIndex}:${group.address}`,
        async () => {
          const object = listing.objects.get(group.path);
          if (object === undefined) return await NwbTable.open(group, options);
          const { attributes, members } = object;
          const layout = await listing.layout(object, options);
          return await NwbTable.open(group, options, {
            attributes,
            members,
            layout,
            warn: (message) => listing.warn(object, message),
          });
        },
      ),
  };
}

/** Whether it is the object's own fault, rather than that its bytes can't be had. */
function isFault(error: unknown): boolean {
  return error instanceof MicrotomeError &&
    !(error instanceof SourceError || error instanceof ClosedError || error instanceof LimitError);
}

/** Whether it is for a file that can't be opened, and that may be there another time. */
function isElsewhere(error: unknown): boolean {
  return error instanceof ExternalFileError || (error as Error).cause instanceof ExternalFileError;
}

function stemOf(source: SourceInput | H5File): string | null {
  const address = typeof source === "string" || source instanceof URL
    ? String(source)
    : source instanceof H5File
    ? source.name
    : typeof source === "object" && "key" in source
    ? source.key
    : "";
  const name = address.replace(/[?#].*$/, "").split(/[/\\]/).pop()!;
  const stem = name.replace(/(.)\.[^.]*$/, "$1");
  return stem === "" || !/\.(nwb|h5|hdf5)$/i.test(name) ? null : decode(stem);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// What a file without a name is called: pynapple calls an open file by its session.
async function sessionOf(listing: Listing, options: NwbReadOptions): Promise<string> {
  const general = listing.root.members.get("general")?.object;
  try {
    if (!(general instanceof Group)) return "-";
    const id = toText(await (await general.dataset("session_id", options)).read(null, options));
    return id === undefined || id === "" ? "-" : id;
  } catch (error) {
    if (error instanceof NotFoundError) return "-";
    throw error;
  }
}
