import assert from "node:assert/strict";
import { describeDType, dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { elementAt, ndarray } from "../../src/array/ndarray.ts";
import type { DType, EnumDType } from "../../src/array/types.ts";
import type { H5File } from "../../src/hdf5/file.ts";
import { open } from "../../src/hdf5/mod.ts";
import { create } from "../../src/hdf5/write/create.ts";
import type { DatasetOptions } from "../../src/hdf5/write/create_dataset.ts";
import type { Reference } from "../../src/hdf5/reference.ts";
import type { WritableData } from "../../src/hdf5/storage/write_values.ts";
import { DTypeError } from "../../src/source/errors.ts";
import { written } from "./write_support.ts";

const COLOUR: EnumDType = {
  kind: "enum",
  itemsize: 2,
  byteOrder: ">",
  base: { kind: "int", itemsize: 2, byteOrder: ">" },
  members: { RED: -1, GREEN: 0, BLUE: 300 },
};
const POINT: DType = {
  kind: "compound",
  itemsize: 12,
  byteOrder: "|",
  fields: [
    { name: "x", offset: 0, dtype: { kind: "float", itemsize: 8, byteOrder: "<" } },
    { name: "n", offset: 8, dtype: { kind: "int", itemsize: 2, byteOrder: ">" } },
    { name: "ok", offset: 10, dtype: { kind: "bool", itemsize: 1, byteOrder: "|" } },
  ],
};
const STR: DType = {
  kind: "string",
  length: null,
  itemsize: 0,
  byteOrder: "|",
  charset: "utf8",
  padding: "null-terminated",
};
const NESTED: DType = {
  kind: "compound",
  itemsize: 0,
  byteOrder: "|",
  fields: [
    { name: "name", offset: 0, dtype: STR },
    { name: "at", offset: 0, dtype: POINT },
    { name: "path", offset: 0, dtype: { kind: "vlen", itemsize: 0, byteOrder: "|", base: dtypeFromNumpy("<i4") } },
    {
      name: "m",
      offset: 0,
      dtype: { kind: "array", itemsize: 8, byteOrder: "|", base: dtypeFromNumpy("<i2"), shape: [2, 2] },
    },
    { name: "c", offset: 0, dtype: dtypeFromNumpy("<c8") },
    { name: "half", offset: 0, dtype: dtypeFromNumpy("<f2") },
  ],
};

async function roundTrip(options: DatasetOptions): Promise<{ data: unknown; shape: readonly number[]; dtype: DType }> {
  await using file = await written((file) => file.createDataset("d", options));
  const dataset = await file.dataset("d");
  return { ...await dataset.read(), dtype: dataset.dtype };
}

for (const order of ["<", ">"]) {
  for (
    const [name, data] of Object.entries({
      i1: Int8Array.of(-128, 0, 127),
      u1: Uint8Array.of(0, 1, 255),
      i2: Int16Array.of(-32768, 0, 32767),
      u2: Uint16Array.of(0, 1, 65535),
      i4: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1),
      u4: Uint32Array.of(0, 1, 2 ** 32 - 1),
      i8: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
      u8: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
      f4: Float32Array.of(-0, 1.5, NaN, Infinity),
      f8: Float64Array.of(-0, Math.PI, NaN, -Infinity),
      f2: Float32Array.of(-0, 1.5, 65504, 2 ** -24, NaN, Infinity),
    })
  ) {
    Deno.test(`${order}${name} comes back as it went, as data of a dataset and as an attribute`, async () => {
      const dtype = dtypeFromNumpy(`${order}${name}`);
      const back = await roundTrip({ data, dtype });
      assert.deepEqual(back.data, data);
      assert.deepEqual(back.dtype, dtype);
      await using file = await written((file) => file.attributes.set("a", data, { dtype }));
      assert.deepEqual((await file.attributes.read("a")).data, data);
    });
  }
}

Deno.test("a typed array that isn't named a type is stored as its own", async () => {
  for (const data of [Int8Array.of(1), Uint16Array.of(1), Float32Array.of(1), BigUint64Array.of(1n)]) {
    assert.equal((await roundTrip({ data })).data!.constructor, data.constructor);
  }
  assert.deepEqual((await roundTrip({ data: Uint8ClampedArray.of(7) })).data, Uint8Array.of(7));
});

Deno.test("JavaScript values find their types: float64, int64, uint64, bool, text", async () => {
  const of = async (data: WritableData) => describeDType((await roundTrip({ data })).dtype);
  assert.equal(await of([1, 2]), "float64");
  assert.equal(await of([1n, -2n]), "int64");
  assert.equal(await of([2n ** 63n]), "uint64");
  assert.equal(await of([[true], [false]]), "bool");
  assert.equal(await of("text"), "string (utf-8, variable)");
  assert.equal(await of([]), "float64");
});

Deno.test("bool, enum, complex: as h5py stores them", async () => {
  assert.deepEqual((await roundTrip({ data: [true, false] })).data, Uint8Array.of(1, 0));
  const colours = await roundTrip({ data: ["BLUE", -1, "GREEN"], dtype: COLOUR });
  assert.deepEqual(colours.data, Int16Array.of(300, -1, 0));
  assert.deepEqual({ ...(colours.dtype as EnumDType).members }, COLOUR.members);
  for (const name of ["<c8", ">c8", "<c16", ">c16"]) {
    const back = await roundTrip({ data: [[1, -2], [0.5, 3]], dtype: name });
    assert.deepEqual([...back.data as Float64Array], [1, -2, 0.5, 3]);
    assert.deepEqual(back.dtype, dtypeFromNumpy(name));
    assert.deepEqual(back.shape, [2]);
  }
  const interleaved = ndarray(Float32Array.of(1, 2, 3, 4), [2], dtypeFromNumpy("<c8"));
  assert.deepEqual((await roundTrip({ data: interleaved })).data, interleaved.data);
  assert.deepEqual((await roundTrip({ data: [1, 2, 3], dtype: "<c16" })).data, Float64Array.of(1, 0, 2, 0, 3, 0));
});

Deno.test("text of variable and fixed length, UTF-8 and ASCII, every padding", async () => {
  const texts = ["", "a", "größer", "𝄞 ok", "x".repeat(5000)];
  assert.deepEqual((await roundTrip({ data: texts })).data, texts);
  assert.deepEqual((await roundTrip({ data: ["", "abc"], dtype: "ascii" })).data, ["", "abc"]);
  assert.deepEqual((await roundTrip({ data: ["ab", "cde"], dtype: "|S3" })).data, ["ab", "cde"]);
  assert.deepEqual((await roundTrip({ data: ["ü", "cde"], dtype: "<U3" })).data, ["ü", "cde"]);
  for (const padding of ["null-terminated", "null-padded", "space-padded"] as const) {
    const dtype: DType = { kind: "string", length: 6, itemsize: 6, byteOrder: "|", charset: "utf8", padding };
    const back = await roundTrip({ data: ["", "äöx"], dtype });
    assert.deepEqual(back.data, ["", "äöx"]);
    assert.deepEqual(back.dtype, dtype);
  }
  // A byte that is no UTF-8, as reading gives it.
  assert.deepEqual((await roundTrip({ data: ["a\udcff"] })).data, ["a\udcff"]);
});

Deno.test("records, nested, with text, sequences, arrays and complex numbers in them", async () => {
  const points = [{ x: 1.5, n: -2, ok: true }, { x: NaN, n: 300, ok: false }];
  const flat = await roundTrip({ data: points, dtype: POINT });
  assert.deepEqual(flat.data, points);
  assert.deepEqual(flat.dtype, POINT);
  const rows = [
    { name: "é", at: points[0], path: [1, 2, 3], m: [[1, 2], [3, 4]], c: [1, 2], half: 0.5 },
    { name: "", at: points[1], path: Int32Array.of(), m: Int16Array.of(5, 6, 7, 8), c: 7, half: 2 },
  ];
  const { data } = await roundTrip({ data: rows, dtype: NESTED });
  const back = data as Record<string, unknown>[];
  assert.deepEqual(back.map(({ name, at, path, c, half }) => ({ name, at, path: [...path as number[]], c, half })), [
    { name: "é", at: points[0], path: [1, 2, 3], c: [1, 2], half: 0.5 },
    { name: "", at: points[1], path: [], c: [7, 0], half: 2 },
  ]);
  assert.deepEqual(back.map(({ m }) => [...(m as { data: number[] }).data]), [[1, 2, 3, 4], [5, 6, 7, 8]]);
  // What reading gives can be written again.
  assert.deepEqual((await roundTrip({ data, dtype: NESTED } as DatasetOptions)).data, data);
});

Deno.test("array types: their axes are the data's last", async () => {
  const dtype: DType = { kind: "array", itemsize: 12, byteOrder: "|", base: dtypeFromNumpy(">i2"), shape: [2, 3] };
  const data = ndarray(Int16Array.from({ length: 24 }, (_, i) => i), [4, 2, 3]);
  const back = await roundTrip({ data, dtype });
  assert.deepEqual([back.shape, back.data], [[4, 2, 3], data.data]);
  const words: DType = { kind: "array", itemsize: 0, byteOrder: "|", base: STR, shape: [2] };
  assert.deepEqual((await roundTrip({ data: [["a", "b"], ["c", "d"]], dtype: words })).data, ["a", "b", "c", "d"]);
});

Deno.test("sequences of varying length, of numbers, text and sequences", async () => {
  const vlen = (base: DType): DType => ({ kind: "vlen", itemsize: 0, byteOrder: "|", base });
  const numbers = await roundTrip({ data: [[1, 2], [], [3]], dtype: vlen(dtypeFromNumpy(">i2")) });
  assert.deepEqual(numbers.data, [Int16Array.of(1, 2), Int16Array.of(), Int16Array.of(3)]);
  const typed = await roundTrip({
    data: [Float64Array.of(1.5), Float64Array.of()],
    dtype: vlen(dtypeFromNumpy("<f8")),
  });
  assert.deepEqual(typed.data, [Float64Array.of(1.5), Float64Array.of()]);
  const halves = await roundTrip({ data: [[0.5, 2]], dtype: vlen(dtypeFromNumpy("<f2")) });
  assert.deepEqual([...(halves.data as Float32Array[])[0]!], [0.5, 2]);
});

Deno.test("opaque bytes and times", async () => {
  const opaque: DType = { kind: "opaque", itemsize: 3, byteOrder: "|", tag: "rgb" };
  const back = await roundTrip({ data: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)], dtype: opaque });
  assert.deepEqual(back.data, [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)]);
  assert.deepEqual(back.dtype, opaque);
  const times = ndarray(BigInt64Array.of(1n, -5n), [2], dtypeFromNumpy("<M8[ns]"));
  const stamps = await roundTrip({ data: times });
  assert.deepEqual([stamps.data, stamps.dtype], [times.data, times.dtype]);
  await assert.rejects(roundTrip({ data: times, dtype: "<M8[s]" }), DTypeError);
});

Deno.test("references to objects and regions lead where they should", async () => {
  const write = async (file: Awaited<ReturnType<typeof create>>) => {
    await file.createDataset("a/d", { data: new Float32Array(20), shape: [5, 4] });
    await file.createGroup("g");
    const refs = [await file.reference("/a/d"), await file.reference(await file.group("g")), null];
    await file.createDataset("refs", { data: refs, dtype: "reference" });
    await file.attributes.set("one", await file.reference("g"));
    const region = await file.regionReference("/a/d", [{ kind: "slice", start: 1, stop: 4, step: 2 }, 2]);
    await file.createDataset("region", { data: region });
    await file.attributes.set("region", [region], { dtype: "region" });
  };
  for (const userBlock of [0, 512]) {
    await using file: H5File = await written(write, { userBlock });
    const [first, second, none] = (await (await file.dataset("refs")).read()).data as Reference[];
    assert.equal((await file.dereference(first!)).address, (await file.get("a/d")).address);
    assert.equal((await file.dereference(second!)).kind, "group");
    assert.equal(none!.isNull, true);
    assert.equal((await file.dereference(await file.attributes.get("one") as Reference)).kind, "group");
    const region = elementAt(await (await file.dataset("region")).read()) as Reference;
    const target = await file.referenceTarget(region);
    assert.deepEqual([target.kind, target.shape], ["region", [5, 4]]);
    assert.deepEqual(target.selection?.blocks, [[[1, 2], [1, 2]], [[3, 2], [3, 2]]]);
  }
});

Deno.test("values of the wrong type are a DTypeError that says which, and leave nothing behind", async () => {
  const cases: [DatasetOptions, RegExp][] = [
    [{ data: ["a"], dtype: "<i2" }, /"a" is no int16/],
    [{ data: [1], dtype: "str" }, /1 is no string/],
    [{ data: Float64Array.of(1), dtype: "str" }, /float64 can't become string/],
    [{ data: [1, "a"] }, /mix numbers and text/],
    [{ data: [{ x: 1 }] }, /doesn't tell its dtype/],
    [{ data: ["a\0b"] }, /holds a NUL/],
    [{ data: ["é"], dtype: "ascii" }, /ASCII/],
    [{ data: ["\ud800"] }, /UTF-8/],
    [{ data: ["abcd"], dtype: "|S3" }, /4 bytes, more than the 3/],
    [{ data: [{ x: 1, n: 2 }], dtype: POINT }, /lacks the field "ok"/],
    [{ data: [{ x: 1, n: 2, ok: true, z: 1 }], dtype: POINT }, /no field "z"/],
    [{ data: [5], dtype: POINT }, /no record/],
    [{ data: [{ x: 1, n: 40000, ok: true }], dtype: POINT }, /40000 doesn't fit int16/],
    [{ data: [1], dtype: "reference" }, /no object reference/],
    [{ data: [Uint8Array.of(1)], dtype: { kind: "opaque", itemsize: 3, byteOrder: "|", tag: "" } }, /3 bytes/],
    [{ data: ["PINK"], dtype: COLOUR }, /"PINK" is no member/],
    [{ data: [undefined] }, /undefined can't be stored/],
    [{ data: ndarray(Float32Array.of(1, 2), [1], dtypeFromNumpy("<c8")), dtype: "<f4" }, /complex/],
    [{ shape: [1], dtype: "<i3" }, /no dtype that HDF5 has/],
    [{ shape: [1], dtype: "<q" }, /no dtype that HDF5 has/],
    [{ shape: [1], dtype: { kind: "compound", itemsize: 0, byteOrder: "|", fields: [] } }, /without fields/],
    [{ shape: [1], dtype: { kind: "reference", itemsize: 64, byteOrder: "|", target: "any" } }, /newer kind/],
    [{ shape: [1], dtype: "<i2", fillValue: 70000 }, /70000/],
  ];
  await using file = await create();
  for (const [options, message] of cases) {
    await assert.rejects(
      file.createDataset("d", options),
      (error: Error) =>
        (error instanceof DTypeError || error instanceof TypeError) && message.test(error.message) &&
        /^Cannot /.test(error.message),
      String(message),
    );
    assert.deepEqual(await file.keys(), [], String(message));
  }
});

Deno.test("times that h5py stored in big-endian order are the same numbers, read and written", async () => {
  const dtype: DType = { kind: "opaque", itemsize: 8, byteOrder: "|", tag: "NUMPY:>M8[s]" };
  await using file = await create();
  const made = await file.createDataset("x", { data: [1n, -5n], dtype });
  await file.createDataset("records", {
    data: [{ t: 7n }],
    dtype: { kind: "compound", itemsize: 8, byteOrder: "|", fields: [{ name: "t", dtype, offset: 0 }] },
  });
  assert.equal(describeDType(made.dtype), "datetime64[s] big-endian");
  await made.write([1], 300n);
  const bytes = await file.bytes();
  assert.ok(new TextDecoder("latin1").decode(bytes).includes("\0\0\0\0\0\0\x01,"), "300 lies as it is told to");
  await using again = await open(bytes);
  assert.deepEqual((await (await again.dataset("x")).read()).data, BigInt64Array.of(1n, 300n));
  assert.deepEqual((await (await again.dataset("records")).read()).data, [{ t: 7n }]);
});
