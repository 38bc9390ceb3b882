import assert from "node:assert/strict";
import {
  Data,
  encodeNpy,
  encodeNpz,
  memoryArray,
  type NDArray,
  ndarray,
  openNpy,
  openNpz,
  type PlainArray,
  slice,
  toNested,
  writeNpy,
  writeNpz,
} from "../../mod.ts";
import { flatten, numpyName } from "../../src/array/mod.ts";
import { IrregularTimeSeries } from "../../src/temporal/mod.ts";
import { memorySink } from "../../src/source/mod.ts";
import { Tsd } from "../../src/series/mod.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { makeSeries } from "../../src/series/make_series.ts";
import { DTypeError, ShapeError } from "../../src/source/errors.ts";

/** What a plain value is as an array: NumPy's name of its type, its shape. */
const RULE: [string, PlainArray, string, number[]][] = [
  ["numbers", [1.5, 2], "<f8", [2]],
  ["whole numbers", [1, 2, 3], "<f8", [3]],
  ["numbers that aren't finite", [NaN, Infinity, -0], "<f8", [3]],
  ["bigints", [1n, -2n], "<i8", [2]],
  ["a bigint beyond int64", [2n ** 63n, 1n], "<u8", [2]],
  ["booleans", [true, false, true], "bool", [3]],
  ["text", ["a", "Grüße", ""], "str", [3]],
  ["nothing", [], "<f8", [0]],
  ["rows of nothing", [[], []], "<f8", [2, 0]],
  ["rows", [[1, 2], [3, 4], [5, 6]], "<f8", [3, 2]],
  ["rows of booleans", [[true], [false]], "bool", [2, 1]],
  ["rows of text", [["a", "b"]], "str", [1, 2]],
  ["a box", [[[1n], [2n]]], "<i8", [1, 2, 1]],
  ["typed rows of one class", [Int16Array.of(1, 2), Int16Array.of(3, 4)], "<i2", [2, 2]],
  ["typed rows of two classes", [Int16Array.of(1, 2), Float32Array.of(3.5, 4)], "<f8", [2, 2]],
];

for (const [what, value, name, shape] of RULE) {
  Deno.test(`${what} are one array in every place that takes a plain one`, async () => {
    const expected = ndarray(value);
    const check = (array: NDArray, place: string) => {
      assert.equal(numpyName(array.dtype), name, place);
      assert.deepEqual(array.shape, shape, place);
      assert.deepEqual(toNested(array), toNested(expected), place);
    };
    check(expected, "ndarray");
    check(await memoryArray(expected).read(), "memoryArray");
    check(await (await openNpy(encodeNpy(value))).read(), "encodeNpy");
    const npy = memorySink();
    await writeNpy(npy, value);
    check(await (await openNpy(npy.bytes())).read(), "writeNpy");
    const npz = memorySink();
    await writeNpz(npz, { a: value, b: expected });
    const archive = await openNpz(npz.bytes());
    check(await (await archive.get("a")).read(), "writeNpz");
    check(await (await (await openNpz(await encodeNpz({ a: value }))).get("a")).read(), "encodeNpz");
    await using file = await create();
    check(await (await file.write("/written", value)).read(), "file.write");
    check(await (await file.createDataset("/made", { data: value })).read(), "createDataset");
    if (expected.shape.every((length) => length > 0)) {
      const dataset = await file.createDataset("/filled", {
        shape,
        dtype: expected.dtype.kind === "string" ? "str" : expected.dtype,
      });
      await dataset.write(null, value);
      check(await dataset.read(), "dataset.write");
    }
    // Of rows that come one by one, the first says what they are.
    if (shape.every((length) => length > 0) && what !== "typed rows of two classes") {
      check(await (await file.write("/rows", rowsOf(value))).read(), "file.write of rows");
    }
    await file.attributes.set("a", value);
    const attribute = await file.attributes.get("a") as unknown;
    const plain = Array.isArray(attribute)
      ? attribute
      : isArray(attribute)
      ? toNested(attribute)
      : [...attribute as Iterable<unknown>];
    assert.deepEqual(plain, toNested(expected), "attributes.set");
    if (shape.length === 1 && value.length > 0) {
      const times = Array.from({ length: shape[0]! }, (_, i) => i);
      const series = new IrregularTimeSeries({ timestamps: times, column: value as number[] });
      assert.deepEqual([...series.get("column") as Iterable<unknown>], toNested(expected), "a column");
    }
    const rows = Array.from({ length: shape[0]! }, (_, i) => i);
    if (rows.length > 0 && !value.some((row) => ArrayBuffer.isView(row))) {
      const made = makeSeries(rows, value) as unknown as { values: NDArray };
      check(flatten(made.values), "series");
    }
  });
}

function isArray(value: unknown): value is NDArray {
  return typeof value === "object" && value !== null && "shape" in value;
}

async function* rowsOf(value: PlainArray) {
  for (const row of value) yield await Promise.resolve(row);
}

const MIXED: [unknown, RegExp][] = [
  [[1, "a"], /numbers and text/],
  [[1, 2n], /bigints and numbers/],
  [[true, 1], /booleans and numbers/],
  [[[1, 2], [true, false]], /booleans and numbers/],
  [["a", null], /null and text/],
  [[1, undefined], /numbers and undefined/],
];

Deno.test("values of several kinds are refused by a TypeError that names them, in every place", async () => {
  await using file = await create();
  for (const [value, message] of MIXED) {
    const mixed = value as number[];
    const places: [string, () => unknown][] = [
      ["ndarray", () => ndarray(mixed)],
      ["encodeNpy", () => encodeNpy(mixed)],
      ["writeNpy", () => writeNpy(memorySink(), mixed)],
      ["writeNpz", () => writeNpz(memorySink(), { a: mixed })],
      ["file.write", () => file.write("/a", mixed)],
      ["Tsd", () => new Tsd([0, 1], mixed)],
    ];
    if (!mixed.some((entry) => entry === null || entry === undefined)) {
      places.push(
        ["createDataset", () => file.createDataset("/b", { data: mixed })],
        ["attributes.set", () => file.attributes.set("a", mixed)],
        ["Data", () => new IrregularTimeSeries({ timestamps: [0, 1], x: mixed })],
      );
    }
    for (const [place, call] of places) {
      await assert.rejects(async () => await call(), (error) => {
        assert.ok(error instanceof TypeError, `${place}: ${error}`);
        assert.match(
          error.message,
          place === "createDataset" || place === "attributes.set" || place === "Data" ? /mix/ : message,
          place,
        );
        return true;
      }, place);
    }
  }
  assert.equal(await file.has("/a"), false);
});

Deno.test("ragged lists are refused, wherever the odd one stands", async () => {
  await using file = await create();
  for (const ragged of [[[1, 2], [3]], [[1], 2], [1, [2]], [[[1], [2]], [[3]]], [[1, 2], [3, 4, 5]]]) {
    const value = ragged as number[][];
    for (
      const call of [
        () => ndarray(value),
        () => writeNpy(memorySink(), value),
        () => file.write("/a", value),
        () => file.createDataset("/a", { data: value }),
        () => file.write("/a", rowsOf(value)),
        () => makeSeries(value.map((_, i) => i), value),
      ]
    ) await assert.rejects(async () => await call(), ShapeError, JSON.stringify(ragged));
  }
});

Deno.test("with a dtype, plain values only have to fit it", () => {
  assert.deepEqual(ndarray([1, 2n, 3], [3], { kind: "int", itemsize: 2, byteOrder: "<" }).data, Int16Array.of(1, 2, 3));
  assert.deepEqual(ndarray([[1, 2], [3, 4]], undefined, { kind: "uint", itemsize: 1, byteOrder: "|" }).shape, [2, 2]);
  assert.deepEqual(
    ndarray([1, 2, 3, 4], [2], { kind: "complex", itemsize: 16, byteOrder: "<" }).data,
    Float64Array.of(1, 2, 3, 4),
  );
  assert.throws(() => ndarray([1.5], [1], { kind: "int", itemsize: 2, byteOrder: "<" }), DTypeError);
});

Deno.test("one value is an array without axes, where arrays are written", async () => {
  const array = await (await openNpy(encodeNpy(1.5))).read();
  assert.deepEqual([array.shape, toNested(array)], [[], 1.5]);
  await assert.rejects(async () => await writeNpy(memorySink(), { a: 1 } as never), TypeError);
  await assert.rejects(async () => await writeNpy(memorySink(), null as never), TypeError);
});

Deno.test("rows of a generator are written in blocks, grow the dataset, and may be of any form", async () => {
  await using file = await create();
  const row = new Float32Array(3); // used again for each row, as readers do
  const many = async function* () {
    for (let i = 0; i < 1000; i++) {
      row.fill(i);
      yield await Promise.resolve(row);
    }
  };
  const blocks: number[] = [];
  const dataset = await file.write("/many", many(), { onProgress: ({ elements }) => blocks.push(elements) });
  assert.deepEqual([dataset.shape, dataset.maxShape, numpyName(dataset.dtype)], [[1000, 3], [null, 3], "<f4"]);
  assert.ok(blocks.length < 10, "rows are put together");
  assert.deepEqual(toNested(await dataset.read([slice(998, null)])), [[998, 998, 998], [999, 999, 999]]);
  const arrays = await file.write(
    "/arrays",
    (async function* () {
      yield await Promise.resolve(ndarray([[1, 2]]));
      yield [[3n, 4n]] as never;
    })(),
    { dtype: "<i2" },
  );
  assert.deepEqual(toNested(await arrays.read()), [[[1, 2]], [[3, 4]]]);
  const typed = await file.write("/typed", Float64Array.of(1, 2), { compression: "gzip" });
  assert.deepEqual(toNested(await typed.read()), [1, 2]);
  await assert.rejects(() => file.write("/no", (async function* () {})()), ShapeError);
  assert.equal(await file.has("/no"), false);
});

Deno.test("a plain column of a Data is one array", () => {
  const data = new Data({ x: new IrregularTimeSeries({ timestamps: [0, 1], on: [true, false] }) }, { domain: "auto" });
  assert.deepEqual(data.get("x.on"), [true, false]);
});
