import assert from "node:assert/strict";
import { CostMeter } from "../../src/source/cost.ts";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { openHttp } from "../../src/source/http/http_source.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import type { RequestEvent } from "../../src/source/types.ts";
import { startRangeServer } from "../support/range_server.ts";
import { errorOf, listed, pattern, range, scripted, settle } from "./support.ts";

const BYTES = pattern(100_000);
const part = (offset: number, length: number) => BYTES.subarray(offset, offset + length);

Deno.test("readMany() merges neighbours, reads the rest in parallel, and answers in the order asked", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 100 });
  const asked = [range(50_000, 10), range(0, 10), range(110, 10), range(50_000, 10), range(7, 0), range(221, 10)];
  const results = await fetcher.readMany(asked);
  assert.deepEqual(results, asked.map(({ offset, length }) => part(offset, length)));
  assert.deepEqual(source.reads, [range(0, 120), range(221, 10), range(50_000, 10)]);
  const { requests, bytes, roundTrips } = fetcher.meter.cost;
  assert.deepEqual({ requests, bytes, roundTrips }, { requests: 3, bytes: 140, roundTrips: 1 });
});

Deno.test("readMany() takes gap and longest request from its options, too", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 100 });
  await fetcher.readMany([range(0, 10), range(10, 10), range(21, 10)], { gap: 0, maxRequestBytes: 10 });
  assert.deepEqual(source.reads, [range(0, 10), range(10, 10), range(21, 10)]);
});

Deno.test("No more than maxParallel requests are in flight, and the next starts when one ends", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0, maxParallel: 2 });
  const reading = fetcher.readMany([0, 1, 2, 3].map((i) => range(i * 1000, 10)));
  await settle();
  assert.deepEqual(source.reads.map(({ offset }) => offset), [0, 1000]);
  await source.reads[1]?.answer();
  assert.deepEqual(source.reads.map(({ offset }) => offset), [0, 1000, 2000]);
  for (const read of [0, 2, 3]) await source.reads[read]?.answer();
  assert.equal((await reading).length, 4);
});

Deno.test("A range that a request in flight will bring joins it", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const first = fetcher.read(range(0, 1000));
  const inside = fetcher.read(range(10, 20));
  const many = fetcher.readMany([range(0, 1000), range(990, 10), range(995, 10)]);
  assert.equal(fetcher.isInFlight(range(10, 20)), true);
  await settle();
  assert.deepEqual(source.reads.map(({ offset, length }) => [offset, length]), [[0, 1000], [995, 10]]);
  await source.reads[0]?.answer();
  await source.reads[1]?.answer();
  assert.deepEqual(await first, part(0, 1000));
  assert.deepEqual(await inside, part(10, 20));
  assert.deepEqual(await many, [part(0, 1000), part(990, 10), part(995, 10)]);
  assert.equal(fetcher.isInFlight(range(10, 20)), false);
  assert.equal(fetcher.meter.cost.requests, 2);
});

Deno.test("A caller that aborts does not break another that waits for the same bytes", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source);
  const controller = new AbortController();
  const reason = new Error("enough");
  const first = fetcher.read(range(0, 1000), { signal: controller.signal });
  const second = fetcher.read(range(10, 20));
  controller.abort(reason);
  assert.equal(await errorOf(first), reason);
  assert.equal(source.reads[0]?.signal?.aborted, false);
  await source.reads[0]?.answer();
  assert.deepEqual(await second, part(10, 20));
});

Deno.test("A request is aborted when all who wait for it have aborted, and asked for anew after that", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source);
  const [a, b] = [new AbortController(), new AbortController()];
  const first = errorOf(fetcher.read(range(0, 1000), { signal: a.signal }));
  const second = errorOf(fetcher.read(range(10, 20), { signal: b.signal }));
  a.abort(new Error("a"));
  b.abort(new Error("b"));
  assert.deepEqual([(await first).message, (await second).message], ["a", "b"]);
  assert.equal(source.reads[0]?.signal?.aborted, true);
  const third = fetcher.read(range(10, 20));
  await settle();
  assert.equal(source.reads.length, 2);
  await source.reads[1]?.answer();
  assert.deepEqual(await third, part(10, 20));
});

Deno.test("A request that still waits for its turn is dropped when it is aborted, and frees nothing", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { maxParallel: 1 });
  const controller = new AbortController();
  const first = fetcher.read(range(0, 10));
  const second = errorOf(fetcher.read(range(1000, 10), { signal: controller.signal }));
  const third = fetcher.read(range(2000, 10));
  controller.abort();
  await second;
  await source.reads[0]?.answer();
  await source.reads[1]?.answer();
  assert.deepEqual([await first, await third], [part(0, 10), part(2000, 10)]);
  assert.deepEqual(source.reads.map(({ offset }) => offset), [0, 2000]);
});

Deno.test("A source that does not listen to its signal does not keep its place in the pool", async () => {
  let reads = 0;
  const deaf = {
    byteLength: 100,
    read: () => ++reads === 1 ? new Promise<Uint8Array>(() => {}) : Promise.resolve(new Uint8Array(1)),
  };
  const fetcher = new RangeFetcher(deaf, { maxParallel: 1 });
  const controller = new AbortController();
  const first = errorOf(fetcher.read(range(0, 1), { signal: controller.signal }));
  controller.abort();
  await first;
  assert.equal((await fetcher.read(range(0, 1))).length, 1);
});

Deno.test("readMany() aborts the rest when one read fails, and says why", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const reading = errorOf(fetcher.readMany([range(0, 10), range(1000, 10)]));
  await settle();
  await source.reads[0]?.fail(new TypeError("disk on fire"));
  const error = await reading;
  assert.equal(error.code, "source");
  assert.equal(error.message, "Cannot read bytes 0 to 9 of scripted: disk on fire");
  assert.ok(error.cause instanceof TypeError);
  assert.equal(source.reads[1]?.signal?.aborted, true);
});

Deno.test("What a source gives is checked: too few bytes, too many, no bytes at all", async () => {
  for (const result of [new Uint8Array(3), new Uint8Array(11), new ArrayBuffer(10), undefined]) {
    const fetcher = new RangeFetcher({ byteLength: 100, read: () => Promise.resolve(result as Uint8Array) });
    const error = await errorOf(fetcher.read(range(0, 10)));
    assert.equal(error.code, "protocol");
    assert.match(error.message, /^Cannot read bytes 0 to 9 of the source: the source gave (no Uint8Array|\d+ bytes)/);
  }
});

Deno.test("Ranges beyond the end, and reads above the limit, are refused before anything is sent", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { maxReadBytes: 1000 });
  assert.equal((await errorOf(fetcher.read(range(99_999, 2)))).code, "truncated");
  assert.equal((await errorOf(fetcher.readMany([range(0, 1), range(99_999, 2)]))).code, "truncated");
  const error = await errorOf(fetcher.read(range(0, 1001)));
  assert.equal(error.code, "limit");
  assert.match(error.message, /1001 bytes are more than maxReadBytes, 1000$/);
  assert.deepEqual(source.reads, []);
});

Deno.test("After close() what is under way is a ClosedError, and so is every read", async () => {
  const source = scripted(BYTES);
  let closed = 0;
  const fetcher = new RangeFetcher({ ...source, close: () => void closed++ });
  const reading = errorOf(fetcher.read(range(0, 10)));
  await fetcher.close();
  await fetcher.close();
  assert.equal((await reading).code, "closed");
  assert.equal((await errorOf(fetcher.read(range(0, 10)))).code, "closed");
  assert.equal(source.reads[0]?.signal?.aborted, true);
  assert.equal(closed, 1);
});

Deno.test("roundTrips is the longest chain of requests that waited for another", async () => {
  const source = scripted(BYTES);
  const events: RequestEvent[] = [];
  const meter = new CostMeter({ onRequest: (event) => events.push(event) });
  const fetcher = new RangeFetcher(source, { meter });
  const a = fetcher.read(range(0, 1));
  const b = fetcher.read(range(10, 1));
  await source.reads[0]?.answer(); // a ends: depth 1
  await a;
  const c = fetcher.read(range(20, 1)); // waited for a, beside b: depth 2
  await source.reads[1]?.answer();
  await b;
  const d = fetcher.read(range(30, 1)); // while c is under way, after a and b: depth 2
  await source.reads[2]?.answer();
  await source.reads[3]?.answer();
  await Promise.all([c, d]);
  assert.deepEqual(events.map(({ offset, roundTrip }) => [offset, roundTrip]), [[0, 1], [10, 1], [20, 2], [30, 2]]);
  assert.equal(meter.cost.roundTrips, 2);
});

Deno.test("A request that had to wait for a free place counts as behind the one that freed it", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { maxParallel: 2, gap: 0 });
  await fetcher.readMany([0, 1, 2, 3, 4].map((i) => range(i * 100, 10)));
  assert.equal(fetcher.meter.cost.roundTrips, 3);
  assert.equal(fetcher.meter.cost.requests, 5);
});

Deno.test("Retries count as requests, as retries and as round trips; onRequest sees each", async () => {
  const server = await startRangeServer({ "/a.bin": BYTES });
  try {
    const source = await openHttp(`${server.url}/a.bin`, { headBytes: 10, backoff: 1 });
    const events: RequestEvent[] = [];
    const fetcher = new RangeFetcher(source, { meter: new CostMeter({ onRequest: (event) => events.push(event) }) });
    server.behave("/a.bin", { kind: "status", status: 503, times: 2 });
    await fetcher.read(range(1000, 500));
    assert.deepEqual(fetcher.meter.cost, {
      requests: 3,
      bytes: 500,
      roundTrips: 3,
      cacheHits: 0,
      cacheMisses: 0,
      retries: 2,
    });
    assert.deepEqual(
      events.map(({ source, offset, length, received, roundTrip, attempt, error }) => [
        source,
        offset,
        length,
        received,
        roundTrip,
        attempt,
        error instanceof Error,
      ]),
      [
        [source.name, 1000, 500, 0, 1, 0, true],
        [source.name, 1000, 500, 0, 2, 1, true],
        [source.name, 1000, 500, 500, 3, 2, false],
      ],
    );
    assert.ok(events.every(({ milliseconds }) => milliseconds >= 0));
    // The head is there already: nothing is sent for it, so nothing is counted.
    await fetcher.read(range(0, 10));
    assert.equal(fetcher.meter.cost.requests, 3);
  } finally {
    await server.close();
  }
});

Deno.test("Bytes at hand are read at once, each read counted, without a copy where they are in memory", async () => {
  const fetcher = new RangeFetcher(memorySource(BYTES));
  assert.equal(fetcher.isSync, true);
  assert.equal(fetcher.readSync(range(10, 5)).buffer, BYTES.buffer);
  const target = new Uint8Array(5);
  fetcher.readIntoSync(10, target);
  assert.deepEqual(target, part(10, 5));
  assert.deepEqual(await fetcher.readMany([range(1, 2), range(3, 4)]), [part(1, 2), part(3, 4)]);
  const { requests, bytes, roundTrips } = fetcher.meter.cost;
  assert.deepEqual({ requests, bytes, roundTrips }, { requests: 4, bytes: 16, roundTrips: 4 });
  assert.throws(() => fetcher.readSync(range(99_999, 2)), { code: "truncated" });
  await fetcher.close();
  assert.throws(() => fetcher.readSync(range(0, 1)), { code: "closed" });
});

Deno.test("Reading at once from a source without its bytes at hand is refused", () => {
  const fetcher = new RangeFetcher(listed(BYTES));
  assert.equal(fetcher.isSync, false);
  assert.throws(() => fetcher.readIntoSync(0, new Uint8Array(1)), TypeError);
  assert.throws(() => fetcher.readSync(range(0, 1)), TypeError);
});
