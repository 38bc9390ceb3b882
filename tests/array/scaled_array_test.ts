import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { ArrayScale } from "../../src/array/scale.ts";
import { scaledArray } from "../../src/array/scaled_array.ts";
import type { LazyArray } from "../../src/array/types.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { slice } from "../../src/array/select/slice.ts";
import { axisCaseOf } from "./arbitrary.ts";

/** Far more than anything here takes. */
const OPTIONS = { name: "/a", maxReadBytes: 1e9 };
const SHAPE = [4, 3, 5];
const stored = ndarray(Int16Array.from({ length: 60 }, (_, i) => i - 30), SHAPE);

Deno.test("a scaled array reads what the array reads, scaled, by any selection and through views", async () => {
  for (const axis of [0, 1, 2, -1]) {
    const along = axis < 0 ? axis + SHAPE.length : axis;
    const gains = Float64Array.from({ length: SHAPE[along]! }, (_, i) => 0.5 * (i + 2));
    // The last axis is that of the channels where nothing is said.
    const scale = { gain: gains, offset: 7, ...(axis === -1 ? {} : { axis }) };
    const physical = ndarray(
      Float64Array.from(stored.data, (value, at) => {
        const index = [Math.floor(at / 15), Math.floor(at / 5) % 3, at % 5][along]!;
        return value * gains[index]! + 7;
      }),
      SHAPE,
    );
    await fc.assert(fc.asyncProperty(fc.tuple(...SHAPE.map(axisCaseOf)), async (axes) => {
      const selection = axes.map(({ selected }) => selected);
      const ours = scaledArray(memoryArray(stored), scale, OPTIONS);
      const expected = memoryArray(physical);
      assert.deepEqual(await ours.read(selection), await expected.read(selection));
      assert.deepEqual(await ours.view(selection).read(), await expected.view(selection).read());
    }));
  }
});

Deno.test("64-bit integers become numbers, a scale that changes nothing floats, in the width asked for", async () => {
  const big = scaledArray(memoryArray(ndarray(BigInt64Array.of(-4n, 2n ** 40n))), { gain: 2 }, OPTIONS);
  assert.deepEqual((await big.read([slice(null)])).data, Float64Array.of(-8, 2 ** 41));
  assert.deepEqual((await big.read([-1])).shape, []);
  const same = scaledArray(memoryArray(ndarray(Int16Array.of(1, 2))), { dtype: "float32" }, OPTIONS);
  assert.deepEqual([same.dtype, (await same.read()).data], [
    { kind: "float", itemsize: 4, byteOrder: "<" },
    Float32Array.of(1, 2),
  ]);
});

Deno.test("a scaled array is what a flat file opened with the same scale is", async () => {
  const scale = { gain: [0.1, 0.2, 0.3, 0.4, 0.5], offset: [1, 2, 3, 4, 5] };
  await using raw = await openRaw(stored.data.slice(), { dtype: "int16", shape: SHAPE, scale });
  const ours = scaledArray(memoryArray(stored), scale, OPTIONS);
  for (const selection of [null, [1], [slice(0, 4, 2), [2, 0], slice(null, null, -2)]]) {
    assert.deepEqual(await ours.read(selection), await raw.read(selection));
  }
});

Deno.test("more bytes than the limit are refused once they are counted as scaled", async () => {
  // 60 values: 120 bytes as stored, 480 scaled.
  const tight = scaledArray(memoryArray(stored), { gain: 2 }, { name: "/a", maxReadBytes: 400 });
  assert.equal((await tight.read([slice(0, 2)])).data.length, 30);
  await assert.rejects(
    tight.read(),
    /^LimitError: Cannot read \/a: the selection takes 480 bytes once scaled, more than the limit maxReadBytes of 400$/,
  );
  await assert.rejects(tight.view([slice(null)]).read(), /^LimitError/);
});

Deno.test("what can't be scaled is refused", () => {
  const refuse = (array: LazyArray, scale: ArrayScale, why: RegExp) =>
    assert.throws(() => scaledArray(array, scale, OPTIONS), why);
  refuse(memoryArray(ndarray(["a"])), { gain: 2 }, /^DTypeError: Cannot scale \/a: its elements are of kind string/);
  refuse(
    memoryArray(stored),
    { gain: [1, 2] },
    /^ShapeError: Cannot scale \/a: 2 values of gain for 5 channels along axis 2$/,
  );
  refuse(memoryArray(stored), { gain: NaN }, /^RangeError: Cannot scale \/a: each gain must be a finite number$/);
});
