import assert from "node:assert/strict";
import fc from "fast-check";
import { toNested } from "../../src/array/ndarray.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { mergeTimes } from "../../src/series/group/merge_times.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { NotFoundError, ShapeError } from "../../src/source/errors.ts";
import { list, pairs, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const GROUP = new TsGroup({ 1: new Ts(range(20)), 3: new Ts(range(20, 0.5)) }, {
  metadata: { loc: ["b", "a"], w: [2, 0.12] },
});
const keysOf = (group: TsGroup) => group.keys();

Deno.test("a group has the union of its members' supports, over which rates are taken", () => {
  assert.deepEqual([...GROUP.rates].map((rate) => rate.toFixed(4)), ["1.0526", "1.0526"]);
  assert.deepEqual(pairs(GROUP.timeSupport), [[0, 19]]);
  const spans = new TsGroup([new Ts([0, 1]), new Ts([5, 6]), new Ts([0.5, 2])]);
  assert.deepEqual([spans.keys(), pairs(spans.timeSupport)], [[0, 1, 2], [[0, 2], [5, 6]]]);
  assert.deepEqual(pairs(spans.at(1).timeSupport), pairs(spans.timeSupport));
  assert.deepEqual(pairs(new TsGroup([new Ts([0, 1]), new Ts([1, 2])]).timeSupport), [[0, 2]]);
});

Deno.test("members with one sample each keep it, where pynapple has no time support", () => {
  const group = new TsGroup([new Ts(1), new Ts(5), new Ts([4, 6])]);
  assert.deepEqual(pairs(group.timeSupport), [[1, 1], [4, 6]]);
  assert.deepEqual(group.members().map(({ length }) => length), [1, 1, 2]);
  assert.throws(() => new TsGroup([new Ts(1, PYNAPPLE), new Ts(5, PYNAPPLE)]), {
    name: "RangeError",
    message: /union of time supports is empty; consider passing a time support/,
  });
  assert.throws(() => new TsGroup([]), RangeError);
  const empty = new TsGroup([new Ts([])], { timeSupport: new IntervalSet(0, 10) });
  assert.deepEqual([...empty.rates], [0]);
});

Deno.test("members are restricted to the time support given, unless they are believed to lie in it", () => {
  const timeSupport = new IntervalSet(0, 4);
  const members = [new Ts(range(10))];
  assert.equal(new TsGroup(members, { timeSupport }).at(0).length, 5);
  assert.equal(new TsGroup(members, { timeSupport, bypassCheck: true }).at(0).length, 10);
});

Deno.test("keys are integers in ascending order, and metadata goes with its member", () => {
  const members = new Map<string | number | bigint, Ts>([["7", new Ts([0, 1])], [2, new Ts([0, 2])], [
    -3n,
    new Ts([0, 3]),
  ]]);
  const group = new TsGroup(members, { metadata: { name: ["seven", "two", "minus three"] } });
  assert.deepEqual(group.keys(), [-3, 2, 7]);
  assert.deepEqual(group.getInfo("name"), ["minus three", "two", "seven"]);
  assert.deepEqual([...group.at(7).times], [0, 1]);
  assert.deepEqual([...group].map(([key, { length }]) => [key, length]), [[-3, 2], [2, 2], [7, 2]]);
  assert.deepEqual([group.has(2), group.has(3), group.length], [true, false, 3]);
  assert.throws(() => new TsGroup({ a: new Ts([0, 1]) }), /all keys must be convertible to integer/);
  assert.throws(() => new TsGroup({ "0.5": new Ts([0, 1]) }), /all keys must be convertible to integer/);
  assert.throws(() => new TsGroup({ "": new Ts([0, 1]) }), TypeError);
  assert.throws(
    () => new TsGroup(new Map<string | number, Ts>([["1", new Ts(0)], [1, new Ts(0)]])),
    /same integer value/,
  );
  assert.throws(() => new TsGroup(3 as unknown as Ts[]), TypeError);
  assert.throws(() => new TsGroup(["a"] as unknown as Ts[]), TypeError);
});

Deno.test("lists of numbers become series, with a warning", () => {
  const warned: string[] = [];
  const group = new TsGroup([[0, 1000], Float64Array.of(500)], { unit: "ms", onWarning: (text) => warned.push(text) });
  assert.deepEqual(group.members().map(({ times }) => [...times]), [[0, 1], [0.5]]);
  assert.equal(warned.length, 2);
  assert.match(warned[0]!, /Elements should not be passed as/);
  assert.deepEqual(group.warnings, warned);
});

Deno.test("members are picked by key and by mask, and a member that isn't there is missed", () => {
  assert.deepEqual(keysOf(GROUP.pick([3])), [3]);
  assert.deepEqual(keysOf(GROUP.pick([3, 1])), [1, 3]);
  assert.deepEqual(GROUP.pick([3, 1]).getInfo("loc"), ["b", "a"]);
  assert.deepEqual(keysOf(GROUP.pick([false, true])), [3]);
  assert.deepEqual(keysOf(GROUP.pick([])), []);
  assert.throws(
    () => GROUP.at(2),
    (error: Error) => error instanceof NotFoundError && /not in group index/.test(error.message),
  );
  assert.throws(() => GROUP.pick([1, 2]), NotFoundError);
  assert.throws(() => GROUP.pick([true]), RangeError);
});

Deno.test("samples of all members are counted into a frame with their keys and metadata", async () => {
  const counts = GROUP.count(5);
  assert.deepEqual([...counts.times], [2.5, 7.5, 12.5, 17.5]);
  assert.deepEqual(toNested(await counts.read()), [[5, 10], [5, 10], [5, 0], [5, 0]]);
  assert.deepEqual([counts.columns, counts.getInfo("loc")], [[1, 3], ["b", "a"]]);
  assert.deepEqual(counts.metadata.keys(), ["loc", "w"]);
  const each = GROUP.count(null, { epochs: new IntervalSet([[0, 1], [2, 3]]), dtype: "uint8" });
  assert.deepEqual((await each.read()).data, Uint8Array.of(2, 3, 2, 3));
  assert.deepEqual((await GROUP.count(19, { dtype: "int64" }).read()).data, BigInt64Array.of(20n, 20n));
  assert.deepEqual(GROUP.pick([]).count(5).shape, [4, 0]);
});

Deno.test("all samples become one series in order of time, with a number per member", async () => {
  const group = new TsGroup(new Map([[0, new Ts([0, 2, 4])], [6, new Ts([1, 5, 4])]]), {
    metadata: { n: [10, 20], s: ["a", "b"] },
  });
  const tsd = group.toTsd();
  assert.deepEqual([[...tsd.times], list(await tsd.read())], [[0, 1, 2, 4, 4, 5], [0, 6, 0, 0, 6, 6]]);
  assert.deepEqual(list(await group.toTsd("n").read()), [10, 20, 10, 10, 20, 20]);
  assert.deepEqual(list(await group.toTsd([1, 2]).read()), [1, 2, 1, 1, 2, 2]);
  assert.deepEqual((await group.toTsd("s").read()).data as unknown, ["a", "b", "a", "a", "b", "b"]);
  assert.throws(() => group.toTsd([1]), RangeError);
  assert.throws(() => group.toTsd("x"), NotFoundError);
});

Deno.test("merging sorted lists sorts all of them, earlier lists first", () => {
  const lists = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }).map((all) => all.sort()), {
    maxLength: 9,
  });
  fc.assert(fc.property(lists, (given) => {
    const { times, source } = mergeTimes(given.map((entry) => Float64Array.from(entry)));
    const expected = given.flatMap((entry, i) => entry.map((time) => [time, i])).sort((a, b) =>
      a[0]! - b[0]! || a[1]! - b[1]!
    );
    assert.deepEqual(Array.from(times, (time, i) => [time, source[i]]), expected);
  }));
});

Deno.test("many times are merged window by window, crowded or not, infinite or not", () => {
  const spread = (i: number) => (Math.sin(i) + 1) * 1000;
  const forms: [string, (i: number) => number][] = [
    ["evenly spread", spread],
    ["all equal", () => 3],
    ["in bursts", (i) => i % 10 === 0 ? spread(i) : 500 + (i % 7) / 1000],
    ["with infinite ones", (i) => i % 50 === 0 ? Infinity : i % 51 === 0 ? -Infinity : spread(i)],
  ];
  for (const [name, form] of forms) {
    const lists = range(30).map((k) => Float64Array.from({ length: 100 * k }, (_, i) => form(i * 31 + k)).sort());
    const { times, source } = mergeTimes(lists);
    const expected = lists.flatMap((list, k) => Array.from(list, (time) => [time, k] as const))
      .sort(([a, i], [b, j]) => a === b ? i - j : a - b);
    assert.ok(times.length > 2 ** 15);
    assert.ok(expected.every(([time, k], i) => times[i] === time && source[i] === k), name);
  }
});

Deno.test("get and restrict apply to each member", () => {
  assert.deepEqual(GROUP.get(2, 3).members().map(({ times }) => [...times]), [[2, 3], [2, 2.5, 3]]);
  assert.deepEqual(GROUP.get(2.2).members().map(({ times }) => [...times]), [[2], [2]]);
  const part = GROUP.restrict(new IntervalSet(8, 12));
  assert.deepEqual([[...part.rates], pairs(part.timeSupport), part.getInfo("loc")], [[1.25, 1], [[8, 12]], ["b", "a"]]);
  assert.throws(() => GROUP.restrict(1 as unknown as IntervalSet), TypeError);
});

Deno.test("values are taken for all members in one read of each row", async () => {
  const source = spy(Float64Array.from(range(20, 10)));
  const taken = await GROUP.valueFrom(new Tsd(range(20), source.lazy), { epochs: new IntervalSet(3, 5) });
  assert.deepEqual(list(await (taken.at(3) as Tsd).read()), [30, 40, 40, 50, 50]);
  assert.deepEqual([source.rows(), source.reads()], [[3, 4, 5], 1]);
  assert.deepEqual(taken.getInfo("loc"), ["b", "a"]);
  await assert.rejects(GROUP.valueFrom(new Ts([1]) as unknown as Tsd), TypeError);
});

Deno.test("trials are counted for all members", () => {
  const epochs = new IntervalSet([[0, 2], [5, 8]]);
  const counts = GROUP.trialCount(epochs, 1, PYNAPPLE);
  assert.deepEqual(toNested(counts), [[[1, 1, NaN], [1, 1, 1]], [[2, 2, NaN], [2, 2, 2]]]);
  assert.deepEqual(toNested(GROUP.trialCount(epochs, 1000, { unit: "ms", align: "end" })), [
    [[NaN, 1, 2], [1, 1, 2]],
    [[NaN, 2, 3], [2, 2, 3]],
  ]);
});

Deno.test("members are found by their metadata", async () => {
  assert.deepEqual(keysOf(GROUP.getByThreshold("w", 1)), [1]);
  assert.deepEqual(keysOf(GROUP.getByThreshold("w", 2, "<")), [3]);
  assert.deepEqual(keysOf(GROUP.getByThreshold("w", 2, ">=")), [1]);
  assert.deepEqual(keysOf(GROUP.getByThreshold("rate", 9)), []);
  const { groups, centers } = GROUP.getByIntervals("w", [0, 1, 2, 3]);
  assert.deepEqual([groups.map(keysOf), centers], [[[3], [1]], Float64Array.of(0.5, 2.5)]);
  assert.deepEqual([...GROUP.getByCategory("loc")].map(([key, group]) => [key, group.keys()]), [["a", [3]], ["b", [
    1,
  ]]]);
  assert.deepEqual([...GROUP.groupBy(["loc", "w"]).keys()], [["a", 0.12], ["b", 2]]);
  assert.throws(() => GROUP.getByThreshold("loc", 1), /entry 0 is string/);
  assert.throws(() => GROUP.getByThreshold("w", 1, "!=" as ">"), /operation not recognized/);
  assert.throws(() => GROUP.getByThreshold("x", 1), NotFoundError);
  assert.deepEqual(list(await GROUP.timeDiff().get(3)!.read()), new Array(19).fill(0.5));
});

Deno.test("the rate is always among a group's metadata, and computed", () => {
  assert.deepEqual(GROUP.metadata.keys(), ["rate", "loc", "w"]);
  assert.deepEqual(GROUP.setInfo({ n: [1, 2] }).metadata.keys(), ["rate", "loc", "w", "n"]);
  assert.deepEqual(GROUP.dropInfo("loc").metadata.keys(), ["rate", "w"]);
  assert.deepEqual(GROUP.restrictInfo("w").metadata.keys(), ["rate", "w"]);
  assert.deepEqual(GROUP.restrictInfo(["rate", "w"]).metadata.keys(), ["rate", "w"]);
  assert.throws(() => GROUP.setInfo({ rate: [1, 2] }), /cannot be overwritten/);
  assert.throws(() => GROUP.dropInfo(["loc", "rate"]), TypeError);
  assert.throws(() => GROUP.setInfo({ n: [1] }), ShapeError);
  assert.throws(() => GROUP.dropInfo("x"), NotFoundError);
});

Deno.test("groups are merged where keys, supports and metadata allow it, or as told", () => {
  const more = new TsGroup({ 2: new Ts([0, 19]) }, { metadata: { loc: ["c"], w: [3] } });
  const merged = GROUP.merge([more]);
  assert.deepEqual([merged.keys(), merged.getInfo("loc")], [[1, 2, 3], ["b", "c", "a"]]);
  assert.throws(() => GROUP.merge([GROUP]), /overlapping key 1 .* set resetIndex/);
  assert.deepEqual(TsGroup.mergeGroup([GROUP, GROUP], { resetIndex: true }).keys(), [0, 1, 2, 3]);
  const bare = more.dropInfo("w");
  assert.throws(() => GROUP.merge([bare]), /different metadata columns/);
  assert.deepEqual(GROUP.merge([bare], { ignoreMetadata: true }).metadata.keys(), ["rate"]);
  const long = new TsGroup({ 2: new Ts([0, 30]) }, { metadata: { loc: ["c"], w: [3] } });
  assert.throws(() => GROUP.merge([long]), /different time support/);
  assert.deepEqual(pairs(GROUP.merge([long], { resetTimeSupport: true }).timeSupport), [[0, 30]]);
  assert.throws(() => TsGroup.mergeGroup([]), TypeError);
  assert.throws(() => GROUP.merge([1 as unknown as TsGroup]), /position 2 is not a TsGroup/);
});

Deno.test("a random part has the size asked for, and is the same for the same seed", () => {
  for (const fraction of [0, 0.25, 0.5, 1]) {
    const part = GROUP.subsample(fraction, 42);
    assert.deepEqual(part.members().map(({ length }) => length), [20 * fraction, 20 * fraction]);
    assert.deepEqual([...part.toTsd().times], [...GROUP.subsample(fraction, 42).toTsd().times]);
  }
  assert.notDeepEqual([...GROUP.subsample(0.5, 1).toTsd().times], [...GROUP.subsample(0.5, 2).toTsd().times]);
  assert.equal(GROUP.subsample(0.5).at(1).length, 10);
  assert.throws(() => GROUP.subsample(1.5), RangeError);
  assert.throws(() => GROUP.subsample("1" as unknown as number), TypeError);
});
