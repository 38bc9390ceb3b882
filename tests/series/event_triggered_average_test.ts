import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { LazyArray, Slice } from "../../src/array/types.ts";
import {
  computeEventTriggeredAverage,
  computeSpikeTriggeredAverage,
} from "../../src/series/analysis/event_triggered_average.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { counting, list, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const SQUARES = new Tsd(range(10), range(10).map((i) => i * i));

Deno.test("an average around events has a row per lag and a column per unit", async () => {
  const units = new TsGroup(new Map([[2, new Ts([3, 5])], [5, new Ts([0, 9])]]), {
    timeSupport: new IntervalSet(0, 9),
    metadata: { area: ["a", "b"] },
  });
  const theirs = await computeEventTriggeredAverage(SQUARES, units, 1, [2, 1], PYNAPPLE) as TsdFrame;
  assert.deepEqual([...theirs.times], [-2, -1, 0, 1]);
  assert.deepEqual(list(await theirs.column(2).read()), [5, 10, 17, 26]);
  assert.deepEqual(list(await theirs.column(5).read()), [0, 0, 0, 1]);
  const ours = await computeEventTriggeredAverage(SQUARES, units, 1, [2, 1]) as TsdFrame;
  assert.deepEqual([ours.columns, ours.getInfo("area")], [[2, 5], ["a", "b"]]);
  assert.deepEqual(list(await ours.column(2).read()), [5, 10, 17, 26]);
  // The event at 9 counts, in the last bin, [8, 9]; before 0 and after 9 there are no data rather than zeros.
  assert.deepEqual(list(await ours.column(5).read()), [36, 49, (0 + (64 + 81) / 2) / 2, 1]);
});

Deno.test("bins hold the mean of their samples, and without samples the one before", async () => {
  const tsd = new Tsd(range(20, 0.5), range(20));
  for (const options of [{}, PYNAPPLE]) {
    const average = await computeEventTriggeredAverage(tsd, new Ts([3.2]), 1, [2, 1], options);
    assert.deepEqual(list(await average.read()), [2.5, 4.5, 6.5, 8.5]);
    const fine = await computeEventTriggeredAverage(tsd, new Ts([3.2]), 0.25, 0.5, options);
    assert.deepEqual(list(await fine.read()), [5, 5, 6, 6, 7]);
  }
  const plain = await computeSpikeTriggeredAverage(tsd, new Ts([3200]), 1000, undefined, { unit: "ms" });
  assert.deepEqual([plain.shape, plain.times.length], [[1, 1], 1]);
});

Deno.test("lags stay within the window, where pynapple may add one", async () => {
  const tsd = new Tsd(range(100, 0.1), range(100));
  const [event, options] = [new Ts([5]), PYNAPPLE];
  const ours = await computeEventTriggeredAverage(tsd, event, 0.1, 1);
  assert.deepEqual([ours.length, ours.times[0], ours.times[20]], [21, -1, 1]);
  assert.equal((await computeEventTriggeredAverage(tsd, event, 0.1, 0.2)).length, 5);
  assert.equal((await computeEventTriggeredAverage(tsd, event, 0.1, 0.2, options)).length, 7);
  assert.equal((await computeEventTriggeredAverage(tsd, event, 0.3, 1)).length, 7);
  assert.equal((await computeEventTriggeredAverage(tsd, event, 0.3, 1, options)).length, 9);
});

Deno.test("windows end with epochs; short ones count, but not for pynapple", async () => {
  const tsd = new Tsd(range(10), range(10));
  const epochs = new IntervalSet([[0, 1.9], [4, 8]]);
  const events = new Ts([1, 3, 5]);
  const ours = await computeEventTriggeredAverage(tsd, events, 1, 2, { epochs });
  assert.deepEqual(list(await ours.read()), [NaN, (0 + 4) / 2, (1 + 5) / 2, 6, (7 + 8) / 2]);
  const theirs = await computeEventTriggeredAverage(tsd, events, 1, 2, { epochs, ...PYNAPPLE });
  assert.deepEqual(list(await theirs.read()), [0, 2, 2.5, 3, 3.5]);
});

Deno.test("NaN doesn't count, column by column; for pynapple it is 0 in all of them", async () => {
  const frame = new TsdFrame(range(4), [[1, 10], [NaN, 20], [3, 30], [4, 40]]);
  const events = new Ts([0, 1]);
  const ours = await computeEventTriggeredAverage(frame, events, 1, [0, 1]);
  assert.ok(ours instanceof TsdTensor);
  assert.deepEqual(ours.shape, [2, 1, 2]);
  // The last bin is [2, 3].
  assert.deepEqual(list(await ours.read()), [1, 15, 3.5, (20 + 35) / 2]);
  const theirs = await computeEventTriggeredAverage(frame, events, 1, [0, 1], PYNAPPLE);
  assert.deepEqual(list(await theirs.read()), [0.5, 5, 1.5, 15]);
});

Deno.test("of lazy data the rows in windows are read alone, block by block, once", async () => {
  const source = spy(counting(1000, 2), undefined, [3, 2]);
  const average = await computeEventTriggeredAverage(
    new TsdFrame(range(1000), source.lazy),
    new Ts([500, 501, 700]),
    1,
    [1, 2],
  );
  assert.deepEqual(source.rows(), [499, 500, 501, 502, 503, 699, 700, 701, 702]);
  assert.deepEqual(list(await average.read()).slice(0, 2), [1132, 1133]);
});

Deno.test("averages are those of the definition, lazily or not", async () => {
  const event = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(
      event,
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      async (given, before, after, size) => {
        const events = given.sort((a, b) => a - b);
        // Bins of `size` samples, or of a third of one; 96 samples of a second each.
        const bin = size > 9 ? 1 / 4 : size;
        const epochs = new IntervalSet([[0, 30], [40, 95]]);
        const values = range(96).map((i) => (i * 7919) % 101 === 3 ? NaN : (i * 7919) % 101);
        const binsOf = (from: number, to: number) =>
          range(Math.floor((to - from) / bin) + 2).map((i) => from + i * bin).filter((left) => left + bin / 2 <= to);
        const sums = new Array(before + after + 1).fill(0);
        const counts = new Array(before + after + 1).fill(0);
        for (const [from, to] of epochs) {
          const lefts = binsOf(from, to);
          const within = (i: number, time: number) =>
            time >= lefts[i]! &&
            (time < lefts[i]! + bin || (i === lefts.length - 1 && lefts[i]! + bin === to && time === to));
          const means = lefts.map((left, i) => {
            const inside = range(96).filter((time) => time >= from && time <= to && within(i, time));
            if (inside.length === 0) return values[Math.floor(left)]!;
            return inside.reduce((sum, time) => sum + values[time]!, 0) / inside.length;
          });
          for (const event of events.filter((event) => event >= from && event <= to)) {
            const place = lefts.findIndex((_, i) => within(i, event));
            if (place < 0) continue;
            for (let lag = -before; lag <= after; lag++) {
              const mean = means[place + lag];
              if (mean === undefined || Number.isNaN(mean)) continue;
              sums[lag + before] += mean;
              counts[lag + before]++;
            }
          }
        }
        const expected = sums.map((sum, i) => (sum / counts[i]).toFixed(9));
        const window = [before * bin, after * bin] as const;
        const chunked = spy(Float64Array.from(values), undefined, [7]);
        for (const data of [Float64Array.from(values), chunked.lazy]) {
          const average = await computeEventTriggeredAverage(new Tsd(range(96), data), new Ts(events), bin, window, {
            epochs,
          });
          assert.deepEqual(list(await average.read()).map((value) => value.toFixed(9)), expected);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** 2 MiB a row as float64, each all its own index, which makes blocks of eight rows; and how many were read at once. */
function wide(from: number, to: number, reads: number[]): LazyArray {
  const columns = 2 ** 18;
  return {
    shape: [to - from, columns],
    dtype: { kind: "int", itemsize: 1, byteOrder: "|" },
    chunkShape: null,
    read(selection) {
      const { start, stop } = (selection as [Slice])[0];
      const rows = stop! - start!;
      reads.push(rows);
      const data = new Int8Array(rows * columns);
      for (let row = 0; row < rows; row++) data.fill(from + start! + row, row * columns, (row + 1) * columns);
      return Promise.resolve(ndarray(data, [rows, columns]));
    },
    view: (selection) => wide(from + (selection as [Slice])[0].start!, from + (selection as [Slice])[0].stop!, reads),
  };
}

Deno.test("bins that reach over blocks, or hold the last row of the block before, are whole", async () => {
  const reads: number[] = [];
  const frame = new TsdFrame(range(40), wide(0, 40, reads));
  const expected: [number, number, number[]][] = [
    // The last bin is [36, 39].
    [3, 18, [...range(12, 3, 1), 37.5]],
    [0.5, 5, range(21).map((i) => Math.floor((31 + i) / 2))],
    [39, 0, [19.5]],
  ];
  for (const [bin, window, means] of expected) {
    const average = await computeEventTriggeredAverage(frame, new Ts([20.7]), bin, window);
    const { data } = await average.read([null, 0, slice(77, 78)]);
    assert.deepEqual([...data as Float64Array], means);
  }
  assert.deepEqual([reads.length, Math.max(...reads)], [5 + 2 + 5, 8]);
});

Deno.test("what isn't a signal, events, a window or regular is refused", async () => {
  const wrong = <T>(value: unknown) => value as T;
  const events = new Ts([1]);
  const cases: [Promise<unknown>, RegExp][] = [
    [computeEventTriggeredAverage(wrong<Tsd>(events), events, 1), /should be a continuous time series/],
    [computeEventTriggeredAverage(SQUARES, wrong<Ts>([1]), 1), /events should be a time series object/],
    [computeEventTriggeredAverage(SQUARES, events, 1, wrong<number>(null)), /tuple of 2 numbers or a single number/],
    [computeEventTriggeredAverage(SQUARES, events, 0), /at least a nanosecond/],
    [computeEventTriggeredAverage(SQUARES, events, 1, 1, wrong({ unit: "h" })), /unit of time/],
    [computeEventTriggeredAverage(SQUARES, events, 1, 1, wrong({ epochs: 1 })), /IntervalSet/],
    [computeEventTriggeredAverage(new Tsd([0, 1, 5], [0, 1, 2]), events, 1), /must be regularly sampled/],
  ];
  for (const [made, text] of cases) await assert.rejects(made, { message: text }, text.source);
});
