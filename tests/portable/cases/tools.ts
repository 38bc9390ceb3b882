/**
 * What several cases need.
 *
 * @module
 */
import type { OpenOptions, RequestEvent } from "../../../mod.ts";
import type { Context } from "../types.ts";

/**
 * The error that a promise is rejected with.
 *
 * @param promise What must fail.
 * @returns The error, to be compared.
 * @throws {Error} If nothing failed.
 */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected an error, got ${Object.prototype.toString.call(value)}`);
}

/**
 * The kind of the error that a promise is rejected with, where its message holds a runtime's own words.
 *
 * @param promise What must fail.
 * @returns Class and code.
 */
export async function kindOfError(promise: Promise<unknown>): Promise<unknown> {
  const error = await errorOf(promise);
  if (!(error instanceof Error)) return error;
  return { name: error.name, code: (error as { code?: unknown }).code };
}

/**
 * Fails a case.
 *
 * @param holds What must hold.
 * @param message What it means that it doesn't.
 */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** Requests as they were sent, told apart from how long they took. */
export interface RequestList {
  /** Goes into `open`. */
  readonly onRequest: (event: RequestEvent) => void;
  /** The requests since the last call: `[roundTrip, offset, length, received]`, in that order. */
  take(): number[][];
}

/**
 * Records the requests of a file.
 *
 * @returns The hook, and what it has seen.
 */
export function recordRequests(): RequestList {
  let seen: number[][] = [];
  return {
    onRequest: ({ roundTrip, offset, length, received }) => seen.push([roundTrip, offset, length, received]),
    take() {
      const taken = seen.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
      seen = [];
      return taken;
    },
  };
}

/** Limits that are the same in every runtime, so that requests are. Small files aren't taken whole here. */
export const LIMITS: OpenOptions = {
  blockSize: 4096,
  cacheBytes: 4 << 20,
  readAheadBytes: 1 << 16,
  smallFileBytes: 0,
  maxParallel: 4,
  gap: 2048,
  maxRequestBytes: 1 << 16,
  maxBytesInFlight: 1 << 20,
};

/**
 * URL of one of the files.
 *
 * @param context Where they are.
 * @param path Which.
 * @returns The URL.
 */
export function urlOf(context: Context, path: string): string {
  return context.base + path.split("/").map(encodeURIComponent).join("/");
}

/**
 * Reads a whole file in one request, for cases that open it from memory.
 *
 * @param context Where it is.
 * @param path Which.
 * @returns Its bytes.
 */
export async function bytesOf(context: Context, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(urlOf(context, path));
  check(response.ok, `Cannot fetch ${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
