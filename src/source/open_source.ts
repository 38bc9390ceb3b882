/**
 * Opening whatever bytes can come from.
 *
 * @module
 */

import type { OptionNames } from "./options.ts";
import { blobSource } from "./local/blob.ts";
import { CostMeter } from "./cost.ts";
import { RangeFetcher } from "./fetch/fetcher.ts";
import { type HttpOptions, openHttp } from "./http/http_source.ts";
import { type LimitOptions, resolveLimits } from "./limits.ts";
import { memorySource } from "./local/memory.ts";
import { PageCache } from "./pages/page_cache.ts";
import type { R2Location } from "./local/r2.ts";
import { nameOf } from "./range.ts";
import type { Attempt, ByteRange, ByteSource, RequestEvent } from "./types.ts";

/** What hyparquet and others read from: a length, and slices of it. */
export interface AsyncBuffer {
  /** Size of the whole, in bytes. */
  readonly byteLength: number;
  /** Gives the bytes from `start` up to, not including, `end`. */
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/**
 * What can be opened: a URL, a path, bytes, a `Blob` or `File`, an object in R2, or anything with `byteLength` and
 * `read` (or `slice`). A string with `://` in it is a URL, any other one is a path.
 */
export type SourceInput =
  | string
  | URL
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | Blob
  | R2Location
  | ByteSource
  | AsyncBuffer;

/** Options of {@linkcode openSource}: of HTTP, and limits. */
export interface SourceOptions extends Omit<HttpOptions, "onAttempt">, Omit<LimitOptions, "wholeFileBytes"> {
  /** Told of each request when it has ended. What it throws is ignored. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Counts the cost: given where several files are to be counted together. `onRequest` is then the meter's own. */
  readonly meter?: CostMeter | undefined;
}

/** An open source with all that reads it. */
export interface OpenedSource {
  /** What is read. */
  readonly source: ByteSource;
  /** Reads raw data: in parallel, past the cache. */
  readonly fetcher: RangeFetcher;
  /** Reads metadata, by pages; already holds the head where opening has brought it. */
  readonly cache: PageCache;
  /** Counts the cost, opening included. */
  readonly meter: CostMeter;
  /** How long one call may take that reads it: the option `deadline`. */
  readonly deadline: number | undefined;
  /** Aborts what is under way and closes the source. */
  close(): Promise<void>;
}

/**
 * Opens a source by what it is.
 *
 * @param input URL, path, bytes, blob, R2 object, or an object that reads
 * @param options Of HTTP, and limits
 * @returns The source, with fetcher, cache and meter
 * @throws {TypeError} If `input` is nothing that can be opened
 * @throws {NotFoundError} If there is no such file
 * @throws {UnsupportedError} If it is a path, and this runtime has no files
 * @throws {SourceError} What opening throws, see `openHttp`
 */
export async function openSource(input: SourceInput, options: SourceOptions = {}): Promise<OpenedSource> {
  const limits = resolveLimits(options);
  const meter = options.meter ?? new CostMeter({ onRequest: options.onRequest });
  const { source, head } = await choose(input, options, meter);
  const fetcher = new RangeFetcher(source, { ...limits, meter });
  const cache = new PageCache(fetcher, { ...limits, head });
  return { source, fetcher, cache, meter, deadline: options.deadline, close: () => fetcher.close() };
}

/** A source, and its first bytes where opening has brought them. */
interface Chosen {
  readonly source: ByteSource;
  readonly head?: Uint8Array | undefined;
}

async function choose(input: SourceInput, options: SourceOptions, meter: CostMeter): Promise<Chosen> {
  options.signal?.throwIfAborted();
  if (typeof input === "string" || input instanceof URL) return await openAddress(input, options, meter);
  if (ArrayBuffer.isView(input) || input instanceof ArrayBuffer || isShared(input)) {
    return { source: memorySource(input) };
  }
  if (typeof Blob !== "undefined" && input instanceof Blob) return { source: blobSource(input) };
  if (isR2(input)) {
    const { bucket, key } = input;
    const { r2Source } = await import("./local/r2.ts");
    const source = await r2Source(bucket, key, { ...options, onAttempt: recorder(meter, `r2:${key}`) });
    return { source, head: source.head };
  }
  if (isObject(input) && "byteLength" in input) {
    if (!Number.isSafeInteger(input.byteLength) || (input.byteLength as number) < 0) {
      throw new TypeError(
        `Cannot open a source whose byteLength is ${String(input.byteLength)}: expected a whole number of bytes`,
      );
    }
    if (typeof (input as Partial<ByteSource>).read === "function") {
      if (options.follow === true) return { source: asOfNow(input as ByteSource) };
      const source = input as ByteSource & { readonly head?: Uint8Array };
      // One of ours that was opened already: what came with that isn't asked for again.
      return { source, head: source.head instanceof Uint8Array ? source.head : undefined };
    }
    if (typeof (input as Partial<AsyncBuffer>).slice === "function") {
      return { source: sliceSource(input as unknown as AsyncBuffer) };
    }
  }
  throw new TypeError(
    `Cannot open ${describe(input)}: expected a URL, a path, an ArrayBuffer or a view of one, a Blob, ` +
      `{bucket, key} of R2, or an object with byteLength and read`,
  );
}

async function openAddress(input: string | URL, options: SourceOptions, meter: CostMeter): Promise<Chosen> {
  const scheme = typeof input === "string"
    ? /^([a-z][a-z0-9+.-]*):\/\//i.exec(input)?.[1]
    : input.protocol.slice(0, -1);
  switch (scheme?.toLowerCase()) {
    case "http":
    case "https": {
      const source = await openHttp(input, { ...options, onAttempt: recorder(meter, withoutSecrets(input)) });
      return { source, head: source.head };
    }
    case undefined:
    case "file": {
      if (input === "") throw new TypeError("Cannot open an empty path");
      const { openFile } = await import("./local/file_node.ts");
      return { source: await openFile(scheme === undefined ? input : new URL(input), { follow: options.follow }) };
    }
    default:
      throw new TypeError(
        `Cannot open an address with the scheme ${JSON.stringify(scheme)}: expected http, https or file`,
      );
  }
}

/** Counts the requests of opening. Their depth starts behind all that the meter has seen. */
function recorder(meter: CostMeter, name: string): (attempt: Attempt) => void {
  const after = meter.depth;
  return (attempt) => meter.record(name, attempt, after + 1 + attempt.attempt);
}

/** Names an address before it is known to be one; what stands in its query may be secret. */
function withoutSecrets(input: string | URL): string {
  try {
    const { origin, pathname } = new URL(input);
    return origin + pathname;
  } catch {
    return String(input);
  }
}

/** What messages call what isn't open yet. */
export function nameOfInput(input: SourceInput): string {
  if (typeof input === "string" && !input.includes("://")) return input;
  if (typeof input === "string" || input instanceof URL) return withoutSecrets(input);
  // What is no source is refused where it is opened.
  return typeof input === "object" && input !== null ? nameOf(input as { name?: string }) : String(input);
}

/** Sources of users whose size is told anew by each opening, by what stands for them. */
const standIns = new WeakMap<ByteSource, ByteSource>();

/** A source that may grow, with the size that it has now: the plans of reads hold to one. */
function asOfNow(input: ByteSource): ByteSource {
  const source: ByteSource = {
    name: input.name,
    byteLength: input.byteLength,
    reportsAttempts: input.reportsAttempts,
    read: (range, options) => input.read(range, options),
    ...(input.readSync === undefined ? {} : { readSync: (range: ByteRange) => input.readSync!(range) }),
    ...(input.close === undefined ? {} : { close: () => input.close!() }),
  };
  standIns.set(source, input);
  return source;
}

/** The source that a user gave, where another one stands for it. */
export function originalOf(source: ByteSource): ByteSource {
  return standIns.get(source) ?? source;
}

function sliceSource(buffer: AsyncBuffer): ByteSource {
  return {
    name: nameOf(buffer as { name?: string }),
    byteLength: buffer.byteLength,
    async read({ offset, length }: ByteRange) {
      return new Uint8Array(await buffer.slice(offset, offset + length));
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isShared(value: unknown): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer;
}

function isR2(value: unknown): value is R2Location {
  if (!isObject(value) || typeof value.key !== "string" || !isObject(value.bucket)) return false;
  return typeof value.bucket.get === "function";
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "Object"}`;
  return `the ${typeof value} ${String(value)}`;
}

/** Names of the options that every opener takes. */
export const SOURCE_OPTIONS: OptionNames<SourceOptions> = {
  headers: true,
  fetch: true,
  timeout: true,
  deadline: true,
  forwardHeaders: true,
  keepRedirect: true,
  attempts: true,
  backoff: true,
  maxRetryAfter: true,
  headBytes: true,
  wholeFileBytes: true,
  openFrom: true,
  ifMatch: true,
  follow: true,
  signal: true,
  onRequest: true,
  meter: true,
  blockSize: true,
  cacheBytes: true,
  readAheadBytes: true,
  smallFileBytes: true,
  maxParallel: true,
  gap: true,
  maxRequestBytes: true,
  maxBytesInFlight: true,
  maxChunkBytes: true,
  maxReadBytes: true,
  maxMemory: true,
  maxWork: true,
};
