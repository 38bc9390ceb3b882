/**
 * Reading the body of an answer without believing what its headers say.
 *
 * @module
 */

import { abortable } from "./abort.ts";

/** What came, and whether it was all. */
export interface Body {
  /** The bytes, at most as many as were allowed. */
  readonly bytes: Uint8Array;
  /** Whether the body went on behind them (it has been cancelled then). */
  readonly overflows: boolean;
}

/**
 * Reads a body up to a limit.
 *
 * @param response The answer; its body is used up or cancelled in every case
 * @param limit The most bytes to take
 * @param signal Ends the reading
 * @param progress Told of the bytes as they come
 * @param expected How many there should be, where known: saves a copy
 * @returns The bytes
 * @throws What the connection throws, or the signal's reason
 */
export async function readBody(
  response: Response,
  limit: number,
  signal: AbortSignal,
  progress: (bytes: number) => void,
  expected?: number,
): Promise<Body> {
  const reader = response.body?.getReader();
  if (reader === undefined) return { bytes: new Uint8Array(0), overflows: false };
  let target = new Uint8Array(Math.min(limit, expected ?? 65_536));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return { bytes: target.subarray(0, length), overflows: false };
      progress(value.length);
      if (length + value.length > limit) {
        cancel(reader);
        return { bytes: target.subarray(0, length), overflows: true };
      }
      if (length + value.length > target.length) {
        const larger = new Uint8Array(Math.min(limit, Math.max(2 * target.length, length + value.length)));
        larger.set(target.subarray(0, length));
        target = larger;
      }
      target.set(value, length);
      length += value.length;
    }
  } catch (error) {
    cancel(reader);
    throw error;
  }
}

/** Lets go of an answer whose body isn't wanted, so that its connection ends. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}

function cancel(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  reader.cancel().catch(() => {});
}
