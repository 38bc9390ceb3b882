import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import {
  badChannels,
  bandpass,
  castTo,
  commonReference,
  interpolateBadChannels,
  removeArtifacts,
  rescale,
  standardize,
  welch,
  whiten,
  zscore,
} from "../../src/signal/mod.ts";
import { randomOf } from "./transforms.ts";

/** The facts' signal. */
const X = Float64Array.from({ length: 60 }, (_, n) => 100 * Math.sin(0.3 * n) + 50);
const BAND = { low: 300, samplingRate: 30_000, order: 3 };

function near(found: ArrayLike<number>, wanted: readonly number[], off = 1e-9): void {
  wanted.forEach((value, i) => assert.ok(Math.abs(value - found[i]!) <= off * 100, `${found[i]}, expected ${value}`));
}

Deno.test("YASS's own filter gives SciPy's numbers: causal, of float64 and int16, and both ways", async () => {
  const causal = (await bandpass(ndarray(X), { ...BAND, high: 3000, causal: true }).read()).data;
  near(causal.slice(0, 5), [
    0.6910036941895982,
    4.404422438108558,
    13.80904301226805,
    29.35392907313478,
    48.734398546100714,
  ]);
  near(causal.slice(-3), [-67.43491927132344, -84.18503995538502, -92.95636717398267]);
  const integers = ndarray(Int16Array.from(X, Math.round));
  const rounded = (await bandpass(integers, { ...BAND, high: 3000, causal: true, dtype: "float64" }).read()).data;
  near(rounded, [0.6910036941895982, 4.410613545600999, 13.83223858210983]);
  const bothWays = (await bandpass(ndarray(X), { ...BAND, high: 3000 }).read()).data;
  near(bothWays, [-20.649792820083974, 8.13300456785504, 34.310737881253424]);
  near(bothWays.slice(-3), [18.438792498365558, 22.346198381054748, 29.665943009291617]);
  const wide = (await bandpass(ndarray(X), { ...BAND, high: 13_500, causal: true }).read()).data;
  near(wide, [34.21749109177536, 71.60468451304565, 79.19255612694002]);
});

Deno.test("standardize gives YASS's numbers, in its first form", async () => {
  const sdOf = async (values: Float64Array, samplingRate: number) => {
    const fitted = await standardize(ndarray(values), { samplingRate }).fit();
    return { sd: (fitted.describe()[0]!.options.sd as number[])[0]!, data: (await fitted.read()).data };
  };
  const seed = await sdOf(X, 30_000);
  near([seed.sd], [84.60909559085106], 1e-14);
  near(seed.data, [0.5909530133945385, 0.9402301266855294, 1.258307355681222], 1e-15);
  const range = (from: number, to: number) => Float64Array.from({ length: to - from }, (_, i) => from + i);
  near([(await sdOf(range(-50, 50), 4)).sd], [7.412898443291327], 1e-14);
  near([(await sdOf(range(-50, 51), 4.2)).sd], [7.412898443291327], 1e-14);
});

Deno.test("standardize in its last form takes the mean off, and makes dead channels zero", async () => {
  const samples = ndarray(Float64Array.of(1, 5, 3, 5.01, 8, 5), [3, 2]);
  const fitted = await standardize(samples, { samplingRate: 100, form: "centered" }).fit();
  const options = fitted.describe()[0]!.options as { sd: number[]; center: number[] };
  assert.deepEqual(options.center, [4, 15.01 / 3]);
  near(options.sd, [3 / 0.6745], 1e-15);
  near((await fitted.read()).data, [-3 * 0.6745 / 3, 0, -0.6745 / 3, 0, 4 * 0.6745 / 3, 0], 1e-15);
});

Deno.test("standardize's first form doesn't guard against a spread of zero, as YASS doesn't", async () => {
  const fitted = await standardize(ndarray(new Float64Array(9)), { samplingRate: 1 }).fit();
  assert.ok((await fitted.read()).data.every(Number.isNaN));
  const again = JSON.parse(JSON.stringify(fitted.describe()[0]!.options));
  assert.ok((await standardize(ndarray(Float64Array.of(1)), again).read()).data[0]! > 0);
});

Deno.test("zscore: mean and deviation are NumPy's, far from zero too; a channel that stays is zero", async () => {
  const samples = ndarray(Float64Array.of(1e9 + 1, 7, 1e9 + 2, 7, 1e9 + 3, 7, 1e9 + 4, 7), [4, 2]);
  const { data } = await (await zscore(samples).fit()).read();
  near(data, [-1.5, 0, -0.5, 0, 0.5, 0, 1.5, 0].map((value) => value / Math.sqrt(1.25)), 1e-9);
  const robust = await zscore(ndarray(Float64Array.of(1, 2, 3, 4, 100)), { method: "median+mad" }).fit();
  near((await robust.read()).data, [-2, -1, 0, 1, 97].map((value) => value / 1.4826022185056018), 1e-14);
});

Deno.test("castTo rounds ties to even and clips, of every type; floats become floats", async () => {
  const values = Float64Array.of(-1e12, -129, -128.5, -1.5, -0.5, 0.5, 1.5, 2.5, 254.5, 255.6, 1e12, Infinity);
  const cast = async (
    dtype: Parameters<typeof castTo>[1]["dtype"],
  ) => [...(await castTo(ndarray(values), { dtype }).read()).data];
  assert.deepEqual(await cast("int8"), [-128, -128, -128, -2, 0, 0, 2, 2, 127, 127, 127, 127]);
  assert.deepEqual(await cast("uint8"), [0, 0, 0, 0, 0, 0, 2, 2, 254, 255, 255, 255]);
  assert.deepEqual(await cast("int16"), [-32768, -129, -128, -2, 0, 0, 2, 2, 254, 256, 32767, 32767]);
  assert.deepEqual((await cast("uint16")).slice(-3), [256, 65535, 65535]);
  assert.deepEqual((await cast("int32")).slice(-2), [2 ** 31 - 1, 2 ** 31 - 1]);
  assert.deepEqual((await cast("uint32")).slice(-2), [2 ** 32 - 1, 2 ** 32 - 1]);
  assert.deepEqual(await cast("float64"), [...values]);
  const wide = castTo(ndarray(BigInt64Array.of(2n ** 60n, -5n, 70_000n)), { dtype: "int16" });
  assert.deepEqual([...(await wide.read()).data], [32767, -5, 32767]);
});

Deno.test("NaN: castTo refuses it with its place, or makes it zero; a filter and a reference spread it", async () => {
  const samples = ndarray(Float32Array.of(1, 2, 3, NaN, 5, 6), [3, 2]);
  const cast = castTo(samples, { dtype: "int16" });
  await assert.rejects(cast.read(), /sample 1 of channel 1 is NaN/);
  await assert.rejects(cast.read([{ start: 1, stop: 2, step: 1 }, [1]]), /sample 1 of channel 1 is NaN/);
  const zero = await castTo(samples, { dtype: "int16", nan: "zero" }).read();
  assert.deepEqual([...zero.data], [1, 2, 3, 0, 5, 6]);
  const referenced = await commonReference(samples).read();
  assert.deepEqual([...referenced.data].map(Number.isNaN), [false, false, true, true, false, false]);
  const filtered = await bandpass(samples, { low: 10, high: 20, samplingRate: 100, causal: true }).read();
  assert.deepEqual([...filtered.data].map(Number.isNaN), [false, false, false, true, false, true]);
  await assert.rejects(zscore(samples).fit(), /channel 1: there are values that aren't finite/);
  await assert.rejects(whiten(samples).fit(), /values that aren't finite/);
  const repaired = interpolateBadChannels(samples, { channels: [1], positions: [[0, 0], [0, 10]] });
  assert.deepEqual([...(await repaired.read()).data], [1, 1, 3, 3, 5, 5]);
});

Deno.test("rescale multiplies and adds in float64, and rounds once", async () => {
  const scaled = rescale(ndarray(Int32Array.of(16_777_217, 3), [1, 2]), { gain: [2, 0.1], offset: [-33_554_433, 1] });
  assert.deepEqual([...(await scaled.read()).data], [1, Math.fround(3 * 0.1 + 1)]);
});

Deno.test("artifacts: windows of truncated milliseconds, lines between samples, splines, held ends", async () => {
  const samples = ndarray(Float64Array.from({ length: 40 }, (_, i) => i * i));
  const at = (options: object) =>
    removeArtifacts(samples, { times: [0.01], samplingRate: 1000, ...options } as never).read();
  const zeros = (await at({ before: 2, after: 3 })).data;
  assert.deepEqual(Array.from(zeros.keys()).filter((i) => zeros[i] === 0), [0, 8, 9, 10, 11, 12]);
  const linear = (await at({ before: 2, after: 3, mode: "linear" })).data;
  near(linear.slice(7, 14), [49, 69, 89, 109, 129, 149, 169], 1e-14);
  const cubic = (await at({ before: 2, after: 3, mode: "cubic" })).data;
  assert.ok(cubic.every((value, i) => Math.abs(value - i * i) < 3), "a spline follows a parabola");
  const start = (await at({ times: [0], before: 0, after: 4, mode: "linear" })).data;
  assert.deepEqual([...start.slice(0, 6)], [16, 16, 16, 16, 16, 25]);
});

Deno.test("bad channels: dead, noisy and outside ones are told from good ones", async () => {
  const [rate, rows, channels] = [30_000, 30_000, 40];
  const random = randomOf(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const data = new Float32Array(rows * channels);
  let slow = 0;
  for (let row = 0; row < rows; row++) {
    slow = 0.7 * slow + 8 * normal();
    for (let channel = 0; channel < channels; channel++) {
      const shared = channel === 12 ? 0 : channel >= 36 ? 0.02 * slow : slow;
      data[row * channels + channel] = shared + normal() * (channel === 20 ? 40 : 0.5);
    }
  }
  const wanted = Array.from(
    { length: channels },
    (_, i) => i === 12 ? "dead" : i === 20 ? "noise" : i >= 36 ? "out" : "good",
  );
  const samples = ndarray(data, [rows, channels]);
  const positions = wanted.map((_, i) => [0, 10 * i]);
  assert.deepEqual(await badChannels(samples, { samplingRate: rate, positions, chunks: 3 }), wanted);
  // Upside down the run at the other end is what is outside.
  const turned = positions.map(([x, y]) => [x!, -y!]);
  const upside = await badChannels(samples, { samplingRate: rate, positions: turned, chunks: 3, outside: "bottom" });
  assert.deepEqual(upside, wanted);
  const noisy = await badChannels(samples, { samplingRate: rate, method: "mad", deviation: 3, chunks: 3 });
  assert.deepEqual(noisy.flatMap((label, i) => label === "noise" ? [i] : []), [20]);
});

Deno.test("a whole spectrum's power is the variance", async () => {
  const random = randomOf(3);
  const samples = Float64Array.from({ length: 4096 }, () => random() - 0.5);
  const { frequencies, power } = await welch(ndarray(samples), {
    samplingRate: 100,
    window: "boxcar",
    detrend: "none",
    segment: 4096,
  });
  const total = power.data.reduce((sum, value) => sum + value, 0) * frequencies[1]!;
  const square = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  assert.ok(Math.abs(total / square - 1) < 1e-12);
});
