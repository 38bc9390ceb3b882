import assert from "node:assert/strict";
import fc from "fast-check";
import { allocate, dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray, sizeOf } from "../../src/array/ndarray.ts";
import type { NumericData } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import type { DatasetOptions } from "../../src/hdf5/write/create_dataset.ts";
import { open } from "../../src/hdf5/file.ts";
import { type AxisCase, axisCaseOf } from "../array/arbitrary.ts";
import { cartesian } from "../array/model.ts";

const NAMES = ["|i1", "|u1", "<i2", ">i2", "<u4", ">i4", "<i8", ">u8", "<f4", ">f4", "<f8", ">f8", "<f2", ">f2"];

const shapes = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 });

/** A shape, a selection of it, and how the dataset is stored. */
const cases = shapes.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.tuple(...shape.map((length) => axisCaseOf(length))),
    dtype: fc.constantFrom(...NAMES),
    chunks: fc.oneof(
      fc.constant(undefined),
      fc.tuple(...shape.map((length) => fc.integer({ min: 1, max: Math.max(1, length) }))),
    ),
    filter: fc.constantFrom<DatasetOptions>(
      {},
      { compression: "gzip", shuffle: true },
      { compression: 9, fletcher32: true },
      { compression: "lzf" },
      { compression: "lz4", shuffle: true },
      { compression: "zstd", compressionOptions: 1 },
    ),
    fill: fc.constantFrom(undefined, 0, 7),
    broadcast: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    fewer: fc.integer({ min: 0, max: 3 }),
  })
);

function numbers(dtype: string, count: number): NumericData {
  const data = allocate(dtypeFromNumpy(dtype), count) as NumericData;
  for (let i = 0; i < count; i++) {
    data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(i + 1) : i + 1;
  }
  return data;
}

/** Assigns as NumPy does, one index at a time. */
function assign(
  model: number[],
  shape: readonly number[],
  axes: readonly AxisCase[],
  data: NumericData,
  from: readonly number[],
) {
  const counts = axes.map(({ indices }) => indices.length);
  for (const place of cartesian(counts.map((count) => [...Array(count).keys()]))) {
    const target = place.reduce((at, p, axis) => at * shape[axis]! + axes[axis]!.indices[p]!, 0);
    const kept = place.filter((_, axis) => !axes[axis]!.drop);
    const extra = kept.length - from.length;
    let source = 0;
    from.forEach((length, axis) => source = source * length + (length === 1 ? 0 : kept[axis + extra]!));
    model[target] = Number(data[source]);
  }
}

Deno.test("what is written to any selection of any dataset is what NumPy would have there", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, axes, dtype, chunks, filter, fill, broadcast, fewer }) => {
      const stored: DatasetOptions = chunks === undefined && Object.keys(filter).length === 0
        ? {}
        : { ...filter, chunkShape: chunks ?? true };
      const file = await create();
      const dataset = await file.createDataset("d", { shape, dtype, fillValue: fill, ...stored });
      const kept = axes.filter(({ drop }) => !drop).map(({ indices }) => indices.length);
      const lengths = kept.map((length, i) => broadcast[i] ? 1 : length);
      const from = lengths.slice(Math.min(fewer, lengths.slice(0, -1).length));
      const data = numbers(dtype, sizeOf(from));
      const model = new Array<number>(sizeOf(shape)).fill(fill ?? 0);
      assign(model, shape, axes, data, from);
      await dataset.write(axes.map(({ selected }) => selected), ndarray(data, from));
      const before = await dataset.read();
      assert.deepEqual(Array.from(before.data as NumericData, Number), model, "before it is closed");
      const file2 = await open(await file.bytes());
      const after = await (await file2.dataset("d")).read();
      assert.deepEqual(Array.from(after.data as NumericData, Number), model, "from the finished file");
      assert.equal(after.data.constructor, data.constructor);
      await file2.close();
    }),
    { numRuns: 150, seed: 20261 },
  );
});
