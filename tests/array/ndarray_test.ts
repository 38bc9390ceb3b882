import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import {
  contiguousStride,
  elementAt,
  elements,
  flatten,
  fullArray,
  isContiguous,
  ndarray,
  takeResolved,
  toNested,
} from "../../src/array/ndarray.ts";
import { axisIndices, resolveSelection, resultShape } from "../../src/array/select/selection.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { SelectionError } from "../../src/source/errors.ts";
import { axisCase } from "./arbitrary.ts";
import { cartesian } from "./model.ts";

Deno.test("an array knows its strides and its type", () => {
  const table = ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  assert.deepEqual(table.stride, [3, 1]);
  assert.deepEqual(table.dtype, { kind: "int", itemsize: 2, byteOrder: "<" });
  assert.deepEqual(toNested(table), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(ndarray(["a", "b"]).shape, [2]);
  assert.deepEqual(contiguousStride([4, 0, 3]), [0, 3, 1]);
  assert.throws(() => ndarray(Int16Array.of(1, 2, 3), [2, 2]), SelectionError);
});

Deno.test("elements come as JavaScript values: bools as booleans, complex numbers as pairs", () => {
  const bools = ndarray(Uint8Array.of(1, 0), [2], dtypeFromNumpy("bool"));
  assert.deepEqual(toNested(bools), [true, false]);
  const complex = ndarray(Float32Array.of(1, 2, 3, 4), [2, 1], dtypeFromNumpy("<c8"));
  assert.deepEqual(toNested(complex), [[[1, 2]], [[3, 4]]]);
  assert.deepEqual(elementAt(complex, -1, 0), [3, 4]);
  assert.equal(elementAt(ndarray(BigInt64Array.of(7n), [])), 7n);
  assert.throws(() => elementAt(complex, 2, 0), /index 2 along axis 0: it is out of range for length 2$/);
  assert.throws(() => elementAt(complex, 0), /by 1 indices: the array has 2 axes$/);
});

Deno.test("strided arrays are walked and flattened in C order", () => {
  const transposed: NDArray = { ...ndarray(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3]), shape: [3, 2], stride: [1, 3] };
  assert(!isContiguous(transposed));
  assert.deepEqual([...elements(transposed)], [1, 4, 2, 5, 3, 6]);
  const flat = flatten(transposed);
  assert.deepEqual(flat.data, Int32Array.of(1, 4, 2, 5, 3, 6));
  assert.deepEqual(flat.stride, [2, 1]);
  assert.deepEqual(toNested(flat), toNested(transposed));
  assert.equal(flatten(flat), flat);
  const part: NDArray = { ...ndarray(Int8Array.of(1, 2, 3)), shape: [2] };
  assert.deepEqual(flatten(part).data, Int8Array.of(1, 2));
  const complex: NDArray = {
    ...ndarray(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2], dtypeFromNumpy("<c16")),
    stride: [1, 2],
  };
  assert.deepEqual(toNested(complex), [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]);
  assert.deepEqual(flatten(complex).data, Float64Array.of(1, 2, 5, 6, 3, 4, 7, 8));
});

Deno.test("taking copies the selected elements, of every class and at any alignment", () => {
  const classes = [Int8Array, Uint16Array, Float32Array, Float64Array, BigInt64Array, Array] as const;
  fc.assert(
    fc.property(fc.array(axisCase(), { maxLength: 3 }), fc.constantFrom(...classes), (cases, Class) => {
      const shape = cases.map((c) => c.length);
      const size = shape.reduce((a, b) => a * b, 1);
      const value = (i: number) => Class === BigInt64Array ? BigInt(i % 128) : Class === Array ? `v${i}` : i % 128;
      const data = Class === Array
        ? Array.from({ length: size }, (_, i) => value(i))
        : typed(Class as never, size, value);
      const axes = resolveSelection(cases.map((c) => c.selected), shape);
      const taken = takeResolved(ndarray(data, shape), axes);
      const expected = cartesian(axes.map((axis) => [...axisIndices(axis)])).map((index) =>
        value(index.reduce((sum, i, k) => sum * shape[k]! + i, 0))
      );
      assert.deepEqual([...taken.data], expected);
      assert.deepEqual(taken.shape, resultShape(axes));
    }),
    { numRuns: 500 },
  );
});

function typed(
  Class: new (buffer: ArrayBuffer, offset: number, length: number) => NumericData,
  size: number,
  value: (i: number) => unknown,
) {
  const width = (Class as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
  const data = new Class(new ArrayBuffer((size + 1) * width), width, size);
  for (let i = 0; i < size; i++) data[i] = value(i) as never;
  return data;
}

Deno.test("taking keeps a NaN's payload", () => {
  const bits = BigUint64Array.of(0x7ff4000000000001n, 0xfff0000000000123n);
  const array = ndarray(new Float64Array(bits.buffer));
  const taken = takeResolved(array, resolveSelection([[1, 0]], [2]));
  assert.deepEqual(new BigUint64Array(taken.data.buffer), BigUint64Array.of(bits[1]!, bits[0]!));
});

Deno.test("an array can be filled with one value", () => {
  assert.deepEqual(fullArray([2, 2], dtypeFromNumpy("<i8"), 3n).data, BigInt64Array.of(3n, 3n, 3n, 3n));
  assert.deepEqual(fullArray([2], dtypeFromNumpy("<f4"), NaN).data, Float32Array.of(NaN, NaN));
  assert.deepEqual(fullArray([2], dtypeFromNumpy("<c8"), [1, 2]).data, Float32Array.of(1, 2, 1, 2));
  assert.deepEqual(fullArray([2], dtypeFromNumpy("bool"), true).data, Uint8Array.of(1, 1));
  assert.deepEqual(fullArray([2], dtypeFromNumpy("str"), "x").data, ["x", "x"]);
});
