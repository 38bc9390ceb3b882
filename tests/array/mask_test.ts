import assert from "node:assert/strict";
import {
  Data,
  iterateChunks,
  type LazyArray,
  memoryArray,
  type NDArray,
  ndarray,
  open,
  openNpy,
  openRaw,
  type Selection,
  toMask,
  toNested,
  writeNpy,
} from "../../mod.ts";
import { Interval, IrregularTimeSeries } from "../../src/temporal/mod.ts";
import { IntervalSet, Ts, Tsd, TsdFrame, TsGroup } from "../../src/series/mod.ts";
import type { Mask } from "../../src/array/mod.ts";
import { memorySink } from "../../src/source/mod.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { reportFile } from "../corpus/find.ts";
import { SelectionError } from "../../src/source/errors.ts";

const DATA = new URL("../data/", import.meta.url);
/** The report that asked for this, beside the corpus. */
const REPORT = reportFile("04_bool_mask.h5");

interface Cases {
  cases: {
    array: string;
    selection: (string | number | null | number[])[];
    shape: number[];
    data: unknown[];
  }[];
}
const { cases }: Cases = JSON.parse(await Deno.readTextFile(new URL("masks.json", DATA)));

/** A selection of a case: text stands for the mask of that name. */
async function selectionOf(entries: Cases["cases"][0]["selection"], mask: (name: string) => Promise<Mask>) {
  const out: (number | null | number[] | Mask)[] = [];
  for (const entry of entries) out.push(typeof entry === "string" ? await mask(entry) : entry);
  return out as Selection;
}

function same(read: NDArray, shape: number[], data: unknown[], what: string): void {
  assert.deepEqual(read.shape, shape, what);
  assert.deepEqual([toNested(read)].flat(9), data, what);
}

Deno.test(`a mask that was read from a file selects as in NumPy, in ${cases.length} recorded cases`, async () => {
  await using file = await open(new URL("masks.h5", DATA));
  const maskOf = async (name: string) => await (await file.dataset(`/masks/${name}`)).read();
  for (const { array, selection, shape, data } of cases) {
    const what = `${array} by ${JSON.stringify(selection)}`;
    const dataset = await file.dataset(`/arrays/${array}`);
    const by = await selectionOf(selection, maskOf);
    same(await dataset.read(by), shape, data, what);
    same(await memoryArray(await dataset.read()).read(by), shape, data, `${what} in memory`);
    const isDeep = by!.some((entry) =>
      typeof entry === "object" && entry !== null && "shape" in entry && entry.shape.length > 1
    );
    if (isDeep) assert.throws(() => dataset.view(by), SelectionError, what);
    else same(await dataset.view(by).read(), shape, data, `${what} as a view`);
  }
});

Deno.test("a mask of a file in other formats, of booleans or of bytes made one selects the same", async () => {
  await using file = await open(new URL("masks.h5", DATA));
  const traces = await (await file.dataset("/arrays/traces")).read();
  const sink = memorySink();
  await writeNpy(sink, traces);
  const npy = await openNpy(sink.bytes());
  const raw = await openRaw(new Uint8Array((traces.data as Int16Array).slice().buffer), {
    dtype: "<i2",
    shape: [5, 3],
  });
  const grid = await (await openNpy(new URL("masks.npy", DATA))).read();
  const plain = await (await file.dataset("/masks/plain")).read();
  const bytes = await (await file.dataset("/masks/bytes")).read();
  const lazies: LazyArray[] = [npy, raw, memoryArray(traces), npy.view([null]), raw.view([null, null])];
  const masks: Mask[] = [
    plain,
    [false, true, false, true, true],
    toMask(bytes),
    toMask(bytes.data as Uint8Array),
    toMask([0, 1n, false, 1, true]),
  ];
  for (const lazy of lazies) {
    for (const mask of masks) {
      assert.deepEqual(toNested(await lazy.read([mask])), [[10, 11, 12], [30, 31, 32], [40, 41, 42]]);
      assert.deepEqual(toNested(await lazy.view([mask, 0]).read()), [10, 30, 40]);
    }
    const expected = cases.find((c) => c.array === "traces" && c.selection[0] === "grid")!;
    same(await lazy.read([grid]), expected.shape, expected.data, "grid");
  }
});

Deno.test("an array of integers is a list of indices, as in NumPy, whatever its width", async () => {
  const lazy = memoryArray(ndarray(Int16Array.of(5, 6, 7)));
  for (const indices of [Uint8Array.of(1, 0), Int32Array.of(1, 0), BigInt64Array.of(1n, 0n)]) {
    assert.deepEqual((await lazy.read([ndarray(indices)])).data, Int16Array.of(6, 5));
  }
});

Deno.test("what may be a mask or indices is refused, and both ways out are named", async () => {
  await using file = await create();
  const dataset = await file.createDataset("a", { data: [1, 2, 3] });
  const bytes = Uint8Array.of(0, 1, 1);
  const refused = async (call: () => unknown) =>
    await assert.rejects(async () => await call(), (error) => {
      assert.ok(error instanceof TypeError, String(error));
      assert.match(error.message, /toMask\(bytes\).*Array\.from\(bytes\)/);
      return true;
    });
  // @ts-expect-error bare bytes don't compile
  await refused(() => dataset.read([bytes]));
  // @ts-expect-error the data of what was read don't either
  await refused(async () => dataset.read([(await dataset.read(null) as NDArray<Uint8Array>).data && bytes]));
  await refused(() => dataset.view([bytes as never]));
  await refused(() => dataset.write([bytes as never], 1));
  await refused(() => dataset.read([new Uint8ClampedArray([0, 1, 1]) as never]));
  await refused(() => iterateChunks(dataset, { selection: [bytes as never] }));
  const ts = new Ts([1, 2, 3]);
  // @ts-expect-error bare bytes don't compile
  await refused(() => ts.select(bytes));
  await refused(() => new TsGroup({ 0: ts, 1: ts, 2: ts }).pick(bytes as never));
  await refused(() => new IntervalSet([0, 2, 4], [1, 3, 5]).pick(bytes as never));
  await refused(() => new TsdFrame([0], [[1, 2, 3]]).pickColumnsAt(bytes as never));
  const times = new IrregularTimeSeries({ timestamps: [0, 1, 2] });
  // @ts-expect-error bare bytes don't compile
  await refused(() => times.selectByMask(bytes));
  await refused(() => new Interval([0, 2, 4], [1, 3, 5]).selectByMask(bytes as never));
});

Deno.test("a mask that was read selects samples, members, intervals, columns and rows", async () => {
  await using file = await open(new URL("masks.h5", DATA));
  const mask = await (await file.dataset("/masks/columns")).read(); // T F T
  const lazy = (await file.dataset("/arrays/traces")).view([[0, 1, 2]]);
  const tsd = new Tsd([1, 2, 3], [10, 20, 30]);
  assert.deepEqual([...tsd.select(mask).times], [1, 3]);
  assert.deepEqual([...new TsdFrame([1, 2, 3], lazy).select(mask).times], [1, 3]);
  assert.deepEqual(toNested(await new TsdFrame([1, 2, 3], lazy).select(mask).read()), [[0, 1, 2], [20, 21, 22]]);
  assert.deepEqual([...new TsdFrame([1], [[4, 5, 6]]).pickColumnsAt(mask).columns], [0, 2]);
  assert.deepEqual([...new TsGroup({ 4: tsd, 5: tsd, 6: tsd }).pick(mask).keys()], [4, 6]);
  assert.deepEqual([...new IntervalSet([0, 2, 4], [1, 3, 5]).pick(mask).start], [0, 4]);
  const series = new IrregularTimeSeries({ timestamps: [0, 1, 2] });
  assert.deepEqual([...series.selectByMask(mask).timestamps as Float64Array], [0, 2]);
  const data = new Data({ trials: new Interval([0, 2, 4], [1, 3, 5]) }, { domain: "auto" });
  assert.deepEqual([...(data.get("trials") as Interval).selectByMask(mask).start as Float64Array], [0, 4]);
  const chunks: unknown[] = [];
  for await (const { data } of iterateChunks(lazy, { selection: [mask] })) {
    chunks.push(...toNested(data) as unknown[]);
  }
  assert.deepEqual(chunks, [[0, 1, 2], [20, 21, 22]]);
});

Deno.test("values are written where a mask holds", async () => {
  await using file = await create();
  const dataset = await file.createDataset("a", { data: [1, 2, 3, 4] });
  const mask = await (await file.createDataset("mask", { data: [true, false, true, false] })).read();
  await dataset.write([mask], [7, 8]);
  assert.deepEqual([...(await dataset.read()).data], [7, 2, 8, 4]);
});

Deno.test("a mask of another length, or of axes where it can't be, is refused with both numbers", async () => {
  const lazy = memoryArray(ndarray(new Float64Array(15), [5, 3]));
  const bools = (shape: number[]) => toMask(ndarray(new Uint8Array(shape.reduce((a, b) => a * b, 1)), shape));
  const refused = async (selection: unknown, message: RegExp) =>
    await assert.rejects(() => lazy.read(selection as Selection), (error) => {
      assert.ok(error instanceof SelectionError || error instanceof TypeError, String(error));
      assert.match(error.message, message);
      return true;
    });
  await refused([[true, false]], /along axis 0: it has 2 entries, expected 5$/);
  await refused([bools([4])], /along axis 0: it has 4 entries, expected 5$/);
  await refused([null, bools([5])], /along axis 1: it has 5 entries, expected 3$/);
  await refused([bools([5, 2])], /mask of shape \(5, 2\): the array has the shape \(5, 3\)$/);
  await refused([bools([5, 3, 1])], /mask of shape \(5, 3, 1\): the array has the shape \(5, 3\)$/);
  await refused([null, bools([5, 3])], /mask of 2 axes along axis 1: a mask of several axes can only/);
  await refused(
    [ndarray(Float64Array.of(0, 1, 0, 1, 1))],
    /array of float64: arrays that select hold booleans .* or integers/,
  );
  await refused([ndarray(Int32Array.of(0, 1, 1, 0), [2, 2])], /indices have one axis/);
  await refused(bools([5]), /are \[mask\] or \[indices\]$/);
  await refused([true, false, true, true, false], /a mask for the first axis is \[mask\]$/);
  await refused([[true, 1, false, false, false]], /entry 1 is 1, expected true or false$/);
  assert.throws(() => toMask([0, 2]), /entry 1 is 2/);
  assert.throws(() => new Ts([1, 2]).select([true]), /mask of 1: there are 2/);
});

Deno.test({
  name: "the mask of report 04 takes rows 1, 3 and 4",
  ignore: REPORT === null,
  fn: async () => {
    await using file = await open(REPORT!);
    const mask = await (await file.dataset("/iscell")).read();
    const traces = await file.dataset("/traces");
    assert.deepEqual(toNested(await traces.read([mask])), [[10, 11], [30, 31], [40, 41]]);
    await assert.rejects(() => traces.read([mask.data as never]), TypeError);
  },
});
