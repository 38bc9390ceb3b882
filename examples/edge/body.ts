/**
 * Sending what is in memory, and giving the memory back as soon as it has been sent: a collector sees small objects only and
 * comes late, and a Worker that answers many requests would hold all their results until then.
 *
 * @module
 */

/** What an answer consists of: text, or bytes that nobody uses afterwards. */
export type Body = string | readonly Uint8Array[];

/** Streams without JavaScript in between, which only Workers have: what is read from them is never what was written. */
interface WorkerGlobals {
  readonly FixedLengthStream?: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
  readonly IdentityTransformStream?: new () => TransformStream<Uint8Array, Uint8Array>;
}

const { FixedLengthStream, IdentityTransformStream } = globalThis as unknown as WorkerGlobals;

/** Of answers that are written bit by bit: when each has been sent. */
const sending = new WeakMap<Response, Promise<void>>();

/**
 * An answer with a body.
 *
 * @param body The text or bytes; bytes are freed once they have been sent
 * @param headers Its headers
 * @returns The answer
 */
export function answerWith(body: Body, headers: Record<string, string>): Response {
  if (typeof body === "string") return new Response(body, { headers });
  if (FixedLengthStream === undefined) {
    return new Response(new Blob(body.map((part) => part as Uint8Array<ArrayBuffer>)), { headers });
  }
  const { readable, writable } = new FixedLengthStream(body.reduce((sum, { length }) => sum + length, 0));
  const response = new Response(readable, { headers });
  // A client that goes away is no error of ours.
  sending.set(response, write(body, writable).catch(() => {}).finally(() => free(body)));
  return response;
}

/**
 * The same answer, and word once it has been sent or nobody wants it any more.
 *
 * @param response The answer
 * @param done Called once
 * @returns The answer to give
 */
export function whenSent(response: Response, done: () => void): Response {
  const sent = sending.get(response);
  if (sent !== undefined || response.body === null) {
    void (sent ?? Promise.resolve()).then(done);
    return response;
  }
  const { readable, writable } = new (IdentityTransformStream ?? TransformStream<Uint8Array, Uint8Array>)();
  response.body.pipeTo(writable).catch(() => {}).finally(done);
  return new Response(readable, response);
}

async function write(parts: readonly Uint8Array[], stream: WritableStream<Uint8Array>): Promise<void> {
  const writer = stream.getWriter();
  for (const part of parts) if (part.length > 0) await writer.write(part);
  await writer.close();
}

function free(parts: readonly Uint8Array[]): void {
  for (const { buffer } of parts) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
