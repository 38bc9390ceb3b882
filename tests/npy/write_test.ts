import assert from "node:assert/strict";
import { allocate, dtypeFromNumpy, unitsPerElement } from "../../src/array/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { ArrayData, DType } from "../../src/array/types.ts";
import { encodeNpyHeader } from "../../src/npy/header.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { UnsupportedError } from "../../src/source/errors.ts";
import { numpyCases } from "../array/numpy_cases.ts";

function dataOf(dtype: DType, values: (number | string)[]): ArrayData {
  if (dtype.kind === "string") return values;
  const data = allocate(dtype, values.length / unitsPerElement(dtype)) as Float64Array | BigInt64Array;
  values.forEach((value, i) =>
    data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : Number(value)
  );
  return data;
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

Deno.test(`a .npy file is byte for byte the one that NumPy saves, in ${numpyCases.npy.length} recorded cases`, () => {
  for (const { dtype: name, shape, data, file } of numpyCases.npy) {
    const dtype = dtypeFromNumpy(name);
    const written = encodeNpy(ndarray(dataOf(dtype, data), shape, dtype));
    assert.equal(hex(written), file, name);
  }
});

Deno.test("big-endian, strided and enum arrays are written as what they hold", () => {
  const big = encodeNpy(ndarray(Int16Array.of(1, 2), [2], dtypeFromNumpy(">i2")));
  assert.equal(hex(big), hex(encodeNpy(ndarray(Int16Array.of(1, 2)))));
  const strided = encodeNpy({ ...ndarray(Int16Array.of(1, 2, 3, 4), [2, 2]), stride: [1, 2] });
  assert.equal(hex(strided), hex(encodeNpy(ndarray(Int16Array.of(1, 3, 2, 4), [2, 2]))));
  const base: DType = { kind: "int", itemsize: 1, byteOrder: "|" };
  const states: DType = { kind: "enum", itemsize: 1, byteOrder: "|", base, members: { OFF: 0 } };
  assert.equal(hex(encodeNpy(ndarray(Int8Array.of(0), [1], states))), hex(encodeNpy(ndarray(Int8Array.of(0)))));
});

Deno.test("the data starts at a multiple of 64 bytes, and the version grows with the header", () => {
  const version = (descr: string) => encodeNpyHeader({ descr, fortranOrder: false, shape: [1] });
  for (let length = 1; length < 200; length++) {
    const header = version("x".repeat(length));
    assert.equal(header.length % 64, 0);
    assert.equal(header.at(-1), 10);
    assert.equal(new DataView(header.buffer).getUint16(8, true), header.length - 10);
  }
  assert.equal(version("<i2")[6], 1);
  assert.equal(version("x".repeat(70000))[6], 2);
  assert.equal(
    new DataView(version("x".repeat(70000)).buffer).getUint32(8, true),
    version("x".repeat(70000)).length - 12,
  );
  assert.equal(version("é")[6], 3);
});

Deno.test("what NumPy could only pickle is refused", () => {
  const int32 = dtypeFromNumpy("<i4");
  const kinds: DType[] = [
    { kind: "compound", itemsize: 4, byteOrder: "|", fields: [{ name: "a", dtype: int32, offset: 0 }] },
    { kind: "vlen", itemsize: 16, byteOrder: "|", base: int32 },
    { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" },
    { kind: "opaque", itemsize: 4, byteOrder: "|", tag: "" },
  ];
  for (const dtype of kinds) {
    assert.throws(() => encodeNpy(ndarray([{}], [1], dtype)), (error) => {
      assert(error instanceof UnsupportedError);
      assert.match(error.message, /^Cannot write .* as \.npy: NumPy could hold it only as pickled objects$/);
      return true;
    });
  }
});
