/**
 * Following a file that is being written: looking at its bytes anew, and trying again what found them torn. Loaded only
 * where a file is followed, or refreshed.
 *
 * @module
 */
import { ClosedError, CorruptFileError, TruncatedError } from "../../source/errors.ts";
import type { Again, Subject } from "./engine_types.ts";
import type { Gate } from "./gate.ts";
import type { Instances } from "./instances.ts";
import type { FileSlots } from "./slots.ts";

/**
 * Milliseconds before each further try, where what was read of a file that is followed doesn't fit together: its writer was
 * just at it. Beside one that never rests about one try in eight finds something half-written, each by itself: so many in a
 * row don't. What still doesn't fit after the last one is broken.
 */
export const TORN_WAITS: readonly number[] = [1, 2, 5, 10, 20, 40, 60, 80, 100, 150];

/** Errors that further tries have not mended. */
const settled = new WeakSet<Error>();

/** What a file's bytes are replaced in. */
export interface FollowerOptions {
  readonly slots: FileSlots;
  readonly instances: Instances;
  /** Lets a refresh be alone. */
  readonly gate: Gate;
  /** Opens the file's bytes once more. */
  readonly again: Again;
  /** Told that the bytes are others now. */
  readonly onReplaced: () => void;
}

/** Puts fresh bytes beneath reads. */
export class Follower {
  readonly #options: FollowerOptions;
  /** Bytes are being opened anew beneath reads that found torn ones. */
  #looking: Promise<void> | undefined;
  /** Close sources that reads under way may still use. */
  #retired: (() => Promise<void>)[] = [];

  /** @param options What is followed. */
  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Does what reads values, again where it finds torn bytes. @param run What to do @param signal Aborts */
  async reading<T>(run: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    let result: T | undefined;
    await this.#untorn(async () => {
      result = await run();
      return undefined;
    }, signal);
    return result!;
  }

  /**
   * Looks at the file anew: opens its bytes once more and drops all that was kept of it, and of the files that it refers
   * to. Where that fails, what was open stays.
   *
   * @param reopen Opens the file in the instance, once its bytes are new.
   * @param signal Aborts, while nothing was dropped yet.
   */
  async refresh(reopen: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    const { slots: { name }, instances, gate } = this.#options;
    await gate.alone(async () => {
      signal?.throwIfAborted();
      if (instances.closed) throw new ClosedError(`Cannot refresh ${name}: the file is closed`, { file: name });
      await this.#replaceBytes(signal);
      await this.close();
      await reopen();
    });
  }

  /**
   * Runs calls, those again that found torn bytes, a few times.
   *
   * @param subjects What each call is about.
   * @param run Runs some of them, given by index.
   * @param signal Aborts.
   * @returns The error of each call that failed.
   */
  async runMany(
    subjects: readonly Subject[],
    run: (indices: readonly number[]) => Promise<(Error | undefined)[]>,
    signal: AbortSignal | undefined,
  ): Promise<(Error | undefined)[]> {
    const errors: (Error | undefined)[] = subjects.map(() => undefined);
    let pending: readonly number[] = [...subjects.keys()];
    await this.#untorn(async () => {
      const now = pending;
      const found = await run(now);
      now.forEach((index, i) => errors[index] = found[i]);
      pending = now.filter((index) => isTorn(errors[index]));
      return pending.length > 0 ? errors[pending[0]!] : undefined;
    }, signal);
    return errors;
  }

  /** Closes what was replaced. */
  async close(): Promise<void> {
    await Promise.all(this.#retired.splice(0).map((close) => close()));
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

  /** Puts the file's bytes as they are now beneath the reads under way, once for all of them. */
  async #lookAgain(): Promise<void> {
    this.#looking ??= this.#replaceBytes().finally(() => this.#looking = undefined);
    await this.#looking;
  }

  async #replaceBytes(signal?: AbortSignal): Promise<void> {
    const { slots, instances, again, onReplaced } = this.#options;
    const { source, others } = await slots.openAgain(again, signal);
    if (instances.closed) {
      await Promise.all([source, ...others.values()].map((opened) => opened.close()));
      throw new ClosedError(`Cannot use ${slots.name}: the file is closed`, { file: slots.name });
    }
    this.#retired.push(slots.replace(source, others));
    instances.startAfresh();
    onReplaced();
  }
}

/** Whether an error may come of bytes that were read while they were being written. */
function isTorn(error: unknown): error is Error {
  return (error instanceof CorruptFileError || error instanceof TruncatedError) && !settled.has(error);
}

/** Remembers that an error stays. */
function settle(error: unknown): void {
  if (error instanceof Error) settled.add(error);
}

/** Waits. @param ms How long @param signal Ends it */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
  signal?.throwIfAborted();
}
