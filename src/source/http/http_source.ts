/**
 * A file on a server, read by ranges.
 *
 * @module
 */

import { FileChangedError, RangeUnsupportedError, TruncatedError } from "../errors.ts";
import { checkEncoding, isPart, missingContentRange, readExactly, wrongContentRange } from "./answer.ts";
import { readPieces } from "./pieces.ts";
import { discard } from "./body.ts";
import { type Exchange, HttpClient, type HttpClientOptions } from "./http_client.ts";
import { isStrong, parseContentRange, validatorChange, type Validators, validatorsOf } from "./headers.ts";
import { openEnd, openStart } from "./opening.ts";
import { defaultLimits, detectRuntime } from "../limits.ts";
import { checkRange, describeRange } from "../range.ts";
import type { Attempt, ByteRange, ByteSource, ReadOptions } from "../types.ts";

/** Options of {@linkcode openHttp}. */
export interface HttpOptions extends HttpClientOptions {
  /**
   * Bytes that the first request asks for; they are kept.
   *
   * @default {65536}
   */
  readonly headBytes?: number | undefined;
  /**
   * Which end of the file the first request asks for: of archives, the end is of more use. Where a server can't give the
   * end, the start is asked for; so it is in browsers, which would have to ask other servers first whether they may.
   *
   * @default {"start"}
   */
  readonly openFrom?: "start" | "end" | undefined;
  /**
   * A file from a server without ranges is taken whole up to this size, in bytes.
   *
   * @default {67108864} (Workers 16 MiB)
   */
  readonly wholeFileBytes?: number | undefined;
  /**
   * Whether later requests carry `If-Match`, so that the server refuses them once the file has changed. Without it the
   * answers are compared. In browsers `If-Match` would need the server's consent, so it is off there.
   *
   * @default {true} (browsers false)
   */
  readonly ifMatch?: boolean | undefined;
  /**
   * Whether the file may change while it is open, as one does that is being written: a changed size, time or ETag is no
   * `FileChangedError` then, and what was there at the time of each read is taken. Only sound where the writer adds to the
   * file and takes nothing away, as with HDF5 in SWMR mode. Holds for local files and R2 too; see `H5File.refresh`.
   *
   * @default {false}
   */
  readonly follow?: boolean | undefined;
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each request of the opening. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** A file on a server. */
export interface HttpSource extends ByteSource {
  /** The address without user, password and query. */
  readonly name: string;
  /** The address that requests go to, as a whole. */
  readonly url: string;
  /** The first bytes of the file: the answer to the first request. All of it, where the server knows no ranges. */
  readonly head: Uint8Array;
  /** The last bytes of the file, where it was opened from its end. */
  readonly tail?: Uint8Array | undefined;
  /** `ETag` of the version that is read. */
  readonly etag: string | undefined;
  /** `Last-Modified` of the version that is read. */
  readonly lastModified: string | undefined;
}

/**
 * Opens a file on a server. The first request asks for the head of the file and learns its size from the answer; no
 * HEAD is sent.
 *
 * @param url Address, http or https
 * @param options Headers, `fetch`, retries, limits
 * @returns The file; its reads are ranged requests, each checked to be of the same version
 * @throws {HttpStatusError} If the server answers anything but success
 * @throws {NetworkError} If it can't be reached
 * @throws {RangeUnsupportedError} If it knows no ranges and the file is too large to be taken whole
 * @throws {ProtocolError} If its answer contradicts itself
 */
export async function openHttp(url: string | URL, options: HttpOptions = {}): Promise<HttpSource> {
  const client = new HttpClient(url, options);
  const wholeFileBytes = options.wholeFileBytes ?? defaultLimits().wholeFileBytes;
  const length = Math.max(1, options.headBytes ?? 65_536);
  const atEnd = options.openFrom === "end" && detectRuntime() !== "browser";
  const { byteLength, head, tail, validators } = await client.withDeadline("open", options.signal, async (signal) => {
    const within = { ...options, signal };
    return (atEnd ? await openEnd(client, length, wholeFileBytes, within) : undefined) ??
      await openStart(client, length, wholeFileBytes, within);
  });
  const follow = options.follow ?? false;
  const ifMatch = !follow && (options.ifMatch ?? detectRuntime() !== "browser");
  const etag = ifMatch && isStrong(validators.etag) ? validators.etag : undefined;
  const pinned = { name: client.name, byteLength, validators, follow };

  const source = {
    name: client.name,
    byteLength,
    head,
    ...(tail === undefined ? {} : { tail }),
    etag: validators.etag,
    lastModified: validators.lastModified,
    reportsAttempts: true,
    get url() {
      return client.url;
    },
    async read(range: ByteRange, readOptions: ReadOptions = {}): Promise<Uint8Array> {
      readOptions.signal?.throwIfAborted();
      checkRange(pinned, range);
      if (range.offset + range.length <= head.length) return part(head, range);
      const behind = range.offset - (byteLength - (tail?.length ?? 0));
      if (tail !== undefined && behind >= 0) return part(tail, { offset: behind, length: range.length });
      return await client.withDeadline(
        `read ${describeRange(range)} of`,
        readOptions.signal,
        (signal) =>
          readPieces(client.name, range, { ...readOptions, signal }, (piece, options) =>
            client.get(
              piece,
              etag,
              options,
              (response, exchange) => readPart(pinned, piece, response, exchange),
            )),
      );
    },
  };
  if (head.length < byteLength) return source;
  return Object.assign(source, {
    readSync(range: ByteRange): Uint8Array {
      checkRange(pinned, range);
      return part(head, range);
    },
  });
}

function part(head: Uint8Array, { offset, length }: ByteRange): Uint8Array {
  return head.subarray(offset, offset + length);
}

/** Reads what an answer has of a range: all of it, or its first bytes. */
async function readPart(
  pinned: {
    readonly name: string;
    readonly byteLength: number;
    readonly validators: Validators;
    readonly follow: boolean;
  },
  range: ByteRange,
  response: Response,
  exchange: Exchange,
): Promise<Uint8Array> {
  const { name } = pinned;
  const { headers, status } = response;
  const changed = (how: string) => {
    discard(response);
    return new FileChangedError(
      `Cannot read ${describeRange(range)} of ${name}: the file has changed since it was opened, ${how}`,
      {
        file: name,
      },
    );
  };
  if (status === 412) throw changed("the server says so");
  const contentRange = parseContentRange(headers.get("content-range"));
  const total = contentRange?.total;
  if (total !== undefined && total !== pinned.byteLength && !pinned.follow) {
    throw changed(`it had ${pinned.byteLength} bytes and has ${total}`);
  }
  if (status === 416) {
    discard(response);
    throw new TruncatedError(`Cannot read ${describeRange(range)} of ${name}: the server says the file ends before`, {
      file: name,
    });
  }
  const change = validatorChange(pinned.validators, validatorsOf(headers));
  if (change !== undefined && !pinned.follow) throw changed(change);
  if (status === 200 && !isPart(response, contentRange)) {
    discard(response);
    throw new RangeUnsupportedError(
      `Cannot read ${
        describeRange(range)
      } of ${name}: the server answers 200 to a request for a range, though it served one before`,
      { file: name },
    );
  }
  checkEncoding(`Cannot read ${describeRange(range)} of ${name}`, name, response);
  const found = contentRange?.part;
  if (found === undefined) {
    discard(response);
    throw missingContentRange(`Cannot read ${describeRange(range)} of ${name}`, name, headers);
  }
  if (found.first !== range.offset || found.last >= range.offset + range.length) {
    discard(response);
    throw wrongContentRange(name, range, headers);
  }
  return await readExactly(name, { offset: range.offset, length: found.last - found.first + 1 }, response, exchange);
}
