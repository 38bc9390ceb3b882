import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import { toNested } from "../../src/array/ndarray.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { LimitError } from "../../src/source/errors.ts";
import { randomBytes } from "./support.ts";

const VALUES = Int16Array.from({ length: 24 }, (_, i) => i - 12);

Deno.test("values come as stored unless a scale is given", async () => {
  await using array = await openRaw(VALUES, { dtype: "int16", shape: [4, 6] });
  assert.deepEqual((await array.read([0])).data, VALUES.slice(0, 6));
});

Deno.test("one gain and offset hold for all values, in float64 or float32", async () => {
  const options = { dtype: "int16", shape: [4, 6] };
  await using wide = await openRaw(VALUES, { ...options, scale: { gain: 0.195, offset: 1 } });
  assert.deepEqual(wide.dtype, { kind: "float", itemsize: 8, byteOrder: "<" });
  const read = await wide.read();
  assert.deepEqual(read.data, Float64Array.from(VALUES, (value) => value * 0.195 + 1));
  assert.deepEqual([read.shape, read.dtype], [[4, 6], wide.dtype]);
  await using narrow = await openRaw(VALUES, { ...options, scale: { gain: 0.195, dtype: "float32" } });
  assert.deepEqual((await narrow.read([1])).data, Float32Array.from(VALUES.slice(6, 12), (value) => value * 0.195));
  assert.equal(narrow.dtype.itemsize, 4);
});

Deno.test("gains by channel follow the channels that are selected, along any axis", async () => {
  for (const axis of [0, 1, 2, -1]) {
    const shape = [2, 3, 4];
    const at = axis === -1 ? 2 : axis;
    const gain = Array.from({ length: shape[at]! }, (_, i) => 10 ** i);
    const offset = Array.from({ length: shape[at]! }, (_, i) => i / 4);
    await using array = await openRaw(VALUES, { dtype: "int16", shape, scale: { gain, offset, axis } });
    const expected = (index: number[]) =>
      VALUES[index[0]! * 12 + index[1]! * 4 + index[2]!]! * gain[index[at]!]! + offset[index[at]!]!;
    const whole = toNested(await array.read()) as number[][][];
    whole.forEach((plane, i) => plane.forEach((row, j) => row.forEach((v, k) => assert.equal(v, expected([i, j, k])))));
    const picked = toNested(await array.read([slice(null, null, -1), [2, 0], slice(1, 4, 2)])) as number[][][];
    picked.forEach((plane, i) =>
      plane.forEach((row, j) => row.forEach((v, k) => assert.equal(v, expected([1 - i, [2, 0][j]!, 1 + 2 * k]))))
    );
    assert.deepEqual(toNested(await array.read([1, 2, 3])), expected([1, 2, 3]));
  }
});

Deno.test("big-endian, half and 24-bit values are scaled as well", async () => {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt16(0, -300, false);
  view.setInt16(2, 7, false);
  await using big = await openRaw(view.buffer, { dtype: ">i2", scale: { gain: 2 } });
  assert.deepEqual((await big.read()).data, Float64Array.of(-600, 14));
  await using half = await openRaw(Uint16Array.of(0x3c00, 0xc000), { dtype: "<f2", scale: { offset: 1 } });
  assert.deepEqual((await half.read()).data, Float64Array.of(2, -1));
  await using wide = await openRaw(Uint8Array.of(0xff, 0xff, 0xff), { dtype: "int24", scale: { gain: 3 } });
  assert.deepEqual((await wide.read()).data, Float64Array.of(-3));
});

Deno.test("an empty selection is scaled to an empty array", async () => {
  await using array = await openRaw(VALUES, { dtype: "int16", shape: [4, 6], scale: { gain: [1, 2, 3, 4, 5, 6] } });
  assert.deepEqual((await array.read([slice(0), null])).data, new Float64Array(0));
  assert.deepEqual((await array.read([null, []])).shape, [4, 0]);
});

Deno.test("the limit of a read counts the values that come out", async () => {
  const bytes = randomBytes(1000);
  await using array = await openRaw(bytes, { dtype: "u1", scale: { gain: 2 }, maxReadBytes: 4000 });
  await assert.rejects(array.read(), LimitError);
  assert.equal((await array.read([slice(500)])).data.length, 500);
});
