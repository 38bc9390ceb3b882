/**
 * Reading the body of an answer without believing what its headers say.
 *
 * @module
 */

import { abortable } from "../abort.ts";
import { detectRuntime } from "../limits.ts";

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
  if (response.body === null) return { bytes: new Uint8Array(0), overflows: false };
  if (expected === limit) {
    const inPlace = ownReader(response.body);
    if (inPlace !== undefined) return await readInto(inPlace, expected, signal, progress);
  }
  const reader = response.body.getReader();
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

/**
 * A reader that puts bytes where it is told. Only Workers are asked for one: their other reader brings 4 KiB at a time, each
 * of them garbage; elsewhere pieces are large, and not every runtime does this right.
 */
function ownReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  if (detectRuntime() !== "workerd") return undefined;
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined; // a stream of a user's own `fetch` that isn't one of bytes
  }
}

/** Reads a body that should have a known length: straight to where it stays. */
async function readInto(
  reader: ReadableStreamBYOBReader,
  expected: number,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<Body> {
  let buffer = new ArrayBuffer(expected);
  let length = 0;
  const bytes = () => new Uint8Array(buffer, 0, length);
  try {
    while (length < expected) {
      // The memory goes to the stream and comes back.
      const { done, value } = await abortable(reader.read(new Uint8Array(buffer, length)), signal);
      if (value !== undefined) buffer = value.buffer;
      if (done) return { bytes: bytes(), overflows: false };
      progress(value.length);
      length += value.length;
    }
    const { done, value } = await abortable(reader.read(new Uint8Array(1)), signal);
    if (done) return { bytes: bytes(), overflows: false };
    progress(value.length);
    cancel(reader);
    return { bytes: bytes(), overflows: true };
  } catch (error) {
    cancel(reader);
    throw error;
  }
}

/** Lets go of an answer whose body isn't wanted, so that its connection ends. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}

function cancel(reader: ReadableStreamGenericReader): void {
  reader.cancel().catch(() => {});
}
