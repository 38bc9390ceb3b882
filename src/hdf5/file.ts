/**
 * Open HDF5 files.
 *
 * @module
 */
import type { NDArray } from "../array/types.ts";
import { formatBytes } from "../source/cost.ts";
import { summary } from "../array/text/summary.ts";
import { NotFoundError, WrongKindError } from "../source/errors.ts";
import {
  nameOfInput,
  type OpenedSource,
  openSource,
  SOURCE_OPTIONS,
  type SourceInput,
  type SourceOptions,
} from "../source/open_source.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { Cost } from "../source/types.ts";
import { OK } from "../wasm/instance.ts";
import { Dataset, DATASET_READ_OPTIONS, type DatasetReadOptions } from "./dataset.ts";
import { Engine } from "./engine/engine.ts";
import type { ExternalResolver } from "./engine/external.ts";
import { findPath } from "./engine/find_path.ts";
import { Group, GROUP_OPTIONS, type GroupOptions, type NamedType, wrap } from "./group.ts";
import { type FileInfo, readHead } from "./head.ts";
import type { GroupInfo } from "./metadata.ts";
import { openObjectAt } from "./objects.ts";
import type { Reference, ReferenceTarget } from "./reference.ts";

/** Options of {@linkcode open}. All of them have defaults that fit the runtime. */
export interface OpenOptions extends SourceOptions {
  /**
   * Whether other files that this one refers to (external links, external storage, virtual datasets) may be opened:
   * `true` for files beside it or below, on the same server; a function to decide by itself. Anything else is an
   * `ExternalFileError`.
   *
   * @default {false}
   */
  readonly external?: boolean | ExternalResolver | undefined;
  /**
   * What virtual datasets have where a file that their values come from is missing: an `ExternalFileError`, or the fill
   * value, as libhdf5 and h5py read them without a word. It is about files that may be opened (see `external`) and aren't
   * there; one that may not be opened is an error.
   *
   * @default {"error"}
   */
  readonly missingSources?: "error" | "fill" | undefined;
  /**
   * How many soft and external links one path may lead through.
   *
   * @default {32}
   */
  readonly maxLinks?: number | undefined;
}

/** Options of {@linkcode H5File.dereference}. */
export interface DereferenceOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether a path to the object is looked for where none is known.
   *
   * @default {true}
   */
  readonly findPath?: boolean | undefined;
}

/**
 * Opens an HDF5 file. Reads its head only.
 *
 * A file that is being written, or whose writer died, is read as far as it goes ({@linkcode H5File.isBeingWritten} tells);
 * to see what is added while it is open, see the option `follow` and {@linkcode H5File.refresh}.
 *
 * @param source A URL, a path, bytes, a `Blob`, an R2 object, or anything with `byteLength` and `read`.
 * @param options Limits, headers, what may be opened beside it.
 * @returns The file; close it, or declare it with `await using`.
 * @throws {NotHdf5Error} If it isn't an HDF5 file. The message says what it is, as far as its first bytes tell, and what
 * opens that.
 * @throws {SourceError} If its bytes can't be had.
 *
 * @example
 * ```ts
 * import { open, slice } from "../../mod.ts";
 * await using file = await open("tests/data/signal.h5");
 * const signal = await file.dataset("/signal");
 * const { data, shape } = await signal.read([slice(0, 1000), 2]);
 * console.log(shape, data[0], file.cost.requests);
 * ```
 */
export async function open(source: SourceInput, options: OpenOptions = {}): Promise<H5File> {
  checkOptions(options, OPEN_OPTIONS, "open");
  return await openUnchecked(source, options);
}

/** Names of `OpenOptions`. */
export const OPEN_OPTIONS: OptionNames<OpenOptions> = {
  ...SOURCE_OPTIONS,
  external: true,
  maxLinks: true,
  missingSources: true,
};

/** The same for callers that have checked their own options, among which those of opening are. */
export async function openUnchecked(source: SourceInput, options: OpenOptions = {}): Promise<H5File> {
  const { missingSources = "error" } = options;
  if (missingSources !== "error" && missingSources !== "fill") {
    throw new TypeError(`Cannot open: missingSources is ${String(missingSources)}, expected "error" or "fill"`);
  }
  const call = { deadline: options.deadline, what: "open", file: nameOfInput(source) };
  return await bounded(call, options, (options) => openWithin(source, options));
}

async function openWithin(source: SourceInput, options: OpenOptions): Promise<H5File> {
  const opened = await openSource(source, options);
  const again = (signal: AbortSignal | undefined): Promise<OpenedSource> =>
    openSource(source, { ...options, signal, meter: opened.meter });
  let engine: Engine | undefined;
  try {
    engine = await Engine.start(opened, options, undefined, again);
    return await openFile(engine, options.follow === true, options.signal);
  } catch (error) {
    await (engine ?? opened).close();
    throw error;
  }
}

async function openFile(engine: Engine, follow: boolean, signal: AbortSignal | undefined): Promise<H5File> {
  const { info, root, isBeingWritten } = await readHead(engine, follow, { signal });
  return new H5File(engine, info, root, { follow, isBeingWritten });
}

/** An open HDF5 file, which is its root group too. Its objects can be used until it is closed. */
export class H5File extends Group implements AsyncDisposable {
  /** What its head says. */
  readonly info: FileInfo;
  readonly #follow: boolean;
  #isBeingWritten: boolean;

  /** Made by {@linkcode open}; not for users. */
  constructor(
    engine: Engine,
    info: FileInfo,
    root: GroupInfo,
    known: { follow?: boolean; isBeingWritten?: boolean } = {},
  ) {
    super(engine, root, "/");
    this.info = info;
    this.#follow = known.follow ?? false;
    this.#isBeingWritten = known.isBeingWritten ?? false;
    engine.refreshFile = (signal) => this.refresh({ signal });
  }

  /**
   * Whether the file says that a writer has it open, or had and died: it is read as far as it goes, which may be less than
   * the writer wrote. Files of the formats before HDF5 1.10 don't say it.
   */
  get isBeingWritten(): boolean {
    return this.#isBeingWritten;
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("H5File", this.name, formatBytes(this.byteLength), this.closed ? "closed" : null);
  }

  /** URL, path or other name of the file; as a group its path is `/`. */
  override get name(): string {
    return this.engine.name;
  }

  /** Size of the file in bytes. */
  get byteLength(): number {
    return this.engine.source(0).source.byteLength;
  }

  /** What reading has cost so far, other files that it refers to included. */
  get cost(): Cost {
    return this.engine.source(0).meter.cost;
  }

  /** Memory of the file's wasm instance, in bytes. */
  get memoryBytes(): number {
    return this.engine.instance.memoryBytes;
  }

  /** Whether the file was closed. */
  get closed(): boolean {
    return this.engine.closed;
  }

  /**
   * Tells where a reference leads.
   *
   * @param reference An element of an array of references.
   * @param options Abort signal.
   */
  async referenceTarget(reference: Reference, options: GroupOptions = {}): Promise<ReferenceTarget> {
    checkOptions(options, GROUP_OPTIONS, "look up a reference");
    if (reference.known !== undefined) return reference.known;
    if (reference.isNull) return { kind: "null" };
    let target: ReferenceTarget | undefined;
    await this.engine.run({ action: `follow ${reference}` }, (exports) => {
      const { instance } = this.engine;
      const status = instance.withBytes(
        reference.bytes,
        (pointer) => exports.mt_reference_info(0, reference.target === "object" ? 0 : 1, pointer),
      );
      if (status === OK) target = instance.json() as ReferenceTarget;
      return status;
    }, { signal: options.signal });
    return target!;
  }

  /**
   * Opens the object that a reference leads to; of a region reference the dataset, of an attribute reference the
   * object that has the attribute.
   *
   * Its path is looked for where it isn't known yet, along hard links from the root on: the shortest one. In a large file
   * far away that may take long; where the path doesn't matter, `findPath: false` leaves it out.
   *
   * @param reference An element of an array of references.
   * @param options Abort signal, whether the path is looked for.
   * @throws {NotFoundError} If it leads to nothing.
   */
  async dereference(reference: Reference, options: DereferenceOptions = {}): Promise<Group | Dataset | NamedType> {
    checkOptions(options, DEREFERENCE_OPTIONS, "open what a reference leads to");
    const target = await this.referenceTarget(reference, { signal: options.signal });
    if (target.kind === "null" || target.address === undefined) {
      throw new NotFoundError(`Cannot follow ${reference} of ${this.name}: it was never set`, { file: this.name });
    }
    const info = await openObjectAt(this.engine, 0, target.address, { signal: options.signal });
    const known = target.path ??
      (options.findPath === false ? null : await findPath(this, target.address, { signal: options.signal }));
    return wrap(this.engine, info, known ?? info.path ?? `(object at address ${target.address})`);
  }

  /**
   * Reads what a region reference selects, as h5py's `dataset[reference]` gives it: a box with its axes; points, and blocks
   * that make no box, along one axis. `referenceTarget` tells the selection itself, `dereference` opens the dataset.
   *
   * @param reference A region reference.
   * @param options Abort signal.
   * @throws {NotFoundError} If it leads to nothing.
   * @throws {WrongKindError} If it refers to no region.
   *
   * @example
   * ```ts
   * import { open, type Reference } from "../../mod.ts";
   * await using file = await open("tests/data/references.h5");
   * const { data } = await (await file.dataset("/regions")).read();
   * console.log((await file.readRegion(data[0] as Reference)).shape);
   * ```
   */
  async readRegion(reference: Reference, options: DatasetReadOptions = {}): Promise<NDArray> {
    checkOptions(options, DATASET_READ_OPTIONS, "read a region");
    const { signal } = options;
    const { selection, kind } = await this.referenceTarget(reference, { signal });
    const object = await this.dereference(reference, { signal, findPath: false });
    if (selection === undefined || !(object instanceof Dataset)) {
      throw new WrongKindError(`Cannot read the region of ${reference} of ${this.name}: it refers to an ${kind}`, {
        file: this.name,
        object: object.path,
      });
    }
    const { readRegion } = await import("./read/region.ts");
    return await readRegion(object, selection, options);
  }

  /**
   * Looks at the file anew, for those who follow one that is being written (see the option `follow`): its size is asked
   * for, all that was kept of it is dropped, and what is opened or read from then on is as it is then; files that it refers
   * to likewise. Reads under way end first. What it costs is the same as opening, and counted in {@linkcode cost}.
   *
   * A dataset keeps the shape that it had when it was opened: open it again, or call its `refresh`.
   *
   * @param options Abort signal.
   * @throws {UnsupportedError} If the file was opened for writing.
   * @throws {SourceError} If its bytes can't be had; the file then stays as it was.
   * @throws {FormatError} If it can't be opened as it is now; nothing can be read then until a later refresh succeeds.
   */
  async refresh(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    checkOptions(options, { signal: true }, "refresh");
    await this.engine.bounded({ action: "refresh" }, options, ({ signal }) =>
      this.engine.refresh(async () => {
        const { info, root, isBeingWritten } = await readHead(this.engine, this.#follow, { refreshing: true, signal });
        const known: Pick<H5File, "info"> = { info };
        Object.assign(this, known);
        this.describe(root);
        this.#isBeingWritten = isBeingWritten;
      }, signal));
  }

  /** Closes the file and frees its memory. Reads under way are rejected; closing twice does nothing. */
  async close(): Promise<void> {
    await this.engine.close();
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const DEREFERENCE_OPTIONS: OptionNames<DereferenceOptions> = { signal: true, findPath: true };
