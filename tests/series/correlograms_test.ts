import assert from "node:assert/strict";
import fc from "fast-check";
import {
  computeAutoCorrelogram,
  computeCrossCorrelogram,
  computeEventCorrelogram,
} from "../../src/series/analysis/correlograms.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { LimitError } from "../../src/source/errors.ts";
import { list, range } from "./support.ts";

const RAW = { norm: false } as const;
const PYNAPPLE = { compatible: "pynapple" } as const;

Deno.test("an autocorrelogram doesn't count spikes with themselves; pynapple empties the bin at 0", () => {
  const group = new TsGroup(new Map([[4, new Ts([0, 0.1, 5])]]));
  const ours = computeAutoCorrelogram(group, 1, 2, RAW);
  assert.deepEqual([ours.dims, ours.data.shape], [["unit", "lag"], [1, 5]]);
  assert.deepEqual(ours.coords, { unit: [4], lag: Float64Array.of(-2, -1, 0, 1, 2) });
  assert.deepEqual(list(ours.data), [0, 0, 2 / 3, 0, 0]);
  assert.deepEqual(list(computeAutoCorrelogram(group, 1, 2, { ...RAW, ...PYNAPPLE }).data), [0, 0, 0, 0, 0]);
});

Deno.test("correlograms are relative to chance: the rate of the spikes that are counted", () => {
  const group = new TsGroup([new Ts([0, 10, 20, 30]), new Ts([1, 11, 21, 31, 32])], {
    timeSupport: new IntervalSet(0, 40),
  });
  const cross = computeCrossCorrelogram(group, 1, 1);
  assert.deepEqual([cross.dims, cross.coords["pair"]], [["pair", "lag"], [[0, 1]]]);
  assert.deepEqual(list(cross.data), [0, 0, 1 / (5 / 40)]);
  const reverse = computeCrossCorrelogram(group, 1, 1, { reverse: true });
  assert.deepEqual(reverse.coords["pair"], [[1, 0]]);
  assert.deepEqual(list(reverse.data), [0.8 / 0.1, 0, 0]);
  assert.deepEqual(list(computeAutoCorrelogram(group, 1, 1).data), [0, 0, 0, 0.2 / 0.125, 0, 0.2 / 0.125]);
  const epochs = new IntervalSet(0, 20);
  assert.deepEqual(list(computeCrossCorrelogram(group, 1, 1, { epochs, ...RAW }).data), [0, 0, 2 / 3]);
});

Deno.test("of two groups each unit of the first is reference for each of the second", () => {
  const group = new TsGroup([new Ts([0, 1]), new Ts([0, 2])]);
  const other = new TsGroup(new Map([[7, new Ts([0, 2])]]));
  const cross = computeCrossCorrelogram([group, other], 1, 1, RAW);
  assert.deepEqual(cross.coords["pair"], [[0, 7], [1, 7]]);
  assert.deepEqual(list(cross.data), [0.5, 0.5, 0.5, 0, 1, 0]);
});

Deno.test("an event correlogram counts spikes around events, by default in their time support", () => {
  const group = new TsGroup([new Ts([1, 11, 21, 40])]);
  const events = new Ts([0, 10, 22]);
  assert.deepEqual(list(computeEventCorrelogram(group, events, 1, 1, RAW).data), [1 / 3, 0, 2 / 3]);
  assert.deepEqual(list(computeEventCorrelogram(group, events, 1, 1).data), [1 / 3, 0, 2 / 3].map((x) => x / (3 / 22)));
  const epochs = new IntervalSet(0, 15);
  assert.deepEqual(list(computeEventCorrelogram(group, events, 1, 1, { epochs, ...RAW }).data), [0, 0, 1]);
});

Deno.test("bins and window may be in milliseconds, and binary fractions lose no bin", () => {
  const group = new TsGroup([new Ts([0, 0.1, 0.5])]);
  const ours = computeAutoCorrelogram(group, 100, 500, { unit: "ms", ...RAW });
  assert.deepEqual(ours.coords["lag"], Float64Array.from(range(11), (i) => (i - 5) / 10));
  assert.deepEqual(list(ours.data).map((rate) => Math.round(rate * 0.3)), [1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1]);
  const theirs = computeAutoCorrelogram(group, 100, 500, { unit: "ms", ...RAW, ...PYNAPPLE });
  assert.equal(theirs.coords["lag"]!.length, 9);
});

Deno.test("lags are counted as the definition says, in whole nanoseconds, for random times and bins", () => {
  const times = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 })
    .map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(
      times,
      times,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 60 }),
      (a, b, size, window) => {
        const timeSupport = new IntervalSet(0, 0.4);
        const group = (list: number[]) => new TsGroup([new Ts(list, { unit: "ms" })], { timeSupport });
        const found = computeCrossCorrelogram([group(a), group(b)], size, window, { unit: "ms", ...RAW });
        const bins = Math.floor(2 * window / size) + (Math.floor(2 * window / size) % 2 === 0 ? 1 : 0);
        const counts = new Array(bins).fill(0);
        for (const reference of a) {
          for (const target of b) {
            const bin = Math.floor((2 * (target - reference) + bins * size) / (2 * size));
            if (bin >= 0 && bin < bins) counts[bin]++;
          }
        }
        assert.deepEqual(list(found.data).map((rate) => Math.round(rate * a.length * size / 1000)), counts);
        const lags = range(bins).map((i) => (i - (bins - 1) / 2) * size);
        assert.deepEqual([...found.coords["lag"] as Float64Array].map((lag) => Math.round(lag * 1e3) + 0), lags);
      },
    ),
  );
});

Deno.test("what isn't a group, events, bins or a window is refused", () => {
  const wrong = <T>(value: unknown) => value as T;
  const group = new TsGroup([new Ts([0, 1])]);
  const cases: [() => unknown, RegExp][] = [
    [() => computeAutoCorrelogram(wrong(new Ts([1])), 1, 1), /group must be a TsGroup/],
    [() => computeCrossCorrelogram(wrong([group]), 1, 1), /a list of two/],
    [() => computeCrossCorrelogram(wrong([group, 1]), 1, 1), /group must be a TsGroup/],
    [() => computeEventCorrelogram(group, wrong([1]), 1, 1), /event must be a Ts or Tsd/],
    [() => computeAutoCorrelogram(group, 0, 1), /at least a nanosecond/],
    [() => computeAutoCorrelogram(group, wrong("1"), 1), /bin size/],
    [() => computeAutoCorrelogram(group, 1, -1), /no less than 0/],
    [() => computeAutoCorrelogram(group, 1, 1, wrong({ epochs: [0, 1] })), /IntervalSet/],
  ];
  for (const [call, text] of cases) assert.throws(call, { message: text }, text.source);
  assert.throws(() => computeAutoCorrelogram(group, 1e-9, 1), LimitError);
});
