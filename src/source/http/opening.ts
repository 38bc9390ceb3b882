/**
 * The first request for a file on a server: how large it is, which version, and its first or last bytes.
 *
 * @module
 */

import { HttpStatusError, RangeUnsupportedError } from "../errors.ts";
import { checkEncoding, isPart, missingContentRange, readExactly, wrongContentRange, wrongLength } from "./answer.ts";
import { findSize, type Start } from "./size.ts";
import { discard, readBody } from "./body.ts";
import type { Exchange, HttpClient } from "./http_client.ts";
import { lengthOf, parseContentRange, type Validators, validatorsOf } from "./headers.ts";
import type { Attempt, ReadOptions } from "../types.ts";

/** What the first answer says. */
export interface Opening {
  /** Size of the file. */
  readonly byteLength: number;
  /** Its first bytes; none where the last ones were asked for. */
  readonly head: Uint8Array;
  /** Its last bytes, where they were asked for and aren't all. */
  readonly tail?: Uint8Array | undefined;
  /** What tells its version. */
  readonly validators: Validators;
}

/**
 * Asks for the start of the file.
 *
 * @param client Sends the request
 * @param length How much of it
 * @param wholeFileBytes Up to which size a file is taken whole, where the server knows no ranges
 * @param options Signal, and who is told of each try
 */
export async function openStart(
  client: HttpClient,
  length: number,
  wholeFileBytes: number,
  options: ReadOptions,
): Promise<Opening> {
  const opening = await client.get(
    { offset: 0, length },
    undefined,
    options,
    (response, exchange) => readOpening(client.name, response, exchange, length, wholeFileBytes),
  );
  if (isKnown(opening)) return opening;
  return await findSize(client, opening, wholeFileBytes, options);
}

/** Statuses by which servers say that they can't give the end of a file. */
const NO_END: ReadonlySet<number> = new Set([400, 405, 416, 501]);

/**
 * Asks for the end of the file.
 *
 * @param client Sends the request
 * @param length How much of it
 * @param wholeFileBytes Up to which size a file is taken whole, where the server knows no ranges
 * @param options Signal, and who is told of each try
 * @returns Undefined where the server can't give it, or where it isn't sure that it is the end
 */
export async function openEnd(
  client: HttpClient,
  length: number,
  wholeFileBytes: number,
  options: ReadOptions,
): Promise<Opening | undefined> {
  let end = 0;
  // Where the last bytes lie is known once they have come.
  const onAttempt = (attempt: Attempt) =>
    options.onAttempt?.({
      ...attempt,
      offset: Math.max(0, end - length),
      length: end === 0 ? length : Math.min(end, length),
    });
  try {
    const opening = await client.get(
      { offset: -length, length },
      undefined,
      { ...options, onAttempt },
      async (response, exchange) => {
        end = parseContentRange(response.headers.get("content-range"))?.total ?? 0;
        return await readOpening(client.name, response, exchange, length, wholeFileBytes, true);
      },
    );
    return isKnown(opening) ? opening : undefined;
  } catch (error) {
    const refused = error instanceof HttpStatusError && NO_END.has(error.status);
    if (refused || error instanceof RangeUnsupportedError) return undefined;
    throw error;
  }
}

function isKnown(opening: Opening | Start): opening is Opening {
  return opening.byteLength !== undefined;
}

async function readOpening(
  name: string,
  response: Response,
  exchange: Exchange,
  asked: number,
  wholeFileBytes: number,
  atEnd: boolean = false,
): Promise<Opening | Start> {
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
  if (!isPart(response, range)) {
    return { ...await readWhole(name, response, exchange, wholeFileBytes), validators };
  }
  if (range?.part === undefined) {
    discard(response);
    throw missingContentRange(`Cannot open ${name}`, name, headers);
  }
  const { first, last } = range.part;
  const length = last - first + 1;
  const { total } = range;
  // Fewer bytes than were asked for are a start as good: the others are asked for once they are needed.
  const fits = length <= asked && (atEnd ? total === undefined || first >= total - asked : first === 0);
  if (!fits) {
    discard(response);
    throw wrongContentRange(name, { offset: atEnd ? -asked : 0, length: asked }, headers);
  }
  const bytes = await readExactly(name, { offset: first, length }, response, exchange);
  if (total === undefined || (atEnd && last + 1 < total)) return { byteLength: undefined, head: bytes, validators };
  const ends = first === 0 ? { head: bytes } : { head: new Uint8Array(0), tail: bytes };
  return { byteLength: total, ...ends, validators };
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
