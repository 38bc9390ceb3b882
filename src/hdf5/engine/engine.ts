/**
 * The engine of one open file: a wasm instance, the sources it reads from, and the loop that runs restartable calls.
 *
 * @module
 */
import { ClosedError, CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import type { OpenedSource } from "../../source/open_source.ts";
import { pace } from "../../source/pace.ts";
import type { PageCall } from "../../source/pages/page_call.ts";
import type { ByteSink } from "../../source/sink/sink.ts";
import type { ByteRange } from "../../source/types.ts";
import { type Hdf5Exports, type Hdf5Host, Hdf5Instance, NEED, OK } from "../../wasm/instance.ts";
import { ChunkCache } from "./chunk_cache.ts";
import { failure, type FailureInfo } from "./failure.ts";
import type { Again, Attempt, EngineOptions, Foresee, RunOptions, Subject } from "./engine_types.ts";
import { HandleTable, type ObjectAddress } from "./handles.ts";
import { indexHints } from "./index_hints.ts";
import type { ObjectInfo } from "../metadata.ts";
import { Gate, isTorn, pause, settle, TORN_WAITS } from "./gate.ts";
import { FileSlots, MISSING_FILE } from "./slots.ts";

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

/** What the attempts of one call share: the pages they hold, and what the last of them was missing. */
interface Context {
  readonly calls: Map<number, PageCall>;
  readonly foresee: Foresee | undefined;
  readonly opens: boolean;
  names: string[];
  failure: unknown;
}

/** After so many traps the file is given up: each may have cost a second. */
const MOST_TRAPS = 32;
/** Most pages that a hint may cost. */
const HINTED_PAGES = 2;
/** The answer to a read of bytes that aren't at hand, as `microtome.h` has it. */
const MISSING = 1;

/** One open file's wasm instance and sources. */
export class Engine {
  readonly #slots: FileSlots;
  readonly #options: EngineOptions;
  #instance!: Hdf5Instance;
  #context: Context | undefined;
  #closed = false;
  #root: ObjectAddress | undefined;
  #userblock = 0;
  #hinted = false;
  #writeFailure: unknown;
  /** Opens the file again in a fresh instance. */
  #opening: Attempt | undefined;
  /** The same, as long as that is still to be done. */
  #reopen: Attempt | undefined;
  #traps = 0;
  /** The instance was refused memory: a fresh one has more to give. */
  #bloated = false;
  /** Slots whose files a fresh instance has opened; all, in the first one. */
  #joined: Set<number> | undefined;
  readonly #gate = new Gate();
  /** Bytes are being opened anew beneath reads that found torn ones. */
  #looking: Promise<void> | undefined;
  /** Close sources that reads under way may still use. */
  #retired: (() => Promise<void>)[] = [];
  readonly #again: Again | undefined;
  /** Stored chunks that were partly used. */
  chunks: ChunkCache;
  /** Objects that are open on the C side. */
  readonly handles: HandleTable;
  /** Set where the file can be written. */
  readonly writing: WritingMode | undefined;

  private constructor(source: OpenedSource, options: EngineOptions, writing: WritingMode | undefined, again?: Again) {
    this.writing = writing;
    this.#again = again;
    // A dataset that is open for writing keeps up to a megabyte of chunks: fewer stay open.
    this.handles = new HandleTable(writing === undefined ? undefined : 32);
    this.#slots = new FileSlots(source, options);
    this.#options = options;
    this.chunks = new ChunkCache(source.fetcher.limits.cacheBytes / 2);
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
    const engine = new Engine(source, options, writing, again);
    engine.#instance = await Hdf5Instance.start(engine.#host(), engine.name, source.fetcher.limits);
    engine.#limit();
    return engine;
  }

  #limit(): void {
    const { maxReadBytes, maxChunkBytes } = this.source(0).fetcher.limits;
    this.#instance.call((exports) => {
      exports.mt_value_limit(maxReadBytes);
      exports.mt_chunk_limit(maxChunkBytes);
      exports.mt_missing_sources?.(this.#options.missingSources === "fill" ? 1 : 0);
    });
  }

  /** What messages call the file. */
  get name(): string {
    return this.source(0).source.name ?? "the file";
  }

  /**
   * The instance, for taking results out of its memory between calls. Where a call has trapped, the one that a fresh start
   * gives: so ask anew, and keep nothing of its memory but what belongs to it.
   */
  get instance(): Hdf5Instance {
    this.#renew();
    return this.#instance;
  }

  /**
   * Starts afresh where the instance is lost: nothing is open then, and the file is opened again before the next call. A
   * file that is being written can't be gone on with.
   */
  #renew(): void {
    const { trap, starved } = this.#instance;
    if ((trap === undefined && !starved && !this.#bloated) || this.writing !== undefined || this.#closed) return;
    if (trap !== undefined && this.#traps++ >= MOST_TRAPS) return;
    this.startAfresh();
  }

  /** Puts a fresh instance in place, in which the file is opened before the next call. */
  startAfresh(): void {
    this.#bloated = false;
    this.#instance = this.#instance.again();
    this.#limit();
    this.handles.forget();
    this.#joined = new Set([0]);
    this.#reopen = this.#opening;
  }

  /** Why bytes could not be written, where that happened: the file is then good for nothing but being given up. */
  get writeFailure(): unknown {
    return this.#writeFailure;
  }

  /** Bytes before the HDF5 data of the file that was opened: addresses in the file count from there. */
  get userblock(): number {
    return this.#userblock;
  }

  /** Remembers the call that has opened the file, and where its data begins. */
  setOpening(userblock: number, opening: Attempt): void {
    this.#userblock = userblock;
    this.#opening = opening;
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
    if (options.refreshing === true) return await this.#runFollowing(subjects, attempt, options);
    return await this.shared(() => this.#runFollowing(subjects, attempt, options));
  }

  /** Of a file that is followed, what found torn bytes is tried again, a few times. */
  async #runFollowing(
    subjects: readonly Subject[],
    attempt: (exports: Hdf5Exports, index: number) => number,
    options: RunOptions,
  ): Promise<(Error | undefined)[]> {
    if (!this.#follows) return await this.#runMany(subjects, attempt, options);
    const errors: (Error | undefined)[] = subjects.map(() => undefined);
    let pending = [...subjects.keys()];
    await this.#untorn(async () => {
      const run = pending;
      const found = await this.#runMany(
        run.map((i) => subjects[i]!),
        (exports, i) => attempt(exports, run[i]!),
        options,
      );
      run.forEach((index, i) => errors[index] = found[i]);
      pending = run.filter((index) => isTorn(errors[index]));
      return pending.length > 0 ? errors[pending[0]!] : undefined;
    }, options.signal);
    return errors;
  }

  /** Repeats what gives or throws an error of torn bytes, each time on fresh ones. What is left in the end is settled. */
  async #untorn(run: () => Promise<Error | undefined>, signal: AbortSignal | undefined): Promise<void> {
    for (let tries = 0;; tries++) {
      let torn: Error | undefined;
      let thrown = false;
      try {
        torn = await run();
      } catch (error) {
        if (!isTorn(error)) throw error;
        [torn, thrown] = [error, true];
      }
      if (torn === undefined) return;
      const wait = TORN_WAITS[tries];
      if (wait === undefined) {
        settle(torn);
        if (thrown) throw torn;
        return;
      }
      await pause(wait, signal);
      await this.#lookAgain();
    }
  }

  get #follows(): boolean {
    return this.#options.follow === true && this.#again !== undefined;
  }

  /** Puts the file's bytes as they are now beneath the reads under way, once for all of them. */
  async #lookAgain(): Promise<void> {
    this.#looking ??= this.#replaceBytes().finally(() => this.#looking = undefined);
    await this.#looking;
  }

  async #replaceBytes(signal?: AbortSignal): Promise<void> {
    const { source, others } = await this.#slots.openAgain(this.#again!, signal);
    if (this.#closed) {
      await Promise.all([source, ...others.values()].map((opened) => opened.close()));
      throw new ClosedError(`Cannot use ${this.name}: the file is closed`, { file: this.name });
    }
    this.#retired.push(this.#slots.replace(source, others));
    this.startAfresh();
    this.chunks = new ChunkCache(source.fetcher.limits.cacheBytes / 2);
    this.#hinted = false;
  }

  async #closeRetired(): Promise<void> {
    await Promise.all(this.#retired.splice(0).map((close) => close()));
  }

  async #runMany(
    subjects: readonly Subject[],
    attempt: (exports: Hdf5Exports, index: number) => number,
    options: RunOptions,
  ): Promise<(Error | undefined)[]> {
    const context: Context = {
      calls: new Map(),
      foresee: options.foresee,
      opens: options.opens === true,
      names: [],
      failure: undefined,
    };
    const errors = new Array<Error | undefined>(subjects.length);
    try {
      if (options.prefetch !== undefined) await this.#prefetch(context, options.prefetch, options.signal);
      let pending = [...subjects.keys()];
      while (pending.length > 0) {
        options.signal?.throwIfAborted();
        const waiting: number[] = [];
        const files: [string, number][] = [];
        for (const index of pending) {
          // An attempt keeps nothing, so others may come in between.
          const turn = pace.start(1, options.bytes ?? 0, options.signal);
          if (turn !== undefined) await turn;
          context.names = [];
          const status = this.#attempt(context, subjects[index]!, (exports) => attempt(exports, index));
          if (status === NEED) {
            waiting.push(index);
            for (const name of context.names) files.push([name, index]);
          } else if (status instanceof Error) errors[index] = status;
          else if (status !== OK) errors[index] = this.#failure(subjects[index]!, context.failure);
        }
        for (const [name, index] of files) errors[index] ??= await this.#slots.open(name, subjects[index]!);
        pending = waiting.filter((index) => errors[index] === undefined);
        if (pending.length > 0) await this.#supply(context, subjects[pending[0]!]!, files.length > 0, options.signal);
      }
      return errors;
    } finally {
      for (const call of context.calls.values()) call.end();
    }
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
    return await this.#gate.shared(async () => {
      let result: T | undefined;
      await this.#untorn(async () => {
        result = await run();
        return undefined;
      }, signal);
      return result!;
    }, true);
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
    await this.#gate.alone(async () => {
      signal?.throwIfAborted();
      if (this.#closed) throw new ClosedError(`Cannot refresh ${this.name}: the file is closed`, { file: this.name });
      await this.#replaceBytes(signal);
      await this.#closeRetired();
      await reopen();
    });
  }

  /**
   * Runs a call that needs no bytes but those it is given, such as decoding.
   *
   * @param subject What the call is about.
   * @param attempt The call.
   * @throws {MicrotomeError} What the C side reports.
   */
  runNow(subject: Subject, attempt: Attempt): void {
    const context: Context = { calls: new Map(), foresee: undefined, opens: false, names: [], failure: undefined };
    try {
      const status = this.#attempt(context, subject, attempt);
      if (status instanceof Error) throw status;
      if (status !== OK) throw this.#failure(subject, context.failure);
    } finally {
      for (const call of context.calls.values()) call.end();
    }
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
    return this.handles.use(exports, object, run, () => (this.#instance.json() as { handle: number }).handle);
  }

  /** Ends the instance and closes all sources; calls under way are rejected. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#instance.end();
    await this.#slots.close();
    await this.#closeRetired();
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Has the file of a slot opened that an instance before this one had reached by a link. Part of an attempt. */
  join(exports: Hdf5Exports, slot: number): number {
    const name = this.#joined?.has(slot) === false ? this.#slots.nameOf(slot) : undefined;
    if (name === undefined) return OK;
    const status = this.#instance.withText(name, (pointer, length) => exports.mt_file_join(pointer, length));
    if (status === OK) this.#joined?.add(slot);
    return status;
  }

  /** One attempt: its status, or the error that a trap is. */
  #attempt(context: Context, subject: Subject, attempt: Attempt): number | Error {
    if (this.#closed) throw new ClosedError(`Cannot use ${this.name}: the file is closed`, { file: this.name });
    this.#renew();
    const instance = this.#instance;
    context.failure = undefined;
    this.#context = context;
    try {
      return instance.call((exports) => {
        if (this.#reopen !== undefined) {
          const status = (context.opens ? attempt : this.#reopen)(exports);
          if (status === OK) this.#reopen = undefined;
          if (status !== OK || context.opens) return status;
        }
        return attempt(exports);
      });
    } catch (error) {
      if (instance.trap === undefined) throw error;
      const { cause } = instance.trap;
      const trapped = failure(instance.trap, subject.action, { file: this.name, object: subject.object, cause });
      if (this.writing !== undefined) this.#writeFailure ??= trapped;
      return trapped;
    } finally {
      this.#context = undefined;
    }
  }

  #failure(subject: Subject, cause: unknown): Error {
    const info = this.#instance.json() as FailureInfo;
    if (info.code === "memory") this.#bloated = true;
    return failure(info, subject.action, { file: this.name, object: subject.object, cause });
  }

  /** Fetches the bytes that the last round was missing. */
  async #supply(
    context: Context,
    subject: Subject,
    filesOpened: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#hint(context);
    const calls = [...context.calls.values()].filter((call) => call.missing.length > 0);
    if (calls.length === 0 && !filesOpened) {
      throw new CorruptFileError(`Cannot ${subject.action} of ${this.name}: it waits for bytes that it doesn't name`, {
        file: this.name,
        object: subject.object,
      });
    }
    await Promise.all(calls.map((call) => call.load({ signal })));
  }

  /**
   * The first time that bytes beyond the head are waited for, asks for the next level of its chunk indices along with
   * them, where that is a page or two: a round trip less on files of some hundred chunks.
   */
  #hint(context: Context): void {
    const call = context.calls.get(0);
    if (this.#hinted || call === undefined || call.missing.length === 0) return;
    this.#hinted = true;
    const { cache, source } = this.source(0);
    const head = cache.peek({ offset: 0, length: Math.min(cache.blockSize, source.byteLength) });
    if (head === undefined) return;
    const nodes = indexHints(head, this.#userblock, source.byteLength);
    const pages = new Set(nodes.map((node) => Math.floor(node / cache.blockSize)));
    if (pages.size > HINTED_PAGES) return;
    for (const page of pages) call.note({ offset: page * cache.blockSize, length: 1 });
  }

  async #prefetch(
    context: Context,
    wanted: NonNullable<RunOptions["prefetch"]>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const call = this.#call(context, wanted.slot);
    for (const range of wanted.ranges) call.note(range);
    await call.load({ signal });
  }

  /** Notes what the call will read next, so that it isn't waited for piece by piece. */
  #foresee({ foresee, calls }: Context, slot: number, address: number, bytes: Uint8Array): void {
    const call = calls.get(slot);
    // Only of the file that was opened it is known where addresses count from.
    if (foresee === undefined || slot !== 0 || call === undefined) return;
    const { cache, source, fetcher } = this.source(slot);
    // Nothing is ever waited for.
    if (fetcher.isSync) return;
    const within = ({ offset, length }: ByteRange): ByteRange | undefined => {
      const range = { offset: offset + this.#userblock, length };
      return offset >= 0 && range.offset + length <= source.byteLength ? range : undefined;
    };
    const peek = (range: ByteRange): Uint8Array | undefined => {
      const found = within(range);
      return found === undefined ? undefined : cache.peek(found);
    };
    for (const range of foresee(bytes, address - this.#userblock, peek)) {
      const found = within(range);
      if (found !== undefined) call.note(found);
    }
  }

  #call(context: Context, slot: number): PageCall {
    let call = context.calls.get(slot);
    if (call === undefined) context.calls.set(slot, call = this.source(slot).cache.begin());
    return call;
  }

  /** The module's questions, answered from what is at hand. No error may fly through the C side's frames. */
  #host(): Hdf5Host {
    return {
      read: (slot, _type, address, target) => {
        const context = this.#context;
        if (context === undefined) return -1;
        try {
          // Pages of what is being written would grow old.
          if (slot === 0 && this.writing !== undefined) {
            this.writing.sink.readIntoSync(address, target);
            return 0;
          }
          const call = this.#call(context, slot);
          if (!call.tryRead(address, target)) return MISSING;
          this.#foresee(context, slot, address, target);
          return 0;
        } catch (error) {
          context.failure = error;
          return -1;
        }
      },
      open: (name) => {
        const slot = this.#slots.find(name);
        if (slot === MISSING_FILE) this.#context?.names.push(name);
        return slot;
      },
      size: (slot) => this.#slots.source(slot).source.byteLength,
      write: (slot, _type, address, data) => this.#change(slot, (sink) => sink.writeSync(address, data)),
      truncate: (slot, size) => this.#change(slot, (sink) => sink.truncateSync(size)),
    };
  }

  #change(slot: number, act: (sink: ByteSink) => void): number {
    if (this.writing === undefined || slot !== 0) return -1;
    try {
      act(this.writing.sink);
      return 0;
    } catch (error) {
      this.#writeFailure ??= error;
      if (this.#context !== undefined) this.#context.failure = error;
      return -1;
    }
  }
}
