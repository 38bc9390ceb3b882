import assert from "node:assert/strict";
import type { LazyArray } from "../../src/array/types.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { ClosedError, DTypeError, FormatError, ShapeError } from "../../src/source/errors.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { startRangeServer } from "../support/range_server.ts";
import { tell } from "./lazy_support.ts";

type Numbers = Float64Array | BigInt64Array | number[];

/** A file with `spikes`, as a writer could leave it: an index of seconds or none, times in any order. */
async function fileOf(
  timestamps: Float64Array,
  counts: Numbers | string[] | ReturnType<typeof ndarray> | null,
  domain: readonly [number, number],
): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await create();
  const interval = async (group: Awaited<ReturnType<typeof file.createGroup>>) => {
    await group.createDataset("start", { data: [domain[0]] });
    await group.createDataset("end", { data: [domain[1]] });
    await group.attributes.set("object", "Interval");
  };
  await file.attributes.set("object", "Data");
  await interval(await file.createGroup("domain"));
  const spikes = await file.createGroup("spikes");
  await spikes.attributes.set("object", "IrregularTimeSeries");
  await spikes.createDataset("timestamps", { data: timestamps });
  await spikes.createDataset("row", { data: Float64Array.from(timestamps, (_, i) => i) });
  if (counts !== null) await spikes.createDataset("timestamp_indices_1s", { data: counts });
  await interval(await spikes.createGroup("domain"));
  return await file.bytes();
}

const TIMES = Float64Array.from({ length: 100 }, (_, i) => i / 10);
const RIGHT = Array.from({ length: 11 }, (_, second) => second * 10);
const counts = (change: (count: number, second: number) => number) => BigInt64Array.from(RIGHT.map(change).map(BigInt));

/** What slices give of a series in memory; those of the lazy one must be the same. */
async function sameSlices(bytes: Uint8Array): Promise<void> {
  const eager = (await Data.load(bytes, { lazy: false })).get("spikes") as IrregularTimeSeries<LazyArray>;
  for (const [start, end] of [[0, 1], [2.5, 3.7], [8.9, 20], [-5, 0.3], [4, 4], [-1, 99], [9, 10], [9.9, 9.95]]) {
    await using lazy = await Data.load(bytes);
    const spikes = lazy.get("spikes") as IrregularTimeSeries<LazyArray>;
    assert.deepEqual(await tell(spikes.slice(start!, end!)), await tell(eager.slice(start!, end!)), `${start} ${end}`);
  }
}

for (
  const [what, index] of [
    ["as it should be", counts((count) => count)],
    ["as floats", Float64Array.from(RIGHT)],
    ["shorter than the domain", counts((count) => count).slice(0, 4)],
    ["longer than the domain", Float64Array.of(...RIGHT, 100, 100, 100)],
    ["empty", new BigInt64Array(0)],
    ["absent", null],
  ] as const
) {
  Deno.test(`slices are right where the index of seconds is ${what}`, async () => {
    await sameSlices(await fileOf(TIMES, index, [0, 9.9]));
  });
}

for (
  const [what, index] of [
    ["smaller than it should be", counts((count) => Math.max(0, count - 50))],
    ["larger than it should be", counts((count) => Math.min(100, count + 50))],
    ["not rising", counts((count, second) => second === 3 ? 90 : count)],
    ["beyond the timestamps", counts((count) => count * 2)],
    ["below zero", counts((count) => count - 5)],
    ["not of whole numbers", Float64Array.from(RIGHT, (count) => count + 0.5)],
    ["of another shape", ndarray(counts((count) => count).slice(0, 10), [5, 2])],
    ["of text", RIGHT.map(String)],
    ["of NaN", Float64Array.from(RIGHT, () => NaN)],
  ] as const
) {
  Deno.test(`an index of seconds that is ${what} is an error that names it, never a wrong slice`, async () => {
    const bytes = await fileOf(TIMES, index, [0, 9.9]);
    await using lazy = await Data.load(bytes);
    const part = (lazy.get("spikes") as IrregularTimeSeries<LazyArray>).slice(4.25, 5.25);
    for (const key of ["timestamps", "row"]) {
      await assert.rejects(async () => await part.get(key), (error: Error) => {
        assert.ok(error instanceof FormatError, error.stack);
        assert.match(error.message, /spikes\.timestamp/);
        assert.match(error.message, /timestamp_indices_1s/);
        return true;
      });
    }
    // Everything needs no index.
    const all = await (lazy.get("spikes") as IrregularTimeSeries<LazyArray>).get("timestamps");
    assert.deepEqual(all, TIMES);
  });
}

Deno.test("NaN among timestamps is an error where they are read, in slices where it lies in them", async () => {
  const times = TIMES.slice();
  times[45] = NaN;
  await using lazy = await Data.load(await fileOf(times, counts((count) => count), [0, 9.9]));
  const spikes = lazy.get("spikes") as IrregularTimeSeries<LazyArray>;
  const isNamed = { name: "FormatError", message: /spikes\.timestamps cannot contain NaNs/ };
  await assert.rejects(async () => await spikes.slice(4, 5).get("row"), isNamed);
  assert.equal((await spikes.slice(1, 2).get("row") as Float64Array).length, 10);
  await assert.rejects(async () => await spikes.get("timestamps"), isNamed);
  assert.throws(() => new IrregularTimeSeries({ timestamps: times }), { name: "RangeError", message: /timestamps/ });
});

Deno.test("timestamps that aren't in order give sorted slices where all are read, else an error", async () => {
  const unsorted = TIMES.slice().reverse();
  await sameSlices(await fileOf(unsorted, null, [0, 9.9]));
  await using indexed = await Data.load(await fileOf(unsorted, counts((count) => count), [0, 9.9]));
  const spikes = indexed.get("spikes") as IrregularTimeSeries<LazyArray>;
  await assert.rejects(async () => await spikes.slice(2, 3).get("timestamps"), FormatError);
  assert.deepEqual(await spikes.get("timestamps"), unsorted);
  // Now that they are in memory, they are sorted for the slice; the series itself stays as it is.
  assert.deepEqual(await spikes.slice(2, 2.25, { resetOrigin: false }).get("timestamps"), Float64Array.of(2, 2.1, 2.2));
  assert.deepEqual(await spikes.get("timestamps"), unsorted);
});

Deno.test("without an index many timestamps are bisected: slices are right, also of equal times across blocks", async () => {
  const count = 200_000;
  const times = Float64Array.from({ length: count }, (_, i) => Math.floor(i / 10_000) * 7.3);
  const eager = new IrregularTimeSeries({ timestamps: times, row: Float64Array.from({ length: count }, (_, i) => i) });
  await using lazy = await Data.load(await fileOf(times, null, [0, 140]));
  const spikes = lazy.get("spikes") as IrregularTimeSeries<LazyArray>;
  for (
    const [start, end] of [[0, 7.3], [7.3, 7.3], [7.3, 7.300001], [20, 80], [-9, 1e9], [138.7, 139], [200, 300], [
      -2,
      -1,
    ]]
  ) {
    const part = spikes.slice(start!, end!);
    assert.deepEqual(await part.get("row"), eager.slice(start!, end!).get("row"), `${start} to ${end}`);
    assert.deepEqual(await part.get("timestamps"), eager.slice(start!, end!).timestamps);
  }
  const shuffled = Float64Array.from({ length: count }, (_, i) => i % 7);
  await using wrong = await Data.load(await fileOf(shuffled, null, [0, 7]));
  await assert.rejects(
    async () => await (wrong.get("spikes") as IrregularTimeSeries<LazyArray>).slice(2, 3).get("row"),
    {
      name: "FormatError",
      message: /spikes\.timestamps: timestamps aren't in order/,
    },
  );
});

const session = () =>
  new Data({
    spikes: new IrregularTimeSeries({ timestamps: TIMES, row: Float64Array.from(TIMES.keys()) }),
    trials: new Interval([0, 1, 2], [1, 2, 3], { go: [0.5, 1.5, 2.5] }),
    lfp: new RegularTimeSeries({ raw: new Float64Array(100) }, { samplingRate: 10 }),
  }, { domain: "auto" });

interface Session {
  spikes: IrregularTimeSeries & { row: Float64Array };
  trials: Interval & { go: Float64Array };
  lfp: RegularTimeSeries & { raw: Float64Array };
}

Deno.test("a mask of the wrong length is an error at once where rows are known, else when an array is read", async () => {
  const bytes = await session().toBytes();
  await using lazy = await Data.load<Session>(bytes);
  const wrong = [true, false];
  for (
    const object of [lazy.spikes, lazy.trials, lazy.lfp, session().get("spikes") as IrregularTimeSeries<LazyArray>]
  ) {
    assert.throws(() => object.selectByMask(wrong), { name: "ShapeError", message: /mask length 2/ });
  }
  const part = lazy.spikes.slice(1, 2);
  const masked = part.selectByMask(wrong);
  await assert.rejects(async () => await masked.get("row"), { name: "ShapeError", message: /object length \(10\)/ });
  await assert.rejects(async () => await masked.get("timestamps"), ShapeError);
  await part.count();
  assert.throws(() => part.selectByMask(wrong), ShapeError);
  const trials = lazy.trials.slice(0.5, 9).selectByMask(wrong);
  await assert.rejects(async () => await trials.get("go"), ShapeError);
});

Deno.test("a mask that isn't one of booleans, or has two axes, is an error", () => {
  const spikes = session().get("spikes") as IrregularTimeSeries<LazyArray>;
  assert.throws(() => spikes.selectByMask(TIMES.map(Number) as never), DTypeError);
  assert.throws(() => spikes.selectByMask([1, 0] as never), DTypeError);
  assert.throws(() => spikes.selectByMask([[true], [false]] as never), { name: "ShapeError", message: /1D, got 2D/ });
});

Deno.test("windows that are none are refused, whether lazy or not", async () => {
  const bytes = await session().toBytes();
  await using lazy = await Data.load<Session>(bytes);
  const all = [lazy, lazy.spikes, lazy.trials, lazy.lfp, session().get("spikes") as IrregularTimeSeries<LazyArray>];
  for (const object of all) {
    assert.throws(() => object.slice(2, 1), { name: "RangeError", message: /from 2 to 1: it ends before it starts/ });
    assert.throws(() => object.slice(NaN, 1), { name: "RangeError", message: /NaN/ });
    assert.throws(() => object.slice("0" as never, 1), TypeError);
    assert.throws(() => object.slice(-Infinity, 1), { name: "RangeError", message: /resetOrigin: false/ });
    assert.throws(() => object.slice(0, 1, { resetOrigin: "no" as never }), TypeError);
    assert.throws(() => object.resetOrigin(Infinity), RangeError);
    assert.throws(() => object.resetOrigin("1" as never), RangeError);
  }
  assert.throws(() => lazy.lfp.slice(0, 1, { eps: -1 }), RangeError);
  const endless = lazy.spikes.slice(-Infinity, Infinity, { resetOrigin: false });
  assert.deepEqual(await endless.timestamps, TIMES);
  assert.equal(await lazy.spikes.slice(Infinity, Infinity, { resetOrigin: false }).count(), 0);
  assert.equal(await lazy.spikes.slice(-Infinity, -Infinity, { resetOrigin: false }).count(), 0);
});

Deno.test("intervals to select by are sorted and disjoint: at once, or when the result is read", async () => {
  const overlapping = new Interval([0, 1], [2, 3]);
  const bytes = await new Data({ ...Object.fromEntries(session().entries()), overlapping }, {
    domain: new Interval(0, 9),
  })
    .toBytes();
  await using lazy = await Data.load<Session & { overlapping: Interval }>(bytes);
  assert.throws(() => lazy.trials.selectByInterval([[0, 1]] as never), {
    name: "TypeError",
    message: /expected an Interval/,
  });
  const objects = [lazy, lazy.spikes, lazy.lfp, session().get("spikes") as IrregularTimeSeries<LazyArray>];
  for (const object of objects as { selectByInterval(interval: Interval): unknown }[]) {
    assert.throws(() => object.selectByInterval(overlapping), { name: "RangeError", message: /disjoint/ });
    assert.throws(() => object.selectByInterval([[0, 1]] as never), TypeError);
  }
  const chosen = lazy.spikes.selectByInterval(lazy.overlapping as unknown as Interval<LazyArray>);
  await assert.rejects(async () => await chosen.materialize(), { name: "RangeError", message: /disjoint/ });
});

Deno.test("unsorted intervals that overlap can't be sliced, lazy or not", async () => {
  const wrong = new Interval([5, 0], [7, 6]);
  await using lazy = await Data.load<{ x: Interval }>(
    await new Data({ x: wrong }, { domain: new Interval(0, 9) }).toBytes(),
  );
  assert.throws(() => wrong.slice(0, 1), { name: "RangeError", message: /disjoint/ });
  const part = lazy.x.slice(0, 1);
  await assert.rejects(async () => await part.start, { name: "RangeError", message: /disjoint/ });
});

Deno.test("a closed file read again says which array is missing; what was read stays", async () => {
  const lazy = await Data.load<Session>(await session().toBytes());
  const part = lazy.spikes.slice(1, 2);
  await lazy.trials.start;
  await lazy.close();
  await assert.rejects(
    async () => await part.row,
    (error: Error) => error instanceof ClosedError && /spikes/.test(error.message),
  );
  await assert.rejects(
    async () => await lazy.lfp.raw,
    (error: Error) => error instanceof ClosedError && /raw/.test(error.message),
  );
  assert.deepEqual(await lazy.trials.slice(1, 3).start, Float64Array.of(0, 1));
});

/** A session of 3,000 s that no cache holds at once. */
function bigSession(): Promise<Uint8Array<ArrayBuffer>> {
  const each = (value: (i: number) => number) => Float64Array.from({ length: 300_000 }, (_, i) => value(i));
  return new Data({
    spikes: new IrregularTimeSeries({ timestamps: each((i) => i / 100), row: each((i) => i) }),
    trials: new Interval(each((i) => i / 100), each((i) => i / 100 + 0.005), { go: each((i) => i / 100 + 0.002) }),
    lfp: new RegularTimeSeries({ raw: each((i) => i) }, { samplingRate: 100 }),
  }, { domain: new Interval(0, 3000) }).toBytes();
}

type Lazy = Awaited<ReturnType<typeof Data.load<Session>>>;

/** What needs bytes of a session that was just loaded. */
const READS: Readonly<Record<string, (lazy: Lazy, options: { readonly signal?: AbortSignal }) => Promise<unknown>>> = {
  "rows of a slice": (lazy, options) => lazy.spikes.slice(1500, 1501).array("row", options),
  "timestamps of a slice": (lazy, options) => lazy.spikes.slice(1500, 1501).array("timestamps", options),
  "number of rows of a slice": (lazy, options) => lazy.spikes.slice(1500, 1501).count(options),
  "all timestamps": (lazy, options) => lazy.spikes.array("timestamps", options),
  "an array of intervals": (lazy, options) => lazy.trials.slice(1500, 1501).array("go", options),
  "starts of intervals": (lazy, options) => lazy.trials.array("start", options),
  "intervals": (lazy, options) => lazy.trials.intervals(options),
  "intervals that are worked out": (lazy, options) => lazy.trials.or(new Interval(5000, 5001)).array("end", options),
  "what lies in intervals that are read": (lazy, options) => {
    return lazy.spikes.selectByInterval(lazy.trials.slice(10, 11, { resetOrigin: false })).array("row", options);
  },
  "samples": (lazy, options) => lazy.lfp.slice(1500, 1501).array("raw", options),
  "everything": (lazy, options) => lazy.materialize(options),
};

Deno.test("a read that fails is tried anew the next time: nothing is poisoned", async (t) => {
  const server = await startRangeServer({ "/s.h5": await bigSession() });
  try {
    for (const [what, read] of Object.entries(READS)) {
      await t.step(what, async () => {
        await using lazy = await Data.load<Session>(`${server.url}/s.h5`);
        server.behave("/s.h5", { kind: "status", status: 403 });
        await assert.rejects(async () => await read(lazy, {}), /403/);
        await assert.rejects(async () => await read(lazy, {}), /403/);
        server.behave("/s.h5", undefined);
        await read(lazy, {});
        assert.equal((await lazy.spikes.slice(1500, 1501).row)[0], 150_000);
      });
    }
  } finally {
    await server.close();
  }
});

Deno.test("one object's read that fails can be repeated on that object", async () => {
  const server = await startRangeServer({ "/s.h5": await bigSession() });
  try {
    await using lazy = await Data.load<Session>(`${server.url}/s.h5`);
    const part = lazy.spikes.slice(1500, 1501);
    const trials = lazy.trials.difference(new Interval(0, 2999));
    server.behave("/s.h5", { kind: "status", status: 403 });
    const failed = await Promise.allSettled([part.row, part.row, part.timestamps, trials.intervals()]);
    assert.deepEqual(failed.map(({ status }) => status), Array.from({ length: 4 }, () => "rejected"));
    server.behave("/s.h5", undefined);
    assert.deepEqual(await part.row, Float64Array.from({ length: 100 }, (_, i) => 150_000 + i));
    assert.equal((await part.timestamps)[0], 0);
    assert.equal((await trials.intervals()).start.length, 100);
  } finally {
    await server.close();
  }
});

Deno.test("reading can be aborted, before and while it waits; others that wait for the same get it", async (t) => {
  const server = await startRangeServer({ "/s.h5": await bigSession() });
  try {
    for (const [what, read] of Object.entries(READS)) {
      await t.step(what, async () => {
        await using lazy = await Data.load<Session>(`${server.url}/s.h5`);
        await assert.rejects(
          async () => await read(lazy, { signal: AbortSignal.abort(new Error("enough")) }),
          /enough/,
        );
        server.setLatency(60);
        const controller = new AbortController();
        const reading = read(lazy, { signal: controller.signal });
        const other = read(lazy, {});
        setTimeout(() => controller.abort(new Error("too slow")), 10);
        await assert.rejects(reading, /too slow/);
        await other;
        server.setLatency(0);
        await read(lazy, { signal: new AbortController().signal });
      });
    }
  } finally {
    await server.close();
  }
});
