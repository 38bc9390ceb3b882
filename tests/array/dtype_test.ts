import assert from "node:assert/strict";
import {
  allocate,
  describeDType,
  dtypeFromNumpy,
  numpyName,
  typedArrayOf,
  unitsPerElement,
} from "../../src/array/dtype/dtype.ts";
import type { DType } from "../../src/array/types.ts";
import { UnsupportedError } from "../../src/source/errors.ts";

const int8: DType = { kind: "int", itemsize: 1, byteOrder: "|" };
const int32: DType = { kind: "int", itemsize: 4, byteOrder: "<" };
const text: DType = {
  kind: "string",
  length: null,
  itemsize: 16,
  byteOrder: "|",
  charset: "utf8",
  padding: "null-terminated",
};
const complex: DType = { kind: "complex", itemsize: 16, byteOrder: "<" };
const onOff: DType = { kind: "enum", itemsize: 1, byteOrder: "|", base: int8 as never, members: { OFF: 0, ON: 1 } };
const pairs: DType = { kind: "array", itemsize: 8, byteOrder: "|", base: int32, shape: [2, 1] };
const record: DType = {
  kind: "compound",
  itemsize: 12,
  byteOrder: "|",
  fields: [
    { name: "a", dtype: int32, offset: 0 },
    { name: "b", dtype: { kind: "float", itemsize: 8, byteOrder: ">" }, offset: 4 },
  ],
};

Deno.test("NumPy's names are read and given back", () => {
  const names = ["|i1", "|u1", "<i2", ">i2", "<u4", ">u8", "<f2", ">f4", "<f8", "<c8", ">c16", "<M8[ms]", ">m8[D]"];
  for (const name of names) assert.equal(numpyName(dtypeFromNumpy(name)), name);
  for (const name of ["bool", "|b1", "?", "|?"]) assert.equal(numpyName(dtypeFromNumpy(name)), "bool");
  for (const name of ["str", "<U7", "|S3", "S3"]) assert.equal(numpyName(dtypeFromNumpy(name)), "str");
  assert.equal(numpyName(dtypeFromNumpy("int16")), "<i2");
  assert.equal(numpyName(dtypeFromNumpy("=f8")), "<f8");
  assert.equal(numpyName(dtypeFromNumpy(">u1")), "|u1");
  assert.equal(numpyName(dtypeFromNumpy(">m8")), ">m8");
  assert.equal(numpyName(dtypeFromNumpy("<M8[25s]")), "<M8[25s]");
  assert.deepEqual(dtypeFromNumpy(">U4"), { ...dtypeFromNumpy("<U4"), byteOrder: ">" });
  assert.deepEqual(dtypeFromNumpy("|V3"), { kind: "opaque", itemsize: 3, byteOrder: "|", tag: "" });
  for (const name of ["O", "|O", "|O8", "|O4", "object"]) assert.equal(numpyName(dtypeFromNumpy(name)), "object");
});

Deno.test("a dtype that NumPy has no plain number for is called object", () => {
  assert.equal(numpyName(record), "object");
  assert.equal(numpyName({ kind: "vlen", itemsize: 16, byteOrder: "|", base: int32 }), "object");
  assert.equal(numpyName({ kind: "reference", itemsize: 8, byteOrder: "|", target: "object" }), "object");
  assert.equal(numpyName({ kind: "opaque", itemsize: 8, byteOrder: "|", tag: "" }), "object");
  assert.equal(numpyName(onOff), "|i1");
  assert.equal(numpyName(pairs), "<i4");
});

Deno.test("a name that stands for nothing is refused", () => {
  for (
    const name of ["", "i", "i3", "<f16", "f1", "|O2", "i8[ns]", "<M4", "<M8[]", "<M8[s]x", "int128", "c4", "b2", "x4"]
  ) {
    assert.throws(() => dtypeFromNumpy(name), UnsupportedError, name);
  }
});

Deno.test("dtypes are described in words", () => {
  const cases: [DType, string][] = [
    [int32, "int32"],
    [{ kind: "uint", itemsize: 2, byteOrder: ">" }, "uint16 big-endian"],
    [complex, "complex128"],
    [text, "string (utf-8, variable)"],
    [dtypeFromNumpy("|S5"), "string (ascii, 5 bytes)"],
    [dtypeFromNumpy("<U5"), "string (ucs-4, 5 characters)"],
    [record, "compound {a: int32, b: float64 big-endian}"],
    [onOff, "enum int8 {OFF: 0, ON: 1}"],
    [pairs, "array (2, 1) of int32"],
    [{ kind: "vlen", itemsize: 16, byteOrder: "|", base: int32 }, "variable-length int32"],
    [{ kind: "reference", itemsize: 8, byteOrder: "|", target: "region" }, "region reference"],
    [{ kind: "reference", itemsize: 64, byteOrder: "|", target: "any" }, "reference"],
    [{ kind: "opaque", itemsize: 4, byteOrder: "|", tag: "jpeg" }, 'opaque (4 bytes, "jpeg")'],
    [{ kind: "opaque", itemsize: 4, byteOrder: "|", tag: "" }, "opaque (4 bytes)"],
    [dtypeFromNumpy("<M8[s]"), "datetime64[s]"],
    [dtypeFromNumpy("bool"), "bool"],
  ];
  for (const [dtype, words] of cases) assert.equal(describeDType(dtype), words);
});

Deno.test("numbers come in the typed array of their kind and width, other things in plain arrays", () => {
  const classes = {
    "|i1": Int8Array,
    "|u1": Uint8Array,
    "<i2": Int16Array,
    "<u2": Uint16Array,
    "<i4": Int32Array,
    ">u4": Uint32Array,
    "<i8": BigInt64Array,
    "<u8": BigUint64Array,
    "<f2": Float32Array,
    "<f4": Float32Array,
    ">f8": Float64Array,
    "<c8": Float32Array,
    "<c16": Float64Array,
    "bool": Uint8Array,
    "<M8[s]": BigInt64Array,
  };
  for (const [name, TypedArray] of Object.entries(classes)) {
    const dtype = dtypeFromNumpy(name);
    assert.equal(typedArrayOf(dtype), TypedArray);
    const data = allocate(dtype, 3);
    assert(data instanceof TypedArray);
    assert.equal(data.length, dtype.kind === "complex" ? 6 : 3);
  }
  assert(allocate(onOff, 2) instanceof Int8Array);
  assert.equal(allocate(pairs, 2).length, 4);
  assert.equal(unitsPerElement({ ...pairs, base: complex } as DType), 4);
  for (const dtype of [text, record]) {
    assert.equal(typedArrayOf(dtype), null);
    assert.deepEqual(allocate(dtype, 2), new Array(2));
  }
});
