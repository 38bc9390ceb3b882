/**
 * One file on one server: its address, headers, time limits, retries. What an answer means is for `http.ts`.
 *
 * @module
 */

import { abortable } from "../abort.ts";
import { HttpStatusError, MicrotomeError, NetworkError, SourceError } from "../errors.ts";
import { bounded, LONGEST_TIMER } from "../fetch/deadline.ts";
import { discard } from "./body.ts";
import { followRedirects, type Hop } from "./redirects.ts";
import { detectRuntime } from "../limits.ts";
import { describeRange } from "../range.ts";
import { parseRetryAfter, type RetryOptions, TransientFailure, withRetries } from "../fetch/retry.ts";
import type { ByteRange, ReadOptions } from "../types.ts";

/** A function like `fetch`, as far as it is used here. */
export type FetchLike = (
  url: string,
  init: {
    readonly headers: Headers;
    readonly signal: AbortSignal;
    /** `manual` but in browsers: to be passed on, so that the user's headers go nowhere else. */
    readonly redirect: "manual" | "follow";
    readonly cache?: "no-store";
  },
) => Promise<Response>;

/** Options of talking to a server. */
export interface HttpClientOptions extends RetryOptions {
  /**
   * Headers of every request, such as `Authorization`. They stay on the origin of the address, see
   * {@linkcode HttpClientOptions.forwardHeaders}.
   */
  readonly headers?: HeadersInit | undefined;
  /**
   * Which of `headers` also go to another origin (scheme, host, port) where the server redirects to: `true` for all of
   * them, or their names. A key for one server is nobody else's business, so by default none does, whatever its name.
   * User and password in the address itself never do.
   *
   * Browsers follow redirects out of sight: there only `Authorization` is held back at the redirect itself, and whoever
   * is redirected to is asked by the browser whether it takes the other headers (CORS). Later requests, which go straight
   * to where the first one was led, keep to the rule in browsers too. So does a `fetch` of your own if it passes
   * `redirect` on.
   *
   * @default {false}
   */
  readonly forwardHeaders?: boolean | readonly string[] | undefined;
  /**
   * Called in place of `fetch`, for signing, caching or faking requests. Where it gives an answer that is a redirect,
   * that is followed by further calls.
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
   * How long one call may take as a whole, in milliseconds, however many requests it makes: opening, a read, a look at
   * metadata, loading or materializing a recording. All tries count, the waiting between them (`Retry-After` too),
   * redirects, and pieces where the server gives less than was asked for. What is late is a {@linkcode NetworkError}, and
   * its requests are aborted. What a program does by several calls is bounded by a `signal: AbortSignal.timeout(…)` for
   * all of them.
   *
   * @default {Infinity}
   */
  readonly deadline?: number | undefined;
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
  /** The origin that the user's headers are for. */
  readonly #home: string;
  /** Whether `url` was reached without leaving that origin. */
  #atHome = true;
  readonly #headers: Headers;
  /** Those that go to other origins too. */
  readonly #forwarded: Headers;
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
    this.#forwarded = forwardedOf(this.#headers, options.forwardHeaders);
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
    this.#home = address.origin;
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

  /**
   * Runs something that takes several requests under the deadline.
   *
   * @param what For messages, such as `open`
   * @param signal The caller's
   * @param run Gets the signal to pass on
   * @returns What `run` gives
   * @throws {NetworkError} If it takes too long
   */
  async withDeadline<T>(
    what: string,
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const { deadline } = this.#options;
    return await bounded({ deadline, what, file: this.name }, { signal }, (options) => run(options.signal));
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
    }, Math.min(limit, LONGEST_TIMER));
    const asked = this.url;
    let at = asked;
    try {
      const { response, ...place } = await followRedirects(
        { url: asked, home: this.#atHome },
        this.#home,
        (hop) => {
          at = hop.url;
          return this.#send(hop, range, etag, controller.signal);
        },
        this.name,
      );
      this.#checkStatus(response, range, tries, place);
      return await handle(response, { signal: controller.signal, progress, tries });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof MicrotomeError || error instanceof TransientFailure) throw error;
      // Some runtimes put the whole address into their messages; what stands in its query may be secret.
      const shown = (url: string): [string, string] => {
        const { origin, pathname } = new URL(url);
        return [url, origin + pathname];
      };
      const { networkReason } = await import("./network_reason.ts");
      const reason = networkReason(error, [[this.#original, this.name], shown(asked), shown(at)]);
      const what = late ? `no answer within ${limit} ms` : reason.text;
      const failure = new NetworkError(`Cannot read ${describeRange(range)} of ${this.name}: ${what}${tries}`, {
        file: this.name,
        cause: late ? undefined : error,
      });
      throw late || reason.passing ? new TransientFailure(failure) : failure;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Sends to one address. */
  async #send(hop: Hop, range: ByteRange, etag: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(hop.home ? this.#headers : this.#forwarded);
    headers.set(
      "range",
      range.offset < 0 ? `bytes=-${range.length}` : `bytes=${range.offset}-${range.offset + range.length - 1}`,
    );
    headers.set("accept-encoding", "identity");
    if (etag !== undefined) headers.set("if-match", etag);
    // Called without a receiver: browsers and workerd refuse fetch as a method of another object.
    const send = this.#options.fetch ?? globalThis.fetch;
    // Browsers hide where a redirect leads from those who would follow it themselves.
    // A browser's own cache may answer a range from an older version of the file, or from a whole answer kept before.
    // Elsewhere there is no such cache, and workerd refuses the field at older compatibility dates.
    const init = detectRuntime() === "browser"
      ? { redirect: "follow" as const, cache: "no-store" as const }
      : { redirect: "manual" as const };
    const answer = send(hop.url, { headers, signal, ...init });
    try {
      return await abortable(answer, signal);
    } catch (error) {
      if (signal.aborted) answer.then(discard, () => {}); // it comes too late
      throw error;
    }
  }

  #checkStatus(response: Response, range: ByteRange, tries: string, place: Hop): void {
    const { status } = response;
    const kept = this.url !== this.#original;
    if (HANDLED.has(status)) {
      if (status < 400 && !kept && (this.#options.keepRedirect ?? true)) {
        this.url = place.url;
        this.#atHome = place.home;
      }
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
      this.#atHome = true;
      throw new TransientFailure(error, 0);
    }
    if (status === 408 || status === 429 || status >= 500) {
      throw new TransientFailure(error, parseRetryAfter(response.headers.get("retry-after")));
    }
    throw error;
  }
}

/** Those of a user's headers that may go to other origins. */
function forwardedOf(headers: Headers, forward: HttpClientOptions["forwardHeaders"]): Headers {
  if (forward === true) return new Headers(headers);
  const chosen = new Headers();
  for (const name of Array.isArray(forward) ? forward as readonly string[] : []) {
    const value = headers.get(name);
    if (value !== null) chosen.set(name, value);
  }
  return chosen;
}
