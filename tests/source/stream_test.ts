import assert from "node:assert/strict";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import { errorOf, listed, pattern, range, scripted, settle } from "./support.ts";

const BYTES = pattern(100_000);
const part = (offset: number, length: number) => BYTES.subarray(offset, offset + length);

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

Deno.test("stream() hands on every range with its bytes, neighbours by one request", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 100 });
  const ranges = [0, 20, 5000, 5020, 9000].map((offset, id) => ({ offset, length: 10, id }));
  const deliveries = await collect(fetcher.stream(ranges));
  assert.deepEqual(source.reads, [range(0, 30), range(5000, 30), range(9000, 10)]);
  assert.deepEqual(deliveries.map(({ range }) => range.id).sort(), [0, 1, 2, 3, 4]);
  for (const { range, bytes } of deliveries) {
    assert.equal(range, ranges[range.id]);
    assert.deepEqual(bytes, part(range.offset, 10));
  }
  assert.equal(fetcher.meter.cost.roundTrips, 1);
});

Deno.test("stream() hands on what arrives first while the rest is under way", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const stream = fetcher.stream([range(0, 10), range(1000, 10), range(2000, 10)]);
  const first = stream.next();
  await settle();
  assert.equal(source.reads.length, 3);
  await source.reads[2]?.answer();
  assert.deepEqual((await first).value?.range, range(2000, 10));
  await source.reads[0]?.answer();
  assert.deepEqual((await stream.next()).value?.range, range(0, 10));
  await source.reads[1]?.answer();
  assert.deepEqual((await stream.next()).value?.bytes, part(1000, 10));
  assert.equal((await stream.next()).done, true);
});

Deno.test("stream() pulls ranges no further ahead than its budget, and goes on as they are used", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0, maxBytesInFlight: 3000 });
  let pulled = 0;
  const ranges = function* () {
    for (; pulled < 10;) yield range(pulled++ * 2000, 1000);
  };
  const stream = fetcher.stream(ranges());
  for (let i = 0; i < 10; i++) {
    const next = stream.next();
    await settle();
    assert.equal(source.reads.length, Math.min(10, i + 3));
    assert.equal(pulled, Math.min(10, i + 4), "three in the window, and the one that doesn't fit");
    await source.reads[i]?.answer();
    assert.deepEqual((await next).value?.range, range(i * 2000, 1000));
  }
  assert.equal((await stream.next()).done, true);
});

Deno.test("stream() holds a request back only where the next range would make it longer", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0, maxBytesInFlight: 300 });
  const stream = fetcher.stream([range(0, 100), range(1000, 100), range(2000, 100), range(2100, 100)]);
  const first = stream.next();
  await settle();
  assert.deepEqual(source.reads.map(({ offset, length }) => [offset, length]), [[0, 100], [1000, 100]]);
  await source.reads[0]?.answer();
  await first;
  const second = stream.next();
  await settle();
  assert.deepEqual(source.reads.map(({ offset, length }) => [offset, length]), [[0, 100], [1000, 100], [2000, 200]]);
  await source.reads[1]?.answer();
  await second;
  await stream.return();
});

Deno.test("stream() lets a range through that is larger than its budget, alone", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const deliveries = await collect(fetcher.stream([range(0, 5000), range(6000, 5000)], { maxBytesInFlight: 100 }));
  assert.deepEqual(deliveries.map(({ bytes }) => bytes.length), [5000, 5000]);
  assert.equal(fetcher.meter.cost.roundTrips, 2);
});

Deno.test("stream() merges what the window cuts apart: neighbours in file order make requests of full length", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0, maxRequestBytes: 2000, maxBytesInFlight: 5000 });
  const ranges = Array.from({ length: 100 }, (_, i) => range(i * 100, 100));
  const deliveries = await collect(fetcher.stream(ranges));
  assert.equal(deliveries.length, 100);
  assert.deepEqual(source.reads, [0, 1, 2, 3, 4].map((i) => range(i * 2000, 2000)));
});

Deno.test("stream() delivers empty ranges and repeated ones", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source);
  const deliveries = await collect(fetcher.stream([range(5, 0), range(10, 10), range(10, 10)]));
  assert.deepEqual(deliveries.map(({ bytes }) => bytes.length), [0, 10, 10]);
  assert.equal(source.reads.length, 1);
  assert.deepEqual(await collect(fetcher.stream([])), []);
});

Deno.test("stream() aborts what is under way when its loop is left, and closes the ranges", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0, maxBytesInFlight: 45 });
  let closed = false;
  const ranges = function* () {
    try {
      for (let i = 0;; i++) yield range(i * 1000, 10);
    } finally {
      closed = true;
    }
  };
  const stream = fetcher.stream(ranges());
  const first = stream.next();
  await settle();
  await source.reads[0]?.answer();
  await first;
  assert.equal(source.reads.length, 4);
  await stream.return();
  assert.equal(closed, true);
  assert.deepEqual(source.reads.map(({ signal }) => signal?.aborted), [false, true, true, true]);
});

Deno.test("stream() rejects with the signal's reason, and with what the source throws", async () => {
  const source = scripted(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const controller = new AbortController();
  const reason = new Error("enough");
  const aborted = errorOf(collect(fetcher.stream([range(0, 10), range(1000, 10)], { signal: controller.signal })));
  await settle();
  controller.abort(reason);
  assert.equal(await aborted, reason);
  const failing = errorOf(collect(fetcher.stream([range(0, 10), range(1000, 10)])));
  await settle();
  await source.reads[3]?.fail(new Error("no"));
  assert.equal((await failing).code, "source");
  assert.equal(source.reads[2]?.signal?.aborted, true);
  assert.equal((await errorOf(collect(fetcher.stream([range(0, 1e9)])))).code, "truncated");
});

Deno.test("stream() reads bytes at hand one range after the other, as they are wanted", async () => {
  const fetcher = new RangeFetcher(memorySource(BYTES));
  let pulled = 0;
  const ranges = function* () {
    for (; pulled < 10;) yield range(pulled++ * 100, 10);
  };
  for await (const { range, bytes } of fetcher.stream(ranges())) {
    assert.deepEqual(bytes, part(range.offset, 10));
    if (pulled === 3) break;
  }
  assert.equal(pulled, 3);
  assert.equal(fetcher.meter.cost.requests, 3);
});

Deno.test("stream() delivers many small scattered ranges, more than it plans at once", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const ranges = Array.from({ length: 5000 }, (_, i) => range(i * 20, 10));
  const deliveries = await collect(fetcher.stream(ranges));
  assert.deepEqual(new Set(deliveries.map(({ range }) => range)), new Set(ranges));
  assert.deepEqual(source.reads, ranges);
});

Deno.test("readMany() reads many scattered ranges, more than wait in the pool at once", async () => {
  const source = listed(BYTES);
  const fetcher = new RangeFetcher(source, { gap: 0 });
  const ranges = Array.from({ length: 5000 }, (_, i) => range(i * 20, 10));
  assert.deepEqual(await fetcher.readMany(ranges), ranges.map(({ offset }) => part(offset, 10)));
  assert.equal(source.reads.length, 5000);
});
