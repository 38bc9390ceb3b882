/**
 * The instance that calls run in, and the fresh one that takes its place where a call has trapped or run out of something.
 *
 * @module
 */
import { ClosedError } from "../../source/errors.ts";
import { type Hdf5Exports, type Hdf5Instance, OK } from "../../wasm/instance.ts";
import type { Answers } from "./answers.ts";
import type { Attempt, EngineOptions, Subject } from "./engine_types.ts";
import { failure, type FailureInfo } from "./failure.ts";
import type { HandleTable } from "./handles.ts";
import type { FileSlots } from "./slots.ts";

/** After so many traps the file is given up: each may have cost a second. */
const MOST_TRAPS = 32;

/** What instances work on. */
export interface InstancesOptions extends Pick<EngineOptions, "missingSources"> {
  readonly slots: FileSlots;
  readonly answers: Answers;
  /** Objects that are open in the instance. */
  readonly handles: HandleTable;
  /** A file that is being written can't be gone on with in a fresh instance. */
  readonly isWritten: boolean;
}

/** One instance after the other. */
export class Instances {
  readonly #options: InstancesOptions;
  #instance: Hdf5Instance;
  #closed = false;
  /** Opens the file again in a fresh instance. */
  #opening: Attempt | undefined;
  /** The same, as long as that is still to be done. */
  #reopen: Attempt | undefined;
  #traps = 0;
  /** The instance was refused memory: a fresh one has more to give. */
  #bloated = false;
  /** Slots whose files a fresh instance has opened; all, in the first one. */
  #joined: Set<number> | undefined;

  /**
   * @param instance The first one, in which nothing is open yet.
   * @param options Files, and what becomes of failures.
   */
  constructor(instance: Hdf5Instance, options: InstancesOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#limit();
  }

  /** Whether {@linkcode Instances.end} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The instance, a fresh one where the last was lost. */
  get instance(): Hdf5Instance {
    this.#renew();
    return this.#instance;
  }

  /** Remembers the call that has opened the file. */
  setOpening(opening: Attempt): void {
    this.#opening = opening;
  }

  /** Puts a fresh instance in place, in which the file is opened before the next call. */
  startAfresh(): void {
    this.#bloated = false;
    this.#instance = this.#instance.again();
    this.#limit();
    this.#options.handles.forget();
    this.#joined = new Set([0]);
    this.#reopen = this.#opening;
  }

  /** Has the file of a slot opened that an instance before this one had reached by a link. Part of an attempt. */
  join(exports: Hdf5Exports, slot: number): number {
    const name = this.#joined?.has(slot) === false ? this.#options.slots.nameOf(slot) : undefined;
    if (name === undefined) return OK;
    const status = this.#instance.withText(name, (pointer, length) => exports.mt_file_join(pointer, length));
    if (status === OK) this.#joined?.add(slot);
    return status;
  }

  /**
   * One attempt, after the file was opened again where the instance is a fresh one.
   *
   * @param subject What it is about.
   * @param attempt The call.
   * @param opens Whether it opens the file itself.
   * @returns Its status, or the error that a trap is.
   * @throws {ClosedError} If the file is closed.
   */
  attempt(subject: Subject, attempt: Attempt, opens: boolean): number | Error {
    if (this.#closed) throw new ClosedError(`Cannot use ${this.#name}: the file is closed`, { file: this.#name });
    this.#renew();
    const instance = this.#instance;
    try {
      return instance.call((exports) => {
        if (this.#reopen !== undefined) {
          const status = (opens ? attempt : this.#reopen)(exports);
          if (status === OK) this.#reopen = undefined;
          if (status !== OK || opens) return status;
        }
        return attempt(exports);
      });
    } catch (error) {
      if (instance.trap === undefined) throw error;
      const { cause } = instance.trap;
      const { answers, isWritten } = this.#options;
      const trapped = failure(instance.trap, subject.action, { file: this.#name, object: subject.object, cause });
      if (isWritten) answers.writeFailure ??= trapped;
      return trapped;
    }
  }

  /** What the call that is being made has said so far, within its attempt. */
  said(): unknown {
    return this.#instance.json();
  }

  /** Why the last attempt has failed. */
  failure(subject: Subject, cause: unknown): Error {
    const info = this.#instance.json() as FailureInfo;
    if (info.code === "memory") this.#bloated = true;
    return failure(info, subject.action, { file: this.#name, object: subject.object, cause });
  }

  /** Ends the instance; attempts are refused from now on. */
  end(): void {
    this.#closed = true;
    this.#instance.end();
  }

  get #name(): string {
    return this.#options.slots.name;
  }

  #limit(): void {
    const { maxReadBytes, maxChunkBytes } = this.#options.slots.source(0).fetcher.limits;
    this.#instance.call((exports) => {
      exports.mt_value_limit(maxReadBytes);
      exports.mt_chunk_limit(maxChunkBytes);
      exports.mt_missing_sources?.(this.#options.missingSources === "fill" ? 1 : 0);
    });
  }

  /**
   * Starts afresh where the instance is lost: nothing is open then, and the file is opened again before the next call. A
   * file that is being written can't be gone on with.
   */
  #renew(): void {
    const { trap, starved } = this.#instance;
    if ((trap === undefined && !starved && !this.#bloated) || this.#options.isWritten || this.#closed) return;
    if (trap !== undefined && this.#traps++ >= MOST_TRAPS) return;
    this.startAfresh();
  }
}
