import assert from "node:assert/strict";
import { create, type H5File, open, type OpenOptions, slice } from "../../mod.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";

// What is asked for is asserted byte by byte. Where the chunks of /signal lie was read with h5py's get_chunk_info: of
// rows 10,000 and 10,200 at 113,225 (4,068 bytes together), of 15,000 and 15,200 at 169,203 (4,057), of 2,000 up to
// 9,000 from 32,082 to 103,100, the first of them that the head of 64 KiB doesn't hold at 64,512. The head holds the
// groups and the root of the chunk index as well; the index' leaves lie at 143,649 and 146,265.
const PAGED: OpenOptions = { smallFileBytes: 0, blockSize: 4096, readAheadBytes: 0 };

type Ranges = [offset: number, length: number][];

/** Runs a step and gives the ranges that it asked for, in order. */
async function rangesOf(server: RangeServer, step: () => Promise<unknown>): Promise<Ranges> {
  server.clear();
  await step();
  return server.log.map(({ offset, length }) => [offset!, length!]);
}

async function withSignal(
  options: OpenOptions,
  run: (file: () => Promise<H5File>, server: RangeServer) => Promise<void>,
) {
  const server = await startRangeServer(new URL("../data/", import.meta.url));
  try {
    await run(() => open(`${server.url}/signal.h5`, options), server);
  } finally {
    await server.close();
  }
}

Deno.test("opening takes one request, listing and finding a dataset near the head none", async () => {
  await withSignal(PAGED, async (opening, server) => {
    let file!: H5File;
    assert.deepEqual(await rangesOf(server, async () => file = await opening()), [[0, 65536]]);
    assert.deepEqual(await rangesOf(server, () => file.links()), []);
    assert.deepEqual(await rangesOf(server, () => file.dataset("/signal")), []);
    assert.deepEqual([file.cost.requests, file.cost.bytes, file.cost.roundTrips], [1, 65536, 1]);
    await file.close();
  });
});

Deno.test("a cold slice takes the leaf of the chunk index and then the chunks, to the byte; a second slice its chunks alone", async () => {
  await withSignal(PAGED, async (opening, server) => {
    const file = await opening();
    const signal = await file.dataset("/signal");
    const first = await rangesOf(server, () => signal.read([slice(10_000, 10_400)]));
    assert.equal(first.length, 2);
    assert.deepEqual(first[1], [113_225, 4068]);
    assert.equal(file.cost.roundTrips, 3);
    assert.deepEqual(await rangesOf(server, () => signal.read([slice(15_000, 15_400)])), [[169_203, 4057]]);
    assert.equal(file.cost.roundTrips, 4);
    assert.deepEqual(await rangesOf(server, () => signal.attributes.get("unit")), []);
    await file.close();
  });
});

Deno.test("a slice of many chunks is merged into as few requests as their largest size allows, in flight together", async () => {
  await withSignal({ ...PAGED, maxRequestBytes: 20_000 }, async (opening, server) => {
    const file = await opening();
    const signal = await file.dataset("/signal");
    await signal.read([slice(10_000, 10_400)]);
    server.setLatency(20);
    const before = file.cost.roundTrips;
    const ranges = await rangesOf(server, () => signal.read([slice(2000, 9000)]));
    assert.deepEqual(ranges, [[64_512, 18_286], [82_798, 18_278], [101_076, 2024]]);
    assert.equal(file.cost.roundTrips - before, 1);
    assert(server.maxInFlight > 1, `${server.maxInFlight} in flight`);
    await file.close();
  });
});

Deno.test("chunks that lie apart are fetched apart, and those within the gap together", async () => {
  const apart = [40, 60, 90];
  const rows = apart.map((chunk) => chunk * 200);
  for (const [gap, requests] of [[0, 3], [1_000_000, 1]] as const) {
    await withSignal({ ...PAGED, gap }, async (opening, server) => {
      const file = await opening();
      const signal = await file.dataset("/signal");
      await signal.read([[0, 10_000, 19_999]]);
      const ranges = await rangesOf(server, () => signal.read([rows]));
      assert.equal(ranges.length, requests);
      await file.close();
    });
  }
});

Deno.test("a slice that overlaps the one before asks only for what that one hadn't", async () => {
  await withSignal(PAGED, async (opening, server) => {
    const file = await opening();
    const signal = await file.dataset("/signal");
    await signal.read([slice(10_000, 10_300)]);
    assert.deepEqual(await rangesOf(server, () => signal.read([slice(10_100, 10_400), 3])), []);
    const grown = await rangesOf(server, () => signal.read([slice(10_300, 10_500)]));
    assert.equal(grown.length, 1);
    assert.equal(grown[0]![0], 113_225 + 4068, "the chunk that follows the two that are at hand");
    await file.close();
  });
});

Deno.test("a small file is taken whole by its first miss, and nothing after that costs a request", async () => {
  await withSignal({}, async (opening, server) => {
    const asked = await rangesOf(server, async () => {
      const file = await opening();
      await (await file.dataset("/signal")).read([slice(10_000, 10_400)]);
      await (await file.dataset("/signal")).read();
      assert.equal(file.cost.roundTrips, 2);
      await file.close();
    });
    assert.deepEqual(asked, [[0, 65_536], [65_536, 219_978 - 65_536]]);
  });
});

Deno.test("small reads of contiguous data that say others near will follow fetch pages, and what lies in those is free", async () => {
  await using made = await create();
  await made.createDataset("times", { data: Float64Array.from({ length: 100_000 }, (_, i) => i / 10) });
  const bytes = await made.bytes();
  const server = await startRangeServer({ "/times.h5": bytes });
  try {
    const file = await open(`${server.url}/times.h5`, PAGED);
    const times = await file.dataset("/times");
    const exact = await rangesOf(server, () => times.read([slice(50_000, 50_010)]));
    assert.deepEqual(exact.map(([, length]) => length), [80]);
    const paged = await rangesOf(server, async () => {
      for (let row = 50_000; row < 51_000; row += 50) {
        const { data } = await times.read([slice(row, row + 10)], { wholePages: true });
        assert.equal(data[9], (row + 9) / 10);
      }
    });
    assert.ok(paged.length <= 3, `${paged.length} requests of pages for 20 reads`);
    assert.ok(paged.every(([offset, length]) => offset % 4096 === 0 && length % 4096 === 0));
    const large = await rangesOf(server, () => times.read([slice(60_000, 62_000)], { wholePages: true }));
    assert.deepEqual(large.map(([, length]) => length), [16_000], "a read of many pages is as long as it must be");
    await file.close();
  } finally {
    await server.close();
  }
});
