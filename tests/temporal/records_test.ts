import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import { DTypeError, ShapeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { arraysFromRecords, intervalFromRecords, type Records } from "../../src/temporal/columns/records.ts";

Deno.test("rows become arrays by column, in the order in which columns are first seen", () => {
  const { arrays, warnings } = arraysFromRecords([
    { id: "a", depth: 120, count: 3n, good: true, pair: [1, 2] },
    { depth: 340, good: false, id: "b", count: -4n, pair: [3, 4], area: "M1" },
  ]);
  assert.deepEqual(Object.keys(arrays), ["id", "depth", "count", "good", "pair"]);
  const table = new ArrayDict(arrays);
  assert.deepEqual(table.get("id"), ["a", "b"]);
  assert.deepEqual(table.get("depth"), Float64Array.of(120, 340));
  assert.deepEqual(table.get("count"), BigInt64Array.of(3n, -4n));
  assert.deepEqual(table.get("good"), [true, false]);
  assert.deepEqual(toNested(arrays["pair"]!), [[1, 2], [3, 4]]);
  assert.deepEqual(warnings, ["Column area is left out: row 0 has no value"]);
});

Deno.test("numbers that are missing are NaN, as in a data frame", () => {
  const { arrays } = arraysFromRecords([{ x: 1 }, {}, { x: null }, { x: undefined }, { x: 5 }]);
  assert.deepEqual(arrays["x"]!.data, Float64Array.of(1, NaN, NaN, NaN, 5));
});

Deno.test("columns come as lists, typed arrays and arrays of any number of axes", () => {
  const waves = ndarray(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const { arrays, warnings } = arraysFromRecords({ a: [1, 2], b: Int16Array.of(3, 4), waves, text: ["x", "y"] });
  assert.deepEqual(warnings, []);
  assert.deepEqual(arrays["b"]!.data, Int16Array.of(3, 4));
  assert.deepEqual(arrays["waves"]!.shape, [2, 2]);
  assert.deepEqual(arrays["text"]!.data, ["x", "y"]);
});

Deno.test("arrays of one shape are stacked, of several left out", () => {
  const { arrays, warnings } = arraysFromRecords([
    { wave: Float32Array.of(1, 2, 3), map: [[1, 2], [3, 4]], ragged: [1] },
    { wave: Float32Array.of(4, 5, 6), map: [[5, 6], [7, 8]], ragged: [1, 2] },
  ]);
  assert.deepEqual(arrays["wave"]!.shape, [2, 3]);
  assert.deepEqual(arrays["wave"]!.data, Float32Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual(toNested(arrays["map"]!), [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
  assert.deepEqual(warnings, ["Column ragged is left out: its arrays have different shapes, (1,) and (2,)"]);
});

Deno.test("unsigned integers become int64 unless they shall not", () => {
  const columns = { a: Uint8Array.of(1, 255), b: [Uint16Array.of(1), Uint16Array.of(2)], c: Int8Array.of(-1, 1) };
  const { arrays } = arraysFromRecords(columns);
  assert.deepEqual(arrays["a"]!.data, BigInt64Array.of(1n, 255n));
  assert.deepEqual(arrays["b"]!.data, BigInt64Array.of(1n, 2n));
  assert.deepEqual(arrays["c"]!.data, Int8Array.of(-1, 1));
  const kept = arraysFromRecords(columns, { unsignedToLong: false });
  assert.deepEqual(kept.arrays["a"]!.data, Uint8Array.of(1, 255));
  const large = { a: BigUint64Array.of(2n ** 63n) };
  assert.throws(() => arraysFromRecords(large), DTypeError);
  assert.deepEqual(arraysFromRecords(large, { unsignedToLong: false }).arrays["a"]!.data, large.a);
});

Deno.test("what no array can hold is left out, with the reason", () => {
  const { arrays, warnings } = arraysFromRecords([
    { ok: 1, date: new Date(0), record: { x: 1 }, greek: "α", mixed: 1, none: null, call: () => 1 },
    { ok: 2, date: new Date(1), record: { x: 2 }, greek: "b", mixed: "x", none: null, call: () => 2 },
  ]);
  assert.deepEqual(Object.keys(arrays), ["ok"]);
  assert.equal(warnings.length, 6);
  assert.equal(
    warnings.find((text) => text.includes("greek")),
    "Column greek is left out: it has text that isn't ASCII",
  );
  const opaque = ndarray([new Uint8Array(2)], [1], dtypeFromNumpy("V2"));
  assert.match(arraysFromRecords({ opaque }).warnings[0]!, /^Column opaque is left out/);
});

Deno.test("a table without rows has no arrays, columns without rows are empty", () => {
  assert.deepEqual(arraysFromRecords([]), { arrays: {}, warnings: [] });
  assert.deepEqual(arraysFromRecords({ a: [] }).arrays["a"]!.shape, [0]);
});

Deno.test("what is no table is refused", () => {
  const refused = (records: unknown, message: RegExp) =>
    assert.throws(() => arraysFromRecords(records as Records), { name: "TypeError", message });
  refused(null, /it is neither/);
  refused(5, /it is neither/);
  refused(Float64Array.of(1), /it is neither/);
  refused([1, 2], /row 0 is no object/);
  refused([{ a: 1 }, null], /row 1 is no object/);
  refused({ a: 5 }, /column a is no list/);
  refused([{ "a/b": 1 }], /Cannot name an attribute "a\/b"/);
  refused([{ _a: 1 }], /Cannot name an attribute "_a"/);
  assert.throws(() => arraysFromRecords({ a: [1, 2], b: [1] }), ShapeError);
});

Deno.test("intervals need starts and ends; what was left out is among their warnings", () => {
  const rows = [{ start: 0, end: 1, go: 0.5, note: {} }, { start: 2, end: 3, go: 2.5, note: {} }];
  const trials = intervalFromRecords(rows, { timekeys: ["go"] });
  assert.deepEqual([...trials], [[0, 1], [2, 3]]);
  assert.deepEqual(trials.timekeys(), ["go", "start", "end"]);
  assert.deepEqual(trials.slice(2, 3).get("go"), Float64Array.of(0.5));
  assert.match(trials.warnings[0]!, /^Column note is left out/);
  assert.throws(() => intervalFromRecords([{ start: 0 }]), { name: "TypeError", message: /no column "end"/ });
  assert.throws(() => intervalFromRecords([{ end: 0 }]), { name: "TypeError", message: /no column "start"/ });
  assert.throws(() => intervalFromRecords([]), TypeError);
  assert.throws(() => intervalFromRecords([{ start: "a", end: "b" }]), TypeError);
});
