import assert from "node:assert/strict";
import { openHttp } from "../../src/source/http.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { errorOf, pattern, range } from "./support.ts";

const BYTES = pattern(300_000);

/** Two servers, on two origins: the first leads to the second. */
function test(name: string, run: (front: RangeServer, store: RangeServer) => Promise<void>): void {
  Deno.test(name, async () => {
    const store = await startRangeServer({ "/stored.bin": BYTES });
    const front = await startRangeServer({});
    front.behave("/a.bin", { kind: "redirect", to: `${store.url}/stored.bin?signed=1` });
    try {
      await run(front, store);
    } finally {
      await front.close();
      await store.close();
    }
  });
}

test("Later requests go straight to where the first one was led", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`);
  assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  assert.deepEqual([front.log.length, store.log.length], [1, 2]);
  assert.equal(source.url, `${store.url}/stored.bin?signed=1`);
  assert.equal(source.name, `${front.url}/a.bin`);
});

test("With keepRedirect off, every request goes by the original address", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`, { keepRedirect: false });
  await source.read(range(100_000, 10));
  assert.deepEqual([front.log.length, store.log.length], [2, 2]);
});

test("Credentials don't follow to another origin; other headers do", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`, { headers: { Authorization: "Bearer t", "X-Key": "k" } });
  await source.read(range(100_000, 10));
  assert.equal(front.log[0]?.headers.authorization, "Bearer t");
  assert.deepEqual(store.log.map(({ headers }) => [headers.authorization, headers["x-key"]]), [
    [undefined, "k"],
    [undefined, "k"],
  ]);
});

test("Where the address that was led to has expired, the original one is asked again", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`);
  store.behave("/stored.bin", { kind: "status", status: 403 });
  store.put("/fresh.bin", BYTES);
  front.behave("/a.bin", { kind: "redirect", to: `${store.url}/fresh.bin?signed=2` });
  assert.deepEqual(await source.read(range(100_000, 10)), BYTES.subarray(100_000, 100_010));
  assert.deepEqual(store.log.map(({ path, status }) => [path, status]), [
    ["/stored.bin", 206],
    ["/stored.bin", 403],
    ["/fresh.bin", 206],
  ]);
  assert.equal(source.url, `${store.url}/fresh.bin?signed=2`);
});

test("Where the new address does no better, the status is the error", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`, { backoff: 1 });
  store.behave("/stored.bin", { kind: "status", status: 403 });
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "http-status");
});

test("A version that differs behind the new address is an error", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`);
  store.behave("/stored.bin", { kind: "status", status: 403 });
  store.put("/fresh.bin", { bytes: BYTES, etag: '"other"' });
  front.behave("/a.bin", { kind: "redirect", to: `${store.url}/fresh.bin` });
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
});
