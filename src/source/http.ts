/**
 * A file on a server, read by ranges.
 *
 * @module
 */

import { FileChangedError, HttpStatusError, ProtocolError, RangeUnsupportedError, TruncatedError } from "./errors.ts";
import { discard, readBody } from "./http_body.ts";
import { type Exchange, HttpClient, type HttpClientOptions } from "./http_client.ts";
import { encodingOf, isStrong, lengthOf, parseContentRange, validatorChange, validatorsOf } from "./http_headers.ts";
import type { Validators } from "./http_headers.ts";
import { defaultLimits, detectRuntime } from "./limits.ts";
import { checkRange, describeRange } from "./range.ts";
import { TransientFailure } from "./retry.ts";
import type { Attempt, ByteRange, ByteSource, ReadOptions } from "./types.ts";

/** Options of {@linkcode openHttp}. */
export interface HttpOptions extends HttpClientOptions {
  /**
   * Bytes that the first request asks for; they are kept.
   *
   * @default {65536}
   */
  readonly headBytes?: number | undefined;
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
  /** `ETag` of the version that is read. */
  readonly etag: string | undefined;
  /** `Last-Modified` of the version that is read. */
  readonly lastModified: string | undefined;
}

/** What the first answer says. */
interface Opening {
  readonly byteLength: number;
  readonly head: Uint8Array;
  readonly validators: Validators;
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
  const first = { offset: 0, length: Math.max(1, options.headBytes ?? 65_536) };
  const { byteLength, head, validators } = await client.get(
    first,
    undefined,
    options,
    (response, exchange) => readOpening(client.name, response, exchange, first.length, wholeFileBytes),
  );
  const ifMatch = options.ifMatch ?? detectRuntime() !== "browser";
  const etag = ifMatch && isStrong(validators.etag) ? validators.etag : undefined;
  const pinned = { name: client.name, byteLength, validators };

  const source = {
    name: client.name,
    byteLength,
    head,
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
      return await client.get(
        range,
        etag,
        readOptions,
        (response, exchange) => readPart(pinned, range, response, exchange),
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

async function readOpening(
  name: string,
  response: Response,
  exchange: Exchange,
  asked: number,
  wholeFileBytes: number,
): Promise<Opening> {
  const { headers, status } = response;
  const validators = validatorsOf(headers);
  const range = parseContentRange(headers.get("content-range"));
  if (status === 416 && range?.total === 0) {
    discard(response);
    return { byteLength: 0, head: new Uint8Array(0), validators };
  }
  if (status !== 200 && status !== 206) {
    discard(response);
    throw new HttpStatusError(`Cannot open ${name}: the server answered ${status}`, status, { file: name });
  }
  checkEncoding(`Cannot open ${name}`, name, response);
  if (status === 200) {
    return { ...await readWhole(name, response, exchange, wholeFileBytes), validators };
  }
  if (range?.part === undefined || range.total === undefined) {
    discard(response);
    throw missingContentRange(`Cannot open ${name}`, name, headers);
  }
  const length = Math.min(asked, range.total);
  if (range.part.first !== 0 || range.part.last !== length - 1) {
    discard(response);
    throw wrongContentRange(name, { offset: 0, length: asked }, headers);
  }
  return {
    byteLength: range.total,
    head: await readExactly(name, { offset: 0, length }, response, exchange),
    validators,
  };
}

async function readWhole(
  name: string,
  response: Response,
  exchange: Exchange,
  limit: number,
): Promise<Pick<Opening, "byteLength" | "head">> {
  const declared = lengthOf(response.headers);
  const tooLarge = (size: string) =>
    new RangeUnsupportedError(
      `Cannot open ${name}: the server answers 200 to a request for a range, and the file is too large to be taken whole (${size} bytes, wholeFileBytes is ${limit})`,
      { file: name },
    );
  if (declared !== undefined && declared > limit) {
    discard(response);
    throw tooLarge(String(declared));
  }
  const { bytes, overflows } = await readBody(response, limit, exchange.signal, exchange.progress, declared);
  if (overflows) throw tooLarge(`more than ${limit}`);
  if (declared !== undefined && bytes.length !== declared) throw wrongLength(name, declared, bytes.length, exchange);
  return { byteLength: bytes.length, head: bytes };
}

async function readPart(
  pinned: { readonly name: string; readonly byteLength: number; readonly validators: Validators },
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
  if (total !== undefined && total !== pinned.byteLength) {
    throw changed(`it had ${pinned.byteLength} bytes and has ${total}`);
  }
  if (status === 416) {
    discard(response);
    throw new TruncatedError(`Cannot read ${describeRange(range)} of ${name}: the server says the file ends before`, {
      file: name,
    });
  }
  const change = validatorChange(pinned.validators, validatorsOf(headers));
  if (change !== undefined) throw changed(change);
  if (status === 200) {
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
  if (found.first !== range.offset || found.last !== range.offset + range.length - 1) {
    discard(response);
    throw wrongContentRange(name, range, headers);
  }
  return await readExactly(name, range, response, exchange);
}

async function readExactly(
  name: string,
  range: ByteRange,
  response: Response,
  exchange: Exchange,
): Promise<Uint8Array> {
  const { length } = range;
  const { bytes, overflows } = await readBody(response, length, exchange.signal, exchange.progress, length);
  if (overflows) {
    throw new ProtocolError(
      `Cannot read ${describeRange(range)} of ${name}: the answer is longer than the ${length} bytes that it declares`,
      { file: name },
    );
  }
  if (bytes.length !== length) throw wrongLength(name, length, bytes.length, exchange);
  return bytes;
}

/** A short body: most often a connection that was cut, so it is worth another try. */
function wrongLength(name: string, expected: number, found: number, exchange: Exchange): TransientFailure {
  return new TransientFailure(
    new ProtocolError(`Cannot read ${name}: the answer has ${found} bytes, expected ${expected}${exchange.tries}`, {
      file: name,
    }),
  );
}

function checkEncoding(what: string, name: string, response: Response): void {
  const encoding = encodingOf(response.headers);
  if (encoding === undefined) return;
  discard(response);
  throw new ProtocolError(
    `${what}: the answer is encoded as ${encoding}, though the bytes as they are were asked for`,
    {
      file: name,
    },
  );
}

function wrongContentRange(name: string, range: ByteRange, headers: Headers): ProtocolError {
  return new ProtocolError(
    `Cannot read ${describeRange(range)} of ${name}: the answer is of another range, ${headers.get("content-range")}`,
    { file: name },
  );
}

function missingContentRange(what: string, name: string, headers: Headers): ProtocolError {
  const value = headers.get("content-range");
  return new ProtocolError(
    value === null
      ? `${what}: the answer 206 has no Content-Range. In a browser, a server of another origin must send ` +
        `"Access-Control-Expose-Headers: Content-Range, ETag"`
      : `${what}: the answer's Content-Range makes no sense: ${value}`,
    { file: name },
  );
}
