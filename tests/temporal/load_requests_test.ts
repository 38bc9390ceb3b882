import assert from "node:assert/strict";
import type { OpenOptions } from "../../src/hdf5/file.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { until } from "../support/until.ts";

/** What isn't guessed at: pages alone, no more of them than are needed, all at once. */
const PLAIN: OpenOptions = { smallFileBytes: 0, readAheadBytes: 0, blockSize: 4096, maxParallel: 64 };

interface Size {
  /** Rows of large arrays. */
  readonly rows: number;
  /** Objects of each kind. */
  readonly objects: number;
  /** Arrays of each object. */
  readonly arrays: number;
}

/** Large and small objects by turns, and a recording within a recording within it. */
function session({ rows, objects, arrays }: Size): Data {
  const columns = (count: number) =>
    Object.fromEntries(Array.from({ length: arrays }, (_, i) => [`array_${i}`, new Float64Array(count).fill(i)]));
  const events = () =>
    new IrregularTimeSeries({ timestamps: new Float64Array(rows).map((_, j) => j / 100), ...columns(rows) });
  const members: Record<string, unknown> = { session_id: "session_0", subjects: ["a", "b"] };
  for (let i = 0; i < objects; i++) {
    members[`events_${i}`] = events();
    members[`signal_${i}`] = new RegularTimeSeries(columns(rows), { samplingRate: 100 });
    members[`trials_${i}`] = new Interval([0, 1], [1, 2], columns(2));
    members[`units_${i}`] = new ArrayDict({ id: ["a", "b", "c"], ...columns(3) });
  }
  const deep = new Data({ trials: new Interval([0, 1], [1, 2]) }, { domain: "auto" });
  return new Data({ ...members, within: new Data({ events: events(), deep }, { domain: "auto" }) }, { domain: "auto" });
}

async function serving(data: Data, run: (url: string, server: RangeServer) => Promise<void>): Promise<void> {
  const server = await startRangeServer({ "/session.h5": await data.toBytes() });
  try {
    await run(`${server.url}/session.h5`, server);
  } finally {
    await server.close();
  }
}

function ranges(server: RangeServer): (readonly [offset: number, length: number])[] {
  return server.log.map(({ offset, length }) => [offset!, length!] as const).sort(([a], [b]) => a - b);
}

Deno.test("a small session costs one request, its arrays and slices none after that", async () => {
  await serving(session({ rows: 50, objects: 1, arrays: 2 }), async (url, server) => {
    await using data = await Data.load(url);
    assert.deepEqual(ranges(server), [[0, server.log[0]!.length]]);
    assert.equal(await data.get<Data>("within.events.array_0") instanceof Float64Array, true);
    await data.slice(0.1, 0.3).materialize();
    assert.equal(server.log.length, 1);
  });
});

Deno.test("a session is loaded by its metadata alone, the slice of an array by the rows that lie in it", async () => {
  await serving(session({ rows: 100_000, objects: 1, arrays: 4 }), async (url, server) => {
    await using data = await Data.load(url, PLAIN);
    const bytes = server.log.reduce((sum, { length }) => sum + length!, 0);
    assert.ok(data.file!.byteLength > 11_000_000);
    // The head of 64 KiB, and some pages of 4 KiB.
    assert.ok(server.log.length <= 12 && bytes < 65_536 + 20 * 4096, `${server.log.length} requests, ${bytes} bytes`);
    assert.equal(data.describe("events_0.array_3").loaded, false);
    server.clear();
    const events = data.get<IrregularTimeSeries>("events_0") as IrregularTimeSeries;
    const window = data.slice(500, 501).slice(0.25, 0.75);
    assert.deepEqual(window.describe("events_0.array_1"), { ...events.describe("array_1"), shape: [null] });
    assert.equal(server.log.length, 0, "slicing reads nothing");
    assert.deepEqual(await window.get<Float64Array>("events_0.array_1"), new Float64Array(50).fill(1));
    const [index, times, rows] = server.log;
    assert.equal(server.log.length, 3, "the index of seconds, the timestamps about the window, the rows");
    assert.ok(index!.length! <= 1001 * 8 + 4096 && times!.length! <= 2 * 4096);
    assert.equal(rows!.length, 50 * 8);
    server.clear();
    assert.deepEqual(await window.get<Float64Array>("signal_0.array_2"), new Float64Array(50).fill(2));
    assert.deepEqual(server.log.map(({ length }) => length), [50 * 8]);
    server.clear();
    await window.get<Float64Array>("events_0.array_1");
    assert.equal(server.log.length, 0, "what is at hand costs nothing");
    await data.slice(500, 501).get<Float64Array>("events_0.timestamps");
    await data.slice(500.1, 500.9).get<Float64Array>("events_0.timestamps");
    assert.equal(server.log.length, 1, "from the second window on, whole pages, which hold others too");
  });
});

Deno.test("round trips of loading follow the depth of nesting, not the number of arrays or objects", async () => {
  const costs: [trips: number, requests: number][] = [];
  for (const size of [[1, 2], [1, 24], [6, 2], [6, 24]] as const) {
    await serving(session({ rows: 3000, objects: size[0], arrays: size[1] }), async (url, server) => {
      const loads: [trips: number, requests: number][] = [];
      // A busy machine may answer one request after another that was sent with it: the least of three counts.
      for (let i = 0; i < 3; i++) {
        server.clear();
        await using data = await Data.load(url, PLAIN);
        loads.push([data.file!.cost.roundTrips, server.log.length]);
      }
      costs.push(loads.sort(([a], [b]) => a - b)[0]!);
    });
  }
  const trips = costs.map(([count]) => count);
  console.log(`round trips, requests: ${costs.map((cost) => cost.join(", ")).join("; ")}`);
  // Four levels: of each its headers, where its links are, what is in them; then the domains.
  assert.ok(Math.max(...trips) <= 4 * 3 + 1, `${trips}`);
  assert.ok(trips[3]! - trips[0]! <= 3, `${trips}`);
});

Deno.test("the index of seconds isn't read when a session is loaded, however long it is", async () => {
  const spikes = new IrregularTimeSeries({ timestamps: [0, 150_000] });
  await serving(new Data({ spikes }, { domain: "auto" }), async (url, server) => {
    await using data = await Data.load(url, { ...PLAIN, smallFileBytes: 0 });
    assert.ok(data.file!.byteLength > 1_200_000);
    const bytes = server.log.reduce((sum, { length }) => sum + length!, 0);
    assert.ok(bytes <= 65_536 + 4 * 4096, `${bytes} bytes`);
    assert.deepEqual(data.describe("spikes.timestamps").shape, [2]);
  });
});

Deno.test("many sessions of one server are loaded and read at once", async () => {
  await serving(session({ rows: 2000, objects: 1, arrays: 2 }), async (url, server) => {
    server.setLatency(5);
    const sums = await Promise.all(Array.from({ length: 5 }, async (_, i) => {
      await using data = await Data.load(url);
      const values = await data.slice(i, i + 2).get<Float64Array>("signal_0.array_1");
      return values.reduce((sum, value) => sum + value, 0);
    }));
    assert.deepEqual(sums, [200, 200, 200, 200, 200]);
  });
});

Deno.test("loading ends when it is aborted, and leaves nothing open", async () => {
  await serving(session({ rows: 20_000, objects: 1, arrays: 2 }), async (url, server) => {
    for (const reason of [new DOMException("enough", "AbortError"), new Error("stop")]) {
      const abort = new AbortController();
      server.clear();
      const release = server.hold(1);
      const loading = Data.load(url, { signal: abort.signal, ...PLAIN });
      void until(() => server.log.length > 1).then(() => abort.abort(reason));
      await assert.rejects(loading, (error) => error === reason);
      release();
    }
    await assert.rejects(Data.load(url, { signal: AbortSignal.abort() }), /^AbortError/);
  });
});
