/** What the tests of this room share. */

import type { ByteRange, ByteSource, ReadOptions } from "../../src/source/types.ts";

/** Bytes that tell where they stand: no two pages are alike. */
export function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >> 8) * 13 + (i >> 16) * 29) & 255;
  return bytes;
}

/** A read of a {@linkcode scripted} source that waits for the test to answer it. */
export interface PendingRead extends ByteRange {
  readonly signal: AbortSignal | undefined;
  /** Answers with the right bytes. */
  answer(): Promise<void>;
  /** Fails. */
  fail(error: unknown): Promise<void>;
}

/** A source whose answers come when the test says so. */
export function scripted(bytes: Uint8Array): ByteSource & { readonly reads: PendingRead[] } {
  const reads: PendingRead[] = [];
  return {
    name: "scripted",
    byteLength: bytes.length,
    reads,
    read({ offset, length }: ByteRange, options: ReadOptions = {}) {
      return new Promise((resolve, reject) => {
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
        reads.push({
          offset,
          length,
          signal: options.signal,
          answer: () => {
            resolve(bytes.subarray(offset, offset + length));
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      });
    },
  };
}

/** A source that answers at once and lists what it was asked. */
export function listed(bytes: Uint8Array): ByteSource & { readonly reads: ByteRange[] } {
  const reads: ByteRange[] = [];
  return {
    name: "listed",
    byteLength: bytes.length,
    reads,
    read({ offset, length }: ByteRange) {
      reads.push({ offset, length });
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** Lets everything run that is ready to run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Notes what timers wait for. With a time limit and a server, timers of just that limit go off as soon as the server has
 * been asked that many times more (and some moments for its answer have passed), so that "too late" needs no real waiting and comes
 * after the request on the slowest machine.
 *
 * @param limit The limit in milliseconds: a number that nothing else waits for
 * @param server Who is asked
 * @param requests How often
 * @returns What was waited for, and what ends it
 */
export function watchTimers(limit?: number, server?: { readonly log: readonly unknown[] }, requests = 1): {
  readonly waits: readonly number[];
  readonly end: () => void;
} {
  const waits: number[] = [];
  const { setTimeout: real, clearTimeout: clear } = globalThis;
  const watching = new Map<unknown, ReturnType<typeof setTimeout>>();
  globalThis.setTimeout = ((run: () => void, wait = 0) => {
    waits.push(wait);
    if (limit === undefined || wait !== limit || server === undefined) return real(run, wait);
    const asked = server.log.length;
    const look = () => {
      if (server.log.length - asked < requests) watching.set(id, real(look, 1));
      else watching.set(id, real(run, 30));
    };
    const id: unknown = real(look, 1);
    return id;
  }) as typeof setTimeout;
  globalThis.clearTimeout = ((id?: Parameters<typeof clearTimeout>[0]) => {
    clear(id);
    if (id !== undefined) clear(watching.get(id));
  }) as typeof clearTimeout;
  return { waits, end: () => void Object.assign(globalThis, { setTimeout: real, clearTimeout: clear }) };
}

/** A range by its first byte and length. */
export function range(offset: number, length: number): ByteRange {
  return { offset, length };
}

/** The error a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("Expected a rejection, and there was none");
}
