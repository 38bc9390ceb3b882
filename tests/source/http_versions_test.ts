import assert from "node:assert/strict";
import { openHttp } from "../../src/source/http/http_source.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { errorOf, pattern, range } from "./support.ts";

const BYTES = pattern(300_000);

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

const CHANGED = "Cannot read bytes 100000 to 100009 of";

test(
  "A file that changes is refused by the server, by If-Match, before any byte of it is sent",
  async (server, url) => {
    const source = await openHttp(url);
    server.clear();
    server.behave("/a.bin", { kind: "change" });
    const error = await errorOf(source.read(range(100_000, 10)));
    assert.equal(error.code, "file-changed");
    assert.equal(error.message, `${CHANGED} ${url}: the file has changed since it was opened, the server says so`);
    assert.deepEqual(server.log.map(({ status, bytes }) => [status, bytes]), [[412, 0]]);
  },
);

test("A file that changes is seen by its ETag where the server ignores If-Match", async (server, url) => {
  const source = await openHttp(url);
  server.behave("/a.bin", [{ kind: "change" }, { kind: "no-if-match" }]);
  const error = await errorOf(source.read(range(100_000, 10)));
  assert.equal(error.code, "file-changed");
  assert.match(error.message, /its ETag was "300000" and is "changed"$/);
});

test("A weak ETag is compared, and not sent as If-Match, which would never hold", async (server, url) => {
  server.behave("/a.bin", { kind: "weak-etag" });
  const source = await openHttp(url);
  assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  assert.equal(server.log[1]?.headers["if-match"], undefined);
  server.behave("/a.bin", undefined);
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
});

test("A file without an ETag is watched by Last-Modified", async (server, url) => {
  server.behave("/a.bin", { kind: "no-etag" });
  const source = await openHttp(url);
  assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  server.behave("/a.bin", [{ kind: "no-etag" }, { kind: "change" }]);
  const error = await errorOf(source.read(range(100_000, 10)));
  assert.equal(error.code, "file-changed");
  assert.match(error.message, /it was last modified Thu, 01 Jan 2026 00:00:00 GMT, now Fri, 02 Jan 2026 00:00:00 GMT$/);
});

test("A file without validators is watched by its size", async (server, url) => {
  server.behave("/a.bin", { kind: "no-validators" });
  const source = await openHttp(url);
  assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  server.behave("/a.bin", [{ kind: "no-validators" }, { kind: "change-quietly" }]);
  const error = await errorOf(source.read(range(100_000, 10)));
  assert.equal(error.code, "file-changed");
  assert.match(error.message, /it had 300000 bytes and has 301000$/);
});

test("A changed file is an error also where the server answers with all of it", async (server, url) => {
  const source = await openHttp(url);
  server.behave("/a.bin", [{ kind: "change" }, { kind: "no-if-match" }, { kind: "ignore-range" }]);
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
});

test(
  "A file that changes between two tries of one read is an error, not the bytes of the other version",
  async (server, url) => {
    const source = await openHttp(url, { backoff: 1 });
    server.clear();
    server.behave("/a.bin", [{ kind: "reset", times: 1 }, { kind: "change", after: 1 }]);
    assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
    assert.deepEqual(server.log.map(({ status }) => status), [206, 412]);
  },
);

test(
  "With ifMatch off, as in browsers, nothing is sent that needs a preflight, and a change is seen all the same",
  async (server, url) => {
    const source = await openHttp(url, { ifMatch: false });
    await source.read(range(100_000, 10));
    assert.equal(server.log[1]?.headers["if-match"], undefined);
    server.behave("/a.bin", { kind: "change" });
    assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
  },
);

test(
  "An answer that carries none of the validators is taken: not every server of a cluster sends them",
  async (server, url) => {
    const source = await openHttp(url);
    server.behave("/a.bin", { kind: "no-validators" });
    assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  },
);
