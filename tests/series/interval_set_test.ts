import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray } from "../../src/array/ndarray.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Metadata } from "../../src/series/metadata.ts";
import { NotFoundError, ShapeError } from "../../src/source/errors.ts";
import type { TimeUnit } from "../../src/time/units.ts";
import { pairs } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const A = new IntervalSet([[0, 5], [10, 15], [20, 30], [40, 60]], { metadata: { name: ["a", "b", "c", "d"] } });
const B_PAIRS: [number, number][] = [[3, 11], [12, 13], [28, 45], [45, 50], [70, 80]];
const B = new IntervalSet(B_PAIRS, PYNAPPLE);

Deno.test("touching intervals are kept as they are, and lose a microsecond for pynapple", () => {
  const set = new IntervalSet([0, 5], [5, 10]);
  assert.deepEqual([pairs(set), set.warnings], [[[0, 5], [5, 10]], []]);
  const original = new IntervalSet([0, 5], [5, 10], { ...PYNAPPLE, metadata: { n: [1, 2] } });
  assert.deepEqual(pairs(original), [[0, 4.999999], [5, 10]]);
  assert.deepEqual(original.warnings, ["Some starts and ends are equal. Removing 1 microsecond!"]);
  assert.deepEqual(original.getInfo("n"), [1, 2]);
});

Deno.test("overlapping intervals are joined, and one that lies in another with it", () => {
  for (const options of [{}, PYNAPPLE]) {
    const set = new IntervalSet([0, 3, 8], [4, 6, 9], options);
    assert.deepEqual(pairs(set), [[0, 6], [8, 9]]);
    assert.deepEqual(set.warnings, ["Some starts precede the previous end. Joining them!"]);
  }
  assert.deepEqual(pairs(new IntervalSet([0, 1, 12], [10, 2, 13])), [[0, 10], [12, 13]]);
  assert.deepEqual(pairs(new IntervalSet([0, 1, 12], [10, 2, 13], PYNAPPLE)), [[0, 10], [12, 13]]);
});

Deno.test("intervals are sorted pair by pair with their metadata, and each column alone for pynapple", () => {
  const given = [[10, 12], [0, 5], [20, 30]] as [number, number][];
  const set = new IntervalSet(given, { metadata: { n: [1, 2, 3], m: Int16Array.of(4, 5, 6) } });
  assert.deepEqual(pairs(set), [[0, 5], [10, 12], [20, 30]]);
  assert.deepEqual(set.getInfo("n"), [2, 1, 3]);
  assert.deepEqual(set.getInfo("m"), Int16Array.of(5, 4, 6));
  assert.deepEqual(set.warnings, ["start is not sorted. Sorting it."]);

  const crossed = [[0, 5], [10, 15], [16, 14]] as [number, number][];
  assert.deepEqual(pairs(new IntervalSet(crossed)), [[0, 5], [10, 15]]);
  const original = new IntervalSet(crossed, PYNAPPLE);
  assert.deepEqual(pairs(original), [[0, 5], [10, 14]]);
  assert.deepEqual(original.warnings, [
    "end is not sorted. Sorting it.",
    "Some ends precede the relative start. Dropping them!",
  ]);
});

Deno.test("pynapple's constructor compares an end with a start that it drops later", () => {
  assert.deepEqual(pairs(new IntervalSet([0, 5, 7], [5, 5, 9], PYNAPPLE)), [[0, 4.999999], [7, 9]]);
  assert.deepEqual(pairs(new IntervalSet([0, 5, 7], [5, 5, 9])), [[0, 5], [7, 9]]);
});

Deno.test("what can't be an interval is dropped with a warning, and metadata stays with the others", () => {
  const warned: string[] = [];
  const set = new IntervalSet([0, 2, NaN, 6, 8], [1, 2, 5, 5, 9], {
    metadata: { n: [1, 2, 3, 4, 5] },
    onWarning: (message) => warned.push(message),
  });
  assert.deepEqual(pairs(set), [[0, 1], [8, 9]]);
  assert.deepEqual(set.getInfo("n"), [1, 5]);
  assert.deepEqual(warned, [
    "1 row(s) with NaN start/end time(s) were dropped.",
    "Some ends precede the relative start. Dropping them!",
    "Some epochs have no duration",
  ]);
  assert.deepEqual(set.warnings, warned);
  const original = new IntervalSet([0, 2, 8], [1, 2, 9], { ...PYNAPPLE, metadata: { n: [1, 2, 3] } });
  assert.deepEqual([pairs(original), original.metadata.keys()], [[[0, 1], [8, 9]], []]);
  assert.equal(original.warnings.at(-1), "epochs have changed, dropping metadata.");
  assert.deepEqual(new IntervalSet([0, 1], [5, 9], { metadata: { n: [1, 2] } }).metadata.keys(), []);
});

Deno.test("an interval without duration is kept where points are asked for", () => {
  assert.deepEqual(pairs(new IntervalSet([1, 3], [1, 4], { points: true })), [[1, 1], [3, 4]]);
  assert.deepEqual(pairs(new IntervalSet([1, 1, 3], [1, 2, 3], { points: true })), [[1, 2], [3, 3]]);
});

Deno.test("times are converted and rounded to nanoseconds", () => {
  assert.deepEqual(pairs(new IntervalSet(0.12345678949, 1.0000000006)), [[0.123456789, 1.000000001]]);
  assert.deepEqual(pairs(new IntervalSet([0, 1500], [500, 2000], { unit: "ms" })), [[0, 0.5], [1.5, 2]]);
  assert.deepEqual(A.asUnits("us").end, Float64Array.of(5e6, 15e6, 30e6, 60e6));
  assert.deepEqual(new IntervalSet(0, 1.0000005).asUnits("us").end, Float64Array.of(1000000));
  assert.deepEqual(A.asUnits("ms").start, Float64Array.of(0, 10000, 20000, 40000));
});

Deno.test("a set can be made of pairs, of an array, of a record with metadata, of a set", () => {
  const expected = [[0, 5], [10, 15]];
  assert.deepEqual(pairs(new IntervalSet([0, 5])), [[0, 5]]);
  assert.deepEqual(pairs(new IntervalSet([Float64Array.of(0, 5), Int32Array.of(10, 15)])), expected);
  assert.deepEqual(pairs(new IntervalSet(ndarray(Int32Array.of(0, 5, 10, 15), [2, 2]))), expected);
  assert.deepEqual(pairs(new IntervalSet(ndarray(Float64Array.of(), [0, 2]))), []);
  assert.deepEqual(pairs(new IntervalSet([])), []);
  assert.deepEqual(pairs(new IntervalSet([], [])), []);
  assert.deepEqual(pairs(new IntervalSet(BigInt64Array.of(0n, 10n), BigInt64Array.of(5n, 15n))), expected);
  const record = new IntervalSet({ start: [10, 0], end: [15, 5], label: ["b", "a"] });
  assert.deepEqual([pairs(record), record.getInfo("label")], [expected, ["a", "b"]]);
  const copy = new IntervalSet(record, { metadata: { n: [1, 2] } });
  assert.deepEqual([pairs(copy), copy.metadata.keys()], [expected, ["label", "n"]]);
});

Deno.test("intersection, union and difference give pynapple's results, with metadata of the parents", () => {
  const marked = B.setInfo({ mark: [1, 2, 3, 4, 5] });
  const both = A.intersect(marked);
  assert.deepEqual(pairs(both), [[3, 5], [10, 11], [12, 13], [28, 30], [40, 44.999999], [45, 50]]);
  assert.deepEqual(both.getInfo("name"), ["a", "b", "b", "c", "d", "d"]);
  assert.deepEqual(both.getInfo("mark"), [1, 1, 2, 3, 3, 4]);
  const either = A.union(B);
  assert.deepEqual(pairs(either), [[0, 15], [20, 60], [70, 80]]);
  assert.deepEqual(either.warnings, ["metadata incompatible with union method. dropping metadata from result"]);
  const left = A.setDiff(B);
  assert.deepEqual(pairs(left), [[0, 3], [11, 12], [13, 15], [20, 28], [44.999999, 45], [50, 60]]);
  assert.deepEqual(left.getInfo("name"), ["a", "b", "b", "c", "d", "d"]);
  assert.deepEqual(pairs(B.setDiff(A)), [[5, 10], [30, 40], [70, 80]]);

  const [c, d] = [new IntervalSet([[0, 10], [30, 70]]), new IntervalSet(40, 100)];
  assert.deepEqual([c.intersect(d), c.union(d), c.setDiff(d), d.setDiff(c)].map(pairs), [
    [[40, 70]],
    [[0, 10], [30, 100]],
    [[0, 10], [30, 40]],
    [[70, 100]],
  ]);
});

Deno.test("a column that both sets have is left out of their intersection, with a warning", () => {
  const shared = A.intersect(new IntervalSet(0, 100, { metadata: { name: ["x"], more: [1] } }));
  assert.deepEqual(shared.metadata.keys(), ["more"]);
  assert.equal(shared.warnings.length, 1);
});

Deno.test("the union of touching sets is one interval, for pynapple two that are a microsecond apart", () => {
  const [left, right] = [new IntervalSet(0, 5), new IntervalSet(5, 10)];
  assert.deepEqual(pairs(left.union(right)), [[0, 10]]);
  assert.deepEqual(pairs(right.union(left)), [[0, 10]]);
  // Also where two of one set touch, and where one only fills a gap.
  assert.deepEqual(pairs(new IntervalSet([[0, 1], [1, 2]]).union(new IntervalSet(7, 8))), [[0, 2], [7, 8]]);
  assert.deepEqual(pairs(new IntervalSet([[0, 1], [2, 3]]).union(new IntervalSet(1, 2))), [[0, 3]]);
  assert.deepEqual(pairs(left.union(right, PYNAPPLE)), [[0, 4.999999], [5, 10]]);
  const point = new IntervalSet([[5, 5]], { points: true });
  assert.deepEqual([left.union(point), point.union(right), point.union(new IntervalSet(7, 8))].map(pairs), [
    [[0, 5]],
    [[5, 10]],
    [[5, 5], [7, 8]],
  ]);
});

Deno.test("close intervals are merged, short and long ones dropped, as pynapple does", () => {
  assert.deepEqual(pairs(A.mergeCloseIntervals(5)), [[0, 30], [40, 60]]);
  assert.deepEqual(pairs(A.mergeCloseIntervals(4990, { unit: "ms" })), pairs(A));
  const long = A.dropShortIntervals(5);
  assert.deepEqual([pairs(long), long.getInfo("name")], [[[20, 30], [40, 60]], ["c", "d"]]);
  assert.deepEqual(pairs(A.dropLongIntervals(10)), [[0, 5], [10, 15]]);
  assert.deepEqual(pairs(new IntervalSet([]).mergeCloseIntervals(1)), []);
});

Deno.test("splitting gives touching pieces of one length, and pynapple's pieces by option", () => {
  const set = new IntervalSet([0, 20], [10, 23], { metadata: { n: [1, 2] } });
  const pieces = set.split(3);
  assert.deepEqual(pairs(pieces), [[0, 3], [3, 6], [6, 9], [20, 23]]);
  assert.deepEqual(pieces.getInfo("n"), [1, 1, 1, 2]);
  const original = set.split(3, PYNAPPLE);
  assert.deepEqual(pairs(original), [[0, 2.999999], [3, 5.999999], [6, 8.999999]]);
  assert.deepEqual(original.getInfo("n"), [1, 1, 1]);
  assert.deepEqual(pairs(new IntervalSet(0, 3).split(3, PYNAPPLE)), []);
  assert.deepEqual(pairs(new IntervalSet(0, 9.5).split(1000, { unit: "ms", ...PYNAPPLE })).slice(0, 2), [
    [0, 0.999999],
    [1, 1.999999],
  ]);
  assert.deepEqual(pairs(new IntervalSet(0, 0.3).split(0.1)), [[0, 0.1], [0.1, 0.2], [0.2, 0.3]]);
  assert.throws(() => set.split(0), RangeError);
  assert.throws(() => set.split("3" as unknown as number), TypeError);
});

Deno.test("times are found in intervals, ends included", () => {
  const set = new IntervalSet([[0, 10], [30, 70]]);
  assert.deepEqual(set.inInterval([5, 20, 50, 100]), Float64Array.of(0, NaN, 1, NaN));
  assert.deepEqual(new IntervalSet([[0, 1], [1, 2]]).inInterval([0, 1, 2]), Float64Array.of(0, 0, 1));
  assert.deepEqual(new IntervalSet([]).inInterval([1]), Float64Array.of(NaN));
});

Deno.test("span, length, centres and parts of a set", () => {
  assert.deepEqual(pairs(A.timeSpan()), [[0, 60]]);
  assert.deepEqual(pairs(new IntervalSet([]).timeSpan()), []);
  assert.equal(A.totLength(), 40);
  assert.equal(A.totLength("ms"), 40000);
  assert.deepEqual(A.centers(), Float64Array.of(2.5, 12.5, 25, 50));
  assert.deepEqual(A.centers(1), A.end);
  assert.deepEqual([A.length, A.shape, [...A][1]], [4, [4, 2], [10, 15]]);
  assert.deepEqual([pairs(A.at(-1)), A.at(-1).getInfo("name")], [[[40, 60]], ["d"]]);
  assert.deepEqual(pairs(A.slice(1, 3)), [[10, 15], [20, 30]]);
  assert.deepEqual(A.pick([false, true, false, true]).getInfo("name"), ["b", "d"]);
  assert.deepEqual(pairs(A.pick([0, -1])), [[0, 5], [40, 60]]);
  assert.throws(() => A.at(4), RangeError);
  assert.throws(() => A.pick([1, 0]), RangeError);
  assert.throws(() => A.pick([true]), RangeError);
});

Deno.test("metadata is added, dropped, kept and grouped by", () => {
  const set = A.setInfo({ odd: [true, false, true, false], depth: Float32Array.of(1, 2, 3, 4) });
  assert.deepEqual(A.metadata.keys(), ["name"]);
  assert.deepEqual(set.metadata.keys(), ["name", "odd", "depth"]);
  assert.deepEqual(set.dropInfo(["name", "depth"]).metadata.keys(), ["odd"]);
  assert.deepEqual(set.restrictInfo("depth").metadata.keys(), ["depth"]);
  const groups = set.groupBy("odd");
  assert.deepEqual([...groups.keys()], [false, true]);
  assert.deepEqual(pairs(groups.get(true)!), [[0, 5], [20, 30]]);
  assert.deepEqual(Object.keys(set.toRecord()), ["start", "end", "name", "odd", "depth"]);
  assert.throws(() => set.getInfo("x"), NotFoundError);
  assert.throws(() => set.setInfo({ x: [1, 2] }), /input array length 2 does not match metadata length 4/);
  assert.throws(() => set.setInfo({ x: 1 }), TypeError);
  assert.deepEqual(A.at(0).setInfo({ x: "one", y: [1, 2] }).metadata.row(0), { name: "a", x: "one", y: [1, 2] });
});

Deno.test("metadata groups by one column and by several, and joins others", () => {
  const metadata = new Metadata({ l1: [1, 2, 2], l2: ["x", "x", "y"] });
  assert.deepEqual([...metadata.groupBy("l2")], [["x", [0, 1]], ["y", [2]]]);
  assert.deepEqual([...metadata.groupBy(["l1", "l2"])], [[[1, "x"], [0]], [[2, "x"], [1]], [[2, "y"], [2]]]);
  const joined = metadata.concat(new Metadata({ l2: ["z"], l1: [3], l3: [1] }));
  assert.deepEqual([...joined.rows()].at(-1), { l1: 3, l2: "z" });
  const typed = new Metadata({ n: Int8Array.of(1) }).concat(new Metadata({ n: Int8Array.of(2) }));
  assert.deepEqual(typed.get("n"), Int8Array.of(1, 2));
  assert.throws(() => metadata.row(3), RangeError);
  assert.throws(() => metadata.pick([1] as unknown as string[]), TypeError);
  assert.throws(() => metadata.groupBy("l9"), NotFoundError);
});

Deno.test("metadata is a copy of what it was made of", () => {
  const column = [1, 2];
  const metadata = new Metadata({ column });
  column[0] = 9;
  assert.deepEqual(metadata.get("column"), [1, 2]);
});

Deno.test("wrong input is refused with what is wrong with it", () => {
  const make = (...input: unknown[]) => () => new (IntervalSet as new (...input: unknown[]) => IntervalSet)(...input);
  assert.throws(make([0, 1], [2]), (error: Error) => error instanceof ShapeError && /same length/.test(error.message));
  assert.throws(make("abc"), { name: "TypeError", message: /accepted formats are/ });
  assert.throws(make([[1, 2, 3]]), TypeError);
  assert.throws(make([1, 2, 3]), TypeError);
  assert.throws(make({ start: 1 }), TypeError);
  assert.throws(make(["a"], ["b"]), TypeError);
  assert.throws(make(0, 1, { unit: "min" as TimeUnit }), { name: "TypeError", message: /unit of time/ });
  assert.throws(make([0, 2], [1, 3], { metadata: { a: [1, 2], b: [1] } }), ShapeError);
  assert.throws(make([0, 5], [1, 6], { metadata: { a: [1] } }), ShapeError);
  assert.throws(make(0, 1, { compatible: "pandas" }), TypeError);
  assert.throws(() => A.intersect([[0, 1]] as unknown as IntervalSet), /argument should be an IntervalSet/);
});

const anyPairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })), { maxLength: 9 });

Deno.test("whatever is given, a set is sorted and disjoint, and covers what was given", () => {
  fc.assert(fc.property(anyPairs, (given) => {
    for (const compatible of [undefined, "pynapple" as const]) {
      const set = new IntervalSet(given, { compatible });
      assert.ok(set.start.every((start, i) => start < set.end[i]! && (i === 0 || set.end[i - 1]! <= start)));
      if (compatible === "pynapple") continue;
      for (let x = 0.5; x < 30; x++) {
        const covered = given.some(([start, end]) => start < x && x < end);
        assert.equal(!Number.isNaN(set.inInterval([x])[0]), covered);
      }
    }
  }));
});
