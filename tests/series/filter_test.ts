import assert from "node:assert/strict";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { bandpass, findPeaks, highpass, lowpass, notch, welch } from "../../src/signal/mod.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";

const RATE = 100;
const wave = (i: number) => Math.sin(i / 3) + Math.sin(i / 20) + (i * i % 7) / 5;
const times = Float64Array.from({ length: 600 }, (_, i) => i / RATE);
const values = Float64Array.from(times, (_, i) => wave(i));
const epochs = new IntervalSet([0.5, 3], [1.99, 5.5]);

Deno.test("each filter runs within each epoch by itself, as on an array of it", async () => {
  const tsd = new Tsd(times, values, { timeSupport: epochs });
  const parts = [values.slice(50, 200), values.slice(300, 551)].map((part) => ndarray(part));
  const options = { samplingRate: RATE };
  const ways = [
    [await tsd.bandpass({ low: 5, high: 20 }), parts.map((part) => bandpass(part, { low: 5, high: 20, ...options }))],
    [
      await tsd.highpass({ cutoff: 5, order: 2 }),
      parts.map((part) => highpass(part, { cutoff: 5, order: 2, ...options })),
    ],
    [
      await tsd.lowpass({ cutoff: 5, causal: true }),
      parts.map((part) => lowpass(part, { cutoff: 5, causal: true, ...options })),
    ],
    [
      await tsd.notch({ frequency: 10, quality: 3, edge: "zero" }),
      parts.map((part) => notch(part, { frequency: 10, quality: 3, edge: "zero", ...options })),
    ],
  ] as const;
  for (const [found, wanted] of ways) {
    const lists = await Promise.all(wanted.map(async (array) => [...(await array.read()).data]));
    assert.ok(found instanceof Tsd);
    assert.deepEqual([...(await found.read()).data as Float64Array], lists.flat());
    assert.deepEqual(found.times, tsd.times);
    assert.deepEqual(found.timeSupport.start, epochs.start);
  }
});

Deno.test("frames keep their columns, tensors their shape, and lazy values are read", async () => {
  const table = ndarray(Float32Array.from({ length: 1200 }, (_, i) => wave(i)), [300, 4]);
  const frame = new TsdFrame(times.subarray(0, 300), memoryArray(table), { columns: ["a", "b", "c", "d"] });
  const filtered = await frame.bandpass({ low: 5, high: 20 });
  assert.deepEqual([filtered.columns, filtered.shape, filtered.isLazy], [["a", "b", "c", "d"], [300, 4], false]);
  const tensor = new TsdTensor(times.subarray(0, 300), ndarray(table.data, [300, 2, 2]));
  const same = await tensor.bandpass({ low: 5, high: 20 });
  assert.deepEqual(same.shape, [300, 2, 2]);
  assert.deepEqual((await same.read()).data, (await filtered.read()).data);
});

Deno.test("the rate is that of the times, or the one given; pynapple's is by the time support", async () => {
  const tsd = new Tsd(times, values);
  const by = async (options: object) => (await (await tsd.highpass({ cutoff: 5, ...options })).read()).data;
  const own = await by({});
  assert.deepEqual(await by({ compatible: "pynapple" }), await by({ samplingRate: tsd.rate }));
  const given = await by({ samplingRate: RATE }) as Float64Array;
  (own as Float64Array).forEach((value, i) => assert.ok(Math.abs(value - given[i]!) < 1e-9));
});

Deno.test("NaN, epochs that are too short, and no samples are refused", async () => {
  const odd = new Tsd(times, values.map((value, i) => i === 7 ? NaN : value));
  await assert.rejects(odd.bandpass({ low: 5, high: 20 }), /row 7 has a NaN; dropna\(\)/);
  const short = new Tsd(times, values, { timeSupport: new IntervalSet([0, 3], [0.1, 5]) });
  await assert.rejects(short.bandpass({ low: 5, high: 20 }), /11 samples both ways/);
  await assert.rejects(new Tsd([1], [1]).bandpass({ low: 5, high: 20 }), /1 samples without a samplingRate/);
  await assert.rejects(short.bandpass({ low: 5, high: 20, cutoff: 3 } as never), /"cutoff"/);
});

Deno.test("a spectrum is Welch's of one epoch", async () => {
  const tsd = new Tsd(times, values);
  const found = await tsd.computePowerSpectralDensity({
    epochs: new IntervalSet(0.5, 5),
    segment: 64,
    samplingRate: RATE,
  });
  assert.deepEqual(found, await welch(ndarray(values.slice(50, 501)), { samplingRate: RATE, segment: 64 }));
  await assert.rejects(tsd.computePowerSpectralDensity({ epochs }), /over 2 epochs/);
});

Deno.test("peaks are found within each epoch, with their times", async () => {
  const tsd = new Tsd(times, values);
  const { peaks, found } = await tsd.findPeaks({ epochs, height: 1, prominence: 0.5 });
  const parts = [[50, 200], [300, 551]].map(([from, to]) =>
    findPeaks(values.subarray(from, to), { height: 1, prominence: 0.5 })
  );
  const wanted = [...parts[0]!.peaks, ...Array.from(parts[1]!.peaks, (row) => row + 150)];
  assert.deepEqual([...found.peaks], wanted);
  assert.deepEqual([...found.leftBases!], [
    ...parts[0]!.leftBases!,
    ...Array.from(parts[1]!.leftBases!, (row) => row + 150),
  ]);
  assert.deepEqual([...found.prominences!], parts.flatMap(({ prominences }) => [...prominences!]));
  assert.deepEqual(
    [...peaks.times],
    [...parts[0]!.peaks, ...parts[1]!.peaks].map((row, i) => times[row + (i < parts[0]!.peaks.length ? 50 : 300)]!),
  );
  assert.deepEqual([...(await peaks.read()).data as Float64Array], [...found.heights!]);
});
