/**
 * Rows on spikes, beside pynapple.
 *
 * @module
 */
import { IntervalSet } from "../src/series/intervals/interval_set.ts";
import { Ts } from "../src/series/ts.ts";
import { TsGroup } from "../src/series/ts_group.ts";
import { Tsd } from "../src/series/tsd.ts";
import { computeTuningCurves } from "../src/series/analysis/tuning_curves.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { h5pyPeer } from "./peers/h5py.ts";
import type { Timed } from "./types.ts";

/** Seconds between a unit's spikes, on the average. */
const STEP = 0.1;
const SPIKES = 10_000;

/** Units that fire about once a step, and a feature at 120 Hz; the peer makes the same. */
function makeSeries(units: number): { group: TsGroup; feature: Tsd } {
  const timeSupport = new IntervalSet(0, SPIKES * STEP);
  const members = Array.from({ length: units }, (_, unit) => {
    const times = new Float64Array(SPIKES);
    for (let i = 0; i < SPIKES; i++) {
      const mixed = (Math.imul(i, 2654435761) + unit * 283521) >>> 0;
      times[i] = (i + mixed / 2 ** 32) * STEP;
    }
    return new Ts(times);
  });
  const samples = Array.from({ length: Math.floor(SPIKES * STEP * 120) }, (_, i) => i);
  const feature = new Tsd(samples.map((i) => i / 120), samples.map((i) => Math.abs(i * 0.001 % 2 - 1)), {
    timeSupport,
  });
  return { group: new TsGroup(members, { timeSupport }), feature };
}

/**
 * The plans.
 *
 * @param quick A tenth of the units, and fewer repeats
 * @param python The interpreter with pynapple, or `null` where it isn't installed
 */
export function seriesPlans(quick: boolean, python: string | null): PairPlan[] {
  const units = quick ? 100 : 1000;
  let series: ReturnType<typeof makeSeries> | undefined;
  let peer: ReturnType<typeof h5pyPeer> | undefined;
  const theirs = (call: string) => (): Promise<Timed> => {
    peer ??= h5pyPeer(python!, "pynapple_peer.py");
    return peer.call(call, { units, spikes: SPIKES, step: STEP });
  };
  const plan = (id: string, title: string, call: string, ours: () => number | Promise<number>): PairPlan => ({
    id,
    title: `${title}, ${units.toLocaleString("en")} units, ${(units * SPIKES).toLocaleString("en")} spikes`,
    repeats: quick ? 3 : 7,
    goals: python === null ? [] : [{ peer: "pynapple", factor: 1 }],
    run: {
      microtome: () => {
        series ??= makeSeries(units);
        return timed(ours);
      },
      ...(python === null ? {} : { pynapple: theirs(call) }),
    },
  });
  return [
    plan("series-tuning", "tuning curves of 20 bins", "tuning", async () => {
      const { data } = await computeTuningCurves(series!.group, series!.feature, { bins: 20 });
      return data.data.reduce((sum, rate) => sum + rate, 0);
    }),
    plan("series-count", "count in bins of 0.1 s", "count", () => {
      const { values } = series!.group.count(STEP);
      const counts = (values as { data: Int32Array }).data;
      return counts.subarray(-units).reduce((sum, count) => sum + count, 0);
    }),
  ];
}
