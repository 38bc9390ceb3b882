import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { type DTypeData, type DTypeName, dtypeName, hasDType } from "../../src/array/dtype/dtype_name.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { ArrayData, LazyArray, NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import type { Dataset } from "../../src/hdf5/dataset.ts";
import { open } from "../../src/hdf5/file.ts";
import type { WritableDataset } from "../../src/hdf5/write/writable_dataset.ts";
import type { NpyArray } from "../../src/npy/npy_array.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import type { ZarrArray } from "../../src/zarr/read/array.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import { counting } from "../zarr/support.ts";

/** Whether two types are the same: each is assignable to the other, and neither is `any`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only where the types are the same. */
function same<A, B>(_: Same<A, B>): void {}

const CLASSES: Record<DTypeName, new (length: number) => ArrayData> = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
  datetime64: BigInt64Array,
  timedelta64: BigInt64Array,
  string: Array,
};
const NAMES = Object.keys(CLASSES) as DTypeName[];

/** NumPy's name of a dtype. */
const numpy = (name: DTypeName) =>
  ({ string: "<U2", datetime64: "<M8[ns]", timedelta64: "<m8[s]" } as const)[name as "string"] ?? name;

Deno.test("every name is asked of what it names and of nothing else, and its data is of the class that the type says", async () => {
  for (const name of NAMES) {
    const dtype = dtypeFromNumpy(numpy(name));
    const stored = new Uint8Array(2 * dtype.itemsize);
    await using array = await openRaw(stored, { dtype });
    for (const other of NAMES) {
      assert.equal(array.is(other), name === other, `${name} is ${other}`);
      assert.equal(hasDType(array as LazyArray, other), name === other);
    }
    assert.ok((await array.read()).data instanceof CLASSES[name], name);
    assert.equal(dtypeName(dtype), name);
  }
});

Deno.test("byte order doesn't matter, enumerations answer as their integers, records to no name", () => {
  assert.equal(dtypeName(dtypeFromNumpy(">i2")), "int16");
  const base = { kind: "int", itemsize: 1, byteOrder: "|" } as const;
  assert.equal(dtypeName({ kind: "enum", itemsize: 1, byteOrder: "|", base, members: { on: 1 } }), "int8");
  assert.equal(dtypeName({ kind: "array", itemsize: 3, byteOrder: "|", base, shape: [3] }), "int8");
  assert.equal(dtypeName({ kind: "compound", itemsize: 0, byteOrder: "|", fields: [] }), null);
  assert.equal(dtypeName(dtypeFromNumpy("|V4")), null);
});

Deno.test("names that there aren't are refused with those that there are", () => {
  const array: LazyArray = memoryArray(ndarray(Int16Array.of(1)));
  for (const name of ["int17", "<i2", "toString", "constructor"]) {
    assert.throws(() => hasDType(array, name as DTypeName), {
      name: "TypeError",
      message: /Cannot ask whether elements are ".*": expected one of bool, int8/,
    });
  }
});

Deno.test("what was asked, or stated, is known of the data's type", async () => {
  const file = await create(null);
  const made = await file.createDataset("a", { data: Int16Array.of(1, 2, 3) });
  if (made.is("int16")) same<Awaited<ReturnType<Dataset<Int16Array>["read"]>>, NDArray<Int16Array>>(true);
  const stated: WritableDataset<Int16Array> = await file.dataset<Int16Array>("a");
  assert.deepEqual((await stated.read()).data, Int16Array.of(1, 2, 3));
  await using opened = await open(await file.bytes());

  const dataset = await opened.dataset("a");
  same<typeof dataset, Dataset<ArrayData>>(true);
  const { data: unknown } = await dataset.read();
  // @ts-expect-error nothing is known of the data
  unknown satisfies Int16Array;
  assert(dataset.is("int16"));
  same<typeof dataset, Dataset<Int16Array>>(true);
  const { data } = await dataset.read([0]);
  same<typeof data, Int16Array>(true);
  const seen = await dataset.view([[0, 2]]).read();
  same<typeof seen.data, Int16Array>(true);
  // @ts-expect-error the data are no floats
  data satisfies Float32Array;
  // @ts-expect-error there is no such name
  assert.throws(() => dataset.is("int17"), TypeError);

  const inFile = await opened.dataset<Int16Array>("a");
  const inGroup = await opened.dataset<Int16Array>("a");
  same<typeof inFile, Dataset<Int16Array>>(true);
  same<typeof inGroup, Dataset<Int16Array>>(true);
  // @ts-expect-error datasets hold typed arrays or plain ones
  await opened.dataset<Date>("a");
  // What is stated isn't checked: the values come as they are.
  const wrong = await (await opened.dataset<Float64Array>("a")).read();
  assert.ok((wrong.data as ArrayData) instanceof Int16Array);
});

Deno.test("arrays of the other formats are asked, and stated, the same way", async () => {
  await using npz = await openNpz(await encodeNpz({ a: Float32Array.of(1, 2) }));
  const member = await npz.get("a");
  assert(member.is("float32"));
  same<typeof member, NpyArray<Float32Array>>(true);
  const stated = await npz.get<Float32Array>("a");
  same<typeof stated, NpyArray<Float32Array>>(true);

  await using npy = await openNpy<BigInt64Array>(encodeNpy(BigInt64Array.of(1n)));
  same<Awaited<ReturnType<typeof npy.read>>["data"], BigInt64Array>(true);

  await using raw = await openRaw(Int16Array.of(1, 2), { dtype: "int16" });
  assert(raw.is("int16"));
  same<Awaited<ReturnType<typeof raw.read>>["data"], Int16Array>(true);

  const zarr = await openZarr((await counting([4], [2])).store) as ZarrArray;
  assert(zarr.is("int32"));
  same<typeof zarr, ZarrArray<Int32Array>>(true);

  const inMemory: NDArray = ndarray(["a"]);
  assert(hasDType(inMemory, "string"));
  same<typeof inMemory.data, string[]>(true);
  same<DTypeData["uint64"], BigUint64Array>(true);
});
