import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { DTypeError, NotFoundError, ShapeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import type { SaveOptions } from "../../src/temporal/files/save_options.ts";

/** Saves and loads. */
async function roundTrip(data: Data, lazy: boolean = true, options: SaveOptions = {}): Promise<Data> {
  const bytes = await data.toBytes(options);
  return lazy ? await Data.load(bytes) : await Data.load(bytes, { lazy: false });
}

const PLAIN: Readonly<Record<string, unknown>> = {
  text: "À89!ÜÞ \u{1F9E0}",
  empty_text: "",
  long_text: "x".repeat(200_000),
  int: 3n,
  large_int: 2n ** 63n,
  negative_int: -(2n ** 62n),
  float: 0.1,
  infinite: -Infinity,
  yes: true,
  no: false,
  floats: [1.5, 2, -0.25],
  ints: [1n, 2n, -3n],
  texts: ["a", "", "ü"],
  flags: [true, false],
  nothing: [],
  table: [[1, 2, 3], [4, 5, 6]],
};

for (const lazy of [true, false]) {
  const how = lazy ? "lazily" : "at once";
  Deno.test(`every kind of plain value comes back as it was saved, loaded ${how}`, async () => {
    await using loaded = await roundTrip(new Data(PLAIN), lazy);
    assert.deepEqual(loaded.keys(), Object.keys(PLAIN).sort());
    for (const [key, value] of Object.entries(PLAIN)) assert.deepEqual(loaded.get(key), value, key);
    // And again: what was loaded is saved as it was.
    await using again = await roundTrip(loaded, lazy);
    for (const [key, value] of Object.entries(PLAIN)) assert.deepEqual(again.get(key), value, key);
  });
}

Deno.test("plain values are attributes of the types that h5py gives them", async () => {
  await using file = await open(await new Data(PLAIN).toBytes());
  const types = Object.fromEntries(
    (await file.attributes.list()).map(({ name, dtype, shape }) => [name, [dtype.kind, dtype.itemsize, shape]]),
  );
  assert.deepEqual(types.int, ["int", 8, []]);
  assert.deepEqual(types.large_int, ["uint", 8, []]);
  assert.deepEqual(types.float, ["float", 8, []]);
  assert.deepEqual(types.yes, ["bool", 1, []]);
  assert.deepEqual(types.floats, ["float", 8, [3]]);
  assert.deepEqual(types.ints, ["int", 8, [3]]);
  assert.deepEqual(types.flags, ["bool", 1, [2]]);
  assert.deepEqual(types.nothing, ["float", 8, [0]]);
  assert.deepEqual(types.table, ["float", 8, [2, 3]]);
  assert.deepEqual(types.texts, ["string", types.text![1], [3]]);
  assert.deepEqual(types.object, ["string", types.text![1], []]);
  assert.deepEqual(types.absolute_start, ["float", 8, []]);
});

Deno.test("integers of any size are bigints and stay integers, floats of any size are numbers", async () => {
  await using file = await create();
  await file.attributes.set("object", "Data");
  await file.attributes.set("absolute_start", 2, { dtype: "int32" });
  for (const dtype of ["int8", "uint16", "int32", "uint32", "int64"]) {
    await file.attributes.set(dtype, 5n, { dtype });
    await file.attributes.set(`${dtype}s`, [[1n, 2n]], { dtype });
  }
  await file.attributes.set("float32", 0.5, { dtype: "float32" });
  await using data = await Data.load(await file.bytes());
  await using again = await roundTrip(data);
  for (const one of [data, again]) {
    for (const dtype of ["int8", "uint16", "int32", "uint32", "int64"]) {
      assert.equal(one.get(dtype), 5n, dtype);
      assert.deepEqual(one.get(`${dtype}s`), [[1n, 2n]], dtype);
    }
    assert.equal(one.get("float32"), 0.5);
  }
  again.domain = new Interval(0, 1);
  assert.equal(again.absoluteStart, 2);
});

Deno.test("null and undefined aren't saved, and a date is saved as Python prints it", async () => {
  const data = new Data({ none: null, missing: undefined, when: new Date(Date.UTC(2021, 0, 2, 3, 4, 5)), days: [] });
  data.set("days", [new Date(Date.UTC(2021, 0, 2, 3, 4, 5, 600))]);
  await using loaded = await roundTrip(data);
  assert.deepEqual(loaded.keys(), ["days", "when"]);
  assert.equal(loaded.get("when"), "2021-01-02 03:04:05");
  assert.deepEqual(loaded.get("days"), ["2021-01-02 03:04:05.600"]);
});

Deno.test("serializers make something of what can't be stored: the exact class first, then those it extends", async () => {
  class Species {
    constructor(readonly name: string) {}
  }
  class Mouse extends Species {}
  class Rat extends Species {}
  const serializers: SaveOptions["serializers"] = [
    [Species, (value: Species) => value.name],
    [Mouse, (value: Mouse) => `mouse ${value.name}`],
    [Map, (value: Map<string, number>) => JSON.stringify([...value])],
    [Date, (value: Date) => value.getTime()],
  ];
  const data = new Data({
    a: new Mouse("m"),
    b: new Rat("r"),
    c: [new Mouse("x"), "y"],
    d: new Map([["k", 1]]),
    e: new Date(5),
  });
  await using loaded = await roundTrip(data, true, { serializers });
  assert.deepEqual([...loaded.entries()], [["a", "mouse m"], ["b", "r"], ["c", ["mouse x", "y"]], ["d", '[["k",1]]'], [
    "e",
    5,
  ]]);
  await assert.rejects(data.toBytes(), (error: Error) => error instanceof DTypeError && error.message.includes("/a"));
});

Deno.test("values that no attribute can hold are refused by name: mixed and ragged lists, records, functions, 64 KiB", async () => {
  const bad: Readonly<Record<string, [value: unknown, why: RegExp]>> = {
    mixed: [[1, "a"], /mix numbers and text/],
    counted: [[1, 2n], /mix bigints and numbers/],
    holey: [[1, null], /null|mix/],
    ragged: [[[1, 2], [3]], /ragged|length|differ/],
    record: [{ a: 1 }, /dtype/],
    map: [new Map(), /dtype/],
    act: [() => 1, /function/],
    sign: [Symbol("s"), /symbol/],
    large: [new Array(10_000).fill(0.5), /64|large/i],
  };
  for (const [key, [value, why]] of Object.entries(bad)) {
    const data = new Data({ sub: new Data({ [key]: value }) });
    await assert.rejects(data.toBytes(), (error: Error) => {
      // A list that is wrong whatever it is meant for is a wrong call.
      assert.ok(
        error instanceof DTypeError || error instanceof TypeError || error instanceof ShapeError,
        `${key}: ${error}`,
      );
      assert.match(error.message, why);
      assert.match(error.message, new RegExp(`/sub/${key}|"${key}" of "/sub"`));
      return true;
    });
  }
});

Deno.test("names that the layout has for itself can't be saved", async () => {
  for (const key of ["object", "absolute_start"]) {
    await assert.rejects(new Data({ [key]: "x" }).toBytes(), /^TypeError: Cannot save \/(object|absolute_start): /);
  }
  const series = new IrregularTimeSeries({ timestamps: [1], timestamp_indices_1s: [1] });
  await assert.rejects(
    new Data({ series }, { domain: "auto" }).toBytes(),
    /Cannot save \/series\/timestamp_indices_1s/,
  );
  for (const key of ["_private", "", "a/b", ".", "a\0b"]) {
    assert.throws(() => new Data({ [key]: 1 }), /^TypeError: Cannot name an attribute/);
  }
  assert.throws(() => new Data({ domain: new Interval(0, 1) }), /^TypeError: .*options/);
  assert.throws(() => new Data().set("__proto__", 1), TypeError);
});

Deno.test("names of any kind are reached by get, saved, loaded: with dots, spaces, and those of classes and objects", async () => {
  const keys = [
    "a.b",
    "a b",
    "ü",
    "then",
    "constructor",
    "length",
    "toString",
    "keys",
    "hasOwnProperty",
    "10",
    "2",
    "get",
  ];
  const members: Record<string, unknown> = {};
  keys.forEach((key, i) => members[key] = i % 2 === 0 ? key : new ArrayDict({ [key]: [i], other: ["x"] }));
  const data = new Data(members);
  for (const one of [data, await roundTrip(data), await roundTrip(data, false), data.copy()]) {
    assert.deepEqual(one.keys().sort(), [...keys].sort());
    for (const [i, key] of keys.entries()) {
      assert.ok(one.has(key));
      if (i % 2 === 0) assert.equal(one.get(key), key);
      else assert.deepEqual(await one.get<Float64Array>(`${key}.${key}`), Float64Array.of(i));
    }
    assert.equal(one.constructor, Data);
    assert.equal(await Promise.resolve(one), one, "a member called then makes no promise of it");
    await one.close();
  }
});

Deno.test("paths lead through members whose names have dots", () => {
  const data = new Data({ "a.b": new ArrayDict({ "c.d": [1, 2] }), sub: new Data({ "x.y": 3 }) });
  assert.deepEqual(data.get("a.b.c.d"), Float64Array.of(1, 2));
  assert.equal(data.get("sub.x.y"), 3);
  assert.equal(data.has("a.b.c"), false);
  assert.equal(data.has("a"), false);
  assert.equal(data.has(""), false);
  assert.equal(data.has("sub.x.y.z"), false);
  assert.throws(() => data.get("sub.x"), NotFoundError);
  assert.throws(() => data.set("nowhere.x", 1), /^NotFoundError: Cannot set nowhere.x/);
  assert.throws(() => data.delete("sub.x"), NotFoundError);
  assert.equal(data.set("sub.z", "new").get("sub.z"), "new");
  data.delete("sub.z");
  data.delete("a.b.c.d");
  assert.equal(data.has("sub.z") || data.has("a.b.c.d"), false);
});

Deno.test("arrays of all kinds come back with their type and shape, also without rows", async () => {
  const arrays: Record<string, unknown> = {
    f4: new Float32Array([1.5, 2]),
    i2: Int16Array.of(-1, 2, 3),
    u8: BigUint64Array.of(2n ** 64n - 1n),
    none: new Float64Array(0),
    no_rows: ndarray(new Int32Array(0), [0, 7]),
    matrix: ndarray(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
  };
  const units = new ArrayDict({
    flag: [true, false, true],
    id: ["a", "bb", ""],
    bool2: ndarray(Uint8Array.of(1, 0, 1), [3]),
  });
  for (const lazy of [true, false]) {
    await using loaded = await roundTrip(new Data({ ...arrays, units }), lazy);
    for (const [key, value] of Object.entries(arrays)) {
      const found = await loaded.get<unknown>(key);
      if (key === "no_rows" || key === "matrix") {
        const { shape, dtype, data } = found as NDArray;
        const expected = value as NDArray;
        assert.deepEqual([shape, dtype.kind, dtype.itemsize, data], [expected.shape, "int", 4, expected.data]);
      } else assert.deepEqual(found, value, key);
    }
    assert.deepEqual(await loaded.get<boolean[]>("units.flag"), [true, false, true]);
    assert.deepEqual(await loaded.get<string[]>("units.id"), ["a", "bb", ""]);
  }
});

Deno.test("an array without axes is saved as a plain value, which Python can load", async () => {
  await using loaded = await roundTrip(new Data({ scalar: ndarray(Float32Array.of(2.5), []) }));
  assert.equal(loaded.get("scalar"), 2.5);
  await using made = await create();
  await made.createDataset("scalar", { data: 7 });
  await made.attributes.set("object", "Data");
  await using stored = await Data.load(await made.bytes());
  assert.deepEqual((await stored.get<NDArray>("scalar")).data, Float64Array.of(7));
  assert.equal((await roundTrip(stored)).get("scalar"), 7);
});

Deno.test("columns of bytes stay bytes, those of text become text, whoever wrote them", async () => {
  await using made = await create();
  await made.attributes.set("object", "Data");
  const units = await made.createGroup("units");
  await units.attributes.set("object", "ArrayDict");
  const utf8 = {
    kind: "string",
    length: 4,
    itemsize: 4,
    byteOrder: "|",
    charset: "utf8",
    padding: "null-padded",
  } as const;
  await units.createDataset("bytes", { data: ["a", "bcd"], dtype: "|S4" });
  await units.createDataset("text", { data: ["é", "z"], dtype: utf8 });
  await units.createDataset("object", { data: ["long", "ünicode"] });
  await units.attributes.set("_unicode_keys", ["text"], { dtype: "|S4" });
  await using loaded = await Data.load(await made.bytes());
  assert.equal(loaded.has("units.text"), true);
  assert.deepEqual(await loaded.get<string[]>("units.object"), ["long", "ünicode"]);
  // Not ASCII: it could be loaded, but has no place in what is saved.
  await assert.rejects(loaded.toBytes(), /^DTypeError: Cannot save \/units\/(object|text): "(ünicode|é)" isn't ASCII/);
  loaded.delete("units.object");
  loaded.delete("units.text");
  loaded.set("units.name", ["x", "yz"]);
  await using file = await open(await loaded.toBytes());
  const names = await file.group("units").then((group) => group.attributes.get("_unicode_keys")) as NDArray;
  assert.deepEqual([names.data, names.shape], [["name"], [1]]);
  const { dtype } = await file.dataset("/units/bytes");
  assert.deepEqual(dtype.kind === "string" && [dtype.length, dtype.charset, dtype.padding], [
    4,
    "ascii",
    "null-padded",
  ]);
  assert.deepEqual((await (await file.dataset("/units/name")).read()).data, ["x", "yz"]);
});

Deno.test("a Data within a Data keeps its own domain and origin, and may have none", async () => {
  const inner = new Data({ spikes: new IrregularTimeSeries({ timestamps: [1, 2, 3] }), note: "n" }, { domain: "auto" });
  const plain = new Data({ subject: "m1", table: new ArrayDict({ a: [1] }) });
  const data = new Data({ inner, plain }, { domain: new Interval(0, 10) });
  const sliced = data.slice(1.5, 4);
  for (const one of [sliced, await roundTrip(sliced), await roundTrip(sliced, false)]) {
    assert.equal(one.absoluteStart, 1.5);
    const within = one.get<Data>("inner") as Data;
    assert.equal(within.absoluteStart, 1.5);
    assert.deepEqual([within.start, within.end], [0, 1.5]);
    assert.deepEqual(await one.get<Float64Array>("inner.spikes.timestamps"), Float64Array.of(0.5, 1.5));
    const other = one.get<Data>("plain") as Data;
    assert.deepEqual([other.domain, other.start, other.absoluteStart], [null, null, null]);
    assert.equal(one.get("plain.subject"), "m1");
  }
  assert.throws(() => inner.set("self", inner), /^TypeError: Cannot set self/);
  assert.throws(() => inner.set("outer", data), TypeError);
});

Deno.test("a domain is reached by its path, and can be set by it", () => {
  const spikes = new IrregularTimeSeries({ timestamps: [1, 2, 3] });
  const data = new Data({ spikes, sub: new Data() }, { domain: "auto" });
  assert.equal(data.get("domain"), data.domain);
  assert.equal(data.get("spikes.domain"), spikes.domain);
  assert.equal(data.has("sub.domain"), false);
  assert.throws(() => data.get("sub.domain"), NotFoundError);
  data.set("sub.domain", new Interval(0, 1)).set("spikes.domain", new Interval(0, 5));
  assert.deepEqual([(data.get<Data>("sub") as Data).end, spikes.domain.end[0]], [1, 5]);
  assert.throws(() => data.set("domain", new Interval([0, 1], [2, 3])), /^RangeError: .*overlapping/);
  assert.throws(() => data.set("domain", 3), TypeError);
  assert.throws(() => new Data().set("spikes", spikes), /must have a domain .*\(spikes\)/);
});

Deno.test("a copy and a slice share an array that stands in the recording: it is read once for all of them", async () => {
  const bytes = await new Data({ waveforms: new Float32Array(50_000) }, { domain: new Interval(0, 10) }).toBytes();
  await using data = await Data.load(bytes);
  const [copy, slice] = [data.copy(), data.slice(1, 2)];
  assert.deepEqual(data.describe("waveforms"), { ...data.describe("waveforms"), shape: [50_000], loaded: false });
  const first = await slice.get<Float32Array>("waveforms");
  assert.equal(copy.describe("waveforms").loaded, true);
  assert.equal(data.get("waveforms"), first);
  copy.set("waveforms", [1]);
  assert.equal(data.get("waveforms"), first);
});
