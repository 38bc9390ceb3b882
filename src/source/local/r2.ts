/**
 * An object in a Cloudflare R2 bucket, read through the bucket's binding. The types say what is used of it, so that
 * nothing of Cloudflare's is needed.
 *
 * @module
 */

import { abortable } from "../abort.ts";
import { FileChangedError, MicrotomeError, NetworkError, NotFoundError } from "../errors.ts";
import { checkRange, checkResult, describeRange } from "../range.ts";
import { type RetryOptions, TransientFailure, withRetries } from "../fetch/retry.ts";
import type { Attempt, ByteRange, ByteSource, ReadOptions } from "../types.ts";

/** An object of a bucket, as far as it is used here. */
export interface R2ObjectLike {
  /** Size of the whole object, in bytes. */
  readonly size: number;
  /** Version of the content, without quotes. */
  readonly etag: string;
  /** Gives the body; absent where `onlyIf` did not hold. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** Options of a bucket's `get`, as far as they are used here. */
export interface R2GetOptions {
  /** The part wanted. */
  readonly range?: ByteRange;
  /** Gives no body unless the object still is this version. */
  readonly onlyIf?: { readonly etagMatches: string };
}

/** A bucket, as far as it is used here. */
export interface R2BucketLike {
  /** Gets an object or a part of it; null where there is none. */
  get(key: string, options?: R2GetOptions): Promise<R2ObjectLike | null>;
  /** Gets what is known about an object without its body. */
  head(key: string): Promise<R2ObjectLike | null>;
}

/** Where an object lies: what `open` takes for a file in R2. */
export interface R2Location {
  /** The bucket's binding, such as `env.RECORDINGS`. */
  readonly bucket: R2BucketLike;
  /** Key of the object. */
  readonly key: string;
}

/** Options of {@linkcode r2Source}. */
export interface R2Options extends RetryOptions {
  /**
   * Whether the object may be replaced while it is open.
   *
   * @default {false}
   */
  readonly follow?: boolean | undefined;
  /**
   * Bytes that the first request asks for; they are kept.
   *
   * @default {65536}
   */
  readonly headBytes?: number | undefined;
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each request of the opening. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** An object in a bucket. */
export interface R2Source extends ByteSource {
  /** The first bytes of the object. */
  readonly head: Uint8Array;
  /** Version of the content. */
  readonly etag: string;
}

/**
 * Opens an object of a bucket by getting its head, whose answer tells its size.
 *
 * @param bucket The bucket's binding
 * @param key Key of the object
 * @param options Size of the head, retries, signal
 * @returns The object; each read is one `get`, of the same version
 * @throws {NotFoundError} If there is no such object
 * @throws {NetworkError} If the bucket fails, also after retries
 */
export async function r2Source(bucket: R2BucketLike, key: string, options: R2Options = {}): Promise<R2Source> {
  const name = `r2:${key}`;
  const first = { offset: 0, length: Math.max(1, options.headBytes ?? 65_536) };
  const opening = await request({ name }, first, options, options, async (received) => {
    let object: R2ObjectLike | null;
    try {
      object = await bucket.get(key, { range: first });
    } catch (error) {
      // No range can be had of an empty object: R2 refuses it.
      object = await bucket.head(key).catch(() => null);
      if (object?.size !== 0) throw error;
    }
    if (object === null) {
      throw new NotFoundError(`Cannot open ${name}: the bucket has no such object`, { file: name });
    }
    const head = object.size === 0 ? new Uint8Array(0) : await bodyOf(name, object);
    received(head.length);
    return { object, head: checkResult({ name }, { offset: 0, length: Math.min(first.length, object.size) }, head) };
  });
  const { head } = opening;
  const { size: byteLength, etag } = opening.object;
  return {
    name,
    byteLength,
    head,
    etag,
    reportsAttempts: true,
    async read(range, readOptions = {}) {
      readOptions.signal?.throwIfAborted();
      checkRange({ name, byteLength }, range);
      if (range.offset + range.length <= head.length) return head.subarray(range.offset, range.offset + range.length);
      return await request({ name }, range, readOptions, options, async (received) => {
        const { offset, length } = range;
        const pin = options.follow === true ? {} : { onlyIf: { etagMatches: etag } };
        const object = await bucket.get(key, { range: { offset, length }, ...pin });
        const same = options.follow === true || (object?.etag === etag && object.size === byteLength);
        if (object === null || !same || object.arrayBuffer === undefined) {
          const how = object === null ? "it is gone" : `its ETag was ${etag} and is ${object.etag}`;
          throw new FileChangedError(
            `Cannot read ${describeRange(range)} of ${name}: the object has changed since it was opened, ${how}`,
            { file: name },
          );
        }
        const bytes = await bodyOf(name, object);
        received(bytes.length);
        return checkResult({ name }, range, bytes);
      });
    },
  };
}

async function bodyOf(name: string, object: R2ObjectLike): Promise<Uint8Array> {
  if (object.arrayBuffer === undefined) {
    throw new FileChangedError(`Cannot read ${name}: the bucket gave no body`, { file: name });
  }
  return new Uint8Array(await object.arrayBuffer());
}

/** One request with its retries, each told to `onAttempt`. */
function request<T>(
  { name }: { readonly name: string },
  range: ByteRange,
  { signal, onAttempt }: ReadOptions,
  retries: RetryOptions,
  send: (received: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  return withRetries(
    async (attempt) => {
      const started = performance.now();
      let received = 0;
      let failure: { error: unknown } | undefined;
      try {
        return await abortable(send((bytes) => received = bytes), signal);
      } catch (error) {
        failure = { error };
        if (signal?.aborted) throw signal.reason;
        if (error instanceof MicrotomeError) throw error;
        const what = error instanceof Error ? error.message : String(error);
        throw new TransientFailure(
          new NetworkError(`Cannot read ${describeRange(range)} of ${name}: ${what}`, { file: name, cause: error }),
        );
      } finally {
        onAttempt?.({ ...range, received, milliseconds: performance.now() - started, attempt, ...failure });
      }
    },
    retries,
    signal,
  );
}
