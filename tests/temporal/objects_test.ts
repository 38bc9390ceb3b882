import assert from "node:assert/strict";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import type { LazyArray } from "../../src/array/types.ts";
import { slice } from "../../src/array/select/slice.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { MicrotomeError, NotFoundError, ShapeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { isLazily } from "./lazy_support.ts";

const spikesOf = () =>
  new IrregularTimeSeries({
    timestamps: [0.5, 1, 1.5, 2, 2.5, 3],
    unit: BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n),
    label: ["a", "b", "c", "d", "e", "f"],
    good: [true, false, true, false, true, false],
    wave: [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]],
    seen: [0.6, 1.1, 1.6, 2.1, 2.6, 3.1],
  }, { timekeys: ["seen"] });

interface Session {
  spikes: IrregularTimeSeries & { unit: BigInt64Array; label: string[]; good: boolean[]; seen: Float64Array };
  lfp: RegularTimeSeries & { raw: Float32Array };
  trials: Interval & { go: Float64Array; kind: string[] };
  units: ArrayDict & { id: string[]; depth: Float64Array };
}

const sessionOf = () =>
  new Data({
    spikes: spikesOf(),
    lfp: new RegularTimeSeries({ raw: Float32Array.from({ length: 40 }, (_, i) => i) }, { samplingRate: 10 }),
    trials: new Interval([0, 1, 2], [1, 2, 3], { go: [0.5, 1.5, 2.5], kind: ["x", "y", "z"] }, { timekeys: ["go"] }),
    units: new ArrayDict({ id: ["u1", "u2"], depth: [1, 2] }),
  }, { domain: "auto" });

async function withLazy(
  use: (session: Awaited<ReturnType<typeof Data.load<Session>>>) => Promise<void>,
): Promise<void> {
  await using session = await Data.load<Session>(await sessionOf().toBytes());
  await use(session);
}

/** Arrays of a file that is held open, by name. */
async function withArrays(
  arrays: Readonly<Record<string, Float64Array>>,
  use: (arrays: Readonly<Record<string, LazyArray>>) => Promise<void>,
): Promise<void> {
  await using made = await create();
  for (const [name, data] of Object.entries(arrays)) await made.createDataset(name, { data });
  await using file = await open(await made.bytes());
  const found: Record<string, LazyArray> = {};
  for (const name of Object.keys(arrays)) found[name] = await file.dataset(name);
  await use(found);
}

Deno.test("anything array-like is an array, and comes back as users have them", () => {
  const spikes = spikesOf();
  assert.deepEqual(spikes.keys(), ["timestamps", "unit", "label", "good", "wave", "seen"]);
  assert.equal(spikes.length, 6);
  assert.deepEqual(spikes.timestamps, Float64Array.of(0.5, 1, 1.5, 2, 2.5, 3));
  assert.deepEqual(spikes.get("unit"), BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n));
  assert.deepEqual(spikes.get("label"), ["a", "b", "c", "d", "e", "f"]);
  assert.deepEqual(spikes.get("good"), [true, false, true, false, true, false]);
  assert.deepEqual(toNested(spikes.get("wave") as never), [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]]);
  assert.equal(spikes.get("good"), spikes.get("good"));
  assert.deepEqual(new ArrayDict({ n: [1n, 2n] }).get("n"), BigInt64Array.of(1n, 2n));
  assert.deepEqual(new ArrayDict({ n: Uint16Array.of(1) }).get("n"), Uint16Array.of(1));
  assert.deepEqual(new ArrayDict({ n: ndarray(Int8Array.of(1, 2)) }).get("n"), Int8Array.of(1, 2));
  assert.deepEqual([new ArrayDict().length, new ArrayDict().keys()], [0, []]);
});

Deno.test("arrays of other lengths, without axes, or under names that can't be are refused by name", () => {
  assert.throws(() => new ArrayDict({ a: [1, 2], b: [1, 2, 3] }), {
    name: "ShapeError",
    message: /same first dimension. The first dimension of b is 3 but that of the arrays before it is 2/,
  });
  const dict = new ArrayDict({ a: [1, 2] });
  assert.throws(() => dict.set("b", [1, 2, 3]), {
    name: "ShapeError",
    message: /of b is 3 but that of existing arrays is 2/,
  });
  assert.throws(() => dict.set("b", 5 as never), { name: "ShapeError", message: /b must be at least 1-dimensional/ });
  assert.throws(() => dict.set("b", [[1], [1, 2]]), { name: "ShapeError", message: /ragged/ });
  for (const name of ["", "_b", "a/b", ".", "..", "a\0"]) assert.throws(() => dict.set(name, [1, 2]), TypeError);
  assert.throws(() => dict.get("nothing"), { name: "NotFoundError", message: /nothing/ });
  assert.throws(() => dict.describe("nothing"), NotFoundError);
  assert.throws(() => dict.delete("nothing"), NotFoundError);
  assert.deepEqual(dict.keys(), ["a"]);
});

Deno.test("times have one axis and no NaN; those that aren't float64 are, and a warning says so", () => {
  assert.throws(() => new IrregularTimeSeries({ timestamps: [[1], [2]] }), {
    name: "ShapeError",
    message: /timestamps must be 1D/,
  });
  assert.throws(() => new IrregularTimeSeries({ timestamps: [1, NaN] }), {
    name: "RangeError",
    message: /contain NaNs/,
  });
  assert.throws(() => new IrregularTimeSeries({ timestamps: ["1"] }), TypeError);
  assert.throws(() => new Interval([0], [NaN]), { name: "RangeError", message: /end cannot contain NaNs/ });
  assert.throws(() => new Interval([0, 1], [1]), ShapeError);
  assert.throws(() => new Interval("0" as never, 1), ShapeError);
  const series = new IrregularTimeSeries({ timestamps: BigInt64Array.of(1n, 2n) });
  assert.deepEqual(series.timestamps, Float64Array.of(1, 2));
  assert.deepEqual(series.warnings, ["timestamps of IrregularTimeSeries isn't float64"]);
  assert.deepEqual(new Interval(Float32Array.of(1), 2).warnings, ["start of Interval isn't float64"]);
  assert.deepEqual(spikesOf().warnings, []);
  assert.deepEqual([...new Interval(1, 2)], [[1, 2]]);
});

Deno.test("timekeys: the user's come first, must be there and hold numbers; without its array one is none", () => {
  const trials = new Interval([0, 1], [1, 2], { go: [0.5, 1.5], kind: ["x", "y"] }, { timekeys: ["go"] });
  assert.deepEqual(trials.timekeys(), ["go", "start", "end"]);
  assert.throws(() => new Interval([0], [1], {}, { timekeys: ["go"] }), { name: "TypeError", message: /go not found/ });
  assert.throws(() => trials.registerTimekey("nothing"), NotFoundError);
  assert.throws(() => trials.registerTimekey("kind"), { name: "TypeError", message: /kind of Interval as times/ });
  assert.throws(() => new Interval([0], [1], { k: ["x"] }, { timekeys: ["k"] }), TypeError);
  trials.registerTimekey("go");
  assert.deepEqual(trials.timekeys(), ["go", "start", "end"]);
  trials.delete("go");
  assert.deepEqual([trials.timekeys(), trials.keys()], [["start", "end"], ["start", "end", "kind"]]);
  assert.throws(() => trials.delete("start"), { name: "TypeError", message: "Cannot delete 'start' from Interval" });
  const spikes = spikesOf();
  assert.throws(() => spikes.delete("timestamps"), {
    name: "TypeError",
    message: "Cannot delete 'timestamps' from IrregularTimeSeries",
  });
  spikes.delete("seen");
  assert.deepEqual(spikes.timekeys(), ["timestamps"]);
  assert.equal("seen" in spikes, false);
});

Deno.test("a domain is that of the timestamps, or one that doesn't overlap itself", () => {
  assert.deepEqual([...spikesOf().domain], [[0.5, 3]]);
  assert.deepEqual([...new IrregularTimeSeries({ timestamps: [3, 1, 2] }).domain], [[1, 3]]);
  assert.deepEqual([...new IrregularTimeSeries({ timestamps: [] }).domain], []);
  const timestamps = [1, 2];
  const unsorted = new Interval([5, 0], [6, 1]);
  const series = new IrregularTimeSeries({ timestamps }, { domain: unsorted });
  assert.deepEqual([...series.domain], [[0, 1], [5, 6]]);
  assert.throws(() => new IrregularTimeSeries({ timestamps }, { domain: new Interval([0, 1], [2, 3]) }), {
    name: "RangeError",
    message: /must not be overlapping/,
  });
  assert.throws(() => new IrregularTimeSeries({ timestamps }, { domain: [0, 1] as never }), TypeError);
  assert.throws(() => series.domain = "auto" as never, TypeError);
  series.domain = new Interval(0, 9);
  assert.deepEqual([...series.domain], [[0, 9]]);
  assert.deepEqual([...series.slice(2, 3).domain], [[0, 1]]);
});

Deno.test("a regular series' domain follows from its rate, its start and its length", () => {
  const series = new RegularTimeSeries({ raw: [1, 2, 3] }, { samplingRate: 2, domainStart: 10 });
  assert.deepEqual([...series.domain], [[10, 11.5]]);
  assert.deepEqual(series.timestamps, Float64Array.of(10, 10.5, 11));
  assert.deepEqual([series.length, series.isGappy(), series.indexMask()], [3, false, [true, true, true]]);
  assert.throws(() => new RegularTimeSeries({}, { samplingRate: 0 }), {
    name: "RangeError",
    message: /sampling rate of 0/,
  });
  assert.throws(() => new RegularTimeSeries({}, { samplingRate: "1" as never }), RangeError);
  assert.throws(() => new RegularTimeSeries({}, { samplingRate: 1, domainStart: NaN }), RangeError);
  const empty = new RegularTimeSeries({}, { samplingRate: 2, domainStart: 1 });
  empty.set("raw", [1, 2, 3, 4]);
  assert.deepEqual([...empty.domain], [[1, 3]]);
  const irregular = series.toIrregular();
  assert.deepEqual([irregular.timestamps, irregular.get("raw")], [series.timestamps, Float64Array.of(1, 2, 3)]);
  assert.deepEqual([...irregular.domain], [[10, 11.5]]);
  const picked = series.selectByMask([true, false, true]);
  assert.ok(picked instanceof IrregularTimeSeries);
  assert.deepEqual([picked.timestamps, picked.get("raw")], [Float64Array.of(10, 11), Float64Array.of(1, 3)]);
  assert.deepEqual([...series.resetOrigin().domain], [[0, 1.5]]);
});

Deno.test("arrays are properties, unless the class has one of that name; setting one sets the array", () => {
  const dict = new ArrayDict({ depth: [1, 2], length: [3, 4], slice: [5, 6], then: [7, 8] }) as ArrayDict & {
    depth: Float64Array;
  };
  assert.deepEqual(dict.depth, Float64Array.of(1, 2));
  assert.equal(dict.length, 2);
  assert.deepEqual(dict.get("length"), Float64Array.of(3, 4));
  assert.deepEqual(dict.get("then"), Float64Array.of(7, 8));
  assert.equal("then" in dict, false);
  dict.depth = Float64Array.of(9, 9);
  assert.deepEqual(dict.get("depth"), Float64Array.of(9, 9));
  dict.delete("depth");
  assert.deepEqual([dict.has("depth"), "depth" in dict], [false, false]);
  assert.deepEqual(Object.keys(dict), []);
  const spikes = spikesOf();
  spikes.timestamps = [6, 5, 4, 3, 2, 1] as never;
  assert.deepEqual(spikes.timestamps, Float64Array.of(6, 5, 4, 3, 2, 1));
  assert.throws(() => spikes.timestamps = [NaN, 0, 0, 0, 0, 0] as never, RangeError);
  assert.deepEqual([spikes.isSorted(), spikes.sort().isSorted()], [false, true]);
  assert.deepEqual(spikes.get("label"), ["f", "e", "d", "c", "b", "a"]);
  assert.deepEqual(spikes.slice(2, 4).get("label"), ["e", "d"]);
});

Deno.test("slicing leaves its object as it is, also where that isn't sorted", () => {
  const spikes = new IrregularTimeSeries({ timestamps: [0, 2, 1], row: [0, 1, 2] });
  assert.deepEqual(spikes.slice(0, 3).get("row"), Float64Array.of(0, 2, 1));
  assert.deepEqual(spikes.slice(0, 3).timestamps, Float64Array.of(0, 1, 2));
  assert.deepEqual([spikes.timestamps, spikes.get("row")], [Float64Array.of(0, 2, 1), Float64Array.of(0, 1, 2)]);
  const part = spikes.slice(0, 3);
  (part.get("row") as Float64Array)[0] = 99;
  part.timestamps[0] = -99;
  assert.deepEqual([spikes.timestamps, spikes.get("row")], [Float64Array.of(0, 2, 1), Float64Array.of(0, 1, 2)]);
});

Deno.test("a copy is an object of its own over the same numbers, and of the same class", () => {
  class Spikes extends IrregularTimeSeries {
    get rate(): number {
      return this.length;
    }
  }
  const spikes = new Spikes({ timestamps: [1, 2], unit: [5, 6] });
  const copy = spikes.copy();
  assert.equal(copy.get("unit"), spikes.get("unit"));
  copy.set("unit", [7, 8]);
  copy.set("more", [1, 2]);
  copy.registerTimekey("more");
  copy.domain.start = [0];
  assert.deepEqual([spikes.keys(), spikes.timekeys()], [["timestamps", "unit"], ["timestamps"]]);
  assert.deepEqual(spikes.get("unit"), Float64Array.of(5, 6));
  assert.deepEqual([...spikes.domain], [[1, 2]]);
  assert.ok(copy instanceof Spikes && copy.rate === 2);
  const part = spikes.slice(0, 1.5);
  assert.ok(part instanceof Spikes && part.rate === 1);
  const masked = spikes.selectByMask([true, true]);
  masked.domain.start = [-5];
  assert.deepEqual([...spikes.domain], [[1, 2]]);
  const lfp = new RegularTimeSeries({ raw: [1, 2] }, { samplingRate: 1 });
  lfp.copy().domain.start = [-5];
  assert.deepEqual([...lfp.domain], [[0, 2]]);
});

Deno.test("shape, type and names are known before anything is read, and are the same afterwards", async () => {
  await withLazy(async (session) => {
    const eager = sessionOf();
    for (const name of ["spikes", "trials", "units", "lfp"] as const) {
      const object = session[name] as unknown as ArrayDict<LazyArray>;
      const there = eager.get(name) as ArrayDict<LazyArray>;
      assert.deepEqual(object.keys(), there.keys().sort());
      for (const [key, before] of object.keys().map((key) => [key, object.describe(key)] as const)) {
        assert.equal(before.loaded, false);
        await object.get(key);
        assert.equal(object.isLoaded(key), true);
        assert.deepEqual(object.describe(key), { ...before, loaded: true }, key);
        assert.deepEqual(object.describe(key), there.describe(key), key);
      }
    }
  });
});

Deno.test("how many rows a slice has is unknown until its times were looked up; of samples it is known", async () => {
  await withLazy(async ({ spikes, lfp, trials }) => {
    const part = spikes.slice(1, 2);
    assert.deepEqual([part.length, part.describe("wave").shape], [null, [null, 2]]);
    assert.equal(lfp.slice(1, 2).length, 10);
    assert.deepEqual(lfp.slice(1, 2).describe("raw").shape, [10]);
    assert.equal(part.selectByMask([true, false]).length, 1);
    assert.equal(await part.count(), 2);
    assert.deepEqual([part.length, part.describe("wave").shape], [2, [2, 2]]);
    assert.equal(trials.slice(0.5, 1.5).length, null);
    assert.equal(await trials.slice(0.5, 1.5).count(), 2);
  });
});

Deno.test("entries give what is in memory, and else what it will be read from; nothing is read for them", async () => {
  await withLazy(async ({ units, trials }) => {
    await units.depth;
    const entries = new Map(units.entries());
    assert.deepEqual(entries.get("depth"), Float64Array.of(1, 2));
    assert.deepEqual((entries.get("id") as LazyArray).shape, [2]);
    assert.equal(units.isLoaded("id"), false);
    assert.deepEqual([...trials.or(new Interval(8, 9)).entries()], [["start", null], ["end", null]]);
  });
});

Deno.test("an array is a promise until it was read, then the same value; with the last one the object is no longer lazy", async () => {
  await withLazy(async (session) => {
    const { units, lfp, trials, spikes } = session;
    assert.ok(isLazily(units, ArrayDict));
    const reading = units.id;
    assert.ok(reading instanceof Promise);
    assert.deepEqual(await reading, ["u1", "u2"]);
    assert.equal(units.id, await reading);
    assert.ok(isLazily(units, ArrayDict));
    await units.depth;
    assert.ok(units instanceof ArrayDict && !units.isLazy);
    assert.match(`${units}`, /^ArrayDict\(/);

    assert.ok(isLazily(lfp, RegularTimeSeries));
    await lfp.raw;
    assert.ok((lfp as unknown) instanceof RegularTimeSeries);
    assert.ok(isLazily(trials, Interval));
    await Promise.all([trials.start, trials.end, trials.go, trials.kind]);
    assert.ok((trials as unknown) instanceof Interval);
    assert.ok(isLazily(spikes, IrregularTimeSeries));
    assert.equal(await spikes.materialize(), spikes);
    assert.ok((spikes as unknown) instanceof IrregularTimeSeries);
    assert.ok((spikes.slice(1, 2) as unknown) instanceof IrregularTimeSeries);
  });
});

Deno.test("two that read the same array at once read it once, and get the same", async () => {
  await withLazy(async ({ spikes }) => {
    const [first, second] = await Promise.all([spikes.unit, spikes.unit]);
    assert.equal(first, second);
    const part = spikes.slice(1, 2);
    const [times, again, units] = await Promise.all([part.timestamps, part.timestamps, part.get("unit")]);
    assert.equal(times, again);
    assert.deepEqual(units, BigInt64Array.of(1n, 2n));
  });
});

Deno.test("what was set or removed while it was read stays so", async () => {
  await withLazy(async ({ units }) => {
    const reading = units.depth;
    units.set("depth", [7, 8]);
    assert.deepEqual(await reading, Float64Array.of(1, 2));
    assert.deepEqual(units.depth, Float64Array.of(7, 8));
    const other = units.id;
    units.delete("id");
    assert.deepEqual(await other, ["u1", "u2"]);
    assert.equal(units.has("id"), false);
  });
});

Deno.test("arrays in memory and lazy ones can be set on objects that were read in part", async () => {
  await withArrays(
    { more: Float64Array.of(10, 11, 12, 13, 14, 15), few: Float64Array.of(20, 21) },
    async ({ more, few }) => {
      await withLazy(async ({ spikes }) => {
        spikes.set("here", [0, 1, 2, 3, 4, 5]);
        assert.deepEqual(spikes.get("here"), Float64Array.of(0, 1, 2, 3, 4, 5));
        assert.equal(spikes.isLoaded("timestamps"), false);
        spikes.set("more", more!);
        const part = spikes.slice(1, 2);
        assert.deepEqual(await part.get("more"), Float64Array.of(11, 12));
        // Rows are known by now, so that what is in memory was cut.
        assert.deepEqual(part.get("here"), Float64Array.of(1, 2));

        const late = spikes.slice(1, 2);
        assert.throws(() => late.set("few", few!), { name: "MicrotomeError", message: /await count\(\) first/ });
        await late.count();
        late.set("few", few!);
        late.set("own", [5, 6]);
        assert.throws(() => late.set("more", more!), ShapeError);
        assert.deepEqual(await late.slice(0.5, 1).get("few"), Float64Array.of(21));
        assert.deepEqual(await late.selectByMask([true, false]).get("own"), Float64Array.of(5));
        assert.deepEqual(await late.get("few"), Float64Array.of(20, 21));
      });
    },
  );
});

Deno.test("times can be set where they are in memory; arrays that weren't read stay with their rows", async () => {
  await withLazy(async ({ spikes, trials }) => {
    assert.throws(() => spikes.set("timestamps", [1, 2, 3, 4, 5, 6]), {
      name: "MicrotomeError",
      message: /timestamps/,
    });
    const part = spikes.slice(1, 3);
    await part.timestamps;
    part.set("timestamps", [0.4, 0.3, 0.2, 0.1]);
    assert.equal(part.isLoaded("unit"), false);
    const sorted = part.slice(0, 0.35, { resetOrigin: false });
    assert.deepEqual(await sorted.timestamps, Float64Array.of(0.1, 0.2, 0.3));
    assert.deepEqual(await sorted.get("unit"), BigInt64Array.of(4n, 3n, 2n));
    // It was shifted by the slice before the timestamps were set.
    assert.deepEqual(await sorted.get("seen"), Float64Array.of(2.6 - 1, 2.1 - 1, 1.6 - 1));
    assert.deepEqual(await part.get("unit"), BigInt64Array.of(1n, 2n, 3n, 4n));

    await trials.start;
    trials.set("end", [5, 6, 7]);
    assert.deepEqual(await trials.slice(2, 9, { resetOrigin: false }).get("kind"), ["x", "y", "z"]);
  });
});

Deno.test("rows of an object that was read in part are cut at once where they can be", async () => {
  await withLazy(async ({ spikes }) => {
    await spikes.unit;
    const masked = spikes.selectByMask([true, false, false, true, false, false]);
    assert.deepEqual(masked.get("unit"), BigInt64Array.of(0n, 3n));
    assert.equal(masked.isLoaded("timestamps"), false);
    const part = masked.slice(1, 9);
    assert.equal(part.isLoaded("unit"), false);
    assert.deepEqual(await part.get("unit"), BigInt64Array.of(3n));
    assert.deepEqual(await part.timestamps, Float64Array.of(1));
    assert.deepEqual(await part.get("label"), ["d"]);
    const moved = spikes.resetOrigin(0.5);
    assert.deepEqual(moved.get("unit"), BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n));
    assert.deepEqual(await moved.get("seen"), Float64Array.of(0.6, 1.1, 1.6, 2.1, 2.6, 3.1).map((time) => time - 0.5));
  });
});

Deno.test("a timekey that is registered later moves from then on", async () => {
  await withLazy(async ({ trials }) => {
    const plain = trials.copy();
    plain.set("mark", [0, 1, 2]);
    const first = plain.slice(1, 3);
    first.registerTimekey("mark");
    const second = first.slice(1, 2);
    assert.deepEqual(await second.get("mark"), Float64Array.of(1));
    assert.deepEqual(await second.get("go"), Float64Array.of(0.5));
    assert.deepEqual(second.timekeys(), ["go", "start", "end", "mark"]);
    assert.deepEqual(plain.timekeys(), ["go", "start", "end"]);
  });
});

Deno.test("objects of lazy arrays of any format are lazy; lazy timestamps need a domain", async () => {
  const times = Float64Array.from({ length: 1000 }, (_, i) => i / 10);
  await withArrays(
    { times, ends: times.map((time) => time + 0.05), values: times.map((time) => -time) },
    async (arrays) => {
      const { times: timestamps, ends, values } = arrays as Record<string, LazyArray>;
      assert.throws(() => new IrregularTimeSeries({ timestamps: timestamps! }), {
        name: "MicrotomeError",
        message: /give a domain/,
      });
      const series = new IrregularTimeSeries({ timestamps: timestamps!, values: values! }, {
        domain: new Interval(0, 100),
      });
      assert.ok(isLazily(series, IrregularTimeSeries));
      const part = series.slice(50, 50.25);
      assert.deepEqual(await part.get("values"), Float64Array.of(-50, -50.1, -50.2));
      assert.ok(isLazily(part, IrregularTimeSeries) || part instanceof IrregularTimeSeries);

      const half = new Interval(times, ends!, { values: values!.view([slice(null, null, -1)]) });
      assert.ok(isLazily(half, Interval));
      const cut = half.slice(99, 200, { resetOrigin: false });
      assert.deepEqual(await cut.start, times.slice(990));
      assert.deepEqual(await cut.get("values"), Float64Array.from({ length: 10 }, (_, i) => -(9 - i) / 10));
      assert.throws(() => new Interval([0, NaN], ends!.view([slice(0, 2)])), RangeError);

      const dict = new ArrayDict({ values: values!, row: Int32Array.from(times.keys()) });
      assert.ok(isLazily(dict, ArrayDict));
      assert.match(`${dict}`, /values=<HDF5 dataset "values": shape \(1000,\), type "<f8">,\n {2}row=\[1000\]/);
      const lfp = new RegularTimeSeries({ raw: values! }, { samplingRate: 10 });
      assert.deepEqual(await lfp.slice(1, 1.2).array("raw"), ndarray(Float64Array.of(-1, -1.1)));
      const irregular = lfp.selectByInterval(new Interval([1, 5], [1.2, 5.1]));
      assert.deepEqual(await irregular.get("raw"), Float64Array.of(-1, -1.1, -5));
      assert.deepEqual(irregular.timestamps, Float64Array.of(1, 1.1, 5));
    },
  );
});

Deno.test("intervals: in and out of memory", async () => {
  const set = new Interval([5, 0], [6, 1], { kind: ["b", "a"] });
  assert.deepEqual([set.isSorted(), set.isDisjoint()], [false, true]);
  assert.deepEqual([set.sort().get("kind"), [...set]], [["a", "b"], [[0, 1], [5, 6]]]);
  assert.throws(() => new Interval([5, 0], [6, 5.5]).sort(), { name: "RangeError", message: /disjoint/ });
  assert.deepEqual([...set.resetOrigin()], [[0, 1], [5, 6]]);
  assert.equal(new Interval([], []).resetOrigin().length, 0);
  assert.throws(() => set.and([[0, 1]] as never), TypeError);
  assert.throws(() => set.coalesce(-1), { name: "RangeError", message: /eps must be non-negative, got -1/ });
  await withLazy(async ({ trials }) => {
    for (const act of [() => trials.isSorted(), () => trials.isDisjoint(), () => trials.resetOrigin()]) {
      assert.throws(act, { name: "MicrotomeError", message: /isn't in memory; await materialize\(\) first/ });
    }
    assert.throws(() => trials.slice(0, 1).split([1, 2]), MicrotomeError);
    assert.throws(() => trials.coalesce(-1), RangeError);
    const [first, second] = trials.split([1, 2]);
    assert.deepEqual([await first!.get("kind"), await second!.get("kind")], [["x"], ["y", "z"]]);
    const wide = trials.dilate(0.25);
    const pieces = trials.subdivide(0.5);
    trials.set("kind", ["later", "later", "later"]);
    const pairs: number[][] = [];
    for await (const pair of trials) pairs.push(pair);
    assert.deepEqual(pairs, [[0, 1], [1, 2], [2, 3]]);
    assert.ok(isLazily(wide, Interval));
    await wide.materialize();
    assert.ok((wide as unknown) instanceof Interval);
    assert.deepEqual(wide.get("kind"), ["x", "y", "z"]);
    assert.deepEqual(await pieces.get("kind"), ["x", "x", "y", "y", "z", "z"]);
    assert.deepEqual(await pieces.slice(1, 2).get("go"), Float64Array.of(0.5, 0.5));
    assert.deepEqual([...(await trials.and(new Interval(0.5, 1.5)).materialize()) as Interval], [[0.5, 1], [1, 1.5]]);
    assert.deepEqual([...await new Interval(0.5, 1.5).difference(trials.slice(0, 1)).materialize() as Interval], [[
      1,
      1.5,
    ]]);
  });
});

Deno.test("a selection by intervals is that of the time it was made, whatever becomes of them", async () => {
  await withLazy(async ({ spikes, trials }) => {
    const chosen = spikes.selectByInterval(trials);
    const eager = new Interval([0], [1]);
    const other = spikes.selectByInterval(eager);
    await trials.start;
    trials.set("start", [2.9, 2.95, 2.99]);
    eager.set("end", [100]);
    assert.equal(await chosen.count(), 5);
    assert.equal(await other.count(), 1);
    assert.deepEqual([...await chosen.domain.materialize()], [[0.5, 1], [1, 2], [2, 3]]);
  });
});

Deno.test("objects print as torch_brain prints them, and as their plain class once all is read", async () => {
  assert.equal(`${new ArrayDict()}`, "ArrayDict(\n\n)");
  assert.equal(
    `${spikesOf()}`,
    "IrregularTimeSeries(\n  timestamps=[6],\n  unit=[6],\n  label=[6],\n  good=[6],\n  wave=[6, 2],\n  seen=[6]\n)",
  );
  await withLazy(async ({ trials, spikes }) => {
    await trials.go;
    assert.equal(
      `${trials}`,
      'LazyInterval(\n  end=<HDF5 dataset "end": shape (3,), type "<f8">,\n  go=[3],\n' +
        '  kind=<HDF5 dataset "kind": shape (3,), type "|S1">,\n  start=<HDF5 dataset "start": shape (3,), type "<f8">\n)',
    );
    assert.match(`${spikes}`, /good=<HDF5 dataset "good": shape \(6,\), type "\|b1">/);
    assert.match(`${spikes}`, /wave=<HDF5 dataset "wave": shape \(6, 2\), type "<f8">/);
    assert.match(`${spikes.slice(1, 2)}`, /unit=<HDF5 dataset "unit": shape \(6,\), type "<i8">/);
    assert.match(Deno.inspect(spikes), /^LazyIrregularTimeSeries\(/);
    await spikes.materialize();
    assert.match(`${spikes}`, /^IrregularTimeSeries\(/);
  });
});
