/**
 * The restartable loop: attempts of calls, and between them the bytes that they were missing.
 *
 * @module
 */
import { CorruptFileError } from "../../source/errors.ts";
import { pace } from "../../source/pace.ts";
import { type Hdf5Exports, NEED, OK } from "../../wasm/instance.ts";
import type { Answers, Context } from "./answers.ts";
import type { Attempt, RunOptions, Subject } from "./engine_types.ts";
import type { Instances } from "./instances.ts";
import type { FileSlots } from "./slots.ts";

/** Runs calls, round by round. */
export class Rounds {
  readonly #slots: FileSlots;
  readonly #answers: Answers;
  readonly #instances: Instances;

  /**
   * @param slots The files.
   * @param answers Answers the module.
   * @param instances The instance that calls run in.
   */
  constructor(slots: FileSlots, answers: Answers, instances: Instances) {
    this.#slots = slots;
    this.#answers = answers;
    this.#instances = instances;
  }

  /**
   * Runs calls until each has all the bytes it needs, or has failed. One round fetches what all of them are missing.
   *
   * @param subjects What each call is about.
   * @param attempt The `index`-th call.
   * @param options Abort signal and prefetch.
   * @returns The error of each call that failed. Errors of the source are thrown.
   */
  async run(
    subjects: readonly Subject[],
    attempt: (exports: Hdf5Exports, index: number) => number,
    options: RunOptions,
  ): Promise<(Error | undefined)[]> {
    const context = contextOf(options);
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
          else if (status !== OK) errors[index] = this.#instances.failure(subjects[index]!, context.failure);
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
   * Runs a call that needs no bytes but those it is given, such as decoding.
   *
   * @param subject What the call is about.
   * @param attempt The call.
   * @throws {MicrotomeError} What the C side reports.
   */
  runNow(subject: Subject, attempt: Attempt): void {
    const context = contextOf({});
    try {
      const status = this.#attempt(context, subject, attempt);
      if (status instanceof Error) throw status;
      if (status !== OK) throw this.#instances.failure(subject, context.failure);
    } finally {
      for (const call of context.calls.values()) call.end();
    }
  }

  #attempt(context: Context, subject: Subject, attempt: Attempt): number | Error {
    return this.#answers.during(context, () => this.#instances.attempt(subject, attempt, context.opens));
  }

  /** Fetches the bytes that the last round was missing. */
  async #supply(
    context: Context,
    subject: Subject,
    filesOpened: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#answers.hint(context);
    const calls = [...context.calls.values()].filter((call) => call.missing.length > 0);
    if (calls.length === 0 && !filesOpened) {
      throw new CorruptFileError(
        `Cannot ${subject.action} of ${this.#slots.name}: it waits for bytes that it doesn't name`,
        {
          file: this.#slots.name,
          object: subject.object,
        },
      );
    }
    await Promise.all(calls.map((call) => call.load({ signal })));
  }

  async #prefetch(
    context: Context,
    wanted: NonNullable<RunOptions["prefetch"]>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const call = this.#answers.pagesOf(context, wanted.slot);
    for (const range of wanted.ranges) call.note(range);
    await call.load({ signal });
  }
}

function contextOf({ foresee, opens = false }: RunOptions): Context {
  return { calls: new Map(), foresee, opens, names: [], failure: undefined };
}
