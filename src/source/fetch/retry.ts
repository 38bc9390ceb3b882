/**
 * Trying again what may pass: exponential backoff with full jitter, and `Retry-After`.
 *
 * @module
 */

import { delay } from "../abort.ts";

/** How failures that may pass are tried again. */
export interface RetryOptions {
  /**
   * How often one request is sent at most.
   *
   * @default {4}
   */
  readonly attempts?: number | undefined;
  /**
   * Longest wait before the second try, in milliseconds; it doubles with every try, up to 10 s, and a random part of it
   * is waited, so that many readers don't come back at once.
   *
   * @default {250}
   */
  readonly backoff?: number | undefined;
  /**
   * Longest wait that a server's `Retry-After` is granted, in milliseconds.
   *
   * @default {30000}
   */
  readonly maxRetryAfter?: number | undefined;
}

/** Thrown by a try to say that another one may do better. */
export class TransientFailure extends Error {
  /** What the caller sees if it was the last try. */
  readonly error: Error;
  /** What the server asked to wait, in milliseconds. */
  readonly retryAfter: number | undefined;

  /** Wraps `error`. */
  constructor(error: Error, retryAfter?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.retryAfter = retryAfter;
  }
}

const LONGEST_BACKOFF = 10_000;

/**
 * Runs a try until it succeeds, fails for good, or has been made often enough.
 *
 * @param attempt One try; it gets its number, 0 first, and throws {@linkcode TransientFailure} where another may help
 * @param options How often and how long to wait
 * @param signal Ends the waiting between tries
 * @returns What the try gives
 * @throws What the try throws, the last one unwrapped
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  options: RetryOptions = {},
  signal?: AbortSignal,
): Promise<T> {
  const { attempts = 4, backoff = 250, maxRetryAfter = 30_000 } = options;
  for (let number = 0;; number++) {
    signal?.throwIfAborted();
    try {
      return await attempt(number);
    } catch (failure) {
      if (!(failure instanceof TransientFailure)) throw failure;
      if (number + 1 >= attempts) throw failure.error;
      const wait = failure.retryAfter === undefined
        ? Math.random() * Math.min(LONGEST_BACKOFF, backoff * 2 ** number)
        : Math.min(failure.retryAfter, maxRetryAfter);
      await delay(wait, signal);
    }
  }
}

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @param value The header
 * @param now The time now, in milliseconds since 1970
 * @returns Milliseconds to wait, at least 0; undefined where the header is absent or makes no sense
 */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
