import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { makeSeries } from "../../src/series/make_series.ts";
import { Ts } from "../../src/series/ts.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { NotFoundError, SelectionError, ShapeError } from "../../src/source/errors.ts";
import { counting, list, pairs, plain, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const TIMES = [0, 1, 2, 3, 5, 5.5, 9];
const TS = new Ts(TIMES);

Deno.test("times are sorted with a warning, and values with them; for pynapple values stay where they were", async () => {
  for (const d of [[30, 10, 20], spy(Float64Array.of(30, 10, 20)).lazy]) {
    const tsd = new Tsd([3, 1, 2], d);
    assert.deepEqual([...tsd.times], [1, 2, 3]);
    assert.deepEqual(list(await tsd.read()), [10, 20, 30]);
    assert.deepEqual(tsd.warnings, ["timestamps are not sorted"]);
    const original = new Tsd([3, 1, 2], d, PYNAPPLE);
    assert.deepEqual([[...original.times], list(await original.read())], [[1, 2, 3], [30, 10, 20]]);
    assert.deepEqual(original.warnings, tsd.warnings);
  }
  assert.deepEqual(TS.warnings, []);
});

Deno.test("times are rounded to nanoseconds and converted", () => {
  assert.deepEqual([...new Ts([0.12345678949, 1.0000000006]).times], [0.123456789, 1.000000001]);
  const ms = new Ts(BigInt64Array.of(1n, 2500n), { unit: "ms" });
  assert.deepEqual([...ms.times], [0.001, 2.5]);
  assert.deepEqual([...ms.timesIn("us")], [1000, 2500000]);
  assert.deepEqual([ms.startTime(), ms.endTime("ms")], [0.001, 2500]);
});

Deno.test("the time support goes from the first sample to the last, and the rate is that over it", () => {
  assert.deepEqual(plain(TS), { t: TIMES, support: [[0, 9]] });
  assert.equal(TS.rate.toFixed(4), "0.7778");
  const epochs = new IntervalSet([[1, 2], [5, 5.5]]);
  const part = TS.restrict(epochs);
  assert.deepEqual(plain(part), { t: [1, 2, 5, 5.5], support: [[1, 2], [5, 5.5]] });
  assert.equal(part.rate.toFixed(4), "2.6667");
  assert.deepEqual(plain(new Ts(TIMES, { timeSupport: epochs })), plain(part));
});

Deno.test("a single time is its own time support, and has none for pynapple", () => {
  assert.deepEqual(plain(new Ts(3)), { t: [3], support: [[3, 3]] });
  assert.equal(new Ts(3).rate, Infinity);
  assert.deepEqual(plain(new Ts([3, 3])), { t: [3, 3], support: [[3, 3]] });
  assert.deepEqual(plain(new Ts(3, PYNAPPLE)), { t: [3], support: [] });
  assert.equal(new Ts(3, PYNAPPLE).rate, Infinity);
  const kept = new Ts(3).restrict(new Ts(3).timeSupport);
  assert.deepEqual(plain(kept), { t: [3], support: [[3, 3]] });
});

Deno.test("a series without samples has no rate, or none within a support", () => {
  const empty = new Ts([]);
  assert.deepEqual(plain(empty), { t: [], support: [] });
  assert.deepEqual([empty.rate, empty.startTime(), empty.endTime()], [NaN, null, null]);
  const within = new Ts([], { timeSupport: new IntervalSet(0, 10) });
  assert.deepEqual([within.rate, plain(within).support], [0, [[0, 10]]]);
  assert.deepEqual([empty.get(1).length, empty.get(0, 9).length, new Tsd([], []).length], [0, 0, 0]);
});

Deno.test("NaN among times is left out with its value and a warning", async () => {
  const tsd = new Tsd([2, NaN, 1], [20, 0, 10]);
  assert.deepEqual([[...tsd.times], list(await tsd.read())], [[1, 2], [10, 20]]);
  assert.deepEqual(tsd.warnings, ["1 row(s) with NaN time(s) were dropped.", "timestamps are not sorted"]);
});

Deno.test("get takes both ends, the nearest sample, and the later of two as near", () => {
  const times = (from: number, to?: number) => [...TS.get(from, to).times];
  assert.deepEqual(times(1, 3), [1, 2, 3]);
  assert.deepEqual([4, 1.5, 100, -5, 5.2].map((t) => times(t)), [[5], [2], [9], [0], [5]]);
  assert.deepEqual([times(3.1, 4.9), times(8, 20), times(-3, -1), times(20, 30)], [[], [9], [], []]);
  assert.deepEqual([...TS.get(5000, 5500, "ms").times], [5, 5.5]);
  assert.deepEqual(pairs(TS.get(1, 3).timeSupport), [[0, 9]]);
  assert.deepEqual(TS.getSlice(1, 3), { kind: "slice", start: 1, stop: 4, step: null });
  assert.throws(() => TS.get(3, 1), { name: "RangeError", message: /start should not precede end/ });
  assert.throws(() => TS.get("1" as unknown as number), TypeError);
  assert.throws(() => TS.get(NaN), TypeError);
});

Deno.test("samples are taken by position, by list and by mask", async () => {
  const tsd = new Tsd(TIMES, range(7));
  assert.deepEqual([...tsd.slice(1, 3).times], [1, 2]);
  assert.deepEqual([...tsd.slice(-2).times], [5.5, 9]);
  assert.deepEqual([...tsd.slice(5, 2).times], []);
  assert.deepEqual(list(await tsd.at(-1).read()), [6]);
  assert.deepEqual(list(await tsd.select([0, 2, -1]).read()), [0, 2, 6]);
  assert.deepEqual(list(await tsd.select([true, false, true, false, false, false, false]).read()), [0, 2]);
  const inside = tsd.inInterval(new IntervalSet([[1, 2], [5, 5.5]]));
  assert.deepEqual(list(await tsd.select(inside).read()), [1, 2, 4, 5]);
  assert.throws(() => tsd.at(7), RangeError);
  assert.throws(() => tsd.select([2, 1]), RangeError);
  assert.throws(() => tsd.select([true]), RangeError);
  assert.throws(() => tsd.select(tsd), { name: "TypeError", message: /must contain boolean values/ });
});

Deno.test("an instant on the common edge of touching intervals belongs to the first, once", () => {
  const part = TS.restrict(new IntervalSet([[0, 2], [2, 5]]));
  assert.deepEqual([...part.times], [0, 1, 2, 3, 5]);
});

Deno.test("values in memory may come in any form", async () => {
  const data = async (input: ConstructorParameters<typeof Tsd>[1]) => {
    const { data, dtype } = await new Tsd([0, 1], input).read();
    return [data, dtype.kind];
  };
  assert.deepEqual(await data([1, 2]), [Float64Array.of(1, 2), "float"]);
  assert.deepEqual(await data([true, false]), [Uint8Array.of(1, 0), "bool"]);
  assert.deepEqual(await data([1n, 2n]), [BigInt64Array.of(1n, 2n), "int"]);
  assert.deepEqual(await data(["a", "b"]), [["a", "b"], "string"]);
  assert.deepEqual(await data(Int16Array.of(1, 2)), [Int16Array.of(1, 2), "int"]);
  const every: NDArray = { ...ndarray(Int16Array.of(1, 2, 3, 4)), shape: [2], stride: [2] };
  assert.deepEqual(await data(every), [Int16Array.of(1, 3), "int"]);
  assert.deepEqual(new Tsd(5, 1).shape, [1]);
  assert.deepEqual(new TsdFrame([0, 1], [Int8Array.of(1, 2), [3, 4]]).shape, [2, 2]);
  assert.deepEqual(new TsdFrame([0, 1], [1, 2]).shape, [2, 1]);
  assert.deepEqual(new TsdTensor([0], [[[1, 2], [3, 4]]]).shape, [1, 2, 2]);
});

Deno.test("the class of a series follows the number of axes of its values", () => {
  assert.ok(makeSeries([0, 1], counting(2)) instanceof Tsd);
  assert.ok(makeSeries([0, 1], counting(2, 3)) instanceof TsdFrame);
  assert.ok(makeSeries([0, 1], counting(2, 3, 1)) instanceof TsdTensor);
  assert.ok(makeSeries([0, 1], spy(counting(2, 3, 1, 1)).lazy) instanceof TsdTensor);
});

Deno.test("a lazy array stays lazy: nothing is read before values are asked for, and then only those", async () => {
  const source = spy(counting(100, 3), undefined, [10, 3]);
  const frame = new TsdFrame(range(100), source.lazy, { columns: ["a", "b", "c"] });
  const part = frame.get(20, 39);
  const restricted = frame.restrict(new IntervalSet([[5, 7], [50, 52]]));
  const column = frame.column("b");
  const supported = new TsdFrame(range(100), source.lazy, { timeSupport: new IntervalSet([[1, 2], [98, 200]]) });
  for (
    const series of [frame, part, restricted, column, supported, frame.at(3), frame.slice(0, 5), frame.select([1])]
  ) {
    assert.ok(series.isLazy);
  }
  assert.deepEqual(source.rows(), []);

  assert.deepEqual(list(await part.slice(1, 3).read()), [63, 64, 65, 66, 67, 68]);
  assert.deepEqual(source.rows(), [21, 22]);
  assert.deepEqual(list(await restricted.column("c").read()), [17, 20, 23, 152, 155, 158]);
  assert.deepEqual(source.rows(), [5, 6, 7, 50, 51, 52]);
  assert.deepEqual(list(await column.get(9.6).read()), [31]);
  assert.deepEqual(source.rows(), [10]);
  assert.deepEqual([...supported.times], [1, 2, 98, 99]);
  const loaded = await supported.load();
  assert.deepEqual([source.rows(), loaded.isLazy, loaded.shape], [[1, 2, 98, 99], false, [4, 3]]);
  assert.equal(await loaded.load(), loaded);
  assert.deepEqual(list(await loaded.read([0])), [3, 4, 5]);
  await assert.rejects(frame.read([100]), SelectionError);
  await assert.rejects(loaded.read([4]), SelectionError);
});

Deno.test("restricting to one run of samples reads it as a run, not as a list", () => {
  const asked: unknown[] = [];
  const source = spy(counting(50));
  const lazy = { ...source.lazy, shape: [50], dtype: source.lazy.dtype, chunkShape: null };
  const series = new Tsd(range(50), {
    ...lazy,
    read: source.lazy.read.bind(source.lazy),
    view: (selection) => {
      asked.push(selection);
      return source.lazy.view(selection);
    },
  });
  series.restrict(new IntervalSet([[3, 5.5], [5.6, 9]]));
  series.restrict(new IntervalSet([[3, 5], [8, 9]]));
  assert.deepEqual(asked, [
    [{ kind: "slice", start: 3, stop: 10, step: null }],
    [Uint32Array.of(3, 4, 5, 8, 9)],
  ]);
});

Deno.test("columns have names and metadata, and are picked by either", async () => {
  const frame = new TsdFrame([0, 1], [[1, 2, 3], [4, 5, 6]], {
    columns: ["x", "y", "z"],
    metadata: { area: ["pfc", "hpc", "pfc"], depth: Int16Array.of(1, 2, 3) },
  });
  assert.deepEqual(frame.columns, ["x", "y", "z"]);
  const two = frame.pickColumns(["z", "x"]);
  assert.deepEqual([two.columns, two.getInfo("depth"), list(await two.read())], [
    ["z", "x"],
    Int16Array.of(3, 1),
    [3, 1, 6, 4],
  ]);
  assert.deepEqual(frame.pickColumnsAt([false, true, true]).columns, ["y", "z"]);
  assert.deepEqual(list(await frame.columnAt(-1).read()), [3, 6]);
  assert.deepEqual(frame.groupBy("area").get("pfc")!.columns, ["x", "z"]);
  assert.deepEqual(frame.get(1).getInfo("area"), ["pfc", "hpc", "pfc"]);
  assert.deepEqual(frame.setInfo({ n: [1, 2, 3] }).dropInfo("area").metadata.keys(), ["depth", "n"]);
  assert.deepEqual(frame.restrictInfo("area").metadata.keys(), ["area"]);
  assert.deepEqual(new TsdFrame([0], [[1, 2]], { columns: BigInt64Array.of(4n, 9n) }).columns, [4, 9]);
  assert.deepEqual(new TsdFrame([0], [[1, 2]]).columns, [0, 1]);
  assert.throws(() => frame.column("w"), NotFoundError);
  assert.throws(() => frame.pickColumns(["x", 1]), NotFoundError);
  assert.throws(() => frame.columnAt(3), RangeError);
  assert.throws(() => frame.setInfo({ x: [1, 2, 3] }), /must differ/);
  assert.throws(() => frame.setInfo({ n: [1] }), ShapeError);
});

Deno.test("names that don't fit the columns are refused, and replaced for pynapple", () => {
  assert.throws(() => new TsdFrame([0], [[1, 2]], { columns: ["a"] }), ShapeError);
  assert.deepEqual(new TsdFrame([0], [[1, 2]], { columns: ["a"], ...PYNAPPLE }).columns, [0, 1]);
});

Deno.test("part of a tensor's axes is a series of the class it has axes for", async () => {
  const source = spy(counting(4, 2, 3));
  const tensor = new TsdTensor(range(4), source.lazy);
  const [tsd, frame] = [tensor.pick([1, 2]), tensor.pick([null, [0, 2]]).get(1, 2)];
  assert.deepEqual([source.reads(), tsd instanceof Tsd, frame instanceof TsdTensor], [0, true, true]);
  assert.deepEqual(list(await tsd.get(1).read()), [11]);
  assert.deepEqual(list(await frame.read()), [6, 8, 9, 11, 12, 14, 15, 17]);
  assert.ok(tensor.pick([0]) instanceof TsdFrame);
  assert.throws(() => tensor.pick([2]), SelectionError);
});

Deno.test("wrong input is refused with what is wrong with it", () => {
  assert.throws(() => new Tsd([0, 1, 2], [1, 2, 3, 4]), {
    code: "shape",
    message: /length of values 4 does not match length of index 3/,
  });
  assert.throws(() => new Tsd([0, 1], spy(counting(3)).lazy), ShapeError);
  assert.throws(() => new Tsd([0], [[1]]), ShapeError);
  assert.throws(() => new TsdFrame([0], [[[1]]]), ShapeError);
  assert.throws(() => new TsdFrame([0], spy(counting(1)).lazy), ShapeError);
  assert.throws(() => new TsdTensor([0], [[1]]), ShapeError);
  assert.throws(() => new TsdFrame([0, 1], [[1, 2], [3]]), ShapeError);
  assert.throws(() => new TsdFrame([0, 1], [[1, 2], 3]), ShapeError);
  assert.throws(() => new Tsd([0, 1], [1, "a"] as never), TypeError);
  assert.throws(() => new Tsd([0], [{} as never]), TypeError);
  assert.throws(() => new Tsd([0], "a" as unknown as number), TypeError);
  assert.throws(() => new Ts("abc" as unknown as number), TypeError);
  assert.throws(() => new Ts(["a"] as unknown as number[]), /entry 0 is "a", expected a number/);
  assert.throws(() => new Ts(counting(2, 2)), TypeError);
  assert.throws(() => new Ts(spy(counting(2)).lazy as unknown as number[]), TypeError);
  assert.throws(() => new Ts([0], { unit: "h" as "s" }), /unit of time/);
  assert.throws(() => new Ts([0], { timeSupport: [0, 1] as unknown as IntervalSet }), TypeError);
  assert.throws(() => TS.restrict([[0, 1]] as unknown as IntervalSet), /argument should be an IntervalSet/);
});

Deno.test("restricting gives what a walk over all samples gives, values with times, lazy or not", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 });
  const edges = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 8 });
  await fc.assert(fc.asyncProperty(times, edges, async (given, cuts) => {
    const sorted = cuts.sort((a, b) => a - b);
    const epochs = new IntervalSet(
      sorted.filter((_, i) => i % 2 === 0 && i + 1 < sorted.length),
      sorted.filter((_, i) => i % 2 === 1),
    );
    const values = Float64Array.from(given, (time, i) => 100 * time + i);
    const expected = [...values].sort((a, b) => a - b).filter((value) =>
      pairs(epochs).some(([from, to]) => from! <= Math.floor(value / 100) && Math.floor(value / 100) <= to!)
    );
    for (const input of [values, spy(values).lazy]) {
      const direct = new Tsd(given, input, { timeSupport: epochs });
      const later = new Tsd(given, input).restrict(epochs);
      for (const series of [direct, later]) {
        assert.deepEqual(list(await series.read()), expected);
        assert.deepEqual([...series.times], expected.map((value) => Math.floor(value / 100)));
      }
    }
  }));
});
