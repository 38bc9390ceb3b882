/**
 * One time limit for a whole call, however many requests it makes.
 *
 * @module
 */

import { NetworkError } from "../errors.ts";

/** What a call may take, and what it is about. */
export interface BoundedCall {
  /** Milliseconds; without end, if absent. */
  readonly deadline: number | undefined;
  /** For messages: `read bytes 0 to 9 of`, `open`. */
  readonly what: string;
  /** The file. */
  readonly file: string;
  /** The object in it. */
  readonly object?: string | undefined;
}

/** What timers can wait for at most, in milliseconds; beyond it they go off at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Signals of calls whose time runs already: what is called within them has no time of its own. */
const running = new WeakSet<AbortSignal>();

/**
 * Runs a call under its deadline. The outermost one counts: calls within it, which are given its signal, end with it.
 *
 * @param call The limit, and what it is about
 * @param options The caller's, with the signal
 * @param run Gets the same options with the signal to pass on
 * @returns What `run` gives
 * @throws {NetworkError} If it takes too long
 */
export async function bounded<O extends { readonly signal?: AbortSignal | undefined }, T>(
  { deadline = Infinity, what, file, object }: BoundedCall,
  options: O,
  run: (options: O) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  if (deadline === Infinity || (signal !== undefined && running.has(signal))) return await run(options);
  signal?.throwIfAborted();
  const controller = new AbortController();
  running.add(controller.signal);
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => {
    const error = new NetworkError(`Cannot ${what} ${file}: it took longer than the deadline of ${deadline} ms`, {
      file,
      object,
    });
    controller.abort(error);
  }, Math.min(deadline, LONGEST_TIMER));
  try {
    return await run({ ...options, signal: controller.signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
