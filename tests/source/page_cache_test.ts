import assert from "node:assert/strict";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import { PageCache, type PageCacheOptions } from "../../src/source/pages/page_cache.ts";
import type { ByteRange, ByteSource } from "../../src/source/types.ts";
import { errorOf, listed, pattern, range, scripted, settle } from "./support.ts";

const PAGE = 1000;
const BYTES = pattern(100_500);
const part = (offset: number, length: number) => BYTES.subarray(offset, offset + length);

/** A cache without read-ahead and small files, unless a test is about them. */
function cacheOver(source: ByteSource, options: PageCacheOptions = {}): PageCache {
  return new PageCache(new RangeFetcher(source), {
    blockSize: PAGE,
    smallFileBytes: 0,
    readAheadBytes: 0,
    gap: 0,
    ...options,
  });
}

const read = (cache: { tryRead(offset: number, target: Uint8Array): boolean }, offset: number, length: number) => {
  const target = new Uint8Array(length);
  return cache.tryRead(offset, target) ? target : undefined;
};

Deno.test("A call reads what is there, notes what is missing, loads it, and reads it then", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source);
  const call = cache.begin();
  assert.equal(read(call, 1990, 20), undefined);
  assert.equal(read(call, 50_000, 10), undefined);
  assert.deepEqual(call.missing, [range(1990, 20), range(50_000, 10)]);
  await call.load();
  assert.deepEqual(call.missing, []);
  assert.deepEqual(source.reads, [range(1000, 2000), range(50_000, 1000)]);
  assert.deepEqual(read(call, 1990, 20), part(1990, 20));
  assert.deepEqual(read(call, 50_000, 10), part(50_000, 10));
  assert.deepEqual(read(call, 0, 0), new Uint8Array(0));
  await call.load();
  assert.equal(source.reads.length, 2);
  call.end();
});

Deno.test("A failed tryRead leaves its target as it was", () => {
  const target = new Uint8Array([1, 2, 3]);
  assert.equal(cacheOver(listed(BYTES)).tryRead(0, target), false);
  assert.deepEqual(target, new Uint8Array([1, 2, 3]));
});

Deno.test("Reads over page borders, of the last short page, and of every length come out right", async () => {
  const cache = cacheOver(listed(BYTES));
  await cache.load([range(0, BYTES.length)]);
  for (
    const [offset, length] of [[0, 1], [999, 2], [500, 5000], [100_400, 100], [99_999, 501], [0, 100_500]] as const
  ) {
    assert.deepEqual(read(cache, offset, length), part(offset, length));
    assert.deepEqual(cache.peek(range(offset, length)), part(offset, length));
  }
  assert.throws(() => read(cache, 100_400, 101), { code: "truncated" });
  assert.throws(() => cache.peek(range(100_400, 101)), { code: "truncated" });
  assert.equal((await errorOf(cache.load([range(100_400, 101)]))).code, "truncated");
});

Deno.test("Look-ups are counted, by pages", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source);
  const cache = new PageCache(fetcher, { blockSize: PAGE, smallFileBytes: 0 });
  read(cache, 990, 20);
  await cache.load([range(990, 20)]);
  read(cache, 990, 20);
  read(cache, 5, 5);
  const { cacheHits, cacheMisses } = fetcher.meter.cost;
  assert.deepEqual([cacheHits, cacheMisses], [3, 2]);
});

Deno.test("The head is never fetched again, also where it ends within a page", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { head: BYTES.subarray(0, 2500) });
  assert.deepEqual(read(cache, 0, 2500), part(0, 2500));
  assert.equal(read(cache, 2400, 200), undefined);
  await cache.load([range(2400, 200), range(0, 100)]);
  assert.deepEqual(source.reads, [range(2500, 500)]);
  assert.deepEqual(read(cache, 2400, 600), part(2400, 600));
  assert.deepEqual(read(cache, 0, 3000), part(0, 3000));
});

Deno.test("The page size can be set to the file's own; the head stays", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { head: BYTES.subarray(0, 2500) });
  await cache.load([range(5000, 1)]);
  cache.blockSize = 4096;
  assert.equal(cache.blockSize, 4096);
  assert.equal(read(cache, 5000, 1), undefined);
  await cache.load([range(3000, 1), range(5000, 1)]);
  assert.deepEqual(source.reads.slice(1), [range(2500, 8192 - 2500)]);
  assert.deepEqual(read(cache, 0, 8192), part(0, 8192));
  assert.throws(() => cache.blockSize = 100, RangeError);
});

Deno.test("A load under way when the page size is set brings nothing wrong in", async () => {
  const source = scripted(BYTES);
  const cache = cacheOver(source);
  const call = cache.begin();
  call.note(range(5000, 10));
  const loading = call.load();
  await settle();
  cache.blockSize = 2048;
  await source.reads[0]?.answer();
  await loading;
  assert.equal(read(cache, 5000, 10), undefined);
  call.end();
});

Deno.test("The least recently used pages go when the budget is used up", async () => {
  const cache = cacheOver(listed(BYTES), { cacheBytes: 3 * PAGE });
  for (const page of [1, 2, 3]) await cache.load([range(page * PAGE, 1)]);
  read(cache, 1 * PAGE, 1);
  await cache.load([range(4 * PAGE, 1)]);
  assert.deepEqual([1, 2, 3, 4].map((page) => read(cache, page * PAGE, 1) !== undefined), [true, false, true, true]);
  assert.equal(cache.heldBytes, 3 * PAGE);
});

Deno.test("Pages that a call needs are held until it ends, over the budget", async () => {
  const cache = cacheOver(listed(BYTES), { cacheBytes: 2 * PAGE });
  const call = cache.begin();
  const other = cache.begin();
  for (const page of [0, 1, 2, 3]) {
    call.note(range(page * PAGE, 1));
    await call.load();
  }
  other.note(range(3 * PAGE, 1));
  other.note(range(9 * PAGE, 1));
  await other.load();
  for (const page of [0, 1, 2, 3]) assert.deepEqual(read(call, page * PAGE, PAGE), part(page * PAGE, PAGE));
  assert.equal(cache.heldBytes, 5 * PAGE);
  call.end();
  assert.equal(cache.heldBytes, 2 * PAGE);
  assert.deepEqual([3, 9].map((page) => read(other, page * PAGE, 1) !== undefined), [true, true]);
  other.end();
});

Deno.test("Calls that need the same pages at once share their requests", async () => {
  const source = scripted(BYTES);
  const cache = cacheOver(source);
  const calls = [range(0, 2000), range(500, 100), range(1500, 1000)].map((needed) => {
    const call = cache.begin();
    call.note(needed);
    return { call, loading: call.load() };
  });
  await settle();
  assert.deepEqual(source.reads.map(({ offset, length }) => [offset, length]), [[0, 2000], [2000, 1000]]);
  await source.reads[0]?.answer();
  await source.reads[1]?.answer();
  for (const { loading } of calls) await loading;
  assert.deepEqual(read(cache, 0, 3000), part(0, 3000));
  for (const { call } of calls) call.end();
});

Deno.test("A call that is aborted leaves the others their pages, and a later load asks anew", async () => {
  const source = scripted(BYTES);
  const cache = cacheOver(source);
  const controller = new AbortController();
  const reason = new Error("enough");
  const aborted = errorOf(cache.load([range(0, 10)], { signal: controller.signal }));
  const loading = cache.load([range(20, 10)]);
  controller.abort(reason);
  assert.equal(await aborted, reason);
  await source.reads[0]?.answer();
  await loading;
  assert.deepEqual(read(cache, 0, 1000), part(0, 1000));
});

Deno.test("What the source throws reaches the call, and the call can load again", async () => {
  const source = scripted(BYTES);
  const cache = cacheOver(source);
  const call = cache.begin();
  read(call, 0, 10);
  const failing = errorOf(call.load());
  await settle();
  await source.reads[0]?.fail(new Error("no"));
  assert.equal((await failing).code, "source");
  assert.equal(read(call, 0, 10), undefined);
  const loading = call.load();
  await settle();
  await source.reads[1]?.answer();
  await loading;
  assert.deepEqual(read(call, 0, 10), part(0, 10));
  call.end();
});

Deno.test("A small file is taken whole at its first miss, but for the head", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { smallFileBytes: 200_000, head: BYTES.subarray(0, 300) });
  await cache.load([range(50_000, 1)]);
  assert.deepEqual(source.reads, [range(300, 100_200)]);
  assert.deepEqual(read(cache, 0, 100_500), BYTES);
});

Deno.test("A small file that is larger than the cache is not taken whole", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { smallFileBytes: 200_000, cacheBytes: 5 * PAGE });
  await cache.load([range(50_000, 1)]);
  assert.deepEqual(source.reads, [range(50_000, 1000)]);
});

Deno.test("A long load is cut into requests that run in parallel", async () => {
  const source = listed(BYTES);
  const cache = new PageCache(new RangeFetcher(source, { maxRequestBytes: 3500 }), {
    blockSize: PAGE,
    smallFileBytes: 0,
  });
  await cache.load([range(0, 10_000)]);
  assert.deepEqual(source.reads, [range(0, 3000), range(3000, 3000), range(6000, 3000), range(9000, 1000)]);
});

Deno.test("Pages near each other come by one request, and what lies between is kept", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { gap: 2 * PAGE });
  await cache.load([range(0, 1), range(3000, 1), range(7000, 1)]);
  assert.deepEqual(source.reads, [range(0, 4000), range(7000, 1000)]);
  assert.deepEqual(read(cache, 1500, 1000), part(1500, 1000));
});

Deno.test("readMany() and stream() take from the pages what these have, and fetch the rest past the cache", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { head: BYTES.subarray(0, 2500) });
  await cache.load([range(5000, 1)]);
  const asked: ByteRange[] = [range(50_000, 10), range(2000, 500), range(5100, 10), range(2400, 200), range(0, 0)];
  assert.deepEqual(await cache.readMany(asked), asked.map(({ offset, length }) => part(offset, length)));
  assert.deepEqual(source.reads.slice(1), [range(2400, 200), range(50_000, 10)]);
  const streamed = [];
  for await (const delivery of cache.stream(asked)) streamed.push(delivery);
  assert.equal(streamed.length, asked.length);
  for (const { range, bytes } of streamed) assert.deepEqual(bytes, part(range.offset, range.length));
  assert.equal(source.reads.length, 5);
  assert.equal(cache.heldBytes, 2500 + PAGE);
});

Deno.test("stream() delivers where the pages have everything", async () => {
  const source = listed(BYTES);
  const cache = cacheOver(source, { head: BYTES });
  const offsets: number[] = [];
  for await (const delivery of cache.stream([range(5, 5), range(0, 5)])) offsets.push(delivery.range.offset);
  assert.deepEqual([offsets, source.reads], [[5, 0], []]);
});

Deno.test("clear() drops the pages, not the head", async () => {
  const cache = cacheOver(listed(BYTES), { head: BYTES.subarray(0, 100) });
  const call = cache.begin();
  call.note(range(5000, 1));
  await call.load();
  cache.clear();
  assert.equal(cache.heldBytes, 100);
  assert.equal(read(call, 5000, 1), undefined);
  call.end();
});

Deno.test("Over bytes in memory, tryRead() always answers, and nothing is kept twice", async () => {
  const cache = cacheOver(memorySource(BYTES));
  assert.deepEqual(read(cache, 500, 5000), part(500, 5000));
  assert.equal(cache.peek(range(500, 5000))?.buffer, BYTES.buffer);
  await cache.load([range(0, 100)]);
  assert.equal(cache.heldBytes, 0);
  assert.throws(() => read(cache, 100_400, 101), { code: "truncated" });
});

Deno.test("Over a local file, small reads come from pages of 16 KiB, large ones straight from the file", () => {
  const reads: [number, number][] = [];
  const readIntoSync = (offset: number, target: Uint8Array) => {
    reads.push([offset, target.length]);
    target.set(part(offset, target.length));
  };
  const source = { byteLength: BYTES.length, readIntoSync, read: () => Promise.reject(new Error("not this way")) };
  const cache = cacheOver(source);
  assert.deepEqual(read(cache, 100, 500), part(100, 500));
  assert.deepEqual(read(cache, 600, 500), part(600, 500));
  assert.deepEqual(read(cache, 16_380, 10), part(16_380, 10));
  assert.deepEqual(read(cache, 100_000, 500), part(100_000, 500));
  assert.deepEqual(read(cache, 5, 50_000), part(5, 50_000));
  assert.deepEqual(reads, [[0, 16_384], [16_384, 16_384], [98_304, 2196], [5, 50_000]]);
  cache.blockSize = 4096;
  assert.equal(cache.blockSize, 16_384);
});
