import assert from "node:assert/strict";
import { openHttp } from "../../src/source/http/http_source.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { errorOf, pattern, range } from "./support.ts";

const BYTES = pattern(300_000);

async function withServer(run: (server: RangeServer, url: string) => Promise<void>): Promise<void> {
  const server = await startRangeServer({
    "/a.bin": BYTES,
    "/small.bin": BYTES.slice(0, 1000),
    "/empty.bin": new Uint8Array(),
  });
  try {
    await run(server, `${server.url}/a.bin`);
  } finally {
    await server.close();
  }
}

const requests = (server: RangeServer) => server.log.map(({ method, range, status }) => `${method} ${range} ${status}`);

Deno.test("openHttp() sends one GET, which brings the size, the validators and the head", () =>
  withServer(async (server, url) => {
    const source = await openHttp(url);
    assert.deepEqual(requests(server), ["GET bytes=0-65535 206"]);
    assert.equal(source.byteLength, 300_000);
    assert.deepEqual(source.head, BYTES.subarray(0, 65_536));
    assert.equal(source.etag, '"300000"');
    assert.equal(source.lastModified, "Thu, 01 Jan 2026 00:00:00 GMT");
    assert.equal(source.url, url);
    assert.match(server.log[0]?.headers["accept-encoding"] ?? "", /^identity/);
    assert.equal(server.log[0]?.headers["if-match"], undefined);
    assert.equal(source.readSync, undefined);
  }));

Deno.test("openHttp() reads exactly the bytes asked for, and none of the head again", () =>
  withServer(async (server, url) => {
    const source = await openHttp(url, { headBytes: 1000 });
    server.clear();
    assert.deepEqual(await source.read(range(0, 1000)), BYTES.subarray(0, 1000));
    assert.deepEqual(await source.read(range(990, 10)), BYTES.subarray(990, 1000));
    assert.deepEqual(await source.read(range(500, 0)), new Uint8Array(0));
    assert.deepEqual(requests(server), []);
    assert.deepEqual(await source.read(range(999, 2)), BYTES.subarray(999, 1001));
    assert.deepEqual(await source.read(range(299_999, 1)), BYTES.subarray(299_999));
    assert.deepEqual(requests(server), ["GET bytes=999-1000 206", "GET bytes=299999-299999 206"]);
    assert.deepEqual(server.log.map(({ headers }) => headers["if-match"]), ['"300000"', '"300000"']);
  }));

Deno.test("openHttp() holds a file that is no longer than the head: its reads need no request, nor a promise", () =>
  withServer(async (server) => {
    const source = await openHttp(`${server.url}/small.bin`);
    assert.equal(source.byteLength, 1000);
    assert.deepEqual(source.readSync?.(range(10, 5)), BYTES.subarray(10, 15));
    assert.deepEqual(await source.read(range(10, 5)), BYTES.subarray(10, 15));
    assert.throws(() => source.readSync?.(range(999, 2)), { code: "truncated" });
    assert.equal(server.log.length, 1);
  }));

Deno.test("openHttp() opens an empty file, which a server can only answer with 416", () =>
  withServer(async (server) => {
    const source = await openHttp(`${server.url}/empty.bin`);
    assert.deepEqual(requests(server), ["GET bytes=0-65535 416"]);
    assert.equal(source.byteLength, 0);
    assert.deepEqual(await source.read(range(0, 0)), new Uint8Array(0));
  }));

Deno.test("openHttp() refuses a range beyond the end without asking the server", () =>
  withServer(async (server, url) => {
    const source = await openHttp(url);
    const error = await errorOf(source.read(range(299_990, 20)));
    assert.equal(error.code, "truncated");
    assert.equal(error.message, `Cannot read bytes 299990 to 300009 of ${url}: it has 300000 bytes`);
    assert.equal((await errorOf(source.read(range(-1, 2)))).code, "source");
    assert.equal((await errorOf(source.read(range(0.5, 2)))).code, "source");
    assert.equal(server.log.length, 1);
  }));

Deno.test("openHttp() takes a file whole where the server ignores ranges", () =>
  withServer(async (server, url) => {
    const source = await openHttp(`${url}?behave=ignore-range`);
    assert.equal(source.byteLength, 300_000);
    assert.deepEqual(source.readSync?.(range(200_000, 9)), BYTES.subarray(200_000, 200_009));
    assert.deepEqual(requests(server), ["GET bytes=0-65535 200"]);
    assert.equal((await openHttp(`${url}?behave=lie-length`)).byteLength, 300_000);
  }));

Deno.test("openHttp() does not take a file whole beyond the limit, and does not read it where its length is told", () =>
  withServer(async (_, url) => {
    let taken = 0;
    const watched = (url: string, init: RequestInit) =>
      fetch(url, init).then((response) =>
        new Response(
          response.body?.pipeThrough(
            new TransformStream({
              transform(chunk, to) {
                taken += chunk.length;
                to.enqueue(chunk);
              },
            }),
          ),
          response,
        )
      );
    for (const behaviour of ["ignore-range", "lie-length"]) {
      const error = await errorOf(openHttp(`${url}?behave=${behaviour}`, { wholeFileBytes: 100_000, fetch: watched }));
      assert.equal(error.code, "range-unsupported");
      assert.match(error.message, /answers 200 .* too large to be taken whole .* wholeFileBytes is 100000/);
      if (behaviour === "ignore-range") assert.ok(taken < 70_000, `${taken} bytes were read`);
    }
  }));

Deno.test("openHttp() sends custom headers with every request, and its own over them", () =>
  withServer(async (server, url) => {
    const source = await openHttp(url, { headers: { Authorization: "Bearer t", "X-Key": "k", Range: "bytes=5-9" } });
    await source.read(range(100_000, 1));
    assert.deepEqual(server.log.map(({ headers }) => [headers.authorization, headers["x-key"], headers.range]), [
      ["Bearer t", "k", "bytes=0-65535"],
      ["Bearer t", "k", "bytes=100000-100000"],
    ]);
  }));

Deno.test("openHttp() turns user and password of the address into a header, and names neither them nor the query", () =>
  withServer(async (server, url) => {
    const address = url.replace("//", "//us%20er:p%C3%A4ss@") + "?token=secret#part";
    const source = await openHttp(address);
    assert.equal(source.name, url);
    assert.equal(source.url, `${url}?token=secret`);
    assert.equal(server.log[0]?.headers.authorization, `Basic ${btoa("us er:p\u00c3\u00a4ss")}`);
    assert.equal(server.log[0]?.search, "?token=secret");
    await server.close();
    const error = await errorOf(openHttp(address, { attempts: 1 }));
    assert.equal(error.code, "network");
    assert.doesNotMatch(error.message, /secret|p%C3/);
  }));

Deno.test("openHttp() calls a custom fetch with the address, headers, a signal, and that redirects are not to be followed", () =>
  withServer(async (_, url) => {
    const calls: [string, string[], boolean][] = [];
    const source = await openHttp(url, {
      fetch(address, init) {
        calls.push([address, Object.keys(init).sort(), init.signal instanceof AbortSignal]);
        return fetch(address, init);
      },
    });
    await source.read(range(100_000, 1));
    assert.deepEqual(calls, Array(2).fill([url, ["headers", "redirect", "signal"], true]));
  }));

Deno.test("openHttp() reads what a custom fetch makes by hand", async () => {
  const source = await openHttp("https://example.invalid/x", {
    headBytes: 10,
    fetch(_, init) {
      const [, first, last] = /(\d+)-(\d+)/.exec(init.headers.get("range") ?? "") ?? [];
      return Promise.resolve(
        new Response(BYTES.slice(Number(first), Number(last) + 1), {
          status: 206,
          headers: { "content-range": `bytes ${first}-${last}/300000` },
        }),
      );
    },
  });
  assert.deepEqual(await source.read(range(1000, 3)), BYTES.subarray(1000, 1003));
  assert.equal(source.etag, undefined);
  assert.equal(source.url, "https://example.invalid/x");
});

Deno.test("openHttp() refuses what is no address of http", async () => {
  assert.equal((await errorOf(openHttp("nonsense"))).message, 'Cannot open "nonsense": not a URL');
  assert.equal((await errorOf(openHttp("ftp://host/x"))).code, "source");
});
