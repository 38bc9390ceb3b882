/**
 * How large a file is whose server doesn't say so along with its start (`Content-Range: bytes 0-9/*`).
 *
 * @module
 */

import { FileChangedError, HttpStatusError, type MicrotomeError, ProtocolError } from "../errors.ts";
import { checkEncoding, isPart, readExactly } from "./answer.ts";
import { discard } from "./body.ts";
import type { HttpClient } from "./http_client.ts";
import { parseContentRange, validatorChange, type Validators, validatorsOf } from "./headers.ts";
import { detectRuntime } from "../limits.ts";
import type { ReadOptions } from "../types.ts";

/** The start of a file, when its size isn't known yet. */
export interface Start {
  /** Not known yet. */
  readonly byteLength: undefined;
  /** Its first bytes. */
  readonly head: Uint8Array;
  /** What tells its version. */
  readonly validators: Validators;
}

/** What one request on the way to the end asks for. */
const STEP = 4 * 2 ** 20;
/** Answers on the way to the end, at most. */
const MAX_STEPS = 256;

/**
 * Finds the size: from where the last byte lies; or, where the server doesn't give that either, by reading on until it
 * says that there is no more.
 *
 * @param client Sends the requests
 * @param start What came of the file
 * @param wholeFileBytes How far is read on
 * @param options Signal, and who is told of each try
 * @returns The size, and the bytes that have come by then
 * @throws {ProtocolError} If the end isn't found
 */
export async function findSize(
  client: HttpClient,
  start: Start,
  wholeFileBytes: number,
  options: ReadOptions,
): Promise<{ readonly byteLength: number; readonly head: Uint8Array; readonly validators: Validators }> {
  const { head, validators } = start;
  // Browsers would have to ask other servers first whether they may ask for the end.
  const size = detectRuntime() === "browser" ? undefined : await askLastByte(client, start, options);
  if (size !== undefined) return { byteLength: size, head, validators };
  const pieces = [head];
  let length = head.length;
  for (let step = 0; step < MAX_STEPS && length <= wholeFileBytes; step++) {
    const next = await readOn(client, start, length, options);
    if (next === undefined) return { byteLength: length, head: join(pieces, length), validators };
    pieces.push(next);
    length += next.length;
  }
  throw new ProtocolError(
    `Cannot open ${client.name}: the server doesn't say how large the file is, and no end came within ${length} bytes`,
    { file: client.name },
  );
}

async function askLastByte(client: HttpClient, start: Start, options: ReadOptions): Promise<number | undefined> {
  try {
    return await client.get({ offset: -1, length: 1 }, undefined, options, (response) => {
      const range = parseContentRange(response.headers.get("content-range"));
      discard(response);
      checkVersion(client.name, start, response);
      const { part, total } = range ?? {};
      if (total !== undefined) return Promise.resolve(total);
      const one = isPart(response, range) && part !== undefined && part.first === part.last;
      return Promise.resolve(one && part.last >= start.head.length - 1 ? part.last + 1 : undefined);
    });
  } catch (error) {
    if (error instanceof HttpStatusError) return undefined;
    throw error;
  }
}

/** The bytes from a place on, as many as the server gives; undefined where the file ends there. */
async function readOn(
  client: HttpClient,
  start: Start,
  offset: number,
  options: ReadOptions,
): Promise<Uint8Array | undefined> {
  const { name } = client;
  return await client.get({ offset, length: STEP }, undefined, options, async (response, exchange) => {
    const range = parseContentRange(response.headers.get("content-range"));
    const fail = (error: MicrotomeError): never => {
      discard(response);
      throw error;
    };
    checkVersion(name, start, response);
    if (response.status === 416) {
      discard(response);
      if (range?.total === undefined || range.total === offset) return undefined;
    }
    checkEncoding(`Cannot open ${name}`, name, response);
    const { part } = range ?? {};
    if (!isPart(response, range) || part === undefined || part.first !== offset || part.last >= offset + STEP) {
      const answer = `${response.status} ${response.headers.get("content-range") ?? "without Content-Range"}`;
      return fail(
        new ProtocolError(
          `Cannot open ${name}: the server doesn't say how large the file is, and answers ${answer} to a request ` +
            `for the bytes from ${offset} on`,
          { file: name },
        ),
      );
    }
    return await readExactly(name, { offset, length: part.last - offset + 1 }, response, exchange);
  });
}

function checkVersion(name: string, start: Start, response: Response): void {
  const change = response.status === 416
    ? undefined
    : validatorChange(start.validators, validatorsOf(response.headers));
  if (change === undefined) return;
  discard(response);
  throw new FileChangedError(`Cannot open ${name}: the file changed while it was opened, ${change}`, { file: name });
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
