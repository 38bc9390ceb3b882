/**
 * A file server for tests and benches: byte ranges, validators, CORS, a log of every request, added latency, and any
 * misbehaviour that a client must survive. On node:http, so that the same file runs in Deno, Bun and Node.
 *
 * Misbehaviour is chosen in the program, `server.behave("/a.bin", { kind: "short" })`, or by whoever makes the request,
 * `/a.bin?behave=short&delay=50`; the log can be had and cleared over HTTP, `GET /__log` and `POST /__clear`, for
 * clients in other processes.
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { diskFile, folderOf, type MemoryFile, memoryFile, type ServedFile } from "./range_server_files.ts";

export type { MemoryFile };

/** What the server can be told to do wrong. */
export interface Behaviour {
  /**
   * - `ignore-range`: 200 and the whole file. `lie-length`: the same, Content-Length left out
   * - `wrong-range`, `no-content-range`, `no-total`, `wrong-total`: in the Content-Range of a 206
   * - `short`: a body of half the length, declared as such. `long`: one byte more than the Content-Range says
   * - `reset`: the connection is cut in the middle of the body. `refuse`: before any answer. `hang`: no answer ever.
   *   `stall`: half the body, then nothing
   * - `say-200`: 200, though the answer is a part with its Content-Range; `whole-with-range`: the whole file, with one
   * - `cap`: at most `limit` bytes, and the Content-Range says so. `no-suffix`: 416 to a request for the last bytes
   * - `multipart`: 206 as multipart/byteranges. `html`: 200 and a page. `drip`: a byte every 20 ms
   * - `lying-length`: a Content-Length that is 10 bytes too long, after which the connection ends
   * - `flip-etag`: another ETag in each answer
   * - `status`: answers `status`, with `retryAfter` as Retry-After. `redirect`: 302 to `to`
   * - `gzip`: the part asked for, compressed, with Content-Encoding
   * - `change`: the file's validators differ from now on. `change-quietly`: its size, with the same validators
   * - `no-if-match`: ignores If-Match. `no-etag`, `weak-etag`, `no-validators`, `no-expose` (CORS): as they say
   */
  readonly kind: string;
  /** How many requests for this address it concerns; all, if absent. */
  readonly times?: number;
  /** How many requests are answered well before. */
  readonly after?: number;
  /** Status of `status`. */
  readonly status?: number;
  /** Retry-After of `status`, as it stands in the header. */
  readonly retryAfter?: string;
  /** Where `redirect` leads, to itself by default; `{count}` becomes the number of requests so far. */
  readonly to?: string;
  /** Bytes that `cap` gives at most. */
  readonly limit?: number;
}

/** One request, as it stands in the log. */
export interface LogEntry {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  /** Range header. */
  readonly range: string | undefined;
  /** First byte and number of bytes of the part served, clipped to the file. */
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly status: number;
  /** Bytes of body sent. */
  readonly bytes: number;
  /** All headers of the request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of {@linkcode startRangeServer}. */
export interface RangeServerOptions {
  /** Milliseconds added before each answer. */
  readonly latency?: number;
  /** Port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  /** Requests kept in the log, the last ones. */
  readonly logLength?: number;
}

/** A running server. */
export interface RangeServer {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  /** Requests in order of arrival; entries are complete once they have been answered. */
  readonly log: readonly LogEntry[];
  /** The greatest number of requests that were being answered at once since the log was cleared. */
  readonly maxInFlight: number;
  /** How many are being answered now. */
  readonly inFlight: number;
  /** Empties the log and starts counting anew. */
  clear(): void;
  /** Milliseconds added before each answer from now on. */
  setLatency(milliseconds: number): void;
  /**
   * Keeps answers back: those of all requests but the next few, until what is returned is called.
   *
   * @param after How many requests are answered before
   */
  hold(after?: number): () => void;
  /** Misbehaves on a path, from now on; undefined ends it. */
  behave(path: string, behaviour: Behaviour | readonly Behaviour[] | undefined): void;
  /** Puts or replaces a file in memory. */
  put(path: string, file: Uint8Array | MemoryFile): void;
  /** Cuts all connections and stops. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1.
 *
 * @param files Files in memory by path (`/a.bin`), or a folder to serve, or folders by path prefix (`/corpus/`)
 * @param options Latency and port
 * @returns The server; close it
 */
export async function startRangeServer(
  files: Readonly<Record<string, Uint8Array | MemoryFile | string | URL>> | string | URL = {},
  options: RangeServerOptions = {},
): Promise<RangeServer> {
  const memory = new Map<string, MemoryFile>();
  const folders = new Map<string, string>();
  const behaviours = new Map<string, Behaviour[]>();
  const counts = new Map<string, number>();
  let log: Writable<LogEntry>[] = [];
  let latency = options.latency ?? 0;
  let inFlight = 0;
  let maxInFlight = 0;
  let held: { after: number; readonly ended: Promise<void> } | undefined;

  const put = (path: string, file: Uint8Array | MemoryFile) => {
    memory.set(path, file instanceof Uint8Array ? { bytes: file } : file);
  };
  if (typeof files === "string" || files instanceof URL) folders.set("/", folderOf(files));
  else {
    for (const [path, file] of Object.entries(files)) {
      if (typeof file === "string" || file instanceof URL) folders.set(path, folderOf(file));
      else put(path, file);
    }
  }
  const find = (path: string): ServedFile | undefined => {
    const file = memory.get(path);
    if (file !== undefined) return memoryFile(file);
    for (const [prefix, folder] of folders) {
      if (path.startsWith(prefix)) return diskFile(folder, path.slice(prefix.length));
    }
    return undefined;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = decodeURIComponent(url.pathname);
    cors(response, request);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (path === "/__log") return void json(response, log);
    if (path === "/__clear") {
      clear();
      return void json(response, {});
    }
    const entry: Writable<LogEntry> = {
      method: request.method ?? "",
      path,
      search: url.search,
      range: request.headers.range,
      offset: undefined,
      length: undefined,
      status: 0,
      bytes: 0,
      headers: request.headers as Record<string, string>,
    };
    log.push(entry);
    if (log.length > (options.logLength ?? 100_000)) log.shift();
    const key = path + url.search;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const asked = [...behaviours.get(path) ?? [], ...behavioursOf(url.searchParams)];
    const active = asked.filter(({ after = 0, times = Infinity }) => count >= after && count < after + times);
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    response.once("close", () => inFlight--);
    const wait = Number(url.searchParams.get("delay") ?? latency);
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    if (held !== undefined && --held.after < 0) await held.ended;
    await serve(request, response, entry, find(path), active, log.length);
  }

  const clear = () => {
    log = [];
    counts.clear();
    maxInFlight = inFlight;
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((ready) => server.listen(options.port ?? 0, "127.0.0.1", ready));
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    get log() {
      return log;
    },
    get maxInFlight() {
      return maxInFlight;
    },
    get inFlight() {
      return inFlight;
    },
    hold(after = 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = { after, ended: promise };
      return () => {
        held = undefined;
        resolve();
      };
    },
    clear,
    put,
    setLatency: (milliseconds) => void (latency = milliseconds),
    behave(path, behaviour) {
      counts.clear();
      if (behaviour === undefined) behaviours.delete(path);
      else behaviours.set(path, Array.isArray(behaviour) ? [...behaviour] : [behaviour as Behaviour]);
    },
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** `?behave=status,weak-etag&status=503&times=2`: the parameters go with all of them. */
function behavioursOf(parameters: URLSearchParams): Behaviour[] {
  const number = (name: string) => parameters.has(name) ? { [name]: Number(parameters.get(name)) } : {};
  const text = (name: string) => parameters.has(name) ? { [name]: parameters.get(name) as string } : {};
  return parameters.getAll("behave").flatMap((kinds) => kinds.split(",")).map((kind) => ({
    kind,
    ...number("times"),
    ...number("after"),
    ...number("status"),
    ...number("limit"),
    ...text("retryAfter"),
    ...text("to"),
  }));
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  entry: Writable<LogEntry>,
  file: ServedFile | undefined,
  behaviours: readonly Behaviour[],
  count: number,
): Promise<void> {
  const is = (kind: string) => behaviours.find((behaviour) => behaviour.kind === kind);
  const finish = (status: number, headers: Record<string, string> = {}, body: Uint8Array = new Uint8Array(0)) => {
    entry.status = status;
    const sent = request.method === "HEAD" ? new Uint8Array(0) : body;
    entry.bytes = sent.length;
    response.writeHead(status, headers).end(sent);
  };
  if (is("hang")) return;
  if (is("refuse")) return void request.socket.destroy();
  const failure = is("status");
  if (failure !== undefined) {
    const retry: Record<string, string> = failure.retryAfter === undefined ? {} : { "retry-after": failure.retryAfter };
    return finish(failure.status ?? 500, retry, new TextEncoder().encode("no"));
  }
  const redirect = is("redirect");
  if (redirect !== undefined) {
    return finish(redirect.status ?? 302, {
      location: (redirect.to ?? request.url ?? "/").replace("{count}", String(count)),
    });
  }
  if (is("html")) {
    const page = new TextEncoder().encode("<!DOCTYPE html><title>Sign in</title>");
    return finish(200, { "content-type": "text/html", "content-length": String(page.length) }, page);
  }
  if (file === undefined) return finish(404, {}, new TextEncoder().encode("not found"));

  const etag = is("flip-etag")
    ? `"${count}"`
    : is("change")
    ? `"changed"`
    : is("weak-etag")
    ? `W/${file.etag}`
    : file.etag;
  const headers: Record<string, string> = { "accept-ranges": "bytes", "content-type": "application/octet-stream" };
  if (!is("no-etag") && !is("no-validators")) headers.etag = etag;
  if (!is("no-validators")) {
    headers["last-modified"] = is("change") ? "Fri, 02 Jan 2026 00:00:00 GMT" : file.lastModified;
  }
  if (is("no-expose")) response.removeHeader("access-control-expose-headers");
  const ifMatch = request.headers["if-match"];
  if (ifMatch !== undefined && !is("no-if-match") && ifMatch !== "*" && (ifMatch !== etag || etag.startsWith("W/"))) {
    return finish(412, headers);
  }

  const whole = is("ignore-range") ?? is("lie-length");
  const range = whole === undefined ? parseRange(request.headers.range, file.size) : undefined;
  if (range === "unsatisfiable") return finish(416, { ...headers, "content-range": `bytes */${file.size}` });
  if (range !== undefined && is("no-suffix") && /=-/.test(request.headers.range ?? "")) {
    return finish(416, { ...headers, "content-range": "bytes */*" });
  }
  const [start, asked] = range ?? [0, file.size];
  const end = range === undefined ? asked : Math.min(asked, start + (is("cap")?.limit ?? Infinity));
  entry.offset = start;
  entry.length = end - start;
  if (range !== undefined && !is("no-content-range")) {
    const shift = is("wrong-range") ? 1 : 0;
    const total = is("no-total") ? "*" : file.size + (is("wrong-total") || is("change-quietly") ? 1000 : 0);
    headers["content-range"] = `bytes ${start + shift}-${end - 1 + shift}/${total}`;
  }
  let body = is("whole-with-range") ? await file.bytes(0, file.size) : await file.bytes(start, end);
  if (is("multipart")) {
    const lines = `--x\r\nContent-Range: ${headers["content-range"]}\r\n\r\n`;
    body = new Uint8Array([...new TextEncoder().encode(lines), ...body, ...new TextEncoder().encode("\r\n--x--\r\n")]);
    delete headers["content-range"];
    headers["content-type"] = "multipart/byteranges; boundary=x";
  }
  if (is("gzip")) {
    body = gzipSync(body);
    headers["content-encoding"] = "gzip";
  }
  if (is("short")) body = body.subarray(0, body.length >> 1);
  if (is("long")) body = new Uint8Array([...body, 0]);
  if (is("lie-length") === undefined) headers["content-length"] = String(body.length);
  const status = range === undefined || is("say-200") || is("whole-with-range") ? 200 : 206;
  if (is("drip")) {
    entry.status = status;
    response.writeHead(status, headers);
    for (let at = 0; at < body.length && !response.destroyed; at++) {
      response.write(body.subarray(at, at + 1));
      await new Promise((done) => setTimeout(done, 20));
    }
    return void response.end();
  }
  if (is("lying-length")) {
    entry.status = status;
    response.writeHead(status, { ...headers, "content-length": String(body.length + 10) });
    return void response.write(body, () => setTimeout(() => request.socket.destroy(), 5));
  }
  if (is("reset") || is("stall")) {
    entry.status = status;
    entry.bytes = body.length >> 1;
    response.writeHead(status, headers);
    response.write(body.subarray(0, body.length >> 1), () => {
      // Some time for the first half to arrive, so that it is the body that is cut and not the answer.
      if (is("reset")) setTimeout(() => request.socket.destroy(), 5);
    });
    return;
  }
  finish(status, headers, body);
}

/** Reads a Range header of one range: start and end (exclusive), or that there is none, or that it can't be served. */
function parseRange(header: string | undefined, size: number): [number, number] | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "") {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? "unsatisfiable" : [size - suffix, size];
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "unsatisfiable";
  return [start, last === "" ? size : Math.min(Number(last) + 1, size)];
}

function cors(response: ServerResponse, request: IncomingMessage): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-methods", "GET, HEAD, POST, OPTIONS");
  response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("access-control-expose-headers", "Content-Range, Content-Length, ETag, Last-Modified");
  if (request.headers["access-control-request-private-network"] === "true") {
    response.setHeader("access-control-allow-private-network", "true");
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
