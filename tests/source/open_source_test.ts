import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CostMeter } from "../../src/source/cost.ts";
import { Data, NWBFile, open, openAny, openNpy, openNpz } from "../../mod.ts";
import { openSource, type SourceInput } from "../../src/source/open_source.ts";
import type { ByteSource, RequestEvent } from "../../src/source/types.ts";
import { startRangeServer } from "../support/range_server.ts";
import { errorOf, listed, pattern, range } from "./support.ts";

const BYTES = pattern(1_000_000);

/** What can be opened as one and the same bytes, and how to clean up. */
async function inputs(): Promise<{ all: [string, SourceInput][]; url: string; end: () => Promise<void> }> {
  const server = await startRangeServer({ "/a.bin": BYTES });
  const file = join(tmpdir(), `microtome-open-${crypto.randomUUID()}.bin`);
  writeFileSync(file, BYTES);
  const url = `${server.url}/a.bin`;
  const shared = new SharedArrayBuffer(BYTES.length);
  new Uint8Array(shared).set(BYTES);
  const bucket = {
    get: (_: string, { range }: { range?: { offset: number; length: number } } = {}) =>
      Promise.resolve({
        size: BYTES.length,
        etag: "v",
        arrayBuffer: () => Promise.resolve(BYTES.slice(range?.offset, range && range.offset + range.length).buffer),
      }),
    head: () => Promise.resolve(null),
  };
  return {
    url,
    all: [
      ["an address", url],
      ["a URL", new URL(url)],
      ["a path", file],
      ["a file URL", pathToFileURL(file)],
      ["a file URL as a string", pathToFileURL(file).href],
      ["an ArrayBuffer", BYTES.buffer],
      ["a SharedArrayBuffer", shared],
      ["a Uint8Array", BYTES],
      ["a DataView", new DataView(BYTES.buffer)],
      ["a Blob", new Blob([BYTES])],
      ["a File", new File([BYTES], "a.bin")],
      ["an object in R2", { bucket, key: "a.bin" }],
      ["a source of the user's", listed(BYTES)],
      ["an AsyncBuffer", { byteLength: BYTES.length, slice: BYTES.buffer.slice.bind(BYTES.buffer) }],
    ],
    async end() {
      await server.close();
      rmSync(file);
    },
  };
}

Deno.test("openSource() opens everything that it says it opens, and reads the same bytes", async (t) => {
  const { all, end } = await inputs();
  for (const [name, input] of all) {
    await t.step(name, async () => {
      const { source, fetcher, cache, close } = await openSource(input);
      assert.equal(source.byteLength, BYTES.length);
      const asked = [range(0, 100), range(500_000, 100_000), range(999_999, 1)];
      const expected = asked.map(({ offset, length }) => BYTES.subarray(offset, offset + length));
      assert.deepEqual(await fetcher.readMany(asked), expected);
      const call = cache.begin();
      const target = new Uint8Array(300);
      while (!call.tryRead(70_000, target)) await call.load();
      assert.deepEqual(target, BYTES.subarray(70_000, 70_300));
      call.end();
      await close();
      await close();
      assert.equal((await errorOf(fetcher.read(range(0, 1)))).code, "closed");
    });
  }
  await end();
});

Deno.test("openSource() counts the opening, and what it brought isn't paid for again", async () => {
  const { url, end } = await inputs();
  const events: RequestEvent[] = [];
  const { cache, meter, fetcher, close } = await openSource(url, { onRequest: (event) => events.push(event) });
  assert.deepEqual(meter.cost, {
    requests: 1,
    bytes: 65_536,
    roundTrips: 1,
    cacheHits: 0,
    cacheMisses: 0,
    retries: 0,
  });
  assert.equal(cache.tryRead(0, new Uint8Array(65_536)), true);
  await cache.readMany([range(1000, 10)]);
  await fetcher.read(range(60_000, 100));
  assert.equal(meter.cost.requests, 1);
  await cache.load([range(65_530, 10)]);
  assert.deepEqual(events.map(({ source, offset, length, roundTrip }) => [source, offset, length, roundTrip]), [
    [url, 0, 65_536, 1],
    [url, 65_536, 65_536, 2],
  ]);
  await close();
  await end();
});

Deno.test("openSource() counts failed tries of opening too, and several files by one meter", async () => {
  const { url, end } = await inputs();
  const meter = new CostMeter();
  await (await openSource(`${url}?behave=status&status=503&times=1`, { meter, backoff: 1 })).close();
  await (await openSource(url, { meter })).close();
  const { requests, roundTrips, retries } = meter.cost;
  assert.deepEqual({ requests, roundTrips, retries }, { requests: 3, roundTrips: 3, retries: 1 });
  await end();
});

Deno.test("openSource() passes limits on", async () => {
  const { url, end } = await inputs();
  const { cache, fetcher, close } = await openSource(url, { blockSize: 4096, maxReadBytes: 100, headBytes: 10 });
  assert.equal(cache.blockSize, 4096);
  assert.equal((await errorOf(fetcher.read(range(0, 101)))).code, "limit");
  await close();
  assert.equal((await errorOf(openSource(url, { maxParallel: 0 }))).name, "RangeError");
  await end();
});

Deno.test("A file that came whole costs nothing more, whatever is read of it", async () => {
  const { url, end } = await inputs();
  const { cache, fetcher, meter, close } = await openSource(`${url}?behave=ignore-range`);
  assert.equal(cache.tryRead(900_000, new Uint8Array(1000)), true);
  await fetcher.readMany([range(0, 500_000)]);
  assert.deepEqual([meter.cost.requests, meter.cost.bytes], [1, 1_000_000]);
  await close();
  await end();
});

Deno.test("openSource() says what it was given where it can't open that", async () => {
  const wrong: [unknown, RegExp][] = [
    [42, /^Cannot open the number 42: expected a URL, a path, /],
    [undefined, /^Cannot open undefined: /],
    [null, /^Cannot open null: /],
    [[1, 2], /^Cannot open an object of class Array: /],
    [{ byteLength: 5 }, /^Cannot open an object of class Object: /],
    [{ byteLength: NaN, read() {} }, /^Cannot open a source whose byteLength is NaN: /],
    [{ byteLength: -1, read() {} }, /byteLength is -1/],
    ["s3://bucket/key", /^Cannot open an address with the scheme "s3": expected http, https or file$/],
    [new URL("data:,x"), /scheme "data"/],
    ["", /^Cannot open an empty path$/],
  ];
  for (const [input, message] of wrong) {
    const error = await errorOf(openSource(input as SourceInput));
    assert.equal(error.name, "TypeError", String(input));
    assert.match(error.message, message);
  }
});

Deno.test("what opens says so too, also where it gives the call a time", async () => {
  for (const input of [null, undefined, 42] as unknown[] as SourceInput[]) {
    const openers: ((source: SourceInput) => Promise<unknown>)[] = [open, openAny, openNpy, openNpz];
    openers.push((source) => NWBFile.open(source), (source) => Data.load(source));
    for (const opening of openers) {
      const error = await errorOf(opening(input));
      assert.equal(error.name, "TypeError", `${opening}`);
      assert.match(error.message, /^Cannot open (null|undefined|the number 42): expected a URL, a path, /);
    }
  }
});

Deno.test("openSource() says of a path, where there are no files, what to give instead", async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Cloudflare-Workers" }, configurable: true });
  try {
    const error = await errorOf(openSource("/data/a.nwb"));
    assert.equal(error.code, "unsupported");
    assert.equal(
      error.message,
      'Cannot open the path "/data/a.nwb": Workers have no local files; give a URL with http or https, a Blob, or bytes',
    );
  } finally {
    if (own === undefined) delete (globalThis as { navigator?: unknown }).navigator;
    else Object.defineProperty(globalThis, "navigator", own);
  }
});

Deno.test("A user's source that fails or lies is a clear error", async () => {
  const failing: ByteSource = { name: "mine", byteLength: 100, read: () => Promise.reject("a string") };
  const error = await errorOf((await openSource(failing)).fetcher.read(range(0, 10)));
  assert.deepEqual([error.code, error.message], ["source", "Cannot read bytes 0 to 9 of mine: a string"]);
  const throwing = {
    byteLength: 100,
    read() {
      throw new Error("at once");
    },
  };
  assert.equal((await errorOf((await openSource(throwing)).fetcher.read(range(0, 10)))).code, "source");
  const short = { byteLength: 100, slice: () => new ArrayBuffer(3) };
  assert.equal((await errorOf((await openSource(short)).fetcher.read(range(0, 10)))).code, "protocol");
});

Deno.test("Opening is aborted with the signal's reason", async () => {
  const { url, end } = await inputs();
  const reason = new Error("enough");
  assert.equal(await errorOf(openSource(url, { signal: AbortSignal.abort(reason) })), reason);
  const controller = new AbortController();
  const opening = errorOf(openSource(`${url}?behave=hang`, { signal: controller.signal }));
  setTimeout(() => controller.abort(reason), 5);
  assert.equal(await opening, reason);
  await end();
});
