/**
 * How much of what may be used, with defaults by runtime.
 *
 * @module
 */

/** The runtimes that are told apart. */
export type Runtime = "workerd" | "deno" | "bun" | "node" | "browser" | "unknown";

/** Bounds of memory, requests and reads. All sizes are in bytes. */
export interface Limits {
  /**
   * Size of a page of the metadata cache. 64 KiB is the knee of requests against bytes on files as they are.
   *
   * @default {65536}
   */
  readonly blockSize: number;
  /**
   * Pages kept in memory. Pages that a call in progress needs are kept beyond it.
   *
   * @default {67108864} (browsers 32 MiB, Workers 8 MiB)
   */
  readonly cacheBytes: number;
  /**
   * The most that one metadata miss fetches, once read-ahead has grown; 0 turns read-ahead off.
   *
   * @default {1048576}
   */
  readonly readAheadBytes: number;
  /**
   * A remote file up to this size is taken whole at its first miss.
   *
   * @default {524288}
   */
  readonly smallFileBytes: number;
  /**
   * Requests in flight for one file. Workers and browsers open 6 connections.
   *
   * @default {6}
   */
  readonly maxParallel: number;
  /**
   * Ranges closer together than this share a request. zarrita and object_store settled on the same figure.
   *
   * @default {32768}
   */
  readonly gap: number;
  /**
   * A merged request is no longer than this, so that several are in flight.
   *
   * @default {4194304} (Workers 2 MiB)
   */
  readonly maxRequestBytes: number;
  /**
   * Bytes that a streamed read may have fetched or asked for ahead of what has been used.
   *
   * @default {33554432} (Workers 8 MiB)
   */
  readonly maxBytesInFlight: number;
  /**
   * The largest chunk of a dataset that is decoded: what a chunk claims to hold costs nothing to write down.
   *
   * @default {536870912} (Workers 32 MiB)
   */
  readonly maxChunkBytes: number;
  /**
   * The largest single read: one range of bytes, or the result of one selection.
   *
   * @default {1073741824} (browsers 512 MiB, Workers 32 MiB)
   */
  readonly maxReadBytes: number;
  /**
   * Memory that the HDF5 module may take for one open file: chunks and values while they are read, and libhdf5's own. More
   * is a `LimitError`; the file's other objects can still be read. Twice `maxReadBytes` where that is given and more.
   *
   * @default {2147483648} (browsers 1 GiB, Workers 80 MiB)
   */
  readonly maxMemory: number;
  /**
   * Steps of libhdf5's loops that one call into the HDF5 module may take, beside 512 for each element that it reads or
   * writes: a second or two. A damaged file that keeps it busy longer is a `LimitError`; its other objects can
   * still be read. Real files need less than a tenth.
   *
   * @default {67108864} (Workers 33554432)
   */
  readonly maxWork: number;
  /**
   * A file from a server without ranges is taken whole up to this size.
   *
   * @default {67108864} (Workers 16 MiB)
   */
  readonly wholeFileBytes: number;
}

/** Limits as options: those that are left out, or undefined, get their defaults. */
export type LimitOptions = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Finds out which runtime this is.
 *
 * @param globals Where to look
 * @returns Its name; `unknown` gets the defaults of a server
 */
export function detectRuntime(globals: object = globalThis): Runtime {
  const found = globals as {
    navigator?: { userAgent?: string };
    Deno?: unknown;
    Bun?: unknown;
    process?: { versions?: { node?: string } };
    window?: unknown;
    WorkerGlobalScope?: unknown;
    WebSocketPair?: unknown;
  };
  // workerd comes first: with nodejs_compat it has process.versions.node as well, and so have Bun and Deno.
  // With an early compatibility date it has no navigator, but what only it has.
  if (found.navigator?.userAgent === "Cloudflare-Workers" || found.WebSocketPair !== undefined) return "workerd";
  if (found.Deno !== undefined) return "deno";
  if (found.Bun !== undefined) return "bun";
  if (found.process?.versions?.node !== undefined) return "node";
  if (found.window !== undefined || found.WorkerGlobalScope !== undefined) return "browser";
  return "unknown";
}

/**
 * The limits that hold where the options say nothing.
 *
 * @param runtime For which runtime
 * @returns All limits
 */
export function defaultLimits(runtime: Runtime = detectRuntime()): Limits {
  const limits: Limits = {
    blockSize: 64 * KIB,
    cacheBytes: 64 * MIB,
    readAheadBytes: MIB,
    smallFileBytes: 512 * KIB,
    maxParallel: 6,
    gap: 32 * KIB,
    maxRequestBytes: 4 * MIB,
    maxBytesInFlight: 32 * MIB,
    maxChunkBytes: 512 * MIB,
    maxReadBytes: 1024 * MIB,
    maxMemory: 2048 * MIB,
    maxWork: 2 ** 26,
    wholeFileBytes: 64 * MIB,
  };
  if (runtime === "workerd") {
    // 128 MB in all, for the code, the wasm memory, the result and what is in flight.
    return {
      ...limits,
      cacheBytes: 8 * MIB,
      maxRequestBytes: 2 * MIB,
      maxBytesInFlight: 8 * MIB,
      maxChunkBytes: 32 * MIB,
      maxReadBytes: 32 * MIB,
      maxMemory: 80 * MIB,
      maxWork: 2 ** 25,
      wholeFileBytes: 16 * MIB,
    };
  }
  if (runtime === "browser") {
    return { ...limits, cacheBytes: 32 * MIB, maxReadBytes: 512 * MIB, maxMemory: 1024 * MIB };
  }
  return limits;
}

/**
 * Puts the options that were given over the defaults.
 *
 * @param options Some limits; `undefined` counts as not given
 * @param runtime Whose defaults
 * @returns All limits
 * @throws {RangeError} If a limit is negative or not a number, or zero where that makes no sense
 */
export function resolveLimits(
  options: LimitOptions = {},
  runtime: Runtime = detectRuntime(),
): Limits {
  const limits: Record<keyof Limits, number> = { ...defaultLimits(runtime) };
  const mayBeZero: ReadonlySet<string> = new Set([
    "cacheBytes",
    "readAheadBytes",
    "smallFileBytes",
    "gap",
    "wholeFileBytes",
  ]);
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= (mayBeZero.has(name) ? 0 : 1))) {
      throw new RangeError(
        `Cannot use ${String(value)} as ${name}: expected a number of at least ${mayBeZero.has(name) ? 0 : 1}`,
      );
    }
    limits[name] = value;
  }
  // Who allows larger reads means them to succeed.
  if (options.maxMemory === undefined && options.maxReadBytes !== undefined) {
    limits.maxMemory = Math.max(limits.maxMemory, Math.min(2 * limits.maxReadBytes, 4096 * MIB));
  }
  // What is fetched unasked, or merged, must not be refused as too large a read.
  for (const name of ["smallFileBytes", "readAheadBytes", "maxRequestBytes"] as const) {
    limits[name] = Math.min(limits[name], limits.maxReadBytes);
  }
  return limits;
}
