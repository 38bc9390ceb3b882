/**
 * Analyses of series: numbers without logarithms, which engines round differently.
 *
 * @module
 */
import { ndarray } from "../../../src/array/ndarray.ts";
import { computeAutoCorrelogram, computeCrossCorrelogram } from "../../../src/series/analysis/correlograms.ts";
import { computeEventTriggeredAverage } from "../../../src/series/analysis/event_triggered_average.ts";
import { IntervalSet } from "../../../src/series/intervals/interval_set.ts";
import { computeIsiDistribution } from "../../../src/series/analysis/isi_distribution.ts";
import type { LabelledArray } from "../../../src/series/analysis/labelled_array.ts";
import { computePerievent } from "../../../src/series/analysis/perievent.ts";
import { computeResponsePerEpoch } from "../../../src/series/analysis/response_per_epoch.ts";
import { Ts } from "../../../src/series/ts.ts";
import { TsGroup } from "../../../src/series/ts_group.ts";
import { TsdFrame } from "../../../src/series/tsd_frame.ts";
import { computeTuningCurves } from "../../../src/series/analysis/tuning_curves.ts";
import type { Case } from "../types.ts";

const SUPPORT = new IntervalSet([[0, 30], [40, 60]]);

/** Times that come about evenly, but not quite. */
function times(count: number, factor: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (i + (Math.imul(i, factor) >>> 0) / 2 ** 32) * 60 / count);
}

const UNITS = new TsGroup(new Map([[2, new Ts(times(300, 0x9e3779b1))], [5, new Ts(times(200, 0x85ebca6b))]]), {
  timeSupport: SUPPORT,
});
const SAMPLES = Float64Array.from({ length: 600 }, (_, i) => i / 10);
const FRAME = new TsdFrame(
  SAMPLES,
  ndarray(Float64Array.from({ length: 1200 }, (_, i) => i % 97 === 5 ? NaN : (Math.imul(i, 40503) >>> 8) % 101), [
    600,
    2,
  ]),
  { columns: ["x", "y"], timeSupport: SUPPORT },
);
const EVENTS = new Ts([1, 7.25, 29.9, 41, 59.5]);

function labelled({ data, dims, coords }: LabelledArray<unknown>): unknown[] {
  return [data, ...dims.map((dim) => [dim, coords[dim]])];
}

/** Cases of analyses. */
export const seriesAnalysisCases: readonly Case[] = [
  {
    name: "tuning curves, responses, windows around events and correlograms, both ways",
    run: async () => {
      const out: unknown[] = [];
      for (const options of [{}, { compatible: "pynapple" }] as const) {
        const spikes = await computeTuningCurves(UNITS, FRAME, { bins: [4, 3], ...options });
        const means = await computeTuningCurves(FRAME, FRAME.column("y"), { bins: 5, range: [10, 80], ...options });
        out.push(labelled(spikes), spikes.attrs.occupancy, spikes.attrs.fs, spikes.attrs.rates, labelled(means));
        for (const data of [UNITS, FRAME]) {
          const sets = { first: new IntervalSet(3, 20), second: new IntervalSet([[22.5, 45]]) };
          out.push(labelled(await computeResponsePerEpoch(data, sets, options)));
        }
        const around = await computePerievent(UNITS, EVENTS, [0.5, 1], options);
        for (const group of around.values()) for (const member of group.members()) out.push(member.times);
        for (
          const series of [
            await computePerievent(FRAME, EVENTS, 0.3, options),
            await computeEventTriggeredAverage(FRAME, UNITS, 0.25, [1, 0.5], options),
          ]
        ) out.push(series.times, await series.read());
        out.push(labelled(computeAutoCorrelogram(UNITS, 50, 500, { unit: "ms", ...options })));
        out.push(labelled(computeCrossCorrelogram(UNITS, 0.1, 1, options)));
      }
      out.push(labelled(computeIsiDistribution(UNITS, { bins: 7 })));
      return out;
    },
  },
];
