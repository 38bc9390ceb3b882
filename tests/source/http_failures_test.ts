import assert from "node:assert/strict";
import { HttpStatusError } from "../../src/source/errors.ts";
import { type HttpOptions, type HttpSource, openHttp } from "../../src/source/http/http_source.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { Attempt } from "../../src/source/types.ts";
import { until } from "../support/until.ts";
import { errorOf, pattern, range, watchTimers } from "./support.ts";

const BYTES = pattern(300_000);
const QUICK: HttpOptions = { backoff: 1, headBytes: 1000 };
/** A time limit that no machine is too slow for, and that nothing else waits for. */
const FAR = 567_890;

/** Runs a test against a server, once for opening and once for reading after a good opening. */
function test(name: string, run: (server: RangeServer, url: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const server = await startRangeServer({ "/a.bin": BYTES });
    try {
      await run(server, `${server.url}/a.bin`);
    } finally {
      await server.close();
    }
  });
}

/** Opens well, then lets the server misbehave and reads. */
async function openThen(server: RangeServer, url: string, kind: string, more: object = {}): Promise<HttpSource> {
  const source = await openHttp(url, QUICK);
  server.clear();
  server.behave("/a.bin", { kind, ...more });
  return source;
}

const statuses = (server: RangeServer) => server.log.map(({ status }) => status);

for (const status of [400, 401, 403, 404, 410, 451, 304, 204]) {
  test(`A ${status} is an HttpStatusError at once, while opening and while reading`, async (server, url) => {
    const error = await errorOf(openHttp(`${url}?behave=status&status=${status}`, QUICK));
    assert.ok(error instanceof HttpStatusError);
    assert.deepEqual([error.code, error.status, error.file], ["http-status", status, url]);
    assert.match(error.message, new RegExp(`^Cannot read bytes 0 to 999 of ${url}: the server answered ${status}`));
    assert.equal(server.log.length, 1);

    const source = await openThen(server, url, "status", { status });
    assert.equal((await errorOf(source.read(range(5000, 10)))).code, "http-status");
    assert.equal(server.log.length, 1);
  });
}

for (const status of [408, 429, 500, 502, 503, 504]) {
  test(`A ${status} that passes is tried again`, async (server, url) => {
    const attempts: Attempt[] = [];
    const failing = `${url}?behave=status&status=${status}&times=2`;
    const source = await openHttp(failing, { ...QUICK, onAttempt: (attempt) => attempts.push(attempt) });
    assert.equal(source.byteLength, 300_000);
    assert.deepEqual(statuses(server), [status, status, 206]);
    assert.deepEqual(attempts.map(({ attempt, received }) => [attempt, received]), [[0, 0], [1, 0], [2, 1000]]);
    assert.ok(attempts[0]?.error instanceof HttpStatusError);
    assert.equal(attempts[2]?.error, undefined);
  });

  test(`A ${status} that stays is an HttpStatusError after four tries`, async (server, url) => {
    const source = await openThen(server, url, "status", { status });
    const error = await errorOf(source.read(range(5000, 10)));
    assert.deepEqual([error.code, (error as HttpStatusError).status], ["http-status", status]);
    assert.match(error.message, /\(after 4 tries\)$/);
    assert.deepEqual(statuses(server), Array(4).fill(status));
  });
}

test("Retry-After is honoured, in place of the backoff", async (server, url) => {
  server.behave("/a.bin", { kind: "status", status: 503, retryAfter: "0", times: 1 });
  const timers = watchTimers();
  try {
    await openHttp(url, { ...QUICK, backoff: 60_000 });
    server.behave("/a.bin", { kind: "status", status: 503, retryAfter: "3600", times: 1 });
    await openHttp(url, { ...QUICK, backoff: 60_000, maxRetryAfter: 31 });
  } finally {
    timers.end();
  }
  // Beside the time that a try may take.
  assert.deepEqual(timers.waits.filter((wait) => wait < 30_000), [0, 31]);
});

for (const kind of ["reset", "refuse"]) {
  test(`A connection that breaks is tried again, then a NetworkError (${kind})`, async (server, url) => {
    assert.equal((await openHttp(`${url}?behave=${kind}&times=1`, QUICK)).byteLength, 300_000);
    const source = await openThen(server, url, kind);
    const attempts: Attempt[] = [];
    const onAttempt = (attempt: Attempt) => attempts.push(attempt);
    const error = await errorOf(source.read(range(5000, 50_000), { onAttempt }));
    assert.equal(error.code, "network");
    assert.match(error.message, /^Cannot read bytes 5000 to 54999 of .*\(after 4 tries\)$/);
    assert.ok(error.cause instanceof Error);
    // Runtimes may repeat a request by themselves when a kept connection is cut, so the log can have more.
    assert.deepEqual(attempts.map(({ attempt }) => attempt), [0, 1, 2, 3]);
  });
}

test("A server that can't be reached is a NetworkError", async (server, url) => {
  await server.close();
  assert.equal((await errorOf(openHttp(url, QUICK))).code, "network");
});

for (const kind of ["hang", "stall"]) {
  test(`A server that goes silent is a NetworkError when time is up (${kind})`, async (server, url) => {
    const source = await openHttp(url, { ...QUICK, timeout: FAR, attempts: 2 });
    server.clear();
    server.behave("/a.bin", { kind });
    const timers = watchTimers(FAR, server);
    const error = await errorOf(source.read(range(5000, 100))).finally(timers.end);
    assert.equal(error.code, "network");
    assert.match(error.message, /no answer within 567890 ms \(after 2 tries\)$/);
    assert.equal(server.log.length, 2);
  });
}

test("A body that is shorter than its range is tried again, then a ProtocolError", async (server, url) => {
  assert.equal((await openHttp(`${url}?behave=short&times=1`, QUICK)).byteLength, 300_000);
  const source = await openThen(server, url, "short");
  const error = await errorOf(source.read(range(5000, 100)));
  assert.equal(error.code, "protocol");
  assert.match(error.message, /the answer has 50 bytes, expected 100 \(after 4 tries\)$/);
  assert.equal(server.log.length, 4);
});

const LIES: [kind: string, message: RegExp][] = [
  ["long", /longer than the \d+ bytes that it declares$/],
  ["wrong-range", /the answer is of another range, bytes \d+-\d+\/300000$/],
  ["no-content-range", /206 has no Content-Range\. .*Access-Control-Expose-Headers: Content-Range/],
  ["gzip", /the answer is encoded as gzip, though the bytes as they are were asked for$/],
];
for (const [kind, message] of LIES) {
  test(
    `An answer that contradicts itself or the question is a ProtocolError at once (${kind})`,
    async (server, url) => {
      const error = await errorOf(openHttp(`${url}?behave=${kind}`, QUICK));
      assert.equal(error.code, "protocol");
      assert.match(error.message, message);
      assert.equal(server.log.length, 1);
      const source = await openThen(server, url, kind);
      const second = await errorOf(source.read(range(5000, 100)));
      assert.equal(second.code, "protocol");
      assert.match(second.message, message);
      assert.equal(server.log.length, 1);
    },
  );
}

test("A whole file that is encoded is a ProtocolError too", async (_, url) => {
  assert.equal((await errorOf(openHttp(`${url}?behave=ignore-range,gzip`, QUICK))).code, "protocol");
});

test("A server that stops serving ranges is a RangeUnsupportedError, and its body is left", async (server, url) => {
  const source = await openThen(server, url, "ignore-range");
  const error = await errorOf(source.read(range(5000, 100)));
  assert.equal(error.code, "range-unsupported");
  assert.match(error.message, /though it served one before$/);
});

test("A 416 to a range inside the file is a TruncatedError, or says that the file has changed", async (server, url) => {
  const source = await openThen(server, url, "status", { status: 416 });
  assert.equal((await errorOf(source.read(range(5000, 100)))).code, "truncated");
  server.behave("/a.bin", undefined);
  server.put("/a.bin", { bytes: BYTES.subarray(0, 2000), etag: '"300000"' });
  const error = await errorOf(source.read(range(5000, 100)));
  assert.equal(error.code, "file-changed");
  assert.match(error.message, /it had 300000 bytes and has 2000$/);
});

test(
  "A read is aborted with the signal's reason: before, while waiting, within the body, and between tries",
  async (server, url) => {
    const reason = new Error("enough");
    const source = await openHttp(url, { ...QUICK, backoff: 60_000 });
    assert.equal(await errorOf(source.read(range(5000, 10), { signal: AbortSignal.abort(reason) })), reason);
    for (const behaviour of [{ kind: "hang" }, { kind: "stall" }, { kind: "status", status: 503 }]) {
      server.behave("/a.bin", behaviour);
      server.clear();
      const controller = new AbortController();
      const reading = source.read(range(5000, 100_000), { signal: controller.signal });
      void until(() => server.log.length === 1).then(() => setTimeout(() => controller.abort(reason), 20));
      assert.equal(await errorOf(reading), reason, behaviour.kind);
      assert.equal(server.log.length, 1);
    }
  },
);

test("A custom fetch that listens to no signal can't hold up an abort, nor a time limit", async (_, url) => {
  const deaf = () => new Promise<Response>(() => {});
  const reason = new Error("enough");
  const controller = new AbortController();
  const opening = openHttp(url, { fetch: deaf, signal: controller.signal });
  controller.abort(reason);
  assert.equal(await errorOf(opening), reason);
  assert.equal((await errorOf(openHttp(url, { fetch: deaf, timeout: 5, attempts: 1 }))).code, "network");
});

test("A custom fetch whose body never ends can't hold up an abort", async (_, url) => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const endless = () =>
    Promise.resolve(
      new Response(new ReadableStream(), { status: 206, headers: { "content-range": "bytes 0-999/300000" } }),
    );
  const opening = openHttp(url, { ...QUICK, fetch: endless, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 5);
  assert.equal(await errorOf(opening), reason);
});
