import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray, Slice } from "../../src/array/types.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { computeTuningCurves, type TuningCurves } from "../../src/series/analysis/tuning_curves.ts";
import { counting, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;

const FEATURE = new Tsd(range(10), [0, 0, 1, 1, 2, 2, 0, 1, 2, 2]);
const SPIKES = new Ts([0.2, 2.1, 2.2, 4.4, 8.7, 9]);

/** Numbers to four decimals, row by row. */
function rows(curves: TuningCurves): number[][] {
  const size = curves.attrs.occupancy.data.length;
  return range(curves.data.shape[0]!).map((unit) =>
    near([...curves.data.data.subarray(unit * size, (unit + 1) * size)])
  );
}

function near(numbers: readonly number[]): number[] {
  return numbers.map((value) => Math.round(value * 1e4) / 1e4);
}

Deno.test("a tuning curve is spikes in a bin over the time spent there", async () => {
  const curves = await computeTuningCurves(SPIKES, FEATURE, { bins: 3 });
  assert.deepEqual(rows(curves), [[0.3333, 0.6667, 0.75]]);
  assert.deepEqual([...curves.attrs.occupancy.data], [3, 3, 4]);
  assert.deepEqual(near([...curves.attrs.binEdges[0]!]), [0, 0.6667, 1.3333, 2]);
  assert.deepEqual(curves.dims, ["unit", "0"]);
  assert.deepEqual(curves.coords["unit"], [0]);
  assert.deepEqual(near([...curves.coords["0"] as Float64Array]), [0.3333, 1, 1.6667]);
  assert.equal(curves.attrs.fs, 1);
  assert.deepEqual(near([...curves.attrs.rates!]), [0.6667]);
});

Deno.test("bins can have a range, epochs, edges, and hold counts", async () => {
  const ranged = await computeTuningCurves(SPIKES, FEATURE, { bins: 3, range: [0, 4] });
  assert.deepEqual([rows(ranged), [...ranged.attrs.occupancy.data]], [[[0.5, 0.75, NaN]], [6, 4, 0]]);
  const parted = await computeTuningCurves(SPIKES, FEATURE, { bins: 3, epochs: new IntervalSet(0, 5) });
  assert.deepEqual([rows(parted), [...parted.attrs.occupancy.data]], [[[0.5, 1, 0.5]], [2, 2, 2]]);
  assert.deepEqual(near([...parted.attrs.rates!]), [0.8]);
  const counts = await computeTuningCurves(SPIKES, FEATURE, { bins: 3, returnCounts: true });
  assert.deepEqual(rows(counts), [[1, 2, 3]]);
  for (const bins of [[0, 1, 3], Float64Array.of(0, 1, 3), [[0, 1, 3]]]) {
    assert.deepEqual(rows(await computeTuningCurves(SPIKES, FEATURE, { bins })), [[0.3333, 0.7143]]);
  }
  assert.deepEqual(rows(await computeTuningCurves(SPIKES, FEATURE, { bins: 3, fs: 10 })), [[3.3333, 6.6667, 7.5]]);
});

Deno.test("units of a group have curves of their own, by pynapple's example", async () => {
  const units = new TsGroup(new Map([[1, new Ts(range(1000, 0.1))], [2, new Ts(range(500, 0.2))]]), {
    timeSupport: new IntervalSet(0, 99.9),
  });
  const feature = new Tsd(range(1000, 0.1), range(1000).map((i) => i % 10 / 10));
  const curves = await computeTuningCurves(units, feature, { bins: 10 });
  assert.deepEqual(rows(curves), [range(10).map(() => 10), range(10).map((i) => i % 2 === 0 ? 10 : 0)]);
  assert.deepEqual([...curves.attrs.occupancy.data], range(10).map(() => 100));
  assert.deepEqual(near([...curves.attrs.binEdges[0]!]), near(range(11, 0.09)));
  assert.deepEqual(near([...curves.coords["0"] as Float64Array]), near(range(10, 0.09, 0.045)));
  assert.equal(near([curves.attrs.fs])[0], 10);
  assert.deepEqual(curves.coords["unit"], [1, 2]);
});

Deno.test("a frame's columns have the mean of their samples in each bin", async () => {
  const frame = new TsdFrame(range(10), counting(10, 2), { columns: ["a", "b"] });
  const curves = await computeTuningCurves(frame, FEATURE, { bins: 3 });
  assert.deepEqual(rows(curves), [[4.6667, 8, 13], [5.6667, 9, 14]]);
  assert.deepEqual(curves.coords["unit"], ["a", "b"]);
  assert.equal(curves.attrs.rates, undefined);
  assert.deepEqual(rows(await computeTuningCurves(frame.column("b"), FEATURE, { bins: 3 })), [[5.6667, 9, 14]]);
  assert.deepEqual(rows(await computeTuningCurves(frame, FEATURE, { bins: 3, returnCounts: true })), [
    [3, 3, 4],
    [3, 3, 4],
  ]);
});

Deno.test("a bin without data is NaN, and a sample that is NaN is left out; pynapple gives 0 for both", async () => {
  const data = new Tsd([0, 1, 2, 3], [1, 3, NaN, 5]);
  const feature = new Tsd([0, 1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2, 4]);
  const options = { bins: [0, 1, 2, 3, 4] };
  assert.deepEqual(rows(await computeTuningCurves(data, feature, options)), [[2, 5, NaN, NaN]]);
  assert.deepEqual(rows(await computeTuningCurves(data, feature, { ...options, ...PYNAPPLE })), [[2, 0, 0, 0]]);
  const gap = { bins: [0, 1, 3, 3.5, 4], ...PYNAPPLE };
  assert.deepEqual(rows(await computeTuningCurves(data, feature, gap)), [[2, 0, NaN, 0]]);
});

Deno.test("two features make axes of two, NaN features lie nowhere", async () => {
  const features = new TsdFrame(range(5), [[0, 0], [1, 1], [0, 1], [1, 0], [NaN, 0]], { columns: ["x", "y"] });
  const spikes = new TsGroup([[0.1, 1.1, 1.2, 2], [3, 3, 3, 4]]);
  const curves = await computeTuningCurves(spikes, features, { bins: [2, 2] });
  assert.deepEqual(curves.dims, ["unit", "x", "y"]);
  assert.deepEqual(curves.data.shape, [2, 2, 2]);
  assert.deepEqual(rows(curves), [[1, 1, 0, 2], [0, 0, 3, 0]]);
  const named = await computeTuningCurves(spikes, features, {
    bins: [2, [0, 0.5, 2, 3]],
    range: [[0, 2], null],
    featureNames: ["east", "north"],
  });
  assert.deepEqual([named.dims, named.data.shape], [["unit", "east", "north"], [2, 2, 3]]);
  assert.deepEqual([...named.coords["north"] as Float64Array], [0.25, 1.25, 2.5]);
});

Deno.test("samples are matched within epochs alone", async () => {
  const epochs = new IntervalSet([[0, 1], [10, 11]]);
  const feature = new Tsd([0, 1, 2, 9], [0, 1, 0, 0]);
  const curves = await computeTuningCurves(new Ts([0.2, 0.9, 1.2, 10.5]), feature, { bins: 2, epochs });
  assert.deepEqual(rows(curves), [[1, 1]]);
  assert.deepEqual([...curves.attrs.rates!], [1.5]);
});

Deno.test("features are read once, in blocks, within the epochs; data where they fall into bins", async () => {
  const feature = spy(Float64Array.from(range(100), (i) => i % 10), undefined, [10]);
  const data = spy(counting(100, 2), undefined, [10, 2]);
  const epochs = new IntervalSet([[20, 39], [70, 79]]);
  const curves = await computeTuningCurves(new TsdFrame(range(100), data.lazy), new Tsd(range(100), feature.lazy), {
    bins: 2,
    range: [0, 1],
    epochs,
  });
  assert.deepEqual(feature.rows(), [...range(20, 1, 20), ...range(10, 1, 70)]);
  assert.deepEqual(data.rows(), [20, 21, 30, 31, 70, 71]);
  assert.deepEqual(rows(curves), [[80, 82], [81, 83]]);
  await computeTuningCurves(new Ts([30]), new Tsd(range(100), feature.lazy), { epochs });
  assert.deepEqual(feature.rows(), [...range(20, 1, 20), ...range(10, 1, 70)]);
});

Deno.test("features that memory shouldn't hold are read twice, block by block", async () => {
  const [count, columns] = [2100, 2 ** 14];
  let most = 0;
  let read = 0;
  const lazy: LazyArray = {
    shape: [count, columns],
    dtype: { kind: "int", itemsize: 1, byteOrder: "|" },
    chunkShape: [100, columns],
    read(selection) {
      const { start, stop } = (selection as [Slice])[0];
      most = Math.max(most, stop! - start!);
      read += stop! - start!;
      return Promise.resolve(ndarray(new Int8Array((stop! - start!) * columns).fill(1), [stop! - start!, columns]));
    },
    view: () => lazy,
  };
  const curves = await computeTuningCurves(new Ts([7]), new TsdFrame(range(count), lazy), {
    bins: 1,
    returnCounts: true,
  });
  assert.deepEqual([...curves.attrs.occupancy.data, ...curves.data.data], [count, 1]);
  assert.deepEqual([read, most], [2 * count, 100]);
});

Deno.test("curves are those of the definition, for random spikes, features, epochs and bins", async () => {
  const time = fc.integer({ min: 0, max: 200 }).map((i) => i / 4);
  const times = fc.array(time, { maxLength: 60 }).map((list) => list.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.uniqueArray(time, { minLength: 2, maxLength: 60 }).map((list) => list.sort((a, b) => a - b)),
      fc.array(fc.integer({ min: -3, max: 12 }).map((value) => value === 12 ? NaN : value), {
        minLength: 60,
        maxLength: 60,
      }),
      fc.uniqueArray(time, { minLength: 2, maxLength: 8 }).map((list) => list.sort((a, b) => a - b)),
      fc.integer({ min: 1, max: 7 }),
      async (spikes, at, values, edges, bins) => {
        const pairs = range(edges.length >> 1).map((i): [number, number] => [edges[2 * i]!, edges[2 * i + 1]!]);
        const feature = new Tsd(at, values.slice(0, at.length));
        const options = { bins, range: [-2, 9] as const, epochs: new IntervalSet(pairs), fs: 1, returnCounts: true };
        const curves = await computeTuningCurves(new Ts(spikes), feature, options);
        const counts = new Array(bins).fill(0);
        const occupancy = new Array(bins).fill(0);
        const binOf = (value: number) => {
          for (let bin = bins - 1; bin >= 0; bin--) {
            if (value >= bin * (11 / bins) - 2 && value <= 9) return bin;
          }
          return -1;
        };
        for (const [from, to] of pairs) {
          const within = range(at.length).filter((i) => at[i]! >= from && at[i]! <= to);
          for (const i of within) if (binOf(values[i]!) >= 0) occupancy[binOf(values[i]!)]++;
          for (const spike of spikes.filter((spike) => spike >= from && spike <= to)) {
            let nearest = -1;
            for (const i of within) {
              if (nearest < 0 || Math.abs(at[i]! - spike) <= Math.abs(at[nearest]! - spike)) nearest = i;
            }
            const bin = nearest < 0 ? -1 : binOf(values[nearest]!);
            if (bin >= 0) counts[bin]++;
          }
        }
        assert.deepEqual([...curves.data.data], counts);
        assert.deepEqual([...curves.attrs.occupancy.data], occupancy);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("what isn't data, features, bins, a range, epochs, a rate or names is refused", async () => {
  const cases: [unknown, unknown, unknown, new () => Error, RegExp][] = [
    [[1], FEATURE, {}, TypeError, /data should be a TsdFrame, TsGroup, Ts, or Tsd/],
    [new TsdTensor([0], counting(1, 1, 1)), FEATURE, {}, TypeError, /data should be/],
    [SPIKES, SPIKES, {}, TypeError, /features should be a Tsd or TsdFrame/],
    [SPIKES, FEATURE, { epochs: [0, 1] }, TypeError, /epochs should be an IntervalSet/],
    [SPIKES, FEATURE, { fs: "1" }, TypeError, /fs should be a number/],
    [SPIKES, FEATURE, { featureNames: "x" }, TypeError, /featureNames should be a list of strings/],
    [SPIKES, FEATURE, { featureNames: ["x", "y"] }, RangeError, /should match the number of features/],
    [SPIKES, FEATURE, { featureNames: ["unit"] }, RangeError, /names must differ/],
    [SPIKES, FEATURE, { bins: 0 }, RangeError, /positive whole number/],
    [SPIKES, FEATURE, { bins: 2 ** 40 }, RangeError, /more than/],
    [SPIKES, FEATURE, { bins: [2, 1] }, RangeError, /increase monotonically/],
    [SPIKES, FEATURE, { bins: [[0]] }, RangeError, /at least two/],
    [SPIKES, FEATURE, { bins: ["a"] }, TypeError, /as bins/],
    [SPIKES, FEATURE, { range: [1, 0] }, RangeError, /max must be larger/],
    [SPIKES, FEATURE, { range: [0, NaN] }, TypeError, /finite/],
    [SPIKES, FEATURE, { compatible: "numpy" }, TypeError, /pynapple/],
    [SPIKES, new TsdFrame([0, 1], [[0, 1], [1, 2]]), { range: [0, 1] }, RangeError, /range should be a list of pairs/],
    [SPIKES, new TsdFrame([0, 1], [[0, 1], [1, 2]]), { bins: [3] }, RangeError, /one specification per feature/],
    [SPIKES, new Tsd([0, 1], [NaN, NaN]), {}, RangeError, /no finite value/],
  ];
  for (const [data, features, options, kind, text] of cases) {
    const made = computeTuningCurves(data as Ts, features as Tsd, options as Record<string, never>);
    await assert.rejects(made, (error: Error) => error instanceof kind && text.test(error.message), text.source);
  }
});

Deno.test("a feature of one value is in a bin one wide, and two samples of a time count as the later", async () => {
  const curves = await computeTuningCurves(new Ts([0, 1]), new Tsd([0, 1], [5, 5]), { bins: 1 });
  assert.deepEqual([...curves.attrs.binEdges[0]!], [4.5, 5.5]);
  const twice = new Tsd([0, 1, 1, 2], [0, 0, 1, 0]);
  assert.deepEqual(rows(await computeTuningCurves(new Ts([1]), twice, { bins: 2, returnCounts: true })), [[0, 1]]);
  const unread = ndarray(new Int16Array([1, 2, 3]));
  assert.deepEqual(rows(await computeTuningCurves(new Ts([1]), new Tsd([0, 1, 2], unread), { bins: 2 })), [[0, 0.5]]);
});
