import assert from "node:assert/strict";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { AnalogSignal } from "../../src/recording/objects/analog_signal.ts";
import { AnalogSignalProxy } from "../../src/recording/objects/analog_signal_proxy.ts";
import type { SignalChannel } from "../../src/recording/header.ts";
import { bandpass, commonReference } from "../../src/signal/mod.ts";

const COUNT = 2000;
const raw = ndarray(Int16Array.from({ length: 3 * COUNT }, (_, i) => 900 * Math.sin(i / 7) + 300 * Math.sin(i * i)), [
  COUNT,
  3,
]);
const channels = [0, 1, 2].map((i) => ({
  name: `c${i}`,
  id: String(i),
  gain: 0.195 * (i + 1),
  offset: 2,
  units: "uV",
}));
const facts = {
  name: "probe",
  units: "uV",
  samplingRate: 1000,
  tStart: 3.5,
  annotations: { by: "me" },
  arrayAnnotations: { channelNames: ["c0", "c1", "c2"], channelIds: ["0", "1", "2"] },
};
const proxy = new AnalogSignalProxy({
  ...facts,
  timestamps: null,
  raw: memoryArray(raw),
  channels: channels as unknown as SignalChannel[],
  maxReadBytes: 2 ** 30,
});

Deno.test("a proxy filters to a proxy that reads physical values, and keeps unit, begin, rate and names", async () => {
  const filtered = proxy.highpass({ cutoff: 5, causal: true }).bandpass({ low: 40, high: 200 }).commonReference();
  assert.ok(filtered instanceof AnalogSignalProxy);
  assert.equal(
    String(filtered),
    'AnalogSignalProxy "probe": 2000 samples of 3 channels in uV at 1000 Hz, 3.5 s to 5.5 s',
  );
  assert.deepEqual([filtered.annotations, filtered.channelNames], [{ by: "me" }, ["c0", "c1", "c2"]]);
  const once = bandpass(await proxy.highpass({ cutoff: 5, causal: true }).read(), {
    low: 40,
    high: 200,
    samplingRate: 1000,
  });
  const wanted = await commonReference(await once.read()).read();
  assert.deepEqual((await filtered.read()).data, wanted.data);
  const part = await filtered.load({ timeSlice: ["4 s", "4.1 s"], channelIndexes: [2] });
  assert.deepEqual([part.shape, part.tStart, part.units], [[100, 1], 4, "uV"]);
  const found = part.magnitude.data as Float32Array;
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted.data[(500 + i) * 3 + 2]!) < 1e-3));
  assert.deepEqual(filtered.pickChannels({ channelIndexes: [1] }).shape, [2000, 1]);
});

Deno.test("a signal in memory filters to one in memory", async () => {
  const eager = await proxy.load();
  const filtered = await eager.notch({ frequency: 50 });
  assert.ok(filtered instanceof AnalogSignal);
  assert.deepEqual([filtered.units, filtered.tStart, filtered.samplingRate], ["uV", 3.5, 1000]);
  assert.deepEqual(filtered.magnitude.data, (await proxy.notch({ frequency: 50 }).read()).data);
  assert.deepEqual((await eager.lowpass({ cutoff: 30 })).shape, [2000, 3]);
});

Deno.test("resampling changes rate and length, not when it begins and ends", async () => {
  const fewer = proxy.resample({ rate: 400 });
  assert.deepEqual([fewer.shape, fewer.samplingRate, fewer.tStart, fewer.tStop], [[800, 3], 400, 3.5, 5.5]);
  const eager = await (await proxy.load()).resample({ up: 2, down: 5 });
  assert.deepEqual(eager.magnitude.data, (await fewer.read()).data);
  assert.equal(eager.samplingRate, 400);
});

Deno.test("a cut-off that the signal's rate doesn't allow is refused", () => {
  assert.throws(() => proxy.bandpass({ low: 1, high: 500 }), /0 and 500 Hz/);
});
