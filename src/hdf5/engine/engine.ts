/**
 * The engine of one open file: what all that reads and writes it goes through. Its parts are the files (`slots.ts`), what the
 * module asks and is answered (`answers.ts`), the instance and fresh starts (`instances.ts`), the restartable loop
 * (`rounds.ts`), and following a file that is being written (`follow.ts`).
 *
 * @module
 */
import { UnsupportedError } from "../../source/errors.ts";
import { bounded } from "../../source/fetch/deadline.ts";
import type { OpenedSource } from "../../source/open_source.ts";
import type { ByteSink } from "../../source/sink/sink.ts";
import { type Hdf5Exports, Hdf5Instance, OK } from "../../wasm/instance.ts";
import type { ObjectInfo } from "../metadata.ts";
import { Answers } from "./answers.ts";
import { ChunkCache } from "./chunk_cache.ts";
import type { Again, Attempt, EngineOptions, RunOptions, Subject } from "./engine_types.ts";
import { OPEN_FILE } from "./failure.ts";
import type { Follower } from "./follow.ts";
import { Gate } from "./gate.ts";
import { HandleTable, type ObjectAddress } from "./handles.ts";
import { Instances } from "./instances.ts";
import { Rounds } from "./rounds.ts";
import { FileSlots } from "./slots.ts";

/** An object that was made of a description: a group, a dataset or a committed type. */
export interface OpenedObject {
  readonly kind: ObjectInfo["kind"];
  readonly path: string;
}

/**
 * What an engine does otherwise whose file can be written. It comes from the writing half, which readers don't load.
 */
export interface WritingMode {
  /** Where the bytes go; the source in slot 0 reads them back. */
  readonly sink: ByteSink;
  /** Makes the object that a description is of: one that can be changed. What classes there are, the engine doesn't know. */
  wrap(engine: Engine, info: ObjectInfo, path: string): OpenedObject;
  /** Called before an object is used: objects may have been removed. @throws {NotFoundError} If it was. */
  check(engine: Engine, exports: Hdf5Exports, object: ObjectAddress): void;
}

/** What an engine is made of. */
interface Parts {
  readonly slots: FileSlots;
  readonly answers: Answers;
  readonly instances: Instances;
  readonly handles: HandleTable;
}

/** One open file's wasm instance and sources. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #slots: FileSlots;
  readonly #answers: Answers;
  readonly #instances: Instances;
  readonly #rounds: Rounds;
  readonly #gate = new Gate();
  readonly #again: Again | undefined;
  #follower: Promise<Follower> | undefined;
  #root: ObjectAddress | undefined;
  /** Stored chunks that were partly used. */
  chunks: ChunkCache;
  /** Objects that are open on the C side. */
  readonly handles: HandleTable;
  /** Set where the file can be written. */
  readonly writing: WritingMode | undefined;

  private constructor(parts: Parts, options: EngineOptions, writing: WritingMode | undefined, again?: Again) {
    const { slots, answers, instances, handles } = parts;
    this.#options = options;
    this.#slots = slots;
    this.#answers = answers;
    this.#instances = instances;
    this.#rounds = new Rounds(slots, answers, instances);
    this.chunks = chunksOf(slots);
    this.handles = handles;
    this.writing = writing;
    this.#again = again;
  }

  /**
   * Starts an instance over a source. The file itself is not opened yet.
   *
   * @param source Where the bytes come from; the engine closes it.
   * @param options About external files and links.
   * @param writing Where the file can be written.
   * @param again Opens the file's bytes once more, where it can be refreshed.
   */
  static async start(
    source: OpenedSource,
    options: EngineOptions,
    writing?: WritingMode,
    again?: Again,
  ): Promise<Engine> {
    const slots = new FileSlots(source, options);
    const answers = new Answers(slots, writing?.sink);
    // A dataset that is open for writing keeps up to a megabyte of chunks: fewer stay open.
    const handles = new HandleTable(writing === undefined ? undefined : 32);
    const first = await Hdf5Instance.start(answers.host(), slots.name, source.fetcher.limits);
    const { missingSources } = options;
    const instances = new Instances(first, {
      slots,
      answers,
      handles,
      missingSources,
      isWritten: writing !== undefined,
    });
    return new Engine({ slots, answers, instances, handles }, options, writing, again);
  }

  /** What messages call the file. */
  get name(): string {
    return this.#slots.name;
  }

  /**
   * The instance, for taking results out of its memory between calls. Where a call has trapped, the one that a fresh start
   * gives: so ask anew, and keep nothing of its memory but what belongs to it.
   */
  get instance(): Hdf5Instance {
    return this.#instances.instance;
  }

  /** Puts a fresh instance in place, in which the file is opened before the next call. */
  startAfresh(): void {
    this.#instances.startAfresh();
  }

  /** Why bytes could not be written, where that happened: the file is then good for nothing but being given up. */
  get writeFailure(): unknown {
    return this.#answers.writeFailure;
  }

  /** Bytes before the HDF5 data of the file that was opened: addresses in the file count from there. */
  get userblock(): number {
    return this.#answers.userblock;
  }

  /** Remembers the call that has opened the file, and where its data begins. */
  setOpening(userblock: number, opening: Attempt): void {
    this.#answers.userblock = userblock;
    this.#instances.setOpening(opening);
  }

  /** Remembers where the root group lies. */
  setRoot(root: ObjectAddress): void {
    this.#root = root;
  }

  /** The root group of the file in a slot; only that of the file that was opened is known. */
  rootOf(slot: number): ObjectAddress {
    if (slot === 0 && this.#root !== undefined) return this.#root;
    throw new UnsupportedError(
      `Cannot start from the root of another file that ${this.name} refers to: use a relative path`,
    );
  }

  /** How many soft and external links one path may lead through. */
  get maxLinks(): number {
    return this.#options.maxLinks ?? 32;
  }

  /** The source in a slot: 0 is the file that was opened, others are files that it refers to. */
  source(slot: number): OpenedSource {
    return this.#slots.source(slot);
  }

  /**
   * Runs a restartable call until it has all the bytes it needs.
   *
   * @param subject What the call is about.
   * @param attempt The call. It is repeated, so it must keep nothing of a failed attempt.
   * @param options Abort signal and prefetch.
   * @returns When an attempt has succeeded.
   * @throws {MicrotomeError} What the C side reports, or the source.
   */
  async run(subject: Subject, attempt: Attempt, options: RunOptions = {}): Promise<void> {
    const [error] = await this.runMany([subject], (exports) => attempt(exports), options);
    if (error !== undefined) throw error;
  }

  /**
   * Runs many restartable calls. One round fetches what all of them are missing, so that a hundred calls wait no
   * longer than the longest of them.
   *
   * @param subjects What each call is about.
   * @param attempt The `index`-th call.
   * @param options Abort signal and prefetch.
   * @returns The error of each call that failed, `undefined` where it succeeded. Errors of the source are thrown.
   */
  async runMany(
    subjects: readonly Subject[],
    attempt: (exports: Hdf5Exports, index: number) => number,
    options: RunOptions = {},
  ): Promise<(Error | undefined)[]> {
    const subject = subjects[0];
    if (subject === undefined) return [];
    return await this.bounded(subject, options, async (options) => {
      const some = (indices: readonly number[]) =>
        this.#rounds.run(indices.map((i) => subjects[i]!), (exports, i) => attempt(exports, indices[i]!), options);
      const run = async () =>
        this.#follows
          ? await (await this.#following()).runMany(subjects, some, options.signal)
          : await some([...subjects.keys()]);
      return await (options.refreshing === true ? run() : this.shared(run));
    });
  }

  /**
   * Runs one call, which may make many requests, within the time that the file's calls have (the option `deadline`).
   *
   * @param subject What it is about.
   * @param options The caller's, with the signal.
   * @param run Gets the options to go on with.
   * @throws {NetworkError} If it takes too long.
   */
  async bounded<O extends { readonly signal?: AbortSignal | undefined }, T>(
    { action, object }: Subject,
    options: O,
    run: (options: O) => Promise<T>,
  ): Promise<T> {
    const what = action === OPEN_FILE ? "open" : action === "refresh" ? action : `${action} of`;
    return await bounded({ deadline: this.#options.deadline, what, file: this.name, object }, options, run);
  }

  /**
   * Does what must see one state of the file from its start to its end: {@linkcode refresh} waits for it, and it for that.
   * Within it others may be begun.
   *
   * @param run What to do.
   */
  async shared<T>(run: () => Promise<T>): Promise<T> {
    return await this.#gate.shared(run);
  }

  /**
   * The same for what reads values, which is never begun within another. Of a file that is followed it is repeated where it finds torn bytes.
   *
   * @param run What to do.
   * @param signal Aborts.
   */
  async reading<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.#follows) return await this.#gate.shared(run, true);
    return await this.#gate.shared(async () => await (await this.#following()).reading(run, signal), true);
  }

  /** Looks at the file anew, as its `H5File` does, which sets this. @param signal Aborts. */
  refreshFile: (signal?: AbortSignal) => Promise<void> = () => this.refresh(() => Promise.resolve());

  /**
   * Looks at the file anew: opens its bytes once more and drops all that was kept of it, and of the files that it refers
   * to. Where that fails, what was open stays.
   *
   * @param reopen Opens the file in the instance, once its bytes are new.
   * @param signal Aborts, while nothing was dropped yet.
   */
  async refresh(reopen: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    if (this.#again === undefined) {
      throw new UnsupportedError(`Cannot refresh ${this.name}: it was opened for writing`, { file: this.name });
    }
    await (await this.#following()).refresh(reopen, signal);
  }

  /**
   * Runs a call that needs no bytes but those it is given, such as decoding.
   *
   * @param subject What the call is about.
   * @param attempt The call.
   * @throws {MicrotomeError} What the C side reports.
   */
  runNow(subject: Subject, attempt: Attempt): void {
    this.#rounds.runNow(subject, attempt);
  }

  /**
   * Calls with an object's handle, opening the object again where it was closed. Part of an attempt.
   *
   * @param exports The instance.
   * @param object Where the object lies.
   * @param run Gets the handle, gives a status.
   * @returns The status.
   */
  withHandle(exports: Hdf5Exports, object: ObjectAddress, run: (handle: number) => number): number {
    this.writing?.check(this, exports, object);
    const status = this.join(exports, object.file);
    if (status !== OK) return status;
    return this.handles.use(exports, object, run, () => (this.#instances.said() as { handle: number }).handle);
  }

  /** Has the file of a slot opened that an instance before this one had reached by a link. Part of an attempt. */
  join(exports: Hdf5Exports, slot: number): number {
    return this.#instances.join(exports, slot);
  }

  /** Ends the instance and closes all sources; calls under way are rejected. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.#instances.end();
    await this.#slots.close();
    await (await this.#follower?.catch(() => undefined))?.close();
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#instances.closed;
  }

  /** Whether reads that find torn bytes look again by themselves. */
  get #follows(): boolean {
    return this.#options.follow === true && this.#again !== undefined;
  }

  /** What follows the file, once it is followed. */
  #following(): Promise<Follower> {
    return this.#follower ??= this.#follow().catch((error) => {
      this.#follower = undefined;
      throw error;
    });
  }

  async #follow(): Promise<Follower> {
    const { Follower } = await import("./follow.ts");
    const onReplaced = (): void => {
      this.chunks = chunksOf(this.#slots);
      this.#answers.forget();
    };
    const [slots, instances, gate] = [this.#slots, this.#instances, this.#gate];
    return new Follower({ slots, instances, gate, again: this.#again!, onReplaced });
  }
}

function chunksOf(slots: FileSlots): ChunkCache {
  return new ChunkCache(slots.source(0).fetcher.limits.cacheBytes / 2);
}
