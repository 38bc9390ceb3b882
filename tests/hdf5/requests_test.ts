import assert from "node:assert/strict";
import { open, type OpenOptions, slice } from "../../mod.ts";
import { startRangeServer } from "../support/range_server.ts";

// signal.h5: 20,000 x 8 int16 in 100 chunks of 200 x 8, shuffle and deflate. Small enough to be taken whole at the
// first miss, so these options make it behave as a large file does.
const LIKE_A_LARGE_FILE: OpenOptions = {
  blockSize: 4096,
  headBytes: 4096,
  smallFileBytes: 0,
  gap: 1024,
  readAheadBytes: 0,
};
const SIGNAL = new URL("../data/signal.h5", import.meta.url);

type Step = "open" | "list" | "find" | "cold" | "second" | "overlap" | "many";

/** What each step asked the server for, how many round trips that took, and how much was in flight at most. */
async function stepByStep(): Promise<
  { ranges: Record<Step, string[]>; trips: Record<Step, number>; inFlight: number }
> {
  const server = await startRangeServer({ "/signal.h5": await Deno.readFile(SIGNAL) });
  try {
    const ranges: Partial<Record<Step, string[]>> = {};
    const trips: Partial<Record<Step, number>> = {};
    await using file = await open(`${server.url}/signal.h5`, LIKE_A_LARGE_FILE);
    let seen = 0;
    const note = (step: Step) => {
      const asked = server.log.map(({ range }) => range?.replace("bytes=", "") ?? "whole");
      ranges[step] = asked.sort((a, b) => parseInt(a) - parseInt(b));
      trips[step] = file.cost.roundTrips - seen;
      seen = file.cost.roundTrips;
      server.clear();
    };
    note("open");
    await file.root.members();
    note("list");
    const signal = await file.dataset("/signal");
    note("find");
    await signal.read([slice(8000, 8300)]);
    note("cold");
    await signal.read([slice(12_000, 12_300)]);
    note("second");
    await signal.read([slice(12_100, 12_250), 3]);
    note("overlap");
    server.setLatency(5);
    await signal.read([slice(0, 20_000, 400), 0]);
    const inFlight = server.maxInFlight;
    note("many");
    return {
      ranges: ranges as Record<Step, string[]>,
      trips: trips as Record<Step, number>,
      inFlight,
    };
  } finally {
    await server.close();
  }
}

Deno.test("Open, list, find and slices cost exactly the requests that they need", async () => {
  const { ranges, trips, inFlight } = await stepByStep();
  assert.deepEqual(ranges.open, ["0-4095"], "one request, which learns the size and holds the head");
  assert.deepEqual(ranges.list, ["4096-12287", "143360-147455"], "the headers of all members at once");
  assert.equal(trips.list, 1);
  assert.deepEqual(ranges.find, [], "nothing new: the header is at hand");
  // Chunks as h5py's get_chunk_info tells: 8000 at 92944 (2030 bytes), 8200 at 94974 (2043): neighbours, one request.
  assert.deepEqual(ranges.cold, ["92944-97016", "147456-151551"], "a node of the chunk index, then both chunks");
  assert.equal(trips.cold, 2);
  // 12000 at 133507 (2015 bytes), 12200 at 135522 (2037).
  assert.deepEqual(ranges.second, ["133507-137558"], "the index is at hand: one round trip");
  assert.equal(trips.second, 1);
  assert.deepEqual(ranges.overlap, [], "chunks of the slice before are still at hand");
  assert.equal(trips.overlap, 0);
  // Every other chunk: 50 of which 8000 and 12000 are at hand. None are neighbours, so none are merged.
  assert.equal(ranges.many.length, 48);
  assert.equal(ranges.many[0], "11792-13812");
  assert.equal(ranges.many.at(-1), "215928-217956");
  assert.equal(inFlight, 6, "as many requests in flight as allowed, no more");
  assert.ok(trips.many >= 8 && trips.many <= 10, `${trips.many} round trips for 48 requests, six at a time`);
});

Deno.test("Many neighbouring chunks are merged into few requests", async () => {
  const server = await startRangeServer({ "/signal.h5": await Deno.readFile(SIGNAL) });
  try {
    await using file = await open(`${server.url}/signal.h5`, { ...LIKE_A_LARGE_FILE, maxRequestBytes: 65536 });
    const signal = await file.dataset("/signal");
    await signal.read([slice(0, 1)]);
    server.clear();
    const whole = await signal.read();
    const asked = server.log.map(({ range }) => range);
    assert.deepEqual(whole.shape, [20_000, 8]);
    const bytes = server.log.reduce((sum, entry) => sum + entry.bytes, 0);
    assert.ok(asked.length <= 8, `100 chunks in ${asked.length} requests: ${asked.join(" ")}`);
    assert.ok(bytes < 215_000, `${bytes} bytes for 204 KB of chunks`);
  } finally {
    await server.close();
  }
});

Deno.test("A small file is taken whole by its first miss, and nothing after that costs a request", async () => {
  const server = await startRangeServer({ "/signal.h5": await Deno.readFile(SIGNAL) });
  try {
    await using file = await open(`${server.url}/signal.h5`);
    await (await file.dataset("/signal")).read([slice(8000, 8300)]);
    await (await file.dataset("/signal")).read();
    assert.deepEqual(server.log.map(({ range }) => range), ["bytes=0-65535", "bytes=65536-219977"]);
    assert.equal(file.cost.roundTrips, 2);
  } finally {
    await server.close();
  }
});
