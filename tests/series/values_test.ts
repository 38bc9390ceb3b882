import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray, Slice } from "../../src/array/types.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Ts } from "../../src/series/ts.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import type { ValueSeries } from "../../src/series/value_series.ts";
import { DTypeError, ShapeError } from "../../src/source/errors.ts";
import { counting, list, pairs, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const TSD = new Tsd(range(10), range(10, 10));

/** Times and values of a series. */
async function both(series: ValueSeries): Promise<[number[], number[]]> {
  return [[...series.times], list(await series.read())];
}

/** Numbers to nine decimals, so that rounding doesn't matter. */
function near(numbers: readonly number[]): number[] {
  return numbers.map((value) => Math.round(value * 1e9) / 1e9);
}

Deno.test("averages are taken in bins, lazily or not", async () => {
  for (const tsd of [TSD, new Tsd(range(10), spy(Float64Array.from(range(10, 10))).lazy)]) {
    assert.deepEqual(await both(await tsd.binAverage(2.5)), [[1.25, 3.75, 6.25, 8.75], [10, 35, 60, 85]]);
    const epochs = new IntervalSet([[0, 2.5], [5, 8]]);
    const centers = [0.5, 1.5, 2.5, 5.5, 6.5, 7.5];
    assert.deepEqual(await both(await tsd.binAverage(1, { epochs, ...PYNAPPLE })), [centers, [0, 10, 20, 50, 60, 70]]);
    assert.deepEqual(await both(await tsd.binAverage(1, { epochs })), [centers, [0, 10, 20, 50, 60, 75]]);
    assert.deepEqual(await both(await tsd.binAverage(1000, { epochs, unit: "ms" })), [centers, [
      0,
      10,
      20,
      50,
      60,
      75,
    ]]);
  }
  const gaps = await new Tsd([0, 3], [1, 2], { timeSupport: new IntervalSet(0, 3) }).binAverage(1);
  assert.deepEqual(await both(gaps), [[0.5, 1.5, 2.5], [1, NaN, 2]]);
  await assert.rejects(TSD.binAverage(0), RangeError);
});

Deno.test("averages of frames keep columns, and read the rows of the bins alone, in blocks of whole chunks", async () => {
  const source = spy(counting(100, 2), undefined, [10, 2]);
  const frame = new TsdFrame(range(100), source.lazy, { columns: ["a", "b"], metadata: { m: [1, 2] } });
  const average = await frame.binAverage(2, { epochs: new IntervalSet([[20, 23], [50, 51.9]]) });
  assert.deepEqual([average.columns, average.getInfo("m")], [["a", "b"], [1, 2]]);
  assert.deepEqual(await both(average), [[21, 23, 51], [41, 42, 45, 46, 101, 102]]);
  assert.deepEqual(source.rows(), [20, 21, 22, 23, 50, 51]);
});

Deno.test("a long average never has more than a block in memory", async () => {
  const rows = 5_000_000;
  let longest = 0;
  const lazy: LazyArray = {
    shape: [rows],
    dtype: { kind: "int", itemsize: 1, byteOrder: "|" },
    chunkShape: [1000],
    read(selection) {
      const { start, stop } = (selection as [Slice])[0];
      longest = Math.max(longest, stop! - start!);
      assert.ok(start! % 1000 === 0);
      return Promise.resolve(ndarray(new Int8Array(stop! - start!).fill(1)));
    },
    view: () => assert.fail("no view is needed"),
  };
  const times = Float64Array.from({ length: rows }, (_, i) => i / 1000);
  const tsd = new Tsd(times, lazy);
  assert.equal((await tsd.mean()).data[0], 1);
  assert.ok(longest <= 2 * 2 ** 20, `a block of ${longest} rows`);
  assert.ok(longest > 2 ** 20);
});

Deno.test("sums, means and extremes over time are those of each column", async () => {
  const frame = new TsdFrame(range(4), [[1, 8], [2, NaN], [3, 6], [4, 5]]);
  const lazy = new TsdFrame(range(4), spy(Float64Array.of(1, 8, 2, NaN, 3, 6, 4, 5), [4, 2]).lazy);
  for (const series of [frame, lazy]) {
    assert.deepEqual(list(await series.sum()), [10, NaN]);
    assert.deepEqual(list(await series.mean({ skipNaN: true })), [2.5, 19 / 3]);
    assert.deepEqual([list(await series.min()), list(await series.max())], [[1, NaN], [4, NaN]]);
    assert.deepEqual(list(await series.min({ skipNaN: true })), [1, 5]);
    assert.deepEqual(list(await series.max({ epochs: new IntervalSet(2, 3) })), [4, 6]);
  }
  assert.deepEqual((await frame.mean()).shape, [2]);
  assert.deepEqual((await new TsdTensor([0], counting(1, 2, 3)).max()).shape, [2, 3]);
  const empty = new Tsd([], []);
  assert.deepEqual([await empty.sum(), await empty.mean(), await empty.min()].map(list), [[0], [NaN], [NaN]]);
  assert.deepEqual(list(await new Tsd([0, 1], [1n, 2n]).mean()), [1.5]);
});

Deno.test("values between samples lie on straight lines", async () => {
  const wanted = new Ts([0.5, 3.25, 8.9, 9, 12]);
  const epochs = new IntervalSet(-5, 20);
  for (const tsd of [TSD, new Tsd(range(10), spy(Float64Array.from(range(10, 10))).lazy)]) {
    const [times, values] = await both(await tsd.interpolate(wanted));
    assert.deepEqual([times, near(values)], [[0.5, 3.25, 8.9, 9], [5, 32.5, 89, 90]]);
    const beyond = new Ts([-1, 0.5, 12]);
    assert.deepEqual(await both(await tsd.interpolate(beyond, { epochs })), [[-1, 0.5, 12], [0, 5, 90]]);
    const edges = await tsd.interpolate(beyond, { epochs, left: NaN, right: -7 });
    assert.deepEqual(list(await edges.read()), [NaN, 5, -7]);
  }
  const sparse = new Tsd([1, 9], [1n, 9n], { timeSupport: new IntervalSet([[0, 3], [4, 5], [8, 10]]) });
  assert.deepEqual(await both(await sparse.interpolate(new Ts([2, 4.5, 8]))), [[2, 4.5, 8], [1, NaN, 9]]);
  await assert.rejects(TSD.interpolate([1] as unknown as Ts), TypeError);
  await assert.rejects(TSD.interpolate(wanted, { left: "a" as unknown as number }), TypeError);
});

Deno.test("interpolation reads only the rows beside each time", async () => {
  const source = spy(counting(1000, 2));
  const frame = new TsdFrame(range(1000), source.lazy);
  const between = await frame.interpolate(new Ts([10.5, 10.75, 400, 998.5]));
  assert.deepEqual(list(await between.read()), [21, 22, 21.5, 22.5, 800, 801, 1997, 1998]);
  assert.deepEqual(source.rows(), [10, 11, 400, 998, 999]);
});

Deno.test("interpolating at the samples' own times gives the samples", async () => {
  const unique = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 });
  await fc.assert(fc.asyncProperty(unique, async (times) => {
    const tsd = new Tsd(times, times.map((t) => t ** 2));
    assert.deepEqual(await both(await tsd.interpolate(tsd)), await both(tsd));
  }));
});

Deno.test("a threshold keeps samples, and its support has edges midway to their neighbours", async () => {
  const d = [0, 1, 1, 0, 0, 1, 0, 1, 1, 1];
  for (const values of [d, spy(Int8Array.from(d)).lazy]) {
    const above = await new Tsd(range(10), values).threshold(0.5);
    assert.deepEqual(await both(above), [[1, 2, 5, 7, 8, 9], [1, 1, 1, 1, 1, 1]]);
    assert.deepEqual(pairs(above.timeSupport), [[0.5, 2.5], [4.5, 5.5], [6.5, 9]]);
  }
  const ramp = new Tsd(range(100), Int16Array.from(range(100)));
  assert.deepEqual(pairs((await ramp.threshold(50)).timeSupport), [[50.5, 99]]);
  assert.deepEqual(pairs((await ramp.threshold(50, { method: "below" })).timeSupport), [[0, 49.5]]);
  assert.deepEqual(
    (await ramp.threshold(98, { method: "aboveequal" }).then((tsd) => tsd.read())).data,
    Int16Array.of(98, 99),
  );
  assert.deepEqual([...(await ramp.threshold(1, { method: "belowequal" })).times], [0, 1]);
  assert.deepEqual((await ramp.threshold(500)).length, 0);
  await assert.rejects(ramp.threshold(1, { method: "over" as "above" }), /method should be "above"/);
  await assert.rejects(ramp.threshold("1" as unknown as number), TypeError);
});

Deno.test("samples on either side of a gap in the support are no neighbours", async () => {
  const timeSupport = new IntervalSet([[0, 1], [4, 6]]);
  const tsd = new Tsd([0, 1, 4, 5, 6], [0, 1, 1, 0, 1], { timeSupport });
  assert.deepEqual(pairs((await tsd.threshold(0.5)).timeSupport), [[0.5, 1], [4, 4.5], [5.5, 6]]);
});

Deno.test("rows with NaN are left out, and the support becomes the runs of the others", async () => {
  const d = Float64Array.of(1, NaN, 3, 4, NaN);
  for (const values of [d, spy(d).lazy]) {
    const tsd = new Tsd(range(5), values);
    const left = await tsd.dropna();
    assert.deepEqual([await both(left), pairs(left.timeSupport)], [[[0, 2, 3], [1, 3, 4]], [[0, 0.000001], [2, 3]]]);
    assert.deepEqual(pairs((await tsd.dropna({ updateTimeSupport: false })).timeSupport), [[0, 4]]);
  }
  const none = await new Tsd([0, 1], [NaN, NaN]).dropna();
  assert.deepEqual([none.length, pairs(none.timeSupport)], [0, []]);
  const whole = new Tsd(range(3), range(3), { timeSupport: new IntervalSet(-1, 5) });
  assert.deepEqual(pairs((await whole.dropna()).timeSupport), [[-1, 5]]);
  const frame = new TsdFrame(range(3), [[1, NaN], [2, 3], [4, 5]], { columns: ["a", "b"] });
  const rows = await frame.dropna();
  assert.deepEqual([rows.columns, await both(rows)], [["a", "b"], [[1, 2], [2, 3, 4, 5]]]);
  assert.deepEqual((await new Tsd([0, 1], [1n, 2n]).dropna()).dtype.kind, "int");
});

Deno.test("runs of rows end with the intervals of the support, where pynapple's go on across gaps", async () => {
  const timeSupport = new IntervalSet([[0, 1], [5, 8]]);
  const tsd = new Tsd([0, 1, 5, 6, 7, 8], [1, 2, 3, NaN, 4, 5], { timeSupport });
  assert.deepEqual(pairs((await tsd.dropna()).timeSupport), [[0, 1], [5, 5.000001], [7, 8]]);
  assert.deepEqual(pairs((await tsd.dropna(PYNAPPLE)).timeSupport), [[0, 5], [7, 8]]);
});

Deno.test("convolution is trimmed to the length of the series at either end or both", async () => {
  const tsd = new Tsd(range(5), range(5, 1, 1));
  const convolve = async (kernel: number[], trim?: "both" | "left" | "right") =>
    list(await (await tsd.convolve(kernel, { trim })).read());
  assert.deepEqual(await convolve([1, 1, 1]), [3, 6, 9, 12, 9]);
  assert.deepEqual(await convolve([1, 1, 1], "left"), [6, 9, 12, 9, 5]);
  assert.deepEqual(await convolve([1, 1, 1], "right"), [1, 3, 6, 9, 12]);
  assert.deepEqual(await convolve([1, 1]), [1, 3, 5, 7, 9]);
  const epochs = new IntervalSet([[0, 1], [3, 4]]);
  assert.deepEqual(await both(await tsd.convolve([1, 1, 1], { epochs })), [[0, 1, 3, 4], [3, 3, 9, 9]]);
  await assert.rejects(tsd.convolve([]), ShapeError);
  await assert.rejects(tsd.convolve([[[1]]]), ShapeError);
  await assert.rejects(tsd.convolve(1), TypeError);
  await assert.rejects(tsd.convolve([1], { trim: "none" as "both" }), TypeError);
  await assert.rejects(new Tsd([0], ["a"]).convolve([1]), DTypeError);
});

Deno.test("several kernels add an axis, and a kernel longer than an epoch is warned of", async () => {
  const kernels = [[1, 0], [1, 1]];
  const frame = await new Tsd(range(3), [1, 2, 3]).convolve(kernels);
  assert.ok(frame instanceof TsdFrame);
  assert.deepEqual(list(await frame.read()), [1, 0, 3, 1, 5, 2]);
  const tensor = await new TsdFrame(range(3), [[1, 4], [2, 5], [3, 6]]).convolve(kernels);
  assert.ok(tensor instanceof TsdTensor);
  assert.deepEqual([tensor.shape, list(await tensor.pick([1]).read())], [[3, 2, 2], [4, 0, 9, 4, 11, 5]]);
  assert.deepEqual(frame.warnings, []);
  const short = await new Tsd(range(3), [1, 2, 3]).convolve([1, 1, 1, 1]);
  assert.equal(short.warnings.length, 1);
});

Deno.test("long kernels give by transforms what adding up gives", async () => {
  const numbers = (length: number, seed: number) =>
    Float64Array.from({ length }, (_, i) => Math.sin(seed * (i + 1) ** 2));
  for (const [n, k] of [[5000, 201], [300, 1001], [3000, 1300], [200, 200]] as const) {
    const [signal, kernel] = [numbers(n, 0.37), numbers(k, 0.71)];
    const fast = list(await (await new Tsd(range(n), signal).convolve(kernel, { trim: "right" })).read());
    for (const i of [0, 1, n >> 1, n - 2, n - 1]) {
      let sum = 0;
      for (let j = 0; j <= Math.min(i, k - 1); j++) sum += kernel[j]! * signal[i - j]!;
      assert.ok(Math.abs(fast[i]! - sum) < 1e-10, `${n} * ${k} at ${i}: ${fast[i]} is not ${sum}`);
    }
  }
});

Deno.test("smoothing keeps a constant where the window is full, and spreads a spike symmetrically", async () => {
  const smooth = await new Tsd(range(201, 0.01), new Float64Array(201).fill(3)).smooth(0.02, { sizeFactor: 10 });
  assert.ok(Math.abs(list(await smooth.read())[100]! - 3) < 1e-6);
  const spike = new Float64Array(101);
  spike[50] = 1;
  const tsd = new Tsd(range(101, 0.01), spike, { timeSupport: new IntervalSet(0, 1.01) });
  for (const options of [{}, { sizeFactor: 20 }, { windowSize: 500, unit: "ms" as const }]) {
    const values = list(await (await tsd.smooth(options.unit === "ms" ? 50 : 0.05, options)).read());
    assert.ok(Math.abs(values.reduce((a, b) => a + b) - 1) < 1e-5);
    assert.ok(values.every((value, i) => Math.abs(value - values[100 - i]!) < 1e-12));
    assert.ok(Math.abs(values[50]! / values[55]! - Math.exp(0.5)) < 1e-9);
  }
  const plain = list(await (await tsd.smooth(0.05, { norm: false })).read());
  assert.ok(Math.abs(plain[50]! - 1) < 1e-12);
  await assert.rejects(tsd.smooth(0), RangeError);
  await assert.rejects(new Tsd(0, 1).smooth(1), RangeError);
  await assert.rejects(tsd.smooth("1" as unknown as number), TypeError);
});

Deno.test("a slow wave survives decimation, at every so-many-th time of each epoch", async () => {
  const wave = range(400).map((i) => Math.sin(i / 20));
  const epochs = new IntervalSet([[0, 199], [200, 399]]);
  for (const options of [{}, { order: 5 }, { filterType: "fir" as const, order: 40 }]) {
    const tsd = new TsdFrame(range(400), wave.map((value) => [value, -value]), { columns: ["a", "b"] });
    const fewer = await tsd.decimate(4, { ...options, epochs });
    assert.deepEqual([...fewer.times], range(100, 4));
    const values = list(await fewer.read());
    for (let i = 10; i < 40; i++) {
      assert.ok(Math.abs(values[2 * i]! - wave[4 * i]!) < 0.02);
      assert.equal(values[2 * i + 1], -values[2 * i]!);
    }
  }
  await assert.rejects(TSD.decimate(0), RangeError);
  await assert.rejects(TSD.decimate(2, { order: 1.5 }), RangeError);
  await assert.rejects(TSD.decimate(2, { filterType: "cic" as "iir" }), TypeError);
  await assert.rejects(TSD.decimate(2), { name: "RangeError", message: /must have more than 27/ });
});

Deno.test("a derivative is taken within each epoch, with samples at any distance", async () => {
  const square = new Tsd(range(5), range(5).map((t) => t ** 2));
  assert.deepEqual(list(await (await square.derivative()).read()), [1, 2, 4, 6, 7]);
  const uneven = new Tsd([0, 1, 3, 4], [0, 1, 9, 16]);
  assert.deepEqual(list(await (await uneven.derivative()).read()), [1, 2, 6, 7]);
  const epochs = new IntervalSet([[0, 1], [2, 2.5], [3, 4]]);
  assert.deepEqual(await both(await square.derivative({ epochs })), [[0, 1, 2, 3, 4], [1, 1, NaN, 7, 7]]);
});

Deno.test("trials become an array with an axis of trials and one of time", async () => {
  const epochs = new IntervalSet([[0, 1], [4, 6]]);
  const tensor = await TSD.toTrialTensor(epochs);
  assert.deepEqual([tensor.shape, list(tensor)], [[2, 3], [0, 10, NaN, 40, 50, 60]]);
  const aligned = await TSD.toTrialTensor(epochs, { align: "end", padding: 0 });
  assert.deepEqual(list(aligned), [0, 0, 10, 40, 50, 60]);
  const source = spy(counting(10, 2));
  const frame = await new TsdFrame(range(10), source.lazy).toTrialTensor(epochs);
  assert.deepEqual([frame.shape, list(frame)], [[2, 2, 3], [0, 2, NaN, 8, 10, 12, 1, 3, NaN, 9, 11, 13]]);
  assert.deepEqual(source.rows(), [0, 1, 4, 5, 6]);
  await assert.rejects(TSD.toTrialTensor(epochs, { align: "middle" as "end" }), TypeError);
  await assert.rejects(TSD.toTrialTensor([[0, 1]] as unknown as IntervalSet), TypeError);
});

Deno.test("a function of each value gives numbers or truth values", async () => {
  const frame = new TsdFrame([0, 1], [[1, 2], [3, 4]], { columns: ["a", "b"] });
  const sums = await frame.map((value, row, column) => value + 10 * row + 100 * column);
  assert.deepEqual([sums.columns, list(await sums.read())], [["a", "b"], [1, 102, 13, 114]]);
  const large = await TSD.map((value) => value > 50);
  assert.equal(large.dtype.kind, "bool");
  assert.deepEqual([...TSD.select(large).times], [6, 7, 8, 9]);
  await assert.rejects(new Tsd([0], ["a"]).map((value) => value), DTypeError);
});

Deno.test("times are grouped by whole values", async () => {
  const group = await new Tsd(range(4), [0, 2, 0, 1]).toTsGroup();
  assert.deepEqual(group.keys(), [0, 1, 2]);
  assert.deepEqual([...group.rates].map((rate) => rate.toFixed(5)), ["0.66667", "0.33333", "0.33333"]);
  assert.deepEqual([...group.at(0).times], [0, 2]);
  await assert.rejects(new Tsd([0], [NaN]).toTsGroup(), RangeError);
});

Deno.test("reads can be aborted", async () => {
  const signal = AbortSignal.abort();
  const source = spy(ndarray(new Float64Array(10)));
  const watched = { ...source.lazy, shape: [10], dtype: source.lazy.dtype, chunkShape: null };
  const check = (options?: { signal?: AbortSignal | undefined }) => options?.signal?.throwIfAborted();
  const lazy: typeof source.lazy = {
    ...watched,
    // deno-lint-ignore require-await -- so that it rejects
    read: async (selection, options) => {
      check(options);
      return source.lazy.read(selection);
    },
    view: () => lazy,
  };
  const tsd = new Tsd(range(10), lazy);
  const calls: Promise<unknown>[] = [
    tsd.load({ signal }),
    tsd.read(null, { signal }),
    tsd.mean({ signal }),
    tsd.binAverage(1, { signal }),
    tsd.threshold(1, { signal }),
    tsd.dropna({ signal }),
    tsd.smooth(1, { signal }),
    tsd.derivative({ signal }),
    tsd.interpolate(tsd, { signal }),
    tsd.valueFrom(tsd, { signal }),
    tsd.map((value) => value, { signal }),
    tsd.toTsGroup({ signal }),
  ];
  for (const call of calls) await assert.rejects(call, { name: "AbortError" });
});
