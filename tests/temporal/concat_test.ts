import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy, numpyName } from "../../src/array/dtype/dtype.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { DTypeError, LimitError, ShapeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { concat } from "../../src/temporal/tools/concat.ts";
import { Data } from "../../src/temporal/data.ts";
import { fromGappyTimeseries } from "../../src/temporal/regular/gappy.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

Deno.test("events are joined and sorted, their domain is the union", async () => {
  const late = new IrregularTimeSeries(
    { timestamps: [5, 6], unit: ["c", "d"], shown: [4.5, 5.5] },
    { timekeys: ["shown"], domain: new Interval(4, 8) },
  );
  const early = new IrregularTimeSeries(
    { shown: [0.5, 4.25], unit: ["a", "b"], timestamps: [1, 5.5] },
    { timekeys: ["shown"], domain: new Interval([0, 3], [2, 4]) },
  );
  const both = await concat([late, early]);
  assert.ok(both instanceof IrregularTimeSeries);
  assert.deepEqual(both.keys(), ["timestamps", "unit", "shown"]);
  assert.deepEqual(both.timekeys(), ["shown", "timestamps"]);
  assert.deepEqual(both.timestamps, Float64Array.of(1, 5, 5.5, 6));
  assert.deepEqual(both.get("unit"), ["a", "c", "b", "d"]);
  assert.deepEqual(both.get("shown"), Float64Array.of(0.5, 4.5, 4.25, 5.5));
  assert.deepEqual([...both.domain], [[0, 2], [3, 8]]);
  const asGiven = await concat([late, early], { sort: false });
  assert.deepEqual(asGiven.timestamps, Float64Array.of(5, 6, 1, 5.5));
  assert.deepEqual(late.timestamps, Float64Array.of(5, 6), "what was given is as it was");
});

Deno.test("the result shares nothing with what it is made of", async () => {
  const one = new IrregularTimeSeries({ timestamps: [1, 2], xy: [[1, 2], [3, 4]] });
  const made = await concat([one]);
  (made.get("xy") as NDArray<Float64Array>).data[0] = 99;
  made.timestamps[0] = 99;
  made.domain.start[0] = 99;
  assert.deepEqual(toNested(one.get("xy") as NDArray), [[1, 2], [3, 4]]);
  assert.equal(one.timestamps[0], 1);
  assert.deepEqual([...one.domain], [[1, 2]]);
});

Deno.test("lazy objects and slices are read, and mix with those in memory", async () => {
  const spikes = new IrregularTimeSeries({ timestamps: [0.5, 1.5, 2.5, 3.5], unit: ["a", "bb", "c", "d"] });
  const trials = new Interval([0, 1, 2], [1, 2, 3], { id: BigInt64Array.of(7n, 8n, 9n) });
  const lfp = new RegularTimeSeries({ raw: Float32Array.from({ length: 16 }, (_, i) => i) }, { samplingRate: 4 });
  const units = new ArrayDict({ id: ["a", "b"] });
  const bytes = await new Data({ spikes, trials, lfp, units }, { domain: "auto" }).toBytes();
  interface Session {
    spikes: IrregularTimeSeries;
    trials: Interval;
    lfp: RegularTimeSeries;
    units: ArrayDict;
  }
  await using data = await Data.load<Session>(bytes);
  const kept = { resetOrigin: false };
  const events = await concat([data.spikes.slice(2, 4, kept), spikes.slice(0, 2, kept)]);
  assert.deepEqual(events.timestamps, spikes.timestamps);
  assert.deepEqual(events.get("unit"), ["a", "bb", "c", "d"]);
  assert.deepEqual([...events.domain], [[0.5, 3.5]]);
  const intervals = await concat([data.trials.slice(1, 3, kept), trials.slice(0, 1, kept)]);
  assert.ok(intervals instanceof Interval);
  assert.deepEqual([...intervals], [[0, 1], [1, 2], [2, 3]]);
  assert.deepEqual(intervals.get("id"), BigInt64Array.of(7n, 8n, 9n));
  const samples = await concat([data.lfp.slice(2, 4, kept), lfp.slice(0, 2, kept)]);
  assert.ok(samples instanceof RegularTimeSeries);
  assert.deepEqual(samples.get("raw"), lfp.get("raw"));
  assert.deepEqual([...samples.domain], [[0, 4]]);
  const tables = await concat([data.units, units]);
  assert.ok(tables instanceof ArrayDict);
  assert.deepEqual(tables.get("id"), ["a", "b", "a", "b"]);
});

Deno.test("regular series that leave gaps become one with gaps", async () => {
  const kept = { resetOrigin: false };
  const raw = Float64Array.from({ length: 100 }, (_, i) => i);
  const code = Int16Array.from({ length: 100 }, (_, i) => i);
  const whole = new RegularTimeSeries({ raw, code }, { samplingRate: 30, domainStart: 0.1 });
  const [a, b, c] = [whole.slice(0.1, 1.1, kept), whole.slice(1.5, 1.6, kept), whole.slice(2, 3, kept)];
  const joined = await concat([c, a, b, whole.slice(7, 8, kept)]);
  assert.ok(joined.isGappy());
  const real = joined.indexMask();
  assert.deepEqual([...real.keys()].filter((row) => real[row]), [
    ...Array.from({ length: 30 }, (_, i) => i),
    ...[42, 43, 44],
    ...Array.from({ length: 30 }, (_, i) => 57 + i),
  ]);
  (joined.get("raw") as Float64Array).forEach((value, row) => assert.ok(Object.is(value, real[row] ? row : NaN)));
  assert.equal((joined.get("code") as Int16Array)[30], -1);
  assert.ok(joined.timestamps.every((time, row) => Math.abs(time - whole.timestamps[row]!) < 1e-12));
  const filled = await concat([a, c], { gapValue: 0 });
  assert.equal((filled.get("raw") as Float64Array)[40], 0);
});

Deno.test("gaps that series have stay", async () => {
  const gappy = (start: number) =>
    fromGappyTimeseries({ raw: [1, 2, 3] }, { timestamps: [start, start + 1, start + 3], samplingRate: 1 });
  const joined = await concat([gappy(4), gappy(0)]);
  assert.deepEqual(joined.get("raw"), Float64Array.of(1, 2, NaN, 3, 1, 2, NaN, 3));
  assert.deepEqual([...joined.domain], [[0, 2], [3, 6], [7, 8]]);
});

Deno.test("empty regular series add nothing", async () => {
  const lfp = new RegularTimeSeries({ raw: [1, 2] }, { samplingRate: 2, domainStart: 5 });
  const joined = await concat([lfp.slice(100, 200, { resetOrigin: false }), lfp, lfp.slice(0, 1)]);
  assert.deepEqual(joined.get("raw"), Float64Array.of(1, 2));
  assert.deepEqual([...joined.domain], [[5, 6]]);
  const none = await concat([lfp.slice(0, 1), lfp.slice(100, 200)]);
  assert.equal(none.length, 0);
});

Deno.test("regular series that lie on no common grid are refused", async () => {
  const lfp = (samplingRate: number, domainStart: number) =>
    new RegularTimeSeries({ raw: [1, 2] }, { samplingRate, domainStart });
  await assert.rejects(concat([lfp(2, 0), lfp(4, 1)]), {
    name: "RangeError",
    message: /same sampling rate, got 2 and 4/,
  });
  await assert.rejects(concat([lfp(2, 0), lfp(2, 1.25)]), {
    name: "RangeError",
    message: /0\.500 samples off the grid/,
  });
  await assert.rejects(concat([lfp(2, 0), lfp(2, 0.5)]), { name: "RangeError", message: /overlaps .* by 1 samples/ });
  await assert.rejects(concat([lfp(2, 0), lfp(2, 1)], { rtol: -1 }), RangeError);
  await assert.rejects(concat([lfp(1000, 0), lfp(1000, 1e9)]), LimitError);
  const named = (domainStart: number) => new RegularTimeSeries({ name: ["a"] }, { samplingRate: 1, domainStart });
  assert.deepEqual((await concat([named(0), named(1)])).get("name"), ["a", "a"]);
  await assert.rejects(concat([named(0), named(2)]), DTypeError);
});

Deno.test("intervals are sorted if they don't overlap, and left as they are if asked", async () => {
  const [a, b] = [new Interval([4, 6], [5, 7]), new Interval([0, 5], [1, 6])];
  assert.deepEqual([...await concat([a, b])], [[0, 1], [4, 5], [5, 6], [6, 7]]);
  assert.deepEqual([...await concat([a, b], { sort: false })], [[4, 5], [6, 7], [0, 1], [5, 6]]);
  await assert.rejects(concat([a, new Interval(4.5, 5.5)]), RangeError);
  assert.equal((await concat([a, new Interval(4.5, 5.5)], { sort: false })).length, 3);
});

Deno.test("objects that differ in class, arrays or timekeys aren't joined", async () => {
  const events = new IrregularTimeSeries({ timestamps: [1], a: [1] });
  const refused = (others: unknown[], message: RegExp) =>
    assert.rejects(concat(others as IrregularTimeSeries[]), { name: "TypeError", message });
  await refused([], /there is no object/);
  await refused([events, new Interval(0, 1)], /same type, got IrregularTimeSeries and Interval/);
  await refused([events, {}], /object 1 is no series/);
  await refused([events, new IrregularTimeSeries({ timestamps: [1], b: [1] })], /same keys, got \[timestamps,a\]/);
  await refused([events, new IrregularTimeSeries({ timestamps: [1] })], /same keys/);
  await refused([events, new IrregularTimeSeries({ timestamps: [1], a: [1] }, { timekeys: ["a"] })], /same timekeys/);
  await assert.rejects(
    concat([events, new IrregularTimeSeries({ timestamps: [1], a: [[1, 2]] })]),
    { name: ShapeError.name, message: /Cannot join a: arrays of shapes \(1,\) and \(1, 2\)/ },
  );
  await assert.rejects(concat([events, new IrregularTimeSeries({ timestamps: [1], a: ["x"] })]), {
    name: DTypeError.name,
    message: "Cannot join a: float64 and string (utf-8, variable) have no type in common",
  });
});

/** What NumPy's result_type gives, and `null` where it gives a type that doesn't hold all. */
const PROMOTED: readonly (readonly [string, string, string | null])[] = [
  ["|i1", "<i4", "<i4"],
  ["|u1", "<u2", "<u2"],
  ["|i1", "|u1", "<i2"],
  ["<i2", "|u1", "<i2"],
  ["<i4", "<u4", "<i8"],
  ["<i8", "<u8", "<f8"],
  ["|i1", "<f4", "<f4"],
  ["|i1", "<f2", "<f2"],
  ["<i2", "<f2", "<f4"],
  ["<u2", "<f4", "<f4"],
  ["<i4", "<f4", "<f8"],
  ["<u4", "<f8", "<f8"],
  ["<i8", "<f4", "<f8"],
  ["<f2", "<f4", "<f4"],
  ["<f4", "<f8", "<f8"],
  ["bool", "|i1", "|i1"],
  ["bool", "<f2", "<f2"],
  ["<c8", "<c16", "<c16"],
  ["<M8[s]", "<M8[ns]", null],
  ["<f8", "<c16", null],
];

Deno.test("types that differ become what NumPy promotes them to, in either order", async () => {
  for (const [a, b, expected] of PROMOTED) {
    const table = (name: string) => {
      const dtype = dtypeFromNumpy(name);
      const isWide = dtype.kind === "datetime" || (dtype.itemsize === 8 && dtype.kind.endsWith("int"));
      const data = dtype.kind === "complex"
        ? dtype.itemsize === 8 ? Float32Array.of(1, 0) : Float64Array.of(1, 0)
        : isWide
        ? dtype.kind === "uint" ? BigUint64Array.of(1n) : BigInt64Array.of(1n)
        : dtype.kind === "float"
        ? dtype.itemsize === 8 ? Float64Array.of(1) : Float32Array.of(1)
        : {
          i1: Int8Array,
          i2: Int16Array,
          i4: Int32Array,
          u1: Uint8Array,
          u2: Uint16Array,
          u4: Uint32Array,
          ol: Uint8Array,
        }[
          name.slice(-2) as "i1"
        ].of(1);
      return new ArrayDict({ x: ndarray(data, [1], dtype) });
    };
    for (const pair of [[a, b], [b, a]] as const) {
      const joining = concat(pair.map(table));
      if (expected === null) {
        await assert.rejects(joining, DTypeError);
        continue;
      }
      const x = await (await joining).array("x");
      assert.equal(numpyName(x.dtype), expected, `${pair}`);
      const one = x.dtype.kind === "complex" ? [1, 0] : x.dtype.itemsize === 8 && x.dtype.kind === "int" ? 1n : 1;
      assert.deepEqual(toNested(x), [one, one]);
    }
  }
});

Deno.test("an integer that the common type doesn't hold is an error, never another number", async () => {
  const large = new ArrayDict({ x: BigInt64Array.of(2n ** 53n + 1n) });
  await assert.rejects(concat([large, new ArrayDict({ x: [0.5] })]), {
    name: DTypeError.name,
    message: /the integer 9007199254740993 would be 9007199254740992/,
  });
  const unsigned = new ArrayDict({ x: BigUint64Array.of(2n ** 53n) });
  assert.deepEqual(
    (await concat([unsigned, new ArrayDict({ x: BigInt64Array.of(-1n) })])).get("x"),
    Float64Array.of(2 ** 53, -1),
  );
});

Deno.test("cutting a series into slices and joining them in any order gives it back", async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 6 });
  const start = fc.constantFrom(0, 0.1, -7.3, 1234.5);
  await fc.assert(fc.asyncProperty(cuts, start, fc.infiniteStream(fc.nat()), async (cuts, start, order) => {
    const rate = 40 / 3;
    const rows = Float64Array.from({ length: 40 }, (_, i) => i);
    const lfp = new RegularTimeSeries({ rows }, { samplingRate: rate, domainStart: start });
    const spikes = new IrregularTimeSeries({ timestamps: lfp.timestamps, rows }, { domain: lfp.domain });
    const edges = [start, ...cuts.sort((a, b) => a - b).map((row) => lfp.timestamps[row]!), lfp.domain.end[0]!];
    const shuffled = edges.slice(1).map((_, i) => i).sort(() => (order.next().value % 3) - 1);
    const kept = { resetOrigin: false };
    const joined = await concat(shuffled.map((i) => lfp.slice(edges[i]!, edges[i + 1]!, kept)));
    assert.deepEqual(joined.get("rows"), rows);
    assert.equal(joined.domain.length, 1);
    const events = await concat(shuffled.map((i) => spikes.slice(edges[i]!, edges[i + 1]!, kept)));
    assert.deepEqual(events.timestamps, spikes.timestamps);
    assert.deepEqual(events.get("rows"), rows);
    assert.deepEqual([...events.domain], [...spikes.domain]);
  }));
});
