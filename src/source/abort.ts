/**
 * Waiting that an AbortSignal can end.
 *
 * @module
 */

/**
 * Waits for a promise, but no longer than a signal allows: also where what lies beneath doesn't listen to it.
 *
 * @param promise What to wait for
 * @param signal Ends the waiting
 * @returns What the promise gives
 * @throws The signal's reason, once it is aborted
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * Waits.
 *
 * @param milliseconds How long
 * @param signal Ends the waiting
 * @throws The signal's reason, once it is aborted
 */
export async function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await abortable(new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds)), signal);
  } finally {
    clearTimeout(timer);
  }
}
