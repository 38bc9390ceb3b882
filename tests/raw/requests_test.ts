import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import type { Selection } from "../../src/array/types.ts";
import { openRaw, type RawOptions } from "../../src/raw/open_raw.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { randomBytes, withServer } from "./support.ts";

// 100,000 samples of 64 interleaved channels in int16: a row is 128 bytes.
const ROWS = 100_000;
const BYTES = randomBytes(ROWS * 128);
const OPTIONS: RawOptions = { dtype: "int16", shape: [null, 64], headBytes: 0, smallFileBytes: 0, wholeFileBytes: 0 };

type Ranges = [offset: number, length: number][];

/** What a selection asks a server for, file open. */
async function asked(selection: Selection, options: RawOptions = {}): Promise<Ranges> {
  let ranges: Ranges = [];
  await withServer({ "/x.bin": BYTES }, async (server) => {
    await using array = await openRaw(`${server.url}/x.bin`, { ...OPTIONS, ...options });
    server.clear();
    await array.read(selection);
    ranges = server.log.map(({ offset, length }): [number, number] => [offset!, length!]).sort(([a], [b]) => a - b);
  });
  return ranges;
}

Deno.test("opening takes one request, which tells the size", async () => {
  await withServer({ "/x.bin": BYTES }, async (server) => {
    await using array = await openRaw(`${server.url}/x.bin`, OPTIONS);
    assert.deepEqual(array.shape, [ROWS, 64]);
    assert.equal(server.log.length, 1);
    assert.equal(array.cost.requests, 1);
    assert.ok(array.cost.bytes <= 1, `${array.cost.bytes} bytes`);
  });
});

Deno.test("what the head of a file holds that opening has fetched costs nothing again", async () => {
  await withServer({ "/x.bin": BYTES }, async (server) => {
    await using array = await openRaw(`${server.url}/x.bin`, { dtype: "int16", shape: [null, 64], wholeFileBytes: 0 });
    assert.deepEqual(server.log.map(({ offset, length }) => [offset, length]), [[0, 65536]]);
    await array.read([slice(100)]);
    assert.equal(server.log.length, 1);
  });
});

Deno.test("whole rows ask for their bytes alone, in one request", async () => {
  assert.deepEqual(await asked([slice(5000, 5100)]), [[640_000, 12_800]]);
  assert.deepEqual(await asked([slice(5000, 5100)], { shape: [null, 32], offset: 128 }), [[320_128, 6400]]);
  assert.deepEqual(await asked([-1]), [[ROWS * 128 - 128, 128]]);
});

Deno.test("a column of short rows is read in whole runs, since that takes fewer requests", async () => {
  assert.deepEqual(await asked([slice(5000, 6000), 3]), [[640_006, 999 * 128 + 2]]);
  assert.deepEqual(await asked([slice(5000, 6000, 4), slice(8, 16)]), [[640_016, 996 * 128 + 16]]);
});

Deno.test("rows that lie further apart than the gap are asked for one by one", async () => {
  const step = 1000;
  assert.deepEqual(await asked([slice(5000, 8000, step)]), [[640_000, 128], [768_000, 128], [896_000, 128]]);
  assert.deepEqual(await asked([slice(5000, 8000, step), 3], { gap: 2 ** 20 }), [[640_006, 256_002]]);
  assert.deepEqual(await asked([[90_000, 10], null]), [[1280, 128], [11_520_000, 128]]);
});

Deno.test("a long read is cut into requests of the largest size, in flight together", async () => {
  await withServer({ "/x.bin": BYTES }, async (server) => {
    await using array = await openRaw(`${server.url}/x.bin`, { ...OPTIONS, maxRequestBytes: 2 ** 20 });
    server.clear();
    server.setLatency(20);
    await array.read();
    assert.equal(server.log.length, Math.ceil(BYTES.length / 2 ** 20));
    assert.ok(server.maxInFlight > 1);
    assert.equal(server.log.reduce((sum, { length }) => sum + length!, 0), BYTES.length);
  });
});

Deno.test("an array in Fortran order gives a channel in one run", async () => {
  const options = { order: "F", shape: [null, 64] } as const;
  assert.deepEqual(await asked([slice(100, 200), 3], options), [[3 * ROWS * 2 + 200, 200]]);
});

Deno.test("a write never takes in a byte that isn't selected", async () => {
  const written = async (selection: Selection, order: "C" | "F" = "C") => {
    const ranges: Ranges = [];
    const sink = memorySink();
    const watched = {
      ...sink,
      byteLength: 48,
      writeSync(offset: number, data: Uint8Array) {
        ranges.push([offset, data.length]);
      },
    };
    await using array = await openRaw(watched, { mode: "w+", dtype: "int16", shape: [6, 4], order });
    await array.write(selection, 1);
    return ranges;
  };
  assert.deepEqual(await written(null), [[0, 48]]);
  assert.deepEqual(await written([slice(1, 3)]), [[8, 16]]);
  assert.deepEqual(await written([null, 1]), [[2, 2], [10, 2], [18, 2], [26, 2], [34, 2], [42, 2]]);
  assert.deepEqual(await written([slice(2), slice(1, 3)]), [[2, 4], [10, 4]]);
  assert.deepEqual(await written([null, 1], "F"), [[12, 12]]);
  assert.deepEqual(await written([slice(null, null, -1)]), [[0, 48]]);
  assert.deepEqual(await written([[4, 0, 1]]), [[0, 16], [32, 8]]);
});
