import assert from "node:assert/strict";
import fc from "fast-check";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { MatchMode } from "../../src/series/process/match.ts";
import { Ts } from "../../src/series/ts.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { DTypeError } from "../../src/source/errors.ts";
import { counting, list, pairs, plain, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const TS = new Ts([0, 1, 2, 3, 5, 5.5, 9]);
const TSD = new Tsd(range(10), range(10, 10));
const EP = new IntervalSet([[0, 3], [5, 9]]);

/** Times and values of a series of one value each. */
async function both(tsd: Tsd): Promise<[number[], number[]]> {
  return [[...tsd.times], list(await tsd.read())];
}

Deno.test("counts hold the left edge of a bin, and the last one the end of its interval, which pynapple loses", async () => {
  const centers = range(9, 1, 0.5);
  assert.deepEqual(await both(TS.count(1)), [centers, [1, 1, 1, 1, 0, 2, 0, 0, 1]]);
  assert.deepEqual(await both(TS.count(1, PYNAPPLE)), [centers, [1, 1, 1, 1, 0, 2, 0, 0, 0]]);
  const short = { epochs: new IntervalSet(0, 1) };
  assert.deepEqual(await both(TS.count(0.4, short)), [[0.2, 0.6, 1], [1, 0, 1]]);
  assert.deepEqual(await both(TS.count(10, short)), [[], []]);
});

Deno.test("bins are made along each interval, and without a length there is one per interval", async () => {
  assert.deepEqual(await both(TS.count(2, { epochs: EP })), [[1, 3, 6, 8], [2, 2, 2, 1]]);
  assert.deepEqual(await both(TS.count(2, { epochs: EP, ...PYNAPPLE })), [[1, 3, 6, 8], [2, 2, 2, 0]]);
  assert.deepEqual(await both(TS.count(null, { epochs: EP })), [[1.5, 7], [4, 3]]);
  assert.deepEqual(await both(TS.count()), [[4.5], [7]]);
  assert.deepEqual(pairs(TS.count(2, { epochs: EP }).timeSupport), pairs(EP));
  assert.deepEqual(await both(TS.count(2000, { epochs: EP, unit: "ms" })), await both(TS.count(2, { epochs: EP })));
});

Deno.test("counts come in the type asked for, and series with values count too, unread", async () => {
  assert.deepEqual((await TS.count(9).read()).data, Int32Array.of(7));
  assert.deepEqual((await TS.count(9, { dtype: "int64" }).read()).data, BigInt64Array.of(7n));
  assert.deepEqual((await TS.count(9, { dtype: "float32" }).read()).data, Float32Array.of(7));
  assert.throws(() => TS.count(9, { dtype: "str" }), TypeError);
  const source = spy(counting(10, 2));
  assert.deepEqual(list(await new TsdFrame(range(10), source.lazy).count(5).read()), [5, 5]);
  assert.equal(source.reads(), 0);
});

Deno.test("every sample of an interval is counted once where bins fill it, and counts agree with a walk", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
  const bounds = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 8 });
  const size = fc.integer({ min: 1, max: 30 });
  await fc.assert(fc.asyncProperty(times, bounds, size, async (given, cuts, ten) => {
    const bin = ten / 10;
    const edges = cuts.sort((a, b) => a - b);
    const epochs = new IntervalSet(edges.slice(0, -1), edges.slice(1));
    const ts = new Ts(given);
    for (const compatible of [undefined, "pynapple" as const]) {
      const counts = ts.count(bin, { epochs, compatible });
      const numbers = list(await counts.read());
      let at = 0;
      epochs.pairs().forEach(([start, end], k) => {
        const inside = ts.times.filter((t) => (k === 0 ? t >= start : t > start) && t <= end);
        for (let i = 0; start + i * bin + bin / 2 <= end + 1e-9; i++, at++) {
          const [left, right] = [start + i * bin, start + (i + 1) * bin];
          const closed = compatible === undefined && Math.abs(right - end) < 1e-9;
          const expected = inside.filter((t) =>
            t > left - 1e-7 && (t < right - 1e-7 || (closed && Math.abs(t - end) < 1e-7))
          ).length;
          assert.equal(numbers[at], expected);
        }
      });
      assert.equal(numbers.length, at);
    }
  }));
});

Deno.test("bins that can't be are refused", () => {
  assert.throws(() => TS.count(0), { name: "RangeError", message: /at least a nanosecond/ });
  assert.throws(() => TS.count(-1), RangeError);
  assert.throws(() => TS.count(NaN), RangeError);
  assert.throws(() => TS.count(1e-9, { epochs: new IntervalSet(0, 1e6) }), {
    message: /there would be 1000000000000001/,
  });
  assert.throws(() => TS.count(1, { epochs: new IntervalSet(0, Infinity) }), RangeError);
  assert.throws(() => TS.count("1" as unknown as number), TypeError);
  assert.throws(() => TS.count(1, { epochs: [0, 1] as unknown as IntervalSet }), /argument should be an IntervalSet/);
});

Deno.test("differences between times are taken within each interval", async () => {
  assert.deepEqual(await both(TS.timeDiff()), [[0.5, 1.5, 2.5, 4, 5.25, 7.25], [1, 1, 1, 2, 0.5, 3.5]]);
  assert.deepEqual(await both(TS.timeDiff({ align: "start", epochs: EP })), [[0, 1, 2, 5, 5.5], [1, 1, 1, 0.5, 3.5]]);
  assert.deepEqual([...TS.timeDiff({ align: "end" }).times], [1, 2, 3, 5, 5.5, 9]);
  assert.deepEqual(await both(new Ts([]).timeDiff()), [[], []]);
  assert.throws(() => TS.timeDiff({ align: "middle" as "end" }), /align should be/);
});

Deno.test("the support of samples is found up to a gap", () => {
  assert.deepEqual(pairs(TS.findSupport(1)), [[0, 3.000001], [5, 5.500001], [9, 9.000001]]);
  assert.deepEqual(pairs(TS.findSupport(2000, { unit: "ms" })), [[0, 5.500001], [9, 9.000001]]);
  assert.deepEqual(pairs(new Ts([]).findSupport(1)), []);
});

Deno.test("samples in intervals are told as truth values over the old time support", async () => {
  const inside = TS.inInterval(new IntervalSet([[1, 2], [5, 5.2]]));
  assert.deepEqual(await both(inside), [[...TS.times], [0, 1, 1, 0, 1, 0, 0]]);
  assert.equal(inside.dtype.kind, "bool");
  assert.deepEqual(pairs(inside.timeSupport), [[0, 9]]);
});

Deno.test("trials are counted, aligned at either end", () => {
  const ts = new Ts(range(20, 0.5));
  const epochs = new IntervalSet([[0, 2], [5, 8]]);
  const counts = (options: Parameters<Ts["trialCount"]>[2]) => {
    const { data, shape } = ts.trialCount(epochs, 1, options);
    return [shape, list({ data } as never)];
  };
  assert.deepEqual(counts(PYNAPPLE), [[2, 3], [2, 2, NaN, 2, 2, 2]]);
  assert.deepEqual(counts({}), [[2, 3], [2, 3, NaN, 2, 2, 3]]);
  assert.deepEqual(counts({ align: "end", padding: -1 }), [[2, 3], [-1, 2, 3, 2, 2, 3]]);
  assert.deepEqual(ts.trialCount(new IntervalSet([]), 1).shape, [0, 0]);
  assert.throws(() => ts.trialCount(epochs, 1, { align: "middle" as "end" }), TypeError);
});

Deno.test("values are taken from the nearest sample, the later of two as near, or from the one before or after", async () => {
  const wanted = new Ts([-1, 0.4, 0.5, 0.6, 3, 9.5]);
  const inside = [0.4, 0.5, 0.6, 3];
  for (const data of [TSD, new Tsd(range(10), spy(Float64Array.from(range(10, 10))).lazy)]) {
    const values = async (mode?: MatchMode, epochs?: IntervalSet) =>
      both(await wanted.valueFrom(data, { mode, epochs }));
    assert.deepEqual(await values(), [inside, [0, 10, 10, 30]]);
    assert.deepEqual(await values("before"), [inside, [0, 0, 0, 30]]);
    assert.deepEqual(await values("after"), [inside, [10, 10, 10, 30]]);
    assert.deepEqual(await values("closest", new IntervalSet(0, 20)), [[...inside, 9.5], [0, 10, 10, 30, 90]]);
    assert.deepEqual(await values("after", new IntervalSet(0, 20)), [[...inside, 9.5], [10, 10, 10, 30, NaN]]);
  }
  const taken = await wanted.valueFrom(TSD);
  assert.deepEqual(pairs(taken.timeSupport), [[0, 9]]);
});

Deno.test("only the rows that are taken are read, each once", async () => {
  const source = spy(counting(1000, 2));
  const frame = new TsdFrame(range(1000), source.lazy, { columns: ["x", "y"] });
  const taken = await new Ts([3.1, 3.2, 500.4, 998]).valueFrom(frame);
  assert.deepEqual([taken.columns, list(await taken.read())], [["x", "y"], [6, 7, 6, 7, 1000, 1001, 1996, 1997]]);
  assert.deepEqual(source.rows(), [3, 500, 998]);
});

Deno.test("where an interval has no sample values are NaN, and integers become floats", async () => {
  const sparse = new Tsd([1, 9], Int16Array.of(1, 9), { timeSupport: new IntervalSet([[0, 2], [4, 5], [8, 10]]) });
  const all = await new Ts([1.5, 4.5, 8]).valueFrom(sparse);
  assert.deepEqual((await all.read()).data, Float64Array.of(1, NaN, 9));
  const some = await new Ts([1.5, 8]).valueFrom(sparse);
  assert.deepEqual((await some.read()).data, Int16Array.of(1, 9));
  const floats = new Tsd([1, 9], Float32Array.of(1, 9), { timeSupport: sparse.timeSupport });
  assert.deepEqual((await (await new Ts([4.5]).valueFrom(floats)).read()).data, Float32Array.of(NaN));
  const texts = new Tsd([1, 9], ["a", "b"], { timeSupport: sparse.timeSupport });
  assert.deepEqual((await (await new Ts([8.5]).valueFrom(texts)).read()).data, ["b"]);
  await assert.rejects(new Ts([4.5]).valueFrom(texts), DTypeError);
  const tensor = new TsdTensor([0, 1], counting(2, 1, 2));
  assert.deepEqual(list(await (await new Ts([0.9]).valueFrom(tensor)).read()), [2, 3]);
});

Deno.test("values agree with a search through all samples, whatever the mode, within each interval", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 15 });
  const modes = fc.constantFrom<MatchMode>("closest", "before", "after");
  await fc.assert(fc.asyncProperty(times, times, modes, async (wanted, given, mode) => {
    const epochs = new IntervalSet([[5, 20], [30, 50]]);
    const data = new Tsd(given, Float64Array.from(given, (time, i) => time + i / 100), { timeSupport: epochs });
    const found = await new Ts(wanted).valueFrom(data, { mode });
    const values = list(await found.read());
    found.times.forEach((t, i) => {
      const [start, end] = epochs.pairs().find(([from, to]) => from <= t && t <= to)!;
      const near = [...data.times].filter((x) => start <= x && x <= end)
        .filter((x) => mode === "closest" || (mode === "before" ? x <= t : x >= t));
      const best = near.sort((a, b) => Math.abs(a - t) - Math.abs(b - t) || b - a)[0];
      assert.equal(Math.floor(values[i]!), best ?? NaN);
    });
    assert.deepEqual([...found.times], [...new Ts(wanted).restrict(epochs).times]);
  }));
});

Deno.test("values can only be taken from a series that has some", async () => {
  await assert.rejects(TS.valueFrom(TS as unknown as Tsd), {
    name: "TypeError",
    message: /instance of Tsd, TsdFrame or/,
  });
  await assert.rejects(TS.valueFrom(TSD, { mode: "near" as MatchMode }), /argument mode should be/);
  await assert.rejects(TS.valueFrom(TSD, { epochs: 1 as unknown as IntervalSet }), TypeError);
});

Deno.test("a number is put at each time", async () => {
  assert.deepEqual(await both(TS.fillna(3)), [[...TS.times], new Array(7).fill(3)]);
  assert.deepEqual(plain(TS.fillna(3)), plain(TS));
  assert.throws(() => TS.fillna("a" as unknown as number), TypeError);
});
