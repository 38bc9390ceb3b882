import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { describeDType } from "../../src/array/dtype/dtype.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { Npz, openNpz } from "../../src/npy/npz.ts";
import { encodeNpyHeader } from "../../src/npy/header.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { loadNpz, openSeriesNpz } from "../../src/series/npz/npz.ts";
import { encodeSeriesNpz, saveNpz, type SeriesObject } from "../../src/series/npz/write.ts";
import { indexAxis } from "../../src/series/time_index.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { toNumbers } from "../../src/series/values/values.ts";
import { CorruptFileError, MicrotomeError, UnsupportedError, WrongKindError } from "../../src/source/errors.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { ZipWriter } from "../../src/source/zip/zip_writer.ts";
import { regularAxis } from "../../src/time/axis.ts";
import { loadReader } from "../../src/wasm/reader/reader.ts";
import { startRangeServer } from "../support/range_server.ts";
import { counting, pairs, spy } from "./support.ts";

const OBJECT = dtypeFromNumpy("|O");
const CORPUS = new URL("../../../shared/data/npz/", import.meta.url);
const noCorpus = !existsSync(fileURLToPath(CORPUS));

const { TYPE, SUPPORT } = {
  TYPE: (name: string) => ndarray([name]),
  SUPPORT: { start: ndarray(Float64Array.of(0)), end: ndarray(Float64Array.of(9)) },
};
const T = ndarray(Float64Array.of(1, 2, 3));
const objects = (...values: unknown[]) => ndarray(values, [values.length], OBJECT);
const metadataOf = (columns: unknown) => ndarray([columns], [], OBJECT);

const METADATA = {
  area: ["pfc", "hpc λ"],
  depth: Float32Array.of(1.5, -2),
  shank: [1, 2],
  good: [true, false],
  note: [null, "x"],
  place: [[1, 2], [3, 4]],
};

async function load<T extends SeriesObject>(
  bytes: Uint8Array,
  Class: abstract new (...args: never[]) => T,
): Promise<T> {
  const object = await loadNpz(bytes);
  assert.ok(object instanceof Class);
  return object as T;
}

async function layout(bytes: Uint8Array): Promise<string[]> {
  await using npz = await openNpz(bytes);
  return [...await npz.getAll()].map(([key, { dtype, shape }]) =>
    `${key} ${describeDType(dtype)} (${shape.join(", ")})`
  );
}

function archive(members: Record<string, NDArray | LazyArray>): Promise<Uint8Array> {
  return encodeNpz(members);
}

Deno.test("each of the six kinds has the members, dtypes and order of pynapple's files", async () => {
  const support = ["start float64 (1)", "end float64 (1)"];
  const tsd = new Tsd([0, 1, 2], Int32Array.of(5, 6, 7));
  const frame = new TsdFrame([0, 1], [[1, 2], [3, 4]], { columns: ["x", "y"] });
  const group = new Map([[4, new Ts([0, 1])], [2, new Ts([0.5])]]);
  const cases: [SeriesObject, string[]][] = [
    [new Ts([0, 1]), ["t float64 (2)", ...support, "type string (ucs-4, 2 characters) (1)"]],
    [tsd, ["t float64 (3)", "d int32 (3)", ...support, "type string (ucs-4, 3 characters) (1)"]],
    [frame, [
      "t float64 (2)",
      "d float64 (2, 2)",
      ...support,
      "columns object (2)",
      "type string (ucs-4, 8 characters) (1)",
      "_metadata object ()",
    ]],
    [new TsdTensor([0, 1], counting(2, 3, 4)), [
      "t float64 (2)",
      "d float64 (2, 3, 4)",
      ...support,
      "type string (ucs-4, 9 characters) (1)",
    ]],
    [new TsGroup(group), [
      "type string (ucs-4, 7 characters) (1)",
      "_metadata object ()",
      "t float64 (3)",
      "index int64 (3)",
      "keys int64 (2)",
      "start float64 (1)",
      "end float64 (1)",
    ]],
    [new IntervalSet([0, 5], [1, 6]), [
      "start float64 (2)",
      "end float64 (2)",
      "type string (ucs-4, 11 characters) (1)",
      "_metadata object ()",
    ]],
  ];
  for (const [object, expected] of cases) assert.deepEqual(await layout(await encodeSeriesNpz(object)), expected);
  const plain = new TsdFrame([0, 1], [[1, 2], [3, 4]]);
  assert.ok((await layout(await encodeSeriesNpz(plain))).includes("columns int64 (2)"));
});

Deno.test("what is saved is loaded equal: times, values and their type, support, names and metadata", async () => {
  const timeSupport = new IntervalSet([0, 3], [3, 10]);
  for (const compression of [false, true]) {
    const save = (object: SeriesObject) => encodeSeriesNpz(object, { compression });
    const ts = await load(await save(new Ts([1, 3, 4.123456789], { timeSupport })), Ts);
    assert.deepEqual([[...ts.times], pairs(ts.timeSupport)], [[1, 3, 4.123456789], [[0, 3], [3, 10]]]);

    const big = BigInt64Array.of(-1n, 2n ** 62n);
    const tsd = await load(await save(new Tsd([1, 2], big, { timeSupport })), Tsd);
    assert.deepEqual([tsd.isLazy, (await tsd.read()).data], [false, big]);

    const frame = await load(
      await save(new TsdFrame([1, 2], [[1, 2], [3, 4]], { columns: ["x", 7], metadata: METADATA })),
      TsdFrame,
    );
    assert.deepEqual(frame.columns, ["x", 7]);
    assert.deepEqual(frame.metadata.toRecord(), METADATA);
    assert.deepEqual((await frame.read()).data, Float64Array.of(1, 2, 3, 4));

    const tensor = await load(await save(new TsdTensor([1, 2], counting(2, 3, 4))), TsdTensor);
    assert.deepEqual([tensor.shape, (await tensor.read()).data], [[2, 3, 4], counting(2, 3, 4).data]);

    const intervals = await load(await save(new IntervalSet([0, 5], [5, 6], { metadata: METADATA })), IntervalSet);
    assert.deepEqual(pairs(intervals), [[0, 5], [5, 6]]);
    assert.deepEqual(intervals.metadata.toRecord(), METADATA);
  }
});

Deno.test("groups are loaded equal: members with and without values, empty ones, metadata", async () => {
  const timeSupport = new IntervalSet([0], [10]);
  const members = new Map([[9, new Ts([1, 2, 2])], [-3, new Ts([2, 5])], [4, new Ts([])]]);
  const group = new TsGroup(members, { timeSupport, metadata: { area: ["a", "b", "c"], n: [1, 2, 3] } });
  const back = await load(await encodeSeriesNpz(group), TsGroup);
  assert.deepEqual(back.keys(), [-3, 4, 9]);
  assert.deepEqual(back.members().map(({ times }) => [...times]), [[2, 5], [], [1, 2, 2]]);
  assert.deepEqual(back.metadata.keys(), ["rate", "area", "n"]);
  assert.deepEqual([back.getInfo("area"), back.getInfo("n")], [["b", "c", "a"], [2, 3, 1]]);
  assert.deepEqual(pairs(back.timeSupport), [[0, 10]]);

  const lazy = spy(Float64Array.of(5, 6)).lazy;
  const mixed = new TsGroup(new Map<number, Ts | Tsd>([[0, new Tsd([1, 3], lazy)], [1, new Ts([2])]]), { timeSupport });
  const values = (await load(await encodeSeriesNpz(mixed), TsGroup)).members();
  assert.ok(values.every((member) => member instanceof Tsd));
  assert.deepEqual((await (values[0] as Tsd).read()).data, Float64Array.of(5, 6));
  assert.deepEqual((await (values[1] as Tsd).read()).data, Float64Array.of(NaN));
  // pynapple forgets values that are all NaN.
  const nan = new TsGroup([new Tsd([1], [NaN])], { timeSupport });
  assert.ok((await load(await encodeSeriesNpz(nan), TsGroup)).at(0) instanceof Tsd);
});

Deno.test("a single sample, an empty series and an empty set of intervals survive", async () => {
  const one = await load(await encodeSeriesNpz(new Tsd([5], [1])), Tsd);
  assert.deepEqual([[...one.times], pairs(one.timeSupport)], [[5], [[5, 5]]]);
  const none = await load(await encodeSeriesNpz(new Ts([])), Ts);
  assert.deepEqual([none.length, none.timeSupport.length], [0, 0]);
  const empty = await load(await encodeSeriesNpz(new IntervalSet([], [], { metadata: { a: [] } })), IntervalSet);
  assert.deepEqual([empty.length, empty.metadata.keys()], [0, ["a"]]);
});

Deno.test("metadata become the arrays that numpy.array makes, where it could, and objects where it couldn't", async () => {
  const columns = {
    whole: [1, 2],
    half: [1, 2.5],
    minus: [-0, 1],
    big: [2n ** 60n, -1n],
    bigger: [2n ** 64n, 1n],
    text: ["a", "bcd"],
    ends: ["a\0", "b"],
    mixed: ["a", 1],
    flags: [true, false],
    table: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
    mix: [[1, 2], [3, 4.5]],
    ragged: [[1], [2, 3]],
    typed: Uint16Array.of(1, 2),
  };
  const bytes = await encodeSeriesNpz(new IntervalSet([0, 2], [1, 3], { metadata: columns }));
  await using npz = await openNpz(bytes);
  const [stored] = (await (await npz.get("_metadata")).read()).data as [Map<string, NDArray>];
  const types = [...stored].map(([name, { dtype, shape }]) => `${name} ${dtype.kind}${dtype.itemsize} ${shape.join()}`);
  assert.deepEqual(types, [
    "whole int8 2",
    "half float8 2",
    "minus float8 2",
    "big int8 2",
    "bigger object8 2",
    "text string12 2",
    "ends object8 2",
    "mixed object8 2",
    "flags bool1 2",
    "table float4 2,2",
    "mix float8 2,2",
    "ragged object8 2",
    "typed uint2 2",
  ]);
  const back = (await load(bytes, IntervalSet)).metadata.toRecord();
  assert.deepEqual(back, {
    ...columns,
    bigger: [2n ** 64n, 1],
    half: Float64Array.of(1, 2.5),
    minus: Float64Array.of(-0, 1),
    table: [[1, 2], [3, 4]],
  });
});

Deno.test("values that lie stored stay in the file and are read by rows; deflated ones are loaded", async () => {
  const frame = new TsdFrame(Float64Array.from({ length: 50_000 }, (_, i) => i / 1000), counting(50_000, 10));
  const bytes = await encodeSeriesNpz(frame);
  const copy = bytes.slice().buffer;
  // An object that reads, so that what is read is counted.
  const source = { byteLength: copy.byteLength, slice: (from: number, to?: number) => copy.slice(from, to) };
  await using file = await openSeriesNpz(source);
  assert.equal(file.kind, "TsdFrame");
  assert.ok(file.npz.cost.bytes < 200_000, `${file.npz.cost.bytes} bytes to open`);
  const loaded = await file.load() as TsdFrame;
  assert.ok(loaded.isLazy);
  const before = file.npz.cost.bytes;
  assert.ok(before < 1_000_000, `${before} bytes to load`);
  const part = await loaded.get(10, 10.01).load();
  assert.deepEqual([part.length, (await part.read([0])).data[3]], [11, 100_003]);
  assert.ok(file.npz.cost.bytes - before < 100_000, `${file.npz.cost.bytes - before} bytes for 11 rows`);
  assert.equal((await file.load({ lazy: false }) as TsdFrame).isLazy, false);

  const small = new Tsd([0, 1, 2], [5, 6, 7]);
  await using packed = await openSeriesNpz(await encodeSeriesNpz(small, { compression: true }));
  assert.equal((await packed.load() as Tsd).isLazy, false);
});

Deno.test("from a server opening is one request, loading two rounds for the times, a slice of the values one more", async () => {
  const count = 100_000;
  const times = Float64Array.from({ length: count }, (_, i) => i / 1000);
  const frame = new TsdFrame(times, ndarray(new Float32Array(20 * count), [count, 20]), {
    columns: Array.from({ length: 20 }, (_, i) => `channel ${i}`),
  });
  const small = await encodeSeriesNpz(frame.get(0, 1));
  const server = await startRangeServer({ "/large.npz": await encodeSeriesNpz(frame), "/small.npz": small });
  const asked = () => {
    const count = server.log.length;
    server.clear();
    return count;
  };
  try {
    await using file = await openSeriesNpz(`${server.url}/large.npz`);
    assert.deepEqual([file.kind, asked()], ["TsdFrame", 1]);
    const loaded = await file.load() as TsdFrame;
    assert.deepEqual([loaded.columns, asked(), file.npz.cost.roundTrips], [frame.columns, 3, 3]);
    assert.deepEqual([(await loaded.get(50, 50.5).read()).shape, asked()], [[501, 20], 1]);
    assert.ok(await loadNpz(`${server.url}/small.npz`) instanceof TsdFrame);
    assert.equal(asked(), 2);
  } finally {
    await server.close();
  }
});

Deno.test("lazy values are saved in blocks, each row read once, and times of a rate are never listed", async () => {
  const spied = spy(counting(1000, 8), undefined, [10, 8]);
  const axis = regularAxis(2, 1000, 1000);
  const index = indexAxis(axis);
  let listed = false;
  Object.defineProperty(index, "times", { get: () => void (listed = true) });
  const frame = new TsdFrame(index, spied.lazy);
  const sink = memorySink();
  await saveNpz(sink, frame, { blockBytes: 64 * 20 });
  assert.equal(listed, false);
  assert.ok(spied.reads() >= 50);
  assert.deepEqual(spied.rows(), Array.from({ length: 1000 }, (_, i) => i));
  const back = await load(sink.bytes(), TsdFrame);
  assert.deepEqual(back.times, axis.times());
  assert.deepEqual((await back.read()).data, counting(1000, 8).data);
});

Deno.test("64-bit integers become the very numbers that Number makes of them", () => {
  const check = (data: BigInt64Array | BigUint64Array) =>
    assert.deepEqual(toNumbers(ndarray(data)), Float64Array.from(data, Number));
  fc.assert(fc.property(fc.bigInt64Array(), check));
  fc.assert(fc.property(fc.bigUint64Array(), check));
  const edges = [0n, 1n, -1n, 2n ** 32n, -(2n ** 32n), 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
  check(BigInt64Array.from(edges));
  check(BigUint64Array.from([...edges, 2n ** 64n - 1n]).subarray(1));
});

Deno.test("files without a type are known by their members", async () => {
  const kind = async (members: Record<string, NDArray>) => {
    await using file = await openSeriesNpz(await archive(members));
    return file.kind;
  };
  const series = { t: T, ...SUPPORT };
  const d = (...shape: number[]) => counting(3, ...shape);
  assert.equal(await kind({ ...series, d: d() }), "Tsd");
  assert.equal(await kind({ ...series, d: d(2) }), "TsdFrame");
  assert.equal(await kind({ ...series, d: d(2, 2) }), "TsdTensor");
  assert.equal(await kind({ ...series, index: T }), "TsGroup");
  assert.equal(await kind({ ...series, index: T, d: d() }), "TsGroup");
  assert.equal(await kind(series), "Ts");
  assert.equal(await kind(SUPPORT), "IntervalSet");
  assert.equal(await kind({ t: T }), null);
  assert.equal(await kind({ t: T, d: d() }), null);
  assert.equal(await kind({ ...series, type: TYPE("TsdTensor"), d: d(2, 2) }), "TsdTensor");
  for (const type of [TYPE("Unit"), ndarray([], [0]), T, objects("Tsd"), ndarray(["Tsd"], [1, 1])]) {
    assert.equal(await kind({ ...series, type }), type.shape.length === 2 ? "Tsd" : "Ts");
  }
  const other = await loadNpz(await archive({ a: T }));
  assert.ok(other instanceof Npz);
  assert.deepEqual((await (await other.get("a")).read()).data, T.data);
  await other.close();
  await using file = await openSeriesNpz(await archive({ a: T }));
  await assert.rejects(file.load(), WrongKindError);
});

Deno.test("older files are loaded: metadata as members of their own, and as dictionaries of pandas", async () => {
  const group = {
    t: T,
    index: ndarray(BigInt64Array.of(7n, 3n, 7n)),
    ...SUPPORT,
    rate: ndarray(Float64Array.of(9, 9)),
    area: ndarray(["b", "a"]),
    colour: objects("x", null),
    long: ndarray(Float64Array.of(1, 2, 3)),
  };
  const plain = await load(await archive(group), TsGroup);
  assert.deepEqual(plain.keys(), [3, 7]);
  assert.deepEqual(plain.metadata.keys(), ["rate", "area", "colour"]);
  assert.deepEqual(plain.getInfo("area"), ["b", "a"]);
  assert.deepEqual([...plain.at(7).times], [1, 3]);

  const frame = new Map<string, unknown>([["area", new Map([[7, "b"], [3, "a"]])], ["n", new Map([[3, 1], [7, 2]])]]);
  const pandas = await load(await archive({ ...group, _metadata: metadataOf(frame) }), TsGroup);
  assert.deepEqual([pandas.getInfo("area"), pandas.getInfo("n")], [["a", "b"], [1, 2]]);

  const columns = new Map<string, unknown>([["depth", new Map([["y", 2], ["x", 1]])], [
    "other",
    new Map([[0, 5], [1, 6]]),
  ]]);
  const members = { t: T, d: counting(3, 2), ...SUPPORT, columns: objects("x", "y"), _metadata: metadataOf(columns) };
  const named = await load(await archive(members), TsdFrame);
  assert.deepEqual([named.getInfo("depth"), named.getInfo("other")], [[1, 2], [5, 6]]);
  assert.deepEqual(
    (await load(await archive({ ...SUPPORT, _metadata: metadataOf(null) }), IntervalSet)).metadata.keys(),
    [],
  );
});

Deno.test("members that are missing, or don't go together, are told by name", async () => {
  const tsd = { t: T, d: counting(3), ...SUPPORT, type: TYPE("Tsd") };
  const group = { type: TYPE("TsGroup"), t: T, index: T, ...SUPPORT };
  const { d: _, ...noValues } = tsd;
  const cases: [Record<string, NDArray>, RegExp][] = [
    [noValues, /as a Tsd: it has no member d$/],
    [{ type: TYPE("IntervalSet") }, /no member start, end$/],
    [{ ...tsd, t: counting(3, 1) }, /member t is no list of numbers/],
    [{ ...tsd, t: ndarray(["a", "b", "c"]) }, /member t is no list of numbers/],
    [{ ...tsd, start: objects(1) }, /member start is no list of numbers/],
    [{ ...tsd, end: T }, /starts and ends are not of the same length/],
    [{ ...tsd, d: counting(4) }, /as a Tsd: /],
    [{ ...tsd, type: TYPE("TsdTensor") }, /as a TsdTensor: /],
    [{ ...group, index: counting(2) }, /3 times, 2 keys of times/],
    [{ ...group, d: counting(2) }, /3 times, 3 keys of times and 2 values/],
    [{ ...group, keys: ndarray(Float64Array.of(1, 2)) }, /member index has the key 3, which isn't among its keys/],
    [{ ...group, keys: ndarray(Float64Array.of(1, 2, 3, 1)) }, /a key stands twice/],
    [{ ...group, index: ndarray(Float64Array.of(1, 1, 0.5)) }, /all keys must be convertible to integer/],
    [{ ...group, _metadata: metadataOf(new Map([["a", T], ["b", counting(2)]])) }, /metadata "b"/],
    [{ start: counting(2), end: counting(2), _metadata: metadataOf(new Map([["a", T]])) }, /metadata "a"/],
    [{ ...SUPPORT, _metadata: metadataOf([1]) }, /_metadata is no dictionary/],
    [{ ...SUPPORT, _metadata: T }, /_metadata is no dictionary/],
    [{ ...SUPPORT, _metadata: metadataOf(new Map([[1, T]])) }, /a column called 1, which is no text/],
    [{ ...SUPPORT, _metadata: metadataOf(new Map([["a", 1]])) }, /"a" in its _metadata is no column/],
    [{ t: T, d: counting(3, 2), ...SUPPORT, columns: objects("x", null) }, /a column called null/],
    [{ t: T, d: counting(3, 2), ...SUPPORT, columns: objects("x") }, /as a TsdFrame: /],
  ];
  for (const [members, message] of cases) {
    await assert.rejects(archive(members).then((bytes) => loadNpz(bytes)), (error) => {
      assert(error instanceof CorruptFileError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot load memory as a /);
      return true;
    });
  }
});

Deno.test("a hostile pickle in metadata is refused by what it asks for, and names can't reach prototypes", async () => {
  const start = encodeNpy(ndarray(Float64Array.of(0)));
  const header = encodeNpyHeader({ dtype: OBJECT, order: "C", shape: [] });
  const reader = await loadReader();
  const sink = memorySink();
  const zip = new ZipWriter(sink, { crc32: (bytes, crc) => reader.crc32(bytes, crc) });
  const pickle = new TextEncoder().encode("cos\nsystem\n(S'echo'\ntR.");
  for (const [name, pieces] of [["start", [start]], ["end", [start]], ["_metadata", [header, pickle]]] as const) {
    await zip.add(
      `${name}.npy`,
      (async function* () {
        yield* pieces;
      })(),
    );
  }
  zip.close();
  await assert.rejects(loadNpz(sink.bytes()), (error) => {
    assert(error instanceof UnsupportedError);
    assert.match(error.message, /asks for os\.system$/);
    return true;
  });
  const evil = ndarray([new Map([["__proto__", ndarray(["x"])]])], [], OBJECT);
  const set = await load(await archive({ ...SUPPORT, _metadata: evil }), IntervalSet);
  assert.deepEqual(set.metadata.keys(), ["__proto__"]);
  assert.deepEqual(set.getInfo("__proto__"), ["x"]);
  assert.equal(({} as Record<string, unknown>)[0], undefined);
});

Deno.test("whatever bytes are changed, a file is loaded or refused by an error of ours", async () => {
  const group = new TsGroup(new Map([[4, new Ts([0, 1])], [2, new Ts([0.5])]]), { metadata: { a: ["x", "y"] } });
  const originals = [
    await encodeSeriesNpz(group),
    await encodeSeriesNpz(new TsdFrame([0, 1], [[1, 2], [3, 4]], { columns: ["x", "y"] }), { compression: true }),
  ];
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...originals), changes, fc.nat(), async (original, changes, cut) => {
      const bytes = cut % 5 === 0 ? original.slice(0, cut % original.length) : original.slice();
      for (const { at, to } of changes) bytes[at % bytes.length] = to;
      try {
        const object = await loadNpz(bytes);
        if (object instanceof Npz) await object.close();
      } catch (error) {
        assert.ok(error instanceof MicrotomeError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("what can't be saved is told, and an old file stays as it was", async () => {
  await assert.rejects(encodeSeriesNpz({} as Ts), TypeError);
  await assert.rejects(encodeSeriesNpz(ndarray(Float64Array.of(1)) as unknown as Ts), /expected a series, a group/);
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/a.npz`;
    await saveNpz(path, new Ts([1, 2]));
    const old = Deno.readFileSync(path);
    const wrong = new IntervalSet([0], [1], { metadata: { a: [{ b: 1 }] } });
    await assert.rejects(saveNpz(path, wrong), UnsupportedError);
    const failing: LazyArray = {
      ...memoryArray(counting(3)),
      read: () => Promise.reject(new RangeError("no more")),
    };
    await assert.rejects(saveNpz(path, new Tsd([0, 1, 2], failing)), /no more/);
    await assert.rejects(saveNpz(path, new Ts([1]), { overwrite: false }), /it is there already/);
    await assert.rejects(
      saveNpz(path, new Ts([1]), { signal: AbortSignal.abort() }).then(() => loadNpz(path)),
      () => true,
    );
    assert.deepEqual(Deno.readFileSync(path), old);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.npz"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test({
  name: `pynapple's own test files are loaded as what they hold${noCorpus ? " (skipped: no corpus)" : ""}`,
  ignore: noCorpus,
  fn: async () => {
    const expected = { ts: [Ts, [100]], tsd: [Tsd, [100]], tsdframe: [TsdFrame, [100, 3]] } as const;
    for (const [name, [Class, shape]] of Object.entries(expected)) {
      const url = new URL(`pynapple__${name}.npz`, CORPUS);
      const object = await loadNpz(fileURLToPath(url));
      assert.ok(object instanceof Class, name);
      assert.deepEqual(object.shape, shape);
      await using npz = await openNpz(fileURLToPath(url));
      assert.deepEqual(object.times, (await (await npz.get("t")).read()).data);
      if (!(object instanceof Ts)) {
        assert.deepEqual((await object.read()).data, (await (await npz.get("d")).read()).data);
      }
      if (object instanceof TsdFrame) assert.deepEqual(object.columns, [0, 1, 2]);
    }
  },
});
