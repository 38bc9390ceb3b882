/**
 * One file on one server: its address, headers, time limits, retries. What an answer means is for `http.ts`.
 *
 * @module
 */

import { abortable } from "./abort.ts";
import { HttpStatusError, MicrotomeError, NetworkError, SourceError } from "./errors.ts";
import { discard } from "./http_body.ts";
import { detectRuntime } from "./limits.ts";
import { describeRange } from "./range.ts";
import { parseRetryAfter, type RetryOptions, TransientFailure, withRetries } from "./retry.ts";
import type { ByteRange, ReadOptions } from "./types.ts";

/** A function like `fetch`, as far as it is used here. */
export type FetchLike = (
  url: string,
  init: { readonly headers: Headers; readonly signal: AbortSignal; readonly cache?: "no-store" },
) => Promise<Response>;

/** Options of talking to a server. */
export interface HttpClientOptions extends RetryOptions {
  /** Headers of every request, such as `Authorization`. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Called in place of `fetch`, for signing, caching or faking requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: FetchLike | undefined;
  /**
   * How long one try may take, in milliseconds, and as long again for every MiB asked for beyond the first.
   *
   * @default {30000}
   */
  readonly timeout?: number | undefined;
  /**
   * Whether later requests go straight to where the first one was redirected to. Where that address stops working
   * (a signed one expires), the original one is asked again.
   *
   * @default {true}
   */
  readonly keepRedirect?: boolean | undefined;
}

/** What the handler of an answer gets beside it. */
export interface Exchange {
  /** Aborted when the caller gives up or time is up. */
  readonly signal: AbortSignal;
  /** To be told of bytes as they come. */
  readonly progress: (bytes: number) => void;
  /** ` (after 4 tries)`, or nothing on the first. */
  readonly tries: string;
}

/** Statuses that an address which had worked answers with when it has expired. */
const EXPIRED: ReadonlySet<number> = new Set([401, 403, 404, 410]);

/** Statuses for which the handler decides. */
const HANDLED: ReadonlySet<number> = new Set([200, 206, 412, 416]);

/** Sends ranged requests for one file. */
export class HttpClient {
  /** What messages call the file: without user, password and query, which may be secrets. */
  readonly name: string;
  /** Where requests go: after a redirect, its end. */
  url: string;
  readonly #original: string;
  readonly #headers: Headers;
  readonly #options: HttpClientOptions;

  /**
   * Makes a client; it sends nothing by itself.
   *
   * @throws {SourceError} If the address isn't a URL of http or https
   */
  constructor(url: string | URL, options: HttpClientOptions) {
    let address: URL;
    try {
      address = new URL(url);
    } catch (cause) {
      throw new SourceError(`Cannot open ${JSON.stringify(String(url))}: not a URL`, { cause });
    }
    if (address.protocol !== "http:" && address.protocol !== "https:") {
      throw new SourceError(`Cannot open ${JSON.stringify(address.protocol)} addresses: expected http or https`);
    }
    this.#headers = new Headers(options.headers);
    if (address.username !== "" || address.password !== "") {
      // fetch refuses addresses with credentials in them.
      const credentials = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
      const latin = Array.from(new TextEncoder().encode(credentials), (byte) => String.fromCharCode(byte)).join("");
      if (!this.#headers.has("authorization")) this.#headers.set("authorization", `Basic ${btoa(latin)}`);
      address.username = "";
      address.password = "";
    }
    address.hash = "";
    this.name = address.origin + address.pathname;
    this.url = address.href;
    this.#original = address.href;
    this.#options = options;
  }

  /**
   * Asks for a range, again where that may help.
   *
   * @param range The bytes; a negative offset asks for the last `length` ones
   * @param etag Sent as `If-Match`, where given
   * @param options Signal, and who is told of each try
   * @param handle Makes something of an answer 200, 206, 412 or 416; throws {@linkcode TransientFailure} to try again
   * @returns What `handle` gives
   * @throws {HttpStatusError} On any other status
   * @throws {NetworkError} If the server can't be reached or takes too long
   */
  get<T>(
    range: ByteRange,
    etag: string | undefined,
    options: ReadOptions,
    handle: (response: Response, exchange: Exchange) => Promise<T>,
  ): Promise<T> {
    return withRetries(
      async (attempt) => {
        const started = performance.now();
        let received = 0;
        let failure: { error: unknown } | undefined;
        const tries = attempt === 0 ? "" : ` (after ${attempt + 1} tries)`;
        try {
          return await this.#exchange(range, etag, options.signal, tries, handle, (bytes) => received += bytes);
        } catch (error) {
          failure = { error: error instanceof TransientFailure ? error.error : error };
          throw error;
        } finally {
          options.onAttempt?.({ ...range, received, milliseconds: performance.now() - started, attempt, ...failure });
        }
      },
      this.#options,
      options.signal,
    );
  }

  /** One try, all of it under one time limit. */
  async #exchange<T>(
    range: ByteRange,
    etag: string | undefined,
    signal: AbortSignal | undefined,
    tries: string,
    handle: (response: Response, exchange: Exchange) => Promise<T>,
    progress: (bytes: number) => void,
  ): Promise<T> {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const limit = (this.#options.timeout ?? 30_000) * Math.max(1, range.length / 2 ** 20);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, limit);
    try {
      const response = await this.#fetch(range, etag, controller.signal);
      await this.#checkStatus(response, range, tries);
      return await handle(response, { signal: controller.signal, progress, tries });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof MicrotomeError || error instanceof TransientFailure) throw error;
      // Some runtimes put the whole address into their messages; what stands in its query may be secret.
      const message = (error instanceof Error ? error.message : String(error)).replaceAll(this.url, this.name);
      const what = late ? `no answer within ${limit} ms` : message;
      throw new TransientFailure(
        new NetworkError(`Cannot read ${describeRange(range)} of ${this.name}: ${what}${tries}`, {
          file: this.name,
          cause: late ? undefined : error,
        }),
      );
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  async #fetch(range: ByteRange, etag: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(this.#headers);
    headers.set(
      "range",
      range.offset < 0 ? `bytes=-${range.length}` : `bytes=${range.offset}-${range.offset + range.length - 1}`,
    );
    headers.set("accept-encoding", "identity");
    if (etag !== undefined) headers.set("if-match", etag);
    if (new URL(this.url).origin !== new URL(this.#original).origin) {
      // fetch itself doesn't carry these to another origin when it follows a redirect.
      for (const name of ["authorization", "cookie", "proxy-authorization"]) headers.delete(name);
    }
    // Called without a receiver: browsers and workerd refuse fetch as a method of another object.
    const send = this.#options.fetch ?? globalThis.fetch;
    // A browser's own cache may answer a range from an older version of the file, or from a whole answer kept before.
    // Elsewhere there is no such cache, and workerd refuses the field at older compatibility dates.
    const bypass = detectRuntime() === "browser" ? { cache: "no-store" as const } : {};
    const answer = send(this.url, { headers, signal, ...bypass });
    try {
      return await abortable(answer, signal);
    } catch (error) {
      if (signal.aborted) answer.then(discard, () => {}); // it comes too late
      throw error;
    }
  }

  // deno-lint-ignore require-await -- throws as a rejection
  async #checkStatus(response: Response, range: ByteRange, tries: string): Promise<void> {
    const { status } = response;
    const kept = this.url !== this.#original;
    if (HANDLED.has(status)) {
      if (status < 400 && !kept && (this.#options.keepRedirect ?? true)) this.#keep(response.url);
      return;
    }
    discard(response);
    const error = new HttpStatusError(
      `Cannot read ${describeRange(range)} of ${this.name}: the server answered ${
        `${status} ${response.statusText}`.trim()
      }${tries}`,
      status,
      { file: this.name },
    );
    if (kept && EXPIRED.has(status)) {
      this.url = this.#original;
      throw new TransientFailure(error, 0);
    }
    if (status === 408 || status === 429 || status >= 500) {
      throw new TransientFailure(error, parseRetryAfter(response.headers.get("retry-after")));
    }
    throw error;
  }

  #keep(url: string): void {
    // Answers that were made by hand carry no address.
    if (/^https?:/.test(url)) this.url = url;
  }
}
