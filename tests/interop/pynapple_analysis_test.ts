import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { toNested } from "../../src/array/ndarray.ts";
import {
  computeAutoCorrelogram,
  computeCrossCorrelogram,
  computeEventCorrelogram,
} from "../../src/series/analysis/correlograms.ts";
import { computeEventTriggeredAverage } from "../../src/series/analysis/event_triggered_average.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { computeIsiDistribution } from "../../src/series/analysis/isi_distribution.ts";
import type { LabelledArray } from "../../src/series/analysis/labelled_array.ts";
import { computeMutualInformation } from "../../src/series/analysis/mutual_information.ts";
import { computePerievent } from "../../src/series/analysis/perievent.ts";
import { computeResponsePerEpoch } from "../../src/series/analysis/response_per_epoch.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { computeTuningCurves, type TuningCurves } from "../../src/series/analysis/tuning_curves.ts";
import type { ValueSeries } from "../../src/series/value_series.ts";
import { spy } from "../series/support.ts";
import { toValues } from "../../src/series/values/values.ts";
import type { NDArray } from "../../src/array/types.ts";
import { findNwbPython } from "./python.ts";

const PYTHON = findNwbPython();
const COUNT = 60;
const PYNAPPLE = { compatible: "pynapple" } as const;

type Pair = [number, number];

interface Case {
  readonly support: Pair[];
  readonly epochs: Pair[];
  readonly units: Record<string, number[]>;
  readonly events: number[];
  readonly feature_times: number[];
  readonly features: number[][];
  readonly signal_times: number[];
  readonly signal: number[][];
  readonly bins: number;
  readonly range: Pair[];
  readonly window: Pair;
  readonly size: number;
}

/** Numbers of a seed, evenly in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 4) / 2 ** 28;
  };
}

function makeCase(seed: number): Case {
  const next = random(seed * 7919 + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const sorted = (count: number, length: number) =>
    Array.from({ length: count }, () => Math.round(next() * length * 1000) / 1000).sort((a, b) => a - b);
  // Samples lie on multiples of a step, so that ties and edges are met; one stretch of the support without gaps.
  const step = pick([0.1, 0.05, 0.25]);
  const length = 20;
  const times = Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => Math.round(i * step * 1e9) / 1e9);
  const edges = [...new Set(sorted(6, length))];
  const epochs = edges.slice(0, edges.length & ~1).flatMap((edge, i): Pair[] => i % 2 ? [] : [[edge, edges[i + 1]!]])
    .filter(([from, to]) => to - from > 1);
  return {
    support: [[0, length]],
    epochs: epochs.length === 0 ? [[1, 15]] : epochs,
    units: Object.fromEntries([1, 4, 9].map((key) => [key, sorted(20 + Math.floor(next() * 100), length)])),
    events: sorted(1 + Math.floor(next() * 12), length),
    feature_times: times,
    features: times.map((_, i) => [Math.round(10 * Math.sin(i / 7)) / 10, Math.round(next() * 8)]),
    signal_times: times,
    signal: times.map(() => [Math.round(next() * 100), next()]),
    bins: 2 + Math.floor(next() * 8),
    range: [[-0.8, 0.8], [0, 6]],
    window: [pick([0.5, 1, 0.3]), pick([0.5, 2, 0.7])],
    size: pick([0.1, 0.05, 0.2, 0.25, 1]),
  };
}

function askPynapple(cases: readonly Case[]): Record<string, unknown>[] {
  const script = fileURLToPath(new URL("./pynapple_analysis.py", import.meta.url));
  const text = execFileSync(PYTHON!, [script], {
    input: cases.map((one) => JSON.stringify(one)).join("\n"),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

const NAMED: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** Holds numbers in lists in lists against each other, to ten digits. */
function same(found: unknown, expected: unknown, what: string): void {
  if (Array.isArray(expected)) {
    const list = Array.from(found as ArrayLike<unknown>);
    assert.equal(list.length, expected.length, `${what}: length`);
    expected.forEach((value, i) => same(list[i], value, `${what}[${i}]`));
    return;
  }
  const number = typeof expected === "string" ? NAMED[expected]! : expected as number;
  const ours = found as number;
  const near = Object.is(ours, number) || Math.abs(ours - number) <= 1e-9 + 1e-10 * Math.abs(number);
  assert.ok(near, `${what}: ${ours}, pynapple has ${number}`);
}

function sameCurves(found: TuningCurves, expected: unknown, what: string): void {
  const theirs = expected as Record<string, unknown>;
  same(toNested(found.data), theirs.data, what);
  same(toNested(found.attrs.occupancy), theirs.occupancy, `${what}, occupancy`);
  same(found.attrs.binEdges, theirs.edges, `${what}, edges`);
  same(found.attrs.fs, theirs.fs, `${what}, fs`);
  same(found.dims.map((dim) => found.coords[dim]), theirs.coords, `${what}, coords`);
  if (theirs.rates !== null) same(found.attrs.rates, theirs.rates, `${what}, rates`);
}

function sameTable(found: LabelledArray, expected: unknown, what: string): void {
  const { lags, data } = expected as Record<string, unknown>;
  same(found.coords[found.dims[1]!], lags, `${what}, lags`);
  same(toNested(found.data), data, what);
}

async function sameSeries(found: ValueSeries, expected: unknown, what: string): Promise<void> {
  const { t, d } = expected as Record<string, unknown>;
  same(found.times, t, `${what}, times`);
  same(toNested(await found.read()), d, what);
}

Deno.test({
  name: `analyses give pynapple's numbers where asked to${
    PYTHON === null ? " (skipped: no Python with pynapple)" : ""
  }`,
  ignore: PYTHON === null,
  async fn() {
    const cases = Array.from({ length: COUNT }, (_, i) => makeCase(i));
    for (const [i, theirs] of askPynapple(cases).entries()) {
      const given = cases[i]!;
      const what = (name: string) => `case ${i}, ${name}`;
      const timeSupport = new IntervalSet(given.support);
      const epochs = new IntervalSet(given.epochs);
      const units = new TsGroup(given.units, { timeSupport });
      const events = new Ts(given.events, { timeSupport });
      const features = new TsdFrame(given.feature_times, given.features, { timeSupport, columns: ["x", "y"] });
      // Half of the cases are lazy.
      const values = toValues(given.signal) as NDArray;
      const signal = new TsdFrame(given.signal_times, i % 2 === 0 ? values : spy(values).lazy, { timeSupport });
      const { bins, range, window, size } = given;
      const x = features.column("x");
      const one = await computeTuningCurves(units, x, { bins, epochs, featureNames: ["x"], ...PYNAPPLE });
      const two = await computeTuningCurves(units, features, { bins: [bins, bins + 1], range, ...PYNAPPLE });
      const inRange = { bins, range: range[0]!, featureNames: ["x"], ...PYNAPPLE };
      sameCurves(one, theirs.one, what("tuning curves"));
      sameCurves(two, theirs.two, what("tuning curves over two"));
      const counts = await computeTuningCurves(units, x, { ...inRange, returnCounts: true });
      sameCurves(counts, theirs.counts, what("counts"));
      sameCurves(await computeTuningCurves(signal, x, { ...inRange, epochs }), theirs.continuous, what("continuous"));
      for (const [name, curves] of [["information", one], ["information2", two]] as const) {
        const { bitsPerSecond, bitsPerSpike } = computeMutualInformation(curves, PYNAPPLE);
        same(Array.from(bitsPerSecond, (bits, unit) => [bits, bitsPerSpike[unit]]), theirs[name], what(name));
      }
      const response = await computeResponsePerEpoch(units, { a: epochs, b: timeSupport }, PYNAPPLE);
      same(toNested(response.data), theirs.response, what("response"));
      const means = await computeResponsePerEpoch(signal, { b: timeSupport }, PYNAPPLE);
      same(toNested(means.data), theirs.responseFrame, what("response of a frame"));
      sameTable(computeAutoCorrelogram(units, size, window[0], { epochs, ...PYNAPPLE }), theirs.auto, what("auto"));
      const raw = { norm: false, ...PYNAPPLE };
      sameTable(computeCrossCorrelogram(units, size, window[0], raw), theirs.cross, what("cross"));
      sameTable(computeEventCorrelogram(units, events, size, window[1], raw), theirs.event, what("event"));
      sameTable(computeIsiDistribution(units, { bins }), theirs.isi, what("isi"));
      const around = await computePerievent(units, events, window, PYNAPPLE);
      const times = [...around.values()].map((group) => group.members().map((member) => member.times));
      same(times, theirs.perievent, what("perievent"));
      await sameSeries(
        await computePerievent(signal, events, window, PYNAPPLE),
        theirs.values,
        what("perievent values"),
      );
      // Where bins are shorter than the signal's steps, pynapple takes an epoch's first bins from the epoch before.
      const where = size >= given.signal_times[1]! ? epochs : epochs.slice(0, 1);
      const average = await computeEventTriggeredAverage(signal, units, size, window, { epochs: where, ...PYNAPPLE });
      await sameSeries(average, theirs.average, what("average"));
    }
  },
});
