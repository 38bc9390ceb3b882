import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { DTypeError, LimitError, ShapeError } from "../../src/source/errors.ts";
import { Data } from "../../src/temporal/data.ts";
import { fromGappyTimeseries, type GappyOptions } from "../../src/temporal/regular/gappy.ts";
import type { Interval } from "../../src/temporal/intervals/interval.ts";
import type { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

type Series = RegularTimeSeries | RegularTimeSeries<LazyArray>;

/** The series itself, and the same saved and lazily loaded. */
async function bothWays(series: RegularTimeSeries, check: (series: Series) => Promise<void>): Promise<void> {
  await check(series);
  const bytes = await new Data({ lfp: series }, { domain: "auto" }).toBytes();
  await using data = await Data.load<{ lfp: RegularTimeSeries }>(bytes);
  assert.equal(data.lfp.isLazy, true);
  await check(data.lfp);
}

/** Fails unless domains agree up to rounding. */
function near(domain: Interval, expected: readonly (readonly [number, number])[]): void {
  assert.equal(domain.length, expected.length);
  [...domain].flat().forEach((time, i) => assert.ok(Math.abs(time - expected.flat()[i]!) < 1e-12, `${[...domain]}`));
}

const numbers = async (series: Series, key: string = "raw") => [...(await series.array(key)).data as Float64Array];

const four = () => fromGappyTimeseries({ raw: [1, 2, 3, 4] }, { timestamps: [0, 0.01, 0.03, 0.04], samplingRate: 100 });
const six = () =>
  fromGappyTimeseries({ raw: [0, 1, 3, 4, 7, 9] }, {
    timestamps: [0, 0.01, 0.03, 0.04, 0.07, 0.09],
    samplingRate: 100,
  });

Deno.test("a missing sample is filled with NaN, and isn't in the domain", async () => {
  await bothWays(four(), async (series) => {
    assert.deepEqual(await numbers(series), [1, 2, NaN, 3, 4]);
    assert.deepEqual([...series.domain], [[0, 0.02], [0.03, 0.05]]);
    assert.deepEqual(series.indexMask(), [true, true, false, true, true]);
    assert.ok(series.isGappy());
  });
});

Deno.test("slices of gappy series begin and end with real samples", async () => {
  await bothWays(four(), async (series) => {
    const kept = { resetOrigin: false };
    const end = series.slice(0.018, 0.05, kept);
    assert.deepEqual(await numbers(end), [3, 4]);
    near(end.domain, [[0.03, 0.05]]);
    const start = series.slice(0, 0.03, kept);
    assert.deepEqual(await numbers(start), [1, 2]);
    near(start.domain, [[0, 0.02]]);
    const none = series.slice(0.022, 0.028, kept);
    assert.equal(none.length, 0);
    near(none.domain, [[0.03, 0.03]]);
    const moved = series.slice(0.018, 0.05);
    assert.deepEqual(await numbers(moved), [3, 4]);
    near(moved.domain, [[0.012, 0.032]]);
    [0.012, 0.022].forEach((time, i) => assert.ok(Math.abs(moved.timestamps[i]! - time) < 1e-12));
  });
});

Deno.test("the mask says which samples are real, of slices too", async () => {
  const text = (series: Series) => series.indexMask().map((real) => real ? "T" : "F").join("");
  await bothWays(six(), async (series) => {
    assert.equal(text(series), "TTFTTFFTFT");
    const inner = series.slice(0.015, 0.14);
    assert.equal(inner.length, 7);
    assert.equal(text(inner), "TTFFTFT");
    assert.deepEqual(await numbers(inner), [3, 4, NaN, NaN, 7, NaN, 9]);
    assert.equal(series.slice(0.02, 0.03).length, 0);
  });
});

Deno.test("samples in gaps are dropped where a series becomes irregular", async () => {
  await bothWays(six(), async (series) => {
    const events = series.toIrregular();
    const times = (await events.array("timestamps")).data as Float64Array;
    [0, 0.01, 0.03, 0.04, 0.07, 0.09].forEach((time, i) => assert.ok(Math.abs(times[i]! - time) < 1e-12));
    assert.deepEqual([...(await events.array("raw")).data], [0, 1, 3, 4, 7, 9]);
  });
});

Deno.test("integers are filled with a value of their own; times may begin anywhere", async () => {
  const values = Int32Array.of(7, 8, 9);
  const series = fromGappyTimeseries({ values }, { timestamps: [0, 0.1, 0.3], samplingRate: 10 });
  await bothWays(series, async (series) => {
    assert.deepEqual((await series.array("values")).data, Int32Array.of(7, 8, -1, 9));
  });
  const late = fromGappyTimeseries({ values }, { timestamps: [10, 10.5, 11.5], samplingRate: 2 });
  assert.deepEqual([...late.domain], [[10, 11], [11.5, 12]]);
});

Deno.test("each kind of numbers has its own value, which can be chosen for all, by kind, and by name", () => {
  const options = { timestamps: [0, 1, 3], samplingRate: 1 };
  const all = {
    flag: [true, true, true],
    count: Uint8Array.of(1, 2, 3),
    code: BigInt64Array.of(1n, 2n, 3n),
    value: Float32Array.of(1, 2, 3),
    half: ndarray(Float32Array.of(1, 2, 3), [3], dtypeFromNumpy("<f2")),
    xy: [[1, 2], [3, 4], [5, 6]],
  };
  const series = fromGappyTimeseries(all, options);
  assert.deepEqual(series.get("flag"), [true, true, false, true]);
  assert.deepEqual(series.get("count"), Uint8Array.of(1, 2, 0, 3));
  assert.deepEqual(series.get("code"), BigInt64Array.of(1n, 2n, -1n, 3n));
  assert.deepEqual(series.get("value"), Float32Array.of(1, 2, NaN, 3));
  assert.deepEqual(toNested(series.get("half") as NDArray), [1, 2, NaN, 3]);
  assert.deepEqual(toNested(series.get("xy") as NDArray), [[1, 2], [3, 4], [NaN, NaN], [5, 6]]);
  const chosen = fromGappyTimeseries(all, {
    ...options,
    gapValue: { b: true, i: -7n, u: 9, f: 0.5 },
    gapValueOf: { value: Infinity },
  });
  assert.deepEqual(chosen.get("flag"), [true, true, true, true]);
  assert.deepEqual(chosen.get("count"), Uint8Array.of(1, 2, 9, 3));
  assert.deepEqual(chosen.get("code"), BigInt64Array.of(1n, 2n, -7n, 3n));
  assert.deepEqual(chosen.get("value"), Float32Array.of(1, 2, Infinity, 3));
  assert.equal((toNested(chosen.get("half") as NDArray) as number[])[2], 0.5);
  const one = fromGappyTimeseries({ count: all.count, value: all.value }, { ...options, gapValue: 0 });
  assert.deepEqual(one.get("count"), Uint8Array.of(1, 2, 0, 3));
  assert.deepEqual(one.get("value"), Float32Array.of(1, 2, 0, 3));
});

Deno.test("complex numbers and times need a value, and take it", () => {
  const options = { timestamps: [0, 1, 3], samplingRate: 1 };
  const z = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [3], dtypeFromNumpy("<c16"));
  const when = ndarray(BigInt64Array.of(1n, 2n, 3n), [3], dtypeFromNumpy("<M8[ns]"));
  for (const arrays of [{ z }, { when }]) assert.throws(() => fromGappyTimeseries(arrays, options), DTypeError);
  const filled = fromGappyTimeseries({ z, when }, { ...options, gapValue: { c: [0, 1], M: -(2n ** 63n) } });
  assert.deepEqual((filled.get("z") as NDArray).data, Float64Array.of(1, 2, 3, 4, 0, 1, 5, 6));
  assert.deepEqual((filled.get("when") as NDArray).data, BigInt64Array.of(1n, 2n, -(2n ** 63n), 3n));
});

Deno.test("a gap value that an array can't hold exactly is refused", () => {
  const options = { timestamps: [0, 1, 3], samplingRate: 1 };
  const arrays = { raw: Uint8Array.of(1, 2, 3) };
  const refused = (gapValue: GappyOptions["gapValue"], given: Record<string, Uint8Array | Float32Array | boolean[]>) =>
    assert.throws(() => fromGappyTimeseries(given, { ...options, gapValue }), DTypeError);
  refused(-1, arrays);
  refused(NaN, arrays);
  refused(0.5, arrays);
  refused({ u: 256 }, arrays);
  refused({ i: -1 }, arrays);
  refused([0, 1], arrays);
  refused(0.1, { raw: Float32Array.of(1, 2, 3) });
  refused(1e300, { raw: Float32Array.of(1, 2, 3) });
  refused(2 ** 24 + 1, { raw: Float32Array.of(1, 2, 3) });
  refused(2, { raw: [true, false, true] });
  assert.throws(
    () => fromGappyTimeseries({ name: ["a", "b", "c"] }, { ...options, gapValue: 0 }),
    /Cannot fill the gaps of name: it holds string/,
  );
});

Deno.test("gap values by kind are of that kind", () => {
  const options = { timestamps: [0, 1, 3], samplingRate: 1 };
  const make = (gapValue: unknown) => () =>
    fromGappyTimeseries({ raw: [1, 2, 3] }, { ...options, gapValue } as unknown as GappyOptions);
  assert.throws(make({ b: 1, f: 0 }), { name: "TypeError", message: /gapValue\.b is 1, expected a boolean/ });
  assert.throws(make({ i: 0.5, f: 0 }), { name: "TypeError", message: /gapValue\.i is 0\.5, expected an integer/ });
  assert.throws(make({ u: -1, f: 0 }), { name: "RangeError", message: /gapValue\.u must be non-negative/ });
  assert.throws(make({ f: "x" }), { name: "TypeError", message: /gapValue\.f is x, expected a number/ });
  assert.throws(make({ q: 0, f: 0 }), { name: "TypeError", message: /one of the kinds/ });
  assert.throws(make("x"), TypeError);
});

Deno.test("timestamps that make no grid are refused", () => {
  const make = (timestamps: number[], samplingRate: number, rtol?: number) => () =>
    fromGappyTimeseries({ raw: timestamps }, { timestamps, samplingRate, rtol });
  assert.throws(make([0, 0.01, 0.025], 100), { name: "RangeError", message: /deviate from a regular grid at 100 Hz/ });
  assert.throws(make([0, 0.02, 0.04], 100), { name: "RangeError", message: /appears too high.*the rate may be 50/ });
  assert.throws(make([0, 0.004, 0.01], 100, 0.5), { name: "RangeError", message: /duplicate or sub-sample/ });
  assert.throws(make([0, 0.01, 0.01], 100), { name: "RangeError", message: /strictly increasing/ });
  assert.throws(make([0, NaN, 0.02], 100), { name: "RangeError", message: /strictly increasing/ });
  assert.throws(make([0, 1, Infinity], 1), { name: "RangeError", message: /finite/ });
  assert.throws(make([0], 100), ShapeError);
  assert.throws(make([], 100), ShapeError);
  assert.throws(make([0, 1], 0), RangeError);
  assert.throws(make([0, 1], NaN), RangeError);
  assert.throws(make([0, 1], 1, -1), RangeError);
  assert.throws(() => fromGappyTimeseries({}, { timestamps: [0, 1], samplingRate: 1 }), ShapeError);
  assert.throws(
    () => fromGappyTimeseries({ raw: [1, 2] }, { timestamps: [0, 1, 2], samplingRate: 1 }),
    { name: "ShapeError", message: /raw has length 2, expected 3 to match timestamps/ },
  );
  assert.throws(
    () => fromGappyTimeseries({ raw: [1, 2] }, { timestamps: [[0, 1], [2, 3]], samplingRate: 1 }),
    { name: "ShapeError", message: /timestamps must be 1D/ },
  );
});

Deno.test("a gap that would fill the memory is refused before anything is made", () => {
  const options = { timestamps: [0, 0.001, 1e9], samplingRate: 1000 };
  assert.throws(() => fromGappyTimeseries({ raw: [1, 2, 3] }, options), {
    name: LimitError.name,
    message: /1000000000001 samples of 8 bytes/,
  });
  const small = { timestamps: [0, 1, 9], samplingRate: 1, maxBytes: 79 };
  assert.throws(() => fromGappyTimeseries({ raw: [1, 2, 3] }, small), LimitError);
  assert.equal(fromGappyTimeseries({ raw: [1, 2, 3] }, { ...small, maxBytes: 80 }).length, 10);
});

Deno.test("whatever is missing, and however times are rounded, real samples come back as they were", () => {
  const chosen = fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { maxLength: 30 });
  const start = fc.constantFrom(0, 0.1, -3.7, 12345.678);
  const rate = fc.constantFrom(1, 30, 100, 1000 / 3);
  fc.assert(fc.property(chosen, start, rate, (more, start, rate) => {
    const places = [0, 1, ...more.sort((a, b) => a - b)];
    const timestamps = Float64Array.from(places, (place) => start + place / rate);
    const series = fromGappyTimeseries({ raw: Float64Array.from(places) }, { timestamps, samplingRate: rate });
    assert.deepEqual([...series.indexMask().keys()].filter((row) => series.indexMask()[row]), places);
    const raw = series.get("raw") as Float64Array;
    raw.forEach((value, row) => assert.ok(Object.is(value, places.includes(row) ? row : NaN)));
    assert.ok(series.toIrregular().timestamps.every((time, i) => Math.abs(time - timestamps[i]!) < 1e-9));
  }));
});
