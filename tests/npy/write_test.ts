import assert from "node:assert/strict";
import { allocate, dtypeFromNumpy, unitsPerElement } from "../../src/array/dtype/dtype.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { ArrayData, DType, LazyArray, Slice } from "../../src/array/types.ts";
import { encodeNpyHeader } from "../../src/npy/header.ts";
import { encodeNpy, writeNpy } from "../../src/npy/write.ts";
import { writeNpz } from "../../src/npy/write_npz.ts";
import { TruncatedError, UnsupportedError, WriteError } from "../../src/source/errors.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
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
  const record = (name: string): DType => ({
    kind: "compound",
    itemsize: 2,
    byteOrder: "|",
    fields: [{ name, dtype: dtypeFromNumpy("<i2"), offset: 0 }],
  });
  const header = (name: string) => encodeNpyHeader({ dtype: record(name), order: "C", shape: [1] });
  for (let length = 1; length < 200; length++) {
    const bytes = header("x".repeat(length));
    assert.equal(bytes.length % 64, 0);
    assert.equal(bytes.at(-1), 10);
    assert.equal(new DataView(bytes.buffer).getUint16(8, true), bytes.length - 10);
  }
  const long = header("x".repeat(70000));
  assert.equal(header("é")[6], 1); // Latin-1
  assert.equal(long[6], 2);
  assert.equal(new DataView(long.buffer).getUint32(8, true), long.length - 12);
  assert.equal(header("λ")[6], 3);
});

Deno.test("what NumPy could only pickle is refused", () => {
  const int32 = dtypeFromNumpy("<i4");
  const kinds: DType[] = [
    { kind: "vlen", itemsize: 16, byteOrder: "|", base: int32 },
    { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" },
  ];
  kinds.push({ kind: "compound", itemsize: 16, byteOrder: "|", fields: [{ name: "a", dtype: kinds[0]!, offset: 0 }] });
  for (const dtype of kinds) {
    assert.throws(() => encodeNpy(ndarray([{}], [1], dtype)), (error) => {
      assert(error instanceof UnsupportedError);
      assert.match(error.message, /^Cannot write .* as \.npy: NumPy could hold it only as pickled objects$/);
      return true;
    });
  }
});

Deno.test("a failed write leaves nothing, and the old file as it was", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/a.npy`;
    await writeNpy(path, ndarray(Int8Array.of(1)));
    const old = Deno.readFileSync(path);
    const failing: LazyArray = {
      shape: [100],
      dtype: dtypeFromNumpy("<i8"),
      chunkShape: [10],
      read: () => Promise.reject(new TruncatedError("Cannot read on")),
      view: () => failing,
    };
    await assert.rejects(writeNpy(path, failing), TruncatedError);
    await assert.rejects(
      writeNpz(path, { a: ndarray(Int8Array.of(1)), b: failing }, { compression: true }),
      TruncatedError,
    );
    await assert.rejects(writeNpz(path, { "../a": ndarray(Int8Array.of(1)) }), WriteError);
    await assert.rejects(writeNpy(path, ndarray(Int8Array.of(1)), { overwrite: false }), WriteError);
    assert.deepEqual(Deno.readFileSync(path), old);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.npy"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a lazy array is written in boxes of whole chunks, none of which is read twice", async () => {
  const whole = ndarray(Int16Array.from({ length: 60 * 70 }, (_, i) => i), [60, 70]);
  const reads: string[] = [];
  const lazy = memoryArray(whole, { chunkShape: [20, 30] });
  const watched: LazyArray = {
    ...lazy,
    read(selection, options) {
      reads.push(selection!.map((axis) => `${(axis as Slice).start}-${(axis as Slice).stop}`).join());
      return lazy.read(selection, options);
    },
  };
  for (const order of ["C", "F"] as const) {
    const sink = memorySink();
    await writeNpy(sink, watched, { blockBytes: 20 * 30 * 2, order });
    assert.deepEqual(sink.bytes(), encodeNpy(whole, { order }));
    assert.equal(new Set(reads).size, 9);
    assert.equal(reads.splice(0).length, 9);
  }
});
