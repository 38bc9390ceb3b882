import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import {
  badChannels,
  bandpass,
  castTo,
  commonReference,
  decimate,
  findPeaks,
  fromDescription,
  highpass,
  interpolateBadChannels,
  notch,
  phaseShift,
  removeArtifacts,
  resample,
  rescale,
  standardize,
  welch,
  whiten,
  zscore,
} from "../../src/signal/mod.ts";
import { memoryArray } from "../../src/array/memory.ts";

const samples = ndarray(new Int16Array(200), [100, 2]);
const samplingRate = 1000;
const cast = <T>(value: unknown) => value as T;

/** That each call is refused with an error of a class, in words. */
function refused(calls: readonly (readonly [call: () => unknown, kind: ErrorConstructor, words: RegExp])[]): void {
  for (const [call, kind, words] of calls) {
    assert.throws(call, (error: unknown) => {
      assert.ok(error instanceof kind, `${call}: ${error}`);
      assert.match(error.message, words);
      assert.match(error.message, /^Cannot /);
      return true;
    }, String(call));
  }
}

Deno.test("a cut-off beyond half the rate, a band upside down, an order beyond reason are refused", () => {
  refused([
    [() => bandpass(samples, { low: 10, high: 500, samplingRate }), RangeError, /high 500 Hz.*0 and 500/],
    [() => highpass(samples, { cutoff: 0, samplingRate }), RangeError, /cutoff 0 Hz/],
    [() => highpass(samples, { cutoff: NaN, samplingRate }), RangeError, /cutoff NaN Hz/],
    [() => notch(samples, { frequency: 600, samplingRate }), RangeError, /600 Hz/],
    [() => notch(samples, { frequency: 60, quality: 0, samplingRate }), RangeError, /quality of 0/],
    [() => bandpass(samples, { low: 30, high: 20, samplingRate }), RangeError, /low must lie below high/],
    [() => highpass(samples, { cutoff: 10, order: 33, samplingRate }), RangeError, /order of 33/],
    [() => highpass(samples, { cutoff: 10, tolerance: 0, samplingRate }), RangeError, /tolerance/],
    [() => highpass(samples, { cutoff: 10, edge: cast("wrap"), samplingRate }), TypeError, /edge "wrap"/],
    [() => highpass(samples, { cutoff: 10 }), TypeError, /without a sampling rate/],
    [() => highpass(samples, { cutoff: 10, samplingRate: -1 }), RangeError, /sampling rate of -1/],
    [() => highpass(samples, cast({ cutof: 10, samplingRate })), TypeError, /"cutof".*"cutoff"/],
    [() => highpass(samples, cast({ samplingRate })), TypeError, /without cutoff/],
  ]);
});

Deno.test("too few samples to filter both ways are refused, with the ways out; none are read as none", async () => {
  const few = ndarray(new Float64Array(27), [27, 1]);
  refused([
    [
      () => bandpass(few, { low: 10, high: 100, samplingRate }),
      RangeError,
      /27 samples both ways.*more than 27; give causal, or edge: "zero"/,
    ],
  ]);
  const options = { low: 10, high: 100, samplingRate };
  assert.equal((await bandpass(few, { ...options, edge: "zero" }).read()).data.length, 27);
  assert.equal((await bandpass(few, { ...options, causal: true }).read()).data.length, 27);
  const none = ndarray(new Float64Array(0), [0, 2]);
  assert.deepEqual((await bandpass(none, options).read()).shape, [0, 2]);
  assert.deepEqual((await resample(none, { up: 2, down: 3 }).read()).shape, [0, 2]);
  assert.deepEqual((await commonReference(none).read()).shape, [0, 2]);
});

Deno.test("what isn't samples of channels is refused", () => {
  refused([
    [() => commonReference(ndarray(new Float64Array(8), [2, 2, 2])), Error, /shape \[2, 2, 2\]/],
    [
      () => commonReference(memoryArray(cast({ data: ["a"], shape: [1], stride: [1], dtype: { kind: "string" } }))),
      Error,
      /string/,
    ],
  ]);
});

Deno.test("options that make no sense are refused by name and value", () => {
  refused([
    [() => commonReference(samples, { method: cast("mode") }), TypeError, /method "mode"/],
    [() => commonReference(samples, { groups: [[0], [0]] }), RangeError, /channel 0 twice/],
    [() => commonReference(samples, { groups: [[2]] }), RangeError, /channel 2, there are 2/],
    [() => commonReference(samples, { groups: [[]] }), RangeError, /empty/],
    [() => commonReference(samples, { groups: [[0]], from: [1] }), TypeError, /groups and from/],
    [() => commonReference(samples, { positions: [[0, 0], [0, 500]] }), RangeError, /channel 0: no channel/],
    [() => commonReference(samples, { positions: [[0, 0]] }), RangeError, /1 positions/],
    [() => commonReference(samples, { innerRadius: 4 }), TypeError, /without positions/],
    [() => rescale(samples, { gain: [1, 2, 3] }), RangeError, /3 values of gain: there are 2 channels/],
    [() => rescale(samples, { gain: NaN }), RangeError, /gain NaN/],
    [() => castTo(samples, { dtype: cast("int64") }), TypeError, /"int64"/],
    [() => phaseShift(samples, { shifts: [0, 3] }), RangeError, /channel 1 by 3 samples/],
    [() => resample(samples, { rate: 0, samplingRate }), RangeError, /0 Hz/],
    [
      () => resample(samples, { rate: Math.PI, samplingRate }),
      RangeError,
      /whole numbers up to 10000; give up and down/,
    ],
    [() => resample(samples, { rate: 500 }), TypeError, /without a sampling rate/],
    [() => resample(samples, { up: 1.5, down: 1 }), RangeError, /up 1.5/],
    [() => resample(samples, cast({})), TypeError, /without up/],
    [() => decimate(samples, { factor: 0 }), RangeError, /by 0/],
    [() => removeArtifacts(samples, { times: [1], samplingRate }), RangeError, /at 1 s: the recording has 0.1 s/],
    [() => removeArtifacts(samples, { times: [0], before: -1, samplingRate }), RangeError, /before -1 ms/],
    [() => interpolateBadChannels(samples, { channels: [5], positions: [[0], [1]] }), RangeError, /channel 5/],
    [() => zscore(samples, { center: [0, 0] }), TypeError, /give both, or none/],
    [() => zscore(samples, { samples: 0.5 }), RangeError, /0.5 samples/],
    [() => standardize(samples), TypeError, /without a sampling rate/],
    [() => standardize(samples, { sd: [1] }), RangeError, /1 values of sd/],
    [() => whiten(samples, { eps: -1 }), RangeError, /eps of -1/],
    [() => whiten(samples, { matrix: [[1]] }), RangeError, /2 rows of 2/],
    [() => findPeaks([1], { distance: 0 }), RangeError, /distance of 0/],
    [() => findPeaks([1], { height: cast("high") }), TypeError, /height high/],
  ]);
});

Deno.test("what needs a fit isn't read before", async () => {
  for (const array of [zscore(samples), whiten(samples), standardize(samples, { samplingRate })]) {
    await assert.rejects(array.read(), /await array.fit\(\) first, or give it as options/);
    await assert.rejects(array.walk(10).next(), /fit/);
  }
  await assert.rejects(whiten(samples, { eps: 0 }).fit(), /don't vary; give an eps above 0/);
  const none = ndarray(new Float64Array(0), [0, 2]);
  await assert.rejects(zscore(none).fit(), /no samples/);
  await assert.rejects(whiten(none).fit(), /no samples/);
});

Deno.test("spectra and bad channels of nothing are refused", async () => {
  const none = ndarray(new Float64Array(0), [0, 2]);
  await assert.rejects(welch(none, { samplingRate }), /no samples/);
  await assert.rejects(welch(samples, { samplingRate, segment: 10, overlap: 10 }), /can't share 10/);
  await assert.rejects(welch(samples, { samplingRate, window: cast("tukey") }), /window "tukey"/);
  await assert.rejects(badChannels(none, { samplingRate }), /no samples/);
  await assert.rejects(badChannels(samples, { samplingRate, neighbors: 4 }), /odd number/);
});

Deno.test("a description of an unknown name, or with unknown options, is refused", () => {
  const input = memoryArray(samples);
  refused([
    [() => fromDescription(input, [{ name: "bandstop", options: {} }]), TypeError, /"bandstop": known are bandpass/],
    [() => fromDescription(input, cast({})), TypeError, /expected a list/],
    [() => fromDescription(input, cast([null])), TypeError, /undefined/],
    [() => fromDescription(input, cast([{ name: "zscore", options: [] }])), TypeError, /zscore/],
    [() => fromDescription(input, [{ name: "rescale", options: { gian: 2 } }]), TypeError, /"gian".*"gain"/],
  ]);
});

Deno.test("a walk in blocks of no rows is refused", () => {
  const array = commonReference(samples);
  refused([[() => array.walk(0), RangeError, /blocks of 0 rows/], [
    () => array.walk(1.5),
    RangeError,
    /blocks of 1.5/,
  ]]);
});
