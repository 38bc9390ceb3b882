import assert from "node:assert/strict";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { PageCache } from "../../src/source/pages/page_cache.ts";
import { ReadAhead } from "../../src/source/fetch/read_ahead.ts";
import { listed, pattern, range } from "./support.ts";

const KIB = 1024;
const BYTES = pattern(64 * 1024 * KIB);

/** Reads 512 bytes at each offset, one call after the other, and gives the lengths of the requests in KiB. */
async function walk(offsets: Iterable<number>, head = 64 * KIB): Promise<{ requests: number[]; offsets: number[] }> {
  const source = listed(BYTES);
  const cache = new PageCache(new RangeFetcher(source), {
    blockSize: 64 * KIB,
    cacheBytes: 64 * 1024 * KIB,
    readAheadBytes: 1024 * KIB,
    head: BYTES.subarray(0, head),
  });
  const target = new Uint8Array(512);
  for (const offset of offsets) {
    const call = cache.begin();
    while (!call.tryRead(offset, target)) await call.load();
    assert.deepEqual(target, BYTES.subarray(offset, offset + 512));
    call.end();
  }
  return {
    requests: source.reads.map(({ length }) => length / KIB),
    offsets: source.reads.map(({ offset }) => offset / KIB),
  };
}

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

Deno.test("A cold slice that misses twice fetches two pages, no more", async () => {
  assert.deepEqual((await walk([100, 30_000 * KIB, 1000 * KIB])).requests, [64, 64]);
});

Deno.test("A walk in file order fetches twice as much each time, up to the limit", async () => {
  const { requests, offsets } = await walk(steps(0, 8 * 1024 * KIB, 4 * KIB));
  assert.deepEqual(requests, [64, 64, 128, 256, 512, 1024, 1024, 1024, 1024, 1024, 1024, 1024]);
  assert.deepEqual(offsets.slice(0, 5), [64, 128, 192, 320, 576]);
});

Deno.test("A walk backwards is followed too", async () => {
  const { requests } = await walk(steps(0, 4 * 1024 * KIB, 4 * KIB).map((offset) => 40_000 * KIB - offset));
  assert.ok(requests.length <= 12, requests.join());
});

Deno.test("Misses in no order within one region need at most half as many requests as pages", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const offsets = Array.from({ length: 500 }, () => 20_000 * KIB + Math.floor(random() * 4 * 1024 * 2) * 512);
  const { requests } = await walk(offsets);
  assert.ok(requests.length <= 32, requests.join()); // of 64 pages
});

Deno.test("Misses far apart fetch one page each: nothing near them has ever been of use", async () => {
  const { requests } = await walk(steps(1024 * KIB, 60 * 1024 * KIB, 2000 * KIB));
  assert.deepEqual(new Set(requests), new Set([64]));
});

Deno.test("Whatever the walk, what was fetched and not used stays below what was used, but for 128 KiB", async () => {
  let seed = 11;
  const random = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
  for (let round = 0; round < 30; round++) {
    const [start, spread, step] = [random(50_000), 1 + random(10_000), random(500)] as const;
    const offsets = Array.from({ length: 60 }, (_, i) => (start + (i * step + random(spread)) % 10_000) * KIB);
    const { requests } = await walk(offsets);
    const used = new Set(
      offsets.flatMap((offset) => [offset, offset + 511]).map((at) => Math.floor(at / (64 * KIB))),
    ).size;
    const fetched = requests.reduce((a, b) => a + b, 0) / 64;
    assert.ok(fetched <= 2 * used + 2, `${fetched} pages fetched, ${used} used`);
    assert.ok(requests.length <= used);
  }
});

Deno.test("Many pages needed at once are fetched as they are: they come in parallel already", () => {
  const readAhead = new ReadAhead(1024 * KIB);
  const around = { blockSize: 64 * KIB, pages: 1000, most: 100, has: (page: number) => page % 10 === 9 };
  const runs = [10, 20, 30, 40].map((first) => ({ first, last: first }));
  for (let load = 1; load < 9; load++) assert.deepEqual(readAhead.extend(runs, { ...around, load }), [10, 20, 30, 40]);
});

Deno.test("Read-ahead stops at the end of the file and at pages that are there", () => {
  const readAhead = new ReadAhead(1024 * KIB);
  const has = (page: number) => page === 0 || page === 4 || page === 9;
  const extend = (page: number, load: number) =>
    readAhead.extend([{ first: page, last: page }], { load, blockSize: 64 * KIB, pages: 12, most: 100, has });
  assert.deepEqual([extend(1, 1), extend(1, 2), extend(1, 3)], [[1], [1], [1, 2]]);
  assert.deepEqual(extend(1, 4), [1, 2, 3]);
  assert.deepEqual(extend(10, 5), [10, 11]);
});

Deno.test("With readAheadBytes 0 only what is needed is fetched", async () => {
  const source = listed(BYTES);
  const cache = new PageCache(new RangeFetcher(source), { blockSize: 64 * KIB, readAheadBytes: 0 });
  for (const offset of steps(0, 1024 * KIB, 64 * KIB)) await cache.load([range(offset, 1)]);
  assert.deepEqual(new Set(source.reads.map(({ length }) => length)), new Set([64 * KIB]));
});
