/**
 * Unpacking deflated bytes as they come, by the runtime's own `DecompressionStream`.
 *
 * @module
 */

import { CorruptFileError } from "../errors.ts";

/** How much is fed at once: deflate makes at most 1,032 times as much of it, which bounds memory. */
const FEED = 16_384;

/** Options of {@linkcode inflate}. */
export interface InflateOptions {
  /** Bytes that must come out. */
  readonly size: number;
  /** What messages call the data. */
  readonly name: string;
  /** What errors carry. */
  readonly file?: string | undefined;
  /**
   * How the data is wrapped: bare, or by zlib (`deflate`), whose check sum is looked at.
   *
   * @default {"deflate-raw"}
   */
  readonly format?: "deflate-raw" | "deflate" | undefined;
}

/**
 * Unpacks deflated data.
 *
 * @param packed The packed bytes in pieces, and no more than them
 * @param options How many bytes must come out
 * @returns The unpacked bytes in pieces. Leaving the loop stops reading
 * @throws {CorruptFileError} If the data isn't deflated, or is more or less than it should be
 */
export async function* inflate(
  packed: AsyncIterable<Uint8Array>,
  options: InflateOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const wrong = (what: string, cause?: unknown) =>
    new CorruptFileError(`Cannot read ${options.name}: ${what}`, { file: options.file, cause });
  const stream = new DecompressionStream(options.format ?? "deflate-raw");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  // What the source says is told from what the stream says, which each runtime says in its own way.
  let failure: { error: unknown } | undefined;
  let stopped = false;
  const source = async function* () {
    try {
      yield* packed;
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const feeding = (async () => {
    try {
      for await (const bytes of source()) {
        for (let at = 0; at < bytes.length && !stopped; at += FEED) {
          // Copied: what is fetched may be shared memory, or a view of a cache.
          await writer.write(bytes.slice(at, at + FEED));
        }
        if (stopped) return;
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
    }
  })();
  let done = 0;
  try {
    for (;;) {
      let next: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
      try {
        next = await reader.read();
      } catch (cause) {
        await feeding;
        if (failure !== undefined) throw failure.error;
        throw wrong("its deflated data is damaged or breaks off", cause);
      }
      if (next.done) break;
      done += next.value.length;
      if (done > options.size) throw wrong(`it unpacks to more than the ${options.size} bytes that it should have`);
      yield next.value;
    }
    if (done < options.size) throw wrong(`it unpacks to ${done} bytes, expected ${options.size}`);
  } finally {
    stopped = true;
    // Also unblocks a write that waits for room.
    await reader.cancel().catch(() => {});
    await writer.abort().catch(() => {});
    await feeding;
  }
}
