import assert from "node:assert/strict";
import { openHttp } from "../../src/source/http/http_source.ts";
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

/** Headers as a user may give them: which of them are secret can't be told from their names. */
const HEADERS = { Authorization: "Bearer t", Cookie: "s=1", "X-Key": "k", "Api-Token": "u", Accept: "x/y" };
const NAMES = Object.keys(HEADERS).map((name) => name.toLowerCase());

/** Which of the user's headers came with each request. */
const carried = (server: RangeServer) =>
  server.log.map(({ headers }) => NAMES.filter((name) => headers[name] !== undefined && headers[name] !== "*/*"));

test("No header of the user's goes to another origin, neither at the redirect nor later", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`, { headers: HEADERS });
  await source.read(range(100_000, 10));
  assert.deepEqual(carried(front), [NAMES]);
  assert.deepEqual(carried(store), [[], []]);
  assert.ok(store.log.every(({ range }) => range !== undefined));
});

test("With forwardHeaders all of them go, or those that it names", async (front, store) => {
  for (const [forwardHeaders, expected] of [[true, NAMES], [["x-KEY", "absent"], ["x-key"]], [[], []]] as const) {
    store.clear();
    const source = await openHttp(`${front.url}/a.bin`, { headers: HEADERS, forwardHeaders });
    await source.read(range(100_000, 10));
    assert.deepEqual(carried(store), [expected, expected]);
  }
});

test("User and password of the address stay with its server, whatever is forwarded", async (front, store) => {
  await openHttp(`${front.url.replace("//", "//me:secret@")}/a.bin`, { forwardHeaders: true });
  assert.equal(front.log[0]?.headers.authorization, `Basic ${btoa("me:secret")}`);
  assert.equal(store.log[0]?.headers.authorization, undefined);
});

test("A redirect that stays on the origin keeps all headers", async (front) => {
  front.put("/b.bin", BYTES);
  front.behave("/a.bin", { kind: "redirect", to: "/b.bin", status: 307 });
  const source = await openHttp(`${front.url}/a.bin`, { headers: HEADERS });
  await source.read(range(100_000, 10));
  assert.deepEqual(carried(front), [NAMES, NAMES, NAMES]);
});

test(
  "Who is led back from another origin has no headers: that origin may have chosen the address",
  async (front, store) => {
    front.put("/b.bin", BYTES);
    store.behave("/stored.bin", { kind: "redirect", to: `${front.url}/b.bin` });
    const source = await openHttp(`${front.url}/a.bin`, { headers: HEADERS });
    await source.read(range(100_000, 10));
    assert.deepEqual(carried(front), [NAMES, [], []]);
  },
);

test("Once the original address is asked again, it gets the headers again", async (front, store) => {
  const source = await openHttp(`${front.url}/a.bin`, { headers: HEADERS });
  store.behave("/stored.bin", { kind: "status", status: 403, times: 1 });
  await source.read(range(100_000, 10));
  assert.deepEqual(carried(front), [NAMES, NAMES]);
});

test("A fetch of the user's own that passes on what it gets keeps to the rule", async (front, store) => {
  await openHttp(`${front.url}/a.bin`, { headers: HEADERS, fetch: (url, init) => fetch(url, init) });
  assert.deepEqual(carried(store), [[]]);
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
