/**
 * Answers to requests for ranges: reading them, and what is said where they are wrong.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { discard, readBody } from "./body.ts";
import type { Exchange } from "./http_client.ts";
import { type ContentRange, encodingOf, lengthOf } from "./headers.ts";
import { describeRange } from "../range.ts";
import { TransientFailure } from "../fetch/retry.ts";
import type { ByteRange } from "../types.ts";

/**
 * Whether an answer is of a part of the file. Some servers say 200 to what is a part by its `Content-Range`; where its
 * length says otherwise, or the part is all there is, it is the whole file.
 */
export function isPart(response: Response, range: ContentRange | undefined): boolean {
  if (response.status === 206) return true;
  if (response.status !== 200 || range?.part === undefined) return false;
  const { first, last } = range.part;
  if (first === 0 && last + 1 === range.total) return false;
  const declared = lengthOf(response.headers);
  return declared === undefined || declared === last - first + 1;
}

/** Reads an answer that must be as long as its range. */
export async function readExactly(
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
export function wrongLength(name: string, expected: number, found: number, exchange: Exchange): TransientFailure {
  return new TransientFailure(
    new ProtocolError(`Cannot read ${name}: the answer has ${found} bytes, expected ${expected}${exchange.tries}`, {
      file: name,
    }),
  );
}

/** Refuses an answer whose bytes aren't the file's. */
export function checkEncoding(what: string, name: string, response: Response): void {
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

/** The error of an answer of another range. */
export function wrongContentRange(name: string, range: ByteRange, headers: Headers): ProtocolError {
  return new ProtocolError(
    `Cannot read ${describeRange(range)} of ${name}: the answer is of another range, ${headers.get("content-range")}`,
    { file: name },
  );
}

/** The error of an answer that doesn't say which range it is of. */
export function missingContentRange(what: string, name: string, headers: Headers): ProtocolError {
  const value = headers.get("content-range");
  const kind = headers.get("content-type") ?? "";
  return new ProtocolError(
    value === null && /^multipart\/byteranges/i.test(kind)
      ? `${what}: the answer has several parts (${kind.split(";")[0]}), though one range was asked for`
      : value === null
      ? `${what}: the answer 206 has no Content-Range. In a browser, a server of another origin must send ` +
        `"Access-Control-Expose-Headers: Content-Range, ETag"`
      : `${what}: the answer's Content-Range makes no sense: ${value}`,
    { file: name },
  );
}
