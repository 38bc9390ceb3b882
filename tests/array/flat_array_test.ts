import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { FlatArray, flatByteLength, flatStrides } from "../../src/array/flat/flat_array.ts";
import { flatPieces, planFlat } from "../../src/array/flat/flat_plan.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { type ndarray, sizeOf, toNested } from "../../src/array/ndarray.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { CompoundDType, Selection } from "../../src/array/types.ts";
import { LimitError, NotFoundError, SelectionError, ShapeError } from "../../src/source/errors.ts";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import type { ByteSource } from "../../src/source/types.ts";
import { listed } from "../source/support.ts";
import { axisCase } from "./arbitrary.ts";

/** A source as a local file is: it reads into memory that is given. */
function intoSource(bytes: Uint8Array): ByteSource {
  return {
    byteLength: bytes.length,
    readIntoSync: (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
    read: ({ offset, length }) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
}

/** What a selection of a C-ordered int16 array would be read by. */
function pieces(selection: Selection, shape: number[], gap: number, pieceBytes = 1024, order: "C" | "F" = "C") {
  const layout = { shape, strides: flatStrides(shape, 2, order), itemsize: 2 };
  const plan = planFlat(resolveSelection(selection, shape), layout, { gap, pieceBytes, blockBytes: pieceBytes });
  return plan === null
    ? []
    : [...flatPieces(plan)].map(({ offset, length, place, packed }) => [offset, length, place, packed]);
}

Deno.test("whole rows are one run, cut at the largest piece", () => {
  assert.deepEqual(pieces([slice(2, 5)], [10, 64], 0), [[256, 384, 0, true]]);
  assert.deepEqual(pieces(null, [10, 64], 0), [[0, 1024, 0, true], [1024, 256, 1024, true]]);
  assert.deepEqual(pieces([3], [10, 64], 0), [[384, 128, 0, true]]);
  assert.deepEqual(pieces([], [], 0), [[0, 2, 0, true]]);
  assert.deepEqual(pieces([[]], [10, 64], 0), []);
});

Deno.test("a column is picked from blocks where rows are short, and read run by run where they are long", () => {
  assert.deepEqual(pieces([null, 3], [10, 64], 200), [[6, 898, 0, false], [1030, 130, 0, false]]);
  assert.deepEqual(pieces([slice(0, 3), 3], [10, 64], 100), [[6, 2, 0, true], [134, 2, 2, true], [262, 2, 4, true]]);
  assert.deepEqual(pieces([slice(0, 2), slice(8, 16)], [10, 64], 100), [[16, 16, 0, true], [144, 16, 16, true]]);
  assert.deepEqual(pieces([slice(0, 2), slice(8, 16)], [10, 64], 112), [[16, 144, 0, false]]);
});

Deno.test("a column of an array in Fortran order is one run", () => {
  assert.deepEqual(pieces([null, 3], [100, 64], 0, 1024, "F"), [[600, 200, 0, true]]);
  assert.deepEqual(pieces([slice(10, 20), slice(3, 5)], [100, 64], 0, 1024, "F"), [
    [620, 20, 0, false],
    [820, 20, 2, false],
  ]);
});

Deno.test("a list is read in the order of the file, in groups of neighbours", () => {
  assert.deepEqual(pieces([[9, 2, 3, 2]], [10, 64], 0), [[256, 256, 0, false], [1152, 128, 0, true]]);
  assert.deepEqual(pieces([[2, 3, 9]], [10, 64], 0), [[256, 256, 0, true], [1152, 128, 256, true]]);
  assert.deepEqual(pieces([slice(null, null, -1)], [4, 64], 0), [[0, 512, 0, false]]);
});

/** An array of any shape in any order, its bytes behind some others, and a selection. */
const flatCase = fc.record({
  axes: fc.array(axisCase(), { maxLength: 4 }),
  order: fc.constantFrom<"C" | "F">("C", "F"),
  name: fc.constantFrom("|u1", "<i2", ">i2", "<i4", ">f8", "<c8", ">c16", "|b1", "<f2", "<U2", ">U2", "|S3"),
  offset: fc.integer({ min: 0, max: 9 }),
  gap: fc.constantFrom(0, 3, 40, 1 << 15),
  maxRequestBytes: fc.constantFrom(16, 100, 1 << 20),
});

Deno.test("any selection of any flat array reads as picking from it all does, from memory, file and server", async () => {
  await fc.assert(
    fc.asyncProperty(flatCase, async ({ axes, order, name, offset, gap, maxRequestBytes }) => {
      const shape = axes.map((axis) => axis.length);
      const dtype = dtypeFromNumpy(name);
      const bytes = new Uint8Array(offset + sizeOf(shape) * dtype.itemsize);
      // Small numbers: valid text, truth values, and floats that aren't NaN.
      for (let i = offset; i < bytes.length; i++) {
        const k = i - offset;
        if (name === "<U2") bytes[i] = k % 4 === 0 ? 65 + k % 26 : 0;
        else if (name === ">U2") bytes[i] = k % 4 === 3 ? 65 + k % 26 : 0;
        else bytes[i] = name === "|b1" ? k % 2 : 33 + (k * 7 + (k >> 6)) % 60;
      }
      const limits = { gap, maxRequestBytes };
      const make = (source: ByteSource) =>
        new FlatArray({ fetcher: new RangeFetcher(source, limits), offset, shape, dtype, order });
      // The whole array, read in C order and laid out anew where it is in Fortran order: a model without planning.
      const flat = await new FlatArray({
        fetcher: new RangeFetcher(memorySource(bytes)),
        offset,
        shape: order === "C" ? shape : [...shape].reverse(),
        dtype,
      }).read();
      const model = order === "C"
        ? flat
        : { ...flat, shape: [...flat.shape].reverse(), stride: [...flat.stride].reverse() };
      const selection = axes.map((axis) => axis.selected);
      const expected = await memoryArray(model).read(selection);
      for (const source of [memorySource(bytes), intoSource(bytes), listed(bytes)]) {
        const found = await make(source).read(selection);
        assert.deepEqual(found.shape, expected.shape);
        assert.deepEqual(toNested(found), toNested(expected));
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("a selection asks a server only for its bytes, and for gaps that are shorter than the limit", async () => {
  const source = listed(new Uint8Array(100_000));
  const array = new FlatArray({
    fetcher: new RangeFetcher(source, { gap: 100 }),
    offset: 1000,
    shape: [90, 500],
    dtype: dtypeFromNumpy("<i2"),
  });
  await array.read([slice(10, 12), slice(0, 10)]);
  assert.deepEqual(source.reads.splice(0), [{ offset: 11_000, length: 20 }, { offset: 12_000, length: 20 }]);
  await array.read([7, slice(0, 500, 20)]);
  assert.deepEqual(source.reads.splice(0), [{ offset: 8000, length: 962 }]);
  await array.read([slice(0, 0)]);
  assert.deepEqual(source.reads, []);
});

Deno.test("one field of records is an array of its own", async () => {
  const dtype: CompoundDType = {
    kind: "compound",
    itemsize: 9,
    byteOrder: "|",
    fields: [
      { name: "a", dtype: dtypeFromNumpy("<i2"), offset: 0 },
      {
        name: "b",
        dtype: { kind: "array", itemsize: 6, byteOrder: "|", base: dtypeFromNumpy(">i2"), shape: [3] },
        offset: 3,
      },
    ],
  };
  const bytes = Uint8Array.from({ length: 18 }, (_, i) => i);
  const array = new FlatArray({ fetcher: new RangeFetcher(memorySource(bytes)), offset: 0, shape: [2], dtype });
  const whole = await array.read();
  const records = whole.data as unknown as { a: number; b: ReturnType<typeof ndarray> }[];
  assert.deepEqual(records.map((record) => record.a), [0x0100, 0x0a09]);
  assert.deepEqual(toNested(records[1]!.b), [0x0c0d, 0x0e0f, 0x1011]);
  const field = array.field("b");
  assert.deepEqual(field.shape, [2, 3]);
  assert.deepEqual(toNested(await field.read([null, slice(1, null)])), [[0x0506, 0x0708], [0x0e0f, 0x1011]]);
  assert.throws(() => array.field("c"), NotFoundError);
  assert.throws(() => field.field("c"), NotFoundError);
});

Deno.test("a selection that doesn't fit, and one that is too large, are refused", async () => {
  const fetcher = new RangeFetcher(memorySource(new Uint8Array(1000)), { maxReadBytes: 100 });
  const array = new FlatArray({ fetcher, offset: 0, shape: [10, 100], dtype: dtypeFromNumpy("|u1") });
  await assert.rejects(array.read([10]), SelectionError);
  await assert.rejects(array.read([slice(0, 2)]), LimitError);
  assert.equal((await array.read([slice(0, 2), slice(0, 50)])).data.length, 100);
  await assert.rejects(array.read([0], { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
});

Deno.test("a shape that can't be counted is refused", () => {
  const dtype = dtypeFromNumpy("<f8");
  assert.equal(flatByteLength([3, 4], dtype), 96);
  assert.equal(flatByteLength([], dtype), 8);
  assert.equal(flatByteLength([0, 4], dtype), 0);
  for (const shape of [[-1], [1.5], [2 ** 40, 2 ** 20], [0, 2 ** 52], [NaN], [2 ** 53]]) {
    assert.throws(() => flatByteLength(shape, dtype), ShapeError);
  }
});
