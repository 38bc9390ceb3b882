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
