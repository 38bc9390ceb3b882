import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import {
  bandpass,
  butterworthSections,
  commonReference,
  decimate,
  findPeaks,
  highpass,
  lowpass,
  notch,
  phaseShift,
  resample,
  type TransformedArray,
  welch,
  whiten,
} from "../../src/signal/mod.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { naturalSpline } from "../../src/signal/repair/natural_spline.ts";
import { findNwbPython } from "./python.ts";
import { randomOf } from "./temporal_steps.ts";

const PYTHON = findNwbPython();
const without = PYTHON === null ? " (skipped: no Python with SciPy; see tests/interop/python.ts)" : "";
const random = randomOf(20261130);

type Case = { readonly what: string; readonly [field: string]: unknown };

/** What SciPy makes of the cases. */
function scipy<T = number[]>(cases: readonly Case[]): T[] {
  const script = fileURLToPath(new URL("./signal_peer.py", import.meta.url));
  const text = execFileSync(PYTHON!, [script], { input: JSON.stringify(cases), maxBuffer: 2 ** 28 });
  return JSON.parse(new TextDecoder().decode(text));
}

function noise(rows: number, channels = 1): Float64Array {
  return Float64Array.from({ length: rows * channels }, () => 200 * random() - 100);
}

function samples(x: Float64Array, channels: number): NDArray {
  return ndarray(x, [x.length / channels, channels]);
}

/** That numbers differ by a part of the largest at most. */
function near(found: ArrayLike<number>, wanted: readonly number[], part: number, what: string): void {
  assert.equal(found.length, wanted.length, what);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  assert.ok(off <= part * largest, `${what}: off by ${off / largest} of the largest`);
}

async function dataOf(array: TransformedArray): Promise<Float64Array> {
  return (await array.read()).data as Float64Array;
}

const FILTERS = [
  { type: "bandpass", cutoff: [300, 6000] },
  { type: "bandpass", cutoff: [1, 14_000] },
  { type: "highpass", cutoff: [300] },
  { type: "highpass", cutoff: [14_500] },
  { type: "lowpass", cutoff: [5] },
  { type: "lowpass", cutoff: [6000] },
] as const;
const RATE = 30_000;

function filtered(x: Float64Array, channels: number, type: string, cutoff: readonly number[], more: object) {
  const input = samples(x, channels);
  const options = { samplingRate: RATE, ...more };
  if (type === "bandpass") return bandpass(input, { low: cutoff[0]!, high: cutoff[1]!, ...options });
  return (type === "lowpass" ? lowpass : highpass)(input, { cutoff: cutoff[0]!, ...options });
}

Deno.test({
  name: `Butterworth sections of all types and orders are SciPy's${without}`,
  ignore: PYTHON === null,
  fn() {
    const designs = FILTERS.flatMap(({ type, cutoff }) => [1, 2, 3, 4, 5, 8].map((order) => ({ type, cutoff, order })));
    const wanted = scipy(designs.map((design) => ({ what: "design", ...design, rate: RATE, x: [] })));
    designs.forEach(({ type, cutoff, order }, i) => {
      const found = butterworthSections(order, cutoff.map((hz) => 2 * hz / RATE), type).flat();
      const gain = wanted[i]![0]!;
      // The first section carries the gain.
      near(found.slice(0, 3).map((b) => b / gain), wanted[i]!.slice(0, 3).map((b) => b / gain), 1e-9, "gain");
      near(found.slice(3), wanted[i]!.slice(3), 1e-9, `${type} ${cutoff} of order ${order}`);
    });
  },
});

Deno.test({
  name: `filters of all types and orders, causal and both ways with every edge, give SciPy's values${without}`,
  ignore: PYTHON === null,
  async fn() {
    const cases: { readonly peer: Case; readonly ours: TransformedArray }[] = [];
    for (const { type, cutoff } of FILTERS) {
      for (const order of [1, 2, 3, 4, 5, 8]) {
        for (const edge of ["causal", "odd", "even", "constant", "zero"] as const) {
          const channels = 1 + Math.floor(random() * 5);
          const x = noise(400, channels);
          const what = edge === "causal" ? "sosfilt" : "sosfiltfilt";
          cases.push({
            peer: { what, type, cutoff, order, edge, rate: RATE, x: [...x], channels },
            ours: filtered(x, channels, type, cutoff, { order, ...(edge === "causal" ? { causal: true } : { edge }) }),
          });
        }
      }
    }
    const wanted = scipy(cases.map(({ peer }) => peer));
    for (const [i, { peer, ours }] of cases.entries()) {
      const { type, cutoff, order, edge } = peer;
      // Sections of high order with cut-offs far below the rate cancel what is large: the two differ by that.
      near(await dataOf(ours), wanted[i]!, 1e-8, `${type} ${cutoff} of order ${order}, ${edge}`);
    }
  },
});

Deno.test({
  name: `a notch gives SciPy's values${without}`,
  ignore: PYTHON === null,
  async fn() {
    const x = noise(1000, 2);
    const design = { type: "notch", frequency: 50, quality: 30, rate: 1000, x: [...x], channels: 2 };
    const [forwards, bothWays] = scipy([
      { what: "sosfilt", ...design },
      { what: "sosfiltfilt", edge: "odd", ...design },
    ]);
    const options = { frequency: 50, samplingRate: 1000 };
    near(await dataOf(notch(samples(x, 2), { ...options, causal: true })), forwards!, 1e-11, "causal");
    near(await dataOf(notch(samples(x, 2), options)), bothWays!, 1e-11, "both ways");
  },
});

Deno.test({
  name: `resampling by any ratio, and decimation, give SciPy's values${without}`,
  ignore: PYTHON === null,
  async fn() {
    const ratios = [[1, 2], [2, 1], [3, 7], [7, 3], [2, 4], [160, 441], [1, 30], [5, 5], [13, 1], [9, 10]] as const;
    const cases = ratios.map(([up, down], i) => ({
      what: "resample",
      up,
      down,
      channels: 1 + i % 6,
      x: [...noise(211, 1 + i % 6)],
    }));
    const decimated = [2, 3, 10].map((factor) => ({ what: "decimate", factor, channels: 3, x: [...noise(500, 3)] }));
    const wanted = scipy([...cases, ...decimated]);
    for (const [i, { up, down, channels, x }] of cases.entries()) {
      near(
        await dataOf(resample(samples(Float64Array.from(x), channels), { up, down })),
        wanted[i]!,
        1e-12,
        `${up} / ${down}`,
      );
    }
    for (const [i, { factor, channels, x }] of decimated.entries()) {
      const found = await dataOf(decimate(samples(Float64Array.from(x), channels), { factor }));
      near(found, wanted[cases.length + i]!, 1e-9, `every ${factor}th`);
    }
  },
});

Deno.test({
  name: `common references and whitening give NumPy's values${without}`,
  ignore: PYTHON === null,
  async fn() {
    const cases = [1, 2, 3, 4, 7, 32, 33].flatMap((channels) =>
      (["median", "mean"] as const).map((method) => ({
        what: "reference",
        method,
        channels,
        x: [...noise(50, channels)],
      }))
    );
    const mixed = noise(600, 6).map((value, i, all) => value + (i % 6 > 0 ? 0.7 * all[i - 1]! : 0));
    const wanted = scipy([...cases, { what: "whiten", eps: 0.25, channels: 6, x: [...mixed] }]);
    for (const [i, { method, channels, x }] of cases.entries()) {
      const found = await dataOf(commonReference(samples(Float64Array.from(x), channels), { method }));
      near(found, wanted[i]!, 1e-14, `${method} of ${channels}`);
    }
    near(await dataOf(await whiten(samples(mixed, 6), { eps: 0.25 }).fit()), wanted.at(-1)!, 1e-11, "whitened");
  },
});

Deno.test({
  name: `shifting by parts of a sample gives what shifting phases does, away from the ends${without}`,
  ignore: PYTHON === null,
  async fn() {
    const shifts = [0, 0.25, -0.5, 1, 0.77];
    const rows = 1024;
    const x = new Float64Array(rows * shifts.length);
    // Waves that fit the length, up to 0.9 of half the rate.
    for (let wave = 1; wave < 0.9 * rows / 2; wave += 7) {
      const phase = 6 * random();
      for (let i = 0; i < x.length; i++) x[i]! += Math.cos(2 * Math.PI * wave * Math.floor(i / 5) / rows + phase);
    }
    const [wanted] = scipy([{ what: "shift", shifts, channels: 5, x: [...x] }]);
    const found = await dataOf(phaseShift(samples(x, 5), { shifts }));
    const [from, to] = [5 * 200, 5 * 800];
    near(found.subarray(from, to), wanted!.slice(from, to), 2e-6, "shifted");
  },
});

Deno.test({
  name: `Welch's spectra give SciPy's values, of all windows, trends, scalings and lengths${without}`,
  ignore: PYTHON === null,
  async fn() {
    const cases = ([[256, 128], [300, 150], [97, 10], [64, 0], [1000, 500], [7, 3]] as const).flatMap((
      [segment, overlap],
    ) =>
      (["hann", "hamming", "boxcar"] as const).flatMap((window, i) =>
        (["constant", "linear", "none"] as const).map((detrend, j) => ({
          what: "welch",
          segment,
          overlap,
          window,
          detrend,
          scaling: (i + j) % 2 === 0 ? "density" as const : "spectrum" as const,
          rate: 1250,
          channels: 2,
          x: [...noise(1203, 2)],
        }))
      )
    );
    const wanted = scipy(cases);
    for (const [i, { what: _, rate, x, channels, ...options }] of cases.entries()) {
      const { power } = await welch(samples(Float64Array.from(x), channels), { samplingRate: rate, ...options });
      near(power.data, wanted[i]!, 1e-10, JSON.stringify(options));
    }
  },
});

Deno.test({
  name: `peaks by all conditions are SciPy's, with what is told about them${without}`,
  ignore: PYTHON === null,
  fn() {
    const options = [
      {},
      { height: 20 },
      { height: [null, 50] },
      { threshold: 5 },
      { distance: 7 },
      { distance: 2.5 },
      { prominence: 40 },
      { prominence: [10, 90], windowLength: 11 },
      { width: 2 },
      { width: [null, 4], relativeHeight: 0.9 },
      { plateauSize: 1 },
      { plateauSize: [2, 4] },
      { height: 0, threshold: 1, distance: 5, prominence: 10, width: 1, plateauSize: 1 },
    ] as const;
    const theirs: Record<string, string> = {
      windowLength: "wlen",
      relativeHeight: "rel_height",
      plateauSize: "plateau_size",
    };
    const cases = options.flatMap((given) =>
      // Of peaks that are equally high SciPy's sort has no order: which of them goes isn't defined.
      ("distance" in given ? [1] : [1, 20]).map((grain) => ({
        what: "peaks",
        given,
        options: Object.fromEntries(Object.entries(given).map(([name, value]) => [theirs[name] ?? name, value])),
        // Coarse values have flat tops.
        x: [...noise(300).map((value) => grain === 1 ? value : Math.round(value / grain) * grain)],
      }))
    );
    const wanted = scipy<Record<string, number[]>>(cases);
    const ours: Record<string, string> = {
      peaks: "peaks",
      peak_heights: "heights",
      left_thresholds: "leftThresholds",
      right_thresholds: "rightThresholds",
      prominences: "prominences",
      left_bases: "leftBases",
      right_bases: "rightBases",
      widths: "widths",
      width_heights: "widthHeights",
      left_ips: "leftIps",
      right_ips: "rightIps",
      plateau_sizes: "plateauSizes",
    };
    cases.forEach(({ given, x }, i) => {
      const found = findPeaks(x, given) as unknown as Record<string, ArrayLike<number>>;
      for (const [name, list] of Object.entries(wanted[i]!)) {
        if (ours[name] === undefined) continue;
        near(found[ours[name]]!, list, 1e-12, `${name} of ${JSON.stringify(given)}`);
      }
    });
  },
});

Deno.test({
  name: `natural splines give SciPy's values${without}`,
  ignore: PYTHON === null,
  fn() {
    const at = Array.from({ length: 50 }, (_, i) => 2 * i / 7);
    const cases = [[0, 3, 4, 9, 10, 15], [0, 20], [0, 1, 15]].map((points) => ({
      what: "spline",
      points,
      at: at.filter((x) => x <= points.at(-1)!),
      x: points.map(() => 10 * random()),
    }));
    const wanted = scipy(cases);
    cases.forEach(({ points, x, at }, i) => near(at.map(naturalSpline(points, x)), wanted[i]!, 1e-12, "spline"));
  },
});

Deno.test({
  name: `filters of series give pynapple's values, epoch by epoch${without}`,
  ignore: PYTHON === null,
  async fn() {
    const times = Array.from({ length: 700 }, (_, i) => i / 250);
    const epochs = [[0, 0.8], [1, 2.5]] as const;
    const x = noise(times.length, 3);
    const cases = [
      { type: "bandpass", cutoff: [10, 60], order: 4 },
      { type: "highpass", cutoff: [10], order: 2 },
      { type: "lowpass", cutoff: [30], order: 5 },
    ] as const;
    const wanted = scipy(cases.map((given) => ({ what: "pynapple", ...given, times, epochs, x: [...x], channels: 3 })));
    const support = new IntervalSet(epochs.map(([start]) => start), epochs.map(([, end]) => end));
    const frame = new TsdFrame(times, ndarray(x, [times.length, 3]), { timeSupport: support });
    for (const [i, { type, cutoff, order }] of cases.entries()) {
      const options = { order, compatible: "pynapple" } as const;
      const found = await (type === "bandpass"
        ? frame.bandpass({ low: cutoff[0], high: cutoff[1]!, ...options })
        : frame[type]({ cutoff: cutoff[0], ...options }));
      near((await found.read()).data as Float64Array, wanted[i]!, 1e-9, type);
    }
  },
});
